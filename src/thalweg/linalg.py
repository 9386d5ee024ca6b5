"""tf.linalg: matrices."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.clip": "global_norm",
    "ops.decompositions": "cholesky det eig eigh eigvals eigvalsh inv logdet lu qr slogdet svd",
    "ops.diagonals": "band_part diag diag_part set_diag tensor_diag tensor_diag_part trace",
    "ops.einsum": "einsum",
    "ops.linalg": "adjoint cross matrix_transpose",
    "ops.linear_systems": "cholesky_solve lstsq lu_matrix_inverse lu_reconstruct lu_solve matrix_rank pinv solve "
        "triangular_solve",
    "ops.losses": "l2_normalize",
    "ops.matmul": "matmul matvec tensordot",
    "ops.matrix_functions": "expm logm sqrtm",
    "ops.norms": "norm normalize",
    "ops.ranges": "eye",
    "ops.tridiagonal": "banded_triangular_solve eigh_tridiagonal tridiagonal_matmul tridiagonal_solve",
})
