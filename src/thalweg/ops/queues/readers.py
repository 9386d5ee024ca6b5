"""Readers: they take the names of files from a queue and give one record after another."""
from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.host_value import HostValue
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape, unknown_shape
from ...formats import local_files
from ...formats.records import read_records
from ...formats.wire import BYTES, VARINT, DecodeError, read_varint, varint
from ..layout import bad
from ..text.values import one, packed, scalar
from .contents import Queue
from .entries import HANDLE, SHARING, held_by, kept

Record = tuple[bytes, bytes]
Read = Callable[[bytes], Iterator[Record]]


class Reader(HostValue):
    """What is behind the handle of a reader.

    Args:
      read: gives the records of a file, each with its key.
      whole: whether a file is one record. Such a reader can say where it is.
    """

    tensor_dtype = dtypes.resource

    def __init__(self, read: Read, whole: bool = False) -> None:
        self._read, self._whole = read, whole
        self._lock = threading.Lock()
        self._restart()

    def _restart(self) -> None:
        self._file: bytes = b""
        self._records: Iterator[Record] | None = None
        self.produced = self._started = self.completed = 0

    def take(self, queue: Queue, count: int) -> list[Record]:
        """At least one record, at most `count`, of one file; the next file's name is waited for.

        Raises:
          OutOfRangeError: the queue is closed and empty.
          NotFoundError: there is no such file.
        """
        with self._lock:
            while True:
                if self._started == self.completed:
                    self._file = one(queue.take(1)[0][0])
                    self._started += 1
                    self._records = None
                if self._records is None:
                    self._records = self._read(self._file)
                try:
                    found = list(islice(self._records, count))
                except errors.OpError:
                    self._records = None
                    if not self._whole:
                        self.completed = self._started
                    raise
                if self._whole or len(found) < count:
                    self.completed = self._started
                if found:
                    self.produced += len(found)
                    return found

    def reset(self) -> None:
        """Forgets the file and starts counting anew."""
        with self._lock:
            self._restart()

    def state(self) -> bytes:
        """Where the reader is, as a message.

        Raises:
          UnimplementedError: it reads records within files.
        """
        if not self._whole:
            raise errors.UnimplementedError("Reader SerializeState")
        with self._lock:
            numbers = (self._started, self.completed, self.produced)
            out = b"".join(varint(i << 3 | VARINT) + varint(n) for i, n in enumerate(numbers, 1) if n)
            return out + (varint(4 << 3 | BYTES) + varint(len(self._file)) + self._file if self._file else b"")

    def restore(self, state: bytes) -> None:
        """Goes on from a state.

        Raises:
          UnimplementedError: the reader reads records within files.
          InvalidArgumentError: no state.
        """
        if not self._whole:
            raise errors.UnimplementedError("Reader RestoreState")
        try:
            numbers, file = _parsed(state)
        except DecodeError:
            raise bad(f"Could not parse state for reader: {state!r}") from None
        started, completed, produced = numbers
        if not 0 <= completed <= started or produced < 0 or started > completed + 1 or produced > completed:
            raise bad(f"Inconsistent state when restoring reader: {state!r}")
        with self._lock:
            self._records, self._file = None, file
            self._started, self.completed, self.produced = started, completed, produced


def _parsed(state: bytes) -> tuple[list[int], bytes]:
    numbers, file, at = [0, 0, 0], b"", 0
    while at < len(state):
        key, at = read_varint(state, at)
        value, at = read_varint(state, at)
        if key >> 3 in (1, 2, 3) and key & 7 == VARINT:
            numbers[(key >> 3) - 1] = value
        elif key == 4 << 3 | BYTES and at + value <= len(state):
            file, at = state[at:at + value], at + value
        else:
            raise DecodeError("no state of a reader")
    return numbers, file


# Kinds of readers.


def _opened(name: bytes) -> Any:
    path = local_files.text(name)
    with local_files.translated(path):
        return open(path, "rb")


def _lines(skip: int) -> Read:
    def read(name: bytes) -> Iterator[Record]:
        with _opened(name) as file:
            for number, line in enumerate(file, 1):
                if number > skip:
                    yield name + b":%d" % number, line.removesuffix(b"\n").removesuffix(b"\r")
    return read


def _file(name: bytes) -> Iterator[Record]:
    yield name, local_files.read(local_files.text(name))


def _itself(name: bytes) -> Iterator[Record]:
    yield name, name


def _records(compression: str) -> Read:
    def read(name: bytes) -> Iterator[Record]:
        at = 0
        for record in read_records(local_files.text(name), compression):
            yield name + b":%d" % at, record
            at += len(record) + 16  # the length, and two checksums
    return read


def _pieces(header: int, size: int, footer: int, hop: int, encoding: str) -> Read:
    def read(name: bytes) -> Iterator[Record]:
        data = local_files.read(local_files.text(name))
        if encoding == "ZLIB":
            data = zlib.decompress(data)
        for number, at in enumerate(range(header, len(data) - footer - size + 1, hop or size)):
            yield name + b":%d" % number, data[at:at + size]
    return read


def _creation(type: str, attrs: str, make: Callable[..., Reader]) -> OpDef:
    """The entry that makes readers of one kind, under the names of its attributes."""
    @op(f"{type}ReaderV2", " -> reader_handle: resource", attrs=f"{SHARING}{attrs}", infer=lambda op: HANDLE, host=True,
        stateful=True)
    def entry(xp: Any, container: str = "", shared_name: str = "", **more: Any) -> Any:
        return kept("reader", lambda name: make(**more), container, shared_name)
    return entry.not_differentiable()


def _fixed(header_bytes: int = 0, record_bytes: int = 0, footer_bytes: int = 0, hop_bytes: int = 0,
           encoding: str = "") -> Reader:
    for what, number, least in (("header_bytes", header_bytes, 0), ("record_bytes", record_bytes, 0),
                                ("footer_bytes", footer_bytes, 0), ("hop_bytes", hop_bytes, 0)):
        if number < least or (what == "record_bytes" and not number):
            raise bad(f"{what} must be {'positive' if what == 'record_bytes' else '>= 0'}, but got {number}")
    if encoding not in ("", "ZLIB"):
        raise bad(f"Only ZLIB is supported as an encoding, not {encoding}")
    return Reader(_pieces(header_bytes, record_bytes, footer_bytes, hop_bytes, encoding))


text_line_reader = _creation("TextLine", "; skip_header_lines: int = 0",
                             lambda skip_header_lines=0: Reader(_lines(skip_header_lines)))
whole_file_reader = _creation("WholeFile", "", lambda: Reader(_file, True))
identity_reader = _creation("Identity", "", lambda: Reader(_itself, True))
tf_record_reader = _creation("TFRecord", '; compression_type: string = ""',
                             lambda compression_type="": Reader(_records(compression_type)))
fixed_length_record_reader = _creation(
    "FixedLengthRecord", "; header_bytes: int = 0; record_bytes: int; footer_bytes: int = 0; hop_bytes: int = 0; "
    'encoding: string = ""', _fixed)


# Using them.


@op("ReaderReadV2", "reader_handle: resource, queue_handle: resource -> key: string, value: string",
    infer=lambda op: [(TensorShape([]), dtypes.string)] * 2, host=True, stateful=True)
def read(xp: Any, reader: Any, queue: Any) -> Any:
    key, value = held_by(reader).take(held_by(queue), 1)[0]
    return scalar(key), scalar(value)


@op("ReaderReadUpToV2", "reader_handle: resource, queue_handle: resource, num_records: int64 -> keys: string, values: string",
    infer=lambda op: [(unknown_shape(1), dtypes.string)] * 2, host=True, stateful=True, dynamic=True)
def read_up_to(xp: Any, reader: Any, queue: Any, num_records: Any) -> Any:
    count = int(num_records)
    if count <= 0:
        raise bad(f"num_records must be positive, but got {count}")
    found = held_by(reader).take(held_by(queue), count)
    return packed([key for key, _ in found], (len(found),)), packed([value for _, value in found], (len(found),))


@op("ReaderNumRecordsProducedV2", "reader_handle: resource -> records_produced: int64", infer=lambda op: TensorShape([]),
    host=True, stateful=True)
def records_produced(xp: Any, reader: Any) -> Any:
    return np.asarray(held_by(reader).produced, np.int64)


@op("ReaderNumWorkUnitsCompletedV2", "reader_handle: resource -> units_completed: int64", infer=lambda op: TensorShape([]),
    host=True, stateful=True)
def units_completed(xp: Any, reader: Any) -> Any:
    return np.asarray(held_by(reader).completed, np.int64)


@op("ReaderResetV2", "reader_handle: resource -> ", infer=lambda op: [], host=True, stateful=True)
def reset(xp: Any, reader: Any) -> Any:
    held_by(reader).reset()
    return ()


@op("ReaderSerializeStateV2", "reader_handle: resource -> state: string", infer=lambda op: TensorShape([]), host=True,
    stateful=True)
def serialize_state(xp: Any, reader: Any) -> Any:
    return scalar(held_by(reader).state())


@op("ReaderRestoreStateV2", "reader_handle: resource, state: string -> ", infer=lambda op: [], host=True, stateful=True)
def restore_state(xp: Any, reader: Any, state: Any) -> Any:
    held_by(reader).restore(one(state))
    return ()


for _entry in (read, read_up_to, records_produced, units_completed, reset, serialize_state, restore_state):
    _entry.not_differentiable()
