"""Convolutions of images that are mirrored at their edges, and perhaps resized, on the way: TensorFlow's fused forms.

They have no gradients, and are the operations that they are made of, one after the other.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core.infer import InputSpec, infer_outputs
from ..core.opdef import op
from .broadcasting import mirror_pad
from .common import shape_text
from .conv import conv2d_, wide
from .image.resize import interpolated, sizes_of, target_size, with_size
from .image.taps import linear
from .layout import bad

_ATTRS = 'mode: {"REFLECT", "SYMMETRIC"}; strides: list(int); padding: {"SAME", "VALID"}'


def _shape(x: Any, paddings: Any, w: Any, attrs: dict[str, Any]) -> Any:
    (shape, dtype), = infer_outputs(mirror_pad, [x, paddings], {"mode": attrs["mode"]})
    return infer_outputs(conv2d_, [InputSpec(shape, dtype), w], {k: attrs[k] for k in ("strides", "padding")})


def _pad_and_convolve(xp: Any, x: Any, paddings: Any, w: Any, mode: str, strides: Any, padding: str) -> Any:
    paddings = np.asarray(paddings)
    if x.ndim != 4:
        raise bad(f"input must be 4-dimensional: {shape_text(x.shape)}")
    if paddings.shape != (4, 2):
        raise bad(f"The first dimension of paddings must be the rank of inputs: 4 {shape_text(paddings.shape)} "
                  f"{shape_text(x.shape)}")
    if paddings[0].any() or paddings[3].any():
        raise bad("Fused mirror padding only support spatial padding, not "
                  f"{'batches' if paddings[0].any() else 'channels'}: {paddings.tolist()}")
    if not x.size:
        raise bad("Input tensor can't be empty")
    if w.shape[3:] == (0,):
        raise bad("Output tensor can't be empty")
    if w.ndim == 4 and w.shape[2] != x.shape[3]:
        raise bad(f"input and filter must have the same depth: {x.shape[3]} vs {w.shape[2]}")
    y = conv2d_.kernel(xp, mirror_pad.kernel(xp, x, paddings, mode=mode), w, strides=strides, padding=padding)
    if not y.size:
        raise bad("Output tensor can't be empty")
    return y


@op("FusedPadConv2D", "input: T, paddings: int32 static, filter: T -> output: T",
    attrs=f"T: {{half, bfloat16, float, double}}; {_ATTRS}",
    infer=lambda op: _shape(op.inputs[0], op.inputs[1], op.inputs[2], op.attrs))
def fused_pad_conv2d(xp: Any, x: Any, paddings: Any, w: Any, mode: str, strides: Any, padding: str) -> Any:
    return _pad_and_convolve(xp, x, paddings, w, mode, strides, padding)


def _resized_shape(op: Any) -> Any:
    x, size, paddings, w = op.inputs
    resized = InputSpec(with_size(x, 1, sizes_of(size)), x.dtype)
    return _shape(resized, paddings, w, op.attrs)


@op("FusedResizeAndPadConv2D", "input: T, size: int32 static, paddings: int32 static, filter: T -> output: T",
    attrs=f"T: {{half, float, double}}; resize_align_corners: bool = false; {_ATTRS}", infer=_resized_shape)
def fused_resize_and_pad_conv2d(xp: Any, x: Any, size: Any, paddings: Any, w: Any, mode: str, strides: Any, padding: str,
                                resize_align_corners: bool = False) -> Any:
    if not x.size:
        raise bad("Input tensor can't be empty")
    height, width = target_size(x, size)
    (values,) = wide(x)
    rows = linear(x.shape[1], height, resize_align_corners, False)
    columns = linear(x.shape[2], width, resize_align_corners, False)
    resized = interpolated(xp, values, rows, columns).astype(x.dtype)
    return _pad_and_convolve(xp, resized, paddings, w, mode, strides, padding)
