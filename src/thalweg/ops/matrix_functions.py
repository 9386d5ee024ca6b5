"""Functions of square matrices: exponential, logarithm, square root."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from .arrays import concat, reshape
from .common import shape_of
from .creation import zeros_like
from .linalg import adjoint, check, matrix_transpose, same_matrices, wide

_COMPLEX = "T: {double, float, half, complex64, complex128}"
_PADE = (64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0,
         10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0)


def _exponential(a: Any) -> Any:
    """By the Padé approximant of order 13 of a scaled matrix, squared as often as it was halved."""
    n = a.shape[-1]
    norm = np.abs(a).sum(-2).max(-1, initial=0.0)
    with np.errstate(all="ignore"):
        halvings = np.maximum(0, np.ceil(np.log2(np.maximum(norm, 1e-300) / 5.37))).astype(int)
    halvings = np.where(np.isfinite(norm), halvings, 0)
    a = a / (2.0 ** halvings)[..., None, None]
    one = np.eye(n)
    b = _PADE
    a2 = a @ a
    a4 = a2 @ a2
    a6 = a4 @ a2
    odd = a @ (a6 @ (b[13] * a6 + b[11] * a4 + b[9] * a2) + b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * one)
    even = a6 @ (b[12] * a6 + b[10] * a4 + b[8] * a2) + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * one
    y = np.linalg.solve(even - odd, even + odd)
    for step in range(int(halvings.max(initial=0))):
        y = np.where((halvings > step)[..., None, None], y @ y, y)
    return y


def _double(x: Any) -> Any:
    """Computed in double precision: these functions lose some of it."""
    return x.astype(np.complex128 if x.dtype.kind == "c" else np.float64)


@op("MatrixExponential", "input: T -> output: T", attrs=_COMPLEX, infer=same_matrices)
def matrix_exponential(xp: Any, x: Any) -> Any:
    check(x)
    if not x.size:
        return x
    if xp is not np:
        from jax.scipy.linalg import expm as jax_expm
        return jax_expm(wide(x)).astype(x.dtype)
    return _exponential(_double(x)).astype(x.dtype)


@matrix_exponential.vjp(0)
def _(op: Any, dy: Any) -> Any:
    """The derivative along a direction is beside the exponential itself in that of a matrix of twice the size."""
    a = adjoint(op.inputs[0])
    n = shape_of(a)[-1]
    block = concat([concat([a, dy], -1), concat([zeros_like(a), a], -1)], -2)
    return expm(block)[..., :n, n:]


def _by_eigenvalues(a: Any, function: Any) -> Any:
    """A function of diagonalizable matrices, or None where that would be inaccurate."""
    e, v = np.linalg.eig(a)
    condition = np.linalg.cond(v) if a.size else np.zeros(0)
    if not np.all(condition < 1e7):
        return None
    return (v * function(e)[..., None, :]) @ np.linalg.inv(v)


def _root(a: Any) -> Any:
    """The principal square root."""
    found = _by_eigenvalues(a, lambda e: np.sqrt(e.astype(np.complex128)))
    if found is not None:
        return found
    # Denman and Beavers' iteration, for matrices without enough eigenvectors.
    y, z = a.astype(np.complex128), np.broadcast_to(np.eye(a.shape[-1]), a.shape).astype(np.complex128)
    for _ in range(50):
        y, z = 0.5 * (y + np.linalg.inv(z)), 0.5 * (z + np.linalg.inv(y))
    return y


def _of_finite(function: Any, x: Any) -> Any:
    """A function of matrices; NaN where one has an element that is not finite."""
    finite = np.isfinite(x).all((-1, -2), keepdims=True)
    if finite.all():
        return function(x)
    return np.where(finite, function(np.where(finite, x, np.eye(x.shape[-1]))), complex(np.nan, np.nan))


@op("MatrixSquareRoot", "input: T -> output: T", attrs=_COMPLEX, infer=same_matrices, host=True)
def matrix_square_root(xp: Any, x: Any) -> Any:
    check(x)
    if not x.size:
        return x
    x = np.asarray(x)
    y = _of_finite(_root, _double(x))
    if x.dtype.kind == "c":
        return y.astype(x.dtype)
    # A real matrix with a negative eigenvalue has no real root.
    y = np.where((np.abs(y.imag) > 1e-6 * np.abs(y).max((-1, -2), keepdims=True)).any((-1, -2), keepdims=True), np.nan,
                 y.real)
    return y.astype(x.dtype)


@matrix_square_root.vjp(0)
def _(op: Any, dy: Any) -> Any:
    """Solves `s^T g + g s^T = dy` for `g`, as one system of n² equations. The transposes are TensorFlow's."""
    from .linear_systems import solve
    from .ranges import eye
    s = matrix_transpose(op.outputs[0])
    *outer, n, _ = s.shape.as_list()
    if None in (n, *outer):
        raise ValueError("The gradient of the matrix square root needs matrices of known shape.")
    one = eye(n, dtype=s.dtype)
    # With rows one after the other, s g is (s x 1) g and g s is (1 x s^T) g.
    left = s[..., :, None, :, None] * one[None, :, None, :]
    right = one[:, None, :, None] * matrix_transpose(s)[..., None, :, None, :]
    system = reshape(left + right, [*outer, n * n, n * n])
    return reshape(solve(system, reshape(dy, [*outer, n * n, 1])), [*outer, n, n])


def _logarithm(a: Any) -> Any:
    """The principal logarithm: of enough square roots by the series of `2 artanh`, doubled as often."""
    found = _by_eigenvalues(a, np.log)
    if found is not None:
        return found
    one = np.eye(a.shape[-1])
    count = 0
    while np.abs(a - one).sum(-2).max() > 0.1 and count < 60:
        a = _root(a)
        count += 1
    z = (a - one) @ np.linalg.inv(a + one)
    square, power, total = z @ z, z, np.zeros_like(z)
    for k in range(1, 30, 2):
        total = total + power / k
        power = power @ square
    return 2.0 ** (count + 1) * total


@op("MatrixLogarithm", "input: T -> output: T", attrs="T: {complex64, complex128}", infer=same_matrices, host=True)
def matrix_logarithm(xp: Any, x: Any) -> Any:
    check(x)
    return _of_finite(_logarithm, _double(np.asarray(x))).astype(x.dtype) if x.size else x


def expm(input: Any, name: str | None = None) -> Any:
    """The exponentials of square matrices.

    Raises:
      ValueError: an integer dtype.
    """
    x = convert_to_tensor(input)
    if x.dtype.is_integer or x.dtype.is_bool:
        raise ValueError(f"tf.linalg.expm does not support matrices of type {x.dtype}")
    return apply(matrix_exponential, (x,), name=name)


def logm(input: Any, name: str | None = None) -> Any:
    """The principal logarithms of complex square matrices."""
    return apply(matrix_logarithm, (convert_to_tensor(input),), name=name)


def sqrtm(input: Any, name: str | None = None) -> Any:
    """The principal square roots of square matrices; NaN where a real matrix has no real one."""
    return apply(matrix_square_root, (convert_to_tensor(input),), name=name)


