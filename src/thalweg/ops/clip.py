"""Bringing values and norms into a range."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import op
from ..core.scopes import scoped
from .arithmetic import maximum, minimum
from .common import NUMBERS, match, reduce_to, shape_text, unchanged
from .comparison import greater, less, logical_or, select
from .elementwise import cast, rsqrt, sqrt, square


@op("ClipByValue", "t: T, clip_value_min: T, clip_value_max: T -> output: T", attrs=f"T: {{{NUMBERS}}}", infer=unchanged)
def clip_by_value_(xp: Any, t: Any, low: Any, high: Any) -> Any:
    if not all(b.shape in ((), t.shape) for b in (low, high)):
        raise errors.InvalidArgumentError(
            "clip_value_min and clip_value_max must be either of the same shape as input, or a scalar. input shape: "
            f"{shape_text(t.shape)}clip_value_min shape: {shape_text(low.shape)}clip_value_max shape: "
            f"{shape_text(high.shape)}")
    t = xp.where(high < t, high, t)  # a bound that is NaN is none
    return xp.where(t < low, low, t)


def _zeros(x: Any) -> Any:
    from .creation import zeros_like
    return zeros_like(x)


@clip_by_value_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    t, low, high = op.inputs
    return select(logical_or(less(t, low), greater(t, high)), _zeros(dy), dy)


@clip_by_value_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    t, low, _ = op.inputs
    return reduce_to(select(less(t, low), dy, _zeros(dy)), low, t)


@clip_by_value_.vjp(2)
def _(op: Any, dy: Any) -> Any:
    t, _, high = op.inputs
    return reduce_to(select(greater(t, high), dy, _zeros(dy)), high, t)


def _same_kind(t: Any, values: Any) -> Any:
    """The new values as what `t` was: rows of a sparse gradient, or a tensor."""
    return IndexedSlices(values, t.indices, t.dense_shape) if isinstance(t, IndexedSlices) else values


def _values(t: Any) -> Any:
    return convert_to_tensor(t.values if isinstance(t, IndexedSlices) else t)


@scoped("clip_by_value")
def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """`t` with smaller values raised to `clip_value_min` and larger ones lowered to `clip_value_max`.

    Raises:
      ValueError: a bound has a shape that would enlarge `t`.
    """
    values = _values(t)
    below = minimum(values, clip_value_max)
    values.shape.assert_is_compatible_with(below.shape)
    clipped = maximum(below, clip_value_min, name)
    values.shape.assert_is_compatible_with(clipped.shape)
    return _same_kind(t, clipped)


@scoped("clip_by_norm")
def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """`t`, scaled down where its Euclidean norm over `axes` (all of them by default) exceeds `clip_norm`."""
    from .creation import ones_like
    from .reductions import reduce_sum
    values = _values(t)
    limit = maximum(match(clip_norm, values.dtype), match(0, values.dtype))
    total = reduce_sum(values * values, axes, keepdims=True)
    positive = total > 0
    # The root of 1 in place of that of 0, whose gradient is no number.
    norm = select(positive, sqrt(select(positive, total, ones_like(total))), total)
    scaled = values * limit
    values.shape.assert_is_compatible_with(scaled.shape)
    return _same_kind(t, scaled / maximum(norm, limit))


def _checked(t_list: Any) -> list[Any]:
    if not isinstance(t_list, Sequence) or isinstance(t_list, str):
        raise TypeError(f"`t_list` should be a sequence of tensors. Received {type(t_list)}.")
    return list(t_list)


@scoped("global_norm")
def global_norm(t_list: Any, name: str | None = None) -> Any:
    """The Euclidean norm of all tensors of a list together; None in the list is left out.

    Raises:
      TypeError: `t_list` is no sequence.
    """
    from ..core.backprop import add
    from .reductions import reduce_sum
    total = None
    for t in _checked(t_list):
        if t is not None:
            part = reduce_sum(square(_values(t)))
            total = part if total is None else add(total, part)
    return sqrt(convert_to_tensor(0.0) if total is None else total, name)


@scoped("clip_by_global_norm")
def clip_by_global_norm(t_list: Any, clip_norm: Any, use_norm: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """All tensors of a list scaled by one factor, so that their norm together does not exceed `clip_norm`.

    Args:
      t_list: tensors, IndexedSlices, None.
      clip_norm: the largest norm.
      use_norm: the norm of the list, where it is known already.

    Returns:
      The list, and the norm that it had. If that is infinite or NaN, all values are NaN.

    Raises:
      TypeError: `t_list` is no sequence.
    """
    values = _checked(t_list)
    norm = global_norm(values, name) if use_norm is None else convert_to_tensor(use_norm)
    limit = match(clip_norm, norm.dtype)
    scale = limit * minimum(1.0 / norm, 1.0 / limit) + (norm - norm)
    clipped = [None if t is None else _same_kind(t, _scaled(_values(t), scale)) for t in values]
    return clipped, norm


def _scaled(values: Any, scale: Any) -> Any:
    return values * (scale if scale.dtype == values.dtype else cast(scale, values.dtype))


@scoped("clip_by_average_norm")
def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Any:
    """`t`, scaled down where its Euclidean norm divided by the number of its elements exceeds `clip_norm`."""
    from .creation import size
    from .reductions import reduce_sum
    t = convert_to_tensor(t)
    inverse = rsqrt(reduce_sum(t * t)) * cast(size(t), dtypes.float32)
    limit = match(clip_norm, inverse.dtype)
    return t * limit * minimum(inverse, 1.0 / limit)
