"""Some of the elements, or all in another order: taking, masking, choosing, sorting, counting."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from .promotion import array, asarray, promote
from .shapes import atleast_1d, ravel, swapaxes
from .static import dim_of, positive_axis, rank_of, when


def nonzero(a: Any) -> Any:
    """Where the elements are that are not zero: for each axis the int64 indices.

    Raises:
      ValueError: the rank is unknown.
    """
    a = atleast_1d(a)
    if a.shape.rank is None:
        raise ValueError("The rank of `a` is unknown, so we can't decide how many arrays to return.")
    return tf.unstack(tf.where(tf.cast(a, tf.bool)), a.shape.rank, axis=1)


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """`x` where the condition holds and `y` elsewhere; without them `nonzero(condition)`.

    Raises:
      ValueError: only one of `x` and `y` is given.
    """
    condition = asarray(condition, np.bool_)
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("Both x and y must be ndarrays, or both must be None.")
    return tf.where(condition, *promote(x, y))


def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """For each place the choice that belongs to the first condition that holds there, or `default`.

    Raises:
      ValueError: there are no conditions, or not as many as choices.
    """
    if len(condlist) != len(choicelist):
        raise ValueError(f"condlist must have length equal to choicelist ({len(condlist)} vs {len(choicelist)})")
    if not condlist:
        raise ValueError("condlist must be non-empty")
    out, *choices = promote(default, *choicelist)
    for condition, choice in zip(condlist[::-1], choices[::-1], strict=True):
        out = where(condition, choice, out)
    return out


def compress(condition: Any, a: Any, axis: int | None = None) -> Any:
    """The slices along an axis (of the flattened array) for which the condition, a vector, holds.

    Raises:
      ValueError: the condition is not a vector.
    """
    condition, a = asarray(condition, bool), asarray(a)
    if condition.ndim != 1:
        raise ValueError("condition must be a 1-d array.")
    if axis is None or a.ndim == 0:
        a, axis = ravel(a), axis or 0
    axis = positive_axis(axis, a.ndim)
    assert 0 <= axis < a.ndim, "the axis is out of range"
    if condition.shape[0] < a.shape[axis]:
        condition = tf.concat([condition, tf.fill([a.shape[axis] - condition.shape[0]], False)], 0)
    return tf.boolean_mask(a, condition, axis=axis)


def take(a: Any, indices: Any, axis: Any = None, out: Any = None, mode: str = "clip") -> Any:
    """The slices at `indices` along an axis (of the flattened array).

    Args:
      a: where to take from.
      indices: integers of any shape.
      axis: which axis they count on.
      out: must be None.
      mode: "clip" moves indices out of range to the end that they passed, "wrap" counts on from the other.

    Raises:
      ValueError: another mode, or `out` is given.
    """
    if out is not None:
        raise ValueError("out argument is not supported in take.")
    if mode not in ("raise", "clip", "wrap"):
        raise ValueError(f"Invalid mode '{mode}' for take")
    a, indices = asarray(a), asarray(indices)
    if axis is None:
        a, axis = ravel(a), 0
    if mode == "raise":
        raise ValueError("The 'raise' mode to take is not supported.")
    size = tf.cast(dim_of(a, axis), indices.dtype)
    indices = tf.clip_by_value(indices, 0, size - 1) if mode == "clip" else tf.math.floormod(indices, size)
    return tf.gather(a, indices, axis=axis)


def take_along_axis(arr: Any, indices: Any, axis: Any) -> Any:
    """For each line along an axis the elements at that line's own indices, as `argsort` gives them."""
    arr, indices = asarray(arr), asarray(indices)
    if axis is None:
        return take_along_axis(ravel(arr), indices, 0)
    rank = rank_of(arr)
    axis = positive_axis(axis, rank)
    lines, places = (_axis_last(x, axis, rank) for x in (arr, indices))
    static, last = tf.broadcast_static_shape(lines.shape[:-1], places.shape[:-1]), places.shape[-1:]
    if lines.shape[:-1].is_fully_defined() and places.shape[:-1].is_fully_defined():
        lead: Any = static.as_list()
    else:
        lead = tf.broadcast_dynamic_shape(tf.shape(lines)[:-1], tf.shape(places)[:-1])
    width, count = dim_of(lines, -1), dim_of(places, -1)

    def behind(size: Any) -> Any:
        return [*lead, size] if isinstance(lead, list) else tf.concat([lead, [size]], 0)
    lines = tf.reshape(tf.broadcast_to(lines, behind(width)), [-1, width])
    places = tf.reshape(tf.broadcast_to(places, behind(count)), [-1, count])
    places = tf.where(places < 0, places + tf.cast(width, places.dtype), places)
    found = tf.reshape(tf.gather(lines, places, batch_dims=1), behind(count))
    found.set_shape(static.concatenate(last))
    return _axis_last(found, axis, rank)


def _axis_last(x: tf.Tensor, axis: Any, rank: Any) -> Any:
    """An axis exchanged with the last one; the same again exchanges them back."""
    if isinstance(rank, int) and isinstance(axis, int):
        return x if axis == rank - 1 else swapaxes(x, axis, -1)
    return when(tf.equal(axis, rank - 1), lambda: x, lambda: swapaxes(x, axis, -1))


def argmax(a: Any, axis: Any = None) -> Any:
    """The int64 index of the largest element along an axis, or in the flattened array."""
    a = array(a)
    return tf.argmax(ravel(a) if axis is None else atleast_1d(a), axis)


def argmin(a: Any, axis: Any = None) -> Any:
    """The int64 index of the smallest element along an axis, or in the flattened array."""
    a = array(a)
    return tf.argmin(ravel(a) if axis is None else atleast_1d(a), axis)


def argsort(a: Any, axis: Any = -1, kind: str = "quicksort", order: Any = None) -> Any:
    """The int64 indices that sort along an axis, or the flattened array where that is None.

    Raises:
      ValueError: a `kind` other than "quicksort" and "stable", or an `order`.
      TypeError: complex numbers.
    """
    if kind not in ("quicksort", "stable"):
        raise ValueError("Invalid value for argument `kind`. Only kind=\"quicksort\" and kind=\"stable\" are supported. "
                         f"Received: kind={kind}")
    if order is not None:
        raise ValueError("The `order` argument is not supported. Pass order=None")
    a = array(a)
    if a.dtype.is_complex:
        raise TypeError(f"argsort does not support complex64/complex128 dtypes. Received dtype: {a.dtype}")

    def sorting() -> Any:
        x, along = (ravel(a), 0) if axis is None else (a, axis)
        return tf.argsort(x, along, stable=kind == "stable")
    return tf.cast(when(rank_of(a) == 0, lambda: tf.constant([0]), sorting), np.intp)


def sort(a: Any, axis: Any = -1, kind: str = "quicksort", order: Any = None) -> Any:
    """The elements in ascending order along an axis, or of the flattened array where that is None.

    Raises:
      ValueError: another `kind` than "quicksort", or an `order`.
    """
    if kind != "quicksort":
        raise ValueError(f"Invalid value for argument `kind`. Only kind=\"quicksort\" is supported. Received: kind={kind}")
    if order is not None:
        raise ValueError("The `order` argument is not supported. Pass order=None")
    a = array(a)
    return tf.sort(ravel(a), 0) if axis is None else tf.sort(a, axis)


def count_nonzero(a: Any, axis: Any = None) -> Any:
    """How many elements are not zero, as int64."""
    return tf.math.count_nonzero(array(a), axis)
