"""Ragged tensors joined: concatenated along a dimension, or stacked along a new one."""
from __future__ import annotations

from typing import Any

from ...core.convert import convert_to_tensor
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from .. import arrays as dense
from ..casting import cast
from ..common import constant_value
from ..creation import shape as shape_op
from ..gathering import gather
from ..ranges import range as range_of
from . import checks
from .axes import match_row_splits_dtypes, positive_axis
from .factories import nrows_of
from .partition import RowPartition
from .ranges import rows_of
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor


def concat(values: Any, axis: Any, name: str | None = None) -> Any:
    """`tf.concat` with ragged tensors among the values.

    Raises:
      ValueError: values of different ranks, or an axis out of bounds.
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    with name_scope(name or "RaggedConcat"):
        return _join(values, axis, False)


def stack(values: Any, axis: int = 0, name: str | None = None) -> Any:
    """Tensors and ragged tensors stacked along a new dimension; they may differ in every dimension's lengths.

    Args:
      values: tensors or ragged tensors of one rank and dtype.
      axis: where the new dimension goes.

    Returns:
      A ragged tensor; a tensor if the new dimension is the last of tensors.

    Raises:
      ValueError: values of different ranks, or an axis out of bounds.
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    with name_scope(name or "RaggedConcat"):
        return _join(values, axis, True)


def _join(values: Any, axis: Any, stacking: bool) -> Any:
    if not values:
        raise ValueError("rt_inputs may not be empty.")
    if isinstance(axis, Tensor):
        axis = int(constant_value(axis))
    dtype = next((v.dtype for v in values if isinstance(v, (Tensor, RaggedTensor))), None)
    parts = [as_ragged_or_tensor(v, None if isinstance(v, (Tensor, RaggedTensor)) else dtype) for v in values]
    splits_dtype, parts = match_row_splits_dtypes(*parts, return_dtype=True)
    parts = list(parts)
    if len(parts) == 1 and not stacking:
        return parts[0]
    rank: Any = next((p.shape.rank for p in parts if p.shape.rank is not None), None)
    for p in parts:
        if rank is not None:
            p.shape.assert_has_rank(rank)
    out_rank: Any = rank if rank is None or not stacking else rank + 1
    axis = positive_axis(axis, out_rank, ndims_name="rank(values)")
    if stacking and rank == 1 and axis == 0:
        lengths = dense.concat([shape_op(p) for p in parts], 0)
        return RaggedTensor.from_row_lengths(dense.concat(parts, 0), lengths, validate=False)
    if not any(isinstance(p, RaggedTensor) for p in parts) and rank is not None and axis in (out_rank - 1, rank - 1):
        return dense.stack(parts, axis) if stacking else dense.concat(parts, axis)
    deepest = max([p.ragged_rank for p in parts if isinstance(p, RaggedTensor)], default=1)
    if rank is not None and rank > 1:
        deepest = min(max(deepest, 1), rank - 1)
        parts = [_at_least_ragged(p, deepest, splits_dtype) for p in parts]
    return _join_at(parts, axis, stacking, splits_dtype)


def _at_least_ragged(x: Any, ragged_rank: int, dtype: Any) -> Any:
    """The same value with at least so many partitions."""
    if isinstance(x, RaggedTensor):
        return x if x.ragged_rank >= ragged_rank else \
            x.with_flat_values(_at_least_ragged(x.flat_values, ragged_rank - x.ragged_rank, dtype))
    return RaggedTensor.from_tensor(x, ragged_rank=ragged_rank, row_splits_dtype=dtype) if ragged_rank else x


def _join_at(parts: list[Any], axis: int, stacking: bool, dtype: Any) -> Any:
    if axis == 0:
        return _along_rows(parts, stacking, dtype)
    if axis == 1:
        return _within_rows(parts, stacking, dtype)
    partition = parts[0]._row_partition
    for other in parts[1:]:
        partition = partition.merge(other._row_partition)
    values = _join_at([p.values for p in parts], axis - 1, stacking, dtype) if isinstance(parts[0].values, RaggedTensor) else \
        (dense.stack if stacking else dense.concat)([p.values for p in parts], axis - 1)
    return RaggedTensor._from_row_partition(values, partition, validate=False)


def _rows_together(parts: list[Any]) -> Any:
    """All rows of all parts behind each other."""
    if not isinstance(parts[0], RaggedTensor):
        return dense.concat(parts, 0)
    values = _rows_together([p.values for p in parts])
    partitions = [p._row_partition for p in parts]
    splits = [partitions[0].row_splits()]
    offset = partitions[0].nvals()
    for p in partitions[1:]:
        splits.append(p.row_splits()[1:] + offset)
        offset = offset + p.nvals()
    partition = RowPartition.from_row_splits(dense.concat(splits, 0), validate=False)
    return RaggedTensor._from_row_partition(values, partition, validate=False)


def _along_rows(parts: list[Any], stacking: bool, dtype: Any) -> Any:
    rows = _rows_together(parts)
    if not stacking:
        return rows
    counts = dense.stack([nrows_of(p, dtype) for p in parts])
    return RaggedTensor.from_row_lengths(rows, counts, validate=False)


def _within_rows(parts: list[Any], stacking: bool, dtype: Any) -> Any:
    count = len(parts)
    rows = nrows_of(parts[0], dtype)
    found: list[Any] = []
    for p in parts[1:]:
        found += checks.assert_equal(nrows_of(p, dtype), rows, "Input tensors have incompatible shapes.")
    rows = checks.after(found, rows)
    together = _rows_together(parts)
    # The first row of each part, the second of each, and so on.
    order = dense.reshape(dense.transpose(dense.reshape(range_of(rows * count), dense.stack([convert_to_tensor(
        count, dtype), rows]))), [-1])
    mixed = rows_of(together, order)
    bounds = range_of(convert_to_tensor(0, dtype), rows * count + 1, convert_to_tensor(count, dtype))
    if stacking:
        return RaggedTensor.from_row_splits(mixed, bounds, validate=False)
    return RaggedTensor.from_row_splits(mixed.values, gather(mixed.row_splits, bounds), validate=False)


def add_n(inputs: Any, name: str | None = None) -> Any:
    """`tf.add_n` of ragged tensors with the same rows.

    Raises:
      ValueError: no inputs.
    """
    from ..arithmetic import add_n as add_tensors
    from .elementwise import map_flat_values
    if len(inputs) < 0:
        raise ValueError("tf.add_n: expected at least one input.")
    return map_flat_values(lambda *flat: add_tensors(list(flat)), *inputs)


def stack_dynamic_partitions(data: Any, partitions: Any, num_partitions: Any, name: str | None = None) -> Any:
    """Row i holds the elements of `data` with partition number i.

    Args:
      data: a tensor or ragged tensor.
      partitions: int32 or int64, of a shape that `data` begins with; or ragged like it.
      num_partitions: the number of rows.

    Raises:
      ValueError: `partitions` is ragged where `data` is not, or of unknown rank.
    """
    from ..sorting import argsort
    with name_scope(name or "SegmentStack"):
        data = as_ragged_or_tensor(data)
        ids = as_ragged_or_tensor(partitions)
        rows = num_partitions if isinstance(num_partitions, Tensor) else convert_to_tensor(num_partitions)
        if isinstance(data, RaggedTensor) and isinstance(ids, Tensor):
            ids = cast(ids, data._row_partition.dtype)
        rows = cast(rows, ids.dtype)
        if isinstance(ids, RaggedTensor):
            if not isinstance(data, RaggedTensor):
                from .broadcasting import rank_of
                data = RaggedTensor.from_tensor(data, ragged_rank=ids.ragged_rank, row_splits_dtype=ids.row_splits.dtype) \
                    if rank_of(data) > ids.ragged_rank else data
            partition = data._row_partition.merge(ids._row_partition)
            data = RaggedTensor(data.values, partition, internal=True)
            return stack_dynamic_partitions(data.values, ids.values, num_partitions)
        rank = ids.shape.rank
        if rank is None:
            raise ValueError("partitions must have known rank")
        if rank == 0:
            return RaggedTensor.from_value_rowids(dense.stack([data]) if not isinstance(data, RaggedTensor) else
                                                  stack([data]), ids[None], rows, validate=False)
        if rank > 1:
            if not isinstance(data, RaggedTensor):
                data = dense.reshape(data, [-1, *data.shape.as_list()[rank:]])
            else:
                data = data.merge_dims(0, rank - 1)
            ids = dense.reshape(ids, [-1])
        order = argsort(ids, stable=True)
        return RaggedTensor.from_value_rowids(rows_of(data, order), gather(ids, order), rows, validate=False)
