"""`crossed_column`: hashes of combinations of features as ids."""
from __future__ import annotations

import collections
from collections.abc import Iterator
from typing import Any

import thalweg as tf

from .base import CategoricalColumn, FeatureColumn
from .hashed import HashedCategoricalColumn


class CrossedColumn(CategoricalColumn, collections.namedtuple("CrossedColumn", ("keys", "hash_bucket_size", "hash_key"))):
    """See `crossed_column`."""

    def _leaves(self) -> Iterator[Any]:
        for key in self.keys:
            if isinstance(key, CrossedColumn):
                yield from key._leaves()
            else:
                yield key

    @property
    def name(self) -> str:
        return "_X_".join(sorted(key.name if isinstance(key, FeatureColumn) else key for key in self._leaves()))

    @property
    def parents(self) -> list[Any]:
        return list(self.keys)

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = {}
        for key in self.keys:
            spec.update(key.parse_example_spec if isinstance(key, FeatureColumn) else {key: tf.io.VarLenFeature(tf.string)})
        return spec

    @property
    def num_buckets(self) -> Any:
        return self.hash_bucket_size

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        features = [self._ids(key, transformation_cache, state_manager) for key in self._leaves()]
        return tf.sparse.cross_hashed(features, self.hash_bucket_size, self.hash_key)

    def _ids(self, key: Any, cache: Any, state_manager: Any) -> Any:
        if isinstance(key, str):
            return cache.get(key, state_manager)
        pair = key.get_sparse_tensors(cache, state_manager)
        if pair.weight_tensor is not None:
            raise ValueError("crossed_column does not support weight_tensor, but the given column populates weight_tensor. "
                             f"Given column: {key.name}")
        return pair.id_tensor

    def get_sparse_tensors(self, transformation_cache: Any, state_manager: Any) -> Any:
        return self.IdWeightPair(transformation_cache.get(self, state_manager), None)


def crossed_column(keys: Any, hash_bucket_size: Any, hash_key: int | None = None) -> CrossedColumn:
    """A column whose ids are hashes of all combinations of an example's values in several features.

    Args:
      keys: features of strings or integers, and categorical columns other than hashed ones; of crosses, what they cross.
      hash_bucket_size: how many ids there are.
      hash_key: a key of the hash function.

    Raises:
      ValueError: less than two keys, keys of other kinds, or no buckets.
    """
    if not hash_bucket_size or hash_bucket_size < 1:
        raise ValueError(f"hash_bucket_size must be > 1. hash_bucket_size: {hash_bucket_size}")
    if not keys or len(keys) < 2:
        raise ValueError(f"keys must be a list with length > 1. Given: {keys}")
    for key in keys:
        if not isinstance(key, (str, CategoricalColumn)):
            raise ValueError("Unsupported key type. All keys must be either string, or categorical column except "
                             f"HashedCategoricalColumn. Given: {key}")
        if isinstance(key, HashedCategoricalColumn):
            raise ValueError("categorical_column_with_hash_bucket is not supported for crossing. Hashing before crossing will "
                             f"increase probability of collision. Instead, use the feature name as a string. Given: {key}")
    return CrossedColumn(tuple(keys), hash_bucket_size, hash_key)
