"""The frame of images: flips and turns, cropping, padding, and `tf.image.resize` with its variants."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor, to_array
from ...core.tensor import Tensor
from ..arrays import concat, pad, reshape, reverse, stack
from ..arrays import transpose as transpose_of
from ..casting import cast
from ..common import shape_of, static_value
from ..elementwise import floor
from ..elementwise import round as round_of
from ..indexing import getitem, slice_of
from .checks import batched, extent, image_of, int_pair, known, require, scope, three_or_four, unbatched
from .resize import ResizeMethod, ResizeMethodV1, resize_with, resize_with_v1

# Flips and turns.


def mirrored(image: Any, axis: int) -> Any:
    """Images reversed along their height (0) or width (1)."""
    rank = image.shape.rank
    if rank is None:
        from ..creation import rank as rank_of
        return reverse(image, reshape(rank_of(image) - 3 + axis, [1]))
    return reverse(image, [rank - 3 + axis])


def _flip(image: Any, axis: int, word: str) -> Any:
    with scope(None, word):
        image = image_of(image)
        three_or_four(image, gap="")
        return mirrored(image, axis)


def flip_left_right(image: Any) -> Any:
    """Images mirrored left to right.

    Args:
      image: shape `[height, width, channels]`, or with a batch before.

    Raises:
      ValueError: another number of dimensions, or an empty image.
    """
    return _flip(image, 1, "flip_left_right")


def flip_up_down(image: Any) -> Any:
    """Images mirrored top to bottom; arguments and errors of `tf.image.flip_left_right`."""
    return _flip(image, 0, "flip_up_down")


def _swap(image: Any, name: str | None = None) -> Any:
    """Height and width exchanged."""
    rank = image.shape.rank
    if rank is not None:
        return transpose_of(image, [1, 0, 2] if rank == 3 else [0, 2, 1, 3], name=name or "transpose")
    from ..creation import rank as rank_of
    from ..ranges import range as range_op
    n = rank_of(image)
    return transpose_of(image, concat([range_op(n - 3), stack([n - 2, n - 3, n - 1])], 0))


def transpose(image: Any, name: str | None = None) -> Any:
    """Images with height and width exchanged.

    Args:
      image: shape `[height, width, channels]`, or with a batch before.
      name: of the operation.

    Raises:
      ValueError: another number of dimensions, or an empty image.
    """
    with scope(name, "transpose"):
        image = image_of(image)
        three_or_four(image)
        return _swap(image, name)


def rot90(image: Any, k: Any = 1, name: str | None = None) -> Any:
    """Images turned by `k` times 90 degrees against the clock.

    Args:
      image: shape `[height, width, channels]`, or with a batch before.
      k: an integer, or a scalar tensor.
      name: of the operation.

    Raises:
      ValueError: another number of dimensions, an empty image, or a `k` that is no scalar.
    """
    with scope(name, "rot90"):
        image = image_of(image)
        turns = convert_to_tensor(k, dtypes.int32)
        turns.shape.assert_has_rank(0)
        three_or_four(image)
        count = static_value(turns)
        if count is None:
            return _turned(image, turns)
        count = int(count) % 4
        out = _swap(image) if count % 2 else image
        if count in (1, 2):
            out = mirrored(out, 0)
        return mirrored(out, 1) if count in (2, 3) else out


def _turned(image: Any, k: Any) -> Any:
    """`rot90` by a number that only the running graph knows: a transposition and gathers, by computed places."""
    from ..creation import rank as rank_of
    from ..creation import shape
    from ..gathering import gather
    from ..masking import where
    from ..ranges import range as range_op
    k = k % 4
    rank = image.shape.rank
    n = rank_of(image) if rank is None else convert_to_tensor(rank, dtypes.int32)
    plain = range_op(n)
    swapped = concat([range_op(n - 3), stack([n - 2, n - 3, n - 1])], 0)
    out = transpose_of(image, where((k % 2) > 0, swapped, plain))
    for axis, turning in ((0, (1, 2)), (1, (2, 3))):
        flipped = (k - turning[0]) * (k - turning[1]) <= 0
        size = getitem(shape(out), (axis - 3))
        places = range_op(size)
        out = gather(out, where(flipped, size - 1 - places, places), axis=axis - 3 if rank is None else rank - 3 + axis)
    if rank is not None:
        dims = image.shape.as_list()
        out.set_shape([*dims[:-3], None, None, dims[-1]])
    return out


# Cropping and padding.


def central_crop(image: Any, central_fraction: Any) -> Any:
    """The middle of images.

    Args:
      image: shape `[height, width, channels]`, or with a batch before.
      central_fraction: how much of height and width remains, in (0, 1].

    Raises:
      ValueError: another fraction, or another number of dimensions.
    """
    with scope(None, "central_crop"):
        image = convert_to_tensor(image)
        fraction = known(central_fraction)
        if not isinstance(fraction, Tensor):
            require(0.0 < fraction <= 1.0, "central_fraction must be within (0, 1]")
            if fraction == 1.0:
                return image
        image_of(image)
        rank = image.shape.rank
        if rank not in (3, 4):
            raise ValueError(f"`image` should either be a Tensor with rank = 3 or rank = 4. Had rank = {rank}.")
        lead = rank - 3
        begins, sizes = [0] * lead, [-1] * lead
        for i in (lead, lead + 1):
            size = image.shape[i] if image.shape[i] is not None else getitem(shape_of(image), i)
            begin = _margin(size, fraction)
            begins.append(begin)
            sizes.append(size - begin * 2)
        out = slice_of(image, _vector([*begins, 0]), _vector([*sizes, -1]))
        dims = image.shape.as_list()
        out.set_shape([*dims[:lead], *(None if isinstance(v, Tensor) else v for v in sizes[lead:]), dims[-1]])
        return out


def _margin(size: Any, fraction: Any) -> Any:
    if not isinstance(size, Tensor) and not isinstance(fraction, Tensor):
        return int((float(size) - float(size) * fraction) / 2)
    wide = cast(size, dtypes.float64)
    return cast((wide - wide * cast(fraction, dtypes.float64)) / 2, dtypes.int32)


def _vector(values: list[Any]) -> Any:
    return stack(values) if any(isinstance(v, Tensor) for v in values) else values


def pad_to_bounding_box(image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any) -> Any:
    """Images with zeros around them.

    Args:
      image: shape `[height, width, channels]`, or with a batch before.
      offset_height, offset_width: how many rows go above, and columns to the left.
      target_height, target_width: of the result.

    Raises:
      ValueError: a negative offset, a target that is too small, or another number of dimensions.
    """
    with scope(None, "pad_to_bounding_box"):
        batch, was_batch = batched(image)
        image_of(batch)
        top, left, tall, wide = (known(v) for v in (offset_height, offset_width, target_height, target_width))
        height, width = extent(batch)
        below, right = tall - top - height, wide - left - width
        require(top >= 0, "offset_height must be >= 0")
        require(left >= 0, "offset_width must be >= 0")
        require(right >= 0, "width must be <= target - offset")
        require(below >= 0, "height must be <= target - offset")
        margins = [0, 0, top, below, left, right, 0, 0]
        if any(isinstance(v, Tensor) for v in margins):
            padded = pad(batch, reshape(stack(margins), [4, 2]))
        else:
            padded = pad(batch, np.array(margins, np.int32).reshape(4, 2))
        return unbatched(_shaped(padded, batch, tall, wide), was_batch)


def _shaped(out: Any, batch: Any, height: Any, width: Any) -> Any:
    """Tells a graph what is known of the size of a batch of images."""
    if hasattr(out, "set_shape"):
        height, width = (None if isinstance(v, Tensor) else int(v) for v in (height, width))
        out.set_shape([batch.shape[0], height, width, batch.shape[3]])
    return out


def crop_to_bounding_box(image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any) -> Any:
    """A rectangle of images.

    Args:
      image: shape `[height, width, channels]`, or with a batch before.
      offset_height, offset_width: the upper left corner.
      target_height, target_width: of the result.

    Raises:
      ValueError: the rectangle is not within the images, or is empty; another number of dimensions.
    """
    with scope(None, "crop_to_bounding_box"):
        batch, was_batch = batched(image)
        image_of(batch)
        top, left, tall, wide = (known(v) for v in (offset_height, offset_width, target_height, target_width))
        height, width = extent(batch)
        require(left >= 0, "offset_width must be >= 0.")
        require(top >= 0, "offset_height must be >= 0.")
        require(wide > 0, "target_width must be > 0.")
        require(tall > 0, "target_height must be > 0.")
        require(width >= wide + left, "width must be >= target + offset.")
        require(height >= tall + top, "height must be >= target + offset.")
        cropped = slice_of(batch, _vector([0, top, left, 0]), _vector([-1, tall, wide, -1]))
        return unbatched(_shaped(cropped, batch, tall, wide), was_batch)


def _largest(a: Any, b: Any) -> Any:
    from ..arithmetic import maximum
    return maximum(a, b) if isinstance(a, Tensor) or isinstance(b, Tensor) else max(a, b)


def _least(a: Any, b: Any) -> Any:
    from ..arithmetic import minimum
    return minimum(a, b) if isinstance(a, Tensor) or isinstance(b, Tensor) else min(a, b)


def resize_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Any:
    """Images cut to their middle, or padded with zeros around, to a size.

    Args:
      image: shape `[height, width, channels]`, or with a batch before.
      target_height, target_width: of the result.

    Raises:
      ValueError: an empty target, or another number of dimensions.
    """
    with scope(None, "resize_image_with_crop_or_pad"):
        batch, was_batch = batched(image)
        image_of(batch)
        tall, wide = known(target_height), known(target_width)
        require(wide > 0, "target_width must be > 0.")
        require(tall > 0, "target_height must be > 0.")
        height, width = extent(batch)
        down, across = tall - height, wide - width
        cropped = crop_to_bounding_box(batch, _largest(-down // 2, 0), _largest(-across // 2, 0),
                                       _least(tall, height), _least(wide, width))
        resized = pad_to_bounding_box(cropped, _largest(down // 2, 0), _largest(across // 2, 0), tall, wide)
        return unbatched(resized, was_batch)


# Resizing.


def _size(value: Any) -> Any:
    """A new size as a static input: an int32 array, or a tensor whose value is not known.

    Raises:
      ValueError: not two integers.
    """
    try:
        if isinstance(value, Tensor) or hasattr(value, "__tf_tensor__") or (
                isinstance(value, (list, tuple)) and any(isinstance(v, Tensor) for v in value)):
            size = convert_to_tensor(value, dtypes.int32)
            found = static_value(size)
            size = size if found is None else found
        else:
            size = to_array(value, dtypes.int32)
    except (TypeError, ValueError):
        raise ValueError("'size' must be a 1-D int32 Tensor") from None
    shape = size.shape
    if not (shape.is_compatible_with([2]) if isinstance(size, Tensor) else shape == (2,)):
        raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
    return size


def _fitting(batch: Any, size: Any) -> Any:
    """The largest size within `size` with the proportions of the images, rounded."""
    height, width = extent(batch)
    if not any(isinstance(v, Tensor) for v in (size, height, width)):
        whole = np.array([height, width], np.float32)
        scale = np.min(np.asarray(size, np.float32) / whole)
        return np.rint(scale * whole).astype(np.int32)
    from ..arithmetic import minimum
    wanted, extents = cast(size, dtypes.float32), [cast(v, dtypes.float32) for v in (height, width)]
    factor = minimum(getitem(wanted, 0) / extents[0], getitem(wanted, 1) / extents[1])
    return stack([cast(round_of(factor * v), dtypes.int32) for v in extents])


def _resized(images: Any, size: Any, resizer: Callable[[Any, Any], Any], preserve_aspect_ratio: bool, name: str | None,
             skip_same: bool) -> Any:
    with scope(name, "resize"):
        images = convert_to_tensor(images)
        rank = images.shape.rank
        if rank is None:
            raise ValueError("'images' contains no shape.")
        if rank not in (3, 4):
            raise ValueError("'images' must have either 3 or 4 dimensions.")
        batch, was_batch = batched(images)
        size = _size(size)
        if preserve_aspect_ratio:
            size = _fitting(batch, size)
        if skip_same and not isinstance(size, Tensor) and batch.shape.as_list()[1:3] == list(size):
            return images
        return unbatched(resizer(batch, size), was_batch)


def resize(images: Any, size: Any, method: Any = ResizeMethod.BILINEAR, preserve_aspect_ratio: bool = False,
           antialias: bool = False, name: str | None = None) -> Any:
    """Images in another size.

    Args:
      images: shape `[height, width, channels]`, or with a batch before.
      size: the new height and width.
      method: one of `tf.image.ResizeMethod`, or its word: "bilinear", "nearest", "bicubic", "area", "lanczos3",
        "lanczos5", "gaussian", "mitchellcubic".
      preserve_aspect_ratio: whether `size` is only the bound of a size with the proportions of the images.
      antialias: whether filters widen where images shrink.
      name: of the operation.

    Returns:
      float32; with "nearest" the dtype of `images`.

    Raises:
      ValueError: another number of dimensions, a wrong `size`, an unknown method.
      InvalidArgumentError: an empty image or size.
    """
    return _resized(images, size, resize_with(method, antialias), preserve_aspect_ratio, name, skip_same=False)


def resize_v1(images: Any, size: Any, method: Any = ResizeMethodV1.BILINEAR, align_corners: bool = False,
              preserve_aspect_ratio: bool = False, name: str | None = None) -> Any:
    """`tf.image.resize` of TensorFlow 1, where pixels lie at integer places.

    An image that has the size already is returned as it is, in its dtype. See `tf.image.resize` for the other arguments
    and the errors; `align_corners` is that of `tf.compat.v1.image.resize_bilinear`.
    """
    return _resized(images, size, resize_with_v1(method, align_corners), preserve_aspect_ratio, name, skip_same=True)


def _with_pad(image: Any, target_height: Any, target_width: Any, resizer: Callable[[Any, Any], Any]) -> Any:
    with scope(None, "resize_image_with_pad"):
        batch, was_batch = batched(image)
        image_of(batch)
        tall, wide = known(target_height), known(target_width)
        require(wide > 0, "target_width must be > 0.")
        require(tall > 0, "target_height must be > 0.")
        height, width = extent(batch)
        if any(isinstance(v, Tensor) for v in (height, width, tall, wide)):
            from ..arithmetic import maximum
            h, w, t_h, t_w = (cast(v, dtypes.float32) for v in (height, width, tall, wide))
            ratio = maximum(w / t_w, h / t_h)
            inner = [h / ratio, w / ratio]
            new = [cast(floor(v), dtypes.int32) for v in inner]
            margins = [maximum(cast(floor((t - v) / 2), dtypes.int32), 0) for t, v in zip((t_h, t_w), inner, strict=True)]
        else:
            target, whole = np.array([tall, wide], np.float32), np.array([height, width], np.float32)
            fitted = whole / np.max(whole / target)
            new = np.floor(fitted).astype(np.int32).tolist()
            margins = np.maximum(np.floor((target - fitted) / np.float32(2)).astype(np.int32), 0).tolist()
        padded = pad_to_bounding_box(resizer(batch, int_pair(*new)), margins[0], margins[1], tall, wide)
        return unbatched(padded, was_batch)


def resize_with_pad(image: Any, target_height: Any, target_width: Any, method: Any = ResizeMethod.BILINEAR,
                    antialias: bool = False) -> Any:
    """Images resized with their proportions kept, and zeros around them, to a size.

    Args:
      image: shape `[height, width, channels]`, or with a batch before.
      target_height, target_width: of the result.
      method, antialias: as in `tf.image.resize`.

    Raises:
      ValueError: an empty target, or another number of dimensions.
    """
    return _with_pad(image, target_height, target_width, lambda x, size: resize(x, size, method, antialias=antialias))


def resize_with_pad_v1(image: Any, target_height: Any, target_width: Any, method: Any = ResizeMethodV1.BILINEAR,
                       align_corners: bool = False) -> Any:
    """`tf.image.resize_with_pad` with the methods of `tf.compat.v1.image.resize`."""
    return _with_pad(image, target_height, target_width, lambda x, size: resize_v1(x, size, method, align_corners))
