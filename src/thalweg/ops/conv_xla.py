"""Convolution for XLA, for channels last and any number of spatial dimensions.

XLA:CPU is fast or slow by how a convolution is said, so each shape is said in the way that was measured to be fast; what
falls under no rule is `lax.conv_general_dilated` and its derivatives.
"""
from __future__ import annotations

from itertools import product as positions
from math import prod
from typing import Any

from .windows import Geometry


def _numbers(rank: int) -> tuple[str, str, str]:
    spatial = "DHW"[-rank:]
    return f"N{spatial}C", f"{spatial}IO", f"N{spatial}C"


def _cut_pads(g: Geometry) -> list[tuple[int, int]]:
    return [(lo, max(hi, 0)) for lo, hi in g.pads]


def _slices(x: Any, g: Geometry, position: tuple[int, ...]) -> Any:
    return x[(slice(None), *g.at(position))]


def pad(x: Any, g: Geometry, value: Any = 0) -> Any:
    """The input with a margin as far as the windows reach."""
    if not g.padded:
        return x
    from jax import lax
    sides = [(max(lo, 0), max(hi, 0), 0) for lo, hi in g.pads]
    return lax.pad(x, x.dtype.type(value), [(0, 0, 0), *sides, (0, 0, 0)])


def spread(dx: Any, g: Geometry, position: tuple[int, ...]) -> Any:
    """What one kernel position adds to the gradient of the input: its outputs where their windows lie, else zeros."""
    from jax import lax
    config = [(0, 0, 0)]
    for p, d, s, n, out, (lo, _) in zip(position, g.dilations, g.strides, g.sizes, g.outs, g.pads, strict=True):
        start = p * d - lo
        config.append((start, n - start - ((out - 1) * s + 1), s - 1))
    return lax.pad(dx, dx.dtype.type(0), [*config, (0, 0, 0)])


def _conv(x: Any, w: Any, g: Geometry, groups: int) -> Any:
    from jax import lax
    return lax.conv_general_dilated(x, w, g.strides, _cut_pads(g), rhs_dilation=g.dilations,
                                    dimension_numbers=_numbers(len(g.kernel)), feature_group_count=groups,
                                    preferred_element_type=x.dtype)


def _dot(a: Any, b: Any) -> Any:
    import jax.numpy as jnp
    return jnp.matmul(a, b, preferred_element_type=a.dtype)


def _empty(x: Any, w: Any, g: Geometry) -> bool:
    return 0 in (*x.shape, *w.shape, *g.outs)


def forward(x: Any, w: Any, g: Geometry) -> Any:
    """The convolution of `(batch, *sizes, channels)` with `(*kernel, channels / groups, filters)`."""
    import jax.numpy as jnp
    if _empty(x, w, g):
        return jnp.zeros((x.shape[0], *g.outs, w.shape[-1]), x.dtype)
    groups = x.shape[-1] // w.shape[-2]
    if groups > 1 and w.shape[-2] == 1:
        return depthwise(x, w.reshape(*g.kernel, groups, -1), g)
    if groups == 1 and g.pointwise:
        inner = _slices(x, g, (0,) * len(g.kernel))
        return _dot(inner, w.reshape(w.shape[-2:]))
    if groups == 1 and x.shape[-1] == 1 and prod(g.kernel) <= 32:
        x = pad(x, g)
        total = None
        for position in positions(*map(range, g.kernel)):
            term = _slices(x, g, position) * w[position][0]
            total = term if total is None else total + term
        return total
    return _conv(x, w, g, groups)


def filter_gradient(x: Any, dy: Any, g: Geometry, groups: int) -> Any:
    """The gradient of `forward` for the filter."""
    import jax
    import jax.numpy as jnp
    channels = x.shape[-1] // max(groups, 1)
    shape = (*g.kernel, channels, dy.shape[-1])
    if 0 in (*x.shape, *dy.shape, *shape):
        return jnp.zeros(shape, x.dtype)
    if groups > 1 and channels == 1 and prod(g.strides) > 1:
        return depthwise_filter_gradient(x, dy, g).reshape(shape)
    if groups == 1 and g.pointwise:
        inner = _slices(x, g, (0,) * len(g.kernel)).reshape(-1, channels)
        return _dot(inner.T, dy.reshape(-1, dy.shape[-1])).reshape(shape)
    zeros = jnp.zeros(shape, x.dtype)
    return jax.vjp(lambda w: _conv(x, w, g, groups), zeros)[1](dy)[0]


def _by_columns(g: Geometry, own: int) -> bool:
    """Whether the gradient for the input is fastest as one product and a sum of padded pieces."""
    if prod(g.strides) > 1:
        return prod(g.kernel) <= 9
    return not g.padded and (prod(g.sizes) <= 32 * 32 or own == 1) and prod(g.kernel) <= 9


def input_gradient(dy: Any, w: Any, g: Geometry, channels: int) -> Any:
    """The gradient of `forward` for the input."""
    import jax
    import jax.numpy as jnp
    own, filters = w.shape[-2:]
    shape = (dy.shape[0], *g.sizes, channels)
    if 0 in (*dy.shape, *w.shape, *shape):
        return jnp.zeros(shape, dy.dtype)
    groups = channels // own
    if groups > 1 and own == 1:
        return depthwise_input_gradient(dy, w.reshape(*g.kernel, groups, -1), g)
    if groups == 1 and (g.pointwise or _by_columns(g, own)):
        columns = _dot(dy.reshape(-1, filters), w.reshape(-1, filters).T)
        columns = columns.reshape(*dy.shape[:-1], *g.kernel, own)
        total = None
        for position in positions(*map(range, g.kernel)):
            at = (slice(None),) * (len(g.kernel) + 1)
            term = spread(columns[(*at, *position)], g, position)
            total = term if total is None else total + term
        return total
    zeros = jnp.zeros(shape, dy.dtype)
    return jax.vjp(lambda x: _conv(x, w, g, groups), zeros)[1](dy)[0]


# Depthwise: each channel has filters of its own, `(*kernel, channels, multiplier)`.


def depthwise(x: Any, w: Any, g: Geometry) -> Any:
    """The depthwise convolution: a multiply-add for each kernel position."""
    import jax.numpy as jnp
    channels, multiplier = w.shape[-2:]
    if _empty(x, w, g):
        return jnp.zeros((x.shape[0], *g.outs, channels * multiplier), x.dtype)
    x = pad(x, g)
    if multiplier > 1:
        x = jnp.repeat(x, multiplier, axis=-1)
    flat = w.reshape(*g.kernel, -1)
    total = None
    for position in positions(*map(range, g.kernel)):
        term = _slices(x, g, position) * flat[position]
        total = term if total is None else total + term
    return total


def depthwise_input_gradient(dy: Any, w: Any, g: Geometry) -> Any:
    """The gradient of `depthwise` for the input: a sum of padded pieces."""
    import jax.numpy as jnp
    channels, multiplier = w.shape[-2:]
    if 0 in (*dy.shape, *w.shape):
        return jnp.zeros((dy.shape[0], *g.sizes, channels), dy.dtype)
    flat = w.reshape(*g.kernel, -1)
    total = None
    for position in positions(*map(range, g.kernel)):
        term = spread(dy * flat[position], g, position)
        total = term if total is None else total + term
    if multiplier == 1:
        return total
    assert total is not None
    return total.reshape(*total.shape[:-1], channels, multiplier).sum(-1)


def depthwise_filter_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    """The gradient of `depthwise` for the filter: a sum for each kernel position."""
    import jax.numpy as jnp
    channels = x.shape[-1]
    multiplier = dy.shape[-1] // max(channels, 1)
    shape = (*g.kernel, channels, multiplier)
    if 0 in (*x.shape, *dy.shape, *shape):
        return jnp.zeros(shape, x.dtype)
    x = pad(x, g)
    if multiplier > 1:
        x = jnp.repeat(x, multiplier, axis=-1)
    axes = tuple(range(dy.ndim - 1))
    parts = [(_slices(x, g, p) * dy).sum(axes) for p in positions(*map(range, g.kernel))]
    return jnp.stack(parts).reshape(shape)
