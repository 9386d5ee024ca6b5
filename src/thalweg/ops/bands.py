"""Bands of diagonals, and diagonals of tensors of any rank."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import Tensor
from .common import shape_text, unchanged


def _limit(value: Any, size: int, word: str, of: str) -> int:
    if np.ndim(value):
        raise errors.InvalidArgumentError(f"{word} must be scalar, got shape {shape_text(np.shape(value))} "
                                          "[Op:MatrixBandPart]")
    if int(value) > size:
        raise errors.InvalidArgumentError(
            f"{word} must be negative or less or equal to number of {of} ({size}) got: {int(value)}")
    return int(value)


@op("MatrixBandPart", "input: T, num_lower: Tindex static, num_upper: Tindex static -> band: T",
    attrs="T: type; Tindex: {int32, int64} = int64", infer=unchanged)
def matrix_band_part(xp: Any, x: Any, num_lower: Any, num_upper: Any) -> Any:
    if x.ndim < 2:
        raise errors.InvalidArgumentError(f"input must be at least 2-dim, received shape: {shape_text(x.shape)}")
    rows, columns = x.shape[-2:]
    lower, upper = _limit(num_lower, rows, "num_lower", "rows"), _limit(num_upper, columns, "num_upper", "columns")
    apart = np.arange(columns) - np.arange(rows)[:, None]
    inside = (lower < 0) | (-apart <= lower)
    inside = inside & ((upper < 0) | (apart <= upper))
    return xp.where(inside, x, xp.zeros((), x.dtype))


@matrix_band_part.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(matrix_band_part, (dy, op.inputs[1], op.inputs[2]))


_DIAG = "T: {bfloat16, half, float, double, int32, int64, complex64, complex128}"


def _twice(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape
    if shape.rank == 0:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return shape.concatenate(shape)


@op("Diag", "diagonal: T -> output: T", attrs=_DIAG, infer=_twice)
def tensor_diag_(xp: Any, x: Any) -> Any:
    if x.ndim < 1:
        raise errors.InvalidArgumentError(f"Input must be at least rank 1, got {x.ndim}")
    flat = x.reshape(-1)
    return xp.where(np.eye(flat.size, dtype=bool), flat, xp.zeros((), x.dtype)).reshape(x.shape * 2)


def _half(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape
    if shape.rank is None:
        return unknown_shape()
    if not shape.rank or shape.rank % 2:
        raise ValueError(f"Input must have even and non-zero rank, input rank is {shape.rank}")
    return shape[:shape.rank // 2].merge_with(shape[shape.rank // 2:])


@op("DiagPart", "input: T -> diagonal: T", attrs=_DIAG, infer=_half)
def tensor_diag_part_(xp: Any, x: Any) -> Any:
    if not x.ndim or x.ndim % 2:
        raise errors.InvalidArgumentError(f"The rank of the tensor should be{' ' * 42}even and positive, got shape "
                                          f"{shape_text(x.shape)}")
    half = x.ndim // 2
    for i in range(half):
        if x.shape[i] != x.shape[i + half]:
            raise errors.InvalidArgumentError(
                f"Invalid shape {shape_text(x.shape)}: dimensions {i} and {i + half} do not match.")
    n = int(np.prod(x.shape[:half], dtype=np.int64))
    return xp.diagonal(x.reshape(n, n)).reshape(x.shape[:half])


tensor_diag_.vjp(0)(lambda op, dy: apply(tensor_diag_part_, (dy,)))
tensor_diag_part_.vjp(0)(lambda op, dy: apply(tensor_diag_, (dy,)))


# The public functions.


def static_input(value: Any) -> Any:
    """A band or a size: a Python value or a tensor."""
    if isinstance(value, Tensor) or type(value) is int:
        return value
    if isinstance(value, (tuple, list)) and all(isinstance(v, int) for v in value):
        return tuple(value)
    return convert_to_tensor(value)


def band_part(input: Any, num_lower: Any, num_upper: Any, name: str | None = None) -> Any:
    """Matrices with zeros outside a band of diagonals.

    Args:
      input: matrices.
      num_lower: how many diagonals below the main one to keep; all if negative.
      num_upper: how many above it; all if negative.
      name: of the node.

    Raises:
      InvalidArgumentError: there are not so many.
    """
    return apply(matrix_band_part, (convert_to_tensor(input), static_input(num_lower), static_input(num_upper)), name=name)


def tensor_diag(diagonal: Any, name: str | None = None) -> Any:
    """A tensor of twice the rank with the elements on its diagonal: `y[i, j, i, j] = x[i, j]`."""
    return apply(tensor_diag_, (convert_to_tensor(diagonal),), name=name)


def tensor_diag_part(input: Any, name: str | None = None) -> Any:
    """The diagonal of a tensor of even rank: `y[i, j] = x[i, j, i, j]`.

    Raises:
      InvalidArgumentError: the rank is odd, or the two halves of the shape differ.
    """
    return apply(tensor_diag_part_, (convert_to_tensor(input),), name=name)
