"""Losses of probabilities: the cross-entropies and the Kullback-Leibler divergence."""
from __future__ import annotations

import warnings
from typing import Any

import thalweg as tf

from .. import tags
from ..config import as_tensor, epsilon
from ..types import Tensor, TensorLike
from . import entropy
from .base import NamedLoss

_BATCH = "sum_over_batch_size"


def class_labels(y_true: TensorLike, y_pred: Tensor, label_smoothing: float, axis: Any, function: str) -> Tensor:
    """Distributions over classes as the predictions' dtype, smoothed.

    Raises:
      ValueError: `axis` is a boolean.
    """
    if isinstance(axis, bool):
        raise ValueError(f"`axis` must be of type `int`. Received: axis={axis} of type {type(axis)}")
    if y_pred.shape[-1] == 1:
        warnings.warn(
            f"In loss {function}, expected y_pred.shape to be (batch_size, num_classes) with num_classes > 1. "
            f"Received: y_pred.shape={y_pred.shape}. Consider using 'binary_crossentropy' if you only have 2 classes.",
            SyntaxWarning, stacklevel=3)
    y_true = as_tensor(y_true, y_pred.dtype)
    if label_smoothing:
        classes = tf.cast(tf.shape(y_true)[-1], y_pred.dtype)
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / classes
    return y_true


def binary_labels(y_true: TensorLike, y_pred: Tensor, label_smoothing: float) -> Tensor:
    """Labels 0 and 1 as the predictions' dtype, smoothed."""
    y_true = as_tensor(y_true, y_pred.dtype)
    return y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing if label_smoothing else y_true


def binary_crossentropy(y_true: TensorLike, y_pred: TensorLike, from_logits: bool = False,
                        label_smoothing: float = 0.0, axis: Any = -1) -> Tensor:
    """The mean over `axis` of the cross-entropy of every element with its label, 0 or 1.

    Args:
      y_true: labels, of the shape of `y_pred`.
      y_pred: probabilities, or logits.
      from_logits: whether `y_pred` is logits.
      label_smoothing: how far labels move towards 1/2.
      axis: what the mean is over.

    Raises:
      ValueError: the shapes differ.
    """
    y_pred = as_tensor(y_pred)
    y_true = binary_labels(y_true, y_pred, label_smoothing)
    return tf.reduce_mean(entropy.binary(y_true, y_pred, from_logits), axis=axis)


def categorical_crossentropy(y_true: TensorLike, y_pred: TensorLike, from_logits: bool = False,
                             label_smoothing: float = 0.0, axis: Any = -1) -> Tensor:
    """The cross-entropy of distributions over classes.

    Args:
      y_true: distributions or one-hot labels, of the shape of `y_pred`.
      y_pred: probabilities, or logits.
      from_logits: whether `y_pred` is logits.
      label_smoothing: how far labels move towards equal probabilities.
      axis: the axis of the classes; the result is without it.

    Raises:
      ValueError: the shapes differ.
    """
    y_pred = as_tensor(y_pred)
    y_true = class_labels(y_true, y_pred, label_smoothing, axis, "categorical_crossentropy")
    return entropy.categorical(y_true, y_pred, from_logits, axis)


def sparse_categorical_crossentropy(y_true: TensorLike, y_pred: TensorLike, from_logits: bool = False,
                                    ignore_class: int | None = None, axis: int = -1) -> Tensor:
    """The cross-entropy of distributions over classes with class numbers.

    Args:
      y_true: class numbers, shape [...] or [..., 1].
      y_pred: probabilities, or logits, shape [..., classes].
      from_logits: whether `y_pred` is logits.
      ignore_class: a label whose elements do not count: their value is 0, and the result has a mask.
      axis: the axis of the classes, which is the last one.

    Raises:
      ValueError: the shapes do not fit.
      InvalidArgumentError: a label is not the number of a class.
    """
    y_true, y_pred = as_tensor(y_true), as_tensor(y_pred)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[axis] == 1:
        y_true = tf.squeeze(y_true, axis=axis)
    if ignore_class is None:
        return entropy.sparse_categorical(y_true, y_pred, from_logits, axis)
    y_true = tf.cast(y_true, tf.int64)
    valid = tf.not_equal(y_true, ignore_class)
    y_true = tf.where(valid, y_true, tf.zeros_like(y_true))
    y_pred = tf.where(tf.expand_dims(valid, axis), y_pred, tf.zeros_like(y_pred))
    values = entropy.sparse_categorical(y_true, y_pred, from_logits, axis)
    values = tf.where(valid, values, tf.zeros_like(values))
    tags.set_mask(values, valid)
    return values


def categorical_generalized_cross_entropy(y_true: TensorLike, y_pred: TensorLike, q: float) -> Tensor:
    """`(1 - p**q) / q` for the probability `p` of the labelled class, between 0 and 1 (Zhang and Sabuncu, 2018)."""
    y_pred = as_tensor(y_pred)
    one_hot = tf.one_hot(tf.cast(y_true, tf.int64), tf.shape(y_pred)[-1], dtype=y_pred.dtype)
    return (1 - tf.pow(tf.reduce_sum(y_pred * one_hot, axis=-1), q)) / q


def kl_divergence(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """The sum of `y_true * log(y_true / y_pred)` over the last axis; shapes [..., d] to [...]."""
    y_pred = as_tensor(y_pred)
    y_true = tf.clip_by_value(as_tensor(y_true, y_pred.dtype), epsilon(), 1.0)
    return tf.reduce_sum(y_true * tf.math.log(y_true / tf.clip_by_value(y_pred, epsilon(), 1.0)), axis=-1)


class BinaryCrossentropy(NamedLoss):
    """The mean cross-entropy of every element with its label, 0 or 1."""

    _arguments = ("from_logits", "label_smoothing", "axis")

    def __init__(self, from_logits: bool = False, label_smoothing: float = 0.0, axis: Any = -1,
                 reduction: str | None = _BATCH, name: str = "binary_crossentropy", dtype: Any = None) -> None:
        super().__init__(binary_crossentropy, reduction, name, dtype, from_logits=from_logits,
                         label_smoothing=label_smoothing, axis=axis)


class CategoricalCrossentropy(NamedLoss):
    """The cross-entropy of distributions over classes with one-hot labels."""

    _arguments = ("from_logits", "label_smoothing", "axis")

    def __init__(self, from_logits: bool = False, label_smoothing: float = 0.0, axis: Any = -1,
                 reduction: str | None = _BATCH, name: str = "categorical_crossentropy", dtype: Any = None) -> None:
        super().__init__(categorical_crossentropy, reduction, name, dtype, from_logits=from_logits,
                         label_smoothing=label_smoothing, axis=axis)


class SparseCategoricalCrossentropy(NamedLoss):
    """The cross-entropy of distributions over classes with class numbers."""

    _arguments = ("from_logits", "ignore_class")

    def __init__(self, from_logits: bool = False, ignore_class: int | None = None, reduction: str | None = _BATCH,
                 axis: int = -1, name: str = "sparse_categorical_crossentropy", dtype: Any = None) -> None:
        super().__init__(sparse_categorical_crossentropy, reduction, name, dtype, from_logits=from_logits,
                         ignore_class=ignore_class, axis=axis)

    def _converted_labels(self, y_true: Any) -> Any:
        # Class numbers stay integers.
        return as_tensor(y_true)


class CategoricalGeneralizedCrossEntropy(NamedLoss):
    """`(1 - p**q) / q` for the probability `p` of the labelled class (Zhang and Sabuncu, 2018).

    Raises:
      ValueError: `q` is not between 0 and 1.
    """

    _arguments = ("q",)

    def __init__(self, q: float = 0.5, reduction: str | None = _BATCH,
                 name: str = "categorical_generalized_cross_entropy", dtype: Any = None) -> None:
        if not 0 < q < 1:
            raise ValueError("q must be in the interval (0, 1)")
        super().__init__(categorical_generalized_cross_entropy, reduction, name, dtype, q=q)


class KLDivergence(NamedLoss):
    """The sum of `y_true * log(y_true / y_pred)` over the last axis."""

    def __init__(self, reduction: str | None = _BATCH, name: str = "kl_divergence", dtype: Any = None) -> None:
        super().__init__(kl_divergence, reduction, name, dtype)
