"""Samples of casts."""
from __future__ import annotations

import itertools

import numpy as np

from . import BF, A, B, C, D, F, H, I, sample

_TYPES = ("float16", "bfloat16", "float32", "float64", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
          "bool", "complex64", "complex128")
_BEYOND = A([1.0, 256.0, -1.0, -1.5, 300.0, 1e4, 2.5, -2.5, 0.0])

SAMPLES = [
    *(sample("Cast", lambda tf, x, a=a: [tf.cast(tf.cast(x, a), b) for b in _TYPES], A([0, 1, 2, 100]),
             fd=False) for a in _TYPES),
    *(sample("Cast", lambda tf, x, t=t: tf.cast(x, t), made, fd=False) for t, made in itertools.product(
        ("float16", "bfloat16", "float64", "complex64", "float32"), (F(3, 2), D(), F(0), H(3), BF(3), C(2)))),
    *(sample("Cast", lambda tf, x, t=t: tf.cast(x, t), _BEYOND, fd=False)
      for t in ("int32", "uint8", "int8", "int64", "bool", "int16")),
    sample("Cast", lambda tf, x: tf.cast(x, "int32"), A([np.nan, 3e9, -3e9, np.inf])),
    sample("Cast", lambda tf, x: tf.cast(x, "int32"), A([np.nan, 3e9, -3e9, np.inf], np.float64)),
    sample("Cast", lambda tf, x: tf.cast(x, tf.bool), A([np.nan, 0.0, -0.0, 1e-30])),
    sample("Cast", lambda tf, x: tf.cast(x, tf.bool), A([0, 1j, 1], np.complex64)),
    sample("Cast", lambda tf, x: tf.cast(x, tf.uint8), A([-1, 255, 256, 1000, -1000])),
    sample("Cast", lambda tf, x: tf.cast(x, tf.float32), A([2**53 + 1, -2**60], np.int64)),
    sample("Cast", lambda tf, x: tf.cast(x, tf.float32), B(2, 2)),
    sample("Cast", lambda tf: tf.cast([1, 2.7], tf.int32)),
    sample("Cast", lambda tf: tf.cast(3, tf.complex128)),
    *(sample("Cast", lambda tf, x, a=a, b=b: tf.raw_ops.Cast(x=tf.cast(x, a), DstT=b, Truncate=True), F(6), grad=False)
      for a, b in (("float64", "float32"), ("float32", "bfloat16"), ("float32", "float16"), ("float64", "float16"))),
    *(sample("Cast", lambda tf, x, t=t: tf.saturate_cast(x, t), _BEYOND, fd=False)
      for t in ("int8", "uint8", "int16", "int32", "int64", "float16", "complex64")),
    *(sample("Cast", lambda tf, x, t=t: tf.saturate_cast(x, t), A([1e30, -1e30, 3e9, -70000.0]), grad=False)
      for t in ("int8", "uint8", "uint32", "int32", "float16")),
    *(sample("Cast", lambda tf, x, t=t: tf.saturate_cast(x, t), A([300, -300, 5, 70000, -70000]))
      for t in ("int8", "uint8", "uint16", "int64", "float16")),
    sample("Cast", lambda tf, x: tf.saturate_cast(x, tf.float32), D(3), fd=False),
    sample("Cast", lambda tf, x: tf.saturate_cast(x, tf.uint8), A([1 + 2j, 300 - 1j], np.complex64)),
    sample("Cast", lambda tf, x: tf.saturate_cast(x, tf.complex128), C(2)),
    sample("Bitcast", lambda tf, x: tf.bitcast(x, tf.int32), F(2, 3)),
    sample("Bitcast", lambda tf, x: tf.bitcast(x, tf.uint8), F(2, 3)),
    sample("Bitcast", lambda tf, x: tf.bitcast(x, tf.int64), F(3, 2)),
    sample("Bitcast", lambda tf, x: tf.bitcast(x, tf.float32), I(0, 255, 2, 4, dtype=np.uint8)),
    sample("Bitcast", lambda tf, x: tf.bitcast(x, tf.uint16), BF(3)),
    sample("Bitcast", lambda tf, x: tf.bitcast(x, tf.bfloat16), H(3), grad=False),
    sample("Bitcast", lambda tf, x: tf.bitcast(x, tf.uint8), A(7)),
    sample("Bitcast", lambda tf, x: tf.bitcast(x, tf.complex64), F(0, 2), grad=False),
    sample("Bitcast", lambda tf, x: tf.bitcast(x, tf.float64), C(3), grad=False),
]
