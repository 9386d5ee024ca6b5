"""Reductions over the segments that an index for every row makes. `UnsortedSegmentSum` is in `gathering`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, get_op, op
from ..core.shape import TensorShape, unknown_shape
from .arithmetic import maximum
from .arrays import reshape
from .common import NUMBERS, REALS, shape_of, shape_text
from .comparison import equal, greater, select
from .dynamic import column_shape, rank_of
from .elementwise import cast, sqrt
from .gathering import gather, gather_or_zero, place_text, unsorted_segment_sum
from .reduce import sum_in
from .requirements import require_below

_INDEX = "{int32, int64}"


def _bad(message: str, type: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(f"{message} [Op:{type}]")


def _count(value: Any, type: str) -> int:
    """A number of segments."""
    if np.ndim(value):
        raise _bad(f"num_segments should be a scalar, not shape {shape_text(np.shape(value))}", type)
    return int(value)


def _runs(ufunc: Any, rows: Any, ids: Any, out: Any) -> None:
    """Reduces runs of equal ids, which are in order, into the rows of `out`."""
    if not len(ids):
        return
    starts = np.concatenate(([0], np.flatnonzero(ids[1:] != ids[:-1]) + 1))
    wide = sum_in(rows.dtype) or rows.dtype
    out[ids[starts]] = ufunc.reduceat(rows, starts, 0, wide)


def _fill_value(name: str, dtype: Any) -> Any:
    """What the segments of nothing hold in the unsorted forms."""
    if name == "prod":
        return 1
    info = dtypes.from_numpy(dtype)
    return info.min if name == "max" else info.max


_UFUNCS: dict[str, Any] = {"sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum, "mean": np.add}


def _means(total: Any, ids: Any, power: float = 1.0) -> Any:
    """Divides the sums by how many rows there were, to a power."""
    counts = np.bincount(ids, minlength=len(total)).clip(1).reshape(-1, *[1] * (total.ndim - 1))
    if total.dtype.kind in "iu":
        return (np.sign(total) * (np.abs(total) // counts)).astype(total.dtype)
    return (total / (counts.astype(np.float64) ** power)).astype(total.dtype)


# Sorted segments: as many as the last index says.


def _check_sorted(data: Any, ids: Any, rows: int, type: str) -> None:
    if data.ndim < 1:
        raise _bad("input must be at least rank 1", type)
    if ids.ndim != 1:
        raise _bad("segment_ids should be a vector.", type)
    if len(ids) != rows:
        raise _bad("segment_ids should be the same size as dimension 0 of input.", type)
    _check_order(ids, int(ids[-1]) + 1 if len(ids) else 0, type)


def _check_order(ids: Any, count: int, type: str) -> None:
    if not len(ids):
        return
    if ids[-1] < 0:
        raise _bad("segment ids must be >= 0", type)
    if (ids[1:] < ids[:-1]).any():
        raise _bad("segment ids are not increasing", type)
    if ids[0] < 0:
        raise _bad(f"Segment id {ids[0]} out of range [0, {count}), possibly because 'segment_ids' input is not "
                   "sorted.", type)


def _sorted_shape(op: Any) -> TensorShape:
    shape = op.inputs[0].shape
    if op.inputs[1].shape.rank not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {op.inputs[1].shape.rank}")
    if shape.rank is None:
        return unknown_shape()
    if not shape.rank:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return TensorShape([None, *shape.as_list()[1:]])


def _reduce_sorted(name: str, data: Any, ids: Any, count: int) -> Any:
    out = np.full((count, *data.shape[1:]), 1 if name == "prod" else 0, data.dtype)
    _runs(_UFUNCS[name], data, ids, out)
    return _means(out, ids) if name == "mean" and len(ids) else out


def _sorted(name: str) -> OpDef:
    type = f"Segment{name.capitalize()}"
    kinds = REALS if name in ("max", "min") else NUMBERS

    @op(type, "data: T, segment_ids: Tindices -> output: T", attrs=f"T: {{{kinds}}}; Tindices: {_INDEX}",
        infer=_sorted_shape, dynamic=True)
    def entry(xp: Any, data: Any, ids: Any) -> Any:
        _check_sorted(data, ids, data.shape[0] if data.ndim else 0, type)
        return _reduce_sorted(name, data, ids, int(ids[-1]) + 1 if len(ids) else 0)
    entry.vjp(0)(_GRADIENTS[name])
    return entry


def _scattered(xp: Any, name: str, data: Any, ids: Any, count: int, fill: Any) -> Any:
    """The unsorted forms for XLA: rows written into a table; ids outside it are dropped."""
    require_below(xp, ids, count)
    rest = data.shape[ids.ndim:]
    flat = xp.where((ids < 0) | (ids >= count), count, ids).reshape(-1)
    at = xp.full((count, *rest), fill, data.dtype).at[flat]
    return {"prod": at.multiply, "max": at.max, "min": at.min}[name](data.reshape((-1, *rest)), mode="drop")


# Gradients. Those of the sorted forms are those of the unsorted ones, which also know of negative ids.


def _total(data: Any, op: Any) -> Any:
    """The sums of other data over the same segments."""
    if len(op.inputs) > 2:
        return unsorted_segment_sum(data, op.inputs[1], op.inputs[2])
    return apply(segment_sum_, (data, op.inputs[1]))


def _rows(x: Any, op: Any) -> Any:
    """The rows of the segments' results for the rows of the data; zeros for negative ids, which were dropped."""
    ids = op.inputs[1]
    if len(op.inputs) == 2:
        return gather(x, ids)
    if x.shape.rank is not None:
        return gather_or_zero(x, ids)
    here = reshape(ids >= 0, column_shape(ids, rank_of(x) - 1))
    return select(here, gather(x, maximum(ids, 0)), convert_to_tensor(0, x.dtype))


def _sum_gradient(op: Any, dy: Any) -> Any:
    return _rows(dy, op)


def _mean_gradient(op: Any, dy: Any) -> Any:
    from .creation import ones
    ids = op.inputs[1]
    counts = apply(segment_sum_, (ones(shape_of(ids), dy.dtype), ids))
    counts = reshape(counts, column_shape(counts, rank_of(dy) - 1))
    return gather(dy / maximum(counts, 1), ids)


def _extreme_gradient(op: Any, dy: Any) -> Any:
    """The rows that are the extreme share the gradient evenly."""
    chosen = equal(op.inputs[0], _rows(op.outputs[0], op))
    ties = _total(cast(chosen, dy.dtype), op)
    return select(chosen, _rows(dy / ties, op), convert_to_tensor(0, dy.dtype))


def _prod_gradient(op: Any, dy: Any) -> Any:
    """The product of the others, without dividing by zeros."""
    data = op.inputs[0]
    zero = equal(data, convert_to_tensor(0, data.dtype))
    zeros = _total(cast(zero, dtypes.int32), op)
    dy = select(greater(zeros, 1), convert_to_tensor(0, dy.dtype), dy)
    others = select(zero, convert_to_tensor(1, data.dtype), data)
    product = apply(op.op if hasattr(op, "op") else get_op(op.type), (others, *op.inputs[1:]))
    part = select(zero, _rows(product, op), _rows(op.outputs[0], op) / others)
    return _rows(dy, op) * part


_GRADIENTS: dict[str, Callable[..., Any]] = {"sum": _sum_gradient, "mean": _mean_gradient, "max": _extreme_gradient,
                                             "min": _extreme_gradient, "prod": _prod_gradient}

segment_sum_ = _sorted("sum")
segment_mean_ = _sorted("mean")
segment_max_ = _sorted("max")
segment_min_ = _sorted("min")
segment_prod_ = _sorted("prod")


# Unsorted segments.


def unsorted_shape(op: Any) -> TensorShape:
    """As many rows as the third input says."""
    data, ids, count = op.inputs
    if data.shape.rank is None or ids.shape.rank is None:
        return unknown_shape()
    return TensorShape([None if count.value is None else int(count.value), *data.shape.as_list()[ids.shape.rank:]])


def _unsorted(name: str) -> OpDef:
    type = f"UnsortedSegment{name.capitalize()}"
    kinds = NUMBERS if name == "prod" else REALS

    @op(type, "data: T, segment_ids: Tindices, num_segments: Tnumsegments static -> output: T",
        attrs=f"T: {{{kinds}}}; Tindices: {_INDEX}; Tnumsegments: {{int32, int64}} = int32", infer=unsorted_shape)
    def entry(xp: Any, data: Any, ids: Any, num_segments: Any) -> Any:
        count = _count(num_segments, type)
        if data.shape[:ids.ndim] != ids.shape:
            raise _bad(f"data.shape = {shape_text(data.shape)} does not start with segment_ids.shape = "
                       f"{shape_text(ids.shape)}", type)
        if count < 0:
            raise _bad(f"Input num_segments == {count} must not be negative.", type)
        fill = _fill_value(name, np.dtype(data.dtype))
        if xp is not np:
            return _scattered(xp, name, data, ids, count, fill)
        rest = data.shape[ids.ndim:]
        flat, rows = ids.reshape(-1), data.reshape((ids.size, *rest))
        out = np.full((count, *rest), fill, data.dtype)
        if (flat >= count).any():
            at = int(np.flatnonzero(flat >= count)[0])
            raise _bad(f"segment_ids{place_text(at, ids.shape)} = {flat[at]} is out of range [0, {count})", type)
        if (flat[1:] < flat[:-1]).any():
            order = np.argsort(flat, kind="stable")
            flat, rows = flat[order], rows[order]
        first = int(np.searchsorted(flat, 0))
        _runs(_UFUNCS[name], rows[first:], flat[first:], out)
        # The extreme of infinities alone is the dtype's last finite number, from which TensorFlow starts.
        return out if name == "prod" or data.dtype.kind in "iu" else _UFUNCS[name](out, np.asarray(fill, out.dtype))
    entry.vjp(0)(_GRADIENTS[name])
    return entry


unsorted_segment_max_ = _unsorted("max")
unsorted_segment_min_ = _unsorted("min")
unsorted_segment_prod_ = _unsorted("prod")


# The public functions.


def segment_sum(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """The sums of the rows with equal ids; `segment_ids` increases, and there are `segment_ids[-1] + 1` segments.

    Raises:
      InvalidArgumentError: ids that are not one for each row, or that decrease.
    """
    return apply(segment_sum_, (convert_to_tensor(data), convert_to_tensor(segment_ids)), name=name)


def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """The means of the rows with equal ids, see `segment_sum`."""
    return apply(segment_mean_, (convert_to_tensor(data), convert_to_tensor(segment_ids)), name=name)


def segment_max(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """The largest of the rows with equal ids, 0 where there are none, see `segment_sum`."""
    return apply(segment_max_, (convert_to_tensor(data), convert_to_tensor(segment_ids)), name=name)


def segment_min(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """The smallest of the rows with equal ids, 0 where there are none, see `segment_sum`."""
    return apply(segment_min_, (convert_to_tensor(data), convert_to_tensor(segment_ids)), name=name)


def segment_prod(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """The products of the rows with equal ids, 1 where there are none, see `segment_sum`."""
    return apply(segment_prod_, (convert_to_tensor(data), convert_to_tensor(segment_ids)), name=name)


def _apply_unsorted(op: OpDef, data: Any, ids: Any, num_segments: Any, name: str | None) -> Any:
    count = num_segments if type(num_segments) is int else convert_to_tensor(num_segments)
    return apply(op, (convert_to_tensor(data), convert_to_tensor(ids), count), name=name)


def unsorted_segment_max(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """The largest of the rows with equal ids, the dtype's lowest number where there are none.

    Args:
      data: a tensor whose shape starts with that of the ids.
      segment_ids: ids below `num_segments` in any order; rows with negative ones are dropped.
      num_segments: the size of the first axis of the result.
      name: of the node.

    Raises:
      InvalidArgumentError: an id that is too large, or shapes that do not fit.
    """
    return _apply_unsorted(unsorted_segment_max_, data, segment_ids, num_segments, name)


def unsorted_segment_min(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """The smallest of the rows with equal ids, the dtype's highest number where there are none, see
    `unsorted_segment_max`."""
    return _apply_unsorted(unsorted_segment_min_, data, segment_ids, num_segments, name)


def unsorted_segment_prod(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """The products of the rows with equal ids, 1 where there are none, see `unsorted_segment_max`."""
    return _apply_unsorted(unsorted_segment_prod_, data, segment_ids, num_segments, name)


def _sizes(data: Any, ids: Any, num_segments: Any) -> Any:
    """How many rows each segment has, at least 1, in a shape that broadcasts with the sums."""
    from .creation import ones
    counts = unsorted_segment_sum(ones(shape_of(ids), data.dtype), ids, num_segments)
    return maximum(reshape(counts, column_shape(counts, rank_of(data) - rank_of(ids))), 1)


def unsorted_segment_mean(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """The means of the rows with equal ids, 0 where there are none, see `unsorted_segment_max`."""
    data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
    return unsorted_segment_sum(data, ids, num_segments) / _sizes(data, ids, num_segments)


def unsorted_segment_sqrt_n(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """The sums of the rows with equal ids over the roots of their numbers, see `unsorted_segment_max`."""
    data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
    return unsorted_segment_sum(data, ids, num_segments) / sqrt(_sizes(data, ids, num_segments))
