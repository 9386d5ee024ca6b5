"""Kernels of the gamma function's relatives: its logarithm and derivatives, zeta functions, incomplete integrals.

Numbers in comments are formulas of the NIST Digital Library of Mathematical Functions (DLMF).
"""
from __future__ import annotations

from typing import Any

import numpy as np

from . import special_tables as tables
from .special_kernels import Function, horner, piecewise, table

_LOG_ROOT_TAU = 0.9189385332046727
# B_2k / (2k (2k - 1)), k = 8 ... 1 (5.11.1), and B_2k / 2k, k = 8 ... 1 (5.11.2).
_STIRLING = (-3617 / 122400, 1 / 156, -691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12)
_DIGAMMA = (-3617 / 8160, 1 / 12, -691 / 32760, 1 / 132, -1 / 240, 1 / 252, -1 / 120, 1 / 12)


def correction(x: Any) -> Any:
    """What Stirling's formula leaves out of log gamma(x), from x = 10 on."""
    return horner(1 / (x * x), _STIRLING) / x


def _stirling(xp: Any, x: Any) -> Any:
    return (x - 0.5) * (xp.log(x) - 1) + (_LOG_ROOT_TAU - 0.5) + correction(x)


def _lgamma_shifted(xp: Any, x: Any) -> Any:
    product = x * (x + 1)
    for k in range(2, 9):
        product = product * (x + k)
    return _stirling(xp, x + 9) - xp.log(product)


def _lgamma_middle(xp: Any, x: Any) -> Any:
    return (x - 1) * (x - 2) * table(xp, x, tables.LGAMMA)


def _lgamma_positive(xp: Any, x: Any) -> Any:
    return piecewise(
        xp, x,
        (x < 1, lambda xp, x: x * (x - 1) * table(xp, x + 1, tables.LGAMMA) - xp.log(x)),
        ((x >= 1) & (x < 3), _lgamma_middle),
        ((x >= 3) & (x < 12), _lgamma_shifted),
        (x >= 12, _stirling))


def lgamma(xp: Any, x: Any) -> Any:
    """log |gamma(x)|, by reflection (5.5.3) where x is negative."""
    def reflected(xp: Any, x: Any) -> Any:
        sine = xp.abs(xp.sin(np.pi * (x - xp.round(x))))
        value = xp.log(np.pi / sine) - _lgamma_positive(xp, 1 - x)
        return xp.where((x == xp.floor(x)) | (x == 0), xp.inf, value)
    return piecewise(xp, x, (x <= 0, reflected), (x > 0, _lgamma_positive))


def _digamma_positive(xp: Any, x: Any) -> Any:
    def large(xp: Any, x: Any) -> Any:
        r = 1 / (x * x)
        return xp.log(x) - 0.5 / x - r * horner(r, _DIGAMMA)

    def small(xp: Any, x: Any) -> Any:
        shift = 1 / x
        for k in range(1, 10):
            shift = shift + 1 / (x + k)
        return large(xp, x + 10) - shift
    return piecewise(xp, x, (x < 10, small), (x >= 10, large))


def digamma(xp: Any, x: Any) -> Any:
    """The derivative of log gamma(x), by reflection (5.5.4) where x is negative; NaN at the poles."""
    def reflected(xp: Any, x: Any) -> Any:
        part = x - xp.round(x)
        value = _digamma_positive(xp, 1 - x) - np.pi / xp.tan(np.pi * part)
        return xp.where(part == 0, xp.nan, value)
    return piecewise(xp, x, (x <= 0, reflected), (x > 0, _digamma_positive))


# Zeta.

# B_2j / (2j)!, j = 1 ... 12.
_EULER_MACLAURIN = (
    1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600,
    -3617 / 10670622842880000, 43867 / 5109094217170944000, -174611 / 802857662698291200000,
    77683 / 14101100039391805440000, -236364091 / 1693824136731743669452800000)


def _hurwitz(xp: Any, x: Any, q: Any) -> Any:
    """The sum of (q + k)^-x over k >= 0 for x > 1, q > 0: ten terms, then 25.11.28."""
    total = q**-x
    for k in range(1, 10):
        total = total + (q + k) ** -x
    w = q + 10
    power = w**-x
    total = total + power * w / (x - 1) + power / 2
    rising = x * power / w
    tail = rising * _EULER_MACLAURIN[0]
    for j in range(1, 12):
        rising = rising * ((x + (2 * j - 1)) / w) * ((x + 2 * j) / w)
        tail = tail + rising * _EULER_MACLAURIN[j]
    return total + xp.where(xp.isfinite(tail), tail, 0.0)


def zeta(xp: Any, x: Any, q: Any) -> Any:
    """Hurwitz's zeta function; of q < 0 for whole x, by the terms on both sides of 0."""
    floor = xp.floor(q)
    part = q - floor
    sign = xp.where(xp.fmod(x, 2) == 0, 1.0, -1.0)
    safe = xp.where(part > 0, part, 0.5)
    above = xp.where(q > 0, q, safe)
    value = _hurwitz(xp, x, above)
    if xp is not np or (q < 0).any():
        below = sign * (_hurwitz(xp, x, 1 - safe) - _hurwitz(xp, x, xp.where(q < 0, 1 - q, 2.0)))
        value = xp.where(q < 0, xp.where(x == xp.floor(x), value + below, xp.nan), value)
    pole = (q <= 0) & (part == 0)
    value = xp.where(pole, xp.where((xp.fmod(x, 2) == 0) | xp.isinf(x), xp.inf, xp.nan), value)
    value = xp.where(xp.isposinf(q) & (x > 1), 0.0, value)
    value = xp.where(x == 1, xp.inf, value)
    return xp.where((x < 1) | xp.isnan(x) | (xp.isnan(q) & (x != 1)), xp.nan, value)


_FACTORIALS = np.cumprod(np.arange(171, dtype=np.float64).clip(1))


def polygamma(xp: Any, n: Any, x: Any) -> Any:
    """The derivative of order n of digamma (5.15.1 and 25.11.12)."""
    whole = (n == xp.floor(n)) & (n >= 0)
    index = xp.where(whole, xp.clip(n, 0, 170), 0).astype(np.int32)
    factorial = xp.where(n > 170, xp.inf, xp.asarray(_FACTORIALS, x.dtype)[index])
    sign = xp.where(xp.fmod(n, 2) == 0, -1.0, 1.0)
    value = sign * factorial * zeta(xp, n + 1, x)
    return xp.where(n == 0, digamma(xp, x), xp.where(whole, value, xp.nan))


# Incomplete integrals. These run under NumPy only: XLA has its own.

_STEPS = 20000
_EPSILON = 1e-16
_TINY = 1e-300


def _gamma_density(a: Any, x: Any) -> Any:
    """x^a exp(-x) / gamma(a + 1)."""
    def small(a: Any, x: Any) -> Any:
        return np.exp(a * np.log(x) - x - lgamma(np, a + 1))

    def large(a: Any, x: Any) -> Any:
        # Around the maximum, where the plain formula loses digits (Loader 2000, "Fast and accurate computation of
        # binomial probabilities").
        m = (x - a) / a
        return np.exp(-a * (m - np.log1p(m)) - correction(a)) / np.sqrt(2 * np.pi * a)
    out = np.empty_like(x)
    near = (a >= 10) & (np.abs(x - a) < a / 2)
    for mask, f in ((~near, small), (near, large)):
        if mask.any():
            out[mask] = f(a[mask], x[mask])
    return out


def _settled(step: Any) -> Any:
    """A factor of a continued fraction, exactly 1 once it is so but for rounding errors, which would add up."""
    step[np.abs(step - 1) <= 3e-16] = 1
    return step


def _lower(a: Any, x: Any) -> Any:
    """P(a, x) by its series (8.11.4)."""
    term = np.ones_like(x)
    total = np.ones_like(x)
    for n in range(1, _STEPS):
        term *= x / (a + n)
        total += term
        if (term <= _EPSILON * total).all():
            break
    return total * _gamma_density(a, x)


def _upper(a: Any, x: Any) -> Any:
    """Q(a, x) by its continued fraction (8.9.2), from front to back (Lentz 1976)."""
    b = x + 1 - a
    c = np.full_like(x, 1 / _TINY)
    d = 1 / b
    h = d.copy()
    for n in range(1, _STEPS):
        factor = n * (a - n)
        b += 2
        d = factor * d + b
        d[np.abs(d) < _TINY] = _TINY
        c = b + factor / c
        c[np.abs(c) < _TINY] = _TINY
        d = 1 / d
        step = _settled(c * d)
        h *= step
        if (step == 1).all():
            break
    return h * _gamma_density(a, x) * a


def igamma(upper: bool) -> Function:
    """The regularised incomplete gamma function P(a, x), or Q(a, x)."""
    def flat(a: Any, x: Any) -> Any:
        out = np.full_like(x, np.nan)
        valid = (a > 0) & (x >= 0)
        at_zero = x == 0
        out[at_zero if not upper else at_zero & (a > 0)] = float(upper)
        out[valid & np.isinf(x)] = float(not upper)
        out[valid & np.isinf(a) & np.isfinite(x)] = float(upper)
        inside = valid & (x > 0) & np.isfinite(x) & np.isfinite(a)
        series = (x <= 1) | (x <= a)
        for mask, f, is_upper in ((inside & series, _lower, False), (inside & ~series, _upper, True)):
            if mask.any():
                value = f(a[mask], x[mask])
                out[mask] = value if is_upper == upper else 1 - value
        return out
    return lambda a, x: _on_flat(flat, a, x)


def _on_flat(f: Any, *arrays: Any) -> Any:
    """Calls f with flat float64 arrays of one length; the result gets their common shape and dtype back."""
    shape = np.broadcast_shapes(*(v.shape for v in arrays))
    flat = [np.broadcast_to(v, shape).reshape(-1).astype(np.float64) for v in arrays]
    return f(*flat).reshape(shape).astype(arrays[0].dtype)


def igamma_grad_a(a: Any, x: Any) -> Any:
    """The derivative of P(a, x) by a: minus that of the variate at a fixed probability, times the density."""
    from .gamma_gradient import random_gamma_grad

    def flat(a: Any, x: Any) -> Any:
        out = np.zeros_like(x)
        invalid = (x != 0) & ~((a > 0) & (x > 0))
        inside = (a > 0) & (x > 0) & np.isfinite(a) & np.isfinite(x)
        density = _gamma_density(a[inside], x[inside]) * a[inside] / x[inside]
        slope = random_gamma_grad.kernel(np, a[inside], x[inside])
        out[inside] = np.where(density == 0, 0, -density * slope)
        out[invalid] = np.nan
        return out
    return _on_flat(flat, a, x)


def _beta_density(a: Any, b: Any, x: Any) -> Any:
    """x^a (1 - x)^b / B(a, b)."""
    def small(a: Any, b: Any, x: Any) -> Any:
        beta = lgamma(np, a) + lgamma(np, b) - lgamma(np, a + b)
        return np.exp(a * np.log(x) + b * np.log1p(-x) - beta)

    def large(a: Any, b: Any, x: Any) -> Any:
        n = a + b
        off = (x - a / n)
        power = a * np.log1p(off * n / a) + b * np.log1p(-off * n / b)
        return np.sqrt(a * b / (2 * np.pi * n)) * np.exp(power + correction(n) - correction(a) - correction(b))
    out = np.empty_like(x)
    mean = a / (a + b)
    near = (a >= 10) & (b >= 10) & (np.abs(x - mean) < np.minimum(mean, 1 - mean) / 2)
    for mask, f in ((~near, small), (near, large)):
        if mask.any():
            out[mask] = f(a[mask], b[mask], x[mask])
    return out


def _beta_fraction(a: Any, b: Any, x: Any) -> Any:
    """The continued fraction of the incomplete beta function (8.17.22), from front to back (Lentz 1976)."""
    c = np.ones_like(x)
    d = 1 - (a + b) * x / (a + 1)
    d[np.abs(d) < _TINY] = _TINY
    d = 1 / d
    h = d.copy()
    for m in range(1, _STEPS):
        for factor in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                       -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 + factor * d
            d[np.abs(d) < _TINY] = _TINY
            c = 1 + factor / c
            c[np.abs(c) < _TINY] = _TINY
            d = 1 / d
            step = _settled(c * d)
            h *= step
        if (step == 1).all():
            break
    return h


def betainc(a: Any, b: Any, x: Any) -> Any:
    """The regularised incomplete beta function, on flat float64 arrays."""
    def flat(a: Any, b: Any, x: Any) -> Any:
        out = np.full_like(x, np.nan)
        bad = (a <= 0) | (b <= 0)
        out[(x == 0) & ~bad] = 0
        out[(x == 1) & ~bad] = 1
        inside = (x > 0) & (x < 1) & (a > 0) & (b > 0) & np.isfinite(a) & np.isfinite(b)
        a, b, x = a[inside], b[inside], x[inside]
        swap = x > (a + 1) / (a + b + 2)
        p, q, y = np.where(swap, b, a), np.where(swap, a, b), np.where(swap, 1 - x, x)
        value = _beta_density(a, b, x) * _beta_fraction(p, q, y) / p if x.size else x
        out[inside] = np.where(swap, 1 - value, value)
        return out
    return _on_flat(flat, a, b, x)
