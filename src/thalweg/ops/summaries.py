"""The operations that make summaries: `Summary` messages as strings, for TensorFlow 1's `tf.summary`."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.opdef import op
from ..core.shape import TensorShape
from ..formats.event_proto import Summary, SummaryMetadata, Value
from ..formats.message import DecodeError
from ..formats.tensor_proto import TensorProto, array_of, serialized
from .common import shape_text
from .layout import bad
from .removed import removed
from .summary_values import check_pixels, histogram, images, number, sounds, summary
from .text.values import array_of as strings_of
from .text.values import scalar

REALS = "{float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64}"
BAD_COLOR = np.array([255, 0, 0, 255], np.uint8)


def _scalar(call: Any) -> Any:
    return [(TensorShape([]), dtypes.string)]


def word(x: Any, what: str, article: str = "") -> str:
    """The text of a scalar string.

    Raises:
      InvalidArgumentError: another shape.
    """
    array = strings_of(x)
    if array.ndim:
        raise bad(f"{what} must be {article}scalar")
    return text_of(array[()])


def text_of(value: Any) -> str:
    """A string as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@op("ScalarSummary", "tags: string, values: T -> summary: string", attrs=f"T: {REALS}", infer=_scalar, host=True)
def scalar_summary(xp: Any, tags: Any, values: Any) -> Any:
    tags, values = strings_of(tags), np.asarray(values)
    if tags.shape != values.shape:
        single = f" (tag '{text_of(tags[()])}')" if not tags.ndim else ""
        raise bad(f"tags and values are not the same shape: {shape_text(tags.shape)} != {shape_text(values.shape)}{single}")
    return scalar(summary([number(text_of(t), v) for t, v in zip(tags.reshape(-1), values.reshape(-1), strict=True)]))


@op("HistogramSummary", "tag: string, values: T -> summary: string", attrs=f"T: {REALS} = float", infer=_scalar, host=True)
def histogram_summary(xp: Any, tag: Any, values: Any) -> Any:
    tag = word(tag, "tags")
    return scalar(summary([Value(tag=tag, histo=histogram(values, "HistogramSummary"))]))


@op("ImageSummary", "tag: string, tensor: T -> summary: string",
    attrs="max_images: int = 3; T: {uint8, float, half, double} = float; bad_color: tensor", infer=_scalar, host=True)
def image_summary(xp: Any, tag: Any, tensor: Any, max_images: int = 3, bad_color: Any = None) -> Any:
    color = BAD_COLOR if bad_color is None else array_of(bad_color) if isinstance(bad_color, TensorProto) else bad_color
    pictures = images(word(tag, "Tags", "a "), tensor, max_images, color)
    check_pixels(tensor)  # here even where there is no picture
    return scalar(summary(pictures))


@op("AudioSummaryV2", "tag: string, tensor: float, sample_rate: float -> summary: string", attrs="max_outputs: int = 3",
    infer=_scalar, host=True)
def audio_summary(xp: Any, tag: Any, tensor: Any, sample_rate: Any, max_outputs: int = 3) -> Any:
    return scalar(summary(sounds(word(tag, "Tag", "a "), tensor, sample_rate, max_outputs)))


def _audio_summary_v1(xp: Any, tag: Any, tensor: Any, sample_rate: float, max_outputs: int = 3) -> Any:
    return audio_summary.kernel(xp, tag, tensor, np.float32(sample_rate), max_outputs)


audio_summary_v1 = removed(15, "Use AudioSummaryV2.", "AudioSummary", "tag: string, tensor: float -> summary: string",
                           "sample_rate: float; max_outputs: int = 3", _audio_summary_v1, _scalar, host=True)


def tensor_value(tensor: Any) -> TensorProto:
    """A tensor as a message, all its elements behind each other."""
    array = strings_of(tensor)
    dtype = dtypes.string if array.dtype == object else dtypes.from_numpy(array.dtype)
    found: TensorProto = TensorProto.FromString(serialized(array, dtype))
    return found


def metadata_of(data: bytes) -> SummaryMetadata:
    """How a summary is to be shown; nothing is said of that where the bytes are no message."""
    try:
        found: SummaryMetadata = SummaryMetadata.FromString(data)
    except DecodeError:
        found = SummaryMetadata()
    found.SetInParent()
    return found


@op("TensorSummary", "tensor: T -> summary: string",
    attrs='T: type; description: string = ""; labels: list(string) = []; display_name: string = ""', infer=_scalar, host=True)
def tensor_summary_v1(xp: Any, tensor: Any, description: str = "", labels: Any = (), display_name: str = "") -> Any:
    return scalar(summary([Value(node_name="TensorSummary", tensor=tensor_value(tensor))]))


@op("TensorSummaryV2", "tag: string, tensor: T, serialized_summary_metadata: string -> summary: string", attrs="T: type",
    infer=_scalar, host=True)
def tensor_summary(xp: Any, tag: Any, tensor: Any, serialized_summary_metadata: Any) -> Any:
    tag = word(tag, "tag")
    if np.ndim(serialized_summary_metadata):
        raise bad("serialized_summary_metadata must be scalar")
    metadata = metadata_of(strings_of(serialized_summary_metadata).item())
    return scalar(summary([Value(tag=tag, tensor=tensor_value(tensor), metadata=metadata)]))


@op("MergeSummary", "inputs: N * string -> summary: string", attrs="N: int", infer=_scalar, host=True)
def merge_summary(xp: Any, *inputs: Any) -> Any:
    merged, seen = Summary(), set()
    for part in inputs:
        for data in strings_of(part).reshape(-1):
            try:
                found = Summary.FromString(data)
            except DecodeError:
                raise bad("Could not parse one of the summary inputs") from None
            for value in found.value:
                if value.tag and value.tag in seen:
                    raise bad(f"Duplicate tag {value.tag} found in summary inputs ")
                seen.add(value.tag)
            list.extend(merged.value, found.value)
    return scalar(merged.SerializeToString())


for _entry in (scalar_summary, histogram_summary, image_summary, audio_summary, audio_summary_v1, tensor_summary_v1,
               tensor_summary, merge_summary):
    _entry.not_differentiable()
