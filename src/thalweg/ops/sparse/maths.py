"""Arithmetic, reductions and products of sparse tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import OpDef
from ...core.scopes import name_scope
from ..layout import bad
from .elementwise import sparse_add_, sparse_maximum_, sparse_minimum_, sparse_softmax_, sparse_tensor_dense_add
from .product import sparse_dense_matmul_
from .reductions import reduce_max_dense, reduce_max_sparse, reduce_sum_dense, reduce_sum_sparse
from .tensor import SparseTensor, is_sparse
from .values import as_sparse


def add(a: Any, b: Any, threshold: Any = 0) -> Any:
    """The sum of two tensors of which at least one is sparse.

    Args:
      a: a sparse tensor in row-major order, or a tensor.
      b: the same, with the same shape and dtype.
      threshold: of two sparse tensors: sums of smaller magnitude are left out, where both have an element.

    Returns:
      A sparse tensor if both are sparse, else a tensor.

    Raises:
      TypeError: neither is sparse.
      InvalidArgumentError: shapes or dtypes that differ.
    """
    if not is_sparse(a) and not is_sparse(b):
        raise TypeError("At least one input should be SparseTensor; do you mean to use tf.add()?")
    if is_sparse(a) and is_sparse(b):
        a, b = as_sparse(a), as_sparse(b)
        real = {"complex64": dtypes.float32, "complex128": dtypes.float64}.get(a.dtype.name, a.dtype)
        limit = convert_to_tensor(threshold, real)
        out = SparseTensor(*apply(sparse_add_, (*_parts(a), *_parts(b), limit)))
        if a.shape.is_fully_defined() and b.shape.is_fully_defined():
            out.set_shape(a.shape)
        return out
    if is_sparse(b):
        a, b = b, a
    a = as_sparse(a)
    return apply(sparse_tensor_dense_add, (*_parts(a), convert_to_tensor(b, None if hasattr(b, "dtype") else a.dtype)))


def _parts(sp: SparseTensor) -> tuple[Any, Any, Any]:
    return sp.indices, sp.values, sp.dense_shape


def _extreme(entry: OpDef, a: Any, b: Any, name: str | None) -> SparseTensor:
    a, b = as_sparse(a), as_sparse(b)
    indices, values = apply(entry, (*_parts(a), *_parts(b)), name=name)
    return SparseTensor(indices, values, a.dense_shape)


def maximum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The larger of the elements of two sparse tensors of one shape, at the places that either of them has.

    Raises:
      InvalidArgumentError: shapes that differ.
    """
    return _extreme(sparse_maximum_, sp_a, sp_b, name)


def minimum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The smaller of the elements of two sparse tensors, see `maximum`."""
    return _extreme(sparse_minimum_, sp_a, sp_b, name)


def softmax(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The softmax of the elements that are there in each row along the last dimension.

    Args:
      sp_input: a floating-point sparse tensor of rank 2 or more, in row-major order.
      name: of the operation.

    Raises:
      InvalidArgumentError: a rank below 2.
    """
    sp = as_sparse(sp_input) if is_sparse(sp_input) else sp_input
    with name_scope(name or "SparseSoftmax"):
        return SparseTensor(sp.indices, apply(sparse_softmax_, _parts(sp)), sp.dense_shape)


def _axes(axis: Any, sp: SparseTensor) -> Any:
    from ..ranges import range as range_op
    if axis is None:
        rank = sp.shape.rank
        if rank is not None:
            return convert_to_tensor(np.arange(rank, dtype=np.int32))
        from ..creation import size
        return range_op(size(sp.dense_shape))
    return convert_to_tensor(axis, None if hasattr(axis, "dtype") else dtypes.int32)


def _reduced(dense: OpDef, sparse: OpDef, sp: Any, axis: Any, keepdims: Any, as_sparse_: bool, name: str | None) -> Any:
    x = as_sparse(sp) if is_sparse(sp) else sp
    inputs, attrs = (*_parts(x), _axes(axis, x)), {"keep_dims": bool(keepdims)}
    if as_sparse_:
        return SparseTensor(*apply(sparse, inputs, attrs, name))
    return apply(dense, inputs, attrs, name)


def reduce_max(sp_input: Any, axis: Any = None, keepdims: bool | None = None, output_is_sparse: bool = False,
               name: str | None = None) -> Any:
    """The largest of the elements that are there along axes; 0 where there is none.

    Args:
      sp_input: the sparse tensor.
      axis: the axes to reduce, all if missing.
      keepdims: keep them with size 1.
      output_is_sparse: give a sparse tensor.
      name: of the operation.

    Raises:
      InvalidArgumentError: an axis out of range.
    """
    return _reduced(reduce_max_dense, reduce_max_sparse, sp_input, axis, keepdims, output_is_sparse, name)


def reduce_sum(sp_input: Any, axis: Any = None, keepdims: bool | None = None, output_is_sparse: bool = False,
               name: str | None = None) -> Any:
    """The sum of the elements along axes, see `reduce_max`."""
    return _reduced(reduce_sum_dense, reduce_sum_sparse, sp_input, axis, keepdims, output_is_sparse, name)


def sparse_dense_matmul(sp_a: Any, b: Any, adjoint_a: bool = False, adjoint_b: bool = False,
                        name: str | None = None) -> Any:
    """The product of two matrices of which one is sparse.

    Args:
      sp_a: a sparse matrix; or a dense one if `b` is sparse.
      b: a dense matrix; or a sparse one if `sp_a` is dense.
      adjoint_a: take the adjoint of the first.
      adjoint_b: take the adjoint of the second.
      name: of the operation.

    Raises:
      InvalidArgumentError: shapes or dtypes that do not fit, or an index out of range.
    """
    if is_sparse(b):
        if is_sparse(sp_a):
            raise bad("sparse_dense_matmul multiplies a sparse matrix with a dense one; both are sparse")
        from ..arrays import transpose
        left = convert_to_tensor(sp_a)
        out = sparse_dense_matmul(b, left, not adjoint_b, not adjoint_a)
        return transpose(out, [1, 0], conjugate=out.dtype.is_complex)
    a = as_sparse(sp_a)
    right = convert_to_tensor(b, None if hasattr(b, "dtype") else a.dtype)
    with name_scope(name or "SparseTensorDenseMatMul"):
        return apply(sparse_dense_matmul_, (*_parts(a), right), {"adjoint_a": adjoint_a, "adjoint_b": adjoint_b})


def sampled_addmm(indices: Any, values: Any, dense_shape: Any, mat1: Any, mat2: Any, beta: Any = 1.0, alpha: Any = 1.0,
                  output_type: Any = dtypes.float32) -> tuple[Any, Any, Any]:
    """`alpha * mat1 @ mat2 + beta * values` at the places of a sparse tensor alone.

    Args:
      indices: the places, shape `[n, rank]`.
      values: the elements there.
      dense_shape: the shape of the sparse tensor.
      mat1: shape `[..., m, k]`.
      mat2: shape `[..., k, n]`.
      beta: what the elements are multiplied with.
      alpha: what the product is multiplied with.
      output_type: of the elements; its default is that of `mat1`.

    Returns:
      The indices, the new elements and the shape.

    Raises:
      InvalidArgumentError: matrices that do not fit.
    """
    from ..arrays import transpose
    from ..casting import cast
    from ..gathering import gather_nd
    from ..indexing import getitem
    from ..reductions import reduce_sum as total
    places, shape = convert_to_tensor(indices), convert_to_tensor(dense_shape)
    left, right = cast(convert_to_tensor(mat1), output_type), cast(convert_to_tensor(mat2), output_type)
    elements = cast(convert_to_tensor(values), output_type)
    order = [*range(right.shape.rank - 2), right.shape.rank - 1, right.shape.rank - 2]
    rows = gather_nd(left, getitem(places, (Ellipsis, slice(None, -1))))
    from ..arrays import concat
    columns = gather_nd(transpose(right, order), concat([getitem(places, (Ellipsis, slice(None, -2))),
                                                         getitem(places, (Ellipsis, slice(-1, None)))], -1))
    products = total(rows * columns, -1)
    return places, products * cast(alpha, output_type) + elements * cast(beta, output_type), shape
