"""Samples of complex numbers and their parts."""
from __future__ import annotations

import numpy as np

from . import A, C, D, F, I, sample
from .elementwise import slope

_WIDE = A([[1.5 - 2j, 3j], [-1, 0.25]], np.complex128)

SAMPLES = [
    *(sample(type, lambda tf, x, f=f: f(tf)(x), made)
      for type, f in (("Conj", lambda tf: tf.math.conj), ("Real", lambda tf: tf.math.real), ("Imag", lambda tf: tf.math.imag),
                      ("Angle", lambda tf: tf.math.angle))
      for made in (C(3, 4), C(), C(0), _WIDE)),
    *(sample(type, lambda tf, x, f=f: f(tf)(x), made)
      for type, f in (("Conj", lambda tf: tf.math.conj), ("Real", lambda tf: tf.math.real), ("Imag", lambda tf: tf.math.imag))
      for made in (F(3), I(-3, 3, 4))),
    sample("Angle", lambda tf, x: tf.math.angle(x), F(4)),
    sample("Angle", lambda tf, x: tf.math.angle(x), A([0, -1, 1j, -1j, 1], np.complex64), grad=False),
    sample("Complex", lambda tf, x, y: tf.complex(x, y), F(3, 4), F(3, 4)),
    sample("Complex", lambda tf, x, y: tf.complex(x, y), F(3, 1), F(4)),
    sample("Complex", lambda tf, x, y: tf.complex(x, y), D(), D(2)),
    sample("Complex", lambda tf, x, y: tf.complex(x, y), A([np.inf, 1.0]), A([1.0, np.nan]), grad=False),
    sample("Complex", lambda tf: tf.complex(1.0, 2.0)),
    sample("Real Imag Conj", lambda tf, x: tf.math.real(x * tf.math.conj(x)) + tf.math.imag(x), C(5)),
    sample("Real", slope(lambda tf, x: tf.math.real(x * x * x)), C(3)),
]
