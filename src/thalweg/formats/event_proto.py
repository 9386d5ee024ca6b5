"""Summaries and events as messages: what stands in the files that TensorBoard reads."""
from __future__ import annotations

from typing import ClassVar

from .message import Field, Message
from .tensor_proto import TensorProto


class Words:
    """The values of an enumeration by their words, and the other way round."""

    def __init__(self, words: dict[int, str]) -> None:
        self._words = words

    def Name(self, number: int) -> str:
        """The word for a value.

        Raises:
          ValueError: there is none.
        """
        if number not in self._words:
            raise ValueError(f"Enum has no name defined for value {number!r}")
        return self._words[number]

    def Value(self, name: str) -> int:
        """The value of a word.

        Raises:
          ValueError: there is none.
        """
        for number, word in self._words.items():
            if word == name:
                return number
        raise ValueError(f"Enum has no value defined for name {name!r}")

    def keys(self) -> list[str]:
        """The words."""
        return list(self._words.values())

    def values(self) -> list[int]:
        """The values."""
        return list(self._words)

    def items(self) -> list[tuple[str, int]]:
        """The words with their values."""
        return [(word, number) for number, word in self._words.items()]


_DATA_CLASSES = {0: "DATA_CLASS_UNKNOWN", 1: "DATA_CLASS_SCALAR", 2: "DATA_CLASS_TENSOR", 3: "DATA_CLASS_BLOB_SEQUENCE"}
_LEVELS = {0: "UNKNOWN", 10: "DEBUGGING", 20: "INFO", 30: "WARN", 40: "ERROR", 50: "FATAL"}
_STATUSES = {0: "STATUS_UNSPECIFIED", 1: "START", 2: "STOP", 3: "CHECKPOINT"}


class SummaryDescription(Message):
    """What a program says of a summary."""

    FIELDS = (Field(1, "type_hint", "string"),)


class PluginData(Message):
    """The part of TensorBoard that a summary is for, and what that part is told."""

    FIELDS = (Field(1, "plugin_name", "string"), Field(2, "content", "bytes"))


class SummaryMetadata(Message):
    """How a summary is to be shown."""

    PluginData: ClassVar[type[Message]] = PluginData
    FIELDS = (Field(1, "plugin_data", "message", message=lambda: PluginData), Field(2, "display_name", "string"),
              Field(3, "summary_description", "string"), Field(4, "data_class", "enum", enum=_DATA_CLASSES))


class HistogramProto(Message):
    """How many values lie in each bucket, up to and without its limit, and their sums."""

    FIELDS = (Field(1, "min", "double"), Field(2, "max", "double"), Field(3, "num", "double"), Field(4, "sum", "double"),
              Field(5, "sum_squares", "double"), Field(6, "bucket_limit", "double", True), Field(7, "bucket", "double", True))


class Image(Message):
    """A picture in a file format."""

    FIELDS = (Field(1, "height", "int32"), Field(2, "width", "int32"), Field(3, "colorspace", "int32"),
              Field(4, "encoded_image_string", "bytes"))


class Audio(Message):
    """A sound in a file format."""

    FIELDS = (Field(1, "sample_rate", "float"), Field(2, "num_channels", "int64"), Field(3, "length_frames", "int64"),
              Field(4, "encoded_audio_string", "bytes"), Field(5, "content_type", "string"))


class Value(Message):
    """One value of a summary: its tag, and a number, picture, histogram, sound or tensor."""

    FIELDS = (Field(1, "tag", "string"), Field(2, "simple_value", "float", oneof="value"),
              Field(3, "obsolete_old_style_histogram", "bytes", oneof="value"),
              Field(4, "image", "message", message=lambda: Image, oneof="value"),
              Field(5, "histo", "message", message=lambda: HistogramProto, oneof="value"),
              Field(6, "audio", "message", message=lambda: Audio, oneof="value"), Field(7, "node_name", "string"),
              Field(8, "tensor", "message", message=lambda: TensorProto, oneof="value"),
              Field(9, "metadata", "message", message=lambda: SummaryMetadata))


class Summary(Message):
    """Values with their tags."""

    Value: ClassVar[type[Message]] = Value
    Image: ClassVar[type[Message]] = Image
    Audio: ClassVar[type[Message]] = Audio
    FIELDS = (Field(1, "value", "message", True, lambda: Value),)


class SourceMetadata(Message):
    """Which program wrote a file."""

    FIELDS = (Field(1, "writer", "string"),)


class LogMessage(Message):
    """A line of a log."""

    UNKNOWN, DEBUGGING, INFO, WARN, ERROR, FATAL = _LEVELS
    Level: ClassVar[Words] = Words(_LEVELS)
    FIELDS = (Field(1, "level", "enum", enum=_LEVELS), Field(2, "message", "string"))


class SessionLog(Message):
    """That a session began or ended, or wrote a checkpoint."""

    STATUS_UNSPECIFIED, START, STOP, CHECKPOINT = _STATUSES
    SessionStatus: ClassVar[Words] = Words(_STATUSES)
    FIELDS = (Field(1, "status", "enum", enum=_STATUSES), Field(2, "checkpoint_path", "string"), Field(3, "msg", "string"))


class TaggedRunMetadata(Message):
    """What was recorded of a run, under a tag."""

    FIELDS = (Field(1, "tag", "string"), Field(2, "run_metadata", "bytes"))


class Event(Message):
    """One record of an event file: when, at which step, and what."""

    FIELDS = (Field(1, "wall_time", "double"), Field(2, "step", "int64"), Field(3, "file_version", "string", oneof="what"),
              Field(4, "graph_def", "bytes", oneof="what"),
              Field(5, "summary", "message", message=lambda: Summary, oneof="what"),
              Field(6, "log_message", "message", message=lambda: LogMessage, oneof="what"),
              Field(7, "session_log", "message", message=lambda: SessionLog, oneof="what"),
              Field(8, "tagged_run_metadata", "message", message=lambda: TaggedRunMetadata, oneof="what"),
              Field(9, "meta_graph_def", "bytes", oneof="what"),
              Field(10, "source_metadata", "message", message=lambda: SourceMetadata))
