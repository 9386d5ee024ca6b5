"""The public functions of image files: `tf.io.decode_jpeg`, `encode_png` and their kin."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import LISTED, apply
from ...core.opdef import OpDef
from ..layout import bad
from .checks import check_choice, scope
from .codecs import (
    decode_and_crop_jpeg_,
    decode_bmp_,
    decode_gif_,
    decode_image_,
    decode_jpeg_,
    decode_png_,
    decode_webp_,
    encode_jpeg_,
    encode_jpeg_variable_quality,
    encode_png_,
    extract_jpeg_shape_,
)
from .colors import convert_image_dtype
from .jpeg import MAGIC


def _text(contents: Any) -> Any:
    return convert_to_tensor(contents, dtypes.string)


def decode_jpeg(contents: Any, channels: int = 0, ratio: int = 1, fancy_upscaling: bool = True,
                try_recover_truncated: bool = False, acceptable_fraction: float = 1, dct_method: str = "",
                name: str | None = None) -> Any:
    """The pixels of a JPEG file, uint8 `[height, width, channels]`. It also reads PNG files, and GIF files of one frame.

    Args:
      contents: the file, a string scalar.
      channels: 1 for grey, 3 for RGB, 0 for what the file has.
      ratio: 1, 2, 4 or 8, by which height and width are divided.
      fancy_upscaling: whether colours are upsampled smoothly.
      try_recover_truncated: whether a file that ends early is read as far as it goes.
      acceptable_fraction: accepted, without effect.
      dct_method: "INTEGER_FAST" (also ""), or "INTEGER_ACCURATE".
      name: of the operation.

    Raises:
      InvalidArgumentError: no such file, a damaged one, or an argument that is none of the values named.
    """
    attrs = {"channels": channels, "ratio": ratio, "fancy_upscaling": fancy_upscaling,
             "try_recover_truncated": try_recover_truncated, "acceptable_fraction": acceptable_fraction,
             "dct_method": dct_method}
    return apply(decode_jpeg_, (_text(contents),), attrs, name)


def decode_and_crop_jpeg(contents: Any, crop_window: Any, channels: int = 0, ratio: int = 1, fancy_upscaling: bool = True,
                         try_recover_truncated: bool = False, acceptable_fraction: float = 1, dct_method: str = "",
                         name: str | None = None) -> Any:
    """A rectangle of a JPEG file, given as `[top, left, height, width]`; otherwise as `tf.io.decode_jpeg`.

    TensorFlow upsamples colours without looking beyond the rectangle, so that its outermost pixels may differ a little.

    Raises:
      InvalidArgumentError: the rectangle is not within the image, or as `tf.io.decode_jpeg`.
    """
    from .resize import size_arg
    attrs = {"channels": channels, "ratio": ratio, "fancy_upscaling": fancy_upscaling,
             "try_recover_truncated": try_recover_truncated, "acceptable_fraction": acceptable_fraction,
             "dct_method": dct_method}
    return apply(decode_and_crop_jpeg_, (_text(contents), size_arg(crop_window)), attrs, name)


def decode_png(contents: Any, channels: int = 0, dtype: Any = dtypes.uint8, name: str | None = None) -> Any:
    """The pixels of a PNG file, `[height, width, channels]`. It also reads JPEG files, and GIF files of one frame.

    Args:
      contents: the file, a string scalar.
      channels: 1 for grey, 3 for RGB, 4 for RGB and alpha, 0 for what the file has.
      dtype: uint8 or uint16.
      name: of the operation.

    Raises:
      InvalidArgumentError: no such file, a damaged one, another number of channels or dtype.
    """
    return _typed(decode_png_, contents, {"channels": channels}, dtype, name)


def _typed(entry: OpDef, contents: Any, attrs: dict[str, Any], dtype: Any, name: str | None) -> Any:
    dtype = dtypes.as_dtype(dtype)
    attr = entry.signature.attr("dtype")
    if attr is not None and dtypes.type_name(dtype) not in attr.allowed:
        raise bad(f"Value for attr 'dtype' of {dtypes.type_name(dtype)} is not in the list of allowed values: "
                  f"{', '.join(attr.allowed)}\n\t; NodeDef: {{{{node {entry.type}}}}}; {entry.describe()} "
                  f"[Op:{entry.type}] name: {name or ''}")
    if name is None and isinstance(contents, (bytes, str)):
        name = LISTED
    return apply(entry, (_text(contents),), {**attrs, "dtype": dtype}, name)


def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Any:
    """The pixels of an uncompressed BMP file, uint8 `[height, width, channels]`; 3 or 4 channels, 0 for the file's own.

    Raises:
      InvalidArgumentError: no such file, a damaged one, or another number of channels.
    """
    return apply(decode_bmp_, (_text(contents),), {"channels": channels}, name)


def decode_gif(contents: Any, name: str | None = None) -> Any:
    """The frames of a GIF file, uint8 `[frames, height, width, 3]`, each drawn over the one before.

    JPEG and PNG files have one frame.

    Raises:
      InvalidArgumentError: no such file, or a damaged one.
    """
    return apply(decode_gif_, (_text(contents),), name=name)


def decode_webp(contents: Any, channels: int = 0, dtype: Any = dtypes.uint8, name: str | None = None) -> Any:
    """The frames of a WebP file, uint8 `[frames, height, width, channels]`; 3 or 4 channels, 0 for the file's own.

    Raises:
      InvalidArgumentError: no such file, or a damaged one.
    """
    return _typed(decode_webp_, contents, {"channels": channels}, dtype, name)


def decode_image(contents: Any, channels: int | None = None, dtype: Any = dtypes.uint8, name: str | None = None,
                 expand_animations: bool = True) -> Any:
    """The pixels of a JPEG, PNG, GIF or BMP file.

    Args:
      contents: the file, a string scalar.
      channels: as in `tf.io.decode_png`; None is 0.
      dtype: of the result; other dtypes than uint8, uint16 and float32 by way of uint16.
      name: of the operation.
      expand_animations: whether GIF files become `[frames, height, width, 3]` rather than their first frame.

    Raises:
      InvalidArgumentError: no such file, a damaged one, or a number of channels that it cannot have.
    """
    with scope(name, "decode_image"):
        wanted = dtypes.as_dtype(dtype)
        own = wanted if wanted in (dtypes.float32, dtypes.uint8, dtypes.uint16) else dtypes.uint16
        attrs = {"channels": channels or 0, "expand_animations": expand_animations}
        image = _typed(decode_image_, contents, attrs, own, None)
        if own != wanted:
            image = convert_image_dtype(image, wanted)
        if not expand_animations and hasattr(image, "set_shape"):
            image.set_shape([None, None, channels or None])
        return image


def extract_jpeg_shape(contents: Any, output_type: Any = dtypes.int32, name: str | None = None) -> Any:
    """The height, width and number of channels of a JPEG file, `[3]`, without decoding it.

    Raises:
      InvalidArgumentError: no such file.
    """
    return apply(extract_jpeg_shape_, (_text(contents),), {"output_type": dtypes.as_dtype(output_type)}, name)


def is_jpeg(contents: Any, name: str | None = None) -> Any:
    """Whether strings begin as JPEG files do."""
    from ..comparison import equal
    from ..text.elements import substr
    with scope(name, "is_jpeg"):
        return equal(substr(_text(contents), 0, 3), convert_to_tensor(MAGIC))


def encode_jpeg(image: Any, format: str = "", quality: int = 95, progressive: bool = False, optimize_size: bool = False,
                chroma_downsampling: bool = True, density_unit: str = "in", x_density: int = 300, y_density: int = 300,
                xmp_metadata: Any = "", name: str | None = None) -> Any:
    """A JPEG file of an image.

    Args:
      image: uint8 `[height, width, channels]` with one or three channels.
      format: "grayscale", "rgb", or "" for what the channels say.
      quality: from 0 to 100.
      progressive: whether the file shows coarsely first.
      optimize_size: whether more time is spent to make it smaller.
      chroma_downsampling: whether colours have half the resolution.
      density_unit: "in" or "cm".
      x_density, y_density: pixels a unit.
      xmp_metadata: XMP data to put into the file.
      name: of the operation.

    Returns:
      A string scalar.

    Raises:
      InvalidArgumentError: another shape, quality, format or unit.
    """
    attrs: Any = {"format": check_choice(encode_jpeg_, "format", format), "quality": quality, "progressive": progressive,
                  "optimize_size": optimize_size, "chroma_downsampling": chroma_downsampling,
                  "density_unit": check_choice(encode_jpeg_, "density_unit", density_unit), "x_density": x_density,
                  "y_density": y_density, "xmp_metadata": xmp_metadata}
    return apply(encode_jpeg_, (convert_to_tensor(image, dtype_hint=dtypes.uint8),), attrs, name)


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Any:
    """PNG files of images.

    Args:
      image: uint8 or uint16 `[..., height, width, channels]` with one to four channels.
      compression: from 0 to 9, or -1 for the usual one.
      name: of the operation.

    Returns:
      Strings of the batch shape.

    Raises:
      InvalidArgumentError: another number of channels, or another compression.
    """
    return apply(encode_png_, (convert_to_tensor(image),), {"compression": compression}, name)


def adjust_jpeg_quality(image: Any, jpeg_quality: Any, dct_method: str = "", name: str | None = None) -> Any:
    """An image after it was a JPEG file of some quality.

    Args:
      image: `[height, width, channels]` with one or three channels.
      jpeg_quality: from 0 to 100, int32.
      dct_method: as in `tf.io.decode_jpeg`.
      name: of the operation.

    Raises:
      InvalidArgumentError: another number of channels, or a quality outside.
    """
    with scope(name, "adjust_jpeg_quality"):
        image = convert_to_tensor(image)
        channels, dtype = image.shape.as_list()[-1], image.dtype
        data = apply(encode_jpeg_variable_quality, (convert_image_dtype(image, dtypes.uint8, saturate=True),
                                                    convert_to_tensor(jpeg_quality, dtypes.int32)))
        return convert_image_dtype(decode_jpeg(data, channels or 0, dct_method=dct_method), dtype, saturate=True)
