"""Uniformly quantized tensors: an integer stands for `(integer - zero point) * scale`, with one scale or one a channel.

What goes from one scale to another does so in integers: the factor becomes an integer of 31 bits and a shift, and half a unit
is added before the shift, so that results do not depend on the order of sums.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.dispatch import Typed
from ..core.opdef import op
from ..core.shape import TensorShape
from .common import broadcast_pair, shape_text
from .layout import bad
from .requirements import require

FEW = "quantization_axis: int = -1; quantization_min_val: int; quantization_max_val: int"


def described(*names: str) -> str:
    """The attributes that tell axis and limits of these tensors."""
    return "; ".join(f"{n}_{part}" for n in names for part in FEW.split("; "))


def check_scales(shape: Any, scales: Any, zero_points: Any, axis: int) -> None:
    """Checks that there is one scale, or one for each place along the axis.

    Raises:
      InvalidArgumentError: there is not.
    """
    if axis < -1:
        raise bad(f"quantization_axis must be >= -1, given: {axis}")
    if scales.shape != zero_points.shape:
        raise bad(f"scales and zero_points shape must be same, but given scales shape {shape_text(scales.shape)} and "
                  f"zero_points shape {shape_text(zero_points.shape)}")
    given = f"scales shape {shape_text(scales.shape)} and zero_points shape {shape_text(zero_points.shape)}"
    if axis == -1:
        if scales.ndim:
            raise bad("If quantization_axis is -1, scales and zero_points must be scalar tensors, but given " + given)
        return
    if axis >= len(shape):
        raise bad(f"quantization_axis must be -1 or in range [0, input.rank), but given {axis}")
    if scales.ndim != 1 or scales.shape[0] != shape[axis]:
        raise bad("If quantization_axis is not -1, scales and zero_points must be a tensor of rank 1 and the size must be "
                  f"equal to the input.dim_size(quantization_axis), but given quantization_axis {axis}, {given}")


def positive(xp: Any, name: str, *scales: Any) -> None:
    """Checks that scales are greater than zero.

    Raises:
      InvalidArgumentError: one is not.
    """
    for x in scales:
        if xp is np and not np.all(x > 0):
            raise bad(f"{name} scales elements must be all positive.")
        require(xp, x > 0)


def column(values: Any, rank: int, axis: int) -> Any:
    """Values along an axis, shaped to broadcast; a scalar as it is."""
    return values.reshape([-1 if i == axis else 1 for i in range(rank)]) if values.ndim and axis >= 0 else values


def _whole(xp: Any, x: Any) -> Any:
    """The next lower integers as int32; the lowest of all for what none can be."""
    low = xp.floor(x)
    fits = (low >= -2.0**31) & (low < 2.0**31)
    return xp.where(fits, xp.where(fits, low, 0).astype(np.int64), -2**31).astype(np.int32)


def affine(xp: Any, x: Any, scales: Any, zero_points: Any, low: int, high: int, dtype: Any) -> Any:
    """Real numbers as integers within limits; halves are rounded up."""
    out = _whole(xp, x * (np.float32(1) / scales) + np.float32(0.5)) + zero_points
    return xp.minimum(xp.maximum(out, low), high).astype(dtype)


def requantized(xp: Any, x: Any, old: Any, new: Any, low: int, high: int, dtype: Any) -> Any:
    """Integers with other scales and zero points. As in TensorFlow they pass through float32 before and after."""
    centred = _whole(xp, x.astype(np.float32)) - old[1]
    factor = old[0].astype(np.float64) / new[0].astype(np.float64)
    return within(xp, _whole(xp, rescaled(xp, centred, factor).astype(np.float32)) + new[1], low, high, dtype)


def rescaled(xp: Any, x: Any, factor: Any) -> Any:
    """Integers times a positive float64, in integers, as int32.

    Raises:
      InvalidArgumentError: the factor is zero or not finite.
    """
    good = xp.isfinite(factor) & (factor > 0)
    if xp is np and not np.all(good):
        wrong = np.ravel(factor)[np.argmin(np.ravel(good))]
        raise bad(f"double_multiplier must be a positive finite number. Given {wrong:g}")
    require(xp, good)
    fraction, exponent = xp.frexp(factor)
    multiplier = xp.floor(fraction * 2.0**31 + 0.5).astype(np.int64)
    full = multiplier == 2**31
    multiplier, exponent = xp.where(full, 2**30, multiplier), exponent.astype(np.int64) + full
    multiplier = xp.where(exponent < -31, 0, xp.where(exponent > 30, 2**31 - 1, multiplier))
    shift = 31 - xp.where(exponent < -31, 0, xp.minimum(exponent, 30))
    out = (x.astype(np.int64) * multiplier + (xp.ones((), np.int64) << (shift - 1))) >> shift
    return xp.clip(out, -2**31, 2**31 - 1).astype(np.int32)


def within(xp: Any, x: Any, low: int, high: int, dtype: Any) -> Any:
    """Integers within limits."""
    return xp.minimum(xp.maximum(x, low), high).astype(dtype)


def _first(attr: str) -> Any:
    return lambda op: [(op.inputs[0].shape, dtypes.as_dtype(op.attrs[attr]))]


@op("UniformQuantize", "input: Tin, scales: float, zero_points: int32 -> output: Tout",
    attrs=f"Tin: {{float}}; Tout: {{qint8, quint8, qint32}}; {FEW}", infer=_first("Tout"))
def uniform_quantize(xp: Any, x: Any, scales: Any, zero_points: Any, Tout: dtypes.DType, quantization_min_val: int,
                     quantization_max_val: int, quantization_axis: int = -1, Tin: Any = None) -> Any:
    check_scales(x.shape, scales, zero_points, quantization_axis)
    scales, zero_points = (column(v, x.ndim, quantization_axis) for v in (scales, zero_points))
    return Typed(affine(xp, x, scales, zero_points, quantization_min_val, quantization_max_val, Tout.np), Tout)


@op("UniformDequantize", "input: Tin, scales: float, zero_points: int32 -> output: Tout",
    attrs=f"Tin: {{qint8, quint8, qint32}}; Tout: {{float}}; {FEW}", infer=_first("Tout"))
def uniform_dequantize(xp: Any, x: Any, scales: Any, zero_points: Any, Tout: dtypes.DType, quantization_min_val: int,
                       quantization_max_val: int, quantization_axis: int = -1, Tin: Any = None) -> Any:
    check_scales(x.shape, scales, zero_points, quantization_axis)
    positive(xp, "rhs", scales)
    scales, zero_points = (column(v, x.ndim, quantization_axis) for v in (scales, zero_points))
    # As in TensorFlow integers pass through float32, and differences wrap.
    return (_whole(xp, x.astype(np.float32)) - zero_points).astype(np.float32) * scales


@op("UniformRequantize", "input: Tin, input_scales: float, input_zero_points: int32, output_scales: float, "
    "output_zero_points: int32 -> output: Tout", attrs="Tin: {qint8, qint32}; Tout: {qint8, qint32}; "
    + described("input", "output"), infer=_first("Tout"))
def uniform_requantize(xp: Any, x: Any, scales: Any, zero_points: Any, new_scales: Any, new_zero_points: Any,
                       Tout: dtypes.DType, output_quantization_min_val: int, output_quantization_max_val: int,
                       input_quantization_min_val: int, input_quantization_max_val: int, input_quantization_axis: int = -1,
                       output_quantization_axis: int = -1, Tin: Any = None) -> Any:
    if input_quantization_axis != output_quantization_axis and min(input_quantization_axis, output_quantization_axis) >= 0:
        raise bad("If input and output is both per-axis quantized, the quantization axis must be same.")
    check_scales(x.shape, scales, zero_points, input_quantization_axis)
    check_scales(x.shape, new_scales, new_zero_points, output_quantization_axis)
    positive(xp, "input/output", scales, new_scales)
    old = [column(v, x.ndim, input_quantization_axis) for v in (scales, zero_points)]
    new = [column(v, x.ndim, output_quantization_axis) for v in (new_scales, new_zero_points)]
    out = requantized(xp, x, old, new, output_quantization_min_val, output_quantization_max_val, Tout.np)
    return Typed(out, Tout)


@op("UniformQuantizedAdd", "lhs: T, rhs: T, lhs_scales: float, lhs_zero_points: int32, rhs_scales: float, "
    "rhs_zero_points: int32, output_scales: float, output_zero_points: int32 -> output: T",
    attrs=described("lhs", "rhs", "output") + "; T: {qint32}",
    infer=lambda op: [(broadcast_pair(op.inputs[0].shape, op.inputs[1].shape), dtypes.qint32)])
def uniform_quantized_add(xp: Any, x: Any, y: Any, x_scales: Any, x_zero_points: Any, y_scales: Any, y_zero_points: Any,
                          scales: Any, zero_points: Any, output_quantization_min_val: int, output_quantization_max_val: int,
                          lhs_quantization_axis: int = -1, rhs_quantization_axis: int = -1, output_quantization_axis: int = -1,
                          **_: Any) -> Any:
    try:
        shape = np.broadcast_shapes(x.shape, y.shape)
    except ValueError:
        raise bad(f"cannot broadcast lhs and rhs of shapes {shape_text(x.shape)} and {shape_text(y.shape)}") from None
    check_scales(x.shape, x_scales, x_zero_points, lhs_quantization_axis)
    check_scales(y.shape, y_scales, y_zero_points, rhs_quantization_axis)
    check_scales(shape, scales, zero_points, output_quantization_axis)
    positive(xp, "lhs/rhs/output", x_scales, y_scales, scales)
    new = [column(v, len(shape), output_quantization_axis) for v in (scales, zero_points)]
    low, high = output_quantization_min_val, output_quantization_max_val
    total: Any = -new[1]
    for value, old, zero, axis in ((x, x_scales, x_zero_points, lhs_quantization_axis),
                                   (y, y_scales, y_zero_points, rhs_quantization_axis)):
        own = (column(old, value.ndim, axis), column(zero, value.ndim, axis))
        total = total + requantized(xp, value, own, new, low, high, np.int32)
    return Typed(within(xp, total, low, high, np.int32), dtypes.qint32)


@op("UniformQuantizedClipByValue", "operand: T, min: T, max: T, scales: float, zero_points: int32 -> output: T",
    attrs=f"T: {{qint32}}; {FEW}", infer=lambda op: [(op.inputs[0].shape, dtypes.qint32)])
def uniform_quantized_clip_by_value(xp: Any, x: Any, low: Any, high: Any, scales: Any, zero_points: Any,
                                    quantization_axis: int = -1, **_: Any) -> Any:
    check_scales(x.shape, scales, zero_points, quantization_axis)
    for name, end in (("min", low), ("max", high)):
        if end.shape != scales.shape:
            raise bad(f"Input {name} shape must be same as scales/zero_points. Given {name} of shape {shape_text(end.shape)} "
                      f"and scales/zero_points of shape {shape_text(scales.shape)}")
    first, last = (column(end, x.ndim, quantization_axis) for end in (low, high))
    return Typed(xp.minimum(xp.maximum(x, first), last), dtypes.qint32)


# Products of matrices.


def _product_shape(dtype: dtypes.DType) -> Any:
    def infer(op: Any) -> list[Any]:
        a, b = (s.as_list() if s.rank == 2 else [None, None] for s in (op.inputs[0].shape, op.inputs[1].shape))
        if a[1] is not None and b[0] is not None and a[1] != b[0]:
            raise ValueError(f"Dimensions must be equal, but are {a[1]} and {b[0]}")
        return [(TensorShape([a[0], b[1]]), dtype)]
    return infer


def _check_product(a: Any, b: Any, axis: int) -> None:
    for name, x in (("lhs", a), ("rhs", b)):
        if x.ndim != 2:
            raise bad(f"{name} rank must be 2, but given {name} shape {shape_text(x.shape)}")
    if a.shape[1] != b.shape[0]:
        raise bad("lhs.dim_size(1) and rhs.dim_size(0) must be equal, but given lhs shape "
                  f"{shape_text(a.shape)} and rhs shape {shape_text(b.shape)}")
    if axis not in (-1, 1):
        raise bad("rhs_quantization_axis Attr must be 1 (per-channel) or -1 (per-tensor).")


def check_channels(scales: Any, new_scales: Any) -> None:
    """Checks that only a result of channels with scales of their own has such scales itself.

    Raises:
      InvalidArgumentError: it has them alone.
    """
    if not scales.ndim and new_scales.ndim:
        raise bad("If rhs is per-tensor quantized, output must be also per-tensor quantized. Given output "
                  f"scales/zero_points of rank {new_scales.ndim}")


@op("UniformQuantizedDot", "lhs: Tin, rhs: Tin, lhs_scales: float, lhs_zero_points: int32, rhs_scales: float, "
    "rhs_zero_points: int32, output_scales: float, output_zero_points: int32 -> output: Tout",
    attrs="Tin: {qint8}; Tout: {qint32}; " + described("lhs", "rhs", "output"), infer=_product_shape(dtypes.qint32))
def uniform_quantized_dot(xp: Any, a: Any, b: Any, a_scales: Any, a_zero_points: Any, b_scales: Any, b_zero_points: Any,
                          scales: Any, zero_points: Any, output_quantization_min_val: int, output_quantization_max_val: int,
                          lhs_quantization_axis: int = -1, rhs_quantization_axis: int = -1, output_quantization_axis: int = -1,
                          **_: Any) -> Any:
    if lhs_quantization_axis != -1:
        raise bad("lhs_quantization_axis Attr must be -1 (per-tensor).")
    _check_product(a, b, rhs_quantization_axis)
    check_scales(a.shape, a_scales, a_zero_points, lhs_quantization_axis)
    check_scales(b.shape, b_scales, b_zero_points, rhs_quantization_axis)
    check_channels(b_scales, scales)
    check_scales((len(a), b.shape[1]), scales, zero_points, output_quantization_axis)
    for name, values in (("lhs", a_scales), ("rhs", b_scales), ("output", scales)):
        positive(xp, name, values)
    sums = centred_product(xp, a, b, a_zero_points, b_zero_points)
    factor = a_scales.astype(np.float64) * b_scales.astype(np.float64) / scales.astype(np.float64)
    out = rescaled(xp, sums, factor) + zero_points  # as in TensorFlow, this wraps
    return Typed(within(xp, out, output_quantization_min_val, output_quantization_max_val, np.int32), dtypes.qint32)


def centred_product(xp: Any, a: Any, b: Any, a_zeros: Any, b_zeros: Any) -> Any:
    """The product of matrices of integers less their zero points: in float64, in which it is exact."""
    return xp.matmul(a.astype(np.float64) - a_zeros, b.astype(np.float64) - b_zeros).astype(np.int64)


def by_sample(xp: Any, x: Any) -> tuple[Any, Any, Any]:
    """Real numbers as int8 by each sample's own range, which holds zero: the integers, scales and zero points."""
    axes = tuple(range(1, x.ndim))
    low = xp.minimum(x.min(axes, keepdims=True, initial=np.float32(0)), 0).astype(np.float64)
    high = xp.maximum(x.max(axes, keepdims=True, initial=np.float32(0)), 0).astype(np.float64)
    flat = low == high
    scale = xp.where(flat, 1, (high - low) / 255)
    from_low, from_high = -128 - low / scale, 127 - high / scale
    nearer = 128 + xp.abs(low / scale) < 127 + xp.abs(high / scale)
    zero = xp.clip(xp.floor(xp.where(nearer, from_low, from_high) + 0.5), -128, 127)
    zero = xp.where(flat, 0, zero).astype(np.int32)
    single = scale.astype(np.float32)
    return affine(xp, x, single, zero, -128, 127, np.int8), single, zero


@op("UniformQuantizedDotHybrid", "lhs: Tlhs, rhs: Trhs, rhs_scales: float, rhs_zero_points: int32 -> output: Tout",
    attrs="Tlhs: {float}; Trhs: {qint8}; Tout: {float}; " + described("rhs"), infer=_product_shape(dtypes.float32))
def uniform_quantized_dot_hybrid(xp: Any, a: Any, b: Any, b_scales: Any, b_zero_points: Any, rhs_quantization_axis: int = -1,
                                 **_: Any) -> Any:
    """The rows of `a` become integers, each by its own range."""
    _check_product(a, b, rhs_quantization_axis)
    check_scales(b.shape, b_scales, b_zero_points, rhs_quantization_axis)
    positive(xp, "rhs", b_scales)
    integers, scales, zeros = by_sample(xp, a)
    sums = centred_product(xp, integers, b, zeros, b_zero_points)
    return sums.astype(np.float32) * (scales * b_scales)


for _entry in (uniform_quantize, uniform_dequantize, uniform_requantize, uniform_quantized_add,
               uniform_quantized_clip_by_value, uniform_quantized_dot, uniform_quantized_dot_hybrid):
    _entry.not_differentiable()
