"""Patches of images: ExtractImagePatches, ExtractVolumePatches and ExtractGlimpse."""
from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape
from ..common import shape_of, shape_text, static_shape
from ..creation import ints
from ..layout import bad
from ..windows import check_list, geometry, window_shape, with_rank
from .checks import check_choice
from .resize import size_arg

_IMAGE_TYPES = "bfloat16, half, float, double, int8, int16, int32, int64, uint8, uint16, uint32, uint64, complex64, " \
    "complex128, bool"
_VOLUME_TYPES = "float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64"
_PADDING = 'padding: {"SAME", "VALID"}'


def _spatial(name: str, values: Any) -> tuple[int, ...]:
    """The spatial entries of an attribute with one entry a dimension."""
    if values[0] != 1 or values[-1] != 1:
        raise errors.UnimplementedError(f"Only support {name} across space.")
    inner = tuple(int(v) for v in values[1:-1])
    if min(inner) < 1:
        raise errors.OutOfRangeError(f"{name} is out of range.")
    return inner


def _windows(xp: Any, x: Any, ksizes: Any, strides: Any, rates: Any, padding: str) -> Any:
    """The windows over images or volumes, each flattened into the last dimension."""
    if x.ndim != len(ksizes):
        raise bad(f"input must be {len(ksizes)}-dimensional{shape_text(x.shape)}")
    kernel, steps = _spatial("ksizes", ksizes), _spatial("strides", strides)
    where = geometry(x.shape[1:-1], kernel, steps, _spatial("rates", rates), padding, ())
    if where.padded:
        x = xp.pad(x, [(0, 0), *[(max(lo, 0), max(hi, 0)) for lo, hi in where.pads], (0, 0)])
    if min(where.outs) <= 0:
        return xp.zeros((x.shape[0], *(max(n, 0) for n in where.outs), prod(kernel) * x.shape[-1]), x.dtype)
    parts = [x[(slice(None), *where.at(place))] for place in product(*map(range, kernel))]
    out = xp.stack(parts, -2)
    return out.reshape((*out.shape[:-2], out.shape[-2] * out.shape[-1]))


def _patches_shape(op: Any) -> TensorShape:
    ksizes, strides = op.attrs["ksizes"], op.attrs["strides"]
    rates = op.attrs.get("rates") or [1] * len(ksizes)
    dims = with_rank(op.inputs[0].shape, len(ksizes))
    inner = window_shape(dims[1:-1], ksizes[1:-1], strides[1:-1], rates[1:-1], op.attrs["padding"], ())
    return TensorShape([dims[0], *inner, None if dims[-1] is None else dims[-1] * prod(ksizes[1:-1])])


@op("ExtractImagePatches", "images: T -> patches: T",
    attrs=f"ksizes: list(int); strides: list(int); rates: list(int); T: {{{_IMAGE_TYPES}}}; {_PADDING}",
    infer=_patches_shape)
def extract_image_patches_(xp: Any, x: Any, ksizes: Any, strides: Any, rates: Any, padding: str) -> Any:
    return _windows(xp, x, ksizes, strides, rates, padding)


@op("ExtractVolumePatches", "input: T -> patches: T",
    attrs=f"ksizes: list(int); strides: list(int); T: {{{_VOLUME_TYPES}}}; {_PADDING}", infer=_patches_shape)
def extract_volume_patches_(xp: Any, x: Any, ksizes: Any, strides: Any, padding: str) -> Any:
    return _windows(xp, x, ksizes, strides, [1] * len(ksizes), padding)


@extract_image_patches_.vjp(0)
@extract_volume_patches_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    """Each value goes back to its pixel. Which one that is, the op itself says of an image of places."""
    from ..arrays import concat, reshape, stack, transpose
    from ..creation import shape as shape_op
    from ..gathering import unsorted_segment_sum_
    from ..indexing import getitem
    from ..ranges import range as range_op
    from ..reductions import reduce_prod
    x = op.inputs[0]
    attrs = {name: op.get_attr(name) for name in ("ksizes", "strides", "rates", "padding") if name in op.attrs}
    window = prod(attrs["ksizes"])
    known = static_shape(x)
    if known is not None:
        batch, *inner, depth = known
        pixels: Any = prod(inner)
        line: Any = [1, *inner, 1]
    else:
        sizes = shape_op(x)
        batch, depth = getitem(sizes, 0), getitem(sizes, -1)
        pixels = reduce_prod(getitem(sizes, slice(1, -1)))
        line = concat([[1], getitem(sizes, slice(1, -1)), [1]], 0)
    pack = list if known is not None else stack
    # Place 0 stands for the padding.
    places = reshape(apply(op.op, (reshape(range_op(1, pixels + 1), line),), attrs), [-1])
    windows = getitem(shape_op(places), 0) // window if known is None else (static_shape(places) or (0,))[0] // window
    spread = transpose(reshape(dy, pack([batch, windows, window, depth])), [1, 2, 0, 3])
    rows = reshape(spread, pack([windows * window, batch * depth]))
    total = getitem(apply(unsorted_segment_sum_, (rows, places, pixels + 1)), slice(1, None))
    return reshape(transpose(reshape(total, pack([pixels, batch, depth])), [1, 0, 2]), shape_of(x))


def extract_patches(images: Any, sizes: Any, strides: Any, rates: Any, padding: str, name: str | None = None) -> Any:
    """Patches of images, each flattened into the channels.

    Args:
      images: shape `[batch, height, width, channels]`.
      sizes: of a patch, `[1, rows, columns, 1]`.
      strides: distances between the middles of patches, `[1, rows, columns, 1]`.
      rates: distances between the pixels of a patch, `[1, rows, columns, 1]`.
      padding: "VALID", or "SAME" with zeros around the images.
      name: of the operation.

    Returns:
      A tensor `[batch, rows, columns, size_rows * size_columns * channels]`.

    Raises:
      InvalidArgumentError: lists that are too short, patches that do not fit, another padding.
      UnimplementedError: patches across batch or channels.
      OutOfRangeError: a size, stride or rate that is not positive.
    """
    return _patches(extract_image_patches_, images, {"ksizes": sizes, "strides": strides, "rates": rates}, padding, name)


def _patches(entry: OpDef, images: Any, lists: dict[str, Any], padding: str, name: str | None) -> Any:
    least = 4 if entry is extract_image_patches_ else 5
    attrs: dict[str, Any] = {key: check_list(entry, key, entry.type, values, least) for key, values in lists.items()}
    attrs["padding"] = check_choice(entry, "padding", padding)
    return apply(entry, (convert_to_tensor(images),), attrs, name)


def _either(new: Any, old: Any) -> Any:
    if new is not None and old is not None:
        raise ValueError("Cannot specify both 'ksizes' and 'sizes'.")
    return old if new is None else new


def extract_image_patches(images: Any, ksizes: Any = None, strides: Any = None, rates: Any = None, padding: Any = None,
                          name: str | None = None, sizes: Any = None) -> Any:
    """`tf.image.extract_patches` as TensorFlow 1 called it.

    Raises:
      ValueError: `ksizes` and `sizes` at once.
    """
    return extract_patches(images, _either(sizes, ksizes), strides, rates, padding, name)


def extract_volume_patches(input: Any, ksizes: Any, strides: Any, padding: str, name: str | None = None) -> Any:
    """Patches of volumes, each flattened into the channels.

    Args:
      input: shape `[batch, depth, height, width, channels]`.
      ksizes: of a patch, five numbers of which the first and last are 1.
      strides: distances between the middles of patches, likewise.
      padding: "VALID", or "SAME" with zeros around the volumes.
      name: of the operation.

    Raises:
      InvalidArgumentError: lists that are too short, patches that do not fit, another padding.
      UnimplementedError: patches across batch or channels.
    """
    return _patches(extract_volume_patches_, input, {"ksizes": ksizes, "strides": strides}, padding, name)


# Glimpses.

_NOISES = ("uniform", "gaussian", "zero")


def _glimpse_shape(op: Any) -> Any:
    x, size, offsets = op.inputs
    if x.shape.rank not in (None, 4):
        raise ValueError(f"Shape must be rank 4 but is rank {x.shape.rank}")
    if offsets.shape.rank not in (None, 2):
        raise ValueError(f"Shape must be rank 2 but is rank {offsets.shape.rank}")
    batch, depth = (x.shape[0], x.shape[3]) if x.shape.rank else (None, None)
    if batch is None and offsets.shape.rank:
        batch = offsets.shape[0]
    new = [None, None] if size.value is None else [int(v) for v in ints(size.value)]
    return TensorShape([batch, *new, depth])


def _noise(kind: str, image: Any, count: int) -> Any:
    """What stands outside one image `[height, width, channels]`: `count` values, drawn anew every time."""
    rng = np.random.default_rng()
    if kind == "zero" or not image.size:
        return np.zeros((count, image.shape[-1]), np.float32)
    shape = (count, image.shape[-1])
    if kind == "uniform":
        low, high = image.min(), image.max()
        return (rng.random(shape, np.float32) * (high - low) + low).astype(np.float32)
    drawn = rng.standard_normal(shape, np.float32) * image.std((0, 1)) + image.mean((0, 1))
    return np.clip(drawn, image.min(), image.max()).astype(np.float32)


def _glimpses(x: Any, size: Any, corners: Any, noise: str) -> Any:
    height, width = size
    out = np.empty((len(x), height, width, x.shape[3]), np.float32)
    for image, corner, glimpse in zip(x, corners, out, strict=True):
        y, x_ = (int(c) + np.arange(n) for c, n in zip(corner, size, strict=True))
        inside = ((y >= 0) & (y < image.shape[0]))[:, None] & ((x_ >= 0) & (x_ < image.shape[1]))
        within = np.ix_(np.clip(y, 0, image.shape[0] - 1), np.clip(x_, 0, image.shape[1] - 1)) if image.size else None
        if within is not None:
            glimpse[...] = image[within]
        glimpse[~inside] = _noise(noise, image, int(np.count_nonzero(~inside)))
    return out


def _glimpse(type: str, first: bool) -> OpDef:
    @op(type, "input: float, size: int32 static, offsets: float -> glimpse: float",
        attrs='centered: bool = true; normalized: bool = true; uniform_noise: bool = true; noise: string = "uniform"',
        infer=_glimpse_shape, host=True, stateful=True)
    def entry(xp: Any, x: Any, size: Any, offsets: Any, centered: bool = True, normalized: bool = True,
              uniform_noise: bool = True, noise: Any = "uniform") -> Any:
        word = noise.decode() if isinstance(noise, bytes) else noise
        if word not in _NOISES:
            raise bad(f"The noise could only be uniform, gaussian, or zero, got{word}")
        if x.ndim != 4:
            raise bad(f"input must be 4-dimensional (batch_size, height, width, depth){shape_text(x.shape)}")
        if np.ndim(size) != 1 or len(ints(size)) != 2:
            raise bad(f"input must be a vector of size 2 (height, width){shape_text(np.shape(size))}")
        if offsets.ndim != 2:
            raise bad(f"input must be a matrix{shape_text(offsets.shape)}")
        if len(offsets) != len(x):
            raise bad(f"first dimension should be batch{shape_text(offsets.shape)}")
        if offsets.shape[1] != 2:
            raise bad(f"second dimension should be of size 2 (y,x){shape_text(offsets.shape)}")
        whole, part = np.array(x.shape[1:3], np.float32), np.array(ints(size), np.float32)
        corners = offsets * whole if normalized else offsets
        # The second version takes a glimpse by its corner, except where offsets are in the scale from -1 to 1.
        if centered and (first or normalized):
            corners = corners / np.float32(2)
        if centered:
            corners = corners + whole / np.float32(2)
        if first or (centered and normalized):
            corners = corners - part / np.float32(2)
        return _glimpses(x, ints(size), corners.astype(np.int64), word)
    return entry


extract_glimpse_v1_ = _glimpse("ExtractGlimpse", True)
extract_glimpse_v1_.not_differentiable()
extract_glimpse_v2_ = _glimpse("ExtractGlimpseV2", False)


def extract_glimpse(input: Any, size: Any, offsets: Any, centered: bool = True, normalized: bool = True,
                    noise: str = "uniform", name: str | None = None) -> Any:
    """One window of each image, with noise where it reaches beyond.

    Args:
      input: float32 `[batch, height, width, channels]`.
      size: the height and width of windows.
      offsets: float32 `[batch, 2]`, the place of each window as `y, x`.
      centered: whether (0, 0) is the middle of the image instead of its upper left corner.
      normalized: whether offsets are in units of the image instead of pixels.
      noise: "uniform", "gaussian" or "zero".
      name: of the operation.

    Returns:
      float32 `[batch, *size, channels]`.

    Raises:
      InvalidArgumentError: wrong shapes, or another noise.
    """
    return _extract(extract_glimpse_v2_, input, size, offsets, name, centered=centered, normalized=normalized, noise=noise,
                    uniform_noise=False)


def extract_glimpse_v1(input: Any, size: Any, offsets: Any, centered: bool = True, normalized: bool = True,
                       uniform_noise: bool = True, name: str | None = None) -> Any:
    """`tf.image.extract_glimpse` of TensorFlow 1, which takes windows by their middle; the noise is uniform."""
    return _extract(extract_glimpse_v1_, input, size, offsets, name, centered=centered, normalized=normalized,
                    uniform_noise=uniform_noise)


def _extract(entry: OpDef, x: Any, size: Any, offsets: Any, name: str | None, **attrs: Any) -> Any:
    inputs = (convert_to_tensor(x, dtypes.float32), size_arg(size), convert_to_tensor(offsets, dtypes.float32))
    return apply(entry, inputs, attrs, name)
