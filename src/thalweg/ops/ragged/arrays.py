"""Dimensions of ragged tensors: added, dropped, reversed, repeated; sizes and ranks; one-hot codes."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.convert import convert_to_tensor
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from .. import arrays as dense
from .. import creation
from ..common import constant_value
from ..ranges import one_hot as dense_one_hot
from ..ranges import range as range_of
from . import checks
from .axes import positive_axis
from .partition import RowPartition
from .ranges import pick_ranges, rows_of
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor


def expand_dims(input: Any, axis: Any, name: str | None = None) -> Any:
    """`tf.expand_dims` of a ragged tensor: the new dimension is uniform, of size 1."""
    x = as_ragged_or_tensor(input)
    if not isinstance(x, RaggedTensor):
        return dense.expand_dims(x, axis)
    if isinstance(axis, Tensor):
        axis = int(constant_value(axis))
    rank = None if x.shape.rank is None else x.shape.rank + 1
    axis = positive_axis(axis, rank, ndims_name="rank(input)")
    with name_scope(name or "RaggedExpandDims"):
        if axis == 0:
            rows = x._row_partition.static_nrows
            return RaggedTensor.from_uniform_row_length(x, x.nrows() if rows is None else rows, nrows=1, validate=False)
        if axis == 1:
            return RaggedTensor.from_uniform_row_length(x, 1, nrows=x.nrows(), validate=False)
        return x.with_values(expand_dims(x.values, axis - 1))


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Any:
    """`tf.squeeze` of a ragged tensor.

    Raises:
      ValueError: no axis.
      InvalidArgumentError: a dimension of another size than 1.
    """
    if axis is None:
        raise ValueError("Ragged.squeeze must have an axis argument.")
    x = as_ragged_or_tensor(input)
    with name_scope(name or "RaggedSqueeze"):
        listed = list(axis) if isinstance(axis, (list, tuple)) else [axis]
        if any(not isinstance(a, int) for a in listed):
            raise TypeError(f"Argument `axis` must be an int or a list of ints. Received {axis}.")
        for a in sorted({positive_axis(a, x.shape.rank, f"axis[{i}]", "rank(input)") for i, a in enumerate(listed)},
                        reverse=True):
            x = _squeeze_one(x, a)
        return x


def _squeeze_one(x: Any, axis: int) -> Any:
    if not isinstance(x, RaggedTensor):
        return dense.squeeze(x, [axis])
    if axis > 1:
        return x.with_values(_squeeze_one(x.values, axis - 1))
    partition = x._row_partition
    sizes = partition.nrows() if axis == 0 else partition.row_lengths()
    found = checks.assert_equal(sizes, convert_to_tensor(1, sizes.dtype), f"the given axis (axis = {axis}) is not "
                                                                          "squeezable!")
    values = x.values
    if not found:
        return values
    if isinstance(values, RaggedTensor):
        return values.with_flat_values(checks.after(found, values.flat_values))
    return checks.after(found, values)


def size(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> Any:
    """`tf.size` of a ragged tensor: the number of its values."""
    x = as_ragged_or_tensor(input)
    return creation.size(x.flat_values, dtypes.int32 if out_type is None else out_type, name)


def rank(input: Any, name: str | None = None) -> Any:
    """`tf.rank` of a ragged tensor."""
    x = as_ragged_or_tensor(input)
    known = x.flat_values.shape.rank
    if known is not None:
        return convert_to_tensor(x.ragged_rank + known, dtypes.int32)
    return creation.rank(x.flat_values) + x.ragged_rank


def one_hot(indices: Any, depth: Any, on_value: Any = None, off_value: Any = None, axis: Any = None, dtype: Any = None,
            name: str | None = None) -> Any:
    """`tf.one_hot` of ragged indices; the new dimension lies behind the ragged ones.

    Raises:
      ValueError: an axis before them.
    """
    x = as_ragged_or_tensor(indices)
    if isinstance(axis, int) and axis >= 0:
        if axis <= x.ragged_rank:
            raise ValueError("axis may not be less than 0" if axis < 0 else
                             f"axis ({axis}) must be greater than indices.ragged_rank ({x.ragged_rank}).")
        axis -= x.ragged_rank
    with name_scope(name or "RaggedOneHot"):
        return x.with_flat_values(dense_one_hot(x.flat_values, depth, on_value, off_value, axis, dtype))


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Any:
    """`tf.reverse` of a ragged tensor: within ragged dimensions row by row.

    Raises:
      TypeError: axes that are no list.
      ValueError: axes that are not known.
    """
    if isinstance(axis, Tensor):
        axis = constant_value(axis)
        if axis is None:
            raise ValueError("`axis` must be known at graph construction time.")
    x = as_ragged_or_tensor(tensor)
    with name_scope(name or "Reverse"):
        listed = np.asarray(axis).tolist()
        if not isinstance(listed, list):
            raise TypeError("`axis` must be a list of int or a constant tensor when reversing axes in a ragged tensor")
        found = [positive_axis(a, x.shape.rank, f"axis[{i}]", "rank(tensor)") for i, a in enumerate(listed)]
        for a in sorted(found):
            x = _reverse_one(x, a)
        return x


def _reverse_one(x: Any, axis: int) -> Any:
    if not isinstance(x, RaggedTensor):
        return dense.reverse(x, [axis])
    partition = x._row_partition
    if axis == 0:
        rows = partition.nrows()
        return rows_of(x, rows - 1 - range_of(rows))
    if axis == 1:
        picked = pick_ranges(x.values, partition.row_limits() - 1, partition.row_starts() - 1, -1)
        return RaggedTensor(picked.values, partition, internal=True)
    return x.with_values(_reverse_one(x.values, axis - 1))


def tile(input: Any, multiples: Any, name: str | None = None) -> Any:
    """`tf.tile` of a ragged tensor: each dimension so many times behind itself.

    Raises:
      ValueError: another number of multiples than dimensions.
    """
    x = as_ragged_or_tensor(input)
    with name_scope(name or "RaggedTile"):
        times = multiples if isinstance(multiples, Tensor) else convert_to_tensor(multiples, x._row_partition.dtype)
        known = constant_value(times)
        rank_ = x.shape.rank
        if times.shape.rank == 1 and times.shape[0] is not None and rank_ is not None and times.shape[0] != rank_:
            raise ValueError(f"Shape ({times.shape[0]},) and rank {rank_} are incompatible: one multiple for each dimension")
        return _tile(x, times, known, 0)


def _tile(x: Any, times: Any, known: Any, axis: int) -> Any:
    """Tiles the dimensions of `x`, whose first one is dimension `axis` of the whole."""
    from ..casting import cast
    if not isinstance(x, RaggedTensor):
        return dense.tile(x, times[axis:] if known is None else known[axis:])
    partition = x._row_partition
    values = _tile_inner(x.values, times, known, axis + 1)
    x = RaggedTensor(values, partition, internal=True)
    x = _repeat_rows(x, times, known, axis + 1)
    count = times[axis] if known is None else int(known[axis])
    if isinstance(count, int) and count == 1:
        return x
    rows = x._row_partition.nrows()
    order = dense.tile(range_of(rows), [count] if isinstance(count, int) else cast(count, dtypes.int32)[None])
    return rows_of(x, order)


def _tile_inner(values: Any, times: Any, known: Any, axis: int) -> Any:
    """Tiles the dimensions behind the first one of the values of a ragged dimension."""
    if isinstance(values, RaggedTensor):
        inner = _tile_inner(values.values, times, known, axis + 1)
        return _repeat_rows(RaggedTensor(inner, values._row_partition, internal=True), times, known, axis + 1)
    if values.shape.rank == 1:
        return values
    if known is not None:
        return dense.tile(values, [1, *[int(k) for k in known[axis + 1:]]])
    rest = times[axis + 1:]
    return dense.tile(values, dense.concat([creation.ones([1], rest.dtype), rest], 0))


def _repeat_rows(x: RaggedTensor, times: Any, known: Any, axis: int) -> RaggedTensor:
    """What is in each row so many times behind itself."""
    from ..casting import cast
    partition = x._row_partition
    count = times[axis] if known is None else int(known[axis])
    if isinstance(count, int) and count == 1:
        return x
    starts = dense.repeat(partition.row_starts(), count, axis=0)
    limits = dense.repeat(partition.row_limits(), count, axis=0)
    picked = pick_ranges(x.values, starts, limits)
    factor = count if isinstance(count, int) else cast(count, partition.dtype)
    new = RowPartition.from_row_splits(partition.row_splits() * factor, validate=False)
    return RaggedTensor(picked.values, new, internal=True)


def split(value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str = "split") -> list[Any]:
    """`tf.split` of a ragged tensor: parts with equally many or given numbers of slices.

    Raises:
      ValueError: a ragged dimension, a number of parts that is not known, or one that does not divide the dimension.
    """
    x = as_ragged_or_tensor(value)
    axis = positive_axis(int(constant_value(axis)) if isinstance(axis, Tensor) else axis, x.shape.rank, "axis", "rank(value)")
    if axis > 0 and x.shape[axis] is None and axis <= x.ragged_rank and not x._nested_row_partitions[axis - 1].is_uniform():
        from .dynamic_shape import DynamicRaggedShape
        raise ValueError(f"Cannot split a ragged dimension. Got `value` with shape {DynamicRaggedShape.from_tensor(x)} and "
                         f"`axis` {axis}.")
    sizes = num_or_size_splits if not isinstance(num_or_size_splits, Tensor) else constant_value(num_or_size_splits)
    with name_scope(name or "RaggedSplit"):
        if sizes is None or np.ndim(sizes) == 1:
            return _split_by_sizes(x, num_or_size_splits if sizes is None else sizes, axis, num)
        if np.ndim(sizes):
            raise ValueError("Rank of num_or_size_splits must be 0 or 1")
        count = int(sizes)
        if count <= 0:
            raise ValueError("num_or_size_splits must be positive")
        whole = _dimension(x, axis)
        if isinstance(whole, int):
            if whole % count:
                raise errors.InvalidArgumentError(None, None, "Cannot exactly split the `axis` dimension of `value` "
                                                           "with the given `num_or_size_split`.")
            part: Any = whole // count
        else:
            part = whole // count
        return [_cut(x, axis, i * part, (i + 1) * part) for i in range(count)]


def _dimension(x: RaggedTensor, axis: int) -> Any:
    known = x.shape[axis]
    if known is not None:
        return int(known)
    return x.nrows() if axis == 0 else x.bounding_shape(axis)


def _cut(x: RaggedTensor, axis: int, start: Any, stop: Any) -> Any:
    return x[(*[slice(None)] * axis, slice(start, stop))]


def _split_by_sizes(x: RaggedTensor, sizes: Any, axis: int, num: int | None) -> list[Any]:
    if not isinstance(sizes, Tensor):
        ends = np.cumsum(sizes).tolist()
        whole = _dimension(x, axis)
        if isinstance(whole, int) and ends and ends[-1] != whole:
            raise errors.InvalidArgumentError(None, None, "Cannot exactly split the `axis` dimension of `value` "
                                                           "with the given `num_or_size_split`.")
        return [_cut(x, axis, b - n, b) for b, n in zip(ends, np.asarray(sizes).tolist(), strict=True)]
    count = num if num is not None else sizes.shape[0]
    if count is None:
        raise ValueError("`num` must be specified when `num_or_size_splits` is a tensor of unknown size")
    from ..cumulative import cumsum
    ends = cumsum(sizes)
    return [_cut(x, axis, ends[i] - sizes[i], ends[i]) for i in range(count)]
