"""How often predictions are right."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..config import as_tensor, floatx
from ..losses.reduction import squeeze_or_expand_to_same_rank
from ..types import Config, Tensor, TensorLike
from .reduction import NamedMetric

_CLASS_TYPES = ("int32", "int64")


def _floats(matches: Tensor) -> Tensor:
    return tf.cast(matches, floatx())


def accuracy(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """1 where prediction and label are equal, else 0."""
    y_pred = as_tensor(y_pred)
    return _floats(tf.equal(*squeeze_or_expand_to_same_rank(as_tensor(y_true, y_pred.dtype), y_pred)))


def binary_accuracy(y_true: TensorLike, y_pred: TensorLike, threshold: float = 0.5) -> Tensor:
    """1 where the prediction is above the threshold just if the label is 1, else 0."""
    y_true, y_pred = squeeze_or_expand_to_same_rank(as_tensor(y_true), as_tensor(y_pred))
    return _floats(tf.equal(y_true, tf.cast(y_pred > tf.cast(threshold, y_pred.dtype), y_true.dtype)))


def categorical_accuracy(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """1 where the largest prediction is that of the labelled class, else 0; one-hot labels; [..., d] to [...]."""
    return _floats(tf.equal(tf.argmax(y_true, axis=-1), tf.argmax(y_pred, axis=-1)))


def sparse_categorical_accuracy(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """1 where the largest prediction is that of the labelled class, else 0.

    Args:
      y_true: class numbers, shape [...] or [..., 1].
      y_pred: shape [..., classes].
    """
    y_true, y_pred = as_tensor(y_true), as_tensor(y_pred)
    shape = y_true.shape
    if len(shape) == len(y_pred.shape) and len(shape) > 1 and shape[-1] == 1:
        y_true = tf.squeeze(y_true, -1)
    dtype = y_true.dtype
    if dtype.name in _CLASS_TYPES:
        matches = tf.equal(y_true, tf.argmax(y_pred, axis=-1, output_type=dtype))
    elif dtype.is_integer:
        matches = tf.equal(tf.cast(y_true, tf.int64), tf.argmax(y_pred, axis=-1))
    else:
        matches = tf.equal(y_true, tf.cast(tf.argmax(y_pred, axis=-1), dtype))
    matches = _floats(matches)
    if len(matches.shape) > 1 and matches.shape[-1] == 1:
        matches = tf.squeeze(matches, -1)
    return matches


def _rows(x: Tensor) -> Tensor:
    return tf.reshape(x, [-1, x.shape[-1]]) if len(x.shape) > 2 else x


def top_k_categorical_accuracy(y_true: TensorLike, y_pred: TensorLike, k: int = 5) -> Tensor:
    """1 where the labelled class is among those of the `k` largest predictions, else 0; one-hot labels."""
    return sparse_top_k_categorical_accuracy(tf.argmax(as_tensor(y_true), axis=-1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true: TensorLike, y_pred: TensorLike, k: int = 5,
                                      from_sorted_ids: bool = False) -> Tensor:
    """1 where the labelled class is among those of the `k` largest predictions, else 0.

    Args:
      y_true: class numbers, shape [...].
      y_pred: shape [..., classes]; with `from_sorted_ids`, class numbers, the likeliest first.
      k: how many classes count.
      from_sorted_ids: whether `y_pred` is class numbers.
    """
    y_pred = as_tensor(y_pred)
    labels = as_tensor(y_true, y_pred.dtype if from_sorted_ids else tf.int32)
    flat = tf.reshape(labels, [-1]) if len(labels.shape) > 1 else labels
    rows = _rows(y_pred)
    if from_sorted_ids:
        matches = tf.reduce_any(tf.equal(tf.expand_dims(flat, 1), rows[:, :k]), axis=1)
    else:
        matches = tf.math.in_top_k(flat, rows, k)
    matches = _floats(matches)
    return tf.reshape(matches, tf.shape(labels)) if len(labels.shape) > 1 else matches


class Accuracy(NamedMetric):
    """How often predictions equal labels."""

    _direction = "up"

    def __init__(self, name: str = "accuracy", dtype: Any = None) -> None:
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(NamedMetric):
    """How often predictions are on the label's side of the threshold; labels are 0 and 1."""

    _direction = "up"
    _arguments = ("threshold",)

    def __init__(self, name: str = "binary_accuracy", dtype: Any = None, threshold: float = 0.5) -> None:
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


class CategoricalAccuracy(NamedMetric):
    """How often the largest prediction is that of the labelled class; one-hot labels."""

    _direction = "up"

    def __init__(self, name: str = "categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(NamedMetric):
    """How often the largest prediction is that of the labelled class; class numbers as labels."""

    _direction = "up"

    def __init__(self, name: str = "sparse_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)


class TopKCategoricalAccuracy(NamedMetric):
    """How often the labelled class is among those of the `k` largest predictions; one-hot labels."""

    _direction = "up"
    _arguments = ("k",)

    def __init__(self, k: int = 5, name: str = "top_k_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


class SparseTopKCategoricalAccuracy(NamedMetric):
    """How often the labelled class is among those of the `k` largest predictions; class numbers as labels."""

    _direction = "up"
    _arguments = ("k", "from_sorted_ids")

    def __init__(self, k: int = 5, name: str = "sparse_top_k_categorical_accuracy", dtype: Any = None,
                 from_sorted_ids: bool = False) -> None:
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype, k=k, from_sorted_ids=from_sorted_ids)

    def get_config(self) -> Config:
        config = super().get_config()
        if not self._fn_kwargs["from_sorted_ids"]:
            del config["from_sorted_ids"]
        return config
