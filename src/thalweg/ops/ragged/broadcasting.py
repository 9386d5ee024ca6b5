"""How ragged tensors and tensors stretch to one shape.

Dimensions are compared from the outermost on, after leading dimensions of size 1 were added to what has fewer. Where an
argument's dimension is uniform and of size 1 it follows the other's. For the elements that the result has so far, an
argument holds the index of its own element each, or None while these are simply all of them in order; from dimension to
dimension rows are picked by these indices. Dimensions behind the last partition are left to the operation itself.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.tensor import Tensor
from ..arrays import concat, reshape
from ..casting import cast
from ..common import constant_value
from ..comparison import select
from ..creation import shape as shape_op
from ..gathering import gather
from ..ranges import range as range_of
from . import checks
from .factories import Factories
from .partition import RowPartition
from .tensor import RaggedTensor


def rank_of(x: Any) -> int:
    """The rank.

    Raises:
      ValueError: it is not known.
    """
    rank = x.shape.rank
    if rank is None:
        raise ValueError("Ragged operations need arguments of known rank")
    return int(rank)


def size_at(x: Any, axis: int, dtype: dtypes.DType) -> Any:
    """A dimension of a tensor: an int where it is known, else a tensor."""
    known = x.shape[axis]
    return int(known) if known is not None else shape_op(x, dtype)[axis]


class _Argument:
    """One argument on its way through the dimensions."""

    def __init__(self, x: Any, rank: int, depth: int, dtype: dtypes.DType) -> None:
        self.lead = rank - rank_of(x)
        self.dtype = dtype
        self.partitions = list(x._nested_row_partitions) if isinstance(x, RaggedTensor) else []
        flat = x.flat_values if isinstance(x, RaggedTensor) else x
        own = len(self.partitions)
        self.rows: Any = x._row_partition.static_nrows if isinstance(x, RaggedTensor) else None
        if self.rows is None:
            self.rows = x._row_partition.nrows() if isinstance(x, RaggedTensor) else \
                size_at(x, 0, dtype) if rank_of(x) else 1
        # The uniform dimensions of the values that other arguments have partitions for.
        self.uniform = [size_at(flat, k, dtype) for k in range(1, max(1, min(rank_of(flat), depth - self.lead - own + 1)))]
        self.values = flat
        self.index: Any = None

    def first(self) -> Any:
        """The size of dimension 0: an int or a tensor."""
        return 1 if self.lead else self.rows

    def lengths(self, dim: int) -> Any:
        """Of dimension `dim` the size if it is uniform (an int or a scalar), else its partition."""
        k = dim - self.lead
        if k < 0:
            return 1
        if k == 0:
            return self.rows
        if k <= len(self.partitions):
            partition = self.partitions[k - 1]
            known = partition.static_uniform_row_length
            return known if known is not None else \
                partition.uniform_row_length() if partition.is_uniform() else partition
        return self.uniform[k - len(self.partitions) - 1]


def _is_one(size: Any) -> Any:
    """Whether a dimension stretches: a bool, or a tensor where only the running graph knows."""
    if isinstance(size, RowPartition):
        return False
    known = size if isinstance(size, int) else constant_value(size)
    return bool(known == 1) if known is not None else size == 1


def _tensor(size: Any, dtype: dtypes.DType) -> Any:
    return convert_to_tensor(size, dtype) if isinstance(size, (int, np.integer)) else cast(size, dtype)


def _same_first(a: Any, b: Any, dtype: dtypes.DType) -> tuple[Any, Any, Any]:
    """The size of dimension 0 of the result, and whether either argument stretches."""
    one_a, one_b = _is_one(a), _is_one(b)
    if one_a is True:
        return b, one_b is not True, False
    if one_b is True:
        return a, False, True
    if one_a is False and one_b is False:
        checks.assert_equal(_tensor(a, dtype), _tensor(b, dtype))
        return a, False, False
    size = select(_flag(one_a), _tensor(b, dtype), _tensor(a, dtype))
    return size, one_a, one_b


def _flag(value: Any) -> Any:
    return value if isinstance(value, Tensor) else convert_to_tensor(value)


def _start(argument: _Argument, size: Any, stretches: Any, dtype: dtypes.DType) -> None:
    if stretches is False:
        return
    places = range_of(convert_to_tensor(0, dtype), _tensor(size, dtype))
    argument.index = places * 0 if stretches is True else select(stretches, places * 0, places)


def _row_lengths(argument: _Argument, size: Any, count: Any, dtype: dtypes.DType) -> Any:
    """The lengths of dimension `dim` below each element that the result has so far."""
    if isinstance(size, RowPartition):
        lengths = size.row_lengths()
        return lengths if argument.index is None else gather(lengths, argument.index)
    from ..creation import ones
    return ones([count] if isinstance(count, int) else cast(count, dtypes.int32)[None], dtype) * _tensor(size, dtype)


def _descend(argument: _Argument, size: Any, stretches: Any, partition: RowPartition, dtype: dtypes.DType) -> None:
    """Moves the indices of an argument to the elements of the next dimension."""
    if argument.index is None and stretches is False:
        return
    ids = partition.value_rowids()
    at = ids if argument.index is None else gather(argument.index, ids)
    if stretches is True:
        argument.index = at
        return
    offsets = partition.offsets_in_rows()
    if isinstance(size, RowPartition):
        argument.index = gather(size.row_starts(), at) + offsets
    else:
        along = at * _tensor(size, dtype) + offsets
        argument.index = along if stretches is False else select(stretches, at, along)


def broadcast_pair(x: Any, y: Any) -> tuple[list[RowPartition], Any, Any]:
    """Two arguments, at least one of them ragged, stretched to one shape.

    Returns:
      The partitions of the result, and the values of both.

    Raises:
      InvalidArgumentError: the shapes do not fit.
    """
    from .axes import match_row_splits_dtypes
    dtype, (x, y) = match_row_splits_dtypes(x, y, return_dtype=True)
    rank = max(rank_of(x), rank_of(y))
    depth = max(t.ragged_rank + rank - rank_of(t) for t in (x, y) if isinstance(t, RaggedTensor))
    a, b = _Argument(x, rank, depth, dtype), _Argument(y, rank, depth, dtype)
    count, one_a, one_b = _same_first(a.first(), b.first(), dtype)
    _start(a, count, one_a, dtype)
    _start(b, count, one_b, dtype)
    partitions: list[RowPartition] = []
    for dim in range(1, depth + 1):
        sizes = a.lengths(dim), b.lengths(dim)
        one_a, one_b = _is_one(sizes[0]), _is_one(sizes[1])
        partition = _next_partition(a, b, sizes, (one_a, one_b), count, dtype)
        if one_a is True and one_b is True:
            one_a = one_b = False  # nothing to stretch
        _descend(a, sizes[0], one_a, partition, dtype)
        _descend(b, sizes[1], one_b, partition, dtype)
        partitions.append(partition)
        known = partition.static_nvals
        count = known if known is not None else partition.nvals()
    return partitions, _picked(a, depth), _picked(b, depth)


def _next_partition(a: _Argument, b: _Argument, sizes: tuple[Any, Any], ones: tuple[Any, Any], count: Any,
                    dtype: dtypes.DType) -> RowPartition:
    """The partition of the result in a dimension."""
    if ones[0] is True and ones[1] is not True:
        return _of(b, sizes[1], count, dtype)
    if ones[1] is True:
        return _of(a, sizes[0], count, dtype)
    if ones == (False, False):
        if a.index is None and b.index is None and all(isinstance(s, RowPartition) for s in sizes):
            return sizes[0].merge(sizes[1])  # type: ignore[no-any-return]
        if not any(isinstance(s, RowPartition) for s in sizes):
            checks.assert_equal(_tensor(sizes[0], dtype), _tensor(sizes[1], dtype))
            return _of(a, sizes[0], count, dtype)
        chosen = _of(a, sizes[0], count, dtype)
        other = _of(b, sizes[1], count, dtype)
        return chosen.merge(other)
    lengths = select(_flag(ones[0]), _row_lengths(b, sizes[1], count, dtype), _row_lengths(a, sizes[0], count, dtype))
    return RowPartition.from_row_lengths(lengths, validate=False)


def _of(argument: _Argument, size: Any, count: Any, dtype: dtypes.DType) -> RowPartition:
    """The partition of the result in a dimension that follows one argument."""
    if not isinstance(size, RowPartition):
        rows = count if isinstance(count, Tensor) else int(count)
        vals = rows * size if isinstance(rows, int) and isinstance(size, int) else _tensor(rows, dtype) * _tensor(size, dtype)
        return RowPartition.from_uniform_row_length(_tensor(size, dtype), nvals=vals, nrows=rows, validate=False, dtype=dtype)
    if argument.index is None:
        return size
    return RowPartition.from_row_lengths(gather(size.row_lengths(), argument.index), validate=False)


def _picked(argument: _Argument, depth: int) -> Any:
    """The values of an argument for the elements of the result."""
    values = argument.values
    if rank_of(values) == 0:
        return values
    if argument.lead > depth:
        return values  # it has no more dimensions than the operation broadcasts itself
    merged = len(argument.uniform)
    if merged:
        inner = values.shape.as_list()[merged + 1:]
        values = reshape(values, [-1, *inner]) if None not in inner else \
            reshape(values, concat([[-1], shape_op(values)[merged + 1:]], 0))
    if argument.index is None:
        return values
    if values.shape[0] == 1:
        return values  # one element for all
    return gather(values, argument.index)


def with_partitions(values: Any, partitions: list[RowPartition]) -> Any:
    """A ragged tensor of values and partitions, the outermost first."""
    return Factories._from_nested_row_partitions(values, partitions, validate=False)

