"""Common divisors and multiples, and the bits of integers."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .arithmetic import counted
from .promotion import promote
from .static import broadcast


def _euclid(x1: tf.Tensor, x2: tf.Tensor) -> Any:
    """Euclid's algorithm on whole arrays: elements that are done stay as they are until all are."""
    if not (x1.dtype.is_integer and x2.dtype.is_integer):
        raise ValueError("Arguments to gcd must be integers.")
    zero, one = tf.constant(0, x1.dtype), tf.constant(1, x1.dtype)

    def step(a: Any, b: Any) -> tuple[Any, Any]:
        done = b == 0
        rest = tf.math.floormod(a, tf.where(done, one, b))
        return tf.where(done, a, b), tf.where(done, zero, rest)

    a, b = broadcast(tf.abs(x1), tf.abs(x2))
    return tf.while_loop(lambda a, b: tf.reduce_any(b != 0), step, (a, b))[0]


def gcd(x1: Any, x2: Any) -> Any:
    """The greatest common divisor.

    Raises:
      ValueError: not integers.
    """
    return _euclid(*promote(x1, x2))


def lcm(x1: Any, x2: Any) -> Any:
    """The lowest common multiple; 0 where one of the numbers is.

    Raises:
      ValueError: not integers.
    """
    x1, x2 = promote(x1, x2)
    divisor = _euclid(x1, x2)
    safe = tf.where(divisor == 0, tf.constant(1, divisor.dtype), divisor)
    return tf.where(divisor == 0, tf.constant(0, divisor.dtype), tf.abs(x1) * (tf.abs(x2) // safe))


def _bits(function: Any, x1: Any, x2: Any) -> Any:
    x1, x2 = promote(x1, x2)
    out = function(*counted(x1, x2))
    return tf.cast(out, tf.bool) if x1.dtype == tf.bool else out


def bitwise_and(x1: Any, x2: Any) -> Any:
    """The bits that are set in both."""
    return _bits(tf.bitwise.bitwise_and, x1, x2)


def bitwise_or(x1: Any, x2: Any) -> Any:
    """The bits that are set in one of them."""
    return _bits(tf.bitwise.bitwise_or, x1, x2)


def bitwise_xor(x1: Any, x2: Any) -> Any:
    """The bits that differ."""
    return _bits(tf.bitwise.bitwise_xor, x1, x2)
