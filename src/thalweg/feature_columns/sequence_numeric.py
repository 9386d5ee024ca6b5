"""`sequence_numeric_column`: sequences of numbers."""
from __future__ import annotations

import collections
from typing import Any

import thalweg as tf

from .base import SequenceDenseColumn
from .checks import check_numeric, check_shape
from .sparse_inputs import sequence_length


class SequenceNumericColumn(SequenceDenseColumn, collections.namedtuple("SequenceNumericColumn", (
        "key", "shape", "default_value", "dtype", "normalizer_fn"))):
    """See `sequence_numeric_column`."""

    @property
    def name(self) -> str:
        return str(self.key)

    @property
    def parents(self) -> list[Any]:
        return [self.key]

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        return {self.key: tf.io.VarLenFeature(self.dtype)}

    @property
    def variable_shape(self) -> Any:
        return tf.TensorShape(self.shape)

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        x = transformation_cache.get(self.key, state_manager)
        return x if self.normalizer_fn is None else self.normalizer_fn(x)

    def get_sequence_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        sp = transformation_cache.get(self, state_manager)
        dense = tf.sparse.to_dense(sp, self.default_value)
        dense = tf.reshape(dense, [tf.shape(dense)[0], -1, *self.shape])
        # In a matrix each step takes as many columns as it has numbers.
        size = self.variable_shape.num_elements() if sp.shape.rank == 2 else 1
        return self.TensorSequenceLengthPair(dense, sequence_length(sp, size))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "normalizer_fn": self.normalizer_fn}


def sequence_numeric_column(key: Any, shape: Any = (1,), default_value: Any = 0.0, dtype: Any = tf.float32,
                            normalizer_fn: Any = None) -> SequenceNumericColumn:
    """A column of sequences of numbers.

    Args:
      key: of the feature.
      shape: of the numbers of one step.
      default_value: what shorter sequences are filled up with.
      dtype: of the feature.
      normalizer_fn: a function of the sparse tensor that is applied before.

    Raises:
      TypeError: a size that is no integer, or a normalizer that is no function.
      ValueError: a size below 1, or a dtype that is not one of numbers.
    """
    shape = check_shape(shape, key)
    check_numeric(dtype, key, normalizer_fn)
    return SequenceNumericColumn(key, shape, default_value, dtype, normalizer_fn)
