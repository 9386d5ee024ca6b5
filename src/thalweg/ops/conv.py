"""Entries of convolution in two and three dimensions, and of their gradients. Public functions: `convolution`."""
from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from . import conv_numpy, conv_xla
from .common import shape_of, shape_text
from .conv_call import Call, conv_shape, depthwise_shape, filter_shape, input_shape
from .creation import ints
from .layout import bad
from .windows import Dims, Geometry, channels_back, channels_last

_FORMATS = {2: '{"NHWC", "NCHW"} = "NHWC"', 3: '{"NDHWC", "NCDHW"} = "NDHWC"'}
_TYPES = "half, bfloat16, float, double"
ATTRS_2D = 'strides: list(int); use_cudnn_on_gpu: bool = true; padding: {"SAME", "VALID", "EXPLICIT"}; ' \
    f"explicit_paddings: list(int) = []; data_format: {_FORMATS[2]}; dilations: list(int) = [1, 1, 1, 1]"
ATTRS_3D = f'strides: list(int); padding: {{"SAME", "VALID"}}; data_format: {_FORMATS[3]}; ' \
    "dilations: list(int) = [1, 1, 1, 1, 1]"

_SINGLE = np.dtype(np.float32)


def engine(xp: Any) -> Any:
    """The formulations for this array module."""
    return conv_numpy if xp is np else conv_xla


def wide(*arrays: Any) -> tuple[Any, ...]:
    """Half-precision arrays in single precision, in which sums of many terms are made."""
    if arrays[0].dtype.itemsize != 2:
        return arrays
    return tuple([a.astype(_SINGLE) for a in arrays])


def _check_depths(channels: int, w: Any, rank: int) -> None:
    own, filters = w.shape[-2:]
    if 0 in w.shape:
        raise bad("filter must not have zero elements (i.e. all dimensions must be non-zero)")
    if channels % own:
        if rank == 3:
            raise bad(f"input and filter must have the same depth: {channels} vs {own}")
        raise bad(f"input depth must be evenly divisible by filter depth: {channels} vs {own}")
    groups = channels // own
    if not groups and rank == 2:
        raise bad("grouped convolution must have at least one group: 0 groups")
    if groups and filters % groups:
        raise bad(f"output depth must be evenly divisible by number of groups: {filters} vs {groups}")


def _check_ranks(x: Any, w: Any, rank: int) -> None:
    if rank == 3:
        for value, word in ((x, "input"), (w, "filter")):
            if value.ndim != 5:
                raise bad(f"{word} must be 5-dimensional")
        return
    for value, word in ((x, "input"), (w, "filter")):
        if value.ndim != 4:
            raise bad(f"convolution {word} must be 4-dimensional: {shape_text(value.shape)}")


def _forward(rank: int, xp: Any, x: Any, w: Any, attrs: dict[str, Any]) -> Any:
    _check_ranks(x, w, rank)
    call = Call(rank, **attrs)
    _check_depths(x.shape[call.where.channel], w, rank)
    g = call.geometry(call.spatial(x.shape), tuple(w.shape[:rank]))
    dtype = x.dtype
    x, w = wide(x, w)
    y = engine(xp).forward(channels_last(x, call.where), w, g)
    return channels_back(y, call.where).astype(dtype, copy=False)


def _check_output(call: Call, g: Geometry, dy: Any, kernel: Dims, batch: int, label: str) -> None:
    """Whether the gradient of the output has the shape that the output has."""
    if dy.ndim != call.rank + 2:
        raise bad(f"{label}: out_backprop must be {call.rank + 2}-dimensional")
    if dy.shape[0] != batch:
        raise bad(f"{label}: input and out_backprop must have the same batch size. Input batch: {batch}, outbackprop "
                  f"batch: {dy.shape[0]}, batch_dim: {call.where.batch}")
    for i, axis in enumerate(call.where.spatial):
        if dy.shape[axis] != g.outs[i]:
            raise bad(f"{label}: Size of out_backprop doesn't match computed: actual = {dy.shape[axis]}, computed = "
                      f"{g.outs[i]} spatial_dim: {axis} input: {g.sizes[i]} filter: {kernel[i]} output: "
                      f"{dy.shape[axis]} stride: {g.strides[i]} dilation: {g.dilations[i]}")


def _input_sizes(call: Call, sizes: Sequence[int], w: Any, dy: Any) -> list[int]:
    """The whole shape of the input, of which a caller may give the spatial sizes only."""
    if len(sizes) == call.rank + 2:
        return list(sizes)
    if call.rank != 2 or len(sizes) != 2:
        raise bad(f"Conv2DBackpropInput requires input_sizes to contain 4 values or 2 values, but got: {len(sizes)}"
                  if call.rank == 2 else f"input_sizes must be {call.rank + 2}-dimensional, got: {len(sizes)}")
    if call.where.channel == 1:
        return [dy.shape[0], w.shape[-2], *sizes]
    return [dy.shape[0], *sizes, w.shape[-2]]


_LABELS = {2: ("Conv2DCustomBackpropInput", "Conv2DCustomBackpropFilter"),
           3: ("Conv3DBackpropInputOp", "Conv3DBackpropFilterOp")}


def _backprop_input(rank: int, xp: Any, sizes: Any, w: Any, dy: Any, attrs: dict[str, Any]) -> Any:
    call = Call(rank, **attrs)
    if w.ndim != rank + 2:
        raise bad(f"filter must be {rank + 2}-dimensional: {shape_text(w.shape)}")
    if dy.ndim != rank + 2:
        raise bad(f"out_backprop must be {rank + 2}-dimensional")
    shape = _input_sizes(call, ints(sizes), w, dy)
    channels = shape[call.where.channel]
    _check_depths(channels, w, rank)
    if dy.shape[call.where.channel] != w.shape[-1]:
        raise bad(f"{_LABELS[rank][0]}: filter and out_backprop must have the same out_depth")
    g = call.geometry(call.spatial(shape), tuple(w.shape[:rank]))
    _check_output(call, g, dy, g.kernel, shape[0], _LABELS[rank][0])
    dtype = dy.dtype
    w, dy = wide(w, dy)
    dx = engine(xp).input_gradient(channels_last(dy, call.where), w, g, channels)
    return channels_back(dx, call.where).astype(dtype, copy=False)


def _backprop_filter(rank: int, xp: Any, x: Any, sizes: Any, dy: Any, attrs: dict[str, Any]) -> Any:
    call = Call(rank, **attrs)
    shape = ints(sizes)
    if len(shape) != rank + 2:
        raise bad(f"{_LABELS[rank][1]}: filter must be {rank + 2}-dimensional")
    if x.ndim != rank + 2 or dy.ndim != rank + 2:
        word = "input" if x.ndim != rank + 2 else "out_backprop"
        raise bad(f"{_LABELS[rank][1]}: {word} must be {rank + 2}-dimensional")
    channels, own = x.shape[call.where.channel], shape[-2]
    if own <= 0 or channels % own:
        raise bad(f"input depth must be evenly divisible by filter depth: {channels} vs {own}")
    if dy.shape[call.where.channel] != shape[-1]:
        raise bad(f"{_LABELS[rank][1]}: filter and out_backprop must have the same out_depth")
    g = call.geometry(call.spatial(x.shape), tuple(shape[:rank]))
    _check_output(call, g, dy, g.kernel, x.shape[0], _LABELS[rank][1])
    dtype = x.dtype
    x, dy = wide(x, dy)
    dw = engine(xp).filter_gradient(channels_last(x, call.where), channels_last(dy, call.where), g, channels // own)
    return dw.astype(dtype, copy=False)


# Entries.


@op("Conv2D", "input: T, filter: T -> output: T", attrs=f"T: {{{_TYPES}, int32}}; {ATTRS_2D}",
    infer=conv_shape(2, "Conv2D"))
def conv2d_(xp: Any, x: Any, w: Any, **attrs: Any) -> Any:
    return _forward(2, xp, x, w, attrs)


@op("Conv2DBackpropInput", "input_sizes: int32 static, filter: T, out_backprop: T -> output: T",
    attrs=f"T: {{{_TYPES}, int32}}; {ATTRS_2D}", infer=input_shape(2))
def conv2d_backprop_input(xp: Any, sizes: Any, w: Any, dy: Any, **attrs: Any) -> Any:
    return _backprop_input(2, xp, sizes, w, dy, attrs)


@op("Conv2DBackpropFilter", "input: T, filter_sizes: int32 static, out_backprop: T -> output: T",
    attrs=f"T: {{{_TYPES}}}; {ATTRS_2D}", infer=filter_shape(2))
def conv2d_backprop_filter(xp: Any, x: Any, sizes: Any, dy: Any, **attrs: Any) -> Any:
    return _backprop_filter(2, xp, x, sizes, dy, attrs)


@op("Conv3D", "input: T, filter: T -> output: T", attrs=f"T: {{{_TYPES}}}; {ATTRS_3D}", infer=conv_shape(3, "Conv3D"))
def conv3d_(xp: Any, x: Any, w: Any, **attrs: Any) -> Any:
    return _forward(3, xp, x, w, attrs)


@op("Conv3DBackpropInputV2", "input_sizes: Tshape static, filter: T, out_backprop: T -> output: T",
    attrs=f"T: {{{_TYPES}}}; {ATTRS_3D}; Tshape: {{int32, int64}} = int32", infer=input_shape(3))
def conv3d_backprop_input(xp: Any, sizes: Any, w: Any, dy: Any, **attrs: Any) -> Any:
    return _backprop_input(3, xp, sizes, w, dy, attrs)


@op("Conv3DBackpropFilterV2", "input: T, filter_sizes: int32 static, out_backprop: T -> output: T",
    attrs=f"T: {{{_TYPES}}}; {ATTRS_3D}", infer=filter_shape(3))
def conv3d_backprop_filter(xp: Any, x: Any, sizes: Any, dy: Any, **attrs: Any) -> Any:
    return _backprop_filter(3, xp, x, sizes, dy, attrs)


# Depthwise.


def _depthwise_call(x_shape: Sequence[int], w_shape: Sequence[int], attrs: dict[str, Any]) -> tuple[Call, Geometry]:
    call = Call(2, **attrs)
    channels = x_shape[call.where.channel]
    if channels != w_shape[2]:
        raise bad(f"input depth must be evenly divisible by filter depth: {channels} vs {w_shape[2]}")
    if 0 in w_shape:
        raise bad("filter must not have zero elements (i.e. all dimensions must be non-zero)")
    return call, call.geometry(call.spatial(x_shape), (int(w_shape[0]), int(w_shape[1])))


def _check_depthwise(call: Call, g: Geometry, dy: Any, shape: Sequence[int], w_shape: Sequence[int], word: str) -> None:
    if dy.shape[0] != shape[0]:
        raise bad(f"{word}: input and out_backprop must have the same batch size")
    for i, name in enumerate(("rows", "cols")):
        actual = dy.shape[call.where.spatial[i]]
        if actual != g.outs[i]:
            raise bad(f"{word}: Number of {name} of out_backprop doesn't match computed: actual = {actual}, computed = "
                      f"{g.outs[i]}")
    if dy.shape[call.where.channel] != prod(w_shape[2:]):
        raise bad(f"{word}: depth_multiplier * in_depth not equal to out_depth")


@op("DepthwiseConv2dNative", "input: T, filter: T -> output: T",
    attrs=f"T: {{{_TYPES}}}; {ATTRS_2D.replace(' use_cudnn_on_gpu: bool = true;', '')}", infer=depthwise_shape)
def depthwise(xp: Any, x: Any, w: Any, **attrs: Any) -> Any:
    if x.ndim != 4:
        raise bad(f"input must be 4-dimensional{shape_text(x.shape)}")
    if w.ndim != 4:
        raise bad(f"filter must be 4-dimensional: {shape_text(w.shape)}")
    call, g = _depthwise_call(x.shape, w.shape, attrs)
    dtype = x.dtype
    x, w = wide(x, w)
    return channels_back(engine(xp).depthwise(channels_last(x, call.where), w, g), call.where).astype(dtype, copy=False)


@op("DepthwiseConv2dNativeBackpropInput", "input_sizes: int32 static, filter: T, out_backprop: T -> output: T",
    attrs=f"T: {{{_TYPES}}}; {ATTRS_2D.replace(' use_cudnn_on_gpu: bool = true;', '')}", infer=input_shape(2))
def depthwise_backprop_input(xp: Any, sizes: Any, w: Any, dy: Any, **attrs: Any) -> Any:
    shape = ints(sizes)
    if len(shape) != 4:
        raise bad(f"DepthwiseConv2DBackpropInput: input must be 4-dimensional, got: {len(shape)}")
    call, g = _depthwise_call(shape, w.shape, attrs)
    _check_depthwise(call, g, dy, shape, w.shape, "DepthwiseConv2DBackpropInput")
    dtype = dy.dtype
    w, dy = wide(w, dy)
    dx = engine(xp).depthwise_input_gradient(channels_last(dy, call.where), w, g)
    return channels_back(dx, call.where).astype(dtype, copy=False)


@op("DepthwiseConv2dNativeBackpropFilter", "input: T, filter_sizes: int32 static, out_backprop: T -> output: T",
    attrs=f"T: {{{_TYPES}}}; {ATTRS_2D.replace(' use_cudnn_on_gpu: bool = true;', '')}", infer=filter_shape(2))
def depthwise_backprop_filter(xp: Any, x: Any, sizes: Any, dy: Any, **attrs: Any) -> Any:
    shape = ints(sizes)
    if len(shape) != 4:
        raise bad("DepthwiseConv2DBackpropFilter: filter must be 4-dimensional")
    call, g = _depthwise_call(x.shape, shape, attrs)
    _check_depthwise(call, g, dy, x.shape, shape, "DepthwiseConv2DBackpropFilter")
    dtype = x.dtype
    x, dy = wide(x, dy)
    dw = engine(xp).depthwise_filter_gradient(channels_last(x, call.where), channels_last(dy, call.where), g)
    return dw.astype(dtype, copy=False)


# Gradients: the three ops of a family are bilinear, and each one's derivatives are the other two.


def _link(forward: OpDef, for_input: OpDef, for_filter: OpDef) -> None:
    @forward.vjp(0)
    def _(op: Any, dy: Any) -> Any:
        return apply(for_input, (shape_of(op.inputs[0]), op.inputs[1], dy), op.attrs)

    @forward.vjp(1)
    def _(op: Any, dy: Any) -> Any:
        return apply(for_filter, (op.inputs[0], shape_of(op.inputs[1]), dy), op.attrs)

    @for_input.vjp(1)
    def _(op: Any, dy: Any) -> Any:
        return apply(for_filter, (dy, shape_of(op.inputs[1]), op.inputs[2]), op.attrs)

    @for_input.vjp(2)
    def _(op: Any, dy: Any) -> Any:
        return apply(forward, (dy, op.inputs[1]), op.attrs)

    @for_filter.vjp(0)
    def _(op: Any, dy: Any) -> Any:
        return apply(for_input, (shape_of(op.inputs[0]), dy, op.inputs[2]), op.attrs)

    @for_filter.vjp(2)
    def _(op: Any, dy: Any) -> Any:
        return apply(forward, (op.inputs[0], dy), op.attrs)


_link(conv2d_, conv2d_backprop_input, conv2d_backprop_filter)
_link(conv3d_, conv3d_backprop_input, conv3d_backprop_filter)
_link(depthwise, depthwise_backprop_input, depthwise_backprop_filter)
