"""Event files: files of records, each an `Event`."""
from __future__ import annotations

import itertools
import os
import socket
import time
from collections.abc import Iterator
from typing import Any

from ..core import errors
from .event_proto import Event, SourceMetadata
from .local_files import text, translated
from .records import TFRecordWriter, read_records

_VERSION = "brain.Event:2"
_WRITER = "tensorflow.core.util.events_writer"
_numbers = itertools.count()


def own_suffix() -> str:
    """The part of a file's name that no other writer of this machine has."""
    return f".{os.getpid()}.{next(_numbers)}"


class EventFile:
    """Writes a new event file. What was added is in it after `flush` or `close`, or once there is enough of it.

    Its name has the second in which it was made and the machine's name: one that is made within the same second, in the
    same folder and with the same suffix takes the other's place.

    Args:
      folder: where it goes; it is made if it is not there.
      suffix: of its name.
      most: how many events wait at most before they are written.
      seconds: how long they wait at most, as far as further ones come.

    Raises:
      OpError: the system does not let the file be written.
    """

    def __init__(self, folder: str, suffix: str, most: int, seconds: float) -> None:
        if os.path.isfile(folder):
            raise errors.FailedPreconditionError(None, None, f"{folder}; Not a directory")
        with translated(folder):
            os.makedirs(folder or ".", exist_ok=True)
        now = int(time.time())
        self.path = os.path.join(folder, f"events.out.tfevents.{now:010d}.{socket.gethostname()}{suffix}")
        self._most, self._seconds = most, seconds
        self._writer = TFRecordWriter(self.path)
        head = Event(wall_time=float(now), file_version=_VERSION, source_metadata=SourceMetadata(writer=_WRITER))
        self._writer.write(head.SerializeToString())
        self.flush()

    def add(self, event: bytes) -> None:
        """Appends an event, as bytes."""
        self._writer.write(event)
        self._waiting += 1
        if self._waiting > self._most or time.monotonic() - self._flushed > self._seconds:
            self.flush()

    def flush(self) -> None:
        """Hands what was added over to the system."""
        self._writer.flush()
        self._waiting, self._flushed = 0, time.monotonic()

    def close(self) -> None:
        """Closes the file; a closed one stays closed."""
        self._writer.close()


class _Events(Iterator[Any]):
    """The events of a file. At its end, the next call looks whether there are more by then."""

    def __init__(self, path: Any) -> None:
        self._path = text(path)
        self._at = 0
        with translated(self._path), open(self._path, "rb"):
            pass
        self._records = read_records(self._path)

    def __next__(self) -> Any:
        try:
            record = next(self._records)
        except StopIteration:
            self._records = read_records(self._path, start=self._at)
            raise
        self._at += 16 + len(record)
        return Event.FromString(record)

    next = __next__


def summary_iterator(path: Any) -> Iterator[Any]:
    """The `Event` messages of an event file, one after the other.

    At the end of the file the iterator is exhausted, but goes on where the file has grown since.

    Args:
      path: of the file.

    Raises:
      NotFoundError: no such file.
      DataLossError: while it is read, the file is damaged or breaks off within an event.
    """
    return _Events(path)
