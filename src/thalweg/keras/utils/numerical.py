"""Helpers for arrays of numbers."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf


def to_categorical(x: Any, num_classes: int | None = None) -> Any:
    """Class numbers as one-hot rows.

    Args:
      x: integers, array-like or a tensor; a last axis of size 1 is dropped.
      num_classes: length of the rows; one more than the greatest number for None.

    Returns:
      A NumPy array of float64, or a tensor of float32 for a tensor; shape `(*x.shape, num_classes)`.

    Raises:
      ValueError: a number is negative or not below `num_classes`.
    """
    numbers = np.array(x, dtype="int64")
    if numbers.ndim > 1 and numbers.shape[-1] == 1:
        numbers = numbers[..., 0]
    if num_classes is None:
        num_classes = int(numbers.max()) + 1 if numbers.size else 0
    if numbers.size and (numbers.min() < 0 or numbers.max() >= num_classes):
        raise ValueError(f"Class numbers must lie in [0, {num_classes}). Received numbers from {numbers.min()} to "
                         f"{numbers.max()}.")
    rows = np.zeros((*numbers.shape, num_classes))
    np.put_along_axis(rows, numbers[..., None], 1.0, axis=-1)
    return tf.convert_to_tensor(rows.astype("float32")) if tf.is_tensor(x) else rows


def normalize(x: Any, axis: Any = -1, order: Any = 2) -> Any:
    """Scales an array to norm 1 along an axis; rows of zeros stay zeros.

    Args:
      x: an array-like, or a tensor.
      axis: along which the norm is taken.
      order: which norm: 2, 1, `np.inf`, ...

    Returns:
      A NumPy array, or a tensor for a tensor.

    Raises:
      ValueError: `order` is no positive number.
    """
    if not isinstance(order, (int, float)) or not order >= 1:
        raise ValueError(f"Argument `order` must be an int >= 1. Received: order={order}")
    array = np.asarray(x)
    norms = np.atleast_1d(np.linalg.norm(array, order, axis))
    norms[norms == 0] = 1
    scaled = array / np.expand_dims(norms, axis)
    return tf.convert_to_tensor(scaled) if tf.is_tensor(x) else scaled
