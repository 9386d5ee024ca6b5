"""Samples of signs, powers, exponentials, logarithms, rounding and tests."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import BF, A, C, D, F, H, I, P, sample

EDGES = A([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e-30, 88.0, -104.0])
NO_PART = A([[1, -2, 0], [127, -128, 5]], np.int8)


def slope(f: Any) -> Any:
    """The gradient of `f(tf, x)` as the call of a sample, so that the sample's own gradient is the second one."""
    def call(tf: Any, x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(tf, x)
        return tape.gradient(y, x)
    return call


def everywhere(op: str, f: Any, *more: Any, edges: bool = True) -> list[Any]:
    """A function of one tensor on the floating types, with its slope, on edge cases and on an empty tensor."""
    backward = {"Sqrt": " SqrtGrad", "Rsqrt": " RsqrtGrad", "Reciprocal": " ReciprocalGrad", "Sigmoid": " SigmoidGrad",
                "Tanh": " TanhGrad"}.get(op, "")
    call = lambda tf, x: f(tf)(x)
    positive = op in ("Sqrt", "Rsqrt", "Log", "Reciprocal")
    new = P if positive else F
    found = [sample(op + backward, call, new(3, 4)), sample(op, call, new()), sample(op, call, new(0, 2)),
             sample(op, call, H(5), grad=not positive), sample(op, call, BF(5), grad=not positive),
             sample(op + backward, slope(call), new(6)), *(sample(op, call, m) for m in more)]
    if edges:
        found.append(sample(op, call, EDGES, grad=False))
    return found


_ROUNDED = A([0.5, 1.5, 2.5, -0.5, -1.5, 0.49999997, 3.7, -3.7, np.inf, -np.inf, np.nan, 1e20, -0.0])

SAMPLES = [
    *everywhere("Neg", lambda tf: tf.negative, I(-9, 9, 4), C(3), D(3), A([-128, 3], np.int8), edges=False),
    *everywhere("Abs", lambda tf: tf.abs, I(-9, 9, 4), D(3), NO_PART, A(-5)),
    sample("ComplexAbs", lambda tf, x: tf.abs(x), C(2, 3)),
    sample("ComplexAbs", lambda tf, x: tf.abs(x), A([3 + 4j, 0, -2j], np.complex128)),
    sample("ComplexAbs", lambda tf, x: tf.abs(x), A(3 - 4j, np.complex64)),
    *everywhere("Sign", lambda tf: tf.sign, I(-2, 3, 6), D(3), C(3), A([0, 3 - 4j], np.complex64)),
    *everywhere("Square", lambda tf: tf.square, I(-9, 9, 4), C(3), D(3), A([3, 200], np.uint8)),
    *everywhere("Sqrt", lambda tf: tf.sqrt, C(4), A([4.0, 2.0], np.float64), A([4 + 1j, -1], np.complex128)),
    *everywhere("Rsqrt", lambda tf: tf.math.rsqrt, C(4), A([4.0, 2.0], np.float64)),
    *everywhere("Reciprocal", lambda tf: tf.math.reciprocal, C(4), D(3)),
    sample("Reciprocal ReciprocalGrad", slope(lambda tf, x: tf.math.real(tf.math.reciprocal(x))), C(3)),
    sample("Inv InvGrad", lambda tf, x: tf.raw_ops.Inv(x=x), P(3)),
    sample("Inv InvGrad", slope(lambda tf, x: tf.raw_ops.Inv(x=x)), P(3)),
    *everywhere("Exp", lambda tf: tf.exp, C(4), D(3)),
    *everywhere("Expm1", lambda tf: tf.math.expm1, D(3), A([1e-9, -1e-9, 1.0], np.float64), C(2)),
    *everywhere("Log", lambda tf: tf.math.log, C(4), A([0.5, 2.0, 0.0], np.float64)),
    sample("Log1p", lambda tf, x: tf.math.log1p(x), P(4)),
    sample("Log1p", slope(lambda tf, x: tf.math.log1p(x)), P(4)),
    sample("Log1p", lambda tf, x: tf.math.log1p(x), A([1e-9, 3.0, -0.5], np.float64)),
    sample("Log1p", lambda tf, x: tf.math.log1p(x), EDGES, grad=False),
    sample("Log1p", lambda tf, x: tf.math.log1p(x), C(3)),
    *everywhere("Sigmoid", lambda tf: tf.sigmoid, C(4), D(3)),
    sample("Softplus", lambda tf, x: tf.math.log_sigmoid(x), F(5)),
    sample("Softplus", lambda tf, x: tf.math.log_sigmoid(x), A([-100.0, 0.0, 100.0])),
    sample("DivNoNan", lambda tf, x: tf.math.reciprocal_no_nan(x), A([2.0, 0.0, -4.0]), fd=False),
    sample("SqrtGrad", lambda tf, y, dy: tf.raw_ops.SqrtGrad(y=y, dy=dy), C(3), C(3), grad=False),
    sample("RsqrtGrad", lambda tf, y, dy: tf.raw_ops.RsqrtGrad(y=y, dy=dy), C(3), C(3), grad=False),
    sample("SigmoidGrad", lambda tf, y, dy: tf.raw_ops.SigmoidGrad(y=y, dy=dy), C(3), C(3), grad=False),
    sample("ReciprocalGrad", lambda tf, y, dy: tf.raw_ops.ReciprocalGrad(y=y, dy=dy), H(3), H(3), grad=False),
    *(sample(type, lambda tf, x, f=f: f(tf)(x), made)
      for type, f in (("Ceil", lambda tf: tf.math.ceil), ("Floor", lambda tf: tf.floor), ("Round", lambda tf: tf.round))
      for made in (_ROUNDED, H(4), BF(4), D(2, 2), F(), F(0))),
    *(sample("Rint", lambda tf, x: tf.math.rint(x), made) for made in (_ROUNDED, D(2, 2), F(), F(0))),
    sample("Round", lambda tf, x: tf.round(x), I(-4, 5, 3)),
    sample("Round", lambda tf, x: tf.raw_ops.Round(x=x), I(-4, 5, 3), compare=False, note="TensorFlow's gives zeros"),
    *(sample(type, lambda tf, x, f=f: f(tf)(x), made)
      for type, f in (("IsNan", lambda tf: tf.math.is_nan), ("IsInf", lambda tf: tf.math.is_inf),
                      ("IsFinite", lambda tf: tf.math.is_finite))
      for made in (EDGES, A([1.0, np.nan, np.inf], np.float16), D(2, 2), F(), F(0), BF(3))),
    sample("Mul", lambda tf, x: tf.math.scalar_mul(2, x), F(3)),
    sample("Mul", lambda tf, s, x: tf.scalar_mul(s, x), F(), F(2, 2)),
    # A gradient of zero stays zero, whatever it is multiplied with.
    *(sample(f"{n}Grad", lambda tf, y, dy, n=n: getattr(tf.raw_ops, f"{n}Grad")(y=y, dy=dy), A(y, d), A(dy, d), grad=False)
      for n in ("Reciprocal", "Inv", "Sqrt", "Rsqrt") for d in ("float32", "float64", "float16", "complex64")
      for y, dy in (([0.0, np.inf, np.nan, 2.0, 0.5], [0.0, 0.0, -0.0, 0.0, 3.0]),)),
    *(sample(n, lambda tf, x, n=n: getattr(tf.math, n.lower())(x) * [0.0, 1.0], A([0.0, 4.0]), fd=False)
      for n in ("Sqrt", "Rsqrt", "Reciprocal")),
]
