"""The entries of the operations that make ragged tensors and take them apart. Their shapes depend on values."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape
from ..arrays import reshape
from ..casting import cast
from ..common import shape_of, shape_text
from ..sparse.joining import sparse_fill_empty_rows_, sparse_fill_empty_rows_grad

_INDEX = "Tsplits: {int32, int64} = int64"
_T = "T: {half, bfloat16, float, double, int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool, string, " \
    "complex64, complex128, variant}"


# Ranges.


def _range_shapes(op: Any) -> list[Any]:
    sizes = [i.shape[0] for i in op.inputs if i.shape.rank == 1]
    scalars = all(i.shape.rank == 0 for i in op.inputs)
    known = next((s for s in sizes if s is not None), 1 if scalars else None)
    rows = None if known is None else known + 1
    return [(TensorShape([rows]), op.attrs.get("Tsplits", dtypes.int64)), (TensorShape([None]), op.inputs[0].dtype)]


@op("RaggedRange", "starts: T, limits: T, deltas: T -> rt_nested_splits: Tsplits, rt_dense_values: T",
    attrs=f"T: {{bfloat16, float, double, int32, int64}} = int32; {_INDEX}", infer=_range_shapes, dynamic=True)
def ragged_range(xp: Any, starts: Any, limits: Any, deltas: Any, Tsplits: Any = dtypes.int64) -> Any:
    for name, array in (("starts", starts), ("limits", limits), ("deltas", deltas)):
        if array.ndim > 1:
            raise errors.InvalidArgumentError(f"{name} must be a scalar or vector")
    lengths = {a.size for a in (starts, limits, deltas) if a.ndim}
    if len(lengths) > 1:
        raise errors.InvalidArgumentError("starts, limits, and deltas must have the same shape")
    rows = lengths.pop() if lengths else 1
    starts, limits, deltas = (np.broadcast_to(a, (rows,)) for a in (starts, limits, deltas))
    if (deltas == 0).any():
        raise errors.InvalidArgumentError("Requires delta != 0")
    with np.errstate(over="ignore", invalid="ignore"):
        if starts.dtype.kind in "iu":  # differences do not fit into the dtype itself
            way, step = ((np.where(deltas > 0, a, -a)).astype(np.uint64) for a in (limits - starts, deltas))
            if starts.dtype.itemsize < 8:
                way, step = way & 0xFFFFFFFF, step & 0xFFFFFFFF
            sizes = way // step + (way % step > 0)
        else:
            sizes = np.ceil(np.abs((limits - starts) / deltas)).astype(np.float64)
    sizes = np.where((deltas > 0) & (limits < starts) | (deltas < 0) & (limits > starts), 0, sizes)
    most = np.iinfo(dtypes.as_dtype(Tsplits).np).max
    if not (sizes <= most).all():
        raise errors.InvalidArgumentError(f"Requires ((limit - start) / delta) <= {most}")
    counts = sizes.astype(np.int64)
    splits = np.zeros(rows + 1, np.int64)
    np.cumsum(counts, out=splits[1:])
    offsets = np.arange(splits[-1]) - np.repeat(splits[:-1], counts)
    values = np.repeat(starts, counts) + offsets.astype(starts.dtype) * np.repeat(deltas, counts)
    return splits.astype(dtypes.as_dtype(Tsplits).np), values.astype(starts.dtype)


ragged_range.not_differentiable()


# To tensors.


def _bad(text: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(text)


def _tensor_shape(op: Any) -> TensorShape:
    wanted = op.inputs[0].value
    values = op.inputs[1].shape
    types = op.attrs.get("row_partition_types", ())
    ranks = len([t for t in types if _text_of(t) != "FIRST_DIM_SIZE"])
    inner = values[1:] if values.rank is not None else TensorShape(None)
    outer = TensorShape([None] * (ranks + 1))
    found = outer.concatenate(inner)
    if wanted is not None and np.ndim(wanted):
        found = TensorShape([None if d < 0 else int(d) for d in np.ravel(wanted)]).merge_with(found)
    return found


def _dims(shape: Any) -> str:
    return "[" + ",".join(str(int(d)) if d >= 0 else "?" for d in shape) + "]"


def _text_of(x: Any) -> str:
    return x.decode() if isinstance(x, bytes) else str(x)


def _row_ids(kind: str, tensor: Any, rows: int) -> tuple[Any, Any]:
    """For each value its row and its place in it."""
    if kind == "VALUE_ROWIDS":
        ids = tensor.astype(np.int64)
        counts = np.bincount(ids, minlength=rows) if ids.size else np.zeros(rows, np.int64)
        starts = np.cumsum(counts) - counts
    elif kind == "ROW_SPLITS":
        counts = np.diff(tensor.astype(np.int64))
        starts = tensor[:-1].astype(np.int64)
        ids = np.repeat(np.arange(counts.size), counts)
    else:
        raise _bad(f"Unsupported row partition type {kind}")
    return ids, np.arange(ids.size) - starts[ids]


def places(shape: Any, partitions: Sequence[Any], kinds: Sequence[Any]) -> tuple[Any, Any]:
    """Where each innermost row of values goes in a tensor: its flat place or -1, and the outer dimensions."""
    kinds = [_text_of(k) for k in kinds]
    if kinds[0] == "FIRST_DIM_SIZE":
        rows = int(partitions[0])
        partitions, kinds = partitions[1:], kinds[1:]
    else:
        rows = partitions[0].size - 1
    given = [-1] * (len(kinds) + 1) if np.ndim(shape) == 0 else [int(d) for d in shape]
    dims = [rows if given[0] < 0 else given[0]]
    place = np.arange(rows)
    place[place >= dims[0]] = -1
    for i, (kind, tensor) in enumerate(zip(kinds, partitions, strict=True)):
        ids, offsets = _row_ids(kind, tensor, place.size)
        size = given[i + 1]
        if size < 0:
            size = int(offsets.max()) + 1 if offsets.size else 0
        dims.append(size)
        parent = place[ids]
        place = np.where((parent >= 0) & (offsets < size), parent * size + offsets, -1)
    return place, dims


@op("RaggedTensorToTensor", "shape: Tshape, values: T, default_value: T, row_partition_tensors: num_row_partition_tensors * "
    "Tindex -> result: T", attrs=f"{_T}; Tindex: {{int64, int32}}; Tshape: {{int64, int32}}; num_row_partition_tensors: int; "
    "row_partition_types: list(string)", infer=_tensor_shape, dynamic=True)
def ragged_tensor_to_tensor(xp: Any, shape: Any, values: Any, default: Any, *partitions: Any,
                            row_partition_types: Any = (), num_row_partition_tensors: int = 0, **_: Any) -> Any:
    shape = np.asarray(shape)
    ranks = len([t for t in row_partition_types if _text_of(t) != "FIRST_DIM_SIZE"])
    if shape.ndim and shape.size != ranks + values.ndim:
        raise _bad(f"rt_input.shape and shape={_dims(shape)} are incompatible: rt_input.rank = {ranks + values.ndim} but "
                   f"shape.rank = {shape.size}")
    place, dims = places(shape, partitions, row_partition_types)
    inner = values.shape[1:]
    if shape.ndim:
        for want, have in zip(shape[ranks + 1:], inner, strict=True):
            if want >= 0 and want != have:
                raise _bad(f"Inner dimension of the shape {shape.tolist()} does not match that of the values, {list(inner)}")
    if default.ndim > len(inner):
        raise _bad(f"default_value.shape={_dims(default.shape)} and rt_input.flat_values.shape={_dims(values.shape)} are "
                   f"incompatible: default_value.rank = {default.ndim}  must be less than rt_input.flat_values.rank = "
                   f"{values.ndim}")
    out = np.empty((int(np.prod(dims)), *inner), values.dtype)
    try:
        out[...] = default
    except ValueError:
        raise _bad(f"default_value.shape={_dims(default.shape)} and rt_input.flat_values.shape={_dims(values.shape)} are "
                   "incompatible") from None
    kept = place >= 0
    if kept.all():
        out[place] = values
    else:
        out[place[kept]] = values[kept]
    return out.reshape((*dims, *inner))


@ragged_tensor_to_tensor.gradient
def _(op: Any, dy: Any) -> Any:
    from ..common import reduce_to
    from ..comparison import select
    from ..creation import zeros_like
    from ..gathering import unsorted_segment_sum
    from ..ranges import range as range_of
    shape, values, default, *partitions = op.inputs
    outer = len([t for t in op.get_attr("row_partition_types") if _text_of(t) != "FIRST_DIM_SIZE"]) + 1
    count = shape_tensor(values)[0]
    attrs = {**op.attrs, "T": dtypes.int32} if "T" in op.attrs else op.attrs
    dims = shape_tensor(dy)
    place = apply(ragged_tensor_to_tensor, (cast(dims[:outer], shape.dtype), range_of(count), -1 + 0 * count, *partitions),
                  attrs)
    from ..reductions import reduce_prod
    flat_dy = reshape(dy, _join(reduce_prod(dims[:outer])[None], dims[outer:]))
    flat_place = reshape(place, [-1])
    for_values = unsorted_segment_sum(flat_dy, flat_place, count)
    filled = reshape(flat_place < 0, _join(shape_tensor(flat_place), dims[outer:] * 0 + 1))
    rest = select(filled, flat_dy, zeros_like(flat_dy))
    return [None, reshape(for_values, shape_of(values)), reduce_to(rest, default, rest), *[None] * len(partitions)]


def shape_tensor(x: Any) -> Any:
    """The shape as an int32 tensor."""
    from ..dynamic import shape_tensor as tensor
    return tensor(x)


def _join(*parts: Any) -> Any:
    from ..dynamic import joined
    return joined(*parts)


# To sparse tensors.


def _sparse_shapes(op: Any) -> list[Any]:
    values = op.inputs[-1].shape
    rank = None if values.rank is None else values.rank + len(op.inputs) - 1
    count = values.num_elements() if values.rank is not None else None
    return [(TensorShape([count, rank]), dtypes.int64), (TensorShape([count]), op.inputs[-1].dtype),
            (TensorShape([rank]), dtypes.int64)]


@op("RaggedTensorToSparse", "rt_nested_splits: RAGGED_RANK * Tsplits, rt_dense_values: T -> sparse_indices: int64, "
    "sparse_values: T, sparse_dense_shape: int64", attrs=f"RAGGED_RANK: int; {_T}; {_INDEX}", infer=_sparse_shapes,
    dynamic=True)
def ragged_tensor_to_sparse(xp: Any, *arrays: Any, **_: Any) -> Any:
    splits, values = [s.astype(np.int64) for s in arrays[:-1]], arrays[-1]
    if not splits:
        raise _bad("ragged_rank must be greater than zero")
    for s in splits:
        if not s.size or s[0] != 0:
            raise _bad("First value of ragged splits must be 0.")
        if (np.diff(s) < 0).any():
            raise _bad("Ragged splits should be non decreasing")
    if splits[-1][-1] != values.shape[0]:
        raise _bad("Final value of ragged splits must match the length the corresponding ragged values.")
    columns = [np.arange(splits[0].size - 1)]
    dims = [splits[0].size - 1]
    for s in splits:
        counts = np.diff(s)
        ids = np.repeat(np.arange(counts.size), counts)
        columns = [c[ids] for c in columns] + [np.arange(ids.size) - s[:-1][ids]]
        dims.append(int(counts.max()) if counts.size else 0)
    inner = values.shape[1:]
    size = int(np.prod(inner))
    columns = [np.repeat(c, size) for c in columns]
    columns += [np.tile(c.reshape(-1), values.shape[0]) for c in np.indices(inner)]
    indices = np.stack(columns, axis=-1) if columns else np.zeros((0, 0), np.int64)
    return indices.astype(np.int64), values.reshape(-1).copy(), np.array([*dims, *inner], np.int64)


@ragged_tensor_to_sparse.gradient
def _(op: Any, indices: Any, dy: Any, shape: Any) -> Any:
    return [None] * (len(op.inputs) - 1) + [reshape(dy, shape_of(op.inputs[-1]))]


# Rows of ragged tensors.


def _gather_shapes(op: Any) -> list[Any]:
    *splits, values, indices = op.inputs
    rank = indices.shape.rank
    depth = None if rank is None else len(splits) - 1 + rank
    count = op.attrs.get("OUTPUT_RAGGED_RANK", depth)
    first = indices.shape[0] if rank else None
    out = [(TensorShape([None if first is None or i else first + 1]), splits[0].dtype) for i in range(count or 1)]
    inner = values.shape[1:] if values.shape.rank is not None else TensorShape(None)
    return [*out, (TensorShape([None]).concatenate(inner), values.dtype)]


@op("RaggedGather", "params_nested_splits: PARAMS_RAGGED_RANK * Tsplits, params_dense_values: Tvalues, indices: Tindices -> "
    "output_nested_splits: OUTPUT_RAGGED_RANK * Tsplits, output_dense_values: Tvalues",
    attrs=f"Tvalues: type; Tindices: {{int32, int64}}; {_INDEX}; PARAMS_RAGGED_RANK: int; OUTPUT_RAGGED_RANK: int",
    infer=_gather_shapes, dynamic=True)
def ragged_gather(xp: Any, *arrays: Any, **_: Any) -> Any:
    *splits, values, indices = arrays
    rows = splits[0].size - 1
    flat = indices.reshape(-1).astype(np.int64)
    wrong = np.flatnonzero((flat < 0) | (flat >= rows))
    if wrong.size:
        place = "".join(f"{i}" for i in np.unravel_index(wrong[0], indices.shape))
        raise _bad(f"indices[{place}] = {flat[wrong[0]]} is not in [0, {rows})")
    out: list[Any] = []
    for size in indices.shape[1:]:
        before = int(np.prod(indices.shape[:len(out) + 1]))
        out.append(np.arange(before + 1, dtype=splits[0].dtype) * size)
    for s in splits:
        counts = np.diff(s.astype(np.int64))[flat]
        new = np.zeros(counts.size + 1, s.dtype)
        np.cumsum(counts, out=new[1:])
        out.append(new)
        flat = np.repeat(s[:-1].astype(np.int64)[flat] - new[:-1], counts) + np.arange(new[-1])
    return (*out, values[flat])


@ragged_gather.gradient
def _(op: Any, *grads: Any) -> Any:
    from ..gathering import unsorted_segment_sum
    from ..ranges import range as range_of
    *splits, values, indices = op.inputs
    count = shape_tensor(values)[0]
    attrs = {**op.attrs, "Tvalues": dtypes.int32} if "Tvalues" in op.attrs else op.attrs
    rows = apply(ragged_gather, (*splits, range_of(count), indices), attrs)[-1]
    return [*[None] * len(splits), unsorted_segment_sum(grads[-1], rows, count), None]


# Rows that are empty.


def _filled_shapes(op: Any) -> list[Any]:
    ids, values, nrows, _ = op.inputs
    rows = None if nrows.value is None else int(nrows.value)
    return [(TensorShape([None]), dtypes.int64), (TensorShape([None]), values.dtype), (TensorShape([rows]), dtypes.bool),
            (ids.shape, dtypes.int64)]


@op("RaggedFillEmptyRows", "value_rowids: int64, values: T, nrows: int64, default_value: T -> output_value_rowids: int64, "
    "output_values: T, empty_row_indicator: bool, reverse_index_map: int64", attrs="T: type", infer=_filled_shapes,
    dynamic=True)
def fill_rows(xp: Any, ids: Any, values: Any, nrows: Any, default: Any) -> Any:
    if ids.ndim != 1:
        raise _bad("value_rowids must be a vector, saw: " + shape_text(ids.shape))
    if values.ndim == 1 and len(ids) != len(values):
        raise _bad(f"The length of `values` ({len(values)}) must match the first dimension of `value_rowids` ({len(ids)}).")
    if np.ndim(nrows):
        raise _bad("nrows must be a scalar, saw: " + shape_text(np.shape(nrows)))
    if nrows < 0:
        raise _bad(f"Expected shape dimensions to be non-negative, got {int(nrows)}")
    indices, *others = sparse_fill_empty_rows_.kernel(xp, ids[:, None], values, np.reshape(nrows, 1), default)
    return indices[:, 0], *others


@op("RaggedFillEmptyRowsGrad", "reverse_index_map: int64, grad_values: T -> d_values: T, d_default_value: T", attrs="T: type",
    infer=lambda op: [(op.inputs[0].shape, op.inputs[1].dtype), (TensorShape([]), op.inputs[1].dtype)])
def fill_rows_grad(xp: Any, places: Any, dy: Any) -> Any:
    return sparse_fill_empty_rows_grad.kernel(xp, places, dy)


fill_rows_grad.not_differentiable()


@fill_rows.gradient
def _(op: Any, ids: Any, dy: Any, *others: Any) -> Any:
    values, default = apply(fill_rows_grad, (op.outputs[3], dy))
    return [None, values, None, default]
