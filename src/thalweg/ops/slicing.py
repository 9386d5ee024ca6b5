"""Entries that take a part of a tensor: StridedSlice, its gradient and update, Slice."""
from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op, op
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import Tensor
from .casting import cast
from .common import shape_of, shape_text, static_shape, static_value
from .creation import held_sizes, ints, known_shape
from .layout import bad
from .requirements import require_within

MASKS = "begin_mask: int = 0; end_mask: int = 0; ellipsis_mask: int = 0; new_axis_mask: int = 0; " \
    "shrink_axis_mask: int = 0"
_MASK_NAMES = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")


# The entries.


def numpy_key(shape: tuple[Any, ...], begin: Any, end: Any, strides: Any, begin_mask: int = 0, end_mask: int = 0,
              ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0) -> tuple[Any, ...]:
    """NumPy's index for a strided slice of an array of this shape.

    Raises:
      InvalidArgumentError: an index out of range, more indices than dimensions, a stride of zero.
    """
    first, last, step = ints(begin), ints(end), ints(strides)
    if not len(first) == len(last) == len(step):
        raise bad("Expected begin, end, and strides to be 1D equal size tensors, but got shapes "
                  f"[{len(first)}], [{len(last)}], and [{len(step)}] instead.")
    if ellipsis_mask & (ellipsis_mask - 1):
        raise bad("Multiple ellipses in slice spec not allowed")
    key: list[Any] = []
    consuming = sum(not (ellipsis_mask | new_axis_mask) >> i & 1 for i in range(len(first)))
    if consuming > len(shape):
        if not shape:
            raise bad("Attempting to slice scalar input.")
        raise bad(f"Index out of range using input dim {len(shape)}; input has only {len(shape)} dims")
    dim = 0
    for i, (b, e, s) in enumerate(zip(first, last, step, strict=True)):
        bit = 1 << i
        if s == 0:
            raise bad(f"strides[{i}] must be non-zero")
        if ellipsis_mask & bit:
            key.append(Ellipsis)
            later = sum(not new_axis_mask >> j & 1 for j in range(i + 1, len(first)))
            dim = len(shape) - later
        elif new_axis_mask & bit:
            key.append(None)
        elif shrink_axis_mask & bit:
            size = shape[dim]
            if s < 0:
                raise bad("only stride 1 allowed on non-range indexing.")
            if size is not None and not -size <= b < size:
                raise bad(f"slice index {b if b >= 0 else b + size} of dimension {dim} out of bounds.")
            key.append(b)
            dim += 1
        else:
            key.append(slice(None if begin_mask & bit else b, None if end_mask & bit else e, s))
            dim += 1
    return tuple(key)


def _sliced_shape(op: Any) -> Any:
    x, begin, end, strides = op.inputs[:4]
    masks = {k: op.attrs.get(k, 0) for k in _MASK_NAMES}
    if x.shape.rank is None:
        return unknown_shape()
    dims = x.shape.as_list()
    if strides.value is None or (begin.value is None and 0 in dims):
        count = strides.shape[0] if strides.shape.rank == 1 else None
        return _rank_only(dims, count, masks)
    n = len(ints(strides.value))
    first = [None] * n if begin.value is None else ints(begin.value)
    last = [None] * n if end.value is None else ints(end.value)
    known = [0 if v is None else v for v in first], [0 if v is None else v for v in last]
    try:
        shown = [2**31 if d is None else d for d in dims]
        key = numpy_key(tuple(dims), known[0], known[1], strides.value, **masks)
    except errors.InvalidArgumentError as error:
        raise ValueError(error.message) from None
    out: list[int | None] = []
    dim = 0
    for i, k in enumerate(key):
        if k is None:
            out.append(1)
        elif k is Ellipsis:
            later = sum(j is not None for j in key[i + 1:])
            out += dims[dim:len(dims) - later]
            dim = len(dims) - later
        elif isinstance(k, slice):
            out.append(_length(k, dims[dim], shown[dim], first[i], last[i]))
            dim += 1
        else:
            dim += 1
    return TensorShape(out + dims[dim:])


def _length(part: slice, size: int | None, shown: int, first: int | None, last: int | None) -> int | None:
    """How long a slice of a dimension is, as far as it is known."""
    if (first is None and part.start is not None) or (last is None and part.stop is not None):
        return None
    if size is not None:
        return len(range(*part.indices(shown)))
    if part.start is None and part.stop is None and abs(part.step or 1) == 1:
        return None
    ends = (part.start, part.stop)
    if None not in ends and (ends[0] >= 0) == (ends[1] >= 0) and len(range(ends[0], ends[1], part.step or 1)) == 0:
        return 0
    return None


def _rank_only(dims: list[Any], count: int | None, masks: dict[str, int]) -> TensorShape:
    if count is None:
        return unknown_shape()
    added = sum(masks["new_axis_mask"] >> i & 1 for i in range(count))
    shrinking = masks["shrink_axis_mask"] & ~masks["new_axis_mask"] & ~masks["ellipsis_mask"]
    gone = sum(shrinking >> i & 1 for i in range(count))
    return unknown_shape(len(dims) + added - gone)


@op("StridedSlice", "input: T, begin: Index static, end: Index static, strides: Index static -> output: T",
    attrs=f"T: type; Index: {{int16, int32, int64}}; {MASKS}", infer=_sliced_shape)
def strided_slice_(xp: Any, x: Any, begin: Any, end: Any, strides: Any, **masks: int) -> Any:
    part = x[numpy_key(x.shape, begin, end, strides, **masks)]
    return np.array(part, object) if type(part) is bytes else part  # an array has a dtype and a shape, bytes do not


def _traced_key(xp: Any, shape: Sequence[int], begin: Any, end: Any, strides: Any, begin_mask: int = 0, end_mask: int = 0,
                ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0) -> tuple[Any, ...]:
    """The index of a slice in a compiled program that does not know the place before it runs: of rows and whole axes.

    Raises:
      TypeError: the size of the result depends on values.
    """
    key: list[Any] = []
    steps = ints(strides)
    axis = 0
    for i, step in enumerate(steps):
        bit = 1 << i
        if ellipsis_mask & bit:
            key.append(Ellipsis)
            later = sum(not new_axis_mask >> j & 1 for j in range(i + 1, len(steps)))
            axis = len(shape) - later
            continue
        if new_axis_mask & bit:
            key.append(None)
            continue
        if shrink_axis_mask & bit:
            key.append(begin[i])
            if axis < len(shape):
                require_within(xp, begin[i], shape[axis], -shape[axis])
        else:
            first = None if begin_mask & bit else begin[i].__index__()
            key.append(slice(first, None if end_mask & bit else end[i].__index__(), step))
        axis += 1
    return tuple(key)


@strided_slice_.traced
def _(xp: Any, x: Any, begin: Any, end: Any, strides: Any, **masks: int) -> Any:
    return xp.asarray(x)[_traced_key(xp, x.shape, begin, end, strides, **masks)]


@strided_slice_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x, begin, end, strides = op.inputs
    shape = shape_of(x)
    kind = getattr(begin, "dtype", None)
    if isinstance(shape, Tensor) and isinstance(kind, dtypes.DType) and shape.dtype != kind:
        shape = cast(shape, kind)  # all indices are of one dtype
    return apply(strided_slice_grad, (shape, begin, end, strides, dy), op.attrs)


@op("StridedSliceGrad",
    "shape: Index static, begin: Index static, end: Index static, strides: Index static, dy: T -> output: T",
    attrs=f"T: type; Index: {{int32, int64}}; {MASKS}",
    infer=lambda op: [(known_shape(op.inputs[0]), op.inputs[4].dtype)])
def strided_slice_grad(xp: Any, shape: Any, begin: Any, end: Any, strides: Any, dy: Any, **masks: int) -> Any:
    sizes = ints(shape)
    key = numpy_key(tuple(sizes), begin, end, strides, **masks)
    out = xp.zeros(sizes, dy.dtype)
    part = (out if xp is np else np.broadcast_to(np.False_, sizes))[key].shape
    if dy.shape != part:
        raise errors.InvalidArgumentError(f"shape of dy was {shape_text(dy.shape)} instead of {shape_text(part)}")
    if xp is not np:
        return out.at[key].set(dy)
    out[key] = dy
    return out


@strided_slice_grad.traced
def _(xp: Any, shape: Any, begin: Any, end: Any, strides: Any, dy: Any, **masks: int) -> Any:
    sizes = ints(shape)
    return xp.zeros(sizes, dy.dtype).at[_traced_key(xp, sizes, begin, end, strides, **masks)].set(dy)


@strided_slice_grad.vjp(4)
def _(op: Any, dy: Any) -> Any:
    _, begin, end, strides, _ = op.inputs
    return apply(strided_slice_, (dy, begin, end, strides), op.attrs)


@op("TensorStridedSliceUpdate",
    "input: T, begin: Index static, end: Index static, strides: Index static, value: T -> output: T",
    attrs=f"T: type; Index: {{int32, int64}}; {MASKS}", infer=lambda op: op.inputs[0].shape)
def tensor_strided_slice_update(xp: Any, x: Any, begin: Any, end: Any, strides: Any, value: Any, **masks: int) -> Any:
    key = numpy_key(x.shape, begin, end, strides, **masks)
    part = x[key].shape
    check_assigned(part, value)
    if 0 in part:
        return x
    value = value.reshape(value.shape[max(value.ndim - len(part), 0):])
    if xp is not np:
        return x.at[key].set(value)
    out = x.copy()
    out[key] = value
    return out


@tensor_strided_slice_update.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .creation import zeros_like
    _, begin, end, strides, value = op.inputs
    return apply(tensor_strided_slice_update, (dy, begin, end, strides, zeros_like(value)), op.attrs)


@tensor_strided_slice_update.vjp(4)
def _(op: Any, dy: Any) -> Any:
    from .common import reduce_to
    _, begin, end, strides, value = op.inputs
    part = apply(strided_slice_, (dy, begin, end, strides), op.attrs)
    if value.shape.rank is not None and part.shape.rank is not None and value.shape.rank > part.shape.rank:
        return apply(get_op("Reshape"), (part, shape_of(value)))
    return reduce_to(part, value, part)


def check_assigned(shape: tuple[int, ...], value: Any) -> None:
    """Checks that a value can be assigned to a slice of this shape.

    Raises:
      InvalidArgumentError: it does not broadcast to it.
    """
    if 0 in shape:  # nothing is assigned, whatever it is
        return
    extra = max(value.ndim - len(shape), 0)
    try:
        fits = prod(value.shape[:extra]) == 1 and np.broadcast_shapes(shape, value.shape[extra:]) == shape
    except ValueError:
        fits = False
    if not fits:
        raise errors.InvalidArgumentError(
            f"Cannot broadcast input shape {shape_text(value.shape)} into final shape {shape_text(shape)}")


def _part_shape(op: Any) -> Any:
    x, begin, size = op.inputs
    sizes = ints(size.value) if size.value is not None else held_sizes(size)
    if sizes is None:
        return unknown_shape(x.shape.rank)
    dims = x.shape.as_list() if x.shape.rank is not None else [None] * len(sizes)
    first = ints(begin.value) if begin.value is not None else held_sizes(begin) or [None] * len(sizes)
    out: list[int | None] = []
    for d, b, s in zip(dims, first, sizes, strict=True):
        if s is None:
            out.append(None)
        elif s == -1:
            out.append(None if d is None or b is None else d - b)
        else:
            if d is not None and b is not None and b + s > d:
                raise ValueError(f"Expected size[{len(out)}] in [0, {d - b}], but got {s}")
            out.append(s)
    return TensorShape(out)


@op("Slice", "input: T, begin: Index static, size: Index static -> output: T",
    attrs="T: type; Index: {int32, int64}", infer=_part_shape)
def slice_(xp: Any, x: Any, begin: Any, size: Any) -> Any:
    first, sizes = ints(begin), ints(size)
    if not len(first) == len(sizes) == x.ndim:
        raise bad(f"Expected begin and size arguments to be 1-D tensors of size {x.ndim}, but got shapes "
                  f"[{len(first)}] and [{len(sizes)}] instead.")
    key = []
    for i, (b, s, d) in enumerate(zip(first, sizes, x.shape, strict=True)):
        if not 0 <= b <= d:
            raise bad(f"Expected begin[{i}] in [0, {d}], but got {b}")
        if s == -1:
            s = d - b
        if not 0 <= s <= d - b:
            raise bad(f"Expected size[{i}] in [0, {d - b}], but got {s}")
        key.append(slice(b, b + s))
    return x[tuple(key)] if key else x


@slice_.traced
def _(xp: Any, x: Any, begin: Any, size: Any) -> Any:
    """A part of known size at a place that only the running program knows; XLA moves one that reaches beyond inside.

    Raises:
      TypeError: the size of the result depends on values.
    """
    from jax import lax
    sizes = [d - begin[i].__index__() if s == -1 else s for i, (s, d) in enumerate(zip(ints(size), x.shape, strict=True))]
    for i, (s, d) in enumerate(zip(sizes, x.shape, strict=True)):
        require_within(xp, begin[i], d - s + 1)
    return lax.dynamic_slice(x, list(begin), sizes)


@slice_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .broadcasting import pad_
    x, begin, _ = op.inputs
    shape, part, first = static_shape(x), static_shape(dy), static_value(begin)
    if shape is not None and part is not None and first is not None:
        paddings: Any = [[b, d - b - s] for b, d, s in zip(ints(first), shape, part, strict=True)]
    else:
        from .arrays import stack
        start = convert_to_tensor(begin)
        paddings = stack([start, shape_of(x) - start - shape_of(dy)], 1)
    return apply(pad_, (dy, paddings))
