"""Shapes of ragged tensors as values of a program."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.nest import CompositeTensor
from ...core.shape import TensorShape
from ...core.tensor import Tensor
from ...core.tensor_spec import TensorSpec
from ...core.type_spec import TypeSpec
from .. import arrays as dense
from .. import creation
from ..casting import cast
from ..common import constant_value
from ..reductions import reduce_prod
from .factories import Factories
from .partition import RowPartition
from .spec import RowPartitionSpec
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor


class DynamicRaggedShape(CompositeTensor):
    """The shape of a ragged tensor or tensor: how its values are cut, and the shape of these.

    Args:
      row_partitions: the partitions, the outermost first.
      inner_shape: the shape of the innermost values, a vector.
      dtype: int32 or int64, of everything in it.
      validate: check that both fit.
      static_inner_shape: what is known of `inner_shape`.

    Raises:
      TypeError: something that is no partition.
      ValueError: an inner shape of the wrong rank or dtype.
    """

    Spec: ClassVar[Any]

    def __init__(self, row_partitions: Sequence[RowPartition], inner_shape: Any, dtype: Any = None, validate: bool = False,
                 static_inner_shape: Any = None) -> None:
        if not isinstance(row_partitions, (list, tuple)):
            raise TypeError("row_partitions should be a list of row partitions. Instead, got " + str(row_partitions))
        for partition in row_partitions:
            if not isinstance(partition, RowPartition):
                raise TypeError("row_partitions contains " + str(partition) + " which is not a RowPartition")
        if dtype is None:
            found = {p.dtype for p in row_partitions}
            if isinstance(inner_shape, (Tensor, np.ndarray)):
                found.add(dtypes.as_dtype(inner_shape.dtype))
            dtype = found.pop() if len(found) == 1 else dtypes.int64
        dtype = dtypes.as_dtype(dtype)
        inner = inner_shape if isinstance(inner_shape, Tensor) else convert_to_tensor(
            inner_shape.as_list() if isinstance(inner_shape, TensorShape) else inner_shape, dtype)
        inner = cast(inner, dtype)
        if inner.dtype not in (dtypes.int32, dtypes.int64):
            raise ValueError("inner_shape must have dtype int32 or int64")
        inner.shape.assert_has_rank(1)
        self._row_partitions = tuple([p.with_dtype(dtype) for p in row_partitions])
        if self._row_partitions and inner.shape[0] == 0:
            raise ValueError("If row_partitions are provided, must have inner_rank > 0")
        known = constant_value(inner)
        static = TensorShape(None if inner.shape[0] is None else [None] * inner.shape[0]) if known is None else \
            TensorShape([int(d) for d in known])
        if static_inner_shape is not None:
            static = static.merge_with(static_inner_shape)
        if self._row_partitions and static.rank:
            last = self._row_partitions[-1].static_nvals
            static = static.merge_with(TensorShape([last]).concatenate(TensorShape([None] * (static.rank - 1))))
        self._inner_shape = inner
        self._static_inner_shape = static
        self._dtype = dtype

    # Construction.

    @classmethod
    def from_lengths(cls, lengths: Sequence[Any], num_row_partitions: int | None = None, dtype: Any = dtypes.int64) -> Any:
        """The shape with the given sizes: an int for a uniform dimension, lengths of all rows for a ragged one.

        Args:
          lengths: sizes from the outermost dimension on, `[2, (3, 1), 5]`.
          num_row_partitions: how many dimensions behind the first are partitions.

        Raises:
          ValueError: the first size is no int, or lengths do not fit.
        """
        if not isinstance(lengths, (list, tuple)):
            raise ValueError("lengths should be a list")
        for item in lengths:
            if not (isinstance(item, int) or (isinstance(item, (list, tuple)) and all(isinstance(x, int) for x in item))):
                raise ValueError(f"element of lengths should be int or tuple of ints: instead {item!r}")
        ragged = [i for i, item in enumerate(lengths) if not isinstance(item, int)]
        if num_row_partitions is None:
            num_row_partitions = max(ragged) if ragged else 0
        elif not isinstance(num_row_partitions, int):
            raise ValueError("num_row_partitions should be an int or None")
        if not lengths:
            if num_row_partitions > 0:
                raise ValueError("num_row_partitions==0 for a scalar shape")
            return cls([], [], dtype)
        if not isinstance(lengths[0], int):
            raise ValueError("First element of lengths must be int")
        if not 0 <= num_row_partitions < len(lengths):
            raise ValueError("num_row_partitions should be less than `len(lengths)` if shape is not scalar.")
        if ragged and max(ragged) > num_row_partitions:
            raise ValueError("num_row_partitions must be large enough for the ragged dimensions")
        count = lengths[0]
        partitions = []
        for item in lengths[1:num_row_partitions + 1]:
            if isinstance(item, int):
                partitions.append(RowPartition.from_uniform_row_length(item, nvals=count * item, nrows=count,
                                                                       dtype=dtypes.as_dtype(dtype)))
                count *= item
            else:
                if len(item) != count:
                    raise ValueError(f"{item} should have {count} elements, one for each row")
                partitions.append(RowPartition.from_row_lengths(list(item), dtype=dtypes.as_dtype(dtype)))
                count = sum(item)
        return cls(partitions, [count, *lengths[num_row_partitions + 1:]], dtype)

    @classmethod
    def from_row_partitions(cls, row_partitions: Sequence[RowPartition], dtype: Any = None) -> Any:
        """The shape of a vector of values cut by these partitions.

        Raises:
          ValueError: no partitions.
        """
        if not row_partitions:
            raise ValueError("row_partitions cannot be empty")
        return cls(row_partitions, row_partitions[-1].nvals()[None], dtype)

    @classmethod
    def _from_inner_shape(cls, inner_shape: Any, dtype: Any = None) -> Any:
        return cls([], inner_shape, dtype)

    @classmethod
    def from_tensor(cls, t: Any, dtype: Any = None) -> Any:
        """The shape of a tensor or ragged tensor."""
        t = as_ragged_or_tensor(t)
        if isinstance(t, RaggedTensor):
            wanted = t._row_partition.dtype if dtype is None else dtypes.as_dtype(dtype)
            return cls(t._nested_row_partitions, creation.shape(t.flat_values, wanted), dtype,
                       static_inner_shape=t.flat_values.shape)
        return cls([], creation.shape(t, dtypes.int64 if dtype is None else dtype), dtype, static_inner_shape=t.shape)

    # What it says.

    row_partitions = property(lambda self: self._row_partitions, doc="The partitions, the outermost first.")
    num_row_partitions = property(lambda self: len(self._row_partitions), doc="The number of partitions.")
    dtype = property(lambda self: self._dtype, doc="int32 or int64.")
    inner_shape = property(lambda self: self._inner_shape, doc="The shape of the innermost values, a vector.")
    static_inner_shape = property(lambda self: self._static_inner_shape, doc="What is known of `inner_shape`.")

    @property
    def inner_rank(self) -> int | None:
        """The rank of the innermost values."""
        return self._static_inner_shape.rank

    @property
    def rank(self) -> int | None:
        """The number of dimensions, or None."""
        inner = self.inner_rank
        return None if inner is None else inner + len(self._row_partitions)

    def static_lengths(self, ragged_lengths: bool = True) -> list[Any]:
        """What is known of each dimension: an int, the lengths of its rows, or None; `...` where the rank is not known."""
        outer: list[Any] = []
        if self._row_partitions:
            outer.append(self._row_partitions[0].static_nrows)
            for p in self._row_partitions:
                lengths = constant_value(p.row_lengths()) if ragged_lengths and not p.is_uniform() and \
                    constant_value(p.row_splits()) is not None else None
                outer.append(p.static_uniform_row_length if p.is_uniform() else
                             tuple(lengths.tolist()) if lengths is not None else None)
        if self._static_inner_shape.rank is None:
            return [*outer, ...]
        dims = self._static_inner_shape.as_list()
        return [*outer, *(dims[1:] if outer else dims)]

    def is_uniform(self, axis: int) -> bool:
        """Whether a dimension has one size.

        Raises:
          TypeError, IndexError: no int, or out of bounds.
        """
        if not isinstance(axis, int):
            raise TypeError("axis must be an integer")
        rank = self.rank
        if axis < 0:
            raise IndexError("Negative axis values are not supported")
        if rank is not None and axis >= rank:
            raise IndexError(f"Expected axis={axis} < rank={rank}")
        return axis == 0 or axis > len(self._row_partitions) or self._row_partitions[axis - 1].is_uniform()

    def _num_elements(self) -> Any:
        return reduce_prod(self._inner_shape)

    def _num_slices_in_dimension(self, axis: int) -> Any:
        if axis < 0 and self.rank is not None:
            axis += self.rank
        if axis == 0:
            return self._dimension(0)
        if axis <= len(self._row_partitions):
            return self._row_partitions[axis - 1].nvals()
        return reduce_prod(self._inner_shape[:axis - len(self._row_partitions) + 1])

    def _dimension(self, index: int) -> Any:
        rank = self.rank
        if index == 0:
            if self._row_partitions:
                return self._row_partitions[0].nrows()
            if self.inner_rank == 0:
                raise IndexError("Index out of bounds: 0 (rank=0)")
            return self._inner_shape[0]
        if index <= len(self._row_partitions):
            length = self._row_partitions[index - 1].uniform_row_length()
            if length is None:
                raise ValueError("Index " + str(index) + " is not uniform")
            return length
        if rank is not None and index >= rank:
            raise IndexError("Index is too big: " + str(index) + ">=" + str(rank))
        return self._inner_shape[index - len(self._row_partitions)]

    def __getitem__(self, index: Any) -> Any:
        """A uniform dimension, or a shape of some dimensions.

        Raises:
          IndexError: out of bounds, or a step.
          ValueError: a ragged dimension, or a slice that has one without all before it.
          TypeError: an index of another type.
        """
        rank: Any = self.rank
        if isinstance(index, int):
            if index < 0:
                if rank is None:
                    raise ValueError("Rank must be known to use __getitem__ with a negative index.")
                index += rank
            return self._dimension(index)
        if not isinstance(index, slice):
            raise TypeError("Argument is not an int or a slice")
        if index.step not in (None, 1):
            raise IndexError("Cannot stride through a shape")
        start = 0 if index.start is None else index.start
        if (start < 0 or (index.stop is not None and index.stop < 0)) and rank is None:
            raise ValueError("Rank must be known to use __getitem__ with a negative index.")
        start = max(start + (rank or 0), 0) if start < 0 else start
        stop: Any = rank if index.stop is None else index.stop + (rank or 0) if index.stop < 0 else index.stop
        if rank is not None:
            start, stop = min(start, rank), min(stop, rank)
        return self._sliced(start, stop)

    def _sliced(self, start: int, stop: int | None) -> Any:
        count = len(self._row_partitions)
        if stop is not None and stop <= start:
            return DynamicRaggedShape([], creation.zeros([0], self._dtype), self._dtype)
        if start == 0:
            if stop is not None and stop <= count:
                if stop == 1:
                    return DynamicRaggedShape([], self._row_partitions[0].nrows()[None], self._dtype)
                kept = self._row_partitions[:stop - 1]
                return DynamicRaggedShape(kept, kept[-1].nvals()[None], self._dtype)
            end = None if stop is None else stop - count
            return DynamicRaggedShape(self._row_partitions, self._inner_shape[:end], self._dtype)
        if stop is None:
            raise ValueError("Rank must be known to slice a shape without an end")
        dims = [self._dimension(i) for i in range(start, stop)]
        return DynamicRaggedShape([], dense.stack([cast(d, self._dtype) for d in dims]), self._dtype)

    def with_dtype(self, dtype: Any) -> Any:
        """The same shape in another dtype."""
        return self if dtypes.as_dtype(dtype) == self._dtype else \
            DynamicRaggedShape(self._row_partitions, cast(self._inner_shape, dtype), dtype,
                               static_inner_shape=self._static_inner_shape)

    def _with_num_row_partitions(self, count: int) -> Any:
        """The same shape with so many partitions.

        Raises:
          ValueError: that is not possible.
        """
        rank, have = self.rank, len(self._row_partitions)
        if rank is None or not 0 <= count < max(rank, 1):
            raise ValueError(f"num_row_partitions must be in [0, rank): {count}, rank {rank}")
        if count == have:
            return self
        if count > have:
            partitions, inner = list(self._row_partitions), self._inner_shape
            rows = inner[0]
            for i in range(count - have):
                size = inner[i + 1]
                partitions.append(RowPartition.from_uniform_row_length(size, nvals=rows * size, nrows=rows, validate=False,
                                                                       dtype=self._dtype))
                rows = rows * size
            return DynamicRaggedShape(partitions, dense.concat([rows[None], inner[count - have + 1:]], 0), self._dtype)
        dims = [self._dimension(i) for i in range(count + 1, have + 1)]
        first = self._row_partitions[count].nrows()
        inner = dense.concat([dense.stack([first, *dims]), self._inner_shape[1:]], 0)
        return DynamicRaggedShape(self._row_partitions[:count], inner, self._dtype)

    def _to_tensor_shape(self) -> TensorShape:
        found = self.static_lengths(ragged_lengths=False)
        return TensorShape(None) if ... in found else TensorShape(found)

    def _add_row_partitions(self, flat_values: Any, validate: bool = False) -> Any:
        """A tensor of this shape of its innermost values."""
        return Factories._from_nested_row_partitions(flat_values, self._row_partitions, validate=validate) \
            if self._row_partitions else flat_values

    @property
    def _type_spec(self) -> Any:
        return DynamicRaggedShapeSpec([RowPartitionSpec.from_value(p) for p in self._row_partitions],
                                      self._static_inner_shape, self._dtype)

    @classmethod
    def _form(cls, key: str) -> Any:
        from .forms import form
        return form(key)

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("'DynamicRaggedShape' object is not iterable")

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        text = ", ".join("..." if x is ... else _shown(x) for x in self.static_lengths())
        return f"<DynamicRaggedShape lengths=[{text}] num_row_partitions={self.num_row_partitions}>"


def _shown(x: Any) -> str:
    if isinstance(x, tuple) and len(x) > 10:
        return "(" + ", ".join(map(str, x[:10])) + ", ...)"
    return str(x)


class DynamicRaggedShapeSpec(TypeSpec):
    """What is known of a shape: the specs of its partitions, and its inner shape."""

    __slots__ = ("_dtype", "_row_partitions", "_static_inner_shape")

    def __init__(self, row_partitions: Sequence[Any], static_inner_shape: Any, dtype: Any) -> None:
        self._row_partitions = tuple(row_partitions)
        self._static_inner_shape = TensorShape(static_inner_shape)
        self._dtype = dtypes.as_dtype(dtype)

    @property
    def value_type(self) -> Any:
        return DynamicRaggedShape

    dtype = property(lambda self: self._dtype, doc="int32 or int64.")
    inner_rank = property(lambda self: self._static_inner_shape.rank, doc="The rank of the innermost values.")
    num_row_partitions = property(lambda self: len(self._row_partitions), doc="The number of partitions.")

    @property
    def rank(self) -> int | None:
        """The number of dimensions, or None."""
        inner = self._static_inner_shape.rank
        return None if inner is None else inner + len(self._row_partitions)

    def _serialize(self) -> tuple[Any, ...]:
        return self._row_partitions, self._static_inner_shape, self._dtype

    @property
    def _component_specs(self) -> Any:
        return [*self._row_partitions, TensorSpec([self._static_inner_shape.rank], self._dtype)]

    def _to_components(self, value: Any) -> Any:
        return [*value.row_partitions, value.inner_shape]

    def _from_components(self, components: Any) -> Any:
        if not isinstance(components[-1], Tensor):
            result = object.__new__(DynamicRaggedShape)
            result._row_partitions, result._inner_shape = tuple(components[:-1]), components[-1]
            result._static_inner_shape, result._dtype = self._static_inner_shape, self._dtype
            return result
        return DynamicRaggedShape(components[:-1], components[-1], self._dtype,
                                  static_inner_shape=self._static_inner_shape)

    def __repr__(self) -> str:
        return (f"DynamicRaggedShape.Spec(row_partitions={self._row_partitions!r}, "
                f"static_inner_shape={self._static_inner_shape!r}, dtype={self._dtype!r})")


DynamicRaggedShape.Spec = DynamicRaggedShapeSpec
