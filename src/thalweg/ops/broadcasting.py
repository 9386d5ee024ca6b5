"""Entries that repeat, pad and turn: Tile, Pad, MirrorPad, BroadcastTo, ReverseV2, Roll."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape, broadcast_static, unknown_shape
from .common import reduce_to, shape_of, shape_text, static_shape, static_value, unchanged
from .creation import held_sizes, ints, known_shape
from .layout import TIDX, bad, reshape_

REVERSED = "uint8, int8, uint16, int16, int32, uint32, int64, uint64, bool, bfloat16, half, float, double, " \
    "complex64, complex128, string"


# Tile.


def _tiled_shape(op: Any) -> Any:
    shape, multiples = op.inputs[0].shape, op.inputs[1]
    times = ints(multiples.value) if multiples.value is not None else held_sizes(multiples)
    if times is None:
        return unknown_shape(shape.rank)
    if shape.rank is None:
        return unknown_shape(len(times))
    if len(times) != shape.rank:
        raise ValueError(f"Shape must be rank {len(times)} but is rank {shape.rank}")
    return TensorShape([None if None in (d, m) else d * m for d, m in zip(shape.as_list(), times, strict=True)])


@op("Tile", "input: T, multiples: Tmultiples static -> output: T", attrs=f"T: type; Tmultiples: {TIDX}",
    infer=_tiled_shape)
def tile_(xp: Any, x: Any, multiples: Any) -> Any:
    times = ints(multiples)
    if len(times) != x.ndim:
        raise bad(f"Expected multiples argument to be a vector of length {x.ndim} but got length {len(times)}")
    for i, m in enumerate(times):
        if m < 0:
            raise bad(f"Expected multiples[{i}] >= 0, but got {m}")
    pairs: list[int] = []
    whole: list[int] = []
    for d, m in zip(x.shape, times, strict=True):
        pairs += [1, d]
        whole += [m, d]
    if xp is np:
        out = np.empty(whole, x.dtype)
        out[...] = x.reshape(pairs)
    else:
        out = xp.broadcast_to(x.reshape(pairs), whole)
    return out.reshape([d * m for d, m in zip(x.shape, times, strict=True)])


@tile_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .reductions import reduce_sum
    x, multiples = op.inputs
    shape, times = static_shape(x), static_value(multiples)
    if shape is not None and times is not None:
        pairs = [n for d, m in zip(shape, ints(times), strict=True) for n in (m, d)]
        return reduce_sum(apply(reshape_, (dy, pairs)), list(range(0, len(pairs), 2)))
    from .arrays import reshape, stack
    from .ranges import range as range_op
    both = reshape(stack([multiples, shape_of(x)], 1), [-1])
    return reshape(reduce_sum(reshape(dy, both), range_op(0, both.shape[0], 2)), shape_of(x))


# Padding.


def _padded_shape(op: Any) -> Any:
    shape, paddings = op.inputs[0].shape, op.inputs[1].value
    if paddings is None:
        rank = shape.rank if shape.rank is not None else op.inputs[1].shape[0] if op.inputs[1].shape.rank else None
        return unknown_shape(rank)
    pairs = ints(paddings)
    if shape.rank is None:
        return unknown_shape(len(pairs) // 2)
    if len(pairs) != 2 * shape.rank:
        raise ValueError(f"Shape must be rank {len(pairs) // 2} but is rank {shape.rank}")
    sign = -1 if op.op.type == "MirrorPadGrad" else 1
    return TensorShape([None if d is None else d + sign * (p + q)
                        for d, p, q in zip(shape.as_list(), pairs[::2], pairs[1::2], strict=True)])


def _pairs(x: Any, paddings: Any) -> list[list[int]]:
    """The paddings as `[before, after]` for each dimension."""
    if type(paddings) is list and len(paddings) == x.ndim:
        for pair in paddings:
            if len(pair) != 2 or type(pair[0]) is not int or type(pair[1]) is not int or pair[0] < 0 or pair[1] < 0:
                break
        else:
            return paddings
    table = np.asarray(paddings)
    if table.ndim != 2 or table.shape[1] != 2:
        if not (x.ndim == 0 and table.size == 0):
            raise bad(f"paddings must be a matrix with 2 columns: {shape_text(table.shape)}")
        return []
    if table.shape[0] != x.ndim:
        raise bad("The first dimension of paddings must be the rank of inputs"
                  f"{shape_text(table.shape)} {shape_text(x.shape)}")
    pairs: list[list[int]] = table.tolist()
    for p, q in pairs:
        if p < 0 or q < 0:
            raise bad(f"Paddings must be non-negative: {p} {q}")
    return pairs


def _pad(xp: Any, x: Any, paddings: Any, fill: Any) -> Any:
    pairs = _pairs(x, paddings)
    if xp is not np:
        return xp.pad(x, pairs, constant_values=fill) if pairs else x
    shape = [d + p + q for d, (p, q) in zip(x.shape, pairs, strict=True)]
    out = np.zeros(shape, x.dtype) if fill is None else np.full(shape, fill, x.dtype)
    out[tuple([slice(p, p + d) for d, (p, _) in zip(x.shape, pairs, strict=True)])] = x
    return out


@op("Pad", "input: T, paddings: Tpaddings static -> output: T", attrs=f"T: type; Tpaddings: {TIDX}",
    infer=_padded_shape)
def pad_(xp: Any, x: Any, paddings: Any) -> Any:
    return _pad(xp, x, paddings, b"" if x.dtype.kind == "O" else None if xp is np else 0)


@op("PadV2", "input: T, paddings: Tpaddings static, constant_values: T -> output: T",
    attrs=f"T: type; Tpaddings: {TIDX}", infer=_padded_shape)
def pad_v2(xp: Any, x: Any, paddings: Any, constant_values: Any) -> Any:
    if constant_values.ndim:
        raise bad(f"constant_values must be a scalar. Found: {shape_text(constant_values.shape)}")
    return _pad(xp, x, paddings, constant_values)


def _unpad(op: Any, dy: Any) -> Any:
    from .indexing import getitem
    from .slicing import slice_
    x, paddings = op.inputs[:2]
    known = static_value(paddings)
    begin: Any = np.asarray(known).reshape(-1, 2)[:, 0].tolist() if known is not None else getitem(paddings, (slice(None), 0))
    return apply(slice_, (dy, begin, shape_of(x)))


pad_.vjp(0)(_unpad)
pad_v2.vjp(0)(_unpad)


def _mirrored(n: int, before: int, after: int, reflect: bool) -> Any:
    """Which elements along a dimension of size `n` a mirror padding shows."""
    edge = 1 if reflect else 0
    if reflect and (before >= n or after >= n) and (before or after):
        raise bad(f"paddings must be less than the dimension size: {before}, {after} not less than {n}")
    if not reflect and (before > n or after > n):
        raise bad(f"paddings must be no greater than the dimension size: {before}, {after} greater than {n}")
    return np.concatenate([np.arange(before - 1 + edge, edge - 1, -1), np.arange(n),
                           np.arange(n - 1 - edge, n - 1 - edge - after, -1)]).astype(np.intp)


@op("MirrorPad", "input: T, paddings: Tpaddings static -> output: T",
    attrs=f'T: type; Tpaddings: {TIDX}; mode: {{"REFLECT", "SYMMETRIC"}}', infer=_padded_shape)
def mirror_pad(xp: Any, x: Any, paddings: Any, mode: str = "REFLECT") -> Any:
    reflect = mode == "REFLECT"
    for axis, (p, q) in enumerate(_pairs(x, paddings)):
        indices = _mirrored(x.shape[axis], p, q, reflect)
        if p or q:
            x = xp.take(x, indices, axis)
    return x


@op("MirrorPadGrad", "input: T, paddings: Tpaddings static -> output: T",
    attrs=f'T: type; Tpaddings: {TIDX}; mode: {{"REFLECT", "SYMMETRIC"}}', infer=_padded_shape)
def mirror_pad_grad(xp: Any, x: Any, paddings: Any, mode: str = "REFLECT") -> Any:
    edge = 1 if mode == "REFLECT" else 0
    for axis, (p, q) in enumerate(_pairs(x, paddings)):
        if not (p or q):
            continue
        n = x.shape[axis] - p - q
        whole = xp.moveaxis(x, axis, 0)
        inner = whole[p:p + n]
        rest = inner[:0]

        def placed(part: Any, start: int, n: int = n, rest: Any = rest) -> Any:
            """A part of the gradient amid zeros."""
            def zeros(k: int) -> Any:
                return xp.zeros((k, *rest.shape[1:]), rest.dtype)
            return xp.concatenate([zeros(start), part, zeros(n - start - part.shape[0])], 0)
        total = inner
        if p:
            total = total + placed(whole[:p][::-1], edge)
        if q:
            total = total + placed(whole[p + n:][::-1], n - edge - q)
        x = xp.moveaxis(total, 0, axis)
    return x


mirror_pad.vjp(0)(lambda op, dy: apply(mirror_pad_grad, (dy, op.inputs[1]), {"mode": op.get_attr("mode")}))
mirror_pad_grad.vjp(0)(lambda op, dy: apply(mirror_pad, (dy, op.inputs[1]), {"mode": op.get_attr("mode")}))


# Broadcasting.


def _explain_broadcast(x: Any, shape: Any) -> None:
    dims = ints(shape)
    if x.ndim > len(dims):
        raise bad(f"Rank of input ({x.ndim}) must be no greater than rank of output shape ({len(dims)}).")
    raise bad(f"Incompatible shapes: {shape_text(x.shape)} vs. {shape_text(dims)}")


def _broadcast_to_shape(op: Any) -> Any:
    shape, new = op.inputs[0].shape, known_shape(op.inputs[1])
    if shape.rank is not None and new.rank is not None and new.rank >= shape.rank:
        for d, n in zip(reversed(shape.as_list()), reversed(new.as_list()), strict=False):
            if d is not None and n is not None and d not in (1, n):
                raise ValueError(f"Dimensions must be equal, but are {d} and {n}")
    return new


_COPIED = 1 << 14
"""Results of at most this many elements are copied: four times as fast as NumPy's view without memory of its own."""


@op("BroadcastTo", "input: T, shape: Tidx static -> output: T", attrs=f"T: type; Tidx: {TIDX}",
    infer=_broadcast_to_shape, explain=_explain_broadcast)
def broadcast_to_(xp: Any, x: Any, shape: Any) -> Any:
    sizes = tuple(ints(shape)) if type(shape) is not tuple else shape
    if xp is np and x.ndim <= len(sizes) and math.prod(sizes) <= _COPIED:
        out = np.empty(sizes, x.dtype)
        out[...] = x
        return out
    return xp.broadcast_to(x, sizes)


@broadcast_to_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(dy, op.inputs[0], dy)


def _gradient_args_shapes(op: Any) -> Any:
    a, b = op.inputs
    if a.value is None or b.value is None:
        return [(unknown_shape(1), a.dtype), (unknown_shape(1), b.dtype)]
    return [(TensorShape(r.shape), a.dtype) for r in broadcast_gradient_args.kernel(np, a.value, b.value)]


@op("BroadcastGradientArgs", "s0: T static, s1: T static -> r0: T, r1: T", attrs=f"T: {TIDX}",
    infer=_gradient_args_shapes)
def broadcast_gradient_args(xp: Any, s0: Any, s1: Any) -> Any:
    a, b = ints(s0), ints(s1)
    rank = max(len(a), len(b))
    a, b = [1] * (rank - len(a)) + a, [1] * (rank - len(b)) + b
    first, second = [], []
    for i, (p, q) in enumerate(zip(a, b, strict=True)):
        if p != q and 1 not in (p, q):
            raise bad(f"Incompatible shapes: {shape_text(ints(s0))} vs. {shape_text(ints(s1))}")
        if p == 1:
            first.append(i)
        if q == 1:
            second.append(i)
    dtype = getattr(s0, "dtype", np.int32)
    return np.array(first, dtype), np.array(second, dtype)


@op("BroadcastArgs", "s0: T static, s1: T static -> r0: T", attrs=f"T: {TIDX}",
    infer=lambda op: broadcast_args_shape(op))
def broadcast_args(xp: Any, s0: Any, s1: Any) -> Any:
    a, b = ints(s0), ints(s1)
    try:
        return np.array(np.broadcast_shapes(tuple(a), tuple(b)), getattr(s0, "dtype", np.int32))
    except ValueError:
        raise bad(f"Incompatible shapes: {shape_text(a)} vs. {shape_text(b)}") from None


def broadcast_args_shape(op: Any) -> Any:
    """The rank of a broadcast shape."""
    known = broadcast_static(known_shape(op.inputs[0]), known_shape(op.inputs[1]))
    return [(TensorShape([known.rank]), op.inputs[0].dtype)]


broadcast_gradient_args.not_differentiable()
broadcast_args.not_differentiable()


# Turning.


@op("ReverseV2", "tensor: T, axis: Tidx static -> output: T",
    attrs=f"Tidx: {TIDX}; T: {{{REVERSED}}}", infer=unchanged)
def reverse_v2(xp: Any, x: Any, axis: Any) -> Any:
    if np.ndim(axis) != 1:
        raise bad(f"'dims' must be 1-dimension, not {np.ndim(axis)}")
    key = [slice(None)] * x.ndim
    for i, a in enumerate(ints(axis)):
        if not -x.ndim <= a < x.ndim:
            raise bad(f"'axis'[{i}] = {a} is out of valid range [0, {x.ndim - 1}")
        if key[a] != slice(None):
            raise bad(f"axis {a % x.ndim} specified more than once.")
        key[a] = slice(None, None, -1)
    return x[tuple(key)] if x.ndim else x


reverse_v2.vjp(0)(lambda op, dy: apply(reverse_v2, (dy, op.inputs[1])))


@op("Roll", "input: T, shift: Tshift static, axis: Taxis static -> output: T",
    attrs="T: type; Tshift: {int32, int64}; Taxis: {int32, int64}", infer=unchanged)
def roll_(xp: Any, x: Any, shift: Any, axis: Any) -> Any:
    if not x.ndim:
        raise bad("input must be 1-D or higher")
    steps, axes = ints(shift), ints(axis)
    if len(steps) != len(axes):
        raise bad("shift and axis must have the same size")
    for a in axes:
        if not -x.ndim <= a < x.ndim:
            raise bad(f"axis {a} is out of range")
    return xp.roll(x, tuple(steps), tuple(axes))


@roll_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    _, shift, axis = op.inputs
    known = static_value(shift)
    return apply(roll_, (dy, -shift if known is None else [-s for s in ints(known)], axis))
