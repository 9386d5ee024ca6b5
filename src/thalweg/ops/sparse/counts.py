"""Counting integers in sparse and ragged tensors, and counts that are sparse."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.nest import CompositeTensor
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ..common import shape_text
from ..creation import ints, known_shape
from ..layout import bad
from .tensor import SparseTensor, is_sparse

INT64 = dtypes.int64
_T = "T: {int32, int64}"
_LENGTHS = "minlength: int = -1; maxlength: int = -1; binary_output: bool = false; " \
    "output_type: {int32, int64, float, double}"
_OUT = "output_indices: int64, output_values: output_type, output_dense_shape: int64"


# Counts that are sparse.


def _counts(rows: Any, shape: list[int], values: Any, weights: Any, minlength: int, maxlength: int, binary: bool) -> Any:
    """The counts of each value in each row, as the parts of a sparse tensor; `rows` is None for a vector."""
    if len(values) and values.min() < 0:
        raise bad("Input values must all be non-negative")
    if weights.size and weights.size != values.size:
        raise bad(f"Weights and values must have the same number of elements. Weight shape: {shape_text(weights.shape)}; "
                  f"values shape: {shape_text(values.shape)}")
    most = int(values.max()) if len(values) else 0
    size = maxlength if maxlength >= 0 else most + 1 if most >= minlength else minlength
    if maxlength >= 0:
        inside = values < maxlength
        values, weights = values[inside], weights[inside] if weights.size else weights
        rows = rows if rows is None else rows[inside]
    places = values[:, None] if rows is None else np.column_stack((rows, values))
    distinct, ids = np.unique(places, axis=0, return_inverse=True) if len(places) else (places, np.zeros(0, np.int64))
    totals = np.zeros(len(distinct), weights.dtype)
    if binary:
        totals += 1
    else:
        np.add.at(totals, ids.reshape(-1), weights if weights.size else totals.dtype.type(1))
    return distinct.astype(np.int64), totals, np.array([*shape, size], np.int64)


def _count_shapes(rank: Any) -> Any:
    def infer(op: Any) -> Any:
        found = rank(op)
        dtype = op.inputs[-1].dtype
        return [(TensorShape([None, found]), INT64), (unknown_shape(1), dtype), (TensorShape([found]), INT64)]
    return infer


@op("DenseCountSparseOutput", f"values: T, weights: output_type -> {_OUT}", attrs=f"{_T}; {_LENGTHS}", dynamic=True,
    infer=_count_shapes(lambda op: op.inputs[0].shape.rank))
def dense_count(xp: Any, values: Any, weights: Any, minlength: int = -1, maxlength: int = -1,
                binary_output: bool = False) -> Any:
    if values.ndim not in (1, 2):
        raise bad(f"Input must be a 1 or 2-dimensional tensor. Got: {shape_text(values.shape)}")
    if weights.size and weights.shape != values.shape:
        raise bad(f"Weights and values must have the same shape. Weight shape: {shape_text(weights.shape)}; values shape: "
                  f"{shape_text(values.shape)}")
    if values.ndim == 2 and not len(values):
        raise bad("Invalid input: Shapes dimension cannot be 0.")
    rows = np.repeat(np.arange(len(values)), values.shape[1]) if values.ndim == 2 else None
    return _counts(rows, list(values.shape[:-1]), values.reshape(-1), weights.reshape(-1), minlength, maxlength,
                   binary_output)


@op("SparseCountSparseOutput", f"indices: int64, values: T, dense_shape: int64, weights: output_type -> {_OUT}",
    attrs=f"{_T}; {_LENGTHS}", dynamic=True,
    infer=_count_shapes(lambda op: op.inputs[2].shape[0] if op.inputs[2].shape.rank == 1 else None))
def sparse_count(xp: Any, indices: Any, values: Any, shape: Any, weights: Any, minlength: int = -1, maxlength: int = -1,
                 binary_output: bool = False) -> Any:
    if indices.ndim != 2:
        raise bad(f"Input indices must be a 2-dimensional tensor. Got: {shape_text(indices.shape)}")
    if values.ndim != 1:
        raise bad(f"Input values must be a vector. Got: {shape_text(values.shape)}")
    if len(indices) != len(values):
        raise bad(f"Number of values must match first dimension of indices.Got {len(values)} values, indices shape: "
                  f"{shape_text(indices.shape)}")
    if indices.shape[1] != len(shape):
        raise bad(f"Number of dimensions must match second dimension of indices.Got {len(shape)} dimensions, indices shape: "
                  f"{shape_text(indices.shape)}")
    if len(shape) not in (1, 2):
        raise bad(f"Input must be a 1 or 2-dimensional tensor. Got: {shape_text(shape)}")
    outside = (indices < 0) | (indices >= shape)
    if outside.any():
        row, axis = np.argwhere(outside)[0]
        raise bad(f"Invalid index value at {row}: dimension {axis} has value {indices[row, axis]} which is not in "
                  f"[0, {shape[axis]}) (as given by dense shape {shape_text(shape)})")
    if len(shape) == 2 and not shape[0]:
        raise bad("Cannot allocate 0 batches, is the dense shape too wide?")
    rows = indices[:, 0] if len(shape) == 2 else None
    return _counts(rows, [int(d) for d in shape[:-1]], values, weights, minlength, maxlength, binary_output)


@op("RaggedCountSparseOutput", f"splits: int64, values: T, weights: output_type -> {_OUT}", attrs=f"{_T}; {_LENGTHS}",
    dynamic=True, infer=_count_shapes(lambda op: 2))
def ragged_count(xp: Any, splits: Any, values: Any, weights: Any, minlength: int = -1, maxlength: int = -1,
                 binary_output: bool = False) -> Any:
    if splits.size < 2:
        raise bad("Must provide at least 2 elements for the splits argument")
    splits = splits.reshape(-1)
    if splits[0]:
        raise bad(f"Splits must start with 0, not with {splits[0]}")
    if weights.size and weights.shape != values.shape:
        raise bad(f"Weights and values must have the same shape. Weight shape: {shape_text(weights.shape)}; values shape: "
                  f"{shape_text(values.shape)}")
    if splits[-1] != values.size:
        raise bad(f"Splits must end with the number of values, got {splits[-1]} instead of {values.size}")
    rows = np.searchsorted(np.maximum.accumulate(splits[1:]), np.arange(values.size), "right")
    return _counts(rows, [len(splits) - 1], values.reshape(-1), weights.reshape(-1), minlength, maxlength, binary_output)


# Counts that are dense.


def _binned(xp: Any, rows: Any, count: int, values: Any, size: Any, weights: Any, binary: bool) -> Any:
    """A matrix of the counts of 0, 1, ... size-1 in each row; larger values are left out."""
    width = int(np.asarray(size).reshape(()))
    if width < 0:
        raise bad(f"size ({width}) must be non-negative")
    if xp is np and len(values) and values.min() < 0:
        raise bad("Input must be non-negative")
    inside = values < width
    if xp is not np:
        places = xp.where(inside, values, width)
        at = xp.zeros((count, width), weights.dtype).at[rows, places]
        return at.set(1, mode="drop") if binary else at.add(weights if weights.size else 1, mode="drop")
    out = np.zeros((count, width), weights.dtype)
    key = rows[inside], values[inside]
    if binary:
        out[key] = 1
    else:
        np.add.at(out, key, weights[inside] if weights.size else out.dtype.type(1))
    return out


_BINS = "Tidx: {int32, int64}; T: {int32, int64, float, double}; binary_output: bool = false"


def _size(x: Any) -> int | None:
    return None if x.value is None else int(np.asarray(x.value).reshape(()))


def _sparse_bins_shape(op: Any) -> TensorShape:
    shape = known_shape(op.inputs[2])
    return unknown_shape() if op.inputs[2].value is None else TensorShape([*shape.as_list()[:-1], _size(op.inputs[3])])


@op("SparseBincount", "indices: int64, values: Tidx, dense_shape: int64 static, size: Tidx static, weights: T -> output: T",
    attrs=_BINS, infer=_sparse_bins_shape)
def sparse_bincount_(xp: Any, indices: Any, values: Any, shape: Any, size: Any, weights: Any,
                     binary_output: bool = False) -> Any:
    sizes = ints(shape)
    if len(sizes) not in (1, 2):
        raise bad(f"Input must be a 1 or 2-dimensional tensor. Got: {shape_text(sizes)}")
    if len(sizes) == 1:
        return _binned(xp, xp.zeros(len(values), np.int64), 1, values, size, weights, binary_output)[0]
    rows = indices[:, 0]
    if xp is np and len(rows) and (rows.min() < 0 or rows.max() >= sizes[0]):
        raise bad(f"Index out of bound. `batch` ({rows.max()}) must be less than the dimension size ({sizes[0]}).")
    return _binned(xp, rows, sizes[0], values, size, weights, binary_output)


@op("RaggedBincount", "splits: int64, values: Tidx, size: Tidx static, weights: T -> output: T", attrs=_BINS,
    infer=lambda op: TensorShape([None if op.inputs[0].shape.rank != 1 or op.inputs[0].shape[0] is None
                                  else op.inputs[0].shape[0] - 1, _size(op.inputs[2])]))
def ragged_bincount(xp: Any, splits: Any, values: Any, size: Any, weights: Any, binary_output: bool = False) -> Any:
    if xp is np:
        if not len(splits) or splits[0] != 0:
            raise bad(f"Splits must start with 0, not with {splits[0] if len(splits) else 'nothing'}")
        if splits[-1] != len(values):
            raise bad(f"Splits must end with the number of values, got {splits[-1]} instead of {len(values)}")
    rows = xp.searchsorted(splits, xp.arange(len(values)), side="right") - 1
    return _binned(xp, rows, len(splits) - 1, values, size, weights, binary_output)


for _entry in (dense_count, sparse_count, ragged_count, sparse_bincount_, ragged_bincount):
    _entry.not_differentiable()


# The public functions.


def check_arguments(weights: Any, axis: Any, binary_output: bool) -> int:
    """The axis.

    Raises:
      ValueError: another one than 0 and -1, or both weights and `binary_output`.
    """
    if weights is not None and binary_output:
        raise ValueError("Arguments `binary_output` and `weights` are mutually exclusive. Please specify only one.")
    if axis not in (None, 0, -1):
        raise ValueError(f"Unsupported value for argument axis={axis}. Only 0 and -1 are currently supported.")
    return axis or 0


def sparse_weights(values: SparseTensor, weights: Any, dtype: Any = None) -> Any:
    """The elements of sparse weights, or none.

    Raises:
      ValueError: they are not sparse.
      InvalidArgumentError: they have other places than the values.
    """
    from ..ragged.checks import after, assert_equal
    if weights is None:
        return convert_to_tensor(np.zeros(0, dtypes.as_dtype(dtype if dtype is not None else values.dtype).np))
    if not isinstance(weights, SparseTensor):
        raise ValueError("Argument `weights` must be a SparseTensor if `values` is a SparseTensor. Received "
                         f"weights={weights} of type: {type(weights).__name__}")
    checks: list[Any] = []
    if weights.dense_shape is not values.dense_shape:
        checks += assert_equal(weights.dense_shape, values.dense_shape,
                               "'weights' and 'values' must have the same dense shape.")
    if weights.indices is not values.indices:
        checks += assert_equal(weights.indices, values.indices, "'weights' and 'values' must have the same indices.")
    return after(checks, weights.values)


def bincount(arr: SparseTensor, weights: Any = None, minlength: Any = None, maxlength: Any = None,
             dtype: Any = dtypes.int32, name: str | None = None, axis: Any = None, binary_output: bool = False) -> Any:
    """`tf.math.bincount` of the elements that a sparse tensor holds; weights have the same places."""
    from ..casting import cast
    from ..counting import bincount as dense
    axis = check_arguments(weights, axis, binary_output)
    if not arr.dtype.is_integer:
        arr = cast(arr, dtypes.int32)
    elements = sparse_weights(arr, weights, dtype)
    if axis == 0:
        return dense(arr.values, None if weights is None else elements, minlength, maxlength, dtype, name, 0, binary_output)
    size = output_size(arr.values, minlength, maxlength)
    return apply(sparse_bincount_, (arr.indices, arr.values, arr.dense_shape, size, elements),
                 {"binary_output": bool(binary_output)}, name)


def output_size(values: Any, minlength: Any, maxlength: Any) -> Any:
    """How many bins values need, within given bounds."""
    from ..counting import _bincount_size
    return _bincount_size(values, minlength, maxlength)


def sparse_bincount(values: Any, weights: Any = None, axis: Any = 0, minlength: Any = None, maxlength: Any = None,
                    binary_output: bool = False, name: str | None = None) -> SparseTensor:
    """How often each integer occurs, as a sparse tensor of the counts that are not zero.

    Args:
      values: non-negative int32 or int64 values: a tensor, a sparse or a ragged one.
      weights: what each value counts, instead of 1; of the same kind and shape.
      axis: 0 to count all together, -1 to count every row of a matrix.
      minlength: the least size of the result's last dimension.
      maxlength: that size; larger values are not counted.
      binary_output: give 1 where a value occurs at all.
      name: of the operation.

    Raises:
      ValueError: another axis, both weights and `binary_output`, or weights of another kind.
      InvalidArgumentError: a negative value, or weights of another shape.
    """
    from ..arrays import reshape
    axis = check_arguments(weights, axis, binary_output)
    if weights is not None and not isinstance(weights, CompositeTensor):
        weights = convert_to_tensor(weights)
    attrs = {"minlength": -1 if minlength is None else int(minlength), "maxlength": -1 if maxlength is None else int(maxlength),
             "binary_output": bool(binary_output)}
    if isinstance(values, CompositeTensor) and not is_sparse(values):
        return _of_ragged(values, weights, axis, attrs, name)
    if isinstance(values, SparseTensor):
        elements = sparse_weights(values, weights)
        if axis == 0:
            return SparseTensor(*apply(dense_count, (values.values, elements), attrs, name))
        inputs = (values.indices, values.values, values.dense_shape, elements)
        return SparseTensor(*apply(sparse_count, inputs, attrs, name))
    x = convert_to_tensor(values)
    parts = convert_to_tensor(np.zeros(0, x.dtype.np) if weights is None else weights)
    if axis == 0:
        x, parts = reshape(x, [-1]), reshape(parts, [-1])
    return SparseTensor(*apply(dense_count, (x, parts), attrs, name))


def _of_ragged(values: Any, weights: Any, axis: int, attrs: dict[str, Any], name: str | None) -> SparseTensor:
    from ..casting import cast
    flat = values.flat_values
    if weights is None:
        parts = convert_to_tensor(np.zeros(0, flat.dtype.np))
    elif isinstance(weights, type(values)):
        parts = weights.flat_values
    else:
        raise ValueError("`weights` must be a RaggedTensor if `values` is a RaggedTensor. Received argument "
                         f"weights={weights} of type: {type(weights).__name__}.")
    if axis == 0:
        return SparseTensor(*apply(dense_count, (flat, parts), attrs, name))
    return SparseTensor(*apply(ragged_count, (cast(values.row_splits, INT64), flat, parts), attrs, name))
