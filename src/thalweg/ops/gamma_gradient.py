"""How a gamma variate changes with its shape parameter.

The variate at a fixed probability is an implicit function of the parameter, and its derivative is minus that of the
distribution function by the parameter, over the density (Figurnov, Mohamed and Mnih, "Implicit reparameterization
gradients", NeurIPS 2018). Both the series and the continued fraction of the incomplete gamma function are
differentiated term by term (Moore, "Algorithm AS 187", 1982).
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core.dispatch import apply
from ..core.opdef import get_op, op
from .arithmetic import mul
from .common import binary, broadcast
from .philox import Array

_STEPS = 2000
_PRECISION = 1e-15
_HUGE = 1e200


def _digamma(x: Array) -> Array:
    """The logarithmic derivative of the gamma function for positive float64: the recurrence, then its expansion."""
    shift = np.zeros_like(x)
    x = np.array(x)
    while len(low := np.flatnonzero(x < 10)):
        shift[low] -= 1 / x[low]
        x[low] += 1
    r = 1 / (x * x)
    tail = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132)))))
    return shift + np.log(x) - 0.5 / x - tail


def _from_series(a: Array, x: Array) -> Array:
    """The derivative of a variate `x` (flat float64) that is not above its parameter."""
    term, slope = np.ones_like(x), np.zeros_like(x)
    total, total_slope = np.ones_like(x), np.zeros_like(x)
    for n in range(1, _STEPS):
        factor = x / (a + n)
        slope = factor * (slope - term / (a + n))
        term = factor * term
        total += term
        total_slope += slope
        if np.all(np.abs(slope) <= _PRECISION * np.abs(total_slope)):
            break
    return -x / a * (total * (np.log(x) - _digamma(a + 1)) + total_slope)


def _from_fraction(a: Array, x: Array) -> Array:
    """The derivative of a variate `x` (flat float64) above its parameter, from convergents and their slopes."""
    z = x - a + 2
    old = [np.ones_like(x), x.copy(), np.zeros_like(x), np.zeros_like(x)]  # numerator, denominator, and their slopes
    new = [x + 1, z * x, np.zeros_like(x), -x]
    value = new[0] / new[1]
    slope = -value * new[3] / new[1]
    for n in range(1, _STEPS):
        y, z = n + 1 - a, z + 2
        p, q = (new[i] * z - old[i] * (y * n) for i in range(2))
        dp, dq = (new[i + 2] * z - new[i] - old[i + 2] * (y * n) + old[i] * n for i in range(2))
        old, new = new, [p, q, dp, dq]
        before = slope
        value = p / q
        slope = (dp - value * dq) / q
        if np.all(np.abs(slope - before) <= _PRECISION * np.abs(slope)):
            break
        scale = np.where(np.abs(p) > _HUGE, 1 / _HUGE, 1.0)
        old, new = [v * scale for v in old], [v * scale for v in new]
    return x * (value * (np.log(x) - _digamma(a)) + slope)


@op("RandomGammaGrad", "alpha: T, sample: T -> output: T", attrs="T: {float, double}", infer=broadcast, host=True)
def random_gamma_grad(xp: Any, alpha: Array, sample: Array) -> Array:
    """The derivative of gamma variates of scale 1 by their shape parameter; 0 for the variate 0."""
    shape = np.broadcast_shapes(alpha.shape, sample.shape)
    a, x = (np.broadcast_to(v, shape).reshape(-1).astype(np.float64) for v in (alpha, sample))
    out = np.full(len(x), np.nan)
    valid = (a > 0) & (x > 0)
    out[x == 0] = 0
    for f, chosen in ((_from_fraction, valid & (x > 1) & (x > a)), (_from_series, valid & ~((x > 1) & (x > a)))):
        if chosen.any():
            out[chosen] = f(a[chosen], x[chosen])
    return out.reshape(shape).astype(sample.dtype)


def alpha_gradient(op: Any, index: int, dy: Any) -> Any:
    """The gradient of gamma draws for their shape parameter, input `index` of the op."""
    alpha, sample = op.inputs[index], op.outputs[0]
    slope = apply(random_gamma_grad, (alpha, sample))
    axes = tuple(range(sample.shape.rank - alpha.shape.rank))
    return apply(get_op("Sum"), (binary(mul, dy, slope), axes), {"keep_dims": False})
