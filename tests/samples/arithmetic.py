"""Samples of arithmetic on two tensors."""
from __future__ import annotations

import numpy as np

from . import BF, A, C, D, F, H, I, P, S, sample

_PAIRS = ((F(3, 4), F(3, 4)), (F(3, 4), F(4)), (F(2, 1, 4), F(3, 1)), (F(), F(2)), (F(0, 3), F(3)), (D(3), D(3)),
          (H(4), H(4)), (BF(4), BF(4)))
_COMPLEX = ((C(2, 2), C(2)),)
_INTEGERS = ((I(-9, 9, 5), I(1, 6, 5)), (I(0, 200, 4, dtype=np.uint8), I(1, 9, 4, dtype=np.uint8)),
             (I(-99, 99, 2, 3, dtype=np.int64), I(1, 9, 3, dtype=np.int64)))
_EDGE = A([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan])


def _over(type: str, call, pairs, **options):
    return [sample(type, call, *pair, **options) for pair in pairs]


_POSITIVE = ((P(3, 4), F(3, 4)), (P(3, 4), F(4)), (P(2), F()), (P(0, 2), F(2)))

SAMPLES = [
    *_over("AddV2", lambda tf, x, y: x + y, _PAIRS + _COMPLEX + _INTEGERS),
    sample("AddV2", lambda tf, x: tf.add(x, 2.5), F(3)),
    sample("AddV2", lambda tf, x: 1 + x + x, A([1, 2])),
    sample("Add", lambda tf, x, y: tf.add(x, y), S("a", "b"), S("c")),
    sample("Add", lambda tf, x, y: tf.raw_ops.Add(x=x, y=y), F(3), F(3)),
    *_over("Sub", lambda tf, x, y: x - y, _PAIRS + _COMPLEX + _INTEGERS),
    sample("Sub", lambda tf, x: 2.0 - x, F(3)),
    *_over("Mul", lambda tf, x, y: x * y, _PAIRS + _COMPLEX + _INTEGERS),
    sample("Mul", lambda tf, x, y: x * y, _EDGE, A([0.0, 1.0, np.inf, 0.0, 0.0, 2.0, 1.0]), grad=False),
    *_over("RealDiv", lambda tf, x, y: x / y, ((F(3, 4), P(3, 4)), (F(3, 4), P(4)), (D(3), P(3)))[:2]),
    sample("RealDiv", lambda tf, x, y: x / y, C(3), C(3)),
    sample("RealDiv", lambda tf, x, y: x / y, _EDGE, A([0.0]), grad=False),
    sample("RealDiv", lambda tf, x, y: (x / y, tf.divide(x, y), tf.truediv(x, 3)), I(-9, 9, 5), I(1, 6, 5)),
    sample("Div", lambda tf, x, y: tf.raw_ops.Div(x=x, y=y), F(4), P(4)),
    sample("Div", lambda tf, x, y: tf.raw_ops.Div(x=x, y=y), I(-20, 20, 6), I(1, 5, 6)),
    *_over("FloorDiv", lambda tf, x, y: x // y, _INTEGERS),
    sample("FloorDiv", lambda tf, x, y: x // y, F(6), P(6)),
    *_over("FloorMod", lambda tf, x, y: x % y, _INTEGERS),
    sample("FloorMod", lambda tf, x, y: tf.math.floormod(x, y), F(6), P(6)),
    sample("FloorMod", lambda tf, x: x % -3, I(-9, 9, 6)),
    sample("TruncateDiv", lambda tf, x, y: tf.truncatediv(x, y), I(-20, 20, 6), I(1, 5, 6)),
    sample("TruncateDiv", lambda tf, x, y: tf.truncatediv(x, y), F(5), P(5), grad=False),
    sample("TruncateMod", lambda tf, x, y: tf.truncatemod(x, y), I(-20, 20, 6), I(1, 5, 6)),
    sample("TruncateMod", lambda tf, x, y: tf.truncatemod(x, y), F(6), P(6), grad=False),
    *_over("Pow", lambda tf, x, y: x ** y, _POSITIVE),
    sample("Pow", lambda tf, x: (x ** 2, x ** 3, x ** 0.5), P(3, 2)),
    sample("Pow", lambda tf, x: x ** 2, F(2, 3)),
    sample("Pow", lambda tf, x, y: tf.pow(x, y), I(1, 4, 5), I(0, 4, 5)),
    sample("Pow", lambda tf, x: tf.pow(x, 3.0), D(4)),
    sample("Pow", lambda tf, x, y: x ** y, C(3), C(3), tol=(1e-3, 1e-4)),
    sample("Pow", lambda tf, x, y: x ** y, A([0.0, 0.0, 1.0]), A([0.0, 2.0, 5.0]), fd=False),
    *_over("Maximum", lambda tf, x, y: tf.maximum(x, y), _PAIRS + _INTEGERS),
    sample("Maximum", lambda tf, x: tf.maximum(x, 1.0), A([0.0, 1.0, 2.0, np.nan]), fd=False),
    *_over("Minimum", lambda tf, x, y: tf.minimum(x, y), _PAIRS + _INTEGERS),
    sample("Minimum", lambda tf, x: tf.minimum(x, 1.0), A([0.0, 1.0, 2.0, np.nan]), fd=False),
    *_over("SquaredDifference", lambda tf, x, y: tf.math.squared_difference(x, y), _PAIRS),
    sample("SquaredDifference", lambda tf, x, y: tf.math.squared_difference(x, y), I(-9, 9, 4), I(-9, 9, 4)),
    sample("SquaredDifference", lambda tf, x, y: tf.math.squared_difference(x, y), C(3), C(3), grad=False),
    sample("DivNoNan", lambda tf, x, y: tf.math.divide_no_nan(x, y), F(4), A([0.0, 1.0, 2.0, 0.0]), fd=False),
    sample("DivNoNan", lambda tf, x, y: tf.math.divide_no_nan(x, y), F(2, 3), P(3)),
    sample("MulNoNan", lambda tf, x, y: tf.math.multiply_no_nan(x, y), A([np.nan, np.inf, 2.0, 3.0]),
           A([0.0, 0.0, 2.0, 0.0]), fd=False),
    sample("MulNoNan", lambda tf, x, y: tf.math.multiply_no_nan(x, y), F(2, 3), P(3)),
    sample("AddN", lambda tf, x, y, z: tf.add_n([x, y, z]), F(2, 2), F(2, 2), F(2, 2)),
    sample("AddN", lambda tf, x, y: tf.math.accumulate_n([x, y]), F(3), F(3)),
    sample("AddN", lambda tf, x, y: tf.add_n([x, y]), I(0, 9, 2), I(0, 9, 2)),
]
