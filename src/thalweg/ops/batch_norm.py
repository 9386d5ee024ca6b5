"""Batch normalisation as one op: FusedBatchNormV3, its gradient, and the gradient's gradient."""
from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from .common import shape_text
from .layout import bad
from .windows import check_words, equal, with_rank

FORMATS = 'data_format: {"NHWC", "NCHW", "NDHWC", "NCDHW"} = "NHWC"'
EPSILON = 9.999999747378752e-05
_BLOCK = 1 << 18
"""Bytes of input that are worked on at a time."""
_SINGLE = np.dtype(np.float32)


def _channel(data_format: str) -> int:
    """The dimension of the channels."""
    return 1 if data_format[1] == "C" else len(data_format) - 1


def _check(x: Any, given: tuple[Any, Any, Any, Any], data_format: str, needed: str) -> None:
    rank = len(data_format)
    if x.ndim != rank and not (x.ndim == 5 and rank == 4):
        raise bad(f"input must be {rank}-dimensional{shape_text(x.shape)}")
    channels = x.shape[1 if data_format[1] == "C" else x.ndim - 1]
    for value, word in zip(given, ("scale", "offset", "estimated_mean", "estimated_variance"), strict=True):
        if value.ndim != 1:
            raise bad(f"{word} must be 1-dimensional{shape_text(value.shape)}")
    for value, word in zip(given[:2], ("scale", "offset"), strict=True):
        if len(value) != channels:
            raise bad(f"{word} must have the same number of elements as the channels of x, got {len(value)} and "
                      f"{channels}")
    for value, word in zip(given[2:], ("mean", "variance"), strict=True):
        if needed and len(value) != channels:
            raise bad(f"When {needed}, {word} must have the same number of elements as the channels of x, got "
                      f"{len(value)} and {channels}")


class _Rows:
    """An array as a matrix with channels in its columns, cut into blocks of rows that stay in the cache.

    Several pixels share a row where there are few channels, so that rows are long.
    """

    def __init__(self, shape: tuple[int, ...], channels: int, item: int) -> None:
        self.channels = channels
        self.count = prod(shape) // max(channels, 1)
        self.fold = next((f for f in (64, 32, 16, 8, 4, 2) if f * channels <= 1024 and self.count % f == 0), 1)
        self.width = channels * self.fold
        self.height = max(1, _BLOCK // max(self.width * item, 1))

    def matrix(self, x: Any) -> Any:
        return x.reshape(-1, self.width)

    def spread(self, per_channel: Any, dtype: Any) -> Any:
        """One number a channel as a row."""
        return np.tile(per_channel.astype(dtype), self.fold)

    def blocks(self) -> Any:
        rows = self.count // self.fold
        return [slice(a, min(a + self.height, rows)) for a in range(0, rows, self.height)]

    def total(self, rows: Any) -> Any:
        """The sum by channel of a block of rows, in double precision."""
        ones = np.ones(len(rows), rows.dtype)
        return np.dot(ones, rows).reshape(self.fold, self.channels).sum(0, dtype=np.float64)


def _statistics(x: Any, rows: _Rows) -> tuple[Any, Any]:
    """Mean and variance by channel: those of each block about its own mean, put together in double precision."""
    matrix = rows.matrix(x)
    mean = np.zeros(rows.channels)
    squares = np.zeros(rows.channels)
    seen = 0
    for part in rows.blocks():
        block = matrix[part]
        count = len(block) * rows.fold
        here = rows.total(block) / count
        centred = block - rows.spread(here, x.dtype)
        drift = rows.total(centred) / count  # what rounding the mean left
        np.multiply(centred, centred, out=centred)
        own = rows.total(centred) - count * drift * drift
        delta = here + drift - mean
        both = seen + count
        mean += delta * (count / both)
        squares += own + delta * delta * (seen * count / both)
        seen = both
    return mean, squares / max(seen, 1)


def _wide(x: Any, data_format: str) -> Any:
    """An array in single precision, with channels last and in one piece."""
    if data_format[1] == "C":
        x = x.transpose(0, *range(2, x.ndim), 1)
    return np.ascontiguousarray(x, _SINGLE)


def _narrow(x: Any, data_format: str, dtype: Any) -> Any:
    if data_format[1] == "C":
        x = x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1))
    return x.astype(dtype, copy=False)


def _outputs(mean: Any, variance: Any, given: tuple[Any, Any], count: int, factor: float) -> tuple[Any, Any]:
    """The statistics to keep: with Bessel's correction, averaged with those given."""
    corrected = variance * (count / max(count - 1, 1))
    if factor == 1.0:
        return mean, corrected
    return (1 - factor) * given[0] + factor * mean, (1 - factor) * given[1] + factor * corrected


def normalized_shapes(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    data_format = op.attrs.get("data_format", "NHWC")
    x = with_rank(op.inputs[0].shape, len(data_format))
    channels = x[_channel(data_format)]
    needed = not op.attrs.get("is_training", True) or op.attrs.get("exponential_avg_factor", 1.0) != 1.0
    for spec in op.inputs[1:5 if needed else 3]:
        channels = equal(channels, with_rank(spec.shape, 1)[0])
    x[_channel(data_format)] = channels
    vector = (TensorShape([channels]), op.inputs[1].dtype)
    return [(TensorShape(x), op.inputs[0].dtype), *[vector] * 4, (TensorShape([0]), op.inputs[1].dtype)]


@op("FusedBatchNormV3",
    "x: T, scale: U, offset: U, mean: U, variance: U -> y: T, batch_mean: U, batch_variance: U, reserve_space_1: U, "
    "reserve_space_2: U, reserve_space_3: U",
    attrs=f"T: {{half, bfloat16, float}}; U: {{bfloat16, float}}; epsilon: float = {EPSILON}; "
    f"exponential_avg_factor: float = 1.0; {FORMATS}; is_training: bool = true", infer=normalized_shapes)
def fused_batch_norm_v3(xp: Any, x: Any, scale: Any, offset: Any, mean: Any, variance: Any, epsilon: float = EPSILON,
                        exponential_avg_factor: float = 1.0, data_format: str = "NHWC",
                        is_training: bool = True) -> Any:
    needed = "is_training=false" if not is_training else "exponential_avg_factor != 1" if exponential_avg_factor != 1 else ""
    _check(x, (scale, offset, mean, variance), data_format, needed)
    kind = scale.dtype
    if not x.size:
        gone, zeros = xp.full(scale.shape, xp.nan, kind), xp.zeros_like(scale)
        return x, gone, gone, zeros, zeros, xp.zeros(0, kind)
    if xp is not np:
        return _compiled(xp, x, scale, offset, mean, variance, epsilon, exponential_avg_factor, data_format, is_training)
    wide = _wide(x, data_format)
    rows = _Rows(wide.shape, wide.shape[-1], 4)
    if is_training:
        centre, spread = _statistics(wide, rows)
        seen = _outputs(centre, spread, (mean, variance), rows.count, exponential_avg_factor)
        kept = tuple([k.astype(kind) for k in (*seen, centre, spread)])
    else:
        centre, spread = mean.astype(np.float64), variance.astype(np.float64)
        kept = (mean, variance) * 2
    factor = scale / np.sqrt(spread + epsilon)
    a, c, b = (rows.spread(v, _SINGLE) for v in (factor, centre, offset))
    y = np.empty_like(wide)
    source, target = rows.matrix(wide), rows.matrix(y)
    for part in rows.blocks():
        out = target[part]
        np.subtract(source[part], c, out=out)
        np.multiply(out, a, out=out)
        np.add(out, b, out=out)
    return (_narrow(y, data_format, x.dtype), *kept, np.zeros(0, kind))


def _shaped(v: Any, x: Any, data_format: str) -> Any:
    """One number a channel, to be broadcast against `x`."""
    return v.reshape(-1, *[1] * (x.ndim - 2)) if data_format[1] == "C" else v


def _axes(x: Any, data_format: str) -> tuple[int, ...]:
    channel = 1 if data_format[1] == "C" else x.ndim - 1
    return tuple(i for i in range(x.ndim) if i != channel)


def _compiled(xp: Any, x: Any, scale: Any, offset: Any, mean: Any, variance: Any, epsilon: float, factor: float,
              data_format: str, is_training: bool) -> Any:
    """The same for XLA: both statistics in one pass, about the mean of the first example, against cancellation."""
    kind = scale.dtype
    wide = x.astype(_SINGLE)
    centre, spread = mean.astype(_SINGLE), variance.astype(_SINGLE)
    kept = (mean, variance) * 2
    if is_training:
        axes = _axes(x, data_format)
        guess = wide[:1].mean(axes)
        shifted = wide - _shaped(guess, x, data_format)
        drift = shifted.mean(axes)
        spread = xp.maximum(xp.square(shifted).mean(axes) - drift * drift, 0)
        centre = guess + drift
        seen = _outputs(centre, spread, (mean, variance), x.size // scale.size, factor)
        kept = tuple([k.astype(kind) for k in (*seen, centre, spread)])
    a = scale.astype(_SINGLE) / xp.sqrt(spread + np.float32(epsilon))
    y = (wide - _shaped(centre, x, data_format)) * _shaped(a, x, data_format) + _shaped(
        offset.astype(_SINGLE), x, data_format)
    return (y.astype(x.dtype), *kept, xp.zeros(0, kind))


def gradient_by(backward: OpDef) -> Callable[..., Any]:
    """The gradient of a version of the op, by its version of the gradient's op."""
    def gradient(op: Any, dy: Any, *_dys: Any) -> Any:
        training = op.attrs.get("is_training", True)
        kept = op.outputs[3:5] if training else op.inputs[3:5]
        attrs = {name: value for name, value in op.attrs.items() if name != "exponential_avg_factor"}
        x, scale = op.inputs[:2]
        found = apply(backward, (dy, x, _float(scale), *kept, *op.outputs[5:]), attrs)
        return found[0], _like(found[1], scale), _like(found[2], op.inputs[2]), None, None
    return gradient


def _float(x: Any) -> Any:
    from .casting import cast
    return cast(x, dtypes.float32)


def _like(x: Any, y: Any) -> Any:
    from .casting import cast
    return cast(x, y.dtype)


def gradient_shapes(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    data_format = op.attrs.get("data_format", "NHWC")
    x = with_rank(op.inputs[1].shape, len(data_format))
    channels = x[_channel(data_format)]
    for spec in op.inputs[2:5]:
        channels = equal(channels, with_rank(spec.shape, 1)[0])
    x[_channel(data_format)] = channels
    kind = op.inputs[3].dtype
    return [(TensorShape(x), op.inputs[0].dtype), *[(TensorShape([channels]), kind)] * 2, *[(TensorShape([]), kind)] * 2]


@op("FusedBatchNormGradV3",
    "y_backprop: T, x: T, scale: float, reserve_space_1: U, reserve_space_2: U, reserve_space_3: U -> x_backprop: T, "
    "scale_backprop: U, offset_backprop: U, reserve_space_4: U, reserve_space_5: U",
    attrs=f"T: {{half, bfloat16, float}}; U: {{float}}; epsilon: float = {EPSILON}; {FORMATS}; is_training: bool = true",
    infer=gradient_shapes)
def fused_batch_norm_grad_v3(xp: Any, dy: Any, x: Any, scale: Any, mean: Any, variance: Any, reserve: Any,
                             epsilon: float = EPSILON, data_format: str = "NHWC", is_training: bool = True) -> Any:
    if dy.shape != x.shape:
        raise bad(f"x and y_backprop must have same shape, but x has shape {shape_text(x.shape)} and y_backprop has shape "
                  f"{shape_text(dy.shape)}")
    nothing = xp.zeros((), _SINGLE)
    if not x.size:
        return x, xp.zeros_like(scale), xp.zeros_like(scale), nothing, nothing
    if xp is not np:
        return (*_compiled_gradient(xp, dy, x, scale, mean, variance, epsilon, data_format, is_training), nothing, nothing)
    wide, given = _wide(x, data_format), _wide(dy, data_format)
    rows = _Rows(wide.shape, wide.shape[-1], 4)
    source, slopes = rows.matrix(wide), rows.matrix(given)
    centre = rows.spread(mean, _SINGLE)
    total, moment = np.zeros(rows.channels), np.zeros(rows.channels)
    for part in rows.blocks():
        slope = slopes[part]
        total += rows.total(slope)
        centred = source[part] - centre
        np.multiply(centred, slope, out=centred)
        moment += rows.total(centred)
    inverse = 1 / np.sqrt(variance + np.float64(epsilon))
    factor = scale * inverse
    dx = np.empty_like(wide)
    target = rows.matrix(dx)
    a = rows.spread(factor, _SINGLE)
    b = rows.spread(-factor * inverse * inverse * moment / rows.count, _SINGLE)
    c = rows.spread(-factor * total / rows.count, _SINGLE)
    for part in rows.blocks():
        out = target[part]
        np.multiply(slopes[part], a, out=out)
        if is_training:
            centred = source[part] - centre
            np.multiply(centred, b, out=centred)
            out += centred
            out += c
    return (_narrow(dx, data_format, x.dtype), (moment * inverse).astype(_SINGLE), total.astype(_SINGLE), nothing, nothing)


def _compiled_gradient(xp: Any, dy: Any, x: Any, scale: Any, mean: Any, variance: Any, epsilon: float, data_format: str,
                       is_training: bool) -> tuple[Any, Any, Any]:
    axes = _axes(x, data_format)
    slope = dy.astype(_SINGLE)
    centred = x.astype(_SINGLE) - _shaped(mean, x, data_format)
    inverse = 1 / xp.sqrt(variance + np.float32(epsilon))
    total, moment = slope.sum(axes), (slope * centred).sum(axes)
    factor = scale * inverse
    dx = slope * _shaped(factor, x, data_format)
    if is_training:
        count = x.size // scale.size
        b, c = -factor * inverse * inverse * moment / count, -factor * total / count
        dx = dx + centred * _shaped(b, x, data_format) + _shaped(c, x, data_format)
    return dx.astype(x.dtype), moment * inverse, total


fused_batch_norm_v3.gradient(gradient_by(fused_batch_norm_grad_v3))


@fused_batch_norm_grad_v3.gradient
def _(op: Any, ddx: Any, dscale: Any, doffset: Any, *_rest: Any) -> Any:
    """The gradient of the gradient: of the same formulas, written in public ops."""
    from ..core.tape import GradientTape
    dy, x, scale, mean, variance = op.inputs[:5]
    sources = [dy, x, scale]
    with GradientTape() as tape:
        tape.watch(sources)
        formula = _by_ops(dy, x, scale, mean, variance, op.attrs)
    found = tape.gradient(formula, sources, output_gradients=[ddx, dscale, doffset])
    return (*found, *[None] * (len(op.inputs) - 3))


def _by_ops(dy: Any, x: Any, scale: Any, mean: Any, variance: Any, attrs: dict[str, Any]) -> list[Any]:
    """What FusedBatchNormGradV3 computes, as a composition that can be differentiated."""
    from .arrays import reshape
    from .elementwise import rsqrt, square
    from .reductions import reduce_mean, reduce_sum
    data_format = attrs.get("data_format", "NHWC")
    rank = len(data_format)
    axes = tuple(i for i in range(rank) if i != _channel(data_format))
    kind = x.dtype
    x, dy = _float(x), _float(dy)
    shape = (1, -1, *[1] * (rank - 2)) if data_format[1] == "C" else (*[1] * (rank - 1), -1)
    training = attrs.get("is_training", True)
    centre = reduce_mean(x, axes, keepdims=True) if training else reshape(mean, shape)
    centred = x - centre
    spread = reduce_mean(square(centred), axes, keepdims=True) if training else reshape(variance, shape)
    inverse = rsqrt(spread + attrs.get("epsilon", EPSILON))
    slope = dy
    if training:
        slope = dy - reduce_mean(dy, axes, keepdims=True) - centred * square(inverse) * reduce_mean(
            dy * centred, axes, keepdims=True)
    dx = reshape(scale, shape) * inverse * slope
    return [_like_dtype(dx, kind), reduce_sum(dy * centred * inverse, axes), reduce_sum(dy, axes)]


def _like_dtype(x: Any, dtype: Any) -> Any:
    from .casting import cast
    return cast(x, dtype)


def fused_batch_norm(x: Any, scale: Any, offset: Any, mean: Any = None, variance: Any = None, epsilon: float = 0.001,
                     data_format: str = "NHWC", is_training: bool = True, name: str | None = None,
                     exponential_avg_factor: float = 1.0) -> tuple[Any, Any, Any]:
    """Batch normalisation over all dimensions but the channels.

    Args:
      x: tensor of rank four or five; float32, float16 or bfloat16.
      scale: a vector with one number a channel.
      offset: a vector with one number a channel.
      mean: the mean to use when not training, or to average with.
      variance: the variance to use when not training, or to average with.
      epsilon: what is added to the variance; at least 1.001e-5.
      data_format: where the channels are, such as `"NHWC"`.
      is_training: whether the statistics are those of this batch.
      exponential_avg_factor: share of this batch in the returned statistics.

    Returns:
      `(y, mean, variance)`.

    Raises:
      ValueError: statistics are needed and missing.
    """
    if (not is_training or exponential_avg_factor != 1.0) and (mean is None or variance is None):
        raise ValueError("Both `mean` and `variance` must be a 1D tensor when `is_training` is False or "
                         f"`exponential_avg_factor` != 1.0. Received: `mean` {mean!r} and `variance` {variance!r}")
    check_words(fused_batch_norm_v3, "", data_format)
    x = convert_to_tensor(x, name="input")
    scale, offset = (convert_to_tensor(v, dtypes.float32 if not hasattr(v, "dtype") else None) for v in (scale, offset))
    mean, variance = (convert_to_tensor(np.zeros(0, np.float32) if v is None else v) for v in (mean, variance))
    attrs = {"epsilon": max(epsilon, 1.001e-5), "exponential_avg_factor": exponential_avg_factor,
             "data_format": data_format, "is_training": is_training}
    found = apply(fused_batch_norm_v3, (x, scale, offset, mean, variance), attrs, name)
    return found[0], found[1], found[2]
