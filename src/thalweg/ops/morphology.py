"""Grey-scale morphology: Dilation2D and its gradients, `tf.nn.dilation2d`, `erosion2d`."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product as positions
from typing import Any

import ml_dtypes
import numpy as np

from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from .common import same_dtype, shape_text
from .conv_numpy import blank, padded, unpadded
from .conv_xla import pad, spread
from .convolution import scope
from .layout import bad
from .pool_numpy import inside
from .windows import Geometry, check_channels_last, check_list, check_words, equal, geometry, with_rank

_REALS = "float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64"
_ATTRS = f'T: {{{_REALS}}}; strides: list(int); rates: list(int); padding: {{"SAME", "VALID"}}'


def _geometry(x: Any, w: Any, strides: Sequence[int], rates: Sequence[int], padding: str) -> Geometry:
    if x.ndim != 4:
        raise bad(f"input must be 4-dimensional{shape_text(x.shape)}")
    if w.ndim != 3:
        raise bad(f"filter must be 3-dimensional: {shape_text(w.shape)}")
    if x.shape[3] != w.shape[2]:
        raise bad(f"input and filter must have the same depth: {x.shape[3]} vs {w.shape[2]}")
    for s in strides:
        if s <= 0:
            raise bad(f"Stride must be > 0, but got {s}")
    return geometry((int(x.shape[1]), int(x.shape[2])), (int(w.shape[0]), int(w.shape[1])),
                    (int(strides[1]), int(strides[2])), (int(rates[1]), int(rates[2])), padding, ())


def lowest(dtype: Any) -> Any:
    """The lowest number; sums that are infinitely negative do not come up to it."""
    return np.iinfo(dtype).min if dtype.kind in "iu" else ml_dtypes.finfo(dtype).min  # type: ignore[no-untyped-call]


def _sums(xp: Any, x: Any, w: Any, g: Geometry) -> Iterator[tuple[tuple[int, ...], Any]]:
    """For each kernel position the windows' elements plus the filter's; outside the input the lowest number."""
    low = lowest(np.dtype(x.dtype))
    x = padded(x, g) if xp is np else pad(x, g)
    for position in positions(*map(range, g.kernel)):
        total = x[(slice(None), *g.at(position))] + w[position]
        where = inside(g, position)
        yield position, total if where is None else xp.where(where, total, xp.asarray(low, total.dtype))


def _best(xp: Any, x: Any, w: Any, g: Geometry) -> tuple[Any, Any]:
    """The largest sums, and the number of the first kernel position that gives each."""
    shape = (x.shape[0], *g.outs, x.shape[3])
    best = xp.full(shape, lowest(np.dtype(x.dtype)), x.dtype)
    winner = xp.zeros(shape, xp.int32)
    if 0 in shape:
        return best, winner
    for k, (_, total) in enumerate(_sums(xp, x, w, g)):
        better = total > best
        best, winner = xp.where(better, total, best), xp.where(better, k, winner)
    return best, winner


def _infer(op: Any) -> TensorShape:
    x, w = with_rank(op.inputs[0].shape, 4), with_rank(op.inputs[1].shape, 3)
    channels = equal(x[3], w[2])
    strides, rates, padding = op.attrs["strides"], op.attrs["rates"], op.attrs["padding"]
    for s in strides:
        if s <= 0:
            raise ValueError(f"Stride must be > 0, but got {s}")
    spatial: list[int | None] = []
    for n, k, s, r in zip(x[1:3], w[:2], strides[1:3], rates[1:3], strict=True):
        if n is None or (k is None and padding != "SAME"):
            spatial.append(None)
        else:
            spatial.append(geometry((n,), (1 if k is None else k,), (s,), (r,), padding, ()).outs[0])
    return TensorShape([x[0], *spatial, channels])


@op("Dilation2D", "input: T, filter: T -> output: T", attrs=_ATTRS, infer=_infer)
def dilation2d_(xp: Any, x: Any, w: Any, strides: Any, rates: Any, padding: str) -> Any:
    return _best(xp, x, w, _geometry(x, w, strides, rates, padding))[0]


@op("Dilation2DBackpropInput", "input: T, filter: T, out_backprop: T -> in_backprop: T", attrs=_ATTRS,
    infer=lambda op: op.inputs[0].shape)
def dilation2d_backprop_input(xp: Any, x: Any, w: Any, dy: Any, strides: Any, rates: Any, padding: str) -> Any:
    g = _geometry(x, w, strides, rates, padding)
    winner = _best(xp, x, w, g)[1]
    if 0 in winner.shape or 0 in w.shape:
        return xp.zeros_like(x)
    zero = dy.dtype.type(0)
    if xp is np:
        dx = blank(x.shape[0], x.shape[3], g, x.dtype)
        for k, position in enumerate(positions(*map(range, g.kernel))):
            dx[(slice(None), *g.at(position))] += np.where(winner == k, dy, zero)
        return unpadded(dx, g)
    total = None
    for k, position in enumerate(positions(*map(range, g.kernel))):
        term = spread(xp.where(winner == k, dy, zero), g, position)
        total = term if total is None else total + term
    return total


@op("Dilation2DBackpropFilter", "input: T, filter: T, out_backprop: T -> filter_backprop: T", attrs=_ATTRS,
    infer=lambda op: op.inputs[1].shape)
def dilation2d_backprop_filter(xp: Any, x: Any, w: Any, dy: Any, strides: Any, rates: Any, padding: str) -> Any:
    g = _geometry(x, w, strides, rates, padding)
    winner = _best(xp, x, w, g)[1]
    if 0 in w.shape:
        return xp.zeros_like(w)
    zero = dy.dtype.type(0)
    parts = [xp.where(winner == k, dy, zero).sum((0, 1, 2), dtype=dy.dtype) for k in range(g.kernel[0] * g.kernel[1])]
    return xp.stack(parts).reshape(w.shape)


@dilation2d_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(dilation2d_backprop_input, (*op.inputs, dy), op.attrs)


@dilation2d_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    return apply(dilation2d_backprop_filter, (*op.inputs, dy), op.attrs)


def dilation2d(input: Any, filters: Any, strides: Sequence[int], padding: str, data_format: str, dilations: Sequence[int],
               name: str | None = None) -> Any:
    """The largest sum of an element and the filter's, in each window.

    Args:
      input: tensor of shape `[batch, height, width, channels]`.
      filters: tensor of shape `[height, width, channels]`.
      strides: four numbers.
      padding: `"VALID"` or `"SAME"`; what lies outside does not count.
      data_format: `"NHWC"`.
      dilations: four distances between the elements of a window.

    Raises:
      ValueError: another data format.
      InvalidArgumentError: the channels do not fit (in a graph ValueError).
    """
    check_channels_last(data_format)
    attrs = {"strides": check_list(dilation2d_, "strides", "dilation2d", strides, 4),
             "rates": check_list(dilation2d_, "rates", "dilation2d", dilations, 4), "padding": padding}
    check_words(dilation2d_, padding, data_format)
    return apply(dilation2d_, same_dtype(input, filters), attrs, name)


def erosion2d(value: Any, filters: Any, strides: Sequence[int], padding: str, data_format: str, dilations: Sequence[int],
              name: str | None = None) -> Any:
    """The smallest difference of an element and the filter's, in each window.

    Args:
      value: tensor of shape `[batch, height, width, channels]`.
      filters: tensor of shape `[height, width, channels]`.
      strides: four numbers.
      padding: `"VALID"` or `"SAME"`; what lies outside does not count.
      data_format: `"NHWC"`.
      dilations: four distances between the elements of a window.

    Raises:
      ValueError: another data format.
      InvalidArgumentError: the channels do not fit (in a graph ValueError).
    """
    from .arrays import reverse
    check_channels_last(data_format)
    with scope(name, "erosion2d") as inner:
        x = convert_to_tensor(value)
        return -dilation2d(-x, reverse(convert_to_tensor(filters), [0, 1]), strides, padding, data_format, dilations, inner)
