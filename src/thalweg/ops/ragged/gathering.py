"""Slices of ragged tensors by indices, and of tensors by ragged indices."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.scopes import name_scope
from .. import arrays as dense
from .. import gathering as tensors
from ..casting import cast
from ..creation import shape as shape_op
from ..masking import embedding_lookup as dense_lookup
from ..ranges import range as range_of
from . import checks
from .axes import match_row_splits_dtypes, merge_dims, positive_axis
from .elementwise import on_pair
from .kernels import ragged_gather
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
        return _batched(params, indices, axis, batch_dims)


def _ragged(x: Any, dtype: Any) -> RaggedTensor:
    """A value with at least one partition."""
    if isinstance(x, RaggedTensor):
        return x
    return RaggedTensor.from_tensor(x, row_splits_dtype=dtype)  # type: ignore[no-any-return]


def _batched(params: Any, indices: Any, axis: int, batch_dims: int) -> Any:
    """`gather` of converted arguments; axes are counted from the front."""
    if not isinstance(params, RaggedTensor) and not isinstance(indices, RaggedTensor):
        return tensors.gather(params, indices, axis=axis, batch_dims=batch_dims)
    if batch_dims == 0 and axis == 0:
        if isinstance(indices, RaggedTensor):
            return indices.with_values(_batched(params, indices.values, 0, 0))
        return _rows(params, indices)
    dtype = next(x._row_partition.dtype for x in (params, indices) if isinstance(x, RaggedTensor))
    if batch_dims == 0 and axis > 1:
        params = _ragged(params, dtype)
        return params.with_values(_batched(params.values, indices, axis - 1, 0))
    if indices.shape.rank is None:
        raise ValueError("rank(indices) must be known statically")
    if batch_dims and not params.shape[:batch_dims].is_compatible_with(indices.shape[:batch_dims]):
        raise ValueError(f"batch shape from indices {indices.shape[:batch_dims]} does not match params shape {params.shape}")
    if batch_dims > 1:
        params, indices = _ragged(params, dtype), _ragged(indices, dtype)
        return params.with_values(_batched(params.values, indices.values, axis - 1, batch_dims - 1))
    if axis > 1:
        # The indices of a row hold for every element of the row.
        params = _ragged(params, dtype)
        every = _batched(indices, params._row_partition.value_rowids(), 0, 0)
        return _batched(params, params.with_values(every), axis, 2)
    # axis is 1: by the place in the values of all rows. Without a batch every row has all the indices.
    starts, lengths, flat = _by_rows(params, dtype)
    extra = indices.shape.rank - batch_dims
    for _ in range(extra):
        starts, lengths = dense.expand_dims(starts, -1), dense.expand_dims(lengths, -1)
    return _batched(flat, _shifted(indices, starts, lengths, dtype), 0, 0)


def _by_rows(params: Any, dtype: dtypes.DType) -> tuple[Any, Any, Any]:
    """Where rows begin, how long they are, and what they are cut from."""
    if isinstance(params, RaggedTensor):
        partition = params._row_partition
        return partition.row_starts(), partition.row_lengths(), params.values
    dims = shape_op(params, dtype)
    starts = range_of(dims[0]) * dims[1]
    return starts, 0 * starts + dims[1], merge_dims(params, 0, 1)


def _shifted(indices: Any, starts: Any, lengths: Any, dtype: dtypes.DType) -> Any:
    """Indices within rows as indices of all values.

    Raises:
      InvalidArgumentError: an index outside its row.
    """
    if isinstance(indices, RaggedTensor):
        indices = indices.with_flat_values(cast(indices.flat_values, dtype))
        return on_pair(_add, _inside(indices, lengths), starts)
    return _checked(cast(indices, dtype), starts, lengths)


def _checked(at: Any, starts: Any, lengths: Any) -> Any:
    text = "gather: indices out of range"
    return starts + checks.after([*checks.assert_non_negative(at, text), *checks.assert_less(at, lengths, text)], at)


def _inside(indices: RaggedTensor, lengths: Any) -> RaggedTensor:
    """Ragged indices, checked against the lengths of the rows that they are of."""
    text = "gather: indices out of range"
    found = checks.assert_non_negative(indices.flat_values, text)
    room = on_pair(_less, indices, lengths).flat_values
    found += checks.assert_equal(room, convert_to_tensor(True), text)
    return indices.with_flat_values(checks.after(found, indices.flat_values))


def _add(x: Any, y: Any) -> Any:
    return x + y


def _less(x: Any, y: Any) -> Any:
    return x < y


def _rows(params: Any, indices: Any) -> Any:
    """The rows of params at a tensor of indices of any rank."""
    if not isinstance(params, RaggedTensor):
        return tensors.gather(params, indices)
    rank = indices.shape.rank
    if rank == 0:
        return params[indices]
    if rank is None:
        raise ValueError("rank(indices) must be known statically")
    depth = rank + params.ragged_rank - 1
    *splits, values = apply(ragged_gather, (*params.nested_row_splits, params.flat_values, indices),
                            {"PARAMS_RAGGED_RANK": params.ragged_rank, "OUTPUT_RAGGED_RANK": depth})
    return RaggedTensor.from_nested_row_splits(values, splits, validate=False)


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
        rank: Any = indices.shape.rank
        size = indices.shape[-1] if rank else None
        if size is None:
            raise ValueError("indices.shape[-1] must be statically known.")
        if isinstance(indices, RaggedTensor):
            if indices.ragged_rank == rank - 1:
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
            result = wrapped.with_flat_values(gather_nd(params, wrapped.flat_values))
            return result.to_tensor() if result.ragged_rank == len(shape) - 2 else result
        if size == 1:
            return gather(params, dense.reshape(indices, [-1]))
        return _nested(params, indices, int(size))


def _nested(params: RaggedTensor, indices: Any, size: int) -> Any:
    """The elements at the rows of a matrix of indices."""
    at = cast(indices, params._row_partition.dtype)
    text = "gather_nd: indices out of range"
    if not size:
        from .arrays import expand_dims, tile
        for _ in range(indices.shape.rank - 1):
            params = expand_dims(params, 0)
        times = dense.concat([shape_op(indices)[:-1], [1] * (params.shape.rank - indices.shape.rank + 1)], 0)
        return tile(params, times)
    where, rows = at[..., 0], params._row_partition.nrows()
    where = checks.after([*checks.assert_non_negative(where, text), *checks.assert_less(where, rows, text)], where)
    node: Any = params
    for k in range(1, size):
        step = at[..., k]
        if not isinstance(node, RaggedTensor):
            return tensors.gather_nd(node, dense.concat([where[..., None], at[..., k:]], -1))
        lengths = tensors.gather(node._row_partition.row_lengths(), where)
        starts = tensors.gather(node._row_partition.row_starts(), where)
        step = checks.after([*checks.assert_non_negative(step, text), *checks.assert_less(step, lengths, text)], step)
        where, node = starts + step, node.values
    return _rows(node, where)


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

