"""Samples of linear operators: each class, its methods, and their gradients."""
from __future__ import annotations

import numpy as np

from . import A, D, I, sample

_NUMBERS = ("to_dense", "diag_part", "trace", "determinant", "log_abs_determinant")


def _all(op, x, *methods):
    """What the methods without arguments give, and products and solutions with a matrix of fitting size."""
    out = [getattr(op, m)() for m in methods or _NUMBERS]
    columns, rows = x[..., :op.shape[-1], :], x[..., :op.shape[-2], :]
    out += [op.matmul(columns), op.matmul(rows, adjoint=True), op.matvec(columns[..., 0]),
            op.matvec(rows[..., 0], adjoint=True)]
    if op.is_square and op.is_non_singular is not False:
        out += [op.solve(rows), op.solve(columns, adjoint=True), op.solvevec(rows[..., 0]), op.inverse().matmul(rows)]
    return out + [op.adjoint().matmul(rows)]


def _near(tf, x):
    """Well-conditioned matrices."""
    return 0.3 * x + 2.0 * tf.eye(tf.shape(x)[-1], dtype=x.dtype)


def _spd(tf, x):
    return tf.matmul(x, x, transpose_b=True) + tf.eye(tf.shape(x)[-1], dtype=x.dtype)


def _positive(tf, x):
    return 0.5 + x * x


def _hermitian(tf, x):
    """Numbers whose inverse transform is real."""
    return tf.signal.fft(tf.cast(x, tf.complex128)) + 8.0


def _plus(tf, op, x):
    return [op.add_to_tensor(x), op.cond()]


def _blocks(tf, a, b, c):
    full = tf.linalg.LinearOperatorFullMatrix
    return tf.linalg.LinearOperatorBlockLowerTriangular([[full(_near(tf, a))], [full(b), full(_near(tf, c))]])


_SLACK = (1e-6, 1e-8)


SAMPLES = [
    sample("BatchMatMulV2", lambda tf, a, x: _all(tf.linalg.LinearOperatorFullMatrix(_near(tf, a)), x), D(2, 3, 3), D(3, 2)),
    sample("MatMul", lambda tf, a, x: _all(tf.linalg.LinearOperatorFullMatrix(a), x, "to_dense", "diag_part", "trace"),
           D(3, 4), D(4, 2)),
    sample("Cholesky", lambda tf, a, x: _all(tf.linalg.LinearOperatorFullMatrix(
        _spd(tf, a), is_self_adjoint=True, is_positive_definite=True), x, *_NUMBERS, "eigvals", "cond"), D(2, 3, 3), D(3, 2),
        tol=_SLACK),
    sample("Cholesky", lambda tf, a: tf.linalg.LinearOperatorFullMatrix(
        _spd(tf, a), is_self_adjoint=True, is_positive_definite=True).cholesky().to_dense(), D(2, 3, 3)),
    sample("MatMul", lambda tf, a, x: tf.linalg.LinearOperatorFullMatrix(a).matmul(x), D(0, 3, 3), D(3, 2)),
    sample("Mul", lambda tf, d, x: _all(tf.linalg.LinearOperatorDiag(_positive(tf, d)), x, *_NUMBERS, "eigvals", "cond"),
           D(2, 3), D(3, 2)),
    sample("Mul", lambda tf, d, x: _plus(tf, tf.linalg.LinearOperatorDiag(d), x), D(3), D(2, 3, 3)),
    sample("Mul", lambda tf, d, x: _all(tf.linalg.LinearOperatorDiag(tf.complex(d, 1.0 + d)), tf.complex(x, 2.0 * x)),
           D(3), D(3, 2)),
    sample("Mul", lambda tf, d: tf.linalg.LinearOperatorDiag(
        _positive(tf, d), is_positive_definite=True).cholesky().to_dense(), D(2, 3)),
    sample("Fill", lambda tf, x: _all(tf.linalg.LinearOperatorIdentity(3, [2], tf.float64), x, *_NUMBERS, "eigvals", "cond"),
           D(3, 2)),
    sample("Fill", lambda tf, x: _plus(tf, tf.linalg.LinearOperatorIdentity(3, dtype=tf.float64), x), D(2, 3, 3)),
    sample("Mul", lambda tf, m, x: _all(tf.linalg.LinearOperatorScaledIdentity(3, _positive(tf, m)), x, *_NUMBERS, "eigvals",
                                        "cond"), D(2), D(3, 2)),
    sample("Mul", lambda tf, m, x: _plus(tf, tf.linalg.LinearOperatorScaledIdentity(3, m), x), D(2), D(2, 3, 3)),
    sample("Fill", lambda tf, x: _all(tf.linalg.LinearOperatorZeros(
        3, 4, [2], tf.float64, is_square=False, is_self_adjoint=False), x, "to_dense", "diag_part", "trace"), D(4, 2)),
    sample("Fill", lambda tf, x: tf.linalg.LinearOperatorZeros(3, dtype=tf.float64).add_to_tensor(x), D(2, 3, 3)),
    sample("MatrixTriangularSolve", lambda tf, a, x: _all(tf.linalg.LinearOperatorLowerTriangular(_near(tf, a)), x),
           D(2, 3, 3), D(3, 2)),
    sample("Mul", lambda tf, v, x: _all(tf.linalg.LinearOperatorHouseholder(v), x, *_NUMBERS, "eigvals", "cond"), D(2, 3),
           D(3, 2)),
    sample("GatherV2", lambda tf, p, x: _all(tf.linalg.LinearOperatorPermutation(p, tf.float64), x, "to_dense", "diag_part",
                                             "trace", "log_abs_determinant", "cond"),
           A(np.array([[2, 0, 1, 3], [3, 2, 0, 1]], np.int32)), D(4, 2)),
    sample("GatherV2", lambda tf, p, x: _all(tf.linalg.LinearOperatorPermutation(p, tf.float64), x),
           A(np.array([2, 0, 1], np.int64)), D(2, 3, 2)),
    sample("FFT IFFT", lambda tf, c, r, x: _all(tf.linalg.LinearOperatorToeplitz(
        tf.concat([c[:, :1] + 4.0, c[:, 1:]], 1), r), x), D(2, 3), D(2, 3), D(3, 2)),
    sample("TridiagonalMatMul TridiagonalSolve", lambda tf, d, x: _all(tf.linalg.LinearOperatorTridiag(
        d + tf.constant([[0.0], [4.0], [0.0]], tf.float64)), x), D(2, 3, 4), D(2, 4, 2)),
    sample("TridiagonalMatMul", lambda tf, a, b, c, x: _all(tf.linalg.LinearOperatorTridiag(
        [a, b + 4.0, c], "sequence"), x), D(4), D(4), D(4), D(4, 2)),
    sample("TridiagonalMatMul", lambda tf, a, x: _all(tf.linalg.LinearOperatorTridiag(
        tf.linalg.band_part(_near(tf, a), 1, 1), "matrix"), x), D(4, 4), D(4, 2)),
    sample("FFT IFFT", lambda tf, s, x: [(op.to_dense(), op.matmul(x), op.matmul(x, adjoint=True), op.solve(x),
                                          op.inverse().matmul(x), op.determinant(), op.trace(), op.diag_part(), op.cond(),
                                          op.convolution_kernel())
                                         for op in [tf.linalg.LinearOperatorCirculant(
                                             _hermitian(tf, s), input_output_dtype=tf.float64)]], D(2, 4), D(4, 2)),
    sample("FFT IFFT", lambda tf, s, x: _all(tf.linalg.LinearOperatorCirculant(
        _positive(tf, s), input_output_dtype=tf.complex128), tf.complex(x, 2.0 * x), *_NUMBERS, "eigvals"), D(4), D(2, 4, 2)),
    sample("FFT2D IFFT2D", lambda tf, s, x: _all(tf.linalg.LinearOperatorCirculant2D(
        _positive(tf, s), input_output_dtype=tf.complex128), tf.complex(x, 2.0 * x)), D(2, 2, 3), D(6, 2)),
    sample("FFT3D IFFT3D", lambda tf, s, x: _all(tf.linalg.LinearOperatorCirculant3D(
        _positive(tf, s), input_output_dtype=tf.complex128), tf.complex(x, 2.0 * x)), D(2, 2, 2), D(8, 2)),
    sample("MatrixTriangularSolve", lambda tf, a, x: _all(tf.linalg.LinearOperatorAdjoint(
        tf.linalg.LinearOperatorLowerTriangular(_near(tf, a))), x), D(3, 3), D(3, 2)),
    sample("MatrixTriangularSolve", lambda tf, a, x: _all(tf.linalg.LinearOperatorInversion(
        tf.linalg.LinearOperatorLowerTriangular(_near(tf, a))), x), D(2, 3, 3), D(3, 2)),
    sample("MatMul", lambda tf, a, d, x: _all(tf.linalg.LinearOperatorComposition([
        tf.linalg.LinearOperatorFullMatrix(_near(tf, a)), tf.linalg.LinearOperatorDiag(_positive(tf, d))]), x), D(3, 3),
        D(2, 3), D(3, 2)),
    sample("MatMul", lambda tf, a, x: _all((lambda t: tf.linalg.LinearOperatorComposition([t, t.H]))(
        tf.linalg.LinearOperatorLowerTriangular(_near(tf, a), is_non_singular=True)), x, *_NUMBERS, "cond"), D(3, 3), D(3, 2),
        tol=_SLACK),
    sample("BatchMatMulV2", lambda tf, a, b, d, x: _all(tf.linalg.LinearOperatorKronecker([
        tf.linalg.LinearOperatorFullMatrix(_near(tf, a)), tf.linalg.LinearOperatorLowerTriangular(_near(tf, b)),
        tf.linalg.LinearOperatorDiag(_positive(tf, d))]), x), D(2, 3, 3), D(2, 2), D(2), D(12, 2)),
    sample("MatMul", lambda tf, a, b, x: _all(tf.linalg.LinearOperatorKronecker([
        tf.linalg.LinearOperatorFullMatrix(a), tf.linalg.LinearOperatorFullMatrix(b)]), x, "to_dense"), D(2, 3), D(3, 3),
        D(9, 2), grad=False),
    sample("MatMul", lambda tf, a, d, x: _all(tf.linalg.LinearOperatorBlockDiag([
        tf.linalg.LinearOperatorFullMatrix(_near(tf, a)), tf.linalg.LinearOperatorDiag(_positive(tf, d))]), x), D(3, 3),
        D(2, 2), D(5, 2)),
    sample("MatMul", lambda tf, a, d, x, y: tf.linalg.LinearOperatorBlockDiag([
        tf.linalg.LinearOperatorFullMatrix(_near(tf, a)), tf.linalg.LinearOperatorDiag(_positive(tf, d))]).solve([x, y]),
        D(3, 3), D(2), D(3, 1), D(2, 1)),
    sample("MatMul", lambda tf, a, b, c, x: _all(_blocks(tf, a, b, c), x), D(2, 3, 3), D(2, 3), D(2, 2), D(5, 2)),
    sample("MatMul", lambda tf, a, b, c, x, y: _blocks(tf, a, b, c).matvec([x, y]), D(3, 3), D(2, 3), D(2, 2), D(3), D(2)),
    sample("MatrixSolve", lambda tf, d, u, v, x: _all(tf.linalg.LinearOperatorLowRankUpdate(
        tf.linalg.LinearOperatorDiag(_positive(tf, d)), u, v=v), x), D(2, 3), D(3, 2), D(3, 2), D(3, 2), tol=_SLACK),
    sample("Cholesky", lambda tf, d, u, e, x: _all(tf.linalg.LinearOperatorLowRankUpdate(
        tf.linalg.LinearOperatorDiag(_positive(tf, d), is_positive_definite=True), u, _positive(tf, e),
        is_diag_update_positive=True), x, *_NUMBERS, "eigvals", "cond"), D(3), D(2, 3, 2), D(2), D(3, 2), tol=_SLACK),
    sample("MatMul", lambda tf, a, d: [op.to_dense() for op in (lambda f, g, t: [
        f.matmul(g), g.matmul(g), g.matmul(t), t.matmul(g), g.solve(t), f.solve(g), g.solve(g)])(
        tf.linalg.LinearOperatorFullMatrix(_near(tf, a)), tf.linalg.LinearOperatorDiag(_positive(tf, d)),
        tf.linalg.LinearOperatorLowerTriangular(a))], D(3, 3), D(3)),
    sample("MatMul", lambda tf, a, x: [tf.matmul(tf.linalg.LinearOperatorFullMatrix(_near(tf, a)), x),
                                       tf.matmul(x, tf.linalg.LinearOperatorFullMatrix(_near(tf, a)), adjoint_a=True),
                                       tf.linalg.solve(tf.linalg.LinearOperatorFullMatrix(_near(tf, a)), x)],
           D(3, 3), D(3, 2)),
    sample("MatMul", lambda tf, a, b: list(tf.linalg.experimental.conjugate_gradient(tf.linalg.LinearOperatorFullMatrix(
        _spd(tf, a), is_self_adjoint=True, is_positive_definite=True), b)), D(4, 4), D(4), grad=False, tol=(1e-3, 1e-5)),
    sample("MatMul", lambda tf, a, b: list(tf.linalg.experimental.conjugate_gradient(tf.linalg.LinearOperatorFullMatrix(
        _spd(tf, a), is_self_adjoint=True, is_positive_definite=True), b, preconditioner=tf.linalg.LinearOperatorIdentity(
            4, dtype=tf.float64), x=tf.ones([2, 4], tf.float64), max_iter=3)), D(2, 4, 4), D(2, 4), grad=False),
    sample("Pack", lambda tf, n: [tf.linalg.LinearOperatorIdentity(n).to_dense()], I(3, 4)),
]
