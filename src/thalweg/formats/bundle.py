"""Checkpoints as files: named tensors in TensorFlow's formats.

The present one is the *bundle*: `PREFIX.index`, a sorted table of what is where, and `PREFIX.data-00000-of-00001`, the
bytes of the tensors, or several of those. The one before was a single table, which is only read. A tensor can lie in
slices, each with its own bytes.
"""
from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterable, Sequence
from math import prod
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from ..core import dtypes, errors
from .crc32c import crc32c, masked
from .local_files import _make_directories, _umask, match, read, translated
from .message import DecodeError, Field, Message
from .sstable import lost, read_table, write_table
from .tensor_proto import TYPE_NAMES, TensorProto, TensorShapeProto, array_of, shape_proto
from .wire import read_varint, varint

Array = np.ndarray[Any, Any]
Slice = tuple[tuple[int, int], ...]
"""For each axis where the slice begins and how long it is; the length -1 is the whole axis."""


class VersionDef(Message):
    """Who wrote a file, and who can read it."""

    FIELDS = (Field(1, "producer", "int32"), Field(2, "min_consumer", "int32"), Field(3, "bad_consumers", "int32", True))


class BundleHeaderProto(Message):
    """The first entry of a bundle's index."""

    FIELDS = (Field(1, "num_shards", "int32"), Field(2, "endianness", "enum"),
              Field(3, "version", "message", message=lambda: VersionDef))


class Extent(Message):
    """A part of an axis; the whole one where there is no length."""

    FIELDS = (Field(1, "start", "int64"), Field(2, "length", "int64", oneof="has_length"))

    @property
    def size(self) -> int:
        """The length, -1 for the whole axis."""
        return int(self.length) if self.HasField("length") else -1


class TensorSliceProto(Message):
    """A part of a tensor."""

    FIELDS = (Field(1, "extent", "message", True, lambda: Extent),)


class BundleEntryProto(Message):
    """Where a tensor's bytes are, or which slices of it there are."""

    FIELDS = (
        Field(1, "dtype", "enum", enum=TYPE_NAMES), Field(2, "shape", "message", message=lambda: TensorShapeProto),
        Field(3, "shard_id", "int32"), Field(4, "offset", "int64"), Field(5, "size", "int64"), Field(6, "crc32c", "fixed32"),
        Field(7, "slices", "message", True, lambda: TensorSliceProto))


class SavedSliceMeta(Message):
    """In the old format: a tensor, and which slices of it there are."""

    FIELDS = (Field(1, "name", "string"), Field(2, "shape", "message", message=lambda: TensorShapeProto),
              Field(3, "type", "enum", enum=TYPE_NAMES), Field(4, "slice", "message", True, lambda: TensorSliceProto))


class SavedTensorSliceMeta(Message):
    """In the old format: what a file holds."""

    FIELDS = (Field(1, "tensor", "message", True, lambda: SavedSliceMeta),
              Field(2, "versions", "message", message=lambda: VersionDef))


class SavedSlice(Message):
    """In the old format: the elements of a slice."""

    FIELDS = (Field(1, "name", "string"), Field(2, "slice", "message", message=lambda: TensorSliceProto),
              Field(3, "data", "message", message=lambda: TensorProto))


class SavedTensorSlices(Message):
    """In the old format: the value of any entry."""

    FIELDS = (Field(1, "meta", "message", message=lambda: SavedTensorSliceMeta),
              Field(2, "data", "message", message=lambda: SavedSlice))


class Entry(NamedTuple):
    """What is known of a tensor without reading it."""

    dtype: dtypes.DType
    shape: tuple[int, ...]
    place: Any
    """The entry that says where the bytes are, or the slices with theirs."""


def missing(prefix: str) -> errors.NotFoundError:
    """The error where there is no checkpoint."""
    return errors.NotFoundError(
        None, None, f"Unsuccessful TensorSliceReader constructor: Failed to find any matching files for {prefix}")


def checkpoint_exists(prefix: str) -> bool:
    """Whether there is a checkpoint, in the present format or the old one."""
    return os.path.isfile(prefix + ".index") or bool(_old_files(prefix))


def _old_files(prefix: str) -> list[str]:
    found = match(prefix) if os.path.isfile(prefix) or any(mark in prefix for mark in "*?[") else \
        match(prefix + "-?????-of-?????")
    return [path for path in found if os.path.isfile(path)]


class Checkpoint:
    """The tensors of a checkpoint, to read them by name.

    Args:
      prefix: the path, without `.index`.

    Raises:
      NotFoundError: there is none.
      DataLossError: it is damaged.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.entries: dict[str, Entry] = {}
        self._shards = 1
        if os.path.isfile(prefix + ".index"):
            self._read_index()
            return
        files = _old_files(prefix)
        if not files:
            raise missing(prefix)
        for path in files:
            self._read_old(path)

    def _read_index(self) -> None:
        path = self.prefix + ".index"
        try:
            table = read_table(read(path))
            if b"" not in table:
                raise lost("no header entry")
            header = BundleHeaderProto.FromString(table[b""])
            found = {key: BundleEntryProto.FromString(value) for key, value in table.items() if key}
            if header.endianness:
                raise errors.UnimplementedError(None, None, "Reading a bundle with different endianness from the reader")
            self._shards = max(1, header.num_shards)
            for key, entry in found.items():
                if key[:1] != b"\0":  # those are slices, which the entry of their tensor names
                    slices = [_extents(s) for s in entry.slices]
                    place: Any = entry if not slices else \
                        [(s, found[slice_key(key.decode(), s)]) for s in slices]
                    self.entries[key.decode()] = Entry(_dtype(entry.dtype), _sizes(entry.shape), place)
        except (errors.DataLossError, DecodeError, UnicodeDecodeError, KeyError) as error:
            said = error.message if isinstance(error, errors.OpError) else str(error)
            raise lost(f"Unable to read file ({path}). Perhaps the file is corrupt or was produced by a newer version of "
                       f"TensorFlow with format changes: {said}") from None

    def _read_old(self, path: str) -> None:
        try:
            table = read_table(read(path))
            meta = SavedTensorSlices.FromString(table[b""]).meta
            held: dict[str, list[tuple[Slice, Any]]] = {}
            for key, value in table.items():
                if key:
                    piece = SavedTensorSlices.FromString(value).data
                    held.setdefault(piece.name, []).append((_extents(piece.slice), piece.data))
            for tensor in meta.tensor:
                before = self.entries.get(tensor.name)
                pieces = (before.place if before is not None else []) + held.get(tensor.name, [])
                self.entries[tensor.name] = Entry(_dtype(tensor.type), _sizes(tensor.shape), pieces)
        except (errors.DataLossError, DecodeError, KeyError) as error:
            said = error.message if isinstance(error, errors.OpError) else str(error)
            raise lost(f"Unable to open table file {path}: {said}: perhaps your file is in a different file format and you "
                       "need to use a different restore operator?") from None

    def tensor(self, name: str) -> Array:
        """The value of a tensor.

        Raises:
          NotFoundError: no tensor of that name, or its file is gone.
          DataLossError: the bytes are not those that were written.
        """
        entry = self.entries.get(name)
        if entry is None:
            raise errors.NotFoundError(None, None, f"Key {name} not found in checkpoint")
        if isinstance(entry.place, BundleEntryProto):
            return self._array(entry.place, entry.dtype, entry.shape)
        out = np.empty(entry.shape, entry.dtype.np)
        filled = 0
        for extents, place in entry.place:
            at = tuple(slice(None) if length < 0 else slice(start, start + length) for start, length in extents)
            shape = out[at].shape
            whole = isinstance(place, BundleEntryProto)
            part = self._array(place, entry.dtype, shape) if whole else _from_proto(place, entry.dtype, shape, name)
            out[at] = part
            filled += part.size
        if filled < out.size:
            raise lost(f"Checkpoint {self.prefix} lacks slices of the tensor {name}")
        return out

    def _array(self, entry: Any, dtype: dtypes.DType, shape: Sequence[int]) -> Array:
        path = f"{self.prefix}.data-{entry.shard_id:05d}-of-{self._shards:05d}"
        count = prod(shape)
        with translated(path), open(path, "rb") as file:
            file.seek(entry.offset)
            raw = np.fromfile(file, np.uint8, entry.size)
        if raw.size < entry.size:
            raise lost(f"TensorBundle at {self.prefix} shard {entry.shard_id}: the file ends before the tensor does")
        if dtype is dtypes.string:
            return _strings(raw.data, count, entry.crc32c).reshape(shape)
        if not dtype.is_numpy_compatible:
            raise errors.UnimplementedError(None, None, f"Reading tensors of dtype {dtype.name} from a checkpoint")
        if entry.size != count * dtype.np.itemsize:
            raise lost(f"TensorBundle at {self.prefix} shard {entry.shard_id}: Invalid size in bundle entry: stored size "
                       f"{entry.size}; expected size {count * dtype.np.itemsize}")
        found = masked(crc32c(raw.data))
        if found != entry.crc32c:
            raise lost(f"TensorBundle at {self.prefix} shard {entry.shard_id} ({entry.size} bytes): Checksum does not match: "
                       f"stored {entry.crc32c} vs. calculated on the restored bytes {found}")
        return raw.view(dtype.np).reshape(shape)


def _dtype(number: int) -> dtypes.DType:
    return dtypes.as_dtype(number)


def _sizes(shape: Any) -> tuple[int, ...]:
    return tuple(dim.size for dim in shape.dim)


def _extents(part: Any) -> Slice:
    return tuple((int(extent.start), extent.size) for extent in part.extent)


def _from_proto(proto: Any, dtype: dtypes.DType, shape: tuple[int, ...], name: str) -> Array:
    # The old format writes the elements alone, without a dtype or a shape.
    whole = TensorProto(dtype=dtype.as_datatype_enum, tensor_shape=shape_proto(shape))
    whole.MergeFromString(TensorProto(**{k: v for k, v in vars(proto).items() if k.endswith("_val")}).SerializeToString())
    held = max((len(v) for k, v in vars(whole).items() if k.endswith("_val")), default=0)
    if held != prod(shape) * (2 if dtype.is_complex else 1):
        raise lost(f"The slice of {name} has {held} elements, not those of the shape {list(shape)}")
    return array_of(whole)


# Text: the lengths of all elements, a checksum of these, then the elements.


def _length_bytes(size: int) -> bytes:
    return struct.pack("<I", size) if size <= 0xFFFFFFFF else struct.pack("<Q", size)


def _strings(raw: memoryview, count: int, stored: int) -> Array:
    sizes, at = [], 0
    try:
        for _ in range(count):
            size, at = read_varint(raw, at)
            sizes.append(size)
    except DecodeError:
        raise lost("The lengths of the strings of a tensor break off") from None
    checksum = crc32c(b"".join(map(_length_bytes, sizes)))
    given = bytes(raw[at:at + 4])
    if len(given) < 4 or struct.unpack("<I", given)[0] != masked(checksum):
        raise lost(f"The length checksum does not match: expected {int.from_bytes(given, 'little')} but actual is "
                   f"{masked(checksum)}")
    at += 4
    body = raw[at:]
    if len(body) != sum(sizes):
        raise lost("The strings of a tensor break off")
    found = masked(crc32c(body, crc32c(given, checksum)))
    if found != stored:
        raise lost(f"Checksum does not match: stored {stored} vs. calculated on the restored bytes {found}")
    out = np.empty(count, object)
    ends = np.cumsum([0, *sizes]).tolist()
    out[:] = [bytes(body[a:b]) for a, b in zip(ends, ends[1:], strict=False)]
    return out


def _string_bytes(array: Array) -> tuple[bytes, int]:
    values = array.reshape(-1).tolist()
    lengths = b"".join(varint(len(v)) for v in values)
    checksum = crc32c(b"".join(_length_bytes(len(v)) for v in values))
    given = struct.pack("<I", masked(checksum))
    body = b"".join(values)
    return lengths + given + body, masked(crc32c(body, crc32c(given, checksum)))


# The keys of slices keep the order of names and places.


def slice_key(name: str, extents: Slice) -> bytes:
    """The key of a slice of a tensor."""
    text = name.encode().replace(b"\0", b"\0\xff")  # UTF-8 has no byte 255, the other one that would be marked
    out = b"\0" + text + b"\0\1" + _ordered_unsigned(len(extents))
    return out + b"".join(_ordered_signed(n) for extent in extents for n in extent)


def _ordered_unsigned(value: int) -> bytes:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return bytes([len(raw)]) + raw


def _ordered_signed(value: int) -> bytes:
    """A signed number in as few bytes as it needs, so that the order of the bytes is that of the numbers."""
    size = 1
    while not -(1 << 7 * size - 1) <= value < 1 << 7 * size - 1:
        size += 1
    # As many leading ones as there are bytes, then a zero and the number; everything turned over for a negative one.
    width = max(size, 2) if size > 8 else size
    plain = (value if value >= 0 else ~value).to_bytes(width, "big")
    ones = ((1 << size) - 1) << (8 * width - size)
    header = ones.to_bytes(width, "big")
    coded = bytes(a ^ b for a, b in zip(plain, header, strict=True))
    return coded if value >= 0 else bytes(b ^ 0xFF for b in coded)


# Writing.


class Saved(NamedTuple):
    """A tensor to write, or a slice of one."""

    name: str
    array: Array
    dtype: dtypes.DType
    full_shape: tuple[int, ...] | None = None
    """The shape of the whole tensor, where this is a slice."""
    extents: Slice | None = None


def write_bundle(prefix: str, tensors: Iterable[Saved]) -> None:
    """Writes tensors as a checkpoint. Both files get their names when they are complete, the index last.

    Raises:
      OpError: the system does not let them be written.
      ValueError: two tensors of one name.
    """
    folder = os.path.dirname(prefix) or "."
    if not os.path.isdir(folder):
        _make_directories(folder)
    entries: dict[bytes, BundleEntryProto] = {}
    paths = [prefix + ".data-00000-of-00001", prefix + ".index"]
    partial: list[str] = []
    with translated(paths[0]):
        try:
            for path in paths:
                handle, name = tempfile.mkstemp(prefix=os.path.basename(path) + ".", suffix=".tempstate", dir=folder)
                partial.append(name)
                with os.fdopen(handle, "wb") as file:
                    if path is paths[0]:
                        _write_data(file, tensors, entries)
                    else:
                        header = BundleHeaderProto(num_shards=1, version=VersionDef(producer=1))
                        rows = [(b"", header), *sorted(entries.items())]
                        file.write(write_table((key, entry.SerializeToString()) for key, entry in rows))
                os.chmod(name, 0o666 & ~_umask())
            for name, path in zip(list(partial), paths, strict=True):
                os.replace(name, path)
                partial.remove(name)
        except BaseException:
            for name in partial:
                os.unlink(name)
            raise


def _write_data(file: BinaryIO, tensors: Iterable[Saved], entries: dict[bytes, BundleEntryProto]) -> None:
    at = 0
    for saved in tensors:
        if saved.dtype is dtypes.string:
            body, checksum = _string_bytes(saved.array)
            size = file.write(body)
        else:
            raw = np.ascontiguousarray(saved.array).reshape(-1).view(np.uint8)
            checksum = masked(crc32c(raw.data))
            size = file.write(raw.data)
        entry = BundleEntryProto(dtype=saved.dtype.as_datatype_enum, shape=shape_proto(saved.array.shape), shard_id=0,
                                 offset=at, size=size, crc32c=checksum)
        at += size
        key = saved.name.encode()
        if saved.extents is not None:
            whole = entries.get(key)
            if whole is None:
                whole = entries[key] = BundleEntryProto(dtype=entry.dtype, shape=shape_proto(saved.full_shape))
            part = whole.slices.add()
            for start, length in saved.extents:
                part.extent.add(**({"start": start} if start else {}), **({} if length < 0 else {"length": length}))
            key = slice_key(saved.name, saved.extents)
        if key in entries:
            raise ValueError(f"Two tensors of the name {saved.name} in one checkpoint")
        entries[key] = entry
