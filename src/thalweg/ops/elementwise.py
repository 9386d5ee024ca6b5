"""Functions of one tensor, element by element: signs, powers, exponentials, logarithms, rounding, tests."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.scopes import scoped
from ..core.shape import TensorShape
from .casting import cast as cast
from .casting import saturate_cast as saturate_cast
from .common import FLOATS, FLOATS_COMPLEX, SIGNED, binary, conj, same_dtype, unary, unchanged

_ANY = f"T: {{{FLOATS_COMPLEX}}}"
_REAL = f"T: {{{FLOATS}}}"
_SIGNED = f"T: {{{SIGNED}}}"


def in_single(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel that computes half-precision arguments in float32 and rounds once, at the end."""
    def run(xp: Any, x: Any, *others: Any, **attrs: Any) -> Any:
        if x.dtype.itemsize > 2:
            return kernel(xp, x, *others, **attrs)
        wide = [o.astype(np.float32) for o in (x, *others)]
        return kernel(xp, *wide, **attrs).astype(x.dtype)
    return run


def function(type: str, kernel: Callable[..., Any], attrs: str = _ANY, signature: str = "x: T -> y: T") -> OpDef:
    """Registers an entry of one tensor whose result has its shape."""
    return op(type, signature, attrs=attrs, infer=unchanged)(kernel)


def _same_count(x: Any, y: Any, **_: Any) -> None:
    if x.size != y.size:
        raise errors.InvalidArgumentError(
            f"The two arguments to a cwise op must have same number of elements, got {x.size} and {y.size}")


def _merged(op: Any) -> Any:
    return op.inputs[0].shape.merge_with(op.inputs[1].shape)


def from_output(type: str, kernel: Callable[..., Any]) -> OpDef:
    """Registers a gradient as an op of its own: a function of the output `y` and of its gradient `dy`."""
    def run(xp: Any, y: Any, dy: Any) -> Any:
        if y.shape != dy.shape:
            _same_count(y, dy)
            dy = dy.reshape(y.shape)
        return kernel(xp, y, dy)
    return op(type, "y: T, dy: T -> z: T", attrs=_ANY, infer=_merged)(run)


# Signs.

neg = function("Neg", lambda xp, x: xp.negative(x), _SIGNED)
neg.vjp(0)(lambda op, dy: -dy)

abs_ = function("Abs", lambda xp, x: xp.abs(x), f"T: {{{FLOATS}, int8, int16, int32, int64}}")
abs_.vjp(0)(lambda op, dy: dy * sign(op.inputs[0]))


def real_result(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    """The shape of a complex input, with the dtype of its parts."""
    return [(op.inputs[0].shape, op.inputs[0].dtype.real_dtype)]


@op("ComplexAbs", "x: T -> y: Tout", attrs="T: {complex64, complex128} = complex64; Tout: {float, double} = float",
    infer=real_result)
def complex_abs(xp: Any, x: Any, Tout: Any = None) -> Any:
    return xp.abs(x)


@complex_abs.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return cast(dy, op.inputs[0].dtype) * sign(op.inputs[0])


sign_ = function("Sign", lambda xp, x: xp.sign(x), _SIGNED)


@sign_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .arithmetic import div_no_nan
    from .complex_numbers import real
    from .creation import zeros_like
    x, y = op.inputs[0], op.outputs[0]
    if not x.dtype.is_complex:
        return zeros_like(x)
    # What turns the number, and not what lengthens it.
    across = dy - y * cast(real(dy * conj(y)), x.dtype)
    return binary(div_no_nan, across, cast(abs(x), x.dtype))


# Powers and roots.

square_ = function("Square", lambda xp, x: xp.square(x),
                   f"T: {{{FLOATS}, int8, int16, int32, int64, uint8, uint16, uint32, uint64, complex64, complex128}}")
square_.vjp(0)(lambda op, dy: dy * (conj(op.inputs[0]) * 2))


def _unless_zero(xp: Any, dy: Any, product: Any) -> Any:
    """A product with a gradient; where that is zero it is zero, whatever the other factor."""
    return xp.where(dy == 0, dy.dtype.type(0), product)


def _sqrt_grad(xp: Any, y: Any, dy: Any) -> Any:
    return _unless_zero(xp, dy, dy * 0.5 / (xp.conj(y) if y.dtype.kind == "c" else y))


sqrt_ = function("Sqrt", lambda xp, x: xp.sqrt(x))
sqrt_grad = from_output("SqrtGrad", in_single(_sqrt_grad))
sqrt_.vjp(0)(lambda op, dy: binary(sqrt_grad, op.outputs[0], dy))


@sqrt_grad.vjp(0)
def _(op: Any, dz: Any) -> Any:
    return -conj(dz / op.inputs[0]) * op.outputs[0]


@sqrt_grad.vjp(1)
def _(op: Any, dz: Any) -> Any:
    return dz / op.inputs[0] * 0.5


def _rsqrt_grad(xp: Any, y: Any, dy: Any) -> Any:
    y = xp.conj(y) if y.dtype.kind == "c" else y
    return _unless_zero(xp, dy, dy * -0.5 * y * y * y)


def _rsqrt(xp: Any, x: Any) -> Any:
    root = xp.sqrt(x)
    return np.reciprocal(root, out=root) if xp is np and x.ndim else xp.reciprocal(root)


rsqrt_ = function("Rsqrt", in_single(_rsqrt))
rsqrt_grad = from_output("RsqrtGrad", in_single(_rsqrt_grad))
rsqrt_.vjp(0)(lambda op, dy: binary(rsqrt_grad, op.outputs[0], dy))


@rsqrt_grad.vjp(0)
def _(op: Any, dz: Any) -> Any:
    y, dy = op.inputs
    return conj(dz) * -1.5 * dy * square(conj(y))


@rsqrt_grad.vjp(1)
def _(op: Any, dz: Any) -> Any:
    return binary(rsqrt_grad, conj(op.inputs[0]), dz)


def _reciprocal_grad(xp: Any, y: Any, dy: Any) -> Any:
    y = xp.conj(y) if y.dtype.kind == "c" else y
    return _unless_zero(xp, dy, -dy * y * y)


def _register_reciprocal(type: str) -> tuple[OpDef, OpDef]:
    forward = function(type, lambda xp, x: xp.reciprocal(x), _SIGNED)
    backward = from_output(type + "Grad", in_single(_reciprocal_grad))
    forward.vjp(0)(lambda op, dy: binary(backward, op.outputs[0], dy))
    backward.vjp(0)(lambda op, dz: conj(dz) * -2 * op.inputs[1] * conj(op.inputs[0]))
    backward.vjp(1)(lambda op, dz: binary(backward, conj(op.inputs[0]), dz))
    return forward, backward


reciprocal_, reciprocal_grad = _register_reciprocal("Reciprocal")
inv, inv_grad = _register_reciprocal("Inv")

# Exponentials and logarithms.

exp_ = function("Exp", lambda xp, x: xp.exp(x))
exp_.vjp(0)(lambda op, dy: dy * conj(op.outputs[0]))

expm1_ = function("Expm1", lambda xp, x: xp.expm1(x))
expm1_.vjp(0)(lambda op, dy: dy * exp(conj(op.inputs[0])))

log_ = function("Log", lambda xp, x: xp.log(x))
log_.vjp(0)(lambda op, dy: dy * reciprocal(conj(op.inputs[0])))

log1p_ = function("Log1p", lambda xp, x: xp.log1p(x))
log1p_.vjp(0)(lambda op, dy: dy * reciprocal(conj(op.inputs[0]) + 1))


def _sigmoid(xp: Any, x: Any) -> Any:
    if xp is np and x.ndim:
        y = np.negative(x)
        np.exp(y, out=y)
        y += 1
        return np.reciprocal(y, out=y)
    return xp.reciprocal(1 + xp.exp(-x))


# The kernels of SigmoidGrad and TanhGrad take the conjugate that those of SqrtGrad and the like make themselves.
sigmoid_ = function("Sigmoid", in_single(_sigmoid))
sigmoid_grad = from_output("SigmoidGrad", in_single(lambda xp, y, dy: (1 - y) * y * dy))
sigmoid_.vjp(0)(lambda op, dy: binary(sigmoid_grad, conj(op.outputs[0]), dy))


@sigmoid_grad.vjp(0)
def _(op: Any, dz: Any) -> Any:
    y, dy = conj(op.inputs[0]), conj(op.inputs[1])
    part = dz * dy
    return part - part * 2 * y


sigmoid_grad.vjp(1)(lambda op, dz: binary(sigmoid_grad, conj(op.inputs[0]), dz))

# Rounding. No gradient flows through it.

ceil_ = function("Ceil", lambda xp, x: xp.ceil(x), _REAL).not_differentiable()
floor_ = function("Floor", lambda xp, x: xp.floor(x), _REAL).not_differentiable()
rint_ = function("Rint", lambda xp, x: xp.rint(x), _REAL).not_differentiable()
round_ = function("Round", lambda xp, x: x if x.dtype.kind in "iu" else xp.rint(x), _SIGNED).not_differentiable()

# Tests.

is_nan_ = function("IsNan", lambda xp, x: xp.isnan(x), _REAL, "x: T -> y: bool").not_differentiable()
is_inf_ = function("IsInf", lambda xp, x: xp.isinf(x), _REAL, "x: T -> y: bool").not_differentiable()
is_finite_ = function("IsFinite", lambda xp, x: xp.isfinite(x), _REAL, "x: T -> y: bool").not_differentiable()


# The public functions.


def abs(x: Any, name: str | None = None) -> Any:
    """The absolute value; of a complex number its modulus, in the real dtype of its parts."""
    x = convert_to_tensor(x)
    if x.dtype.is_complex:
        return apply(complex_abs, (x,), {"Tout": x.dtype.real_dtype}, name)
    return unary(abs_, x, name)


def negative(x: Any, name: str | None = None) -> Any:
    """`-x`."""
    return unary(neg, x, name)


def sign(x: Any, name: str | None = None) -> Any:
    """-1, 0 or 1; for complex numbers `x / |x|`, for NaN NaN."""
    return unary(sign_, x, name)


def square(x: Any, name: str | None = None) -> Any:
    """`x * x`."""
    return unary(square_, x, name)


def sqrt(x: Any, name: str | None = None) -> Any:
    """The square root of floats or complex numbers; NaN for negative ones."""
    return unary(sqrt_, x, name)


def rsqrt(x: Any, name: str | None = None) -> Any:
    """`1 / sqrt(x)`."""
    return unary(rsqrt_, x, name)


def reciprocal(x: Any, name: str | None = None) -> Any:
    """`1 / x`."""
    return unary(reciprocal_, x, name)


def reciprocal_no_nan(x: Any, name: str | None = None) -> Any:
    """`1 / x`, and 0 where `x` is 0."""
    from .arithmetic import div_no_nan
    x = convert_to_tensor(x)
    return binary(div_no_nan, convert_to_tensor(1, x.dtype), x, name)


def exp(x: Any, name: str | None = None) -> Any:
    """The exponential function."""
    return unary(exp_, x, name)


def expm1(x: Any, name: str | None = None) -> Any:
    """`exp(x) - 1`, precise near 0."""
    return unary(expm1_, x, name)


def log(x: Any, name: str | None = None) -> Any:
    """The natural logarithm."""
    return unary(log_, x, name)


def log1p(x: Any, name: str | None = None) -> Any:
    """`log(1 + x)`, precise near 0."""
    return unary(log1p_, x, name)


def sigmoid(x: Any, name: str | None = None) -> Any:
    """The logistic function `1 / (1 + exp(-x))`."""
    return unary(sigmoid_, x, name)


@scoped("LogSigmoid")
def log_sigmoid(x: Any, name: str | None = None) -> Any:
    """`log(sigmoid(x))`, without overflow."""
    from .activations import softplus
    x = convert_to_tensor(x)
    return negative(softplus(-x), name)


def ceil(x: Any, name: str | None = None) -> Any:
    """Rounds up."""
    return unary(ceil_, x, name)


def floor(x: Any, name: str | None = None) -> Any:
    """Rounds down."""
    return unary(floor_, x, name)


def rint(x: Any, name: str | None = None) -> Any:
    """Rounds to the nearest integer, halves to the even one."""
    return unary(rint_, x, name)


def round(x: Any, name: str | None = None) -> Any:
    """Rounds to the nearest integer, halves to the even one; integers stay as they are."""
    x = convert_to_tensor(x)
    return x if x.dtype.is_integer else unary(round_, x, name)


def is_nan(x: Any, name: str | None = None) -> Any:
    """Where `x` is NaN."""
    return unary(is_nan_, x, name)


def is_inf(x: Any, name: str | None = None) -> Any:
    """Where `x` is infinite."""
    return unary(is_inf_, x, name)


def is_finite(x: Any, name: str | None = None) -> Any:
    """Where `x` is neither infinite nor NaN."""
    return unary(is_finite_, x, name)


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """A scalar times a tensor, or times the values of an IndexedSlices.

    Raises:
      ValueError: `scalar` has a rank above 0.
    """
    from ..core.indexed_slices import IndexedSlices
    from .arithmetic import mul
    base = dtypes.as_dtype(x.dtype) if hasattr(x, "dtype") else None
    scalar = convert_to_tensor(scalar, base)
    if scalar.shape.rank not in (0, None):
        raise ValueError(f"The input scalar must be a 0-D value. Received shape {scalar.shape}.")
    if isinstance(x, IndexedSlices):
        return IndexedSlices(binary(mul, scalar, x.values, name), x.indices, x.dense_shape)
    return binary(mul, *same_dtype(scalar, x), name)
