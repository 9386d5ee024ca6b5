"""Counts of right and wrong decisions at thresholds of a predicted probability, and what is made of them."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import thalweg as tf

from ..scopes import variable_scope
from ..weights import broadcast_weights
from .base import collected, fitted, metric, metric_variable

_EPSILON = 1e-7
_NAMES = {"tp": "true_positives", "fn": "false_negatives", "tn": "true_negatives", "fp": "false_positives"}


def _in_range(predictions: Any) -> list[Any]:
    inside = tf.logical_and(tf.reduce_all(predictions >= 0), tf.reduce_all(predictions <= 1))
    check = tf.Assert(inside, ["predictions must be in [0, 1]", predictions])
    return [] if check is None else [check]


def _counts(labels: Any, predictions: Any, thresholds: Sequence[float], weights: Any,
            kinds: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The variables of the wanted counts, one number a threshold, and their updates."""
    predictions = tf.convert_to_tensor(predictions)
    with tf.control_dependencies(_in_range(predictions)):
        predictions, labels, weights = fitted(tf.cast(predictions, tf.float32), tf.cast(labels, tf.bool), weights)
    row = tf.reshape(predictions, [1, -1])
    found = tf.greater(row, tf.expand_dims(tf.constant(list(thresholds), tf.float32), 1))
    wanted = tf.reshape(labels, [1, -1])
    if weights is not None:
        weights = tf.reshape(broadcast_weights(tf.cast(weights, tf.float32), predictions), [1, -1])
    values, updates = {}, {}
    for kind in kinds:
        yes = wanted if kind in ("tp", "fn") else tf.logical_not(wanted)
        said = found if kind in ("tp", "fp") else tf.logical_not(found)
        hits = tf.cast(tf.logical_and(yes, said), tf.float32)
        variable = metric_variable([len(thresholds)], tf.float32, _NAMES[kind])
        updates[kind] = variable.assign_add(tf.reduce_sum(hits if weights is None else hits * weights, 1))
        values[kind] = variable
    return values, updates


def _counter(kind: str) -> Callable[..., Any]:
    def count(labels: Any, predictions: Any, thresholds: Sequence[float], weights: Any = None,
              metrics_collections: Any = None, updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
        with variable_scope(name, _NAMES[kind]):
            values, updates = _counts(labels, predictions, thresholds, weights, (kind,))
            return collected(tf.identity(values[kind]), updates[kind], metrics_collections, updates_collections)
    count.__name__ = count.__qualname__ = f"{_NAMES[kind]}_at_thresholds"
    count.__doc__ = f"""The number of {_NAMES[kind].replace("_", " ")} where what exceeds a threshold is positive.

    Args:
      labels: taken as booleans.
      predictions: probabilities, of the shape of the labels.
      thresholds: a list of numbers.
      weights: broadcast over the labels.
      metrics_collections, updates_collections: names of collections that the results join.
      name: of the variables' scope.

    Returns:
      The numbers so far, one a threshold; and an operation that counts a batch and gives the numbers after it.

    Raises:
      RuntimeError: in eager code.
      ValueError: shapes that do not fit.
      InvalidArgumentError: a prediction outside [0, 1].
    """
    return metric(count)


true_positives_at_thresholds = _counter("tp")
false_negatives_at_thresholds = _counter("fn")
true_negatives_at_thresholds = _counter("tn")
false_positives_at_thresholds = _counter("fp")


def _shares(scope: str, other: str, labels: Any, predictions: Any, thresholds: Any, weights: Any,
            name: str | None) -> tuple[Any, Any]:
    with variable_scope(name, f"{scope}_at_thresholds"):
        values, updates = _counts(labels, predictions, thresholds, weights, ("tp", other))
        return tuple(tf.truediv(c["tp"], _EPSILON + c["tp"] + c[other], name=f"{scope}_{label}")
                     for c, label in ((values, "value"), (updates, "update_op")))


@metric
def precision_at_thresholds(labels: Any, predictions: Any, thresholds: Sequence[float], weights: Any = None,
                            metrics_collections: Any = None, updates_collections: Any = None,
                            name: str | None = None) -> tuple[Any, Any]:
    """The share of positive predictions that are right; arguments as `true_positives_at_thresholds`."""
    return collected(*_shares("precision", "fp", labels, predictions, thresholds, weights, name), metrics_collections,
                     updates_collections)


@metric
def recall_at_thresholds(labels: Any, predictions: Any, thresholds: Sequence[float], weights: Any = None,
                         metrics_collections: Any = None, updates_collections: Any = None,
                         name: str | None = None) -> tuple[Any, Any]:
    """The share of positive labels that are predicted; arguments as `true_positives_at_thresholds`."""
    return collected(*_shares("recall", "fn", labels, predictions, thresholds, weights, name), metrics_collections,
                     updates_collections)


def _spread(count: int, last: float = 1.0 + _EPSILON) -> list[float]:
    """Thresholds at even distances, with the first below and the last beyond all probabilities."""
    return [-_EPSILON, *[(i + 1) / (count - 1) for i in range(count - 2)], last]


@metric
def auc(labels: Any, predictions: Any, weights: Any = None, num_thresholds: int = 200, metrics_collections: Any = None,
        updates_collections: Any = None, curve: str = "ROC", name: str | None = None,
        summation_method: str = "trapezoidal", thresholds: Sequence[float] | None = None) -> tuple[Any, Any]:
    """The area under a curve that thresholds draw.

    Args:
      labels: taken as booleans.
      predictions: probabilities, of the shape of the labels.
      weights: broadcast over the labels.
      num_thresholds: how many thresholds there are.
      metrics_collections, updates_collections: names of collections that the results join.
      curve: "ROC" for the share of false positives and recall, "PR" for recall and precision.
      name: of the variables' scope.
      summation_method: "trapezoidal", "minoring", "majoring", or "careful_interpolation" (Davis and Goadrich 2006).
      thresholds: the thresholds themselves.

    Returns:
      The area so far; and an operation that counts a batch and gives the area after it.

    Raises:
      RuntimeError: in eager code.
      ValueError: an unknown curve or method, or shapes that do not fit.
      InvalidArgumentError: a prediction outside [0, 1].
    """
    with variable_scope(name, "auc"):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"Curve must be either ROC or PR. Curve {curve} is unknown.")
        if summation_method not in ("trapezoidal", "careful_interpolation", "minoring", "majoring"):
            raise ValueError(f"Invalid summation_method: {summation_method} summation_method should be 'trapezoidal', "
                             "'careful_interpolation', 'minoring', or 'majoring'.")
        edges = _spread(num_thresholds) if thresholds is None else [-_EPSILON, *sorted(thresholds), 1.0 + _EPSILON]
        values, updates = _counts(labels, predictions, edges, weights, ("tp", "fn", "tn", "fp"))
        value, update = [_area(curve, summation_method, label, **{k: tf.convert_to_tensor(v) for k, v in c.items()})
                         for c, label in ((values, "value"), (updates, "update_op"))]
        return collected(value, update, metrics_collections, updates_collections)


def _area(curve: str, method: str, name: str, tp: Any, fn: Any, tn: Any, fp: Any) -> Any:
    small = 1e-6
    if curve == "PR" and method == "careful_interpolation":
        return _interpolated(tp, fp, fn)
    recall = tf.truediv(tp + small, tp + fn + small)
    x, y = (tf.truediv(fp, fp + tn + small), recall) if curve == "ROC" else (recall, tf.truediv(tp + small, tp + fp + small))
    width = x[:-1] - x[1:]
    if method in ("minoring", "majoring"):
        return tf.reduce_sum(width * (tf.minimum if method == "minoring" else tf.maximum)(y[:-1], y[1:]), name=name)
    return tf.reduce_sum(width * ((y[:-1] + y[1:]) / 2.0), name=name)


def _interpolated(tp: Any, fp: Any, fn: Any) -> Any:
    """The area under precision over recall, where true positives between two thresholds grow linearly with all positives."""
    gain, positives = tp[:-1] - tp[1:], tp + fp
    before, after = positives[:-1], positives[1:]
    slope = tf.math.divide_no_nan(gain, tf.maximum(before - after, 0), name="prec_slope")
    base = tp[1:] - slope * after
    growth = tf.where(tf.logical_and(before > 0, after > 0),
                      tf.math.divide_no_nan(before, tf.maximum(after, 0), name="recall_relative_ratio"), tf.ones_like(after))
    parts = tf.math.divide_no_nan(slope * (gain + base * tf.math.log(growth)), tf.maximum(tp[1:] + fn[1:], 0),
                                  name="pr_auc_increment")
    return tf.reduce_sum(parts, name="interpolate_pr_auc")


@metric
def sensitivity_at_specificity(labels: Any, predictions: Any, specificity: float, weights: Any = None,
                               num_thresholds: int = 200, metrics_collections: Any = None, updates_collections: Any = None,
                               name: str | None = None) -> tuple[Any, Any]:
    """The recall at the threshold whose share of rejected negatives is nearest to `specificity`.

    Arguments, results and errors as `auc`; a specificity outside [0, 1] is a ValueError.
    """
    if specificity < 0 or specificity > 1:
        raise ValueError(f"`specificity` must be in the range [0, 1]. Currently, `specificity` got {specificity}.")
    with variable_scope(name, "sensitivity_at_specificity"):
        values, updates = _counts(labels, predictions, _spread(num_thresholds), weights, ("tp", "fn", "tn", "fp"))

        def at(tp: Any, fn: Any, tn: Any, fp: Any, label: str) -> Any:
            place = tf.argmin(tf.abs(tf.truediv(tn, tn + fp + _EPSILON) - specificity), 0, tf.int32)
            return tf.truediv(tf.gather(tp, place), tf.gather(tp, place) + tf.gather(fn, place) + _EPSILON, name=label)
        return collected(at(**values, label="value"), at(**updates, label="update_op"), metrics_collections,
                         updates_collections)


@metric
def specificity_at_sensitivity(labels: Any, predictions: Any, sensitivity: float, weights: Any = None,
                               num_thresholds: int = 200, metrics_collections: Any = None, updates_collections: Any = None,
                               name: str | None = None) -> tuple[Any, Any]:
    """The share of rejected negatives at the last threshold whose recall is nearest to `sensitivity`.

    Arguments, results and errors as `auc`; a sensitivity outside [0, 1] is a ValueError.
    """
    if sensitivity < 0 or sensitivity > 1:
        raise ValueError(f"`sensitivity` must be in the range [0, 1]. Currently, `sensitivity` is {sensitivity}.")
    with variable_scope(name, "specificity_at_sensitivity"):
        values, updates = _counts(labels, predictions, _spread(num_thresholds, 1.0 - _EPSILON), weights,
                                  ("tp", "fn", "tn", "fp"))

        def at(tp: Any, fn: Any, tn: Any, fp: Any, label: str) -> Any:
            distance = tf.abs(tf.truediv(tp, tp + fn + _EPSILON) - sensitivity)
            nearest = tf.cast(tf.equal(distance, tf.reduce_min(distance)), tf.int64)
            place = tf.argmax(tf.cumsum(nearest), 0, tf.int32)
            return tf.truediv(tf.gather(tn, place), tf.gather(tn, place) + tf.gather(fp, place) + _EPSILON, name=label)
        return collected(at(**values, label="value"), at(**updates, label="update_op"), metrics_collections,
                         updates_collections)
