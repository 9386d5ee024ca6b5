"""Bounds on gradients."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ..types import Tensor


def dense(gradient: Any) -> Tensor:
    """A gradient as a tensor, also where it holds some rows only."""
    return tf.convert_to_tensor(gradient) if isinstance(gradient, tf.IndexedSlices) else gradient


def clipped(grads: Sequence[Any], norm: float | None, global_norm: float | None, value: float | None) -> list[Tensor]:
    """The gradients, bounded in one of three ways.

    Args:
      grads: gradients.
      norm: the largest norm of each.
      global_norm: the largest norm of all together.
      value: the largest absolute value of an element.
    """
    grads = [dense(gradient) for gradient in grads]
    if norm and norm > 0:
        return [tf.clip_by_norm(gradient, norm) for gradient in grads]
    if global_norm and global_norm > 0:
        total = tf.sqrt(sum(tf.reduce_sum(tf.square(gradient)) for gradient in grads))
        # The last term is 0 for a finite norm, and makes everything NaN for any other.
        scale = global_norm * tf.minimum(1.0 / total, 1.0 / global_norm) + (total - total)
        return [gradient * scale for gradient in grads]
    if value and value > 0:
        return [tf.clip_by_value(gradient, -value, value) for gradient in grads]
    return list(grads)
