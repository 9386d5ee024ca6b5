"""Samples of comparisons, logic and selection."""
from __future__ import annotations

import numpy as np

from . import BF, A, B, C, D, F, H, I, S, sample

_SPECIAL = A([np.nan, 1.0, np.inf, -0.0]), A([np.nan, 1.0, -np.inf, 0.0])
_PAIRS = ((F(3, 4), F(3, 4)), (F(3, 1), F(4)), (F(), F(2)), (I(0, 3, 2, 3), I(0, 3, 3)), (F(0, 3), F(3)), _SPECIAL,
          (H(3), H(3)), (BF(3), BF(3)), (D(2), D(2)), (I(0, 3, 5, dtype=np.uint8), I(0, 3, 5, dtype=np.uint8)))
_COMPARISONS = (("Less", lambda tf: tf.less), ("LessEqual", lambda tf: tf.less_equal), ("Greater", lambda tf: tf.greater),
                ("GreaterEqual", lambda tf: tf.greater_equal), ("Equal", lambda tf: tf.equal),
                ("NotEqual", lambda tf: tf.not_equal))

SAMPLES = [
    *(sample(type, lambda tf, x, y, f=f: f(tf)(x, y), *pair) for type, f in _COMPARISONS for pair in _PAIRS),
    *(sample(type, lambda tf, x, y, f=f: f(tf)(x, y), *pair) for type, f in _COMPARISONS[4:]
      for pair in ((B(4), B(4)), (C(3), C(3)), (S("a", "b"), S("a", "c")))),
    sample("Equal", lambda tf, x, y: x == y, F(3), F(4)),
    sample("NotEqual", lambda tf, x, y: x != y, F(3), F(4)),
    sample("Equal", lambda tf, x: x == 1, I(0, 3, 5)),
    sample("NotEqual", lambda tf, x: x != [0, 1, 2], I(0, 3, 3)),
    sample("Less", lambda tf, x: 1 < x, I(0, 3, 5)),
    sample("Less", lambda tf, x: x < 0.5, F(5)),
    sample("Greater", lambda tf, x, y: x > y, F(5), F(5)),
    sample("LessEqual", lambda tf, x, y: x <= y, I(0, 3, 5), I(0, 3, 5)),
    sample("GreaterEqual", lambda tf, x, y: x >= y, I(0, 3, 5), I(0, 3, 5)),
    *(sample(type, lambda tf, x, y, f=f: f(tf)(x, y), *pair) for type, f in (
        ("LogicalAnd", lambda tf: tf.logical_and), ("LogicalOr", lambda tf: tf.logical_or),
        ("LogicalAnd LogicalOr LogicalNot", lambda tf: tf.math.logical_xor))
      for pair in ((B(3, 4), B(4)), (B(), B(2)), (B(0), B()))),
    sample("LogicalAnd", lambda tf, x, y: x & y, B(4), B(4)),
    sample("LogicalOr", lambda tf, x: x | True, B(4)),
    sample("LogicalOr", lambda tf, x: x ^ True, B(4)),
    sample("LogicalNot", lambda tf, x: ~x, B(4)),
    *(sample("LogicalNot", lambda tf, x: tf.logical_not(x), x) for x in (B(3, 2), B(), B(0))),
    sample("ApproximateEqual", lambda tf, x, y: tf.raw_ops.ApproximateEqual(x=x, y=y), F(4), F(4)),
    sample("ApproximateEqual", lambda tf, x, y: tf.raw_ops.ApproximateEqual(x=x, y=y, tolerance=0.1),
           A([1.0, 2.0, np.nan]), A([1.05, 2.2, np.nan])),
    *(sample("SelectV2", lambda tf, c, x, y: tf.where(c, x, y), *inputs) for inputs in (
        (B(3, 4), F(3, 4), F(3, 4)), (B(4), F(3, 1), F()), (B(), F(2), F(2)), (B(3, 1), F(4), F(3, 4)), (B(0), F(), F()),
        (B(4), I(0, 9, 4), I(0, 9, 4)), (B(2), S("a", "b"), S("c", "d")), (B(3), C(3), C(3)), (B(3), H(3), H(3)),
        (B(3), BF(3), BF(3)), (B(3), B(3), B(3)))),
    sample("SelectV2", lambda tf, x: tf.where(x > 0, x, 0.0), F(5)),
    sample("SelectV2", lambda tf, x: tf.where([True, False], x, 2), F(3, 2)),
    *(sample("Select", lambda tf, c, x, y: tf.compat.v1.where(c, x, y), *inputs) for inputs in (
        (B(3, 4), F(3, 4), F(3, 4)), (B(3), F(3, 4), F(3, 4)), (B(3), I(0, 9, 3), I(0, 9, 3)), (B(), F(2, 2), F(2, 2)))),
]
