"""Metrics of the confusion matrix of two classes: counts, precision, recall, and one of a pair at the other."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ..types import Config, Tensor, TensorLike
from .base import Metric
from .counts import LEAST, evenly_spread, inner_thresholds, parse_thresholds, update_counts

Thresholds = float | Sequence[float] | None

_NAMES = {"tp": "true_positives", "fp": "false_positives", "tn": "true_negatives", "fn": "false_negatives"}


class _Count(Metric):
    """One of the four counts, at one or many thresholds.

    Args:
      thresholds: above which a prediction is positive, in [0, 1]; 0.5 where None.
      name: of the metric.
      dtype: to compute in.

    Raises:
      ValueError: a threshold is out of range.
    """

    _kind: str

    def __init__(self, thresholds: Thresholds = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.thresholds = parse_thresholds(thresholds)
        self._even = evenly_spread(self.thresholds)
        self.accumulator = self.add_variable((len(self.thresholds),), "zeros", name="accumulator")

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Takes in a batch of labels, 0 and 1, and predictions in [0, 1]."""
        update_counts({self._kind: self.accumulator}, y_true, y_pred, self.thresholds, self._even,
                      sample_weight=sample_weight)

    def result(self) -> Tensor:
        value = tf.convert_to_tensor(self.accumulator)
        return value[0] if len(self.thresholds) == 1 else value

    def get_config(self) -> Config:
        return super().get_config() | {"thresholds": self.init_thresholds}


class TruePositives(_Count):
    """How many positive samples were predicted so."""

    _kind = "tp"


class FalsePositives(_Count):
    """How many negative samples were predicted to be positive."""

    _kind = "fp"


class TrueNegatives(_Count):
    """How many negative samples were predicted so."""

    _kind = "tn"


class FalseNegatives(_Count):
    """How many positive samples were predicted to be negative."""

    _kind = "fn"


class _Ratio(Metric):
    """True positives over themselves and one other count."""

    _direction = "up"
    _other: str

    def __init__(self, thresholds: Thresholds = None, top_k: int | None = None, class_id: int | None = None,
                 name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        self.thresholds = parse_thresholds(thresholds, 0.5 if top_k is None else LEAST)
        self._even = evenly_spread(self.thresholds)
        self._counts = {
            kind: self.add_variable((len(self.thresholds),), "zeros", name=_NAMES[kind]) for kind in ("tp", self._other)
        }
        for kind, variable in self._counts.items():
            setattr(self, _NAMES[kind], variable)

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Takes in a batch of labels, 0 and 1, and predictions in [0, 1]."""
        update_counts(self._counts, y_true, y_pred, self.thresholds, self._even, self.top_k, self.class_id,
                      sample_weight)

    def result(self) -> Tensor:
        right = tf.convert_to_tensor(self._counts["tp"])
        value = tf.math.divide_no_nan(right, right + self._counts[self._other])
        return value[0] if len(self.thresholds) == 1 else value

    def get_config(self) -> Config:
        return super().get_config() | {
            "thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id,
        }  # fmt: skip


class Precision(_Ratio):
    """How many of the samples predicted to be positive are so.

    Args:
      thresholds: above which a prediction is positive, in [0, 1]; 0.5 where None.
      top_k: only that many of the largest predictions of a sample can be positive.
      class_id: count this class only.
      name: of the metric.
      dtype: to compute in.

    Raises:
      ValueError: a threshold is out of range.
    """

    _other = "fp"


class Recall(_Ratio):
    """How many of the positive samples were predicted so. The arguments are those of `Precision`."""

    _other = "fn"


class _Constrained(Metric):
    """The best of one ratio among the thresholds where another is at least a given value.

    Raises:
      ValueError: the value is not in [0, 1], or there are no thresholds.
    """

    _direction = "up"
    _argument: str
    _constrained: tuple[str, str]
    _best: tuple[str, str]

    def __init__(self, value: float, num_thresholds: int = 200, class_id: int | None = None, name: str | None = None,
                 dtype: Any = None) -> None:
        if value < 0 or value > 1:
            raise ValueError(f"Argument `{self._argument}` must be in the range [0, 1]. "
                             f"Received: {self._argument}={value}")
        super().__init__(name=name, dtype=dtype)
        if num_thresholds <= 0:
            raise ValueError(f"Argument `num_thresholds` must be an integer > 0. "
                             f"Received: num_thresholds={num_thresholds}")
        setattr(self, self._argument, value)
        self.value = value
        self.num_thresholds = num_thresholds
        self.class_id = class_id
        self._even = num_thresholds > 1
        self.thresholds = [0.0, *inner_thresholds(num_thresholds), 1.0] if self._even else [0.5]
        self._counts = {kind: self.add_variable((len(self.thresholds),), "zeros", name=_NAMES[kind]) for kind in _NAMES}
        for kind, variable in self._counts.items():
            setattr(self, _NAMES[kind], variable)

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Takes in a batch of labels, 0 and 1, and predictions in [0, 1]."""
        update_counts(self._counts, y_true, y_pred, self.thresholds, self._even, class_id=self.class_id,
                      sample_weight=sample_weight)

    def _ratio(self, kinds: tuple[str, str]) -> Tensor:
        part = tf.convert_to_tensor(self._counts[kinds[0]])
        return tf.math.divide_no_nan(part, part + self._counts[kinds[1]])

    def result(self) -> Tensor:
        best = self._ratio(self._best)
        allowed = self._ratio(self._constrained) >= self.value
        return tf.maximum(tf.reduce_max(tf.where(allowed, best, tf.zeros_like(best))), 0.0)

    def get_config(self) -> Config:
        return super().get_config() | {
            "class_id": self.class_id, "num_thresholds": self.num_thresholds, self._argument: self.value,
        }  # fmt: skip


class SensitivityAtSpecificity(_Constrained):
    """The best sensitivity where the specificity is at least the given one."""

    _argument, _constrained, _best = "specificity", ("tn", "fp"), ("tp", "fn")

    def __init__(self, specificity: float, num_thresholds: int = 200, class_id: int | None = None,
                 name: str | None = None, dtype: Any = None) -> None:
        super().__init__(specificity, num_thresholds, class_id, name, dtype)


class SpecificityAtSensitivity(_Constrained):
    """The best specificity where the sensitivity is at least the given one."""

    _argument, _constrained, _best = "sensitivity", ("tp", "fn"), ("tn", "fp")

    def __init__(self, sensitivity: float, num_thresholds: int = 200, class_id: int | None = None,
                 name: str | None = None, dtype: Any = None) -> None:
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)


class PrecisionAtRecall(_Constrained):
    """The best precision where the recall is at least the given one."""

    _argument, _constrained, _best = "recall", ("tp", "fn"), ("tp", "fp")

    def __init__(self, recall: float, num_thresholds: int = 200, class_id: int | None = None, name: str | None = None,
                 dtype: Any = None) -> None:
        super().__init__(recall, num_thresholds, class_id, name, dtype)


class RecallAtPrecision(_Constrained):
    """The best recall where the precision is at least the given one."""

    _argument, _constrained, _best = "precision", ("tp", "fp"), ("tp", "fn")

    def __init__(self, precision: float, num_thresholds: int = 200, class_id: int | None = None,
                 name: str | None = None, dtype: Any = None) -> None:
        super().__init__(precision, num_thresholds, class_id, name, dtype)
