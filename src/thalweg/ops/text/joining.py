"""Joining strings: of several tensors, along axes, by segment."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import errors
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.scopes import name_scope
from ...core.shape import TensorShape, unknown_shape
from ...core.tensor import Tensor
from ..common import shape_text
from ..creation import ints, listed
from ..layout import bad
from .values import array_of, as_strings, name_for, packed


def _join_shape(op: Any) -> TensorShape:
    shapes = [i.shape for i in op.inputs if i.shape.rank != 0]
    if not op.inputs or not shapes:
        return TensorShape([])
    found = unknown_shape()
    for s in shapes:
        if found.rank is not None and s.rank is not None and found.rank != s.rank:
            raise ValueError(f"Shapes must be equal rank, but are {found.rank} and {s.rank}")
        if found.rank is not None and s.rank is not None:
            for i, (a, b) in enumerate(zip(found.as_list(), s.as_list(), strict=True)):
                if a is not None and b is not None and a != b:
                    raise ValueError(f"Dimension {i} in both shapes must be equal, but are {a} and {b}. Shapes are "
                                     f"{shape_words(found)} and {shape_words(s)}.")
        found = found.merge_with(s)
    return found


def shape_words(shape: TensorShape) -> str:
    """A static shape as TensorFlow's messages show it: `[?,3]`."""
    return "[" + ",".join("?" if d is None else str(d) for d in shape.as_list()) + "]"


@op("StringJoin", "inputs: N * string -> output: string", attrs='N: int; separator: string = ""', infer=_join_shape,
    host=True)
def string_join(xp: Any, *inputs: Any, separator: str = "") -> Any:
    shape: tuple[int, ...] = ()
    inputs = tuple(map(array_of, inputs))
    for x in inputs:
        if x.ndim:
            if shape and x.shape != shape:
                raise bad(f"Input shapes do not match: {shape_text(shape)} vs. {shape_text(x.shape)}")
            shape = x.shape
    between = separator.encode()
    if not shape:
        return packed([between.join(x[()] for x in inputs)], ())
    columns = [np.broadcast_to(x, shape).reshape(-1).tolist() for x in inputs]
    return packed(map(between.join, zip(*columns, strict=True)), shape)


def _reduce_shape(op: Any) -> TensorShape:
    x, axes = op.inputs
    keep = op.attrs.get("keep_dims", False)
    if x.shape.rank is None or axes.value is None:
        return unknown_shape(x.shape.rank if keep else None)
    rank = x.shape.rank
    gone = set()
    for a in ints(axes.value):
        if not -rank <= a < rank:
            raise ValueError(f"Invalid reduction dimension {a} for input with {rank} dimensions.")
        gone.add(a % rank)
    if keep:
        return TensorShape([1 if i in gone else d for i, d in enumerate(x.shape.as_list())])
    return TensorShape([d for i, d in enumerate(x.shape.as_list()) if i not in gone])


@op("ReduceJoin", "inputs: string, reduction_indices: int32 static -> output: string",
    attrs='keep_dims: bool = false; separator: string = ""', infer=_reduce_shape, host=True)
def reduce_join_(xp: Any, x: Any, axes: Any, keep_dims: bool = False, separator: str = "") -> Any:
    """Of several axes the first that is given varies fastest."""
    x, found = array_of(x), list[int]()
    for a in ints(axes):
        if not -x.ndim <= a < x.ndim:
            raise errors.OutOfRangeError(f"Invalid reduction dimension {a} for input with {x.ndim} dimension(s)")
        if a % x.ndim in found:
            raise bad(f"Duplicate reduction dimension {a}")
        found.append(a % x.ndim)
    if not found:
        return x
    kept = [i for i in range(x.ndim) if i not in found]
    shape = [x.shape[i] for i in kept]
    rows = x.transpose(kept + found[::-1]).reshape(int(np.prod(shape)), -1) if x.size else [[]] * int(np.prod(shape))
    between = separator.encode()
    if keep_dims:
        shape = [1 if i in found else d for i, d in enumerate(x.shape)]
    return packed((between.join(row) for row in (rows if isinstance(rows, list) else rows.tolist())), shape)


def _segment_shape(op: Any) -> TensorShape:
    x, ids, count = op.inputs
    if x.shape.rank is None or ids.shape.rank is None:
        return unknown_shape()
    for a, b in zip(x.shape.as_list(), ids.shape.as_list(), strict=False):
        if a is not None and b is not None and a != b:
            raise ValueError(f"Dimensions must be equal, but are {a} and {b}")
    return TensorShape([None if count.value is None else ints(count.value)[0]]).concatenate(x.shape[ids.shape.rank:])


@op("UnsortedSegmentJoin", "inputs: string, segment_ids: Tindices, num_segments: Tnumsegments static -> output: string",
    attrs='separator: string = ""; Tindices: {int32, int64}; Tnumsegments: {int32, int64} = int32',
    infer=_segment_shape, host=True)
def unsorted_segment_join_(xp: Any, x: Any, ids: Any, count: Any, separator: str = "") -> Any:
    number = ints(count)[0]
    if number < 0:
        raise bad(f"Number of segments must be non-negative but got {number}")
    if not ids.ndim:
        raise bad("Segment_id cannot have rank 0")
    if ids.ndim > x.ndim:
        raise bad("segment_ids must have a rank of at most that of the inputs")
    for i, d in enumerate(ids.shape):
        if d != x.shape[i]:
            raise bad(f"Segment dimension is {d} while input dimension is {x.shape[i]} in rank {i}")
    flat = ids.reshape(-1)
    if flat.size and (flat.min() < 0 or flat.max() >= number):
        raise bad("segment_ids are not allowed to exceed num_segments or to have negative values.")
    inner = x.shape[ids.ndim:]
    width = int(np.prod(inner))
    parts: list[list[list[bytes]]] = [[[] for _ in range(width)] for _ in range(number)]
    for segment, row in zip(flat.tolist(), x.reshape(flat.size, width).tolist(), strict=True):
        for cell, value in zip(parts[segment], row, strict=True):
            cell.append(value)
    between = separator.encode()
    return packed((between.join(cell) for row in parts for cell in row), (number, *inner))


for _entry in (string_join, reduce_join_, unsorted_segment_join_):
    _entry.not_differentiable()


# The public functions.


def join(inputs: Any, separator: str = "", name: str | None = None) -> Any:
    """The strings of several tensors, joined element by element.

    Args:
      inputs: a list of string tensors of one shape; scalars go with every element.

    Raises:
      InvalidArgumentError: the shapes differ.
    """
    if any(hasattr(x, "flat_values") for x in inputs):
        return _ragged_join(inputs, separator, name)
    return apply(string_join, [as_strings(x) for x in inputs], {"separator": separator}, name_for(name, *inputs))


def _ragged_join(inputs: Any, separator: str, name: str | None) -> Any:
    """`join` where some inputs are ragged: their rows are alike, and the others are scalars."""
    first = next(x for x in inputs if hasattr(x, "flat_values"))
    flat = []
    for x in inputs:
        if not hasattr(x, "flat_values"):
            x = as_strings(x)
            if x.shape.rank != 0:
                raise ValueError("Beside ragged tensors the inputs of a join must be ragged or scalars.")
        flat.append(x.flat_values if hasattr(x, "flat_values") else x)
    return first.with_flat_values(join(flat, separator, name))


def reduce_join(inputs: Any, axis: Any = None, keepdims: bool = False, separator: str = "",
                name: str | None = None) -> Any:
    """The strings along some axes joined into one.

    Args:
      axis: an int or list of ints, of which the first varies fastest; all axes where missing, row by row.
      keepdims: whether the axes stay, with length one.

    Raises:
      OutOfRangeError: there is no such axis. InvalidArgumentError: an axis given twice.
    """
    x = as_strings(inputs)
    if axis is None:
        axes: Any = list(range(x.shape.rank))[::-1] if x.shape.rank is not None else _all_axes(x)
    else:
        axes = axis if isinstance(axis, Tensor) else ints(axis)
    attrs = {"keep_dims": bool(keepdims), "separator": separator}
    if ctx.graph is None:
        return apply(reduce_join_, (x, axes), attrs, listed(name, inputs))
    with name_scope(name or "ReduceJoin"):
        return apply(reduce_join_, (x, axes), attrs)


def _all_axes(x: Any) -> Any:
    from ..creation import rank
    from ..ranges import range as range_op
    return range_op(rank(x) - 1, -1, -1)


def reduce_join_v1(inputs: Any, axis: Any = None, keep_dims: Any = None, separator: str = "", name: str | None = None,
                   reduction_indices: Any = None, keepdims: Any = None) -> Any:
    """`reduce_join`; `keep_dims` and `reduction_indices` are older names of `keepdims` and `axis`."""
    return reduce_join(inputs, reduction_indices if axis is None else axis, bool(keep_dims if keepdims is None else keepdims),
                       separator, name)


def unsorted_segment_join(inputs: Any, segment_ids: Any, num_segments: Any, separator: str = "",
                          name: str | None = None) -> Any:
    """Joins the strings of each segment, in the order in which they come.

    Args:
      segment_ids: the segment of each string; its shape is the first part of that of `inputs`.
      num_segments: how many there are; one without strings gives an empty string.

    Raises:
      InvalidArgumentError: a segment out of range, shapes that do not fit.
    """
    count = num_segments if isinstance(num_segments, Tensor) else int(num_segments)
    return apply(unsorted_segment_join_, (as_strings(inputs), convert_to_tensor(segment_ids), count),
                 {"separator": separator}, name_for(name, inputs, segment_ids))


