"""tf.compat.v1.ragged: what exists only there."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.ragged.values": "RaggedTensorValue constant_value placeholder",
})
