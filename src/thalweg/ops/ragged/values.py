"""What stands for ragged tensors: NumPy forms, constants, placeholders, and the conversion of all these."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.nest import CompositeTensor
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from ...core.variable import Variable
from .partition import RowPartition


class RaggedTensorValue:
    """A ragged tensor in NumPy arrays, as sessions return it.

    Args:
      values: an array, or another such value.
      row_splits: an array of int32 or int64.

    Raises:
      TypeError: splits or values of another type.
      ValueError: splits of another rank or dtype, or values whose splits differ in dtype.
    """

    def __init__(self, values: Any, row_splits: Any) -> None:
        if not (isinstance(row_splits, (np.ndarray, np.generic)) and row_splits.dtype in (np.int64, np.int32)
                and row_splits.ndim == 1):
            raise TypeError("row_splits must be a 1D int32 or int64 numpy array")
        if not isinstance(values, (np.ndarray, np.generic, RaggedTensorValue)):
            raise TypeError("values must be a numpy array or a RaggedTensorValue")
        if isinstance(values, RaggedTensorValue) and row_splits.dtype != values.row_splits.dtype:
            raise ValueError("row_splits and values.row_splits must have the same dtype")
        self._values = values
        self._row_splits = row_splits

    row_splits = property(lambda self: self._row_splits, doc="Where rows begin and end.")
    values = property(lambda self: self._values, doc="What the rows are cut from.")
    dtype = property(lambda self: self._values.dtype, doc="The NumPy dtype of the values.")

    @property
    def flat_values(self) -> Any:
        """The innermost values, an array."""
        values = self._values
        while isinstance(values, RaggedTensorValue):
            values = values._values
        return values

    @property
    def nested_row_splits(self) -> tuple[Any, ...]:
        """The splits of all ragged dimensions, the outermost first."""
        inner = self._values.nested_row_splits if isinstance(self._values, RaggedTensorValue) else ()
        return (self._row_splits, *inner)

    @property
    def ragged_rank(self) -> int:
        """How often the values are cut into rows."""
        return len(self.nested_row_splits)

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The shape, with None for ragged dimensions."""
        rows: Any = self._row_splits.shape
        inner: Any = self._values.shape
        return (rows[0] - 1, None, *inner[1:])

    @property
    def _nested_row_partitions(self) -> list[RowPartition]:
        return [RowPartition.from_row_splits(s, validate=False) for s in self.nested_row_splits]

    def to_list(self) -> list[Any]:
        """The rows as nested lists."""
        values = self._values.to_list() if isinstance(self._values, RaggedTensorValue) else self._values.tolist()
        splits: Any = self._row_splits
        return [values[a:b] for a, b in zip(splits[:-1], splits[1:], strict=True)]

    def __str__(self) -> str:
        return f"<tf.RaggedTensorValue {self.to_list()}>"

    def __repr__(self) -> str:
        return f"tf.RaggedTensorValue(values={self._values!r}, row_splits={self._row_splits!r})"


def is_ragged(value: Any) -> bool:
    """Whether a value is a ragged tensor or its NumPy form."""
    from .tensor import RaggedTensor
    return isinstance(value, (RaggedTensor, RaggedTensorValue))


def as_ragged_or_tensor(value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None) -> Any:
    """A value as it is if it is ragged, else as a tensor.

    Raises:
      ValueError: a ragged tensor of another dtype than `dtype`.
    """
    from .tensor import RaggedTensor
    if isinstance(value, RaggedTensorValue):
        flat = convert_to_tensor(value.flat_values, dtype)
        return RaggedTensor.from_nested_row_splits(flat, list(value.nested_row_splits), validate=False)
    if isinstance(value, RaggedTensor):
        if dtype is not None and not dtypes.as_dtype(dtype).is_compatible_with(value.dtype):
            raise ValueError(f"Tensor conversion requested dtype {dtypes.as_dtype(dtype).name} for RaggedTensor with "
                             f"dtype {value.dtype.name}: {value}.")
        return value
    if isinstance(value, CompositeTensor) and dtype is None and hasattr(value, "shape"):
        return value  # another composite as the innermost values
    if isinstance(value, Variable):
        return convert_to_tensor(value.value() if hasattr(value, "value") else value, dtype)
    return convert_to_tensor(value, dtype, dtype_hint, name)


def constant(pylist: Any, dtype: Any = None, ragged_rank: int | None = None, inner_shape: Any = None,
             name: str | None = None, row_splits_dtype: Any = dtypes.int64) -> Any:
    """A constant ragged tensor of nested lists.

    Args:
      pylist: nested lists, tuples or arrays, with scalars all at one depth.
      dtype: of the values.
      ragged_rank: how many dimensions are ragged: as many as possible unless given.
      inner_shape: the shape of the values at the innermost ragged dimension.
      row_splits_dtype: int32 or int64.

    Returns:
      A ragged tensor, or a tensor where no dimension is ragged.

    Raises:
      ValueError: scalars at different depths, or arguments that do not fit.
    """
    from .tensor import RaggedTensor
    wanted = dtypes.as_dtype(row_splits_dtype)

    def ragged(values: Any, splits: Any) -> Any:
        return RaggedTensor.from_row_splits(values, convert_to_tensor(splits, wanted), validate=False)

    def inner(values: Any, kind: Any, shape: Any) -> Any:
        from ..creation import constant as dense
        return dense(values, kind, shape, name="values") if shape is not None and _counts(shape) \
            else convert_to_tensor(values, kind, name="values")
    with name_scope(name or "RaggedConstant"):
        return _build(ragged, inner, pylist, dtype, ragged_rank, inner_shape)


def _counts(shape: Any) -> bool:
    return all(isinstance(d, (int, np.integer)) for d in shape)


def constant_value(pylist: Any, dtype: Any = None, ragged_rank: int | None = None, inner_shape: Any = None,
                   row_splits_dtype: Any = "int64") -> Any:
    """As `constant`, in NumPy arrays: a `RaggedTensorValue`, or an array.

    Raises:
      ValueError: as `constant`.
    """
    wanted = dtypes.as_dtype(row_splits_dtype).np
    kind = dtypes.as_dtype(dtype).np if isinstance(dtype, dtypes.DType) else dtype

    def ragged(values: Any, splits: Any) -> Any:
        return RaggedTensorValue(values, np.array(splits, wanted))

    def inner(values: Any, kind: Any, shape: Any) -> Any:
        return np.reshape(np.array(values, dtype=kind), shape) if shape is not None and len(shape) \
            else np.array(values, dtype=kind)
    return _build(ragged, inner, pylist, kind, ragged_rank, inner_shape)


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _build(ragged: Callable[[Any, Any], Any], inner: Callable[[Any, Any, Any], Any], pylist: Any, dtype: Any,
           ragged_rank: int | None, inner_shape: Any) -> Any:
    if isinstance(pylist, Tensor) or is_ragged(pylist):
        raise TypeError("pylist may not be a RaggedTensor or RaggedTensorValue." if is_ragged(pylist) else
                        "pylist may not be a Tensor.")
    if ragged_rank is not None and not isinstance(ragged_rank, int):
        raise TypeError("ragged_rank must be an int")
    if not _is_list(pylist):
        if ragged_rank is not None and ragged_rank:
            raise ValueError(f"Invalid pylist={pylist!r}: incompatible with ragged_rank={ragged_rank}")
        if inner_shape is not None and len(inner_shape):
            raise ValueError(f"Invalid pylist={pylist!r}: incompatible with dim(inner_shape)={len(inner_shape)}")
        return inner(pylist, dtype, ())
    scalars, deepest = _depths(pylist)
    if scalars is not None and deepest > scalars:
        raise ValueError(f"Invalid pylist={pylist!r}: empty list nesting is greater than scalar value nesting")
    if inner_shape is not None and ragged_rank is not None:
        expected = ragged_rank + 1 + len(inner_shape)
        if (scalars is not None and expected != scalars) or (scalars is None and expected < deepest):
            raise ValueError(f"Invalid pylist={pylist!r}: incompatible with ragged_rank={ragged_rank} and "
                             f"dim(inner_shape)={len(inner_shape)}")
    rank: int = 0
    if ragged_rank is not None:
        rank = ragged_rank
    elif inner_shape is None:
        rank = max(1, deepest - 1)
    else:
        rank = max(1, (scalars if scalars is not None else deepest) - 1 - len(inner_shape))
        if scalars is None:
            rank = max(0, deepest - 1 - len(inner_shape))
    if inner_shape is None:
        inner_shape = _inner_shape(pylist, rank) if rank + 1 < (scalars or deepest) else ()
    if rank == 0 or (ragged_rank is None and inner_shape == () and deepest == 1 and scalars in (None, 1)):
        rows = len(pylist)
        return inner(pylist, dtype, (rows, *inner_shape) if inner_shape or rank == 0 else None)
    nested: list[list[int]] = []
    flat: list[Any] = list(pylist)
    for depth in range(rank):
        splits = [0]
        following: list[Any] = []
        for row in flat:
            if not _is_list(row):
                raise ValueError(f"Invalid pylist={pylist!r}: incompatible with ragged_rank={rank} at depth {depth}")
            following.extend(row)
            splits.append(len(following))
        nested.append(splits)
        flat = following
    if inner_shape:
        flat = [x.tolist() if isinstance(x, np.ndarray) else x for x in flat]
    values = inner(flat, dtype, (len(flat), *inner_shape) if inner_shape else None)
    for splits in reversed(nested):
        values = ragged(values, splits)
    return values


def _depths(item: Any) -> tuple[int | None, int]:
    """The depth of scalars (None where there are none), and the depth of the deepest list.

    Raises:
      ValueError: scalars at different depths.
    """
    if not _is_list(item) and not isinstance(item, np.ndarray):
        return 0, 0
    if isinstance(item, np.ndarray) and item.dtype != object:
        return (item.ndim, item.ndim) if item.size else (None, item.ndim)
    scalar: int | None = None
    deepest = 1
    for child in item:
        depth, below = _depths(child)
        if depth is not None:
            if scalar is not None and scalar != depth + 1:
                raise ValueError("all scalar values must have the same nesting depth")
            scalar = depth + 1
        deepest = max(deepest, below + 1)
    return scalar, deepest


def _inner_shape(item: Any, ragged_rank: int) -> tuple[int, ...]:
    """The shape of what lies below the ragged dimensions, taken from its first element.

    Raises:
      ValueError: elements of different shapes.
    """
    rows = list(item)
    for _ in range(ragged_rank):
        rows = [x for row in rows for x in row]
    shape: list[int] = []
    while rows and _is_list(rows[0]):
        lengths = {len(row) if _is_list(row) else -1 for row in rows}
        if len(lengths) != 1:
            raise ValueError(f"inner values have inconsistent shape: lengths {sorted(lengths)}")
        shape.append(lengths.pop())
        rows = [x for row in rows for x in row]
    return tuple(shape)


def placeholder(dtype: Any, ragged_rank: int, value_shape: Any = None, name: str | None = None) -> Any:
    """A ragged tensor that a session is fed with.

    Args:
      dtype: of the values.
      ragged_rank: how many dimensions are ragged.
      value_shape: the shape of the values behind the ragged dimensions.

    Raises:
      RuntimeError: outside a graph.
    """
    from ...core.opdef import get_op
    from ...core.shape import TensorShape, as_shape
    from .tensor import RaggedTensor
    if ragged_rank == 0 or ctx.graph is None:
        if ctx.graph is None:
            raise RuntimeError("tf.placeholder() is not compatible with eager execution.")
        return _place(get_op("Placeholder"), dtype, as_shape(value_shape), name)
    with name_scope(name or "RaggedPlaceholder"):
        shape = as_shape(value_shape)
        result = _place(get_op("Placeholder"), dtype, TensorShape([None]).concatenate(shape), "flat_values")
        for i in reversed(range(ragged_rank)):
            splits = _place(get_op("Placeholder"), dtypes.int64, TensorShape([None]), f"row_splits_{i}")
            result = RaggedTensor.from_row_splits(result, splits, validate=False)
    return result


def _place(op: Any, dtype: Any, shape: Any, name: str | None) -> Any:
    from ...core.dispatch import apply
    return apply(op, (), {"dtype": dtypes.as_dtype(dtype), "shape": shape}, name)
