"""How ragged tensors are made from values and what says where their rows are."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from ..casting import cast
from ..creation import shape as shape_of
from . import checks
from .partition import RowPartition


def _flag(validate: Any) -> None:
    if not isinstance(validate, bool):
        raise TypeError(f"Argument `validate` must have type bool. Received {validate}.")


def _listed(name: str, value: Any, what: str = "Tensors") -> Sequence[Any]:
    if isinstance(value, (Tensor, RowPartition)):
        raise TypeError(f"Argument `{name}` must be a list of {what}. Received {value}.")
    return list(value)


def _values_tensor(values: Any) -> Any:
    from .values import as_ragged_or_tensor
    return as_ragged_or_tensor(values, name="values")


def _partition_dtype(values: Any) -> Any:
    """The dtype that a partition of values must have: that of their own partitions, if they are ragged."""
    from .tensor import RaggedTensor
    return values._row_partition.dtype if isinstance(values, RaggedTensor) else None


def nrows_of(values: Any, dtype: dtypes.DType) -> Any:
    """The outermost dimension of a tensor or ragged tensor."""
    from .tensor import RaggedTensor
    if isinstance(values, RaggedTensor):
        return cast(values.nrows(), dtype)
    known = values.shape[0] if values.shape.rank else None
    return convert_to_tensor(int(known), dtype) if known is not None else shape_of(values, dtype)[0]


class Factories:
    """The `from_...` methods of `RaggedTensor`."""

    __slots__ = ()

    @classmethod
    def _from_row_partition(cls, values: Any, row_partition: Any, validate: bool = True) -> Any:
        """A ragged tensor of values and a partition.

        Raises:
          TypeError: no partition.
          ValueError: the values are ragged, with a partition of another dtype.
          InvalidArgumentError: the partition is one of another number of values.
        """
        from .tensor import RaggedTensor
        if not isinstance(row_partition, RowPartition):
            raise TypeError(f"Argument `row_partition` must be a RowPartition. Received {row_partition}.")
        _flag(validate)
        values = _values_tensor(values)
        if isinstance(values, RaggedTensor) and values._row_partition.dtype != row_partition.dtype:
            raise ValueError("Argument `row_partition` of RaggedTensor with name: partition must have same dtype as Argument "
                             f"`values`. ({row_partition.dtype} vs. {values._row_partition.dtype}).")
        if row_partition._value_rowids is not None:
            values.shape[:1].assert_is_compatible_with(row_partition._value_rowids.shape)
        if validate:
            if values.shape.rank == 0:
                values[0]
            found = checks.assert_equal(row_partition.nvals(), nrows_of(values, row_partition.dtype),
                                        "Arguments to _from_row_partition do not form a valid RaggedTensor")
            if found:
                row_partition = row_partition.with_row_splits(checks.after(found, row_partition.row_splits()))
        return RaggedTensor(values, row_partition, internal=True)

    @classmethod
    def from_value_rowids(cls, values: Any, value_rowids: Any, nrows: Any = None, name: str | None = None,
                          validate: bool = True) -> Any:
        """Rows made of the values with the same id.

        Args:
          values: a tensor or ragged tensor, cut along its first dimension.
          value_rowids: the row of each value, in ascending order.
          nrows: the number of rows, one more than the last id unless given.
          validate: check that the arguments fit.

        Raises:
          ValueError: `nrows` is too small.
          InvalidArgumentError: ids that are negative or decrease.
        """
        _flag(validate)
        with name_scope(name or "RaggedFromValueRowIds"):
            values = _values_tensor(values)
            return cls._from_row_partition(values, RowPartition.from_value_rowids(
                value_rowids, nrows, validate, _partition_dtype_for(values, value_rowids)), validate)

    @classmethod
    def from_row_splits(cls, values: Any, row_splits: Any, name: str | None = None, validate: bool = True) -> Any:
        """Row i of the values from `row_splits[i]` up to `row_splits[i + 1]`.

        Raises:
          ValueError: an empty list of splits.
          InvalidArgumentError: they do not begin with 0, decrease, or do not end with the number of values.
        """
        _flag(validate)
        with name_scope(name or "RaggedFromRowSplits"):
            values = _values_tensor(values)
            return cls._from_row_partition(values, RowPartition.from_row_splits(
                row_splits, validate, _partition_dtype_for(values, row_splits)), validate)

    @classmethod
    def from_row_lengths(cls, values: Any, row_lengths: Any, name: str | None = None, validate: bool = True) -> Any:
        """Rows of the given lengths, one behind the other.

        Raises:
          InvalidArgumentError: a negative length, or another sum than the number of values.
        """
        _flag(validate)
        with name_scope(name or "RaggedFromRowLengths"):
            values = _values_tensor(values)
            return cls._from_row_partition(values, RowPartition.from_row_lengths(
                row_lengths, validate, _partition_dtype_for(values, row_lengths)), validate)

    @classmethod
    def from_row_starts(cls, values: Any, row_starts: Any, name: str | None = None, validate: bool = True) -> Any:
        """Rows that begin at the given positions.

        Raises:
          InvalidArgumentError: the first is not 0, they decrease, or pass the end.
        """
        _flag(validate)
        with name_scope(name or "RaggedFromRowStarts"):
            values = _values_tensor(values)
            return cls._from_row_partition(values, RowPartition.from_row_starts(
                row_starts, nrows_of(values, dtypes.int64), validate, _partition_dtype_for(values, row_starts)), validate)

    @classmethod
    def from_row_limits(cls, values: Any, row_limits: Any, name: str | None = None, validate: bool = True) -> Any:
        """Rows that end at the given positions.

        Raises:
          InvalidArgumentError: they are negative, decrease, or do not end with the number of values.
        """
        _flag(validate)
        with name_scope(name or "RaggedFromRowLimits"):
            values = _values_tensor(values)
            return cls._from_row_partition(values, RowPartition.from_row_limits(
                row_limits, validate, _partition_dtype_for(values, row_limits)), validate)

    @classmethod
    def from_uniform_row_length(cls, values: Any, uniform_row_length: Any, nrows: Any = None, validate: bool = True,
                                name: str | None = None) -> Any:
        """Rows of one length, which is part of the static shape.

        Args:
          values: a tensor or ragged tensor.
          uniform_row_length: the length.
          nrows: the number of rows, which says something only where the length is 0.
          validate: check that the arguments fit.

        Raises:
          ValueError: numbers that do not fit.
        """
        _flag(validate)
        with name_scope(name or "RaggedFromUniformRowLength"):
            values = _values_tensor(values)
            given = _partition_dtype(values)
            dtype = given if given is not None else next(
                (dtypes.as_dtype(x.dtype) for x in (uniform_row_length, nrows) if hasattr(x, "dtype")), dtypes.int64)
            if dtype not in (dtypes.int32, dtypes.int64):
                raise ValueError("uniform_row_length must have dtype int32 or int64")
            return cls._from_row_partition(values, RowPartition.from_uniform_row_length(
                uniform_row_length, nrows_of(values, dtype), nrows, validate, dtype), validate)

    @classmethod
    def from_nested_value_rowids(cls, flat_values: Any, nested_value_rowids: Any, nested_nrows: Any = None,
                                 name: str | None = None, validate: bool = True) -> Any:
        """Values cut several times; the first list belongs to the outermost rows.

        Raises:
          TypeError: a tensor in place of a list.
          ValueError: lists of different lengths.
        """
        _flag(validate)
        nested = _listed("nested_value_rowids", nested_value_rowids)
        rows = [None] * len(nested) if nested_nrows is None else _listed("nested_nrows", nested_nrows)
        if len(rows) != len(nested):
            raise ValueError("Argument `nested_nrows` must have the same length as argument `nested_value_rowids`. "
                             f"len(nested_nrows) = {len(rows)} vs. len(nested_values_rowids) = {len(nested)}.")
        with name_scope(name or "RaggedFromNestedValueRowIds"):
            result = _values_tensor(flat_values)
            for ids, count in zip(reversed(nested), reversed(rows), strict=True):
                result = cls.from_value_rowids(result, ids, count, validate=validate)
            return result

    @classmethod
    def from_nested_row_splits(cls, flat_values: Any, nested_row_splits: Any, name: str | None = None,
                               validate: bool = True) -> Any:
        """Values cut several times; the first splits belong to the outermost rows.

        Raises:
          TypeError: a tensor in place of a list.
        """
        _flag(validate)
        nested = _listed("nested_row_splits", nested_row_splits)
        with name_scope(name or "RaggedFromNestedRowSplits"):
            result = _values_tensor(flat_values)
            for splits in reversed(nested):
                result = cls.from_row_splits(result, splits, validate=validate)
            return result

    @classmethod
    def from_nested_row_lengths(cls, flat_values: Any, nested_row_lengths: Any, name: str | None = None,
                                validate: bool = True) -> Any:
        """Values cut several times; the first lengths belong to the outermost rows.

        Raises:
          TypeError: a tensor in place of a list.
        """
        _flag(validate)
        nested = _listed("nested_row_lengths", nested_row_lengths)
        with name_scope(name or "RaggedFromNestedRowlengths"):
            result = _values_tensor(flat_values)
            for lengths in reversed(nested):
                result = cls.from_row_lengths(result, lengths, validate=validate)
            return result

    @classmethod
    def _from_nested_row_partitions(cls, flat_values: Any, nested_row_partitions: Any, name: str | None = None,
                                    validate: bool = True) -> Any:
        """Values with several partitions, the outermost first."""
        _flag(validate)
        result = _values_tensor(flat_values)
        for partition in reversed(_listed("nested_row_partitions", nested_row_partitions, "RowPartitions")):
            result = cls._from_row_partition(result, partition, validate)
        return result

    @classmethod
    def from_tensor(cls, tensor: Any, lengths: Any = None, padding: Any = None, ragged_rank: int = 1,
                    name: str | None = None, row_splits_dtype: Any = dtypes.int64) -> Any:
        """A ragged tensor of a tensor's rows, without what pads them.

        Args:
          tensor: a tensor of rank 2 or more.
          lengths: how much of each row counts, or a tuple of lengths for several dimensions.
          padding: the value that is left out at the ends of rows.
          ragged_rank: how many dimensions become ragged.

        Raises:
          ValueError: both `lengths` and `padding`, or a rank that is too small.
          TypeError: `ragged_rank` is no int.
        """
        from .conversion import from_tensor
        return from_tensor(tensor, lengths, padding, ragged_rank, name, dtypes.as_dtype(row_splits_dtype))

    @classmethod
    def from_sparse(cls, st_input: Any, name: str | None = None, row_splits_dtype: Any = dtypes.int64) -> Any:
        """The values of a sparse matrix, whose rows must be filled from the left without gaps.

        Raises:
          TypeError: no sparse tensor.
          ValueError: a rank other than 2.
          InvalidArgumentError: rows with gaps.
        """
        from .conversion import from_sparse
        return from_sparse(st_input, name, dtypes.as_dtype(row_splits_dtype))


def _partition_dtype_for(values: Any, encoding: Any) -> Any:
    """The dtype for an encoding given as Python values: that of the values' own partitions."""
    if isinstance(encoding, Tensor) or hasattr(encoding, "dtype"):
        return None
    return _partition_dtype(values)
