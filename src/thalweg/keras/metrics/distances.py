"""Means of losses: what `fit` shows beside the loss itself."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..config import as_tensor
from ..losses.crossentropy import (
    binary_crossentropy,
    categorical_crossentropy,
    kl_divergence,
    sparse_categorical_crossentropy,
)
from ..losses.margin import categorical_hinge, hinge, squared_hinge
from ..losses.reduction import squeeze_or_expand_to_same_rank
from ..losses.regression import (
    floating_pair,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    unit_vectors,
)
from ..types import Tensor, TensorLike
from .reduction import Mean, NamedMetric


def cosine_similarity(y_true: TensorLike, y_pred: TensorLike, axis: Any = -1) -> Tensor:
    """The cosine of the angle between the vectors along `axis`."""
    y_true, y_pred = floating_pair(y_true, y_pred)
    return tf.reduce_sum(unit_vectors(y_true, axis) * unit_vectors(y_pred, axis), axis=axis)


class MeanSquaredError(NamedMetric):
    """The mean of `(y_true - y_pred)**2`."""

    def __init__(self, name: str = "mean_squared_error", dtype: Any = None) -> None:
        super().__init__(mean_squared_error, name, dtype)


class RootMeanSquaredError(Mean):
    """The square root of the mean of `(y_true - y_pred)**2`."""

    _direction = "down"

    def __init__(self, name: str = "root_mean_squared_error", dtype: Any = None) -> None:
        super().__init__(name, dtype=dtype)

    def update_state(self, y_true: TensorLike, y_pred: TensorLike,  # type: ignore[override]
                     sample_weight: TensorLike | None = None) -> None:
        """Takes in a batch of labels and predictions."""
        dtype = self._compute_dtype
        y_true, y_pred = squeeze_or_expand_to_same_rank(as_tensor(y_true, dtype), as_tensor(y_pred, dtype))
        super().update_state(tf.math.squared_difference(y_pred, y_true), sample_weight)

    def result(self) -> Tensor:
        return tf.sqrt(super().result())


class MeanAbsoluteError(NamedMetric):
    """The mean of `abs(y_true - y_pred)`."""

    def __init__(self, name: str = "mean_absolute_error", dtype: Any = None) -> None:
        super().__init__(mean_absolute_error, name, dtype)


class MeanAbsolutePercentageError(NamedMetric):
    """The mean of `100 * abs((y_true - y_pred) / y_true)`."""

    def __init__(self, name: str = "mean_absolute_percentage_error", dtype: Any = None) -> None:
        super().__init__(mean_absolute_percentage_error, name, dtype)


class MeanSquaredLogarithmicError(NamedMetric):
    """The mean of `(log(y_true + 1) - log(y_pred + 1))**2`."""

    def __init__(self, name: str = "mean_squared_logarithmic_error", dtype: Any = None) -> None:
        super().__init__(mean_squared_logarithmic_error, name, dtype)


class LogCoshError(NamedMetric):
    """The mean of `log(cosh(y_pred - y_true))`."""

    def __init__(self, name: str = "logcosh", dtype: Any = None) -> None:
        super().__init__(log_cosh, name, dtype)


class CosineSimilarity(NamedMetric):
    """The mean cosine of the angle between the vectors along `axis`."""

    _direction = "up"

    def __init__(self, name: str = "cosine_similarity", dtype: Any = None, axis: Any = -1) -> None:
        super().__init__(cosine_similarity, name, dtype, axis=axis)


class Hinge(NamedMetric):
    """The mean of `max(1 - y_true * y_pred, 0)`."""

    def __init__(self, name: str = "hinge", dtype: Any = None) -> None:
        super().__init__(hinge, name, dtype)


class SquaredHinge(NamedMetric):
    """The mean of `max(1 - y_true * y_pred, 0)**2`."""

    def __init__(self, name: str = "squared_hinge", dtype: Any = None) -> None:
        super().__init__(squared_hinge, name, dtype)


class CategoricalHinge(NamedMetric):
    """The mean of `max(neg - pos + 1, 0)`: the right class's value against the largest other one."""

    def __init__(self, name: str = "categorical_hinge", dtype: Any = None) -> None:
        super().__init__(categorical_hinge, name, dtype)


class KLDivergence(NamedMetric):
    """The mean of the sums of `y_true * log(y_true / y_pred)`."""

    def __init__(self, name: str = "kl_divergence", dtype: Any = None) -> None:
        super().__init__(kl_divergence, name, dtype)


class Poisson(NamedMetric):
    """The mean of `y_pred - y_true * log(y_pred)`."""

    def __init__(self, name: str = "poisson", dtype: Any = None) -> None:
        super().__init__(poisson, name, dtype)


class BinaryCrossentropy(NamedMetric):
    """The mean cross-entropy of every element with its label, 0 or 1."""

    _arguments = ("from_logits", "label_smoothing")

    def __init__(self, name: str = "binary_crossentropy", dtype: Any = None, from_logits: bool = False,
                 label_smoothing: float = 0) -> None:
        super().__init__(binary_crossentropy, name, dtype, from_logits=from_logits, label_smoothing=label_smoothing)


class CategoricalCrossentropy(NamedMetric):
    """The mean cross-entropy of distributions over classes with one-hot labels."""

    _arguments = ("from_logits", "label_smoothing", "axis")

    def __init__(self, name: str = "categorical_crossentropy", dtype: Any = None, from_logits: bool = False,
                 label_smoothing: float = 0, axis: int = -1) -> None:
        super().__init__(categorical_crossentropy, name, dtype, from_logits=from_logits,
                         label_smoothing=label_smoothing, axis=axis)


class SparseCategoricalCrossentropy(NamedMetric):
    """The mean cross-entropy of distributions over classes with class numbers."""

    _arguments = ("from_logits", "ignore_class", "axis")

    def __init__(self, name: str = "sparse_categorical_crossentropy", dtype: Any = None, from_logits: bool = False,
                 ignore_class: int | None = None, axis: int = -1) -> None:
        super().__init__(sparse_categorical_crossentropy, name, dtype, from_logits=from_logits,
                         ignore_class=ignore_class, axis=axis)
