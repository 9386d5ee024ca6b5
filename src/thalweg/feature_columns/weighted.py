"""`weighted_categorical_column`: ids with weights."""
from __future__ import annotations

import collections
from typing import Any

import thalweg as tf

from .base import CategoricalColumn
from .sparse_inputs import is_sparse, tensor_or_sparse, to_sparse


class WeightedCategoricalColumn(CategoricalColumn, collections.namedtuple("WeightedCategoricalColumn", (
        "categorical_column", "weight_feature_key", "dtype"))):
    """See `weighted_categorical_column`."""

    @property
    def name(self) -> str:
        return f"{self.categorical_column.name}_weighted_by_{self.weight_feature_key}"

    @property
    def parents(self) -> list[Any]:
        return [self.categorical_column, self.weight_feature_key]

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.categorical_column.parse_example_spec
        if self.weight_feature_key in spec:
            raise ValueError(f"Parse config {spec[self.weight_feature_key]} already exists for {self.weight_feature_key}.")
        return {**spec, self.weight_feature_key: tf.io.VarLenFeature(self.dtype)}

    @property
    def num_buckets(self) -> Any:
        return self.categorical_column.num_buckets

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        weights = self._weights(transformation_cache.get(self.weight_feature_key, state_manager))
        return to_sparse(transformation_cache.get(self.categorical_column, state_manager)), weights

    def _weights(self, x: Any) -> Any:
        if x is None:
            raise ValueError(f"Missing weights {self.weight_feature_key}.")
        x = tensor_or_sparse(x)
        if self.dtype != x.dtype.base_dtype:
            raise ValueError(f"Bad dtype, expected {self.dtype}, but got {x.dtype}.")
        if not is_sparse(x):
            x = to_sparse(x, ignored=0.0)
        return x if x.dtype.is_floating else x.with_values(tf.cast(x.values, tf.float32))

    def get_sparse_tensors(self, transformation_cache: Any, state_manager: Any) -> Any:
        return self.IdWeightPair(*transformation_cache.get(self, state_manager))


def weighted_categorical_column(categorical_column: Any, weight_feature_key: Any, dtype: Any = tf.float32
                                ) -> WeightedCategoricalColumn:
    """A categorical column whose ids have weights.

    Args:
      categorical_column: the column of ids.
      weight_feature_key: the feature with a weight for each id, zeros for none where it is no sparse tensor.
      dtype: of the weights.

    Raises:
      ValueError: a dtype that is not one of numbers.
    """
    if dtype is None or not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype {dtype} is not convertible to float.")
    return WeightedCategoricalColumn(categorical_column, weight_feature_key, dtype)
