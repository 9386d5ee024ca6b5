"""Functions of one array, element by element."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from .promotion import array, asarray, floating, promote


def log(x: Any) -> Any:
    """The natural logarithm."""
    return tf.math.log(floating(asarray(x)))


def log2(x: Any) -> Any:
    """The logarithm to base 2."""
    return log(x) / np.log(2)


def log10(x: Any) -> Any:
    """The logarithm to base 10."""
    return log(x) / np.log(10)


def log1p(x: Any) -> Any:
    """`log(1 + x)`, exact near zero."""
    return tf.math.log1p(floating(asarray(x)))


def exp(x: Any) -> Any:
    """e to the power of x."""
    return tf.exp(floating(asarray(x)))


def exp2(x: Any) -> Any:
    """2 to the power of x."""
    return 2 ** floating(asarray(x))


def expm1(x: Any) -> Any:
    """`exp(x) - 1`, exact near zero."""
    return tf.math.expm1(floating(asarray(x)))


def sqrt(x: Any) -> Any:
    """The square root."""
    return tf.sqrt(floating(asarray(x)))


def cbrt(x: Any) -> Any:
    """The cube root, negative for negative numbers."""
    x = floating(asarray(x))
    root = tf.abs(x) ** (1.0 / 3)
    return tf.where(x < 0, -root, root)


def square(x: Any) -> Any:
    """x times x."""
    return tf.square(asarray(x))


def reciprocal(x: Any) -> Any:
    """1 / x."""
    return tf.math.reciprocal(asarray(x))


def abs(x: Any) -> Any:
    """The absolute value."""
    return tf.abs(asarray(x))


def absolute(x: Any) -> Any:
    """As `abs`."""
    return abs(x)


def fabs(x: Any) -> Any:
    """As `abs`."""
    return abs(x)


def negative(x: Any) -> Any:
    """-x."""
    return tf.negative(asarray(x))


def positive(x: Any) -> Any:
    """x itself."""
    return asarray(x)


def sign(x: Any, out: Any = None, where: Any = None, **options: Any) -> Any:
    """-1, 0 or 1; for complex numbers x / abs(x).

    Raises:
      ValueError: `out`, `where` or another of NumPy's options is given.
    """
    for name, value in (("out", out), ("where", where), (options.keys(), options)):
        if value:
            raise ValueError(f"tf.numpy doesnt support setting {name}.")
    return tf.sign(asarray(x))


def signbit(x: Any) -> Any:
    """Whether x is below zero."""
    x = asarray(x)
    return tf.zeros_like(x) if x.dtype == tf.bool else x < 0


def ceil(x: Any) -> Any:
    """The next whole number upwards."""
    return tf.math.ceil(floating(asarray(x)))


def floor(x: Any) -> Any:
    """The next whole number downwards."""
    return tf.floor(floating(asarray(x)))


def fix(x: Any) -> Any:
    """The next whole number towards zero."""
    x = floating(asarray(x))
    return tf.where(x < 0, tf.math.ceil(x), tf.floor(x))


def around(a: Any, decimals: int = 0) -> Any:
    """Rounds to `decimals` digits after the point, or before it where `decimals` is negative; halves to even."""
    a = asarray(a)
    x = floating(a)
    factor = tf.cast(10.0**decimals, x.dtype)
    return tf.cast(tf.divide(tf.round(tf.multiply(x, factor)), factor), a.dtype)


def round(a: Any, decimals: int = 0) -> Any:
    """As `around`."""
    return around(a, decimals)


def conj(x: Any) -> Any:
    """The complex conjugate."""
    return tf.math.conj(asarray(x))


def conjugate(x: Any) -> Any:
    """As `conj`."""
    return conj(x)


def real(val: Any) -> Any:
    """The real part."""
    return tf.math.real(asarray(val))


def imag(val: Any) -> Any:
    """The imaginary part."""
    return tf.math.imag(asarray(val))


def angle(z: Any, deg: bool = False) -> Any:
    """The argument of complex numbers, in radians or degrees. That of real numbers is float32, 0 or pi."""
    z = floating(asarray(z))
    out = tf.where(z < 0, np.pi, 0) if z.dtype.is_floating else tf.math.angle(z)
    return rad2deg(out) if deg else out


def iscomplex(x: Any) -> Any:
    """Whether there is an imaginary part other than zero."""
    return imag(x) != 0


def isreal(x: Any) -> Any:
    """Whether the imaginary part is zero."""
    return imag(x) == 0


def isnan(x: Any) -> Any:
    """Whether x is not a number."""
    return tf.math.is_nan(floating(asarray(x)))


def isfinite(x: Any) -> Any:
    """Whether x is a number and not infinite."""
    return tf.math.is_finite(floating(asarray(x)))


def isinf(x: Any) -> Any:
    """Whether x is infinite; False for dtypes that have no infinity."""
    x = asarray(x)
    return tf.math.is_inf(floating(x)) if x.dtype.is_floating else False


def isposinf(x: Any) -> Any:
    """Whether x is infinity; False for dtypes that have none."""
    x = asarray(x)
    return x == array(np.inf, x.dtype) if x.dtype.is_floating else False


def isneginf(x: Any) -> Any:
    """Whether x is minus infinity; False for dtypes that have none."""
    x = asarray(x)
    return x == array(-np.inf, x.dtype) if x.dtype.is_floating else False


def bitwise_not(x: Any) -> Any:
    """Every bit turned over; booleans negated."""
    x = asarray(x)
    return tf.logical_not(x) if x.dtype == tf.bool else tf.bitwise.invert(x)


def sin(x: Any) -> Any:
    """The sine."""
    return tf.sin(floating(asarray(x)))


def cos(x: Any) -> Any:
    """The cosine."""
    return tf.cos(floating(asarray(x)))


def tan(x: Any) -> Any:
    """The tangent."""
    return tf.tan(floating(asarray(x)))


def sinh(x: Any) -> Any:
    """The hyperbolic sine."""
    return tf.sinh(floating(asarray(x)))


def cosh(x: Any) -> Any:
    """The hyperbolic cosine."""
    return tf.cosh(floating(asarray(x)))


def tanh(x: Any) -> Any:
    """The hyperbolic tangent."""
    return tf.tanh(floating(asarray(x)))


def arcsin(x: Any) -> Any:
    """The inverse of the sine."""
    return tf.asin(floating(asarray(x)))


def arccos(x: Any) -> Any:
    """The inverse of the cosine."""
    return tf.acos(floating(asarray(x)))


def arctan(x: Any) -> Any:
    """The inverse of the tangent."""
    return tf.atan(floating(asarray(x)))


def arcsinh(x: Any) -> Any:
    """The inverse of the hyperbolic sine."""
    return tf.asinh(floating(asarray(x)))


def arccosh(x: Any) -> Any:
    """The inverse of the hyperbolic cosine."""
    return tf.acosh(floating(asarray(x)))


def arctanh(x: Any) -> Any:
    """The inverse of the hyperbolic tangent."""
    return tf.atanh(floating(asarray(x)))


def deg2rad(x: Any) -> Any:
    """Degrees as radians."""
    return floating(asarray(x)) * (np.pi / 180.0)


def rad2deg(x: Any) -> Any:
    """Radians as degrees. Of a Python number it is a Python number, as in TensorFlow."""
    if isinstance(x, (int, float, complex)):
        return x * (180.0 / np.pi)
    return tf.multiply(*promote(x, 180.0 / np.pi))


def sinc(x: Any) -> Any:
    """`sin(pi x) / (pi x)`, and 1 at zero."""
    x = floating(asarray(x))
    y = x * np.pi
    return tf.where(x == 0, tf.ones_like(x), tf.sin(y) / y)
