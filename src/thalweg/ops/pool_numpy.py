"""Pooling on NumPy, for channels last and any number of spatial dimensions.

Maxima and sums are taken one dimension after the other, the outermost first, where runs are long. Gradients of maxima
go through masks, which are applied to the bits of the numbers, so that infinities do no harm.
"""
from __future__ import annotations

from collections.abc import Iterator
from itertools import product as positions
from math import prod
from typing import Any

import numpy as np

from .conv_numpy import blank, padded, unpadded
from .windows import Geometry

Array = np.ndarray[Any, Any]

_BUFFER = 1 << 18
"""Bytes of output that are worked on at a time."""


def lowest(dtype: Any) -> Any:
    """What no element is less than."""
    return np.iinfo(dtype).min if dtype.kind in "iu" else dtype.type(-np.inf)


def _along(x: Array, g: Geometry, axis: int, value: Any, combine: Any) -> Array:
    """Combines the elements of each window along one spatial dimension."""
    n, k, s, d, o = g.sizes[axis], g.kernel[axis], g.strides[axis], g.dilations[axis], g.outs[axis]
    lo, hi = (max(p, 0) for p in g.pads[axis])
    if k == 1 and s == 1 and o == n and not lo and not hi:
        return x
    before = (slice(None),) * (axis + 1)
    if lo or hi:
        wider = np.full((*x.shape[:axis + 1], n + lo + hi, *x.shape[axis + 2:]), value, x.dtype)
        wider[(*before, slice(lo, lo + n))] = x
        x = wider
    parts = [x[(*before, slice(p * d, p * d + (o - 1) * s + 1, s))] for p in range(k)] if o else []
    if not parts:
        return np.zeros((*x.shape[:axis + 1], o, *x.shape[axis + 2:]), x.dtype)
    if k == 1:
        return np.ascontiguousarray(parts[0])
    out: Array = combine(parts[0], parts[1])
    for part in parts[2:]:
        combine(out, part, out=out)
    return out


def maximum(x: Array, g: Geometry) -> Array:
    """The largest element of each window."""
    low = lowest(x.dtype)
    for axis in range(len(g.kernel)):
        x = _along(x, g, axis, low, np.maximum)
    return x


def _blocks(batch: int, g: Geometry, item: int) -> Iterator[slice]:
    step = max(1, _BUFFER // max(prod(g.outs) * item, 1))
    for a in range(0, batch, step):
        yield slice(a, min(a + step, batch))


def max_gradient(x: Array, y: Array, dy: Array, g: Geometry, to_all: bool = False) -> Array:
    """The gradient of `maximum`: all of it goes to the first of the largest elements, or all of it to each."""
    if not y.size:
        return np.zeros_like(x)
    bits = np.dtype(f"i{x.itemsize}")
    source = padded(x, g, lowest(x.dtype))
    out = blank(len(x), x.shape[-1], g, x.dtype)
    add = not g.disjoint
    places = [g.at(p) for p in positions(*map(range, g.kernel))]
    for part in _blocks(len(x), g, x.shape[-1] * x.itemsize):
        largest = y[part]
        rest = dy[part].copy().view(bits)
        mask, given = np.empty(rest.shape, bool), np.empty_like(rest)
        for at in places:
            np.equal(source[(part, *at)], largest, out=mask)
            np.multiply(rest, mask, out=given)
            if add:
                out[(part, *at)] += given.view(x.dtype)
            else:
                out[(part, *at)] = given.view(x.dtype)
            if not to_all and at is not places[-1]:
                np.bitwise_xor(rest, given, out=rest)
    return unpadded(out, g)


def _selected(x: Array, y: Array, g: Geometry, value: Any, choose: Any) -> Array:
    """`choose(position)` of the first position in each window whose element is the largest."""
    source = padded(x, g, lowest(x.dtype))
    out = np.zeros(y.shape, value)
    if not out.size:
        return out
    for position in reversed(list(positions(*map(range, g.kernel)))):
        at = g.at(position)
        mask = np.equal(source[(slice(None), *at)], y)
        where = inside(g, position)
        if where is not None:
            mask &= where
        np.copyto(out, choose(at), where=mask)
    return out


def inside(g: Geometry, position: tuple[int, ...]) -> Array | None:
    """Where the element at a kernel position lies in the input and not in its margin; None if everywhere."""
    if not g.padded:
        return None
    mask: Array = np.ones((), bool)
    for axis, (p, s, d, o, n, (lo, _)) in enumerate(
            zip(position, g.strides, g.dilations, g.outs, g.sizes, g.pads, strict=True)):
        place = np.arange(o) * s + (p * d - lo)
        mask = mask & ((place >= 0) & (place < n)).reshape((o,) + (1,) * (len(g.outs) - axis))
    return mask


def max_second_gradient(x: Array, y: Array, ddx: Array, g: Geometry) -> Array:
    """The gradient of `max_gradient`: the elements of `ddx` where the largest elements are."""
    source = padded(ddx, g)
    return _selected(x, y, g, ddx.dtype, lambda at: source[(slice(None), *at)])


def arg_maximum(x: Array, g: Geometry) -> tuple[Array, Array]:
    """The largest elements, and their places in the flattened image."""
    y = maximum(x, g)
    channels = x.shape[-1]
    places = np.arange(prod(g.sizes) * channels).reshape(1, *g.sizes, channels)
    padded_places = padded(places, g)
    return y, _selected(x, y, g, np.int64, lambda at: padded_places[(slice(None), *at)])


def counts(g: Geometry, dtype: Any) -> Array:
    """How many elements of the input each window has, as `(*outs, 1)`."""
    total: Array = np.ones((), dtype)
    for axis, (n, k, s, o, (lo, _)) in enumerate(zip(g.sizes, g.kernel, g.strides, g.outs, g.pads, strict=True)):
        first = np.arange(o) * s - lo
        here = np.minimum(first + k, n) - np.maximum(first, 0)
        total = total * here.astype(dtype).reshape((o,) + (1,) * (len(g.outs) - axis))
    return total


def average(x: Array, g: Geometry) -> Array:
    """The mean of each window; what lies outside does not count."""
    for axis in range(len(g.kernel)):
        x = _along(x, g, axis, 0, np.add)
    return x * (1 / counts(g, x.dtype)) if g.padded else x * x.dtype.type(1 / prod(g.kernel))


def average_gradient(dy: Array, g: Geometry) -> Array:
    """The gradient of `average`."""
    dx = dy * (1 / counts(g, dy.dtype)) if g.padded else dy * dy.dtype.type(1 / prod(g.kernel))
    for axis in reversed(range(len(g.kernel))):
        dx = _along_back(dx, g, axis)
    return dx


def _along_back(dy: Array, g: Geometry, axis: int) -> Array:
    """The gradient of the sum along one spatial dimension."""
    n, k, s, o = g.sizes[axis], g.kernel[axis], g.strides[axis], g.outs[axis]
    lo, hi = (max(p, 0) for p in g.pads[axis])
    if k == 1 and s == 1 and o == n and not lo and not hi:
        return dy
    before = (slice(None),) * (axis + 1)
    if k == s and o * k == n and not lo:
        return np.repeat(dy, k, axis + 1)
    out = np.zeros((*dy.shape[:axis + 1], n + lo + hi, *dy.shape[axis + 2:]), dy.dtype)
    for p in range(k if o else 0):
        target = (*before, slice(p, p + (o - 1) * s + 1, s))
        if k <= s:
            out[target] = dy
        else:
            out[target] += dy
    return out[(*before, slice(lo, lo + n))]
