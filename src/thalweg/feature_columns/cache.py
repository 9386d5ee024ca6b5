"""The features of one batch, and what columns have made of them."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .base import FeatureColumn
from .sparse_inputs import is_sparse, tensor_or_sparse


class FeatureTransformationCache:
    """Transforms features by columns, each once, whoever asks.

    Args:
      features: for each key a tensor or sparse tensor, or a value of one; for a column, its transformation.
    """

    def __init__(self, features: Any) -> None:
        self._features = features.copy()
        self._found: dict[Any, Any] = {}

    def get(self, key: Any, state_manager: Any = None, training: bool | None = None) -> Any:
        """The feature of a key, of rank 2 at least, or the transformation of a column.

        Raises:
          ValueError: there is no such feature, or it is a scalar.
          TypeError: the key is neither.
        """
        if key not in self._found:
            self._found[key] = self._feature(key) if key in self._features else self._transformed(key, state_manager)
        return self._found[key]

    def _transformed(self, key: Any, state_manager: Any) -> Any:
        if isinstance(key, str):
            raise ValueError(f"Feature {key} is not in features dictionary.")
        if not isinstance(key, FeatureColumn):
            raise TypeError(f'"key" must be either a "str" or "_FeatureColumn". Provided: {key}')
        made = key.transform_feature(self, state_manager)
        if made is None:
            raise ValueError(f"Column {key.name} is not supported.")
        return made

    def _feature(self, key: Any) -> Any:
        feature = tensor_or_sparse(self._features[key])
        rank = feature.shape.rank
        scalar = f"Feature (key: {key}) cannot have rank 0. Given: {feature}"
        if rank == 0:
            raise ValueError(scalar)
        if rank is not None:
            return _with_columns(feature) if rank == 1 else feature
        found = tf.rank(feature)
        with tf.control_dependencies([tf.compat.v1.assert_positive(found, message=scalar)]):
            return tf.cond(tf.equal(found, 1), lambda: _with_columns(feature), lambda: feature)


def _with_columns(x: Any) -> Any:
    """A vector as a matrix of one column."""
    return tf.sparse.reshape(x, [tf.shape(x)[0], 1]) if is_sparse(x) else tf.expand_dims(x, -1)
