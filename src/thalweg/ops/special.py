"""Special functions: the entries with their gradients, and the public functions."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, broadcast_static
from . import special_gamma as gamma_kernels
from . import special_kernels as kernels
from .common import FLOATS, binary, broadcast, incompatible, reduce_to, same_dtypes, shape_text, unary
from .comparison import equal, select
from .elementwise import exp, function, log, sign, square
from .products import xlog1py, xlogy
from .trigonometry import cos, sin

_FLOATS = f"T: {{{FLOATS}}}"
_WIDE = "T: {float, double}"


def _entry(type: str, kernel: Any, derivative: Callable[[Any, Any], Any]) -> OpDef:
    """Registers a function of one variable by its kernel and its derivative, a function of input and output."""
    entry = function(type, kernels.smooth(kernel), _FLOATS)
    entry.vjp(0)(lambda op, dy: dy * derivative(op.inputs[0], op.outputs[0]))
    return entry


def _compiled(entry: OpDef, name: str, module: str = "jax.scipy.special") -> None:
    """Has XLA's own formulation stand in when the op is compiled."""
    def kernel(xp: Any, *arrays: Any) -> Any:
        import importlib
        f = getattr(importlib.import_module(module), name)
        dtype = arrays[0].dtype
        if dtype.itemsize > 2:
            return f(*arrays)
        return f(*(a.astype(np.float32) for a in arrays)).astype(dtype)
    entry.xla(kernel)


# Error functions.


def _erf(xp: Any, x: Any) -> Any:
    if xp is np and x.dtype.itemsize <= 4:
        return kernels.erf_single(x.reshape(-1).astype(np.float32, copy=False)).reshape(x.shape).astype(x.dtype, copy=False)
    return _wide_erf(xp, x)


_wide_erf = kernels.smooth(kernels.erf)
_SLOPE = 2 / math.sqrt(math.pi)

erf_ = function("Erf", _erf, _FLOATS)
erf_.vjp(0)(lambda op, dy: dy * (exp(-square(op.inputs[0])) * _SLOPE))
erfc_ = _entry("Erfc", kernels.erfc, lambda x, y: exp(-square(x)) * -_SLOPE)
erfinv_ = _entry("Erfinv", kernels.erfinv, lambda x, y: exp(square(y)) * (1 / _SLOPE))
ndtri_ = _entry("Ndtri", kernels.ndtri, lambda x, y: exp(square(y) * 0.5) * math.sqrt(2 * math.pi))
_compiled(erf_, "erf")
_compiled(erfc_, "erfc")
_compiled(erfinv_, "erfinv")
_compiled(ndtri_, "ndtri")

# The gamma function's derivatives, and zeta.

lgamma_ = _entry("Lgamma", gamma_kernels.lgamma, lambda x, y: digamma(x))
digamma_ = _entry("Digamma", gamma_kernels.digamma, lambda x, y: polygamma(1, x))
_compiled(lgamma_, "gammaln")
_compiled(digamma_, "digamma")


def _of_two(type: str, kernel: Any, signature: str, attrs: str = _WIDE) -> OpDef:
    def run(xp: Any, a: Any, x: Any) -> Any:
        if xp is np:
            return np.asarray(kernel(np, a.astype(np.float64), x.astype(np.float64))).astype(x.dtype)
        return kernel(xp, a, x).astype(x.dtype)
    return op(type, signature, attrs=attrs, infer=broadcast, explain=incompatible)(run)


zeta_ = _of_two("Zeta", lambda xp, x, q: gamma_kernels.zeta(xp, *xp.broadcast_arrays(x, q)), "x: T, q: T -> z: T")
polygamma_ = _of_two("Polygamma", lambda xp, n, x: _polygamma(xp, *xp.broadcast_arrays(n, x)), "a: T, x: T -> z: T")


def _polygamma(xp: Any, n: Any, x: Any) -> Any:
    if xp is np:
        return gamma_kernels.polygamma(np, n.reshape(-1), x.reshape(-1)).reshape(x.shape)
    return gamma_kernels.polygamma(xp, n, x)


# No gradient for the orders.
zeta_.vjp(1)(lambda op, dz: reduce_to(dz * -op.inputs[0] * zeta(op.inputs[0] + 1, op.inputs[1]), op.inputs[1],
                                      op.inputs[0]))
polygamma_.vjp(1)(lambda op, dz: reduce_to(dz * polygamma(op.inputs[0] + 1, op.inputs[1]), op.inputs[1], op.inputs[0]))


# Incomplete gamma and beta functions.


def _incomplete(type: str, kernel: Any, attrs: str, compiled: str) -> OpDef:
    entry = op(type, "a: T, x: T -> z: T", attrs=attrs, infer=broadcast, explain=incompatible)(
        lambda xp, a, x: kernel(a, x))

    def broadcast_first(xp: Any, a: Any, x: Any) -> Any:
        from jax import lax
        wide = [v.astype(np.float32) if v.dtype.itemsize == 2 else v for v in xp.broadcast_arrays(a, x)]
        value = getattr(lax, compiled)(*wide)
        value = xp.where(xp.isinf(a) & xp.isfinite(x), float(compiled == "igammac"), value)
        return xp.where((a > 0) | (x == 0) & (compiled != "igammac"), value, xp.nan).astype(x.dtype)
    entry.xla(broadcast_first)
    return entry


igamma_ = _incomplete("Igamma", gamma_kernels.igamma(False), _FLOATS, "igamma")
igammac_ = _incomplete("Igammac", gamma_kernels.igamma(True), _FLOATS, "igammac")
igamma_grad_a = _incomplete("IgammaGradA", gamma_kernels.igamma_grad_a, _WIDE, "igamma_grad_a")


def _density(a: Any, x: Any) -> Any:
    return exp(xlogy(a - 1, x) - x - lgamma(a))


igamma_.vjp(0)(lambda op, dz: reduce_to(dz * binary(igamma_grad_a, *op.inputs), *op.inputs))
igamma_.vjp(1)(lambda op, dz: reduce_to(dz * _density(*op.inputs), *reversed(op.inputs)))
igammac_.vjp(0)(lambda op, dz: -reduce_to(dz * binary(igamma_grad_a, *op.inputs), *op.inputs))
igammac_.vjp(1)(lambda op, dz: -reduce_to(dz * _density(*op.inputs), *reversed(op.inputs)))


def _betainc_shape(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape
    for other in op.inputs[1:]:
        if shape.rank is None or other.shape.rank is None:
            return TensorShape(None)
        if shape.rank and other.shape.rank:
            shape = shape.merge_with(other.shape)
        else:
            shape = broadcast_static(shape, other.shape)
    return shape


@op("Betainc", "a: T, b: T, x: T -> z: T", attrs=_WIDE, infer=_betainc_shape)
def betainc_(xp: Any, a: Any, b: Any, x: Any) -> Any:
    for names, p, q in (("a and b", a, b), ("a and x", a, x), ("b and x", b, x)):
        if p.ndim and q.ndim and p.shape != q.shape:
            raise errors.InvalidArgumentError(
                f"Shapes of {names} are inconsistent: {shape_text(p.shape)} vs. {shape_text(q.shape)}")
    return gamma_kernels.betainc(a, b, x)


@betainc_.xla
def _(xp: Any, a: Any, b: Any, x: Any) -> Any:
    from jax.scipy.special import betainc
    return xp.where((a > 0) & (b > 0), betainc(*xp.broadcast_arrays(a, b, x)), xp.nan).astype(x.dtype)


@betainc_.vjp(2)
def _(op: Any, dz: Any) -> Any:
    a, b, x = op.inputs
    log_beta = lgamma(a) + lgamma(b) - lgamma(a + b)
    return reduce_to(dz * exp(xlog1py(b - 1, -x) + xlogy(a - 1, x) - log_beta), x, dz)


# Bessel functions. At 0, where their formulas divide by it, the derivatives are what TensorFlow gives.


def _except_zero(x: Any, at_zero: float, value: Any) -> Any:
    return select(equal(x, x * 0), at_zero, value)


i0_ = _entry("BesselI0", kernels.bessel_i(0, False), lambda x, y: bessel_i1(x))
i0e_ = _entry("BesselI0e", kernels.bessel_i(0, True), lambda x, y: bessel_i1e(x) - sign(x) * y)
i1_ = _entry("BesselI1", kernels.bessel_i(1, False), lambda x, y: _except_zero(x, 1.0, bessel_i0(x) - y / x))
i1e_ = _entry("BesselI1e", kernels.bessel_i(1, True),
              lambda x, y: _except_zero(x, 0.5, bessel_i0e(x) - y * (sign(x) + 1 / x)))
k0_ = _entry("BesselK0", kernels.bessel_k(0, False), lambda x, y: -bessel_k1(x))
k0e_ = _entry("BesselK0e", kernels.bessel_k(0, True), lambda x, y: y - bessel_k1e(x))
k1_ = _entry("BesselK1", kernels.bessel_k(1, False), lambda x, y: -bessel_k0(x) - y / x)
k1e_ = _entry("BesselK1e", kernels.bessel_k(1, True), lambda x, y: y * (1 - 1 / x) - bessel_k0e(x))
j0_ = _entry("BesselJ0", kernels.bessel_j(0), lambda x, y: -bessel_j1(x))
j1_ = _entry("BesselJ1", kernels.bessel_j(1), lambda x, y: _except_zero(x, 0.5, bessel_j0(x) - y / x))
y0_ = _entry("BesselY0", kernels.bessel_y(0), lambda x, y: -bessel_y1(x))
y1_ = _entry("BesselY1", kernels.bessel_y(1), lambda x, y: bessel_y0(x) - y / x)

# Integrals.

dawsn_ = _entry("Dawsn", kernels.dawsn, lambda x, y: 1 - 2 * x * y)
expint_ = _entry("Expint", kernels.expint, lambda x, y: exp(x) / x)
fresnel_cos_ = _entry("FresnelCos", kernels.fresnel(0), lambda x, y: cos(square(x) * (math.pi / 2)))
fresnel_sin_ = _entry("FresnelSin", kernels.fresnel(1), lambda x, y: sin(square(x) * (math.pi / 2)))
spence_ = _entry("Spence", kernels.spence,
                 lambda x, y: select(equal(x, x * 0 + 1), -1.0, log(x) / (1 - x)))


# The public functions.


def erf(x: Any, name: str | None = None) -> Any:
    """The error function."""
    return unary(erf_, x, name)


def erfc(x: Any, name: str | None = None) -> Any:
    """`1 - erf(x)`, precise also where it is small."""
    return unary(erfc_, x, name)


def erfinv(x: Any, name: str | None = None) -> Any:
    """The inverse of `erf`; NaN outside [-1, 1]."""
    return unary(erfinv_, x, name)


def erfcinv(x: Any, name: str | None = None) -> Any:
    """The inverse of `erfc`; NaN outside [0, 2]."""
    return ndtri(convert_to_tensor(x) * 0.5) * -math.sqrt(0.5)


def ndtri(x: Any, name: str | None = None) -> Any:
    """The quantile function of the standard normal distribution; NaN outside [0, 1]."""
    return unary(ndtri_, x, name)


def lgamma(x: Any, name: str | None = None) -> Any:
    """The logarithm of the absolute value of the gamma function."""
    return unary(lgamma_, x, name)


def digamma(x: Any, name: str | None = None) -> Any:
    """The derivative of the logarithm of the gamma function; NaN at its poles."""
    return unary(digamma_, x, name)


def polygamma(a: Any, x: Any, name: str | None = None) -> Any:
    """The derivative of whole order `a` of `digamma` at `x`. Gradients flow to `x` only."""
    return binary(polygamma_, a, x, name)


def zeta(x: Any, q: Any, name: str | None = None) -> Any:
    """Hurwitz's zeta function, the sum of `(q + k) ** -x` over `k >= 0`. Gradients flow to `q` only."""
    return binary(zeta_, x, q, name)


def igamma(a: Any, x: Any, name: str | None = None) -> Any:
    """The lower regularised incomplete gamma function P(a, x)."""
    return binary(igamma_, a, x, name)


def igammac(a: Any, x: Any, name: str | None = None) -> Any:
    """The upper regularised incomplete gamma function `1 - igamma(a, x)`."""
    return binary(igammac_, a, x, name)


def betainc(a: Any, b: Any, x: Any, name: str | None = None) -> Any:
    """The regularised incomplete beta function. The shapes are the same, or scalar. Gradients flow to `x` only."""
    return apply(betainc_, same_dtypes((a, b, x)), name=name)


def lbeta(x: Any, name: str | None = None) -> Any:
    """The logarithm of the absolute value of the beta function of the last axis: `sum(lgamma(x)) - lgamma(sum(x))`."""
    from .reductions import reduce_sum
    x = convert_to_tensor(x)
    return reduce_sum(lgamma(x), -1) - lgamma(reduce_sum(x, -1))


def bessel_i0(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of the first kind of order 0."""
    return unary(i0_, x, name)


def bessel_i0e(x: Any, name: str | None = None) -> Any:
    """`exp(-|x|) * bessel_i0(x)`."""
    return unary(i0e_, x, name)


def bessel_i1(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of the first kind of order 1."""
    return unary(i1_, x, name)


def bessel_i1e(x: Any, name: str | None = None) -> Any:
    """`exp(-|x|) * bessel_i1(x)`."""
    return unary(i1e_, x, name)


def bessel_j0(x: Any, name: str | None = None) -> Any:
    """The Bessel function of the first kind of order 0."""
    return unary(j0_, x, name)


def bessel_j1(x: Any, name: str | None = None) -> Any:
    """The Bessel function of the first kind of order 1."""
    return unary(j1_, x, name)


def bessel_k0(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of the second kind of order 0, for positive numbers."""
    return unary(k0_, x, name)


def bessel_k0e(x: Any, name: str | None = None) -> Any:
    """`exp(x) * bessel_k0(x)`."""
    return unary(k0e_, x, name)


def bessel_k1(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of the second kind of order 1, for positive numbers."""
    return unary(k1_, x, name)


def bessel_k1e(x: Any, name: str | None = None) -> Any:
    """`exp(x) * bessel_k1(x)`."""
    return unary(k1e_, x, name)


def bessel_y0(x: Any, name: str | None = None) -> Any:
    """The Bessel function of the second kind of order 0, for positive numbers."""
    return unary(y0_, x, name)


def bessel_y1(x: Any, name: str | None = None) -> Any:
    """The Bessel function of the second kind of order 1, for positive numbers."""
    return unary(y1_, x, name)


def dawsn(x: Any, name: str | None = None) -> Any:
    """Dawson's integral, `exp(-x²)` times the integral of `exp(t²)` from 0 to `x`."""
    return unary(dawsn_, x, name)


def expint(x: Any, name: str | None = None) -> Any:
    """The exponential integral Ei, for positive numbers."""
    return unary(expint_, x, name)


def fresnel_cos(x: Any, name: str | None = None) -> Any:
    """The integral of `cos(pi t² / 2)` from 0 to `x`."""
    return unary(fresnel_cos_, x, name)


def fresnel_sin(x: Any, name: str | None = None) -> Any:
    """The integral of `sin(pi t² / 2)` from 0 to `x`."""
    return unary(fresnel_sin_, x, name)


def spence(x: Any, name: str | None = None) -> Any:
    """Spence's integral, the dilogarithm of `1 - x`, for `x >= 0`."""
    return unary(spence_, x, name)
