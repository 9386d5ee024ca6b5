"""Tensors of integers that stand for a range of real numbers, and there and back at once."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import Typed, apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, unknown_shape
from .common import FLOATS, unchanged
from .requirements import require

QuantizeV2 = namedtuple("QuantizeV2", ["output", "output_min", "output_max"])
QuantizedConcat = namedtuple("QuantizedConcat", ["output", "output_min", "output_max"])

_KINDS = "{qint8, quint8, qint32, qint16, quint16}"
_MODES = 'mode: {"MIN_COMBINED", "MIN_FIRST", "SCALED"} = "MIN_COMBINED"'


def _half_away(xp: Any, x: Any) -> Any:
    """Rounds halves away from zero."""
    return xp.trunc(x + xp.copysign(xp.asarray(0.5, x.dtype), x))


def _column(values: Any, x: Any, axis: int) -> Any:
    """One value for each place along an axis, shaped to broadcast; a scalar as it is."""
    return values.reshape([-1 if i == axis else 1 for i in range(x.ndim)]) if axis >= 0 else values


def _bounds(dtype: Any) -> tuple[float, float, int]:
    """The least and greatest integer and the number of bits."""
    info = np.iinfo(dtype)
    return float(info.min), float(info.max), info.bits


def _check_slices(x: Any, low: Any, high: Any, axis: int) -> None:
    if axis < -1 or axis >= x.ndim:
        raise errors.InvalidArgumentError(f"Axis must be less than input dimension({x.ndim}), got {axis}" if axis >= x.ndim
                                          else f"Axis must be at least -1. Found {axis}")
    for word, value in (("min", low), ("max", high)):
        wanted = 1 if axis == -1 else x.shape[axis]
        if (axis == -1 and value.ndim) or (axis >= 0 and (value.ndim != 1 or value.shape[0] != wanted)):
            raise errors.InvalidArgumentError(
                f"{word}_range must be a scalar or have size {wanted}. Found: {list(value.shape)}")


# To integers and back.


def _widened(xp: Any, low: Any, high: Any, least: float) -> tuple[Any, Any]:
    """A range that holds zero and is not too narrow."""
    first = xp.minimum(low, np.float32(0))
    margin = xp.maximum(np.float32(1), xp.maximum(xp.abs(low), xp.abs(high))) * np.float32(least)
    return first, xp.maximum(np.float32(0), xp.maximum(high, first + margin))


def _scaled_range(xp: Any, low: Any, high: Any, least: float, most: float) -> tuple[Any, Any, Any]:
    """The factor from reals to integers, zero to zero, and the range that the integers cover."""
    top = np.float32(np.finfo(np.float32).max)
    by_low = xp.where(least * low > 0, np.float32(least) / low, top)
    by_high = xp.where(most * high > 0, np.float32(most) / high, top)
    factor = xp.minimum(by_low, by_high)
    return factor, np.float32(least) / factor, np.float32(most) / factor


@op("QuantizeV2", "input: float, min_range: float, max_range: float -> output: T, output_min: float, output_max: float",
    attrs=f'T: {_KINDS}; {_MODES}; round_mode: {{"HALF_AWAY_FROM_ZERO", "HALF_TO_EVEN"}} = "HALF_AWAY_FROM_ZERO"; '
    "narrow_range: bool = false; axis: int = -1; ensure_minimum_range: float = 0.01",
    infer=lambda op: [(op.inputs[0].shape, dtypes.as_dtype(op.attrs["T"])), (op.inputs[1].shape, dtypes.float32),
                      (op.inputs[2].shape, dtypes.float32)])
def quantize_v2_(xp: Any, x: Any, low: Any, high: Any, T: dtypes.DType, mode: str = "MIN_COMBINED",
                 round_mode: str = "HALF_AWAY_FROM_ZERO", narrow_range: bool = False, axis: int = -1,
                 ensure_minimum_range: float = 0.01) -> Any:
    if not T.is_quantized:
        raise errors.InvalidArgumentError(f"Value for attr 'T' of {dtypes.type_name(T)} is not in the list of allowed "
                                          f"values: {_KINDS[1:-1]}")
    _check_slices(x, low, high, axis)
    if round_mode == "HALF_TO_EVEN" and mode != "SCALED":
        raise errors.InvalidArgumentError(f"Round mode 'HALF_TO_EVEN' only supported for mode 'SCALED', but mode is '{mode}'.")
    if xp is np and np.any(high < low):
        raise errors.InvalidArgumentError("max_range must be larger than min_range. ")
    require(xp, low <= high)
    low, high = _widened(xp, low, high, ensure_minimum_range)
    least, most, bits = _bounds(T.np)
    if mode == "SCALED":
        least += narrow_range
        factor, low, high = _scaled_range(xp, low, high, least, most)
    first, last = _column(low, x, axis), _column(high, x, axis)
    inside = xp.clip(x, first, last)
    if mode == "SCALED":
        scaled = inside * _column(factor, x, axis)
        out = _half_away(xp, scaled) if round_mode == "HALF_AWAY_FROM_ZERO" else xp.round(scaled)
    elif mode == "MIN_FIRST":
        steps = 2.0**bits
        wide = xp.float64 if xp is np else xp.float32
        factor = wide(steps) / ((last - first).astype(wide) * wide(steps / (steps - 1.0)))
        out = _half_away(xp, x.astype(wide) * factor) - (_half_away(xp, first.astype(wide) * factor) - wide(least))
    else:
        factor = np.float32(most - least) / (last - first)
        half = np.float32((most - least + 1) / 2) if least < 0 else np.float32(0)
        shifted = (inside - first) * factor
        out = _half_away(xp, shifted - half) if least < 0 else xp.floor(shifted + np.float32(0.5))
    out = xp.clip(out, least, most) if bits < 32 else _clip_wide(xp, out)
    return Typed(out.astype(T.np), T), low, high


def _clip_wide(xp: Any, x: Any) -> Any:
    """Values within those of int32, whose greatest no float32 can be."""
    x = x.astype(np.float64) if xp is np else x
    return xp.clip(x, -2.0**31, 2.0**31 - (1 if xp is np else 128))


quantize_v2_.not_differentiable()


@op("Dequantize", "input: T, min_range: float, max_range: float -> output: dtype",
    attrs=f"T: {_KINDS}; {_MODES}; narrow_range: bool = false; axis: int = -1; dtype: {{bfloat16, float}} = float",
    infer=unchanged)
def dequantize_(xp: Any, x: Any, low: Any, high: Any, mode: str = "MIN_COMBINED", narrow_range: bool = False,
                axis: int = -1, dtype: dtypes.DType = dtypes.float32, T: Any = None) -> Any:
    _check_slices(x, low, high, axis)
    least, most, bits = _bounds(x.dtype)
    first, last = _column(low, x, axis), _column(high, x, axis)
    values = x.astype(np.float32)
    if mode == "SCALED":
        least += narrow_range
        factor = last / np.float32(most)
        if least:
            factor = xp.maximum(first / np.float32(least), factor)
        out = values * factor
    elif mode == "MIN_FIRST":
        wide = np.float64 if xp is np else np.float32
        factor = ((last - first) / (2.0**bits - 1)).astype(wide)
        start = xp.where(factor == 0, first, _half_away(xp, first / xp.where(factor == 0, 1, factor)) * factor)
        out = ((x.astype(wide) - wide(least)) * factor + start).astype(np.float32)
    else:
        half = np.float32((most - least + 1) / 2) if least < 0 else np.float32(0)
        out = (values + half) * ((last - first) / np.float32(most - least)) + first
    return out.astype(dtype.np)


dequantize_.not_differentiable()


def _concat_shape(op: Any) -> Any:
    count = (len(op.inputs) - 1) // 3
    axis, values = op.inputs[0].value, op.inputs[1:1 + count]
    rank = values[0].shape.rank
    shape = unknown_shape(rank)
    if rank is not None and axis is not None and all(v.shape.rank == rank for v in values):
        dims = [v.shape.as_list() for v in values]
        at = int(axis) % rank
        out = list(dims[0])
        out[at] = None if any(d[at] is None for d in dims) else sum(d[at] for d in dims)
        shape = TensorShape(out)
    dtype = dtypes.as_dtype(op.attrs.get("T", values[0].dtype))
    return [(shape, dtype), (TensorShape([]), dtypes.float32), (TensorShape([]), dtypes.float32)]


_STORED = {d.np: d for d in (dtypes.qint8, dtypes.quint8, dtypes.qint16, dtypes.quint16, dtypes.qint32)}


@op("QuantizedConcat", "concat_dim: int32 static, values: N * T, input_mins: N * float, input_maxes: N * float -> output: T, "
    "output_min: float, output_max: float", attrs="N: int; T: type", infer=_concat_shape)
def quantized_concat_(xp: Any, concat_dim: Any, *inputs: Any, T: dtypes.DType | None = None, N: Any = None) -> Any:
    count = len(inputs) // 3
    values, lows, highs = inputs[:count], inputs[count:2 * count], inputs[2 * count:]
    low = xp.minimum(xp.min(xp.stack(lows)), np.float32(0))
    high = xp.max(xp.stack(highs))
    kind = T or _STORED[np.dtype(values[0].dtype)]
    least, most, bits = _bounds(kind.np)
    wide = np.float64 if xp is np and bits == 32 else np.float32
    parts = []
    for x, first, last in zip(values, lows, highs, strict=True):
        # To real numbers and to integers of the range of all.
        step = (last - first).astype(wide) / wide(2.0**bits - 1)
        start = xp.where(step == 0, first, _half_away(xp, first / xp.where(step == 0, 1, step)) * step)
        real = (start - wide(least) * step) + x.astype(wide) * step
        factor = wide(2.0**bits - 1) / (high - low).astype(wide)
        again = xp.clip(_half_away(xp, real * factor) - _half_away(xp, low * factor) + least, least, most)
        same = (first == low) & (last == high)
        parts.append(xp.where(same, x, again.astype(kind.np)))
    return Typed(xp.concatenate(parts, int(concat_dim)), kind), low, high


quantized_concat_.not_differentiable()


# There and back.

_ROUND = 'round_mode: {"HALF_TO_EVEN", "HALF_UP"} = "HALF_TO_EVEN"'


def _there_and_back(xp: Any, x: Any, low: Any, high: Any, signed_input: bool, num_bits: int, range_given: bool,
                    round_mode: str, narrow_range: bool, axis: int, type: str) -> Any:
    if not 0 < num_bits < (62 if signed_input else 63):
        raise errors.InvalidArgumentError(
            f"num_bits is out of range: {num_bits} with signed_input {str(bool(signed_input)).lower()} [Op:{type}]")
    if axis < -1 or axis >= x.ndim:
        raise errors.InvalidArgumentError(f"Axis requested is larger than input dimensions. Axis: {axis} Input Dimensions: "
                                          f"{x.ndim} [Op:{type}]")
    wide = x.dtype if x.dtype.itemsize > 2 else np.dtype(np.float32)
    if range_given:
        for word, value in (("input_min", low), ("input_max", high)):
            if axis == -1 and np.ndim(value):
                raise errors.InvalidArgumentError(f"{word} must be a scalar. [Op:{type}]")
            if axis != -1 and np.shape(value) != (x.shape[axis],):
                raise errors.InvalidArgumentError(
                    f"Shape must be rank 1 for {word}_tensor when the axis is specified [Op:{type}]")
        if xp is np and not np.all(low <= high):
            at = int(np.argmin(np.ravel(low <= high)))
            raise errors.InvalidArgumentError(f"Invalid range: input_min {np.ravel(low)[at]:g} > input_max "
                                              f"{np.ravel(high)[at]:g} [Op:{type}]")
        require(xp, low <= high)
    elif not x.size:
        return x
    else:
        others = tuple(i for i in range(x.ndim) if i != axis)
        low, high = x.min(axis=others), x.max(axis=others)
    low, high = (_column(xp.asarray(v), x, axis).astype(wide) for v in (low, high))
    least = -2.0**(num_bits - 1) + narrow_range if signed_input else 0.0
    most = 2.0**(num_bits - 1) - 1 if signed_input else 2.0**num_bits - 1
    top = wide.type(np.finfo(wide).max)
    by_low = xp.where(least * low > 0, wide.type(least) / low, top)
    by_high = xp.where(most * high > 0, wide.type(most) / high, top)
    first = by_low < by_high
    factor = xp.where(first, by_low, by_high)
    back = xp.where(first, low / wide.type(least or 1.0), high / wide.type(most))
    values = x.astype(wide)
    if range_given:
        values = xp.clip(values, xp.where(first, low, wide.type(least) * back), xp.where(first, wide.type(most) * back, high))
    scaled = values * factor
    out = xp.round(scaled) if round_mode == "HALF_TO_EVEN" else xp.floor(scaled + wide.type(0.5))
    return (out * back).astype(x.dtype)


_RANGE = "signed_input: bool = true; num_bits: int = 8; range_given: bool = false"


def _ranged(type: str) -> OpDef:
    @op(type, "input: T, input_min: T, input_max: T -> output: T",
        attrs=f"{_RANGE}; T: {{{FLOATS}}}; {_ROUND}; narrow_range: bool = false; axis: int = -1", infer=unchanged)
    def entry(xp: Any, x: Any, low: Any, high: Any, signed_input: bool = True, num_bits: int = 8,
              range_given: bool = False, round_mode: str = "HALF_TO_EVEN", narrow_range: bool = False,
              axis: int = -1) -> Any:
        return _there_and_back(xp, x, low, high, signed_input, num_bits, range_given, round_mode, narrow_range, axis, type)
    return entry


quantize_and_dequantize_v2_ = _ranged("QuantizeAndDequantizeV2")
quantize_and_dequantize_v4_ = _ranged("QuantizeAndDequantizeV4")
quantize_and_dequantize_v2_.vjp(0)(lambda op, dy: dy)


@op("QuantizeAndDequantizeV3", "input: T, input_min: T, input_max: T, num_bits: int32 static -> output: T",
    attrs=f"signed_input: bool = true; range_given: bool = true; T: {{{FLOATS}}}; narrow_range: bool = false; "
    "axis: int = -1", infer=unchanged)
def quantize_and_dequantize_v3_(xp: Any, x: Any, low: Any, high: Any, num_bits: Any, signed_input: bool = True,
                                range_given: bool = True, narrow_range: bool = False, axis: int = -1) -> Any:
    return _there_and_back(xp, x, low, high, signed_input, int(num_bits), range_given, "HALF_TO_EVEN", narrow_range, axis,
                           "QuantizeAndDequantizeV3")


quantize_and_dequantize_v3_.vjp(0)(lambda op, dy: dy)


@op("QuantizeAndDequantizeV4Grad", "gradients: T, input: T, input_min: T, input_max: T -> input_backprop: T, "
    "input_min_backprop: T, input_max_backprop: T", attrs=f"T: {{{FLOATS}}}; axis: int = -1",
    infer=lambda op: [(op.inputs[i].shape, op.inputs[0].dtype) for i in (0, 2, 3)])
def quantize_and_dequantize_v4_grad(xp: Any, dy: Any, x: Any, low: Any, high: Any, axis: int = -1) -> Any:
    inside = (x >= _column(low, x, axis)) & (x <= _column(high, x, axis))
    return xp.where(inside, dy, xp.zeros((), dy.dtype)), xp.zeros(low.shape, dy.dtype), xp.zeros(high.shape, dy.dtype)


@quantize_and_dequantize_v4_.gradient
def _(op: Any, dy: Any) -> Any:
    return apply(quantize_and_dequantize_v4_grad, (dy, *op.inputs), {"axis": op.attrs.get("axis", -1)})


# The public functions.


def quantize(input: Any, min_range: Any, max_range: Any, T: Any, mode: str = "MIN_COMBINED",
             round_mode: str = "HALF_AWAY_FROM_ZERO", name: str | None = None, narrow_range: bool = False,
             axis: int | None = None, ensure_minimum_range: float = 0.01) -> Any:
    """Real numbers as integers that stand for a range.

    Args:
      input: float32.
      min_range: where the range begins: a scalar, or a vector with a value for each place along `axis`.
      max_range: where it ends.
      T: a quantized dtype.
      mode: "MIN_COMBINED" divides the range evenly, "MIN_FIRST" so that it begins at a multiple of a step, "SCALED" so
        that zero becomes zero.
      round_mode: "HALF_AWAY_FROM_ZERO" or, if scaled, "HALF_TO_EVEN".
      name: of the node.
      narrow_range: do without the lowest integer, if scaled.
      axis: along which there is a range for each place; one for all by default.
      ensure_minimum_range: how wide the range is at least, as a share of its larger end.

    Returns:
      A named tuple `(output, output_min, output_max)`: the integers and the range that was used.

    Raises:
      InvalidArgumentError: an inverted range, or shapes that do not fit.
    """
    x = convert_to_tensor(input, dtypes.float32)
    axis = _axis_of(x, axis)
    attrs = {"T": dtypes.as_dtype(T), "mode": mode, "round_mode": round_mode, "narrow_range": narrow_range, "axis": axis,
             "ensure_minimum_range": float(ensure_minimum_range)}
    return QuantizeV2(*apply(quantize_v2_, (x, convert_to_tensor(min_range, dtypes.float32),
                                            convert_to_tensor(max_range, dtypes.float32)), attrs, name))


def dequantize(input: Any, min_range: Any, max_range: Any, mode: str = "MIN_COMBINED", name: str | None = None,
               axis: int | None = None, narrow_range: bool = False, dtype: Any = dtypes.float32) -> Any:
    """The real numbers that integers stand for; see `quantize` for the arguments."""
    x = convert_to_tensor(input)
    attrs = {"mode": mode, "narrow_range": narrow_range, "axis": _axis_of(x, axis), "dtype": dtypes.as_dtype(dtype)}
    return apply(dequantize_, (x, convert_to_tensor(min_range, dtypes.float32),
                               convert_to_tensor(max_range, dtypes.float32)), attrs, name)


def _axis_of(x: Any, axis: int | None) -> int:
    if axis is None:
        return -1
    if axis >= 0:
        return axis
    if x.shape.rank is None:
        raise ValueError("input should have known rank to use negative axis.")
    return int(axis % x.shape.rank)


def quantized_concat(concat_dim: Any, values: Any, input_mins: Any, input_maxes: Any, name: str | None = None) -> Any:
    """Quantized tensors one after the other along an axis, in a range that holds those of all.

    Args:
      concat_dim: the axis.
      values: tensors of one quantized dtype.
      input_mins: where the range of each begins, scalars.
      input_maxes: where it ends.
      name: of the node.

    Returns:
      A named tuple `(output, output_min, output_max)`.
    """
    tensors = [convert_to_tensor(v) for v in values]
    bounds = [convert_to_tensor(v, dtypes.float32) for v in (*input_mins, *input_maxes)]
    return QuantizedConcat(*apply(quantized_concat_, (concat_dim, *tensors, *bounds),
                                  {"T": tensors[0].dtype, "N": len(tensors)}, name))


def quantize_and_dequantize_v2(input: Any, input_min: Any, input_max: Any, signed_input: bool = True, num_bits: int = 8,
                               range_given: bool = False, round_mode: str = "HALF_TO_EVEN", name: str | None = None,
                               narrow_range: bool = False, axis: int | None = None) -> Any:
    """Values rounded to what integers of few bits can stand for. The gradient passes where values are in the range.

    Args:
      input: floating-point.
      input_min: where the range begins: a scalar, or a vector with a value for each place along `axis`.
      input_max: where it ends.
      signed_input: whether the integers have a sign.
      num_bits: how many bits they have.
      range_given: use the range; else that of the values.
      round_mode: "HALF_TO_EVEN" or "HALF_UP".
      name: of the node.
      narrow_range: do without the lowest integer.
      axis: along which there is a range for each place; one for all by default.

    Raises:
      InvalidArgumentError: an inverted range, or a number of bits out of range.
    """
    return _call(quantize_and_dequantize_v4_, input, input_min, input_max, signed_input, num_bits, range_given, round_mode,
                 name, narrow_range, axis)


def quantize_and_dequantize(input: Any, input_min: Any, input_max: Any, signed_input: bool = True, num_bits: int = 8,
                            range_given: bool = False, round_mode: str = "HALF_TO_EVEN", name: str | None = None,
                            narrow_range: bool = False, axis: int | None = None) -> Any:
    """`quantize_and_dequantize_v2`, but the gradient passes everywhere."""
    return _call(quantize_and_dequantize_v2_, input, input_min, input_max, signed_input, num_bits, range_given, round_mode,
                 name, narrow_range, axis)


def _call(entry: OpDef, input: Any, low: Any, high: Any, signed_input: bool, num_bits: int, range_given: bool,
          round_mode: str, name: str | None, narrow_range: bool, axis: int | None) -> Any:
    x = convert_to_tensor(input, dtype_hint=dtypes.float32)
    attrs = {"signed_input": signed_input, "num_bits": int(num_bits), "range_given": range_given, "round_mode": round_mode,
             "narrow_range": narrow_range, "axis": _axis_of(x, axis)}
    return apply(entry, (x, convert_to_tensor(low, x.dtype), convert_to_tensor(high, x.dtype)), attrs, name)
