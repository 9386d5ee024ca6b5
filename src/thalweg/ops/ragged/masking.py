"""Elements of ragged tensors by masks and conditions."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.scopes import name_scope
from ...core.shape import TensorShape
from ...core.tensor import Tensor
from .. import masking as dense
from ..casting import cast
from ..comparison import select
from ..gathering import unsorted_segment_sum
from ..ranges import range as range_of
from .axes import match_row_splits_dtypes, ragged_values
from .broadcasting import broadcast_pair, with_partitions
from .kernels import ragged_tensor_to_sparse
from .partition import RowPartition
from .ranges import rows_of
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor


def boolean_mask(data: Any, mask: Any, name: str | None = None) -> Any:
    """The elements of `data` at which `mask` is True; the dimensions of the mask but the first are kept, as ragged ones.

    Args:
      data: a tensor or ragged tensor.
      mask: booleans, of a shape that `data` begins with.

    Raises:
      ValueError: a scalar mask, or one whose shape is not that of `data`.
    """
    with name_scope(name or "RaggedMask"):
        data, mask = as_ragged_or_tensor(data), as_ragged_or_tensor(mask, dtypes.bool)
        dtype, (data, mask) = match_row_splits_dtypes(data, mask, return_dtype=True)
        rank = mask.shape.rank
        if rank is None:
            raise ValueError("mask.shape.ndims must be known statically.")
        if rank == 0:
            raise ValueError("mask cannot be scalar.")
        return _masked(data, mask, dtype)


def _masked(data: Any, mask: Any, dtype: dtypes.DType) -> Any:
    if isinstance(mask, Tensor) and mask.shape.rank == 1:
        if isinstance(data, RaggedTensor):
            TensorShape([data._row_partition.static_nrows]).assert_is_compatible_with(mask.shape)
            return rows_of(data, cast(dense.where(mask)[:, 0], dtype))
        return dense.boolean_mask(data, mask)
    if not isinstance(mask, RaggedTensor):
        mask = RaggedTensor.from_tensor(mask, ragged_rank=mask.shape.rank - 1, row_splits_dtype=dtype)
    if not isinstance(data, RaggedTensor):
        data = RaggedTensor.from_tensor(data, ragged_rank=1, row_splits_dtype=dtype)
    partition = data._row_partition.merge(mask._row_partition)
    inner = mask.values
    values = _masked(RaggedTensor(data.values, partition, internal=True).values, inner, dtype)
    if isinstance(inner, RaggedTensor):
        return RaggedTensor._from_row_partition(values, partition, validate=False)
    lengths = unsorted_segment_sum(cast(inner, dtype), partition.value_rowids(), partition.nrows())
    return RaggedTensor._from_row_partition(values, RowPartition.from_row_lengths(lengths, validate=False), validate=False)


def coordinates(condition: RaggedTensor) -> Any:
    """Where a ragged condition holds: one row of indices each."""
    splits = condition.nested_row_splits
    flat = condition.flat_values
    if flat.dtype != dtypes.bool:
        flat = flat != convert_to_tensor(0, flat.dtype) if flat.dtype != dtypes.string else flat != b""
    indices, held, _ = apply(ragged_tensor_to_sparse, (*splits, flat), {"RAGGED_RANK": len(splits)})
    return dense.boolean_mask(indices, held)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """`tf.where` with ragged arguments: they broadcast.

    Raises:
      ValueError: only one of `x` and `y`.
    """
    if (x is None) != (y is None):
        raise ValueError("x and y must be either both None or both non-None")
    with name_scope(name or "RaggedWhere"):
        condition = as_ragged_or_tensor(condition)
        if x is None:
            return coordinates(condition)
        x, y = ragged_values(x, y)
        return _choice(condition, x, y)


def _scalar(x: Any) -> bool:
    return isinstance(x, Tensor) and x.shape.rank == 0


def _choice(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds and `y` elsewhere, all three stretched to one shape."""
    parts = list(match_row_splits_dtypes(condition, x, y))
    whole = next(p for p in parts if isinstance(p, RaggedTensor))
    for p in parts:
        if p is not whole and not _scalar(p):
            partitions, first, _ = broadcast_pair(whole, p)
            whole = with_partitions(first, partitions)
    flat = []
    partitions = list(whole._nested_row_partitions)
    for p in parts:
        if _scalar(p):
            flat.append(p)
            continue
        partitions, _, values = broadcast_pair(whole, p)
        flat.append(values)
    return with_partitions(select(*flat), partitions)


def where_v1(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """TensorFlow 1's `where`: arguments of one shape, or a vector that chooses rows.

    Raises:
      ValueError: only one of `x` and `y`, or shapes that do not fit.
    """
    if (x is None) != (y is None):
        raise ValueError("x and y must be either both None or both non-None")
    condition = as_ragged_or_tensor(condition)
    if x is None:
        return coordinates(condition) if isinstance(condition, RaggedTensor) else dense.where(condition)
    x, y = ragged_values(x, y)
    if isinstance(condition, RaggedTensor) or condition.shape.rank != 1:
        return _choice(condition, x, y)
    from .joining import concat
    rows = range_of(x.nrows() if isinstance(x, RaggedTensor) else x.shape[0])
    both = concat([x, y], 0)
    count = x.nrows() if isinstance(x, RaggedTensor) else x.shape[0]
    return rows_of(both, select(condition, rows, rows + count))


def dynamic_partition(data: Any, partitions: Any, num_partitions: int, name: str | None = None) -> list[Any]:
    """`tf.dynamic_partition` of ragged arguments.

    Raises:
      TypeError, ValueError: a number of partitions that is no positive int.
    """
    from .joining import stack_dynamic_partitions
    if not isinstance(num_partitions, int) or num_partitions < 0:
        raise TypeError("num_partitions must be a non-negative integer")
    rows = stack_dynamic_partitions(data, partitions, num_partitions, name)
    return [rows[i] for i in range(num_partitions)]
