"""Cross-entropies that care less for what is easy (Lin et al., 2018)."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..config import as_tensor, epsilon
from ..types import Tensor, TensorLike
from . import entropy
from .base import NamedLoss
from .crossentropy import binary_labels, class_labels

_BATCH = "sum_over_batch_size"


def binary_focal_crossentropy(y_true: TensorLike, y_pred: TensorLike, apply_class_balancing: bool = False,
                              alpha: float = 0.25, gamma: float = 2.0, from_logits: bool = False,
                              label_smoothing: float = 0.0, axis: Any = -1) -> Tensor:
    """The binary cross-entropy times `(1 - p)**gamma`, with `p` the probability given to the label.

    Args:
      y_true: labels 0 and 1, of the shape of `y_pred`.
      y_pred: probabilities, or logits.
      apply_class_balancing: whether to weight the labels by `alpha` and `1 - alpha`.
      alpha: the weight of label 1.
      gamma: how much less the easy ones count.
      from_logits: whether `y_pred` is logits.
      label_smoothing: how far labels move towards 1/2.
      axis: what the mean is over.

    Raises:
      ValueError: the shapes differ.
    """
    y_pred = as_tensor(y_pred)
    y_true = binary_labels(y_true, y_pred, label_smoothing)
    if from_logits:
        y_pred = tf.math.sigmoid(y_pred)
    values = entropy.binary(y_true, y_pred, False)
    given = y_true * y_pred + (1 - y_true) * (1 - y_pred)
    values = tf.pow(1.0 - given, gamma) * values
    if apply_class_balancing:
        values = (y_true * alpha + (1 - y_true) * (1 - alpha)) * values
    return tf.reduce_mean(values, axis=axis)


def categorical_focal_crossentropy(y_true: TensorLike, y_pred: TensorLike, alpha: Any = 0.25, gamma: float = 2.0,
                                   from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1) -> Tensor:
    """The cross-entropy of distributions over classes, each term times `alpha * (1 - p)**gamma`.

    Args:
      y_true: distributions or one-hot labels, of the shape of `y_pred`.
      y_pred: probabilities, or logits.
      alpha: a factor, or one for every class.
      gamma: how much less the easy ones count.
      from_logits: whether `y_pred` is logits.
      label_smoothing: how far labels move towards equal probabilities.
      axis: the axis of the classes; the result is without it.
    """
    y_pred = as_tensor(y_pred)
    y_true = class_labels(y_true, y_pred, label_smoothing, axis, "categorical_focal_crossentropy")
    if from_logits:
        y_pred = tf.nn.softmax(y_pred, axis=axis)
    output = y_pred / tf.reduce_sum(y_pred, axis=axis, keepdims=True)
    output = tf.clip_by_value(output, epsilon(), 1.0 - epsilon())
    weights = tf.pow(1.0 - output, gamma) * alpha
    return tf.reduce_sum(weights * (-y_true * tf.math.log(output)), axis=axis)


class BinaryFocalCrossentropy(NamedLoss):
    """The binary cross-entropy that cares less for what is easy (Lin et al., 2018)."""

    _arguments = ("from_logits", "label_smoothing", "axis", "apply_class_balancing", "alpha", "gamma")

    def __init__(self, apply_class_balancing: bool = False, alpha: float = 0.25, gamma: float = 2.0,
                 from_logits: bool = False, label_smoothing: float = 0.0, axis: Any = -1,
                 reduction: str | None = _BATCH, name: str = "binary_focal_crossentropy", dtype: Any = None) -> None:
        super().__init__(binary_focal_crossentropy, reduction, name, dtype,
                         apply_class_balancing=apply_class_balancing, alpha=alpha, gamma=gamma,
                         from_logits=from_logits, label_smoothing=label_smoothing, axis=axis)


class CategoricalFocalCrossentropy(NamedLoss):
    """The cross-entropy over classes that cares less for what is easy (Lin et al., 2018)."""

    _arguments = ("from_logits", "label_smoothing", "axis", "alpha", "gamma")

    def __init__(self, alpha: Any = 0.25, gamma: float = 2.0, from_logits: bool = False,
                 label_smoothing: float = 0.0, axis: int = -1, reduction: str | None = _BATCH,
                 name: str = "categorical_focal_crossentropy", dtype: Any = None) -> None:
        super().__init__(categorical_focal_crossentropy, reduction, name, dtype, alpha=alpha, gamma=gamma,
                         from_logits=from_logits, label_smoothing=label_smoothing, axis=axis)
