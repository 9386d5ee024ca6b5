"""Convolution layers."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..initializers import ZEROS
from .base import Layer, get_activation
from .windows import formatted, numbers


class Convolution(Layer):
    """What the convolution layers share.

    Args:
      rank: how many spatial axes there are.
      filters: how many channels come out.
      kernel_size, strides, dilation_rate: a number, or one for each spatial axis.
      padding: "valid", "same", or for one axis "causal".
      data_format: "channels_last" or "channels_first".
      activation: a function, or None for none.
      use_bias: whether there is a bias.
      initializers: by the names of the variables, see `get_variable`.
      regularizers: by the same names, functions whose results join the regularization losses.
      constraints: by the same names, projections after an optimizer's update.
      activity_regularizer, trainable, name: as `Layer`.
    """

    def __init__(self, rank: int, filters: int, kernel_size: Any, strides: Any, padding: str, data_format: str,
                 dilation_rate: Any, activation: Any, use_bias: bool, initializers: dict[str, Any],
                 regularizers: dict[str, Any], constraints: dict[str, Any], activity_regularizer: Any, trainable: bool,
                 name: Any, **kwargs: Any) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **kwargs)
        self.rank = rank
        self.filters = filters
        self.kernel_size = numbers(kernel_size, rank, "kernel_size")
        self.strides = numbers(strides, rank, "strides")
        self.padding = padding.lower()
        if self.padding == "causal" and rank != 1:
            raise ValueError("Causal padding is only supported for `Conv1D`and `SeparableConv1D`.")
        self.data_format = data_format
        self._format = formatted(data_format, rank)
        self.dilation_rate = numbers(dilation_rate, rank, "dilation_rate")
        self.activation = get_activation(activation)
        self.use_bias = use_bias
        self._rules = (initializers, regularizers, constraints)
        self.kernel: Any = None
        self.bias: Any = None

    def _variable(self, name: str, shape: Any) -> Any:
        initializer, regularizer, constraint = [rule.get(name) for rule in self._rules]
        return self.add_weight(name, shape, initializer=initializer, regularizer=regularizer, constraint=constraint)

    def _channels(self, input_shape: Any) -> int:
        axis = -1 if self.data_format == "channels_last" else 1
        found = tf.TensorShape(input_shape).with_rank_at_least(2)[axis]
        if found is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        return int(found)

    def build(self, input_shape: Any) -> None:
        """Makes the kernel and the bias.

        Raises:
          ValueError: the number of channels is not known.
        """
        self.kernel = self._variable("kernel", [*self.kernel_size, self._channels(input_shape), self.filters])
        self._build_bias()

    def _build_bias(self) -> None:
        if self.use_bias:
            self.bias = self._variable("bias", [self.filters])
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The outputs for inputs with a batch axis, the spatial axes and an axis of channels."""
        out = tf.nn.convolution(self._padded(inputs), self.kernel, self.strides, self._padding(), self._format,
                                self.dilation_rate, name=type(self).__name__)
        return self._finished(out)

    def _padding(self) -> str:
        return "VALID" if self.padding == "causal" else self.padding.upper()

    def _padded(self, x: Any) -> Any:
        if self.padding != "causal":
            return x
        before = [self.dilation_rate[0] * (self.kernel_size[0] - 1), 0]
        return tf.pad(x, [[0, 0], before, [0, 0]] if self.data_format == "channels_last" else [[0, 0], [0, 0], before])

    def _finished(self, out: Any, extra_axis: int | None = None) -> Any:
        if self.use_bias:
            out = tf.nn.bias_add(out, self.bias, "NHWC" if self.data_format == "channels_last" else "NCHW")
        if extra_axis is not None:
            out = tf.squeeze(out, [extra_axis])
        return out if self.activation is None else self.activation(out)


def _kernel_and_bias(kernel: Any, bias: Any) -> dict[str, Any]:
    return {"kernel": kernel, "bias": bias}


class Conv1D(Convolution):
    """A convolution over one spatial axis; arguments as `Convolution`."""

    def __init__(self, filters: int, kernel_size: Any, strides: Any = 1, padding: str = "valid",
                 data_format: str = "channels_last", dilation_rate: Any = 1, activation: Any = None, use_bias: bool = True,
                 kernel_initializer: Any = None, bias_initializer: Any = ZEROS,
                 kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
                 kernel_constraint: Any = None, bias_constraint: Any = None, trainable: bool = True, name: Any = None,
                 **kwargs: Any) -> None:
        super().__init__(1, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
                         _kernel_and_bias(kernel_initializer, bias_initializer),
                         _kernel_and_bias(kernel_regularizer, bias_regularizer),
                         _kernel_and_bias(kernel_constraint, bias_constraint), activity_regularizer, trainable, name,
                         **kwargs)


class Conv2D(Convolution):
    """A convolution over two spatial axes; arguments as `Convolution`."""

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1), padding: str = "valid",
                 data_format: str = "channels_last", dilation_rate: Any = (1, 1), activation: Any = None,
                 use_bias: bool = True, kernel_initializer: Any = None, bias_initializer: Any = ZEROS,
                 kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
                 kernel_constraint: Any = None, bias_constraint: Any = None, trainable: bool = True, name: Any = None,
                 **kwargs: Any) -> None:
        super().__init__(2, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
                         _kernel_and_bias(kernel_initializer, bias_initializer),
                         _kernel_and_bias(kernel_regularizer, bias_regularizer),
                         _kernel_and_bias(kernel_constraint, bias_constraint), activity_regularizer, trainable, name,
                         **kwargs)


class Conv3D(Convolution):
    """A convolution over three spatial axes; arguments as `Convolution`."""

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1, 1), padding: str = "valid",
                 data_format: str = "channels_last", dilation_rate: Any = (1, 1, 1), activation: Any = None,
                 use_bias: bool = True, kernel_initializer: Any = None, bias_initializer: Any = ZEROS,
                 kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
                 kernel_constraint: Any = None, bias_constraint: Any = None, trainable: bool = True, name: Any = None,
                 **kwargs: Any) -> None:
        super().__init__(3, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
                         _kernel_and_bias(kernel_initializer, bias_initializer),
                         _kernel_and_bias(kernel_regularizer, bias_regularizer),
                         _kernel_and_bias(kernel_constraint, bias_constraint), activity_regularizer, trainable, name,
                         **kwargs)


class _Transposed(Convolution):
    """The gradient of a convolution for its inputs, as a layer: it makes the spatial axes longer by the strides."""

    def build(self, input_shape: Any) -> None:
        """Makes the kernel, with the filters before the channels of the inputs, and the bias."""
        self.kernel = self._variable("kernel", [*self.kernel_size, self.filters, self._channels(input_shape)])
        self._build_bias()

    def call(self, inputs: Any) -> Any:
        """The outputs for inputs with a batch axis, the spatial axes and an axis of channels."""
        sizes = tf.shape(inputs)
        last = self.data_format == "channels_last"
        first = 1 if last else 2
        lengths = []
        for i, (kernel, stride) in enumerate(zip(self.kernel_size, self.strides, strict=True)):
            known = inputs.shape[first + i]
            grown = (sizes[first + i] if known is None else known) * stride
            lengths.append(grown + max(kernel - stride, 0) if self.padding == "valid" else grown)
        batch = sizes[0] if inputs.shape[0] is None else inputs.shape[0]
        shape = [batch, *lengths, self.filters] if last else [batch, self.filters, *lengths]
        transposed = tf.nn.conv2d_transpose if self.rank == 2 else tf.nn.conv3d_transpose
        out = transposed(inputs, self.kernel, tf.stack(shape) if any(hasattr(d, "dtype") for d in shape) else shape,
                         self.strides, self.padding.upper(), self._format)
        out.set_shape([d if isinstance(d, int) else None for d in shape])
        return self._finished(out)


class Conv2DTranspose(_Transposed):
    """The transpose of a convolution over two spatial axes; arguments as `Convolution`."""

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1), padding: str = "valid",
                 data_format: str = "channels_last", activation: Any = None, use_bias: bool = True,
                 kernel_initializer: Any = None, bias_initializer: Any = ZEROS, kernel_regularizer: Any = None,
                 bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
                 bias_constraint: Any = None, trainable: bool = True, name: Any = None, **kwargs: Any) -> None:
        super().__init__(2, filters, kernel_size, strides, padding, data_format, 1, activation, use_bias,
                         _kernel_and_bias(kernel_initializer, bias_initializer),
                         _kernel_and_bias(kernel_regularizer, bias_regularizer),
                         _kernel_and_bias(kernel_constraint, bias_constraint), activity_regularizer, trainable, name,
                         **kwargs)


class Conv3DTranspose(_Transposed):
    """The transpose of a convolution over three spatial axes; arguments as `Convolution`."""

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1, 1), padding: str = "valid",
                 data_format: str = "channels_last", activation: Any = None, use_bias: bool = True,
                 kernel_initializer: Any = None, bias_initializer: Any = ZEROS, kernel_regularizer: Any = None,
                 bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
                 bias_constraint: Any = None, trainable: bool = True, name: Any = None, **kwargs: Any) -> None:
        super().__init__(3, filters, kernel_size, strides, padding, data_format, 1, activation, use_bias,
                         _kernel_and_bias(kernel_initializer, bias_initializer),
                         _kernel_and_bias(kernel_regularizer, bias_regularizer),
                         _kernel_and_bias(kernel_constraint, bias_constraint), activity_regularizer, trainable, name,
                         **kwargs)


class _Separable(Convolution):
    """A convolution of each channel by itself, then a mixing of the channels."""

    def __init__(self, rank: int, filters: int, kernel_size: Any, strides: Any, padding: str, data_format: str,
                 dilation_rate: Any, depth_multiplier: int, activation: Any, use_bias: bool, depthwise: Any, pointwise: Any,
                 bias: Any, activity_regularizer: Any, trainable: bool, name: Any, **kwargs: Any) -> None:
        rules = [{"depthwise_kernel": d, "pointwise_kernel": p, "bias": b}
                 for d, p, b in zip(depthwise, pointwise, bias, strict=True)]
        super().__init__(rank, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
                         rules[0], rules[1], rules[2], activity_regularizer, trainable, name, **kwargs)
        self.depth_multiplier = depth_multiplier
        self.depthwise_kernel: Any = None
        self.pointwise_kernel: Any = None

    def build(self, input_shape: Any) -> None:
        """Makes the two kernels and the bias."""
        channels, ones = self._channels(input_shape), [1] * self.rank
        self.depthwise_kernel = self._variable("depthwise_kernel", [*self.kernel_size, channels, self.depth_multiplier])
        self.pointwise_kernel = self._variable("pointwise_kernel", [*ones, self.depth_multiplier * channels, self.filters])
        self._build_bias()

    def call(self, inputs: Any) -> Any:
        """The outputs for inputs with a batch axis, the spatial axes and an axis of channels."""
        x, depthwise, pointwise = self._padded(inputs), self.depthwise_kernel, self.pointwise_kernel
        axis = 1 if self.data_format == "channels_last" else 2
        strides, dilations = self.strides, self.dilation_rate
        if self.rank == 1:
            x, depthwise, pointwise = tf.expand_dims(x, axis), depthwise[None], pointwise[None]
            strides, dilations = strides * 2, (1, *dilations)
        steps = (1, *strides, 1) if axis == 1 else (1, 1, *strides)
        out = tf.nn.separable_conv2d(x, depthwise, pointwise, steps, self._padding(), formatted(self.data_format, 2),
                                     dilations)
        return self._finished(out, axis if self.rank == 1 else None)


class SeparableConv1D(_Separable):
    """A separable convolution over one spatial axis; arguments as `Convolution`.

    `depth_multiplier` is how many channels the first step makes of each.
    """

    def __init__(self, filters: int, kernel_size: Any, strides: Any = 1, padding: str = "valid",
                 data_format: str = "channels_last", dilation_rate: Any = 1, depth_multiplier: int = 1,
                 activation: Any = None, use_bias: bool = True, depthwise_initializer: Any = None,
                 pointwise_initializer: Any = None, bias_initializer: Any = ZEROS, depthwise_regularizer: Any = None,
                 pointwise_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
                 depthwise_constraint: Any = None, pointwise_constraint: Any = None, bias_constraint: Any = None,
                 trainable: bool = True, name: Any = None, **kwargs: Any) -> None:
        super().__init__(1, filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation,
                         use_bias, (depthwise_initializer, depthwise_regularizer, depthwise_constraint),
                         (pointwise_initializer, pointwise_regularizer, pointwise_constraint),
                         (bias_initializer, bias_regularizer, bias_constraint), activity_regularizer, trainable, name,
                         **kwargs)


class SeparableConv2D(_Separable):
    """A separable convolution over two spatial axes; arguments as `Convolution`.

    `depth_multiplier` is how many channels the first step makes of each.
    """

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1), padding: str = "valid",
                 data_format: str = "channels_last", dilation_rate: Any = (1, 1), depth_multiplier: int = 1,
                 activation: Any = None, use_bias: bool = True, depthwise_initializer: Any = None,
                 pointwise_initializer: Any = None, bias_initializer: Any = ZEROS, depthwise_regularizer: Any = None,
                 pointwise_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
                 depthwise_constraint: Any = None, pointwise_constraint: Any = None, bias_constraint: Any = None,
                 trainable: bool = True, name: Any = None, **kwargs: Any) -> None:
        super().__init__(2, filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation,
                         use_bias, (depthwise_initializer, depthwise_regularizer, depthwise_constraint),
                         (pointwise_initializer, pointwise_regularizer, pointwise_constraint),
                         (bias_initializer, bias_regularizer, bias_constraint), activity_regularizer, trainable, name,
                         **kwargs)
