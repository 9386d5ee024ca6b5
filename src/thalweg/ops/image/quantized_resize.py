"""Bilinear resizing of quantized images, whose range stays as it is."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dispatch import Typed
from ...core.opdef import op
from ..layout import bad
from ..quantized_numbers import SCALAR, kind_of
from .resize import interpolated, sizes_of, target_size, with_size
from .taps import Taps, linear


def _fixed_point(xp: Any, x: Any, rows: Taps, columns: Taps, bits: int) -> Any:
    """Interpolation of int64 in integers: along the width exactly; the difference of two rows loses its fraction."""
    def neighbours(values: Any, taps: Taps, axis: int) -> tuple[Any, Any, Any]:
        weights = (taps.weights[:, 1] * np.float32(1 << bits)).astype(np.int64)
        return (xp.take(values, taps.places[:, 0], axis), xp.take(values, taps.places[:, 1], axis),
                weights.reshape([-1 if i == axis else 1 for i in range(4)]))

    def quotient(values: Any) -> Any:
        return xp.where(values < 0, -((-values) >> bits), values >> bits)
    left, right, across = neighbours(x, columns, 2)
    top, bottom, down = neighbours(left * (1 << bits) + (right - left) * across, rows, 1)
    return quotient(top + quotient(bottom - top) * down + (1 << bits - 1))


def _resized_shape(op: Any) -> list[Any]:
    kind = kind_of(op.inputs[0]) if op.inputs[0].dtype is not dtypes.float32 else dtypes.float32
    return [(with_size(op.inputs[0], 1, sizes_of(op.inputs[1])), kind), SCALAR, SCALAR]


@op("QuantizedResizeBilinear", "images: T, size: int32 static, min: float, max: float -> resized_images: T, out_min: float, "
    "out_max: float", attrs="T: {quint8, qint32, float}; align_corners: bool = false; half_pixel_centers: bool = false",
    infer=_resized_shape)
def quantized_resize_bilinear(xp: Any, x: Any, size: Any, low: Any, high: Any, align_corners: bool = False,
                              half_pixel_centers: bool = False) -> Any:
    height, width = target_size(x, size)
    for name, end in (("min", low), ("max", high)):
        if end.ndim:
            raise bad(f"{name} must be a scalar")
    rows = linear(x.shape[1], height, align_corners, half_pixel_centers)
    columns = linear(x.shape[2], width, align_corners, half_pixel_centers)
    if x.dtype.kind == "f":
        return interpolated(xp, x, rows, columns), low, high
    if x.shape[1:3] == (height, width):
        out = x
    elif x.dtype == np.uint8:
        out = _fixed_point(xp, x.astype(np.int64), rows, columns, 7)
    else:  # as in TensorFlow these integers pass through float32
        passed = x.astype(np.float32).astype(np.float64)
        out = _fixed_point(xp, xp.where(passed < 2.0**31, passed, -2.0**31).astype(np.int64), rows, columns, 28)
    return Typed(out.astype(x.dtype), kind_of(x)), low, high


quantized_resize_bilinear.not_differentiable()
