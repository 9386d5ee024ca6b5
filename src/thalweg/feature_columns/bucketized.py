"""`bucketized_column`: in which bucket a number falls."""
from __future__ import annotations

import collections
import itertools
from typing import Any

import thalweg as tf

from .base import CategoricalColumn, DenseColumn
from .numeric import NumericColumn


class BucketizedColumn(DenseColumn, CategoricalColumn, collections.namedtuple("BucketizedColumn", (
        "source_column", "boundaries"))):
    """See `bucketized_column`."""

    @property
    def name(self) -> str:
        return f"{self.source_column.name}_bucketized"

    @property
    def parents(self) -> list[Any]:
        return [self.source_column]

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        return self.source_column.parse_example_spec  # type: ignore[no-any-return]

    @property
    def variable_shape(self) -> Any:
        return tf.TensorShape((*self.source_column.shape, len(self.boundaries) + 1))

    @property
    def num_buckets(self) -> int:
        return (len(self.boundaries) + 1) * int(self.source_column.shape[0])

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        source = transformation_cache.get(self.source_column, state_manager)
        return tf.raw_ops.Bucketize(input=source, boundaries=list(self.boundaries))

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        buckets = transformation_cache.get(self, state_manager)
        return tf.one_hot(tf.cast(buckets, tf.int64), len(self.boundaries) + 1, 1.0, 0.0)

    def get_sparse_tensors(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The buckets of every number have ids of their own: those of the second follow those of the first."""
        buckets = transformation_cache.get(self, state_manager)
        batch, width = tf.shape(buckets)[0], self.source_column.shape[0]
        rows = tf.repeat(tf.range(batch), width)
        columns = tf.tile(tf.range(width), [batch])
        ids = tf.reshape(buckets, [-1]) + (len(self.boundaries) + 1) * columns
        indices = tf.cast(tf.stack([rows, columns], 1), tf.int64)
        return self.IdWeightPair(tf.SparseTensor(indices, ids, tf.cast(tf.stack([batch, width]), tf.int64)), None)


def bucketized_column(source_column: Any, boundaries: Any) -> BucketizedColumn:
    """The buckets of the numbers of a column: below the first boundary, from it up to the second, and so on.

    Args:
      source_column: a numeric column of one dimension.
      boundaries: a list or tuple of growing numbers.

    Returns:
      A dense column, one-hot `[batch, numbers, len(boundaries) + 1]`; also a categorical one.

    Raises:
      ValueError: another column, or boundaries that do not grow.
    """
    if not isinstance(source_column, NumericColumn):
        raise ValueError(f"source_column must be a column generated with numeric_column(). Given: {source_column}")
    if len(source_column.shape) > 1:
        raise ValueError(f"source_column must be one-dimensional column. Given: {source_column}")
    if not boundaries:
        raise ValueError("boundaries must not be empty.")
    if not isinstance(boundaries, (list, tuple)) or any(a >= b for a, b in itertools.pairwise(boundaries)):
        raise ValueError("boundaries must be a sorted list.")
    return BucketizedColumn(source_column, tuple(boundaries))
