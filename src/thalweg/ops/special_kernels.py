"""Kernels of the special functions of one variable: error functions, Bessel functions, integrals.

Each function is cut where its character changes. What is smooth there is a polynomial of `special_tables`, which
tools/special_tables.py makes; what is not (zeros, growth, logarithms) is taken from the formulas named below, by their
numbers in the NIST Digital Library of Mathematical Functions. All is computed in double precision under NumPy.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from . import special_tables as tables

Function = Callable[[Any, Any], Any]
Piece = tuple[float, float, tuple[float, ...]]

_BLOCK = 16384
_EULER = 0.5772156649015329


def smooth(kernel: Function) -> Function:
    """A kernel on flat double-precision arrays, made one for arrays of any shape and floating type."""
    def run(xp: Any, x: Any) -> Any:
        if xp is not np:
            wide = x if x.dtype.itemsize > 2 else x.astype(np.float32)
            return kernel(xp, wide).astype(x.dtype)
        flat = x.reshape(-1)
        out = np.empty_like(flat)
        for start in range(0, flat.size, _BLOCK):  # blocks, so that intermediate results stay in the cache
            block = slice(start, start + _BLOCK)
            out[block] = kernel(np, flat[block].astype(np.float64))
        return out.reshape(x.shape)
    return run


def piecewise(xp: Any, x: Any, *cases: tuple[Any, Function]) -> Any:
    """Where a mask holds, its function; NaN elsewhere. The masks exclude each other."""
    if xp is np:
        out = np.full(x.shape, np.nan, x.dtype)
        for mask, f in cases:
            chosen = x[mask]
            if chosen.size:
                out[mask] = f(np, chosen)
        return out
    out = xp.full(x.shape, xp.nan, x.dtype)
    for mask, f in cases:
        out = xp.where(mask, f(xp, x), out)
    return out


def constant(value: float) -> Function:
    """The function that is the same everywhere."""
    return lambda xp, x: xp.full_like(x, value)


def horner(t: Any, coefficients: Sequence[float]) -> Any:
    """A polynomial, highest power first."""
    total = t * coefficients[0]
    for c in coefficients[1:-1]:
        total += c
        total *= t
    total += coefficients[-1]
    return total


def table(xp: Any, u: Any, pieces: Sequence[Piece]) -> Any:
    """A tabulated function: `u` lies in one of the pieces."""
    def at(piece: Piece) -> Function:
        middle, scale, coefficients = piece
        return lambda _, v: horner((v - middle) * scale, coefficients)
    if len(pieces) == 1:
        return at(pieces[0])(xp, u)
    starts = [middle - 1 / scale for middle, scale, _ in pieces]
    cases = []
    for i, piece in enumerate(pieces):
        mask = u < starts[i + 1] if i + 1 < len(pieces) else u >= starts[i]
        cases.append((mask & (u >= starts[i]) if 0 < i < len(pieces) - 1 else mask, at(piece)))
    return piecewise(xp, u, *cases)


# Error functions.


def _minus_square(xp: Any, x: Any) -> Any:
    """exp(-x^2), with the rounding error of the square made good."""
    if xp is not np:
        return xp.exp(-x * x)
    near = x.astype(np.float32).astype(np.float64)
    return np.exp(-near * near) * np.exp((near - x) * (near + x))


def _erfc_above_one(xp: Any, x: Any) -> Any:
    return piecewise(
        xp, x,
        (x < 4, lambda xp, x: _minus_square(xp, x) * table(xp, x, tables.ERFC)),
        ((x >= 4) & (x < 28), lambda xp, x: _minus_square(xp, x) / x * table(xp, 1 / (x * x), tables.ERFC_TAIL)),
        (x >= 28, constant(0)))


def _erf_below_one(xp: Any, x: Any) -> Any:
    return x * table(xp, x * x, tables.ERF)


def erf(xp: Any, x: Any) -> Any:
    """DLMF 7.2.1."""
    size = xp.abs(x)
    return piecewise(xp, x, (size < 1, _erf_below_one),
                     (size >= 1, lambda xp, x: xp.sign(x) * (1 - _erfc_above_one(xp, xp.abs(x)))))


def erf_single(x: Any) -> Any:
    """erf in single precision, on a flat float32 array."""
    above, below = tables.ERF_SINGLE
    out = np.empty_like(x)
    for start in range(0, x.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        near = np.clip(x[block], -3.92, 3.92)  # beyond it erf is 1 to the last bit
        u = near * near
        near *= horner(u, above)
        near /= horner(u, below)
        np.clip(near, -1, 1, out=out[block])
    return out


def erfc(xp: Any, x: Any) -> Any:
    """DLMF 7.2.2."""
    return piecewise(xp, x, (xp.abs(x) < 1, lambda xp, x: 1 - _erf_below_one(xp, x)), (x >= 1, _erfc_above_one),
                     (x <= -1, lambda xp, x: 2 - _erfc_above_one(xp, -x)))


def _quantile(xp: Any, offset: Any, tail: Any) -> Any:
    """The normal quantile of 1/2 + offset, where `tail` is the probability beyond it on the nearer side.

    Cut as in Wichura, "Algorithm AS 241", Applied Statistics 37 (1988).
    """
    def far(xp: Any, p: Any) -> Any:
        return table(xp, xp.sqrt(-xp.log(p)), tables.NDTRI_TAIL)
    size = xp.abs(offset)
    out = piecewise(xp, size, (size <= 0.425, lambda xp, q: q * table(xp, q * q, tables.NDTRI)))
    beyond = piecewise(xp, tail, ((tail > 0) & (tail < 0.0751), far), (tail == 0, constant(np.inf)))
    return xp.sign(offset) * xp.where(size <= 0.425, out, beyond)


def ndtri(xp: Any, p: Any) -> Any:
    """The quantile of the standard normal distribution."""
    return _quantile(xp, p - 0.5, xp.minimum(p, 1 - p))


def erfinv(xp: Any, x: Any) -> Any:
    """The inverse of erf."""
    return _quantile(xp, x / 2, (1 - xp.abs(x)) / 2) * 0.7071067811865476


# Bessel functions.


def _series(order: int, count: int, extra: Callable[[int], float] = lambda k: 1.0) -> tuple[float, ...]:
    """The coefficients of sum extra(k) u^k / (k! (k + order)!), highest first (DLMF 10.25.2)."""
    found, term = [], 1.0
    for k in range(count):
        found.append(term * extra(k))
        term /= (k + 1) * (k + 1 + order)
    return tuple(reversed(found))


_I_SERIES = (_series(0, 26), _series(1, 26))
_I_TABLES = (tables.I0, tables.I1)
_K_TABLES = (tables.K0, tables.K1)


def _harmonic(k: int) -> float:
    return sum(1 / j for j in range(1, k + 1))


# DLMF 10.31.2 and 10.31.1, without their logarithms.
_K_SERIES = (_series(0, 12, _harmonic), _series(1, 12, lambda k: _harmonic(k) + _harmonic(k + 1)))


def _small_i(order: int, x: Any) -> Any:
    u = x * x / 4
    return horner(u, _I_SERIES[order]) * (x / 2 if order else 1)


def _large(xp: Any, x: Any, pieces: Sequence[Piece]) -> Any:
    return table(xp, 1 / x, pieces) / xp.sqrt(x)


def bessel_i(order: int, scaled: bool) -> Function:
    """I0 or I1, also times exp(-|x|)."""
    def of(xp: Any, x: Any) -> Any:
        size = xp.abs(x)

        def small(xp: Any, s: Any) -> Any:
            value = _small_i(order, s)
            return value * xp.exp(-s) if scaled else value

        def large(xp: Any, s: Any) -> Any:
            value = _large(xp, s, _I_TABLES[order])
            half = xp.exp(s / 2)  # in two steps, since exp(x) is infinite a little before the function is
            return value if scaled else value * half * half
        out = piecewise(xp, size, (size < 8, small), (size >= 8, large))
        return out * xp.sign(x) if order else out
    return of


def bessel_k(order: int, scaled: bool) -> Function:
    """K0 or K1, also times exp(x); infinite where x is not positive."""
    def of(xp: Any, x: Any) -> Any:
        def small(xp: Any, x: Any) -> Any:
            u = x * x / 4
            log = xp.log(x / 2) + _EULER
            if order == 0:
                value = horner(u, _K_SERIES[0]) - log * _small_i(0, x)
            else:
                value = 1 / x + log * _small_i(1, x) - x / 4 * horner(u, _K_SERIES[1])
            return value * xp.exp(x) if scaled else value

        def large(xp: Any, x: Any) -> Any:
            value = _large(xp, x, _K_TABLES[order])
            return value if scaled else value * xp.exp(-x)
        return piecewise(xp, x, (x <= 0, constant(np.inf)),
                         ((x > 0) & (x < 1), small), (x >= 1, large))
    return of


_J = ((tables.J0_0, tables.J0_1), (tables.J1_0, tables.J1_1))
_J_ZEROS = (tables.J0_ZEROS, tables.J1_ZEROS)
_J_CUTS = (4, 5)
_P = (tables.P0, tables.P1)
_Q = (tables.Q0, tables.Q1)
_Y = (tables.Y0, tables.Y1)
_ROOT_INVERSE_PI = 0.5641895835477563


def _small_j(order: int, x: Any, xp: Any) -> Any:
    """J0 or J1 up to 8, exact also where it is 0."""
    def near(i: int) -> Function:
        high, low = _J_ZEROS[order][i]

        def f(xp: Any, x: Any) -> Any:
            value = ((x - high) - low) * (x + high) * table(xp, x * x, _J[order][i])
            return value * x if order else value
        return f
    cut = _J_CUTS[order]
    return piecewise(xp, x, (x < cut, near(0)), (x >= cut, near(1)))


def _waves(order: int, xp: Any, x: Any) -> tuple[Any, Any]:
    """J and Y from 8 on, by their asymptotic form (DLMF 10.17.3 and 10.17.4)."""
    w = 64 / (x * x)
    p, q = table(xp, w, _P[order]), table(xp, w, _Q[order]) / x
    s, c = xp.sin(x), xp.cos(x)
    # cos(x - pi/4) and sin(x - pi/4) times the root of 2; for order 1 a quarter turn further.
    a, b = (s + c, s - c) if order == 0 else (s - c, -s - c)
    scale = _ROOT_INVERSE_PI / xp.sqrt(x)
    return scale * (p * a - q * b), scale * (p * b + q * a)


def bessel_j(order: int) -> Function:
    """J0 or J1."""
    def of(xp: Any, x: Any) -> Any:
        size = xp.abs(x)
        out = piecewise(xp, size, (size < 8, lambda xp, s: _small_j(order, s, xp)),
                        (size >= 8, lambda xp, s: _waves(order, xp, s)[0]))
        return out * xp.sign(x) if order else out
    return of


def bessel_y(order: int) -> Function:
    """Y0 or Y1; minus infinity where x is not positive (DLMF 10.8.1)."""
    def small(xp: Any, x: Any) -> Any:
        log = xp.log(x) * _small_j(order, x, xp)
        rest = table(xp, x * x, _Y[order])
        if order == 0:
            return 0.6366197723675814 * log + rest
        return 0.6366197723675814 * (log - 1 / x) + x * rest

    def of(xp: Any, x: Any) -> Any:
        return piecewise(xp, x, (x <= 0, constant(-np.inf)),
                         ((x > 0) & (x < 8), small), (x >= 8, lambda xp, x: _waves(order, xp, x)[1]))
    return of


# Integrals.


def dawsn(xp: Any, x: Any) -> Any:
    """Dawson's integral (DLMF 7.2.5)."""
    size = xp.abs(x)
    return piecewise(
        xp, x,
        (size < 1, lambda xp, x: x * table(xp, x * x, tables.DAWSN)),
        ((size >= 1) & (size < 6), lambda xp, x: xp.sign(x) * table(xp, xp.abs(x), tables.DAWSN_MIDDLE)),
        (size >= 6, lambda xp, x: table(xp, 1 / (x * x), tables.DAWSN_TAIL) / x / 2))


_EI_SERIES = tuple(reversed([1 / np.prod(np.arange(1.0, n + 1)) / n for n in range(1, 34)]))


def expint(xp: Any, x: Any) -> Any:
    """The exponential integral Ei of positive numbers (DLMF 6.6.2, 6.12.2)."""
    def large(xp: Any, x: Any) -> Any:
        half = xp.exp(x / 2)
        return table(xp, 1 / x, tables.EXPINT) / x * half * half
    return piecewise(
        xp, x,
        (x == 0, constant(-np.inf)),
        ((x > 0) & (x < 4), lambda xp, x: xp.log(x) + _EULER + x * horner(x, _EI_SERIES)),
        ((x >= 4) & (x < 720), large),
        (x >= 720, constant(np.inf)))


def fresnel(index: int) -> Function:
    """The Fresnel integral C (index 0) or S (index 1): DLMF 7.2.7, 7.2.8, and 7.5.3, 7.5.4 from 1.5 on."""
    def small(xp: Any, x: Any) -> Any:
        u = x * x * x * x
        return x * table(xp, u, tables.FRESNEL_C) if index == 0 else x * x * x * table(xp, u, tables.FRESNEL_S)

    def large(xp: Any, x: Any) -> Any:
        size = xp.abs(x)
        square = x * x
        f = table(xp, 1 / square, tables.FRESNEL_F) / (np.pi * size)
        g = table(xp, 1 / square, tables.FRESNEL_G) / (np.pi * np.pi * square * size)
        angle = np.pi / 2 * xp.fmod(square, 4.0)
        s, c = xp.sin(angle), xp.cos(angle)
        return xp.sign(x) * (0.5 + f * s - g * c if index == 0 else 0.5 - f * c - g * s)

    def of(xp: Any, x: Any) -> Any:
        size = xp.abs(x)
        return piecewise(xp, x, (size < 1.5, small), ((size >= 1.5) & (size < 1e8), large),
                         (size >= 1e8, lambda xp, x: xp.sign(x) * 0.5))
    return of


def _dilogarithm(xp: Any, x: Any) -> Any:
    """Li2(1 - x) around 1."""
    y = 1 - x
    return y * table(xp, y, tables.SPENCE)


def _spence_to_one(xp: Any, x: Any) -> Any:
    """Li2(1 - x) of x in [0, 1]."""
    def small(xp: Any, x: Any) -> Any:
        cross = xp.where(x == 0, 0.0, xp.log(xp.where(x == 0, 1.0, x)) * xp.log1p(-x))
        return np.pi**2 / 6 - cross - _dilogarithm(xp, 1 - x)
    return piecewise(xp, x, (x < 0.5, small), (x >= 0.5, _dilogarithm))


def spence(xp: Any, x: Any) -> Any:
    """Spence's integral Li2(1 - x) of x >= 0, brought near 1 by DLMF 25.12.4 and 25.12.6."""
    return piecewise(xp, x, ((x >= 0) & (x <= 1), _spence_to_one), ((x > 1) & (x <= 1.5), _dilogarithm),
                     (x > 1.5, lambda xp, x: -_spence_to_one(xp, 1 / x) - xp.log(x) ** 2 / 2))
