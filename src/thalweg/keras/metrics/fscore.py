"""The F-scores: one number from precision and recall."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..config import as_tensor, epsilon
from ..types import Config, Shape, Tensor, TensorLike
from .base import Metric, sum_over


class FBetaScore(Metric):
    """`(1 + beta**2) * precision * recall / (beta**2 * precision + recall)`.

    Args:
      average: None for one score a class, `"micro"` over all counts, `"macro"` the mean of the classes, `"weighted"`
        the mean weighted by how often a class is labelled.
      beta: how much more recall counts than precision.
      threshold: above which a prediction counts as positive; None for the largest of each sample only.
      name: of the metric.
      dtype: to compute in.

    Raises:
      ValueError: an argument is none of these; labels or predictions are not of shape [batch, classes].
    """

    _direction = "up"

    def __init__(self, average: str | None = None, beta: float = 1.0, threshold: float | None = None,
                 name: str = "fbeta_score", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        if average not in (None, "micro", "macro", "weighted"):
            raise ValueError("Invalid `average` argument value. Expected one of: {None, 'micro', 'macro', 'weighted'}. "
                             f"Received: average={average}")
        if not isinstance(beta, float):
            raise ValueError("Invalid `beta` argument value. It should be a Python float. "
                             f"Received: beta={beta} of type '{type(beta)}'")
        if beta <= 0.0:
            raise ValueError(f"Invalid `beta` argument value. It should be > 0. Received: beta={beta}")
        if threshold is not None:
            if not isinstance(threshold, float):
                raise ValueError("Invalid `threshold` argument value. It should be a Python float. "
                                 f"Received: threshold={threshold} of type '{type(threshold)}'")
            if threshold > 1.0 or threshold <= 0.0:
                raise ValueError("Invalid `threshold` argument value. It should verify 0 < threshold <= 1. "
                                 f"Received: threshold={threshold}")
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self.axis = None if average == "micro" else 0
        self._built = False

    def _build(self, y_true_shape: Shape, y_pred_shape: Shape) -> None:
        shapes = f"Received input shapes: y_pred.shape={y_pred_shape} and y_true.shape={y_true_shape}."
        if len(y_pred_shape) != 2 or len(y_true_shape) != 2:
            raise ValueError(f"FBetaScore expects 2D inputs with shape (batch_size, output_dim). {shapes}")
        if y_pred_shape[-1] is None or y_true_shape[-1] is None:
            raise ValueError("FBetaScore expects 2D inputs with shape (batch_size, output_dim), with output_dim fully "
                             f"defined (not None). {shapes}")
        shape = () if self.average == "micro" else (y_pred_shape[-1],)

        def zeros(name: str) -> Any:
            return self.add_variable(shape, "zeros", dtype=self.dtype, name=name)

        self.true_positives = zeros("true_positives")
        self.false_positives = zeros("false_positives")
        self.false_negatives = zeros("false_negatives")
        self.intermediate_weights = zeros("intermediate_weights")
        self._built = True

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Takes in a batch of labels and predictions, shape [batch, classes]."""
        dtype = self._compute_dtype
        y_true, y_pred = as_tensor(y_true, dtype), as_tensor(y_pred, dtype)
        if not self._built:
            self._build(y_true.shape, y_pred.shape)
        if self.threshold is None:
            largest = y_pred >= tf.reduce_max(y_pred, axis=-1, keepdims=True)
            positive = tf.logical_and(largest, tf.abs(y_pred) > 1e-9)
        else:
            positive = y_pred > self.threshold
        positive = tf.cast(positive, dtype)
        weights = None if sample_weight is None else as_tensor(sample_weight, dtype)

        def add(variable: Any, values: Tensor) -> None:
            variable.assign_add(sum_over(values, weights, self.axis), read_value=False)

        add(self.true_positives, positive * y_true)
        add(self.false_positives, positive * (1 - y_true))
        add(self.false_negatives, (1 - positive) * y_true)
        add(self.intermediate_weights, y_true)

    def result(self) -> Tensor:
        right = tf.convert_to_tensor(self.true_positives)
        precision = right / (right + self.false_positives + epsilon())
        recall = right / (right + self.false_negatives + epsilon())
        square = self.beta**2
        score = precision * recall / (square * precision + recall + epsilon()) * (1 + square)
        if self.average == "weighted":
            weights = tf.convert_to_tensor(self.intermediate_weights)
            return tf.reduce_sum(score * (weights / (tf.reduce_sum(weights) + epsilon())))
        return score if self.average is None else tf.reduce_mean(score)

    def get_config(self) -> Config:
        return super().get_config() | {"average": self.average, "beta": self.beta, "threshold": self.threshold}


class F1Score(FBetaScore):
    """`2 * precision * recall / (precision + recall)`; the arguments are those of `FBetaScore` but `beta`."""

    def __init__(self, average: str | None = None, threshold: float | None = None, name: str = "f1_score",
                 dtype: Any = None) -> None:
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self) -> Config:
        config = super().get_config()
        del config["beta"]
        return config
