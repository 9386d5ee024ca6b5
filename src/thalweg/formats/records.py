"""Files of records, TensorFlow's TFRecord format: lengths, bytes and checksums, compressed as a whole if wanted."""
from __future__ import annotations

import importlib
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO, ClassVar

from ..core import errors
from .crc32c import crc32c, masked
from .local_files import text, translated

_HEADER, _FOOTER = 12, 4
_CHUNK = 256 * 1024


@lru_cache(1)
def _sum_of() -> Callable[[bytes], int]:
    """The quickest function for checksums that is installed."""
    for module, name in (("google_crc32c", "value"), ("crc32c", "crc32c")):
        try:
            return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]
        except ImportError:
            continue
    return crc32c


def checksum(data: bytes) -> int:
    """The checksum of bytes as a file of records stores it."""
    return masked(_sum_of()(data))


class TFRecordCompressionType:
    """The numbers that TensorFlow 1 has for kinds of compression."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


class TFRecordOptions:
    """How a file of records is compressed.

    Args:
      compression_type: "GZIP", "ZLIB", "" or None.
      flush_mode, input_buffer_size, output_buffer_size: taken for the sake of programs that set them.
      window_bits, compression_level, compression_method, mem_level, compression_strategy: as in `zlib.compressobj`.

    Raises:
      ValueError: another type of compression.
    """

    compression_type_map: ClassVar[dict[int, str]] = {
        TFRecordCompressionType.ZLIB: "ZLIB", TFRecordCompressionType.GZIP: "GZIP", TFRecordCompressionType.NONE: ""}

    def __init__(self, compression_type: Any = None, flush_mode: int | None = None, input_buffer_size: int | None = None,
                 output_buffer_size: int | None = None, window_bits: int | None = None, compression_level: int | None = None,
                 compression_method: int | None = None, mem_level: int | None = None,
                 compression_strategy: int | None = None) -> None:
        self.get_compression_type_string(compression_type)
        self.compression_type = compression_type
        self.flush_mode = flush_mode
        self.input_buffer_size = input_buffer_size
        self.output_buffer_size = output_buffer_size
        self.window_bits = window_bits
        self.compression_level = compression_level
        self.compression_method = compression_method
        self.mem_level = mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options: Any) -> str:
        """The word for the compression that options, a word, a number or None ask for.

        Raises:
          ValueError: a kind that does not exist.
        """
        if not options:
            return ""
        if isinstance(options, TFRecordOptions):
            return cls.get_compression_type_string(options.compression_type)
        if isinstance(options, int) and options in cls.compression_type_map:
            return cls.compression_type_map[options]
        if options in ("GZIP", "ZLIB"):
            return str(options)
        raise ValueError(f'Not a valid compression_type: "{options}"')

    def _compressor(self) -> Any:
        """What compresses a file, None where nothing does."""
        kind = self.get_compression_type_string(self.compression_type)
        if not kind:
            return None
        bits = self.window_bits or zlib.MAX_WBITS
        return zlib.compressobj(-1 if self.compression_level is None else self.compression_level,
                                self.compression_method or zlib.DEFLATED, bits + (16 if kind == "GZIP" else 0),
                                self.mem_level or zlib.DEF_MEM_LEVEL, self.compression_strategy or zlib.Z_DEFAULT_STRATEGY)


class TFRecordWriter:
    """Writes records into a file, which is made anew.

    A context manager, which closes the file at its end. What was written is in the file after `flush` or `close`.

    Args:
      path: of the file.
      options: a `TFRecordOptions`, or the word for a kind of compression.

    Raises:
      ValueError: an unknown compression. OpError: the system does not let the file be written.
    """

    def __init__(self, path: Any, options: Any = None) -> None:
        if not isinstance(options, TFRecordOptions):
            options = TFRecordOptions(compression_type=options)
        self._compressor = options._compressor()
        self._file: BinaryIO | None = None
        with translated(text(path)):
            self._file = open(text(path), "wb")

    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise errors.FailedPreconditionError(None, None, "Writer is closed.")
        return self._file

    def write(self, record: Any) -> None:
        """Appends a record: bytes, or text in UTF-8.

        Raises:
          FailedPreconditionError: the writer is closed. TypeError: something else than bytes.
        """
        file = self._opened()
        if isinstance(record, str):
            record = record.encode()
        if not isinstance(record, (bytes, bytearray, memoryview)):
            raise TypeError("write(): incompatible function arguments. The following argument types are supported:\n    1. "
                            f"(self: TFRecordWriter, record: str) -> None\n\nInvoked with: {self!r}, {record!r}")
        record = bytes(record)
        length = struct.pack("<Q", len(record))
        whole = b"".join((length, struct.pack("<I", checksum(length)), record, struct.pack("<I", checksum(record))))
        file.write(whole if self._compressor is None else self._compressor.compress(whole))

    def flush(self) -> None:
        """Hands what was written over to the system.

        Raises:
          FailedPreconditionError: the writer is closed.
        """
        file = self._opened()
        if self._compressor is not None:
            file.write(self._compressor.flush(zlib.Z_SYNC_FLUSH))
        file.flush()

    def close(self) -> None:
        """Writes the end of the file and closes it; a closed one stays closed."""
        if self._file is None:
            return
        file, self._file = self._file, None
        with file:
            if self._compressor is not None:
                file.write(self._compressor.flush())

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:
            self.close()


class _Plain:
    """The bytes of a file as they are."""

    broken_off = "Read less bytes than requested"

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, count: int) -> bytes:
        return self._file.read(count)


class _Inflated:
    """The bytes of a compressed file; one may follow another. A stream that breaks off gives what it has."""

    broken_off = "EOF reached"

    def __init__(self, file: BinaryIO, kind: str) -> None:
        self._file = file
        self._window = zlib.MAX_WBITS + (16 if kind == "GZIP" else 0)
        self._stream = zlib.decompressobj(self._window)
        self._ready = bytearray()
        self._packed = b""

    def read(self, count: int) -> bytes:
        while len(self._ready) < count and self._more(max(count - len(self._ready), _CHUNK)):
            pass
        found = bytes(self._ready[:count])
        del self._ready[:count]
        return found

    def _more(self, at_most: int) -> bool:
        """Unpacks some more; whether there is more."""
        if self._stream.eof:
            self._packed = self._stream.unused_data + self._packed
            self._stream = zlib.decompressobj(self._window)
        self._packed = self._packed or self._file.read(_CHUNK)
        if not self._packed:
            return False
        try:
            self._ready += self._stream.decompress(self._packed, at_most)
        except zlib.error as error:
            found = re.match(r"Error (-?\d+) while decompressing data: (.*)", str(error))
            code, words = found.groups() if found else ("-3", str(error))
            raise errors.DataLossError(None, None, f"inflate() failed with error {code}: {words}") from None
        self._packed = self._stream.unconsumed_tail
        return True


def read_records(path: Any, compression_type: Any = None, start: int = 0) -> Iterator[bytes]:
    """The records of a file, one after the other.

    The file is opened when the first is asked for. Less than the twelve bytes before a record count as its end.

    Args:
      path: of the file.
      compression_type: "GZIP", "ZLIB", a `TFRecordOptions`, or nothing. Of an unknown word the bytes are taken as they are.
      start: the place, in the bytes once unpacked, where to begin.

    Raises:
      NotFoundError, FailedPreconditionError: no such file; a directory.
      DataLossError: the file is damaged, or breaks off within a record.
    """
    kind = TFRecordOptions.get_compression_type_string(compression_type) \
        if isinstance(compression_type, (TFRecordOptions, int)) else compression_type
    name = text(path)
    with translated(name), open(name, "rb") as file:
        source: Any = _Inflated(file, kind) if kind in ("GZIP", "ZLIB") else _Plain(file)
        if start:
            source.read(start)
        yield from _records(source, start)


def _records(source: Any, at: int) -> Iterator[bytes]:
    while True:
        header = source.read(_HEADER)
        if len(header) < _HEADER:
            return
        size, sum_of_size = struct.unpack("<QI", header)
        if checksum(header[:8]) != sum_of_size:
            hint = "" if at else " (Is this even a TFRecord file?)"
            raise errors.DataLossError(None, None, f"corrupted record at {at}{hint}")
        body = source.read(size + _FOOTER)
        if len(body) < size + _FOOTER:
            raise errors.DataLossError(None, None, f"truncated record at {at}' failed with {source.broken_off}")
        if checksum(body[:size]) != struct.unpack("<I", body[size:])[0]:
            raise errors.DataLossError(None, None, f"corrupted record at {at + _HEADER}")
        yield body[:size]
        at += _HEADER + size + _FOOTER


def tf_record_iterator(path: Any, options: Any = None) -> Iterator[bytes]:
    """The records of a file, one after the other.

    Args:
      path: of the file.
      options: a `TFRecordOptions`, or the word for a kind of compression.

    Raises:
      ValueError: an unknown compression. NotFoundError: no such file. DataLossError: it is damaged.
    """
    return read_records(path, TFRecordOptions.get_compression_type_string(options))
