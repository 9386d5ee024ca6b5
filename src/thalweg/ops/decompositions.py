"""Decompositions of matrices into triangular factors, and determinants and inverses."""
from __future__ import annotations

from collections import namedtuple
from math import prod
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, unknown_shape
from .arrays import concat, reshape
from .bands import band_part
from .common import shape_of, static_shape
from .diagonals import diag, diag_part, set_diag
from .elementwise import log
from .linalg import adjoint, check, check_pivot, matrices, real_part, same_matrices, wide
from .matmul import matmul
from .reductions import reduce_sum
from .requirements import require, require_finite

_COMPLEX = "T: {double, float, half, complex64, complex128}"
LogMatrixDeterminant = namedtuple("LogMatrixDeterminant", ["sign", "log_abs_determinant"])
Qr = namedtuple("Qr", ["q", "r"])
Lu = namedtuple("Lu", ["lu", "p"])


def _batch(op: Any) -> TensorShape:
    found = matrices(op)
    return unknown_shape() if found is None else TensorShape(found[0])


def _column(x: Any, y: Any) -> Any:
    """A batch of numbers in a shape that broadcasts with the matrices `y`."""
    known = static_shape(x)
    return reshape(x, (*known, 1, 1) if known is not None else concat([shape_of(x), [1, 1]], 0))


# Determinants and inverses.


@op("MatrixDeterminant", "input: T -> output: T", attrs="T: {half, float, double, complex64, complex128}", infer=_batch)
def matrix_determinant(xp: Any, x: Any) -> Any:
    check(x)
    return xp.asarray(xp.linalg.det(wide(x))).astype(x.dtype)


@matrix_determinant.vjp(0)
def _(op: Any, dy: Any) -> Any:
    # For complex matrices TensorFlow leaves out the conjugate of the determinant, and so do we.
    return _column(dy * op.outputs[0], op.inputs[0]) * inv(op.inputs[0], adjoint=True)


@op("LogMatrixDeterminant", "input: T -> sign: T, log_abs_determinant: T",
    attrs="T: {half, float, double, complex64, complex128}",
    infer=lambda op: [(_batch(op), op.inputs[0].dtype), (_batch(op), op.inputs[0].dtype)])
def log_matrix_determinant(xp: Any, x: Any) -> Any:
    check(x)
    sign, logarithm = xp.linalg.slogdet(wide(x))
    return xp.asarray(sign).astype(x.dtype), xp.asarray(logarithm).astype(x.dtype)


@log_matrix_determinant.vjp(0)
def _(op: Any, _: Any, dy: Any) -> Any:
    return _column(dy, op.inputs[0]) * inv(op.inputs[0], adjoint=True)


@op("MatrixInverse", "input: T -> output: T", attrs="adjoint: bool = false; " + _COMPLEX, infer=same_matrices)
def matrix_inverse(xp: Any, x: Any, adjoint: bool = False) -> Any:
    check(x)
    a = wide(x)
    if adjoint:
        a = xp.conj(xp.swapaxes(a, -1, -2))
    try:
        check_pivot(xp, a)
        out = xp.linalg.inv(a).astype(x.dtype)
        require_finite(xp, out, a)
        return out
    except np.linalg.LinAlgError:
        raise errors.InvalidArgumentError("Input is not invertible.") from None


@matrix_inverse.vjp(0)
def _(op: Any, dy: Any) -> Any:
    y, flipped = op.outputs[0], bool(op.attrs.get("adjoint", False))
    inner = matmul(dy, y, adjoint_a=flipped, adjoint_b=not flipped)
    return -matmul(y, inner, adjoint_a=not flipped)


# Cholesky.


@op("Cholesky", "input: T -> output: T", attrs=_COMPLEX, infer=same_matrices)
def cholesky_(xp: Any, x: Any) -> Any:
    check(x)
    if not x.size:
        return x
    a = wide(x)
    if xp is not np:
        return xp.linalg.cholesky(a, symmetrize_input=False).astype(x.dtype)
    try:
        return np.linalg.cholesky(a).astype(x.dtype)
    except np.linalg.LinAlgError:
        out = np.empty(a.shape, a.dtype)
        for place in np.ndindex(a.shape[:-2]):
            try:
                out[place] = np.linalg.cholesky(a[place])
            except np.linalg.LinAlgError:
                out[place] = np.tril(np.full(a.shape[-2:], np.nan, a.dtype))
        return out.astype(x.dtype)


@cholesky_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .linear_systems import triangular_solve
    factor = op.outputs[0]
    middle = matmul(factor, dy, adjoint_a=True)
    middle = band_part(set_diag(middle, 0.5 * diag_part(middle)), -1, 0)
    # factor^-H middle factor^-1, made Hermitian.
    left = triangular_solve(factor, middle, adjoint=True)
    whole = adjoint(triangular_solve(factor, adjoint(left), adjoint=True))
    return 0.5 * (whole + adjoint(whole))


@op("CholeskyGrad", "l: T, grad: T -> output: T", attrs="T: {half, float, double}", infer=same_matrices)
def cholesky_grad(xp: Any, factor: Any, dy: Any) -> Any:
    """The gradient for symmetric matrices with these factors. The upper triangles are not looked at."""
    from .linear_systems import matrix_triangular_solve
    for i, x in enumerate((factor, dy)):
        if x.ndim < 2:
            raise errors.InvalidArgumentError(f"Input tensor {i} must have rank >= 2, got {x.ndim}")
    if factor.shape[:-2] != dy.shape[:-2]:
        raise errors.InvalidArgumentError("All input tensors must have the same outer dimensions.")
    if factor.shape[-1] != factor.shape[-2]:
        raise errors.InvalidArgumentError("Inputs must be a square matrices.")
    if factor.shape != dy.shape:
        raise errors.InvalidArgumentError("Inputs (L and grad) must have the same shape.")
    one = np.eye(factor.shape[-1], dtype=wide(factor).dtype)
    lower = xp.tril(wide(factor))
    middle = xp.tril(xp.swapaxes(lower, -1, -2) @ xp.tril(wide(dy))) * (1 - one / 2)
    singular = (xp.diagonal(lower, 0, -2, -1) == 0).any(-1)[..., None, None]
    safe = xp.where(singular, one, lower)
    for _ in range(2):  # from either side
        middle = xp.swapaxes(matrix_triangular_solve.kernel(xp, safe, middle, adjoint=True), -1, -2)
    return xp.where(singular, xp.asarray(np.nan, one.dtype), (middle + xp.swapaxes(middle, -1, -2)) / 2).astype(factor.dtype)


# QR.


def _qr_shape(op: Any) -> list[Any]:
    found, dtype = matrices(op, square=False), op.inputs[0].dtype
    if found is None:
        return [(unknown_shape(), dtype), (unknown_shape(), dtype)]
    outer, rows, columns = found
    inner = rows if op.attrs.get("full_matrices", False) else None if None in (rows, columns) else min(rows, columns)
    return [(TensorShape([*outer, rows, inner]), dtype), (TensorShape([*outer, inner, columns]), dtype)]


@op("Qr", "input: T -> q: T, r: T", attrs="full_matrices: bool = false; " + _COMPLEX, infer=_qr_shape)
def qr_(xp: Any, x: Any, full_matrices: bool = False) -> Any:
    check(x, square=False)
    q, r = xp.linalg.qr(wide(x), "complete" if full_matrices else "reduced")
    return q.astype(x.dtype), r.astype(x.dtype)


@qr_.vjp(0)
def _(op: Any, dq: Any, dr: Any) -> Any:
    (q, r), a = op.outputs, op.inputs[0]
    (rows, inner), columns = q.shape.as_list()[-2:], r.shape.as_list()[-1]
    if None in (rows, inner, columns):
        raise errors.UnimplementedError(None, None, "The gradient of Qr needs static shapes.")
    if rows > columns and inner == rows:
        raise errors.UnimplementedError(
            None, None, "The gradient of Qr is not defined for more rows than columns with full_matrices.")
    if rows >= columns:
        return _tall_qr_gradient(q, r, dq, dr)
    # A wide matrix [x, y] is q [u, v]: x has the factors q and u, and y = q v.
    y, u, du, dv = a[..., rows:], r[..., :rows], dr[..., :rows], dr[..., rows:]
    dx = _tall_qr_gradient(q, u, dq + matmul(y, dv, adjoint_b=True), du)
    return concat([dx, matmul(q, dv)], -1)


def _tall_qr_gradient(q: Any, r: Any, dq: Any, dr: Any) -> Any:
    """With M = r dr^H - dq^H q the gradient is (dq + q copyltu(M)) r^-H, copyltu(M) being Hermitian with M's lower part."""
    m = matmul(r, dr, adjoint_b=True) - matmul(dq, q, adjoint_a=True)
    lower = band_part(m, -1, 0)
    # The diagonal of M counts once, with its real part where it is complex.
    middle = lower + adjoint(band_part(m, -1, 0)) - diag(real_part(diag_part(m)))
    from .linear_systems import triangular_solve
    return adjoint(triangular_solve(r, adjoint(dq + matmul(q, middle)), lower=False))


# LU.


def _lu_shape(op: Any) -> list[Any]:
    found = matrices(op)
    out = dtypes.as_dtype(op.attrs.get("output_idx_type", dtypes.int32))
    places = unknown_shape() if found is None else TensorShape([*found[0], found[1] if found[2] is None else found[2]])
    return [(op.inputs[0].shape, op.inputs[0].dtype), (places, out)]


@op("Lu", "input: T -> lu: T, p: output_idx_type",
    attrs=_COMPLEX + "; output_idx_type: {int32, int64} = int32", infer=_lu_shape)
def lu_(xp: Any, x: Any, output_idx_type: Any = dtypes.int32) -> Any:
    check(x, what="Input tensor")
    out = dtypes.as_dtype(output_idx_type).np
    if xp is not np:
        from jax.lax.linalg import lu as jax_lu
        packed, _, places = jax_lu(wide(x))
        require(xp, xp.diagonal(packed, 0, -2, -1) != 0)
        return packed.astype(x.dtype), places.astype(out)
    n = x.shape[-1]
    a = np.array(wide(x)).reshape(prod(x.shape[:-2]), n, n)
    every = np.arange(len(a))
    places = np.tile(np.arange(n), (len(a), 1))
    for k in range(n):
        sizes = np.abs(a[:, k:, k])
        best = k + np.where(np.isnan(sizes[:, 0]), 0, np.argmax(np.nan_to_num(sizes, nan=-1.0, posinf=np.inf), 1))
        for table in (a, places):
            row = table[every, best].copy()
            table[every, best] = table[:, k]
            table[:, k] = row
        pivot = a[:, k, k]
        if not pivot.all() or (k == 0 and np.isnan(pivot).any()):
            raise errors.InvalidArgumentError("Input is not invertible.")
        a[:, k + 1:, k] /= pivot[:, None]
        a[:, k + 1:, k + 1:] -= a[:, k + 1:, k, None] * a[:, k, None, k + 1:]
    return a.reshape(x.shape).astype(x.dtype), places.reshape(x.shape[:-1]).astype(out)


@lu_.vjp(0)
def _(op: Any, dy: Any, _: Any) -> Any:
    from .linear_systems import rows_by, triangular_solve
    from .sorting import argsort
    packed, places = op.outputs
    lower = set_diag(band_part(packed, -1, 0), diag_part(packed) * 0 + 1)
    upper = band_part(packed, 0, -1)
    strict = dy - band_part(dy, 0, -1)
    left = matmul(lower, strict, adjoint_a=True)
    middle = left - band_part(left, 0, -1) + band_part(matmul(band_part(dy, 0, -1), upper, adjoint_b=True), 0, -1)
    whole = triangular_solve(lower, middle, adjoint=True)
    whole = adjoint(triangular_solve(upper, adjoint(whole), lower=False))
    return rows_by(whole, argsort(places))


# The public functions.


def _one(entry: OpDef, x: Any, name: str | None, **attrs: Any) -> Any:
    return apply(entry, (convert_to_tensor(x),), attrs, name)


def det(input: Any, name: str | None = None) -> Any:
    """The determinants of matrices."""
    return _one(matrix_determinant, input, name)


def slogdet(input: Any, name: str | None = None) -> Any:
    """The signs of the determinants of matrices, and the logarithms of their absolute values."""
    return LogMatrixDeterminant(*_one(log_matrix_determinant, input, name))


def logdet(matrix: Any, name: str | None = None) -> Any:
    """The logarithms of the determinants of Hermitian positive definite matrices."""
    from .complex_numbers import real
    return 2.0 * reduce_sum(log(real(diag_part(cholesky(matrix)))), [-1], name=name)


def inv(input: Any, adjoint: bool = False, name: str | None = None) -> Any:
    """The inverses of matrices, or of their adjoints.

    Raises:
      InvalidArgumentError: a matrix has none.
    """
    return _one(matrix_inverse, input, name, adjoint=bool(adjoint))


def cholesky(input: Any, name: str | None = None) -> Any:
    """The lower triangular `l` with `l l^H = a`; NaN where a matrix is not positive definite."""
    return _one(cholesky_, input, name)


def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> Any:
    """Matrices as `q r`, with orthonormal columns in `q` and upper triangular `r`."""
    return Qr(*_one(qr_, input, name, full_matrices=bool(full_matrices)))


def lu(input: Any, output_idx_type: Any = dtypes.int32, name: str | None = None) -> Any:
    """The factors of matrices with pivoting: `lu` holds both triangles, `p` which row came where.

    Raises:
      InvalidArgumentError: a matrix is singular.
    """
    return Lu(*_one(lu_, input, name, output_idx_type=dtypes.as_dtype(output_idx_type)))


