"""Entries of pooling: maxima, averages, and their gradients. Public functions: `pooling`."""
from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from . import pool_numpy, pool_xla
from .arithmetic import apply_zeros
from .common import shape_of, shape_text, unchanged
from .conv import wide
from .creation import ints
from .layout import bad
from .windows import Geometry, Layout, arranged, explicit_pads, geometry, layout, pick, shape_in, window_shape, with_rank

_WINDOW = "ksize: list(int); strides: list(int); "
_FLOATS = "half, bfloat16, float, double"
_REALS = "float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64"
_EXPLICIT = 'padding: {"SAME", "VALID", "EXPLICIT"}; explicit_paddings: list(int) = []; '
_PADDING = 'padding: {"SAME", "VALID"}; '
_FORMAT_2D = 'data_format: {"NHWC", "NCHW"} = "NHWC"'
_FORMAT_3D = 'data_format: {"NDHWC", "NCDHW"} = "NDHWC"'
_SIDES = ("Top", "Bottom", "Left", "Right")


class Call:
    """The windows of one call, and how to lay out arrays for them."""

    __slots__ = ("deep", "geometry", "where")

    def __init__(self, rank: int, shape: Sequence[int], ksize: Sequence[int], strides: Sequence[int], padding: str,
                 explicit_paddings: Sequence[int] = (), data_format: str | None = None, maxima: bool = True) -> None:
        self.where: Layout = layout(data_format or ("NHWC" if rank == 2 else "NDHWC"))
        where = self.where
        if len(shape) != rank + 2:
            raise bad("Input must be 4 or 5-dimensional" if rank == 2 else "tensor_in must be 5-dimensional")
        if min(ksize) <= 0:
            raise bad("Sliding window ksize must be positive. The specified or inferred ksize is: "
                      f"{','.join(map(str, ksize))}")
        for s in strides:
            if s <= 0:
                raise bad(f"Stride must be > 0, but got {s}")
        if ksize[where.batch] != 1 or strides[where.batch] != 1:
            raise errors.UnimplementedError(None, None, "Pooling is not yet supported on the batch dimension.")
        kernel, steps = pick(ksize, where), pick(strides, where)
        pads = explicit_pads(explicit_paddings, where)
        if explicit_paddings:
            self._check_explicit(explicit_paddings, kernel, pads)
        sizes = tuple([int(shape[i]) for i in where.spatial])
        self.deep = ksize[where.channel] != 1
        if self.deep:
            # Over the channels: they become the innermost spatial dimension.
            deep, channels = ksize[where.channel], int(shape[where.channel])
            self._check_deep(kernel, deep, strides[where.channel], channels, maxima)
            kernel, steps, sizes = (*kernel, deep), (*steps, deep), (*sizes, channels)
            pads = (*pads, (0, 0)) if pads else ()
        self.geometry: Geometry = geometry(sizes, kernel, steps, (1,) * len(kernel), padding, pads)

    def _check_explicit(self, explicit: Sequence[int], kernel: Sequence[int], pads: Sequence[tuple[int, int]]) -> None:
        if min(explicit) < 0:
            raise bad("All elements of explicit_paddings must be nonnegative")
        if any(explicit[2 * i + side] for i in (self.where.batch, self.where.channel) for side in (0, 1)):
            raise bad("Nonzero explicit padding in the batch or depth dimensions is not supported")
        for axis, (k, pair) in enumerate(zip(kernel, pads, strict=True)):
            for side, p in enumerate(pair):
                if p >= k:
                    raise bad(f"{_SIDES[2 * axis + side]} padding {p} needs to be smaller than the window size {k}")

    def _check_deep(self, kernel: Sequence[int], deep: int, stride: int, channels: int, maxima: bool) -> None:
        def no(message: str) -> errors.UnimplementedError:
            return errors.UnimplementedError(None, None, message)
        if not maxima:
            raise no("Non-spatial pooling is not yet supported. Volunteers? :)")
        if prod(kernel) != 1:
            raise no("MaxPooling supports exactly one of pooling across depth or pooling across width/height.")
        if channels % deep:
            raise no("Depthwise max pooling requires the depth window to evenly divide the input depth")
        if stride != deep:
            raise no("Depthwise max pooling requires the depth window to equal the depth stride")

    def inward(self, x: Any) -> Any:
        """An array as the formulations take it."""
        if self.where.to_last is not None:
            x = x.transpose(self.where.to_last)
        return x[..., None] if self.deep else x

    def outward(self, x: Any) -> Any:
        """The opposite of `inward`."""
        if self.deep:
            x = x[..., 0]
        return x if self.where.from_last is None else x.transpose(self.where.from_last)

    def output_shape(self, shape: Sequence[int]) -> list[int]:
        """The shape of the result for the shape of an input."""
        out = list(shape)
        for axis, o in zip((*self.where.spatial, self.where.channel), self.geometry.outs, strict=False):
            out[axis] = o
        return out


def engine(xp: Any) -> Any:
    """The formulations for this array module."""
    return pool_numpy if xp is np else pool_xla


def _max_pool(rank: int, xp: Any, x: Any, attrs: dict[str, Any]) -> Any:
    call = Call(rank, x.shape, **attrs)
    return call.outward(engine(xp).maximum(call.inward(x), call.geometry))


def _check_gradient(call: Call, x: Any, y: Any, dy: Any, second: bool = False) -> None:
    expected = call.output_shape(x.shape)
    if list(y.shape) != expected:
        raise bad(f"Expected orig_output shape to be {shape_text(expected)}, but got {shape_text(y.shape)}")
    wanted = list(x.shape) if second else expected
    if list(dy.shape) != wanted:
        raise bad(f"Expected grad shape to be {shape_text(wanted)}, but got {shape_text(dy.shape)}")


def _max_pool_grad(rank: int, xp: Any, x: Any, y: Any, dy: Any, attrs: dict[str, Any]) -> Any:
    call = Call(rank, x.shape, **attrs)
    _check_gradient(call, x, y, dy)
    # TensorFlow gives ties to the first in two dimensions, and to each of them in three.
    return call.outward(engine(xp).max_gradient(call.inward(x), call.inward(y), call.inward(dy), call.geometry, rank == 3))


def _max_pool_grad_grad(rank: int, xp: Any, x: Any, y: Any, ddx: Any, attrs: dict[str, Any]) -> Any:
    call = Call(rank, x.shape, **attrs)
    _check_gradient(call, x, y, ddx, True)
    if rank == 3 and not y.size:
        raise bad(f"received empty tensor tensor_out: shape {shape_text(y.shape)}")
    return call.outward(engine(xp).max_second_gradient(call.inward(x), call.inward(y), call.inward(ddx), call.geometry))


def _avg_pool(rank: int, xp: Any, x: Any, attrs: dict[str, Any]) -> Any:
    call = Call(rank, x.shape, **attrs, maxima=False)
    y = engine(xp).average(wide(call.inward(x))[0], call.geometry)
    return call.outward(y).astype(x.dtype, copy=False)


def _avg_pool_grad(rank: int, xp: Any, shape: Any, dy: Any, attrs: dict[str, Any]) -> Any:
    sizes = ints(shape)
    call = Call(rank, sizes, **attrs, maxima=False)
    expected = call.output_shape(sizes)
    if list(dy.shape) != expected:
        raise bad(f"Expected grad shape to be {shape_text(expected)}, but got {shape_text(dy.shape)}")
    dx = engine(xp).average_gradient(wide(call.inward(dy))[0], call.geometry)
    return call.outward(dx).astype(dy.dtype, copy=False)


# Shape rules.


def _pool_shape(rank: int, deep: bool = True) -> Any:
    def infer(op: Any) -> TensorShape:
        attrs = op.attrs
        where = layout(attrs.get("data_format", "NHWC" if rank == 2 else "NDHWC"))
        shape = with_rank(op.inputs[0].shape, rank + 2)
        explicit = attrs.get("explicit_paddings", ())
        if explicit:
            if min(explicit) < 0:
                raise ValueError("All elements of explicit_paddings must be nonnegative")
            if any(explicit[2 * i + side] for i in (where.batch, where.channel) for side in (0, 1)):
                raise ValueError("Nonzero explicit padding in the batch or depth dimensions is not supported")
        ksize, strides, padding = attrs["ksize"], attrs["strides"], attrs["padding"]
        spatial = window_shape([shape[i] for i in where.spatial], pick(ksize, where), pick(strides, where), (1,) * rank,
                               padding, explicit_pads(explicit, where))
        channels = shape[where.channel]
        if deep and ksize[where.channel] != 1:
            channels = window_shape([channels], [ksize[where.channel]], [strides[where.channel]], (1,), padding,
                                    ((0, 0),))[0]
        return arranged(shape[0], spatial, channels, where)
    return infer


def _output_like(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[1].shape
    return shape


def _with_argmax(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    shape = _pool_shape(2)(op)
    return [(shape, op.inputs[0].dtype), (shape, dtypes.as_dtype(op.attrs.get("Targmax", dtypes.int64)))]


# Entries.


@op("MaxPool", "input: T -> output: T",
    attrs="T: {half, bfloat16, float, double, int32, int64, uint8, int16, int8, uint16, qint8} = float; "
    + _WINDOW + _EXPLICIT + 'data_format: {"NHWC", "NCHW", "NCHW_VECT_C"} = "NHWC"', infer=_pool_shape(2))
def max_pool_2d(xp: Any, x: Any, **attrs: Any) -> Any:
    return _max_pool(2, xp, x, attrs)


@op("MaxPoolGrad", "orig_input: T, orig_output: T, grad: T -> output: T",
    attrs=_WINDOW + _EXPLICIT + _FORMAT_2D + f"; T: {{{_REALS}}} = float", infer=unchanged)
def max_pool_2d_grad(xp: Any, x: Any, y: Any, dy: Any, **attrs: Any) -> Any:
    return _max_pool_grad(2, xp, x, y, dy, attrs)


@op("MaxPoolGradGrad", "orig_input: T, orig_output: T, grad: T -> output: T",
    attrs=_WINDOW + _EXPLICIT + _FORMAT_2D + f"; T: {{{_REALS}}}", infer=_output_like)
def max_pool_2d_grad_grad(xp: Any, x: Any, y: Any, ddx: Any, **attrs: Any) -> Any:
    return _max_pool_grad_grad(2, xp, x, y, ddx, attrs)


@op("MaxPool3D", "input: T -> output: T", attrs=_WINDOW + _PADDING + _FORMAT_3D + "; T: {half, bfloat16, float}",
    infer=_pool_shape(3))
def max_pool_3d(xp: Any, x: Any, **attrs: Any) -> Any:
    return _max_pool(3, xp, x, attrs)


@op("MaxPool3DGrad", "orig_input: TInput, orig_output: TInput, grad: T -> output: T",
    attrs=_WINDOW + _PADDING + _FORMAT_3D + "; T: {half, bfloat16, float} = float; TInput: {half, bfloat16, float} = float",
    infer=unchanged)
def max_pool_3d_grad(xp: Any, x: Any, y: Any, dy: Any, **attrs: Any) -> Any:
    return _max_pool_grad(3, xp, x, y, dy, attrs)


@op("MaxPool3DGradGrad", "orig_input: T, orig_output: T, grad: T -> output: T",
    attrs=_WINDOW + _PADDING + _FORMAT_3D + f"; T: {{{_REALS}}}", infer=_output_like)
def max_pool_3d_grad_grad(xp: Any, x: Any, y: Any, ddx: Any, **attrs: Any) -> Any:
    return _max_pool_grad_grad(3, xp, x, y, ddx, attrs)


@op("AvgPool", "value: T -> output: T", attrs=_WINDOW + _PADDING + _FORMAT_2D + f"; T: {{{_FLOATS}}}",
    infer=_pool_shape(2, deep=False))
def avg_pool_2d(xp: Any, x: Any, **attrs: Any) -> Any:
    return _avg_pool(2, xp, x, attrs)


@op("AvgPoolGrad", "orig_input_shape: int32 static, grad: T -> output: T",
    attrs=_WINDOW + _PADDING + _FORMAT_2D + f"; T: {{{_FLOATS}}}", infer=lambda op: shape_in(op.inputs[0], 4))
def avg_pool_2d_grad(xp: Any, shape: Any, dy: Any, **attrs: Any) -> Any:
    return _avg_pool_grad(2, xp, shape, dy, attrs)


@op("AvgPool3D", "input: T -> output: T", attrs=_WINDOW + _PADDING + _FORMAT_3D + f"; T: {{{_FLOATS}}}",
    infer=_pool_shape(3, deep=False))
def avg_pool_3d(xp: Any, x: Any, **attrs: Any) -> Any:
    return _avg_pool(3, xp, x, attrs)


@op("AvgPool3DGrad", "orig_input_shape: int32 static, grad: T -> output: T",
    attrs=_WINDOW + _PADDING + _FORMAT_3D + f"; T: {{{_FLOATS}}}", infer=lambda op: shape_in(op.inputs[0], 5))
def avg_pool_3d_grad(xp: Any, shape: Any, dy: Any, **attrs: Any) -> Any:
    return _avg_pool_grad(3, xp, shape, dy, attrs)


# The place of the largest element.


_ARGMAX = "padding: {\"SAME\", \"VALID\"}; include_batch_in_index: bool = false"


@op("MaxPoolWithArgmax", "input: T -> output: T, argmax: Targmax",
    attrs=_WINDOW + "Targmax: {int32, int64} = int64; " + _ARGMAX + f"; T: {{{_REALS}}}", infer=_with_argmax)
def max_pool_with_argmax_(xp: Any, x: Any, ksize: Any, strides: Any, padding: str, Targmax: Any = dtypes.int64,
                          include_batch_in_index: bool = False) -> Any:
    if x.ndim != 4:
        raise bad("tensor_in must be 4-dimensional (2)")
    if not x.size:
        raise bad("tensor_in must not be empty (2)")
    call = Call(2, x.shape, ksize, strides, padding)
    y, places = engine(xp).arg_maximum(x, call.geometry)
    if include_batch_in_index:
        places = places + xp.arange(x.shape[0]).reshape(-1, 1, 1, 1) * prod(x.shape[1:])
    return y, places.astype(dtypes.as_dtype(Targmax).np)


@op("MaxPoolGradWithArgmax", "input: T, grad: T, argmax: Targmax -> output: T",
    attrs=_WINDOW + _ARGMAX + f"; Targmax: {{int32, int64}}; T: {{{_REALS}}}", infer=unchanged)
def max_pool_grad_with_argmax(xp: Any, x: Any, dy: Any, argmax: Any, ksize: Any, strides: Any, padding: str,
                              include_batch_in_index: bool = False) -> Any:
    if dy.shape != argmax.shape:
        raise bad(f"Expected argmax shape to be {shape_text(dy.shape)}, but got {shape_text(argmax.shape)}")
    size = prod(x.shape[1:])
    places = argmax.reshape(x.shape[0], -1)
    if not include_batch_in_index:
        places = places + xp.arange(x.shape[0])[:, None] * size
    if xp is np:
        total = np.bincount(places.reshape(-1), dy.reshape(-1).astype(np.float64), minlength=x.size)
        return total.astype(x.dtype).reshape(x.shape)
    return xp.zeros(x.size, x.dtype).at[places.reshape(-1)].add(dy.reshape(-1)).reshape(x.shape)


@max_pool_with_argmax_.gradient
def _(op: Any, dy: Any, _d: Any) -> Any:
    attrs = {key: value for key, value in op.attrs.items() if key != "Targmax"}
    return apply(max_pool_grad_with_argmax, (op.inputs[0], dy, op.outputs[1]), attrs)


# Gradients.


def _link_max(forward: OpDef, first: OpDef, second: OpDef) -> None:
    @forward.vjp(0)
    def _(op: Any, dy: Any) -> Any:
        return apply(first, (op.inputs[0], op.outputs[0], dy), op.attrs)

    for entry, other in ((first, second), (second, first)):
        for index in (0, 1):
            entry.vjps[index] = lambda op, _dy, index=index: apply_zeros(op.inputs[index])

        @entry.vjp(2)
        def _(op: Any, dy: Any, other: OpDef = other) -> Any:
            return apply(other, (op.inputs[0], op.inputs[1], dy), op.attrs)


def _link_average(forward: OpDef, backward: OpDef) -> None:
    @forward.vjp(0)
    def _(op: Any, dy: Any) -> Any:
        return apply(backward, (shape_of(op.inputs[0]), dy), op.attrs)

    @backward.vjp(1)
    def _(op: Any, dy: Any) -> Any:
        return apply(forward, (dy,), op.attrs)


_link_max(max_pool_2d, max_pool_2d_grad, max_pool_2d_grad_grad)
_link_max(max_pool_3d, max_pool_3d_grad, max_pool_3d_grad_grad)
_link_average(avg_pool_2d, avg_pool_2d_grad)
_link_average(avg_pool_3d, avg_pool_3d_grad)
