"""Entries that join tensors and take them apart: ConcatV2, Pack, Unpack, Split, SplitV."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import Tensor
from .common import shape_of, shape_text, static_shape, static_value
from .creation import ints
from .layout import TIDX, bad

# Joining.


def _concat_shape(op: Any) -> Any:
    *values, axis = op.inputs
    shapes = [v.shape for v in values if v.shape.rank is not None]
    if not shapes:
        return unknown_shape()
    rank = shapes[0].rank
    if axis.value is None:
        return unknown_shape(rank)
    a = ints(axis.value)[0]
    for s in shapes:
        if s.rank != rank:
            raise ValueError(f"Shape must be rank {rank} but is rank {s.rank}")
    if rank == 0:
        raise ValueError("Can't concatenate scalars (use tf.stack instead)")
    if not -rank <= a < rank:
        raise ValueError(f"Shape must be at least rank {a + 1 if a >= 0 else -a} but is rank {rank}")
    a %= rank
    rest = TensorShape(None)
    for s in shapes:
        dims = s.as_list()
        other = TensorShape(dims[:a] + dims[a + 1:])
        try:
            rest = rest.merge_with(other)
        except ValueError:
            _unequal(rest, other)
    total = None if len(shapes) < len(values) or any(s[a] is None for s in shapes) else sum(s[a] for s in shapes)
    dims = rest.as_list()
    return TensorShape([*dims[:a], total, *dims[a:]])


def _unequal(x: TensorShape, y: TensorShape) -> None:
    """Says which dimension of two shapes differs."""
    for i, (p, q) in enumerate(zip(x.as_list(), y.as_list(), strict=True)):
        if p is not None and q is not None and p != q:
            a, b = ("[" + ",".join("?" if d is None else str(d) for d in s) + "]" for s in (x, y))
            raise ValueError(f"Dimension {i} in both shapes must be equal, but are {p} and {q}. Shapes are {a} and "
                             f"{b}.")


def _explain_concat(*args: Any) -> None:
    *values, axis = args
    first, a = values[0], ints(axis)[0]
    if first.ndim == 0:
        raise bad("ConcatOp : Can't concatenate scalars (use tf.stack instead)")
    if not -first.ndim <= a < first.ndim:
        raise bad(f"ConcatOp : Expected concatenating dimensions in the range [{-first.ndim}, {first.ndim}), but got "
                  f"{a}")
    for i, v in enumerate(values):
        both = f"shape[0] = {shape_text(first.shape)} vs. shape[{i}] = {shape_text(v.shape)}"
        if v.ndim != first.ndim:
            raise bad(f"ConcatOp : Ranks of all input tensors should match: {both}")
        for d in range(v.ndim):
            if d != a % first.ndim and v.shape[d] != first.shape[d]:
                raise bad(f"ConcatOp : Dimension {d} in both shapes must be equal: {both}")


@op("ConcatV2", "values: N * T, axis: Tidx static -> output: T", attrs=f"N: int; T: type; Tidx: {TIDX}",
    infer=_concat_shape, explain=_explain_concat)
def concat_v2(xp: Any, *args: Any) -> Any:
    axis = args[-1]
    return xp.concatenate(args[:-1], axis if type(axis) is int else ints(axis)[0])


def _size_along(x: Any, axis: Any) -> Any:
    known = static_shape(x)
    if known is not None and isinstance(axis, int):
        return known[axis]
    from .indexing import getitem
    return getitem(shape_of(x) if known is None else convert_to_tensor(known), axis)


@concat_v2.gradient
def _(op: Any, dy: Any) -> Any:
    *values, axis = op.inputs
    value = static_value(axis)
    a = axis if value is None else ints(value)[0]
    if isinstance(dy, IndexedSlices):
        dy = convert_to_tensor(dy)
    sizes = [_size_along(x, a) for x in values]
    if any(isinstance(s, Tensor) for s in sizes):
        sizes = apply(pack, [convert_to_tensor(s) for s in sizes], {"axis": 0})
    return [*apply(split_v, (dy, sizes, a), {"num_split": len(values)}), None]


@op("Concat", "concat_dim: int32 static, values: N * T -> output: T", attrs="N: int; T: type",
    infer=lambda op: _concat_shape(_Turned(op)), explain=lambda axis, *values: _explain_concat(*values, axis))
def concat_v1(xp: Any, axis: Any, *values: Any) -> Any:
    return concat_v2.kernel(xp, *values, axis)


class _Turned:
    """An application of Concat as one of ConcatV2, whose axis comes last."""

    def __init__(self, op: Any) -> None:
        self.inputs = [*op.inputs[1:], op.inputs[0]]


@concat_v1.gradient
def _(op: Any, dy: Any) -> Any:
    *parts, _ = concat_v2.joint(_Turned(op), dy)  # type: ignore[misc]
    return [None, *parts]


@op("ConcatOffset", "concat_dim: int32 static, shape: N * shape_type static -> offset: N * shape_type",
    attrs="N: int; shape_type: {int32, int64} = int32",
    infer=lambda op: [(x.shape, x.dtype) for x in op.inputs[1:]])
def concat_offset(xp: Any, axis: Any, *shapes: Any) -> Any:
    given = [np.asarray(s) for s in shapes]
    if np.ndim(axis):
        raise bad(f"Concat dim tensor should be a scalar integer, but got shape {shape_text(np.shape(axis))}")
    a, start, out = ints(axis)[0], 0, []
    first = given[0]
    for i, s in enumerate(given):
        if s.ndim != 1:
            raise bad(f"input {i} should be a vector, but got shape {shape_text(s.shape)}")
    if not -len(first) <= a < len(first):
        raise bad(f"Concat dim is out of range: {a} vs. {len(first)}")
    a %= len(first)
    for i, (s, array) in enumerate(zip(shapes, given, strict=True)):
        sizes = ints(s)
        if len(sizes) != len(first):
            raise bad(f"input {i} should contain {len(first)} elements, but got {len(sizes)}")
        if any(n != m for d, (n, m) in enumerate(zip(sizes, first.tolist(), strict=True)) if d != a):
            raise bad(f"All dimensions except {a} must match. Input {i} has shape [{' '.join(map(str, sizes))}] and doesn't "
                      f"match input 0 with shape [{' '.join(map(str, first.tolist()))}].")
        place = np.zeros(len(sizes), array.dtype if hasattr(s, "dtype") else np.int32)
        place[a] = start
        out.append(place)
        start += sizes[a]
    return tuple(out)


concat_offset.not_differentiable()


def _pack_shape(op: Any) -> Any:
    shape = TensorShape(None)
    for i, x in enumerate(op.inputs):
        try:
            shape = shape.merge_with(x.shape)
        except ValueError:
            if shape.rank != x.shape.rank:
                raise ValueError(f"Shapes must be equal rank, but are {shape.rank} and {x.shape.rank}\n\tFrom merging "
                                 f"shape {i - 1} with other shapes.") from None
            _unequal(shape, x.shape)
    if shape.rank is None:
        return shape
    axis = op.attrs.get("axis", 0)
    dims = shape.as_list()
    dims.insert(axis if axis >= 0 else axis + len(dims) + 1, len(op.inputs))
    return TensorShape(dims)


def _explain_pack(*values: Any, axis: int = 0) -> None:
    for i, v in enumerate(values):
        if v.shape != values[0].shape:
            raise bad("Shapes of all inputs must match: values[0].shape = "
                       f"{shape_text(values[0].shape)} != values[{i}].shape = {shape_text(v.shape)}")
    n = values[0].ndim + 1
    if not -n <= axis < n:
        raise bad(f"axis = {axis} not in [{-n}, {n})")


@op("Pack", "values: N * T -> output: T", attrs="N: int; T: type; axis: int = 0", infer=_pack_shape,
    explain=_explain_pack)
def pack(xp: Any, *values: Any, axis: int = 0) -> Any:
    if xp is np and axis == 0 and values[0].dtype.kind != "O":
        return np.array(values)  # a third of the time of np.stack
    return xp.stack(values, axis)


@pack.gradient
def _(op: Any, dy: Any) -> Any:
    if isinstance(dy, IndexedSlices):
        dy = convert_to_tensor(dy)
    return list(apply(unpack, (dy,), {"num": len(op.inputs), "axis": op.get_attr("axis") if "axis" in op.attrs else 0}))


# Splitting.


def _unpack_shape(op: Any) -> Any:
    x, axis, num = op.inputs[0], op.attrs.get("axis", 0), op.attrs["num"]
    if x.shape.rank is None:
        return [(unknown_shape(), x.dtype)] * num
    dims = x.shape.as_list()
    size = dims.pop(axis)
    if size is not None and size != num:
        raise ValueError(f"Dimension must be {num} but is {size}")
    return [(TensorShape(dims), x.dtype)] * num


@op("Unpack", "value: T -> output: num * T", attrs="num: int; T: type; axis: int = 0", infer=_unpack_shape)
def unpack(xp: Any, x: Any, num: int = 0, axis: int = 0) -> Any:
    if not -x.ndim <= axis < x.ndim:
        raise bad(f"axis = {axis} not in [{-x.ndim}, {x.ndim})")
    if x.shape[axis] != num:
        raise bad(f"Input shape axis {axis % x.ndim} must equal {num}, got shape {shape_text(x.shape)}")
    lead = (slice(None),) * (axis % x.ndim)
    return tuple([x[(*lead, i, ...)] for i in range(num)])  # the dots keep a string scalar an array


@unpack.vjp(0)
def _(op: Any, *dys: Any) -> Any:
    return apply(pack, dys, {"axis": op.attrs.get("axis", 0)}) if dys else None


def _parts(x: Any, sizes: list[int], axis: int) -> tuple[Any, ...]:
    """The parts of an array along an axis, as views."""
    lead = (slice(None),) * (axis % x.ndim)
    out, start = [], 0
    for size in sizes:
        out.append(x[(*lead, slice(start, start + size))])
        start += size
    return tuple(out)


def _check_split_dim(x: Any, axis: int) -> None:
    if not -x.ndim <= axis < x.ndim:
        raise bad(f"-input rank(-{x.ndim}) <= split_dim < input rank ({x.ndim}), but got {axis}")


def _split_shape(op: Any) -> Any:
    axis, x = op.inputs
    num = op.attrs["num_split"]
    if x.shape.rank is None or axis.value is None:
        return [(unknown_shape(x.shape.rank), x.dtype)] * num
    a = ints(axis.value)[0]
    dims = x.shape.as_list()
    if dims[a] is not None:
        if dims[a] % num:
            raise ValueError(f"Dimension size must be evenly divisible by {num} but is {dims[a]}")
        dims[a] //= num
    return [(TensorShape(dims), x.dtype)] * num


@op("Split", "split_dim: int32 static, value: T -> output: num_split * T", attrs="num_split: int; T: type",
    infer=_split_shape)
def split_(xp: Any, axis: Any, x: Any, num_split: int = 1) -> Any:
    a = ints(axis)[0] if not isinstance(axis, int) else axis
    _check_split_dim(x, a)
    size, rest = divmod(x.shape[a], num_split)
    if rest:
        raise bad("Number of ways to split should evenly divide the split dimension, but got split_dim "
                   f"{a % x.ndim} (size = {x.shape[a]}) and num_split {num_split}")
    return _parts(x, [size] * num_split, a)


@split_.vjp(1)
def _(op: Any, *dys: Any) -> Any:
    return apply(concat_v2, (*dys, op.inputs[0])) if len(dys) > 1 else dys[0]


def _split_v_shape(op: Any) -> Any:
    x, sizes, axis = op.inputs
    num = op.attrs["num_split"]
    if x.shape.rank is None or axis.value is None:
        return [(unknown_shape(x.shape.rank), x.dtype)] * num
    a = ints(axis.value)[0]
    dims = x.shape.as_list()
    parts: list[Any] = [None] * num if sizes.value is None else ints(sizes.value)
    if -1 in parts:
        rest = None if dims[a] is None else dims[a] - sum(p for p in parts if p != -1)
        parts = [rest if p == -1 else p for p in parts]
    elif None not in parts and dims[a] is not None and sum(parts) != dims[a]:
        raise ValueError("Sum of output sizes must match the size of the original Tensor along the split dimension or "
                         "the sum of the positive sizes must be less if it contains a -1")
    return [(TensorShape([*dims[:a % len(dims)], p, *dims[a % len(dims) + 1:]]), x.dtype) for p in parts]


@op("SplitV", "value: T, size_splits: Tlen static, split_dim: int32 static -> output: num_split * T",
    attrs="num_split: int; T: type; Tlen: {int8, int32, int64} = int64", infer=_split_v_shape)
def split_v(xp: Any, x: Any, sizes: Any, axis: Any, num_split: int = 1) -> Any:
    a = ints(axis)[0] if not isinstance(axis, int) else axis
    _check_split_dim(x, a)
    parts = ints(sizes)
    total = x.shape[a]
    known = sum(p for p in parts if p != -1)
    missing = parts.count(-1)
    if missing > 1:
        raise bad("There can only be one -1 in the input.")
    if known > total or (not missing and known != total):
        raise bad("Determined shape must either match input shape along split_dim exactly if fully specified, or be "
                  f"less than the size of the input along split_dim if not fully specified.  Got: {known}")
    for p in parts:
        if p < -1:
            raise bad(f"Split size at index {parts.index(p)} must be >= 0. Got: {p}")
    return _parts(x, [total - known if p == -1 else p for p in parts], a)


@split_v.vjp(0)
def _(op: Any, *dys: Any) -> Any:
    return apply(concat_v2, (*dys, op.inputs[2])) if len(dys) > 1 else dys[0]
