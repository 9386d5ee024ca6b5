"""`numeric_column`: numbers as they are, or normalized."""
from __future__ import annotations

import collections
from typing import Any

import thalweg as tf

from .base import DenseColumn
from .checks import check_key, check_numeric, check_shape, checked_default
from .sparse_inputs import is_sparse


class NumericColumn(DenseColumn, collections.namedtuple("NumericColumn", (
        "key", "shape", "default_value", "dtype", "normalizer_fn"))):
    """See `numeric_column`."""

    @property
    def name(self) -> str:
        return str(self.key)

    @property
    def parents(self) -> list[Any]:
        return [self.key]

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        return {self.key: tf.io.FixedLenFeature(self.shape, self.dtype, self.default_value)}

    @property
    def variable_shape(self) -> Any:
        return tf.TensorShape(self.shape)

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        x = transformation_cache.get(self.key, state_manager)
        if is_sparse(x):
            raise ValueError("The corresponding Tensor of numerical column must be a Tensor. SparseTensor is not supported. "
                             f"key: {self.key}")
        return tf.cast(x if self.normalizer_fn is None else self.normalizer_fn(x), tf.float32)

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        return transformation_cache.get(self, state_manager)


def numeric_column(key: Any, shape: Any = (1,), default_value: Any = None, dtype: Any = tf.float32,
                   normalizer_fn: Any = None) -> NumericColumn:
    """A column of numbers.

    Args:
      key: of the feature.
      shape: of the numbers of one example, an integer or several.
      default_value: where an example lacks the feature: one number, or as many as `shape` says. Without it, parsing fails.
      dtype: of the feature in examples; the column makes float32 of it.
      normalizer_fn: a function of the tensor that is applied before.

    Returns:
      A dense column, float32 `[batch, *shape]`.

    Raises:
      TypeError: a size that is no integer, a default value that `dtype` does not take, a normalizer that is no function.
      ValueError: a size below 1, a default value of another shape, a dtype that is not one of numbers.
    """
    shape = check_shape(shape, key)
    check_numeric(dtype, key, normalizer_fn)
    default_value = checked_default(shape, default_value, dtype, key)
    check_key(key)
    return NumericColumn(key, shape, default_value, dtype, normalizer_fn)
