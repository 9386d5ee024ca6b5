"""JPEG files by way of Pillow, with the choices that TensorFlow leaves its users: which transform, which upsampling."""
from __future__ import annotations

import io
from typing import Any

import numpy as np

from .png import BadImageError

Array = np.ndarray[Any, Any]
MAGIC = b"\xff\xd8\xff"
_END = b"\xff\xd9"


def encode(image: Array, quality: int = 95, progressive: bool = False, optimize: bool = False, downsampling: bool = True,
           unit: str = "in", density: tuple[int, int] = (300, 300), xmp: bytes = b"") -> bytes:
    """A JPEG file of `[height, width, channels]`, uint8 with one or three channels."""
    from PIL import Image
    out = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(image[..., 0] if image.shape[2] == 1 else image))
    options = {"subsampling": 2 if downsampling else 0} if image.shape[2] == 3 else {}
    picture.save(out, "JPEG", quality=quality, progressive=progressive, optimize=optimize, dpi=(300, 300), **options)
    data = out.getvalue()
    # The first segment, JFIF, holds the density in bytes 13 to 17; what follows it comes after byte 20.
    head = data[:13] + bytes([1 if unit == "in" else 2]) + b"".join(int(d).to_bytes(2, "big") for d in density) + data[18:20]
    if xmp:
        body = b"http://ns.adobe.com/xap/1.0/\0" + xmp
        head += b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    return head + data[20:]


def _opened(data: bytes) -> Any:
    from PIL import Image
    try:
        return Image.open(io.BytesIO(data), formats=["JPEG"])
    except (OSError, SyntaxError, ValueError, IndexError) as error:
        raise BadImageError(str(error)) from error


def size(data: bytes) -> tuple[int, int, int]:
    """The height, width and number of channels of a JPEG file.

    Raises:
      BadImageError: the file is damaged.
    """
    image = _opened(data)
    return image.height, image.width, len(image.getbands())


def _pixels(data: bytes, mode: str, ratio: int, plain: bool) -> Array:
    """The pixels as Pillow reads them: by the accurate transform and smooth upsampling, or (`plain`) by the fast
    transform and repetition, which are two of libjpeg's four ways."""
    image = _opened(data)
    if mode and image.mode == "RGB":
        image.draft(mode, image.size)
    if ratio > 1:
        image._size = tuple(-(-n // ratio) for n in image.size)
        image.tile = [tile._replace(extents=(0, 0, *image.size)) for tile in image.tile]
    image.decoderconfig = (ratio, int(plain))
    try:
        return np.asarray(image)
    except (OSError, SyntaxError, ValueError, IndexError) as error:
        raise BadImageError(str(error)) from error


def _sampling(image: Any) -> tuple[int, int]:
    """How many times wider and higher the first component is than the others; (0, 0) for anything unusual."""
    layers = image.layer
    if len(layers) != 3 or any(layer[1:3] != (1, 1) for layer in layers[1:]):
        return (1, 1) if len({tuple(layer[1:3]) for layer in layers}) == 1 else (0, 0)
    return layers[0][1], layers[0][2]


def decode(data: bytes, channels: int = 0, ratio: int = 1, fancy: bool = True, recover: bool = False,
           accurate: bool = False) -> Array:
    """The pixels `[height, width, channels]` of a JPEG file, uint8.

    Args:
      data: the file.
      channels: 1 or 3, or 0 for as many as there are.
      ratio: by what height and width are divided: 1, 2, 4 or 8.
      fancy: whether colours are upsampled smoothly rather than repeated.
      recover: whether a file that ends early is read as far as it goes.
      accurate: whether the accurate integer transform is taken rather than the fast one.

    Raises:
      BadImageError: the file is damaged.
    """
    if recover:
        data += _END * 2
    image = _opened(data)
    if image.mode == "CMYK":
        if channels == 1:
            raise BadImageError("ink does not become grey")
        return _of_cmyk(_pixels(data, "", ratio, not accurate))
    if channels == 1 or image.mode == "L":
        grey = _pixels(data, "L", ratio, not accurate)[..., None]
        return np.repeat(grey, 3, -1) if channels == 3 else grey
    wide, high = _sampling(image)
    if (wide, high) == (1, 1) or (ratio == 1 and accurate == fancy) or ratio > 1:
        return _pixels(data, "", ratio, not accurate)
    if fancy and (wide, high) in ((2, 1), (1, 2), (2, 2)):
        return _smooth(_pixels(data, "YCbCr", 1, True), wide, high)
    # The accurate transform with repetition, which Pillow does not offer, differs in few levels from the fast one.
    return _pixels(data, "", ratio, not fancy)


def _of_cmyk(x: Array) -> Array:
    """RGB from inks."""
    light = 255 - x.astype(np.int32)
    return (light[..., :3] * light[..., 3:] // 255).astype(np.uint8)


# Smooth upsampling: each new sample lies a quarter away from one sample and three quarters from the next.


def _doubled(x: Array, axis: int, low: int, high: int, shift: int, ends: int) -> Array:
    """Twice as many samples along an axis, with the roundings `low` and `high` for the first and second of each pair; the
    two at the ends are their neighbours times `ends`, rounded likewise."""
    x = np.moveaxis(x, axis, 0)
    before, after = np.concatenate([x[:1], x[:-1]]), np.concatenate([x[1:], x[-1:]])
    out = np.empty((2 * len(x), *x.shape[1:]), np.int32)
    out[0::2], out[1::2] = (3 * x + before + low) >> shift, (3 * x + after + high) >> shift
    if ends:
        out[0], out[-1] = (ends * x[0] + low) >> shift, (ends * x[-1] + high) >> shift
    turned: Array = np.moveaxis(out, 0, axis)
    return turned


def _upsampled(x: Array, wide: int, high: int, repeated: Array) -> Array:
    if x.shape[1] <= 2 and wide == 2:
        return repeated.astype(np.int32)  # too narrow to be smoothed
    x = x.astype(np.int32)
    if (wide, high) == (2, 1):
        return _doubled(x, 1, 1, 2, 2, 4)
    if (wide, high) == (1, 2):
        return _doubled(x, 0, 1, 2, 2, 0)
    # Rows first, unrounded; then columns, with the rounding for both.
    return _doubled(_doubled(x, 0, 0, 0, 0, 0), 1, 8, 7, 4, 4)


def _smooth(planes: Array, wide: int, high: int) -> Array:
    """RGB from planes whose colours are repeated: what the file has, upsampled smoothly, in libjpeg's arithmetic."""
    height, width = planes.shape[:2]
    y = planes[..., 0].astype(np.int32)
    blue, red = (_upsampled(planes[::high, ::wide, i], wide, high, planes[..., i])[:height, :width] - 128 for i in (1, 2))
    half = 1 << 15
    out = np.stack([y + ((91881 * red + half) >> 16), y + ((-22554 * blue - 46802 * red + half) >> 16),
                    y + ((116130 * blue + half) >> 16)], -1)
    rgb: Array = np.clip(out, 0, 255).astype(np.uint8)
    return rgb
