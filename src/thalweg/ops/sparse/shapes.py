"""The order of the elements of sparse tensors, and their shape."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.scopes import name_scope
from ...core.shape import TensorShape
from ..common import constant_value
from .places import sparse_reorder_, sparse_reshape_
from .tensor import SparseTensor
from .values import INT64, as_sparse, int64_vector


def reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The same sparse tensor with its elements in row-major order.

    Raises:
      TypeError: `sp_input` is no sparse tensor.
    """
    sp = as_sparse(sp_input)
    indices, values = apply(sparse_reorder_, (sp.indices, sp.values, sp.dense_shape), name=name)
    return _shaped(SparseTensor(indices, values, sp.dense_shape), sp.shape)


def _shaped(sp: SparseTensor, shape: TensorShape) -> SparseTensor:
    """A sparse tensor that is known to have a shape."""
    sp.set_shape(shape)
    return sp


def reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """A sparse tensor with another shape and the same elements in row-major order.

    Args:
      sp_input: the sparse tensor.
      shape: the new shape; one size may be -1, which is computed.
      name: of the operation.

    Raises:
      TypeError: `sp_input` is no sparse tensor.
      InvalidArgumentError: another number of elements, or several sizes of -1.
      ValueError: the same, found while a graph is built.
    """
    from ..creation import identity
    sp = as_sparse(sp_input)
    target = int64_vector(shape)
    known = constant_value(target)
    whole = _resolved(sp.shape, known) if ctx.graph is not None and known is not None else None
    indices, new_shape = apply(sparse_reshape_, (sp.indices, sp.dense_shape, target), name=name)
    return SparseTensor(indices, identity(sp.values), new_shape if whole is None else np.array(whole, np.int64))


def _resolved(shape: TensorShape, target: Any) -> list[int] | None:
    """The new shape in numbers, where both shapes are known."""
    if not shape.is_fully_defined():
        return None
    wanted = [int(d) for d in target]
    if wanted.count(-1) > 1:
        raise ValueError(f"At most one dimension can be inferred (-1). Found: {target}")
    total = int(shape.num_elements() or 0)
    if -1 in wanted:
        if 0 in wanted:
            return None
        part = int(np.prod([d for d in wanted if d != -1], dtype=np.int64))
        made = [total // part if d == -1 else d for d in wanted]
    else:
        made = wanted
    size = int(np.prod(made, dtype=np.int64))
    if size != total:
        shown = [None if d == -1 else d for d in wanted]
        raise ValueError(f"Cannot reshape a tensor with {total} elements to shape {shown} ({size} elements).")
    return made


def expand_dims(sp_input: Any, axis: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor with a new dimension of size 1 at `axis`, the last one if missing.

    Raises:
      TypeError: an axis that is no integer.
      InvalidArgumentError: an axis out of range.
    """
    from ...core.tensor import Tensor
    from ..arrays import concat
    from ..comparison import select
    from ..creation import shape, zeros
    from ..indexing import slice_of
    sp = sp_input
    axis = -1 if axis is None else axis
    with name_scope(name or "expand_dims"):
        if isinstance(axis, (int, np.integer)) and not isinstance(axis, bool):
            axis = convert_to_tensor(int(axis), dtypes.int32)
        elif not isinstance(axis, Tensor):
            raise TypeError("axis must be an integer value in range [-rank(sp_input) - 1, rank(sp_input)]")
        rank = sp.dense_shape.shape[0]
        known = constant_value(axis)
        if known is not None and rank is not None:
            place: Any = int(known) if known >= 0 else int(known) + rank + 1
        else:
            size = shape(sp.dense_shape)[0] if rank is None else rank
            place = select(axis >= 0, axis, axis + size + 1)
        column = zeros([1], dtypes.int32) + shape(sp.indices)[0:1]
        new = zeros(concat([column, [1]], 0), INT64)
        indices = concat([slice_of(sp.indices, [0, 0], _pair(-1, place)), new,
                          slice_of(sp.indices, _pair(0, place), [-1, -1])], 1)
        whole = concat([slice_of(sp.dense_shape, [0], _one(place)), convert_to_tensor([1], INT64),
                        slice_of(sp.dense_shape, _one(place), [-1])], 0)
        return SparseTensor(indices, sp.values, whole)


def _pair(first: int, second: Any) -> Any:
    from ..arrays import stack
    return [first, second] if isinstance(second, int) else stack([first, second])


def _one(value: Any) -> Any:
    return [value] if isinstance(value, int) else value[None]


def transpose(sp_input: Any, perm: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor with its dimensions in another order, reversed if `perm` is missing; its elements are reordered."""
    from ..gathering import gather
    from ..ranges import range as range_op
    with name_scope(name or "SparseTranspose"):
        sp = sp_input
        if perm is None:
            rank = sp.shape.rank
            perm = list(range(rank - 1, -1, -1)) if rank is not None else range_op(_rank(sp) - 1, -1, -1)
        order = convert_to_tensor(perm, None if hasattr(perm, "dtype") or len(perm) else dtypes.int32)
        known = constant_value(order)
        if known is not None and sp.shape.is_fully_defined() and ctx.graph is not None:
            sizes = sp.shape.as_list()
            whole: Any = np.array([sizes[int(p)] for p in known], np.int64)
        else:
            whole = gather(sp.dense_shape, order)
        size, rank = order.shape[0], sp.shape.rank
        if size is not None and rank is not None and size != rank:
            raise ValueError(f"Dimensions {size} and {rank} are not compatible")
        return reorder(SparseTensor(gather(sp.indices, order, axis=1), sp.values, whole))


def _rank(sp: SparseTensor) -> Any:
    from ..creation import size
    return size(sp.dense_shape)


def reset_shape(sp_input: Any, new_shape: Any = None) -> SparseTensor:
    """The same elements in another shape: the smallest one that holds them, or one at least as large as the old.

    Raises:
      TypeError: `sp_input` is no sparse tensor.
      ValueError: a rank that differs, or a size smaller than before.
      InvalidArgumentError: the same, found while a program runs.
    """
    from ..arithmetic import maximum
    from ..creation import identity, ones_like, size
    from ..ragged.checks import after, assert_equal, assert_less_equal
    from ..reductions import reduce_max
    sp = as_sparse(sp_input)
    indices, values, shape = identity(sp.indices), identity(sp.values), identity(sp.dense_shape)
    if new_shape is None:
        # Without elements the largest index is the smallest integer there is.
        whole = maximum(convert_to_tensor(0, INT64), reduce_max(indices, 0) + ones_like(shape))
        return SparseTensor(indices, values, whole)
    whole = int64_vector(new_shape)
    if whole.shape.rank not in (1, None):
        raise ValueError(f"Shape {whole.shape} must have rank 1")
    ranks = whole.shape[0] if whole.shape.rank else None, shape.shape[0]
    if None not in ranks and ranks[0] != ranks[1]:
        raise ValueError(f"Dimensions {ranks[0]} and {ranks[1]} are not compatible")
    known = constant_value(whole)
    if known is not None and sp.shape.is_fully_defined():
        old = np.array(sp.shape.as_list())
        if not (old <= known).all():
            raise ValueError("Requested new_shape should have dimension sizes >= sp_input.shape.  Found new_shape "
                             f"({old}), sp_input.shape ({known}).")
        return SparseTensor(indices, values, known)
    checks = [*assert_equal(size(shape), size(whole)), *assert_less_equal(shape, whole)]
    return SparseTensor(indices, values, after(checks, whole))
