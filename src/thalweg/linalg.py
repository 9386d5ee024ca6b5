"""tf.linalg: matrices."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.bands": "band_part tensor_diag tensor_diag_part",
    "ops.clip": "global_norm",
    "ops.decompositions": "cholesky det inv logdet lu qr slogdet",
    "ops.diagonals": "diag diag_part set_diag trace",
    "ops.einsum": "einsum",
    "ops.linalg": "adjoint cross matrix_transpose",
    "ops.linear_systems": "cholesky_solve lstsq lu_matrix_inverse lu_reconstruct lu_solve matrix_rank pinv solve "
        "triangular_solve",
    "ops.losses": "l2_normalize",
    "ops.matmul": "matmul matvec tensordot",
    "ops.matrix_functions": "expm logm sqrtm",
    "ops.norms": "norm normalize",
    "ops.ranges": "eye",
    "ops.spectral": "eig eigh eigvals eigvalsh svd",
    "ops.tridiagonal": "banded_triangular_solve eigh_tridiagonal tridiagonal_matmul tridiagonal_solve",
})
