"""tf.linalg: matrices."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.clip": "global_norm",
    "ops.diagonals": "band_part diag diag_part set_diag tensor_diag tensor_diag_part trace",
    "ops.einsum": "einsum",
    "ops.linalg": "adjoint cross matrix_transpose",
    "ops.losses": "l2_normalize",
    "ops.matmul": "matmul matvec tensordot",
    "ops.norms": "norm normalize",
    "ops.ranges": "eye",
})
