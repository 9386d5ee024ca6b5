"""Convolution on NumPy, for channels last and any number of spatial dimensions.

Everything heavy is a matrix product. Windows are copied into a buffer of about a megabyte at a time, which stays in the
cache: whole images where one fits, else some rows of one image.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product as positions
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .matmul import product
from .windows import Geometry

Array = np.ndarray[Any, Any]

_BUFFER = 1 << 20
"""Bytes of windows that are copied at a time."""
_FEW = 2
"""Up to so many channels the windows are laid out with the pixels innermost."""


def padded(x: Array, g: Geometry, value: Any = 0) -> Array:
    """The input with a margin as far as the windows reach."""
    if not g.padded:
        return x
    pads = [(max(lo, 0), max(hi, 0)) for lo, hi in g.pads]
    shape = (x.shape[0], *[n + lo + hi for n, (lo, hi) in zip(g.sizes, pads, strict=True)], x.shape[-1])
    out = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
    out[(slice(None), *[slice(lo, lo + n) for n, (lo, _) in zip(g.sizes, pads, strict=True)])] = x
    return out


def unpadded(x: Array, g: Geometry) -> Array:
    """The part of a padded input that is the input."""
    if not g.padded:
        return x
    return x[(slice(None), *[slice(max(lo, 0), max(lo, 0) + n) for n, (lo, _) in zip(g.sizes, g.pads, strict=True)])]


def blank(batch: int, channels: int, g: Geometry, dtype: Any) -> Array:
    """Zeros of the shape of the padded input."""
    sizes = [n + max(lo, 0) + max(hi, 0) for n, (lo, hi) in zip(g.sizes, g.pads, strict=True)]
    return np.zeros((batch, *sizes, channels), dtype)


def windows(x: Array, g: Geometry) -> Array:
    """A view of the padded input as `(batch, *outs, *kernel, channels)`."""
    outer = [st * s for st, s in zip(x.strides[1:-1], g.strides, strict=True)]
    inner = [st * d for st, d in zip(x.strides[1:-1], g.dilations, strict=True)]
    return as_strided(x, (x.shape[0], *g.outs, *g.kernel, x.shape[-1]),
                      (x.strides[0], *outer, *inner, x.strides[-1]), writeable=False)


def _blocks(batch: int, outs: tuple[int, ...], item: int) -> Iterator[tuple[slice, ...]]:
    """Cuts `batch` images of windows of `item` bytes each into parts that fit the buffer and lie in one piece."""
    image = prod(outs) * item
    if image <= _BUFFER:
        step = max(1, min(batch, _BUFFER // max(image, 1)))
        for a in range(0, batch, step):
            yield (slice(a, min(a + step, batch)),)
        return
    row = max(image // outs[0], 1)
    step = max(1, _BUFFER // row)
    for n in range(batch):
        for a in range(0, outs[0], step):
            yield slice(n, n + 1), slice(a, min(a + step, outs[0]))


def _multiply(dtype: Any) -> Callable[[Array, Array], Array]:
    return np.dot if dtype.kind in "fc" else partial(product, np)


def _patches(x: Array, g: Geometry) -> Iterator[tuple[tuple[slice, ...], Array]]:
    """Yields parts of the output and their windows as a matrix, a row for each output element."""
    batch, channels = x.shape[0], x.shape[-1]
    depth = prod(g.kernel) * channels
    if channels <= _FEW:
        yield from _narrow_patches(x, g, depth)
        return
    view = windows(x, g)
    buffer = np.empty(0, x.dtype)
    for part in _blocks(batch, g.outs, depth * x.itemsize):
        source = view[part]
        if buffer.size < source.size:
            buffer = np.empty(source.size, x.dtype)
        filled = buffer[:source.size]
        filled.reshape(source.shape)[...] = source
        yield part, filled.reshape(-1, depth)


def _narrow_patches(x: Array, g: Geometry, depth: int) -> Iterator[tuple[tuple[slice, ...], Array]]:
    """`_patches` for few channels: as the transpose of a matrix, whose rows are copied in long runs."""
    planes = x.transpose(x.ndim - 1, *range(x.ndim - 1))
    for part in _blocks(x.shape[0], g.outs, depth * x.itemsize):
        images, rows = part[0], part[1] if len(part) > 1 else slice(0, g.outs[0])
        count = images.stop - images.start
        made = np.empty((*g.kernel, x.shape[-1], count, rows.stop - rows.start, *g.outs[1:]), x.dtype)
        for position in positions(*map(range, g.kernel)):
            first, *rest = g.at(position)
            here = slice(first.start + rows.start * first.step, first.start + (rows.stop - 1) * first.step + 1,
                         first.step)
            made[position] = planes[(slice(None), images, here, *rest)]
        yield part, made.reshape(depth, -1).T


def _groups(x: Array, w: Array) -> int:
    return int(x.shape[-1]) // int(w.shape[-2])


def forward(x: Array, w: Array, g: Geometry) -> Array:
    """The convolution of `(batch, *sizes, channels)` with `(*kernel, channels / groups, filters)`."""
    filters = w.shape[-1]
    shape = (x.shape[0], *g.outs, filters)
    groups = _groups(x, w) if x.shape[-1] else 0
    if 0 in shape or not x.size or not w.size:
        return np.zeros(shape, x.dtype)
    if groups > 1:
        return _grouped(x, w, g, groups)
    multiply = _multiply(x.dtype)
    if g.pointwise:
        inner = np.ascontiguousarray(x[(slice(None), *g.at((0,) * len(g.kernel)))])
        return multiply(inner.reshape(-1, x.shape[-1]), w.reshape(-1, filters)).reshape(shape)
    matrix = np.ascontiguousarray(w.reshape(-1, filters))
    out = np.empty(shape, x.dtype)
    for part, rows in _patches(padded(x, g), g):
        target = out[part]
        if x.dtype.kind == "f":
            np.dot(rows, matrix, out=target.reshape(-1, filters))
        else:
            target[...] = multiply(rows, matrix).reshape(target.shape)
    return out


def _split_channels(x: Array, groups: int, i: int) -> Array:
    size = x.shape[-1] // groups
    return x[..., i * size:(i + 1) * size]


def _grouped(x: Array, w: Array, g: Geometry, groups: int) -> Array:
    if w.shape[-2] == 1:
        return depthwise(x, w.reshape(*g.kernel, groups, -1), g)
    parts = [forward(_split_channels(x, groups, i), _split_channels(w, groups, i), g) for i in range(groups)]
    return np.concatenate(parts, -1)


def filter_gradient(x: Array, dy: Array, g: Geometry, groups: int) -> Array:
    """The gradient of `forward` for the filter."""
    channels, filters = x.shape[-1] // max(groups, 1), dy.shape[-1]
    shape = (*g.kernel, channels, filters)
    if 0 in shape or not x.size or not dy.size:
        return np.zeros(shape, x.dtype)
    if groups > 1:
        if channels == 1:
            return depthwise_filter_gradient(x, dy, g).reshape(shape)
        return np.concatenate([filter_gradient(_split_channels(x, groups, i), _split_channels(dy, groups, i), g, 1)
                               for i in range(groups)], -1)
    multiply = _multiply(x.dtype)
    if g.pointwise:
        inner = np.ascontiguousarray(x[(slice(None), *g.at((0,) * len(g.kernel)))])
        return multiply(inner.reshape(-1, channels).T, dy.reshape(-1, filters)).reshape(shape)
    total = np.zeros((prod(g.kernel) * channels, filters), x.dtype)
    for part, rows in _patches(padded(x, g), g):
        total += multiply(rows.T, dy[part].reshape(-1, filters))
    return total.reshape(shape)


def input_gradient(dy: Array, w: Array, g: Geometry, channels: int) -> Array:
    """The gradient of `forward` for the input: one product for each kernel position, added where its windows lie."""
    batch, (own, filters) = dy.shape[0], w.shape[-2:]
    groups = channels // own if own else 0
    if not dy.size or not w.size:
        return np.zeros((batch, *g.sizes, channels), dy.dtype)
    if groups > 1:
        if own == 1:
            return depthwise_input_gradient(dy, w.reshape(*g.kernel, groups, -1), g)
        return np.concatenate([input_gradient(_split_channels(dy, groups, i), _split_channels(w, groups, i), g, own)
                               for i in range(groups)], -1)
    multiply = _multiply(dy.dtype)
    everywhere = (slice(None), *g.at((0,) * len(g.kernel)))
    if g.pointwise:
        dx = multiply(dy.reshape(-1, filters), w.reshape(own, filters).T).reshape(*dy.shape[:-1], own)
        if g.outs == g.sizes:
            return dx
        out = np.zeros((batch, *g.sizes, own), dy.dtype)
        out[everywhere] = dx
        return out
    if own <= 4 * _FEW:
        return _narrow_input_gradient(dy, w, g)
    out = blank(batch, own, g, dy.dtype)
    turned = np.ascontiguousarray(w.reshape(-1, own, filters).transpose(0, 2, 1))
    image = prod(g.outs) * (own + filters) * dy.itemsize
    step = max(1, _BUFFER // max(image, 1))
    for a in range(0, batch, step):
        given = dy[a:a + step]
        matrix = np.ascontiguousarray(given).reshape(-1, filters)
        target = out[a:a + step]
        for k, position in enumerate(positions(*map(range, g.kernel))):
            target[(slice(None), *g.at(position))] += multiply(matrix, turned[k]).reshape(*given.shape[:-1], own)
    return unpadded(out, g)


def _narrow_input_gradient(dy: Array, w: Array, g: Geometry) -> Array:
    """`input_gradient` for few channels: with the pixels innermost."""
    batch, (own, filters) = dy.shape[0], w.shape[-2:]
    sizes = [n + max(lo, 0) + max(hi, 0) for n, (lo, hi) in zip(g.sizes, g.pads, strict=True)]
    out = np.zeros((own, batch, *sizes), dy.dtype)
    matrix = np.ascontiguousarray(w.reshape(-1, filters))
    multiply = _multiply(dy.dtype)
    image = prod(g.outs) * (len(matrix) + filters) * dy.itemsize
    step = max(1, _BUFFER // max(image, 1))
    for a in range(0, batch, step):
        given = np.ascontiguousarray(dy[a:a + step])
        columns = multiply(matrix, given.reshape(-1, filters).T).reshape(*g.kernel, own, *given.shape[:-1])
        target = out[:, a:a + step]
        for position in positions(*map(range, g.kernel)):
            target[(slice(None), slice(None), *g.at(position))] += columns[position]
    return unpadded(out.transpose(*range(1, out.ndim), 0), g)


# Depthwise: each channel has filters of its own, `(*kernel, channels, multiplier)`.


def _tiled(w: Array, g: Geometry) -> Array:
    """The weights of each kernel position, repeated along the last spatial dimension, so that runs are long."""
    flat = w.reshape(prod(g.kernel), -1)
    return np.tile(flat, (1, g.outs[-1])).reshape(len(flat), g.outs[-1], *w.shape[-2:])


def _parts(batch: int, g: Geometry, item: int) -> Iterator[slice]:
    step = max(1, (_BUFFER // 2) // max(prod(g.outs) * item, 1))
    for a in range(0, batch, step):
        yield slice(a, min(a + step, batch))


def depthwise(x: Array, w: Array, g: Geometry) -> Array:
    """The depthwise convolution: a multiply-add for each kernel position."""
    channels, multiplier = w.shape[-2:]
    shape = (x.shape[0], *g.outs, channels, multiplier)
    out = np.zeros(shape, x.dtype)
    if out.size and w.size:
        x = padded(x, g)
        weights = _tiled(w, g)
        for part in _parts(x.shape[0], g, channels * multiplier * x.itemsize):
            target = out[part]
            room = np.empty_like(target)
            for k, position in enumerate(positions(*map(range, g.kernel))):
                source = x[(part, *g.at(position))][..., None]
                if k == 0:
                    np.multiply(source, weights[k], out=target)
                else:
                    target += np.multiply(source, weights[k], out=room)
    return out.reshape(*shape[:-2], channels * multiplier)


def depthwise_input_gradient(dy: Array, w: Array, g: Geometry) -> Array:
    """The gradient of `depthwise` for the input."""
    channels, multiplier = w.shape[-2:]
    batch = dy.shape[0]
    out = blank(batch, channels, g, dy.dtype)
    if dy.size and w.size:
        dy = dy.reshape(*dy.shape[:-1], channels, multiplier)
        weights = _tiled(w, g)
        for part in _parts(batch, g, channels * multiplier * dy.itemsize):
            given, target = dy[part], out[part]
            room = np.empty_like(given)
            for k, position in enumerate(positions(*map(range, g.kernel))):
                np.multiply(given, weights[k], out=room)
                target[(slice(None), *g.at(position))] += room[..., 0] if multiplier == 1 else room.sum(-1)
    return unpadded(out, g)


def depthwise_filter_gradient(x: Array, dy: Array, g: Geometry) -> Array:
    """The gradient of `depthwise` for the filter."""
    channels = x.shape[-1]
    multiplier = dy.shape[-1] // max(channels, 1)
    out = np.zeros((*g.kernel, channels, multiplier), x.dtype)
    if x.size and dy.size:
        x = padded(x, g)
        dy = dy.reshape(*dy.shape[:-1], channels, multiplier)
        for part in _parts(len(x), g, channels * multiplier * x.itemsize):
            given = dy[part]
            room = np.empty(given.shape, x.dtype)
            for position in positions(*map(range, g.kernel)):
                np.multiply(x[(part, *g.at(position))][..., None], given, out=room)
                out[position] += room.reshape(-1, channels * multiplier).sum(0).reshape(channels, multiplier)
    return out
