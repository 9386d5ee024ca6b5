"""Means over all batches: of values, of errors, of hits."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..scopes import variable_scope
from ..weights import broadcast_weights, remove_squeezable_dimensions
from .base import collected, fitted, metric, metric_variable, ratio


def _mean(values: Any, weights: Any, name: str | None, default: str, whole: bool) -> tuple[Any, Any]:
    with variable_scope(name, default):
        values = tf.cast(values, tf.float32)
        shape, tail = ([], "") if whole else (values.shape, "_tensor")
        total, count = metric_variable(shape, tf.float32, "total" + tail), metric_variable(shape, tf.float32, "count" + tail)
        if weights is None:
            number = tf.cast(tf.size(values), tf.float32) if whole else tf.ones_like(values)
        else:
            values, _, weights = fitted(values, None, weights)
            weights = broadcast_weights(tf.cast(weights, tf.float32), values)
            values = tf.multiply(values, weights)
            number = tf.reduce_sum(weights) if whole else tf.multiply(tf.ones_like(values), weights)
        new_total = total.assign_add(tf.reduce_sum(values) if whole else values)
        with tf.control_dependencies([values]):
            new_count = count.assign_add(number)
        return ratio(total, count, "value"), ratio(new_total, new_count, "update_op")


@metric
def mean(values: Any, weights: Any = None, metrics_collections: Any = None, updates_collections: Any = None,
         name: str | None = None) -> tuple[Any, Any]:
    """The mean of all values so far.

    Args:
      values: a tensor of any shape.
      weights: broadcast over the values.
      metrics_collections, updates_collections: names of collections that the results join.
      name: of the variables' scope.

    Returns:
      The mean, 0 before the first value; and an operation that counts `values` and gives the mean after them.

    Raises:
      RuntimeError: in eager code.
      ValueError: weights of a shape that does not fit.
    """
    return collected(*_mean(values, weights, name, "mean", True), metrics_collections, updates_collections)


@metric
def mean_tensor(values: Any, weights: Any = None, metrics_collections: Any = None, updates_collections: Any = None,
                name: str | None = None) -> tuple[Any, Any]:
    """The mean over all batches of each element of `values`; arguments, results and errors as `mean`."""
    return collected(*_mean(values, weights, name, "mean", False), metrics_collections, updates_collections)


@metric
def accuracy(labels: Any, predictions: Any, weights: Any = None, metrics_collections: Any = None,
             updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The share of predictions that equal their labels; other arguments, results and errors as `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    if labels.dtype != predictions.dtype:
        predictions = tf.cast(predictions, labels.dtype)
    hits = tf.cast(tf.equal(predictions, labels), tf.float32)
    return mean(hits, weights, metrics_collections, updates_collections, name or "accuracy")


@metric
def mean_absolute_error(labels: Any, predictions: Any, weights: Any = None, metrics_collections: Any = None,
                        updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The mean of `|predictions - labels|`; other arguments, results and errors as `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    return mean(tf.abs(predictions - labels), weights, metrics_collections, updates_collections,
                name or "mean_absolute_error")


@metric
def mean_cosine_distance(labels: Any, predictions: Any, dim: int, weights: Any = None, metrics_collections: Any = None,
                         updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """One minus the mean inner product of unit vectors along axis `dim`; other arguments as `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    products = tf.reduce_sum(tf.multiply(predictions, labels), axis=[dim], keepdims=True)
    value, update = mean(products, weights, name=name or "mean_cosine_distance")
    return collected(tf.subtract(1.0, value), tf.subtract(1.0, update), metrics_collections, updates_collections)


@metric
def mean_relative_error(labels: Any, predictions: Any, normalizer: Any, weights: Any = None, metrics_collections: Any = None,
                        updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The mean of `|labels - predictions| / normalizer`, 0 where that is 0; other arguments as `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    predictions, normalizer = remove_squeezable_dimensions(predictions, normalizer)
    predictions.shape.assert_is_compatible_with(normalizer.shape)
    errors = tf.where(tf.equal(normalizer, 0.0), tf.zeros_like(labels), tf.divide(tf.abs(labels - predictions), normalizer))
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_relative_error")


@metric
def mean_squared_error(labels: Any, predictions: Any, weights: Any = None, metrics_collections: Any = None,
                       updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The mean of `(labels - predictions)**2`; other arguments, results and errors as `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    return mean(tf.math.squared_difference(labels, predictions), weights, metrics_collections, updates_collections,
                name or "mean_squared_error")


@metric
def root_mean_squared_error(labels: Any, predictions: Any, weights: Any = None, metrics_collections: Any = None,
                            updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The root of `mean_squared_error`."""
    value, update = mean_squared_error(labels, predictions, weights, name=name or "root_mean_squared_error")
    return collected(tf.sqrt(value), tf.sqrt(update), metrics_collections, updates_collections)


@metric
def percentage_below(values: Any, threshold: Any, weights: Any = None, metrics_collections: Any = None,
                     updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The share of values below a threshold; other arguments, results and errors as `mean`."""
    below = tf.cast(tf.less(values, threshold), tf.float32)
    return mean(below, weights, metrics_collections, updates_collections, name or "percentage_below_threshold")
