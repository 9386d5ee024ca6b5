"""`embedding_column`: learned vectors for ids."""
from __future__ import annotations

import collections
import math
from typing import Any

import thalweg as tf

from ..v1.initializers import TruncatedNormal
from .base import DenseColumn, OverCategorical, SequenceDenseColumn
from .sequences import check_no_sequence, check_sequence
from .sparse_inputs import sequence_length

_WEIGHTS = "embedding_weights"


class EmbeddingColumn(OverCategorical, DenseColumn, SequenceDenseColumn, collections.namedtuple("EmbeddingColumn", (
        "categorical_column", "dimension", "combiner", "initializer", "ckpt_to_load_from", "tensor_name_in_ckpt", "max_norm",
        "trainable", "use_safe_embedding_lookup"))):
    """See `embedding_column`."""

    def __new__(cls, categorical_column: Any, dimension: Any, combiner: Any, initializer: Any, ckpt_to_load_from: Any,
                tensor_name_in_ckpt: Any, max_norm: Any, trainable: Any, use_safe_embedding_lookup: Any = True
                ) -> EmbeddingColumn:
        return super().__new__(cls, categorical_column, dimension, combiner, initializer, ckpt_to_load_from,
                               tensor_name_in_ckpt, max_norm, trainable, use_safe_embedding_lookup)

    @property
    def name(self) -> str:
        return f"{self.categorical_column.name}_embedding"

    @property
    def variable_shape(self) -> Any:
        return tf.TensorShape([self.dimension])

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        return transformation_cache.get(self.categorical_column, state_manager)

    def create_state(self, state_manager: Any) -> None:
        shape = (self.categorical_column.num_buckets, self.dimension)
        made = state_manager.create_variable(self, _WEIGHTS, shape, tf.float32, self.trainable, True, self.initializer)
        load_weights(made, self.ckpt_to_load_from, self.tensor_name_in_ckpt)

    def _vectors(self, pair: Any, state_manager: Any) -> Any:
        return vectors(self, state_manager.get_variable(self, _WEIGHTS), pair)

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        check_no_sequence(self, "embedding_column")
        return self._vectors(self.categorical_column.get_sparse_tensors(transformation_cache, state_manager), state_manager)

    def get_sequence_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        check_sequence(self, "embedding_column")
        pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
        return self.TensorSequenceLengthPair(self._vectors(pair, state_manager), sequence_length(pair.id_tensor))

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None,
                    columns_by_name: dict[str, Any] | None = None) -> Any:
        return super().from_config({"use_safe_embedding_lookup": True, **config}, custom_objects, columns_by_name)


def vectors(column: Any, weights: Any, pair: Any) -> Any:
    """The rows of `weights` for the ids of each example, combined in the way of the column."""
    ids = pair.id_tensor
    rank = ids.shape.rank
    plain = not column.use_safe_embedding_lookup and rank is not None and rank <= 2
    look_up = tf.nn.embedding_lookup_sparse if plain else tf.nn.safe_embedding_lookup_sparse
    return look_up(weights, ids, pair.weight_tensor, combiner=column.combiner, max_norm=column.max_norm,
                   name=f"{column.name}_weights")


def load_weights(variable: Any, path: Any, tensor: Any) -> None:
    """Lets a variable begin with a tensor of a checkpoint, if there is one."""
    if path is not None:
        tf.compat.v1.train.init_from_checkpoint(path, {tensor: variable})


def checked_initializer(dimension: Any, initializer: Any, ckpt_to_load_from: Any, tensor_name_in_ckpt: Any,
                        of_what: str = "") -> Any:
    """The initializer of weights, by default truncated normal values that shrink with the dimension.

    Raises:
      ValueError: a dimension below 1, a checkpoint without a tensor's name or the other way round, or no initializer.
    """
    if dimension is None or dimension < 1:
        raise ValueError(f"Invalid dimension {dimension}.")
    if (ckpt_to_load_from is None) != (tensor_name_in_ckpt is None):
        raise ValueError("Must specify both `ckpt_to_load_from` and `tensor_name_in_ckpt` or none of them.")
    if initializer is not None and not callable(initializer):
        raise ValueError(f"initializer must be callable if specified.{of_what}")
    return TruncatedNormal(0.0, 1 / math.sqrt(dimension)) if initializer is None else initializer


def embedding_column(categorical_column: Any, dimension: Any, combiner: str = "mean", initializer: Any = None,
                     ckpt_to_load_from: str | None = None, tensor_name_in_ckpt: str | None = None, max_norm: Any = None,
                     trainable: bool = True, use_safe_embedding_lookup: bool = True) -> EmbeddingColumn:
    """A vector for each id, the vectors of an example's ids being combined.

    Args:
      categorical_column: the column of ids.
      dimension: the length of the vectors.
      combiner: "mean", "sqrtn" or "sum".
      initializer: of the vectors; truncated normal values with a standard deviation of `1 / sqrt(dimension)` by default.
      ckpt_to_load_from: a checkpoint that the vectors begin with instead.
      tensor_name_in_ckpt: where they are in the checkpoint.
      max_norm: longer vectors are scaled down to this length.
      trainable: whether they may be trained.
      use_safe_embedding_lookup: False where every example has ids, all of them valid.

    Returns:
      A dense column, float32 `[batch, dimension]`.

    Raises:
      ValueError: a dimension below 1, a checkpoint without a tensor's name or the other way round, or no initializer.
    """
    name = getattr(categorical_column, "name", None)
    initializer = checked_initializer(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt,
                                      f" Embedding of column_name: {name}")
    return EmbeddingColumn(categorical_column, dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt,
                           max_norm, trainable, use_safe_embedding_lookup)
