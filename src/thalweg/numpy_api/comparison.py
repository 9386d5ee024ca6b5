"""Comparisons and logic of two arrays."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from .promotion import asarray, is_inexact, promote
from .static import rank_of, when


def isclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False) -> Any:
    """Whether `abs(a - b) <= atol + rtol * abs(b)`; for exact dtypes whether they are equal.

    Args:
      a, b: the numbers to compare.
      rtol, atol: the tolerances.
      equal_nan: whether one NaN is close to another.
    """
    a, b = promote(a, b)
    if not is_inexact(a):
        return a == b
    near = tf.convert_to_tensor(atol, a.dtype.real_dtype) + \
        tf.convert_to_tensor(rtol, a.dtype.real_dtype) * tf.abs(b)
    close = tf.abs(a - b) <= near
    return close | (tf.math.is_nan(a) & tf.math.is_nan(b)) if equal_nan else close


def allclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False) -> Any:
    """Whether all elements are close, as `isclose` says."""
    return tf.reduce_all(isclose(a, b, rtol, atol, equal_nan))


def _compared(x1: Any, x2: Any, counted: bool = True) -> list[Any]:
    """The arguments of a comparison; booleans as numbers, which alone have an order."""
    x1, x2 = promote(x1, x2)
    return [tf.cast(x1, tf.int32), tf.cast(x2, tf.int32)] if counted and x1.dtype == tf.bool else [x1, x2]


def equal(x1: Any, x2: Any) -> Any:
    """x1 == x2."""
    return tf.equal(*_compared(x1, x2, False))


def not_equal(x1: Any, x2: Any) -> Any:
    """x1 != x2."""
    return tf.not_equal(*_compared(x1, x2, False))


def greater(x1: Any, x2: Any) -> Any:
    """x1 > x2."""
    return tf.greater(*_compared(x1, x2))


def greater_equal(x1: Any, x2: Any) -> Any:
    """x1 >= x2."""
    return tf.greater_equal(*_compared(x1, x2))


def less(x1: Any, x2: Any) -> Any:
    """x1 < x2."""
    return tf.less(*_compared(x1, x2))


def less_equal(x1: Any, x2: Any) -> Any:
    """x1 <= x2."""
    return tf.less_equal(*_compared(x1, x2))


def array_equal(a1: Any, a2: Any) -> Any:
    """Whether two arrays have the same shape and the same elements."""
    x1, x2 = promote(a1, a2)

    def no() -> Any:
        return tf.constant(False)

    def elements() -> Any:
        return tf.reduce_all(tf.equal(x1, x2))

    def same_rank() -> Any:
        if not x1.shape.is_compatible_with(x2.shape):
            return no()
        return when(tf.reduce_all(tf.equal(tf.shape(x1), tf.shape(x2))), elements, no)
    return when(rank_of(x1) == rank_of(x2), same_rank, no)


def _truths(*values: Any) -> list[Any]:
    return [asarray(x, np.bool_) for x in values]


def logical_and(x1: Any, x2: Any) -> Any:
    """Whether both are true; numbers are true unless they are zero."""
    return tf.logical_and(*_truths(x1, x2))


def logical_or(x1: Any, x2: Any) -> Any:
    """Whether one of them is true."""
    return tf.logical_or(*_truths(x1, x2))


def logical_xor(x1: Any, x2: Any) -> Any:
    """Whether exactly one of them is true."""
    return tf.math.logical_xor(*_truths(x1, x2))


def logical_not(x: Any) -> Any:
    """Whether it is not true."""
    return tf.logical_not(*_truths(x))
