"""Singular values and eigenvalues of matrices."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, unknown_shape
from .bands import band_part
from .common import conj
from .diagonals import diag, diag_part, set_diag
from .eigen_order import in_order
from .linalg import adjoint, check, matrices, real_part, wide
from .matmul import matmul

_COMPLEX = "T: {double, float, half, complex64, complex128}"


# Singular values.


def _svd_shape(op: Any) -> list[Any]:
    found, dtype = matrices(op, square=False), op.inputs[0].dtype
    if found is None:
        return [(unknown_shape(), dtype)] * 3
    outer, rows, columns = found
    least = None if None in (rows, columns) else min(rows, columns)
    full = op.attrs.get("full_matrices", False)
    if not op.attrs.get("compute_uv", True):
        return [(TensorShape([*outer, least]), dtype), (TensorShape([0]), dtype), (TensorShape([0]), dtype)]
    return [(TensorShape([*outer, least]), dtype), (TensorShape([*outer, rows, rows if full else least]), dtype),
            (TensorShape([*outer, columns, columns if full else least]), dtype)]


@op("Svd", "input: T -> s: T, u: T, v: T", attrs="compute_uv: bool = true; full_matrices: bool = false; " + _COMPLEX,
    infer=_svd_shape)
def svd_(xp: Any, x: Any, compute_uv: bool = True, full_matrices: bool = False) -> Any:
    check(x, square=False)
    if not compute_uv:
        s = xp.linalg.svd(wide(x), compute_uv=False)
        return s.astype(x.dtype), xp.zeros(0, x.dtype), xp.zeros(0, x.dtype)
    u, s, vh = xp.linalg.svd(wide(x), full_matrices)
    v = xp.conj(xp.swapaxes(vh, -1, -2))
    return s.astype(x.dtype), u.astype(x.dtype), v.astype(x.dtype)


def _over(x: Any) -> Any:
    """`1 / x`, and 0 where `x` is 0."""
    return x / (x * x + 1e-20)


@svd_.vjp(0)
def _(op: Any, ds: Any, du: Any, dv: Any) -> Any:
    a = op.inputs[0]
    if not op.attrs.get("compute_uv", True):
        _, u, v = apply(svd_, (a,), {"compute_uv": True, "full_matrices": False})
        return matmul(u, matmul(diag(ds), v, adjoint_b=True))
    s, u, v = op.outputs
    rows, columns = a.shape.as_list()[-2:]
    if rows is None or columns is None:
        raise errors.UnimplementedError(None, None, "SVD gradient has not been implemented for input with unknown "
                                                    "inner matrix shape.")
    least = min(rows, columns)
    if op.attrs.get("full_matrices", False):
        if abs(rows - columns) > 1:
            raise NotImplementedError(
                "svd gradient is not implemented for abs(m - n) > 1 when full_matrices is True")
        if rows != columns:
            return _full_svd_gradient(a, s, u, v, ds, du, dv, rows, columns, least)
    return _thin_svd_gradient(a, s, u, v, ds, du, dv)


def _rotation(u: Any, du: Any, f: Any) -> Any:
    inner = matmul(u, du, adjoint_a=True)
    return f * (inner - adjoint(inner))


def _thin_svd_gradient(a: Any, s: Any, u: Any, v: Any, ds: Any, du: Any, dv: Any) -> Any:
    """The gradient for `a = u diag(s) v^H` with as many singular vectors as values."""
    real = s
    squares = real_part(real) * real_part(real)
    f = set_diag(_over(squares[..., None, :] - squares[..., :, None]), s * 0)
    row, column = s[..., None, :], s[..., :, None]
    middle = diag(ds) + _rotation(u, du, f) * row + column * _rotation(v, dv, f)
    if a.dtype.is_complex:
        # The phases of the singular vectors are free; only the imaginary part of u^H du says how a turns them.
        turn = diag_part(matmul(u, du, adjoint_a=True))
        middle = middle + diag((turn - real_part(turn)) / s)
    whole = matmul(u, matmul(middle, v, adjoint_b=True))
    rows, columns = a.shape.as_list()[-2:]
    if rows > columns:
        rest = (du - matmul(u, matmul(u, du, adjoint_a=True))) / row
        whole = whole + matmul(rest, v, adjoint_b=True)
    elif rows < columns:
        rest = (dv - matmul(v, matmul(v, dv, adjoint_a=True))) / row
        whole = whole + matmul(u, rest, adjoint_b=True)
    return whole


def _full_svd_gradient(a: Any, s: Any, u: Any, v: Any, ds: Any, du: Any, dv: Any, rows: int, columns: int,
                       least: int) -> Any:
    """One singular vector is beside those of the values: it turns against them as they turn against it."""
    if rows < columns:
        return adjoint(_full_svd_gradient(adjoint(a), s, v, u, ds, dv, du, columns, rows, least))
    thin, last = u[..., :least], u[..., least:]
    d_thin, d_last = du[..., :least], du[..., least:]
    # last^H thin = 0 stays so: a change of `last` along `thin` is minus one of `thin` along `last`.
    d_thin = d_thin - matmul(last, matmul(d_last, thin, adjoint_a=True))
    return _thin_svd_gradient(a, s, thin, v, ds, d_thin, dv)


# Eigenvalues.


def _eig_shape(op: Any) -> list[Any]:
    found = matrices(op)
    dtype = dtypes.as_dtype(op.attrs["Tout"]) if "Tout" in op.attrs else op.inputs[0].dtype
    if found is None:
        return [(unknown_shape(), dtype), (unknown_shape(), dtype)]
    outer, rows, columns = found
    n = columns if rows is None else rows
    vectors = TensorShape([*outer, n, n]) if op.attrs.get("compute_v", True) else TensorShape([0])
    return [(TensorShape([*outer, n]), dtype), (vectors, dtype)]


@op("SelfAdjointEigV2", "input: T -> e: T, v: T", attrs="compute_v: bool = true; " + _COMPLEX, infer=_eig_shape)
def self_adjoint_eig(xp: Any, x: Any, compute_v: bool = True) -> Any:
    check(x)
    a = wide(x)
    if xp is not np:
        a = xp.tril(a)  # JAX would average the two halves
        a = a + xp.conj(xp.swapaxes(xp.tril(a, -1), -1, -2))
    if not compute_v:
        return xp.linalg.eigvalsh(a).astype(x.dtype), xp.zeros(0, x.dtype)
    e, v = xp.linalg.eigh(a)
    return e.astype(x.dtype), v.astype(x.dtype)


@self_adjoint_eig.vjp(0)
def _(op: Any, de: Any, dv: Any) -> Any:
    (e, v), a = op.outputs, op.inputs[0]
    middle = diag(de)
    if op.attrs.get("compute_v", True):
        f = set_diag(_over(e[..., None, :] - e[..., :, None]), e * 0)
        middle = middle + f * matmul(v, dv, adjoint_a=True)
    else:
        v = apply(self_adjoint_eig, (a,), {"compute_v": True})[1]
    whole = matmul(v, matmul(middle, v, adjoint_b=True))
    # Only the lower triangle was read.
    whole = band_part(whole + adjoint(whole), -1, 0)
    return set_diag(whole, 0.5 * diag_part(whole))


@op("Eig", "input: T -> e: Tout, v: Tout",
    attrs="compute_v: bool = true; T: {float, double, complex64, complex128}; Tout: {complex64, complex128}",
    infer=_eig_shape)
def eig_(xp: Any, x: Any, Tout: Any, compute_v: bool = True) -> Any:
    check(x)
    out = dtypes.as_dtype(Tout).np
    e, v = xp.linalg.eig(x) if compute_v else (xp.linalg.eigvals(x), None)
    if xp is np:
        e, v = in_order(x, e, v)
    return e.astype(out), xp.zeros(0, out) if v is None else v.astype(out)


@eig_.vjp(0)
def _(op: Any, de: Any, dv: Any) -> Any:
    from .linear_systems import solve
    (e, v), a = op.outputs, op.inputs[0]
    middle = diag(de)
    if op.attrs.get("compute_v", True):
        gaps = e[..., None, :] - e[..., :, None]
        f = conj(set_diag(_over(gaps), e * 0))
        inner = matmul(v, dv, adjoint_a=True)
        # The vectors have length 1, so a change along themselves is taken off.
        along = matmul(matmul(v, v, adjoint_a=True), diag(real_part(diag_part(inner))))
        middle = middle + f * (inner - along)
    else:
        v = apply(eig_, (a,), {"Tout": e.dtype, "compute_v": True})[1]
    vh = adjoint(v)
    whole = solve(vh, matmul(middle, vh))
    if a.dtype.is_complex:
        return whole
    from .complex_numbers import real
    return real(whole)


# The public functions.


def _one(entry: OpDef, x: Any, name: str | None, **attrs: Any) -> Any:
    return apply(entry, (convert_to_tensor(x),), attrs, name)


def svd(tensor: Any, full_matrices: bool = False, compute_uv: bool = True, name: str | None = None) -> Any:
    """The singular values `s` and vectors `u`, `v` of matrices `u diag(s) v^H`; only `s` if not `compute_uv`."""
    s, u, v = _one(svd_, tensor, name, compute_uv=bool(compute_uv), full_matrices=bool(full_matrices))
    s = _as_real(s)
    return (s, u, v) if compute_uv else s


def _as_real(x: Any) -> Any:
    from .complex_numbers import real
    return real(x) if x.dtype.is_complex else x


def eigh(tensor: Any, name: str | None = None) -> Any:
    """The eigenvalues, in ascending order, and vectors of Hermitian matrices, of which the lower triangle is read."""
    return tuple(_one(self_adjoint_eig, tensor, name, compute_v=True))


def eigvalsh(tensor: Any, name: str | None = None) -> Any:
    """The eigenvalues of Hermitian matrices, in ascending order."""
    return _one(self_adjoint_eig, tensor, name, compute_v=False)[0]


def _complex_of(x: Any) -> dtypes.DType:
    return dtypes.complex64 if x.dtype in (dtypes.float32, dtypes.complex64) else dtypes.complex128


def eig(tensor: Any, name: str | None = None) -> Any:
    """The complex eigenvalues and vectors of matrices."""
    x = convert_to_tensor(tensor)
    return tuple(_one(eig_, x, name, Tout=_complex_of(x), compute_v=True))


def eigvals(tensor: Any, name: str | None = None) -> Any:
    """The complex eigenvalues of matrices."""
    x = convert_to_tensor(tensor)
    return _one(eig_, x, name, Tout=_complex_of(x), compute_v=False)[0]
