"""Solving systems of linear equations."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape, broadcast_static, unknown_shape
from .bands import band_part
from .common import reduce_to, shape_of, shape_text
from .decompositions import cholesky
from .diagonals import diag_part, set_diag
from .dynamic import shape_tensor
from .elementwise import cast
from .linalg import check, check_pivot, wide
from .matmul import matmul
from .reductions import reduce_max, reduce_sum
from .requirements import require_finite
from .spectral import svd

_COMPLEX = "T: {double, float, half, complex64, complex128}"


def _flip(xp: Any, a: Any) -> Any:
    return xp.conj(xp.swapaxes(a, -1, -2))


def _solve_shape(op: Any) -> TensorShape:
    a, b = op.inputs[0].shape, op.inputs[1].shape
    for shape in (a, b):
        if shape.rank is not None and shape.rank < 2:
            raise ValueError(f"Shape must be at least rank 2 but is rank {shape.rank}")
    if a.rank is None or b.rank is None:
        return unknown_shape()
    (*outer, rows, columns), (*right, size, count) = a.as_list(), b.as_list()
    square = not op.type.endswith("MatrixSolveLs")
    for p, q in ((rows, columns), (rows, size)) if square else ((rows, size),):
        if p is not None and q is not None and p != q:
            raise ValueError(f"Dimensions must be equal, but are {p} and {q}")
    batch = broadcast_static(outer, right)
    return batch.concatenate([columns if columns is not None or not square else size, count])


@op("MatrixSolve", "matrix: T, rhs: T -> output: T", attrs="adjoint: bool = false; " + _COMPLEX, infer=_solve_shape)
def matrix_solve(xp: Any, a: Any, b: Any, adjoint: bool = False) -> Any:
    tail = " [Op:MatrixSolve]"
    if a.ndim != b.ndim:
        raise errors.InvalidArgumentError("All input tensors must have the same rank." + tail)
    check(a, square=False)
    if a.shape[:-2] != b.shape[:-2]:
        raise errors.InvalidArgumentError("All input tensors must have the same outer dimensions.")
    if a.shape[-1] != a.shape[-2]:
        raise errors.InvalidArgumentError("First input (lhs) must be a square matrix." + tail)
    if a.shape[-1] != b.shape[-2]:
        raise errors.InvalidArgumentError("Input matrix and rhs are incompatible." + tail)
    m = wide(a)
    try:
        check_pivot(xp, m)
        out = xp.linalg.solve(_flip(xp, m) if adjoint else m, wide(b)).astype(a.dtype)
        require_finite(xp, out, a, b)
        return out
    except np.linalg.LinAlgError:
        raise errors.InvalidArgumentError("Input matrix is not invertible." + tail) from None


@matrix_solve.gradient
def _(op: Any, dy: Any) -> Any:
    a, y = op.inputs[0], op.outputs[0]
    flipped = bool(op.attrs.get("adjoint", False))
    db = solve(a, dy, adjoint=not flipped)
    da = None
    if op.needs[0]:
        da = -matmul(y, db, adjoint_b=True) if flipped else -matmul(db, y, adjoint_b=True)
    return da, db


def _substitute(a: Any, b: Any, lower: bool) -> Any:
    """Row by row; gives infinities and NaN where a diagonal has zeros."""
    n = a.shape[-1]
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    x = np.array(np.broadcast_to(b, (*batch, *b.shape[-2:])))
    for i in range(n) if lower else range(n - 1, -1, -1):
        known = slice(0, i) if lower else slice(i + 1, n)
        x[..., i, :] -= np.matmul(a[..., i:i + 1, known], x[..., known, :])[..., 0, :]
        x[..., i, :] /= a[..., i, i, None]
    return x


def _triangular(xp: Any, a: Any, b: Any, lower: bool, adjoint: bool, type: str) -> Any:
    tail = f" [Op:{type}]"
    for i, x in enumerate((a, b)):
        if x.ndim < 2:
            raise errors.InvalidArgumentError(f"In[{i}] ndims must be >= 2: {x.ndim}{tail}")
    try:
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        raise errors.InvalidArgumentError("In[0] and In[1] must have compatible batch dimensions: "
                                          f"{shape_text(a.shape)} vs. {shape_text(b.shape)}") from None
    if a.shape[-1] != a.shape[-2]:
        raise errors.InvalidArgumentError("In[0] matrices in the last dimensions must be square "
                                          f"({a.shape[-1]} =/= {a.shape[-2]}){tail}")
    if a.shape[-1] != b.shape[-2]:
        raise errors.InvalidArgumentError(
            f"In[0] mismatch In[1] shape: {a.shape[-1]} vs. {b.shape[-2]}: {shape_text(a.shape)} {shape_text(b.shape)} "
            f"{int(lower)} {int(adjoint)}{tail}")
    m, y = wide(a), wide(b)
    if xp is not np:
        from jax.lax.linalg import triangular_solve as jax_solve
        m, y = (xp.broadcast_to(t, (*batch, *t.shape[-2:])) for t in (m, y))
        return jax_solve(m, y, left_side=True, lower=lower, transpose_a=adjoint, conjugate_a=adjoint).astype(a.dtype)
    m = np.tril(m) if lower else np.triu(m)
    if adjoint:
        m, lower = _flip(np, m), not lower
    try:
        return np.linalg.solve(m, y).astype(a.dtype)
    except np.linalg.LinAlgError:
        return _substitute(m, y, lower).astype(a.dtype)


@op("MatrixTriangularSolve", "matrix: T, rhs: T -> output: T",
    attrs="lower: bool = true; adjoint: bool = false; T: {bfloat16, double, float, half, complex64, complex128}",
    infer=_solve_shape)
def matrix_triangular_solve(xp: Any, a: Any, b: Any, lower: bool = True, adjoint: bool = False) -> Any:
    return _triangular(xp, a, b, lower, adjoint, "MatrixTriangularSolve")


@matrix_triangular_solve.gradient
def _(op: Any, dy: Any) -> Any:
    (a, b), y = op.inputs, op.outputs[0]
    lower, flipped = bool(op.attrs.get("lower", True)), bool(op.attrs.get("adjoint", False))
    db = triangular_solve(a, dy, lower=lower, adjoint=not flipped)
    da = None
    if op.needs[0]:
        da = -matmul(y, db, adjoint_b=True) if flipped else -matmul(db, y, adjoint_b=True)
        da = band_part(da, -1, 0) if lower else band_part(da, 0, -1)
        da = reduce_to(da, a, da)
    return da, reduce_to(db, b, db)


@op("MatrixSolveLs", "matrix: T, rhs: T, l2_regularizer: double -> output: T", attrs=_COMPLEX + "; fast: bool = true",
    infer=_solve_shape)
def matrix_solve_ls(xp: Any, a: Any, b: Any, regularizer: Any, fast: bool = True) -> Any:
    check(a, square=False)
    if a.ndim != b.ndim:
        raise errors.InvalidArgumentError("All input tensors must have the same rank. [Op:MatrixSolveLs]")
    if a.shape[:-1] != b.shape[:-1]:
        raise errors.InvalidArgumentError("Input matrix and rhs are incompatible. [Op:MatrixSolveLs]")
    m, y = wide(a), wide(b)
    if not fast:
        return xp.matmul(xp.linalg.pinv(m), y).astype(a.dtype)
    tall = a.shape[-2] >= a.shape[-1]
    gram = xp.matmul(_flip(xp, m), m) if tall else xp.matmul(m, _flip(xp, m))
    gram = gram + xp.asarray(regularizer, m.dtype) * xp.eye(gram.shape[-1], dtype=m.dtype)
    try:
        solved = xp.linalg.solve(gram, xp.matmul(_flip(xp, m), y) if tall else y)
        require_finite(xp, solved, a, b)
        return (solved if tall else xp.matmul(_flip(xp, m), solved)).astype(a.dtype)
    except np.linalg.LinAlgError:
        raise errors.InvalidArgumentError("Input matrix was rank deficient or ill-conditioned. Try setting fast=False or "
                                          "provide a larger l2_regularizer > 0.") from None


@matrix_solve_ls.vjp(0, 1)
def _(op: Any, dy: Any) -> Any:
    raise errors.UnimplementedError(None, None, "Gradient not defined for fast=False")


# The public functions.


def solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Any:
    """The `x` with `matrix x = rhs`, or `matrix^H x = rhs` if `adjoint`.

    Raises:
      InvalidArgumentError: a matrix is singular, or the shapes do not fit.
    """
    matrix = convert_to_tensor(matrix)
    return apply(matrix_solve, (matrix, convert_to_tensor(rhs, dtype_hint=matrix.dtype)), {"adjoint": bool(adjoint)}, name)


def triangular_solve(matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None) -> Any:
    """The `x` with `matrix x = rhs`, where only the lower (else the upper) triangle of the matrix is read.

    Raises:
      InvalidArgumentError: the shapes do not fit.
    """
    matrix = convert_to_tensor(matrix)
    return apply(matrix_triangular_solve, (matrix, convert_to_tensor(rhs, dtype_hint=matrix.dtype)),
                 {"lower": bool(lower), "adjoint": bool(adjoint)}, name)


def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Any:
    """The `x` with `chol chol^H x = rhs`."""
    return triangular_solve(chol, triangular_solve(chol, rhs), adjoint=True, name=name)


def lstsq(matrix: Any, rhs: Any, l2_regularizer: Any = 0.0, fast: bool = True, name: str | None = None) -> Any:
    """The `x` that makes `matrix x - rhs` smallest, or the smallest `x` that makes it zero.

    Args:
      matrix: matrices of full rank, unless `fast` is false.
      rhs: the right hand sides.
      l2_regularizer: how much the squares of `x` count beside those of the rest.
      fast: go by the normal equations, which is quick but halves the precision.
      name: of the node.
    """
    a = convert_to_tensor(matrix)
    b = convert_to_tensor(rhs, dtype_hint=a.dtype)
    if not fast:
        return apply(matrix_solve_ls, (a, b, convert_to_tensor(l2_regularizer, dtypes.float64)), {"fast": False}, name)
    rows, columns = a.shape.as_list()[-2:] if a.shape.rank is not None else (None, None)
    if rows is None or columns is None:
        raise ValueError("lstsq needs matrices whose numbers of rows and columns are known.")
    if rows >= columns:
        gram = _regularized(matmul(a, a, adjoint_a=True), l2_regularizer)
        return cholesky_solve(cholesky(gram), matmul(a, b, adjoint_a=True), name)
    gram = _regularized(matmul(a, a, adjoint_b=True), l2_regularizer)
    return matmul(a, cholesky_solve(cholesky(gram), b), adjoint_a=True, name=name)


def _regularized(gram: Any, amount: Any) -> Any:
    amount = cast(convert_to_tensor(amount), gram.dtype)
    return set_diag(gram, diag_part(gram) + amount)


def rows_by(x: Any, places: Any) -> Any:
    """The rows of matrices in another order, one for each of a batch."""
    from .gathering import gather
    return gather(x, places, batch_dims=(places.shape.rank or 1) - 1, axis=-2)


def lu_solve(lower_upper: Any, perm: Any, rhs: Any, validate_args: bool = False, name: str | None = None) -> Any:
    """The `x` with `a x = rhs`, from the factors that `lu(a)` gives."""
    packed, perm = convert_to_tensor(lower_upper), convert_to_tensor(perm)
    b = convert_to_tensor(rhs, dtype_hint=packed.dtype)
    sizes = packed.shape, b.shape
    if all(d.rank is not None for d in sizes):
        if b.shape.rank < 2:
            raise ValueError(f"`rhs` must have at least 2 dimensions; got rank {b.shape.rank}.")
        if None not in (packed.shape[-1], b.shape[-2]) and packed.shape[-1] != b.shape[-2]:
            raise ValueError("`lower_upper.shape[-1]` must equal `rhs.shape[-1]`.")
    b = rows_by(b, perm)
    lower = set_diag(band_part(packed, -1, 0), diag_part(packed) * 0 + 1)
    return triangular_solve(packed, triangular_solve(lower, b), lower=False, name=name)


def lu_matrix_inverse(lower_upper: Any, perm: Any, validate_args: bool = False, name: str | None = None) -> Any:
    """The inverse of a matrix, from the factors that `lu` gives."""
    from .ranges import eye
    packed = convert_to_tensor(lower_upper)
    sizes = shape_of(packed)
    return lu_solve(packed, perm, eye(sizes[-1], batch_shape=sizes[:-2], dtype=packed.dtype), validate_args, name)


def lu_reconstruct(lower_upper: Any, perm: Any, validate_args: bool = False, name: str | None = None) -> Any:
    """The matrix with the factors that `lu` gave."""
    from .sorting import argsort
    packed = convert_to_tensor(lower_upper)
    lower = set_diag(band_part(packed, -1, 0), diag_part(packed) * 0 + 1)
    return rows_by(matmul(lower, band_part(packed, 0, -1)), argsort(convert_to_tensor(perm)))


def _check_float(a: Any, need_matrix: bool = True) -> None:
    if not a.dtype.is_floating:
        raise TypeError(f"Input `a` must have `float`-like `dtype` (saw {a.dtype.name}).")
    if a.shape.rank is not None and a.shape.rank < 2:
        raise ValueError(f"Input `a` must have at least 2 dimensions (saw: {a.shape.rank}).")


def _epsilon(a: Any) -> float:
    return float(np.finfo(a.dtype.np).eps)


def _larger(a: Any) -> Any:
    """The number of rows or of columns, whichever is larger, as a tensor of the dtype of `a`."""
    known = a.shape.as_list()[-2:] if a.shape.rank is not None else [None]
    if None not in known:
        return convert_to_tensor(float(max(known)), a.dtype)
    return cast(reduce_max(shape_tensor(a)[-2:]), a.dtype)


def pinv(a: Any, rcond: Any = None, validate_args: bool = False, name: str | None = None) -> Any:
    """The pseudo-inverses of matrices.

    Args:
      a: floating-point matrices.
      rcond: singular values below this fraction of the largest count as zero; by default ten times the larger size
        times the dtype's precision.
      validate_args: makes no difference.
      name: of the node.

    Raises:
      TypeError: other dtypes.
      ValueError: fewer than two axes.
    """
    from .comparison import select
    a = convert_to_tensor(a)
    _check_float(a)
    if rcond is None:
        rcond = 10.0 * _epsilon(a) * _larger(a)
    rcond = convert_to_tensor(rcond, a.dtype)
    s, u, v = svd(a)
    cutoff = rcond[..., None] * reduce_max(s, -1, True) if rcond.shape.rank else rcond * reduce_max(s, -1, True)
    s = select(s > cutoff, s, convert_to_tensor(np.inf, s.dtype))
    return matmul(v / s[..., None, :], u, adjoint_b=True, name=name)


def matrix_rank(a: Any, tol: Any = None, validate_args: bool = False, name: str | None = None) -> Any:
    """How many singular values of matrices are above a tolerance.

    Raises:
      TypeError: the matrices are not floating-point.
      ValueError: fewer than two axes.
    """
    a = convert_to_tensor(a)
    _check_float(a)
    s = svd(a, compute_uv=False)
    if tol is None:
        tol = _epsilon(a) * _larger(a) * reduce_max(s, -1, True)
    return reduce_sum(cast(s > tol, dtypes.int32), -1)


