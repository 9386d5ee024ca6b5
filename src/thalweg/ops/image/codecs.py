"""The Decode and Encode ops of image files; the formats are in `png`, `jpeg` and `gif_bmp`."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ..common import shape_text
from ..creation import ints
from ..layout import bad
from . import gif_bmp, jpeg, png
from .png import BadImageError

Array = np.ndarray[Any, Any]

# Recognising and decoding.

_KINDS = ((jpeg.MAGIC, "JPEG"), (png.MAGIC[:4], "PNG"), (b"GIF8", "GIF"), (b"BM", "BMP"))


def _contents(x: Any) -> bytes:
    if np.ndim(x):
        raise bad(f"`contents` must be scalar but got shape{shape_text(np.shape(x))}")
    value = np.asarray(x, object)[()]
    data = value if isinstance(value, bytes) else str(value).encode()
    if not data:
        raise bad("Input is empty.")
    return data


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    for magic, kind in _KINDS:
        if data.startswith(magic):
            return kind
    raise bad("Unknown image file format. One of JPEG, JPEG XL, PNG, GIF, BMP, WebP required.")


_JPEG_DEFAULTS = {"ratio": 1, "fancy_upscaling": True, "try_recover_truncated": False, "acceptable_fraction": 1.0,
                  "dct_method": ""}


def _jpeg(data: bytes, channels: int, options: dict[str, Any]) -> Array:
    wanted = {**_JPEG_DEFAULTS, **options}
    return jpeg.decode(data, channels, wanted["ratio"], wanted["fancy_upscaling"], wanted["try_recover_truncated"],
                             wanted["dct_method"] == "INTEGER_ACCURATE")


def _check_jpeg(options: dict[str, Any]) -> dict[str, Any]:
    if options.get("ratio", 1) not in (1, 2, 4, 8):
        raise bad(f"ratio must be 1, 2, 4, or 8, got {options['ratio']}")
    method = options.get("dct_method", "")
    method = method.decode() if isinstance(method, bytes) else method
    if method not in ("", "INTEGER_FAST", "INTEGER_ACCURATE"):
        raise bad("dct_method must be one of {'', 'INTEGER_FAST', 'INTEGER_ACCURATE'}")
    return {**options, "dct_method": method}


def _decode(contents: Any, type: str, channels: int = 0, dtype: dtypes.DType = dtypes.uint8, animated: bool | None = None,
            **options: Any) -> Array:
    """Decodes whatever format there is; ops differ in what they make of frames.

    Args:
      contents: the file.
      type: of the op.
      channels: how many are wanted, or 0.
      dtype: uint8, uint16 or float32.
      animated: True for a dimension of frames always, None for files that have one, False for the first frame alone.
      options: of JPEG files.
    """
    data = _contents(contents)
    options = _check_jpeg(options)
    if channels not in (0, 1, 3, 4):
        raise bad(f"`channels` must be 0, 1, 3 or 4 but got {channels}")
    kind = _kind(data)
    if kind in ("JPEG", "PNG", "GIF") and type == "DecodeBmp":
        raise bad(f"Trying to decode {kind} format using DecodeBmp op. Use `decode_{kind.lower()}` or `decode_image` "
                  "instead.")
    if kind == "BMP" and type not in ("DecodeBmp", "DecodeImage"):
        raise bad("Trying to decode BMP format using a wrong op. Use `decode_bmp` or `decode_image` instead. Op used: "
                  f"{type}")
    try:
        if kind == "JPEG":
            if channels == 4:
                raise bad("JPEG does not support 4 channels")
            image = _jpeg(data, 3 if type == "DecodeGif" else channels, options)
        elif kind == "PNG":
            image = png.decode(data, 3 if type == "DecodeGif" else channels, dtype != dtypes.uint8)
        elif kind == "GIF":
            image = _gif(data, type, channels, animated)
        elif kind == "BMP":
            if channels == 1:
                raise bad("`channels` must be 0, 3 or 4 for BMP, but got 1")
            image = gif_bmp.decode_bmp(data, channels)
        else:
            frames = gif_bmp.decode_webp(data, 3 if type == "DecodeGif" else channels)
            image = frames[0] if animated is False else frames
    except BadImageError as error:
        raise bad("jpeg::Uncompress failed. Invalid JPEG data or crop window." if kind == "JPEG" else
                  str(error) if kind in ("BMP", "WebP") else f"Invalid {kind} data, size {len(data)}") from error
    if type == "DecodeGif" and image.ndim == 3:
        image = image[None]
    return _in_dtype(image, dtype)


def _gif(data: bytes, type: str, channels: int, animated: bool | None) -> Array:
    if channels not in (0, 3):
        raise bad(f"channels must be 0 or 3 for GIF, but got {channels}")
    frames = gif_bmp.decode_gif(data, first_only=animated is False)
    if type in ("DecodePng", "DecodeJpeg", "DecodeAndCropJpeg"):
        if len(frames) > 1:
            raise bad(f"Got {len(frames)} frames, but animated gifs can only be decoded by tf.io.decode_gif or "
                      "tf.io.decode_image")
        frames = frames[:1]
        animated = False
    out: Array = frames[0] if animated is False else frames
    return out


def _in_dtype(image: Array, dtype: dtypes.DType) -> Array:
    if dtype == dtypes.float32:
        return image.astype(np.float32) * np.float32(1 / np.iinfo(image.dtype).max)
    if dtype == dtypes.uint16 and image.dtype == np.uint8:
        return image.astype(np.uint16) * np.uint16(256)
    return image


def _image_shape(op: Any) -> Any:
    channels = op.attrs.get("channels", 0)
    if channels < 0:
        raise ValueError(f"channels must be non-negative, got {channels}")
    return [(TensorShape([None, None, channels or None]), op.attrs.get("dtype", dtypes.uint8))]


_CHANNELS = "channels: int = 0"
_JPEG = f"{_CHANNELS}; ratio: int = 1; fancy_upscaling: bool = true; try_recover_truncated: bool = false; " \
    'acceptable_fraction: float = 1; dct_method: string = ""'


@op("DecodeJpeg", "contents: string -> image: uint8", attrs=_JPEG, infer=_image_shape, host=True, dynamic=True)
def decode_jpeg_(xp: Any, contents: Any, **options: Any) -> Any:
    return _decode(contents, "DecodeJpeg", **options)


@op("DecodePng", "contents: string -> image: dtype", attrs=f"{_CHANNELS}; dtype: {{uint8, uint16}} = uint8",
    infer=_image_shape, host=True, dynamic=True)
def decode_png_(xp: Any, contents: Any, channels: int = 0, dtype: Any = dtypes.uint8) -> Any:
    return _decode(contents, "DecodePng", channels, dtype)


@op("DecodeBmp", "contents: string -> image: uint8", attrs=_CHANNELS, infer=_image_shape, host=True, dynamic=True)
def decode_bmp_(xp: Any, contents: Any, channels: int = 0) -> Any:
    return _decode(contents, "DecodeBmp", channels)


@op("DecodeWebP", "contents: string -> image: dtype", attrs=f"{_CHANNELS}; dtype: {{uint8}} = uint8", host=True, dynamic=True,
    infer=lambda op: [(TensorShape([None, None, None, op.attrs.get("channels", 0) or None]), dtypes.uint8)])
def decode_webp_(xp: Any, contents: Any, channels: int = 0, dtype: Any = dtypes.uint8) -> Any:
    return _decode(contents, "DecodeWebP", channels)


@op("DecodeGif", "contents: string -> image: uint8", host=True, dynamic=True,
    infer=lambda op: [(TensorShape([None, None, None, 3]), dtypes.uint8)])
def decode_gif_(xp: Any, contents: Any) -> Any:
    return _decode(contents, "DecodeGif", animated=True)


@op("DecodeImage", "contents: string -> image: dtype",
    attrs=f"{_CHANNELS}; dtype: {{uint8, uint16, float}} = uint8; expand_animations: bool = true", host=True, dynamic=True,
    infer=lambda op: [(unknown_shape(), op.attrs.get("dtype", dtypes.uint8))])
def decode_image_(xp: Any, contents: Any, channels: int = 0, dtype: Any = dtypes.uint8,
                  expand_animations: bool = True) -> Any:
    return _decode(contents, "DecodeImage", channels, dtype, animated=None if expand_animations else False)


def _cropped_shape(op: Any) -> Any:
    window, channels = op.inputs[1].value, op.attrs.get("channels", 0) or None
    sizes = [None, None] if window is None else [int(v) for v in ints(window)[2:]]
    return [(TensorShape([*sizes, channels]), dtypes.uint8)]


@op("DecodeAndCropJpeg", "contents: string, crop_window: int32 static -> image: uint8", attrs=_JPEG, infer=_cropped_shape,
    host=True, dynamic=True)
def decode_and_crop_jpeg_(xp: Any, contents: Any, crop_window: Any, **options: Any) -> Any:
    window = ints(crop_window)
    if np.ndim(crop_window) != 1:
        raise bad(f"crop_window must be 1-D, got {shape_text(np.shape(crop_window))}")
    if len(window) != 4:
        raise bad(f"crop_size must have four elements {shape_text(np.shape(crop_window))}")
    image = _decode(contents, "DecodeAndCropJpeg", **options)
    top, left, height, width = window
    if top < 0 or left < 0 or height <= 0 or width <= 0 or top + height > image.shape[0] or left + width > image.shape[1]:
        raise bad("jpeg::Uncompress failed. Invalid JPEG data or crop window.")
    return np.ascontiguousarray(image[top:top + height, left:left + width])


@op("ExtractJpegShape", "contents: string -> image_shape: output_type", attrs="output_type: {int32, int64} = int32",
    infer=lambda op: [(TensorShape([3]), op.attrs.get("output_type", dtypes.int32))], host=True)
def extract_jpeg_shape_(xp: Any, contents: Any, output_type: Any = dtypes.int32) -> Any:
    data = _contents(contents)
    try:
        return np.array(jpeg.size(data), output_type.np)
    except BadImageError as error:
        raise bad(f"Invalid JPEG data, size {len(data)}") from error


# Encoding.


def _string(value: bytes) -> Array:
    out = np.empty((), object)
    out[()] = value
    return out


def _check_colours(image: Array, wanted: str) -> None:
    if image.ndim != 3:
        raise bad(f"image must be 3-dimensional{shape_text(image.shape)}")
    channels = image.shape[2]
    if not wanted and channels not in (1, 3):
        raise bad(f"image must have 1 or 3 channels, got {shape_text(image.shape)}")
    if wanted and channels != {"grayscale": 1, "rgb": 3}[wanted]:
        raise bad(f"format {wanted} expects {1 if wanted == 'grayscale' else 3} channels, got {shape_text(image.shape)}")


def _check_quality(quality: int) -> None:
    if not 0 <= quality <= 100:
        raise bad(f"quality must be in [0,100], got {quality}")


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _one_file(op: Any) -> TensorShape:
    rank = op.inputs[0].shape.rank
    if rank not in (None, 3):
        raise ValueError(f"Shape must be rank 3 but is rank {rank}")
    return TensorShape([])


@op("EncodeJpeg", "image: uint8 -> contents: string",
    attrs='format: {"", "grayscale", "rgb"} = ""; quality: int = 95; progressive: bool = false; optimize_size: bool = false; '
    'chroma_downsampling: bool = true; density_unit: {"in", "cm"} = "in"; x_density: int = 300; y_density: int = 300; '
    'xmp_metadata: string = ""', infer=_one_file, host=True)
def encode_jpeg_(xp: Any, image: Any, format: Any = "", quality: int = 95, progressive: bool = False,
                 optimize_size: bool = False, chroma_downsampling: bool = True, density_unit: Any = "in",
                 x_density: int = 300, y_density: int = 300, xmp_metadata: Any = "") -> Any:
    _check_colours(image, _bytes(format).decode())
    _check_quality(quality)
    if not image.size:
        raise errors.InternalError("JPEG encoding failed")
    return _string(jpeg.encode(image, quality, progressive, optimize_size, chroma_downsampling,
                                     _bytes(density_unit).decode(), (x_density, y_density), _bytes(xmp_metadata)))


@op("EncodeJpegVariableQuality", "images: uint8, quality: int32 -> contents: string", infer=_one_file, host=True)
def encode_jpeg_variable_quality(xp: Any, image: Any, quality: Any) -> Any:
    if np.ndim(quality):
        raise bad(f"quality must be scalar: {shape_text(np.shape(quality))}")
    _check_colours(image, "")
    _check_quality(int(quality))
    if not image.size:
        raise errors.InternalError("JPEG encoding failed")
    return _string(jpeg.encode(image, int(quality)))


def _batch_shape(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape
    if shape.rank is not None and shape.rank < 3:
        raise ValueError(f"Shape must be at least rank 3 but is rank {shape.rank}")
    return unknown_shape() if shape.rank is None else shape[:-3]


@op("EncodePng", "image: T -> contents: string", attrs="compression: int = -1; T: {uint8, uint16} = uint8",
    infer=_batch_shape, host=True)
def encode_png_(xp: Any, image: Any, compression: int = -1) -> Any:
    if not -1 <= compression <= 9:
        raise bad(f"compression should be in [-1,9], got {compression}")
    if image.ndim < 3:
        raise bad(f"images must be at least rank 3{shape_text(image.shape)}")
    if not 1 <= image.shape[-1] <= 4:
        raise bad(f"image must have 1, 2, 3, or 4 channels, got {image.shape[-1]}")
    batch = image.shape[:-3]
    out = np.empty(batch, object)
    for place in np.ndindex(*batch):
        if not image[place].size:
            raise errors.InternalError("PNG encoding failed at the following flattened batch indices: "
                                       f"{int(np.ravel_multi_index(place, batch)) if batch else 0}")
        out[place] = png.encode(image[place], compression)
    return out
