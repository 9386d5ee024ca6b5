"""What layers with sliding windows share: their arguments, and the shapes of their outputs."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..types import Shape

Sizes = tuple[int, ...]


def standardize_tuple(value: Any, n: int, name: str, allow_zero: bool = False) -> Sizes:
    """An argument that is one positive integer, or `n` of them, as a tuple.

    Raises:
      ValueError: anything else.
    """
    message = f"The `{name}` argument must be a tuple of {n} integers. Received {name}={value}"
    if isinstance(value, int):
        sizes: Sizes = (value,) * n
    else:
        try:
            sizes = tuple(value)
        except TypeError:
            raise ValueError(message) from None
        if len(sizes) != n:
            raise ValueError(message)
        for size in sizes:
            try:
                int(size)
            except (ValueError, TypeError):
                raise ValueError(f"{message}including element {size} of type {type(size)}") from None
    unfit = {size for size in sizes if size < (0 if allow_zero else 1)}
    if unfit:
        raise ValueError(f"{message}, including values {unfit} that do not satisfy `value "
                         f"{'>= 0' if allow_zero else '> 0'}`")
    return sizes


def standardize_padding(value: Any, allow_causal: bool = False) -> Any:
    """A padding in lower case.

    Raises:
      ValueError: an unknown one.
    """
    if isinstance(value, (list, tuple)):
        return value
    padding = value.lower()
    allowed = {"valid", "same", "causal"} if allow_causal else {"valid", "same"}
    if padding not in allowed:
        raise ValueError(f"The `padding` argument must be a list/tuple or one of {allowed}. Received: {padding}")
    return padding


def tensor_format(data_format: str, rank: int) -> str:
    """The name that `tf.nn` has for a layout: `"NHWC"`."""
    spatial = {1: "W", 2: "HW", 3: "DHW"}[rank]
    return f"N{spatial}C" if data_format == "channels_last" else f"NC{spatial}"


def split_shape(shape: Shape, data_format: str) -> tuple[Sequence[int | None], int | None]:
    """The spatial sizes and the channels of a shape."""
    return (shape[1:-1], shape[-1]) if data_format == "channels_last" else (shape[2:], shape[1])


def joined_shape(batch: int | None, spatial: Iterable[int | None], channels: int | None, data_format: str) -> Shape:
    """A shape of its parts."""
    return (batch, *spatial, channels) if data_format == "channels_last" else (batch, channels, *spatial)


def _counts(sizes: Sequence[int | None], windows: Sequence[int], strides: Sequence[int], whole: bool,
            complain: Callable[[], ValueError]) -> list[int | None]:
    """How many windows there are: only `whole` ones, or one for each stride."""
    counts: list[int | None] = []
    for size, window, stride in zip(sizes, windows, strides, strict=True):
        if size is None:
            counts.append(None)
            continue
        count = (size - (window if whole else 1)) // stride + 1
        if whole and count <= 0:
            raise complain()
        counts.append(count)
    return counts


def conv_output_shape(shape: Shape, filters: int, kernel_size: Sizes, strides: Sizes, padding: str, data_format: str,
                      dilation_rate: Sizes) -> Shape:
    """The shape of a convolution's output.

    Raises:
      ValueError: the input is smaller than a window, or of another rank.
    """
    spatial, channels = split_shape(shape, data_format)
    kernel_shape = (*kernel_size, channels, filters)
    if len(kernel_shape) != len(shape):
        raise ValueError(f"Kernel shape must have the same length as input, but received kernel of shape {kernel_shape} "
                         f"and input of shape {shape}.")

    def complain() -> ValueError:
        return ValueError(f"Computed output size would be zero or negative. Received `inputs shape={shape}`, "
                          f"`kernel shape={kernel_shape}`, `dilation_rate={np.array(dilation_rate)}`, "
                          f"`strides={strides}`, `padding={padding}`.")
    if padding not in ("valid", "same", "causal"):
        raise ValueError(f"`padding` must be either `'valid'` or `'same'`. Received {padding}.")
    windows = [(k - 1) * d + 1 for k, d in zip(kernel_size, dilation_rate, strict=True)]
    return joined_shape(shape[0], _counts(spatial, windows, strides, padding == "valid", complain), filters, data_format)


def pooling_output_shape(shape: Shape, pool_size: Sizes, strides: Sizes, padding: str, data_format: str) -> Shape:
    """The shape of pooling's output.

    Raises:
      ValueError: the input is smaller than a window, or the padding is unknown.
    """
    spatial, channels = split_shape(shape, data_format)

    def complain() -> ValueError:
        return ValueError(f"Computed output size would be zero or negative. Received: `inputs.shape={np.array(shape)}`, "
                          f"`pool_size={np.array(pool_size)}`, `strides={strides}`, `padding={padding}`.")
    if padding not in ("valid", "same"):
        raise ValueError(f"Argument `padding` must be either 'valid' or 'same'. Received: padding={padding}")
    return joined_shape(shape[0], _counts(spatial, pool_size, strides, padding == "valid", complain), channels,
                        data_format)


def transposed_size(size: Any, kernel: int, stride: int, padding: str, output_padding: int | None, dilation: int) -> Any:
    """A spatial size of a transposed convolution's output."""
    if size is None:
        return None
    window = (kernel - 1) * dilation + 1
    if padding == "valid":
        extra = max(window, stride) - window if output_padding is None else output_padding
        return (size - 1) * stride + window + extra
    return size * stride if output_padding is None else (size - 1) * stride + window % 2 + output_padding
