"""Samples of trigonometric and hyperbolic functions."""
from __future__ import annotations

import numpy as np

from . import BF, A, C, D, F, H, P, U, sample
from .elementwise import EDGES, everywhere, slope

_ABOVE_ONE = A([1.0, 1.5, 2.0, 10.0, 0.5])


def _inside(op: str, f: object) -> list[object]:
    """A function that is defined on [-1, 1]."""
    call = lambda tf, x: f(tf)(x)  # type: ignore[operator]
    return [sample(op, call, U(3, 4)), sample(op, call, U()), sample(op, call, U(0, 2)), sample(op, slope(call), U(6)),
            sample(op, call, A([0.5, -0.25], np.float16)), sample(op, call, A([0.5, -0.25], np.float64)),
            sample(op, call, C(4)), sample(op, call, EDGES, grad=False)]


SAMPLES = [
    *everywhere("Sin", lambda tf: tf.sin, C(4), D(3), A([1e4, -3e5])),
    *everywhere("Cos", lambda tf: tf.cos, C(4), D(3), A([1e4, -3e5])),
    *everywhere("Tan", lambda tf: tf.tan, C(4), A([0.5, -1.0], np.float64)),
    *_inside("Asin", lambda tf: tf.asin),
    *_inside("Acos", lambda tf: tf.acos),
    *everywhere("Atan", lambda tf: tf.atan, D(3), C(4)),
    *everywhere("Sinh", lambda tf: tf.sinh, D(3), C(4)),
    *everywhere("Cosh", lambda tf: tf.cosh, D(3), C(4)),
    *everywhere("Tanh", lambda tf: tf.tanh, D(3), C(4)),
    *everywhere("Asinh", lambda tf: tf.asinh, D(3), C(4)),
    sample("Acosh", lambda tf, x: tf.acosh(x), _ABOVE_ONE, grad=False),
    sample("Acosh", lambda tf, x: tf.acosh(x), A([1.5, 2.0, 10.0])),
    sample("Acosh", lambda tf, x: tf.acosh(x), A([[1.5, 2.0, 10.0]], np.float64)),
    sample("Acosh", slope(lambda tf, x: tf.acosh(x)), A([1.5, 2.0, 10.0])),
    sample("Acosh", lambda tf, x: tf.acosh(x), EDGES, grad=False),
    sample("Acosh", lambda tf, x: tf.acosh(x), C(4)),
    *_inside("Atanh", lambda tf: tf.atanh),
    sample("TanhGrad", lambda tf, y, dy: tf.raw_ops.TanhGrad(y=y, dy=dy), C(3), C(3), grad=False),
    sample("Atan2", lambda tf, y, x: tf.atan2(y, x), F(3, 4), F(3, 4)),
    sample("Atan2", lambda tf, y, x: tf.atan2(y, x), F(3, 1), F(4)),
    sample("Atan2", lambda tf, y, x: tf.math.atan2(y, x), D(2), D()),
    sample("Atan2", lambda tf, y, x: tf.atan2(y, x), A([0.0, -0.0, 1.0, -1.0, np.inf, np.nan]),
           A([-1.0, -1.0, 0.0, 0.0, -np.inf, 1.0]), grad=False),
    sample("Atan2", lambda tf, y, x: tf.atan2(y, x), H(3), H(3)),
    sample("Atan2", lambda tf, y, x: tf.atan2(y, x), BF(3), BF(3)),
    sample("Atan2", lambda tf, y: tf.atan2(y, 1.0), P(3)),
]
