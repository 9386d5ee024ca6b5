"""Counts of right and wrong decisions, and what is made of them."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from ..scopes import variable_scope
from .base import collected, fitted, metric, metric_variable, ratio


def _count(hits: Any, weights: Any) -> tuple[Any, Any]:
    """How often something held, in a variable `count`."""
    count = metric_variable([], tf.float32, "count")
    values = tf.cast(hits, tf.float32)
    if weights is not None:
        values = tf.multiply(values, tf.cast(weights, tf.float32))
    return tf.identity(count), count.assign_add(tf.reduce_sum(values))


def _decisions(labels: Any, predictions: Any, weights: Any) -> tuple[Any, Any, Any]:
    return fitted(tf.cast(predictions, tf.bool), tf.cast(labels, tf.bool), weights)


def _counter(name: str, label: bool, prediction: bool, text: str) -> Callable[..., Any]:
    def count(labels: Any, predictions: Any, weights: Any = None, metrics_collections: Any = None,
              updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
        with variable_scope(name, function.__name__):
            found, wanted, weights = _decisions(labels, predictions, weights)
            hits = tf.logical_and(wanted if label else tf.logical_not(wanted), found if prediction else tf.logical_not(found))
            return collected(*_count(hits, weights), metrics_collections, updates_collections)
    count.__name__ = count.__qualname__ = name
    count.__doc__ = f"""The number, or sum of weights, of {text}.

    Args:
      labels, predictions: taken as booleans, of one shape.
      weights: broadcast over the labels.
      metrics_collections, updates_collections: names of collections that the results join.
      name: of the variables' scope.

    Returns:
      The number so far; and an operation that counts a batch and gives the number after it.

    Raises:
      RuntimeError: in eager code.
      ValueError: shapes that do not fit.
    """
    function = metric(count)
    return function


true_positives = _counter("true_positives", True, True, "positive labels that were predicted")
false_negatives = _counter("false_negatives", True, False, "positive labels that were not predicted")
false_positives = _counter("false_positives", False, True, "negative labels that were predicted to be positive")
true_negatives = _counter("true_negatives", False, False, "negative labels that were predicted")


def _share(part: Any, rest: Any, name: str) -> Any:
    return tf.where(tf.greater(part + rest, 0), tf.divide(part, part + rest), tf.zeros_like(part), name=name)


def _shares(scope: str, name: str | None, other: Callable[..., Any], labels: Any, predictions: Any,
            weights: Any) -> tuple[Any, Any]:
    with variable_scope(name, scope):
        found, wanted, weights = _decisions(labels, predictions, weights)
        hits, new_hits = true_positives(wanted, found, weights)
        rest, new_rest = other(wanted, found, weights)
        return _share(hits, rest, "value"), _share(new_hits, new_rest, "update_op")


@metric
def precision(labels: Any, predictions: Any, weights: Any = None, metrics_collections: Any = None,
              updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The share of positive predictions that are right; arguments, results and errors as `true_positives`."""
    return collected(*_shares("precision", name, false_positives, labels, predictions, weights), metrics_collections,
                     updates_collections)


@metric
def recall(labels: Any, predictions: Any, weights: Any = None, metrics_collections: Any = None,
           updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The share of positive labels that are predicted; arguments, results and errors as `true_positives`."""
    return collected(*_shares("recall", name, false_negatives, labels, predictions, weights), metrics_collections,
                     updates_collections)


def _flat(x: Any) -> Any:
    return x if x is None or x.shape.rank is not None and x.shape.rank <= 1 else tf.reshape(x, [-1])


@metric
def mean_iou(labels: Any, predictions: Any, num_classes: int, weights: Any = None, metrics_collections: Any = None,
             updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The mean over the classes of the intersection of labels and predictions over their union.

    Args:
      labels, predictions: classes, of one shape.
      num_classes: how many there are.
      others: as `true_positives`.

    Returns:
      The mean over the classes seen so far; and an operation that counts a batch and gives the confusion matrix.

    Raises:
      RuntimeError: in eager code.
      ValueError: shapes that do not fit.
    """
    with variable_scope(name, "mean_iou"):
        labels, predictions = tf.convert_to_tensor(labels), tf.convert_to_tensor(predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
        total = metric_variable([num_classes, num_classes], tf.float64, "total_confusion_matrix")
        weights = None if weights is None else tf.convert_to_tensor(weights)
        if weights is not None and weights.shape.rank != 0:
            weights = _flat(weights)
        seen = tf.math.confusion_matrix(_flat(tf.cast(labels, tf.int64)), _flat(tf.cast(predictions, tf.int64)), num_classes,
                                        weights, tf.float64)
        update = total.assign_add(seen)
        both = tf.cast(tf.linalg.diag_part(total), tf.float32)
        union = tf.cast(tf.reduce_sum(total, 0), tf.float32) + tf.cast(tf.reduce_sum(total, 1), tf.float32) - both
        seen_classes = tf.reduce_sum(tf.cast(tf.not_equal(union, 0), tf.float32))
        shares = tf.divide(both, tf.where(tf.greater(union, 0), union, tf.ones_like(union)))
        value = tf.where(tf.greater(seen_classes, 0), tf.reduce_sum(shares, name="mean_iou") / seen_classes, 0.0)
        return collected(value, update, metrics_collections, updates_collections)


@metric
def mean_per_class_accuracy(labels: Any, predictions: Any, num_classes: int, weights: Any = None,
                            metrics_collections: Any = None, updates_collections: Any = None,
                            name: str | None = None) -> tuple[Any, Any]:
    """The mean over the classes of the share of labels that are predicted.

    Args:
      labels, predictions: classes, of one shape.
      num_classes: how many there are.
      others: as `true_positives`.

    Returns:
      The mean so far; and an operation that counts a batch and gives the share of each class.

    Raises:
      RuntimeError: in eager code.
      ValueError: shapes that do not fit.
    """
    with variable_scope(name, "mean_accuracy"):
        labels, predictions = _flat(tf.cast(labels, tf.int64)), _flat(tf.convert_to_tensor(predictions))
        predictions.shape.assert_is_compatible_with(labels.shape)
        total, count = [metric_variable([num_classes], tf.float32, n) for n in ("total", "count")]
        ones = tf.ones([tf.size(labels)], tf.float32)
        hits = tf.cast(tf.equal(tf.cast(predictions, labels.dtype), labels), tf.float32)
        if weights is not None:
            weights = _flat(tf.cast(weights, tf.float32))
            ones, hits = ones * weights, hits * weights
        new_total = total.assign_add(tf.math.unsorted_segment_sum(ones, labels, num_classes))
        new_count = count.assign_add(tf.math.unsorted_segment_sum(hits, labels, num_classes))
        value = tf.reduce_mean(ratio(count, total, "shares"), name="mean_accuracy")
        return collected(value, ratio(new_count, new_total, "update_op"), metrics_collections, updates_collections)
