"""`Resizing`: images of another size, and `smart_resize`, which keeps their proportions by cutting."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from ...config import standardize_data_format
from ...types import Config, Shape, Tensor
from .base import ImageLayer, sized, sizes_of

_METHODS = ("bilinear", "nearest", "lanczos3", "lanczos5", "bicubic")


def resized(images: Tensor, size: Any, interpolation: str = "bilinear", antialias: bool = False,
            crop_to_aspect_ratio: bool = False, pad_to_aspect_ratio: bool = False, fill_mode: str = "constant",
            fill_value: float = 0.0, data_format: str | None = None) -> Tensor:
    """Images of another size.

    Args:
      images: shape `[batch, height, width, channels]` or `[height, width, channels]`, or with the channels before.
      size: the new height and width.
      interpolation: `"bilinear"`, `"nearest"`, `"bicubic"`, `"lanczos3"` or `"lanczos5"`.
      antialias: whether what gets smaller is filtered before.
      crop_to_aspect_ratio: whether edges are cut off rather than proportions changed.
      pad_to_aspect_ratio: whether edges are added rather than proportions changed.
      fill_mode: `"constant"`.
      fill_value: the value of added edges.
      data_format: the layout; `image_data_format` for None.

    Returns:
      float32, but for nearest neighbours the dtype of the images.

    Raises:
      ValueError: an argument is none of these, or the images have another rank.
    """
    if interpolation not in _METHODS:
        raise ValueError(f"Invalid value for argument `interpolation`. Expected of one {_METHODS}. Received: "
                         f"interpolation={interpolation}")
    if fill_mode != "constant":
        raise ValueError("Invalid value for argument `fill_mode`. Only `'constant'` is supported. Received: "
                         f"fill_mode={fill_mode}")
    if pad_to_aspect_ratio and crop_to_aspect_ratio:
        raise ValueError("Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be `True`.")
    if len(size) != 2:
        raise ValueError(f"Argument `size` must be a tuple of two elements (height, width). Received: size={size}")
    rank = len(images.shape)
    if rank not in (3, 4):
        raise ValueError("Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). Received input "
                         f"with shape: images.shape={images.shape}")
    first = standardize_data_format(data_format) == "channels_first"
    if first:
        images = tf.transpose(images, [0, 2, 3, 1][4 - rank:] if rank == 4 else [1, 2, 0])
    if crop_to_aspect_ratio:
        images = cropped(images, size)
    elif pad_to_aspect_ratio:
        images = _padded(images, size, fill_value)
    y = tf.image.resize(images, tuple(size), method=interpolation, antialias=antialias)
    return tf.transpose(y, [0, 3, 1, 2] if rank == 4 else [2, 0, 1]) if first else y


def _scaled(number: Any, times: int, by: int) -> Any:
    """`number * times / by` without the fraction, in float32 where the number is a tensor."""
    if isinstance(number, int):
        return int(float(number * times) / by)
    return tf.cast(tf.cast(number * times, tf.float32) / by, tf.int32)


def _half(number: Any) -> Any:
    return number // 2


def cropped(images: Tensor, size: Any) -> Tensor:
    """The middle of images with the channels last, as large as possible in the proportions of `size`."""
    height, width = sizes_of(images)[-3:-1]
    known = isinstance(height, int) and isinstance(width, int)
    smaller, larger = (min, max) if known else (tf.minimum, tf.maximum)
    new_height: Any = larger(smaller(height, _scaled(width, size[0], size[1])), 1)
    new_width: Any = larger(smaller(width, _scaled(height, size[1], size[0])), 1)
    top, left = _half(height - new_height), _half(width - new_width)
    return images[..., top:top + new_height, left:left + new_width, :]


def _padded(images: Tensor, size: Any, fill_value: float) -> Tensor:
    """Images with the channels last, with edges that bring them to the proportions of `size`."""
    height, width = sizes_of(images)[-3:-1]
    known = isinstance(height, int) and isinstance(width, int)
    larger: Any = max if known else tf.maximum
    down = _half(larger(height, _scaled(width, size[0], size[1])) - height)
    across = _half(larger(width, _scaled(height, size[1], size[0])) - width)
    none = [[0, 0]] * (len(images.shape) - 3)
    return tf.pad(images, [*none, [down, down], [across, across], [0, 0]], constant_values=fill_value)


def smart_resize(x: Any, size: Any, interpolation: str = "bilinear", data_format: str = "channels_last") -> Any:
    """Images of another size and the same proportions: what is too much of them is cut off.

    Args:
      x: an image or a batch, a tensor or an array.
      size: the new height and width.
      interpolation: as for `tf.image.resize`.
      data_format: `"channels_last"` or `"channels_first"`.

    Returns:
      A NumPy array for an array, else a tensor.

    Raises:
      ValueError: another size or rank.
    """
    if len(size) != 2:
        raise ValueError(f"Expected `size` to be a tuple of 2 integers, but got: {size}.")
    images = tf.convert_to_tensor(x)
    if len(images.shape) not in (3, 4):
        raise ValueError("Expected an image array with shape `(height, width, channels)`, or `(batch_size, height, width, "
                         f"channels)`, but got input with incorrect rank, of shape {images.shape}.")
    y = resized(images, size, interpolation, crop_to_aspect_ratio=True, data_format=data_format)
    return np.array(y) if isinstance(x, np.ndarray) else y


class Resizing(ImageLayer):
    """Images of another size, in the dtype that they had.

    Args:
      height: the new height.
      width: the new width.
      interpolation: `"bilinear"`, `"nearest"`, `"bicubic"`, `"lanczos3"` or `"lanczos5"`.
      crop_to_aspect_ratio: whether edges are cut off rather than proportions changed.
      pad_to_aspect_ratio: whether edges are added rather than proportions changed.
      fill_mode: `"constant"`.
      fill_value: the value of added edges.
      antialias: whether what gets smaller is filtered before.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
    """

    def __init__(self, height: int, width: int, interpolation: str = "bilinear", crop_to_aspect_ratio: bool = False,
                 pad_to_aspect_ratio: bool = False, fill_mode: str = "constant", fill_value: float = 0.0,
                 antialias: bool = False, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.height = height
        self.width = width
        self.interpolation = interpolation
        self.crop_to_aspect_ratio = crop_to_aspect_ratio
        self.pad_to_aspect_ratio = pad_to_aspect_ratio
        self.fill_mode = fill_mode
        self.fill_value = fill_value
        self.antialias = bool(antialias)

    def _transformed(self, images: Tensor, transformation: Any, interpolation: str) -> Tensor:
        y = resized(images, (self.height, self.width), interpolation, self.antialias, self.crop_to_aspect_ratio,
                    self.pad_to_aspect_ratio, self.fill_mode, self.fill_value, self.data_format)
        if y.dtype == images.dtype:
            return y
        return tf.saturate_cast(tf.round(y) if images.dtype.is_integer else y, images.dtype)

    def transform_images(self, images: Tensor, transformation: Any = None, training: Any = True) -> Tensor:
        return self._transformed(images, transformation, self.interpolation)

    def transform_segmentation_masks(self, segmentation_masks: Any, transformation: Any = None,
                                     training: Any = True) -> Any:
        return self._transformed(segmentation_masks, transformation, "nearest")

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return sized(input_shape, self.height, self.width, self._axes)

    def get_config(self) -> Config:
        names = ("height", "width", "interpolation", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "fill_mode", "fill_value",
                 "antialias", "data_format")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
