"""Convolution channel by channel: `tf.nn.depthwise_conv2d`, `separable_conv2d`; and dilation through the batch."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef
from .common import constant_value, same_dtype, static_shape
from .conv import depthwise, depthwise_backprop_filter, depthwise_backprop_input
from .convolution import conv2d, scope
from .creation import shape_arg
from .windows import check_list, check_words, padding_of


def _rates(value: Any) -> list[int]:
    rates = np.asarray(value if not hasattr(value, "shape") else constant_value(convert_to_tensor(value)))
    if rates.ndim != 1:
        shown = convert_to_tensor(value, name="dilation_rate") if ctx.graph is not None else value
        raise ValueError(f"`dilation_rate.shape.rank` must be 1. Received: dilation_rate={shown} of rank {rates.ndim}")
    if (rates < 1).any():
        raise ValueError(f"`dilation_rate` must be positive. Received: dilation_rate={rates}")
    found: list[int] = rates.tolist()
    return found


def with_space_to_batch(input: Any, dilation_rate: Any, padding: str, op: Callable[..., Any], filter_shape: Any = None,
                        spatial_dims: Sequence[int] | None = None, data_format: str | None = None) -> Any:
    """Applies `op` with gaps between the elements of its windows: to each phase of the input as an example of its own.

    Args:
      input: tensor of shape `[batch] + spatial_shape + ...`.
      dilation_rate: distance between the elements of a window, one a spatial dimension.
      padding: `"VALID"` or `"SAME"`.
      op: called as `op(input, num_spatial_dims, padding)`.
      filter_shape: sizes of the windows, for `"SAME"`.
      spatial_dims: the spatial dimensions; by default those after the batch, or after the channels.
      data_format: one that starts with `"NC"` has the channels first.

    Raises:
      ValueError: rates below one, an unknown padding, dimensions that the input does not have.
    """
    from .spatial import batch_to_space, required_space_to_batch_paddings, space_to_batch
    x = convert_to_tensor(input)
    rates = _rates(dilation_rate)
    count = len(rates)
    first = 2 if data_format is not None and data_format.startswith("NC") else 1
    dims = list(range(first, first + count)) if spatial_dims is None else [int(d) for d in spatial_dims]
    if dims != sorted(set(dims)) or any(d < 1 for d in dims):
        raise ValueError("`spatial_dims` must be a monotonically increasing sequence of positive integers. Received: "
                         f"spatial_dims={spatial_dims}")
    last = dims[-1] if dims else 0
    if x.shape.rank is not None and x.shape.rank < last + 1:
        raise ValueError(f"`input.shape.rank` must be at least {last + 1}. Received: input.shape={x.shape} with rank "
                         f"{x.shape.rank}")
    if all(rate == 1 for rate in rates):
        return op(x, count, padding)
    margins = np.zeros((count, 2), np.int32)
    if padding == "SAME":
        if filter_shape is None:
            raise ValueError("`filter_shape` must be specified for `padding='SAME'`. Received: filter_shape=None and "
                             "padding=SAME")
        sizes = np.asarray(filter_shape if not hasattr(filter_shape, "dtype") else constant_value(filter_shape))
        extra = (sizes[:count] - 1) * np.asarray(rates)
        margins = np.stack([extra // 2, extra - extra // 2], 1).astype(np.int32)
    elif padding != "VALID":
        raise ValueError(f"`padding` must be one of 'SAME' or 'VALID'. Received: padding={padding}")
    known = static_shape(x)
    if known is not None:
        lengths: Any = np.array([known[d] for d in dims], np.int32)
    else:
        from .creation import shape as shape_op
        from .gathering import gather
        lengths = gather(shape_op(x), dims)
    paddings, crops = required_space_to_batch_paddings(lengths, np.array(rates, np.int32), margins)
    blocks, paddings, crops = _over_all_dims(rates, paddings, crops, dims)
    return batch_to_space(op(space_to_batch(x, blocks, paddings), count, "VALID"), blocks, crops)


def _over_all_dims(rates: list[int], paddings: Any, crops: Any, dims: list[int]) -> tuple[Any, Any, Any]:
    """Blocks, paddings and crops for every dimension up to the last spatial one."""
    if dims == list(range(1, len(dims) + 1)):
        return rates, paddings, crops
    blocks = [1] * dims[-1]
    margins: list[list[Any]] = [[[0, 0] for _ in blocks] for _ in range(2)]
    for i, d in enumerate(dims):
        blocks[d - 1] = rates[i]
        margins[0][d - 1], margins[1][d - 1] = paddings[i], crops[i]
    return blocks, convert_to_tensor(margins[0]), convert_to_tensor(margins[1])


# Depthwise.


def _attributes(op: OpDef, strides: Any, padding: Any, data_format: str, dilations: Any) -> dict[str, Any]:
    word, explicit = padding_of(padding)
    check_words(op, word, data_format)
    attrs = {"strides": check_list(op, "strides", "depthwise_conv2d_native", strides, 0), "padding": word,
             "data_format": data_format,
             "dilations": check_list(op, "dilations", "depthwise_conv2d_native", dilations, 0)}
    if explicit:
        attrs["explicit_paddings"] = explicit
    return attrs


def depthwise_conv2d(input: Any, filter: Any, strides: Sequence[int], padding: Any, data_format: str | None = None,
                     dilations: Any = None, name: str | None = None) -> Any:
    """A two-dimensional convolution of each channel with filters of its own.

    Args:
      input: tensor of shape `[batch, height, width, channels]`, or by `data_format`.
      filter: tensor of shape `[height, width, channels, multiplier]`.
      strides: four numbers.
      padding: `"VALID"`, `"SAME"`, or a list of four pairs.
      data_format: `"NHWC"` or `"NCHW"`.
      dilations: two distances between the elements of a window.

    Returns:
      A tensor with `channels * multiplier` channels, those of the first channel first.

    Raises:
      InvalidArgumentError: the channels do not fit (in a graph ValueError).
      TypeError: `strides` is no list.
    """
    with scope(name, "depthwise") as inside:
        x, w = same_dtype(input, filter)
        data_format = data_format or "NHWC"
        rates = _rates([1, 1] if dilations is None else dilations)
        steps = strides if isinstance(strides, (list, tuple)) else ()
        if rates != [1, 1] and (len(rates) != 2 or any(s != 1 for s in steps) or not isinstance(padding, str)):
            attrs = _attributes(depthwise, strides, "VALID", data_format, [1, 1, 1, 1])
            return with_space_to_batch(x, rates, padding, lambda v, _n, p: apply(
                depthwise, (v, w), {**attrs, "padding": p}, inside), w.shape.as_list(), data_format=data_format)
        whole = [1, 1, *rates] if data_format.startswith("NC") else [1, *rates, 1]
        return apply(depthwise, (x, w), _attributes(depthwise, strides, padding, data_format, whole), inside)


def depthwise_conv2d_backprop_input(input_sizes: Any, filter: Any, out_backprop: Any, strides: Sequence[int], padding: Any,
                                    data_format: str = "NHWC", dilations: Sequence[int] = (1, 1, 1, 1),
                                    name: str | None = None) -> Any:
    """The gradient of `depthwise_conv2d` for its input.

    Args:
      input_sizes: the shape of the input.
      filter: tensor of shape `[height, width, channels, multiplier]`.
      out_backprop: the gradient of the output.
      strides: four numbers.
      padding: as in `depthwise_conv2d`.
      data_format: `"NHWC"` or `"NCHW"`.
      dilations: four numbers.
    """
    w, dy = same_dtype(filter, out_backprop)
    return apply(depthwise_backprop_input, (shape_arg(input_sizes), w, dy),
                 _attributes(depthwise_backprop_input, strides, padding, data_format, dilations), name)


def depthwise_conv2d_backprop_filter(input: Any, filter_sizes: Any, out_backprop: Any, strides: Sequence[int],
                                     padding: Any, data_format: str = "NHWC", dilations: Sequence[int] = (1, 1, 1, 1),
                                     name: str | None = None) -> Any:
    """The gradient of `depthwise_conv2d` for its filter.

    Args:
      input: tensor of shape `[batch, height, width, channels]`.
      filter_sizes: the shape of the filter.
      out_backprop: the gradient of the output.
      strides: four numbers.
      padding: as in `depthwise_conv2d`.
      data_format: `"NHWC"` or `"NCHW"`.
      dilations: four numbers.
    """
    x, dy = same_dtype(input, out_backprop)
    return apply(depthwise_backprop_filter, (x, shape_arg(filter_sizes), dy),
                 _attributes(depthwise_backprop_filter, strides, padding, data_format, dilations), name)


def separable_conv2d(input: Any, depthwise_filter: Any, pointwise_filter: Any, strides: Sequence[int], padding: Any,
                     data_format: str | None = None, dilations: Any = None, name: str | None = None) -> Any:
    """A depthwise convolution, then one over the channels at each place.

    Args:
      input: tensor of shape `[batch, height, width, channels]`, or by `data_format`.
      depthwise_filter: tensor of shape `[height, width, channels, multiplier]`.
      pointwise_filter: tensor of shape `[1, 1, channels * multiplier, filters]`.
      strides: four numbers.
      padding: `"VALID"`, `"SAME"`, or a list of four pairs.
      data_format: `"NHWC"` or `"NCHW"`.
      dilations: two distances between the elements of a window.

    Raises:
      ValueError: `pointwise_filter` is not of size one in space.
      InvalidArgumentError: the channels do not fit.
    """
    with scope(name, "separable_conv2d") as inside:
        x, w = same_dtype(input, depthwise_filter)
        last = convert_to_tensor(pointwise_filter, w.dtype if not hasattr(pointwise_filter, "dtype") else None)
        shape = last.shape
        if shape.rank is not None:
            if shape.rank != 4:
                raise ValueError(f"Shape {shape} must have rank 4")
            for d in shape[:2]:
                if d not in (1, None):
                    raise ValueError(f"Dimensions {d} and 1 are not compatible")
        data_format = data_format or "NHWC"
        y = depthwise_conv2d(x, w, strides, padding, data_format, dilations, name="depthwise")
        return conv2d(y, last, [1, 1, 1, 1], "VALID", data_format, None, inside)
