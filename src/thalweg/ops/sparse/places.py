"""Where the elements of sparse tensors are: order, shape, parts, joining."""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ..common import NUMBERS
from ..creation import ints, known_shape
from ..layout import bad
from .rows import check_parts, check_rows, list_text, met_in_turn, row_major

INT64 = dtypes.int64


def _reordered(op: Any) -> Any:
    return [(op.inputs[0].shape, INT64), (op.inputs[1].shape, op.inputs[1].dtype)]


@op("SparseReorder", "input_indices: int64, input_values: T, input_shape: int64 -> output_indices: int64, "
    "output_values: T", attrs="T: type", infer=_reordered)
def sparse_reorder_(xp: Any, indices: Any, values: Any, shape: Any) -> Any:
    check_parts(indices, values, shape)
    order = row_major(xp, indices)
    return indices[order], values[order]


@sparse_reorder_.vjp(1)
def _(op: Any, _: Any, dy: Any) -> Any:
    from ..creation import size
    from ..gathering import gather
    from ..ranges import range as range_op
    from ..scattering import scatter_nd
    indices, _, shape = op.inputs
    count = size(dy)
    _, order = apply(sparse_reorder_, (indices, range_op(count), shape))
    back = scatter_nd(order[:, None], range_op(count), count[None])
    return gather(dy, back)


def _reshaped(op: Any) -> Any:
    shape = known_shape(op.inputs[2])
    return [(TensorShape([_rows(op.inputs[0].shape), shape.rank]), INT64), (TensorShape([shape.rank]), INT64)]


def _rows(shape: TensorShape) -> int | None:
    return shape[0] if shape.rank else None


def _target(old: list[int], new: list[int]) -> list[int]:
    """The new shape with its unknown size filled in."""
    open_ = [i for i, d in enumerate(new) if d == -1]
    if len(open_) > 1:
        raise bad(f"only one output dimension may be -1, not both {open_[0]} and {open_[1]}")
    for i, d in enumerate(new):
        if d < -1:
            raise bad(f"size {i} must be non-negative, not {d}")
    total = prod(old)
    if open_:
        part = prod(d for d in new if d != -1)
        if not part:
            raise bad("reshape cannot infer the missing input size for an empty tensor unless all specified input sizes "
                      "are non-zero")
        if total % part:
            shown = [1 if d == -1 else d for d in new]
            raise bad(f"Input to reshape is a SparseTensor with {total} dense values, but the requested shape requires a "
                      f"multiple of {part}. input_shape={list_text(old)} output_shape={list_text(shown)}")
        new = [total // part if d == -1 else d for d in new]
    if prod(new) != total:
        raise bad(f"Input to reshape is a tensor with {total} dense values, but the requested shape has {prod(new)}. "
                  f"input_shape={list_text(old)} output_shape={list_text(new)}")
    return new


def strides_of(shape: list[int]) -> Any:
    """How far apart neighbours along each axis are in row-major order."""
    return np.array([prod(shape[i + 1:]) for i in range(len(shape))], np.int64)


@op("SparseReshape", "input_indices: int64, input_shape: int64 static, new_shape: int64 static -> "
    "output_indices: int64, output_shape: int64", infer=_reshaped)
def sparse_reshape_(xp: Any, indices: Any, shape: Any, new_shape: Any) -> Any:
    if indices.ndim != 2:
        raise bad(f"Input indices should be a matrix but received shape {list_text(indices.shape)}")
    for what, value in (("Input", shape), ("Target", new_shape)):
        if np.ndim(value) != 1:
            raise bad(f"{what} shape should be a vector but received shape {list_text(np.shape(value))}")
    old = ints(shape)
    new = _target(old, ints(new_shape))
    places = (indices * strides_of(old)).sum(1)
    sizes, steps = np.array(new, np.int64), strides_of(new)
    turns = np.maximum(sizes, 1)
    turns[:1] = np.iinfo(np.int64).max  # a place beyond the end stays there
    out = (places[:, None] // np.maximum(steps, 1)) % turns
    return out.astype(np.int64), xp.asarray(sizes)


sparse_reshape_.not_differentiable()


def _dense_shape(op: Any) -> Any:
    return known_shape(op.inputs[1])


@op("SparseToDense", "sparse_indices: Tindices, output_shape: Tindices static, sparse_values: T, default_value: T -> "
    "dense: T", attrs="validate_indices: bool = true; T: type; Tindices: {int32, int64}", infer=_dense_shape)
def sparse_to_dense_(xp: Any, indices: Any, output_shape: Any, values: Any, default: Any,
                     validate_indices: bool = True) -> Any:
    shape = tuple(ints(output_shape))
    if indices.ndim > 2:
        raise bad(f"sparse_indices should be a scalar, vector, or matrix, got shape {list_text(indices.shape)}")
    places = indices.reshape(-1, 1) if indices.ndim < 2 else indices
    if places.shape[1] != len(shape):
        raise bad(f"output_shape has incorrect number of elements: {len(shape)} should be: {places.shape[1]}")
    if values.ndim > 1 or (values.ndim and len(values) != len(places)):
        raise bad(f"sparse_values has incorrect shape {list_text(values.shape)}, should be [] or [{len(places)}]")
    if default.ndim:
        raise bad("default_value should be a scalar.")
    if xp is not np:
        return xp.full(shape, default, values.dtype).at[tuple(places.T)].set(values)
    if validate_indices:
        check_rows(places, shape)
    elif ((places < 0) | (places >= np.array(shape, np.int64))).any():
        raise bad(f"Indices are not valid (out of bounds).  Shape: {list_text(shape)}")
    dense = np.full(shape, default, values.dtype)
    dense[tuple(places.T)] = values if values.ndim == 0 or places.shape[1] else values[-1:].reshape(())
    return dense


@sparse_to_dense_.vjp(2)
def _(op: Any, dy: Any) -> Any:
    from ..reductions import reduce_sum
    picked = _picked(op, dy)
    return reduce_sum(picked) if op.inputs[2].shape.rank == 0 else picked


@sparse_to_dense_.vjp(3)
def _(op: Any, dy: Any) -> Any:
    from ..reductions import reduce_sum
    return reduce_sum(dy) - reduce_sum(_picked(op, dy))


def _picked(op: Any, dy: Any) -> Any:
    from ..arrays import reshape
    from ..gathering import gather_nd
    indices = op.inputs[0]
    return gather_nd(dy, indices if indices.shape.rank == 2 else reshape(indices, [-1, 1]))


def _part_shapes(op: Any) -> Any:
    rank = op.inputs[2].shape[0] if op.inputs[2].shape.rank == 1 else None
    return [(TensorShape([None, rank]), INT64), (unknown_shape(1), op.inputs[1].dtype), (TensorShape([rank]), INT64)]


@op("SparseSlice", "indices: int64, values: T, shape: int64, start: int64, size: int64 -> output_indices: int64, "
    "output_values: T, output_shape: int64", attrs="T: type", dynamic=True, infer=_part_shapes)
def sparse_slice_(xp: Any, indices: Any, values: Any, shape: Any, start: Any, size: Any) -> Any:
    check_parts(indices, values, shape)
    for name, value in (("start", start), ("size", size)):
        if value.ndim != 1:
            raise bad(f"Expected {name} to be a vector but received shape {list_text(value.shape)}")
        if len(value) != len(shape):
            raise bad(f"Expected {name} to be a vector of length {len(shape)} but got length {len(value)}")
    # The end of a slice that reaches beyond the largest integer is that integer.
    end = np.where(size > np.iinfo(np.int64).max - start, np.iinfo(np.int64).max, start + size)
    inside = ((indices >= start) & (indices < end)).all(1)
    return indices[inside] - start, values[inside], np.clip(shape - start, 0, np.maximum(size, 0))


@sparse_slice_.vjp(1)
def _(op: Any, _: Any, dy: Any, __: Any) -> Any:
    return apply(sparse_slice_grad, (dy, op.inputs[0], op.inputs[3], op.outputs[0]))


@op("SparseSliceGrad", "backprop_val_grad: T, input_indices: int64, input_start: int64, output_indices: int64 -> "
    "val_grad: T", attrs=f"T: {{{NUMBERS}}}", dynamic=True, infer=lambda op: TensorShape([_rows(op.inputs[1].shape)]))
def sparse_slice_grad(xp: Any, dy: Any, indices: Any, start: Any, output_indices: Any) -> Any:
    if indices.shape[1:] != output_indices.shape[1:]:
        raise bad(f"The input and output should have the same ndims: got: {indices.shape[1]} and {output_indices.shape[1]}")
    if len(output_indices) > len(indices):
        raise bad(f"# rows of output_indices should be not greater than of input_indices, got {len(output_indices)} and "
                  f"{len(indices)}")
    if len(dy) != len(output_indices):
        raise bad(f"# elements of backprop_val_grad and # rows of output_indices should match (#nnz of sum): got {len(dy)} and "
                  f"{len(output_indices)}")
    return taken_or_zero(dy, met_in_turn(indices - start, output_indices))


def taken_or_zero(values: Any, places: Any) -> Any:
    """The values at some places, zero for the place -1."""
    if not len(values):
        return np.zeros(len(places), values.dtype)
    return np.where(places < 0, np.zeros((), values.dtype), values[places])

