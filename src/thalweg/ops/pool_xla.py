"""Pooling for XLA, for channels last and any number of spatial dimensions.

XLA:CPU runs `reduce_window` and its gradient element by element, so pooling is said with slices and masks.
"""
from __future__ import annotations

from itertools import product as positions
from math import prod
from typing import Any

import numpy as np

from .conv_numpy import padded
from .conv_xla import pad, spread
from .pool_numpy import counts, inside, lowest
from .windows import Geometry

_MANY = 64
"""From so many window elements on, a loop inside XLA is better than that many operations."""


def _slices(x: Any, g: Geometry) -> list[Any]:
    return [x[(slice(None), *g.at(p))] for p in positions(*map(range, g.kernel))]


def _margin(x: Any, g: Geometry, value: Any) -> Any:
    return pad(x, g, value)


def _reduce_window(x: Any, g: Geometry, value: Any, combine: Any) -> Any:
    from jax import lax
    return lax.reduce_window(x, x.dtype.type(value), combine, (1, *g.kernel, 1), (1, *g.strides, 1),
                             [(0, 0), *[(max(lo, 0), max(hi, 0)) for lo, hi in g.pads], (0, 0)])


def maximum(x: Any, g: Geometry) -> Any:
    """The largest element of each window."""
    import jax.numpy as jnp
    from jax import lax
    if 0 in g.outs:
        return jnp.zeros((x.shape[0], *g.outs, x.shape[-1]), x.dtype)
    low = lowest(np.dtype(x.dtype))
    if prod(g.kernel) > _MANY:
        return _reduce_window(x, g, low, lax.max)
    out = None
    for part in _slices(_margin(x, g, low), g):
        out = part if out is None else jnp.maximum(out, part)
    return out


def _winner(x: Any, y: Any, g: Geometry) -> Any:
    """The number of the first kernel position whose element is the largest."""
    import jax.numpy as jnp
    parts = _slices(_margin(x, g, lowest(np.dtype(x.dtype))), g)
    winner = jnp.full(y.shape, len(parts), jnp.int32)
    for k in reversed(range(len(parts))):
        winner = jnp.where(parts[k] == y, k, winner)
    return winner


def max_gradient(x: Any, y: Any, dy: Any, g: Geometry, to_all: bool = False) -> Any:
    """The gradient of `maximum`: all of it goes to the first of the largest elements, or all of it to each."""
    import jax.numpy as jnp
    if 0 in y.shape:
        return jnp.zeros_like(x)
    zero = dy.dtype.type(0)
    if to_all:
        parts = _slices(_margin(x, g, lowest(np.dtype(x.dtype))), g)
        terms = [jnp.where(part == y, dy, zero) for part in parts]
        return sum(spread(t, g, p) for t, p in zip(terms, positions(*map(range, g.kernel)), strict=True))
    winner = _winner(x, y, g)
    if g.kernel == g.strides:
        return _tiled(jnp.where(_between(winner, g) == _numbers(g), _between(dy, g), zero), g)
    total = None
    for k, position in enumerate(positions(*map(range, g.kernel))):
        term = spread(jnp.where(winner == k, dy, zero), g, position)
        total = term if total is None else total + term
    return total


def _between(x: Any, g: Geometry) -> Any:
    """`(batch, out, 1, out, 1, ..., channels)`, to be broadcast over the elements of windows."""
    shape = [x.shape[0]]
    for o in g.outs:
        shape += [o, 1]
    return x.reshape(*shape, x.shape[-1])


def _numbers(g: Geometry) -> Any:
    """The numbers of the kernel positions, in the shape of `_between`."""
    shape = [1]
    for k in g.kernel:
        shape += [1, k]
    return np.arange(prod(g.kernel), dtype=np.int32).reshape(*shape, 1)


def _tiled(x: Any, g: Geometry) -> Any:
    """Windows that tile the input, put in their places."""
    from jax import lax
    x = x.reshape(x.shape[0], *[o * k for o, k in zip(g.outs, g.kernel, strict=True)], x.shape[-1])
    edges = [(-max(lo, 0), n + max(lo, 0) - o * k, 0)
             for n, k, o, (lo, _) in zip(g.sizes, g.kernel, g.outs, g.pads, strict=True)]
    return lax.pad(x, x.dtype.type(0), [(0, 0, 0), *edges, (0, 0, 0)]) if any(a or b for a, b, _ in edges) else x


def max_second_gradient(x: Any, y: Any, ddx: Any, g: Geometry) -> Any:
    """The gradient of `max_gradient`: the elements of `ddx` where the largest elements are."""
    import jax.numpy as jnp
    out = jnp.zeros_like(y)
    if 0 in y.shape:
        return out
    winner = _winner(x, y, g)
    for k, part in enumerate(_slices(_margin(ddx, g, 0), g)):
        out = jnp.where(winner == k, part, out)
    return out


def arg_maximum(x: Any, g: Geometry) -> tuple[Any, Any]:
    """The largest elements, and their places in the flattened image."""
    import jax.numpy as jnp
    y = maximum(x, g)
    source = _margin(x, g, lowest(np.dtype(x.dtype)))
    places = padded(np.arange(prod(g.sizes) * x.shape[-1]).reshape(1, *g.sizes, x.shape[-1]), g)
    out = jnp.zeros(y.shape, jnp.int64)
    if 0 in y.shape:
        return y, out
    for position in reversed(list(positions(*map(range, g.kernel)))):
        at = (slice(None), *g.at(position))
        where = inside(g, position)
        mask = source[at] == y if where is None else (source[at] == y) & where
        out = jnp.where(mask, places[at], out)
    return y, out


def _shares(g: Geometry, dtype: Any) -> Any:
    if not g.padded:
        return dtype.type(1 / prod(g.kernel))
    return (1 / counts(g, np.float64)).astype(dtype)


def average(x: Any, g: Geometry) -> Any:
    """The mean of each window; what lies outside does not count."""
    import jax.numpy as jnp
    from jax import lax
    if 0 in g.outs:
        return jnp.zeros((x.shape[0], *g.outs, x.shape[-1]), x.dtype)
    if prod(g.kernel) > _MANY:
        if not g.padded and set(g.outs) == {1}:
            axes = tuple(range(1, x.ndim - 1))
            return x[(slice(None), *[slice(0, k) for k in g.kernel])].mean(axes, keepdims=True)
        return _reduce_window(x, g, 0, lax.add) * _shares(g, np.dtype(x.dtype))
    total = None
    for part in _slices(_margin(x, g, 0), g):
        total = part if total is None else total + part
    return total * _shares(g, np.dtype(x.dtype))


def average_gradient(dy: Any, g: Geometry) -> Any:
    """The gradient of `average`."""
    import jax
    import jax.numpy as jnp
    from jax import lax
    shape = (dy.shape[0], *g.sizes, dy.shape[-1])
    if 0 in dy.shape:
        return jnp.zeros(shape, dy.dtype)
    share = dy * _shares(g, np.dtype(dy.dtype))
    if g.kernel == g.strides:
        inner = _between(share, g)
        whole = [dy.shape[0]]
        for o, k in zip(g.outs, g.kernel, strict=True):
            whole += [o, k]
        return _tiled(jnp.broadcast_to(inner, (*whole, dy.shape[-1])), g)
    if prod(g.kernel) > _MANY:
        zeros = jnp.zeros(shape, dy.dtype)
        return jax.vjp(lambda x: _reduce_window(x, g, 0, lax.add), zeros)[1](share)[0]
    total = None
    for position in positions(*map(range, g.kernel)):
        term = spread(share, g, position)
        total = term if total is None else total + term
    return total
