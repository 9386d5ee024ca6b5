"""`tf.losses` of TensorFlow 1: weighted losses that add themselves to a collection of the graph."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..core.context import ctx
from .building import builds
from .collections import GraphKeys, home
from .framework import name_scope
from .weights import assert_broadcastable, broadcast_weights, remove_squeezable_dimensions


class Reduction:
    """How the weighted losses of a batch become one number."""

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Every reduction."""
        return (cls.NONE, cls.SUM, cls.MEAN, cls.SUM_OVER_BATCH_SIZE, cls.SUM_OVER_NONZERO_WEIGHTS,
                cls.SUM_BY_NONZERO_WEIGHTS)

    @classmethod
    def validate(cls, key: Any) -> None:
        """Raises ValueError for what is no reduction."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}. Key should be one of {cls.all()}.")


def add_loss(loss: Any, loss_collection: Any = GraphKeys.LOSSES) -> None:
    """Adds a loss to a collection of the graph; in eager code nothing collects."""
    if loss_collection and _collects():
        home().add_to_collection(loss_collection, loss)


@builds
def _collects() -> bool:
    return ctx.graph is not None


def get_losses(scope: str | None = None, loss_collection: Any = GraphKeys.LOSSES) -> list[Any]:
    """The losses in a collection; with `scope` those whose names match it."""
    return home().get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Any]:
    """The regularization losses of the graph."""
    return home().get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


@builds
def get_regularization_loss(scope: str | None = None, name: str = "total_regularization_loss") -> Any:
    """The sum of the regularization losses, zero without any."""
    found = get_regularization_losses(scope)
    return tf.add_n(found, name=name) if found else tf.constant(0.0)


@builds
def get_total_loss(add_regularization_losses: bool = True, name: str = "total_loss", scope: str | None = None) -> Any:
    """The sum of the losses in the graph's collection, the regularization losses included unless told otherwise."""
    found = get_losses(scope)
    return tf.add_n([*found, *get_regularization_losses(scope)] if add_regularization_losses else found, name=name)


def _safe_mean(total: Any, count: Any) -> Any:
    return tf.math.divide_no_nan(total, count, name="value")


def _present(values: Any, weights: Any, per_row: bool = False) -> Any:
    """How many values have a weight other than zero: of all, or of each row with the other axes kept as ones."""
    with tf.name_scope("num_present"):
        there = broadcast_weights(tf.where(tf.equal(weights, 0.0), tf.zeros_like(weights), tf.ones_like(weights)), values)
        if per_row:
            return tf.reduce_sum(there, axis=tf.range(1, tf.rank(there)), keepdims=True)
        return tf.reduce_sum(there)


@builds
def compute_weighted_loss(losses: Any, weights: Any = 1.0, scope: str | None = None,
                          loss_collection: Any = GraphKeys.LOSSES,
                          reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS) -> Any:
    """`losses * weights` reduced to one number, which joins a collection.

    Args:
      losses: of any shape.
      weights: a scalar, or of the rank of `losses` with axes as long as theirs or one.
      scope: the name scope.
      loss_collection: the collection that the result joins, None for none.
      reduction: one of `Reduction`.

    Returns:
      A tensor of the losses' dtype, computed in float32: a scalar, or of the losses' shape with `Reduction.NONE`.

    Raises:
      ValueError: an unknown reduction, or weights of a shape that does not fit.
    """
    Reduction.validate(reduction)
    with name_scope(scope, "weighted_loss"):
        losses = tf.convert_to_tensor(losses)
        with tf.control_dependencies(assert_broadcastable(weights, losses)):
            kind = losses.dtype
            losses, weights = tf.cast(losses, tf.float32), tf.cast(weights, tf.float32)
            loss = tf.multiply(losses, weights)
            if reduction != Reduction.NONE:
                loss = tf.reduce_sum(loss)
            if reduction == Reduction.MEAN:
                loss = _safe_mean(loss, tf.reduce_sum(tf.ones_like(losses) * weights))
            elif reduction == Reduction.SUM_BY_NONZERO_WEIGHTS:
                loss = _safe_mean(loss, _present(losses, weights))
            elif reduction == Reduction.SUM_OVER_BATCH_SIZE:
                loss = _safe_mean(loss, tf.cast(tf.size(losses, name="num_elements"), losses.dtype))
            loss = tf.cast(loss, kind)
            add_loss(loss, loss_collection)
            return loss


def _required(**arguments: Any) -> None:
    for name, value in arguments.items():
        if value is None:
            raise ValueError(f"Argument `{name}` must not be None.")


def _pair(labels: Any, predictions: Any) -> tuple[Any, Any]:
    """Both in float32, of shapes that fit."""
    predictions, labels = tf.cast(predictions, tf.float32), tf.cast(labels, tf.float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    return labels, predictions


@builds
def absolute_difference(labels: Any, predictions: Any, weights: Any = 1.0, scope: str | None = None,
                        loss_collection: Any = GraphKeys.LOSSES,
                        reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS) -> Any:
    """`|labels - predictions|`; see `compute_weighted_loss`."""
    _required(labels=labels, predictions=predictions)
    with name_scope(scope, "absolute_difference") as scope:
        labels, predictions = _pair(labels, predictions)
        losses = tf.abs(tf.subtract(predictions, labels))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@builds
def cosine_distance(labels: Any, predictions: Any, axis: Any = None, weights: Any = 1.0, scope: str | None = None,
                    loss_collection: Any = GraphKeys.LOSSES, reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
                    dim: Any = None) -> Any:
    """One minus the inner products of unit vectors along `axis` (`dim` is its older name); see `compute_weighted_loss`."""
    if axis is not None and dim is not None:
        raise ValueError("Cannot specify both 'axis' and 'dim'.")
    axis = dim if axis is None else axis
    if axis is None:
        raise ValueError("You must specify argument `axis`.")
    _required(labels=labels, predictions=predictions)
    with name_scope(scope, "cosine_distance_loss") as scope:
        labels, predictions = _pair(labels, predictions)
        losses = 1 - tf.reduce_sum(tf.multiply(predictions, labels), axis=[axis], keepdims=True)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@builds
def hinge_loss(labels: Any, logits: Any, weights: Any = 1.0, scope: str | None = None,
               loss_collection: Any = GraphKeys.LOSSES, reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS) -> Any:
    """`max(0, 1 - y * logits)` where y is -1 for labels 0 and 1 for labels 1; see `compute_weighted_loss`."""
    _required(labels=labels, logits=logits)
    with name_scope(scope, "hinge_loss") as scope:
        labels, logits = _pair(labels, logits)
        ones = tf.ones_like(labels)
        losses = tf.nn.relu(tf.subtract(ones, tf.multiply(tf.subtract(2 * labels, ones), logits)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@builds
def huber_loss(labels: Any, predictions: Any, weights: Any = 1.0, delta: float = 1.0, scope: str | None = None,
               loss_collection: Any = GraphKeys.LOSSES, reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS) -> Any:
    """Half the square of the error up to `delta`, linear beyond (Huber 1964); see `compute_weighted_loss`."""
    _required(labels=labels, predictions=predictions)
    with name_scope(scope, "huber_loss") as scope:
        labels, predictions = _pair(labels, predictions)
        error = tf.abs(tf.subtract(predictions, labels))
        quadratic = tf.minimum(error, delta)
        losses = tf.add(0.5 * tf.multiply(quadratic, quadratic), tf.multiply(delta, tf.subtract(error, quadratic)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@builds
def log_loss(labels: Any, predictions: Any, weights: Any = 1.0, epsilon: float = 1e-7, scope: str | None = None,
             loss_collection: Any = GraphKeys.LOSSES, reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS) -> Any:
    """The cross entropy of probabilities, with `epsilon` inside the logarithms; see `compute_weighted_loss`."""
    _required(labels=labels, predictions=predictions)
    with name_scope(scope, "log_loss") as scope:
        labels, predictions = _pair(labels, predictions)
        losses = -tf.multiply(labels, tf.math.log(predictions + epsilon)) \
            - tf.multiply(1 - labels, tf.math.log(1 - predictions + epsilon))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@builds
def mean_pairwise_squared_error(labels: Any, predictions: Any, weights: Any = 1.0, scope: str | None = None,
                                loss_collection: Any = GraphKeys.LOSSES) -> Any:
    """The squares of the differences between all pairs of errors of a row, averaged over the pairs, summed over the rows.

    Args:
      labels, predictions: shape `[batch, ...]`.
      weights: a scalar, or one weight a row with the other axes one.
      scope: the name scope.
      loss_collection: the collection that the result joins.

    Raises:
      ValueError: shapes that do not fit.
    """
    _required(labels=labels, predictions=predictions)
    with name_scope(scope, "mean_pairwise_squared_error"):
        weights = tf.cast(weights, tf.float32)
        labels = tf.cast(labels, tf.float32)
        with tf.control_dependencies(assert_broadcastable(weights, labels)):
            labels, predictions = _pair(labels, predictions)
            error = tf.subtract(predictions, labels)
            axes = tf.range(1, tf.rank(error))
            count = _present(error, weights, per_row=True)
            squares = tf.reduce_sum(tf.square(error), axis=axes, keepdims=True)
            sums = tf.reduce_sum(error, axis=axes, keepdims=True)
            first = 2.0 * _safe_mean(squares, tf.maximum(count - 1, 0))
            second = 2.0 * _safe_mean(tf.square(sums), tf.maximum(tf.multiply(count, count - 1), 0))
            total = tf.reduce_sum(tf.multiply(first - second, weights))
            loss = tf.where(tf.reduce_sum(count) > 0, total, tf.zeros_like(total), name="value")
            add_loss(loss, loss_collection)
            return loss


@builds
def mean_squared_error(labels: Any, predictions: Any, weights: Any = 1.0, scope: str | None = None,
                       loss_collection: Any = GraphKeys.LOSSES,
                       reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS) -> Any:
    """`(labels - predictions)**2`; see `compute_weighted_loss`."""
    _required(labels=labels, predictions=predictions)
    with name_scope(scope, "mean_squared_error") as scope:
        labels, predictions = _pair(labels, predictions)
        losses = tf.math.squared_difference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _like_logits(labels: Any, logits: Any) -> tuple[Any, Any]:
    logits = tf.convert_to_tensor(logits)
    labels = tf.cast(labels, logits.dtype)
    logits.shape.assert_is_compatible_with(labels.shape)
    return labels, logits


@builds
def sigmoid_cross_entropy(multi_class_labels: Any, logits: Any, weights: Any = 1.0, label_smoothing: Any = 0,
                          scope: str | None = None, loss_collection: Any = GraphKeys.LOSSES,
                          reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS) -> Any:
    """The cross entropy of independent classes; `label_smoothing` moves labels towards 1/2. See `compute_weighted_loss`."""
    _required(multi_class_labels=multi_class_labels, logits=logits)
    with name_scope(scope, "sigmoid_cross_entropy_loss") as scope:
        labels, logits = _like_logits(multi_class_labels, logits)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@builds
def softmax_cross_entropy(onehot_labels: Any, logits: Any, weights: Any = 1.0, label_smoothing: Any = 0,
                          scope: str | None = None, loss_collection: Any = GraphKeys.LOSSES,
                          reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS) -> Any:
    """The cross entropy of exclusive classes; `label_smoothing` moves labels towards all classes alike.

    Other arguments as `compute_weighted_loss`; no gradient goes to the labels.
    """
    _required(onehot_labels=onehot_labels, logits=logits)
    with name_scope(scope, "softmax_cross_entropy_loss") as scope:
        labels, logits = _like_logits(onehot_labels, logits)
        if label_smoothing > 0:
            classes = tf.cast(tf.shape(labels)[-1], logits.dtype)
            labels = labels * (1.0 - label_smoothing) + label_smoothing / classes
        labels = tf.stop_gradient(labels, name="labels_stop_gradient")
        losses = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@builds
def sparse_softmax_cross_entropy(labels: Any, logits: Any, weights: Any = 1.0, scope: str | None = None,
                                 loss_collection: Any = GraphKeys.LOSSES,
                                 reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS) -> Any:
    """The cross entropy of exclusive classes given by their indices; see `compute_weighted_loss`.

    Labels `[batch, 1]` and weights `[batch, 1]` are taken as `[batch]`.
    """
    _required(labels=labels, logits=logits)
    with name_scope(scope, "sparse_softmax_cross_entropy_loss") as scope:
        labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
        weights = _of_rank(tf.convert_to_tensor(weights), labels)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _of_rank(weights: Any, labels: Any) -> Any:
    """Weights without a last axis of one that the labels do not have."""
    rank = weights.shape.rank
    if rank is not None and labels.shape.rank is not None:
        return tf.squeeze(weights, [-1]) if rank - labels.shape.rank == 1 else weights
    if rank is None or (rank > 0 and weights.shape[-1] in (None, 1)):
        extra = tf.rank(weights) - tf.rank(labels)
        return tf.cond(tf.equal(extra, 1), lambda: tf.squeeze(weights, [-1]), lambda: weights)
    return weights
