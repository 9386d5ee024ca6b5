"""Projective transformations of images: ImageProjectiveTransformV2 and -V3."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core.dispatch import apply
from ...core.opdef import OpDef, op
from ..common import shape_text, static_shape
from ..creation import ints
from ..layout import bad
from .resize import sizes_of, with_size

_TYPES = "dtype: {uint8, int32, int64, half, bfloat16, float, double}"
_F = np.float32


def _infer(op: Any) -> Any:
    return with_size(op.inputs[0], 1, sizes_of(op.inputs[2]))


def _check(x: Any, transforms: Any, size: Any) -> tuple[int, int]:
    if x.ndim != 4:
        raise bad("Input images must have rank 4")
    if transforms.ndim != 2 or transforms.shape[0] not in (1, x.shape[0]) or transforms.shape[1] != 8:
        raise bad("Input transform should be num_images x 8 or 1 x 8")
    new = ints(size)
    if np.ndim(size) != 1:
        raise bad(f"output shape must be 1-dimensional{shape_text(np.shape(size))}")
    if len(new) != 2:
        raise bad(f"output shape must have two elements{shape_text(np.shape(size))}")
    if new[0] <= 0 or new[1] <= 0:
        raise bad("output dimensions must be positive")
    return new[0], new[1]


def _word(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _folded(xp: Any, at: Any, size: int, mode: str) -> Any:
    """Places along an axis brought into the image, as far as the fill mode does so."""
    if mode == "CONSTANT":
        return at
    top = _F(size - 1)
    if mode == "NEAREST" or size <= 1:
        return xp.clip(at, _F(0), top)
    if mode == "REFLECT":  # dcba|abcd|dcba
        period = _F(2 * size)
        low = xp.where(at < -period, period * xp.trunc(-at / period) + at, at)
        low = xp.where(low < -_F(size), low + period, -low - 1)
        high = at - period * xp.trunc(at / period)
        high = xp.where(high >= size, period - high - 1, high)
    else:  # abcd|abcd|abcd, where positions between the last and the first pixel belong to neither
        low = at + _F(size) * (xp.trunc(-at / top) + 1)
        high = at - _F(size) * xp.trunc(at / top)
    return xp.clip(xp.where(at < 0, low, xp.where(at > top, high, at)), _F(0), top)


def _transform(xp: Any, x: Any, transforms: Any, size: Any, fill: Any, interpolation: str, mode: str) -> Any:
    height, width = _check(x, transforms, size)
    if 0 in x.shape[1:3]:  # there is nothing to read
        return xp.full((x.shape[0], height, width, x.shape[3]), fill, np.float32).astype(x.dtype)
    rows, columns = xp.arange(height, dtype=np.float32)[:, None], xp.arange(width, dtype=np.float32)
    t = [transforms[:, i, None, None] for i in range(8)]
    depth = t[6] * columns + t[7] * rows + 1
    real = depth != 0
    by = xp.where(real, depth, 1)
    across = _folded(xp, (t[0] * columns + t[1] * rows + t[2]) / by, x.shape[2], mode)
    down = _folded(xp, (t[3] * columns + t[4] * rows + t[5]) / by, x.shape[1], mode)
    batch = xp.arange(x.shape[0])[:, None, None]
    fill = xp.asarray(fill, np.float32)

    def read(y: Any, x_at: Any) -> Any:
        inside = (y >= 0) & (y < x.shape[1]) & (x_at >= 0) & (x_at < x.shape[2])
        y = xp.where(inside, y, 0).astype(np.int32)
        x_at = xp.where(inside, x_at, 0).astype(np.int32)
        return inside[..., None], x[batch, y, x_at]

    if interpolation == "BILINEAR":
        top, left = xp.floor(down), xp.floor(across)
        below, right = (down - top)[..., None], (across - left)[..., None]
        corner = [[xp.where(i, v.astype(np.float32), fill) for i, v in (read(top + dy, left + dx) for dx in (0, 1))]
                  for dy in (0, 1)]
        lines = [(1 - right) * first + right * second for first, second in corner]
        out = ((1 - below) * lines[0] + below * lines[1]).astype(x.dtype)
    else:
        def closest(at: Any) -> Any:
            return xp.trunc(at + xp.where(at < 0, _F(-0.5), _F(0.5)))
        inside, values = read(closest(down), closest(across))
        out = xp.where(inside, values, fill.astype(x.dtype))
    return xp.where(real[..., None], out, fill.astype(x.dtype))


_ATTRS = f'{_TYPES}; interpolation: string; fill_mode: string = "CONSTANT"'


@op("ImageProjectiveTransformV2", "images: dtype, transforms: float, output_shape: int32 static -> transformed_images: dtype",
    attrs=_ATTRS, infer=_infer)
def transform_v2(xp: Any, x: Any, transforms: Any, output_shape: Any, interpolation: Any = "NEAREST",
                 fill_mode: Any = "CONSTANT") -> Any:
    return _transform(xp, x, transforms, output_shape, 0, _word(interpolation), _word(fill_mode))


@op("ImageProjectiveTransformV3",
    "images: dtype, transforms: float, output_shape: int32 static, fill_value: float -> transformed_images: dtype",
    attrs=_ATTRS, infer=_infer)
def transform_v3(xp: Any, x: Any, transforms: Any, output_shape: Any, fill_value: Any, interpolation: Any = "NEAREST",
                 fill_mode: Any = "CONSTANT") -> Any:
    return _transform(xp, x, transforms, output_shape, fill_value, _word(interpolation), _word(fill_mode))


def _inverses(transforms: Any) -> Any:
    """The eight numbers of the opposite transformations; the ninth, the scale, is 1."""
    from ..arrays import concat, reshape
    from ..decompositions import inv
    from ..indexing import getitem
    count = transforms.shape[0]
    rows = -1 if count is None else count
    ones = getitem(transforms, (slice(None), slice(0, 1))) * 0 + 1
    whole = reshape(inv(reshape(concat([transforms, ones], 1), [rows, 3, 3])), [rows, 9])
    return getitem(whole, (slice(None), slice(0, 8))) / getitem(whole, (slice(None), slice(8, 9)))


def _gradient(op: Any, dy: Any, entry: OpDef, fill: tuple[Any, ...]) -> Any:
    """TensorFlow's gradient: the opposite transformation of `dy`, which is not the derivative."""
    from ..creation import shape
    from ..indexing import getitem
    x = op.inputs[0]
    known = static_shape(x)
    size = list(known[1:3]) if known is not None else getitem(shape(x), slice(1, 3))
    attrs = {name: op.attrs[name] for name in ("interpolation", "fill_mode") if name in op.attrs}
    return apply(entry, (dy, _inverses(op.inputs[1]), size, *fill), attrs)


transform_v2.vjp(0)(lambda op, dy: _gradient(op, dy, transform_v2, ()))


@transform_v3.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from ...core.convert import convert_to_tensor
    return _gradient(op, dy, transform_v3, (convert_to_tensor(0.0),))
