"""Convolution under the names that TensorFlow 1 gave the arguments."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.dispatch import apply
from . import convolution as now
from .common import same_dtype
from .conv import conv2d_backprop_filter, conv2d_backprop_input, conv3d_backprop_filter, depthwise
from .creation import shape_arg
from .depthwise_convolution import depthwise_conv2d, separable_conv2d
from .windows import check_list, check_words, padding_of, spread

_ONES_4 = (1, 1, 1, 1)
_ONES_5 = (1, 1, 1, 1, 1)


def either(new: str, value: Any, old: str, other: Any) -> Any:
    """An argument that has two names.

    Raises:
      ValueError: both are given.
    """
    if value is not None and other is not None:
        raise ValueError(f"Cannot specify both '{old}' and '{new}'.")
    return value if value is not None else other


def conv1d_v1(value: Any = None, filters: Any = None, stride: Any = None, padding: Any = None,
              use_cudnn_on_gpu: bool | None = None, data_format: str | None = None, name: str | None = None,
              input: Any = None, dilations: Any = None) -> Any:
    """`tf.nn.conv1d`; `value` is the input."""
    return now.conv1d(either("input", input, "value", value), filters, stride, padding, data_format, dilations, name)


def conv2d_v1(input: Any, filter: Any = None, strides: Any = None, padding: Any = None, use_cudnn_on_gpu: bool = True,
              data_format: str = "NHWC", dilations: Any = _ONES_4, name: str | None = None, filters: Any = None) -> Any:
    """`tf.nn.conv2d`; `filter` is the filters."""
    return now.conv2d(input, either("filters", filters, "filter", filter), strides, padding, data_format, dilations, name)


def conv3d_v1(input: Any, filter: Any = None, strides: Any = None, padding: Any = None, data_format: str = "NDHWC",
              dilations: Any = _ONES_5, name: str | None = None, filters: Any = None) -> Any:
    """`tf.nn.conv3d`; `filter` is the filters."""
    return now.conv3d(input, either("filters", filters, "filter", filter), strides, padding, data_format, dilations, name)


def convolution_v1(input: Any, filter: Any, padding: str, strides: Any = None, dilation_rate: Any = None,
                   name: str | None = None, data_format: str | None = None, filters: Any = None,
                   dilations: Any = None) -> Any:
    """`tf.nn.convolution`; `filter` is the filters, `dilation_rate` the dilations."""
    return now.convolution(input, either("filters", filters, "filter", filter), strides, padding, data_format,
                           either("dilations", dilations, "dilation_rate", dilation_rate), name)


def conv2d_transpose_v1(value: Any = None, filter: Any = None, output_shape: Any = None, strides: Any = None,
                        padding: Any = "SAME", data_format: str = "NHWC", name: str | None = None, input: Any = None,
                        filters: Any = None, dilations: Any = None) -> Any:
    """`tf.nn.conv2d_transpose`; `value` is the input, `filter` the filters."""
    return now.conv2d_transpose(either("input", input, "value", value), either("filters", filters, "filter", filter),
                                output_shape, strides, padding, data_format, dilations, name)


def conv3d_transpose_v1(value: Any, filter: Any = None, output_shape: Any = None, strides: Any = None,
                        padding: Any = "SAME", data_format: str = "NDHWC", name: str | None = None, input: Any = None,
                        filters: Any = None, dilations: Any = None) -> Any:
    """`tf.nn.conv3d_transpose`; `value` is the input, `filter` the filters."""
    return now.conv3d_transpose(either("input", input, "value", value), either("filters", filters, "filter", filter),
                                output_shape, strides, padding, data_format, dilations, name)


def depthwise_conv2d_v1(input: Any, filter: Any, strides: Sequence[int], padding: Any, rate: Any = None,
                        name: str | None = None, data_format: str | None = None, dilations: Any = None) -> Any:
    """`tf.nn.depthwise_conv2d`; `rate` is the dilations."""
    return depthwise_conv2d(input, filter, strides, padding, data_format, either("dilations", dilations, "rate", rate), name)


def separable_conv2d_v1(input: Any, depthwise_filter: Any, pointwise_filter: Any, strides: Sequence[int], padding: Any,
                        rate: Any = None, name: str | None = None, data_format: str | None = None,
                        dilations: Any = None) -> Any:
    """`tf.nn.separable_conv2d`; `rate` is the dilations."""
    return separable_conv2d(input, depthwise_filter, pointwise_filter, strides, padding, data_format,
                            either("dilations", dilations, "rate", rate), name)


def depthwise_conv2d_native(input: Any, filter: Any, strides: Sequence[int], padding: Any, data_format: str = "NHWC",
                            dilations: Sequence[int] = _ONES_4, name: str | None = None) -> Any:
    """The depthwise convolution as the op has it: with four dilations."""
    word, explicit = padding_of(padding)
    check_words(depthwise, word, data_format)
    attrs = {"strides": check_list(depthwise, "strides", "depthwise_conv2d_native", strides, 0), "padding": word,
             "data_format": data_format, "dilations": list(dilations)}
    if explicit:
        attrs["explicit_paddings"] = explicit
    return apply(depthwise, same_dtype(input, filter), attrs, name)


def _attributes(strides: Any, padding: Any, data_format: str, dilations: Any) -> dict[str, Any]:
    word, explicit = padding_of(padding)
    check_words(conv2d_backprop_input, word, data_format)
    attrs = {"strides": spread(strides, 2, data_format, "strides"), "padding": word, "data_format": data_format,
             "dilations": spread(dilations, 2, data_format, "dilations")}
    if explicit:
        attrs["explicit_paddings"] = explicit
    return attrs


def conv2d_backprop_input_v1(input_sizes: Any, filter: Any = None, out_backprop: Any = None, strides: Any = None,
                             padding: Any = None, use_cudnn_on_gpu: bool = True, data_format: str = "NHWC",
                             dilations: Any = _ONES_4, name: str | None = None, filters: Any = None) -> Any:
    """The gradient of `conv2d` for its input, whose shape is `input_sizes`."""
    w, dy = same_dtype(either("filters", filters, "filter", filter), out_backprop)
    return apply(conv2d_backprop_input, (shape_arg(input_sizes), w, dy),
                 _attributes(strides, padding, data_format, dilations), name)


def conv2d_backprop_filter_v1(input: Any, filter_sizes: Any, out_backprop: Any, strides: Any, padding: Any,
                              use_cudnn_on_gpu: bool = True, data_format: str = "NHWC", dilations: Any = _ONES_4,
                              name: str | None = None) -> Any:
    """The gradient of `conv2d` for its filter, whose shape is `filter_sizes`."""
    x, dy = same_dtype(input, out_backprop)
    return apply(conv2d_backprop_filter, (x, shape_arg(filter_sizes), dy),
                 _attributes(strides, padding, data_format, dilations), name)


def conv3d_backprop_filter_v1(input: Any, filter_sizes: Any, out_backprop: Any, strides: Sequence[int], padding: str,
                              data_format: str = "NDHWC", dilations: Sequence[int] = _ONES_5,
                              name: str | None = None) -> Any:
    """The gradient of `conv3d` for its filter, whose shape is `filter_sizes`."""
    check_words(conv3d_backprop_filter, padding, data_format)
    attrs = {"strides": check_list(conv3d_backprop_filter, "strides", "conv3d_backprop_filter_v2", strides, 5),
             "padding": padding, "data_format": data_format, "dilations": list(dilations)}
    x, dy = same_dtype(input, out_backprop)
    return apply(conv3d_backprop_filter, (x, shape_arg(filter_sizes), dy), attrs, name)
