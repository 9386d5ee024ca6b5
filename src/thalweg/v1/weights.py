"""Weights of losses and metrics: how they are laid over values, and which shapes fit one another."""
from __future__ import annotations

from typing import Any

import thalweg as tf

_NO_FIT = "weights can not be broadcast to values."


def assert_broadcastable(weights: Any, values: Any) -> list[Any]:
    """Checks that weights are a scalar, or have the rank of the values and in each axis their length or one.

    Returns:
      The operations that check what only a run can know: control inputs for what follows.

    Raises:
      ValueError: what is known of the shapes does not fit.
    """
    weights, values = tf.convert_to_tensor(weights), tf.convert_to_tensor(values)
    if weights.shape.rank == 0:
        return []
    if weights.shape.rank is not None and values.shape.rank is not None:
        if weights.shape.rank != values.shape.rank:
            raise ValueError(f"{_NO_FIT} values.rank={values.shape.rank}. weights.rank={weights.shape.rank}. "
                             f"values.shape={values.shape}. weights.shape={weights.shape}. Received weights={weights}, "
                             f"values={values}")
        if weights.shape.is_fully_defined() and values.shape.is_fully_defined():
            for i, (have, want) in enumerate(zip(weights.shape.as_list(), values.shape.as_list(), strict=True)):
                if have not in (1, want):
                    raise ValueError(f"{_NO_FIT} Mismatch at dim {i}. values.shape={values.shape.as_list()}, weights.shape="
                                     f"{weights.shape.as_list()}. Received weights={weights}, values={values}")
            return []
    have, want = tf.shape(weights), tf.shape(values)

    def each() -> Any:
        return tf.reduce_all(tf.logical_or(tf.equal(have, 1), tf.equal(have, want)))
    fits = tf.logical_or(tf.equal(tf.rank(weights), 0), tf.cond(tf.equal(tf.size(have), tf.size(want)), each,
                                                                lambda: tf.constant(False)))
    data = [_NO_FIT, "weights.shape=", have, "values.shape=", want]
    return [node for node in (tf.Assert(fits, data),) if node is not None]


def broadcast_weights(weights: Any, values: Any) -> Any:
    """The weights in the shape of the values.

    Raises:
      ValueError: the shapes do not fit, see `assert_broadcastable`.
    """
    values = tf.convert_to_tensor(values)
    weights = tf.convert_to_tensor(weights, values.dtype)
    with tf.name_scope("broadcast_weights"):
        known = weights.shape.is_fully_defined() and values.shape.is_fully_defined()
        if known and weights.shape == values.shape:
            return weights
        with tf.control_dependencies(assert_broadcastable(weights, values)):
            return tf.multiply(weights, tf.ones_like(values))


def squeezed(x: Any, condition: Any) -> Any:
    """`x` without its last axis if a run finds `condition` to hold."""
    return tf.cond(condition, lambda: tf.squeeze(x, [-1]), lambda: x)


def _may_be_one(x: Any) -> bool:
    return x.shape.rank is None or (x.shape.rank > 0 and x.shape[-1] in (None, 1))


def remove_squeezable_dimensions(labels: Any, predictions: Any, expected_rank_diff: int = 0) -> tuple[Any, Any]:
    """Labels and predictions without a last axis of one that only one of them has.

    Args:
      expected_rank_diff: how many axes more the predictions are to have.
    """
    labels, predictions = tf.convert_to_tensor(labels), tf.convert_to_tensor(predictions)
    if labels.shape.rank is not None and predictions.shape.rank is not None:
        extra = predictions.shape.rank - labels.shape.rank - expected_rank_diff
        if extra == 1 and _may_be_one(predictions):
            predictions = tf.squeeze(predictions, [-1])
        elif extra == -1 and _may_be_one(labels):
            labels = tf.squeeze(labels, [-1])
        return labels, predictions
    extra = tf.rank(predictions) - tf.rank(labels)
    if _may_be_one(predictions):
        predictions = squeezed(predictions, tf.equal(extra, expected_rank_diff + 1))
    if _may_be_one(labels):
        labels = squeezed(labels, tf.equal(extra, expected_rank_diff - 1))
    return labels, predictions
