"""tf.linalg: matrices."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.clip": "global_norm",
    "ops.einsum": "einsum",
    "ops.losses": "l2_normalize",
    "ops.matmul": "matmul matvec tensordot",
    "ops.ranges": "eye",
})
