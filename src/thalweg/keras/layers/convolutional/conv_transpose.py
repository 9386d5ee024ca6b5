"""`Conv1DTranspose`, `Conv2DTranspose`, `Conv3DTranspose`: transposed convolution layers."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from ..windows import joined_shape, split_shape, standardize_tuple, transposed_size
from .base import WindowLayer, positive


class TransposedConvolution(WindowLayer):
    """`activation(transposed convolution(inputs, kernel) + bias)`: each element of the input paints a window.

    Args:
      filters: number of channels of the output.
      kernel_size: size of the windows: one number, or one a spatial dimension.
      strides: distance between windows, in the output.
      padding: `"valid"`, or `"same"` for outputs `strides` times larger than the input.
      output_padding: how much the output is larger than the least size; chosen by `padding` for None.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      dilation_rate: distance between the elements of a window.
      activation: a function, or its name; none for None.
      use_bias: whether there is a bias.
      kernel_initializer: initializer of the kernel, shape `kernel_size + (filters, channels)`.
      bias_initializer: initializer of the bias, shape `(filters,)`.
      kernel_regularizer: penalty on the kernel.
      bias_regularizer: penalty on the bias.
      activity_regularizer: penalty on the output.
      kernel_constraint: projection of the kernel after a step.
      bias_constraint: projection of the bias after a step.

    Raises:
      ValueError: a count that is not positive, an output padding beyond the strides, strides with dilation.
    """

    def __init__(self, filters: int, kernel_size: Any, strides: Any = 1, padding: str = "valid",
                 output_padding: Any = None, data_format: str | None = None, dilation_rate: Any = 1,
                 activation: Any = None, use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
                 bias_initializer: Any = "zeros", kernel_regularizer: Any = None, bias_regularizer: Any = None,
                 activity_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None,
                 **kwargs: Any) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = filters
        self._take_windows(kernel_size, strides, padding, data_format, dilation_rate)
        self.output_padding = None
        if output_padding is not None:
            self.output_padding = standardize_tuple(output_padding, self.rank, "output_padding", allow_zero=True)
        self._take_bias(activation, use_bias, bias_initializer, bias_regularizer, bias_constraint)
        self._take_kernel("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        positive("filters", filters)
        for i, (extra, stride) in enumerate(zip(self.output_padding or (), self.strides, strict=False)):
            if extra >= stride:
                raise ValueError("`output_padding` must be strictly less than `strides` for all dimensions. At dimension "
                                 f"{i}, `output_padding` is {extra} but `strides` is {stride}. Received: output_padding="
                                 f"{self.output_padding}, strides={self.strides}")
        self._check_strides_or_dilation()

    def build(self, input_shape: Shape) -> None:
        channels = self._take_channels(input_shape)
        self.kernel = self._add_kernel("kernel", "kernel", (*self.kernel_size, self.filters, channels))
        self._add_bias(self.filters)

    def call(self, inputs: Tensor) -> Tensor:
        sizes: list[Any] = list(inputs.shape)
        if None in sizes:
            running = tf.shape(inputs)
            sizes = [running[i] if size is None else size for i, size in enumerate(sizes)]
        return self._finish(tf.nn.conv_transpose(
            inputs, self.kernel, self.compute_output_shape(sizes), self.strides, self.padding.upper(), self._format,
            self.dilation_rate))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        extra = self.output_padding or (None,) * self.rank
        spatial = [transposed_size(size, kernel, stride, self.padding, more, dilation)
                   for size, kernel, stride, more, dilation in zip(
                       split_shape(input_shape, self.data_format)[0], self.kernel_size, self.strides, extra,
                       self.dilation_rate, strict=True)]
        return list(joined_shape(input_shape[0], spatial, self.filters, self.data_format))

    def get_config(self) -> Config:
        windows = self._window_config()
        order = ("kernel_size", "strides", "padding", "output_padding", "data_format", "dilation_rate")
        windows["output_padding"] = self.output_padding
        return {**super().get_config(), "filters": self.filters, **{name: windows[name] for name in order},
                **self._serialized("kernel")}


class Conv1DTranspose(TransposedConvolution):
    __doc__ = f"A transposed convolution over sequences: {TransposedConvolution.__doc__}"
    rank = 1


class Conv2DTranspose(TransposedConvolution):
    __doc__ = f"A transposed convolution over images: {TransposedConvolution.__doc__}"
    rank = 2


class Conv3DTranspose(TransposedConvolution):
    __doc__ = f"A transposed convolution over volumes: {TransposedConvolution.__doc__}"
    rank = 3
