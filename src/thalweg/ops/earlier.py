"""Earlier and other versions of operations: the same kernels under other signatures."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, unknown_shape
from . import batch_norm, pool
from .arithmetic import add_n_, apply_zeros, truncate_mod
from .broadcasting import REVERSED, reverse_v2
from .common import NUMBERS, REALS, broadcast, incompatible, unchanged
from .creation import ints
from .gathering import unsorted_segment_sum_
from .layout import TIDX, bad
from .segment import unsorted_segment_max_, unsorted_segment_min_, unsorted_segment_prod_, unsorted_shape
from .spatial import batch_shape_of, batch_to_space_nd_, space_to_batch_nd_

# Blocks of space as batch, with one size for both dimensions of an image.


def _image(x: Any, margin: Any, word: str, block: int) -> None:
    if block < 2:
        raise bad(f"Value for attr 'block_size' of {block} must be at least minimum 2")
    if x.ndim != 4:
        raise bad(f"Input rank should be: 4instead of: {x.ndim}")
    if np.shape(margin) != (2, 2):
        raise bad(f"{word} should have shape [2, 2] instead of [{','.join(map(str, np.shape(margin)))}]")


def _image_shape(op: Any) -> Any:
    x, margin, block = op.inputs[0].shape, op.inputs[1], op.attrs["block_size"]
    if x.rank not in (None, 4):
        raise ValueError(f"Shape must be rank 4 but is rank {x.rank}")
    if margin.shape.rank not in (None, 2):
        raise ValueError(f"Shapes must be equal rank, but are {margin.shape.rank} and 2")
    known = batch_shape_of(x, (block, block), margin.value, op.op.type == "SpaceToBatch")
    return unknown_shape(4) if known.rank is None else known


@op("SpaceToBatch", "input: T, paddings: Tpaddings static -> output: T",
    attrs=f"T: type; Tpaddings: {TIDX}; block_size: int", infer=_image_shape)
def space_to_batch(xp: Any, x: Any, paddings: Any, block_size: int) -> Any:
    _image(x, paddings, "paddings", block_size)
    return space_to_batch_nd_.kernel(xp, x, (block_size, block_size), paddings)


@op("BatchToSpace", "input: T, crops: Tidx static -> output: T", attrs=f"T: type; block_size: int; Tidx: {TIDX}",
    infer=_image_shape)
def batch_to_space(xp: Any, x: Any, crops: Any, block_size: int) -> Any:
    _image(x, crops, "crops", block_size)
    return batch_to_space_nd_.kernel(xp, x, (block_size, block_size), crops)


def _block(op: Any) -> dict[str, Any]:
    return {"block_size": op.attrs["block_size"]}


space_to_batch.vjp(0)(lambda op, dy: apply(batch_to_space, (dy, op.inputs[1]), _block(op)))
batch_to_space.vjp(0)(lambda op, dy: apply(space_to_batch, (dy, op.inputs[1]), _block(op)))


# Arithmetic.

op("Mod", "x: T, y: T -> z: T", attrs="T: {int32, int64, half, bfloat16, float, double}", infer=broadcast,
   explain=incompatible)(truncate_mod.kernel)


@op("AccumulateNV2", "inputs: N * T -> sum: T", attrs=f"N: int; T: {{{NUMBERS}}}; shape: shape",
    infer=lambda op: TensorShape(op.attrs["shape"]))
def accumulate_n_v2(xp: Any, *inputs: Any, shape: Any = None) -> Any:
    return add_n_.kernel(xp, *inputs)


accumulate_n_v2.gradient(add_n_.joint)  # type: ignore[arg-type]


# Turning, with a boolean for each axis.


def _reversed_shape(op: Any) -> TensorShape:
    x: TensorShape = op.inputs[0].shape
    dims = op.inputs[1].shape
    if dims.rank not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {dims.rank}")
    if x.rank is not None and dims.rank is not None and dims[0] not in (None, x.rank):
        raise ValueError(f"Shape must be rank {dims[0]} but is rank {x.rank}")
    return x


@op("Reverse", "tensor: T, dims: bool static -> output: T", attrs=f"T: {{{REVERSED}}}", infer=_reversed_shape)
def reverse(xp: Any, x: Any, dims: Any) -> Any:
    turned = np.reshape(np.asarray(dims, bool), -1)
    if x.ndim and len(turned) != x.ndim:
        raise bad(f"'dims' must have the same number of values as 'input' has dimensions. 'input' has {x.ndim}"
                  f"'dims' has {len(turned)} values")
    if x.ndim and not x.shape[0]:
        raise bad("Invalid input first dimension. Found 0.")
    return reverse_v2.kernel(xp, x, np.flatnonzero(turned)) if x.ndim else x


reverse.vjp(0)(lambda op, dy: apply(reverse, (dy, op.inputs[1])))


# Pooling with windows that are inputs.

_WINDOW = "ksize: int32 static, strides: int32 static -> output: T"
_PADDING = 'padding: {"SAME", "VALID"}; '
_FORMATS = 'data_format: {"NHWC", "NCHW"} = "NHWC"'


def _window(x: Any, ksize: Any, strides: Any, word: str = "strides") -> dict[str, Any]:
    """The attributes that the versions with windows as attributes have."""
    for name, sizes in (("ksize", ksize), (word, strides)):
        if len(ints(sizes)) != 4:
            raise bad(f"Sliding window {name} field must specify 4 dimensions")
    if min(ints(ksize)) <= 0:
        raise bad("Sliding window ksize must be positive.")
    if x.ndim != 4:
        raise bad(f"tensor_in_shape must have 2 spatial dimensions. {x.ndim} {x.ndim - 3 if x.ndim > 3 else 0}")
    return {"ksize": ints(ksize), "strides": ints(strides)}


def _pooled_shape(op: Any) -> Any:
    x, *window = op.inputs
    for spec in window:
        if spec.shape.rank not in (None, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {spec.shape.rank}")
        if spec.shape.rank == 1 and spec.shape[0] not in (None, 4):
            raise ValueError(f"Dimension must be 4 but is {spec.shape[0]}")
    if any(spec.value is None for spec in window):
        return unknown_shape(4)
    sizes = dict(zip(("ksize", "strides"), [ints(spec.value) for spec in window], strict=True))
    return pool.max_pool_2d.infer(SimpleNamespace(inputs=[x], attrs={**op.attrs, **sizes}))  # type: ignore[misc]


@op("MaxPoolV2", f"input: T, {_WINDOW}",
    attrs="T: {half, bfloat16, float, double, int32, int64, uint8, int16, int8, uint16, qint8} = float; " + _PADDING
    + 'data_format: {"NHWC", "NCHW", "NCHW_VECT_C"} = "NHWC"', infer=_pooled_shape)
def max_pool_v2(xp: Any, x: Any, ksize: Any, strides: Any, **attrs: Any) -> Any:
    return pool.max_pool_2d.kernel(xp, x, **_window(x, ksize, strides, "stride"), **attrs)


@op("MaxPoolGradV2", f"orig_input: T, orig_output: T, grad: T, {_WINDOW}",
    attrs=f"{_PADDING}{_FORMATS}; T: {{{REALS}}} = float", infer=unchanged)
def max_pool_grad_v2(xp: Any, x: Any, y: Any, dy: Any, ksize: Any, strides: Any, **attrs: Any) -> Any:
    return pool.max_pool_2d_grad.kernel(xp, x, y, dy, **_window(x, ksize, strides), **attrs)


@op("MaxPoolGradGradV2", f"orig_input: T, orig_output: T, grad: T, {_WINDOW}",
    attrs=f"{_PADDING}{_FORMATS}; T: {{{REALS}}}", infer=lambda op: op.inputs[1].shape)
def max_pool_grad_grad_v2(xp: Any, x: Any, y: Any, ddx: Any, ksize: Any, strides: Any, **attrs: Any) -> Any:
    return pool.max_pool_2d_grad_grad.kernel(xp, x, y, ddx, **_window(x, ksize, strides), **attrs)


@max_pool_v2.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(max_pool_grad_v2, (op.inputs[0], op.outputs[0], dy, *op.inputs[1:]), op.attrs)


max_pool_grad_v2.vjp(0)(lambda op, dy: apply_zeros(op.inputs[0]))
max_pool_grad_v2.vjp(1)(lambda op, dy: apply_zeros(op.inputs[1]))
max_pool_grad_v2.vjp(2)(lambda op, dy: apply(max_pool_grad_grad_v2, (*op.inputs[:2], dy, *op.inputs[3:]), op.attrs))


# Reductions over sorted segments whose number is given. TensorFlow has them for XLA alone, and leaves the order unchecked.


def _counted(name: str, entry: OpDef, kinds: str) -> OpDef:
    found = op(f"Segment{name}V2", "data: T, segment_ids: Tindices, num_segments: Tnumsegments static -> output: T",
               attrs=f"T: {{{kinds}}}; Tindices: {{int32, int64}}; Tnumsegments: {TIDX}", infer=unsorted_shape)
    return found(entry.kernel)


segment_sum_v2 = _counted("Sum", unsorted_segment_sum_, NUMBERS)
segment_prod_v2 = _counted("Prod", unsorted_segment_prod_, NUMBERS)
segment_max_v2 = _counted("Max", unsorted_segment_max_, REALS)
segment_min_v2 = _counted("Min", unsorted_segment_min_, REALS)


# Batch normalisation without the third of the spaces that are reserved for the gradient's op.


def _normalization(version: str, kinds: str, kind: str, scale: str) -> None:
    attrs = f"T: {{{kinds}}}; {'U: {float}; ' if kind == 'U' else ''}epsilon: float = {batch_norm.EPSILON}; "
    more = 'data_format: {"NHWC", "NCHW"} = "NHWC"; is_training: bool = true'
    inputs = ", ".join(f"{name}: {kind}" for name in ("scale", "offset", "mean", "variance"))
    outputs = ", ".join(f"{name}: {kind}" for name in ("batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"))

    @op(f"FusedBatchNorm{version}", f"x: T, {inputs} -> y: T, {outputs}",
        attrs=f"{attrs}exponential_avg_factor: float = 1.0; {more}", infer=lambda op: batch_norm.normalized_shapes(op)[:5])
    def forward(xp: Any, *inputs: Any, **attrs: Any) -> Any:
        return batch_norm.fused_batch_norm_v3.kernel(xp, *inputs, **attrs)[:5]

    @op(f"FusedBatchNormGrad{version}",
        f"y_backprop: T, x: T, scale: {scale}, reserve_space_1: {kind}, reserve_space_2: {kind} -> x_backprop: T, "
        f"scale_backprop: {kind}, offset_backprop: {kind}, reserve_space_3: {kind}, reserve_space_4: {kind}",
        attrs=attrs + more, infer=batch_norm.gradient_shapes)
    def backward(xp: Any, *inputs: Any, **attrs: Any) -> Any:
        return batch_norm.fused_batch_norm_grad_v3.kernel(xp, *inputs, None, **attrs)

    forward.gradient(batch_norm.gradient_by(backward))
    backward.gradient(batch_norm.fused_batch_norm_grad_v3.joint)  # type: ignore[arg-type]


_normalization("", "float", "T", "T")
_normalization("V2", "half, bfloat16, float", "U", "float")
