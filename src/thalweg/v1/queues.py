"""Queues and readers of TensorFlow 1: they build in the default graph."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

from ..core import dtypes
from ..core.context import executing_eagerly
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef
from ..formats.records import TFRecordOptions
from ..ops.queues import objects, readers
from ..ops.queues.objects import QueueBase
from .building import builds

__all__ = ["QueueBase"]


class FIFOQueue(objects.FIFOQueue):
    """See `tf.queue.FIFOQueue`."""

    __init__ = builds(objects.FIFOQueue.__init__)


class PaddingFIFOQueue(objects.PaddingFIFOQueue):
    """See `tf.queue.PaddingFIFOQueue`."""

    __init__ = builds(objects.PaddingFIFOQueue.__init__)


class PriorityQueue(objects.PriorityQueue):
    """See `tf.queue.PriorityQueue`."""

    __init__ = builds(objects.PriorityQueue.__init__)


class RandomShuffleQueue(objects.RandomShuffleQueue):
    """See `tf.queue.RandomShuffleQueue`."""

    __init__ = builds(objects.RandomShuffleQueue.__init__)


ReaderReadV2 = namedtuple("ReaderReadV2", ["key", "value"])
ReaderReadUpToV2 = namedtuple("ReaderReadUpToV2", ["keys", "values"])


class ReaderBase:
    """A reader: takes the names of files from a queue and gives one record after another, each a string with a key.

    Args:
      reader_ref: the handle.
      supports_serialize: whether the reader can say where it is.

    Raises:
      RuntimeError: outside graphs.
    """

    def __init__(self, reader_ref: Any, supports_serialize: bool = False) -> None:
        if executing_eagerly() and not hasattr(reader_ref, "graph"):
            raise RuntimeError("Readers are not supported when eager execution is enabled. Instead, please use tf.data to "
                               "get data into your model.")
        self._reader_ref = reader_ref
        self._supports_serialize = supports_serialize

    @property
    def reader_ref(self) -> Any:
        """The handle, a scalar tensor."""
        return self._reader_ref

    @property
    def supports_serialize(self) -> bool:
        """Whether the reader can say where it is."""
        return self._supports_serialize

    def _apply(self, entry: OpDef, *inputs: Any, name: str | None = None) -> Any:
        return apply(entry, (self._reader_ref, *inputs), {}, name)

    @builds
    def read(self, queue: Any, name: str | None = None) -> Any:
        """The next record, from the next file of the queue where one is at its end.

        Returns:
          A named tuple `(key, value)` of string scalars.

        Raises:
          OutOfRangeError: when it runs, there are no more records, and the queue is closed.
        """
        return ReaderReadV2(*self._apply(readers.read, _ref(queue), name=name))

    @builds
    def read_up_to(self, queue: Any, num_records: Any, name: str | None = None) -> Any:
        """At most `num_records` records of one file.

        Returns:
          A named tuple `(keys, values)` of string vectors.

        Raises:
          OutOfRangeError: as `read`.
        """
        count = convert_to_tensor(num_records, dtypes.int64)
        return ReaderReadUpToV2(*self._apply(readers.read_up_to, _ref(queue), count, name=name))

    @builds
    def num_records_produced(self, name: str | None = None) -> Any:
        """How many records the reader has given: an int64 scalar."""
        return self._apply(readers.records_produced, name=name)

    @builds
    def num_work_units_completed(self, name: str | None = None) -> Any:
        """How many files the reader is through with: an int64 scalar."""
        return self._apply(readers.units_completed, name=name)

    @builds
    def serialize_state(self, name: str | None = None) -> Any:
        """Where the reader is, as a string scalar.

        Raises:
          UnimplementedError: when it runs, the reader reads records within files.
        """
        return self._apply(readers.serialize_state, name=name)

    @builds
    def restore_state(self, state: Any, name: str | None = None) -> Any:
        """An operation that lets the reader go on from a state."""
        return self._apply(readers.restore_state, convert_to_tensor(state, dtypes.string), name=name)

    @builds
    def reset(self, name: str | None = None) -> Any:
        """An operation that lets the reader forget its file and its counts."""
        return self._apply(readers.reset, name=name)


def _ref(queue: Any) -> Any:
    return queue.queue_ref if isinstance(queue, QueueBase) else queue


class TextLineReader(ReaderBase):
    """Gives the lines of files, with keys `file:line`.

    Args:
      skip_header_lines: how many lines at the beginning of each file to leave out.
      name: of the node.
    """

    @builds
    def __init__(self, skip_header_lines: int | None = None, name: str | None = None) -> None:
        super().__init__(apply(readers.text_line_reader, (), {"skip_header_lines": skip_header_lines or 0}, name))


class WholeFileReader(ReaderBase):
    """Gives whole files, with their names as keys."""

    @builds
    def __init__(self, name: str | None = None) -> None:
        super().__init__(apply(readers.whole_file_reader, (), {}, name), True)


class IdentityReader(ReaderBase):
    """Gives the strings of the queue themselves, as keys and values."""

    @builds
    def __init__(self, name: str | None = None) -> None:
        super().__init__(apply(readers.identity_reader, (), {}, name), True)


class TFRecordReader(ReaderBase):
    """Gives the records of TFRecord files, with keys `file:place`.

    Args:
      name: of the node.
      options: a `TFRecordOptions`.
    """

    @builds
    def __init__(self, name: str | None = None, options: Any = None) -> None:
        kind = TFRecordOptions.get_compression_type_string(options)
        super().__init__(apply(readers.tf_record_reader, (), {"compression_type": kind}, name))


class FixedLengthRecordReader(ReaderBase):
    """Gives pieces of one length, with keys `file:number`.

    Args:
      record_bytes: how long a piece is.
      header_bytes, footer_bytes: how much of the file to leave out at its beginning and end.
      hop_bytes: how far a piece begins behind the one before; by default where that ends.
      name: of the node.
      encoding: "ZLIB" where files are compressed.
    """

    @builds
    def __init__(self, record_bytes: int, header_bytes: int | None = None, footer_bytes: int | None = None,
                 hop_bytes: int | None = None, name: str | None = None, encoding: str | None = None) -> None:
        super().__init__(apply(readers.fixed_length_record_reader, (), {
            "record_bytes": record_bytes, "header_bytes": header_bytes or 0, "footer_bytes": footer_bytes or 0,
            "hop_bytes": hop_bytes or 0, "encoding": encoding or ""}, name))
