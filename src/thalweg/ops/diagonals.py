"""Diagonals and bands of matrices."""
from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.scopes import scoped
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import Tensor
from .bands import static_input
from .common import shape_text, static_shape, unchanged
from .creation import zeros_like
from .reductions import reduce_sum

_ALIGN = 'T: type; align: {"LEFT_RIGHT", "RIGHT_LEFT", "LEFT_LEFT", "RIGHT_RIGHT"} = "RIGHT_LEFT"'


def _band(k: Any, type: str) -> tuple[int, int]:
    """The lowest and the highest diagonal of a `k` argument."""
    values = np.asarray(k).reshape(-1).tolist()
    if len(values) not in (1, 2):
        raise errors.InvalidArgumentError(
            f"diag_index must have only one or two elements, received {len(values)} elements. [Op:{type}]")
    low, high = int(values[0]), int(values[-1])
    if low > high:
        raise errors.InvalidArgumentError(
            f"lower_diag_index must not be larger than upper_diag_index: {low} > {high} [Op:{type}]")
    return low, high


def _longest(rows: int, columns: int, low: int, high: int) -> int:
    return min(rows + min(high, 0), columns - max(low, 0))


def _shifts(offsets: Any, rows: int, columns: int, low: int, high: int, align: str) -> Any:
    """By how much each diagonal's elements are moved to the right in its row."""
    lengths = np.minimum(rows + np.minimum(offsets, 0), columns - np.maximum(offsets, 0))
    upper, lower = align.split("_")
    left = ((offsets >= 0) & (upper == "LEFT")) | ((offsets <= 0) & (lower == "LEFT"))
    return np.where(left, 0, _longest(rows, columns, low, high) - lengths)


@lru_cache(maxsize=64)
def _matrix_places(rows: int, columns: int, low: int, high: int, align: str) -> tuple[Any, Any, Any]:
    """For every element of a matrix: whether it is in the band, and its row and column among the diagonals."""
    i, j = np.indices((rows, columns))
    inside = (j - i >= low) & (j - i <= high)
    offsets = np.clip(j - i, low, high)
    place = np.minimum(i, j) + _shifts(offsets, rows, columns, low, high, align)
    return inside, np.where(inside, high - offsets, 0), np.where(inside, place, 0)


@lru_cache(maxsize=64)
def _diagonal_places(rows: int, columns: int, low: int, high: int, align: str) -> tuple[Any, Any, Any]:
    """For every element among the diagonals: whether it is in the matrix, and its row and column there."""
    offsets = np.arange(high, low - 1, -1)[:, None]
    along = np.arange(_longest(rows, columns, low, high)) - _shifts(offsets, rows, columns, low, high, align)
    i, j = along + np.maximum(-offsets, 0), along + np.maximum(offsets, 0)
    inside = (along >= 0) & (i < rows) & (j < columns)
    return inside, np.where(inside, i, 0), np.where(inside, j, 0)


def _align(align: Any) -> str:
    return align.decode() if isinstance(align, bytes) else align


def _size(given: Any, least: int, word: str) -> int:
    value = int(np.asarray(given).reshape(()))
    if value == -1:
        return least
    if value < least:
        raise errors.InvalidArgumentError(f"The number of {word} is too small.")
    return value


def _make(xp: Any, diagonal: Any, k: Any, num_rows: Any, num_cols: Any, padding: Any, align: str, type: str) -> Any:
    if diagonal.ndim < 1:
        raise errors.InvalidArgumentError(
            f"diagonal must be at least 1-dim, received shape: {shape_text(diagonal.shape)}")
    low, high = _band(k, type)
    if low != high and (diagonal.ndim < 2 or diagonal.shape[-2] != high - low + 1):
        raise errors.InvalidArgumentError("The number of diagonals provided in the input does not match the "
                                          f"lower_diag_index and upper_diag_index range. [Op:{type}]")
    rows, columns = _matrix_size(diagonal.shape[-1], low, high, num_rows, num_cols, type)
    if low == high:
        diagonal = diagonal[..., None, :]
    inside, row, place = _matrix_places(rows, columns, low, high, align)
    if not diagonal.size:
        return xp.broadcast_to(padding, (*diagonal.shape[:-2], rows, columns))
    return xp.where(inside, diagonal[..., row, place], padding)


def _matrix_size(length: int, low: int, high: int, num_rows: Any, num_cols: Any, type: str) -> tuple[int, int]:
    """The size of the matrix around diagonals of some length."""
    least_rows, least_columns = length - min(high, 0), length + max(low, 0)
    if int(np.asarray(num_rows).reshape(())) == int(np.asarray(num_cols).reshape(())) == -1:
        return max(least_rows, least_columns), max(least_rows, least_columns)
    rows, columns = _size(num_rows, least_rows, "rows"), _size(num_cols, least_columns, "columns")
    if rows != least_rows and columns != least_columns:
        raise errors.InvalidArgumentError("The number of rows and columns are not consistent with the specified "
                                          f"d_lower, d_upper, and diagonal. [Op:{type}]")
    return rows, columns


def _check_matrix(x: Any, type: str) -> None:
    if x.ndim < 2:
        raise errors.InvalidArgumentError(f"input must be at least 2-dim, received shape: {shape_text(x.shape)}"
                                          + (f" [Op:{type}]" if "Set" in type else ""))


def _check_band(x: Any, low: int, high: int, dot: str, tail: str) -> None:
    rows, columns = x.shape[-2:]
    for value, word in ((low, "lower"), (high, "upper")):
        if not (-rows < value < columns or (value == 0)):
            raise errors.InvalidArgumentError(
                f"{word}_diag_index is out of bound: {value}{dot} It must be between {-rows} and {columns}{tail}")


def _take(xp: Any, x: Any, k: Any, padding: Any, align: str, type: str) -> Any:
    _check_matrix(x, type)
    low, high = _band(k, type)
    _check_band(x, low, high, ".", "")
    inside, i, j = _diagonal_places(x.shape[-2], x.shape[-1], low, high, align)
    if not x.size:
        out = xp.broadcast_to(padding, (*x.shape[:-2], *inside.shape))
    else:
        out = xp.where(inside, x[..., i, j], padding)
    return out[..., 0, :] if low == high else out


def _put(xp: Any, x: Any, diagonal: Any, k: Any, align: str, type: str) -> Any:
    _check_matrix(x, type)
    low, high = _band(k, type)
    _check_band(x, low, high, "", f" [Op:{type}]")
    rows, columns = x.shape[-2:]
    length = _longest(rows, columns, low, high)
    expected = (*x.shape[:-2], *([high - low + 1] if low != high else []), length)
    if diagonal.shape != expected:
        raise errors.InvalidArgumentError(
            "Either first dimensions of diagonal don't match input.shape[:-2], or diagonal.shape[:-1] is not equal to "
            "the longests diagonal in range [lower_diag_index:upper_diag_index].\n"
            f"Input shape: {shape_text(x.shape)}\nDiagonal shape: {shape_text(diagonal.shape)}\n"
            f"Expected diagonal shape: {shape_text(expected)} [Op:{type}]")
    if not diagonal.size:
        return x
    if low == high:
        diagonal = diagonal[..., None, :]
    inside, row, place = _matrix_places(rows, columns, low, high, align)
    return xp.where(inside, diagonal[..., row, place], x)


# Shape rules.


def _known_band(op: Any, position: int) -> tuple[int, int] | None:
    if len(op.inputs) <= position:
        return 0, 0
    k = op.inputs[position].value
    return None if k is None else _band(k, op.type)


def _diag_shape(op: Any) -> TensorShape:
    shape = op.inputs[0].shape
    if shape.rank is None:
        return unknown_shape()
    if not shape.rank:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    plain = len(op.inputs) == 1
    band = (0, 0) if plain else _known_band(op, 1)
    sizes = [-1, -1] if plain else [op.inputs[2].value, op.inputs[3].value]
    if band is None:
        return unknown_shape()
    low, high = band
    outer = shape.as_list()[:-1] if low == high else shape.as_list()[:-2]
    length = shape.as_list()[-1]
    if length is None or sizes[0] is None or sizes[1] is None:
        return TensorShape([*outer, None, None])
    return TensorShape([*outer, *_matrix_size(length, low, high, sizes[0], sizes[1], op.type)])


def _diag_part_shape(op: Any) -> TensorShape:
    shape, band = op.inputs[0].shape, _known_band(op, 1)
    if shape.rank is None or band is None:
        return unknown_shape()
    if shape.rank < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {shape.rank}")
    low, high = band
    *outer, rows, columns = shape.as_list()
    length = None if rows is None or columns is None else _longest(rows, columns, low, high)
    return TensorShape([*outer, *([high - low + 1] if low != high else []), length])


# The entries: the present ones with alignment, and their two earlier forms.


@op("MatrixDiagV3",
    "diagonal: T, k: int32 static, num_rows: int32 static, num_cols: int32 static, padding_value: T -> output: T",
    attrs=_ALIGN, infer=_diag_shape)
def matrix_diag_v3(xp: Any, diagonal: Any, k: Any, num_rows: Any, num_cols: Any, padding_value: Any,
                   align: Any = "RIGHT_LEFT") -> Any:
    return _make(xp, diagonal, k, num_rows, num_cols, padding_value, _align(align), "MatrixDiagV3")


@op("MatrixDiagV2",
    "diagonal: T, k: int32 static, num_rows: int32 static, num_cols: int32 static, padding_value: T -> output: T",
    attrs="T: type", infer=_diag_shape)
def matrix_diag_v2(xp: Any, diagonal: Any, k: Any, num_rows: Any, num_cols: Any, padding_value: Any) -> Any:
    return _make(xp, diagonal, k, num_rows, num_cols, padding_value, "LEFT_LEFT", "MatrixDiagV2")


@op("MatrixDiag", "diagonal: T -> output: T", attrs="T: type", infer=_diag_shape)
def matrix_diag_v1(xp: Any, diagonal: Any) -> Any:
    return _make(xp, diagonal, 0, -1, -1, xp.zeros((), diagonal.dtype), "LEFT_LEFT", "MatrixDiag")


@op("MatrixDiagPartV3", "input: T, k: int32 static, padding_value: T -> diagonal: T", attrs=_ALIGN,
    infer=_diag_part_shape)
def matrix_diag_part_v3(xp: Any, x: Any, k: Any, padding_value: Any, align: Any = "RIGHT_LEFT") -> Any:
    return _take(xp, x, k, padding_value, _align(align), "MatrixDiagPartV3")


@op("MatrixDiagPartV2", "input: T, k: int32 static, padding_value: T -> diagonal: T", attrs="T: type",
    infer=_diag_part_shape)
def matrix_diag_part_v2(xp: Any, x: Any, k: Any, padding_value: Any) -> Any:
    return _take(xp, x, k, padding_value, "LEFT_LEFT", "MatrixDiagPartV2")


@op("MatrixDiagPart", "input: T -> diagonal: T", attrs="T: type", infer=_diag_part_shape)
def matrix_diag_part_v1(xp: Any, x: Any) -> Any:
    return _take(xp, x, 0, xp.zeros((), x.dtype), "LEFT_LEFT", "MatrixDiagPart")


@op("MatrixSetDiagV3", "input: T, diagonal: T, k: int32 static -> output: T", attrs=_ALIGN, infer=unchanged)
def matrix_set_diag_v3(xp: Any, x: Any, diagonal: Any, k: Any, align: Any = "RIGHT_LEFT") -> Any:
    return _put(xp, x, diagonal, k, _align(align), "MatrixSetDiagV3")


@op("MatrixSetDiagV2", "input: T, diagonal: T, k: int32 static -> output: T", attrs="T: type", infer=unchanged)
def matrix_set_diag_v2(xp: Any, x: Any, diagonal: Any, k: Any) -> Any:
    return _put(xp, x, diagonal, k, "LEFT_LEFT", "MatrixSetDiagV2")


@op("MatrixSetDiag", "input: T, diagonal: T -> output: T", attrs="T: type", infer=unchanged)
def matrix_set_diag_v1(xp: Any, x: Any, diagonal: Any) -> Any:
    return _put(xp, x, diagonal, 0, "LEFT_LEFT", "MatrixSetDiag")


def _form(op: Any, position: int) -> tuple[Any, str]:
    """The band and the alignment of any of the three forms."""
    k = op.inputs[position] if len(op.inputs) > position else 0
    return k, _align(op.get_attr("align").strip('"')) if op.type.endswith("V3") else "LEFT_LEFT"


def _diag_gradient(op: Any, dy: Any) -> Any:
    k, align = _form(op, 1)
    return diag_part(dy, k=k, align=align)


def _diag_part_gradient(op: Any, dy: Any) -> Any:
    k, align = _form(op, 1)
    x = op.inputs[0]
    known = static_shape(x)
    if known is None:
        return set_diag(zeros_like(x), dy, k=k, align=align)
    return diag(dy, k=k, num_rows=known[-2], num_cols=known[-1], align=align)


def _input_gradient(op: Any, dy: Any) -> Any:
    k, align = _form(op, 2)
    return set_diag(dy, zeros_like(op.inputs[1]), k=k, align=align)


def _diagonal_gradient(op: Any, dy: Any) -> Any:
    k, align = _form(op, 2)
    return diag_part(dy, k=k, align=align)


for entry in (matrix_diag_v1, matrix_diag_v2, matrix_diag_v3):
    entry.vjp(0)(_diag_gradient)
for entry in (matrix_diag_part_v1, matrix_diag_part_v2, matrix_diag_part_v3):
    entry.vjp(0)(_diag_part_gradient)
for entry in (matrix_set_diag_v1, matrix_set_diag_v2, matrix_set_diag_v3):
    entry.vjp(0)(_input_gradient)
    entry.vjp(1)(_diagonal_gradient)
del entry


# The public functions.


def _padding(value: Any, x: Any) -> Any:
    if isinstance(value, Tensor):
        return value
    return convert_to_tensor(bool(value) if x.dtype is dtypes.bool else value, x.dtype)


def _aligned(entry: OpDef, align: str, name: str | None) -> dict[str, Any]:
    attr = entry.signature.attr("align")
    allowed = () if attr is None else attr.allowed
    if f'"{align}"' not in allowed:
        raise errors.InvalidArgumentError(
            f"Value for attr 'align' of \"{align}\" is not in the list of allowed values: {', '.join(allowed)}\n\t; "
            f"NodeDef: {{{{node {entry.type}}}}}; {entry.describe()} [Op:{entry.type}] name: {name or ''}")
    return {"align": align}


def diag(diagonal: Any, name: str | None = "diag", k: Any = 0, num_rows: Any = -1, num_cols: Any = -1,
         padding_value: Any = 0, align: str = "RIGHT_LEFT") -> Any:
    """Matrices with given diagonals.

    Args:
      diagonal: one diagonal in the last axis, or several, the highest first, in the last two.
      name: of the node.
      k: which diagonal: 0 the main one, 1 the one above it, -1 the one below; or a pair, the lowest and the highest.
      num_rows: how many rows; -1 for as many as it takes.
      num_cols: how many columns; -1 for as many as it takes.
      padding_value: what is beside the diagonals.
      align: where the elements of short diagonals are in their rows, above and below the main one.

    Raises:
      InvalidArgumentError: the sizes do not fit.
    """
    diagonal = convert_to_tensor(diagonal)
    padding = _padding(padding_value, diagonal)
    return apply(matrix_diag_v3, (diagonal, static_input(k), static_input(num_rows), static_input(num_cols), padding),
                 _aligned(matrix_diag_v3, align, name), name)


def diag_part(input: Any, name: str | None = "diag_part", k: Any = 0, padding_value: Any = 0,
              align: str = "RIGHT_LEFT") -> Any:
    """The diagonals of matrices, see `diag`.

    Raises:
      InvalidArgumentError: the matrices have no such diagonal.
    """
    x = convert_to_tensor(input)
    padding = _padding(padding_value, x)
    return apply(matrix_diag_part_v3, (x, static_input(k), padding), _aligned(matrix_diag_part_v3, align, name), name)


def set_diag(input: Any, diagonal: Any, name: str | None = "set_diag", k: Any = 0, align: str = "RIGHT_LEFT") -> Any:
    """Matrices with other values in some diagonals, see `diag`.

    Raises:
      InvalidArgumentError: the diagonals are not as long as the matrices'.
    """
    x = convert_to_tensor(input)
    diagonal = convert_to_tensor(diagonal, x.dtype if not isinstance(diagonal, Tensor) else None)
    return apply(matrix_set_diag_v3, (x, diagonal, static_input(k)), _aligned(matrix_set_diag_v3, align, name), name)


@scoped("Trace")
def trace(x: Any, name: str | None = None) -> Any:
    """The sum of the main diagonal of matrices."""
    return reduce_sum(diag_part(x), [-1], name=name)
