"""tf.experimental.numpy.random."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "numpy_api.random": "poisson rand randint randn random seed standard_normal uniform",
})
