"""Other shapes of the same elements: reshaping, moving axes, joining, splitting, repeating."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import thalweg as tf

from .creation import full
from .promotion import array, asarray, at_least, promote, result_type
from .static import broadcast, dim_of, positive_axis, rank_of, shape_of, when


def reshape(a: Any, newshape: Any, order: str = "C") -> Any:
    """The elements in another shape, read and written row by row ("C") or column by column ("F").

    Raises:
      ValueError: another `order`.
    """
    if order not in ("C", "F"):
        raise ValueError(f"Unsupported order argument {order}")
    a = asarray(a)
    if isinstance(newshape, int):
        newshape = [newshape]
    return tf.transpose(tf.reshape(tf.transpose(a), newshape[::-1])) if order == "F" else tf.reshape(a, newshape)


def ravel(a: Any) -> Any:
    """The elements as a vector, row by row."""
    return tf.reshape(asarray(a), [-1])


def flatten(a: Any, order: str = "C") -> Any:
    """The elements as a vector, row by row ("C", "A", "K") or column by column ("F").

    Raises:
      ValueError: another `order`.
    """
    if order not in ("C", "A", "K", "F"):
        raise ValueError("order can only be C, A, K (all row major) or F (column major).")
    a = asarray(a)
    return ravel(tf.transpose(a) if order == "F" else a)


def expand_dims(a: Any, axis: Any) -> Any:
    """The array with a new axis of size one."""
    return tf.expand_dims(asarray(a), axis)


def squeeze(a: Any, axis: Any = None) -> Any:
    """The array without its axes of size one, or without those that are named."""
    return tf.squeeze(asarray(a), axis)


def transpose(a: Any, axes: Any = None) -> Any:
    """The axes in another order, or turned round."""
    return tf.transpose(asarray(a), axes)


def swapaxes(a: Any, axis1: Any, axis2: Any) -> Any:
    """Two axes exchanged."""
    a = asarray(a)
    rank = rank_of(a)
    if all(isinstance(x, int) for x in (axis1, axis2, rank)):
        order = list(range(rank))
        order[axis1], order[axis2] = order[axis2], order[axis1]
        return tf.transpose(a, order)
    first, second = (tf.where(tf.convert_to_tensor(x) < 0, x + rank, x) for x in (axis1, axis2))
    return tf.transpose(a, tf.tensor_scatter_nd_update(tf.range(rank), [[first], [second]], [second, first]))


def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """Axes moved to other places; the rest keep their order.

    Raises:
      ValueError: there are more of one than of the other.
    """
    if not isinstance(source, int) and not isinstance(destination, int) and not (source or destination):
        return a
    a = asarray(a)
    source = (source,) if isinstance(source, int) else tuple(source)
    destination = (destination,) if isinstance(destination, int) else tuple(destination)
    if len(source) != len(destination):
        raise ValueError("The lengths of source and destination must equal")
    rank = rank_of(a)
    source = [positive_axis(x, rank) for x in source]
    destination = [positive_axis(x, rank) for x in destination]
    if isinstance(rank, int):
        order = [i for i in range(rank) if i not in source]
        for place, axis in sorted(zip(destination, source, strict=True)):
            order.insert(place, axis)
        return tf.transpose(a, order)

    def completed(some: Any) -> Any:
        rest = tf.tensor_scatter_nd_update(tf.ones([rank], tf.bool), tf.expand_dims(some, 1), [False] * len(some))
        return tf.concat([some, tf.boolean_mask(tf.range(rank), rest)], 0)
    return tf.transpose(a, tf.scatter_nd(tf.expand_dims(completed(destination), 1), completed(source), [rank]))


def flip(m: Any, axis: Any = None) -> Any:
    """The elements in reverse order along an axis, or along all of them."""
    m = asarray(m)
    rank = rank_of(m)
    if axis is None:
        return tf.reverse(m, list(range(rank)) if isinstance(rank, int) else tf.range(rank))
    return tf.reverse(m, [positive_axis(axis, rank)])


def flipud(m: Any) -> Any:
    """The rows in reverse order."""
    return flip(m, 0)


def fliplr(m: Any) -> Any:
    """The columns in reverse order."""
    return flip(m, 1)


def rot90(m: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    """Turned `k` times by 90 degrees, from the first of two axes towards the second."""
    m = asarray(m)
    rank = rank_of(m)
    first, second = (positive_axis(x, rank) for x in axes)
    k %= 4
    if k == 0:
        return m
    if k == 2:
        return flip(flip(m, first), second)
    return swapaxes(flip(m, second), first, second) if k == 1 else flip(swapaxes(m, first, second), second)


def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """The elements moved on along an axis, or along the flattened array; those at the end come in at the beginning."""
    a = asarray(a)
    if axis is not None:
        return tf.roll(a, shift, axis)
    out = tf.reshape(tf.roll(ravel(a), shift, 0), shape_of(a))
    out.set_shape(a.shape)
    return out


def _each(function: Any, arys: tuple[Any, ...]) -> Any:
    out = [function(asarray(x)) for x in arys]
    return out[0] if len(out) == 1 else out


def atleast_1d(*arys: Any) -> Any:
    """Each array with at least one dimension: one tensor, or a list of them."""
    return _each(lambda x: at_least(x, 1), arys)


def atleast_2d(*arys: Any) -> Any:
    """Each array with at least two dimensions, new ones in front."""
    return _each(lambda x: at_least(x, 2), arys)


def _three(x: tf.Tensor) -> Any:
    rank = x.shape.rank
    if rank is None:
        before = tf.cast(tf.rank(x) == 1, tf.int32)
        after = tf.maximum(3 - tf.rank(x), 0) - before
        return tf.reshape(x, tf.pad(tf.shape(x), [[before, after]], constant_values=1))
    if rank >= 3:
        return x
    ones = [[1] * (rank == 1), [1] * (3 - rank - (rank == 1))]
    out = tf.reshape(x, tf.concat([ones[0], tf.shape(x), ones[1]], 0) if None in x.shape.as_list() else
                     [*ones[0], *x.shape.as_list(), *ones[1]])
    out.set_shape([*ones[0], *x.shape.as_list(), *ones[1]])
    return out


def atleast_3d(*arys: Any) -> Any:
    """Each array with at least three dimensions: a vector becomes the middle one, a matrix the first two."""
    return _each(_three, arys)


def concatenate(arys: Any, axis: int = 0) -> Any:
    """The arrays one after the other along an axis, in the dtype that they promote to.

    Raises:
      ValueError: there are none.
    """
    if not isinstance(arys, (list, tuple)):
        arys = [arys]
    if not arys:
        raise ValueError(f"Need at least one array to concatenate. Received empty input: arys={arys}")
    dtype = result_type(*arys)
    return tf.concat([array(x, dtype) for x in arys], axis)


def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """`values` behind `arr`, along an axis or as vectors."""
    return concatenate([ravel(arr), ravel(values)]) if axis is None else concatenate([arr, values], axis)


def stack(arrays: Any, axis: int = 0) -> Any:
    """The arrays beside each other along a new axis; a tensor is taken for the list of its rows."""
    if isinstance(arrays, tf.Tensor):
        return arrays if axis == 0 else swapaxes(arrays, 0, axis)
    return tf.stack(promote(*arrays), axis)


def hstack(tup: Any) -> Any:
    """The arrays joined along the second axis; vectors along the only one."""
    arrays = promote(*[atleast_1d(a) for a in tup])
    return when(rank_of(arrays[0]) == 1, lambda: tf.concat(arrays, 0), lambda: tf.concat(arrays, 1))


def vstack(tup: Any) -> Any:
    """The arrays joined along the first axis; vectors are rows."""
    return tf.concat(promote(*[atleast_2d(a) for a in tup]), 0)


def dstack(tup: Any) -> Any:
    """The arrays joined along the third axis."""
    return tf.concat(promote(*[atleast_3d(a) for a in tup]), 2)


def _sizes(a: tf.Tensor, boundaries: Any, axis: int) -> list[int]:
    """How long the parts are that boundaries cut an axis into."""
    if axis >= len(a.shape):
        raise ValueError(f"axis {axis} is out of bound for shape {a.shape}")
    total = a.shape[axis]
    sizes: list[int] = []
    previous = 0
    for i, boundary in enumerate(boundaries):
        if boundary < previous:
            raise ValueError(f"The {i}-th boundary {boundary} is smaller than the previous boundary {previous}")
        sizes.append(min(boundary - previous, max(0, total - sum(sizes))))
        previous = boundary
    return [*sizes, max(0, total - sum(sizes))]


def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """The array cut along an axis, into a number of equal parts or before each of several indices.

    Raises:
      ValueError: the axis is out of range, or the indices do not ascend.
    """
    ary = asarray(ary)
    if not isinstance(indices_or_sections, int):
        indices_or_sections = _sizes(ary, indices_or_sections, axis)
    return tf.split(ary, indices_or_sections, axis=axis)


def _split_along(ary: Any, indices_or_sections: Any, axis: int) -> Any:
    ary = asarray(ary)
    size = ary.shape[axis] if ary.shape.rank is not None else None
    if isinstance(indices_or_sections, int) and size is not None and size % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return split(ary, indices_or_sections, axis)


def vsplit(ary: Any, indices_or_sections: Any) -> Any:
    """`split` along the first axis.

    Raises:
      ValueError: the parts would not be equal.
    """
    return _split_along(ary, indices_or_sections, 0)


def hsplit(ary: Any, indices_or_sections: Any) -> Any:
    """`split` along the second axis; of a vector along the only one.

    Raises:
      ValueError: the parts would not be equal.
    """
    ary = asarray(ary)
    return when(rank_of(ary) == 1, lambda: _split_along(ary, indices_or_sections, 0),
                lambda: _split_along(ary, indices_or_sections, 1))


def dsplit(ary: Any, indices_or_sections: Any) -> Any:
    """`split` along the third axis.

    Raises:
      ValueError: the parts would not be equal.
    """
    return _split_along(ary, indices_or_sections, 2)


def broadcast_to(array: Any, shape: Any) -> Any:
    """The array broadcast to a shape."""
    return full(shape, array)


def broadcast_arrays(*args: Any, **options: Any) -> list[Any]:
    """The arrays broadcast against each other.

    Raises:
      ValueError: `subok=True`, or another option.
    """
    if options.pop("subok", False):
        raise ValueError("subok=True is not supported.")
    if options:
        raise ValueError(f"Received unsupported arguments {options.keys()}")
    return broadcast(*[asarray(x) for x in args])


def repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each element as often as `repeats` says, a number or one for each element of an axis (of the flattened array)."""
    a = asarray(a)
    if a.shape.rank is None and axis is not None:
        return tf.gather(a, tf.repeat(tf.range(dim_of(a, axis)), asarray(repeats)), axis=axis)
    out = tf.repeat(a, asarray(repeats), axis)
    dims = a.shape.as_list() if a.shape.is_fully_defined() else None
    if dims is not None and not isinstance(repeats, tf.Tensor):
        counts = np.ravel(np.array(repeats))
        whole = int(np.prod(dims)) if axis is None else dims[axis]
        count = int(counts[0]) * whole if counts.size == 1 else int(counts.sum())
        known = [count] if axis is None else dims
        if axis is not None:
            known[axis] = count
        out.set_shape(known)
    return out


def tile(a: Any, reps: Any) -> Any:
    """The array repeated along its axes, new ones in front where `reps` has more."""
    a = array(a)
    reps = tf.reshape(array(reps, tf.int32), [-1])
    if a.shape.rank is not None and reps.shape[0] is not None:
        missing: Any = max(a.shape.rank - reps.shape[0], 0)
        a = at_least(a, reps.shape[0])
    else:
        missing = tf.maximum(tf.rank(a) - tf.size(reps), 0)
        lead = tf.maximum(tf.size(reps) - tf.rank(a), 0)
        a = tf.reshape(a, tf.pad(tf.shape(a), [[lead, 0]], constant_values=1))
    return tf.tile(a, tf.pad(reps, [[missing, 0]], constant_values=1))


def pad(array: Any, pad_width: Any, mode: str, **options: Any) -> Any:
    """The array with a margin of `pad_width[i]` elements before and after axis i.

    Args:
      array: what to surround.
      pad_width: pairs of numbers, one an axis.
      mode: "constant", "reflect" or "symmetric".
      options: `constant_values`, what a constant margin is made of.

    Raises:
      ValueError: another mode.
    """
    if mode not in ("constant", "reflect", "symmetric"):
        raise ValueError("Unsupported padding mode: " + mode)
    return tf.pad(asarray(array), asarray(pad_width, tf.int32), mode.upper(), options.get("constant_values", 0))
