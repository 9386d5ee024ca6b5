"""Cumulative sums, products and logarithms of sums along an axis."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, get_op, op
from ..core.shape import TensorShape
from .common import FLOATS, NUMBERS, binary, shape_text
from .reduce import sum_in
from .reductions import axis_input

_ATTRS = "exclusive: bool = false; reverse: bool = false; T: {%s}; Tidx: {int32, int64} = int32"


def _scan_shape(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape
    axis = op.inputs[1].value
    rank = shape.rank
    if axis is not None and rank is not None and np.ndim(axis) == 0 and not -rank <= int(axis) < rank:
        raise ValueError(f"Dimension {int(axis)} must be in the range [{-rank}, {rank})")
    return shape


def _scan(xp: Any, accumulate: Any, x: Any, axis: Any, exclusive: bool, reverse: bool, first: Any) -> Any:
    """Runs `accumulate(x, axis)`, in reverse or shifted by one place behind the neutral element."""
    if np.ndim(axis):
        raise errors.InvalidArgumentError(f"ScanOp: axis must be a scalar, not {shape_text(np.shape(axis))} [Op:Scan]")
    axis = int(axis)
    if not -x.ndim <= axis < x.ndim:
        shown = axis + x.ndim if axis < 0 else axis
        raise errors.InvalidArgumentError(
            f"ScanOp: Expected scan axis in the range [{-x.ndim}, {x.ndim}), but got {shown}")
    axis %= x.ndim
    if not x.size:
        return x
    back = (slice(None),) * axis + (slice(None, None, -1),)
    if reverse:
        x = x[back]
    if exclusive:
        start = xp.full((*x.shape[:axis], 1, *x.shape[axis + 1:]), first, x.dtype)
        rest = accumulate(x[(slice(None),) * axis + (slice(None, -1),)], axis)
        y = xp.concatenate([start, rest], axis)
    else:
        y = accumulate(x, axis)
    return y[back] if reverse else y


def _entry(type: str, types: str) -> Callable[[Callable[..., Any]], OpDef]:
    return op(type, "x: T, axis: Tidx static -> out: T", attrs=_ATTRS % types, infer=_scan_shape)


def _named(error: errors.OpError, type: str) -> errors.OpError:
    return errors.InvalidArgumentError(error.message.replace("[Op:Scan]", f"[Op:{type}]"))


def _kernel(type: str, name: str, first: int) -> Any:
    def run(xp: Any, x: Any, axis: Any, exclusive: bool = False, reverse: bool = False) -> Any:
        wide = sum_in(x.dtype) or x.dtype

        def accumulate(a: Any, axis: int) -> Any:
            return getattr(xp, name)(a, axis, wide).astype(x.dtype)
        try:
            return _scan(xp, accumulate, x, axis, exclusive, reverse, first)
        except errors.OpError as error:
            raise _named(error, type) from None
    return run


cumsum_: OpDef = _entry("Cumsum", NUMBERS)(_kernel("Cumsum", "cumsum", 0))
cumprod_: OpDef = _entry("Cumprod", NUMBERS)(_kernel("Cumprod", "cumprod", 1))


@_entry("CumulativeLogsumexp", FLOATS)
def cumulative_logsumexp_(xp: Any, x: Any, axis: Any, exclusive: bool = False, reverse: bool = False) -> Any:
    def accumulate(a: Any, axis: int) -> Any:
        wide = a if a.dtype.itemsize > 2 else a.astype(np.float32)
        if xp is np:
            return np.logaddexp.accumulate(wide, axis).astype(a.dtype)
        from jax.lax import cumlogsumexp
        return cumlogsumexp(wide, axis).astype(a.dtype)
    try:
        return _scan(xp, accumulate, x, axis, exclusive, reverse, -np.inf)
    except errors.OpError as error:
        raise _named(error, "CumulativeLogsumexp") from None


def _flags(op: Any) -> tuple[bool, bool]:
    return bool(op.attrs.get("exclusive", False)), bool(op.attrs.get("reverse", False))


@cumsum_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    exclusive, reverse = _flags(op)
    return apply(cumsum_, (dy, op.inputs[1]), {"exclusive": exclusive, "reverse": not reverse})


@cumprod_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x, axis = op.inputs
    exclusive, reverse = _flags(op)
    y = apply(cumprod_, (x, axis), {"exclusive": exclusive, "reverse": reverse})
    total = apply(cumsum_, (y * dy, axis), {"exclusive": exclusive, "reverse": not reverse})
    return binary(get_op("DivNoNan"), total, x)


@cumulative_logsumexp_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    """Positive and negative parts of `dy` apart, since only they have logarithms."""
    from .comparison import select
    from .elementwise import exp, log
    x, axis = op.inputs
    exclusive, reverse = _flags(op)
    y = op.outputs[0]
    lowest = convert_to_tensor(dy.dtype.min, dy.dtype)

    def part(positive: Any, g: Any) -> Any:
        logs = select(positive, log(g), lowest)
        total = apply(cumulative_logsumexp_, (logs - y, axis), {"exclusive": exclusive, "reverse": not reverse})
        return exp(total + x)
    return part(dy > 0, dy) - part(dy < 0, -dy)


def _public(op: OpDef, x: Any, axis: Any, exclusive: bool, reverse: bool, name: str | None) -> Any:
    axis = axis if type(axis) is int else axis_input(axis)
    if type(axis) is tuple:
        axis = np.array(axis, np.int32)
    return apply(op, (convert_to_tensor(x), axis), {"exclusive": bool(exclusive), "reverse": bool(reverse)}, name)


def cumsum(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Any:
    """The sums of the first 1, 2, 3, ... elements along an axis.

    Args:
      x: numbers.
      axis: the axis to sum along.
      exclusive: leave out each element's own, so that the first sum is 0.
      reverse: sum from the end.
      name: of the node.

    Raises:
      InvalidArgumentError: an axis that the tensor does not have.
    """
    return _public(cumsum_, x, axis, exclusive, reverse, name)


def cumprod(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Any:
    """The products of the first 1, 2, 3, ... elements along an axis, see `cumsum`."""
    return _public(cumprod_, x, axis, exclusive, reverse, name)


def cumulative_logsumexp(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False,
                         name: str | None = None) -> Any:
    """`log(cumsum(exp(x)))` without overflow; an empty sum is -inf."""
    return _public(cumulative_logsumexp_, x, axis, exclusive, reverse, name)
