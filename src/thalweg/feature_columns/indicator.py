"""`indicator_column`: how often each id is there."""
from __future__ import annotations

import collections
from typing import Any

import thalweg as tf

from .base import CategoricalColumn, DenseColumn, OverCategorical, SequenceDenseColumn
from .sequences import check_no_sequence, check_sequence
from .sparse_inputs import sequence_length


class IndicatorColumn(OverCategorical, DenseColumn, SequenceDenseColumn,
                      collections.namedtuple("IndicatorColumn", ("categorical_column",))):
    """See `indicator_column`."""

    @property
    def name(self) -> str:
        return f"{self.categorical_column.name}_indicator"

    @property
    def variable_shape(self) -> Any:
        return tf.TensorShape([1, self.categorical_column.num_buckets])

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        ids, weights = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
        size = self.variable_shape[-1]
        if weights is not None:
            found = tf.compat.v1.sparse_merge(ids, weights, int(size))
            # Ids that are no buckets are left out.
            found = tf.sparse.slice(found, [0, 0], found.dense_shape)
            return tf.scatter_nd(found.indices, found.values, found.dense_shape)
        return tf.reduce_sum(tf.one_hot(tf.sparse.to_dense(ids, -1), size, 1.0, 0.0), axis=[-2])

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        check_no_sequence(self, "indicator_column")
        return transformation_cache.get(self, state_manager)

    def get_sequence_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        check_sequence(self, "indicator_column")
        pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
        return self.TensorSequenceLengthPair(transformation_cache.get(self, state_manager), sequence_length(pair.id_tensor))


def indicator_column(categorical_column: Any) -> IndicatorColumn:
    """For each id how often an example has it, or the sum of its weights.

    Args:
      categorical_column: the column of ids.

    Returns:
      A dense column, float32 `[batch, ids]`.

    Raises:
      ValueError: another column.
    """
    if not isinstance(categorical_column, CategoricalColumn):
        raise ValueError(f"Unsupported input type. Input must be a CategoricalColumn. Given: {categorical_column}")
    return IndicatorColumn(categorical_column)
