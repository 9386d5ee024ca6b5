"""Tridiagonal and banded matrices."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from .arrays import expand_dims, pad, squeeze, stack
from .common import conj, reduce_to, shape_text
from .complex_numbers import conj as conjugate
from .diagonals import diag_part
from .layout import bad
from .linalg import matrix_transpose
from .matmul import matmul
from .reductions import reduce_sum


def _rhs_shape(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[-1].shape
    return shape


def _dense(xp: Any, diagonals: Any) -> Any:
    """The full matrices of three diagonals."""
    n = diagonals.shape[-1]
    i, j = np.indices((n, n))
    zero = xp.zeros((), diagonals.dtype)
    above, main, below = (diagonals[..., k, :, None] for k in range(3))
    return xp.where(j == i + 1, above, xp.where(j == i, main, xp.where(j == i - 1, below, zero)))


@op("TridiagonalSolve", "diagonals: T, rhs: T -> output: T",
    attrs="partial_pivoting: bool = true; perturb_singular: bool = false; T: {double, float, complex64, complex128}",
    infer=_rhs_shape)
def tridiagonal_solve_(xp: Any, diagonals: Any, rhs: Any, partial_pivoting: bool = True,
                       perturb_singular: bool = False) -> Any:
    if diagonals.ndim < 2 or diagonals.shape[-2] != 3:
        raise errors.InvalidArgumentError(f"Expected diagonals of shape [..., 3, n], got {shape_text(diagonals.shape)}")
    if rhs.shape[:-1] != (*diagonals.shape[:-2], diagonals.shape[-1]):
        raise errors.InvalidArgumentError("The length of diagonal and the number of rows of rhs differ: "
                                          f"{shape_text(diagonals.shape)} vs. {shape_text(rhs.shape)}")
    if xp is not np:
        return xp.linalg.solve(_dense(xp, diagonals), rhs)
    if not rhs.size:
        return rhs
    return _eliminate(diagonals, rhs, partial_pivoting)


def _eliminate(diagonals: Any, rhs: Any, pivoting: bool) -> Any:
    """Gaussian elimination for a batch of systems at once, each row against the next."""
    above, main, below = (np.array(diagonals[..., k, :]) for k in range(3))
    n = main.shape[-1]
    above[..., -1] = 0
    second = np.zeros_like(main)  # the diagonal that exchanging rows fills
    x = np.array(rhs)
    for i in range(n - 1):
        row = [main[..., i], above[..., i], second[..., i]]
        following = [below[..., i + 1], main[..., i + 1], above[..., i + 1]]
        if pivoting:
            swap = np.abs(following[0]) > np.abs(row[0])
            row, following = ([np.where(swap, q, p) for p, q in zip(row, following, strict=True)],
                              [np.where(swap, p, q) for p, q in zip(row, following, strict=True)])
            x[..., i, :], x[..., i + 1, :] = (np.where(swap[..., None], x[..., i + 1, :], x[..., i, :]),
                                              np.where(swap[..., None], x[..., i, :], x[..., i + 1, :]))
        if not row[0].all():
            raise errors.InvalidArgumentError("The first element of diagonal is zero." if i == 0 and not pivoting
                                              else "Input matrix is not invertible.")
        factor = following[0] / row[0]
        main[..., i], above[..., i], second[..., i] = row
        main[..., i + 1] = following[1] - factor * row[1]
        above[..., i + 1] = following[2] - factor * row[2]
        x[..., i + 1, :] -= factor[..., None] * x[..., i, :]
    if not main[..., -1].all():
        raise errors.InvalidArgumentError("Input matrix is not invertible.")
    for i in range(n - 1, -1, -1):
        if i + 1 < n:
            x[..., i, :] -= above[..., i, None] * x[..., i + 1, :]
        if i + 2 < n:
            x[..., i, :] -= second[..., i, None] * x[..., i + 2, :]
        x[..., i, :] /= main[..., i, None]
    return x


def _transposed(diagonals: Any) -> Any:
    """The diagonals of the adjoint matrices."""
    above, main, below = (conj(diagonals[..., k, :]) for k in range(3))
    if main.shape[-1] == 0:
        return diagonals
    edges = [[0, 0]] * (main.shape.rank - 1)
    return stack([pad(below[..., 1:], [*edges, [0, 1]]), main, pad(above[..., :-1], [*edges, [1, 0]])], -2)


def _three_products(a: Any, b: Any) -> Any:
    """The three diagonals of `a b^H`."""
    b = conj(b)
    if a.shape[-2] == 0:
        return stack([reduce_sum(a * b, -1)] * 3, -2)
    edges = [[0, 0]] * (a.shape.rank - 2)
    above = reduce_sum(a[..., :-1, :] * b[..., 1:, :], -1)
    below = reduce_sum(a[..., 1:, :] * b[..., :-1, :], -1)
    return stack([pad(above, [*edges, [0, 1]]), reduce_sum(a * b, -1), pad(below, [*edges, [1, 0]])], -2)


@tridiagonal_solve_.gradient
def _(op: Any, dy: Any) -> Any:
    diagonals, x = op.inputs[0], op.outputs[0]
    attrs = {"partial_pivoting": op.attrs.get("partial_pivoting", True)}
    d_rhs = apply(tridiagonal_solve_, (_transposed(diagonals), dy), attrs)
    return -_three_products(d_rhs, x), d_rhs


@op("TridiagonalMatMul", "superdiag: T, maindiag: T, subdiag: T, rhs: T -> output: T",
    attrs="T: {double, float, complex64, complex128}", infer=_rhs_shape)
def tridiagonal_mat_mul(xp: Any, above: Any, main: Any, below: Any, rhs: Any) -> Any:
    if not above.ndim == main.ndim == below.ndim == rhs.ndim:
        raise errors.InvalidArgumentError("All input tensors must have the same rank. [Op:TridiagonalMatMul]")
    above, main, below = (xp.swapaxes(d, -1, -2) for d in (above, main, below))
    first = above[..., :-1, :] * rhs[..., 1:, :]
    last = below[..., 1:, :] * rhs[..., :-1, :]
    edge = xp.zeros_like(rhs[..., :1, :])
    return main * rhs + xp.concatenate([first, edge], -2) + xp.concatenate([edge, last], -2)


@tridiagonal_mat_mul.gradient
def _(op: Any, dy: Any) -> Any:
    above, main, below, rhs = op.inputs
    whole = _three_products(dy, rhs)
    d_above, d_main, d_below = (whole[..., k, None, :] for k in range(3))
    a, m, b = (conj(matrix_transpose(d)) for d in (above, main, below))
    edges = [[0, 0]] * (dy.shape.rank - 2)
    d_rhs = m * dy + pad(a[..., :-1, :] * dy[..., :-1, :], [*edges, [1, 0], [0, 0]]) \
        + pad(b[..., 1:, :] * dy[..., 1:, :], [*edges, [0, 1], [0, 0]])
    return d_above, d_main, d_below, d_rhs


def _band_shape(op: Any) -> TensorShape:
    shape = op.inputs[1].shape
    return unknown_shape() if shape.rank is None or op.inputs[0].shape.rank is None else shape


@op("BandedTriangularSolve", "matrix: T, rhs: T -> output: T",
    attrs="lower: bool = true; adjoint: bool = false; T: {double, float, half, complex64, complex128}",
    infer=_band_shape)
def banded_triangular_solve_(xp: Any, bands: Any, rhs: Any, lower: bool = True, adjoint: bool = False) -> Any:
    from .linear_systems import matrix_triangular_solve
    for i, x in enumerate((bands, rhs)):
        if not x.size:
            raise bad(f"In[{i}] must not be an empty tensor: shape {shape_text(x.shape)}")
    dense = _from_bands(xp, bands, lower)
    return matrix_triangular_solve.kernel(xp, dense, rhs, lower=lower, adjoint=adjoint)


def _from_bands(xp: Any, bands: Any, lower: bool) -> Any:
    """The full matrices of bands: the main diagonal first if lower, last if upper."""
    count, n = bands.shape[-2:]
    i, j = np.indices((n, n))
    offset = i - j if lower else j - i
    inside = (offset >= 0) & (offset < count)
    row = np.where(inside, offset if lower else count - 1 - offset, 0)
    # The element (i, j) is in the column i of its band in both cases.
    return xp.where(inside, bands[..., row, i], xp.zeros((), bands.dtype))


@banded_triangular_solve_.gradient
def _(op: Any, dy: Any) -> Any:
    (bands, rhs), x = op.inputs, op.outputs[0]
    lower, flipped = bool(op.attrs.get("lower", True)), bool(op.attrs.get("adjoint", False))
    d_rhs = apply(banded_triangular_solve_, (bands, dy), {"lower": lower, "adjoint": not flipped})
    d_matrix = -matmul(x, d_rhs, adjoint_b=True) if flipped else -matmul(d_rhs, x, adjoint_b=True)
    count = bands.shape.as_list()[-2]
    band = (-(count - 1), 0) if lower else (0, count - 1)
    # Rows of a lower matrix end at its diagonals, those of an upper one begin there.
    d_bands = diag_part(d_matrix, k=band, align="RIGHT_RIGHT" if lower else "LEFT_LEFT")
    if count == 1:  # of one diagonal alone there is no axis for it
        d_bands = expand_dims(d_bands, -2)
    return reduce_to(d_bands, bands, d_bands), reduce_to(d_rhs, rhs, d_rhs)


# The public functions.


def _three(diagonals: Any, form: str) -> Any:
    """Three diagonals in any form as one tensor `[..., 3, n]`."""
    if form == "compact":
        return convert_to_tensor(diagonals)
    if form == "sequence":
        above, main, below = (convert_to_tensor(d) for d in diagonals)
        n = main.shape.as_list()[-1]
        edges = [[0, 0]] * (main.shape.rank - 1)
        if n == 0:
            return stack([above, main, below], -2)
        if n is None:
            raise ValueError("Three separate diagonals must have known lengths.")
        if above.shape.as_list()[-1] == n - 1:
            above = pad(above, [*edges, [0, 1]])
        if below.shape.as_list()[-1] == n - 1:
            below = pad(below, [*edges, [1, 0]])
        return stack([above, main, below], -2)
    if form == "matrix":
        matrix = convert_to_tensor(diagonals)
        rows, columns = matrix.shape.as_list()[-2:]
        if rows is not None and columns is not None and rows != columns:
            raise ValueError(f"Expected last two dimensions of diagonals to be equal, got {rows} and {columns}")
        return diag_part(matrix, k=(-1, 1), align="LEFT_RIGHT")
    raise ValueError(f"Unrecognized diagonals_format: {form}")


def tridiagonal_solve(diagonals: Any, rhs: Any, diagonals_format: str = "compact", transpose_rhs: bool = False,
                      conjugate_rhs: bool = False, name: str | None = None, partial_pivoting: bool = True,
                      perturb_singular: bool = False) -> Any:
    """Solves systems with tridiagonal matrices.

    Args:
      diagonals: above, on and below the main diagonal: a tensor `[..., 3, n]` ("compact", where the last element of
        the first and the first of the last do not count), three tensors ("sequence"), or the matrices ("matrix").
      rhs: vectors `[..., n]` or matrices `[..., n, k]`.
      diagonals_format: "compact", "sequence" or "matrix".
      transpose_rhs: transpose the right hand sides.
      conjugate_rhs: conjugate the right hand sides.
      name: of the node.
      partial_pivoting: exchange rows where that is more accurate.
      perturb_singular: makes no difference.

    Raises:
      ValueError: another format, or shapes that do not fit.
      InvalidArgumentError: a singular matrix.
    """
    bands = _three(diagonals, diagonals_format)
    rhs = convert_to_tensor(rhs, dtype_hint=bands.dtype)
    rank, right = bands.shape.rank, rhs.shape.rank
    if rank < 2:
        raise ValueError(f"Expected diagonals to have rank at least 2, got {rank}")
    if right not in (rank, rank - 1):
        raise ValueError(f"Expected the rank of rhs to be {rank - 1} or {rank}, got {right}")
    if not bands.shape[:-2].is_compatible_with(rhs.shape[:rank - 2]):
        raise ValueError(f"Batch shapes {bands.shape[:-2]} and {rhs.shape[:rank - 2]} are incompatible")
    if bands.shape.as_list()[-2] not in (None, 3):
        raise ValueError(f"Expected 3 diagonals got {bands.shape.as_list()[-2]}")
    is_vector = right == rank - 1
    if is_vector:
        rhs = expand_dims(conjugate(rhs) if conjugate_rhs else rhs, -1)
    elif transpose_rhs:
        rhs = matrix_transpose(rhs, conjugate=conjugate_rhs)
    elif conjugate_rhs:
        rhs = conjugate(rhs)
    n, rows = bands.shape.as_list()[-1], rhs.shape.as_list()[-2]
    if n is not None and rows is not None and n != rows:
        raise ValueError(f"Expected number of left-hand sided and right-hand sides to be equal, got {n} and {rows}")
    x = apply(tridiagonal_solve_, (bands, rhs), {"partial_pivoting": bool(partial_pivoting),
                                                 "perturb_singular": bool(perturb_singular)}, name)
    return squeeze(x, [-1]) if is_vector else x


def tridiagonal_matmul(diagonals: Any, rhs: Any, diagonals_format: str = "compact", name: str | None = None) -> Any:
    """The products of tridiagonal matrices, in one of the formats of `tridiagonal_solve`, and matrices `[..., n, k]`.

    Raises:
      ValueError: another format.
    """
    bands = _three(diagonals, diagonals_format)
    rhs = convert_to_tensor(rhs, dtype_hint=bands.dtype)
    above, main, below = (bands[..., k, None, :] for k in range(3))
    return apply(tridiagonal_mat_mul, (above, main, below, rhs), name=name)


def banded_triangular_solve(bands: Any, rhs: Any, lower: bool = True, adjoint: bool = False,
                            name: str | None = None) -> Any:
    """Solves systems with triangular matrices of few diagonals.

    Args:
      bands: the diagonals `[..., k, n]`: if lower the main one first and then those below, each starting after as many
        unused elements as it is shorter; else the highest first and the main one last, each ending before them.
      rhs: matrices `[..., n, m]`.
      lower: whether the matrices are lower triangular.
      adjoint: solve with the adjoint matrices.
      name: of the node.
    """
    bands = convert_to_tensor(bands)
    return apply(banded_triangular_solve_, (bands, convert_to_tensor(rhs, dtype_hint=bands.dtype)),
                 {"lower": bool(lower), "adjoint": bool(adjoint)}, name)


def eigh_tridiagonal(alpha: Any, beta: Any, eigvals_only: bool = True, select: str = "a", select_range: Any = None,
                     tol: Any = None, name: str | None = None) -> Any:
    """The eigenvalues, in ascending order, of a Hermitian tridiagonal matrix.

    Args:
      alpha: the main diagonal `[n]`.
      beta: the diagonal above it `[n - 1]`.
      eigvals_only: leave out the eigenvectors.
      select: "a" for all, "v" for those in a half-open range `(min, max]`, "i" for those with indices in a range.
      select_range: the range.
      tol: makes no difference.
      name: of the node.

    Raises:
      ValueError: another selection, or an empty range.
    """
    from .diagonals import diag
    from .gathering import gather
    from .spectral import eigh, eigvalsh
    alpha = convert_to_tensor(alpha)
    beta = convert_to_tensor(beta, dtype_hint=alpha.dtype)
    if select not in ("a", "i", "v"):
        raise ValueError(f"'select must have a value in {{'a', 'i', 'v'}}. Received: {select}")
    n = alpha.shape.as_list()[-1]
    if beta.shape.rank and None not in (n, beta.shape[-1]) and 1 < n != beta.shape[-1] + 1:
        raise errors.InvalidArgumentError(f"Incompatible shapes: the diagonal beside one of length {n} has length "
                                          f"{beta.shape[-1]}")
    matrix = diag(alpha)
    if n > 1:
        matrix = matrix + diag(beta, k=1) + diag(conj(beta), k=-1)
    if eigvals_only:
        values, vectors = eigvalsh(matrix), None
    else:
        values, vectors = eigh(matrix)
    if values.dtype.is_complex:
        from .complex_numbers import real
        values = real(values)
    if select != "a":
        low, high = select_range
        if select == "i":
            if low > high or low < 0 or high >= n:
                raise ValueError("Invalid index range.")
            chosen = np.arange(low, high + 1)
        else:
            if low >= high:
                raise ValueError("Lower and upper bound for eigenvalue selection must be in order.")
            known = np.asarray(values._value)
            chosen = np.flatnonzero((known > low) & (known <= high))
        values = gather(values, chosen.astype(np.int32))
        vectors = None if vectors is None else gather(vectors, chosen.astype(np.int32), axis=-1)
    return values if vectors is None else (values, vectors)
