"""Row partitions: how a sequence of values is cut into rows."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes, nest
from ...core.convert import convert_to_tensor
from ...core.shape import TensorShape
from ...core.tensor import EagerTensor, Tensor
from ..arrays import concat, expand_dims, repeat
from ..casting import cast
from ..common import constant_value
from ..creation import size, zeros
from ..cumulative import cumsum
from ..gathering import gather
from ..ranges import range as range_of
from . import checks

_KEY = object()


def index_tensor(value: Any, name: str, dtype: Any = None) -> Any:
    """A partitioning argument as an int32 or int64 tensor; Python values become int64.

    Raises:
      ValueError: another dtype.
    """
    if dtype is not None and not isinstance(value, Tensor):
        value = convert_to_tensor(value, dtype)
    elif not isinstance(value, Tensor) and (not isinstance(value, np.ndarray) or value.dtype not in (np.int32, np.int64)):
        try:
            value = convert_to_tensor(value, dtypes.int64)
        except (TypeError, ValueError):
            value = convert_to_tensor(value)
    else:
        value = convert_to_tensor(value)
    if value.dtype not in (dtypes.int32, dtypes.int64):
        raise ValueError(f"{name} must have dtype int32 or int64")
    return value


def known_int(x: Any) -> int | None:
    """The value of an int scalar, if it is known."""
    if x is None:
        return None
    value = constant_value(x) if isinstance(x, Tensor) else x
    return None if value is None else int(value)


def _check_flag(validate: Any) -> None:
    if not isinstance(validate, bool):
        raise TypeError("validate must have type bool")


class RowPartition(nest.CompositeTensor):
    """How `nvals` values are cut into `nrows` rows, each behind the other.

    Held as `row_splits`, where row i has the values from `row_splits[i]` up to `row_splits[i + 1]`; the other encodings
    are worked out when somebody asks, or kept if a partition was made from them. Made by its `from_...` methods.
    """

    __slots__ = ("_nrows", "_nvals", "_row_lengths", "_row_splits", "_uniform_row_length", "_value_rowids")

    def __init__(self, row_splits: Any, row_lengths: Any = None, value_rowids: Any = None, nrows: Any = None,
                 uniform_row_length: Any = None, nvals: Any = None, internal: Any = None) -> None:
        if internal is not _KEY:
            raise ValueError("RowPartition constructor is private; please use one of the factory methods instead (e.g., "
                             "RowPartition.from_row_lengths())")
        self._row_splits = row_splits
        self._row_lengths = row_lengths
        self._value_rowids = value_rowids
        self._nrows = nrows
        self._uniform_row_length = uniform_row_length
        self._nvals = nvals

    # Construction.

    @classmethod
    def from_row_splits(cls, row_splits: Any, validate: bool = True, dtype: Any = None) -> RowPartition:
        """From the positions where rows begin, and the number of values at the end.

        Raises:
          ValueError: an empty list, or a dtype that is no index.
          InvalidArgumentError: they do not begin with 0, or decrease.
        """
        _check_flag(validate)
        if isinstance(row_splits, (list, tuple)) and not row_splits:
            raise ValueError("row_splits tensor may not be empty.")
        row_splits = index_tensor(row_splits, "row_splits", dtype)
        row_splits.shape.assert_has_rank(1)
        if validate:
            text = "Arguments to from_row_splits do not form a valid RaggedTensor:"
            row_splits = checks.after([
                *checks.assert_equal(row_splits[0], convert_to_tensor(0, row_splits.dtype), text + "zero"),
                *checks.assert_non_negative(row_splits[1:] - row_splits[:-1], text + "monotonic.  ")], row_splits)
        return cls(row_splits, internal=_KEY)

    @classmethod
    def from_row_lengths(cls, row_lengths: Any, validate: bool = True, dtype: Any = None) -> RowPartition:
        """From the number of values of each row.

        Raises:
          InvalidArgumentError: a negative length.
        """
        _check_flag(validate)
        row_lengths = index_tensor(row_lengths, "row_lengths", dtype)
        row_lengths.shape.assert_has_rank(1)
        if validate:
            text = "Arguments to from_row_lengths do not form a valid RowPartition.  "
            row_lengths = checks.after(checks.assert_non_negative(row_lengths, text), row_lengths)
        row_splits = concat([zeros([1], row_lengths.dtype), cumsum(row_lengths)], 0)
        return cls(row_splits, row_lengths=row_lengths, internal=_KEY)

    @classmethod
    def from_value_rowids(cls, value_rowids: Any, nrows: Any = None, validate: bool = True, dtype: Any = None) -> RowPartition:
        """From the row of each value, in ascending order.

        Args:
          value_rowids: a vector.
          nrows: the number of rows, one more than the last row id unless given.

        Raises:
          ValueError: more rows than `nrows`, where that is known.
          InvalidArgumentError: row ids that are negative or decrease.
        """
        _check_flag(validate)
        value_rowids = index_tensor(value_rowids, "value_rowids", dtype)
        if nrows is None:
            last = value_rowids[-1:]
            nrows = cls._rows_of(last)
        else:
            nrows = index_tensor(nrows, "nrows", value_rowids.dtype)
            cls._check_rows(value_rowids, nrows)
        value_rowids.shape.assert_has_rank(1)
        nrows.shape.assert_has_rank(0)
        if nrows.dtype != value_rowids.dtype:
            nrows = cast(nrows, value_rowids.dtype)
        if validate:
            text = "Arguments to from_value_rowids do not form a valid RowPartition.  "
            value_rowids = checks.after([
                *checks.assert_non_negative(value_rowids[:1], text),
                *checks.assert_non_negative(value_rowids[1:] - value_rowids[:-1], text),
                *checks.assert_less(value_rowids[-1:], nrows, text)], value_rowids)
        row_lengths = _counts(value_rowids, nrows)
        row_splits = concat([zeros([1], row_lengths.dtype), cumsum(row_lengths)], 0)
        if known_int(nrows) is not None and isinstance(row_splits, Tensor):
            _set_length(row_splits, known_int(nrows))
        return cls(row_splits, row_lengths, value_rowids, nrows, internal=_KEY)

    @staticmethod
    def _rows_of(last: Any) -> Any:
        """One more than the last row id, or 0."""
        from ..reductions import reduce_sum
        return reduce_sum(last + 1)

    @staticmethod
    def _check_rows(value_rowids: Any, nrows: Any) -> None:
        count = known_int(nrows)
        if count is None:
            return
        if count < 0:
            raise ValueError(f"Expected nrows >= 0; got {count}")
        ids = constant_value(value_rowids)
        if ids is not None and ids.ndim and ids.size and not count >= ids[-1] + 1:
            raise ValueError(f"Expected nrows >= value_rowids[-1] + 1; got nrows={count}, value_rowids[-1]={ids[-1]}")

    @classmethod
    def from_row_starts(cls, row_starts: Any, nvals: Any, validate: bool = True, dtype: Any = None) -> RowPartition:
        """From the positions where rows begin, and the number of values.

        Raises:
          InvalidArgumentError: the first is not 0, they decrease, or pass the end.
        """
        _check_flag(validate)
        row_starts = index_tensor(row_starts, "row_starts", dtype)
        row_starts.shape.assert_has_rank(1)
        nvals = cast(nvals, row_starts.dtype)
        if validate:
            text = "Arguments to from_row_starts do not form a valid RaggedTensor"
            row_starts = checks.after([
                *checks.assert_equal(row_starts[:1], convert_to_tensor(0, row_starts.dtype), text),
                *checks.assert_non_negative(row_starts[1:] - row_starts[:-1], text),
                *checks.assert_less_equal(row_starts[-1:], nvals, text)], row_starts)
        return cls(concat([row_starts, expand_dims(nvals, 0)], 0), nvals=nvals, internal=_KEY)

    @classmethod
    def from_row_limits(cls, row_limits: Any, validate: bool = True, dtype: Any = None) -> RowPartition:
        """From the positions where rows end.

        Raises:
          InvalidArgumentError: they are negative or decrease.
        """
        _check_flag(validate)
        row_limits = index_tensor(row_limits, "row_limits", dtype)
        row_limits.shape.assert_has_rank(1)
        if validate:
            text = "Arguments to from_row_limits do not form a valid RaggedTensor"
            row_limits = checks.after([
                *checks.assert_non_negative(row_limits[:1], text),
                *checks.assert_non_negative(row_limits[1:] - row_limits[:-1], text)], row_limits)
        return cls(concat([zeros([1], row_limits.dtype), row_limits], 0), internal=_KEY)

    @classmethod
    def from_uniform_row_length(cls, uniform_row_length: Any, nvals: Any = None, nrows: Any = None, validate: bool = True,
                                dtype: Any = None, dtype_hint: Any = dtypes.int64) -> RowPartition:
        """From the one length that all rows have, and the number of values or of rows.

        Raises:
          ValueError: neither of both, a negative length, or numbers that do not fit.
        """
        _check_flag(validate)
        if nvals is None and nrows is None:
            raise ValueError("Either (or both) of nvals and nrows must be specified")
        if dtype is None:
            dtype = next((x.dtype for x in (uniform_row_length, nvals, nrows)
                          if isinstance(x, Tensor) or type(x).__module__ == "numpy"), dtype_hint)
            dtype = dtypes.as_dtype(dtype)
        length = _as(uniform_row_length, dtype)
        length.shape.assert_has_rank(0)
        known_length, known_vals, known_rows = known_int(length), known_int(nvals), known_int(nrows)
        if known_length is not None and known_length < 0:
            raise ValueError("uniform_row_length must be >= 0.")
        if nrows is None:
            if known_length is not None and known_vals is not None:
                nrows = known_rows = known_vals // known_length if known_length else 0
            else:
                from ..arithmetic import floordiv, maximum
                nrows = floordiv(_as(nvals, dtype), maximum(length, 1))
                from ..comparison import select
                nrows = select(length > 0, nrows, convert_to_tensor(0, dtype))
        rows = _as(nrows, dtype)
        if known_rows is not None and known_length is not None:
            if known_vals is not None and validate and known_length * known_rows != known_vals:
                raise ValueError(f"uniform_row_length={known_length} times nrows={known_rows} must equal "
                                 f"nvals={known_vals}")
            splits = convert_to_tensor(np.arange(known_rows + 1, dtype=dtype.np) * known_length)
        else:
            if validate:
                found = checks.assert_non_negative(length, "uniform_row_length must be >= 0.")
                if nvals is not None:
                    found += checks.assert_equal(length * rows, _as(nvals, dtype), f"uniform_row_length times nrows must "
                                                                                   f"equal nvals={nvals}")
                rows = checks.after(found, rows)
            splits = range_of(convert_to_tensor(0, dtype), rows + 1) * length
        return cls(splits, nrows=rows, uniform_row_length=length, nvals=None if nvals is None else _as(nvals, dtype),
                   internal=_KEY)

    # What it says.

    @property
    def dtype(self) -> dtypes.DType:
        """int32 or int64: the dtype of the encodings."""
        return self._row_splits.dtype  # type: ignore[no-any-return]

    def row_splits(self) -> Any:
        """Where rows begin, and behind it the number of values: `[nrows + 1]`."""
        return self._row_splits

    def value_rowids(self) -> Any:
        """The row of each value: `[nvals]`."""
        if self._value_rowids is None:
            rows = range_of(self.nrows())
            self._value_rowids = repeat(rows, self.row_lengths(), axis=0)
        return self._value_rowids

    def nvals(self) -> Any:
        """The number of values."""
        if self._nvals is None:
            self._nvals = self._row_splits[-1]
        return self._nvals

    def nrows(self) -> Any:
        """The number of rows."""
        if self._nrows is None:
            known = self._row_splits.shape[0]
            self._nrows = convert_to_tensor(known - 1, self.dtype) if known is not None else \
                size(self._row_splits, self.dtype) - 1
        return self._nrows

    def uniform_row_length(self) -> Any:
        """The length of every row, where the partition was made from it; else None."""
        return self._uniform_row_length

    def row_starts(self) -> Any:
        """Where rows begin: `[nrows]`."""
        return self._row_splits[:-1]

    def row_limits(self) -> Any:
        """Where rows end: `[nrows]`."""
        return self._row_splits[1:]

    def row_lengths(self) -> Any:
        """The number of values of each row: `[nrows]`."""
        if self._row_lengths is None:
            self._row_lengths = self._row_splits[1:] - self._row_splits[:-1]
        return self._row_lengths

    @property
    def static_nrows(self) -> int | None:
        """The number of rows, if it is known."""
        known = self._row_splits.shape[0] if self._row_splits.shape.rank else None
        if known is not None:
            return int(known) - 1
        return known_int(self._nrows)

    @property
    def static_nvals(self) -> int | None:
        """The number of values, if it is known."""
        if self._nvals is not None and (found := known_int(self._nvals)) is not None:
            return found
        if self._value_rowids is not None and self._value_rowids.shape[0] is not None:
            return int(self._value_rowids.shape[0])
        value = constant_value(self._row_splits)
        return None if value is None or not value.size else int(value[-1])

    @property
    def static_uniform_row_length(self) -> int | None:
        """The length of every row, if there is one and it is known."""
        return known_int(self._uniform_row_length)

    def offsets_in_rows(self) -> Any:
        """The place of each value within its row: `[nvals]`."""
        ids = self.value_rowids()
        return range_of(cast(self.nvals(), self.dtype)) - gather(self.row_starts(), ids)

    def is_uniform(self) -> bool:
        """Whether the partition was made from one length of all rows."""
        return self._uniform_row_length is not None

    def with_dtype(self, dtype: Any) -> RowPartition:
        """The same partition with encodings of another dtype.

        Raises:
          ValueError: a dtype other than int32 and int64.
        """
        dtype = dtypes.as_dtype(dtype)
        if dtype not in (dtypes.int32, dtypes.int64):
            raise ValueError("dtype must be int32 or int64")
        if dtype == self.dtype:
            return self
        parts = (self._row_splits, self._row_lengths, self._value_rowids, self._nrows, self._uniform_row_length, self._nvals)
        splits, *others = [None if p is None else cast(p, dtype) for p in parts]
        return _made(splits, others)

    def with_row_splits(self, row_splits: Any) -> RowPartition:
        """The same partition around an equal tensor of splits."""
        return RowPartition(row_splits, self._row_lengths, self._value_rowids, self._nrows, self._uniform_row_length,
                            self._nvals, internal=_KEY)

    def _with_uniform(self, length: int) -> RowPartition:
        """The same partition, of which it is known that all rows have one length."""
        return RowPartition(self._row_splits, self._row_lengths, self._value_rowids, self.nrows(),
                            convert_to_tensor(length, self.dtype), self._nvals, internal=_KEY)

    def is_same_as(self, other: RowPartition) -> bool:
        """Whether both are known to cut alike, without a look at values that only the graph knows."""
        if self is other or self._row_splits is other._row_splits:
            return True
        for name in ("_row_lengths", "_value_rowids"):
            a = getattr(self, name)
            if a is not None and a is getattr(other, name) and (name == "_row_lengths" or self._nrows is other._nrows):
                return True
        return False

    def merge(self, other: RowPartition, validate: bool = True) -> RowPartition:
        """Of two partitions that cut alike the one of which more is known.

        Raises:
          ValueError: they differ in the number of rows.
          InvalidArgumentError: they cut differently.
        """
        if self.is_same_as(other):
            return self
        if not self._row_splits.shape.is_compatible_with(other._row_splits.shape):
            raise ValueError(f"Shapes {self._row_splits.shape} and {other._row_splits.shape} are incompatible")
        chosen = self if self.is_uniform() or not other.is_uniform() else other
        if not validate:
            return chosen
        found = checks.assert_equal(self._row_splits, other._row_splits)
        return chosen.with_row_splits(checks.after(found, chosen._row_splits)) if found else chosen

    @property
    def _type_spec(self) -> Any:
        from .spec import RowPartitionSpec
        return RowPartitionSpec.from_value(self)

    def __repr__(self) -> str:
        if self._uniform_row_length is not None:
            return f"tf.RowPartition(nrows={self._nrows}, uniform_row_length={self._uniform_row_length})"
        return f"tf.RowPartition(row_splits={self._row_splits})"


def _made(row_splits: Any, others: list[Any]) -> RowPartition:
    lengths, ids, nrows, uniform, nvals = others
    return RowPartition(row_splits, lengths, ids, nrows, uniform, nvals, internal=_KEY)


def _as(value: Any, dtype: dtypes.DType) -> Any:
    return cast(value, dtype) if isinstance(value, Tensor) else convert_to_tensor(value, dtype)


def _counts(value_rowids: Any, nrows: Any) -> Any:
    """How many values each row has."""
    from ..creation import ones_like
    from ..gathering import unsorted_segment_sum
    return unsorted_segment_sum(ones_like(value_rowids), value_rowids, cast(nrows, dtypes.int32)
                                if not isinstance(nrows, EagerTensor) else nrows)


def _set_length(row_splits: Any, nrows: int | None) -> None:
    if nrows is not None and not isinstance(row_splits, EagerTensor):
        row_splits.set_shape(TensorShape([nrows + 1]))
