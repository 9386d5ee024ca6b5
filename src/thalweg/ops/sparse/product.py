"""Products of sparse matrices with dense ones."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape
from ..creation import ints, known_shape
from ..layout import bad
from ..requirements import require_within
from .rows import list_text


def _product_shape(op: Any) -> TensorShape:
    a, b = known_shape(op.inputs[2]), op.inputs[3].shape.with_rank(2)
    rows, inner = (a.as_list() if a.rank == 2 else [None, None])
    left, right = op.attrs.get("adjoint_a", False), op.attrs.get("adjoint_b", False)
    if left:
        rows, inner = inner, rows
    depth, columns = (b[1], b[0]) if right else (b[0], b[1])
    if inner is not None and depth is not None and inner != depth:
        raise ValueError(f"Dimensions must be equal, but are {inner} and {depth}")
    return TensorShape([rows, columns])


@op("SparseTensorDenseMatMul", "a_indices: Tindices, a_values: T, a_shape: int64 static, b: T -> product: T",
    attrs="T: type; Tindices: {int32, int64} = int64; adjoint_a: bool = false; adjoint_b: bool = false",
    infer=_product_shape)
def sparse_dense_matmul_(xp: Any, indices: Any, values: Any, shape: Any, b: Any, adjoint_a: bool = False,
                         adjoint_b: bool = False) -> Any:
    sizes = ints(shape)
    if b.ndim != 2:
        raise bad("Tensor 'b' is not a matrix")
    if len(sizes) != 2:
        raise bad("Tensor 'a_shape' must have 2 elements")
    if values.ndim != 1:
        raise bad("Tensor 'a_values' is not a vector")
    if indices.ndim != 2:
        raise bad("Tensor 'a_indices' is not a matrix")
    if len(indices) != len(values):
        raise bad("Number of rows of a_indices does not match number of entries in a_values")
    if indices.shape[1] != 2:
        raise bad("Number of columns of a_indices does not match number of entries in a_shape")
    inner = sizes[0] if adjoint_a else sizes[1]
    depth = b.shape[1] if adjoint_b else b.shape[0]
    if inner != depth:
        raise bad(f"Cannot multiply A and B because inner dimension does not match: {inner} vs. {depth}.  Did you forget a "
                  f"transpose?  Dimensions of A: [{sizes[0]}, {sizes[1]}).  Dimensions of B: {list_text(b.shape)}")
    complex_ = values.dtype.kind == "c"
    right = b.T if adjoint_b else b
    right = right.conj() if adjoint_b and complex_ else right
    left = values.conj() if adjoint_a and complex_ else values
    rows, columns = (indices[:, 1], indices[:, 0]) if adjoint_a else (indices[:, 0], indices[:, 1])
    count = sizes[1] if adjoint_a else sizes[0]
    if xp is not np:
        require_within(xp, rows, count)
        require_within(xp, columns, inner)
        terms = left[:, None] * xp.asarray(right)[columns]
        return xp.zeros((count, right.shape[1]), b.dtype).at[rows].add(terms)
    _check(rows, count, "m", int(adjoint_a))
    _check(columns, inner, "k", int(not adjoint_a))
    out = np.zeros((count, right.shape[1]), b.dtype)
    if len(rows):
        if (rows[1:] < rows[:-1]).any():
            order = np.argsort(rows, kind="stable")
            rows, columns, left = rows[order], columns[order], left[order]
        starts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
        out[rows[starts]] = np.add.reduceat(left[:, None] * right[columns], starts, axis=0)
    return out


def _check(places: Any, size: int, name: str, column: int) -> None:
    wrong = (places < 0) | (places >= size)
    if wrong.any():
        i = int(wrong.argmax())
        raise bad(f"{name} ({int(places[i])}) from index[{i},{column}] out of bounds (>={size})")


@sparse_dense_matmul_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    from ..gathering import gather
    from ..reductions import reduce_sum
    indices, values, _, b = op.inputs
    left, right = bool(op.get_attr("adjoint_a")), bool(op.get_attr("adjoint_b"))
    rows, columns = (indices[:, 1], indices[:, 0]) if left else (indices[:, 0], indices[:, 1])
    theirs = gather(_adjoint(b) if right else b, columns)
    mine = gather(dy, rows)
    if values.dtype.is_complex:
        from ..complex_numbers import conj
        mine, theirs = (conj(mine), theirs) if left else (mine, conj(theirs))
    return reduce_sum(mine * theirs, 1)


@sparse_dense_matmul_.vjp(3)
def _(op: Any, dy: Any) -> Any:
    left, right = bool(op.get_attr("adjoint_a")), bool(op.get_attr("adjoint_b"))
    out = apply(sparse_dense_matmul_, (*op.inputs[:3], dy), {"adjoint_a": not left, "adjoint_b": False})
    return _adjoint(out) if right else out


def _adjoint(x: Any) -> Any:
    from ..arrays import transpose
    return transpose(x, [1, 0], conjugate=x.dtype.is_complex)


# A product of dense matrices that hold many zeros.


def _dense_shape(op: Any) -> TensorShape:
    a, b = op.inputs[0].shape.with_rank(2), op.inputs[1].shape.with_rank(2)
    rows, inner = (a[1], a[0]) if op.attrs.get("transpose_a", False) else (a[0], a[1])
    depth, columns = (b[1], b[0]) if op.attrs.get("transpose_b", False) else (b[0], b[1])
    if inner is not None and depth is not None and inner != depth:
        raise ValueError(f"Dimensions must be equal, but are {inner} and {depth}")
    return TensorShape([rows, columns])


@op("SparseMatMul", "a: Ta, b: Tb -> product: float",
    attrs="transpose_a: bool = false; transpose_b: bool = false; a_is_sparse: bool = false; b_is_sparse: bool = false; "
    "Ta: {float, bfloat16} = float; Tb: {float, bfloat16} = float", infer=_dense_shape)
def sparse_matmul_(xp: Any, a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False,
                   a_is_sparse: bool = False, b_is_sparse: bool = False) -> Any:
    for value, name in ((a, "a"), (b, "b")):
        if value.ndim != 2:
            raise bad(f"{name} is not a matrix")
    left, right = (a.T if transpose_a else a), (b.T if transpose_b else b)
    if left.shape[1] != right.shape[0]:
        raise bad(f"Matrix size incompatible: a: {list_text(a.shape)}, b: {list_text(b.shape)}")
    return xp.matmul(left.astype(np.float32), right.astype(np.float32))


@sparse_matmul_.gradient
def _(op: Any, dy: Any) -> Any:
    from ..casting import cast
    from ..matmul import matmul
    a, b = (cast(x, dtypes.float32) for x in op.inputs)
    t_a, t_b = bool(op.get_attr("transpose_a")), bool(op.get_attr("transpose_b"))
    da = matmul(b, dy, transpose_a=t_b, transpose_b=True) if t_a else matmul(dy, b, transpose_b=not t_b)
    db = matmul(dy, a, transpose_a=True, transpose_b=t_a) if t_b else matmul(a, dy, transpose_a=not t_a)
    return cast(da, op.inputs[0].dtype), cast(db, op.inputs[1].dtype)


def sparse_matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, a_is_sparse: bool = False,
                  b_is_sparse: bool = False, name: str | None = None) -> Any:
    """The float32 product of two dense matrices, float32 or bfloat16 each, of which one may hold many zeros."""
    from ...core.convert import convert_to_tensor
    attrs = {"transpose_a": transpose_a, "transpose_b": transpose_b, "a_is_sparse": a_is_sparse,
             "b_is_sparse": b_is_sparse}
    return apply(sparse_matmul_, (convert_to_tensor(a), convert_to_tensor(b)), attrs, name)
