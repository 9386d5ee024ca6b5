"""`Conv1D`, `Conv2D`, `Conv3D`: convolution layers."""
from __future__ import annotations

from math import prod
from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from ..windows import conv_output_shape
from .base import WindowLayer, positive


class Convolution(WindowLayer):
    """`activation(convolution(inputs, kernel) + bias)`.

    Args:
      filters: number of channels of the output.
      kernel_size: size of the windows: one number, or one a spatial dimension.
      strides: distance between windows.
      padding: `"valid"`, `"same"`, or in one dimension `"causal"`.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      dilation_rate: distance between the elements of a window.
      groups: in how many groups channels are convolved apart from each other.
      activation: a function, or its name; none for None.
      use_bias: whether there is a bias.
      kernel_initializer: initializer of the kernel, shape `kernel_size + (channels // groups, filters)`.
      bias_initializer: initializer of the bias, shape `(filters,)`.
      kernel_regularizer: penalty on the kernel.
      bias_regularizer: penalty on the bias.
      activity_regularizer: penalty on the output.
      kernel_constraint: projection of the kernel after a step.
      bias_constraint: projection of the bias after a step.

    Raises:
      ValueError: a count that is not positive, groups that do not divide the filters, strides with dilation.
    """

    def __init__(self, filters: int, kernel_size: Any, strides: Any = 1, padding: str = "valid",
                 data_format: str | None = None, dilation_rate: Any = 1, groups: int = 1, activation: Any = None,
                 use_bias: bool = True, kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
                 kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
                 kernel_constraint: Any = None, bias_constraint: Any = None, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = filters
        self.groups = groups
        self._take_windows(kernel_size, strides, padding, data_format, dilation_rate)
        self._take_bias(activation, use_bias, bias_initializer, bias_regularizer, bias_constraint)
        self._take_kernel("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        positive("filters", filters)
        if groups <= 0:
            raise ValueError(f"The number of groups must be a positive integer. Received: groups={groups}.")
        if filters is not None and filters % groups:
            raise ValueError("The number of filters must be evenly divisible by the number of groups. Received: groups="
                             f"{groups}, filters={filters}.")
        self._check_strides_or_dilation()

    def build(self, input_shape: Shape) -> None:
        channels = self._take_channels(input_shape)
        if channels % self.groups:
            raise ValueError("The number of input channels must be evenly divisible by the number of groups. Received "
                             f"groups={self.groups}, but the input has {channels} channels (full input shape is "
                             f"{input_shape}).")
        self.compute_output_shape(input_shape)
        self._kernel = self._add_kernel("kernel", "kernel", (*self.kernel_size, channels // self.groups, self.filters))
        self._add_bias(self.filters)

    @property
    def kernel(self) -> Any:
        """The kernel, shape `kernel_size + (channels // groups, filters)`.

        Raises:
          AttributeError: the layer is not built.
        """
        if not self.built:
            raise AttributeError("You must build the layer before accessing `kernel`.")
        return self._kernel

    def convolution_op(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        """The convolution itself; a subclass may put another one in its place.

        Raises:
          ValueError: the input is smaller than a window.
        """
        return self._convolve(inputs, kernel, self.padding)

    def _convolve(self, inputs: Tensor, kernel: Tensor, padding: str) -> Tensor:
        y = tf.nn.convolution(inputs, kernel, self.strides, padding.upper(), self._format, self.dilation_rate)
        shape = y.shape
        if shape.is_fully_defined() and not prod(shape) and prod(inputs.shape):
            raise ValueError(f"The convolution operation resulted in an empty output. Output shape: {shape}. This can "
                             "happen if the input is too small for the given kernel size, strides, dilation rate, and "
                             "padding mode. Please check the input shape and convolution parameters.")
        return y

    def call(self, inputs: Tensor) -> Tensor:
        return self._finish(self.convolution_op(inputs, self._kernel))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return conv_output_shape(input_shape, self.filters, self.kernel_size, self.strides, self.padding,
                                 self.data_format, self.dilation_rate)

    def get_config(self) -> Config:
        return {**super().get_config(), "filters": self.filters, **self._window_config(), "groups": self.groups,
                **self._serialized("kernel")}


class Conv1D(Convolution):
    __doc__ = f"A convolution over sequences: {Convolution.__doc__}"
    rank = 1

    def _allows_causal(self) -> bool:
        return True

    def convolution_op(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        if self.padding != "causal":
            return self._convolve(inputs, kernel, self.padding)
        margin = [self.dilation_rate[0] * (self.kernel_size[0] - 1), 0]
        last = self.data_format == "channels_last"
        padded = tf.pad(inputs, [[0, 0], margin, [0, 0]] if last else [[0, 0], [0, 0], margin])
        return self._convolve(padded, kernel, "valid")


class Conv2D(Convolution):
    __doc__ = f"A convolution over images: {Convolution.__doc__}"
    rank = 2


class Conv3D(Convolution):
    __doc__ = f"A convolution over volumes: {Convolution.__doc__}"
    rank = 3
