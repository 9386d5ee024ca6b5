"""Images as arrays, as files, and as Pillow's objects."""
from __future__ import annotations

import io
import os
import pathlib
import warnings
from typing import Any

import numpy as np

from ..config import floatx, standardize_data_format

_METHODS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")


def _pillow(what: str) -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise ImportError(f"Could not import PIL.Image. The use of `{what}` requires PIL.") from None
    return Image


def array_to_img(x: Any, data_format: str | None = None, scale: bool = True, dtype: Any = None) -> Any:
    """An array as a Pillow image.

    Args:
      x: array-like of rank 3, with 1, 3 or 4 channels.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      scale: whether the smallest value becomes 0 and the greatest 255.
      dtype: in which dtype to scale; `floatx` for None.

    Raises:
      ImportError: there is no Pillow.
      ValueError: another rank or number of channels.
    """
    image = _pillow("array_to_img")
    data_format = standardize_data_format(data_format)
    array = np.asarray(x, dtype=floatx() if dtype is None else dtype)
    if array.ndim != 3:
        raise ValueError(f"Expected image array to have rank 3 (single image). Got array with shape: {array.shape}")
    if data_format == "channels_first":
        array = array.transpose(1, 2, 0)
    if scale:
        array = array - np.min(array)
        greatest = np.max(array)
        if greatest != 0:
            array /= greatest
        array *= 255
    channels = array.shape[2]
    if channels in (3, 4):
        return image.fromarray(array.astype("uint8"))
    if channels == 1:
        return image.fromarray(array[:, :, 0].astype("int32" if np.max(array) > 255 else "uint8"))
    raise ValueError(f"Unsupported channel number: {channels}")


def img_to_array(img: Any, data_format: str | None = None, dtype: Any = None) -> Any:
    """A Pillow image as an array of rank 3.

    Args:
      img: the image, or an array of rank 2 or 3.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      dtype: of the array; `floatx` for None.

    Raises:
      ValueError: another rank.
    """
    first = standardize_data_format(data_format) == "channels_first"
    x = np.asarray(img, dtype=floatx() if dtype is None else dtype)
    if x.ndim == 3:
        return x.transpose(2, 0, 1) if first else x
    if x.ndim == 2:
        return x[None] if first else x[..., None]
    raise ValueError(f"Unsupported image shape: {x.shape}")


def save_img(path: Any, x: Any, data_format: str | None = None, file_format: str | None = None, scale: bool = True,
             **kwargs: Any) -> None:
    """Writes an array as an image file.

    Args:
      path: a path, or a file.
      x: the array, as for `array_to_img`.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      file_format: such as `"png"`; that of the path's ending for None.
      scale: whether the smallest value becomes 0 and the greatest 255.
      **kwargs: passed on to Pillow.
    """
    data_format = standardize_data_format(data_format)
    if file_format is None and isinstance(path, (str, pathlib.Path)):
        file_format = pathlib.Path(path).suffix[1:].lower()
    if file_format and file_format.lower() == "jpg":
        file_format = "jpeg"
    img = array_to_img(x, data_format=data_format, scale=scale)
    if img.mode == "RGBA" and file_format == "jpeg":
        warnings.warn("The JPEG format does not support RGBA images, converting to RGB.", stacklevel=2)
        img = img.convert("RGB")
    img.save(path, format=file_format, **kwargs)


def load_img(path: Any, color_mode: str = "rgb", target_size: tuple[int, int] | None = None,
             interpolation: str = "nearest", keep_aspect_ratio: bool = False) -> Any:
    """An image file as a Pillow image.

    Args:
      path: a path, or an `io.BytesIO`.
      color_mode: `"grayscale"`, `"rgb"` or `"rgba"`.
      target_size: height and width to resize to; None for those that it has.
      interpolation: `"nearest"`, `"bilinear"`, `"bicubic"`, `"hamming"`, `"box"` or `"lanczos"`.
      keep_aspect_ratio: whether edges are cut off rather than proportions changed.

    Raises:
      ImportError: there is no Pillow.
      TypeError: the path is none.
      ValueError: an unknown mode or interpolation.
    """
    image = _pillow("load_img")
    if isinstance(path, io.BytesIO):
        img = image.open(path)
    elif isinstance(path, (os.PathLike, bytes, str)):
        with open(path, "rb") as file:
            img = image.open(io.BytesIO(file.read()))
    else:
        raise TypeError(f"path should be path-like or io.BytesIO, not {type(path)}")
    if color_mode not in ("grayscale", "rgb", "rgba"):
        raise ValueError('color_mode must be "grayscale", "rgb", or "rgba"')
    if color_mode == "grayscale":  # Those of more than 8 bits are grey already.
        img = img if img.mode in ("L", "I;16", "I") else img.convert("L")
    elif img.mode != color_mode.upper():
        img = img.convert(color_mode.upper())
    if target_size is None or img.size == (target_size[1], target_size[0]):
        return img
    if interpolation not in _METHODS:
        raise ValueError(f"Invalid interpolation method {interpolation} specified. Supported methods are "
                         f"{', '.join(_METHODS)}")
    method = getattr(image.Resampling, interpolation.upper())
    size = (target_size[1], target_size[0])
    if not keep_aspect_ratio:
        return img.resize(size, method)
    width, height = img.size
    new_height = min(height, width * size[1] // size[0])
    new_width = min(width, height * size[0] // size[1])
    top, left = (height - new_height) // 2, (width - new_width) // 2
    return img.resize(size, method, box=(left, top, left + new_width, top + new_height))
