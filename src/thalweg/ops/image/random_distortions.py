"""Random distortions of images: flips, crops, brightness, contrast, hue, saturation, from the program's or a given seed."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ..arrays import reshape
from ..casting import cast
from ..common import constant_value, shape_of, static_shape
from ..creation import shape_arg
from ..elementwise import round as round_of
from ..indexing import getitem, slice_of
from ..masking import where
from ..random import uniform
from ..random_functions import stateless_uniform
from .checks import image_of, require, scope, three_or_four
from .colors import adjust_brightness, adjust_contrast, adjust_hue, adjust_saturation
from .frames import mirrored

Draw = Callable[..., Any]


def _stateful(seed: Any) -> Draw:
    """`draw(shape, low, high, dtype)` from the program's random numbers."""
    return lambda shape, low, high, dtype=dtypes.float32: uniform(shape, low, high, dtype, seed)


def _stateless(seed: Any) -> Draw:
    """`draw(shape, low, high, dtype)` as a function of a seed."""
    return lambda shape, low, high, dtype=dtypes.float32: stateless_uniform(shape, seed, low, high, dtype)


# Flips.


def _flip(image: Any, axis: int, draw: Draw, word: str) -> Any:
    with scope(None, word):
        image = image_of(image)
        rank = three_or_four(image)
        if rank == 4:
            # One decision an image.
            count = image.shape[0] if image.shape[0] is not None else getitem(shape_of(image), 0)
            flips = cast(round_of(reshape(draw([count], 0, 1.0), [-1, 1, 1, 1])), image.dtype)
            return flips * mirrored(image, axis) + (1 - flips) * image
        return where(draw([], 0, 1.0) < 0.5, mirrored(image, axis), image)


def random_flip_left_right(image: Any, seed: int | None = None) -> Any:
    """Images mirrored left to right with a probability of one half, each for itself.

    Args:
      image: shape `[height, width, channels]`, or with a batch before.
      seed: of the op, see `tf.random.set_seed`.

    Raises:
      ValueError: another number of dimensions, or an empty image.
    """
    return _flip(image, 1, _stateful(seed), "random_flip_left_right")


def random_flip_up_down(image: Any, seed: int | None = None) -> Any:
    """Images mirrored top to bottom with a probability of one half; otherwise as `tf.image.random_flip_left_right`."""
    return _flip(image, 0, _stateful(seed), "random_flip_up_down")


def stateless_random_flip_left_right(image: Any, seed: Any) -> Any:
    """`tf.image.random_flip_left_right` as a function of a seed of shape [2]."""
    return _flip(image, 1, _stateless(seed), "stateless_random_flip_left_right")


def stateless_random_flip_up_down(image: Any, seed: Any) -> Any:
    """`tf.image.random_flip_up_down` as a function of a seed of shape [2]."""
    return _flip(image, 0, _stateless(seed), "stateless_random_flip_up_down")


# Colours.


def _brightness(image: Any, max_delta: Any, draw: Draw) -> Any:
    require(max_delta >= 0, "max_delta must be non-negative.")
    return adjust_brightness(image, draw([], -max_delta, max_delta))


def random_brightness(image: Any, max_delta: Any, seed: int | None = None) -> Any:
    """`tf.image.adjust_brightness` by a random number in `[-max_delta, max_delta)`.

    Raises:
      ValueError: a negative `max_delta`.
    """
    return _brightness(image, max_delta, _stateful(seed))


def stateless_random_brightness(image: Any, max_delta: Any, seed: Any) -> Any:
    """`tf.image.random_brightness` as a function of a seed of shape [2]."""
    return _brightness(image, max_delta, _stateless(seed))


def _between(lower: Any, upper: Any, draw: Draw) -> Any:
    require(upper > lower, "upper must be > lower.")
    require(lower >= 0, "lower must be non-negative.")
    return draw([], lower, upper)


def random_contrast(image: Any, lower: Any, upper: Any, seed: int | None = None) -> Any:
    """`tf.image.adjust_contrast` by a random factor in `[lower, upper)`.

    Raises:
      ValueError: an empty range, or a negative bound.
    """
    return adjust_contrast(image, _between(lower, upper, _stateful(seed)))


def stateless_random_contrast(image: Any, lower: Any, upper: Any, seed: Any) -> Any:
    """`tf.image.random_contrast` as a function of a seed of shape [2]."""
    return adjust_contrast(image, _between(lower, upper, _stateless(seed)))


def random_saturation(image: Any, lower: Any, upper: Any, seed: int | None = None) -> Any:
    """`tf.image.adjust_saturation` by a random factor in `[lower, upper)`.

    Raises:
      ValueError: an empty range, or a negative bound.
    """
    return adjust_saturation(image, _between(lower, upper, _stateful(seed)))


def stateless_random_saturation(image: Any, lower: Any, upper: Any, seed: Any = None) -> Any:
    """`tf.image.random_saturation` as a function of a seed of shape [2]."""
    return adjust_saturation(image, _between(lower, upper, _stateless(seed)))


def _hue(image: Any, max_delta: Any, draw: Draw) -> Any:
    require(max_delta <= 0.5, "max_delta must be <= 0.5.")
    require(max_delta >= 0, "max_delta must be non-negative.")
    return adjust_hue(image, draw([], -max_delta, max_delta))


def random_hue(image: Any, max_delta: Any, seed: int | None = None) -> Any:
    """`tf.image.adjust_hue` by a random number in `[-max_delta, max_delta)`.

    Raises:
      ValueError: a `max_delta` outside [0, 0.5].
    """
    return _hue(image, max_delta, _stateful(seed))


def stateless_random_hue(image: Any, max_delta: Any, seed: Any) -> Any:
    """`tf.image.random_hue` as a function of a seed of shape [2]."""
    return _hue(image, max_delta, _stateless(seed))


# JPEG noise.


def _quality(low: int, high: int, draw: Draw) -> Any:
    if low < 0 or high < 0 or low > 100 or high > 100:
        raise ValueError("jpeg encoding range must be between 0 and 100.")
    require(low < high, "`min_jpeg_quality` must be less than `max_jpeg_quality`.")
    return draw([], low, high, dtypes.int32)


def random_jpeg_quality(image: Any, min_jpeg_quality: int, max_jpeg_quality: int, seed: int | None = None) -> Any:
    """`tf.image.adjust_jpeg_quality` by a random quality in `[min_jpeg_quality, max_jpeg_quality)`.

    Raises:
      ValueError: an empty range, or one outside [0, 100].
    """
    from .files import adjust_jpeg_quality
    return adjust_jpeg_quality(image, _quality(min_jpeg_quality, max_jpeg_quality, _stateful(seed)))


def stateless_random_jpeg_quality(image: Any, min_jpeg_quality: int, max_jpeg_quality: int, seed: Any) -> Any:
    """`tf.image.random_jpeg_quality` as a function of a seed of shape [2]."""
    from .files import adjust_jpeg_quality
    return adjust_jpeg_quality(image, _quality(min_jpeg_quality, max_jpeg_quality, _stateless(seed)))


# Crops.


def _crop(value: Any, size: Any, draw: Draw, word: str) -> Any:
    with scope(None, word):
        value = convert_to_tensor(value)
        size = convert_to_tensor(size, dtypes.int32)
        known, wanted = static_shape(value), constant_value(size)
        if known is not None and wanted is not None:
            shape: Any = np.array(known, np.int32)
            if shape.shape != wanted.shape:
                convert_to_tensor(shape) >= size  # noqa: B015 - says what is wrong
            if (shape < wanted).any():
                _too_large(shape, wanted)
        else:
            shape = convert_to_tensor(shape_of(value), dtypes.int32)
        limit = shape - (wanted if isinstance(shape, np.ndarray) else size) + 1
        rank = size.shape[0]
        offset = draw(shape_arg([rank]), 0, int(np.iinfo(np.int32).max), dtypes.int32) % limit
        target = wanted.tolist() if wanted is not None else size
        return slice_of(value, offset, target)


def _too_large(shape: Any, size: Any) -> None:
    from ...core.errors import InvalidArgumentError
    raise InvalidArgumentError("Expected 'tf.Tensor(False, shape=(), dtype=bool)' to be true. Summarized data: "
                               f"b'Need value.shape >= size, got '\n{', '.join(map(str, shape.tolist()))}\n"
                               f"{', '.join(map(str, size.tolist()))}")


def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Any:
    """A random part of a tensor.

    Args:
      value: a tensor.
      size: the shape of the part, `[rank]`.
      seed: of the op, see `tf.random.set_seed`.
      name: of the operation.

    Raises:
      InvalidArgumentError: `size` is larger than the tensor.
    """
    return _crop(value, size, _stateful(seed), name or "random_crop")


def stateless_random_crop(value: Any, size: Any, seed: Any, name: str | None = None) -> Any:
    """`tf.image.random_crop` as a function of a seed of shape [2]."""
    return _crop(value, size, _stateless(seed), name or "random_crop")
