"""Sets: the distinct values in the rows of tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dispatch import apply
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape, unknown_shape
from ..layout import bad
from .rows import check_parts, check_rows, list_text, numbered
from .tensor import SparseTensor, convert_to_tensor_or_sparse_tensor

_TYPES = "int8, int16, int32, int64, uint8, uint16, string"
_ALLOWED = frozenset(dtypes.as_dtype(t) for t in _TYPES.split(", "))
INT64 = dtypes.int64


def _grouped(values: Any) -> tuple[Any, Any, tuple[int, ...]]:
    """The rows of a dense tensor as groups: the group's indices and the value of each element, and the groups' shape."""
    if values.ndim < 2:
        raise bad(f"Shape {list_text(values.shape)} has rank {values.ndim} < 2")
    shape = values.shape[:-1]
    groups = np.indices(values.shape).reshape(values.ndim, -1).T[:, :-1]
    return groups, values.reshape(-1), shape


def _sparse_grouped(indices: Any, values: Any, shape: Any, validate: bool) -> tuple[Any, Any, tuple[int, ...]]:
    check_parts(indices, values, shape)
    if len(shape) < 2:
        raise bad(f"Invalid rank {len(shape)}.")
    if validate:
        check_rows(indices, shape)
    return indices[:, :-1], values, tuple(int(d) for d in shape[:-1])


def _numbers(a: Any, b: Any) -> tuple[Any, Any, Any]:
    """The values as numbers in their order, and the distinct values."""
    distinct, numbers = np.unique(np.concatenate((a, b)), return_inverse=True)
    return numbers[:len(a)], numbers[len(a):], distinct


def _operate(first: Any, second: Any, operation: str) -> tuple[Any, Any, Any]:
    """The set operation, group by group, all groups at once: an element is a row of its group's indices and its number."""
    (a_groups, a_values, a_shape), (b_groups, b_values, b_shape) = first, second
    if a_shape != b_shape:
        raise bad(f"Mismatched shapes {list_text(a_shape)} vs {list_text(b_shape)}")
    a_numbers, b_numbers, values = _numbers(a_values, b_values)
    (a_ids, b_ids), distinct = numbered(np.column_stack((a_groups, a_numbers)).astype(np.int64),
                                        np.column_stack((b_groups, b_numbers)).astype(np.int64))
    in_a, in_b = np.zeros(len(distinct), bool), np.zeros(len(distinct), bool)
    in_a[a_ids], in_b[b_ids] = True, True
    kept = {"union": in_a | in_b, "intersection": in_a & in_b, "a-b": in_a & ~in_b, "b-a": in_b & ~in_a}[operation]
    rows = distinct[kept]
    groups, out = rows[:, :-1], values[rows[:, -1]]
    (ids,), named = numbered(groups)
    counts = np.bincount(ids, minlength=len(named))
    places = np.arange(len(ids)) - np.repeat(np.cumsum(counts) - counts, counts)
    width = int(counts.max()) if len(counts) else 0
    return np.column_stack((groups, places)).astype(np.int64), out, np.array([*a_shape, width], np.int64)


def _result_shapes(values: int, rank: Any) -> Any:
    def infer(op: Any) -> Any:
        found = rank(op)
        return [(TensorShape([None, found]), INT64), (unknown_shape(1), op.inputs[values].dtype), (TensorShape([found]), INT64)]
    return infer


def _length(shape: TensorShape) -> int | None:
    return shape[0] if shape.rank == 1 else None


_ATTRS = f"set_operation: string; validate_indices: bool = true; T: {{{_TYPES}}}"
_OUT = "result_indices: int64, result_values: T, result_shape: int64"


def _checked(operation: str) -> str:
    if operation not in ("a-b", "b-a", "intersection", "union"):
        raise bad(f"Invalid set_operation {operation}.")
    return operation


@op("DenseToDenseSetOperation", f"set1: T, set2: T -> {_OUT}", attrs=_ATTRS, dynamic=True,
    infer=_result_shapes(0, lambda op: op.inputs[0].shape.rank if op.inputs[0].shape.rank is not None
                         else op.inputs[1].shape.rank))
def dense_to_dense(xp: Any, a: Any, b: Any, set_operation: str = "", validate_indices: bool = True) -> Any:
    return _operate(_grouped(a), _grouped(b), _checked(set_operation))


@op("DenseToSparseSetOperation", f"set1: T, set2_indices: int64, set2_values: T, set2_shape: int64 -> {_OUT}",
    attrs=_ATTRS, dynamic=True, infer=_result_shapes(0, lambda op: op.inputs[0].shape.rank))
def dense_to_sparse(xp: Any, a: Any, indices: Any, values: Any, shape: Any, set_operation: str = "",
                    validate_indices: bool = True) -> Any:
    return _operate(_grouped(a), _sparse_grouped(indices, values, shape, validate_indices), _checked(set_operation))


@op("SparseToSparseSetOperation", "set1_indices: int64, set1_values: T, set1_shape: int64, set2_indices: int64, "
    f"set2_values: T, set2_shape: int64 -> {_OUT}", attrs=_ATTRS, dynamic=True,
    infer=_result_shapes(1, lambda op: _length(op.inputs[2].shape)))
def sparse_to_sparse(xp: Any, a_indices: Any, a_values: Any, a_shape: Any, b_indices: Any, b_values: Any, b_shape: Any,
                     set_operation: str = "", validate_indices: bool = True) -> Any:
    return _operate(_sparse_grouped(a_indices, a_values, a_shape, validate_indices),
                    _sparse_grouped(b_indices, b_values, b_shape, validate_indices), _checked(set_operation))


def _sizes_shape(op: Any) -> TensorShape:
    from ..creation import known_shape
    return unknown_shape() if op.inputs[2].value is None else known_shape(op.inputs[2])[:-1]


@op("SetSize", "set_indices: int64, set_values: T, set_shape: int64 -> size: int32",
    attrs=f"validate_indices: bool = true; T: {{{_TYPES}}}", dynamic=True, infer=_sizes_shape)
def set_size_(xp: Any, indices: Any, values: Any, shape: Any, validate_indices: bool = True) -> Any:
    groups, values, sizes = _sparse_grouped(indices, values, shape, validate_indices)
    _, numbers = np.unique(values, return_inverse=True)
    (_,), distinct = numbered(np.column_stack((groups, numbers)).astype(np.int64))
    out = np.zeros(sizes, np.int32)
    np.add.at(out, tuple(distinct[:, :-1].T), 1)
    return out


for _entry in (dense_to_dense, dense_to_sparse, sparse_to_sparse, set_size_):
    _entry.not_differentiable()


# The public functions.


def size(a: Any, validate_indices: bool = True) -> Any:
    """How many distinct values each row has along the last dimension of a sparse tensor.

    Returns:
      An int32 tensor of shape `a.shape[:-1]`.

    Raises:
      TypeError: `a` is no sparse tensor, or its elements are neither integers nor strings.
      InvalidArgumentError: a rank below 2, or indices out of order.
    """
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if not isinstance(a, SparseTensor):
        raise TypeError(f"Expected `SparseTensor`, got {a!s}.")
    _check_dtype(a, "a")
    return apply(set_size_, (a.indices, a.values, a.dense_shape), {"validate_indices": validate_indices})


def _check_dtype(x: Any, name: str) -> None:
    if x.dtype.base_dtype not in _ALLOWED:
        raise TypeError(f"'{name}' has invalid dtype `{x.dtype}` not in supported dtypes: `{_ALLOWED}`.")


def _parts(x: Any) -> tuple[Any, ...]:
    return (x.indices, x.values, x.dense_shape) if isinstance(x, SparseTensor) else (x,)


def _set_operation(a: Any, b: Any, operation: str, validate_indices: bool) -> SparseTensor:
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    _check_dtype(a, "a")
    b = convert_to_tensor_or_sparse_tensor(b, name="b")
    if b.dtype.base_dtype != a.dtype.base_dtype:
        raise TypeError(f"Types don't match, {a.dtype} vs {b.dtype}.")
    if isinstance(a, SparseTensor) and not isinstance(b, SparseTensor):
        # There is an operation for a dense first set only; the differences change places with the sets.
        a, b = b, a
        operation = {"a-b": "b-a", "b-a": "a-b"}.get(operation, operation)
    entry: OpDef = sparse_to_sparse if isinstance(a, SparseTensor) else \
        dense_to_sparse if isinstance(b, SparseTensor) else dense_to_dense
    attrs = {"set_operation": operation, "validate_indices": validate_indices}
    return SparseTensor(*apply(entry, (*_parts(a), *_parts(b)), attrs))


def intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The values that both `a` and `b` have in each row along the last dimension, in ascending order.

    Args:
      a: a tensor or sparse tensor of integers or strings, its sparse indices in row-major order.
      b: the same, with the same shape but for the last dimension.
      validate_indices: check the order and range of sparse indices.

    Returns:
      A sparse tensor of the same rank.

    Raises:
      TypeError: dtypes that differ or are not supported.
      InvalidArgumentError: shapes that do not match, or invalid indices.
    """
    return _set_operation(a, b, "intersection", validate_indices)


def difference(a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True) -> SparseTensor:
    """The values that only `a` (or, without `aminusb`, only `b`) has in each row, see `intersection`."""
    return _set_operation(a, b, "a-b" if aminusb else "b-a", validate_indices)


def union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The values that `a` or `b` has in each row, see `intersection`."""
    return _set_operation(a, b, "union", validate_indices)

