"""Samples of special functions."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import BF, A, D, F, H, P, U, sample
from .elementwise import slope

_WIDE_TOL = (1e-6, 1e-7)
_HALF = "float16 bfloat16"


def S64(low: float, high: float, *shape: int) -> Any:
    """Uniform float64 values."""
    return lambda rng: rng.uniform(low, high, shape)


def S32(low: float, high: float, *shape: int) -> Any:
    """Uniform float32 values."""
    return lambda rng: rng.uniform(low, high, shape).astype(np.float32)


def _of_one(type: str, f: Any, low: float, high: float, *more: Any, half: str = "") -> list[Any]:
    """A function of one variable on an interval, in each type, with its slope."""
    call = lambda tf, x: f(tf)(x)
    found = [sample(type, call, S64(low, high, 4, 10)), sample(type, call, S32(low, high, 3, 4)),
             sample(type, call, S32(low, high)), sample(type, call, S32(low, high, 0, 2)),
             sample(type, slope(call), S64(low, high, 6)), *(sample(type, call, m) for m in more)]
    return found + [sample(type, lambda tf, x, t=t: tf.cast(f(tf)(tf.cast(x, t)), tf.float32), S32(low, high, 4),
                           grad=False, tol=(2e-2, 2e-2)) for t in half.split()]


SAMPLES = [
    *_of_one("Erf", lambda tf: tf.math.erf, -4, 4, A([0.0, -0.0, 6.0, -6.0, 1e-30]), H(3), BF(3), half=_HALF),
    *_of_one("Erfc", lambda tf: tf.math.erfc, -4, 8, A([0.0, 26.0, 30.0, np.inf, -np.inf], np.float64), half=_HALF),
    *_of_one("Erfinv", lambda tf: tf.math.erfinv, -1, 1, U(4)),
    sample("Erfinv", lambda tf, x: tf.math.erfinv(x), A([1.0, -1.0, 0.0, 1.5, 0.99, np.nan]), grad=False),
    *_of_one("Ndtri", lambda tf: tf.math.ndtri, 0, 1),
    sample("Ndtri", lambda tf, x: tf.math.ndtri(x), A([1e-30, 1e-10, 0.5], np.float64), fd=False),
    sample("Ndtri", lambda tf, x: tf.math.ndtri(x), A([1.0, -1.0, 0.0, 1.5, 0.99, np.nan]), grad=False),
    sample("Ndtri", lambda tf, x: tf.math.erfcinv(x), S64(0.1, 1.9, 5)),
    *_of_one("Lgamma", lambda tf: tf.math.lgamma, 0, 15, S64(-6, 0, 8), half="float16"),
    sample("Lgamma", lambda tf, x: tf.math.lgamma(x), A([1e30, 1e-30, 100.5, 1.0, 2.0], np.float64), fd=False),
    sample("Lgamma", lambda tf, x: tf.math.lgamma(x), A([0.0, -1.0, -2.0, np.inf, np.nan]), grad=False),
    *_of_one("Digamma", lambda tf: tf.math.digamma, 0.1, 15, S64(-3.8, -3.2, 8), A([1e30, 1e-3, 100.5, 1.0], np.float64),
              half="float16"),
    sample("Digamma", lambda tf, x: tf.math.digamma(x), A([0.0, -1.0, -2.0, np.inf, np.nan]), grad=False),
    sample("Zeta", lambda tf, x, q: tf.math.zeta(x, q), S64(1.1, 9, 4, 5), S64(0.1, 20, 5), fd=False),
    sample("Zeta", lambda tf, x, q: tf.math.zeta(x, q), S32(1.1, 9, 4), S32(0.1, 20, 4), fd=False),
    sample("Zeta", lambda tf, q: tf.math.zeta(2.5, q), S32(0.1, 20, 4)),
    sample("Zeta", lambda tf, x, q: tf.math.zeta(x, q), A([2.0, 3.0, 2.0, 4.0], np.float64),
           A([-0.5, -1.5, -30.5, -7.25], np.float64), fd=False),
    sample("Zeta", lambda tf, x, q: tf.math.zeta(x, q), A([1.0, 2.0, 3.0, 0.5, 2.5, np.inf], np.float64),
           A([2.0, 0.0, -1.0, 1.0, -0.5, 1.0], np.float64), grad=False),
    *(sample("Polygamma", lambda tf, x, n=n: tf.math.polygamma(float(n), x), S32(0.2, 20, 5)) for n in range(4)),
    sample("Polygamma", lambda tf, n, x: tf.math.polygamma(n, x), A([[1.0], [2], [7]], np.float64), S64(0.2, 20, 5), fd=False),
    sample("Polygamma", lambda tf, n, x: tf.math.polygamma(n, x), A([1.0, 2.0, 0.5, -1.0, 1.0], np.float64),
           A([-0.5, -1.5, 1.0, 1.0, 0.0], np.float64), grad=False),
    *(sample(f"{type} IgammaGradA", lambda tf, a, x, f=f: f(tf)(a, x), *inputs, tol=tol)
      for type, f in (("Igamma", lambda tf: tf.math.igamma), ("Igammac", lambda tf: tf.math.igammac))
      for inputs, tol in (((S64(0.2, 9, 4, 5), S64(0.1, 15, 5)), _WIDE_TOL), ((S32(0.2, 9, 6), S32(0.1, 15, 6)), None),
                          ((P(), P(3)), None))),
    *(sample(type, lambda tf, a, x, f=f: f(tf)(a, x), *inputs, grad=False)
      for type, f in (("Igamma", lambda tf: tf.math.igamma), ("Igammac", lambda tf: tf.math.igammac))
      for inputs in ((F(0), P()), (A([100.0, 1000.0, 1e-3], np.float64), A([90.0, 1010.0, 0.5], np.float64)),
                     (A([1.0, -1.0, 0.0, np.inf, 2.0, 2.0, np.nan]), A([0.0, 1.0, 1.0, 1.0, np.inf, -1.0, 1.0])))),
    sample("IgammaGradA", lambda tf, a, x: tf.raw_ops.IgammaGradA(a=a, x=x), S64(0.2, 9, 3), S64(0.2, 9, 3), grad=False,
           tol=_WIDE_TOL),
    sample("Betainc", lambda tf, a, b, x: tf.math.betainc(a, b, x), S64(0.2, 9, 3, 4), S64(0.2, 9, 3, 4),
           S64(0, 1, 3, 4), fd=False),
    sample("Betainc", lambda tf, a, b, x: tf.math.betainc(a, b, x), S32(0.2, 9, 6), S32(0.2, 9, 6), S32(0, 1, 6), fd=False),
    sample("Betainc", lambda tf, a, b, x: tf.math.betainc(a, b, x), P(), P(), S32(0, 1, 6), fd=False),
    sample("Betainc", lambda tf, a, b, x: tf.math.betainc(a, b, x), P(3), P(), S32(0, 1), fd=False),
    sample("Betainc", lambda tf, a, b, x: tf.math.betainc(a, b, x), A([1.0, 2.0, -1.0, 1.0, 0.0]),
           A([2.0, 1.0, 1.0, 1.0, 1.0]), A([0.0, 1.0, 0.5, 1.5, 0.5]), grad=False),
    sample("Betainc", lambda tf, a, b, x: tf.math.betainc(a, b, x), A([100.0, 500.0], np.float64),
           A([50.0, 700.0], np.float64), A([0.6, 0.4], np.float64), tol=_WIDE_TOL, fd=False),
    sample("Betainc", lambda tf, x: tf.math.betainc(2.0, 3.5, x), S32(0.1, 0.9, 6)),
    sample("Lgamma", lambda tf, x: tf.math.lbeta(x), P(3, 4)),
    *(s for type, f, low, high in (
        ("BesselI0", lambda tf: tf.math.bessel_i0, -12, 12), ("BesselI0e", lambda tf: tf.math.bessel_i0e, -30, 30),
        ("BesselI1", lambda tf: tf.math.bessel_i1, -12, 12), ("BesselI1e", lambda tf: tf.math.bessel_i1e, -30, 30),
        ("BesselK0", lambda tf: tf.math.special.bessel_k0, 0.1, 9),
        ("BesselK0e", lambda tf: tf.math.special.bessel_k0e, 0.1, 9),
        ("BesselK1", lambda tf: tf.math.special.bessel_k1, 0.1, 9),
        ("BesselK1e", lambda tf: tf.math.special.bessel_k1e, 0.1, 9),
        ("BesselJ0", lambda tf: tf.math.special.bessel_j0, -20, 20),
        ("BesselJ1", lambda tf: tf.math.special.bessel_j1, -20, 20),
        ("BesselY0", lambda tf: tf.math.special.bessel_y0, 0.1, 20),
        ("BesselY1", lambda tf: tf.math.special.bessel_y1, 0.1, 20),
        ("Dawsn", lambda tf: tf.math.special.dawsn, -9, 9), ("Expint", lambda tf: tf.math.special.expint, 0.1, 12),
        ("FresnelCos", lambda tf: tf.math.special.fresnel_cos, -5, 5),
        ("FresnelSin", lambda tf: tf.math.special.fresnel_sin, -5, 5),
        ("Spence", lambda tf: tf.math.special.spence, 0.01, 5)) for s in _of_one(type, f, low, high,
                                                                      half="float16" * ("BesselI" in type))),
    *(sample(type, lambda tf, x, f=f: f(tf)(x), A([0.0]), fd=False) for type, f in (
        ("BesselI0", lambda tf: tf.math.bessel_i0), ("BesselI1", lambda tf: tf.math.bessel_i1),
        ("BesselI1e", lambda tf: tf.math.bessel_i1e), ("BesselJ0", lambda tf: tf.math.special.bessel_j0),
        ("BesselJ1", lambda tf: tf.math.special.bessel_j1), ("Dawsn", lambda tf: tf.math.special.dawsn),
        ("FresnelSin", lambda tf: tf.math.special.fresnel_sin))),
    *(sample(type, lambda tf, x, f=f: f(tf)(x), A([0.0, -1.0, np.nan], np.float64), grad=False) for type, f in (
        ("BesselK0", lambda tf: tf.math.special.bessel_k0), ("BesselK1e", lambda tf: tf.math.special.bessel_k1e),
        ("BesselY0", lambda tf: tf.math.special.bessel_y0), ("BesselY1", lambda tf: tf.math.special.bessel_y1),
        ("Expint", lambda tf: tf.math.special.expint), ("Spence", lambda tf: tf.math.special.spence))),
    sample("Spence", lambda tf, x: tf.math.special.spence(x), A([1.0, 2.0, 1e6], np.float64)),
    sample("Erf", lambda tf, x: tf.math.erf(x), D(300, 3)),
]
