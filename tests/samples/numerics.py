"""Samples of checks of values."""
from __future__ import annotations

from . import A, F, sample

SAMPLES = [
    sample("CheckNumerics", lambda tf, x: tf.debugging.check_numerics(x, "m") * 2, F(2, 3)),
    sample("CheckNumerics", lambda tf, x: tf.debugging.check_numerics(tf.cast(x, tf.bfloat16), "m"), A([1.5, 2.0]), grad=False),
    sample("CheckNumerics", lambda tf, x: tf.debugging.check_numerics(tf.cast(x, tf.float64), "m"), F(0, 3)),
    sample("CheckNumericsV2", lambda tf, x: tf.raw_ops.CheckNumericsV2(tensor=x, message="m") * x, F(2, 3)),
    sample("Assert", lambda tf, x: [tf.raw_ops.Assert(condition=tf.reduce_all(x < 100.0), data=[x]), x][1] * 2, F(3)),
]
