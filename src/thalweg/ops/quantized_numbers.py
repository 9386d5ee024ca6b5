"""Integers that stand for real numbers of a range, one scalar range a tensor: to reals and back, and what that suffices for.

TensorFlow's kernels go to reals and back in two ways, which differ in their last bits: number by number in double precision
(`real`, `whole`), and whole tensors in single precision (`reals`, `wholes`). Halves are rounded away from zero.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.dispatch import Typed
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from .layout import bad, reshape_
from .requirements import require

KINDS = "{qint8, quint8, qint32, qint16, quint16}"
STORED = {d.np: d for d in (dtypes.qint8, dtypes.quint8, dtypes.qint16, dtypes.quint16, dtypes.qint32)}
"""The quantized dtype of each dtype of integers."""
SCALAR = (TensorShape([]), dtypes.float32)


def rounded(xp: Any, x: Any) -> Any:
    """The nearest integers, halves away from zero."""
    whole = xp.trunc(x)
    return xp.where(xp.abs(x - whole) >= 0.5, whole + xp.copysign(xp.ones((), x.dtype), x), whole)


def limits(dtype: Any) -> tuple[int, int, float]:
    """The least and the greatest integer, and how many there are."""
    info = np.iinfo(dtype)
    return int(info.min), int(info.max), 2.0**info.bits


def _factor(low: Any, high: Any, steps: float) -> Any:
    """The width of a range, in double precision, as if it had one step more."""
    return (high - low).astype(np.float64) * (steps / (steps - 1.0))


def real(xp: Any, x: Any, low: Any, high: Any) -> Any:
    """What integers stand for, as float32."""
    least, _, steps = limits(x.dtype)
    step = _factor(low, high, steps) / steps
    single = step.astype(np.float32)
    start = rounded(xp, low / single) * single
    out = (start.astype(np.float64) + (x.astype(np.float64) - least) * step).astype(np.float32)
    return xp.where(low == high, low, out)


def unclamped(xp: Any, x: Any, low: Any, high: Any, dtype: Any) -> Any:
    """The integers that stand for float32 numbers, as int64 and perhaps beyond the dtype's; 0 in an empty range."""
    least, _, steps = limits(dtype)
    factor = steps / _factor(low, high, steps)
    out = rounded(xp, x.astype(np.float64) * factor) - rounded(xp, low.astype(np.float64) * factor) + least
    return xp.where(low == high, 0, out).astype(np.int64)


def whole(xp: Any, x: Any, low: Any, high: Any, dtype: Any) -> Any:
    """The integers of a dtype that stand for float32 numbers."""
    least, most, _ = limits(dtype)
    return xp.clip(unclamped(xp, x, low, high, dtype), least, most).astype(dtype)


def in_range(xp: Any, x: Any, low: Any, high: Any, new_low: Any, new_high: Any, dtype: Any) -> Any:
    """Integers of one range as those of another."""
    return whole(xp, real(xp, x, low, high), new_low, new_high, dtype)


def reals(xp: Any, x: Any, low: Any, high: Any) -> Any:
    """What integers stand for, all in float32."""
    least, _, steps = limits(x.dtype)
    scale = ((high - low).astype(np.float64) / (steps - 1.0)).astype(np.float32)
    start = xp.where(low == high, low, rounded(xp, low / scale) * scale)
    return (start - np.float32(least) * scale) + x.astype(np.float32) * scale


def wholes(xp: Any, x: Any, low: Any, high: Any, dtype: Any) -> Any:
    """The integers of a dtype that stand for float32 numbers, all in float32."""
    least, most, steps = limits(dtype)
    scale = xp.where(low == high, 0, (steps - 1.0) / (high - low).astype(np.float64)).astype(np.float32)
    out = rounded(xp, x * scale) - (rounded(xp, low * scale) - np.float32(least))
    return xp.clip(out, np.float32(least), min(np.float32(most), np.float32(2147483520))).astype(np.int32).astype(dtype)


def scalars(**values: Any) -> None:
    """Checks that the ends of ranges are scalars.

    Raises:
      InvalidArgumentError: one is not.
    """
    for name, x in values.items():
        if x.ndim:
            raise bad(f"`{name}` must be rank 0 but is rank {x.ndim}")


def ordered(xp: Any, low: Any, high: Any, message: str) -> None:
    """Checks that a range is not empty.

    Raises:
      InvalidArgumentError: with this message; it is.
    """
    if xp is np and not high > low:
        raise bad(message)
    require(xp, high > low)


def kind_of(x: Any) -> dtypes.DType:
    """The quantized dtype of an array or of an input that a shape rule reads."""
    dtype = x.dtype.np if isinstance(x.dtype, dtypes.DType) else np.dtype(x.dtype)
    return STORED.get(dtype, dtypes.from_numpy(dtype))


def like_first(attr: str = "") -> Any:
    """The shape rule of an op whose first output has the first input's shape, with a range behind it."""
    def infer(op: Any) -> list[Any]:
        given = op.attrs.get(attr) if attr else kind_of(op.inputs[0])
        found = op.op.signature.attr(attr).default_value if given is None else given
        return [(op.inputs[0].shape, dtypes.as_dtype(found)), SCALAR, SCALAR]
    return infer


# Activations and shapes.


def _relu(type: str, top: float | None) -> OpDef:
    @op(type, "features: Tinput, min_features: float, max_features: float -> activations: out_type, min_activations: float, "
        "max_activations: float", attrs=f"Tinput: {KINDS}; out_type: {KINDS} = quint8", infer=like_first("out_type"))
    def entry(xp: Any, x: Any, low: Any, high: Any, out_type: dtypes.DType = dtypes.quint8, Tinput: Any = None) -> Any:
        scalars(min_input=low, max_input=high)
        least = whole(xp, xp.zeros((), np.float32), low, high, x.dtype)
        out = xp.maximum(x, least)
        if top is not None:
            out = xp.minimum(out, whole(xp, xp.full((), top, np.float32), low, high, x.dtype))
        return Typed(out.astype(out_type.np), out_type), low, high
    return entry.not_differentiable()


quantized_relu = _relu("QuantizedRelu", None)
quantized_relu6 = _relu("QuantizedRelu6", 6.0)


@op("QuantizedReluX", "features: Tinput, max_value: float, min_features: float, max_features: float -> activations: out_type, "
    "min_activations: float, max_activations: float", attrs=f"Tinput: {KINDS}; out_type: {KINDS} = quint8",
    infer=like_first("out_type"))
def quantized_relu_x_(xp: Any, x: Any, top: Any, low: Any, high: Any, out_type: dtypes.DType = dtypes.quint8,
                      Tinput: Any = None) -> Any:
    scalars(max_value=top, min_input=low, max_input=high)
    least, most = (whole(xp, end, low, high, x.dtype) for end in (xp.zeros((), np.float32), top))
    return Typed(xp.minimum(xp.maximum(x, least), most).astype(out_type.np), out_type), low, high


def _reshaped(op: Any) -> list[Any]:
    from ..core.infer import infer_outputs
    (shape, _), = infer_outputs(reshape_, op.inputs[:2], {})
    return [(shape, kind_of(op.inputs[0])), (op.inputs[2].shape, dtypes.float32), (op.inputs[3].shape, dtypes.float32)]


@op("QuantizedReshape", "tensor: T, shape: Tshape static, input_min: float, input_max: float -> output: T, output_min: float, "
    "output_max: float", attrs="T: type; Tshape: {int32, int64} = int32", infer=_reshaped)
def quantized_reshape(xp: Any, x: Any, shape: Any, low: Any, high: Any) -> Any:
    return Typed(reshape_.kernel(xp, x, shape), kind_of(x)), low, high


# From one range to another.


@op("Requantize", "input: Tinput, input_min: float, input_max: float, requested_output_min: float, requested_output_max: float "
    "-> output: out_type, output_min: float, output_max: float", attrs=f"Tinput: {KINDS}; out_type: {KINDS}",
    infer=like_first("out_type"))
def requantize(xp: Any, x: Any, low: Any, high: Any, new_low: Any, new_high: Any, out_type: dtypes.DType,
               Tinput: Any = None) -> Any:
    scalars(input_min=low, input_max=high, requested_output_min=new_low, requested_output_max=new_high)
    if xp is np and new_low > 0:
        raise bad(f"requested_output_min must be <= 0, but got {new_low:g}")
    if xp is np and new_high < new_low:
        raise bad(f"requested_output_max must be >= requested_output_min, but got {new_high:g} and {new_low:g}")
    require(xp, (new_low <= 0) & (new_high >= new_low))
    return Typed(_between(xp, x, low, high, new_low, new_high, out_type), out_type), new_low, new_high


def _between(xp: Any, x: Any, low: Any, high: Any, new_low: Any, new_high: Any, kind: dtypes.DType) -> Any:
    """Integers of one range as those of another."""
    if kind is not dtypes.quint8:
        return wholes(xp, reals(xp, x, low, high), new_low, new_high, kind.np)
    # Fixed-point numbers with 16 bits behind the point.
    width, new_width = high - low, new_high - new_low
    flat = new_width == 0
    factor = xp.where(flat, 0, np.float32(255) / new_width)
    scale = xp.where(flat, 0, np.float64(255.0) * (1 << 16) * width / new_width)
    offset = (low + high) / np.float32(2) * factor * np.float32(1 << 16)
    start = xp.where(flat, 0, rounded(xp, np.float64(1 << 16) * (new_low * np.float64(255.0)) / new_width))
    scale, offset, start = (xp.asarray(v).astype(np.int64) for v in (scale, offset, start))
    out = (((x.astype(np.int64) * scale) >> 32) + offset - start + (1 << 15)) >> 16
    return xp.clip(out, 0, 255).astype(np.uint8)


def _used(xp: Any, x: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """The range from zero or less that the integers there are cover."""
    if not x.size:
        least, most = np.int32(2**31 - 1), np.int32(-2**31)
    else:
        least, most = x.min(), x.max()
    first, last = (real(xp, xp.asarray(v, x.dtype), low, high) for v in (least, most))
    return xp.minimum(first, np.float32(0)), last


@op("RequantizationRange", "input: Tinput, input_min: float, input_max: float -> output_min: float, output_max: float",
    attrs=f"Tinput: {KINDS}", infer=lambda op: [SCALAR, SCALAR])
def requantization_range(xp: Any, x: Any, low: Any, high: Any, Tinput: Any = None) -> Any:
    return _used(xp, x, low.reshape(-1)[0], high.reshape(-1)[0])


@op("QuantizeDownAndShrinkRange", "input: Tinput, input_min: float, input_max: float -> output: out_type, output_min: float, "
    "output_max: float", attrs=f"Tinput: {KINDS}; out_type: {KINDS}", infer=like_first("out_type"))
def quantize_down_and_shrink_range(xp: Any, x: Any, low: Any, high: Any, out_type: dtypes.DType, Tinput: Any = None) -> Any:
    scalars(input_min=low, input_max=high)
    first, last = _used(xp, x, low, high)
    return Typed(_between(xp, x, low, high, first, last, out_type), out_type), first, last


def _ends(low: Any, high: Any, depth: int) -> None:
    for name, value in (("input_min", low), ("input_max", high)):
        if value.size != depth:
            raise bad(f"{name} has incorrect size, expected {depth} was {value.size}")


@op("RequantizationRangePerChannel", "input: T, input_min: float, input_max: float -> output_min: float, output_max: float",
    attrs=f"T: {KINDS} = qint32; clip_value_max: float", infer=lambda op: [SCALAR, SCALAR])
def requantization_range_per_channel(xp: Any, x: Any, low: Any, high: Any, clip_value_max: float, T: Any = None) -> Any:
    if x.ndim != 4:
        raise bad("input must be in NHWC format")
    _ends(low, high, x.shape[3])
    if not x.size:
        raise bad("input must not be empty")
    widths = xp.maximum(xp.abs(low), xp.abs(high))
    flat = x.reshape(-1, x.shape[3])
    far = xp.abs(flat.astype(np.int64)).max(0)
    largest = (widths * far.astype(np.float32) / np.float32(2.0**31)).max()
    if clip_value_max > 0:
        largest = xp.minimum(largest, np.float32(clip_value_max))
    low_end = xp.where((x < 0).any(), -largest, np.float32(0))
    return low_end.astype(np.float32), largest.astype(np.float32)


@op("RequantizePerChannel", "input: T, input_min: float, input_max: float, requested_output_min: float, "
    "requested_output_max: float -> output: out_type, output_min: float, output_max: float",
    attrs=f"T: {KINDS} = qint32; out_type: {KINDS} = quint8", infer=like_first("out_type"))
def requantize_per_channel(xp: Any, x: Any, low: Any, high: Any, new_low: Any, new_high: Any,
                           out_type: dtypes.DType = dtypes.quint8, T: Any = None) -> Any:
    if x.ndim != 4:
        raise bad("Current RequantizePerChannel operatorsupports 4D tensors only.")
    _ends(low, high, x.shape[3])
    if xp is np and out_type is dtypes.qint8 and new_low >= 0:
        raise bad(f"If out_type is QINT8, requested_output_max must be non negative, got {new_low:g}")
    least, most, _ = limits(out_type.np)
    widest = xp.maximum(xp.abs(new_low), xp.abs(new_high))
    scale = np.float32(most) * (xp.maximum(xp.abs(low), xp.abs(high)) / widest / np.float32(2.0**31))
    out = xp.round(x.astype(np.float32) * scale.reshape(-1))
    return Typed(xp.clip(out, least, most).astype(out_type.np), out_type), new_low, new_high


for _entry in (quantized_relu_x_, quantized_reshape, requantize, requantization_range, quantize_down_and_shrink_range,
               requantization_range_per_channel, requantize_per_channel):
    _entry.not_differentiable()
