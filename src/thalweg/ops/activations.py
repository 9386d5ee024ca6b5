"""Activation functions of neural networks, and the addition of a bias."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core import errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.scopes import scoped
from ..core.shape import TensorShape, broadcast_static
from .choosing import choose
from .common import NUMBERS, REALS, binary, match, shape_of, shape_text, unary
from .comparison import select
from .elementwise import cast, exp, function, in_single, sigmoid, square

_FLOAT = "T: {half, bfloat16, float, double}"
_FEATURES = "features: T -> activations: T"


def _merged(op: Any) -> Any:
    return op.inputs[0].shape.merge_with(op.inputs[1].shape)


def _backward(type: str, kernel: Any, attrs: str = _FLOAT, of: str = "features") -> OpDef:
    """Registers the gradient of an activation as an op of the arriving gradient and the features or outputs."""
    def run(xp: Any, dy: Any, x: Any, **settings: Any) -> Any:
        if dy.shape != x.shape:
            raise errors.InvalidArgumentError(
                f"Inputs to operation {type} of type {type} must have the same size and shape.  Input 0: "
                f"{shape_text(dy.shape)} != input 1: {shape_text(x.shape)}")
        return kernel(xp, dy, x, **settings)
    return op(type, f"gradients: T, {of}: T -> backprops: T", attrs=attrs, infer=_merged)(run)


def _zeros(x: Any) -> Any:
    from .creation import zeros_like
    return zeros_like(x)


# Rectifiers.

_REAL = f"T: {{{REALS}}}"

relu_ = function("Relu", lambda xp, x: xp.maximum(x, 0), f"T: {{{REALS}, qint8}}", _FEATURES)
relu_grad = _backward("ReluGrad", lambda xp, dy, x: dy * (x > 0), _REAL)
relu_.vjp(0)(lambda op, dy: binary(relu_grad, dy, op.outputs[0]))
relu_grad.vjp(0)(lambda op, dz: binary(relu_grad, dz, op.inputs[1]))
relu_grad.vjp(1)(lambda op, dz: _zeros(op.inputs[1]))

relu6_ = function("Relu6", lambda xp, x: xp.minimum(xp.maximum(x, 0), 6), _REAL, _FEATURES)
relu6_grad = _backward("Relu6Grad", lambda xp, dy, x: dy * ((x > 0) & (x < 6)), _REAL)
relu6_.vjp(0)(lambda op, dy: binary(relu6_grad, dy, op.outputs[0]))
relu6_grad.vjp(0)(lambda op, dz: binary(relu6_grad, dz, op.inputs[1]))
relu6_grad.vjp(1)(lambda op, dz: _zeros(op.inputs[1]))

_ALPHA = "alpha: float = 0.20000000298023224; T: {half, bfloat16, float, double} = float"


def _leaky_relu(xp: Any, x: Any, alpha: float = 0.20000000298023224) -> Any:
    scaled = x * x.dtype.type(alpha)
    return xp.maximum(x, scaled) if alpha < 1 else xp.minimum(x, scaled)


def _leaky_relu_grad(xp: Any, dy: Any, x: Any, alpha: float = 0.20000000298023224) -> Any:
    return choose(xp, x > 0, dy, dy * dy.dtype.type(alpha))


leaky_relu_ = function("LeakyRelu", _leaky_relu, _ALPHA, _FEATURES)
leaky_relu_grad = _backward("LeakyReluGrad", _leaky_relu_grad, _ALPHA)


def _leaky_backward(op: Any, dy: Any, x: Any) -> Any:
    return apply(leaky_relu_grad, (dy, x), {"alpha": op.get_attr("alpha")})


leaky_relu_.vjp(0)(lambda op, dy: _leaky_backward(op, dy, op.inputs[0]))
leaky_relu_grad.vjp(0)(lambda op, dz: _leaky_backward(op, dz, op.inputs[1]))
leaky_relu_grad.vjp(1)(lambda op, dz: _zeros(op.inputs[1]))

# Exponential units.


def _elu(xp: Any, x: Any) -> Any:
    return xp.maximum(x, 0) + xp.expm1(xp.minimum(x, 0))


elu_ = function("Elu", in_single(_elu), _FLOAT, _FEATURES)
elu_grad = _backward("EluGrad", in_single(lambda xp, dy, y: choose(xp, y < 0, (y + 1) * dy, dy)), of="outputs")
elu_.vjp(0)(lambda op, dy: binary(elu_grad, dy, op.outputs[0]))
elu_grad.vjp(0)(lambda op, dz: binary(elu_grad, dz, op.inputs[1]))
elu_grad.vjp(1)(lambda op, dz: select(op.inputs[1] < 0, dz * op.inputs[0], _zeros(dz)))

# The fixed point of self-normalizing networks: Klambauer et al. 2017, equation 14.
_SELU_SCALE = 1.0507009873554804934193349852946
_SELU_ALPHA = 1.6732632423543772848170429916717
_SELU_LOW = _SELU_SCALE * _SELU_ALPHA


def _selu(xp: Any, x: Any) -> Any:
    return xp.maximum(x, 0) * _SELU_SCALE + xp.expm1(xp.minimum(x, 0)) * _SELU_LOW


def _selu_grad(xp: Any, dy: Any, y: Any) -> Any:
    return choose(xp, y < 0, (y + _SELU_LOW) * dy, dy * _SELU_SCALE)


selu_ = function("Selu", in_single(_selu), _FLOAT, _FEATURES)
selu_grad = _backward("SeluGrad", in_single(_selu_grad), of="outputs")
selu_.vjp(0)(lambda op, dy: binary(selu_grad, dy, op.outputs[0]))
selu_grad.vjp(0)(lambda op, dz: binary(selu_grad, dz, op.inputs[1]))
selu_grad.vjp(1)(lambda op, dz: select(op.inputs[1] < 0, dz * op.inputs[0], _zeros(dz)))


def _softplus(xp: Any, x: Any) -> Any:
    return xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.abs(x)))


softplus_ = function("Softplus", in_single(_softplus), _FLOAT, _FEATURES)
softplus_.vjp(0)(lambda op, dy: dy * sigmoid(op.inputs[0]))
softplus_grad = _backward("SoftplusGrad", in_single(lambda xp, dy, x: dy / (1 + xp.exp(-x))))
softplus_grad.vjp(0)(lambda op, dz: binary(softplus_grad, dz, op.inputs[1]))


@softplus_grad.vjp(1)
def _(op: Any, dz: Any) -> Any:
    dy, x = op.inputs
    return dz * dy / (exp(-x) + 2 + exp(x))


softsign_ = function("Softsign", in_single(lambda xp, x: x / (1 + xp.abs(x))), _FLOAT, _FEATURES)
softsign_grad = _backward("SoftsignGrad", in_single(lambda xp, dy, x: dy / xp.square(1 + xp.abs(x))))
softsign_.vjp(0)(lambda op, dy: binary(softsign_grad, dy, op.inputs[0]))
softsign_grad.vjp(0)(lambda op, dz: binary(softsign_grad, dz, op.inputs[1]))


@softsign_grad.vjp(1)
def _(op: Any, dz: Any) -> Any:
    from .elementwise import abs, sign
    dy, x = op.inputs
    return dz * dy * sign(x) * -2 / (1 + abs(x)) ** 3


# Biases.


def _channel(data_format: str) -> int:
    return 1 if data_format == "NCHW" else -1


def _bias_shape(op: Any) -> TensorShape:
    value: TensorShape = op.inputs[0].shape
    bias: TensorShape = op.inputs[1].shape
    if value.rank is None:
        return value
    if value.rank < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {value.rank}")
    if bias.rank is not None and bias.rank != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {bias.rank}")
    axis = _channel(op.attrs.get("data_format", "NHWC")) % value.rank
    count = bias[0] if bias.rank == 1 else None
    if None not in (count, value[axis]) and count != value[axis]:
        raise ValueError(f"Dimensions must be equal, but are {value[axis]} and {count}")
    return broadcast_static(value, TensorShape([count] + [None] * (value.rank - 1 - axis)).merge_with(
        TensorShape([count] + value.as_list()[axis + 1:])))


def _bias_problem(value: Any, bias: Any, data_format: str = "NHWC") -> None:
    if value.ndim < 2:
        raise errors.InvalidArgumentError(f"Input tensor must be at least 2D: {shape_text(value.shape)}")
    if bias.ndim != 1:
        raise errors.InvalidArgumentError(f"Biases must be 1D: {shape_text(bias.shape)} [Op:BiasAdd]")
    where = "last" if data_format == "NHWC" else "channel"
    if bias.shape[0] != value.shape[_channel(data_format)]:
        raise errors.InvalidArgumentError(f"Must provide as many biases as the {where} dimension of the input tensor: "
                                          f"{shape_text(bias.shape)} vs. {shape_text(value.shape)} [Op:BiasAdd]")


@op("BiasAdd", "value: T, bias: T -> output: T",
    attrs=f'T: {{{NUMBERS}}}; data_format: {{"NHWC", "NCHW"}} = "NHWC"', infer=_bias_shape)
def bias_add_(xp: Any, value: Any, bias: Any, data_format: str = "NHWC") -> Any:
    if value.ndim < 2 or bias.ndim != 1 or bias.shape[0] != value.shape[_channel(data_format)]:
        _bias_problem(value, bias, data_format)
    if data_format == "NCHW":
        bias = bias.reshape(bias.shape + (1,) * (value.ndim - 2))
    return xp.add(value, bias)


bias_add_.vjp(0)(lambda op, dy: dy)


@op("BiasAddV1", "value: T, bias: T -> output: T", attrs=f"T: {{{NUMBERS}}}", infer=_bias_shape)
def bias_add_v1(xp: Any, value: Any, bias: Any) -> Any:
    return bias_add_.kernel(xp, value, bias)



def _bias_grad_shape(op: Any) -> TensorShape:
    shape = op.inputs[0].shape
    if shape.rank is None:
        return TensorShape([None])
    if shape.rank < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {shape.rank}")
    return TensorShape([shape[_channel(op.attrs.get("data_format", "NHWC"))]])


@op("BiasAddGrad", "out_backprop: T -> output: T",
    attrs=f'T: {{{NUMBERS}}}; data_format: {{"NHWC", "NCHW"}} = "NHWC"', infer=_bias_grad_shape)
def bias_add_grad(xp: Any, dy: Any, data_format: str = "NHWC") -> Any:
    if dy.ndim < 2:
        raise errors.InvalidArgumentError(f"Input tensor must be at least 2D: {shape_text(dy.shape)}")
    axes = (0, *range(2, dy.ndim)) if data_format == "NCHW" else tuple(range(dy.ndim - 1))
    if xp is np and data_format == "NHWC" and dy.dtype.char in "fd":
        rows = dy.reshape(math.prod(dy.shape[:-1]), dy.shape[-1])
        return np.ones(len(rows), dy.dtype) @ rows  # BLAS, several times as fast as a sum over the first axis
    half = dy.dtype.itemsize == 2 and dy.dtype.kind not in "iu"
    return xp.sum(dy, axis=axes, dtype=np.float32 if half else dy.dtype).astype(dy.dtype)


@bias_add_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    return apply(bias_add_grad, (dy,), {"data_format": op.get_attr("data_format")})


bias_add_v1.vjp(0)(lambda op, dy: dy)
bias_add_v1.vjp(1)(lambda op, dy: apply(bias_add_grad, (dy,), {"data_format": "NHWC"}))


@bias_add_grad.vjp(0)
def _(op: Any, dz: Any) -> Any:
    from ..core.opdef import get_op
    dy = op.inputs[0]
    if op.get_attr("data_format") == "NCHW":
        dz = apply(get_op("Reshape"), (dz, (-1,) + (1,) * (dy.shape.rank - 2)))
    return apply(get_op("BroadcastTo"), (dz, shape_of(dy)))


# The public functions.


def relu(features: Any, name: str | None = None) -> Any:
    """`max(x, 0)`."""
    return unary(relu_, features, name)


def relu6(features: Any, name: str | None = None) -> Any:
    """`min(max(x, 0), 6)`."""
    return unary(relu6_, features, name)


def leaky_relu(features: Any, alpha: Any = 0.2, name: str | None = None) -> Any:
    """`x` where it is positive, else `alpha * x`. Integers become float32."""
    x = convert_to_tensor(features)
    if x.dtype.is_integer:
        x = cast(x, "float32")
    return apply(leaky_relu_, (x,), {"alpha": float(alpha)}, name)


def elu(features: Any, name: str | None = None) -> Any:
    """`x` where it is positive, else `exp(x) - 1`."""
    return unary(elu_, features, name)


def selu(features: Any, name: str | None = None) -> Any:
    """The scaled exponential unit: 1.0507 times `x` where it is positive, else times `1.6733 * (exp(x) - 1)`."""
    return unary(selu_, features, name)


@scoped("Gelu")
def gelu(features: Any, approximate: bool = False, name: str | None = None) -> Any:
    """`x` times the standard normal distribution function of `x`, which `approximate` replaces by a tanh formula.

    Raises:
      ValueError: the features are not floats.
    """
    from .special import erf
    from .trigonometry import tanh
    x = convert_to_tensor(features)
    if not x.dtype.is_floating:
        raise ValueError(f"`features.dtype` must be a floating point tensor.Received:features.dtype={x.dtype!s}")
    # TensorFlow rounds two of the constants to single precision, for every dtype.
    if approximate:
        return x * 0.5 * (tanh((square(x) * x * 0.04471499845385551 + x) * 0.7978845608028654) + 1)
    return x * 0.5 * (erf(x * 0.7071067690849304) + 1)


def silu(features: Any, beta: Any = 1.0) -> Any:
    """`x * sigmoid(beta * x)`."""
    x = convert_to_tensor(features)
    if type(beta) is float and beta == 1:
        return sigmoid(x) * x
    return sigmoid(cast(beta, x.dtype) * x) * x


swish = silu


def crelu(features: Any, axis: int = -1, name: str | None = None) -> Any:
    """`relu` of `x` and of `-x`, side by side along `axis`."""
    from ..core.opdef import get_op
    x = convert_to_tensor(features)
    return relu(apply(get_op("ConcatV2"), (x, -x, axis)), name)


def softplus(features: Any, name: str | None = None) -> Any:
    """`log(1 + exp(x))`, without overflow."""
    return unary(softplus_, features, name)


def softsign(features: Any, name: str | None = None) -> Any:
    """`x / (1 + |x|)`."""
    return unary(softsign_, features, name)


def bias_add(value: Any, bias: Any, data_format: str | None = None, name: str | None = None) -> Any:
    """Adds a vector along the channels: the last dimension, or the second one where `data_format` starts with "NC".

    Raises:
      ValueError: another data format.
      InvalidArgumentError: the bias is no vector of as many elements as there are channels.
    """
    layout = "NHWC"
    if data_format is not None:
        if data_format.startswith("NC"):
            layout = "NCHW"
        elif not (data_format.startswith("N") and data_format.endswith("C")):
            raise ValueError("`data_format` must be of the form `N...C` or `NC...`. "
                             f"Received: data_format={data_format}")
    value = convert_to_tensor(value)
    return apply(bias_add_, (value, match(bias, value.dtype)), {"data_format": layout}, name)
