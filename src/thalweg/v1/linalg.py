"""`tf.linalg` of TensorFlow 1: what it named otherwise."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.linalg": "transpose=matrix_transpose",
})
