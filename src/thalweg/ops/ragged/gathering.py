"""Slices of ragged tensors by indices, and of tensors by ragged indices."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from .. import arrays as dense
from .. import gathering as tensors
from ..casting import cast
from ..masking import embedding_lookup as dense_lookup
from . import checks
from .axes import match_row_splits_dtypes, positive_axis
from .partition import RowPartition
from .ranges import rows_of
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor


def gather(params: Any, indices: Any, validate_indices: Any = None, axis: Any = None, batch_dims: Any = 0,
           name: str | None = None) -> Any:
    """`tf.gather` with ragged params or indices.

    Raises:
      ValueError: axes or batch dimensions out of bounds.
      InvalidArgumentError: an index out of range.
    """
    with name_scope(name or "RaggedGather"):
        params, indices = as_ragged_or_tensor(params), as_ragged_or_tensor(indices)
        params, indices = match_row_splits_dtypes(params, indices)
        if batch_dims != indices.shape.rank:
            batch_dims = positive_axis(batch_dims, indices.shape.rank, "batch_dims", "rank(indices)")
        if axis is None:
            axis = batch_dims
        axis = positive_axis(axis, params.shape.rank, "axis", "rank(params)")
        if axis < batch_dims:
            raise ValueError(f"axis={axis} must be greater than or equal to batch_dims={batch_dims}.")
        if not isinstance(params, RaggedTensor) and not isinstance(indices, RaggedTensor):
            return tensors.gather(params, indices, axis=axis, batch_dims=batch_dims)
        return _batched(params, indices, axis, batch_dims)


def _ragged(x: Any, dtype: Any) -> RaggedTensor:
    """A value with at least one partition."""
    if isinstance(x, RaggedTensor):
        return x
    return RaggedTensor.from_tensor(x, row_splits_dtype=dtype)  # type: ignore[no-any-return]


def _batched(params: Any, indices: Any, axis: int, batch_dims: int) -> Any:
    if not isinstance(params, RaggedTensor) and not isinstance(indices, RaggedTensor):
        return tensors.gather(params, indices, axis=axis, batch_dims=batch_dims)
    if batch_dims == 0:
        return _from_axis(params, indices, axis)
    splits_dtype = next(x._row_partition.dtype for x in (params, indices) if isinstance(x, RaggedTensor))
    if indices.shape.rank == batch_dims:
        # One index for each batch element: as if it were a vector, and without that dimension again.
        from .arrays import expand_dims, squeeze
        found = _batched(params, expand_dims(indices, -1) if not isinstance(indices, Tensor) or indices.shape.rank else
                         indices[None], axis, batch_dims)
        return squeeze(found, [axis if batch_dims > 1 else axis])
    if batch_dims > 1:
        params, indices = _ragged(params, splits_dtype), _ragged(indices, splits_dtype)
        partition = params._row_partition.merge(indices._row_partition)
        return RaggedTensor._from_row_partition(_batched(params.values, indices.values, axis - 1, batch_dims - 1), partition,
                                                validate=False)
    if axis > 1:
        params, indices = _ragged(params, splits_dtype), _ragged(indices, splits_dtype)
        raise ValueError("gather with axis > batch_dims > 0 takes no ragged arguments")
    # axis = batch_dims = 1: row by row, by the place in the values of all rows.
    params, indices = _ragged(params, splits_dtype), _ragged(indices, splits_dtype)
    found = checks.assert_equal(params.nrows(), indices.nrows(), "Dimensions of params and indices differ in the batch")
    lengths, starts = params._row_partition.row_lengths(), params._row_partition.row_starts()
    return indices.with_values(_by_rows(params.values, indices.values, indices._row_partition.value_rowids(),
                                        checks.after(found, starts), lengths))


def _by_rows(values: Any, indices: Any, rows: Any, starts: Any, lengths: Any) -> Any:
    """`values[starts[row] + index]` for each index and the row that it belongs to."""
    if isinstance(indices, RaggedTensor):
        rows = tensors.gather(rows, indices._row_partition.value_rowids())
        return indices.with_values(_by_rows(values, indices.values, rows, starts, lengths))
    kind = starts.dtype
    extra = (indices.shape.rank or 1) - 1
    start, length = tensors.gather(starts, rows), tensors.gather(lengths, rows)
    for _ in range(extra):
        start, length = dense.expand_dims(start, -1), dense.expand_dims(length, -1)
    at = cast(indices, kind)
    text = "Index out of bounds in gather of ragged rows"
    at = checks.after([*checks.assert_non_negative(at, text), *checks.assert_less(at, length, text)], at)
    return _rows(values, start + at)


def _rows(params: Any, indices: Any) -> Any:
    """The rows of params at a tensor of indices of any rank."""
    if not isinstance(params, RaggedTensor):
        return tensors.gather(params, indices)
    rank = indices.shape.rank
    if rank == 0:
        return params[indices]
    if rank is None:
        raise ValueError("rank(indices) must be known statically")
    if rank > 1:
        wrapped = RaggedTensor.from_tensor(indices, ragged_rank=rank - 1, row_splits_dtype=params._row_partition.dtype)
        return wrapped.with_flat_values(_rows(params, wrapped.flat_values))
    at = cast(indices, params._row_partition.dtype)
    rows = params._row_partition.nrows()
    outside = [*checks.assert_non_negative(at, "gather: indices out of range"),
               *checks.assert_less(at, rows, "gather: indices out of range")]
    return rows_of(params, checks.after(outside, at))


def _from_axis(params: Any, indices: Any, axis: int) -> Any:
    if axis == 0:
        if isinstance(indices, RaggedTensor):
            return indices.with_values(_from_axis(params, indices.values, 0))
        return _rows(params, indices)
    if not isinstance(params, RaggedTensor):
        if isinstance(indices, RaggedTensor):
            # The outer dimensions become partitions, so that what is picked may be ragged.
            params = RaggedTensor.from_tensor(params, ragged_rank=axis, row_splits_dtype=indices._row_partition.dtype)
        else:
            return tensors.gather(params, indices, axis=axis)
    if axis > 1:
        return params.with_values(_from_axis(params.values, indices, axis - 1))
    # The same indices in every row.
    partition = params._row_partition
    if isinstance(indices, RaggedTensor):
        from .arrays import expand_dims, tile
        every = tile(expand_dims(indices, 0), dense.concat([partition.nrows()[None], _ones(indices.shape.rank, partition)], 0))
    else:
        rank = indices.shape.rank
        flat = dense.reshape(indices, [-1])
        count = _count(flat, partition.dtype)
        many = dense.tile(flat, cast(partition.nrows(), dtypes.int32)[None])
        every = RaggedTensor.from_uniform_row_length(many, count, nrows=partition.nrows(), validate=False)
        result = _batched(params, every, 1, 1)
        if rank == 1:
            return result
        if rank == 0:
            return result.values
        shaped = result.values
        for d in reversed(indices.shape.as_list()[1:]):
            shaped = RaggedTensor.from_uniform_row_length(shaped, d, validate=False)
        return RaggedTensor.from_uniform_row_length(shaped, indices.shape[0], nrows=partition.nrows(), validate=False)
    return _batched(params, every, 1, 1)


def _count(x: Any, dtype: Any) -> Any:
    from ..creation import size
    known = x.shape[0]
    return convert_to_tensor(int(known), dtype) if known is not None else size(x, dtype)


def _ones(count: int, partition: RowPartition) -> Any:
    from ..creation import ones
    return ones([count], partition.dtype)


def batch_gather(params: Any, indices: Any, name: str | None = None) -> Any:
    """`gather` with as many batch dimensions as `indices` has before its last.

    Raises:
      ValueError: the rank of `indices` is not known.
    """
    indices = as_ragged_or_tensor(indices)
    if indices.shape.rank is None:
        raise ValueError("batch_gather does not allow indices with unknown shape.")
    return gather(params, indices, batch_dims=indices.shape.rank - 1, name=name)


def gather_nd(params: Any, indices: Any, batch_dims: int = 0, name: str | None = None, bad_indices_policy: str = "") -> Any:
    """`tf.gather_nd` with ragged params or indices; the last dimension of `indices` is uniform.

    Raises:
      ValueError: batch dimensions, or a last dimension that is ragged or not known.
      InvalidArgumentError: an index out of range.
    """
    if not isinstance(batch_dims, int) or batch_dims != 0:
        raise ValueError("batch_dims != 0 is not supported for ragged gather yet.")
    with name_scope(name or "RaggedGatherNd"):
        params, indices = as_ragged_or_tensor(params), as_ragged_or_tensor(indices)
        params, indices = match_row_splits_dtypes(params, indices)
        size = indices.shape[-1] if indices.shape.rank else None
        if size is None:
            raise ValueError("indices.shape[-1] must be statically known.")
        if isinstance(indices, RaggedTensor):
            if indices.ragged_rank == indices.shape.rank - 1:
                # Its last dimension is partitioned, too, though uniform.
                merged = dense.reshape(indices.flat_values, [-1, int(size)])
                outer = indices._nested_row_partitions[:-1]
                from .broadcasting import with_partitions
                return with_partitions(gather_nd(params, merged), list(outer)) if outer else gather_nd(params, merged)
            return indices.with_values(gather_nd(params, indices.values))
        if not isinstance(params, RaggedTensor):
            return tensors.gather_nd(params, indices)
        shape = indices.shape.as_list()
        if len(shape) > 2:
            wrapped = RaggedTensor.from_tensor(indices, ragged_rank=len(shape) - 2,
                                               row_splits_dtype=params._row_partition.dtype)
            return wrapped.with_flat_values(gather_nd(params, wrapped.flat_values))
        if len(shape) == 1:
            found = gather_nd(params, indices[None])
            return found[0] if isinstance(found, Tensor) or isinstance(found, RaggedTensor) else found
        return _nested(params, indices, int(size))


def _nested(params: RaggedTensor, indices: Any, size: int) -> Any:
    """The elements at the rows of a matrix of indices."""
    at = cast(indices, params._row_partition.dtype)
    text = "gather_nd: indices out of range"
    where = at[:, 0] if size else None
    if where is None:
        return rows_of(params, at[:, 0])
    rows = params._row_partition.nrows()
    where = checks.after([*checks.assert_non_negative(where, text), *checks.assert_less(where, rows, text)], where)
    node: Any = params
    for k in range(1, size):
        step = at[:, k]
        if isinstance(node, RaggedTensor):
            lengths = tensors.gather(node._row_partition.row_lengths(), where)
            starts = tensors.gather(node._row_partition.row_starts(), where)
            step = checks.after([*checks.assert_non_negative(step, text), *checks.assert_less(step, lengths, text)], step)
            where, node = starts + step, node.values
        else:
            return tensors.gather_nd(node, dense.concat([where[:, None], at[:, k:]], 1))
    return rows_of(node, where)


def embedding_lookup(params: Any, ids: Any, max_norm: Any = None, name: str | None = None, **kwargs: Any) -> Any:
    """`tf.nn.embedding_lookup` of ragged ids.

    Raises:
      ValueError: no params, or no ids.
    """
    if params is None:
        raise ValueError("params must be specified.")
    if ids is None:
        raise ValueError("ids must be specified.")
    ids = as_ragged_or_tensor(ids)
    with name_scope(name or "embedding_lookup_ragged"):
        return ids.with_flat_values(dense_lookup(params, ids.flat_values, max_norm, **kwargs))

