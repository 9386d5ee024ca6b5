"""tf.experimental."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "dlpack": "dlpack=.",
    "ops.ragged.dynamic_shape": "DynamicRaggedShape",
})
