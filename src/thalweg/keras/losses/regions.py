"""Losses that compare regions: how much of a predicted mask lies on the labelled one."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..config import as_tensor, epsilon
from ..types import Tensor, TensorLike
from .base import NamedLoss

_BATCH = "sum_over_batch_size"


def dice(y_true: TensorLike, y_pred: TensorLike, axis: Any = None) -> Tensor:
    """One minus twice the overlap over the sum of both, summed over `axis` (everything where None)."""
    y_pred = as_tensor(y_pred)
    y_true = tf.cast(y_true, y_pred.dtype)
    overlap = 2.0 * tf.reduce_sum(y_true * y_pred, axis=axis)
    return 1 - overlap / (tf.reduce_sum(y_true, axis=axis) + tf.reduce_sum(y_pred, axis=axis) + epsilon())


def tversky(y_true: TensorLike, y_pred: TensorLike, alpha: float = 0.5, beta: float = 0.5, axis: Any = None) -> Tensor:
    """`dice` with weights: `alpha` for what is missed, `beta` for what is too much (Salehi et al., 2017)."""
    y_pred = as_tensor(y_pred)
    y_true = tf.cast(y_true, y_pred.dtype)
    overlap = tf.reduce_sum(y_true * y_pred, axis=axis)
    missed = tf.reduce_sum((1 - y_pred) * y_true, axis=axis)
    excess = tf.reduce_sum(y_pred * (1 - y_true), axis=axis)
    return 1 - overlap / (overlap + missed * alpha + excess * beta + epsilon())


class Dice(NamedLoss):
    """One minus twice the overlap over the sum of both masks."""

    _arguments = ("axis",)

    def __init__(self, reduction: str | None = _BATCH, name: str = "dice", axis: Any = None, dtype: Any = None) -> None:
        super().__init__(dice, reduction, name, dtype, axis=axis)


class Tversky(NamedLoss):
    """`Dice` with weights for what is missed and what is too much (Salehi et al., 2017)."""

    _arguments = ("alpha", "beta", "axis")

    def __init__(self, alpha: float = 0.5, beta: float = 0.5, reduction: str | None = _BATCH, name: str = "tversky",
                 axis: Any = None, dtype: Any = None) -> None:
        super().__init__(tversky, reduction, name, dtype, alpha=alpha, beta=beta, axis=axis)
