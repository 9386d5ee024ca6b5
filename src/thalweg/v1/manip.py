"""tf.manip: what is in tf itself today."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.arrays": "reshape reverse roll tile",
    "ops.gathering": "gather_nd",
    "ops.scattering": "scatter_nd",
    "ops.spatial": "batch_to_space_nd=batch_to_space space_to_batch_nd=space_to_batch",
})
