"""`categorical_column_with_identity`: integers that are ids already."""
from __future__ import annotations

import collections
from typing import Any

import thalweg as tf

from .checks import check_key
from .keyed import KeyedColumn
from .sparse_inputs import to_sparse


class IdentityCategoricalColumn(KeyedColumn, collections.namedtuple("IdentityCategoricalColumn", (
        "key", "number_buckets", "default_value"))):
    """See `categorical_column_with_identity`."""

    @property
    def dtype(self) -> Any:
        """The dtype of the feature in examples."""
        return tf.int64

    @property
    def num_buckets(self) -> Any:
        return self.number_buckets

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        sp = to_sparse(transformation_cache.get(self.key, state_manager))
        if not sp.dtype.is_integer:
            raise ValueError(f"Invalid input, not integer. key: {self.key} dtype: {sp.dtype}")
        ids = tf.cast(sp.values, tf.int64, name="values")
        if self.default_value is not None:
            outside = tf.logical_or(ids < 0, ids >= self.number_buckets, name="out_of_range")
            ids = tf.where(outside, tf.cast(self.default_value, tf.int64), ids)
        return tf.SparseTensor(sp.indices, ids, sp.dense_shape)


def categorical_column_with_identity(key: Any, num_buckets: Any, default_value: Any = None) -> IdentityCategoricalColumn:
    """A column of ids.

    Args:
      key: of the feature; -1 is a missing value.
      num_buckets: how many ids there are.
      default_value: what takes the place of ids outside `[0, num_buckets)`, which fail without it where they are used.

    Raises:
      ValueError: no ids, a default outside them, or a key that is no string.
    """
    if num_buckets < 1:
        raise ValueError(f"num_buckets {num_buckets} < 1, column_name {key}")
    if default_value is not None and not 0 <= default_value < num_buckets:
        raise ValueError(f"default_value {default_value} not in range [0, {num_buckets}), column_name {key}")
    check_key(key)
    return IdentityCategoricalColumn(key, num_buckets, default_value)
