"""Losses of numbers: how far predictions are from labels."""
from __future__ import annotations

import math
from typing import Any

import thalweg as tf

from ..config import as_tensor, epsilon, floatx
from ..types import Tensor, TensorLike
from .base import NamedLoss
from .reduction import squeeze_or_expand_to_same_rank

_BATCH = "sum_over_batch_size"


def floating_pair(y_true: TensorLike, y_pred: TensorLike) -> tuple[Tensor, Tensor]:
    """Labels and predictions as tensors of the predictions' dtype (`floatx` for integers) and of the same rank."""
    y_pred = as_tensor(y_pred)
    if not (y_pred.dtype.is_floating or y_pred.dtype.is_complex):
        y_pred = tf.cast(y_pred, floatx())
    return squeeze_or_expand_to_same_rank(as_tensor(y_true, y_pred.dtype), y_pred)


def _mean(values: Tensor) -> Tensor:
    return tf.reduce_mean(values, axis=-1)


def _squared(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return tf.math.squared_difference(y_true, y_pred)


def _absolute(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return tf.abs(y_true - y_pred)


def _percentage(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return 100.0 * tf.abs((y_true - y_pred) / tf.maximum(tf.abs(y_true), epsilon()))


def _squared_logarithmic(y_true: Tensor, y_pred: Tensor) -> Tensor:
    small = epsilon()
    return tf.math.squared_difference(tf.math.log(tf.maximum(y_pred, small) + 1.0),
                                      tf.math.log(tf.maximum(y_true, small) + 1.0))


def _huber(y_true: Tensor, y_pred: Tensor, delta: float = 1.0) -> Tensor:
    error = y_pred - y_true
    size = tf.abs(error)
    bound = tf.cast(delta, size.dtype)
    return tf.where(size <= bound, 0.5 * tf.square(error), bound * size - 0.5 * tf.square(bound))


def _log_cosh(y_true: Tensor, y_pred: Tensor) -> Tensor:
    error = y_pred - y_true
    return error + tf.math.softplus(error * -2.0) - math.log(2.0)


def _poisson(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return y_pred - y_true * tf.math.log(y_pred + epsilon())


def mean_squared_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """The mean of `(y_true - y_pred)**2` over the last axis; shapes [..., d] to [...]."""
    return _mean(_squared(*floating_pair(y_true, y_pred)))


def mean_absolute_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """The mean of `abs(y_true - y_pred)` over the last axis; shapes [..., d] to [...]."""
    return _mean(_absolute(*floating_pair(y_true, y_pred)))


def mean_absolute_percentage_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """The mean of `100 * abs((y_true - y_pred) / y_true)` over the last axis; shapes [..., d] to [...]."""
    return _mean(_percentage(*floating_pair(y_true, y_pred)))


def mean_squared_logarithmic_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """The mean of `(log(y_true + 1) - log(y_pred + 1))**2` over the last axis; shapes [..., d] to [...]."""
    return _mean(_squared_logarithmic(*floating_pair(y_true, y_pred)))


def huber(y_true: TensorLike, y_pred: TensorLike, delta: float = 1.0) -> Tensor:
    """The mean of half the squared error, growing linearly beyond `delta` (Huber, 1964); shapes [..., d] to [...]."""
    return _mean(_huber(*floating_pair(y_true, y_pred), delta))


def log_cosh(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """The mean of `log(cosh(y_pred - y_true))` over the last axis; shapes [..., d] to [...]."""
    return _mean(_log_cosh(*floating_pair(y_true, y_pred)))


def poisson(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """The mean of `y_pred - y_true * log(y_pred)` over the last axis; shapes [..., d] to [...]."""
    y_pred = as_tensor(y_pred)
    return _mean(_poisson(as_tensor(y_true, y_pred.dtype), y_pred))


def unit_vectors(x: Tensor, axis: Any) -> Tensor:
    """`x` divided by its norm along `axis`, and left near 0 where the norm is 0."""
    squares = tf.reduce_sum(tf.square(x), axis=axis, keepdims=True)
    return x * tf.minimum(tf.math.rsqrt(squares), 1.0 / epsilon())


def cosine_similarity(y_true: TensorLike, y_pred: TensorLike, axis: Any = -1) -> Tensor:
    """Minus the cosine of the angle between the vectors along `axis`: -1 where they point the same way."""
    y_true, y_pred = floating_pair(y_true, y_pred)
    return -tf.reduce_sum(unit_vectors(y_true, axis) * unit_vectors(y_pred, axis), axis=axis)


class MeanSquaredError(NamedLoss):
    """The mean of `(y_true - y_pred)**2`."""

    _elementwise = _squared

    def __init__(self, reduction: str | None = _BATCH, name: str = "mean_squared_error", dtype: Any = None) -> None:
        super().__init__(mean_squared_error, reduction, name, dtype)


class MeanAbsoluteError(NamedLoss):
    """The mean of `abs(y_true - y_pred)`."""

    _elementwise = _absolute

    def __init__(self, reduction: str | None = _BATCH, name: str = "mean_absolute_error", dtype: Any = None) -> None:
        super().__init__(mean_absolute_error, reduction, name, dtype)


class MeanAbsolutePercentageError(NamedLoss):
    """The mean of `100 * abs((y_true - y_pred) / y_true)`."""

    _elementwise = _percentage

    def __init__(self, reduction: str | None = _BATCH, name: str = "mean_absolute_percentage_error",
                 dtype: Any = None) -> None:
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


class MeanSquaredLogarithmicError(NamedLoss):
    """The mean of `(log(y_true + 1) - log(y_pred + 1))**2`."""

    _elementwise = _squared_logarithmic

    def __init__(self, reduction: str | None = _BATCH, name: str = "mean_squared_logarithmic_error",
                 dtype: Any = None) -> None:
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)


class Huber(NamedLoss):
    """Half the squared error, growing linearly beyond `delta` (Huber, 1964)."""

    _elementwise = _huber

    def __init__(self, delta: float = 1.0, reduction: str | None = _BATCH, name: str = "huber_loss",
                 dtype: Any = None) -> None:
        super().__init__(huber, reduction, name, dtype, delta=delta)


class LogCosh(NamedLoss):
    """The mean of `log(cosh(y_pred - y_true))`."""

    _elementwise = _log_cosh

    def __init__(self, reduction: str | None = _BATCH, name: str = "log_cosh", dtype: Any = None) -> None:
        super().__init__(log_cosh, reduction, name, dtype)


class Poisson(NamedLoss):
    """The mean of `y_pred - y_true * log(y_pred)`."""

    def __init__(self, reduction: str | None = _BATCH, name: str = "poisson", dtype: Any = None) -> None:
        super().__init__(poisson, reduction, name, dtype)


class CosineSimilarity(NamedLoss):
    """Minus the cosine of the angle between the vectors along `axis`."""

    def __init__(self, axis: Any = -1, reduction: str | None = _BATCH, name: str = "cosine_similarity",
                 dtype: Any = None) -> None:
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
