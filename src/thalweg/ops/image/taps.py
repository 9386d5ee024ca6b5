"""Resizing as sums of taps: which input lines make each output line along one axis, and how much of each.

A resize is separable and linear, so one table an axis says it all. Its transpose is a table of the same kind, and that
is the gradient. Positions and weights are computed in float32, as TensorFlow does, so that ties fall the same way.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
_F = np.float32


class Taps(NamedTuple):
    """For each of `n` output lines: `places[n, k]` of input lines, and the `weights[n, k]` that they have in it."""

    places: Array
    weights: Array
    size: int
    """How many input lines there are."""

    def transposed(self) -> Taps:
        """The table of the transposed map: for each input line, where it goes, and with which weight."""
        lines, count = np.nonzero(self.weights)
        into = self.places[lines, count]
        order = np.argsort(into, kind="stable")
        into, lines, weights = into[order], lines[order], self.weights[lines[order], count[order]]
        each = np.bincount(into, minlength=self.size)
        rank = np.arange(len(into)) - np.repeat(np.cumsum(each) - each, each)
        places = np.zeros((self.size, max(int(each.max(initial=0)), 1)), np.int64)
        table = np.zeros(places.shape, self.weights.dtype)
        places[into, rank], table[into, rank] = lines, weights
        return Taps(places, table, len(self.places))

    def dense(self) -> Array:
        """The same as a matrix `[n, size]`."""
        out = np.zeros((len(self.places), self.size), self.weights.dtype)
        np.add.at(out, (np.arange(len(out))[:, None], self.places), self.weights)
        return out


def apply_taps(xp: Any, x: Any, taps: Taps, axis: int) -> Any:
    """Each line along an axis of `[batch, height, width, channels]` replaced by the sum of its taps."""
    if not x.shape[axis]:
        return xp.zeros([*x.shape[:axis], len(taps.places), *x.shape[axis + 1:]], x.dtype)
    count = taps.places.shape[1]
    if count > 4 and (taps.size <= 16 * count or (xp is not np and count > 32)):
        # Most lines have a part in most others: a matrix product does less.
        kind = np.promote_types(x.dtype, np.float32) if x.dtype.kind == "V" else x.dtype
        out = xp.einsum("oh,bhwc->bowc" if axis == 1 else "ow,bhwc->bhoc", taps.dense().astype(kind), x.astype(kind),
                        optimize=True)
        return out.astype(x.dtype)
    total = None
    shape = [1, 1, 1, 1]
    shape[axis] = -1
    for k in range(count):
        part = xp.take(x, taps.places[:, k], axis) * taps.weights[:, k].astype(x.dtype).reshape(shape)
        total = part if total is None else total + part
    return total


def scale_of(size: int, new: int, align_corners: bool) -> np.float32:
    """The distance of neighbouring output lines in input lines."""
    if align_corners and new > 1:
        return _F(size - 1) / _F(new - 1)
    return _F(size) / _F(new)


def _positions(size: int, new: int, align_corners: bool, half_pixel: bool) -> Array:
    lines = np.arange(new, dtype=np.float32)
    scale = scale_of(size, new, align_corners)
    return (lines + _F(0.5)) * scale - _F(0.5) if half_pixel else lines * scale


@lru_cache(maxsize=256)
def linear(size: int, new: int, align_corners: bool, half_pixel: bool) -> Taps:
    """The taps of linear interpolation."""
    at = _positions(size, new, align_corners, half_pixel)
    below = np.floor(at)
    lower = np.maximum(below.astype(np.int64), 0)
    upper = np.minimum(np.ceil(at).astype(np.int64), size - 1)
    part = at - below
    return Taps(np.stack([lower, upper], 1), np.stack([1 - part, part], 1), size)


@lru_cache(maxsize=256)
def nearest(size: int, new: int, align_corners: bool, half_pixel: bool) -> Taps:
    """The taps of the nearest line."""
    lines = np.arange(new, dtype=np.float32)
    at = (lines + _F(0.5) if half_pixel else lines) * scale_of(size, new, align_corners)
    # C's roundf: halves go away from zero.
    places = np.floor(at + _F(0.5)) if align_corners else np.floor(at)
    places = np.clip(places.astype(np.int64), 0, size - 1)[:, None]
    return Taps(places, np.ones(places.shape, np.float32), size)


_STEPS = 1024  # TensorFlow tabulates the cubic so finely, and rounds positions to the table


@lru_cache(maxsize=4)
def _cubic_table(a: float) -> Array:
    """The cubic convolution kernel (Keys, 1981) at distances `i / 1024` and `1 + i / 1024`: `[1025, 2]`."""
    x = np.arange(_STEPS + 1, dtype=np.float32) / _F(_STEPS)
    y = x + 1
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * y - 5 * a) * y + 8 * a) * y - 4 * a
    return np.stack([near, far], 1).astype(np.float32)


@lru_cache(maxsize=256)
def cubic(size: int, new: int, align_corners: bool, half_pixel: bool) -> Taps:
    """The taps of cubic convolution; with `half_pixel` in Keys' form, renormalised where the image ends."""
    at = _positions(size, new, align_corners, half_pixel)
    below = np.floor(at)
    offset = np.rint((at - below) * _F(_STEPS)).astype(np.int64)
    table = _cubic_table(-0.5 if half_pixel else -0.75)
    weights = np.stack([table[offset, 1], table[offset, 0], table[_STEPS - offset, 0], table[_STEPS - offset, 1]], 1)
    wanted = below.astype(np.int64)[:, None] + np.arange(-1, 3)
    places = np.clip(wanted, 0, size - 1)
    if half_pixel:
        weights = np.where(places == wanted, weights, _F(0))
        total = weights.sum(1, keepdims=True)
        weights = np.where(np.abs(total) >= 1000 * np.finfo(np.float32).tiny, weights / total, weights)
    return Taps(places, weights, size)


@lru_cache(maxsize=256)
def area(size: int, new: int, align_corners: bool) -> Taps:
    """The taps of averages over areas."""
    scale = scale_of(size, new, align_corners)
    lines = np.arange(new, dtype=np.float32)
    start, stop = lines * scale, (lines + 1) * scale
    first, last = np.floor(start).astype(np.int64), np.ceil(stop).astype(np.int64)
    at = first[:, None] + np.arange(max(int((last - first).max(initial=0)), 1))
    inside = np.minimum(at + 1, stop[:, None]) - np.maximum(at, start[:, None])
    weights = np.where(at < last[:, None], inside / scale, 0).astype(np.float32)
    return Taps(np.clip(at, 0, size - 1), weights, size)


# The kernels of scale-and-translate by their distance from the middle, with their radii.


def _lanczos(radius: float) -> Callable[[Any, Any], Any]:
    """A sinc under a wider sinc (Lanczos, after Duchon 1979)."""
    def weight(xp: Any, x: Any) -> Any:
        angle = xp.where(x > 1e-3, x, 1) * np.float32(np.pi)
        value = radius * xp.sin(angle) * xp.sin(angle / radius) / (angle * angle)
        return xp.where(x > radius, 0, xp.where(x <= 1e-3, 1, value))
    return weight


def _gaussian(xp: Any, x: Any) -> Any:
    return xp.where(x >= 1.5, 0, xp.exp(-x * x / (2 * 0.5 * 0.5)))


def _triangle(xp: Any, x: Any) -> Any:
    return xp.where(x < 1, 1 - x, 0)


def _box(xp: Any, x: Any) -> Any:
    return xp.where(x < 0.5, 1.0, xp.where(x == 0.5, 0.5, 0.0))


def _keys_cubic(xp: Any, x: Any) -> Any:
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return xp.where(x >= 2, 0, xp.where(x >= 1, far, near))


def _mitchell_cubic(xp: Any, x: Any) -> Any:
    """The cubic with B = C = 1/3 (Mitchell and Netravali, 1988)."""
    near = (7 / 6 * x - 2) * x * x + 8 / 9
    far = ((-7 / 18 * x + 2) * x - 10 / 3) * x + 16 / 9
    return xp.where(x >= 2, 0, xp.where(x >= 1, far, near))


KERNELS: dict[str, tuple[float, Callable[[Any, Any], Any]]] = {
    "lanczos1": (1.0, _lanczos(1.0)), "lanczos3": (3.0, _lanczos(3.0)), "lanczos5": (5.0, _lanczos(5.0)),
    "gaussian": (1.5, _gaussian), "box": (1.0, _box), "triangle": (1.0, _triangle), "keyscubic": (2.0, _keys_cubic),
    "mitchellcubic": (2.0, _mitchell_cubic),
}
"""By `kernel_type`: the radius, and the weight by distance."""


def _span_weights(xp: Any, kernel: str, at: Any, middle: Any, stretch: Any, size: int) -> Any:
    """The weights of input lines `at[n, k]` in the output lines whose middles are `middle[n, 1]`."""
    radius, weight = KERNELS[kernel]
    reach = np.float32(radius) * stretch
    first = xp.clip(xp.ceil(middle - reach - _F(0.5)), 0, size - 1)
    last = xp.clip(xp.floor(middle + reach - _F(0.5)), 0, size - 1)
    values = weight(xp, xp.abs(at + _F(0.5) - middle) / stretch).astype(np.float32)
    values = xp.where((at >= first) & (at <= last) & (middle >= 0) & (middle <= size), values, _F(0))
    total = values.sum(1, keepdims=True)
    real = xp.abs(total) >= 1000 * np.finfo(np.float32).tiny
    return values / xp.where(real, total, _F(1))


def spans(xp: Any, kernel: str, size: int, new: int, scale: Any, shift: Any, antialias: bool) -> Any:
    """The weights of scale-and-translate along one axis as a matrix `[new, size]`; `scale` may be traced."""
    inverse = _F(1) / scale
    stretch = xp.maximum(inverse, _F(1)) if antialias else _F(1)
    middle = ((xp.arange(new, dtype=np.float32) + _F(0.5)) * inverse - inverse * shift)[:, None]
    return _span_weights(xp, kernel, xp.arange(size, dtype=np.float32), middle, stretch, size)


@lru_cache(maxsize=64)
def span_taps(kernel: str, size: int, new: int, scale: float, shift: float, antialias: bool) -> Taps:
    """`spans` as taps."""
    inverse = _F(1) / _F(scale)
    stretch = max(inverse, _F(1)) if antialias else _F(1)
    middle = ((np.arange(new, dtype=np.float32) + _F(0.5)) * inverse - inverse * _F(shift))[:, None]
    reach = _F(KERNELS[kernel][0]) * stretch
    first = np.clip(np.ceil(middle - reach - _F(0.5)), 0, max(size - 1, 0))
    places = first + np.arange(min(int(2 * np.ceil(reach)) + 1, size), dtype=np.float32)
    weights = np.where(places < size, _span_weights(np, kernel, places, middle, stretch, size), _F(0))
    return Taps(np.minimum(places, max(size - 1, 0)).astype(np.int64), weights.astype(np.float32), size)
