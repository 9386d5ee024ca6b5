"""Reductions: sums, means, extremes and the like over some or all axes."""
from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from math import prod
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.dispatch import apply
from ..core.opdef import OpDef, get_op, op
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import EagerTensor
from .common import NUMBERS, conj, shape_of, shape_text, static_shape, static_value
from .dynamic import inverse, joined, kept_shape, others, positive, product_of, rank_of, shape_tensor

_ORDERED = "float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64, qint8, quint8, " \
    "qint32, qint16, quint16"
_SIGNATURE = "input: T, reduction_indices: Tidx static -> output: T"


def _attrs(types: str) -> str:
    return f"keep_dims: bool = false; T: {{{types}}}; Tidx: {{int32, int64}} = int32"


# In which dtype a reduction accumulates; None for the dtypes that NumPy reduces as they are.
_SUM_IN: dict[Any, Any] = dict.fromkeys(map(np.dtype, "f4 f8 c8 c16".split()))
_SUM_IN[np.dtype(np.float16)] = np.dtype(np.float32)
_WIDE = np.dtype(np.int64)
_add: Any = np.add.reduce  # once looked up


def sum_in(dtype: Any) -> Any:
    """The dtype to accumulate in, which integers need told because NumPy would widen them."""
    if dtype not in _SUM_IN:
        _SUM_IN[dtype] = np.dtype(np.float32) if dtype.kind == "V" else dtype
    return _SUM_IN[dtype]


def as_axes(axis: Any, x: Any = None) -> Any:
    """A static axis input as NumPy takes it: an int or a tuple of ints. NumPy alone lets scalars have an axis."""
    if type(axis) is tuple:
        return axis
    if type(axis) is not int:
        if isinstance(axis, np.ndarray):
            axis = tuple(axis.reshape(-1).tolist()) if axis.ndim else axis.item()
        else:
            axis = tuple(axis) if isinstance(axis, (list, range)) else int(axis)
    if x is not None and not x.ndim and axis != ():
        raise np.exceptions.AxisError(f"axis {axis} is out of bounds for a scalar")
    return axis


def normal_axes(axis: Any, rank: int) -> tuple[int, ...]:
    """The axes of a reduction as a sorted tuple of non-negative ints."""
    axes = as_axes(axis)
    return tuple(sorted({a % rank for a in ((axes,) if type(axes) is int else axes)}))


def _explain(type_name: str, x: Any, axis: Any, keep_dims: bool = False) -> None:
    axes = as_axes(axis)
    seen = set()
    for a in (axes,) if type(axes) is int else axes:
        if not -x.ndim <= a < x.ndim:
            raise errors.InvalidArgumentError(
                f"Invalid reduction dimension ({a} for input with {x.ndim} dimension(s)")
    for a in (axes,) if type(axes) is int else axes:
        if a % x.ndim in seen:
            raise errors.InvalidArgumentError(
                f"Invalid reduction arguments: Axes contains duplicate dimension: {a % x.ndim} [Op:{type_name}]")
        seen.add(a % x.ndim)


def reduced_shape(op: Any) -> TensorShape:
    """The shape of a reduction of the first input over the axes in the second."""
    shape, axes = op.inputs[0].shape, op.inputs[1].value
    keep = op.attrs.get("keep_dims", False)
    rank = shape.rank
    if axes is None or rank is None:
        if keep and rank is not None:
            return unknown_shape(rank)
        # Without the axes a reduction may be over any number of them.
        return unknown_shape()
    chosen = set()
    for a in np.asarray(axes).reshape(-1).tolist():
        if not -rank <= a < rank:
            raise ValueError(f"Invalid reduction dimension {a} for input with {rank} dimensions.")
        chosen.add(a % rank)
    dims = shape.as_list()
    return TensorShape([1 if i in chosen else d for i, d in enumerate(dims) if keep or i not in chosen])


def _entry(type: str, types: str) -> Callable[[Callable[..., Any]], OpDef]:
    return op(type, _SIGNATURE, attrs=_attrs(types), infer=reduced_shape, explain=partial(_explain, type))


@_entry("Sum", NUMBERS)
def sum_(xp: Any, x: Any, axis: Any, keep_dims: bool = False) -> Any:
    if type(axis) is not tuple:
        axis = as_axes(axis, x)
    dtype = x.dtype
    wide = _SUM_IN[dtype] if dtype in _SUM_IN else sum_in(dtype)
    if xp is not np:
        return xp.sum(x, axis, wide, keepdims=keep_dims).astype(dtype)
    if wide is None:
        return _add(x, axis, None, None, keep_dims)
    total = _add(x, axis, wide, None, keep_dims)
    return total if wide is dtype else total.astype(dtype)


@_entry("Mean", NUMBERS)
def mean_(xp: Any, x: Any, axis: Any, keep_dims: bool = False) -> Any:
    if type(axis) is not tuple:
        axis = as_axes(axis, x)
    dtype = x.dtype
    wide = _SUM_IN[dtype] if dtype in _SUM_IN else sum_in(dtype)
    if wide is dtype:
        return _integer_mean(xp, x, axis, keep_dims)
    total = _add(x, axis, wide, None, keep_dims) if xp is np else xp.sum(x, axis, wide, keepdims=keep_dims)
    count = x.shape[axis] if type(axis) is int else _count(x, axis)
    return total / count if wide is None else (total / count).astype(dtype)


def _count(x: Any, axis: Any) -> int:
    """How many elements each mean is over."""
    axes = (axis,) if type(axis) is int else axis
    return x.size if len(axes) == x.ndim else prod([x.shape[a] for a in axes])


def _integer_mean(xp: Any, x: Any, axis: Any, keep_dims: bool) -> Any:
    """The mean rounded towards zero, summed in 64 bits."""
    total = xp.sum(x, axis, np.uint64 if x.dtype.kind == "u" else _WIDE, keepdims=keep_dims)
    count = _count(x, axis)
    if not count:
        return xp.zeros(total.shape, x.dtype)
    return (xp.sign(total) * (abs(total) // count)).astype(x.dtype)


def _lowest(dtype: Any, sign: int) -> Any:
    """What the maximum (sign 1) or minimum (sign -1) of nothing is."""
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return info.min if sign > 0 else info.max
    return dtype.type(-np.inf * sign)


def _extreme(xp: Any, x: Any, axis: Any, keep_dims: bool, ufunc: Any, name: str, sign: int) -> Any:
    if type(axis) is not tuple:
        axis = as_axes(axis, x)
    if x.size:
        if xp is np:
            return ufunc.reduce(x, axis, None, None, keep_dims)
        return getattr(xp, name)(x, axis, keepdims=keep_dims)
    if xp is np and x.dtype.kind == "V":
        return ufunc.reduce(x.astype(np.float32), axis, keepdims=keep_dims, initial=-np.inf * sign).astype(x.dtype)
    return getattr(xp, name)(x, axis, keepdims=keep_dims, initial=_lowest(x.dtype, sign))


@_entry("Max", _ORDERED)
def max_(xp: Any, x: Any, axis: Any, keep_dims: bool = False) -> Any:
    return _extreme(xp, x, axis, keep_dims, np.maximum, "max", 1)


@_entry("Min", _ORDERED)
def min_(xp: Any, x: Any, axis: Any, keep_dims: bool = False) -> Any:
    return _extreme(xp, x, axis, keep_dims, np.minimum, "min", -1)


@_entry("Prod", NUMBERS)
def prod_(xp: Any, x: Any, axis: Any, keep_dims: bool = False) -> Any:
    wide = sum_in(x.dtype)
    return xp.prod(x, as_axes(axis, x), wide, keepdims=keep_dims).astype(x.dtype)


@op("All", "input: bool, reduction_indices: Tidx static -> output: bool",
    attrs="keep_dims: bool = false; Tidx: {int32, int64} = int32", infer=reduced_shape,
    explain=partial(_explain, "All"))
def all_(xp: Any, x: Any, axis: Any, keep_dims: bool = False) -> Any:
    return xp.all(x, as_axes(axis, x), keepdims=keep_dims)


@op("Any", "input: bool, reduction_indices: Tidx static -> output: bool",
    attrs="keep_dims: bool = false; Tidx: {int32, int64} = int32", infer=reduced_shape,
    explain=partial(_explain, "Any"))
def any_(xp: Any, x: Any, axis: Any, keep_dims: bool = False) -> Any:
    return xp.any(x, as_axes(axis, x), keepdims=keep_dims)


all_.not_differentiable()
any_.not_differentiable()


@_entry("EuclideanNorm", NUMBERS)
def euclidean_norm(xp: Any, x: Any, axis: Any, keep_dims: bool = False) -> Any:
    wide = sum_in(x.dtype)
    if wide is x.dtype:
        wide = np.dtype(np.float64)
    elif wide is None and x.dtype.kind == "c":
        x, dtype = xp.real(x * xp.conj(x)), x.dtype
        return xp.sqrt(xp.sum(x, as_axes(axis, x), keepdims=keep_dims)).astype(dtype)
    y = x if wide is None else x.astype(wide)
    return xp.sqrt(xp.sum(y * y, as_axes(axis, x), keepdims=keep_dims)).astype(x.dtype)


# Gradients.


def _kept(op: Any, value: Any) -> Any:
    """An output of a reduction, or its gradient, with the reduced axes back as axes of size 1."""
    x, axis = op.inputs
    if op.attrs.get("keep_dims", False):
        return value
    axes = static_value(axis)
    shape = static_shape(x)
    if shape is not None and axes is not None:
        if static_shape(value) == ():
            return value
        chosen = normal_axes(axes, len(shape))
        kept: Any = tuple([1 if i in chosen else d for i, d in enumerate(shape)])
    else:
        kept = kept_shape(x, axis)
    return apply(get_op("Reshape"), (value, kept))


@sum_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(get_op("BroadcastTo"), (_kept(op, dy), shape_of(op.inputs[0])))


@mean_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x = op.inputs[0]
    y = op.outputs[0]
    sx, sy = static_shape(x), static_shape(y)
    if sx is not None and sy is not None:
        n, m = math.prod(sx), math.prod(sy)
        count: Any = n // max(m, 1)
    else:
        from .arithmetic import floordiv, maximum
        size = get_op("Size")
        count = floordiv(apply(size, (x,), {"out_type": dtypes.int32}),
                         maximum(apply(size, (y,), {"out_type": dtypes.int32}), 1))
        count = apply(get_op("Cast"), (count,), {"DstT": dy.dtype})
    if sy == () and type(dy) is EagerTensor and not ctx.tapes:
        # Nobody differentiates this gradient: one value everywhere, without records.
        return EagerTensor(np.full(sx, dy._value / dy._value.dtype.type(count), dy._value.dtype))
    return apply(get_op("BroadcastTo"), (_kept(op, dy / count), shape_of(x)))


def _extreme_gradient(op: Any, dy: Any) -> Any:
    """Where several elements are the extreme, they share the gradient evenly."""
    x, axis = op.inputs
    at = apply(get_op("Cast"), (apply(get_op("Equal"), (_kept(op, op.outputs[0]), x)),), {"DstT": dy.dtype})
    ties = apply(sum_, (at, axis), {"keep_dims": True})
    return at / ties * _kept(op, dy)


max_.vjp(0)(_extreme_gradient)
min_.vjp(0)(_extreme_gradient)


@prod_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    """The product of the others: of those before and those after each element, so that zeros do no harm."""
    from .cumulative import cumprod
    x, axis = op.inputs
    transpose, reshape = get_op("Transpose"), get_op("Reshape")
    rank, axes = x.shape.rank, static_value(axis)
    if rank is None or axes is None:
        return _dynamic_prod_gradient(op, dy)
    chosen = normal_axes(axes, rank) if rank else ()
    perm = chosen + tuple(i for i in range(rank) if i not in chosen)
    dims = [x.shape.as_list()[i] for i in perm]
    n = len(chosen)
    count = -1 if None in dims[:n] else prod(dims[:n])
    rest = -1 if None in dims[n:] else prod(dims[n:])
    if count == rest == -1 or -1 in (count, rest) and 0 in (count, rest):
        return _dynamic_prod_gradient(op, dy)
    dy = apply(get_op("BroadcastTo"), (_kept(op, dy), shape_of(x)))
    if not rank:
        return dy
    moved = apply(transpose, (x, perm))
    flat = apply(reshape, (moved, (count, rest)))
    product = conj(cumprod(flat, 0, exclusive=True)) * conj(cumprod(flat, 0, exclusive=True, reverse=True))
    product = apply(reshape, (product, shape_of(moved)))
    return dy * apply(transpose, (product, tuple(np.argsort(perm).tolist())))


def _dynamic_prod_gradient(op: Any, dy: Any) -> Any:
    """The gradient of a product over axes that only the running graph knows."""
    from .cumulative import cumprod
    x, axis = op.inputs
    reshape, transpose = get_op("Reshape"), get_op("Transpose")
    rank = rank_of(x)
    axes = positive(axis, rank)
    rest = others(axes, rank)
    perm = joined(axes, rest)
    moved = apply(transpose, (x, perm))
    shape = shape_tensor(x)
    gather = get_op("GatherV2")
    sizes = [product_of(apply(gather, (shape, part, 0), {"batch_dims": 0})) for part in (axes, rest)]
    flat = apply(reshape, (moved, apply(get_op("Pack"), sizes, {"axis": 0})))
    product = conj(cumprod(flat, 0, exclusive=True)) * conj(cumprod(flat, 0, exclusive=True, reverse=True))
    product = apply(reshape, (product, shape_tensor(moved)))
    return apply(reshape, (dy, kept_shape(x, axis))) * apply(transpose, (product, inverse(perm)))


@euclidean_norm.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return op.inputs[0] / (_kept(op, op.outputs[0]) / _kept(op, dy))


# Positions of extremes.


def _arg_shape(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    out = dtypes.as_dtype(op.attrs.get("output_type", dtypes.int64))
    shape, axis = op.inputs[0].shape, op.inputs[1].value
    rank = shape.rank
    if rank is None:
        return [(unknown_shape(), out)]
    if axis is None:
        return [(unknown_shape(max(rank - 1, 0)), out)]
    a = int(np.asarray(axis))
    if not -rank <= a < rank and not (rank == 0 and a in (0, -1)):
        raise ValueError(f"Dimension ({a}) must be in the range [{-rank}, {rank}), where {rank} is the number of "
                         f"dimensions in the input.")
    dims = shape.as_list()
    if rank:
        del dims[a % rank]
    return [(TensorShape(dims), out)]


def _arg(xp: Any, x: Any, axis: Any, output_type: Any, find: str, sign: int) -> Any:
    axis = int(axis)
    out = dtypes.as_dtype(output_type).np
    if not -x.ndim <= axis < x.ndim:
        raise errors.InvalidArgumentError(f"Expected dimension in the range [{-x.ndim}, {x.ndim}), but got {axis}")
    if not x.shape[axis]:
        raise errors.InvalidArgumentError(f"Reduction axis {axis % x.ndim} is empty in shape {shape_text(x.shape)}")
    if x.dtype.kind not in "iub":
        wrong = xp.isnan(x)
        if xp is not np or wrong.any():  # NaN is passed over
            x = xp.where(wrong, x.dtype.type(-np.inf * sign), x)
    return getattr(xp, find)(x, axis).astype(out)


@op("ArgMax", "input: T, dimension: Tidx static -> output: output_type",
    attrs=f"T: {{{_ORDERED}, bool}}; Tidx: {{int16, int32, int64}} = int32; "
    "output_type: {int16, uint16, int32, int64} = int64", infer=_arg_shape)
def arg_max(xp: Any, x: Any, axis: Any, output_type: Any = dtypes.int64) -> Any:
    return _arg(xp, x, axis, output_type, "argmax", 1)


@op("ArgMin", "input: T, dimension: Tidx static -> output: output_type",
    attrs=f"T: {{{_ORDERED}, bool}}; Tidx: {{int32, int64}} = int32; output_type: {{int32, int64}} = int64",
    infer=_arg_shape)
def arg_min(xp: Any, x: Any, axis: Any, output_type: Any = dtypes.int64) -> Any:
    return _arg(xp, x, axis, output_type, "argmin", -1)


arg_max.not_differentiable()
arg_min.not_differentiable()
