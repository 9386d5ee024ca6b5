"""Convolutions of uniformly quantized tensors, with XLA's freedom in dimensions, dilations and groups."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.dispatch import Typed
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from .common import shape_text
from .conv import conv2d_, conv3d_
from .layout import bad
from .uniform_quantization import by_sample, check_channels, check_scales, column, described, positive, rescaled, within

_ATTRS = 'window_strides: list(int) = []; padding: string; explicit_padding: list(int) = []; lhs_dilation: list(int) = []; ' \
    'rhs_dilation: list(int) = []; batch_group_count: int = 1; feature_group_count: int = 1; dimension_numbers: string = ""'


def _numbers(message: Any, rank: int) -> list[list[int]]:
    """Which dimensions are what: for input, kernel and output the first, the second and the spatial ones.

    Args:
      message: a serialized `UniformQuantizedConvolutionDimensionNumbersAttr`; nothing means `[batch, features, ...]` and
        `[features of the output, features of the input, ...]`.
      rank: of the tensors.

    Raises:
      InvalidArgumentError: the message cannot be read, or does not name each dimension once.
    """
    data = message.encode() if isinstance(message, str) else bytes(message)
    if not data:
        return [list(range(rank)) for _ in range(3)]
    fields: dict[int, list[int]] = {k: [] for k in range(1, 10)}
    values = _varints(data)
    while values:
        key = values.pop(0)
        if key & 7 == 2:  # packed: a length in bytes, each of which is a number below 128
            fields.setdefault(key >> 3, []).extend(values[1:1 + values[0]])
            del values[:1 + values[0]]
        elif key & 7 == 0 and values:
            fields.setdefault(key >> 3, []).append(values.pop(0))
        else:
            raise bad("Error parsing convolution dimension numbers.")
    # Fields that are zero are left out of a message.
    found = [[(fields[k] or [0])[-1], (fields[k + 1] or [0])[-1], *fields[k + 2]] for k in (1, 4, 7)]
    found[1][:2] = found[1][1::-1]
    for dims in found:
        if sorted(dims) != list(range(rank)):
            raise bad(f"dimension_numbers must name each of {rank} dimensions once, but given {dims}")
    return found


def _varints(data: bytes) -> list[int]:
    out, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            out.append(value)
            value = shift = 0
    if shift:
        raise bad("Error parsing convolution dimension numbers.")
    return out


def _spread(xp: Any, x: Any, dilation: list[int]) -> Any:
    """Zeros between the elements of all dimensions but the first and the last."""
    for axis, step in enumerate(dilation, 1):
        size = x.shape[axis]
        if step > 1 and size:
            zeros = xp.zeros((*x.shape[:axis + 1], step - 1, *x.shape[axis + 1:]), x.dtype)
            x = xp.concatenate([xp.expand_dims(x, axis + 1), zeros], axis + 1)
            x = x.reshape(*x.shape[:axis], size * step, *x.shape[axis + 2:])
            x = x[(slice(None),) * axis + (slice(0, (size - 1) * step + 1),)]
    return x


class _Window:
    """The attributes of a convolution, checked, with the defaults in their place."""

    def __init__(self, x: tuple[int | None, ...], w: tuple[int | None, ...], attrs: dict[str, Any]) -> None:
        if len(x) != len(w):
            raise bad(f"lhs and rhs must have same dims. Given lhs and rhs of shapes: {shape_text(x)}{shape_text(w)}")  # type: ignore[arg-type]
        rank = len(x)
        if rank < 3:
            raise bad(f"lhs and rhs shape dims must be at least 3. Given: {rank}")
        count = rank - 2
        numbers = attrs.get("dimension_numbers", "")
        self.x_dims, self.w_dims, self.y_dims = _numbers(numbers, rank)
        self.strides, self.x_dilation, self.w_dilation = (
            list(attrs.get(name) or [1] * count) for name in ("window_strides", "lhs_dilation", "rhs_dilation"))
        for name, given in (("window_strides", self.strides), ("lhs_dilation", self.x_dilation),
                            ("rhs_dilation", self.w_dilation)):
            if len(given) != count:
                raise bad(f"Size of {name} Attr must be dims - 2.")
            if min(given) < 1:
                raise bad(f"All elements of {name} must be >= 1, but given {given}")
        padding = attrs["padding"]
        padding = padding.decode() if isinstance(padding, bytes) else padding
        if padding not in ("EXPLICIT", "SAME", "VALID"):
            raise bad(f"padding Attr must be one of [EXPLICIT | SAME | VALID], but given: {padding}")
        explicit = list(attrs.get("explicit_padding") or [])
        if padding == "EXPLICIT" and len(explicit) != 2 * count:
            raise bad(f"Size of explicit_padding Attr must be 2 * (rank - 2). Given rank {rank} and explicit_padding of size "
                      f"{len(explicit)}")
        self.padding, self.explicit = padding, explicit
        self.batches, self.features = int(attrs.get("batch_group_count", 1)), int(attrs.get("feature_group_count", 1))
        self.x, self.w = [x[d] for d in self.x_dims], [w[d] for d in self.w_dims]
        own, wanted = self.x[1], self.w[1]
        if own is not None and wanted is not None:
            if wanted == 0 or own % wanted:
                raise bad(f"rhs input feature dimension must divide lhs feature dimension size, but {wanted} does not "
                          f"divide {own}")
            if self.features != own // wanted:
                raise bad("lhs feature dimension size divided by feature_group_count must be equal to rhs input feature "
                          f"dimension size, but {own}/{self.features} is not {wanted}")
        for name, groups, size in (("feature", self.features, self.w[0]), ("batch", self.batches, self.w[0])):
            if size is not None and size % groups:
                raise bad(f"rhs output dimension size must be divisible by {name}_group_count, but {size} is not by {groups}")

    def pads(self) -> tuple[list[tuple[int, int]], list[int | None]]:
        """What is added to each dimension, and the sizes of the result."""
        pads: list[tuple[int, int]] = []
        sizes: list[int | None] = []
        for axis, stride in enumerate(self.strides):
            x, w = self.x[2 + axis], self.w[2 + axis]
            if x is None or w is None:
                pads.append((0, 0))
                sizes.append(None)
                continue
            x = (x - 1) * self.x_dilation[axis] + 1 if x else 0
            w = (w - 1) * self.w_dilation[axis] + 1
            before, after = self.explicit[2 * axis:2 * axis + 2] if self.padding == "EXPLICIT" else (0, 0)
            if self.padding == "SAME":
                total = max((-(-x // stride) - 1) * stride + w - x, 0)
                before, after = total // 2, total - total // 2
            size = (x + before + after - w) // stride + 1
            if size < 0:
                raise bad(f"Expected shape dimensions to be non-negative, got {size}")
            pads.append((before, after))
            sizes.append(size)
        return pads, sizes

    def output(self) -> list[int | None]:
        """The shape of the result."""
        batch = None if self.x[0] is None else self.x[0] // self.batches
        shape: list[int | None] = [None] * len(self.x)
        for place, size in zip(self.y_dims, [batch, self.w[0], *self.pads()[1]], strict=True):
            shape[place] = size
        return shape


def _shape(dtype: dtypes.DType) -> Any:
    def infer(op: Any) -> list[Any]:
        x, w = op.inputs[0].shape, op.inputs[1].shape
        if x.rank is None or w.rank is None:
            return [(unknown_shape(), dtype)]
        return [(TensorShape(_Window(tuple(x.as_list()), tuple(w.as_list()), op.attrs).output()), dtype)]
    return infer


def _convolve(xp: Any, x: Any, w: Any, zeros: Any, w_zeros: Any, window: _Window) -> Any:
    """The convolution of integers less their zero points, exact in float64, as int64 in the result's dimensions."""
    rank = x.ndim
    images = xp.transpose(x.astype(np.float64) - zeros, [window.x_dims[0], *window.x_dims[2:], window.x_dims[1]])
    filters = xp.transpose(w.astype(np.float64) - w_zeros, [*window.w_dims[2:], window.w_dims[1], window.w_dims[0]])
    pads, sizes = window.pads()
    images = xp.pad(_spread(xp, images, window.x_dilation), [(0, 0), *pads, (0, 0)])
    if window.batches > 1:  # groups of images become groups of channels
        parts = images.reshape(window.batches, -1, *images.shape[1:])
        images = xp.moveaxis(parts, 0, -2).reshape(*parts.shape[1:-1], -1)
    shape = (images.shape[0], *sizes, filters.shape[-1])
    if 0 in (*shape, *images.shape, *filters.shape):
        y = xp.zeros(shape, np.float64)
    else:
        y = _by_engine(xp, images, filters, window)
    back = np.argsort([window.y_dims[0], *window.y_dims[2:], window.y_dims[1]])
    return xp.round(xp.transpose(y, back)).astype(np.int64) if rank else y


def _by_engine(xp: Any, images: Any, filters: Any, window: _Window) -> Any:
    strides, dilations = window.strides, window.w_dilation
    flat = images.ndim == 3
    if flat:
        images, filters, strides, dilations = images[:, None], filters[None], [1, *strides], [1, *dilations]
    entry = {4: conv2d_, 5: conv3d_}.get(images.ndim)
    if entry is None:
        raise bad(f"convolutions of {images.ndim - 2} dimensions are not supported")
    y = entry.kernel(xp, images, filters, strides=[1, *strides, 1], dilations=[1, *dilations, 1], padding="VALID")
    return y[:, 0] if flat else y


@op("UniformQuantizedConvolution", "lhs: Tin, rhs: Tin, lhs_scales: float, lhs_zero_points: int32, rhs_scales: float, "
    "rhs_zero_points: int32, output_scales: float, output_zero_points: int32 -> output: Tout",
    attrs=f"Tin: {{qint8}}; Tout: {{qint32}}; {_ATTRS}; " + described("lhs", "rhs", "output"), infer=_shape(dtypes.qint32))
def uniform_quantized_convolution(xp: Any, x: Any, w: Any, x_scales: Any, x_zeros: Any, w_scales: Any, w_zeros: Any,
                                  scales: Any, zeros: Any, output_quantization_min_val: int, output_quantization_max_val: int,
                                  lhs_quantization_axis: int = -1, rhs_quantization_axis: int = -1,
                                  output_quantization_axis: int = -1, **attrs: Any) -> Any:
    if lhs_quantization_axis != -1:
        raise bad("lhs_quantization_axis Attr must be -1 (per-tensor).")
    window = _Window(x.shape, w.shape, attrs)
    _check_filter_axis(window, rhs_quantization_axis)
    if output_quantization_axis not in (-1, window.y_dims[1]):
        raise bad("output_quantization_axis Attr must be -1 (per-tensor) or dimension_numbers.output_feature_dimension "
                  "(per-channel).")
    check_scales(x.shape, x_scales, x_zeros, lhs_quantization_axis)
    check_scales(w.shape, w_scales, w_zeros, rhs_quantization_axis)
    check_channels(w_scales, scales)
    check_scales(window.output(), scales, zeros, output_quantization_axis)
    for name, values in (("lhs", x_scales), ("rhs", w_scales), ("output", scales)):
        positive(xp, name, values)
    rank, channel = x.ndim, window.y_dims[1]
    sums = _convolve(xp, x, w, x_zeros, column(w_zeros, rank, rhs_quantization_axis), window)
    factor = x_scales.astype(np.float64) * column(w_scales, rank, channel) / column(scales, rank, channel)
    out = rescaled(xp, sums, factor) + column(zeros, rank, channel)  # as in TensorFlow, this wraps
    return Typed(within(xp, out, output_quantization_min_val, output_quantization_max_val, np.int32), dtypes.qint32)


def _check_filter_axis(window: _Window, axis: int) -> None:
    if axis not in (-1, window.w_dims[0]):
        raise bad("rhs_quantization_axis Attr must be -1 (per-tensor) or dimension_numbers.kernel_output_feature_dimension "
                  "(per-channel).")


@op("UniformQuantizedConvolutionHybrid", "lhs: Tlhs, rhs: Trhs, rhs_scales: float, rhs_zero_points: int32 -> output: Tout",
    attrs=f"Tlhs: {{float}}; Trhs: {{qint8}}; Tout: {{float}}; {_ATTRS}; " + described("rhs"), infer=_shape(dtypes.float32))
def uniform_quantized_convolution_hybrid(xp: Any, x: Any, w: Any, w_scales: Any, w_zeros: Any, rhs_quantization_axis: int = -1,
                                         **attrs: Any) -> Any:
    """The images become integers, each by its own range."""
    window = _Window(x.shape, w.shape, attrs)
    _check_filter_axis(window, rhs_quantization_axis)
    check_scales(w.shape, w_scales, w_zeros, rhs_quantization_axis)
    positive(xp, "rhs", w_scales)
    batch, rank = window.x_dims[0], x.ndim
    integers, scales, zeros = by_sample(xp, xp.moveaxis(x, batch, 0))
    sums = _convolve(xp, xp.moveaxis(integers, 0, batch), w, xp.moveaxis(zeros, 0, batch),
                     column(w_zeros, rank, rhs_quantization_axis), window)
    by_filter = column(w_scales, rank, window.y_dims[1])
    # A filter sees the images of its group.
    shares = xp.repeat(scales.reshape(window.batches, -1), w.shape[window.w_dims[0]] // window.batches, axis=0)
    shares = xp.expand_dims(shares.T, tuple(range(2, rank)))
    back = np.argsort([window.y_dims[0], window.y_dims[1], *window.y_dims[2:]])
    return sums.astype(np.float32) * (xp.transpose(shares, back) * by_filter)


uniform_quantized_convolution.not_differentiable()
uniform_quantized_convolution_hybrid.not_differentiable()
