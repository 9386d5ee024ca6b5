"""Samples of bit operations."""
from __future__ import annotations

import numpy as np

from . import A, I, sample

_TYPES = (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)


def _range(dtype: type) -> tuple[int, int]:
    return (-100, 100) if np.dtype(dtype).kind == "i" else (0, 200)


SAMPLES = [
    *(sample(type, lambda tf, x, y, f=f: f(tf)(x, y), I(*_range(t), 3, 4, dtype=t), I(*_range(t), 4, dtype=t))
      for type, f in (("BitwiseAnd", lambda tf: tf.bitwise.bitwise_and), ("BitwiseOr", lambda tf: tf.bitwise.bitwise_or),
                      ("BitwiseXor", lambda tf: tf.bitwise.bitwise_xor))
      for t in _TYPES),
    *(sample(type, lambda tf, x, y, f=f: f(tf)(x, y), I(*_range(t), 3, 4, dtype=t), I(0, 9, 4, dtype=t))
      for type, f in (("LeftShift", lambda tf: tf.bitwise.left_shift), ("RightShift", lambda tf: tf.bitwise.right_shift))
      for t in _TYPES),
    *(sample(type, lambda tf, x, f=f: f(tf)(x), I(*_range(t), 3, 4, dtype=t))
      for type, f in (("Invert", lambda tf: tf.bitwise.invert),
                      ("PopulationCount", lambda tf: lambda x: tf.raw_ops.PopulationCount(x=x)))
      for t in _TYPES),
    sample("LeftShift", lambda tf, x, y: tf.bitwise.left_shift(x, y), A([1, 2, 3]), A([-1, 31, 40])),
    sample("RightShift", lambda tf, x, y: tf.bitwise.right_shift(x, y), A([-1, 2**31 - 1, -7]), A([40, 31, -2])),
    sample("PopulationCount", lambda tf, x: tf.raw_ops.PopulationCount(x=x), A([-1, 0, -2**63, 2**63 - 1], np.int64)),
    sample("BitwiseAnd", lambda tf, x, y: x & y, I(0, 99, 4), I(0, 99, 4)),
    sample("BitwiseOr", lambda tf, x: 8 | x, I(0, 99, 4)),
    sample("BitwiseXor", lambda tf, x: x ^ 5, I(0, 99, 4)),
    sample("Invert", lambda tf, x: ~x, I(0, 99, 4)),
    sample("BitwiseAnd", lambda tf, x, y: tf.bitwise.bitwise_and(x, y), I(0, 9, 0), I(0, 9)),
]
