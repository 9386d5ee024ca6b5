"""Cutting a signal into overlapping frames, and adding frames up again."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from .arithmetic import maximum
from .arrays import pad, reshape, stack, transpose
from .casting import cast
from .common import match, static_shape, static_value
from .dynamic import joined, rank_of, shape_tensor
from .gathering import gather
from .ranges import one_hot
from .ranges import range as range_op
from .reductions import reduce_sum


def scalar(value: Any) -> Any:
    """A scalar argument: an int where its value is known, else a tensor.

    Raises:
      ValueError: it has another rank.
    """
    if type(value) is int:
        return value
    tensor = convert_to_tensor(value)
    tensor.shape.assert_has_rank(0)
    known = static_value(tensor)
    return known.item() if known is not None and tensor.dtype.is_integer else tensor


def size_along(x: Any, axis: int) -> Any:
    """The size of an axis: an int where it is known, else a scalar tensor."""
    known = x.shape.as_list()[axis] if x.shape.rank is not None else None
    return shape_tensor(x)[axis] if known is None else known


def frame(signal: Any, frame_length: Any, frame_step: Any, pad_end: bool = False, pad_value: Any = 0, axis: Any = -1,
          name: str | None = None) -> Any:
    """Overlapping frames of a signal.

    Args:
      signal: a tensor of any dtype with at least one axis.
      frame_length: how many elements a frame has.
      frame_step: how far a frame begins after the one before it.
      pad_end: also begin frames that end beyond the signal.
      pad_value: what is there.
      axis: the axis that is cut.
      name: makes no difference.

    Returns:
      The signal with `[frames, frame_length]` instead of the axis.

    Raises:
      ValueError: a scalar signal, or a length or step that is no scalar.
      InvalidArgumentError: a step of zero.
    """
    x = convert_to_tensor(signal)
    length, step = scalar(frame_length), scalar(frame_step)
    along = scalar(axis)
    x.shape.with_rank_at_least(1)
    if x.shape.rank is not None and isinstance(along, int):
        along = range(x.shape.rank)[along]
    if isinstance(step, int) and step == 0:
        raise errors.InvalidArgumentError("Integer division by zero [Op:FloorDiv] name: ")
    size = size_along(x, along)
    if pad_end:
        count = -(-size // step)
        x = extended(x, length + step * (count - 1) - size, along, pad_value)
    else:
        count = _at_least_zero(1 + (size - length) // step)
    if all(isinstance(n, int) for n in (length, step, count)):
        places: Any = (np.arange(count)[:, None] * step + np.arange(length)).astype(np.int32)
    else:
        places = range_op(count)[:, None] * step + range_op(length)
    return gather(x, places, axis=along)


def _at_least_zero(n: Any) -> Any:
    return max(0, n) if isinstance(n, int) else maximum(n, 0)


def extended(x: Any, amount: Any, axis: Any, value: Any) -> Any:
    """So many more elements of a value at the end of an axis; none where the amount is negative."""
    value = match(value, x.dtype)
    value.shape.assert_has_rank(0)
    amount = _at_least_zero(amount)
    if isinstance(amount, int) and x.shape.rank is not None:
        if not amount:
            return x
        return pad(x, [[0, amount if i == axis else 0] for i in range(x.shape.rank)], constant_values=value)
    rank = rank_of(x)
    place = axis if not isinstance(axis, int) or axis >= 0 else rank + axis
    after = one_hot(place, rank, dtype=dtypes.int32) * cast(amount, dtypes.int32)
    out = pad(x, stack([after * 0, after], 1), constant_values=value)
    if x.shape.rank is not None and isinstance(axis, int):
        dims = x.shape.as_list()
        dims[axis] = None
        out.set_shape(dims)
    return out


def overlap_and_add(signal: Any, frame_step: Any, name: str | None = None) -> Any:
    """The signal that frames add up to, each beginning `frame_step` after the one before it.

    Every frame is cut into pieces of one step. The pieces that meet at one place lie on the diagonals of a matrix of
    frames and pieces; padding shears it so that they lie above one another.

    Args:
      signal: shape `[..., frames, frame_length]`.
      frame_step: a scalar integer.
      name: makes no difference.

    Returns:
      Shape `[..., frame_length + frame_step * (frames - 1)]`.

    Raises:
      ValueError: fewer than two axes, or a step that is no scalar integer.
    """
    x = convert_to_tensor(signal)
    x.shape.with_rank_at_least(2)
    if hasattr(frame_step, "dtype") or not isinstance(frame_step, int):
        tensor = convert_to_tensor(frame_step)
        tensor.shape.assert_has_rank(0)
        if not tensor.dtype.is_integer:
            raise ValueError(f"frame_step must be an integer. Got {tensor.dtype!s}")
    step = scalar(frame_step)
    if isinstance(step, int) and step <= 0:
        raise errors.InvalidArgumentError(f"Paddings must be non-negative: 0 {-size_along(x, -1)} [Op:Pad] name: ")
    frames, length = size_along(x, -2), size_along(x, -1)
    whole = static_shape(x)
    outer: Any = list(whole[:-2]) if whole is not None else shape_tensor(x)[:-2]

    def shaped(t: Any, *sizes: Any) -> Any:
        if isinstance(outer, list) and all(isinstance(n, int) for n in sizes):
            return reshape(t, [*outer, *sizes])
        return reshape(t, joined(outer, *[reshape(cast(n, dtypes.int32), [1]) for n in sizes]))
    total = length + step * (frames - 1)
    if isinstance(step, int) and isinstance(length, int) and step == length:
        return shaped(x, total)
    pieces = -(-length // step)
    x = shaped(extended(x, pieces * step - length, -1 if x.shape.rank is None else x.shape.rank - 1, 0),
               frames, pieces, step)
    rank = rank_of(x)
    if isinstance(rank, int):
        perm: Any = [*range(rank - 3), rank - 2, rank - 3, rank - 1]
    else:
        perm = joined(range_op(rank - 3), stack([rank - 2, rank - 3, rank - 1]))
    x = transpose(x, perm)
    x = extended(x, pieces, -2 if x.shape.rank is None else x.shape.rank - 2, 0)
    rows = frames + pieces
    x = shaped(x, pieces * rows, step)[..., :pieces * (rows - 1), :]
    x = reduce_sum(shaped(x, pieces, rows - 1, step), -3)
    return shaped(x, (rows - 1) * step)[..., :total]

