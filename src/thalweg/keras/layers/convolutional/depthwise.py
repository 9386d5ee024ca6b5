"""Convolution layers with filters for each channel: `DepthwiseConv1D`, `DepthwiseConv2D`, and the separable ones."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from ..windows import conv_output_shape, split_shape
from .base import WindowLayer, positive


class ChannelwiseLayer(WindowLayer):
    """A layer that convolves each channel with filters of its own, in one or two dimensions."""

    def _depthwise(self, x: Tensor, kernel: Any) -> Tensor:
        """The depthwise convolution; a sequence goes through as an image of one row."""
        last = self.data_format == "channels_last"
        strides, rates = self.strides, self.dilation_rate
        flat = self.rank == 1
        at = 1 if last else 2
        if flat:
            x, kernel = tf.expand_dims(x, at), tf.expand_dims(kernel, 0)
            strides, rates = (strides[0], strides[0]), (1, rates[0])
        whole = (1, *strides, 1) if last else (1, 1, *strides)
        data_format = "NHWC" if last else "NCHW"
        if max(strides) > 1 and max(rates) > 1:
            # tf.nn.depthwise_conv2d has another idea of both at once; a convolution in groups has this one.
            grouped = tf.reshape(kernel, (*kernel.shape[:2], 1, -1))
            y = tf.nn.conv2d(x, grouped, whole, self.padding.upper(), data_format, rates)
        else:
            y = tf.nn.depthwise_conv2d(x, kernel, whole, self.padding.upper(), data_format, rates)
        return tf.squeeze(y, [at]) if flat else y


class DepthwiseConvolution(ChannelwiseLayer):
    """`activation(depthwise convolution(inputs, kernel) + bias)`: each channel has filters of its own.

    Args:
      kernel_size: size of the windows: one number, or one a spatial dimension.
      strides: distance between windows.
      padding: `"valid"` or `"same"`.
      depth_multiplier: number of filters for each channel.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      dilation_rate: distance between the elements of a window.
      activation: a function, or its name; none for None.
      use_bias: whether there is a bias.
      depthwise_initializer: initializer of the kernel, shape `kernel_size + (channels, depth_multiplier)`.
      bias_initializer: initializer of the bias, shape `(channels * depth_multiplier,)`.
      depthwise_regularizer: penalty on the kernel.
      bias_regularizer: penalty on the bias.
      activity_regularizer: penalty on the output.
      depthwise_constraint: projection of the kernel after a step.
      bias_constraint: projection of the bias after a step.

    Raises:
      ValueError: a count that is not positive.
    """

    def __init__(self, kernel_size: Any, strides: Any = 1, padding: str = "valid", depth_multiplier: int = 1,
                 data_format: str | None = None, dilation_rate: Any = 1, activation: Any = None, use_bias: bool = True,
                 depthwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
                 depthwise_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
                 depthwise_constraint: Any = None, bias_constraint: Any = None, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.depth_multiplier = depth_multiplier
        self._take_windows(kernel_size, strides, padding, data_format, dilation_rate)
        self._take_bias(activation, use_bias, bias_initializer, bias_regularizer, bias_constraint)
        self._take_kernel("depthwise", depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        positive("depth_multiplier", depth_multiplier)

    def build(self, input_shape: Shape) -> None:
        channels = self._take_channels(input_shape)
        self.compute_output_shape(input_shape)
        self.kernel = self._add_kernel("depthwise", "kernel", (*self.kernel_size, channels, self.depth_multiplier))
        self._add_bias(self.depth_multiplier * channels)

    def call(self, inputs: Tensor) -> Tensor:
        return self._finish(self._depthwise(inputs, self.kernel))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        channels = split_shape(input_shape, self.data_format)[1]
        return conv_output_shape(input_shape, self.depth_multiplier * (channels or 0), self.kernel_size, self.strides,
                                 self.padding, self.data_format, self.dilation_rate)

    def get_config(self) -> Config:
        return {**super().get_config(), "depth_multiplier": self.depth_multiplier, **self._window_config(),
                **self._serialized("depthwise")}


class SeparableConvolution(ChannelwiseLayer):
    """A depthwise convolution, then one over the channels at each place, a bias and an activation.

    Args:
      filters: number of channels of the output.
      kernel_size: size of the windows: one number, or one a spatial dimension.
      strides: distance between windows.
      padding: `"valid"` or `"same"`.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      dilation_rate: distance between the elements of a window.
      depth_multiplier: number of depthwise filters for each channel.
      activation: a function, or its name; none for None.
      use_bias: whether there is a bias.
      depthwise_initializer: initializer of the depthwise kernel, shape `kernel_size + (channels, depth_multiplier)`.
      pointwise_initializer: initializer of the other one, shape `(1, ..., channels * depth_multiplier, filters)`.
      bias_initializer: initializer of the bias, shape `(filters,)`.
      depthwise_regularizer: penalty on the depthwise kernel.
      pointwise_regularizer: penalty on the pointwise kernel.
      bias_regularizer: penalty on the bias.
      activity_regularizer: penalty on the output.
      depthwise_constraint: projection of the depthwise kernel after a step.
      pointwise_constraint: projection of the pointwise kernel after a step.
      bias_constraint: projection of the bias after a step.

    Raises:
      ValueError: a count that is not positive.
    """

    def __init__(self, filters: int, kernel_size: Any, strides: Any = 1, padding: str = "valid",
                 data_format: str | None = None, dilation_rate: Any = 1, depth_multiplier: int = 1,
                 activation: Any = None, use_bias: bool = True, depthwise_initializer: Any = "glorot_uniform",
                 pointwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
                 depthwise_regularizer: Any = None, pointwise_regularizer: Any = None, bias_regularizer: Any = None,
                 activity_regularizer: Any = None, depthwise_constraint: Any = None, pointwise_constraint: Any = None,
                 bias_constraint: Any = None, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.depth_multiplier = depth_multiplier
        self.filters = filters
        self._take_windows(kernel_size, strides, padding, data_format, dilation_rate)
        self._take_bias(activation, use_bias, bias_initializer, bias_regularizer, bias_constraint)
        self._take_kernel("depthwise", depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self._take_kernel("pointwise", pointwise_initializer, pointwise_regularizer, pointwise_constraint)
        positive("depth_multiplier", depth_multiplier)
        positive("filters", filters)

    def build(self, input_shape: Shape) -> None:
        channels = self._take_channels(input_shape)
        self.compute_output_shape(input_shape)
        self.depthwise_kernel = self._add_kernel(
            "depthwise", "depthwise_kernel", (*self.kernel_size, channels, self.depth_multiplier))
        self.pointwise_kernel = self._add_kernel(
            "pointwise", "pointwise_kernel", (*[1] * self.rank, channels * self.depth_multiplier, self.filters))
        self._add_bias(self.filters)

    def call(self, inputs: Tensor) -> Tensor:
        y = self._depthwise(inputs, self.depthwise_kernel)
        return self._finish(tf.nn.convolution(y, self.pointwise_kernel, 1, "VALID", self._format))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return conv_output_shape(input_shape, self.filters, self.kernel_size, self.strides, self.padding,
                                 self.data_format, self.dilation_rate)

    def get_config(self) -> Config:
        return {**super().get_config(), "depth_multiplier": self.depth_multiplier, "filters": self.filters,
                **self._window_config(), **self._serialized("depthwise", "pointwise")}


class DepthwiseConv1D(DepthwiseConvolution):
    __doc__ = f"A depthwise convolution over sequences: {DepthwiseConvolution.__doc__}"
    rank = 1


class DepthwiseConv2D(DepthwiseConvolution):
    __doc__ = f"A depthwise convolution over images: {DepthwiseConvolution.__doc__}"
    rank = 2


class SeparableConv1D(SeparableConvolution):
    __doc__ = f"A separable convolution over sequences: {SeparableConvolution.__doc__}"
    rank = 1


class SeparableConv2D(SeparableConvolution):
    __doc__ = f"A separable convolution over images: {SeparableConvolution.__doc__}"
    rank = 2
