"""`categorical_column_with_hash_bucket`: hashes of strings or integers as ids."""
from __future__ import annotations

import collections
from typing import Any

import thalweg as tf

from .checks import check_compatible, check_key, check_string_or_integer
from .keyed import KeyedColumn
from .sparse_inputs import to_sparse


class HashedCategoricalColumn(KeyedColumn, collections.namedtuple("HashedCategoricalColumn", (
        "key", "hash_bucket_size", "dtype"))):
    """See `categorical_column_with_hash_bucket`."""

    @property
    def num_buckets(self) -> Any:
        return self.hash_bucket_size

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        sp = to_sparse(transformation_cache.get(self.key, state_manager))
        check_string_or_integer(sp.dtype, f"column_name: {self.key} input_tensor")
        check_compatible(self.dtype, sp.dtype, self.key)
        words = sp.values if self.dtype == tf.string else tf.strings.as_string(sp.values)
        ids = tf.strings.to_hash_bucket_fast(words, self.hash_bucket_size, name="lookup")
        return tf.SparseTensor(sp.indices, ids, sp.dense_shape)


def categorical_column_with_hash_bucket(key: Any, hash_bucket_size: Any, dtype: Any = tf.string) -> HashedCategoricalColumn:
    """A column whose ids are hashes of its values.

    Args:
      key: of the feature; empty strings, or -1, are missing values.
      hash_bucket_size: how many ids there are.
      dtype: of the feature: strings, or integers, of whose decimal digits the hash is.

    Raises:
      ValueError: no buckets, a key that is no string, or another dtype.
    """
    if hash_bucket_size is None:
        raise ValueError(f"hash_bucket_size must be set. key: {key}")
    if hash_bucket_size < 1:
        raise ValueError(f"hash_bucket_size must be at least 1. hash_bucket_size: {hash_bucket_size}, key: {key}")
    check_key(key)
    check_string_or_integer(dtype, f"column_name: {key}")
    return HashedCategoricalColumn(key, hash_bucket_size, dtype)
