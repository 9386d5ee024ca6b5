"""Samples of products that are 0 wherever their first factor is."""
from __future__ import annotations

import numpy as np

from . import BF, A, C, D, F, H, P, sample

_ZEROS = A([0.0, 0.0, 0.0, 2.0, np.nan, 0.0]), A([0.0, -1.0, np.inf, 0.0, 1.0, np.nan])
_CALLS = (("Xlogy", lambda tf: tf.math.xlogy), ("Xlog1py", lambda tf: tf.math.xlog1py), ("Xdivy", lambda tf: tf.math.xdivy))

SAMPLES = [
    *(sample(type, lambda tf, x, y, f=f: f(tf)(x, y), *pair) for type, f in _CALLS
      for pair in ((F(3, 4), P(3, 4)), (F(3, 1), P(4)), (F(), P(2)), (C(3), C(3)))),
    *(sample(type, lambda tf, x, y, f=f: f(tf)(x, y), A([0.0, 1.0, -2.0]), P(3), fd=False) for type, f in _CALLS),
    *(sample(type, lambda tf, x, y, f=f: f(tf)(x, y), *pair, grad=False) for type, f in _CALLS
      for pair in (_ZEROS, (H(3), A([0.5, 1, 2], np.float16)), (BF(3), BF(3)), (F(0), P()),
                   (D(3), A([0.5, 1, 2], np.float64)))),
    sample("NextAfter", lambda tf, x, y: tf.math.nextafter(x, y), A([1.0, 0.0, -1.0, np.nan]), A([2.0, -1.0, -1.0, 1.0])),
    sample("NextAfter", lambda tf, x, y: tf.math.nextafter(x, y), D(2, 2), D(2)),
]
