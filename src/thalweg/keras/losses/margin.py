"""Losses that ask for a margin between right and wrong."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..config import as_tensor
from ..types import Tensor, TensorLike
from .base import NamedLoss

_BATCH = "sum_over_batch_size"


def _signed(y_true: Tensor) -> Tensor:
    """Labels 0 and 1 as -1 and 1; other labels as they are."""
    binary = tf.reduce_all(tf.logical_or(tf.equal(y_true, 0), tf.equal(y_true, 1)))
    return tf.where(binary, 2.0 * y_true - 1.0, y_true)


def _shortfall(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    y_pred = as_tensor(y_pred)
    return tf.maximum(1.0 - _signed(tf.cast(y_true, y_pred.dtype)) * y_pred, 0.0)


def hinge(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """The mean of `max(1 - y_true * y_pred, 0)` over the last axis; labels are -1 and 1, or 0 and 1."""
    return tf.reduce_mean(_shortfall(y_true, y_pred), axis=-1)


def squared_hinge(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """The mean of `max(1 - y_true * y_pred, 0)**2` over the last axis; labels are -1 and 1, or 0 and 1."""
    return tf.reduce_mean(tf.square(_shortfall(y_true, y_pred)), axis=-1)


def categorical_hinge(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`max(neg - pos + 1, 0)`: the right class's value against the largest other one; one-hot labels [..., d]."""
    y_pred = as_tensor(y_pred)
    y_true = tf.cast(y_true, y_pred.dtype)
    right = tf.reduce_sum(y_true * y_pred, axis=-1)
    wrong = tf.reduce_max((1.0 - y_true) * y_pred, axis=-1)
    return tf.maximum(wrong - right + 1.0, 0.0)


class Hinge(NamedLoss):
    """The mean of `max(1 - y_true * y_pred, 0)`; labels are -1 and 1, or 0 and 1."""

    def __init__(self, reduction: str | None = _BATCH, name: str = "hinge", dtype: Any = None) -> None:
        super().__init__(hinge, reduction, name, dtype)


class SquaredHinge(NamedLoss):
    """The mean of `max(1 - y_true * y_pred, 0)**2`; labels are -1 and 1, or 0 and 1."""

    def __init__(self, reduction: str | None = _BATCH, name: str = "squared_hinge", dtype: Any = None) -> None:
        super().__init__(squared_hinge, reduction, name, dtype)


class CategoricalHinge(NamedLoss):
    """`max(neg - pos + 1, 0)`: the right class's value against the largest other one."""

    def __init__(self, reduction: str | None = _BATCH, name: str = "categorical_hinge", dtype: Any = None) -> None:
        super().__init__(categorical_hinge, reduction, name, dtype)
