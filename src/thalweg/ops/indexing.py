"""Indexing with integers, slices, new axes and masks: StridedSlice and what is behind `tensor[...]`."""
from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply, record
from ..core.opdef import get_op, op
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import EagerTensor, Tensor
from ..core.variable import Variable, update
from .common import shape_of, shape_text, static_shape, static_value
from .creation import ints, known_shape
from .layout import bad

_MASKS = "begin_mask: int = 0; end_mask: int = 0; ellipsis_mask: int = 0; new_axis_mask: int = 0; " \
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
    if strides.value is None or (begin.value is None and end.value is None):
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
    attrs=f"T: type; Index: {{int16, int32, int64}}; {_MASKS}", infer=_sliced_shape)
def strided_slice_(xp: Any, x: Any, begin: Any, end: Any, strides: Any, **masks: int) -> Any:
    return x[numpy_key(x.shape, begin, end, strides, **masks)]


def _traced_key(begin: Any, end: Any, strides: Any, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0,
                new_axis_mask: int = 0, shrink_axis_mask: int = 0) -> tuple[Any, ...]:
    """The index of a slice in a compiled program that does not know the place before it runs: of rows and whole axes.

    Raises:
      TypeError: the size of the result depends on values.
    """
    key: list[Any] = []
    for i, step in enumerate(ints(strides)):
        bit = 1 << i
        if ellipsis_mask & bit:
            key.append(Ellipsis)
        elif new_axis_mask & bit:
            key.append(None)
        elif shrink_axis_mask & bit:
            key.append(begin[i])
        else:
            first = None if begin_mask & bit else begin[i].__index__()
            key.append(slice(first, None if end_mask & bit else end[i].__index__(), step))
    return tuple(key)


@strided_slice_.traced
def _(xp: Any, x: Any, begin: Any, end: Any, strides: Any, **masks: int) -> Any:
    return x[_traced_key(begin, end, strides, **masks)]


@strided_slice_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x, begin, end, strides = op.inputs
    return apply(strided_slice_grad, (shape_of(x), begin, end, strides, dy), op.attrs)


@op("StridedSliceGrad",
    "shape: Index static, begin: Index static, end: Index static, strides: Index static, dy: T -> output: T",
    attrs=f"T: type; Index: {{int32, int64}}; {_MASKS}",
    infer=lambda op: [(known_shape(op.inputs[0]), op.inputs[4].dtype)])
def strided_slice_grad(xp: Any, shape: Any, begin: Any, end: Any, strides: Any, dy: Any, **masks: int) -> Any:
    sizes = ints(shape)
    key = numpy_key(tuple(sizes), begin, end, strides, **masks)
    out = xp.zeros(sizes, dy.dtype)
    if xp is not np:
        return out.at[key].set(dy)
    out[key] = dy
    return out


@strided_slice_grad.traced
def _(xp: Any, shape: Any, begin: Any, end: Any, strides: Any, dy: Any, **masks: int) -> Any:
    return xp.zeros(ints(shape), dy.dtype).at[_traced_key(begin, end, strides, **masks)].set(dy)


@strided_slice_grad.vjp(4)
def _(op: Any, dy: Any) -> Any:
    _, begin, end, strides, _ = op.inputs
    return apply(strided_slice_, (dy, begin, end, strides), op.attrs)


@op("TensorStridedSliceUpdate",
    "input: T, begin: Index static, end: Index static, strides: Index static, value: T -> output: T",
    attrs=f"T: type; Index: {{int32, int64}}; {_MASKS}", infer=lambda op: op.inputs[0].shape)
def tensor_strided_slice_update(xp: Any, x: Any, begin: Any, end: Any, strides: Any, value: Any, **masks: int) -> Any:
    key = numpy_key(x.shape, begin, end, strides, **masks)
    check_assigned(x[key].shape, value)
    if xp is not np:
        return x.at[key].set(value)
    out = x.copy()
    out[key] = value
    return out


@tensor_strided_slice_update.vjp(0)
def _(op: Any, dy: Any) -> Any:
    _, begin, end, strides, value = op.inputs
    return apply(tensor_strided_slice_update, (dy, begin, end, strides, value * 0), op.attrs)


@tensor_strided_slice_update.vjp(4)
def _(op: Any, dy: Any) -> Any:
    from .common import reduce_to
    _, begin, end, strides, value = op.inputs
    part = apply(strided_slice_, (dy, begin, end, strides), op.attrs)
    return reduce_to(part, value, part)


def check_assigned(shape: tuple[int, ...], value: Any) -> None:
    """Checks that a value can be assigned to a slice of this shape.

    Raises:
      UnimplementedError: it does not broadcast to it.
    """
    try:
        fits = np.broadcast_shapes(shape, value.shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise errors.UnimplementedError(
            f"Unsupported shape for the assigned value: the slice has shape {shape_text(shape)}, the value "
            f"{shape_text(value.shape)}")


def _part_shape(op: Any) -> Any:
    x, begin, size = op.inputs
    if size.value is None:
        rank = x.shape.rank if x.shape.rank is not None else size.shape[0] if size.shape.rank else None
        return unknown_shape(rank)
    sizes = ints(size.value)
    dims = x.shape.as_list() if x.shape.rank is not None else [None] * len(sizes)
    first = ints(begin.value) if begin.value is not None else [None] * len(sizes)
    out = []
    for d, b, s in zip(dims, first, sizes, strict=True):
        if s == -1:
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


# Indexing.


_INDEX_DTYPES = (dtypes.int16, dtypes.int32, dtypes.int64)
_PLAIN = frozenset((int, type(None), type(Ellipsis)))


def _check_index(index: Any) -> None:
    if isinstance(index, (int, np.integer)):
        return
    dtype = getattr(index, "dtype", None)
    if dtype is not None:
        try:
            dtype = dtypes.as_dtype(dtype)
        except TypeError:
            dtype = None
    if dtype not in _INDEX_DTYPES or len(index.shape):
        if type(index).__name__ == "Dimension":
            return
        raise TypeError("Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
                        f"tf.int32/tf.int64 tensors are valid indices, got {index!r}")


def _is_mask(key: Any) -> bool:
    if isinstance(key, bool):
        return True
    if isinstance(key, Tensor):
        return key.dtype == dtypes.bool
    return isinstance(key, np.ndarray) and key.dtype == bool


def _plain(key: Any) -> bool:
    """Whether NumPy reads this part of an index as TensorFlow does."""
    kind = type(key)
    if kind is slice:
        a, b, c = key.start, key.stop, key.step
        return (a is None or type(a) is int) and (b is None or type(b) is int) and (c is None or type(c) is int)
    return kind in _PLAIN


def getitem(x: Any, key: Any) -> Any:
    """`x[key]` for a tensor or variable: integers, slices, `...`, None, scalar integer tensors, or a boolean mask.

    Raises:
      TypeError: an index of another type.
      InvalidArgumentError: an index out of range.
    """
    if type(x) is EagerTensor and ctx.graph is None:
        kind = type(key)
        if kind is int or (all(map(_plain, key)) if kind is tuple else _plain(key)):
            try:
                out = x._value[key]
            except (IndexError, ValueError):
                pass
            else:
                result = EagerTensor(out if type(out) is np.ndarray else _scalar(out), x._dtype)
                if ctx.tapes:
                    _record(x, key, result)
                return result
    if isinstance(x, Variable):
        return _variable_item(x, key)
    if _is_mask(key):
        from .masking import boolean_mask
        return boolean_mask(x, key)
    begin, end, strides, masks = _spec(key if isinstance(key, (list, tuple)) else (key,))
    return apply(strided_slice_, (convert_to_tensor(x), begin, end, strides), masks, _name())



def _name() -> str:
    """The name of a slice; outside a graph TensorFlow's messages have it with a slash."""
    return "strided_slice/" if ctx.graph is None else "strided_slice"


def _scalar(value: Any) -> Any:
    """A 0-d array of an element; a device array as it is."""
    if hasattr(value, "devices"):
        return value
    if isinstance(value, bytes):
        out = np.empty((), object)
        out[()] = value
        return out
    return np.asarray(value)


def _record(x: EagerTensor, key: Any, result: EagerTensor) -> None:
    """Tells the tapes of a plain index, worked out as StridedSlice only if one of them watches."""
    for tape in ctx.tapes:
        if id(x) in tape._watched:
            begin, end, strides, masks = _spec(key if type(key) is tuple else (key,))
            record(strided_slice_, (x, begin, end, strides), masks, (result,))
            return


def _spec(keys: Any) -> tuple[Any, Any, Any, dict[str, int]]:
    """An index as begin, end, strides and masks."""
    begin: list[Any] = []
    end: list[Any] = []
    strides: list[Any] = []
    begin_mask = end_mask = ellipsis_mask = new_axis_mask = shrink_axis_mask = 0
    for i, k in enumerate(keys):
        if isinstance(k, slice):
            for part, values, default in ((k.start, begin, 0), (k.stop, end, 0), (k.step, strides, 1)):
                if part is None:
                    values.append(default)
                else:
                    _check_index(part)
                    values.append(part)
            begin_mask |= (k.start is None) << i
            end_mask |= (k.stop is None) << i
        elif k is Ellipsis or k is None:
            begin.append(0)
            end.append(0)
            strides.append(1)
            ellipsis_mask |= (k is Ellipsis) << i
            new_axis_mask |= (k is None) << i
        else:
            _check_index(k)
            if not isinstance(k, Tensor):
                k = int(k) if hasattr(k, "__index__") else int(k.value)
            begin.append(k)
            end.append(k + 1)
            strides.append(1)
            shrink_axis_mask |= 1 << i
    masks = {"begin_mask": begin_mask, "end_mask": end_mask, "ellipsis_mask": ellipsis_mask,
             "new_axis_mask": new_axis_mask, "shrink_axis_mask": shrink_axis_mask}
    parts = [_packed(v) for v in (begin, end, strides)]
    found = {p.dtype for p in parts if isinstance(p, Tensor)}
    if found:
        from .casting import cast
        wide = dtypes.int64 if dtypes.int64 in found else dtypes.int32
        parts = [cast(p, wide) if isinstance(p, Tensor) else convert_to_tensor(p, wide) for p in parts]
    return parts[0], parts[1], parts[2], masks


def _packed(values: list[Any]) -> Any:
    """Indices as a list of ints, or a tensor where one is known only to a running graph."""
    out = []
    for v in values:
        if isinstance(v, EagerTensor):
            v = int(v)
        elif isinstance(v, Tensor) or hasattr(v, "__tf_tensor__"):
            from .arrays import stack
            from .casting import cast
            tensors = [t for t in values if isinstance(t, Tensor)]
            wide = dtypes.int64 if any(t.dtype == dtypes.int64 for t in tensors) else dtypes.int32
            return stack([cast(t, wide) if isinstance(t, Tensor) else convert_to_tensor(int(t), wide) for t in values])
        else:
            v = int(v)
        out.append(v)
    return out


# Slices of variables, which can be assigned.


class SliceOfVariable(EagerTensor):
    """What `variable[key]` gives: the value, and `assign`, which writes to that part of the variable."""

    __slots__ = ("_key", "_variable")

    def __init__(self, tensor: EagerTensor, variable: Any, key: Any) -> None:
        super().__init__(tensor._value, tensor._dtype)
        self._variable = variable
        self._key = key

    def assign(self, value: Any, name: str | None = None) -> Any:
        """Writes to this part of the variable.

        Raises:
          InvalidArgumentError: the value does not fit.
        """
        return assign_slice(self._variable, self._key, value, name)


def assign_slice(variable: Any, key: Any, value: Any, name: str | None = None) -> Any:
    """`variable[key].assign(value)`."""
    begin, end, strides, masks = _spec(key if isinstance(key, (list, tuple)) else (key,))
    node = update(get_op("ResourceStridedSliceAssign"), (variable,),
                  (begin, end, strides, convert_to_tensor(value, variable.dtype)), masks, name)
    return variable._assigned(node, True)


def _variable_item(variable: Any, key: Any) -> Any:
    value = variable.value()
    out = getitem(value, key)
    if _is_mask(key):
        return out
    if isinstance(out, EagerTensor):
        return _alias(out, SliceOfVariable(out, variable, key))
    from ..core.symbol import SymbolicTensor
    if type(out) is SymbolicTensor:
        result = _symbolic_slice()(out.op, out.value_index, out._shape, out._dtype)
        result.assign = lambda value, name=None: assign_slice(variable, key, value, name)
        out.op.outputs[out.value_index] = result
        return _alias(out, result)
    return out


@cache
def _symbolic_slice() -> Any:
    """The class of what `variable[key]` gives in a graph."""
    from ..core.symbol import SymbolicTensor
    return type("SymbolicTensor", (SymbolicTensor,), {"__slots__": ("assign",)})


def _alias(made: Any, shown: Any) -> Any:
    """Makes the tapes take one tensor for another: the record of the slice gets the object that the user sees."""
    for tape in ctx.tapes:
        if id(made) in tape._watched:
            del tape._watched[id(made)]
            tape._watched[id(shown)] = shown
            last = tape._records[-1]
            if isinstance(last.outputs, tuple):
                last.outputs = (shown,)
    return shown


def strided_slice(input_: Any, begin: Any, end: Any, strides: Any = None, begin_mask: int = 0, end_mask: int = 0,
                  ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0, var: Any = None,
                  name: str | None = None) -> Any:
    """The elements `begin[i] : end[i] : strides[i]` along each dimension.

    Args:
      input_: a tensor.
      begin, end, strides: integers for the first dimensions; strides are 1 unless given.
      begin_mask, end_mask: bits of the dimensions of which the begin or end is as far as it goes.
      ellipsis_mask, new_axis_mask, shrink_axis_mask: bits that stand for `...`, a new axis, a single index.
      var: the variable that `input_` was read from.

    Raises:
      InvalidArgumentError: an index out of range.
    """
    from .arrays import _static
    begin = _static(begin)
    if strides is None:
        count = begin.shape[0] if hasattr(begin, "shape") else len(begin)
        strides = [1] * count
    masks = {"begin_mask": begin_mask, "end_mask": end_mask, "ellipsis_mask": ellipsis_mask,
             "new_axis_mask": new_axis_mask, "shrink_axis_mask": shrink_axis_mask}
    return apply(strided_slice_, (convert_to_tensor(input_), begin, _static(end), _static(strides)), masks, name)


def slice_of(input_: Any, begin: Any, size: Any, name: str | None = None) -> Any:
    """`tf.slice`: `size[i]` elements from `begin[i]` on along each dimension; a size of -1 is all that follow.

    Raises:
      InvalidArgumentError: the part lies outside.
    """
    from .arrays import _static
    return apply(slice_, (convert_to_tensor(input_), _static(begin), _static(size)), name=name)
