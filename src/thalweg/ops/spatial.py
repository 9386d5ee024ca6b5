"""Blocks of space as depth or as batch: SpaceToDepth, DepthToSpace, SpaceToBatchND, BatchToSpaceND."""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import Tensor
from .common import static_value
from .creation import ints, listed
from .layout import TIDX, bad

_FORMATS = 'block_size: int; data_format: {"NHWC", "NCHW", "NCHW_VECT_C"} = "NHWC"'


def _check_image(x: Any) -> None:
    if x.ndim != 4:
        raise bad(f"Input rank should be 4 instead of {x.ndim}")


def _to_depth(xp: Any, x: Any, block: int, data_format: str) -> Any:
    _check_image(x)
    if data_format == "NCHW":
        n, c, h, w = x.shape
    else:
        n, h, w, c = x.shape
    if h % block or w % block:
        raise bad(f"Image width {w} and height {h} should be divisible by block_size: {block}")
    if data_format == "NCHW":
        parts = x.reshape((n, c, h // block, block, w // block, block)).transpose((0, 3, 5, 1, 2, 4))
        return parts.reshape((n, c * block * block, h // block, w // block))
    parts = x.reshape((n, h // block, block, w // block, block, c)).transpose((0, 1, 3, 2, 4, 5))
    return parts.reshape((n, h // block, w // block, c * block * block))


def _to_space(xp: Any, x: Any, block: int, data_format: str) -> Any:
    _check_image(x)
    if data_format == "NCHW":
        n, c, h, w = x.shape
    else:
        n, h, w, c = x.shape
    depth = block * block
    if c % depth:
        raise bad(f"Input depth dimension {c} should be divisible by: {depth}")
    if data_format == "NCHW":
        parts = x.reshape((n, block, block, c // depth, h, w)).transpose((0, 3, 4, 1, 5, 2))
        return parts.reshape((n, c // depth, h * block, w * block))
    parts = x.reshape((n, h, w, block, block, c // depth)).transpose((0, 1, 3, 2, 4, 5))
    return parts.reshape((n, h * block, w * block, c // depth))


def _image_shape(op: Any) -> Any:
    x, block = op.inputs[0].shape, op.attrs["block_size"]
    if x.rank is None:
        return unknown_shape(4)
    if x.rank != 4:
        raise ValueError(f"Shape must be rank 4 but is rank {x.rank}")
    spots = (2, 3, 1) if op.attrs.get("data_format", "NHWC") == "NCHW" else (1, 2, 3)
    dims = x.as_list()
    for i, spot in enumerate(spots):
        by = block if i < 2 else block * block
        shrinks = (i < 2) == (op.op.type == "SpaceToDepth")
        if dims[spot] is None:
            continue
        if shrinks and dims[spot] % by:
            raise ValueError(f"Dimension size must be evenly divisible by {by} but is {dims[spot]}")
        dims[spot] = dims[spot] // by if shrinks else dims[spot] * by
    return TensorShape(dims)


@op("SpaceToDepth", "input: T -> output: T", attrs=f"T: type; {_FORMATS}", infer=_image_shape)
def space_to_depth_(xp: Any, x: Any, block_size: int = 2, data_format: str = "NHWC") -> Any:
    return _to_depth(xp, x, block_size, data_format)


@op("DepthToSpace", "input: T -> output: T", attrs=f"T: type; {_FORMATS}", infer=_image_shape)
def depth_to_space_(xp: Any, x: Any, block_size: int = 2, data_format: str = "NHWC") -> Any:
    return _to_space(xp, x, block_size, data_format)


space_to_depth_.vjp(0)(lambda op, dy: apply(depth_to_space_, (dy,), op.attrs))
depth_to_space_.vjp(0)(lambda op, dy: apply(space_to_depth_, (dy,), op.attrs))


def batch_shape_of(x: TensorShape, block: Any, margin: Any, to_batch: bool) -> TensorShape:
    """The shape that blocks of these sizes give, with paddings or crops; of unknown sizes where one is not known.

    Raises:
      ValueError: sizes that are no multiples, margins that are negative or too wide.
    """
    if x.rank is None or block is None or margin is None:
        return unknown_shape(x.rank)
    sizes, pairs = ints(block), ints(margin)
    if pairs and min(pairs) < 0:
        raise ValueError(f"{'paddings' if to_batch else 'crops'} cannot be negative")
    dims = x.as_list()
    if dims[0] is not None:
        dims[0] = dims[0] * prod(sizes) if to_batch else _whole(dims[0], prod(sizes))
    for i, b in enumerate(sizes):
        size = dims[i + 1]
        if size is None:
            continue
        before, after = pairs[2 * i], pairs[2 * i + 1]
        if not to_batch and before + after > size * b:
            raise ValueError(f"Negative dimension size caused by subtracting {after} from {size * b - before}")
        dims[i + 1] = _whole(size + before + after, b) if to_batch else size * b - before - after
    return TensorShape(dims)


def _whole(size: int, by: int) -> int:
    if size % by:
        raise ValueError(f"Dimension size must be evenly divisible by {by} but is {size}")
    return size // by


def _batch_shape(op: Any) -> Any:
    return batch_shape_of(op.inputs[0].shape, op.inputs[1].value, op.inputs[2].value, op.op.type == "SpaceToBatchND")


def _not_negative(pairs: list[list[int]], word: str) -> None:
    if any(v < 0 for pair in pairs for v in pair):
        raise bad(f"{word} must be non-negative")


@op("SpaceToBatchND", "input: T, block_shape: Tblock_shape static, paddings: Tpaddings static -> output: T",
    attrs=f"T: type; Tblock_shape: {TIDX}; Tpaddings: {TIDX}", infer=_batch_shape)
def space_to_batch_nd_(xp: Any, x: Any, block_shape: Any, paddings: Any) -> Any:
    blocks, n = ints(block_shape), len(ints(block_shape))
    pairs = np.asarray(paddings).reshape(-1, 2).tolist()
    if x.ndim < 1 + n:
        raise bad(f"input rank should be >= {1 + n} instead of {x.ndim}")
    if len(pairs) != n:
        raise bad(f"paddings should have shape [{n}, 2] instead of [{len(pairs)},2]")
    _not_negative(pairs, "Paddings")
    margins = [(0, 0), *map(tuple, pairs), *[(0, 0)] * (x.ndim - 1 - n)]
    x = xp.pad(x, margins)
    for i, b in enumerate(blocks):
        if x.shape[i + 1] % b:
            raise bad(f"padded_shape[{i}]={x.shape[i + 1]} is not divisible by block_shape[{i}]={b}")
    split = [x.shape[0], *[s for i, b in enumerate(blocks) for s in (x.shape[i + 1] // b, b)], *x.shape[1 + n:]]
    order = [*range(2, 2 * n + 1, 2), 0, *range(1, 2 * n + 1, 2), *range(2 * n + 1, len(split))]
    merged = [x.shape[0] * prod(blocks), *[x.shape[i + 1] // b for i, b in enumerate(blocks)], *x.shape[1 + n:]]
    return x.reshape(split).transpose(order).reshape(merged)


@op("BatchToSpaceND", "input: T, block_shape: Tblock_shape static, crops: Tcrops static -> output: T",
    attrs=f"T: type; Tblock_shape: {TIDX}; Tcrops: {TIDX}", infer=_batch_shape)
def batch_to_space_nd_(xp: Any, x: Any, block_shape: Any, crops: Any) -> Any:
    blocks, n = ints(block_shape), len(ints(block_shape))
    pairs = np.asarray(crops).reshape(-1, 2).tolist()
    if x.ndim < 1 + n:
        raise bad(f"input rank should be >= {1 + n} instead of {x.ndim}")
    _not_negative(pairs, "Crops")
    if x.shape[0] % prod(blocks):
        raise bad(f"Input batch dimension ({x.shape[0]}) is not divisible by product of block sizes ({prod(blocks)})")
    batch = x.shape[0] // prod(blocks)
    split = [*blocks, batch, *x.shape[1:]]
    order = [n, *[a for i in range(n) for a in (n + 1 + i, i)], *range(2 * n + 1, len(split))]
    merged = [batch, *[x.shape[i + 1] * b for i, b in enumerate(blocks)], *x.shape[1 + n:]]
    out = x.reshape(split).transpose(order).reshape(merged)
    key = [slice(None)]
    for i, (p, q) in enumerate(pairs):
        if merged[i + 1] - p - q < 0:
            raise bad(f"cropped_shape[{i}]={merged[i + 1] - p - q} must be non-negative")
        key.append(slice(p, merged[i + 1] - q))
    return out[tuple(key)]


space_to_batch_nd_.vjp(0)(lambda op, dy: apply(batch_to_space_nd_, (dy, *op.inputs[1:])))
batch_to_space_nd_.vjp(0)(lambda op, dy: apply(space_to_batch_nd_, (dy, *op.inputs[1:])))


# The public functions.


def space_to_depth(input: Any, block_size: int, data_format: str = "NHWC", name: str | None = None) -> Any:
    """Blocks of `block_size` by `block_size` pixels of images become channels.

    Raises:
      InvalidArgumentError: the images do not consist of whole blocks.
    """
    attrs = {"block_size": block_size, "data_format": data_format}
    return apply(space_to_depth_, (convert_to_tensor(input),), attrs, name)


def depth_to_space(input: Any, block_size: int, data_format: str = "NHWC", name: str | None = None) -> Any:
    """Channels of images become blocks of `block_size` by `block_size` pixels.

    Raises:
      InvalidArgumentError: the channels do not make whole blocks.
    """
    attrs = {"block_size": block_size, "data_format": data_format}
    return apply(depth_to_space_, (convert_to_tensor(input),), attrs, name)


def space_to_batch(input: Any, block_shape: Any, paddings: Any, name: str | None = None) -> Any:
    """Blocks of the spatial dimensions, padded with zeros, are taken apart into the batch dimension.

    Args:
      input: shape `[batch, *spatial, ...]`.
      block_shape: the size of the blocks for each spatial dimension.
      paddings: shape `[n, 2]`, zeros before and after each.

    Raises:
      InvalidArgumentError: the padded sizes are no multiples of the blocks.
    """
    from .arrays import _static
    return apply(space_to_batch_nd_, (convert_to_tensor(input), _static(block_shape), _margin(paddings)),
                 name=listed(name, input, block_shape, paddings))


def batch_to_space(input: Any, block_shape: Any, crops: Any, name: str | None = None) -> Any:
    """The inverse of `space_to_batch`, without `crops` elements before and after each spatial dimension.

    Raises:
      InvalidArgumentError: the batch is no multiple of the blocks, or crops are too large.
    """
    from .arrays import _static
    return apply(batch_to_space_nd_, (convert_to_tensor(input), _static(block_shape), _margin(crops)),
                 name=listed(name, input, block_shape, crops))


def _margin(value: Any) -> Any:
    return value if isinstance(value, Tensor) else np.asarray(value, np.int32).reshape(-1, 2)


def required_space_to_batch_paddings(input_shape: Any, block_shape: Any, base_paddings: Any = None,
                                     name: str | None = None) -> Any:
    """The paddings and crops with which sizes become whole blocks.

    Args:
      input_shape: the spatial sizes, shape `[n]`.
      block_shape: the block sizes, shape `[n]`.
      base_paddings: the least paddings, shape `[n, 2]`.

    Returns:
      `(paddings, crops)`, int32 of shape `[n, 2]` each.
    """
    from .arrays import stack
    from .indexing import getitem
    sizes, blocks = convert_to_tensor(input_shape), convert_to_tensor(block_shape)
    base = convert_to_tensor(np.zeros((blocks.shape[0], 2), np.int32) if base_paddings is None else base_paddings)
    known = [static_value(x) for x in (sizes, blocks, base)]
    if all(v is not None for v in known):
        before = known[2][:, 0]
        extra = -(known[0] + known[2].sum(1)) % known[1]
        after = known[2][:, 1] + extra
        return (convert_to_tensor(np.stack([before, after], 1).astype(np.int32)),
                convert_to_tensor(np.stack([np.zeros_like(extra), extra], 1).astype(np.int32)))
    first, last = getitem(base, (slice(None), 0)), getitem(base, (slice(None), 1))
    more = -(sizes + first + last) % blocks
    return stack([first, last + more], 1), stack([more * 0, more], 1)
