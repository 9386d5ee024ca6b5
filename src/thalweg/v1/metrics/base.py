"""What the metrics share: their variables, the fitting of shapes, collections."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import thalweg as tf

from ..building import in_default_graph
from ..collections import GraphKeys, home
from ..variables import new_variable
from ..weights import remove_squeezable_dimensions, squeezed

_F = TypeVar("_F", bound=Callable[..., Any])


def metric(function: _F) -> _F:
    """A metric: it builds in the open or default graph.

    Raises:
      RuntimeError: in eager code.
    """
    @functools.wraps(function)
    def build(*args: Any, **kwargs: Any) -> Any:
        with in_default_graph() as g:
            if g is None:
                raise RuntimeError(f"tf.metrics.{function.__name__} is not supported when eager execution is enabled.")
            return function(*args, **kwargs)
    return build  # type: ignore[return-value]


def metric_variable(shape: Any, dtype: Any, name: str, validate_shape: bool = True) -> Any:
    """A variable that counts: local, zero at the start, named in the open name scope."""
    return new_variable(lambda: tf.zeros(shape, dtype), False, [GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES],
                        validate_shape, name=name)


def collected(value: Any, update: Any, metrics_collections: Any, updates_collections: Any) -> tuple[Any, Any]:
    """The value and the update of a metric, added to the collections that its user named."""
    for item, names in ((value, metrics_collections), (update, updates_collections)):
        if names:
            home().add_to_collections(names, item)
    return value, update


def fitted(predictions: Any, labels: Any, weights: Any) -> tuple[Any, Any, Any]:
    """Predictions, labels and weights of one rank: without a last axis of one that only one of them has.

    Raises:
      ValueError: shapes of predictions and labels that do not fit.
    """
    predictions = tf.convert_to_tensor(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
    if weights is None:
        return predictions, labels, None
    weights = tf.convert_to_tensor(weights)
    if weights.shape.rank == 0:
        return predictions, labels, weights
    if weights.shape.rank is not None and predictions.shape.rank is not None:
        extra = weights.shape.rank - predictions.shape.rank
        if extra == 1:
            weights = tf.squeeze(weights, [-1])
        elif extra == -1:
            weights = tf.expand_dims(weights, -1)
        return predictions, labels, weights
    extra = tf.rank(weights) - tf.rank(predictions)
    scalar = tf.equal(tf.rank(weights), 0)

    def fit() -> Any:
        less = weights
        if weights.shape.rank is None or weights.shape[-1] in (None, 1):
            less = squeezed(weights, tf.equal(extra, 1))
        return tf.cond(tf.equal(extra, -1), lambda: tf.expand_dims(weights, -1), lambda: less)
    return predictions, labels, tf.cond(scalar, lambda: weights, fit)


def ratio(x: Any, y: Any, name: str) -> Any:
    """`x / y`, and 0 where y is not above 0."""
    return tf.math.divide_no_nan(x, tf.maximum(y, 0), name=name)
