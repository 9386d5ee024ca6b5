"""Convolution: `tf.nn.conv2d` and its relatives."""
from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from ..core.context import ctx
from ..core.dispatch import apply
from ..core.opdef import OpDef
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from .arrays import concat, expand_dims, reshape, squeeze
from .common import same_dtype, static_shape
from .conv import conv2d_, conv2d_backprop_input, conv3d_, conv3d_backprop_input
from .creation import shape_arg
from .windows import check_list, check_words, padding_of, spread


def scope(name: str | None, default: str) -> AbstractContextManager[Any]:
    """A name scope where a graph is being built; its value is the name for the op that the scope is about."""
    return nullcontext(name) if ctx.graph is None else name_scope(name or default)


def over_batches(f: Any, x: Any, rank: int, name: str | None = None) -> Any:
    """Applies `f(x, name)` to a tensor with any number of batch dimensions before the last `rank`."""
    have = x.shape.rank
    if have is None or have <= rank + 1:
        return f(x, name)
    with scope(name, "squeeze_batch_dims"):
        known = static_shape(x)
        if known is not None:
            y = f(reshape(x, (-1, *known[-rank:])), None)
            return reshape(y, (*known[:-rank], *y.shape.as_list()[1:]))
        from .creation import shape as shape_op
        sizes = shape_op(x)
        y = f(reshape(x, concat([[-1], sizes[-rank:]], 0)), None)
        return reshape(y, concat([sizes[:-rank], shape_op(y)[1:]], 0))


def _attributes(op: OpDef, strides: list[int], padding: Any, data_format: str, dilations: list[int],
                lists: bool = True) -> dict[str, Any]:
    word, explicit = padding_of(padding, len(data_format) - 2) if lists else (padding, [])
    check_words(op, word, data_format)
    attrs = {"strides": strides, "padding": word, "data_format": data_format, "dilations": dilations}
    if explicit:
        attrs["explicit_paddings"] = explicit
    return attrs


def conv2d(input: Any, filters: Any, strides: Any, padding: Any, data_format: str | None = "NHWC", dilations: Any = None,
           name: str | None = None) -> Any:
    """The two-dimensional convolution (a cross-correlation, as networks have it).

    Args:
      input: tensor of shape `batch_shape + [height, width, channels]`, or by `data_format`.
      filters: tensor of shape `[height, width, channels / groups, filters]`.
      strides: distance between windows: one number, two, or four.
      padding: `"VALID"`, `"SAME"`, or a list of four pairs.
      data_format: `"NHWC"` or `"NCHW"`.
      dilations: distance between the elements of a window: one number, two, or four.

    Raises:
      InvalidArgumentError: the channels do not fit (in a graph ValueError).
      ValueError: strides, dilations or padding of a wrong length.
    """
    data_format = data_format or "NHWC"
    return _conv2d(input, filters, spread(1 if strides is None else strides, 2, data_format, "strides"), padding,
                   data_format, spread(1 if dilations is None else dilations, 2, data_format, "dilations"), name)


def _conv2d(input: Any, filters: Any, strides: list[int], padding: Any, data_format: str, dilations: list[int],
            name: str | None, lists: bool = True) -> Any:
    attrs = _attributes(conv2d_, strides, padding, data_format, dilations, lists)
    x, w = same_dtype(input, filters)
    return over_batches(lambda v, n: apply(conv2d_, (v, w), attrs, n), x, 3, name)


def _wide_format(data_format: str | None) -> str:
    """The two-dimensional data format of a one-dimensional one."""
    if data_format is None or data_format in ("NHWC", "NWC"):
        return "NHWC"
    if data_format in ("NCHW", "NCW"):
        return "NCHW"
    raise ValueError(f"`data_format` must be 'NWC' or 'NCW'. Received: data_format={data_format}")


def conv1d(input: Any, filters: Any, stride: Any, padding: str, data_format: str | None = "NWC", dilations: Any = None,
           name: str | None = None) -> Any:
    """The one-dimensional convolution.

    Args:
      input: tensor of shape `batch_shape + [width, channels]`, or by `data_format`.
      filters: tensor of shape `[width, channels / groups, filters]`.
      stride: distance between windows.
      padding: `"VALID"` or `"SAME"`.
      data_format: `"NWC"` or `"NCW"`.
      dilations: distance between the elements of a window.

    Raises:
      InvalidArgumentError: the channels do not fit (in a graph ValueError).
      ValueError: a stride of a wrong length, an unknown data format.
    """
    with scope(name, "conv1d") as inside:
        wide = _wide_format(data_format)
        narrow = "NWC" if wide == "NHWC" else "NCW"
        strides = [1, *spread(1 if stride is None else stride, 1, narrow, "stride")]
        rates = [1, *spread(1 if dilations is None else dilations, 1, narrow, "dilations")]
        x, w = same_dtype(input, filters)
        at = -3 if wide == "NHWC" else -2
        if wide == "NCHW":
            strides, rates = [[1, 1, 1, v[-1]] for v in (strides, rates)]
        y = _conv2d(expand_dims(x, at), expand_dims(w, 0), strides, padding, wide, rates, inside, lists=False)
        return squeeze(y, [at])


def conv3d(input: Any, filters: Any, strides: Sequence[int], padding: str, data_format: str | None = "NDHWC",
           dilations: Sequence[int] | None = None, name: str | None = None) -> Any:
    """The three-dimensional convolution.

    Args:
      input: tensor of shape `batch_shape + [depth, height, width, channels]`, or by `data_format`.
      filters: tensor of shape `[depth, height, width, channels / groups, filters]`.
      strides: five numbers.
      padding: `"VALID"` or `"SAME"`.
      data_format: `"NDHWC"` or `"NCDHW"`.
      dilations: five numbers.

    Raises:
      InvalidArgumentError: the channels do not fit (in a graph ValueError).
      TypeError: `strides` is no list.
    """
    return _conv3d(input, filters, strides, padding, data_format or "NDHWC", dilations, name)


def _conv3d(input: Any, filters: Any, strides: Any, padding: Any, data_format: str, dilations: Any,
            name: str | None) -> Any:
    rates = [1] * 5 if dilations is None else dilations
    attrs = _attributes(conv3d_, check_list(conv3d_, "strides", "conv3d", strides, 5), padding, data_format,
                        check_list(conv3d_, "dilations", "conv3d", rates, 0), lists=False)
    x, w = same_dtype(input, filters)
    return over_batches(lambda v, n: apply(conv3d_, (v, w), attrs, n), x, 4, name)


_FORMATS = {1: "NWC", 2: "NHWC", 3: "NDHWC"}


def convolution(input: Any, filters: Any, strides: Any = None, padding: str = "VALID", data_format: str | None = None,
                dilations: Any = None, name: str | None = None) -> Any:
    """The convolution in as many dimensions as the filter has.

    Args:
      input: tensor of shape `batch_shape + spatial_shape + [channels]`, or by `data_format`.
      filters: tensor of shape `spatial_shape + [channels / groups, filters]`.
      strides: distances between windows: one number, or one a spatial dimension.
      padding: `"VALID"` or `"SAME"`.
      data_format: where the channels are, such as `"NHWC"` or `"NCW"`.
      dilations: distances between the elements of a window; only with strides of one.

    Raises:
      ValueError: not one to three spatial dimensions; dilations and strides at once.
    """
    with scope(name, "convolution") as inside:
        x, w = same_dtype(input, filters)
        rank = w.shape.rank
        n = (rank if rank is not None else x.shape.rank) - 2
        if n not in (1, 2, 3):
            raise ValueError(f"`num_spatial_dims` must be 1, 2, or 3. Received: num_spatial_dims={n}.")
        data_format = data_format or _FORMATS[n]
        steps = spread(1 if strides is None else strides, n, data_format, "strides")
        rates = spread(1 if dilations is None else dilations, n, data_format, "dilations")
        _check_rates(rates[2:] if data_format.startswith("NC") else rates[1:-1],
                     steps[2:] if data_format.startswith("NC") else steps[1:-1])
        if n == 1:
            return conv1d(x, w, steps, padding, data_format, rates, inside)
        if n == 2:
            return _conv2d(x, w, steps, padding, data_format, rates, inside, lists=False)
        return _conv3d(x, w, steps, padding, data_format, rates, inside)


def _check_rates(rates: list[int], strides: list[int]) -> None:
    """Whether dilations and strides go together."""
    if min(rates) < 1:
        raise ValueError("all values of `dilation_rate` must be positive. Received: dilation_rate="
                         f"{np.array(rates)}")
    if max(rates) > 1 and max(strides) > 1:
        raise ValueError("`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: strides="
                         f"{np.array(strides)} and dilation_rate={np.array(rates)}")


def atrous_conv2d(value: Any, filters: Any, rate: Any, padding: str, name: str | None = None) -> Any:
    """The two-dimensional convolution with `rate - 1` gaps between the elements of a window.

    Args:
      value: tensor of shape `[batch, height, width, channels]`.
      filters: tensor of shape `[height, width, channels / groups, filters]`.
      rate: distance between the elements of a window; one number or two.
      padding: `"VALID"` or `"SAME"`.

    Raises:
      ValueError: a rate below one, an unknown padding, channels that do not fit.
    """
    x, w = same_dtype(value, filters)
    rates = [np.int64(r) for r in np.broadcast_to(np.asarray(rate), (2,))]
    have, rank = x.shape.rank, w.shape.rank
    n = 2 if rank is None else rank - 2
    if n != 2:
        raise ValueError(f"dilations should be of length 1, {n} or {n + 2}. Received: dilations={rates} of length 2")
    if have is not None and have < 4:
        raise ValueError(f"`input.shape.rank` must be >= than `num_spatial_dims + 2`. Received: input.shape={x.shape} of "
                         f"rank {have} and num_spatial_dims=2")
    channels, own = x.shape[-1] if have is not None else None, w.shape[2] if rank is not None else None
    if channels is not None and own is not None and (not own or channels % own):
        raise ValueError("The number of input channels is not divisible by the corresponding number of output filters. "
                         f"Received: input.shape={x.shape} with {channels} channels and filters.shape={w.shape} with "
                         f"{own} output filters.")
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"`padding` must be one of 'SAME' or 'VALID'. Received: padding={padding}")
    return convolution(x, w, None, padding, "NHWC", [int(r) for r in rates], name)


# Transposed: the gradient of a convolution for its input, as a layer.


def conv2d_transpose(input: Any, filters: Any, output_shape: Any, strides: Any, padding: Any = "SAME",
                     data_format: str | None = "NHWC", dilations: Any = None, name: str | None = None) -> Any:
    """The transpose of `conv2d`: what its gradient does to the gradient of the output.

    Args:
      input: tensor of shape `[batch, height, width, channels]`, or by `data_format`.
      filters: tensor of shape `[height, width, filters, channels]`.
      output_shape: the shape of the result, or its height and width.
      strides: as in `conv2d`.
      padding: as in `conv2d`.
      data_format: `"NHWC"` or `"NCHW"`.
      dilations: as in `conv2d`.

    Raises:
      InvalidArgumentError: `output_shape` is not one whose convolution has the shape of `input`.
    """
    data_format = data_format or "NHWC"
    return _transpose2d(input, filters, output_shape,
                        spread(1 if strides is None else strides, 2, data_format, "strides"), padding, data_format,
                        spread(1 if dilations is None else dilations, 2, data_format, "dilations"),
                        name if name or ctx.graph is None else "conv2d_transpose")


def _transpose2d(input: Any, filters: Any, output_shape: Any, strides: list[int], padding: Any, data_format: str,
                 dilations: list[int], name: str | None) -> Any:
    attrs = _attributes(conv2d_backprop_input, strides, padding, data_format, dilations)
    x, w = same_dtype(input, filters)
    return apply(conv2d_backprop_input, (shape_arg(output_shape), w, x), attrs, name)


def conv1d_transpose(input: Any, filters: Any, output_shape: Any, strides: Any, padding: str = "SAME",
                     data_format: str | None = "NWC", dilations: Any = None, name: str | None = None) -> Any:
    """The transpose of `conv1d`.

    Args:
      input: tensor of shape `[batch, width, channels]`, or by `data_format`.
      filters: tensor of shape `[width, filters, channels]`.
      output_shape: the shape of the result: three numbers.
      strides: as in `conv1d`.
      padding: `"VALID"` or `"SAME"`.
      data_format: `"NWC"` or `"NCW"`.
      dilations: as in `conv1d`.

    Raises:
      InvalidArgumentError: `output_shape` is not one whose convolution has the shape of `input`.
      ValueError: an unknown data format.
    """
    with scope(name, "conv1d_transpose") as inside:
        wide = _wide_format(data_format)
        narrow = "NWC" if wide == "NHWC" else "NCW"
        steps = spread(1 if strides is None else strides, 1, narrow, "strides")
        rates = spread(1 if dilations is None else dilations, 1, narrow, "dilations")
        at = 1 if wide == "NHWC" else 2
        given = output_shape if isinstance(output_shape, Tensor) else list(output_shape)
        whole = concat([given[:at], [1], given[at:]], 0)
        x, w = same_dtype(input, filters)
        y = _transpose2d(expand_dims(x, at), expand_dims(w, 0), whole, [*steps[:at], 1, *steps[at:]], padding, wide,
                         [*rates[:at], 1, *rates[at:]], inside)
        return squeeze(y, [at])


def conv3d_transpose(input: Any, filters: Any, output_shape: Any, strides: Any, padding: str = "SAME",
                     data_format: str | None = "NDHWC", dilations: Any = None, name: str | None = None) -> Any:
    """The transpose of `conv3d`.

    Args:
      input: tensor of shape `[batch, depth, height, width, channels]`, or by `data_format`.
      filters: tensor of shape `[depth, height, width, filters, channels]`.
      output_shape: the shape of the result: five numbers.
      strides: distances between windows: one number, three, or five.
      padding: `"VALID"` or `"SAME"`.
      data_format: `"NDHWC"` or `"NCDHW"`.
      dilations: distances between the elements of a window.

    Raises:
      InvalidArgumentError: `output_shape` is not one whose convolution has the shape of `input`.
    """
    data_format = data_format or "NDHWC"
    attrs = _attributes(conv3d_backprop_input, spread(1 if strides is None else strides, 3, data_format, "strides"),
                        padding, data_format, spread(1 if dilations is None else dilations, 3, data_format, "dilations"),
                        lists=False)
    x, w = same_dtype(input, filters)
    return apply(conv3d_backprop_input, (shape_arg(output_shape), w, x), attrs,
                 name if name or ctx.graph is None else "conv3d_transpose")


def conv_transpose(input: Any, filters: Any, output_shape: Any, strides: Any, padding: str = "SAME",
                   data_format: str | None = None, dilations: Any = None, name: str | None = None) -> Any:
    """The transpose of `convolution`, in as many dimensions as `output_shape` has less two.

    Args:
      input: tensor of shape `[batch] + spatial_shape + [channels]`, or by `data_format`.
      filters: tensor of shape `spatial_shape + [filters, channels]`.
      output_shape: the shape of the result.
      strides: distances between windows.
      padding: `"VALID"` or `"SAME"`.
      data_format: where the channels are, such as `"NHWC"` or `"NCW"`.
      dilations: distances between the elements of a window.

    Raises:
      ValueError: an output shape of another length than three, four or five.
      InvalidArgumentError: `output_shape` is not one whose convolution has the shape of `input`.
    """
    with scope(name, "conv_transpose") as inside:
        if isinstance(output_shape, Tensor):
            n = int(output_shape.shape[0]) - 2
        elif hasattr(output_shape, "__len__"):
            n = len(output_shape) - 2
        else:
            raise ValueError(f"`output_shape` must be a tensor or sized collection. Received: output_shape={output_shape}")
        if n not in (1, 2, 3):
            raise ValueError(f"`output_shape` must be of length 3, 4 or 5. Received: output_shape={output_shape} of length "
                             f"{n + 2}.")
        f = {1: conv1d_transpose, 2: conv2d_transpose, 3: conv3d_transpose}[n]
        return f(input, filters, output_shape, strides, padding, data_format or _FORMATS[n], dilations, inside)


def atrous_conv2d_transpose(value: Any, filters: Any, output_shape: Any, rate: int, padding: str,
                            name: str | None = None) -> Any:
    """The transpose of `atrous_conv2d`.

    Args:
      value: tensor of shape `[batch, height, width, channels]`.
      filters: tensor of shape `[height, width, filters, channels]`.
      output_shape: the shape of the result.
      rate: distance between the elements of a window.
      padding: `"VALID"` or `"SAME"`.

    Raises:
      ValueError: a rate below one, an unknown padding, channels that do not fit.
    """
    x, w = same_dtype(value, filters)
    channels, last = x.shape[3], w.shape[3]
    if channels is not None and last is not None and channels != last:
        raise ValueError("`value` channel count must be compatible with `filters` input channel count. Received: "
                         f"value.shape={x.shape} with channel count {channels} and filters.shape={w.shape} with input "
                         f"channel count {last}.")
    if rate < 1:
        raise ValueError(f"`rate` cannot be less than one. Received: rate={rate}")
    if not isinstance(output_shape, Tensor):
        if len(output_shape) != 4:
            raise ValueError(f"`output_shape` must have shape (4,). Received: output_shape=({len(output_shape)},)")
        if output_shape[3] is not None and w.shape[2] is not None and output_shape[3] != w.shape[2]:
            raise ValueError("`output_shape` channel count must be compatible with `filters` output channel count. "
                             f"Received: output_shape={output_shape} with channel count {output_shape[3]} and "
                             f"filters.shape={w.shape} with output channel count {w.shape[3]}.")
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"`padding` must be either 'VALID' or 'SAME'. Received: padding={padding}")
    return _transpose2d(x, w, output_shape, [1, 1, 1, 1], padding, "NHWC", [1, rate, rate, 1],
                        name if name or ctx.graph is None else "atrous_conv2d_transpose")
