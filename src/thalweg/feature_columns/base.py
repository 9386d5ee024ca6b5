"""What a feature column is: the kinds of columns and what each can be asked for."""
from __future__ import annotations

import abc
import collections
from typing import Any

from . import serialization


class FeatureColumn(abc.ABC):
    """A column of a table of features, or several of them, made into a model's input. A named tuple of its arguments."""

    _fields: Any

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """The name of the column, from which the names of its variables follow."""

    @property
    @abc.abstractmethod
    def parents(self) -> list[Any]:
        """The keys of features and the columns that this column is made from."""

    @property
    @abc.abstractmethod
    def parse_example_spec(self) -> dict[str, Any]:
        """For each key what `tf.io.parse_example` has to be told to read the features of this column."""

    @abc.abstractmethod
    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """What the column makes of the features, which the cache has. Called by the cache, once."""

    def create_state(self, state_manager: Any) -> None:  # noqa: B027 - nothing to do for most
        """Makes the variables of the column. Most have none."""

    def __lt__(self, other: Any) -> bool:
        return str(self) < str(other)

    def __gt__(self, other: Any) -> bool:
        return str(self) > str(other)

    def get_config(self) -> dict[str, Any]:
        """The arguments of the column as plain values, from which `from_config` makes an equal one."""
        return {field: serialization.saved(getattr(self, field)) for field in self._fields}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None,
                    columns_by_name: dict[str, Any] | None = None) -> Any:
        """The column of a configuration.

        Args:
          config: what `get_config` gave.
          custom_objects: for names in the configuration the functions and classes of the user's own.
          columns_by_name: columns made before, which are used again, by their class and name.

        Raises:
          ValueError: missing or superfluous arguments.
        """
        if set(config) != set(cls._fields):
            raise ValueError(f"Invalid config: {config}, expected keys: {cls._fields}")
        return cls(**{field: serialization.restored(field, value, custom_objects, columns_by_name)
                      for field, value in config.items()})

    # TensorFlow 1's names.

    @property
    def _parse_example_spec(self) -> dict[str, Any]:
        return self.parse_example_spec

    @property
    def _var_scope_name(self) -> str:
        return self.name


class DenseColumn(FeatureColumn):
    """A column that makes a tensor of numbers."""

    @property
    @abc.abstractmethod
    def variable_shape(self) -> Any:
        """The shape of the tensor without the batch."""

    @abc.abstractmethod
    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The tensor, of shape `[batch, *variable_shape]`."""

    @property
    def _variable_shape(self) -> Any:
        return self.variable_shape


class CategoricalColumn(FeatureColumn):
    """A column that makes a sparse tensor of ids."""

    IdWeightPair = collections.namedtuple("IdWeightPair", ("id_tensor", "weight_tensor"))

    @property
    @abc.abstractmethod
    def num_buckets(self) -> Any:
        """How many ids there are."""

    @abc.abstractmethod
    def get_sparse_tensors(self, transformation_cache: Any, state_manager: Any) -> Any:
        """An `IdWeightPair`: the ids, and their weights or None."""

    @property
    def _num_buckets(self) -> Any:
        return self.num_buckets


class SequenceDenseColumn(FeatureColumn):
    """A column that makes a tensor of numbers for each step of a sequence."""

    TensorSequenceLengthPair = collections.namedtuple("TensorSequenceLengthPair", ("dense_tensor", "sequence_length"))

    @abc.abstractmethod
    def get_sequence_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        """A `TensorSequenceLengthPair`: `[batch, steps, *variable_shape]`, and the length of each sequence."""


class OverCategorical(FeatureColumn):
    """A column that is made from the ids of one other column, and reads what that one reads."""

    categorical_column: Any

    @property
    def parents(self) -> list[Any]:
        return [self.categorical_column]

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        return self.categorical_column.parse_example_spec  # type: ignore[no-any-return]
