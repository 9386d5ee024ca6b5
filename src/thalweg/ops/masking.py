"""Picking by condition: Where, boolean masks, partitions, reversed sequences, embedding lookups."""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import op
from ..core.scopes import scoped
from ..core.shape import TensorShape, unknown_shape
from .common import NUMBERS, same_dtypes, shape_of, shape_text, static_shape, unchanged
from .creation import listed
from .gathering import gather
from .layout import bad
from .requirements import require_within


@op("Where", "input: T -> index: int64", attrs=f"T: {{{NUMBERS}, bool}} = bool", dynamic=True,
    infer=lambda op: [(TensorShape([None, op.inputs[0].shape.rank]), dtypes.int64)])
def where_(xp: Any, x: Any) -> Any:
    if not x.ndim:
        raise bad("WhereOp : Unhandled input dimensions: 0")
    return np.stack(np.nonzero(x), 1).astype(np.int64, copy=False)


where_.not_differentiable()


def _partition_shape(op: Any) -> Any:
    data, partitions = op.inputs
    rest = unknown_shape() if data.shape.rank is None or partitions.shape.rank is None else \
        TensorShape([None]).concatenate(data.shape[partitions.shape.rank:])
    return [(rest, data.dtype)] * op.attrs["num_partitions"]


@op("DynamicPartition", "data: T, partitions: int32 -> outputs: num_partitions * T",
    attrs="num_partitions: int; T: type", dynamic=True, infer=_partition_shape)
def dynamic_partition_(xp: Any, data: Any, partitions: Any, num_partitions: int = 1) -> Any:
    if data.shape[:partitions.ndim] != partitions.shape:
        raise bad(f"data.shape must start with partitions.shape, got data.shape = {shape_text(data.shape)}, "
                  f"partitions.shape = {shape_text(partitions.shape)}")
    flat = partitions.reshape(-1)
    if flat.size and (int(flat.min()) < 0 or int(flat.max()) >= num_partitions):
        from .gathering import place_text
        position = int(np.flatnonzero((flat < 0) | (flat >= num_partitions))[0])
        place = place_text(position, partitions.shape)
        raise bad(f"partitions{place} = {flat[position]} is not in [0, {num_partitions})")
    rows = data.reshape((flat.size, *data.shape[partitions.ndim:]))
    return tuple([rows[flat == i] for i in range(num_partitions)])


@dynamic_partition_.vjp(0)
def _(op: Any, *dys: Any) -> Any:
    from .arrays import reshape
    from .ranges import range as range_op
    data, partitions = op.inputs
    count = partitions.shape.num_elements()
    if count is None:
        from .creation import size
        count = size(partitions)
    places = reshape(range_op(count), shape_of(partitions))
    parts = apply(dynamic_partition_, (places, partitions), {"num_partitions": len(dys)})
    return reshape(apply(dynamic_stitch_, (*_tuple(parts), *dys)), shape_of(data))


def _tuple(x: Any) -> tuple[Any, ...]:
    return tuple(x) if isinstance(x, (tuple, list)) else (x,)


def _stitched_shape(op: Any) -> Any:
    n = len(op.inputs) // 2
    rest = TensorShape(None)
    for index, data in zip(op.inputs[:n], op.inputs[n:], strict=True):
        if index.shape.rank is not None and data.shape.rank is not None:
            rest = rest.merge_with(data.shape[index.shape.rank:])
    values = [x.value for x in op.inputs[:n]]
    known = None if any(v is None for v in values) else max((int(v.max()) + 1 for v in values if v.size), default=0)
    return [(TensorShape([known]).concatenate(rest), op.inputs[n].dtype)]


def _stitch(xp: Any, *args: Any) -> Any:
    n = len(args) // 2
    size = 0
    for i, (index, data) in enumerate(zip(args[:n], args[n:], strict=True)):
        if data.shape[:index.ndim] != index.shape:
            raise bad(f"data[{i}].shape = {shape_text(data.shape)} does not start with indices[{i}].shape = "
                      f"{shape_text(index.shape)}")
        if index.size:
            size = max(size, int(index.max()) + 1)
    for index in args[:n]:
        if index.size and int(index.min()) < 0:
            raise bad("indices[0] is out of range")
    rest = args[n].shape[args[0].ndim:]
    out = np.zeros((size, *rest), args[n].dtype)
    for index, data in zip(args[:n], args[n:], strict=True):
        out[index.reshape(-1)] = data.reshape((index.size, *rest))
    return out


dynamic_stitch_ = op("DynamicStitch", "indices: N * int32, data: N * T -> merged: T", attrs="N: int; T: type",
                     dynamic=True, infer=_stitched_shape)(_stitch)
parallel_dynamic_stitch = op("ParallelDynamicStitch", "indices: N * int32, data: N * T -> merged: T",
                             attrs="N: int; T: type", dynamic=True, infer=_stitched_shape)(_stitch)


def _stitch_gradient(op: Any, dy: Any) -> Any:
    n = len(op.inputs) // 2
    if isinstance(dy, IndexedSlices):
        dy = convert_to_tensor(dy)
    return [None] * n + [gather(dy, index) for index in op.inputs[:n]]


dynamic_stitch_.gradient(_stitch_gradient)
parallel_dynamic_stitch.gradient(_stitch_gradient)


@op("ReverseSequence", "input: T, seq_lengths: Tlen -> output: T",
    attrs="seq_dim: int; batch_dim: int = 0; T: type; Tlen: {int32, int64} = int64", infer=unchanged)
def reverse_sequence_(xp: Any, x: Any, lengths: Any, seq_dim: int = 1, batch_dim: int = 0) -> Any:
    s, b = seq_dim % x.ndim, batch_dim % x.ndim
    if s == b:
        raise bad(f"batch_dim == seq_dim == {seq_dim}")
    if lengths.ndim != 1:
        raise bad(f"seq_lens input must be 1-dim, not {lengths.ndim}")
    if lengths.shape[0] != x.shape[b]:
        raise bad(f"Length of seq_lengths != input.dims({batch_dim}), ({lengths.shape[0]} vs. {x.shape[b]})")
    if xp is np and lengths.size:
        if int(lengths.min()) < 0:
            raise bad(f"seq_lens({int(lengths.argmin())}) < 0")
        if int(lengths.max()) > x.shape[s]:
            raise bad(f"seq_lens({int(np.flatnonzero(lengths > x.shape[s])[0])}) > input.dims({seq_dim})")
    require_within(xp, lengths, x.shape[s] + 1)
    steps = xp.arange(x.shape[s])
    places = xp.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)
    if b > s:
        places = places.T
    shape = [n if i in (s, b) else 1 for i, n in enumerate(x.shape)]
    return xp.take_along_axis(x, places.reshape(shape), s)


@reverse_sequence_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(reverse_sequence_, (dy, op.inputs[1]), op.attrs)


# The public functions.


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """The positions where `condition` is not zero, or `x` there and `y` elsewhere.

    Args:
      condition: a boolean tensor; any number with one argument.
      x, y: tensors of one dtype, which broadcast with `condition`.

    Returns:
      With one argument an int64 tensor of shape `[n, rank]`, else the broadcast choice.

    Raises:
      ValueError: only one of `x` and `y`.
    """
    if x is None and y is None:
        return apply(where_, (convert_to_tensor(condition),), name=listed(name, condition))
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    from .comparison import select
    return select(condition, x, y, name)


@scoped("boolean_mask")
def boolean_mask(tensor: Any, mask: Any, axis: Any = None, name: str = "boolean_mask") -> Any:
    """The slices of `tensor` at which `mask` is True.

    Args:
      tensor: a tensor.
      mask: booleans of a shape that the shape of `tensor` has at `axis`.
      axis: where the shapes start to agree, 0 unless given.

    Returns:
      Shape `tensor.shape[:axis] + [n] + tensor.shape[axis + mask.rank:]`.

    Raises:
      ValueError: a scalar mask, or one of another shape.
    """
    from .arrays import reshape
    from .casting import cast
    tensor, mask = convert_to_tensor(tensor), convert_to_tensor(mask)
    depth = mask.shape.rank
    if depth == 0:
        raise ValueError("mask cannot be scalar.")
    if depth is None:
        raise ValueError("Number of mask dimensions must be specified, even if some dimensions are None.  "
                         "E.g. shape=[None] is ok, but shape=None is not.")
    axis = 0 if axis is None else int(axis)
    if axis < 0:
        axis += tensor.shape.rank
    tensor.shape[axis:axis + depth].assert_is_compatible_with(mask.shape)
    known = static_shape(tensor)
    if depth > 1:
        if known is not None:
            shape: Any = [*known[:axis], prod(known[axis:axis + depth]), *known[axis + depth:]]
        else:
            from .arrays import concat
            from .indexing import getitem
            from .reductions import reduce_prod
            whole = shape_of(tensor)
            middle = reduce_prod(getitem(whole, slice(axis, axis + depth)), keepdims=True)
            shape = concat([getitem(whole, slice(0, axis)), middle, getitem(whole, slice(axis + depth, None))], 0)
        tensor, mask = reshape(tensor, shape), reshape(mask, [-1])
    rows = reshape(apply(where_, (cast(mask, dtypes.bool),)), [-1])
    return gather(tensor, rows, axis=axis)


def dynamic_partition(data: Any, partitions: Any, num_partitions: int, name: str | None = None) -> Any:
    """The slices of `data`, sorted into `num_partitions` tensors by the integers in `partitions`.

    Raises:
      InvalidArgumentError: a number outside `[0, num_partitions)`, or shapes that do not fit.
    """
    return list(_tuple(apply(dynamic_partition_, (convert_to_tensor(data), convert_to_tensor(partitions)),
                             {"num_partitions": int(num_partitions)}, listed(name, data, partitions))))


def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Any:
    """One tensor from many: `merged[indices[i][j]] = data[i][j]`, later ones winning.

    Raises:
      InvalidArgumentError: shapes that do not fit.
    """
    places = [convert_to_tensor(x) for x in indices]
    return apply(dynamic_stitch_, (*places, *same_dtypes(list(data))), name=listed(name, *indices, *data))


def reverse_sequence(input: Any, seq_lengths: Any, seq_axis: int | None = None, batch_axis: int | None = None,
                     name: str | None = None) -> Any:
    """The first `seq_lengths[i]` steps of each sequence `i` in reverse, the rest as it is.

    Args:
      input: a tensor.
      seq_lengths: integers, one for each place along `batch_axis`.
      seq_axis: the dimension of the steps.
      batch_axis: the dimension of the sequences, 0 unless given.

    Raises:
      InvalidArgumentError: a length larger than the dimension.
    """
    attrs = {"seq_dim": int(seq_axis or 0), "batch_dim": int(batch_axis or 0)}
    return apply(reverse_sequence_, (convert_to_tensor(input), convert_to_tensor(seq_lengths)), attrs,
                 listed(name, input, seq_lengths))


@scoped("embedding_lookup")
def embedding_lookup(params: Any, ids: Any, max_norm: Any = None, name: str | None = None) -> Any:
    """Rows of an embedding matrix.

    Args:
      params: a matrix, or a list of matrices that hold it in turn.
      ids: integers of any shape.
      max_norm: rows with a larger 2-norm are scaled down to it.

    Raises:
      ValueError: an empty list.
      InvalidArgumentError: an id out of range.
    """
    if params is None or (isinstance(params, (list, tuple)) and not params):
        raise ValueError("params must be specified")
    tables = params if isinstance(params, (list, tuple)) else [params]
    if len(tables) == 1:
        rows = gather(tables[0], ids)
    else:
        from .arrays import concat
        rows = gather(concat(list(tables), 0), ids)
    if max_norm is None:
        return rows
    from .clip import clip_by_norm
    ids = convert_to_tensor(ids)
    axes = list(range(ids.shape.rank, rows.shape.rank))
    return clip_by_norm(rows, max_norm, axes)
