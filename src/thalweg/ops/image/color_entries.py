"""Entries about the colours of images: RGBToHSV, HSVToRGB, AdjustContrastv2, AdjustHue, AdjustSaturation."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.dispatch import apply
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape
from ..common import shape_text
from ..layout import bad

_REALS = "T: {half, bfloat16, float, double} = float"


def _colour_shape(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape
    if shape.rank is None:
        return shape
    if shape.rank < 1:
        raise ValueError(f"Shape must be at least rank 1 but is rank {shape.rank}")
    if shape[-1] not in (None, 3):
        raise ValueError(f"Dimension must be 3 but is {shape[-1]}")
    return shape[:-1].concatenate([3])


def _check_colours(x: Any) -> None:
    if x.ndim < 1:
        raise bad(f"input must be at least 1D{shape_text(x.shape)}")
    if x.shape[-1] != 3:
        raise errors.FailedPreconditionError(f"input must have 3 channels but input only has {x.shape[-1]} channels.")


def _hue(xp: Any, x: Any, value: Any, spread: Any) -> Any:
    """The place in the circle of colours, in [0, 1); 0 for grey."""
    r, g, b = x[..., 0], x[..., 1], x[..., 2]
    one = x.dtype.type
    sixth = one(1) / (one(6) * xp.where(spread > 0, spread, one(1)))
    hue = xp.where(r == value, sixth * (g - b),
                   xp.where(g == value, sixth * (b - r) + one(2 / 6), sixth * (r - g) + one(4 / 6)))
    hue = xp.where(spread > 0, hue, one(0))
    return xp.where(hue < 0, hue + one(1), hue)


def _to_hsv(xp: Any, x: Any) -> Any:
    """Hue, saturation and value, each in [0, 1], as a stack along the last axis (Smith, 1978)."""
    one = x.dtype.type
    value = xp.max(x, -1)
    spread = value - xp.min(x, -1)
    saturation = xp.where(value > 0, spread / xp.where(value > 0, value, one(1)), one(0))
    return xp.stack([_hue(xp, x, value, spread), saturation, value], -1)


def _shares(xp: Any, hue: Any) -> list[Any]:
    """How much of red, green and blue a hue has, each in [0, 1]."""
    one = hue.dtype.type
    sector = hue * one(6)
    parts = (xp.abs(sector - one(3)) - one(1), one(2) - xp.abs(sector - one(2)), one(2) - xp.abs(sector - one(4)))
    return [xp.minimum(xp.maximum(p, one(0)), one(1)) for p in parts]


def _to_rgb(xp: Any, x: Any) -> Any:
    """The opposite of `_to_hsv`."""
    one = x.dtype.type
    saturation, value = x[..., 1], x[..., 2]
    return xp.stack([((one(1) - saturation) + saturation * p) * value for p in _shares(xp, x[..., 0])], -1)


@op("RGBToHSV", "images: T -> output: T", attrs=_REALS, infer=_colour_shape)
def rgb_to_hsv_(xp: Any, x: Any) -> Any:
    _check_colours(x)
    return _to_hsv(xp, x)


@op("HSVToRGB", "images: T -> output: T", attrs=_REALS, infer=_colour_shape)
def hsv_to_rgb_(xp: Any, x: Any) -> Any:
    _check_colours(x)
    return _to_rgb(xp, x)


hsv_to_rgb_.not_differentiable()


@rgb_to_hsv_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    # The formulas for one channel hold for all three, in a circle: `after` is the channel that follows, `before` the one
    # that precedes. Where a channel is not positive, TensorFlow lets nothing through its quotients.
    from ..arithmetic import divide_no_nan
    from ..arrays import reverse, roll
    from ..casting import cast
    from ..indexing import getitem
    from ..ranges import one_hot
    from ..reductions import argmax, argmin, reduce_sum
    x, dtype = op.inputs[0], op.inputs[0].dtype
    largest = one_hot(argmax(x, -1), 3, dtype=dtype)
    smallest = one_hot(2 - argmin(reverse(x, [-1]), -1), 3, dtype=dtype)
    positive = cast(x > 0, dtype)
    after, before = roll(x, -1, -1), roll(x, 1, -1)
    top, bottom = reduce_sum(largest * x, -1, True), reduce_sum(smallest * x, -1, True)
    spread = top - bottom

    def over(a: Any, b: Any) -> Any:
        return divide_no_nan(a, b)
    ds = positive * (largest * over(bottom, x * x) - smallest * over(top * 0 + 1, top))
    lit = positive * largest
    after_lit, before_lit = roll(lit, -1, -1), roll(lit, 1, -1)
    after_least, before_least = roll(smallest, -1, -1), roll(smallest, 1, -1)
    one = x * 0 + 1
    dh = lit * over(before - after, spread * spread * one)
    dh = dh + after_lit * (smallest * over(before - after, (x - after) ** 2) - before_least * over(one, after - before))
    dh = dh + before_lit * (smallest * over(before - after, (before - x) ** 2) + after_least * over(one, before - after))
    hue, saturation, value = (getitem(dy, (Ellipsis, slice(i, i + 1))) for i in range(3))
    return value * largest + saturation * ds + hue * dh / 6


# Adjustments.


def at_least_3d(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape
    if shape.rank is not None and shape.rank < 3:
        raise ValueError(f"Shape must be at least rank 3 but is rank {shape.rank}")
    return shape


def check_adjusted(x: Any, by: Any, name: str, coloured: bool = True) -> None:
    if x.ndim < 3:
        raise bad(f"input must be at least 3-D, got shape{shape_text(x.shape)}")
    if by.ndim:
        raise bad(f"{name} must be scalar: {shape_text(by.shape)}")
    if coloured and x.shape[-1] != 3:
        raise bad(f"input must have 3 channels but instead has {x.shape[-1]} channels.")


@op("AdjustContrastv2", "images: T, contrast_factor: float -> output: T", attrs="T: {half, float} = float",
    infer=at_least_3d)
def adjust_contrast_v2(xp: Any, x: Any, factor: Any) -> Any:
    check_adjusted(x, factor, "contrast_factor", coloured=False)
    if not x.size:
        return x  # NumPy would warn of the mean of nothing
    wide = x.astype(np.float32)
    mean = xp.mean(wide, (-3, -2), keepdims=True)
    return ((wide - mean) * factor + mean).astype(x.dtype)


@op("AdjustHue", "images: T, delta: float -> output: T", attrs="T: {half, float} = float", infer=at_least_3d)
def adjust_hue_(xp: Any, x: Any, delta: Any) -> Any:
    check_adjusted(x, delta, "delta")
    # Not by saturation, which is nothing where all channels are negative.
    wide = x.astype(np.float32)
    value, least = xp.max(wide, -1), xp.min(wide, -1)
    spread = value - least
    hue = _hue(xp, wide, value, spread) + delta
    shares = _shares(xp, hue - xp.floor(hue))
    return xp.stack([least + spread * p for p in shares], -1).astype(x.dtype)


@op("AdjustSaturation", "images: T, scale: float -> output: T", attrs="T: {half, float} = float", infer=at_least_3d)
def adjust_saturation_(xp: Any, x: Any, scale: Any) -> Any:
    check_adjusted(x, scale, "scale")
    hsv = _to_hsv(xp, x.astype(np.float32))
    saturation = xp.clip(hsv[..., 1:2] * scale, np.float32(0), np.float32(1))
    return _to_rgb(xp, xp.concatenate([hsv[..., :1], saturation, hsv[..., 2:]], -1)).astype(x.dtype)


ADJUSTMENTS: dict[str, OpDef] = {"contrast": adjust_contrast_v2, "hue": adjust_hue_, "saturation": adjust_saturation_}
"""None of them has a gradient in TensorFlow, so asking for one is an error."""


def adjusted(kind: str, x: Any, by: Any, name: str | None = None) -> Any:
    """An adjustment of float images by a float32 scalar."""
    from ...core.convert import convert_to_tensor
    from ...core.tensor import Tensor
    amount = by if isinstance(by, Tensor) else convert_to_tensor(by, dtypes.float32)
    return apply(ADJUSTMENTS[kind], (x, amount), name=name)


