"""Pooling: `tf.nn.max_pool2d`, `avg_pool2d` and their relatives."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef
from .arrays import expand_dims, squeeze
from .common import graph_name
from .convolution import scope
from .depthwise_convolution import with_space_to_batch
from .pool import avg_pool_2d, avg_pool_3d, max_pool_2d, max_pool_3d, max_pool_with_argmax_
from .windows import check_channels_last, check_words, padding_of, spread


def _pool(op: OpDef, x: Any, ksize: Any, strides: Any, padding: Any, data_format: str, name: str | None,
          explicit: Sequence[int] = ()) -> Any:
    check_words(op, padding, data_format)
    rank = len(data_format) - 2
    attrs = {"ksize": spread(1 if ksize is None else ksize, rank, data_format, "ksize"),
             "strides": spread(1 if strides is None else strides, rank, data_format, "strides"),
             "padding": padding, "data_format": data_format}
    if explicit:
        attrs["explicit_paddings"] = list(explicit)
    return apply(op, (convert_to_tensor(x),), attrs, name)


def max_pool2d(input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = "NHWC",
               name: str | None = None) -> Any:
    """The largest elements of the windows over an image.

    Args:
      input: tensor of shape `[batch, height, width, channels]`, or by `data_format`.
      ksize: size of the windows: one number, two, or four.
      strides: distance between windows: one number, two, or four.
      padding: `"VALID"`, `"SAME"`, or a list of four pairs.
      data_format: `"NHWC"` or `"NCHW"`.

    Raises:
      ValueError: sizes, strides or padding of a wrong length.
      InvalidArgumentError: sizes or strides that are not positive.
    """
    data_format = data_format or "NHWC"
    for values, word in ((ksize, "ksize"), (strides, "strides")):
        spread(1 if values is None else values, 2, data_format, word)
    word, explicit = padding_of(padding)
    return _pool(max_pool_2d, input, ksize, strides, word, data_format, graph_name(name, "MaxPool2d"), explicit)


def avg_pool2d(input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NHWC",
               name: str | None = None) -> Any:
    """The means of the windows over an image; padding does not count.

    Args:
      input: tensor of shape `[batch, height, width, channels]`, or by `data_format`.
      ksize: size of the windows: one number, two, or four.
      strides: distance between windows: one number, two, or four.
      padding: `"VALID"` or `"SAME"`.
      data_format: `"NHWC"` or `"NCHW"`.

    Raises:
      ValueError: sizes or strides of a wrong length.
      InvalidArgumentError: sizes or strides that are not positive.
    """
    return _pool(avg_pool_2d, input, ksize, strides, padding, data_format or "NHWC", graph_name(name, "AvgPool2D"))


def max_pool3d(input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NDHWC",
               name: str | None = None) -> Any:
    """The largest elements of the windows over a volume.

    Args:
      input: tensor of shape `[batch, depth, height, width, channels]`, or by `data_format`.
      ksize: size of the windows: one number, three, or five.
      strides: distance between windows: one number, three, or five.
      padding: `"VALID"` or `"SAME"`.
      data_format: `"NDHWC"` or `"NCDHW"`.

    Raises:
      ValueError: sizes or strides of a wrong length.
      InvalidArgumentError: sizes or strides that are not positive.
    """
    return _pool(max_pool_3d, input, ksize, strides, padding, data_format or "NDHWC", graph_name(name, "MaxPool3D"))


def avg_pool3d(input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NDHWC",
               name: str | None = None) -> Any:
    """The means of the windows over a volume; padding does not count.

    Args:
      input: tensor of shape `[batch, depth, height, width, channels]`, or by `data_format`.
      ksize: size of the windows: one number, three, or five.
      strides: distance between windows: one number, three, or five.
      padding: `"VALID"` or `"SAME"`.
      data_format: `"NDHWC"` or `"NCDHW"`.

    Raises:
      ValueError: sizes or strides of a wrong length.
      InvalidArgumentError: sizes or strides that are not positive.
    """
    return _pool(avg_pool_3d, input, ksize, strides, padding, data_format or "NDHWC", graph_name(name, "AvgPool3D"))


def _pool1d(op: OpDef, input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None, name: str | None,
            default: str) -> Any:
    with scope(name, default) as inside:
        data_format = data_format or "NWC"
        first = data_format.startswith("NC")
        at = 2 if first else 1
        size = spread(1 if ksize is None else ksize, 1, data_format, "ksize")
        steps = spread(1 if strides is None else strides, 1, data_format, "strides")
        explicit: list[int] = []
        if op is max_pool_2d:
            padding, explicit = padding_of(padding, 1)
            if explicit:
                explicit = [*explicit[:2 * at], 0, 0, *explicit[2 * at:]]
        y = _pool(op, expand_dims(input, at), [*size[:at], 1, *size[at:]], [*steps[:at], 1, *steps[at:]], padding,
                  "NCHW" if first else "NHWC", inside, explicit)
        return squeeze(y, [at])


def max_pool1d(input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = "NWC",
               name: str | None = None) -> Any:
    """The largest elements of the windows over a sequence.

    Args:
      input: tensor of shape `[batch, width, channels]`, or by `data_format`.
      ksize: size of the windows.
      strides: distance between windows.
      padding: `"VALID"`, `"SAME"`, or a list of three pairs.
      data_format: `"NWC"` or `"NCW"`.

    Raises:
      ValueError: sizes, strides or padding of a wrong length.
      InvalidArgumentError: sizes or strides that are not positive.
    """
    return _pool1d(max_pool_2d, input, ksize, strides, padding, data_format, name, "MaxPool1d")


def avg_pool1d(input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NWC",
               name: str | None = None) -> Any:
    """The means of the windows over a sequence; padding does not count.

    Args:
      input: tensor of shape `[batch, width, channels]`, or by `data_format`.
      ksize: size of the windows.
      strides: distance between windows.
      padding: `"VALID"` or `"SAME"`.
      data_format: `"NWC"` or `"NCW"`.

    Raises:
      ValueError: sizes or strides of a wrong length.
      InvalidArgumentError: sizes or strides that are not positive.
    """
    return _pool1d(avg_pool_2d, input, ksize, strides, padding, data_format, name, "AvgPool1D")


def _rank(x: Any, data_format: str | None) -> int:
    rank = x.shape.rank if x.shape.rank is not None or data_format is None else len(data_format)
    if rank not in (3, 4, 5):
        raise ValueError(f"`input.shape.rank` must be 3, 4 or 5. Received: input.shape={x.shape} of rank {rank}.")
    return int(rank)


def max_pool(input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = None,
             name: str | None = None) -> Any:
    """The largest elements of the windows over a tensor with one to three spatial dimensions.

    Args:
      input: tensor of shape `[batch] + spatial_shape + [channels]`, or by `data_format`.
      ksize: size of the windows: one number, one a spatial dimension, or one a dimension.
      strides: distance between windows, given likewise.
      padding: `"VALID"`, `"SAME"`, or a list of one pair a dimension (not for three spatial dimensions).
      data_format: where the channels are, such as `"NHWC"` or `"NCW"`.

    Raises:
      ValueError: sizes, strides or padding of a wrong length, or a tensor of another rank.
    """
    x = convert_to_tensor(input)
    rank = _rank(x, data_format)
    if rank == 5 and isinstance(padding, (list, tuple)):
        raise ValueError(f"Explicit padding is not supported with an input tensor of rank 5. Received: padding={padding}")
    f = {3: max_pool1d, 4: max_pool2d, 5: max_pool3d}[rank]
    return f(x, ksize, strides, padding, data_format, name)


def avg_pool(input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = None,
             name: str | None = None) -> Any:
    """The means of the windows over a tensor with one to three spatial dimensions; padding does not count.

    Args:
      input: tensor of shape `[batch] + spatial_shape + [channels]`, or by `data_format`.
      ksize: size of the windows: one number, one a spatial dimension, or one a dimension.
      strides: distance between windows, given likewise.
      padding: `"VALID"` or `"SAME"`.
      data_format: where the channels are, such as `"NHWC"` or `"NCW"`.

    Raises:
      ValueError: sizes or strides of a wrong length, or a tensor of another rank.
    """
    x = convert_to_tensor(input)
    f = {3: avg_pool1d, 4: avg_pool2d, 5: avg_pool3d}[_rank(x, data_format)]
    return f(x, ksize, strides, padding, data_format, name)


_POOLS = {"MAX": {1: max_pool1d, 2: max_pool2d, 3: max_pool3d}, "AVG": {1: avg_pool1d, 2: avg_pool2d, 3: avg_pool3d}}


def pool(input: Any, window_shape: Sequence[int], pooling_type: str, strides: Any = None, padding: Any = "VALID",
         data_format: str | None = None, dilations: Any = None, name: str | None = None) -> Any:
    """The largest elements or the means of windows, whose elements may have gaps between them.

    Args:
      input: tensor of shape `[batch] + spatial_shape + [channels]`, or by `data_format`.
      window_shape: sizes of the windows: one to three numbers.
      pooling_type: `"MAX"` or `"AVG"`.
      strides: distances between windows; ones by default.
      padding: as in `max_pool` and `avg_pool`; with dilations only `"VALID"`.
      data_format: where the channels are, such as `"NHWC"` or `"NCW"`.
      dilations: distances between the elements of a window; only with strides of one.

    Raises:
      ValueError: not one to three sizes, another type of pooling, strides beyond the window, a wrong rank.
    """
    n = len(window_shape)
    with scope(name, f"{pooling_type.lower()}_pool") as inside:
        if n not in (1, 2, 3):
            raise ValueError(f"`len(window_shape)` must be 1, 2, or 3. Received: window_shape={window_shape} of length {n}")
        x = convert_to_tensor(input)
        if x.shape.rank not in (None, n + 2):
            raise ValueError(f"Shape {x.shape} must have rank {n + 2}")
        rates, steps = _rates(dilations, n, "dilation_rate"), _rates(strides, n, "strides")
        if (rates > 1).any() and (steps > 1).any():
            raise ValueError("`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: strides="
                             f"{steps} and dilation_rate={rates}")
        if (steps > np.asarray(window_shape)).any():
            raise ValueError("`strides` > `window_shape` not supported due to inconsistency between CPU and GPU "
                             f"implementations. Received: strides={steps} and window_shape={window_shape}")
        f = _POOLS.get(pooling_type, {}).get(n)
        if f is None:
            raise ValueError(f"{n}-D {pooling_type} pooling is not supported.")
        size, step = list(window_shape), steps.tolist()

        def once(v: Any, _n: int, p: Any) -> Any:
            return f(v, size, step, p, data_format, inside)
        if (rates == 1).all():
            return once(x, n, padding)
        if padding != "VALID":
            raise ValueError(f"pooling with 'SAME' padding is not implemented for `dilation_rate` > 1. Received: "
                             f"padding={padding} and dilation_rate={rates}")
        return with_space_to_batch(x, rates, padding, once, size, data_format=data_format)


def _rates(values: Any, n: int, word: str) -> np.ndarray[Any, Any]:
    if values is not None and len(values) != n:
        raise ValueError(f"`len({word})` should be {n}. Received: {word}={values} of length {len(values)}")
    found = np.ones(n, np.int64) if values is None else np.asarray(values)
    if (found < 1).any():
        raise ValueError(f"all values of `{word}` must be positive. Received: {word}={found}")
    return found


def max_pool_with_argmax(input: Any, ksize: Any, strides: Any, padding: str, data_format: str = "NHWC",
                         output_dtype: Any = dtypes.int64, include_batch_in_index: bool = False,
                         name: str | None = None) -> tuple[Any, Any]:
    """The largest elements of the windows over an image, and where they are.

    Args:
      input: tensor of shape `[batch, height, width, channels]`.
      ksize: size of the windows: one number, two, or four.
      strides: distance between windows: one number, two, or four.
      padding: `"VALID"` or `"SAME"`.
      data_format: `"NHWC"`.
      output_dtype: int64 or int32: the dtype of the places.
      include_batch_in_index: whether places count through the whole batch, and not through each image.

    Returns:
      `(output, argmax)`; `argmax` is `(y * width + x) * channels + channel`.

    Raises:
      ValueError: another data format.
    """
    check_channels_last(data_format)
    size = spread(1 if ksize is None else ksize, 2, data_format, "ksize")
    steps = spread(1 if strides is None else strides, 2, data_format, "strides")
    check_words(max_pool_with_argmax_, padding, data_format)
    pair: tuple[Any, Any] = apply(
        max_pool_with_argmax_, (convert_to_tensor(input),),
        {"ksize": size, "strides": steps, "padding": padding, "Targmax": dtypes.as_dtype(output_dtype),
         "include_batch_in_index": include_batch_in_index}, name)
    return pair
