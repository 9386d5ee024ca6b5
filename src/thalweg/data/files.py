"""Elements from files: names, lines, records of one length."""
from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from typing import IO, Any

import thalweg as tf

from .dataset import UNKNOWN, Dataset
from .run import Run, number
from .structure import Leaves

_TAIL = " [Op:IteratorGetNext] name: "


def list_files(file_pattern: Any, shuffle: bool | None, seed: Any) -> Dataset:
    """The names of files that match patterns."""
    pattern = tf.convert_to_tensor(file_pattern, tf.string)
    found = tf.io.matching_files(pattern)
    if tf.executing_eagerly() and not found.shape[0]:
        text = tf.strings.reduce_join(pattern, separator=", ").numpy().decode(errors="replace")
        raise tf.errors.InvalidArgumentError(
            None, None, "Expected 'tf.Tensor(False, shape=(), dtype=bool)' to be true. Summarized data: "
            f"{f'No files matched pattern: {text}'.encode()!r}")
    names = Dataset.from_tensor_slices(found)
    if shuffle is False:
        return names
    return names.shuffle(tf.maximum(tf.shape(found, out_type=tf.int64)[0], 1), seed=seed)


class _FilesDataset(Dataset):
    """Strings from one file after another.

    Args:
      filenames: a string tensor, or a data set of names.
      compression_type: "", "ZLIB" or "GZIP".
      num_parallel_reads: accepted; with more than one, the files take turns as in TensorFlow.
    """

    def __init__(self, filenames: Any, compression_type: Any, num_parallel_reads: Any = None,
                 needs: tuple[Any, ...] = ()) -> None:
        if isinstance(filenames, Dataset):
            if not isinstance(filenames.element_spec, tf.TensorSpec) or filenames.element_spec.dtype != tf.string:
                raise TypeError("The `filenames` argument must contain `tf.string` elements. Got a dataset of "
                                f"{filenames.element_spec} elements.")
            names = filenames
        else:
            tensor = tf.convert_to_tensor(filenames)
            if tensor.dtype != tf.string:
                raise TypeError(f"The `filenames` argument must contain `tf.string` elements. Got `{tensor.dtype!r}` elements.")
            names = Dataset.from_tensor_slices(tf.reshape(tensor, [-1]))
        self._compression = compression_type or ""
        if self._compression not in ("", "ZLIB", "GZIP"):
            raise tf.errors.InvalidArgumentError(None, None, f"Unsupported compression_type: {self._compression}.")
        super().__init__((names,), tf.TensorSpec([], tf.string), needs)
        self._reads = None if num_parallel_reads is None else number(num_parallel_reads)

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _strings(self, run: Run, file: IO[bytes]) -> Iterator[bytes]:
        """The elements of one file."""
        raise NotImplementedError(type(self).__name__)

    def _read(self, run: Run, name: bytes) -> Iterator[Leaves]:
        path = os.fsdecode(name)
        try:
            file = _Inflated(open(path, "rb")) if self._compression == "ZLIB" else \
                gzip.open(path, "rb") if self._compression == "GZIP" else open(path, "rb")
        except FileNotFoundError:
            raise tf.errors.NotFoundError(None, None, f"{path}; No such file or directory{_TAIL}") from None
        except IsADirectoryError:
            raise tf.errors.FailedPreconditionError(None, None, f"{path}; Is a directory{_TAIL}") from None
        except PermissionError:
            raise tf.errors.PermissionDeniedError(None, None, f"{path}; Permission denied{_TAIL}") from None
        with file:
            for text in self._strings(run, file):  # type: ignore[arg-type]
                yield (tf.constant(text),)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        names = (x.numpy() for x, in self._inputs_[0]._iterate(run))
        reads = 1 if self._reads is None else run.number(self._reads)
        if reads == 1:
            for name in names:
                yield from self._read(run, name)
            return
        reads = 4 if reads < 1 else reads
        open_: list[Iterator[Leaves] | None] = [None] * reads
        more = True
        while more or any(o is not None for o in open_):
            for i in range(reads):
                source = open_[i]
                if source is None and more:
                    name = next(names, None)
                    more = name is not None
                    source = open_[i] = self._read(run, name) if name is not None else None
                found = next(source, None) if source is not None else None
                if found is None:
                    open_[i] = None
                else:
                    yield found


class _Inflated:
    """A file whose content zlib has compressed, read as it is decompressed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._inflate = zlib.decompressobj()
        self._buffer = b""

    def __enter__(self) -> _Inflated:
        return self

    def __exit__(self, *details: Any) -> None:
        self._file.close()

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or fewer at the end; all that are left for -1."""
        while size < 0 or len(self._buffer) < size:
            block = self._file.read(1 << 16)
            if not block:
                break
            self._buffer += self._inflate.decompress(block)
        size = len(self._buffer) if size < 0 else size
        out, self._buffer = self._buffer[:size], self._buffer[size:]
        return out

    def __iter__(self) -> Iterator[bytes]:
        rest = b""
        while block := self.read(1 << 16):
            *lines, rest = (rest + block).split(b"\n")
            yield from (line + b"\n" for line in lines)
        if rest:
            yield rest


class TextLineDatasetV2(_FilesDataset):
    """The lines of text files, without their ends.

    Args:
      filenames: a string tensor, or a data set of names.
      compression_type: "", "ZLIB" or "GZIP".
      buffer_size: accepted.
      num_parallel_reads: with more than one, lines of so many files come in turn.

    Raises:
      TypeError: names that are no strings. Iteration raises NotFoundError for a file that is not there.
    """

    def __init__(self, filenames: Any, compression_type: Any = None, buffer_size: Any = None, num_parallel_reads: Any = None,
                 name: str | None = None) -> None:
        super().__init__(filenames, compression_type, num_parallel_reads)

    def _strings(self, run: Run, file: IO[bytes]) -> Iterator[bytes]:
        for line in file:
            text = line.removesuffix(b"\n")
            yield text.removesuffix(b"\r")


class FixedLengthRecordDatasetV2(_FilesDataset):
    """Records of one length, from files.

    Args:
      filenames: a string tensor, or a data set of names.
      record_bytes: the length of a record.
      header_bytes: how much to skip at the beginning of each file.
      footer_bytes: how much to leave out at its end.
      buffer_size: accepted.
      compression_type: "", "ZLIB" or "GZIP".
      num_parallel_reads: with more than one, records of so many files come in turn.

    Raises:
      TypeError: names that are no strings. Iteration raises InvalidArgumentError for a file that has no whole number of
        records, NotFoundError for one that is not there.
    """

    def __init__(self, filenames: Any, record_bytes: Any, header_bytes: Any = None, footer_bytes: Any = None,
                 buffer_size: Any = None, compression_type: Any = None, num_parallel_reads: Any = None,
                 name: str | None = None) -> None:
        self._lengths = number(record_bytes), number(header_bytes, 0), number(footer_bytes, 0)
        super().__init__(filenames, compression_type, num_parallel_reads, self._lengths)

    def _strings(self, run: Run, file: IO[bytes]) -> Iterator[bytes]:
        size, header, footer = map(run.number, self._lengths)
        content = file.read()
        body = len(content) - header - footer
        if body % size:
            raise tf.errors.InvalidArgumentError(
                None, None, f"Excluding the header ({header} bytes) and footer ({footer} bytes), input file has body length "
                f"{body} bytes, which is not an exact multiple of the record length ({size} bytes).{_TAIL}")
        for at in range(header, header + body, size):
            yield content[at:at + size]


class TFRecordDatasetV2(_FilesDataset):
    """The records of TFRecord files.

    Args:
      filenames: a string tensor, or a data set of names.
      compression_type: "", "ZLIB" or "GZIP".
      buffer_size: accepted.
      num_parallel_reads: with more than one, records of so many files come in turn.

    Raises:
      TypeError: names that are no strings. Iteration raises NotFoundError for a file that is not there, DataLossError for
        one that is damaged.
    """

    def __init__(self, filenames: Any, compression_type: Any = None, buffer_size: Any = None, num_parallel_reads: Any = None,
                 name: str | None = None) -> None:
        super().__init__(filenames, compression_type, num_parallel_reads)

    def _read(self, run: Run, name: bytes) -> Iterator[Leaves]:
        options = tf.io.TFRecordOptions(self._compression)
        return ((tf.constant(record),) for record in tf.compat.v1.io.tf_record_iterator(os.fsdecode(name), options))


TextLineDataset = TextLineDatasetV2
TFRecordDataset = TFRecordDatasetV2
FixedLengthRecordDataset = FixedLengthRecordDatasetV2
