"""Picking slices by index, and putting them back: Gather, GatherNd, ScatterNd, TensorScatter*, UnsortedSegmentSum."""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import EagerTensor, Tensor
from .common import NUMBERS, shape_of, shape_text, static_shape, static_value
from .creation import ints, listed
from .layout import bad
from .requirements import require_below, require_places, require_within

_INDEX = "{int16, int32, int64}"


def place_text(position: int, shape: tuple[int, ...]) -> str:
    """Where a flat position is in an array of this shape: `[1,0]`, nothing for a scalar."""
    return shape_text([int(i) for i in np.unravel_index(position, shape)]) if shape else ""


def outside(indices: Any, size: int) -> bool:
    """Whether an integer array has an element outside `[0, size)`."""
    if not indices.size:
        return False
    # One pass instead of two: a negative number is a large unsigned one.
    return bool(indices.view(f"u{indices.itemsize}").max() >= size)


def add_rows(out: Any, rows: Any, data: Any) -> None:
    """`out[rows[i]] += data[i]` for two-dimensional arrays; repeated rows add up. Rows must be within range."""
    if out.dtype.kind not in "fiuc" or out.dtype == np.float16:
        wide = out.astype(np.float32)
        add_rows(wide, rows, data.astype(np.float32))
        out[...] = wide.astype(out.dtype)
        return
    width = out.shape[1]
    flat = rows.astype(np.intp, copy=False)
    if width != 1:
        flat = (flat[:, None] * width + np.arange(width)).reshape(-1)
    # One-dimensional add.at has a fast loop; it beats sorting, bincount and the two-dimensional form.
    np.add.at(out.reshape(-1), flat, data.reshape(-1))


# Gather.


def _gathered_shape(op: Any) -> Any:
    params, indices, axis = op.inputs
    batch = op.attrs.get("batch_dims", 0)
    if params.shape.rank is None or indices.shape.rank is None:
        return unknown_shape()
    rank = params.shape.rank
    if batch < 0:
        batch += indices.shape.rank
    if axis.value is None:
        return unknown_shape(rank + indices.shape.rank - 1 - batch)
    a = ints(axis.value)[0]
    if not -rank <= a < rank:
        raise ValueError(f"Shape must be at least rank {a + 1 if a >= 0 else -a} but is rank {rank}")
    dims = params.shape.as_list()
    a %= rank
    return TensorShape(dims[:a] + indices.shape.as_list()[batch:] + dims[a + 1:])


def _gather_arguments(params: Any, indices: Any, axis: Any, batch_dims: int) -> tuple[int, int]:
    a = axis if type(axis) is int else ints(axis)[0]
    if not params.ndim:
        raise bad("params must be at least 1 dimensional")
    if not -params.ndim <= a < params.ndim:
        raise bad(f"Shape must be at least rank {a + 1 if a >= 0 else -a} but is rank {params.ndim}")
    a %= params.ndim
    batch = batch_dims + indices.ndim if batch_dims < 0 else batch_dims
    if not 0 <= batch <= indices.ndim:
        raise bad(f"batch_dims ({batch_dims}) must be between 0 and {indices.ndim}")
    if batch > a:
        raise bad(f"batch_dims ({batch}) must be less than or equal to axis ({a}).")
    for i in range(batch):
        if params.shape[i] != indices.shape[i]:
            raise bad(f"params.shape[{i}]: {params.shape[i]} should be equal to indices.shape[{i}]: {indices.shape[i]}")
    return a, batch


@op("GatherV2", "params: Tparams, indices: Tindices, axis: Taxis static -> output: Tparams",
    attrs=f"batch_dims: int = 0; Tparams: type; Tindices: {_INDEX}; Taxis: {{int32, int64}}", infer=_gathered_shape)
def gather_v2(xp: Any, params: Any, indices: Any, axis: Any, batch_dims: int = 0) -> Any:
    a, batch = (0, 0) if type(axis) is int and axis == 0 == batch_dims and params.ndim else \
        _gather_arguments(params, indices, axis, batch_dims)
    size = params.shape[a]
    if xp is np and outside(indices, size):
        position = int(np.flatnonzero((indices < 0) | (indices >= size))[0])
        place = place_text(position, indices.shape)
        raise bad(f"indices{place} = {indices.reshape(-1)[position]} is not in [0, {size})")
    require_within(xp, indices, size)
    if not batch:
        if xp is np:
            rows = params.take(indices, a)
            return np.array(rows, object) if type(rows) is bytes else rows
        if not params.size:
            return xp.zeros(params.shape[:a] + indices.shape + params.shape[a + 1:], params.dtype)
        return xp.take(params, indices, a)
    # As one gather: the batch dimensions and the gathered one become one dimension, first.
    lead = params.shape[:batch]
    outer, inner = params.shape[batch:a], params.shape[a + 1:]
    moved = xp.moveaxis(params, a, batch).reshape((prod(lead) * size, *outer, *inner))
    offsets = (np.arange(prod(lead), dtype=np.int64) * size).reshape([*lead, *[1] * (indices.ndim - batch)])
    rows = xp.take(moved, (indices + offsets).reshape(-1), 0).reshape((*indices.shape, *outer, *inner))
    if not outer:
        return rows
    n = indices.ndim - batch
    order = [*range(batch), *range(batch + n, batch + n + len(outer)), *range(batch, batch + n),
             *range(batch + n + len(outer), rows.ndim)]
    return rows.transpose(order)


@op("Gather", "params: Tparams, indices: Tindices -> output: Tparams",
    attrs="validate_indices: bool = true; Tparams: type; Tindices: {int32, int64}",
    infer=lambda op: op.inputs[1].shape.concatenate(op.inputs[0].shape[1:]))
def gather_v1(xp: Any, params: Any, indices: Any, validate_indices: bool = True) -> Any:
    return gather_v2.kernel(xp, params, indices, 0)


def _rows_gradient(params: Any, indices: Any, dy: Any) -> Any:
    from .arrays import reshape
    known = static_shape(params)
    if known is not None:
        values = reshape(dy, [-1, *known[1:]] if 0 not in known[1:] else [indices.shape.num_elements(), *known[1:]])
        return IndexedSlices(values, reshape(indices, [-1]), convert_to_tensor(np.array(known, np.int32)))
    from .arrays import concat
    from .indexing import getitem
    whole = shape_of(params)
    values = reshape(dy, concat([[-1], getitem(whole, slice(1, None))], 0))
    return IndexedSlices(values, reshape(indices, [-1]), whole)


gather_v1.vjp(0)(lambda op, dy: _rows_gradient(op.inputs[0], op.inputs[1], dy))


@gather_v2.vjp(0)
def _(op: Any, dy: Any) -> Any:
    params, indices, axis = op.inputs
    value = static_value(axis)
    a, batch = ints(value)[0], op.attrs.get("batch_dims", 0)
    batch = batch + indices.shape.rank if batch < 0 else batch
    rank = params.shape.rank
    a = a % rank if rank is not None else a
    if a == 0 and not batch:
        return _rows_gradient(params, indices, dy)
    return _axis_gradient(params, indices, dy, a, batch)


def _axis_gradient(params: Any, indices: Any, dy: Any, axis: int, batch: int) -> Any:
    """The gradient of a gather along another dimension than the first."""
    from .arrays import concat, reshape, transpose
    from .indexing import getitem
    n, rank = indices.shape.rank - batch, params.shape.rank
    outer, inner = list(range(batch, axis)), list(range(axis + n, axis + n + rank - axis - 1))
    order = [*range(batch), *range(axis, axis + n), *outer, *inner]
    moved = transpose(dy, order)
    known, spots = static_shape(params), static_shape(indices)
    if known is not None and spots is not None:
        size, lead = known[axis], prod(known[:batch])
        rest: Any = [*known[batch:axis], *known[axis + 1:]]
        whole: Any = [*known[:batch], size, *rest]
        rows: Any = lead * size
        flat: Any = [prod(spots), *rest]
    else:
        dims, spots_t = convert_to_tensor(shape_of(params)), convert_to_tensor(shape_of(indices))
        from .reductions import reduce_prod
        size, lead = getitem(dims, axis), reduce_prod(getitem(dims, slice(0, batch)))
        rest = concat([getitem(dims, slice(batch, axis)), getitem(dims, slice(axis + 1, None))], 0)
        whole = concat([getitem(dims, slice(0, batch)), getitem(dims, slice(axis, axis + 1)), rest], 0)
        rows = lead * size
        flat = concat([reshape(reduce_prod(spots_t), [1]), rest], 0)
    if batch:
        from .casting import cast
        from .ranges import range as range_op
        starts = range_op(0, lead) * size
        batch_shape = [*known[:batch], *[1] * n] if known is not None else \
            concat([getitem(whole, slice(0, batch)), [1] * n], 0)
        indices = cast(indices, dtypes.int32) + reshape(starts, batch_shape)
    total = apply(unsorted_segment_sum_, (reshape(moved, flat), reshape(indices, [-1]), rows))
    back = [*range(batch), *range(batch + 1, axis + 1), batch, *range(axis + 1, rank)]
    return transpose(reshape(total, whole), back)


# Sums by index.


def _segments_shape(op: Any) -> Any:
    data, ids, rows = op.inputs
    if data.shape.rank is None or ids.shape.rank is None:
        return unknown_shape()
    count = None if rows.value is None else ints(rows.value)[0]
    return TensorShape([count, *data.shape.as_list()[ids.shape.rank:]])


@op("UnsortedSegmentSum", "data: T, segment_ids: Tindices, num_segments: Tnumsegments static -> output: T",
    attrs=f"T: {{{NUMBERS}}}; Tindices: {_INDEX}; Tnumsegments: {{int32, int64}} = int32", infer=_segments_shape)
def unsorted_segment_sum_(xp: Any, data: Any, ids: Any, num_segments: Any) -> Any:
    count = num_segments if type(num_segments) is int else ints(num_segments)[0]
    if data.shape[:ids.ndim] != ids.shape:
        raise bad(f"data.shape = {shape_text(data.shape)} does not start with segment_ids.shape = "
                  f"{shape_text(ids.shape)}")
    if count < 0:
        raise bad(f"Input num_segments == {count} must not be negative.")
    rest = data.shape[ids.ndim:]
    if xp is not np:
        require_below(xp, ids, count)
        # Negative ids are dropped; JAX would count them from the end.
        flat = xp.where(ids < 0, count, ids).reshape(-1)
        return xp.zeros((count, *rest), data.dtype).at[flat].add(data.reshape((ids.size, *rest)), mode="drop")
    out = np.zeros((count, prod(rest)), data.dtype)
    rows, values = ids.reshape(-1), data.reshape((ids.size, prod(rest)))
    if outside(rows, count):
        if int(rows.max()) >= count:
            position = int(np.flatnonzero(rows >= count)[0])
            raise bad(f"segment_ids{place_text(position, ids.shape)} = {rows[position]} is out of range [0, {count})")
        keep = rows >= 0
        rows, values = rows[keep], values[keep]
    if out.size and rows.size:
        add_rows(out, rows, values)
    return out.reshape((count, *rest))


@unsorted_segment_sum_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return gather_or_zero(dy, op.inputs[1])


def gather_or_zero(x: Any, ids: Any) -> Any:
    """Rows of `x`, with zeros where an index is negative."""
    from .arithmetic import maximum
    from .arrays import reshape
    from .comparison import select
    known = static_value(ids)
    if known is not None and (not known.size or int(known.min()) >= 0):
        return apply(gather_v2, (x, ids, 0), {"batch_dims": 0})
    rows = apply(gather_v2, (x, maximum(ids, 0), 0), {"batch_dims": 0})
    extra = x.shape.rank - 1
    here = ids >= 0
    if extra:
        shape = static_shape(ids)
        if shape is None:
            from .arrays import concat
            here = reshape(here, concat([shape_of(ids), [1] * extra], 0))
        else:
            here = reshape(here, [*shape, *[1] * extra])
    return select(here, rows, convert_to_tensor(0, x.dtype))


# Indices of several dimensions.


def flat_indices(indices: Any, shape: tuple[int, ...], explain: Any) -> Any:
    """Rows of several indices as one index each, into the first dimensions of an array of this shape.

    Calls `explain(i)` with the number of the first row that lies outside.
    """
    depth = indices.shape[-1]
    table = indices.reshape((-1, depth)) if indices.size else indices.reshape((prod(indices.shape[:-1]), depth))
    if not depth:
        return np.zeros(len(table), np.intp)
    sizes = np.array(shape[:depth], np.int64)
    if table.size and ((table < 0) | (table >= sizes)).any():
        explain(int(np.flatnonzero(((table < 0) | (table >= sizes)).any(1))[0]))
    strides = np.array([prod(shape[i + 1:depth]) for i in range(depth)], np.intp)
    return table.astype(np.intp, copy=False) @ strides if depth > 1 else table[:, 0].astype(np.intp, copy=False)


def row_text(indices: Any, i: int) -> str:
    """The `i`-th row of indices: `indices[1,0] = [0, 5]`."""
    row = ", ".join(map(str, indices.reshape((-1, indices.shape[-1]))[i].tolist()))
    return f"indices{place_text(i, indices.shape[:-1])} = [{row}]"


def _gather_nd_shape(op: Any) -> Any:
    params, indices = op.inputs[0].shape, op.inputs[1].shape
    if indices.rank is None or params.rank is None or indices.as_list()[-1] is None:
        return unknown_shape()
    depth = indices[-1]
    if depth > params.rank:
        raise ValueError(f"indices.shape[-1] must be <= params.rank, but saw indices shape: {_graph_text(indices)} and "
                         f"params shape: {_graph_text(params)}")
    return indices[:-1].concatenate(params[depth:])


def _graph_text(shape: TensorShape) -> str:
    return "[" + ",".join("?" if d is None else str(d) for d in shape.as_list()) + "]"


@op("GatherNd", "params: Tparams, indices: Tindices -> output: Tparams",
    attrs=f'Tparams: type; Tindices: {_INDEX}; bad_indices_policy: string = ""', infer=_gather_nd_shape)
def gather_nd_(xp: Any, params: Any, indices: Any, bad_indices_policy: str = "") -> Any:
    if not params.ndim:
        raise bad("params must be at least a vector")
    if not indices.ndim:
        raise bad("indices must be at least a vector")
    depth = indices.shape[-1]
    if depth > params.ndim:
        raise bad(f"index innermost dimension length must be <= params rank; saw: {depth} vs. {params.ndim}")
    if not params.size and prod(indices.shape[:-1]):
        raise bad(f"Requested more than 0 entries, but params is empty.  Params shape: {shape_text(params.shape)}")
    if xp is not np:
        require_places(xp, indices, params.shape)
        return xp.asarray(params)[tuple([indices[..., i] for i in range(depth)])] if depth else \
            xp.broadcast_to(params, indices.shape[:-1] + params.shape)

    def explain(i: int) -> None:
        raise bad(f"{row_text(indices, i)} does not index into param shape {shape_text(params.shape)}, "
                  "node name: GatherNd")
    rows = flat_indices(indices, params.shape, explain)
    table = params.reshape((prod(params.shape[:depth]), *params.shape[depth:]))
    return table.take(rows, 0).reshape(indices.shape[:-1] + params.shape[depth:])


@gather_nd_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    params, indices = op.inputs
    if indices.shape.rank == 2 and indices.shape[1] == 1:
        from .arrays import squeeze
        known = static_shape(params)
        whole = convert_to_tensor(np.array(known, np.int32)) if known is not None else shape_of(params)
        return IndexedSlices(dy, squeeze(indices, -1), whole)
    from .scattering import scatter_nd_
    whole = shape_of(params)
    if not isinstance(whole, Tensor):
        whole = np.array(whole, indices.dtype.np)
    return apply(scatter_nd_, (indices, dy, whole))


# The public functions.


def gather(params: Any, indices: Any, validate_indices: Any = None, axis: Any = None, batch_dims: int = 0,
           name: str | None = None) -> Any:
    """Slices of `params` along a dimension, at integer indices.

    Args:
      params: a tensor or variable.
      indices: integer tensor of any shape.
      validate_indices: without effect.
      axis: the dimension; `batch_dims` unless given.
      batch_dims: how many first dimensions `params` and `indices` share.

    Returns:
      Shape `params.shape[:axis] + indices.shape[batch_dims:] + params.shape[axis + 1:]`. The gradient for `params`
      along the first dimension is an IndexedSlices.

    Raises:
      InvalidArgumentError: an index out of range.
    """
    if axis is None:
        axis = batch_dims
    elif isinstance(axis, EagerTensor):
        axis = int(axis)
    if type(indices) is not EagerTensor or type(params) is not EagerTensor:
        name = listed(name, params, indices)
        params, indices = convert_to_tensor(params), convert_to_tensor(indices)
    return apply(gather_v2, (params, indices, axis), {"batch_dims": batch_dims}, name)


def gather_nd(params: Any, indices: Any, batch_dims: int = 0, name: str | None = None,
              bad_indices_policy: str = "") -> Any:
    """Slices of `params` at positions of several indices each.

    Args:
      params: a tensor or variable.
      indices: integer tensor of shape `[..., k]`.
      batch_dims: how many first dimensions `params` and `indices` share.

    Returns:
      Shape `indices.shape[:-1] + params.shape[batch_dims + k:]`.

    Raises:
      InvalidArgumentError: a position out of range.
    """
    name = listed(name, params, indices)
    params, indices = convert_to_tensor(params), convert_to_tensor(indices)
    if isinstance(batch_dims, Tensor):
        batch_dims = int(batch_dims)
    if batch_dims:
        indices = _with_batch(indices, int(batch_dims))
    return apply(gather_nd_, (params, indices), name=name)


def _with_batch(indices: Any, batch: int) -> Any:
    """Indices preceded by their own position in the batch dimensions."""
    from .arrays import broadcast_to, concat, reshape
    from .ranges import range as range_op
    known = static_shape(indices)
    whole = convert_to_tensor(shape_of(indices)) if known is None else known
    parts = []
    for i in range(batch):
        count = whole[i]
        column = range_op(0, count, dtype=indices.dtype)
        column = reshape(column, [-1 if j == i else 1 for j in range(indices.shape.rank)])
        full: Any = [*known[:-1], 1] if known is not None else concat([whole[:-1], [1]], 0)
        parts.append(broadcast_to(column, full))
    return concat([*parts, indices], -1)


def unsorted_segment_sum(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """Sums of the slices of `data` that have the same id.

    Args:
      data: a tensor.
      segment_ids: integers, whose shape is a prefix of the shape of `data`; negative ids are left out.
      num_segments: how many sums.

    Raises:
      InvalidArgumentError: an id that is too large.
    """
    if isinstance(num_segments, EagerTensor):
        num_segments = num_segments._value
    return apply(unsorted_segment_sum_, (convert_to_tensor(data), convert_to_tensor(segment_ids), num_segments),
                 name=listed(name, data, segment_ids))
