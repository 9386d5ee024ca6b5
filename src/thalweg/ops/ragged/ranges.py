"""Ranges of numbers as rows, and rows picked out of values by them."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from ..casting import cast
from ..gathering import gather
from .kernels import ragged_range
from .partition import RowPartition
from .tensor import RaggedTensor

_RANKED = (dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64)


def range(starts: Any, limits: Any = None, deltas: Any = 1, dtype: Any = None, name: str | None = None,
          row_splits_dtype: Any = dtypes.int64) -> Any:
    """Row i is `tf.range(starts[i], limits[i], deltas[i])`.

    Args:
      starts: a number or a vector; the limits, if they are missing, and the rows begin with 0.
      limits, deltas: numbers or vectors of the same length.
      dtype: of the values.
      row_splits_dtype: int32 or int64.

    Raises:
      InvalidArgumentError: a delta of 0, or vectors of different lengths.
    """
    if limits is None:
        starts, limits = 0, starts
    with name_scope(name or "RaggedRange"):
        kind = dtypes.as_dtype(dtype) if dtype is not None else None
        tensors = [convert_to_tensor(x, kind) for x in (starts, limits, deltas)]
        if kind is None:
            kind = max((t.dtype for t in tensors), key=lambda d: _RANKED.index(d) if d in _RANKED else 0)
        tensors = [cast(t, kind) for t in tensors]
        splits, values = apply(ragged_range, tensors, {"Tsplits": dtypes.as_dtype(row_splits_dtype)})
        return RaggedTensor.from_row_splits(values, splits, validate=False)


def index_ranges(starts: Any, limits: Any, step: Any = 1) -> tuple[RowPartition, Any]:
    """The indices from each start up to its limit: the partition into rows, and the indices."""
    step = cast(step, starts.dtype) if isinstance(step, Tensor) else convert_to_tensor(step, starts.dtype)
    splits, values = apply(ragged_range, (starts, limits, step), {"Tsplits": starts.dtype})
    return RowPartition.from_row_splits(splits, validate=False), values


def pick_ranges(values: Any, starts: Any, limits: Any, step: Any = 1) -> RaggedTensor:
    """Row i is `values[starts[i]:limits[i]:step]`.

    Raises:
      TypeError: a step that is no integer.
    """
    if not isinstance(step, (Tensor, int, np.integer)):
        raise TypeError("slice strides must be integers or None")
    partition, indices = index_ranges(starts, limits, step)
    return RaggedTensor._from_row_partition(rows_of(values, indices), partition, validate=False)  # type: ignore[no-any-return]


def rows_of(values: Any, indices: Any) -> Any:
    """The rows of a tensor or ragged tensor with these numbers; `indices` is a vector."""
    if not isinstance(values, RaggedTensor):
        return gather(values, indices)
    partition = values._row_partition
    starts, limits = gather(partition.row_starts(), indices), gather(partition.row_limits(), indices)
    picked = pick_ranges(values.values, starts, limits)
    if partition.is_uniform():
        return RaggedTensor.from_uniform_row_length(picked.values, partition.uniform_row_length(), picked.nrows(),
                                                    validate=False)
    return picked
