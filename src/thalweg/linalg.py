"""tf.linalg: matrices."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "linalg_experimental": "experimental=.",
    "linear_operators.adjoint": "LinearOperatorAdjoint",
    "linear_operators.base": "LinearOperator",
    "linear_operators.block_diag": "LinearOperatorBlockDiag",
    "linear_operators.block_lower_triangular": "LinearOperatorBlockLowerTriangular",
    "linear_operators.circulant": "LinearOperatorCirculant",
    "linear_operators.circulant_2d": "LinearOperatorCirculant2D",
    "linear_operators.circulant_3d": "LinearOperatorCirculant3D",
    "linear_operators.composition": "LinearOperatorComposition",
    "linear_operators.diag": "LinearOperatorDiag",
    "linear_operators.full_matrix": "LinearOperatorFullMatrix",
    "linear_operators.householder": "LinearOperatorHouseholder",
    "linear_operators.identity": "LinearOperatorIdentity",
    "linear_operators.inversion": "LinearOperatorInversion",
    "linear_operators.kronecker": "LinearOperatorKronecker",
    "linear_operators.low_rank_update": "LinearOperatorLowRankUpdate",
    "linear_operators.lower_triangular": "LinearOperatorLowerTriangular",
    "linear_operators.permutation": "LinearOperatorPermutation",
    "linear_operators.scaled_identity": "LinearOperatorScaledIdentity",
    "linear_operators.toeplitz": "LinearOperatorToeplitz",
    "linear_operators.tridiag": "LinearOperatorTridiag",
    "linear_operators.zeros": "LinearOperatorZeros",
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
