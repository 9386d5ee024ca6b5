"""Order: the largest elements, sorting, searching in sorted sequences, distinct elements."""
from __future__ import annotations

from collections import namedtuple
from math import prod
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.context import ctx
from ..core.convert import convert_to_tensor, to_array
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.scopes import scoped
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import EagerTensor, Tensor
from .common import REALS, match, shape_of, shape_text, static_shape
from .creation import ints, listed
from .layout import bad
from .requirements import require_within

Unique = namedtuple("Unique", ["y", "idx"])
UniqueWithCounts = namedtuple("UniqueWithCounts", ["y", "idx", "count"])
ListDiff = namedtuple("ListDiff", ["out", "idx"])
TopKV2 = namedtuple("TopKV2", ["values", "indices"])


# The entries.


def _top_shape(op: Any) -> Any:
    x, k = op.inputs
    dims = unknown_shape() if x.shape.rank is None else \
        x.shape[:-1].concatenate([None if k.value is None else ints(k.value)[0]])
    if dims.rank and dims[-1] is not None and x.shape[-1] is not None and dims[-1] > x.shape[-1]:
        raise ValueError(f"input must have last dimension >= k = {dims[-1]} but is {x.shape[-1]}")
    return [(dims, x.dtype), (dims, op.attrs.get("index_type", dtypes.int32))]


def _descending(xp: Any, x: Any) -> Any:
    """The order from the largest to the smallest along the last axis; of equals the first comes first."""
    n = x.shape[-1]
    order = np.argsort(x[..., ::-1], axis=-1, kind="stable") if xp is np else xp.argsort(x[..., ::-1], axis=-1)
    return (n - 1) - order[..., ::-1]


@op("TopKV2", "input: T, k: Tk static -> values: T, indices: index_type",
    attrs=f"sorted: bool = true; T: {{{REALS}}}; Tk: {{int16, int32, int64}} = int32; "
    "index_type: {int16, int32, int64} = int32", infer=_top_shape)
def top_k_(xp: Any, x: Any, k: Any, sorted: bool = True, index_type: dtypes.DType = dtypes.int32) -> Any:
    count = ints(k)[0] if not isinstance(k, int) else k
    if not x.ndim:
        raise bad("input must be >= 1-D, got shape []")
    if count < 0:
        raise bad(f"Need k >= 0, got {count}")
    if count > x.shape[-1]:
        raise bad(f"input must have at least k columns. Had {x.shape[-1]}, needed {count}")
    if count == 1 and x.size:
        order = xp.expand_dims(xp.argmax(x, -1), -1)
    else:
        order = _descending(xp, x)[..., :count]
    return xp.take_along_axis(x, order, -1), order.astype(index_type.np)


@top_k_.vjp(0)
def _(op: Any, dy: Any, _: Any) -> Any:
    from .arrays import reshape
    from .casting import cast
    from .gathering import unsorted_segment_sum_
    from .ranges import range as range_op
    x, (_, indices) = op.inputs[0], op.outputs
    known, part = static_shape(x), static_shape(indices)
    if known is None or part is None:
        from .creation import shape, size
        from .indexing import getitem
        width, count = getitem(shape(x), -1), getitem(shape(indices), -1)
        rows, whole = size(x) // width, size(x)
        lines = reshape(indices, _two(-1, count))
    else:
        width, count, rows, whole = known[-1], part[-1], prod(known[:-1]), prod(known)
        lines = reshape(indices, [rows, count])
    places = cast(lines, dtypes.int32) + reshape(range_op(rows) * width, [-1, 1])
    total = apply(unsorted_segment_sum_, (reshape(dy, [-1]), reshape(places, [-1]), whole))
    return reshape(total, shape_of(x))


def _two(first: int, second: Any) -> Any:
    from .arrays import stack
    return stack([first, second])


def _bound(type: str, side: Any) -> OpDef:
    @op(type, "sorted_inputs: T, values: T -> output: out_type", attrs="T: type; out_type: {int32, int64} = int32",
        infer=lambda op: [(op.inputs[1].shape, op.attrs.get("out_type", dtypes.int32))])
    def entry(xp: Any, table: Any, values: Any, out_type: dtypes.DType = dtypes.int32) -> Any:
        if table.ndim != 2 or values.ndim != 2:
            raise bad(f"{'sorted input' if table.ndim != 2 else 'values'} argument must be a matrix")
        if table.shape[0] != values.shape[0]:
            raise bad("Leading dim_size of both tensors must match.")
        # By halving, since a table that is not in order, or has NaN in it, shows which places were looked at.
        first, count = xp.zeros(values.shape, np.int64), xp.full(values.shape, table.shape[1], np.int64)
        for _ in range(table.shape[1].bit_length()):
            step = count // 2
            middle = xp.take_along_axis(table, xp.minimum(first + step, table.shape[1] - 1), 1)
            right = (count > 0) & (middle < values if side == "left" else ~(values < middle))
            first, count = xp.where(right, first + step + 1, first), xp.where(right, count - step - 1, step)
        return first.astype(out_type.np)
    return entry.not_differentiable()


lower_bound = _bound("LowerBound", "left")
upper_bound = _bound("UpperBound", "right")


def _distinct(x: Any, out_idx: dtypes.DType, axis: int | None = None) -> tuple[Any, Any, Any]:
    """The distinct elements in the order in which they first appear, where each comes, and how often."""
    y, first, inverse, counts = np.unique(x, return_index=True, return_inverse=True, return_counts=True, axis=axis,
                                          equal_nan=False)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    y = x[first[order]] if axis is None else np.take(y, order, axis)
    return y, rank[inverse.reshape(-1)].astype(out_idx.np), counts[order].astype(out_idx.np)


def _distinct_shapes(op: Any) -> Any:
    dtype = op.attrs.get("out_idx", dtypes.int32)
    x = op.inputs[0]
    if len(op.inputs) == 1:
        y, idx = unknown_shape(1), x.shape
    else:
        y, idx = unknown_shape(x.shape.rank), unknown_shape(1)
    return [(y, x.dtype), (idx, dtype), (unknown_shape(1), dtype)][:2 + op.op.type.startswith("UniqueWith")]


def _unique(type: str, inputs: str, outputs: str, attrs: str) -> OpDef:
    @op(type, f"{inputs} -> {outputs}", attrs=attrs, dynamic=True, infer=_distinct_shapes)
    def entry(xp: Any, x: Any, axis: Any = None, out_idx: dtypes.DType = dtypes.int32) -> Any:
        axes = [] if axis is None else ints(axis)
        if not axes and x.ndim != 1:
            raise bad("unique expects a 1D vector.")
        if len(axes) > 1:
            raise bad("axis does not support input tensors larger than 1 elements")
        found = _distinct(x, out_idx, axes[0] if axes and x.ndim > 1 else None)
        return found[:2 + type.startswith("UniqueWith")]
    return entry


_OUT = "out_idx: {int32, int64} = int32"
unique_v1 = _unique("Unique", "x: T", "y: T, idx: out_idx", f"T: type; {_OUT}")
unique_v2 = _unique("UniqueV2", "x: T, axis: Taxis static", "y: T, idx: out_idx",
                    f"T: type; Taxis: {{int32, int64}} = int64; {_OUT}")
counts_v1 = _unique("UniqueWithCounts", "x: T", "y: T, idx: out_idx, count: out_idx", f"T: type; {_OUT}")
counts_v2 = _unique("UniqueWithCountsV2", "x: T, axis: Taxis static", "y: T, idx: out_idx, count: out_idx",
                    f"T: type; Taxis: {{int32, int64}} = int64; {_OUT}")


@op("ListDiff", "x: T, y: T -> out: T, idx: out_idx", attrs=f"T: type; {_OUT}", dynamic=True,
    infer=lambda op: [(unknown_shape(1), op.inputs[0].dtype), (unknown_shape(1), op.attrs.get("out_idx", dtypes.int32))])
def list_diff(xp: Any, x: Any, y: Any, out_idx: dtypes.DType = dtypes.int32) -> Any:
    for values, name in ((x, "x"), (y, "y")):
        if values.ndim != 1:
            raise bad(f"{name} should be a 1D vector.")
    places = np.flatnonzero(~np.isin(x, y))
    return x[places], places.astype(out_idx.np)


@op("UnravelIndex", "indices: Tidx, dims: Tidx static -> output: Tidx", attrs="Tidx: {int32, int64} = int32",
    infer=lambda op: TensorShape([op.inputs[1].shape[0] if op.inputs[1].shape.rank else None]).concatenate(
        unknown_shape() if op.inputs[0].shape.rank is None else
        TensorShape([op.inputs[0].shape.num_elements()] if op.inputs[0].shape.rank else [])))
def unravel_index_(xp: Any, indices: Any, dims: Any) -> Any:
    sizes = ints(dims)
    if 0 in sizes:
        raise bad("Input dims cannot contain a dim of zero, but dims contains zero at index "
                  f"{sizes.index(0)}")
    if indices.ndim > 1:
        raise bad(f'The indices can only be scalar or vector, got "{shape_text(indices.shape)}"')
    if not indices.size:
        raise bad(f"received empty tensor indices: Tensor<type: {dtypes.type_name(dtypes.from_numpy(indices.dtype))} shape: "
                  f"{shape_text(indices.shape)} values: >")
    if xp is np and indices.size and (int(indices.min()) < 0 or int(indices.max()) >= prod(sizes)):
        raise bad("index is out of bound as with dims")
    require_within(xp, indices, prod(sizes))
    out = xp.stack(xp.unravel_index(indices.reshape(-1) if indices.ndim else indices, tuple(sizes)))
    return out.astype(indices.dtype)


unravel_index_.not_differentiable()


# The public functions.


def top_k(input: Any, k: Any = 1, sorted: bool = True, index_type: Any = dtypes.int32,
          name: str | None = None) -> Any:
    """The `k` largest elements of each row and where they are, largest first.

    Returns:
      A named tuple `(values, indices)` of shape `input.shape[:-1] + [k]`.

    Raises:
      InvalidArgumentError: the rows are shorter than `k`.
    """
    count = int(k) if isinstance(k, EagerTensor) else k
    out = apply(top_k_, (convert_to_tensor(input), count),
                {"sorted": sorted, "index_type": dtypes.as_dtype(index_type)}, name)
    return TopKV2(*out)


def _direction(direction: str) -> bool:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"Argument `direction` should be one of ASCENDING, DESCENDING. Received: direction={direction}")
    return direction == "DESCENDING"


def _check_axis(axis: int, x: Any) -> int:
    rank = x.shape.rank
    if rank is not None and not -rank <= axis < rank:
        from .indexing import getitem
        getitem(convert_to_tensor(np.zeros(rank, np.int32)), axis)
    return axis


@scoped("sort")
def sort(values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None) -> Any:
    """The elements in order along an axis.

    Raises:
      ValueError: another direction than "ASCENDING" or "DESCENDING".
      InvalidArgumentError: `axis` is out of range, or a dtype without an order.
    """
    descending = _direction(direction)
    x = convert_to_tensor(values)
    axis = _check_axis(int(axis), x)
    if type(x) is EagerTensor and ctx.elsewhere is None and not ctx.tapes and x._value.dtype.kind in "fiu":
        out = np.sort(x._value, axis)
        return EagerTensor(np.flip(out, axis) if descending else out, x._dtype)
    return _on_last_axis(x, axis, lambda t: _sorted(t, descending)[0])


@scoped("argsort")
def argsort(values: Any, axis: int = -1, direction: str = "ASCENDING", stable: bool = False,
            name: str | None = None) -> Any:
    """The int32 indices that sort a tensor along an axis; of equals the first comes first.

    Raises:
      ValueError: another direction than "ASCENDING" or "DESCENDING".
      InvalidArgumentError: `axis` is out of range, or a dtype without an order.
    """
    descending = _direction(direction)
    x = convert_to_tensor(values)
    axis = _check_axis(int(axis), x)
    return _on_last_axis(x, axis, lambda t: _sorted(t, descending)[1])


def _on_last_axis(x: Any, axis: int, function: Any) -> Any:
    """Applies a function along another axis than the last by moving it there."""
    rank = x.shape.rank
    if axis == -1 or rank is not None and axis == rank - 1:
        return function(x)
    from .arrays import transpose
    if rank is None:
        from .arrays import concat
        from .creation import rank as rank_op
        from .ranges import range as range_op
        n = rank_op(x)
        axis = axis if axis >= 0 else n + axis
        out = function(transpose(x, concat([range_op(axis), range_op(axis + 1, n), [axis]], 0)))
        return transpose(out, concat([range_op(axis), [n - 1], range_op(axis, n - 1)], 0))
    order = [i for i in range(rank) if i != axis % rank] + [axis % rank]
    back = [order.index(i) for i in range(rank)]
    return transpose(function(transpose(x, order)), back)


def _sorted(x: Any, descending: bool) -> tuple[Any, Any]:
    """The sorted rows and the order, by way of the largest elements."""
    from .indexing import getitem
    size = x.shape[-1] if x.shape[-1] is not None else getitem(shape_of(x), -1)
    if descending:
        out = top_k(x, size)
        return out.values, out.indices
    if x.dtype.is_unsigned:
        top = convert_to_tensor(x.dtype.max, x.dtype)
        out = top_k(top - x, size)
        return top - out.values, out.indices
    if x.dtype.is_integer:
        # Not -x, which the smallest integer does not have.
        out = top_k(-1 - x, size)
        return -1 - out.values, out.indices
    out = top_k(-x, size)
    return -out.values, out.indices


def searchsorted(sorted_sequence: Any, values: Any, side: str = "left", out_type: Any = dtypes.int32,
                 name: str | None = None) -> Any:
    """Where values belong in sorted rows.

    Args:
      sorted_sequence: rows in ascending order along the last axis.
      values: a tensor with the same leading dimensions.
      side: "left" for the first place, "right" for the last.
      out_type: int32 or int64.

    Raises:
      ValueError: another side.
      InvalidArgumentError: the leading dimensions differ.
    """
    from .arrays import reshape
    from .creation import shape as shape_op
    from .indexing import getitem
    if side not in ("left", "right"):
        raise ValueError(f"Argument `side` must be either 'right' or 'left'. Received: `side` = '{side}'.")
    table, wanted = convert_to_tensor(sorted_sequence), convert_to_tensor(values)
    rows = []
    for x in (table, wanted):
        known = static_shape(x)
        if known:
            shape: Any = [prod(known[:-1]), known[-1]]
        else:
            shape = _two(-1, getitem(shape_op(x) if known is not None else shape_of(x), -1))
        rows.append(reshape(x, shape))
    entry = lower_bound if side == "left" else upper_bound
    return reshape(apply(entry, rows, {"out_type": dtypes.as_dtype(out_type)}, name), shape_of(wanted))


def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Any:
    """The distinct elements of a one-dimensional tensor in the order in which they first appear.

    Returns:
      A named tuple `(y, idx)` with `x[i] = y[idx[i]]`.

    Raises:
      InvalidArgumentError: not one-dimensional.
    """
    return Unique(*apply(unique_v1, (convert_to_tensor(x),), {"out_idx": dtypes.as_dtype(out_idx)}, listed(name, x)))


def unique_with_counts(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Any:
    """`unique`, and how often each element appears.

    Returns:
      A named tuple `(y, idx, count)`.

    Raises:
      InvalidArgumentError: not one-dimensional.
    """
    attrs = {"out_idx": dtypes.as_dtype(out_idx)}
    return UniqueWithCounts(*apply(counts_v1, (convert_to_tensor(x),), attrs, listed(name, x)))


def setdiff1d(x: Any, y: Any, index_dtype: Any = dtypes.int32, name: str | None = None) -> Any:
    """The elements of a one-dimensional tensor that are not in another, and where they are.

    Returns:
      A named tuple `(out, idx)`.

    Raises:
      InvalidArgumentError: not one-dimensional.
    """
    x = convert_to_tensor(x)
    attrs = {"out_idx": dtypes.as_dtype(index_dtype)}
    return ListDiff(*apply(list_diff, (x, match(y, x.dtype)), attrs, listed(name, x, y)))


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Any:
    """The coordinates of flat positions in an array of shape `dims`: shape `[len(dims), n]`.

    Raises:
      InvalidArgumentError: a position out of range.
    """
    indices = convert_to_tensor(indices)
    sizes = dims if isinstance(dims, Tensor) else to_array(dims, indices.dtype)
    return apply(unravel_index_, (indices, sizes), name=listed(name, indices, dims))
