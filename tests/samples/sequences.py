"""Samples of the order of sequences, and of polynomials."""
from __future__ import annotations

import numpy as np

from . import A, F, I, sample

SAMPLES = [
    *(sample(type + " All", lambda tf, x, f=f: f(tf)(x), made)
      for type, f in (("LessEqual", lambda tf: tf.math.is_non_decreasing), ("Less", lambda tf: tf.math.is_strictly_increasing))
      for made in (A([1, 2, 2]), A([[1, 2], [3, 4]]), A([[1.0, 2.0], [2.0, 1.0]]), A([3.0]), F(0), F(), A([np.nan, 1.0]),
                   A([1, 3, 2], np.uint8))),
    sample("AddV2 Mul", lambda tf, x: tf.math.polyval([1.0, -2.0, 3.0], x), F(3, 2)),
    sample("AddV2 Mul", lambda tf, a, b, x: tf.math.polyval([a, b], x), F(2), F(), F(3, 2)),
    sample("AddV2 Mul", lambda tf, x: tf.math.polyval([1, 2], x), I(0, 5, 3)),
    sample("ZerosLike", lambda tf, x: tf.math.polyval([], x), F(3), grad=False),
]
