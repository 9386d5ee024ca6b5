"""Functions of two arrays, element by element, in the dtype that both promote to."""
from __future__ import annotations

import numbers
from typing import Any

import numpy as np

import thalweg as tf

from .elementwise import abs, exp, exp2, isnan, log1p, sqrt, square
from .promotion import asarray, floating, promote
from .selection import where
from .static import broadcast


def counted(x1: tf.Tensor, x2: tf.Tensor) -> tuple[Any, Any]:
    """Booleans as numbers, where NumPy counts with them."""
    return (tf.cast(x1, tf.int8), tf.cast(x2, tf.int8)) if x1.dtype == tf.bool else (x1, x2)


def add(x1: Any, x2: Any) -> Any:
    """The sum; of booleans whether one of them is true."""
    x1, x2 = promote(x1, x2)
    return tf.logical_or(x1, x2) if x1.dtype == tf.bool else tf.add(x1, x2)


def subtract(x1: Any, x2: Any) -> Any:
    """The difference."""
    return tf.subtract(*promote(x1, x2))


def multiply(x1: Any, x2: Any) -> Any:
    """The product; of booleans whether both are true."""
    x1, x2 = promote(x1, x2)
    return tf.logical_and(x1, x2) if x1.dtype == tf.bool else tf.multiply(x1, x2)


def true_divide(x1: Any, x2: Any) -> Any:
    """The quotient, in floating point."""
    x1, x2 = promote(x1, x2)
    if x1.dtype == tf.bool:
        x1, x2 = tf.cast(x1, tf.float64), tf.cast(x2, tf.float64)
    return tf.truediv(x1, x2)


def divide(x1: Any, x2: Any) -> Any:
    """As `true_divide`."""
    return true_divide(x1, x2)


def floor_divide(x1: Any, x2: Any) -> Any:
    """The quotient rounded downwards."""
    return tf.math.floordiv(*counted(*promote(x1, x2)))


def mod(x1: Any, x2: Any) -> Any:
    """What `floor_divide` leaves, with the sign of the divisor."""
    return tf.math.floormod(*counted(*promote(x1, x2)))


def remainder(x1: Any, x2: Any) -> Any:
    """As `mod`."""
    return mod(x1, x2)


def divmod(x1: Any, x2: Any) -> tuple[Any, Any]:
    """`floor_divide` and `mod`."""
    return floor_divide(x1, x2), mod(x1, x2)


def power(x1: Any, x2: Any) -> Any:
    """x1 to the power of x2."""
    return tf.pow(*promote(x1, x2))


def float_power(x1: Any, x2: Any) -> Any:
    """As `power`."""
    return power(x1, x2)


def maximum(x1: Any, x2: Any) -> Any:
    """The larger of two; of booleans whether one of them is true."""
    if isinstance(x1, tf.Tensor) and x1.dtype != tf.bool and isinstance(x2, numbers.Real) \
            and not isinstance(x2, bool) and x2 == 0:
        return tf.nn.relu(x1)
    x1, x2 = promote(x1, x2)
    return tf.logical_or(x1, x2) if x1.dtype == tf.bool else tf.maximum(x1, x2)


def minimum(x1: Any, x2: Any) -> Any:
    """The smaller of two; of booleans whether both are true."""
    x1, x2 = promote(x1, x2)
    return tf.logical_and(x1, x2) if x1.dtype == tf.bool else tf.minimum(x1, x2)


def clip(a: Any, a_min: Any, a_max: Any) -> Any:
    """The values held between two bounds, one of which may be None.

    Raises:
      ValueError: there is neither bound.
    """
    if a_min is None and a_max is None:
        raise ValueError("Not more than one of `a_min` and `a_max` may be `None`.")
    if a_min is None:
        return minimum(a, a_max)
    if a_max is None:
        return maximum(a, a_min)
    return tf.clip_by_value(*broadcast(*promote(a, a_min, a_max)))


def arctan2(x1: Any, x2: Any) -> Any:
    """The angle of the point (x2, x1)."""
    return tf.atan2(*promote(x1, x2))


def hypot(x1: Any, x2: Any) -> Any:
    """The length of the vector (x1, x2)."""
    return sqrt(add(square(x1), square(x2)))


def nextafter(x1: Any, x2: Any) -> Any:
    """The next number after x1 in the direction of x2."""
    return tf.math.nextafter(*promote(x1, x2))


def heaviside(x1: Any, x2: Any) -> Any:
    """0 where x1 is negative, 1 where it is positive, x2 where it is zero."""
    x1, x2 = promote(x1, x2)
    step = tf.where(x1 > 0, tf.constant(1, x2.dtype), x2)
    return floating(tf.where(x1 < 0, tf.constant(0, x2.dtype), step))


def logaddexp(x1: Any, x2: Any) -> Any:
    """`log(exp(x1) + exp(x2))` without overflow."""
    larger, delta = maximum(x1, x2), subtract(x1, x2)
    # The difference of two infinities of one sign is not a number; their sum is right.
    return where(isnan(delta), add(x1, x2), add(larger, log1p(exp(-abs(delta)))))


def logaddexp2(x1: Any, x2: Any) -> Any:
    """`log2(2**x1 + 2**x2)` without overflow."""
    larger, delta = maximum(x1, x2), subtract(x1, x2)
    return where(isnan(delta), add(x1, x2), add(larger, log1p(exp2(-abs(delta))) / np.log(2)))


def polyval(p: Any, x: Any) -> Any:
    """The polynomial with the coefficients `p`, the highest power first, at `x`."""
    p, x = promote(p, x)
    coefficients = tf.unstack(tf.reshape(p, [1]) if p.shape.rank == 0 else p)
    y = tf.math.polyval(coefficients, x)
    return tf.broadcast_to(y, tf.shape(x)) if len(coefficients) == 1 else y


def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    """The differences between neighbours along an axis, taken `n` times; of booleans whether they differ.

    Raises:
      ValueError: the rank is unknown, the axis is out of range, or `n` is negative.
    """
    a = asarray(a)
    rank = a.shape.rank
    if rank is None:
        raise ValueError(f"Function `diff` currently requires a known rank for input `a`. Received: a={a} (unknown rank)")
    if (axis + rank if axis < 0 else axis) >= rank:
        raise ValueError(f"Argument `axis` (received axis={axis}) is out of bounds for input {a} of rank {rank}.")
    if n < 0:
        raise ValueError(f"Argument `order` must be a non-negative integer. Received: axis={n}")
    later, earlier = [slice(None)] * rank, [slice(None)] * rank
    later[axis], earlier[axis] = slice(1, None), slice(None, -1)
    for _ in range(n):
        x, y = a[tuple(later)], a[tuple(earlier)]
        a = tf.not_equal(x, y) if a.dtype == tf.bool else tf.subtract(x, y)
    return a
