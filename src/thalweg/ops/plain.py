"""Functions that TensorFlow exports as they stand: one operation each, or an old form of a newer function."""
from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.infer import OpCall
from ..core.opdef import get_op, op
from ..core.shape import TensorShape, unknown_shape
from .activations import bias_add, relu
from .conv import ATTRS_2D, conv2d_, conv2d_backprop_filter, conv2d_backprop_input, conv3d_
from .conv_call import conv_shape
from .fourier import complex_transform_nd, inverse_real_transform_nd, real_transform_nd
from .matmul import matmul
from .matrix_functions import matrix_square_root as matrix_square_root_
from .quantization import QuantizeV2, quantize
from .random_stateless import index_shuffle
from .topk import approx_top_k as approx_top_k_

ApproxTopK = namedtuple("ApproxTopK", ["values", "indices"])

_TYPES = "half, bfloat16, float, double"


def approx_top_k(input: Any, k: int, reduction_dimension: int = -1, recall_target: float = 0.95, is_max_k: bool = True,
                 reduction_input_size_override: int = -1, aggregate_to_topk: bool = True, name: str | None = None) -> Any:
    """The `k` largest or smallest elements along an axis and where they are; here exactly these.

    Returns:
      A named tuple `(values, indices)`.
    """
    attrs = {"k": int(k), "reduction_dimension": reduction_dimension, "recall_target": float(recall_target),
             "is_max_k": is_max_k, "reduction_input_size_override": reduction_input_size_override,
             "aggregate_to_topk": aggregate_to_topk}
    return ApproxTopK(*apply(approx_top_k_, (convert_to_tensor(input),), attrs, name))


def matrix_square_root(input: Any, name: str | None = None) -> Any:
    """`tf.linalg.sqrtm`."""
    return apply(matrix_square_root_, (convert_to_tensor(input),), {}, name)


def random_index_shuffle(index: Any, seed: Any, max_index: Any, rounds: int = 4, name: str | None = None) -> Any:
    """Where elements of a sequence come in a shuffle that is given by a seed, without shuffling the sequence.

    Args:
      index: places in the sequence, a scalar or a vector.
      seed: three integers, or three for each place.
      max_index: the last place of the sequence.
      rounds: how thorough the shuffle is, an even number.
      name: of the node.

    Raises:
      InvalidArgumentError: a place beyond the last.
    """
    index = convert_to_tensor(index)
    return apply(index_shuffle, (index, convert_to_tensor(seed), convert_to_tensor(max_index, index.dtype)),
                 {"rounds": int(rounds)}, name)


def extract_volume_patches(input: Any, ksizes: Sequence[int], strides: Sequence[int], padding: str,
                           name: str | None = None) -> Any:
    """Patches of volumes, flattened into the channels.

    Args:
      input: shape `[batch, planes, rows, columns, channels]`.
      ksizes: the sizes of patches, five numbers, ones at both ends.
      strides: how far patches are apart, likewise.
      padding: "VALID" or "SAME".
      name: of the node.
    """
    return apply(get_op("ExtractVolumePatches"), (convert_to_tensor(input),),
                 {"ksizes": list(ksizes), "strides": list(strides), "padding": padding}, name)


# Fourier transforms over any axes, where every argument has to be given.


def fftnd(input: Any, fft_length: Any, axes: Any, name: str | None = None) -> Any:
    """`tf.signal.fftnd` of a signal that has at least these lengths."""
    return complex_transform_nd(convert_to_tensor(input, dtype_hint=dtypes.complex64), fft_length, axes, False,
                                name or "FFTND")


def ifftnd(input: Any, fft_length: Any, axes: Any, name: str | None = None) -> Any:
    """`tf.signal.ifftnd` of a signal that has at least these lengths."""
    return complex_transform_nd(convert_to_tensor(input, dtype_hint=dtypes.complex64), fft_length, axes, True,
                                name or "IFFTND")


def rfftnd(input: Any, fft_length: Any, axes: Any, Tcomplex: Any = dtypes.complex64, name: str | None = None) -> Any:
    """`tf.signal.rfftnd` of a signal that has at least these lengths."""
    return real_transform_nd(convert_to_tensor(input, dtype_hint=dtypes.float32), fft_length, axes, name or "RFFTND")


def irfftnd(input: Any, fft_length: Any, axes: Any, Treal: Any = dtypes.float32, name: str | None = None) -> Any:
    """`tf.signal.irfftnd` of frequencies that are at least as many as these lengths need."""
    return inverse_real_transform_nd(convert_to_tensor(input, dtype_hint=dtypes.complex64), fft_length, axes,
                                     name or "IRFFTND")


# Convolution.


def _conv_shape(op: Any) -> TensorShape:
    x, w = op.inputs[0], op.inputs[1]
    batch_dims = op.attrs.get("batch_dims", 1)
    if x.shape.rank is None or w.shape.rank is None:
        return unknown_shape(x.shape.rank)
    rank = _conv_rank(x.shape.rank, w.shape.rank, batch_dims)
    attrs = _conv_attrs(rank, op.attrs["strides"], op.attrs["padding"], op.attrs.get("explicit_paddings", ()),
                        op.attrs.get("data_format", "CHANNELS_LAST"), op.attrs.get("dilations", ()))
    one = replace(x, shape=TensorShape([None]).concatenate(x.shape[batch_dims:]))
    out = conv_shape(rank, "Conv")(OpCall(op.op, [one, w], attrs))
    return x.shape[:batch_dims].concatenate(out[1:])  # type: ignore[no-any-return]


@op("Conv", "input: T, filter: T -> output: T",
    attrs=f'T: {{{_TYPES}, int32}}; strides: list(int); padding: {{"SAME", "VALID", "EXPLICIT"}}; '
    'explicit_paddings: list(int) = []; data_format: {"CHANNELS_FIRST", "CHANNELS_LAST"} = "CHANNELS_LAST"; '
    "dilations: list(int) = []; batch_dims: int = 1; groups: int = 1", infer=_conv_shape)
def conv_nd(xp: Any, x: Any, w: Any, strides: Any, padding: str, explicit_paddings: Any = (),
            data_format: str = "CHANNELS_LAST", dilations: Any = (), batch_dims: int = 1, groups: int = 1) -> Any:
    rank = _conv_rank(x.ndim, w.ndim, batch_dims)
    lead = x.shape[:batch_dims]
    attrs = _conv_attrs(rank, strides, padding, explicit_paddings, data_format, dilations)
    out = (conv2d_ if rank == 2 else conv3d_).kernel(xp, x.reshape(prod(lead), *x.shape[batch_dims:]), w, **attrs)
    return out.reshape(*lead, *out.shape[1:])


def _conv_rank(x_rank: int, w_rank: int, batch_dims: int) -> int:
    """How many spatial dimensions there are."""
    rank = w_rank - 2
    if rank not in (2, 3):
        raise errors.InvalidArgumentError(f"The input must have 2 or 3 spatial dimensions but got {rank}")
    if x_rank != rank + 1 + batch_dims:
        raise errors.InvalidArgumentError(f"Input tensor must be rank {rank + 1 + batch_dims} but was rank {x_rank}.")
    return rank


def _conv_attrs(rank: int, strides: Any, padding: str, explicit: Any, data_format: str, dilations: Any) -> dict[str, Any]:
    """The attributes of Conv2D or Conv3D."""
    if len(strides) != rank + 2:
        raise errors.InvalidArgumentError(f"Sliding window strides field must specify {rank + 2} dimensions")
    first = data_format == "CHANNELS_FIRST"
    names = ("NCHW", "NCDHW") if first else ("NHWC", "NDHWC")
    attrs = {"strides": list(strides), "padding": padding, "data_format": names[rank - 2],
             "dilations": list(dilations) or [1] * (rank + 2)}
    return attrs if rank == 3 else {**attrs, "explicit_paddings": list(explicit)}


def conv(input: Any, filter: Any, strides: Sequence[int], padding: str, explicit_paddings: Sequence[int] = (),
         data_format: str = "CHANNELS_LAST", dilations: Sequence[int] = (), batch_dims: int = 1, groups: int = 1,
         name: str | None = None) -> Any:
    """Convolution over two or three spatial dimensions, with any number of batch dimensions.

    Args:
      input: shape `[*batch, *spatial, channels]`, or with channels first.
      filter: shape `[*spatial, channels // groups, outputs]`.
      strides: one for the batch, each spatial dimension and the channels.
      padding: "SAME", "VALID" or "EXPLICIT".
      explicit_paddings: two for each of these dimensions.
      data_format: "CHANNELS_LAST" or "CHANNELS_FIRST".
      dilations: likewise; ones by default.
      batch_dims: how many batch dimensions there are.
      groups: how many groups of channels there are; the filter's shape says so as well.
      name: of the node.

    Raises:
      InvalidArgumentError: shapes that do not fit.
    """
    attrs = {"strides": list(strides), "padding": padding, "explicit_paddings": list(explicit_paddings),
             "data_format": data_format, "dilations": list(dilations), "batch_dims": batch_dims, "groups": groups}
    x = convert_to_tensor(input)
    return apply(conv_nd, (x, convert_to_tensor(filter, x.dtype)), attrs, name)


@op("Conv2DBackpropInputV2", "input: T, filter: T, out_backprop: T -> output: T", attrs=f"T: {{{_TYPES}, int32}}; {ATTRS_2D}",
    infer=lambda op: op.inputs[0].shape)
def conv2d_backprop_input_v2_(xp: Any, x: Any, w: Any, dy: Any, **attrs: Any) -> Any:
    return conv2d_backprop_input.kernel(xp, list(x.shape), w, dy, **attrs)


@op("Conv2DBackpropFilterV2", "input: T, filter: T, out_backprop: T -> output: T", attrs=f"T: {{{_TYPES}}}; {ATTRS_2D}",
    infer=lambda op: op.inputs[1].shape)
def conv2d_backprop_filter_v2_(xp: Any, x: Any, w: Any, dy: Any, **attrs: Any) -> Any:
    return conv2d_backprop_filter.kernel(xp, x, list(w.shape), dy, **attrs)


def _conv2d_attrs(strides: Any, padding: str, explicit: Any, data_format: str, dilations: Any) -> dict[str, Any]:
    return {"strides": list(strides), "padding": padding, "explicit_paddings": list(explicit), "data_format": data_format,
            "dilations": list(dilations)}


def conv2d_backprop_input_v2(input: Any, filter: Any, out_backprop: Any, strides: Sequence[int], padding: str,
                             use_cudnn_on_gpu: bool = True, explicit_paddings: Sequence[int] = (),
                             data_format: str = "NHWC", dilations: Sequence[int] = (1, 1, 1, 1),
                             name: str | None = None) -> Any:
    """The gradient of `tf.nn.conv2d` for its input, which tells its shape."""
    x = convert_to_tensor(input)
    return apply(conv2d_backprop_input_v2_, (x, convert_to_tensor(filter, x.dtype), convert_to_tensor(out_backprop, x.dtype)),
                 _conv2d_attrs(strides, padding, explicit_paddings, data_format, dilations), name)


def conv2d_backprop_filter_v2(input: Any, filter: Any, out_backprop: Any, strides: Sequence[int], padding: str,
                              use_cudnn_on_gpu: bool = True, explicit_paddings: Sequence[int] = (),
                              data_format: str = "NHWC", dilations: Sequence[int] = (1, 1, 1, 1),
                              name: str | None = None) -> Any:
    """The gradient of `tf.nn.conv2d` for its filter, which tells its shape."""
    x = convert_to_tensor(input)
    return apply(conv2d_backprop_filter_v2_,
                 (x, convert_to_tensor(filter, x.dtype), convert_to_tensor(out_backprop, x.dtype)),
                 _conv2d_attrs(strides, padding, explicit_paddings, data_format, dilations), name)


# Old forms.


def quantize_v2(input: Any, min_range: Any, max_range: Any, T: Any, mode: str = "MIN_COMBINED", name: str | None = None,
                round_mode: str = "HALF_AWAY_FROM_ZERO", narrow_range: bool = False, axis: int | None = None,
                ensure_minimum_range: float = 0.01) -> QuantizeV2:
    """`tf.quantization.quantize` with TensorFlow 1's order of arguments."""
    found: QuantizeV2 = quantize(input, min_range, max_range, T, mode, round_mode, name, narrow_range, axis,
                                 ensure_minimum_range)
    return found


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Any:
    """`matmul(x, weights) + biases`."""
    return bias_add(matmul(convert_to_tensor(x), convert_to_tensor(weights)), convert_to_tensor(biases), name=name)


def relu_layer(x: Any, weights: Any, biases: Any, name: str | None = None) -> Any:
    """`relu(matmul(x, weights) + biases)`."""
    return relu(xw_plus_b(x, weights, biases), name=name)
