"""Summaries for the pages of TensorBoard: numbers, histograms, pictures, text and sounds."""
from __future__ import annotations

from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..formats.event_proto import SummaryMetadata
from ..ops.arithmetic import maximum, minimum
from ..ops.arrays import concat, reshape, stack
from ..ops.assertions import assert_non_negative
from ..ops.casting import cast
from ..ops.comparison import equal
from ..ops.creation import constant, fill, ones_like, shape, size, stop_gradient
from ..ops.elementwise import floor
from ..ops.gathering import unsorted_segment_sum
from ..ops.image.colors import convert_image_dtype
from ..ops.image.files import encode_png
from ..ops.masking import where
from ..ops.ranges import linspace
from ..ops.reductions import reduce_max, reduce_min
from ..ops.shape_assertions import assert_rank, assert_scalar, assert_type
from ..ops.text.numbers import as_string
from ..ops.wav import encode_wav
from ..runtime.maps import map_fn
from .writing import summary_scope, write

_BUCKETS = 30
_WAV = b"\x10\x0b"
"""What the page of sounds is told: the encoding."""


def _metadata(plugin: str, description: str | None, content: bytes = b"") -> SummaryMetadata:
    return SummaryMetadata(summary_description=description, plugin_data={"plugin_name": plugin, "content": content})


def scalar(name: str, data: Any, step: Any = None, description: str | None = None) -> Any:
    """Writes a number, as float32.

    Args:
      name: the tag, behind the name scopes outside.
      data: a scalar.
      step: an int64 scalar; the default step where it is None.
      description: for the reader, in Markdown.

    Returns:
      A boolean scalar: whether there is a default writer, and the summary is to be recorded.

    Raises:
      ValueError: not a scalar; there is a writer, but no step.
    """
    with summary_scope(name, "scalar_summary") as (tag, _):
        assert_scalar(data)
        return write(tag, cast(data, dtypes.float32), step, _metadata("scalars", description))


def histogram(name: str, data: Any, step: Any = None, buckets: Any = None, description: str | None = None) -> Any:
    """Writes how numbers are distributed: a tensor of shape `[buckets, 3]`, the ends of each bucket and its count.

    Args:
      name: the tag, behind the name scopes outside.
      data: numbers of any shape, a ragged tensor among them.
      step: an int64 scalar; the default step where it is None.
      buckets: how many, an int32 scalar; 30 unless told otherwise.
      description: for the reader, in Markdown.

    Returns:
      A boolean scalar: whether there is a default writer, and the summary is to be recorded.

    Raises:
      ValueError: there is a writer, but no step. TypeError: `buckets` is no whole number.
    """
    data = stop_gradient(getattr(data, "flat_values", data))  # of a ragged tensor, where the rows end does not matter
    with summary_scope(name, "histogram_summary") as (tag, _):
        return write(tag, lambda: bucketed(data, buckets), step, _metadata("histograms", description))


def bucketed(data: Any, buckets: Any = None) -> Any:
    """The distribution of numbers over buckets of equal width.

    Args:
      data: numbers of any shape.
      buckets: how many, an int32 scalar; 30 unless told otherwise, 0 if negative.

    Returns:
      A float64 tensor of shape `[buckets, 3]`. Numbers that are all the same are in the last bucket.

    Raises:
      TypeError: `buckets` is no whole number.
    """
    count = convert_to_tensor(_BUCKETS if buckets is None else buckets)
    assert_scalar(count)
    assert_type(count, dtypes.int32)
    count = maximum(0, count)
    flat = cast(reshape(data, [-1]), dtypes.float64)
    nothing = equal(size(flat), 0)
    zero = constant(0.0, dtypes.float64)
    low, high = where(nothing, zero, reduce_min(flat)), where(nothing, zero, reduce_max(flat))
    single = equal(low, high)
    width = where(single, ones_like(low), (high - low) / cast(count, dtypes.float64))
    places = minimum(cast(floor((flat - low) / width), dtypes.int32), count - 1)
    counts = unsorted_segment_sum(ones_like(flat), where(single, fill(shape(flat), count - 1), places), count)
    edges = concat([linspace(low, high, count + 1)[:-1], [high]], 0)
    return stack([edges[:-1], edges[1:], counts], 1)


def image(name: str, data: Any, step: Any = None, max_outputs: Any = 3, description: str | None = None) -> Any:
    """Writes pictures, as PNG files.

    Args:
      name: the tag, behind the name scopes outside.
      data: shape `[count, height, width, channels]`, with one to four channels; floating numbers in [0, 1], or integers
        over their whole range.
      step: an int64 scalar; the default step where it is None.
      max_outputs: how many to write at most.
      description: for the reader, in Markdown.

    Returns:
      A boolean scalar: whether there is a default writer, and the summary is to be recorded.

    Raises:
      ValueError: another rank; there is a writer, but no step.
    """
    def files() -> Any:
        assert_rank(data, 4)
        assert_non_negative(max_outputs)
        pictures = convert_image_dtype(data, dtypes.uint8, saturate=True)
        sizes = shape(pictures)
        return concat([stack([as_string(sizes[2]), as_string(sizes[1])]), encode_png(pictures[:max_outputs])], 0)
    with summary_scope(name, "image_summary") as (tag, _):
        return write(tag, files, step, _metadata("images", description))


def text(name: str, data: Any, step: Any = None, description: str | None = None) -> Any:
    """Writes text, in Markdown.

    Args:
      name: the tag, behind the name scopes outside.
      data: strings; those of a matrix are shown as a table.
      step: an int64 scalar; the default step where it is None.
      description: for the reader, in Markdown.

    Returns:
      A boolean scalar: whether there is a default writer, and the summary is to be recorded.

    Raises:
      TypeError: something else than strings. ValueError: there is a writer, but no step.
    """
    with summary_scope(name, "text_summary") as (tag, _):
        assert_type(data, dtypes.string)
        return write(tag, data, step, _metadata("text", description))


def audio(name: str, data: Any, sample_rate: Any, step: Any = None, max_outputs: Any = 3, encoding: str | None = None,
          description: str | None = None) -> Any:
    """Writes sounds, as WAV files.

    Args:
      name: the tag, behind the name scopes outside.
      data: shape `[count, frames, channels]`, floating numbers in [-1, 1].
      sample_rate: frames a second, an int32 scalar.
      step: an int64 scalar; the default step where it is None.
      max_outputs: how many to write at most.
      encoding: "wav".
      description: for the reader, in Markdown.

    Returns:
      A boolean scalar: whether there is a default writer, and the summary is to be recorded.

    Raises:
      ValueError: another encoding or rank; there is a writer, but no step.
    """
    if encoding not in (None, "wav"):
        raise ValueError(f"Unknown encoding: {encoding!r}")

    def files() -> Any:
        assert_rank(data, 3)
        assert_non_negative(max_outputs)
        sounds = convert_to_tensor(data)[:max_outputs]
        encoded = map_fn(lambda x: encode_wav(x, sample_rate), sounds, fn_output_signature=dtypes.string)
        return stack([encoded, fill(shape(sounds)[:1], "")], 1)
    with summary_scope(name, "audio_summary") as (tag, _):
        return write(tag, files, step, _metadata("audio", description, _WAV))
