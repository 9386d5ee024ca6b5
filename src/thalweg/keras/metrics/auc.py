"""The area under a curve that a threshold traces."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import thalweg as tf

from .. import activations
from ..config import epsilon
from ..types import Config, Shape, Tensor, TensorLike
from .base import Metric
from .counts import evenly_spread, inner_thresholds, update_counts

_CURVES = {"pr": "PR", "PR": "PR", "roc": "ROC", "ROC": "ROC", "prgain": "PRGAIN", "PRGAIN": "PRGAIN"}
_SUMMATIONS = {
    "interpolation": "interpolation", "Interpolation": "interpolation", "majoring": "majoring",
    "Majoring": "majoring", "minoring": "minoring", "Minoring": "minoring",
}  # fmt: skip


class AUC(Metric):
    """The area under the receiver operating characteristic, or under another curve, as a Riemann sum.

    Args:
      num_thresholds: how many points of the curve to compute.
      curve: `"ROC"`, `"PR"` (precision over recall) or `"PRGAIN"`.
      summation_method: `"interpolation"`, `"minoring"` or `"majoring"`.
      name: of the metric.
      dtype: to compute in.
      thresholds: the thresholds between 0 and 1 in place of `num_thresholds`.
      multi_label: whether to compute the area of every label, the last axis, and to return their mean.
      num_labels: how many labels there are, where they are counted by themselves.
      label_weights: one weight for every label.
      from_logits: whether predictions are logits.

    Raises:
      ValueError: an argument is none of these.
    """

    _direction = "up"

    def __init__(self, num_thresholds: int = 200, curve: str = "ROC", summation_method: str = "interpolation",
                 name: str | None = None, dtype: Any = None, thresholds: Sequence[float] | None = None,
                 multi_label: bool = False, num_labels: int | None = None, label_weights: TensorLike | None = None,
                 from_logits: bool = False) -> None:
        self._init_from_thresholds = thresholds is not None
        if thresholds is not None:
            inner = sorted(thresholds)
            num_thresholds = len(inner) + 2
            self._even = evenly_spread([0.0, *inner, 1.0])
        else:
            if num_thresholds <= 1:
                raise ValueError("Argument `num_thresholds` must be an integer > 1. "
                                 f"Received: num_thresholds={num_thresholds}")
            inner = inner_thresholds(num_thresholds)
            self._even = True
        self.num_thresholds = num_thresholds
        self._thresholds = np.array([0.0 - epsilon(), *inner, 1.0 + epsilon()])
        if curve not in _CURVES:
            raise ValueError(f'Invalid AUC curve value: "{curve}". Expected values are ["PR", "ROC", "PRGAIN"]')
        if summation_method not in _SUMMATIONS:
            raise ValueError(f'Invalid AUC summation method value: "{summation_method}". Expected values are '
                             '["interpolation", "majoring", "minoring"]')
        self.curve = _CURVES[curve]
        self.summation_method = _SUMMATIONS[summation_method]
        super().__init__(name=name, dtype=dtype)
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = label_weights
        self._from_logits = from_logits
        self._built = False
        if num_labels and not multi_label:
            raise ValueError("`num_labels` is needed only when `multi_label` is True.")
        if not multi_label or num_labels:
            self._build((None, num_labels))

    @property
    def thresholds(self) -> list[float]:
        """All thresholds, those just outside [0, 1] included."""
        return list(self._thresholds)

    def _build(self, shape: Shape) -> None:
        if self.multi_label and len(shape) != 2:
            raise ValueError(f"`y_pred` must have rank 2 when `multi_label=True`. Found rank {len(shape)}. "
                             f"Full shape received for `y_pred`: {shape}")
        sizes = (self.num_thresholds, shape[1]) if self.multi_label else (self.num_thresholds,)

        def zeros(name: str) -> Any:
            return self.add_variable(sizes, "zeros", name=name)

        self.true_positives = zeros("true_positives")
        self.false_positives = zeros("false_positives")
        self.true_negatives = zeros("true_negatives")
        self.false_negatives = zeros("false_negatives")
        self._built = True

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Takes in a batch of labels, 0 and 1, and predictions in [0, 1] (or logits)."""
        if not self._built:
            self._build(tf.convert_to_tensor(y_pred).shape)
        if self._from_logits:
            y_pred = activations.sigmoid(y_pred)
        update_counts({"tp": self.true_positives, "fp": self.false_positives, "tn": self.true_negatives,
                       "fn": self.false_negatives}, y_true, y_pred, self._thresholds, self._even,
                      sample_weight=sample_weight, multi_label=self.multi_label,
                      label_weights=None if self.multi_label else self.label_weights)

    def result(self) -> Tensor:
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self._averaged(self._interpolated_pr())
        tp, fp, tn, fn = (tf.convert_to_tensor(v) for v in (self.true_positives, self.false_positives,
                                                            self.true_negatives, self.false_negatives))
        divide = tf.math.divide_no_nan
        if self.curve == "ROC":
            x, y = divide(fp, fp + tn), divide(tp, tp + fn)
        elif self.curve == "PR":
            x, y = divide(tp, tp + fn), divide(tp, tp + fp)
        else:
            odds = divide(tp + fn, tn + fp)
            none = tf.equal(tp, 0.0)
            x = tf.maximum(tf.where(none, tf.zeros_like(tp), 1.0 - odds * divide(fn, tp)), 0.0)
            y = tf.where(none, tf.ones_like(tp), 1.0 - odds * divide(fp, tp))
        left, right = y[:-1], y[1:]
        if self.summation_method == "interpolation":
            heights = (left + right) / 2.0
        elif self.summation_method == "minoring":
            heights = tf.minimum(left, right)
        else:
            heights = tf.maximum(left, right)
        return self._averaged((x[:-1] - x[1:]) * heights)

    def _interpolated_pr(self) -> Tensor:
        """The area under precision over recall between thresholds, interpolated (Davis and Goadrich, 2006)."""
        tp, fp, fn = (tf.convert_to_tensor(v) for v in (self.true_positives, self.false_positives,
                                                        self.false_negatives))
        positive = tp + fp
        high, low = positive[1:], positive[:-1]
        gain = tp[:-1] - tp[1:]
        slope = tf.math.divide_no_nan(gain, tf.maximum(low - high, 0.0))
        intercept = tp[1:] - slope * high
        ratio = tf.where(tf.logical_and(low > 0, high > 0), tf.math.divide_no_nan(low, tf.maximum(high, 0.0)),
                         tf.ones_like(high))
        return tf.math.divide_no_nan(slope * (gain + intercept * tf.math.log(ratio)), tf.maximum(tp[1:] + fn[1:], 0.0))

    def _averaged(self, terms: Tensor) -> Tensor:
        if not self.multi_label:
            return tf.reduce_sum(terms)
        areas = tf.reduce_sum(terms, axis=0)
        if self.label_weights is None:
            return tf.reduce_mean(areas)
        weights = tf.cast(self.label_weights, areas.dtype)
        return tf.math.divide_no_nan(tf.reduce_sum(areas * weights), tf.reduce_sum(weights))

    def reset_state(self) -> None:
        if self._built:
            super().reset_state()

    def get_config(self) -> Config:
        config = super().get_config() | {
            "num_thresholds": self.num_thresholds, "curve": self.curve, "summation_method": self.summation_method,
            "multi_label": self.multi_label, "num_labels": self.num_labels, "label_weights": self.label_weights,
            "from_logits": self._from_logits,
        }  # fmt: skip
        if self._init_from_thresholds:
            config["thresholds"] = self.thresholds[1:-1]
        return config
