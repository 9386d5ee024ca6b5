"""tf.linalg.experimental."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "linear_operators.conjugate_gradient": "conjugate_gradient",
})
