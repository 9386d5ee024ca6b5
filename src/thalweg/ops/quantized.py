"""Arithmetic, convolutions, pools and normalizations of quantized tensors, with the range of each beside it."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import Typed, apply
from ..core.infer import infer_outputs
from ..core.opdef import OpDef, op
from .common import broadcast_pair, incompatible, shape_text
from .conv import conv2d_, depthwise
from .layout import bad
from .matmul import mat_mul
from .pool import avg_pool_2d, max_pool_2d
from .quantized_numbers import (
    KINDS,
    SCALAR,
    in_range,
    kind_of,
    limits,
    ordered,
    quantized_relu_x_,
    real,
    reals,
    scalars,
    unclamped,
    whole,
    wholes,
)

QuantizedOutput = namedtuple("QuantizedOutput", ["output", "min_output", "max_output"])
QuantizedReluX = namedtuple("QuantizedReluX", ["activations", "min_activations", "max_activations"])

_TWO = f"T1: {KINDS}; T2: {KINDS}"
_RANGES = "min_x: float, max_x: float, min_y: float, max_y: float"


def _output(op: Any, shape: Any, attr: str) -> list[Any]:
    given = op.attrs.get(attr)
    return [(shape, dtypes.as_dtype(given) if given is not None else dtypes.qint32), SCALAR, SCALAR]


def _sum_range(xp: Any, low: Any, high: Any, other_low: Any, other_high: Any, room: int) -> tuple[Any, Any]:
    """A range that holds sums, with room for many of them."""
    far = xp.maximum(-xp.minimum(low, other_low), xp.maximum(high, other_high)) * np.float32(room)
    return -far, far


def _product_range(x: Any, y: Any, low: Any, high: Any, other_low: Any, other_high: Any, kind: dtypes.DType) -> tuple[Any, Any]:
    """The range of integers that are sums of products of integers."""
    first, second = ((b - a) / np.float32(limits(v.dtype)[2] - 1) for v, a, b in ((x, low, high), (y, other_low, other_high)))
    least, most, _ = limits(kind.np)
    return first * second * np.float32(least), first * second * np.float32(most)


def _centred(xp: Any, x: Any, low: Any, high: Any) -> Any:
    """Integers less the one that stands for zero, as float64, in which sums of products are exact and fast."""
    return x.astype(np.float64) - unclamped(xp, xp.zeros((), np.float32), low, high, x.dtype).astype(np.float64)


def _wrapped(x: Any, kind: dtypes.DType) -> Any:
    return x.astype(np.int64).astype(kind.np)


def _need_elements(x: Any, y: Any, message: str) -> None:
    if x.shape != y.shape and 1 not in (x.size, y.size) and 0 in (x.size, y.size):
        raise bad(message)


def _by_steps(xp: Any, x: Any, low: Any, high: Any, new_low: Any, new_high: Any, dtype: Any) -> Any:
    """Integers of one range as those of another, all steps as wide as the first one."""
    start, one = (in_range(xp, xp.asarray(v, x.dtype), low, high, new_low, new_high, dtype) for v in (0, 1))
    return start + x.astype(dtype) * (one - start)


def _broadcast(op: Any) -> list[Any]:
    return _output(op, broadcast_pair(op.inputs[0].shape, op.inputs[1].shape), "Toutput")


@op("QuantizedAdd", f"x: T1, y: T2, {_RANGES} -> z: Toutput, min_z: float, max_z: float",
    attrs=f"{_TWO}; Toutput: {KINDS} = qint32", infer=_broadcast, explain=incompatible)
def quantized_add(xp: Any, x: Any, y: Any, min_x: Any, max_x: Any, min_y: Any, max_y: Any,
                  Toutput: dtypes.DType = dtypes.qint32) -> Any:
    scalars(min_x=min_x, max_x=max_x, min_y=min_y, max_y=max_y)
    ordered(xp, min_x, max_x, "max_x must be larger than min_x.")
    ordered(xp, min_y, max_y, "max_y must be larger than min_y.")
    _need_elements(x, y, "Must have some elements to add")
    low, high = _sum_range(xp, min_x, max_x, min_y, max_y, 1 << 14)
    first = (in_range if x.size == 1 else _by_steps)(xp, x, min_x, max_x, low, high, Toutput.np)
    second = (in_range if y.size == 1 and x.size != 1 else _by_steps)(xp, y, min_y, max_y, low, high, Toutput.np)
    return Typed(first + second, Toutput), low, high


@op("QuantizedMul", f"x: T1, y: T2, {_RANGES} -> z: Toutput, min_z: float, max_z: float",
    attrs=f"{_TWO}; Toutput: {KINDS} = qint32", infer=_broadcast, explain=incompatible)
def quantized_mul(xp: Any, x: Any, y: Any, min_x: Any, max_x: Any, min_y: Any, max_y: Any,
                  Toutput: dtypes.DType = dtypes.qint32) -> Any:
    scalars(min_x=min_x, max_x=max_x, min_y=min_y, max_y=max_y)
    ordered(xp, min_x, max_x, "max_x must be larger than min_a.")
    ordered(xp, min_y, max_y, "max_x must be larger than min_b.")
    _need_elements(x, y, "vector must have at least 1 element")
    out = _centred(xp, x, min_x, max_x) * _centred(xp, y, min_y, max_y)
    return Typed(_wrapped(out, Toutput), Toutput), *_product_range(x, y, min_x, max_x, min_y, max_y, Toutput)


def _product_shape(op: Any) -> list[Any]:
    attrs = {k: op.attrs[k] for k in ("transpose_a", "transpose_b") if k in op.attrs}
    return _output(op, infer_outputs(mat_mul, op.inputs[:2], attrs)[0][0], "Toutput")


@op("QuantizedMatMul", "a: T1, b: T2, min_a: float, max_a: float, min_b: float, max_b: float -> out: Toutput, min_out: float, "
    "max_out: float", attrs=f"{_TWO}; Toutput: {KINDS} = qint32; transpose_a: bool = false; transpose_b: bool = false; "
    f"Tactivation: {KINDS} = quint8", infer=_product_shape)
def quantized_mat_mul(xp: Any, a: Any, b: Any, min_a: Any, max_a: Any, min_b: Any, max_b: Any, transpose_a: bool = False,
                      transpose_b: bool = False, Toutput: dtypes.DType = dtypes.qint32, Tactivation: Any = None) -> Any:
    for name, value in (("min_a", min_a), ("max_a", max_a), ("min_b", min_b), ("max_b", max_b)):
        if value.ndim:
            raise bad(f"{name} must be a scalar, but got shape{shape_text(value.shape)}")
    ordered(xp, min_a, max_a, "max_a must be larger than min_a.")
    ordered(xp, min_b, max_b, "max_b must be larger than min_b.")
    for k, value in enumerate((a, b)):
        if value.ndim != 2:
            raise bad(f"In[{k}] is not a matrix")
    if a.shape[not transpose_a] != b.shape[bool(transpose_b)]:
        raise bad(f"Matrix size-incompatible: In[0]: {shape_text(a.shape)}, In[1]: {shape_text(b.shape)}")
    first, second = _centred(xp, a, min_a, max_a), _centred(xp, b, min_b, max_b)
    out = xp.matmul(first.T if transpose_a else first, second.T if transpose_b else second)
    return Typed(_wrapped(out, Toutput), Toutput), *_product_range(a, b, min_a, max_a, min_b, max_b, Toutput)


@op("QuantizedBiasAdd", "input: T1, bias: T2, min_input: float, max_input: float, min_bias: float, max_bias: float -> "
    "output: out_type, min_out: float, max_out: float", attrs=f"{_TWO}; out_type: {KINDS}",
    infer=lambda op: _output(op, op.inputs[0].shape, "out_type"))
def quantized_bias_add(xp: Any, x: Any, bias: Any, min_x: Any, max_x: Any, min_bias: Any, max_bias: Any,
                       out_type: dtypes.DType) -> Any:
    scalars(min_input=min_x, max_input=max_x, min_bias=min_bias, max_bias=max_bias)
    if x.ndim < 2:
        raise bad(f"Input tensor must be at least 2D: {shape_text(x.shape)}")
    if bias.ndim != 1:
        raise bad(f"Biases must be 1D: {shape_text(bias.shape)}")
    if bias.shape[0] != x.shape[-1]:
        raise bad("Must provide as many biases as the last dimension of the input tensor: "
                  f"{shape_text(bias.shape)} vs. {shape_text(x.shape)}")
    if not bias.size:
        raise bad("Must provide at least 1 bias")
    low, high = _sum_range(xp, min_x, max_x, min_bias, max_bias, 1 << 17)
    out = in_range(xp, x, min_x, max_x, low, high, out_type.np)
    return Typed(out + in_range(xp, bias, min_bias, max_bias, low, high, out_type.np), out_type), low, high


# Convolutions. Unsigned filters are centred, as images are, and a place beside the image stands for zero. With signed ones
# TensorFlow multiplies the integers as they are, as if both ranges were symmetric.


def _symmetric_range(xp: Any, x: Any, w: Any, low: Any, high: Any, other_low: Any, other_high: Any,
                     kind: dtypes.DType) -> tuple[Any, Any]:
    first, second = (xp.maximum(xp.abs(a), xp.abs(b)) / np.float32(limits(v.dtype)[1])
                     for v, a, b in ((x, low, high), (w, other_low, other_high)))
    least, most, _ = limits(kind.np)
    return first * second * np.float32(least), first * second * np.float32(most)


def _convolved_shape(entry: OpDef) -> Any:
    def infer(op: Any) -> list[Any]:
        attrs = {k: op.attrs[k] for k in ("strides", "padding", "dilations") if k in op.attrs}
        return _output(op, infer_outputs(entry, op.inputs[:2], attrs)[0][0], "out_type")
    return infer


_FILTERED = "input: Tinput, filter: Tfilter, min_input: float, max_input: float, min_filter: float, max_filter: float -> " \
    "output: out_type, min_output: float, max_output: float"
_FILTERED_ATTRS = f'Tinput: {KINDS}; Tfilter: {KINDS}; out_type: {KINDS} = qint32; strides: list(int); ' \
    'padding: {"SAME", "VALID"}; dilations: list(int) = [1, 1, 1, 1]'


def _convolution(type: str, entry: OpDef) -> OpDef:
    @op(type, _FILTERED, attrs=_FILTERED_ATTRS, infer=_convolved_shape(entry))
    def registered(xp: Any, x: Any, w: Any, min_x: Any, max_x: Any, min_w: Any, max_w: Any, strides: Any, padding: str,
                   out_type: dtypes.DType = dtypes.qint32, dilations: Any = (1, 1, 1, 1), Tinput: Any = None,
                   Tfilter: Any = None) -> Any:
        scalars(min_input=min_x, max_input=max_x, min_filter=min_w, max_filter=max_w)
        if list(dilations) != [1, 1, 1, 1]:
            raise bad("Current implementation only supports dilated rate as 1 in the row and column dimensions.")
        if len(strides) == 4 and strides[1] != strides[2]:
            raise bad("Current implementation only supports equal length strides in the row and column dimensions.")
        if not x.size or not w.size:
            raise bad("Invalid input: Shapes dimension cannot be 0.")
        signed = w.dtype == np.int8
        images, filters = (v.astype(np.float64) if signed else _centred(xp, v, a, b)
                           for v, a, b in ((x, min_x, max_x), (w, min_w, max_w)))
        out = entry.kernel(xp, images, filters, strides=list(strides), padding=padding)
        ends = (x, w, min_x, max_x, min_w, max_w, out_type)
        return (Typed(_wrapped(xp.round(out), out_type), out_type),
                *(_symmetric_range(xp, *ends) if signed else _product_range(*ends)))
    return registered.not_differentiable()


quantized_conv2d_ = _convolution("QuantizedConv2D", conv2d_)
quantized_depthwise_conv2d = _convolution("QuantizedDepthwiseConv2D", depthwise)


# Pools: the range stays.


_POOLED = "input: T, min_input: float, max_input: float -> output: T, min_output: float, max_output: float"
_POOLED_ATTRS = f'T: {KINDS}; ksize: list(int); strides: list(int); padding: {{"SAME", "VALID"}}'


def _pool(type: str, entry: OpDef) -> OpDef:
    def infer(op: Any) -> list[Any]:
        attrs = {k: op.attrs[k] for k in ("ksize", "strides", "padding")}
        return [(infer_outputs(entry, op.inputs[:1], attrs)[0][0], kind_of(op.inputs[0])), SCALAR, SCALAR]

    @op(type, _POOLED, attrs=_POOLED_ATTRS, infer=infer)
    def registered(xp: Any, x: Any, low: Any, high: Any, ksize: Any, strides: Any, padding: str) -> Any:
        scalars(min_input=low, max_input=high)
        out = entry.kernel(xp, x.astype(np.float64), ksize=list(ksize), strides=list(strides), padding=padding)
        return Typed(xp.round(out).astype(x.dtype), kind_of(x)), low, high
    return registered.not_differentiable()


quantized_avg_pool_ = _pool("QuantizedAvgPool", avg_pool_2d)
quantized_max_pool_ = _pool("QuantizedMaxPool", max_pool_2d)


# Normalizations.


_FAR = np.float32(1 << 20)


@op("QuantizedBatchNormWithGlobalNormalization", ", ".join(f"{n}: Tinput, {n}_min: float, {n}_max: float" for n in (
    "t", "m", "v", "beta", "gamma")) + " -> result: out_type, result_min: float, result_max: float",
    attrs=f"Tinput: {KINDS}; out_type: {KINDS}; variance_epsilon: float; scale_after_normalization: bool",
    infer=lambda op: _output(op, op.inputs[0].shape, "out_type"))
def quantized_batch_norm(xp: Any, t: Any, t_min: Any, t_max: Any, *rest: Any, out_type: dtypes.DType, variance_epsilon: float,
                         scale_after_normalization: bool, Tinput: Any = None) -> Any:
    """In integers of which a fixed number stands for one; quotients are truncated."""
    scalars(t_min=t_min, t_max=t_max, **{f"range_{k}": x for k, x in enumerate(rest) if k % 3})
    if t.ndim != 4:
        raise bad(f"input must be 4-dimensional{shape_text(t.shape)}")
    for name, x in zip(("mean", "var", "beta", "gamma"), rest[::3], strict=True):
        if x.ndim != 1:
            raise bad(f"{name} must be 1-dimensional{shape_text(x.shape)}")
        if x.size < 2:
            raise bad(f"Must have at least a {name} value{shape_text(x.shape)}")
    mean, variance, beta, gamma = (real(xp, *rest[3 * k:3 * k + 3]) for k in range(4))
    scale = np.float32(1) / xp.sqrt(variance + np.float32(variance_epsilon))
    if scale_after_normalization:
        scale = gamma * scale
    low, high = xp.asarray(-_FAR), xp.asarray(_FAR)
    scales, offsets, one = (whole(xp, xp.asarray(x), low, high, out_type.np).astype(np.int64)
                            for x in (scale, beta - mean * scale, np.float32(1)))
    products = in_range(xp, t, t_min, t_max, low, high, out_type.np).astype(np.int64) * scales
    out = xp.trunc(products.astype(np.float64) / one.astype(np.float64)).astype(np.int64) + offsets
    return Typed(out.astype(out_type.np), out_type), low, high


def _normed_shape(op: Any) -> list[Any]:
    return [(op.inputs[0].shape, kind_of(op.inputs[0])), SCALAR, SCALAR]


@op("QuantizedInstanceNorm", "x: T, x_min: float, x_max: float -> y: T, y_min: float, y_max: float",
    attrs=f"T: {KINDS}; output_range_given: bool = false; given_y_min: float = 0.0; given_y_max: float = 0.0; "
    "variance_epsilon: float = 1e-05; min_separation: float = 0.001", infer=_normed_shape)
def quantized_instance_norm(xp: Any, x: Any, low: Any, high: Any, output_range_given: bool = False, given_y_min: float = 0.0,
                            given_y_max: float = 0.0, variance_epsilon: float = 1e-5, min_separation: float = 1e-3) -> Any:
    scalars(x_min=low, x_max=high)
    if x.ndim != 4:
        raise bad(f"x must be 4-dimensional{shape_text(x.shape)}")
    ordered(xp, low, high, f"x_max must be greater than x_min: {high} vs {low}")
    values = reals(xp, x, low, high)
    centred = values - values.mean((1, 2), keepdims=True)
    normed = centred / xp.sqrt((centred * centred).mean((1, 2), keepdims=True) + np.float32(variance_epsilon))
    if output_range_given:
        first, last = xp.asarray(np.float32(given_y_min)), xp.asarray(np.float32(given_y_max))
    else:
        first = normed.min(initial=np.float32(np.inf))
        last = xp.maximum(normed.max(initial=np.float32(-np.inf)), first + np.float32(min_separation))
    return Typed(wholes(xp, normed, first, last, x.dtype), kind_of(x)), first, last


for _entry in (quantized_add, quantized_mul, quantized_mat_mul, quantized_bias_add, quantized_batch_norm,
               quantized_instance_norm):
    _entry.not_differentiable()


# The public functions.


def _run(entry: OpDef, tensors: tuple[Any, ...], ends: tuple[Any, ...], attrs: dict[str, Any], name: str | None) -> Any:
    return apply(entry, (*map(convert_to_tensor, tensors), *[convert_to_tensor(x, dtypes.float32) for x in ends]), attrs, name)


def quantized_avg_pool(input: Any, min_input: Any, max_input: Any, ksize: Any, strides: Any, padding: str,
                       name: str | None = None) -> Any:
    """The mean of each window of quantized images.

    Args:
      input: `[batch, height, width, channels]`, qint8 or quint8.
      min_input: where its range begins, a scalar.
      max_input: where it ends.
      ksize: four sizes of the window.
      strides: four steps.
      padding: "SAME" or "VALID".
      name: of the node.

    Returns:
      A named tuple `(output, min_output, max_output)`, the range being that of the input.
    """
    attrs = {"ksize": list(ksize), "strides": list(strides), "padding": padding}
    return QuantizedOutput(*_run(quantized_avg_pool_, (input,), (min_input, max_input), attrs, name))


def quantized_max_pool(input: Any, min_input: Any, max_input: Any, ksize: Any, strides: Any, padding: str,
                       name: str | None = None) -> Any:
    """The largest of each window of quantized images; see `quantized_avg_pool`."""
    attrs = {"ksize": list(ksize), "strides": list(strides), "padding": padding}
    return QuantizedOutput(*_run(quantized_max_pool_, (input,), (min_input, max_input), attrs, name))


def quantized_conv2d(input: Any, filter: Any, min_input: Any, max_input: Any, min_filter: Any, max_filter: Any, strides: Any,
                     padding: str, out_type: Any = dtypes.qint32, dilations: Any = (1, 1, 1, 1),
                     name: str | None = None) -> Any:
    """A convolution of quantized images.

    Args:
      input: `[batch, height, width, channels]`, quint8.
      filter: `[height, width, channels, filters]`, quint8 or qint8.
      min_input: where the range of the input begins, a scalar; the others alike.
      max_input: where it ends.
      min_filter: where the range of the filter begins.
      max_filter: where it ends.
      strides: four steps.
      padding: "SAME" or "VALID".
      out_type: qint32.
      dilations: ones.
      name: of the node.

    Returns:
      A named tuple `(output, min_output, max_output)`.

    Raises:
      InvalidArgumentError: dilations other than 1, or strides that differ.
    """
    attrs = {"strides": list(strides), "padding": padding, "out_type": dtypes.as_dtype(out_type), "dilations": list(dilations)}
    return QuantizedOutput(*_run(quantized_conv2d_, (input, filter), (min_input, max_input, min_filter, max_filter), attrs,
                                 name))


def quantized_relu_x(features: Any, max_value: Any, min_features: Any, max_features: Any, out_type: Any = dtypes.quint8,
                     name: str | None = None) -> Any:
    """Quantized numbers, those below zero as zero and those above `max_value` as that.

    Returns:
      A named tuple `(activations, min_activations, max_activations)`, the range being that of the features.
    """
    found = _run(quantized_relu_x_, (features,), (max_value, min_features, max_features),
                 {"out_type": dtypes.as_dtype(out_type)}, name)
    return QuantizedReluX(*found)
