"""Sparse tensors from dense ones, and dense ones from sparse ones."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.known_shape import shape_in
from ...core.scopes import name_scope
from .places import sparse_to_dense_
from .tensor import SparseTensor
from .values import INT64, as_sparse, int64_vector


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """The elements of a tensor that are not zero (`False`, the empty string), as a sparse tensor.

    Raises:
      InvalidArgumentError: a scalar.
    """
    from ..comparison import not_equal
    from ..creation import shape, zeros_like
    from ..gathering import gather_nd
    from ..masking import where
    with name_scope(name or "dense_to_sparse"):
        x = convert_to_tensor(tensor)
        indices = where(not_equal(x, zeros_like(x)))
        return SparseTensor(indices, gather_nd(x, indices), shape(x, INT64))


def eye(num_rows: Any, num_columns: Any = None, dtype: Any = dtypes.float32, name: str | None = None) -> SparseTensor:
    """A sparse matrix with ones on its diagonal."""
    from ..arithmetic import minimum
    from ..arrays import stack
    from ..creation import ones
    from ..ranges import range as range_op
    with name_scope(name or "eye"):
        rows = int64_vector(num_rows)
        columns = rows if num_columns is None else int64_vector(num_columns)
        places = range_op(minimum(rows, columns))
        return SparseTensor(stack([places, places], axis=1), ones(_length(places), dtype), stack([rows, columns]))


def _length(x: Any) -> Any:
    from ..creation import shape
    return [x.shape[0]] if x.shape[0] is not None else shape(x)


def to_dense(sp_input: Any, default_value: Any = None, validate_indices: bool | None = True,
             name: str | None = None) -> Any:
    """A sparse tensor as a dense one.

    Args:
      sp_input: the sparse tensor.
      default_value: the element everywhere else, zero (or an empty string) if missing.
      validate_indices: check that the indices lie inside, in row-major order, and do not repeat.
      name: of the operation.

    Raises:
      TypeError: `sp_input` is no sparse tensor.
      InvalidArgumentError: invalid indices.
    """
    sp = as_sparse(sp_input)
    default = _zero(sp.dtype) if default_value is None else default_value
    dense = sparse_to_dense(sp.indices, sp.dense_shape, sp.values, default, validate_indices, name)
    if ctx.graph is not None:
        dense.set_shape(shape_in(sp.dense_shape))
    return dense


def _zero(dtype: dtypes.DType) -> Any:
    return convert_to_tensor(b"" if dtype is dtypes.string else np.zeros((), dtype.np), dtype)


def sparse_to_dense(sparse_indices: Any, output_shape: Any, sparse_values: Any, default_value: Any = 0,
                    validate_indices: bool | None = True, name: str | None = None) -> Any:
    """A dense tensor with given elements at some places and one value everywhere else, as in TensorFlow 1.

    Args:
      sparse_indices: where the elements are: a matrix of indices, a vector for a vector, a scalar for a single element.
      output_shape: the shape, of the same dtype as the indices.
      sparse_values: the elements, or one for all places.
      default_value: the element everywhere else.
      validate_indices: check the order of the indices.
      name: of the operation.

    Raises:
      InvalidArgumentError: shapes that do not fit, or invalid indices.
    """
    values = convert_to_tensor(sparse_values)
    indices = convert_to_tensor(sparse_indices)
    shape = convert_to_tensor(output_shape, None if hasattr(output_shape, "dtype") else indices.dtype)
    default = convert_to_tensor(default_value, None if hasattr(default_value, "dtype") else values.dtype)
    attrs = {"validate_indices": True if validate_indices is None else bool(validate_indices)}
    return apply(sparse_to_dense_, (indices, shape, values, default), attrs, name)


def to_indicator(sp_input: Any, vocab_size: Any, name: str | None = None) -> Any:
    """A boolean tensor whose last dimension says which ids each row of a sparse tensor holds.

    Args:
      sp_input: a sparse tensor of ids in `[0, vocab_size)`.
      vocab_size: the size of the result's last dimension.
      name: of the operation.

    Raises:
      InvalidArgumentError: an id out of range.
    """
    from ..creation import fill, shape
    from .v1 import merged
    sp = as_sparse(sp_input)
    with name_scope(name or "SparseToIndicator"):
        filled = sp.with_values(fill(shape(sp.indices)[0:1], True))
        return to_dense(merged(sp, filled, vocab_size), False, validate_indices=False)
