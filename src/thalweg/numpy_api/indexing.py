"""NumPy's indexing of tensors: numbers, slices, masks and arrays of indices together.

An index is read in two steps. What is a number, a slice, an ellipsis or a new axis goes to TensorFlow's own indexing, with
whole axes in place of the arrays; the arrays then pick from the axes that are left, as `gather_nd` does. A number counts
as basic here, so it never moves the axes that arrays make to the front, where NumPy would.
"""
from __future__ import annotations

import numbers
from typing import Any

import numpy as np

import thalweg as tf

from ..ops.indexing import getitem as basic_getitem
from .promotion import asarray, promote
from .shapes import moveaxis
from .static import broadcast, dim_of, rank_of

_WRONG = "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are " \
    "valid indices, got "


def _index(value: Any, scalar: bool = True) -> Any:
    """A number as it is, anything else as an int32 or int64 tensor; a mask becomes the places where it is true.

    Raises:
      IndexError: neither integers nor booleans, or an array where a number is needed.
      NotImplementedError: a mask of several dimensions among other indices.
    """
    if isinstance(value, numbers.Integral):
        return value
    index = asarray(value)
    if index.dtype == tf.bool:
        if index.shape.rank != 1:
            raise NotImplementedError(f"Need rank 1 for bool index {value}")
        index = tf.reshape(tf.where(index), [-1])
    if not index.dtype.is_integer or scalar and index.shape.rank not in (None, 0):
        raise IndexError(_WRONG + repr(value))
    if index.dtype in (tf.int32, tf.int64):
        return index
    wide = np.promote_types(np.int32, index.dtype.as_numpy_dtype)
    if wide not in (np.int32, np.int64):
        raise IndexError(_WRONG + repr(value))
    return tf.cast(index, wide)


def _whole(part: Any) -> Any:
    index = None if part is None else _index(part)
    return tf.reshape(index, []) if isinstance(index, tf.Tensor) and index.shape.rank is None else index


def _is_index(key: Any) -> bool:
    """Whether a list is an array of indices; otherwise it stands for the tuple of its elements."""
    for part in key:
        if part is None or part is Ellipsis or isinstance(part, (list, tuple, slice)):
            return False
        if isinstance(part, (tf.Tensor, np.ndarray)) and part.ndim != 0:
            return False
    return True


def _picked(x: tf.Tensor, arrays: list[tuple[int, tf.Tensor]], adjacent: bool) -> Any:
    """What arrays of indices, broadcast against each other, pick from their axes.

    The axes of the indices take the place of the axes that they pick from, or come first where these are not adjacent.
    """
    axes = [axis for axis, _ in arrays]
    if len(axes) == 1:
        axis, index = arrays[0]
        return tf.gather(x, tf.where(index < 0, index + tf.cast(dim_of(x, axis), index.dtype), index), axis=axis)
    places = tf.stack(broadcast(*promote(*[index for _, index in arrays])), -1)
    x = moveaxis(x, axes, list(range(len(axes))))
    sizes = tf.cast(tf.shape(x)[:len(axes)], places.dtype)
    out = tf.gather_nd(x, tf.where(places < 0, places + sizes, places))
    if not adjacent or not axes[0]:
        return out
    # The axes of the indices are in front now; those before the first indexed axis belong there.
    rank, depth = rank_of(out), rank_of(places) - 1
    first = axes[0] if axes[0] >= 0 else rank - depth - (-1 - axes[-1])
    if all(isinstance(n, int) for n in (rank, depth, first)):
        return tf.transpose(out, [*range(depth, depth + first), *range(depth), *range(depth + first, rank)])
    return tf.transpose(out, tf.concat([tf.range(depth, depth + first), tf.range(depth), tf.range(depth + first, rank)], 0))


def getitem(x: tf.Tensor, key: Any) -> Any:
    """`x[key]` by NumPy's rules.

    Raises:
      IndexError: something among the indices is neither a number nor a slice, an array, an ellipsis or None.
    """
    if isinstance(key, bool) or isinstance(key, (tf.Tensor, np.ndarray)) and key.dtype == np.bool_:
        return tf.boolean_mask(x, key)
    if isinstance(key, list) and not _is_index(key):
        key = tuple(key)
    if not isinstance(key, tuple):
        key = (key,)
    basic: list[Any] = []
    arrays: list[tuple[int, bool, tf.Tensor]] = []
    after_ellipsis = False
    for part in key:
        if isinstance(part, slice):
            part = slice(_whole(part.start), _whole(part.stop), _whole(part.step))
        elif part is Ellipsis:
            after_ellipsis = True
        elif part is not None:
            part = _index(part, False)
            if isinstance(part, tf.Tensor) and part.shape.rank != 0:
                arrays.append((_kept(basic), after_ellipsis, part))
                part = slice(None)
        basic.append(part)
    out = basic_getitem(x, tuple(basic))
    if not arrays:
        return out
    # Axes before an ellipsis count from the front, those behind it from the back.
    total, rank = _kept(basic), out.shape.rank
    axes = [place - total if behind else place for place, behind, _ in arrays]
    one_side = len({behind for _, behind, _ in arrays}) == 1
    adjacent = one_side and axes == list(range(axes[0], axes[0] + len(axes)))
    if rank is not None:
        axes = [axis % rank if axis < 0 else axis for axis in axes]
    return _picked(out, list(zip(axes, [index for _, _, index in arrays], strict=True)), adjacent)


def _kept(parts: list[Any]) -> int:
    """How many axes of the result the parts of a basic index stand for, an ellipsis counting as one."""
    return sum(part is None or part is Ellipsis or isinstance(part, slice) for part in parts)
