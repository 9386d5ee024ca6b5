"""How far predictions and labels move together."""
from __future__ import annotations

import warnings
from typing import Any

import thalweg as tf

from ..config import as_tensor, epsilon
from ..losses.reduction import squeeze_or_expand_to_same_rank
from ..losses.regression import floating_pair
from ..types import Config, Shape, Tensor, TensorLike
from .base import Metric
from .reduction import NamedMetric

_AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


def _centred(x: Tensor, axis: Any) -> Tensor:
    return x - tf.reduce_mean(x, axis=axis, keepdims=True)


def pearson_correlation(y_true: TensorLike, y_pred: TensorLike, axis: Any = -1) -> Tensor:
    """Pearson's correlation coefficient along `axis`."""
    y_true, y_pred = floating_pair(y_true, y_pred)
    y_true, y_pred = _centred(y_true, axis), _centred(y_pred, axis)
    y_true = y_true / tf.math.reduce_std(y_true, axis=axis, keepdims=True)
    y_pred = y_pred / tf.math.reduce_std(y_pred, axis=axis, keepdims=True)
    return tf.reduce_mean(y_true * y_pred, axis=axis)


def concordance_correlation(y_true: TensorLike, y_pred: TensorLike, axis: Any = -1) -> Tensor:
    """Lin's concordance correlation coefficient along `axis` (Lin, 1989)."""
    y_true, y_pred = floating_pair(y_true, y_pred)
    mean_true = tf.reduce_mean(y_true, axis=axis, keepdims=True)
    mean_pred = tf.reduce_mean(y_pred, axis=axis, keepdims=True)
    spread = (tf.math.reduce_variance(y_true, axis=axis, keepdims=True)
              + tf.math.reduce_variance(y_pred, axis=axis, keepdims=True) + tf.square(mean_true - mean_pred))
    together = (y_true - mean_pred) * (y_pred - mean_pred)
    return tf.reduce_mean(2 * together / (spread + epsilon()), axis=axis)


class PearsonCorrelation(NamedMetric):
    """The mean of Pearson's correlation coefficient along `axis`."""

    _direction = "up"
    _arguments = ("axis",)

    def __init__(self, name: str = "pearson_correlation", dtype: Any = None, axis: Any = -1) -> None:
        super().__init__(pearson_correlation, name, dtype, axis=axis)


class ConcordanceCorrelation(NamedMetric):
    """The mean of Lin's concordance correlation coefficient along `axis` (Lin, 1989)."""

    _direction = "up"
    _arguments = ("axis",)

    def __init__(self, name: str = "concordance_correlation", dtype: Any = None, axis: Any = -1) -> None:
        super().__init__(concordance_correlation, name, dtype, axis=axis)


class R2Score(Metric):
    """The coefficient of determination: 1 where predictions are right, 0 where they are no better than the mean.

    Args:
      class_aggregation: `"uniform_average"`, `"variance_weighted_average"`, or None for one score a column.
      num_regressors: the number of independent regressors for the adjusted score; 0 for the standard one.
      name: of the metric.
      dtype: to compute in.

    Raises:
      ValueError: an argument is none of these; labels or predictions are not of shape [batch, columns].
    """

    _direction = "up"

    def __init__(self, class_aggregation: str | None = "uniform_average", num_regressors: int = 0,
                 name: str = "r2_score", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        if class_aggregation not in _AGGREGATIONS:
            raise ValueError(f"Invalid value for argument `class_aggregation`. Expected one of {_AGGREGATIONS}. "
                             f"Received: class_aggregation={class_aggregation}")
        if num_regressors < 0:
            raise ValueError("Invalid value for argument `num_regressors`. Expected a value >= 0. "
                             f"Received: num_regressors={num_regressors}")
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.num_samples = self.add_variable((), "zeros", name="num_samples")
        self._built = False

    def _build(self, y_true_shape: Shape, y_pred_shape: Shape) -> None:
        shapes = f"Received input shapes: y_pred.shape={y_pred_shape} and y_true.shape={y_true_shape}."
        if len(y_pred_shape) != 2 or len(y_true_shape) != 2:
            raise ValueError(f"R2Score expects 2D inputs with shape (batch_size, output_dim). {shapes}")
        if y_pred_shape[-1] is None or y_true_shape[-1] is None:
            raise ValueError("R2Score expects 2D inputs with shape (batch_size, output_dim), with output_dim fully "
                             f"defined (not None). {shapes}")
        size = [y_pred_shape[-1]]
        self.squared_sum = self.add_variable(size, "zeros", name="squared_sum")
        self.sum = self.add_variable(size, "zeros", name="sum")
        self.total_mse = self.add_variable(size, "zeros", name="residual")
        self.count = self.add_variable(size, "zeros", name="count")
        self._built = True

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Takes in a batch of labels and predictions, shape [batch, columns]."""
        dtype = self._compute_dtype
        y_true, y_pred = squeeze_or_expand_to_same_rank(as_tensor(y_true, dtype), as_tensor(y_pred, dtype))
        if not self._built:
            self._build(y_true.shape, y_pred.shape)
        weights = as_tensor(1 if sample_weight is None else sample_weight, dtype)
        if len(weights.shape) == 1:
            weights = tf.expand_dims(weights, 1)
        weights = tf.broadcast_to(weights, tf.shape(y_true))
        weighted = y_true * weights
        self.sum.assign_add(tf.reduce_sum(weighted, 0), read_value=False)
        self.squared_sum.assign_add(tf.reduce_sum(y_true * weighted, 0), read_value=False)
        self.total_mse.assign_add(tf.reduce_sum(tf.math.squared_difference(y_true, y_pred) * weights, 0),
                                  read_value=False)
        self.count.assign_add(tf.reduce_sum(weights, 0), read_value=False)
        self.num_samples.assign_add(tf.cast(tf.size(y_true), self.num_samples.dtype), read_value=False)

    def result(self) -> Tensor:
        total = self.squared_sum - self.sum * (self.sum / self.count)
        scores = 1 - self.total_mse / total
        scores = tf.where(tf.math.is_inf(scores), tf.zeros_like(scores), scores)
        if self.class_aggregation == "uniform_average":
            scores = tf.reduce_mean(scores)
        elif self.class_aggregation == "variance_weighted_average":
            scores = tf.reduce_sum(total * scores) / tf.reduce_sum(total)
        if self.num_regressors:
            freedom = float(self.num_samples) - self.num_regressors - 1.0
            if freedom < 0:
                warnings.warn("More independent predictors than datapoints in adjusted R2 score. Falling back to "
                              "standard R2 score.", stacklevel=2)
            elif freedom == 0:
                warnings.warn("Division by zero in Adjusted R2 score. Falling back to standard R2 score.", stacklevel=2)
            else:
                scores = 1.0 - (1.0 - scores) * (float(self.num_samples) - 1.0) / freedom
        return scores

    def get_config(self) -> Config:
        return super().get_config() | {
            "class_aggregation": self.class_aggregation, "num_regressors": self.num_regressors,
        }  # fmt: skip
