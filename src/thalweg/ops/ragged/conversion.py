"""Ragged tensors from and to tensors and sparse tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.scopes import name_scope
from ...core.shape import TensorShape, as_shape
from ...core.tensor import Tensor
from ..arithmetic import maximum, minimum
from ..arrays import concat, reshape
from ..casting import cast
from ..comparison import equal, logical_not
from ..creation import shape as shape_op
from ..creation import zeros, zeros_like
from ..masking import boolean_mask
from ..ranges import range as range_of
from ..ranges import sequence_mask
from ..reductions import reduce_all, reduce_max, reduce_prod
from . import checks
from .factories import Factories
from .kernels import ragged_tensor_to_sparse, ragged_tensor_to_tensor
from .partition import RowPartition
from .tensor import RaggedTensor


def to_tensor(x: RaggedTensor, default_value: Any = None, name: str | None = None, shape: Any = None) -> Any:
    """See `RaggedTensor.to_tensor`."""
    with name_scope(name or "RaggedToTensor"):
        default = zeros([], x.dtype) if default_value is None else \
            default_value if isinstance(default_value, Tensor) else convert_to_tensor(default_value, x.dtype)
        if default.dtype != x.dtype:
            convert_to_tensor(default, x.dtype)
        kinds, tensors = _partition_inputs(x)
        tensors = [cast(t, x._row_partition.dtype) for t in tensors]
        static: TensorShape | None = None
        if shape is None:
            wanted = convert_to_tensor(-1, dtypes.int64)
            static = x.shape
        elif isinstance(shape, Tensor):
            wanted = shape if shape.dtype in (dtypes.int32, dtypes.int64) else cast(shape, dtypes.int64)
        else:
            given = as_shape(shape)
            if given.rank is None:
                wanted = convert_to_tensor(-1, dtypes.int64)
            else:
                wanted = convert_to_tensor([-1 if d is None else d for d in given.as_list()], dtypes.int64)
                static = given if given.rank == x.shape.rank else None
        result = apply(ragged_tensor_to_tensor, (wanted, x.flat_values, default, *tensors),
                       {"row_partition_types": kinds, "num_row_partition_tensors": len(tensors)})
        if static is not None and static.rank is not None and hasattr(result, "set_shape"):
            result.set_shape(static)
        return result


def _partition_inputs(x: RaggedTensor) -> tuple[list[str], list[Any]]:
    """The partitions as `RaggedTensorToTensor` takes them: those made of row ids by their ids."""
    first = x._row_partition
    if first._value_rowids is not None:
        kinds, tensors = ["FIRST_DIM_SIZE", "VALUE_ROWIDS"], [first.nrows(), first.value_rowids()]
    else:
        kinds, tensors = ["ROW_SPLITS"], [first.row_splits()]
    for partition in x._nested_row_partitions[1:]:
        by_ids = partition._value_rowids is not None
        kinds.append("VALUE_ROWIDS" if by_ids else "ROW_SPLITS")
        tensors.append(partition.value_rowids() if by_ids else partition.row_splits())
    return kinds, tensors


def to_sparse(x: RaggedTensor, name: str | None = None) -> Any:
    """See `RaggedTensor.to_sparse`."""
    from ..sparse.tensor import SparseTensor
    with name_scope(name or "RaggedToSparse"):
        splits = x.nested_row_splits
        indices, values, shape = apply(ragged_tensor_to_sparse, (*splits, x.flat_values), {"RAGGED_RANK": len(splits)})
        return SparseTensor(indices, values, shape)


def from_tensor(tensor: Any, lengths: Any, padding: Any, ragged_rank: int, name: str | None,
                row_splits_dtype: dtypes.DType) -> Any:
    """See `RaggedTensor.from_tensor`."""
    if lengths is not None and padding is not None:
        raise ValueError("Specify argument `lengths` or `padding`, but not both.")
    if not isinstance(ragged_rank, int):
        raise TypeError(f"Argument `ragged_rank` must be an int. Received {ragged_rank}.")
    if ragged_rank <= 0:
        raise ValueError(f"Argument `ragged_rank` must be greater than 0. Received {ragged_rank}.")
    with name_scope(name or "RaggedFromTensor"):
        tensor = convert_to_tensor(tensor)
        rank = tensor.shape.rank
        if rank is not None and rank < 2:
            raise ValueError("The rank of a RaggedTensor must be greater than 1, i.e., a list of scalars won't have ragged "
                             f"dimensions. Received argument `tensor` with rank {rank}.")
        tensor.shape.with_rank_at_least(ragged_rank + 1)
        if isinstance(lengths, (list, tuple)) and lengths and not isinstance(lengths[0], (int, float)):
            if ragged_rank not in (1, len(lengths)):
                raise ValueError("If Argument `lengths` is a tuple of row_lengths, argument `ragged_rank` must be "
                                 f"len(lengths): {len(lengths)}. Received ragged_rank: {ragged_rank}.")
            return _by_nested_lengths(tensor, lengths, row_splits_dtype)
        if ragged_rank > 1:
            return _deeper(tensor, lengths, padding, ragged_rank, row_splits_dtype)
        dims = shape_op(tensor, row_splits_dtype)
        nrows, ncols = dims[0], dims[1]
        if padding is not None:
            lengths = _unpadded_lengths(tensor, padding, ncols, row_splits_dtype)
        if lengths is not None:
            lengths = cast(convert_to_tensor(lengths) if not isinstance(lengths, Tensor) else lengths, row_splits_dtype)
            lengths.shape.assert_has_rank(1)
            lengths = maximum(minimum(lengths, ncols), 0)
            values = boolean_mask(tensor, sequence_mask(lengths, ncols))
            return RaggedTensor.from_row_lengths(values, lengths, validate=False)
        flat = _merge_two(tensor, dims)
        uniform = tensor.shape[1]
        return RaggedTensor.from_uniform_row_length(flat, ncols if uniform is None else convert_to_tensor(
            uniform, row_splits_dtype), nrows=nrows, validate=False)


def _merge_two(tensor: Any, dims: Any) -> Any:
    """A tensor whose first two dimensions are one."""
    known = tensor.shape.as_list()
    if None not in known:
        return reshape(tensor, [known[0] * known[1], *known[2:]])
    out = reshape(tensor, concat([dims[0:1] * dims[1:2], dims[2:]], 0))
    if hasattr(out, "set_shape"):
        out.set_shape([None if None in known[:2] else known[0] * known[1], *known[2:]])
    return out


def _unpadded_lengths(tensor: Any, padding: Any, ncols: Any, dtype: dtypes.DType) -> Any:
    """The lengths of rows up to the last element that is not padding."""
    padding = convert_to_tensor(padding, tensor.dtype)
    padding.shape.assert_is_compatible_with(tensor.shape[2:])
    same = equal(tensor, padding)
    rank = tensor.shape.rank
    if rank is None or rank > 2:
        same = reduce_all(same, axis=list(range(2, rank)))
    places = range_of(convert_to_tensor(1, dtype), ncols + 1)
    return reduce_max(cast(logical_not(same), dtype) * places, axis=1) if tensor.shape[1] != 0 else \
        zeros(shape_op(tensor)[:1], dtype)


def _by_nested_lengths(tensor: Any, lengths: Any, dtype: dtypes.DType) -> Any:
    """`from_tensor` with the lengths of several dimensions."""
    partitions = []
    for given in lengths:
        row = from_tensor(tensor, given, None, 1, None, dtype)
        partitions.append(row._row_partition)
        tensor = row.values
    return Factories._from_nested_row_partitions(tensor, partitions, validate=False)


def _deeper(tensor: Any, lengths: Any, padding: Any, ragged_rank: int, dtype: dtypes.DType) -> Any:
    """`from_tensor` for several ragged dimensions: the outer ones are uniform, `lengths` speak of the innermost."""
    known = tensor.shape.as_list()
    dims = shape_op(tensor, dtype)
    split = ragged_rank - 1
    if None not in known:
        flat = reshape(tensor, [int(np.prod(known[:split + 1])), *known[split + 1:]])
    else:
        flat = reshape(tensor, concat([reduce_prod(dims[:split + 1])[None], dims[split + 1:]], 0))
        flat.set_shape([None, *known[split + 1:]])
    result = from_tensor(flat, lengths, padding, 1, None, dtype)
    for axis in range(split, 0, -1):
        rows = reduce_prod(dims[:axis])
        length = dims[axis] if known[axis] is None else convert_to_tensor(known[axis], dtype)
        partition = RowPartition.from_uniform_row_length(length, nvals=rows * dims[axis], nrows=rows, validate=False,
                                                         dtype=dtype)
        result = RaggedTensor._from_row_partition(result, partition, validate=False)
    return result


def from_sparse(st_input: Any, name: str | None, row_splits_dtype: dtypes.DType) -> Any:
    """See `RaggedTensor.from_sparse`."""
    if not (hasattr(st_input, "indices") and hasattr(st_input, "values") and hasattr(st_input, "dense_shape")):
        raise TypeError(f"Argument `st_input` must be of type SparseTensor, but is of type {type(st_input).__name__}.")
    with name_scope(name or "RaggedFromSparse"):
        indices = convert_to_tensor(st_input.indices)
        shape = convert_to_tensor(st_input.dense_shape)
        rank = shape.shape[0] if shape.shape.rank else None
        if rank is None:
            rank = indices.shape[1] if indices.shape.rank == 2 else None
        if rank != 2:
            raise ValueError("rank(st_input) must be 2." if rank is not None else
                             "rank(st_input) must be statically known.")
        found = _right_ragged(indices)
        ids = checks.after(found, cast(indices[:, 0], row_splits_dtype))
        return RaggedTensor.from_value_rowids(st_input.values, ids, cast(shape[0], row_splits_dtype), validate=False)


def _right_ragged(indices: Any) -> list[Any]:
    """Checks that the indices of a sparse matrix fill rows from the left."""
    text = "SparseTensor is not right-ragged"
    rows, columns = indices[:, 0], indices[:, 1]
    same = equal(rows[1:], rows[:-1])
    from ..comparison import select
    expected = concat([zeros_like(columns[:1]), select(same, columns[:-1] + 1, zeros_like(columns[1:]))], 0)
    return checks.assert_equal(columns, expected, text)
