"""Values as they come out of integers of few bits: for training models that will be quantized."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from .common import shape_text, unchanged

FakeQuantWithMinMaxVarsGradient = namedtuple("FakeQuantWithMinMaxVarsGradient", [
    "backprops_wrt_input", "backprop_wrt_min", "backprop_wrt_max"])
FakeQuantWithMinMaxVarsPerChannelGradient = namedtuple("FakeQuantWithMinMaxVarsPerChannelGradient", [
    "backprops_wrt_input", "backprop_wrt_min", "backprop_wrt_max"])

_BITS = "num_bits: int = 8; narrow_range: bool = false"


def _check_bits(num_bits: int) -> None:
    if not 2 <= num_bits <= 16:
        raise errors.InvalidArgumentError(f"num_bits must be between 2 and 16, inclusive, was: {num_bits}")


def _nudged(xp: Any, low: Any, high: Any, num_bits: int, narrow_range: bool) -> tuple[Any, Any, Any]:
    """A range moved a little so that zero is one of its steps, and the size of a step."""
    first, last = np.float32(int(narrow_range)), np.float32(2**num_bits - 1)
    step = (high - low) / (last - first)
    zero = first - low / step
    zero = xp.where(zero == zero, xp.clip(xp.floor(zero + np.float32(0.5)), first, last), np.float32(0))
    return (first - zero) * step, (last - zero) * step, step


def _rounded(xp: Any, x: Any, low: Any, high: Any, num_bits: int, narrow_range: bool, known: bool = False) -> Any:
    """The nearest step; zero where the range is empty around zero. Steps to one are exact where the range is `known`."""
    first, last, step = _nudged(xp, low, high, num_bits, narrow_range)
    half = np.float32(0.5)
    inverse = np.float32(2**num_bits - 1 - int(narrow_range)) / (high - low) if known else np.float32(1) / step
    zero = xp.floor(-first * inverse + half)
    out = xp.floor((xp.maximum(xp.minimum(x, last), first) - first) * inverse - zero + half) * step
    return xp.where((low == 0) & (high == 0), np.float32(0), out)


def _inside(xp: Any, x: Any, low: Any, high: Any, num_bits: int, narrow_range: bool) -> tuple[Any, Any, Any]:
    """Where values are inside the range, below it and above it; all are inside where it is empty around zero."""
    first, last, _ = _nudged(xp, low, high, num_bits, narrow_range)
    empty = (low == 0) & (high == 0)
    return ((x >= first) & (x <= last)) | empty, (x < first) & ~empty, (x > last) & ~empty


def _where(xp: Any, chosen: Any, dy: Any) -> Any:
    """Gradients of some elements; the others are multiplied by zero."""
    return xp.where(chosen, dy, dy * np.float32(0))


def _check_order(low: float, high: float) -> None:
    if not low < high:
        raise errors.InvalidArgumentError(f"min has to be smaller than max, was: {low:g} >= {high:g}")


@op("FakeQuantWithMinMaxArgs", "inputs: float -> outputs: float", attrs=f"min: float = -6; max: float = 6; {_BITS}",
    infer=unchanged)
def fake_quant_args(xp: Any, x: Any, min: float = -6.0, max: float = 6.0, num_bits: int = 8,
                    narrow_range: bool = False) -> Any:
    _check_order(min, max)
    _check_bits(num_bits)
    return _rounded(xp, x, np.float32(min), np.float32(max), num_bits, narrow_range, known=True)


@fake_quant_args.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(fake_quant_args_gradient_, (dy, op.inputs[0]), dict(op.attrs))


@op("FakeQuantWithMinMaxArgsGradient", "gradients: float, inputs: float -> backprops: float",
    attrs=f"min: float = -6; max: float = 6; {_BITS}", infer=unchanged)
def fake_quant_args_gradient_(xp: Any, dy: Any, x: Any, min: float = -6.0, max: float = 6.0, num_bits: int = 8,
                              narrow_range: bool = False) -> Any:
    _check_order(min, max)
    _check_bits(num_bits)
    if dy.shape != x.shape:
        raise errors.InvalidArgumentError("gradient and input must be the same size [Op:FakeQuantWithMinMaxArgsGradient]")
    inside, _, _ = _inside(xp, x, np.float32(min), np.float32(max), num_bits, narrow_range)
    return _where(xp, inside, dy)


def _check_range(x: Any, low: Any, high: Any, per_channel: bool) -> None:
    rank = int(per_channel)
    for word, value in (("min", low), ("max", high)):
        if value.ndim != rank:
            kind = "1D" if per_channel else "a scalar"
            raise errors.InvalidArgumentError(f"`{word}` must be rank {rank} ({kind}) but is rank {value.ndim} with shape "
                                              f"{shape_text(value.shape)}")
        if per_channel and (not x.ndim or value.shape[0] != x.shape[-1]):
            raise errors.InvalidArgumentError(f"{word} has incorrect size, expected {x.shape[-1] if x.ndim else 1} was "
                                              f"{value.shape[0]}")


def _vars_shape(rank: int) -> Any:
    def rule(op: Any) -> Any:
        for spec in op.inputs[-2:]:
            if spec.shape.rank not in (None, rank):
                raise ValueError(f"Shape must be rank {rank} but is rank {spec.shape.rank}")
        x, low, high = op.inputs[-3:]
        if op.type.endswith("Gradient"):
            return [(x.shape, x.dtype), (low.shape, low.dtype), (high.shape, high.dtype)]
        return x.shape
    return rule


def _vars(type: str, per_channel: bool) -> tuple[OpDef, OpDef]:
    rule = _vars_shape(int(per_channel))

    @op(type, "inputs: float, min: float, max: float -> outputs: float", attrs=_BITS, infer=rule)
    def entry(xp: Any, x: Any, low: Any, high: Any, num_bits: int = 8, narrow_range: bool = False) -> Any:
        _check_bits(num_bits)
        _check_range(x, low, high, per_channel)
        return _rounded(xp, x, low, high, num_bits, narrow_range)

    @op(f"{type}Gradient", "gradients: float, inputs: float, min: float, max: float -> backprops_wrt_input: float, "
        "backprop_wrt_min: float, backprop_wrt_max: float", attrs=_BITS, infer=rule)
    def gradient(xp: Any, dy: Any, x: Any, low: Any, high: Any, num_bits: int = 8, narrow_range: bool = False) -> Any:
        _check_bits(num_bits)
        _check_range(x, low, high, per_channel)
        if dy.shape != x.shape:
            raise errors.InvalidArgumentError(f"gradient and input must be the same size [Op:{type}Gradient]")
        inside, below, above = _inside(xp, x, low, high, num_bits, narrow_range)
        axes = tuple(range(x.ndim - int(per_channel)))
        empty, zero = (low == 0) & (high == 0), np.float32(0)
        d_low, d_high = (xp.where(empty, zero, xp.sum(_where(xp, side, dy), axes, np.float32)) for side in (below, above))
        return _where(xp, inside, dy), d_low, d_high

    @entry.gradient
    def _(op: Any, dy: Any) -> Any:
        return apply(gradient, (dy, *op.inputs), dict(op.attrs))
    return entry, gradient


fake_quant_vars, fake_quant_vars_gradient_ = _vars("FakeQuantWithMinMaxVars", False)
fake_quant_channels, fake_quant_channels_gradient_ = _vars("FakeQuantWithMinMaxVarsPerChannel", True)


def _float(x: Any) -> Any:
    return convert_to_tensor(x, dtypes.float32)


def _attrs(num_bits: int, narrow_range: bool) -> dict[str, Any]:
    return {"num_bits": int(num_bits), "narrow_range": bool(narrow_range)}


def fake_quant_with_min_max_args(inputs: Any, min: float = -6, max: float = 6, num_bits: int = 8,
                                 narrow_range: bool = False, name: str | None = None) -> Any:
    """Values rounded to the steps of a range, as if they had been integers of few bits.

    Args:
      inputs: float32.
      min: where the range begins; it is moved so that zero is a step.
      max: where it ends.
      num_bits: how many bits the integers have, 2 to 16.
      narrow_range: do without the lowest integer.
      name: of the node.

    Returns:
      float32 of the same shape. The gradient passes where values are inside the range.

    Raises:
      InvalidArgumentError: an empty range, or another number of bits.
    """
    return apply(fake_quant_args, (_float(inputs),), {"min": float(min), "max": float(max),
                                                      **_attrs(num_bits, narrow_range)}, name)


def fake_quant_with_min_max_args_gradient(gradients: Any, inputs: Any, min: float = -6, max: float = 6, num_bits: int = 8,
                                          narrow_range: bool = False, name: str | None = None) -> Any:
    """The gradient of `fake_quant_with_min_max_args` for its inputs, given that of its result."""
    return apply(fake_quant_args_gradient_, (_float(gradients), _float(inputs)),
                 {"min": float(min), "max": float(max), **_attrs(num_bits, narrow_range)}, name)


def fake_quant_with_min_max_vars(inputs: Any, min: Any, max: Any, num_bits: int = 8, narrow_range: bool = False,
                                 name: str | None = None) -> Any:
    """`fake_quant_with_min_max_args` with a range of scalar tensors.

    Their gradients are those of all values beyond either end.
    """
    return apply(fake_quant_vars, (_float(inputs), _float(min), _float(max)), _attrs(num_bits, narrow_range), name)


def fake_quant_with_min_max_vars_gradient(gradients: Any, inputs: Any, min: Any, max: Any, num_bits: int = 8,
                                          narrow_range: bool = False, name: str | None = None) -> Any:
    """The gradients of `fake_quant_with_min_max_vars` for inputs, `min` and `max`, as a named tuple."""
    return FakeQuantWithMinMaxVarsGradient(*apply(
        fake_quant_vars_gradient_, (_float(gradients), _float(inputs), _float(min), _float(max)),
        _attrs(num_bits, narrow_range), name))


def fake_quant_with_min_max_vars_per_channel(inputs: Any, min: Any, max: Any, num_bits: int = 8,
                                             narrow_range: bool = False, name: str | None = None) -> Any:
    """`fake_quant_with_min_max_vars` with a range for each place along the last axis: `min` and `max` are vectors."""
    return apply(fake_quant_channels, (_float(inputs), _float(min), _float(max)), _attrs(num_bits, narrow_range), name)


def fake_quant_with_min_max_vars_per_channel_gradient(gradients: Any, inputs: Any, min: Any, max: Any, num_bits: int = 8,
                                                      narrow_range: bool = False, name: str | None = None) -> Any:
    """The gradients of `fake_quant_with_min_max_vars_per_channel`, as a named tuple."""
    return FakeQuantWithMinMaxVarsPerChannelGradient(*apply(
        fake_quant_channels_gradient_, (_float(gradients), _float(inputs), _float(min), _float(max)),
        _attrs(num_bits, narrow_range), name))

