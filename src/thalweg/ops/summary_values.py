"""What summaries are made of: numbers, histograms, pictures and sounds as parts of a `Summary` message."""
from __future__ import annotations

import functools
from typing import Any

import numpy as np

from ..core import dtypes
from ..formats.event_proto import Audio, HistogramProto, Image, Summary, Value
from .common import shape_text
from .image import png
from .layout import bad
from .wav import encode_wav_

Array = np.ndarray[Any, Any]
_LARGEST = np.finfo(np.float64).max
_DARK = 1e-6
"""The largest value of a picture below which it counts as black."""


# Histograms.


@functools.lru_cache(1)
def bucket_limits() -> Array:
    """The limits of TensorFlow's buckets: from 1e-12 to 1e20 in steps of a tenth, the same below zero, and the ends."""
    limits = [1e-12]
    while limits[-1] * 1.1 < 1e20:
        limits.append(limits[-1] * 1.1)
    upper = np.array([*limits, _LARGEST])
    return np.concatenate([-upper[::-1], [0.0], upper])


def _sum(values: Array) -> float:
    """The sum of numbers, added to zero in their order."""
    return 0.0 + float(np.cumsum(values)[-1]) if values.size else 0.0


def _shown(counts: Array) -> Array:
    """Which buckets a message has: of empty ones that follow one another only the last."""
    empty = counts <= 0
    followed = np.append(empty[1:], False)
    shown: Array = np.logical_not(empty & followed)
    return shown


def histogram(values: Any, what: str) -> HistogramProto:
    """The histogram of numbers.

    Args:
      values: of any shape.
      what: the name in the texts of errors.

    Raises:
      InvalidArgumentError: NaN or infinity among the values.
    """
    flat = np.asarray(values).reshape(-1).astype(np.float64)
    for wrong, word in ((np.isnan(flat), "Nan in summary histogram"), (np.isinf(flat), "Infinity in Histogram")):
        if wrong.any():
            raise bad(f"{word} for: {what}")
    limits = bucket_limits()
    places = np.minimum(np.searchsorted(limits, flat, side="right"), len(limits) - 1)
    counts = np.bincount(places, minlength=len(limits)).astype(np.float64)
    shown = _shown(counts)
    low, high = (flat[flat.argmin()], flat[flat.argmax()]) if flat.size else (_LARGEST, -_LARGEST)
    return HistogramProto(
        min=low, max=high, num=float(flat.size), sum=_sum(flat),
        sum_squares=_sum(flat * flat), bucket_limit=limits[shown], bucket=counts[shown])


# Pictures.


def _pixels(image: Array, bad_color: Array) -> Array:
    """Numbers as bytes: zero at 0, or in the middle where there are negative ones; the largest one at an end."""
    if image.dtype == np.uint8:
        return image
    kind = image.dtype.type
    finite = np.isfinite(image).all(-1)
    held = image[finite]
    low, high = (held.min(), held.max()) if held.size else (np.inf, -np.inf)
    if low < 0:
        largest = np.float32(max(abs(low), abs(high)))
        scale, offset = kind(0 if largest < _DARK else np.float32(127) / largest), kind(128)
    else:
        scale, offset = kind(0 if high < _DARK else np.float32(255) / np.float32(high)), kind(0)
    out = np.empty(image.shape, np.uint8)
    out[finite] = (held * scale + offset).astype(np.uint8)
    out[~finite] = bad_color[:image.shape[-1]]
    return out


def _numbered(tag: str, kind: str, index: int, most: int) -> str:
    """The tag of one of several values."""
    return f"{tag}/{kind}/{index}" if most > 1 else f"{tag}/{kind}"


def check_pixels(pictures: Any) -> None:
    """Raises `InvalidArgumentError` where pictures have no pixels."""
    shape = np.shape(pictures)
    if 0 in shape[1:]:
        raise bad(f"input tensor must have non-zero dims. Found: {list(shape)}.")


def images(tag: str, tensor: Any, most: int, bad_color: Any) -> list[Value]:
    """Pictures as PNG files.

    Args:
      tag: what their tags begin with.
      tensor: shape `[count, height, width, channels]`, uint8 or floating.
      most: how many to take at most.
      bad_color: what stands for pixels that are not finite.

    Raises:
      InvalidArgumentError: another shape; no picture in it; a color of another kind.
    """
    x, color = np.asarray(tensor), np.asarray(bad_color)
    if x.ndim != 4 or x.shape[3] not in (1, 3, 4):
        raise bad(f"Tensor must be 4-D with last dim 1, 3, or 4, not {shape_text(x.shape)}")
    if x.dtype != np.uint8:
        _check_color(color, x.shape[3])
    count = min(most, x.shape[0])
    if count:
        check_pixels(x)
    return [Value(tag=_numbered(tag, "image", i, most), image=Image(
        height=x.shape[1], width=x.shape[2], colorspace=x.shape[3],
        encoded_image_string=png.encode(_pixels(x[i], color), -1))) for i in range(count)]


def _check_color(color: Array, depth: int) -> None:
    if color.dtype != np.uint8:
        raise bad(f"bad_color must be uint8, got {dtypes.type_name(dtypes.from_numpy(color.dtype))}")
    if color.ndim != 1:
        raise bad(f"bad_color must be a vector, got shape {shape_text(color.shape)}")
    if len(color) < depth:
        raise bad(f"expected depth <= bad_color.size, got depth = {depth}, bad_color.size = {len(color)}")


# Sounds.


def sounds(tag: str, tensor: Any, rate: Any, most: int) -> list[Value]:
    """Sounds as WAV files.

    Args:
      tag: what their tags begin with.
      tensor: shape `[count, frames]` or `[count, frames, channels]`, in [-1, 1].
      rate: frames a second.
      most: how many to take at most.

    Raises:
      InvalidArgumentError: another shape; a rate that is not positive.
    """
    x, rate = np.asarray(tensor), np.asarray(rate)
    if x.ndim not in (2, 3):
        raise bad(f"Tensor must be 3-D or 2-D, got: {shape_text(x.shape)}")
    rate = rate.reshape(-1)[0]
    if not rate > 0:
        raise bad("sample_rate must be > 0")
    x = x[..., None] if x.ndim == 2 else x
    if len(x) and x.shape[1] and not x.shape[2]:
        raise bad("audio is null")
    found = []
    for i in range(min(most, len(x))):
        file = encode_wav_.kernel(np, x[i], np.int32(max(1, np.rint(rate))))[()]
        found.append(Value(tag=_numbered(tag, "audio", i, most), audio=Audio(
            sample_rate=rate, num_channels=x.shape[2], length_frames=x.shape[1], encoded_audio_string=file,
            content_type="audio/wav")))
    return found


def number(tag: str, value: Any) -> Value:
    """A number as float32."""
    return Value(tag=tag, simple_value=np.float32(value))


def summary(values: list[Value]) -> bytes:
    """A `Summary` of values, as bytes."""
    return Summary(value=values).SerializeToString()
