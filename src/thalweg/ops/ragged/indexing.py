"""What is behind `ragged[...]`."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from ..arithmetic import maximum, minimum
from ..arrays import concat
from ..casting import cast
from ..common import constant_value
from ..comparison import select
from ..creation import size, zeros
from . import checks
from .ranges import pick_ranges
from .tensor import RaggedTensor


def getitem(x: RaggedTensor, key: Any) -> Any:
    """`x[key]`: integers and slices of outer and uniform dimensions, slices of ragged ones, `...`, None.

    Raises:
      ValueError: an integer for a ragged dimension, whose elements need not exist in every row.
      TypeError: a key of another type.
      IndexError: out of bounds, or too many keys.
    """
    with name_scope("RaggedGetItem"):
        return _outer(x, list(key) if isinstance(key, (list, tuple)) else [key])


def _rows(x: RaggedTensor) -> Any:
    known = x._row_partition.static_nrows
    return known if known is not None else x._row_partition.nrows()


def _outer(x: Any, keys: list[Any]) -> Any:
    """Applies keys, the first one to the rows."""
    if not keys:
        return x
    if not isinstance(x, RaggedTensor):
        return x[tuple(keys)]
    first, rest = keys[0], keys[1:]
    if first is Ellipsis:
        return _outer(x, _expand(keys, x.shape.rank))
    if first is None:
        inner = _outer(x, rest)
        rows = _rows(inner) if isinstance(inner, RaggedTensor) else None
        if rows is None:
            return inner[None]
        return RaggedTensor.from_uniform_row_length(inner, rows, nrows=1, validate=False)
    if isinstance(first, slice):
        sliced = _slice_rows(x, first)
        if x.uniform_row_length is not None:
            sliced = RaggedTensor.from_uniform_row_length(sliced.values, x.uniform_row_length, nrows=sliced.nrows())
        return _inner(sliced, rest)
    starts, limits = x._row_partition.row_starts(), x._row_partition.row_limits()
    if ctx.graph is None and not isinstance(first, Tensor) or constant_value(first) is not None:
        try:
            number = int(first)
        except (TypeError, ValueError):
            pass
        else:
            if ctx.graph is None and number >= starts.shape[0]:
                raise IndexError(f"Row key {first} out of bounds")
    return _outer(x.values[starts[first]:limits[first]], rest)


def _slice_rows(x: RaggedTensor, key: slice) -> RaggedTensor:
    """Some of the rows."""
    if key.start is None and key.stop is None and key.step is None:
        return x
    starts, limits = x._row_partition.row_starts()[key], x._row_partition.row_limits()[key]
    if key.step is None or (isinstance(key.step, int) and key.step == 1):
        none = zeros([1], starts.dtype)[size(starts):]
        splits = concat([none, starts[:1], limits], 0)
        begin = splits[0]
        return RaggedTensor.from_row_splits(x.values[begin:splits[-1]], splits - begin, validate=False)  # type: ignore[no-any-return]
    return pick_ranges(x.values, starts, limits, 1)


def _inner(x: Any, keys: list[Any]) -> Any:
    """Applies keys to the dimensions within the rows."""
    if not keys:
        return x
    if not isinstance(x, RaggedTensor):
        return x[(slice(None), *keys)]
    first, rest = keys[0], keys[1:]
    if first is Ellipsis:
        return _inner(x, _expand(keys, x.values.shape.rank))
    if first is None:
        inner = _inner(x, rest)
        return RaggedTensor.from_uniform_row_length(inner, 1, nrows=_rows(inner), validate=False)
    if isinstance(first, slice):
        if first.start is None and first.stop is None and first.step is None:
            return x.with_values(_inner(x.values, rest))
        sliced = _slice_columns(x, first)
        return sliced.with_values(_inner(sliced.values, rest))
    length = x.uniform_row_length
    if length is None:
        raise ValueError("Cannot index into an inner ragged dimension.")
    column = cast(first, length.dtype)
    text = "Index out of bounds when indexing into a ragged tensor"
    column = checks.after([*checks.assert_less_equal(-length, column, text), *checks.assert_less(column, length, text)],
                          column)
    picked = x.values[select(column >= 0, column, length + column)::_step(length)]
    return _inner(picked, rest)


def _step(length: Any) -> Any:
    known = constant_value(length)
    return int(known) if known is not None else length


def _at_least(value: Any, other: Any, chosen: Any, otherwise: Any) -> Any:
    """One tensor where `value >= other` and the other elsewhere; without an operation where that is known."""
    known = constant_value(value) if isinstance(value, Tensor) else value
    if known is None:
        return select(value >= other, chosen, otherwise)
    return chosen if known >= other else otherwise


def _slice_columns(x: RaggedTensor, key: slice) -> RaggedTensor:
    """A slice of every row."""
    for bound in (key.start, key.stop):
        if not isinstance(bound, (Tensor, int, np.integer, type(None))):
            raise TypeError("slice offsets must be integers or None")
    starts, limits = x._row_partition.row_starts(), x._row_partition.row_limits()
    step = 1 if key.step is None else key.step
    # Going back, rows are from their last element to one before their first.
    first = _at_least(step, 0, starts, limits - 1)
    behind = _at_least(step, 0, limits, starts - 1)
    lower = _at_least(step, 0, starts, starts - 1)
    upper = _at_least(step, 0, limits, limits - 1)

    def place(value: Any, default: Any) -> Any:
        if value is None:
            return default
        offset = cast(value, starts.dtype)
        return _at_least(value, 0, minimum(starts + offset, upper), maximum(limits + offset, lower))
    result = pick_ranges(x.values, place(key.start, first), place(key.stop, behind), step)
    if x.uniform_row_length is None:
        return result
    length = x.uniform_row_length
    known = constant_value(length)
    if known is not None and all(isinstance(k, (int, type(None))) for k in (key.start, key.stop, key.step)):
        new: Any = convert_to_tensor(len(range(int(known))[key]), length.dtype)
    else:
        new = size(zeros(length[None] if isinstance(length, Tensor) else [length], dtypes.bool)[key], length.dtype)
    return RaggedTensor.from_uniform_row_length(result.values, new, nrows=x.nrows(), validate=False)  # type: ignore[no-any-return]


def _expand(keys: list[Any], rank: int | None) -> list[Any]:
    """The keys with their leading `...` as a slice, or without it.

    Raises:
      ValueError: the rank is not known.
      IndexError: too many keys.
    """
    if rank is None:
        raise ValueError("Ellipsis not supported for unknown shape RaggedTensors")
    count = sum(1 for k in keys if k is not None)
    if count > rank + 1:
        raise IndexError("Too many indices for RaggedTensor")
    return keys[1:] if count == rank + 1 else [slice(None), *keys]
