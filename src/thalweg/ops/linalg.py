"""Small operations on matrices and vectors: transposition, the cross product."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from .arrays import transpose
from .common import REALS, shape_text, unchanged
from .elementwise import cast


def check(x: Any, square: bool = True, what: str = "Input tensor 0", tail: str = "") -> None:
    """Checks that an array holds matrices."""
    if x.ndim < 2:
        raise errors.InvalidArgumentError(f"{what} must have rank >= 2, got {x.ndim}{tail}")
    if square and x.shape[-1] != x.shape[-2]:
        raise errors.InvalidArgumentError(f"Input matrix must be square.{tail}")


def wide(x: Any) -> Any:
    """Half precision is computed in single."""
    return x.astype(np.float32) if x.dtype.itemsize == 2 else x


def check_pivot(xp: Any, x: Any) -> None:
    """Raises NumPy's error for singular matrices where elimination begins with NaN."""
    if xp is np and x.size and np.isnan(x[..., 0, 0]).any():
        raise np.linalg.LinAlgError



def matrices(op: Any, square: bool = True) -> tuple[list[Any], Any, Any] | None:
    """The batch shape, rows and columns of the first input, as far as they are known."""
    shape = op.inputs[0].shape
    if shape.rank is None:
        return None
    if shape.rank < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {shape.rank}")
    *outer, rows, columns = shape.as_list()
    if square and rows is not None and columns is not None and rows != columns:
        raise ValueError(f"Dimensions must be equal, but are {rows} and {columns}")
    return outer, rows, columns


def same_matrices(op: Any) -> TensorShape:
    """The shape rule of an op from square matrices to square matrices."""
    matrices(op)
    return unchanged(op)


def real_part(x: Any) -> Any:
    from .complex_numbers import real
    return cast(real(x), x.dtype) if x.dtype.is_complex else x


def _cross_shape(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape.merge_with(op.inputs[1].shape)
    if shape.rank == 0:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if shape.rank and shape.as_list()[-1] not in (None, 3):
        raise ValueError(f"Dimension must be 3 but is {shape.as_list()[-1]}")
    return shape


@op("Cross", "a: T, b: T -> product: T", attrs=f"T: {{{REALS}}}", infer=_cross_shape)
def cross_(xp: Any, a: Any, b: Any) -> Any:
    if a.shape != b.shape:
        raise errors.InvalidArgumentError(
            f"Both inputs must be of same shape: {shape_text(a.shape)} vs. {shape_text(b.shape)} [Op:Cross]")
    if not a.ndim:
        raise errors.InvalidArgumentError(f"Input must be at least 1D{shape_text(a.shape)}")
    if a.shape[-1] != 3:
        raise errors.FailedPreconditionError("Cross-products are only defined for 3-element vectors. [Op:Cross]")
    (p, q, r), (u, v, w) = (xp.moveaxis(x, -1, 0) for x in (a, b))
    return xp.stack([q * w - r * v, r * u - p * w, p * v - q * u], -1)


@cross_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return cross(op.inputs[1], dy)


@cross_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    return cross(dy, op.inputs[0])


def cross(a: Any, b: Any, name: str | None = None) -> Any:
    """The cross product of vectors of three elements in the last axis.

    Raises:
      InvalidArgumentError: the shapes differ.
      FailedPreconditionError: the vectors have not three elements.
    """
    a = convert_to_tensor(a)
    return apply(cross_, (a, convert_to_tensor(b, dtype_hint=a.dtype)), name=name)


def matrix_transpose(a: Any, name: str = "matrix_transpose", conjugate: bool = False) -> Any:
    """Matrices with rows and columns exchanged, and with conjugate elements if `conjugate`.

    Raises:
      ValueError: fewer than two axes.
    """
    a = convert_to_tensor(a)
    rank = a.shape.rank
    if rank is None:
        return _transpose_unknown(a, name, conjugate)
    if rank < 2:
        shown = a.numpy() if hasattr(a, "numpy") else a
        raise ValueError(f"Argument `a` should be a (batch) matrix with rank >= 2.  Received `a` = {shown} with shape: "
                         f"{a.shape}")
    return transpose(a, [*range(rank - 2), rank - 1, rank - 2], conjugate, name)


def _transpose_unknown(a: Any, name: str, conjugate: bool) -> Any:
    """`matrix_transpose` where only the running graph knows the rank."""
    from .arrays import concat
    from .creation import rank
    from .ranges import range as range_of
    n = rank(a)
    return transpose(a, concat([range_of(n - 2), [n - 1, n - 2]], 0), conjugate, name)


def adjoint(matrix: Any, name: str | None = None) -> Any:
    """The conjugate transposes of matrices."""
    return matrix_transpose(matrix, name or "adjoint", conjugate=True)
