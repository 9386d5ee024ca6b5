"""The ragged tensor itself."""
from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.nest import CompositeTensor
from ...core.scopes import name_scope
from ...core.shape import TensorShape, as_shape
from ...core.symbol import SymbolicTensor
from ...core.tensor import EagerTensor, Tensor
from ..casting import cast
from ..common import constant_value
from ..creation import shape as shape_op
from ..reductions import reduce_max
from .factories import Factories
from .partition import RowPartition


class RaggedTensor(Factories, CompositeTensor):
    """A tensor with one or more ragged dimensions, whose slices may differ in length.

    Made by `tf.ragged.constant`, or of values and their partition into rows by one of the `from_...` methods:

        RaggedTensor.from_row_splits(values=[3, 1, 4, 1, 5], row_splits=[0, 4, 4, 5])    # [[3, 1, 4, 1], [], [5]]

    The values may be ragged again, so that several dimensions are. Most functions of the library take ragged tensors.
    """

    __slots__ = ("_row_partition", "_values")
    _is_tensor_like = True
    __array_priority__ = 101

    def __init__(self, values: Any, row_partition: Any, internal: bool = False) -> None:
        if not internal:
            raise ValueError("RaggedTensor constructor is private; please use one of the factory methods instead (e.g., "
                             "RaggedTensor.from_row_lengths())")
        self._values = values
        self._row_partition = row_partition

    # What it is made of.

    @property
    def dtype(self) -> dtypes.DType:
        """The dtype of the values."""
        return self._values.dtype  # type: ignore[no-any-return]

    @property
    def shape(self) -> TensorShape:
        """The static shape; ragged dimensions are None."""
        partition = self._row_partition
        outer = TensorShape([partition.static_nrows, partition.static_uniform_row_length])
        return outer.concatenate(self._values.shape[1:])

    def get_shape(self) -> TensorShape:
        """The static shape, as `shape`."""
        return self.shape

    @property
    def ragged_rank(self) -> int:
        """How often the values are cut into rows."""
        inner = self._values.ragged_rank if isinstance(self._values, RaggedTensor) else 0
        return 1 + inner

    @property
    def values(self) -> Any:
        """All rows behind each other: a tensor, or a ragged one with one ragged dimension less."""
        return self._values

    @property
    def flat_values(self) -> Any:
        """The innermost values, with no ragged dimension left."""
        values = self._values
        while isinstance(values, RaggedTensor):
            values = values._values
        return values

    @property
    def row_splits(self) -> Any:
        """Row i has the values from `row_splits[i]` up to `row_splits[i + 1]`."""
        return self._row_partition.row_splits()

    @property
    def uniform_row_length(self) -> Any:
        """The length of all rows, where the partition was made from it; else None."""
        return self._row_partition.uniform_row_length()

    @property
    def _nested_row_partitions(self) -> tuple[RowPartition, ...]:
        inner = self._values._nested_row_partitions if isinstance(self._values, RaggedTensor) else ()
        return (self._row_partition, *inner)

    @property
    def nested_row_splits(self) -> tuple[Any, ...]:
        """The splits of all ragged dimensions, the outermost first."""
        return tuple([p.row_splits() for p in self._nested_row_partitions])

    def value_rowids(self, name: str | None = None) -> Any:
        """The row of each value."""
        with name_scope(name or "RaggedValueRowIds"):
            return self._row_partition.value_rowids()

    def nested_value_rowids(self, name: str | None = None) -> tuple[Any, ...]:
        """The row ids of all ragged dimensions, the outermost first."""
        with name_scope(name or "RaggedNestedValueRowIds"):
            return tuple([p.value_rowids() for p in self._nested_row_partitions])

    def nrows(self, out_type: Any = None, name: str | None = None) -> Any:
        """The number of rows."""
        with name_scope(name or "RaggedNRows"):
            rows = self._row_partition.nrows()
            return rows if out_type is None else cast(rows, out_type)

    def row_starts(self, name: str | None = None) -> Any:
        """Where rows begin."""
        with name_scope(name or "RaggedRowStarts"):
            return self._row_partition.row_starts()

    def row_limits(self, name: str | None = None) -> Any:
        """Where rows end."""
        with name_scope(name or "RaggedRowLimits"):
            return self._row_partition.row_limits()

    def row_lengths(self, axis: int = 1, name: str | None = None) -> Any:
        """The lengths of the slices of dimension `axis`: a vector, or ragged for inner dimensions.

        Raises:
          ValueError: `axis` is out of bounds.
        """
        if axis == 0:
            return self._row_partition.nrows()
        if axis == 1:
            return self._row_partition.row_lengths()
        with name_scope(name or "RaggedRowLengths"):
            from .axes import positive_axis
            axis = positive_axis(axis, self.shape.rank, ndims_name="rank(self)")
            if axis == 0:
                return self.nrows()
            if axis == 1:
                return self._row_partition.row_lengths()
            if isinstance(self._values, RaggedTensor):
                return self.with_values(self._values.row_lengths(axis - 1))
            from ..creation import ones
            shape = shape_op(self._values, self._row_partition.dtype)
            return self.with_values(ones(shape[:axis - 1], shape.dtype) * shape[axis - 1])

    def nested_row_lengths(self, name: str | None = None) -> tuple[Any, ...]:
        """The row lengths of all ragged dimensions, the outermost first."""
        with name_scope(name or "RaggedNestedRowLengths"):
            return tuple([p.row_lengths() for p in self._nested_row_partitions])

    def bounding_shape(self, axis: Any = None, name: str | None = None, out_type: Any = None) -> Any:
        """The shape of the smallest tensor that holds all rows, or its dimensions `axis`."""
        from ..arrays import concat, stack
        from ..gathering import gather
        wanted = self._row_partition.dtype if out_type is None else dtypes.as_dtype(out_type)
        with name_scope(name or "RaggedBoundingBox"):
            partitions = self._nested_row_partitions
            if isinstance(axis, int) and axis in (0, 1):
                found = self.nrows() if axis == 0 else _longest(self._row_partition)
                return cast(found, wanted)
            inner = shape_op(self.flat_values, wanted)[1:]
            outer = [cast(partitions[0].nrows(), wanted), *[cast(_longest(p), wanted) for p in partitions]]
            box = concat([stack(outer), inner], 0)
            return box if axis is None else gather(box, axis)

    # Others like it.

    def with_values(self, new_values: Any) -> RaggedTensor:
        """The same rows of other values.

        Raises:
          ValueError: another number of values, if that is known.
        """
        from .values import as_ragged_or_tensor
        new_values = as_ragged_or_tensor(new_values)
        new_values.shape.with_rank_at_least(1)
        self._values.shape[:1].assert_is_compatible_with(new_values.shape[:1])
        partition = self._row_partition
        if isinstance(new_values, RaggedTensor) and partition.dtype != new_values._row_partition.dtype:
            raise ValueError("self and new_values have mismatched row_splits dtypes; use "
                             "RaggedTensor.with_row_splits_dtype() to convert them to compatible dtypes.")
        return RaggedTensor(new_values, partition, internal=True)

    def with_flat_values(self, new_values: Any) -> RaggedTensor:
        """The same rows of other innermost values.

        Raises:
          ValueError: another number of values, if that is known.
        """
        if isinstance(self._values, RaggedTensor):
            return self.with_values(self._values.with_flat_values(new_values))
        from .values import as_ragged_or_tensor
        return self.with_values(as_ragged_or_tensor(new_values))

    def with_row_splits_dtype(self, dtype: Any) -> RaggedTensor:
        """The same rows, with splits of another dtype.

        Raises:
          ValueError: a dtype other than int32 and int64.
        """
        dtype = dtypes.as_dtype(dtype)
        if dtype not in (dtypes.int32, dtypes.int64):
            raise ValueError(f"Argument `row_splits` dtype must be int32 or int64. Received {dtype}.")
        if self._row_partition.dtype == dtype:
            return self
        values = self._values
        if isinstance(values, RaggedTensor):
            values = values.with_row_splits_dtype(dtype)
        return RaggedTensor(values, self._row_partition.with_dtype(dtype), internal=True)

    def merge_dims(self, outer_axis: int, inner_axis: int) -> Any:
        """The dimensions from `outer_axis` to `inner_axis` in one: a ragged tensor, or a tensor if none is left.

        Raises:
          ValueError: axes out of bounds or in the wrong order.
        """
        from .axes import merge_dims, positive_axis
        outer_axis = positive_axis(outer_axis, self.shape.rank, "outer_axis", "rank(self)")
        inner_axis = positive_axis(inner_axis, self.shape.rank, "inner_axis", "rank(self)")
        if not outer_axis <= inner_axis:
            raise ValueError(f"Expected outer_axis ({outer_axis}) to be less than or equal to inner_axis ({inner_axis}).")
        return merge_dims(self, outer_axis, inner_axis)

    def _set_shape(self, shape: Any) -> None:
        """Notes what is known of the shape.

        Raises:
          ValueError: it is not the shape of this tensor.
        """
        dims = as_shape(shape).as_list() if as_shape(shape).rank is not None else None
        if dims is None:
            return
        node: Any = self
        for i in range(self.ragged_rank):
            partition = node._row_partition
            splits: Any = partition._row_splits
            if i == 0 and dims[0] is not None and hasattr(splits, "set_shape"):
                splits.set_shape([dims[0] + 1])
            if dims[i + 1] is not None:
                known = partition.static_uniform_row_length
                if known is not None and known != dims[i + 1]:
                    raise ValueError(f"Inconsistent size for axis {i + 1}: {known} vs. {dims[i + 1]}.")
                if known is None:
                    node._row_partition = partition._with_uniform(dims[i + 1])
            if i + 1 < self.ragged_rank:
                # Inner ragged tensors may belong to others, too.
                node._values = RaggedTensor(node._values._values, node._values._row_partition, internal=True)
                node = node._values
        flat = node._values
        if hasattr(flat, "set_shape"):
            flat.set_shape([None, *dims[self.ragged_rank + 1:]])

    # Conversion.

    def to_tensor(self, default_value: Any = None, name: str | None = None, shape: Any = None) -> Any:
        """A tensor of all rows, filled up with `default_value` behind the ends.

        Args:
          default_value: what fills: zero unless given.
          shape: the shape of the result; longer rows are cut. None dimensions are as long as need be.

        Raises:
          ValueError: a shape of another rank.
        """
        from .conversion import to_tensor
        return to_tensor(self, default_value, name, shape)

    def to_sparse(self, name: str | None = None) -> Any:
        """The same values as a sparse tensor."""
        from .conversion import to_sparse
        return to_sparse(self, name)

    def numpy(self) -> Any:
        """The rows as an array of objects, or as an ordinary array where all are of one length.

        Raises:
          ValueError: in a graph.
        """
        if not self._is_eager():
            raise ValueError("RaggedTensor.numpy() is only supported in eager mode.")
        values = self._values.numpy()
        splits = self.row_splits.numpy()
        rows = [values[a:b] for a, b in zip(splits[:-1], splits[1:], strict=True)]
        if not rows:
            return np.zeros((0, 0) + values.shape[1:], dtype=values.dtype)
        if any(len(row) != len(rows[0]) for row in rows):
            out = np.empty(len(rows), object)
            out[:] = rows
            return out
        return np.array(rows)

    def to_list(self) -> list[Any]:
        """The rows as nested lists.

        Raises:
          ValueError: in a graph.
        """
        if not isinstance(self.row_splits, EagerTensor):
            raise ValueError("to_list can only be used in eager mode.")
        splits = self.row_splits.numpy().tolist()
        if isinstance(self._values, RaggedTensor):
            values = self._values.to_list()
        elif hasattr(self._values, "numpy"):
            values = self._values.numpy().tolist()
        elif hasattr(self._values, "to_list"):
            values = self._values.to_list()
        else:
            raise ValueError("values must be convertible to a list")
        return [values[a:b] for a, b in zip(splits[:-1], splits[1:], strict=True)]

    def _is_eager(self) -> bool:
        """Whether every part has a value now."""
        return isinstance(self.flat_values, EagerTensor) and \
            all(isinstance(s, EagerTensor) for s in self.nested_row_splits)

    def consumers(self) -> list[Any]:
        """The operations of the graph that take a part of this."""
        found: list[Any] = []
        for part in (self.flat_values, *self.nested_row_splits):
            for op in getattr(part, "consumers", list)() if not isinstance(part, EagerTensor) else []:
                if not any(op is other for other in found):
                    found.append(op)
        return found

    @property
    def _type_spec(self) -> Any:
        from .spec import RaggedTensorSpec
        if not isinstance(self.flat_values, (Tensor, CompositeTensor)):
            # A stand-in in which a structure holds something else than tensors.
            return RaggedTensorSpec(None, self.dtype, self.ragged_rank, self.row_splits.dtype)
        return RaggedTensorSpec.from_value(self)

    def _shape_invariant_to_type_spec(self, shape: Any) -> Any:
        from .spec import RaggedTensorSpec
        return RaggedTensorSpec(shape, self.dtype, self.ragged_rank, self.row_splits.dtype)

    def _gradient_parts(self) -> list[Any]:
        return [self.flat_values]

    def _with_gradients(self, gradients: list[Any]) -> Any:
        return self.with_flat_values(convert_to_tensor(gradients[0]))

    def _session_value(self, arrays: list[Any]) -> Any:
        from .values import RaggedTensorValue
        result = arrays[0]
        for splits in reversed(arrays[1:]):
            result = RaggedTensorValue(result, splits)
        return result

    def _feed_values(self, value: Any) -> list[Any]:
        from .values import is_ragged
        if not is_ragged(value):
            raise TypeError(f"The value of a feed for a RaggedTensor must be ragged, got {type(value).__name__}")
        return [value.flat_values, *value.nested_row_splits]

    # Forms of public functions and operators.

    @classmethod
    def _form(cls, key: str) -> Any:
        from .forms import form
        return form(key)

    @classmethod
    def _unary(cls, op: Any, x: Any, name: str | None) -> Any:
        from .elementwise import unary_op
        return unary_op(op, x, name)

    @classmethod
    def _binary(cls, op: Any, x: Any, y: Any, name: str | None) -> Any:
        from .elementwise import binary_op
        return binary_op(op, x, y, name)

    def __getitem__(self, key: Any) -> Any:
        from .indexing import getitem
        return getitem(self, key)

    def __bool__(self) -> NoReturn:
        raise TypeError("RaggedTensor may not be used as a boolean.")

    def __hash__(self) -> int:
        # A key in a session's feeds; elsewhere `==` compares values, which makes no keys.
        if isinstance(self.row_splits, SymbolicTensor) and not getattr(self.row_splits.graph, "building_function", True):
            return id(self)
        raise TypeError("RaggedTensor is unhashable.")

    def __repr__(self) -> str:
        if not isinstance(self.flat_values, EagerTensor) or not self._is_eager():
            return f"tf.RaggedTensor(values={self._values}, row_splits={self.row_splits})"
        with np.printoptions(formatter={"all": _text}):
            return f"<tf.RaggedTensor {_text(self.numpy())}>"


def _text(x: Any) -> str:
    """An element of an array of rows as it is printed; rows are arrays themselves."""
    if isinstance(x, np.ndarray):
        return np.array2string(x, separator=", ") if x.size else repr(x.tolist())
    return str(x)


def _longest(partition: RowPartition) -> Any:
    """The length of the longest row, 0 without rows."""
    from ..arithmetic import maximum
    if partition.uniform_row_length() is not None:
        return partition.uniform_row_length()
    lengths = partition.row_lengths()
    known = constant_value(lengths)
    if known is not None:
        return convert_to_tensor(known.max() if known.size else 0, lengths.dtype)
    return maximum(reduce_max(lengths), 0)
