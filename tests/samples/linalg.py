"""Samples of decompositions, linear systems and functions of matrices."""
from __future__ import annotations

import numpy as np

from . import A, C, D, F, P, sample

_SLACK = (2e-3, 2e-4)


def _spd(tf, x):
    """A well-conditioned Hermitian positive definite matrix."""
    one = tf.cast(tf.linalg.eye(tf.shape(x)[-1]), x.dtype)
    return tf.matmul(x, x, adjoint_b=True) + one * tf.cast(tf.shape(x)[-1], x.dtype)


def _near_one(tf, x):
    return 0.3 * x + tf.cast(tf.linalg.eye(tf.shape(x)[-1]), x.dtype)


_DIAGONALS = A(np.array([[1.0, 1.5, 1.0, 0.0], [4.0, 5.0, 4.0, 5.0], [0.0, 1.0, 1.2, 1.0]], np.float32))

SAMPLES = [
    sample("MatrixDeterminant", lambda tf, x: tf.linalg.det(x), F(2, 3, 3)),
    sample("MatrixDeterminant", lambda tf, x: tf.linalg.det(x), C(3, 3), tol=_SLACK, fd=False),
    sample("MatrixDeterminant", lambda tf, x: tf.linalg.det(x), F(2, 0, 0)),
    sample("LogMatrixDeterminant", lambda tf, x: tf.linalg.slogdet(x), D(2, 3, 3)),
    sample("LogMatrixDeterminant", lambda tf, x: tf.linalg.slogdet(x), C(3, 3), grad=False),
    sample("Cholesky", lambda tf, x: tf.linalg.logdet(_spd(tf, x)), F(2, 3, 3)),
    sample("MatrixInverse", lambda tf, x: tf.linalg.inv(_spd(tf, x)), F(2, 3, 3)),
    sample("MatrixInverse", lambda tf, x: tf.linalg.inv(_near_one(tf, x), adjoint=True), D(3, 3)),
    sample("MatrixInverse", lambda tf, x: tf.linalg.inv(_near_one(tf, x), adjoint=True), C(3, 3), tol=_SLACK),
    sample("MatrixInverse", lambda tf, x: tf.linalg.inv(x), F(0, 2, 2)),
    sample("Cholesky", lambda tf, x: tf.linalg.cholesky(_spd(tf, x)), F(2, 3, 3)),
    sample("Cholesky", lambda tf, x: tf.linalg.cholesky(_spd(tf, x)), C(3, 3), tol=_SLACK),
    sample("Cholesky", lambda tf, x: tf.linalg.cholesky(x), A([[4.0, 9.0], [1.0, 3.0]]), fd=False),
    sample("Qr", lambda tf, x: [tf.abs(m) for m in tf.linalg.qr(x)], F(4, 3), tol=_SLACK),
    sample("Qr", lambda tf, x: [tf.abs(m) for m in tf.linalg.qr(x)], D(2, 3, 3), tol=_SLACK),
    sample("Qr", lambda tf, x: [tf.abs(m) for m in tf.linalg.qr(x)], D(2, 5), tol=_SLACK),
    sample("Qr", lambda tf, x: tf.abs(tf.linalg.qr(x)[1]), C(4, 3), tol=_SLACK),
    sample("Qr", lambda tf, x: [tf.abs(m) for m in tf.linalg.qr(x, full_matrices=True)], F(4, 3), grad=False, tol=_SLACK),
    sample("Svd", lambda tf, x: tf.linalg.svd(x, compute_uv=False), F(2, 3, 4)),
    sample("Svd", lambda tf, x: [tf.abs(m) for m in tf.linalg.svd(x)], D(4, 3), tol=_SLACK),
    sample("Svd", lambda tf, x: [tf.abs(m) for m in tf.linalg.svd(x)], D(2, 4), tol=_SLACK),
    sample("Svd", lambda tf, x: [tf.abs(m) for m in tf.linalg.svd(x)], D(2, 3, 3), tol=_SLACK),
    sample("Svd", lambda tf, x: [tf.abs(m) for m in tf.linalg.svd(x, full_matrices=True)], D(4, 3), tol=_SLACK),
    sample("Svd", lambda tf, x: [tf.abs(m) for m in tf.linalg.svd(x, full_matrices=True)], D(2, 3), tol=_SLACK),
    sample("Svd", lambda tf, x: tf.linalg.svd(x, compute_uv=False), C(3, 2), tol=_SLACK),
    sample("Svd", lambda tf, x: tf.linalg.svd(x), F(0, 2), grad=False),
    sample("SelfAdjointEigV2", lambda tf, x: tf.linalg.eigvalsh(_spd(tf, x)), F(2, 3, 3)),
    sample("SelfAdjointEigV2", lambda tf, x: [tf.abs(m) for m in tf.linalg.eigh(_spd(tf, x))], D(3, 3), tol=_SLACK),
    sample("SelfAdjointEigV2", lambda tf, x: tf.linalg.eigvalsh(x), A([[1.0, 7.0], [2.0, 3.0]])),
    sample("SelfAdjointEigV2", lambda tf, x: tf.linalg.eigvalsh(_spd(tf, x)), C(3, 3), tol=_SLACK),
    sample("Eig", lambda tf, x: tf.sort(tf.math.real(tf.linalg.eigvals(_spd(tf, x)))), D(3, 3), tol=_SLACK,
           note="eigenvalues in an order of their own"),
    sample("Eig", lambda tf, x: tf.sort(tf.math.real(tf.linalg.eig(x)[0])), A([[1.0, 2.0], [0.5, 4.0]])),
    sample("Lu", lambda tf, x: tf.linalg.lu(_spd(tf, x)), F(2, 3, 3), grad=False),
    sample("Lu", lambda tf, x: tf.linalg.lu(x)[0], D(4, 4), grad=False),
    sample("Lu", lambda tf, x: tf.linalg.lu_reconstruct(*tf.linalg.lu(x)), D(2, 3, 3), grad=False),
    sample("Lu MatrixTriangularSolve", lambda tf, x, b: tf.linalg.lu_solve(*tf.linalg.lu(x), b), D(3, 3), D(3, 2),
           grad=False),
    sample("Lu MatrixTriangularSolve", lambda tf, x: tf.linalg.lu_matrix_inverse(*tf.linalg.lu(x)), D(3, 3),
           grad=False),
    sample("MatrixSolve", lambda tf, a, b: tf.linalg.solve(_near_one(tf, a), b), F(2, 3, 3), F(2, 3, 2)),
    sample("MatrixSolve", lambda tf, a, b: tf.linalg.solve(_near_one(tf, a), b, adjoint=True), D(3, 3), D(3, 1)),
    sample("MatrixSolve", lambda tf, a, b: tf.linalg.solve(_near_one(tf, a), b, adjoint=True), C(3, 3), C(3, 1),
           tol=_SLACK),
    sample("MatrixTriangularSolve", lambda tf, a, b: tf.linalg.triangular_solve(_spd(tf, a), b), F(3, 3), F(3, 2)),
    sample("MatrixTriangularSolve", lambda tf, a, b: tf.linalg.triangular_solve(_spd(tf, a), b, lower=False, adjoint=True),
           D(3, 3), D(3, 2)),
    sample("MatrixTriangularSolve", lambda tf, a, b: tf.linalg.triangular_solve(_spd(tf, a), b), F(3, 3), F(2, 3, 2)),
    sample("MatrixTriangularSolve", lambda tf, a, b: tf.linalg.triangular_solve(_spd(tf, a), b, adjoint=True), C(3, 3),
           C(3, 2), tol=_SLACK),
    sample("MatrixTriangularSolve", lambda tf, a, b: tf.linalg.triangular_solve(a, b), A([[0.0, 0.0], [1.0, 1.0]]),
           A([[1.0], [2.0]]), grad=False),
    sample("MatrixTriangularSolve", lambda tf, a, b: tf.linalg.cholesky_solve(_spd(tf, a), b), F(2, 3, 3), F(2, 3, 2)),
    sample("Cholesky MatrixTriangularSolve", lambda tf, a, b: tf.linalg.lstsq(a, b), D(5, 3), D(5, 2)),
    sample("Cholesky MatrixTriangularSolve", lambda tf, a, b: tf.linalg.lstsq(a, b, l2_regularizer=0.5), F(2, 3, 5),
           F(2, 3, 1)),
    sample("MatrixSolveLs", lambda tf, a, b: tf.linalg.lstsq(a, b, fast=False), F(5, 3), F(5, 2), grad=False, tol=_SLACK),
    sample("MatrixSolveLs", lambda tf, a, b: tf.raw_ops.MatrixSolveLs(matrix=a, rhs=b, l2_regularizer=tf.constant(
        0.5, tf.float64)), F(5, 3), F(5, 2), grad=False, tol=_SLACK),
    sample("Svd", lambda tf, x: tf.linalg.pinv(x), D(4, 2), tol=_SLACK),
    sample("Svd", lambda tf, x: tf.linalg.pinv(x, rcond=0.5), F(3, 4), grad=False),
    sample("Svd", lambda tf, x: tf.linalg.matrix_rank(x), A([[1.0, 2.0], [2.0, 4.0]]), grad=False),
    sample("MatrixExponential", lambda tf, x: tf.linalg.expm(x), F(2, 3, 3), tol=_SLACK),
    sample("MatrixExponential", lambda tf, x: tf.linalg.expm(8.0 * x), D(3, 3), tol=_SLACK),
    sample("MatrixExponential", lambda tf, x: tf.linalg.expm(x), C(3, 3), tol=_SLACK),
    sample("MatrixSquareRoot", lambda tf, x: tf.linalg.sqrtm(_spd(tf, x)), D(2, 3, 3), tol=_SLACK),
    sample("MatrixSquareRoot", lambda tf, x: tf.linalg.sqrtm(_spd(tf, x)), C(3, 3), tol=_SLACK, fd=False),
    sample("MatrixSquareRoot", lambda tf, x: tf.linalg.sqrtm(x), A([[4.0, 1.0], [0.0, 4.0]]), tol=_SLACK),
    sample("MatrixLogarithm", lambda tf, x: tf.linalg.logm(_spd(tf, x)), C(3, 3), grad=False, tol=_SLACK),
    sample("MatrixLogarithm", lambda tf, x: tf.linalg.logm(tf.cast(x, tf.complex64)), A([[4.0, 1.0], [0.0, 4.0]]),
           grad=False, tol=_SLACK),
    sample("TridiagonalSolve", lambda tf, d, b: tf.linalg.tridiagonal_solve(d, b), _DIAGONALS, F(4)),
    sample("TridiagonalSolve", lambda tf, d, b: tf.linalg.tridiagonal_solve(d, b, partial_pivoting=False), _DIAGONALS,
           F(4, 2)),
    sample("TridiagonalSolve", lambda tf, d, b: tf.linalg.tridiagonal_solve(d, b), D(2, 3, 5), D(2, 5, 2)),
    sample("TridiagonalSolve", lambda tf, d, b: tf.linalg.tridiagonal_solve(d, b, transpose_rhs=True, conjugate_rhs=True),
           C(3, 4), C(2, 4), tol=_SLACK, grad=False),
    sample("TridiagonalSolve", lambda tf, m, b: tf.linalg.tridiagonal_solve(_spd(tf, m), b, diagonals_format="matrix"),
           D(4, 4), D(4)),
    sample("TridiagonalSolve", lambda tf, a, m, c, b: tf.linalg.tridiagonal_solve(
        (a, m, c), b, diagonals_format="sequence"), D(3), D(4), D(3), D(4)),
    sample("TridiagonalMatMul", lambda tf, d, b: tf.linalg.tridiagonal_matmul(d, b), F(2, 3, 4), F(2, 4, 2)),
    sample("TridiagonalMatMul", lambda tf, a, m, c, b: tf.linalg.tridiagonal_matmul(
        (a, m, c), b, diagonals_format="sequence"), D(4), D(4), D(4), D(4, 2)),
    sample("TridiagonalMatMul", lambda tf, m, b: tf.linalg.tridiagonal_matmul(m, b, diagonals_format="matrix"), C(4, 4),
           C(4, 2), tol=_SLACK),
    sample("BandedTriangularSolve", lambda tf, d, b: tf.linalg.banded_triangular_solve(d, b), P(2, 4), F(4, 2)),
    sample("BandedTriangularSolve", lambda tf, d, b: tf.linalg.banded_triangular_solve(d, b, lower=False), P(3, 4),
           F(4, 2)),
    sample("BandedTriangularSolve", lambda tf, d, b: tf.linalg.banded_triangular_solve(d, b, adjoint=True), P(2, 2, 4),
           F(2, 4, 1)),
    sample("SelfAdjointEigV2", lambda tf, a, b: tf.linalg.eigh_tridiagonal(a, b), F(4), F(3), grad=False, tol=_SLACK),
    *(sample("MatrixSquareRoot", lambda tf, x: tf.linalg.sqrtm(x), A(
        [[[np.nan, 1.0], [0.0, 1.0]], [[4.0, 1.0], [0.0, 1.0]]], d), grad=False) for d in ("float32", "complex128")),
    sample("MatrixLogarithm", lambda tf, x: tf.linalg.logm(x), A([[[np.inf, 1.0], [0.0, 1.0]], [[4.0, 1.0], [0.0, 1.0]]],
           "complex64"), grad=False, tol=_SLACK),
    sample("MatrixSolve", lambda tf, a, b: tf.linalg.solve(a, b), A([[1.0, np.nan], [0.0, 2.0]]), F(2, 1), grad=False),
    sample("Lu", lambda tf, a: tf.linalg.lu(a), A([[1.0, 2.0], [np.nan, 2.0]]), grad=False),
]
