"""Trigonometric and hyperbolic functions and their inverses."""
from __future__ import annotations

from typing import Any

from ..core.opdef import op
from .common import FLOATS, binary, broadcast, conj, incompatible, reduce_to, unary
from .elementwise import from_output, function, in_single, reciprocal, sqrt, square

sin_ = function("Sin", lambda xp, x: xp.sin(x))
sin_.vjp(0)(lambda op, dy: dy * cos(conj(op.inputs[0])))

cos_ = function("Cos", lambda xp, x: xp.cos(x))
cos_.vjp(0)(lambda op, dy: -dy * sin(conj(op.inputs[0])))

tan_ = function("Tan", lambda xp, x: xp.tan(x))
tan_.vjp(0)(lambda op, dy: square(reciprocal(cos(conj(op.inputs[0])))) * dy)

asin_ = function("Asin", lambda xp, x: xp.arcsin(x))
asin_.vjp(0)(lambda op, dy: dy * reciprocal(sqrt(1 - square(conj(op.inputs[0])))))

acos_ = function("Acos", lambda xp, x: xp.arccos(x))
acos_.vjp(0)(lambda op, dy: -dy * reciprocal(sqrt(1 - square(conj(op.inputs[0])))))

atan_ = function("Atan", lambda xp, x: xp.arctan(x))
atan_.vjp(0)(lambda op, dy: dy * reciprocal(1 + square(conj(op.inputs[0]))))

sinh_ = function("Sinh", lambda xp, x: xp.sinh(x))
sinh_.vjp(0)(lambda op, dy: dy * cosh(conj(op.inputs[0])))

cosh_ = function("Cosh", lambda xp, x: xp.cosh(x))
cosh_.vjp(0)(lambda op, dy: dy * sinh(conj(op.inputs[0])))

asinh_ = function("Asinh", lambda xp, x: xp.arcsinh(x))
asinh_.vjp(0)(lambda op, dy: dy / cosh(conj(op.outputs[0])))

acosh_ = function("Acosh", lambda xp, x: xp.arccosh(x))
acosh_.vjp(0)(lambda op, dy: dy / sinh(conj(op.outputs[0])))

atanh_ = function("Atanh", lambda xp, x: xp.arctanh(x))
atanh_.vjp(0)(lambda op, dy: dy * reciprocal(1 - square(conj(op.inputs[0]))))


tanh_ = function("Tanh", lambda xp, x: xp.tanh(x))
tanh_grad = from_output("TanhGrad", in_single(lambda xp, y, dy: (1 - y * y) * dy))
tanh_.vjp(0)(lambda op, dy: binary(tanh_grad, conj(op.outputs[0]), dy))
tanh_grad.vjp(0)(lambda op, dz: dz * -2 * conj(op.inputs[1]) * conj(op.inputs[0]))
tanh_grad.vjp(1)(lambda op, dz: binary(tanh_grad, conj(op.inputs[0]), dz))


@op("Atan2", "y: T, x: T -> z: T", attrs=f"T: {{{FLOATS}}}", infer=broadcast, explain=incompatible)
def atan2_(xp: Any, y: Any, x: Any) -> Any:
    return xp.arctan2(y, x)


@atan2_.vjp(0)
def _(op: Any, dz: Any) -> Any:
    y, x = op.inputs
    return reduce_to(x * (dz / (square(x) + square(y))), y, x)


@atan2_.vjp(1)
def _(op: Any, dz: Any) -> Any:
    y, x = op.inputs
    return reduce_to(-y * (dz / (square(x) + square(y))), x, y)


# The public functions.


def sin(x: Any, name: str | None = None) -> Any:
    """The sine of an angle in radians."""
    return unary(sin_, x, name)


def cos(x: Any, name: str | None = None) -> Any:
    """The cosine of an angle in radians."""
    return unary(cos_, x, name)


def tan(x: Any, name: str | None = None) -> Any:
    """The tangent of an angle in radians."""
    return unary(tan_, x, name)


def asin(x: Any, name: str | None = None) -> Any:
    """The inverse of the sine, in [-pi/2, pi/2]; NaN outside [-1, 1]."""
    return unary(asin_, x, name)


def acos(x: Any, name: str | None = None) -> Any:
    """The inverse of the cosine, in [0, pi]; NaN outside [-1, 1]."""
    return unary(acos_, x, name)


def atan(x: Any, name: str | None = None) -> Any:
    """The inverse of the tangent, in (-pi/2, pi/2)."""
    return unary(atan_, x, name)


def atan2(y: Any, x: Any, name: str | None = None) -> Any:
    """The angle in [-pi, pi] of the point `(x, y)`."""
    return binary(atan2_, y, x, name)


def sinh(x: Any, name: str | None = None) -> Any:
    """The hyperbolic sine."""
    return unary(sinh_, x, name)


def cosh(x: Any, name: str | None = None) -> Any:
    """The hyperbolic cosine."""
    return unary(cosh_, x, name)


def tanh(x: Any, name: str | None = None) -> Any:
    """The hyperbolic tangent."""
    return unary(tanh_, x, name)


def asinh(x: Any, name: str | None = None) -> Any:
    """The inverse of the hyperbolic sine."""
    return unary(asinh_, x, name)


def acosh(x: Any, name: str | None = None) -> Any:
    """The inverse of the hyperbolic cosine; NaN below 1."""
    return unary(acosh_, x, name)


def atanh(x: Any, name: str | None = None) -> Any:
    """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""
    return unary(atanh_, x, name)
