"""How good the best k predictions are."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from ..framework import name_scope
from ..weights import assert_broadcastable, broadcast_weights
from .base import collected, metric, metric_variable

_ABSENT = np.iinfo(np.int64).min
"""Stands for no label, where rows have different numbers of labels."""


def _at_k(name: str, k: Any, class_id: Any = None) -> str:
    return f"{name}_at_{'k' if k is None else k}" + ("" if class_id is None else f"_class{class_id}")


def _dense(labels: Any, predictions: Any) -> Any:
    """The labels as int64 `[..., n]`, those of sparse labels filled up with what is no label."""
    if hasattr(labels, "dense_shape"):
        labels = tf.sparse.to_dense(labels, default_value=tf.constant(_ABSENT, labels.dtype), validate_indices=False)
    labels = tf.cast(labels, tf.int64)
    if labels.shape.rank is not None and predictions.shape.rank is not None:
        extra = predictions.shape.rank - labels.shape.rank
        if extra not in (0, 1):
            raise ValueError(f"Unexpected labels shape {labels.shape} for predictions shape {predictions.shape}. Predictions "
                             "rank should be the same rank as labels rank or labels rank plus one .")
        return tf.expand_dims(labels, -1) if extra else labels
    more = tf.equal(tf.rank(predictions), tf.rank(labels) + 1)
    return tf.cond(more, lambda: tf.expand_dims(labels, -1), lambda: labels)


def _members(x: Any, of: Any) -> Any:
    """Which of `x` `[..., n]` occur among `of` `[..., m]`."""
    return tf.reduce_any(tf.equal(tf.expand_dims(x, -1), tf.expand_dims(of, -2)), -1)


def _first(x: Any) -> Any:
    """Which of `x` `[..., n]` do not occur further left."""
    same = tf.equal(tf.expand_dims(x, -1), tf.expand_dims(x, -2))
    n = tf.shape(x)[-1]
    left = tf.linalg.band_part(tf.ones([n, n], tf.bool), -1, 0) & ~tf.eye(n, dtype=tf.bool)
    return ~tf.reduce_any(same & left, -1)


def _number(x: Any, other: Any, class_id: Any, common: bool, weights: Any) -> Any:
    """How many different values of each row of `x` are among (or not among) those of `other`, times its weight."""
    inside = _members(x, other)
    counted = _first(x) & tf.not_equal(x, _ABSENT) & (inside if common else ~inside)
    if class_id is not None:
        counted &= tf.equal(x, tf.cast(class_id, tf.int64))
    found = tf.reduce_sum(tf.cast(counted, tf.float64), -1)
    if weights is None:
        return found
    with tf.control_dependencies(assert_broadcastable(weights, found)):
        return tf.multiply(found, tf.cast(weights, tf.float64))


def _streamed(name: str, x: Any, other: Any, k: Any, class_id: Any, common: bool, weights: Any) -> tuple[Any, Any]:
    with name_scope(None, _at_k(name, k, class_id)) as scope:
        total = tf.reduce_sum(_number(x, other, class_id, common, weights))
        variable = metric_variable([], tf.float64, scope)
        return variable, variable.assign_add(total)


def _share_at_top_k(kind: str, labels: Any, found: Any, k: Any, class_id: Any, weights: Any, collections: Any,
                    updates: Any, name: str | None) -> tuple[Any, Any]:
    with name_scope(name, _at_k(kind, k, class_id)) as scope:
        found = tf.cast(found, tf.int64)
        labels = _dense(labels, found)
        hits, new_hits = _streamed("true_positive", found, labels, k, class_id, True, weights)
        if kind == "recall":
            rest, new_rest = _streamed("false_negative", labels, found, k, class_id, False, weights)
        else:
            rest, new_rest = _streamed("false_positive", found, labels, k, class_id, False, weights)
        value = tf.truediv(hits, tf.add(hits, rest), name=scope)
        update = tf.truediv(new_hits, tf.add(new_hits, new_rest), name="update")
        return collected(value, update, collections, updates)


@metric
def recall_at_top_k(labels: Any, predictions_idx: Any, k: Any = None, class_id: Any = None, weights: Any = None,
                    metrics_collections: Any = None, updates_collections: Any = None,
                    name: str | None = None) -> tuple[Any, Any]:
    """The share of the labels that are among the k classes predicted.

    Args:
      labels: classes `[..., n]`, or `[...]` for one a row; or a sparse tensor of them.
      predictions_idx: the predicted classes `[..., k]`.
      k: for the name alone.
      class_id: count this class alone.
      weights: one for each row.
      metrics_collections, updates_collections: names of collections that the results join.
      name: of the variables' scope.

    Returns:
      The share so far, NaN before the first label; and an operation that counts a batch and gives the share after it.

    Raises:
      RuntimeError: in eager code.
      ValueError: shapes that do not fit.
    """
    return _share_at_top_k("recall", labels, predictions_idx, k, class_id, weights, metrics_collections,
                           updates_collections, name)


@metric
def precision_at_top_k(labels: Any, predictions_idx: Any, k: Any = None, class_id: Any = None, weights: Any = None,
                       metrics_collections: Any = None, updates_collections: Any = None,
                       name: str | None = None) -> tuple[Any, Any]:
    """The share of the k predicted classes that are labels; arguments, results and errors as `recall_at_top_k`."""
    return _share_at_top_k("precision", labels, predictions_idx, k, class_id, weights, metrics_collections,
                           updates_collections, name)


@metric
def recall_at_k(labels: Any, predictions: Any, k: int, class_id: Any = None, weights: Any = None,
                metrics_collections: Any = None, updates_collections: Any = None,
                name: str | None = None) -> tuple[Any, Any]:
    """`recall_at_top_k` of the k classes with the largest `predictions` `[..., classes]`."""
    with name_scope(name, _at_k("recall", k, class_id)) as scope:
        return recall_at_top_k(labels, tf.math.top_k(predictions, k)[1], k, class_id, weights, metrics_collections,
                               updates_collections, scope)


@metric
def precision_at_k(labels: Any, predictions: Any, k: int, class_id: Any = None, weights: Any = None,
                   metrics_collections: Any = None, updates_collections: Any = None,
                   name: str | None = None) -> tuple[Any, Any]:
    """`precision_at_top_k` of the k classes with the largest `predictions` `[..., classes]`."""
    with name_scope(name, _at_k("precision", k, class_id)) as scope:
        return precision_at_top_k(labels, tf.math.top_k(predictions, k)[1], k, class_id, weights, metrics_collections,
                                  updates_collections, scope)


sparse_precision_at_k = precision_at_k


def _average_precision(labels: Any, found: Any, k: int) -> Any:
    """For each row the mean, over its labels, of the precision down to the rank where a label is predicted."""
    hits = tf.cast(_members(found, labels), tf.float64)
    ranks = tf.cumsum(tf.ones_like(hits), axis=-1)
    total = tf.reduce_sum(tf.truediv(tf.cumsum(hits, axis=-1), ranks) * hits, -1)
    relevant = tf.minimum(tf.reduce_sum(tf.cast(labels >= 0, tf.int64), -1), k)
    return tf.truediv(total, tf.cast(relevant, tf.float64))


@metric
def average_precision_at_k(labels: Any, predictions: Any, k: int, weights: Any = None, metrics_collections: Any = None,
                           updates_collections: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The mean over all rows of the average precision of the k best predictions.

    Args:
      labels: classes `[..., n]`, or `[...]` for one a row; or a sparse tensor of them. Those out of range do not count.
      predictions: `[..., classes]`.
      k: how many predictions count.
      others: as `recall_at_top_k`.

    Returns:
      The mean so far; and an operation that counts a batch and gives the mean after it.

    Raises:
      RuntimeError: in eager code.
      ValueError: `k` is below 1.
    """
    if k < 1:
        raise ValueError(f"Invalid k={k}. `k` should be >= 1.")
    with name_scope(name, _at_k("average_precision", k)) as scope:
        found = tf.cast(tf.math.top_k(predictions, k)[1], tf.int64)
        labels = _dense(labels, found)
        classes = tf.cast(tf.shape(predictions)[-1], tf.int64)
        labels = tf.cond(tf.reduce_max(labels) >= classes,
                         lambda: tf.where(labels >= classes, -tf.ones_like(labels), labels), lambda: labels)
        values = _average_precision(labels, found, k)
        if weights is not None:
            weights = broadcast_weights(tf.cast(weights, tf.float64), values)
            values = tf.multiply(values, weights)
        with name_scope(None, "max") as inner:
            most = metric_variable([], tf.float64, inner)
            new_most = most.assign_add(tf.cast(tf.size(values), tf.float64) if weights is None else tf.reduce_sum(weights))
        with name_scope(None, "total") as inner:
            total = metric_variable([], tf.float64, inner)
            new_total = total.assign_add(tf.reduce_sum(values))
        value = tf.math.divide_no_nan(total, most, name="mean")
        return collected(value, tf.math.divide_no_nan(new_total, new_most, name=scope), metrics_collections,
                         updates_collections)


sparse_average_precision_at_k = average_precision_at_k
