"""Gradients as optimizers use them: whole or by rows, bounded, squared.

A gradient by rows may hold a row several times. Sums over such rows are the gradient itself; its square is, as in
Keras, the sum of the squares of the parts, and bounds apply to the parts.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import thalweg as tf

from ..types import Tensor


def mapped(function: Callable[[Tensor], Tensor], gradient: Any) -> Any:
    """The function of every element, or of every element of the rows."""
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(function(gradient.values), gradient.indices, gradient.dense_shape)
    return function(gradient)


def dense(gradient: Any, dtype: Any = None) -> Tensor:
    """A gradient as a whole tensor of a dtype."""
    if isinstance(gradient, tf.IndexedSlices):
        gradient = tf.convert_to_tensor(gradient)
    return gradient if dtype is None else tf.cast(gradient, dtype)


def squared(gradient: Any, dtype: Any) -> Tensor:
    """The squares of a gradient as a whole tensor of a dtype."""
    return dense(mapped(lambda values: tf.square(tf.cast(values, dtype)), gradient))


def absolute(gradient: Any, dtype: Any) -> Tensor:
    """The absolute values of a gradient as a whole tensor of a dtype."""
    return dense(mapped(lambda values: tf.abs(tf.cast(values, dtype)), gradient))


def _values(gradient: Any) -> Tensor:
    return gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient


def clipped(grads: Sequence[Any], norm: float | None, global_norm: float | None, value: float | None) -> list[Any]:
    """The gradients, bounded in one of three ways.

    Args:
      grads: gradients.
      norm: the largest norm of each.
      global_norm: the largest norm of all together.
      value: the largest absolute value of an element.
    """
    if norm and norm > 0:
        return [mapped(lambda values: tf.clip_by_norm(values, norm), gradient) for gradient in grads]
    if global_norm and global_norm > 0:
        total = tf.sqrt(tf.add_n([tf.reduce_sum(tf.square(_values(gradient))) for gradient in grads]))
        # The last term is 0 for a finite norm, and makes everything NaN for any other.
        scale = global_norm * tf.minimum(1.0 / total, 1.0 / global_norm) + (total - total)
        return [mapped(lambda values: values * scale, gradient) for gradient in grads]
    if value and value > 0:
        return [mapped(lambda values: tf.clip_by_value(values, -value, value), gradient) for gradient in grads]
    return list(grads)
