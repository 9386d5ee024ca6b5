"""Sorted tables of keys and values in one file, in LevelDB's format: the index of a checkpoint.

A table is a run of blocks. A block holds entries in the order of their keys, each without what its key shares with the one
before, then the places where a whole key stands. A block's end says how it is compressed and holds a checksum. The last
block but one is the index of the others; the footer says where it lies.
"""
from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from ..core import errors
from .crc32c import crc32c, masked
from .wire import DecodeError, read_varint, varint

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_TRAILER = 5
_BLOCK_SIZE = 262144
_RESTART_INTERVAL = 16
_PLAIN, _SNAPPY = 0, 1


def lost(message: str) -> errors.DataLossError:
    """The error of a file that is not what it should be."""
    return errors.DataLossError(None, None, message)


def read_table(data: bytes) -> dict[bytes, bytes]:
    """The entries of a table, in the order of their keys.

    Raises:
      DataLossError: the file is cut off, damaged, or no table.
    """
    if len(data) < _FOOTER:
        raise lost("file is too short to be an sstable")
    footer = memoryview(data)[-_FOOTER:]
    if struct.unpack("<Q", footer[40:])[0] != _MAGIC:
        raise lost("not an sstable (bad magic number)")
    try:
        _, at = _handle(footer, 0)
        index, _ = _handle(footer, at)
        found: dict[bytes, bytes] = {}
        before = None
        for _, place in _entries(_block(data, index)):
            for key, value in _entries(_block(data, _handle(memoryview(place), 0)[0])):
                if before is not None and key <= before:
                    raise lost("the keys of an sstable are out of order")
                found[key] = value
                before = key
    except (DecodeError, struct.error):
        raise lost("bad block handle or entry in an sstable") from None
    return found


def write_table(entries: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A table of entries, which come in the order of their keys."""
    out = bytearray()
    index: list[tuple[bytes, bytes]] = []
    pending: list[tuple[bytes, bytes]] = []
    size = 0
    for key, value in entries:
        pending.append((key, value))
        size += len(key) + len(value)
        if size >= _BLOCK_SIZE:
            index.append((key, _append(out, pending)))
            pending, size = [], 0
    if pending:
        index.append((_successor(pending[-1][0]), _append(out, pending)))
    places = _append(out, []) + _append(out, index, 1)
    return bytes(out) + places.ljust(_FOOTER - 8, b"\0") + struct.pack("<Q", _MAGIC)


def _handle(view: memoryview, at: int) -> tuple[tuple[int, int], int]:
    """Where a block lies and how long it is, and where the reading of that ended."""
    offset, at = read_varint(view, at)
    size, at = read_varint(view, at)
    return (offset, size), at


def _block(data: bytes, handle: tuple[int, int]) -> bytes:
    offset, size = handle
    whole = data[offset:offset + size + _TRAILER]
    if len(whole) < size + _TRAILER:
        raise lost("truncated block read")
    if struct.unpack("<I", whole[size + 1:])[0] != masked(crc32c(whole[:size + 1])):
        raise lost("block checksum mismatch")
    if whole[size] == _PLAIN:
        return whole[:size]
    if whole[size] == _SNAPPY:
        return snappy_unpacked(whole[:size])
    raise lost("bad block type")


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The keys and values of a block."""
    if len(block) < 4:
        raise lost("bad entry in block")
    end = len(block) - 4 - 4 * struct.unpack("<I", block[-4:])[0]
    if end < 0:
        raise lost("bad entry in block")
    view = memoryview(block)[:end]
    key, at = b"", 0
    while at < end:
        shared, at = read_varint(view, at)
        rest, at = read_varint(view, at)
        size, at = read_varint(view, at)
        if shared > len(key) or at + rest + size > end:
            raise lost("bad entry in block")
        key = key[:shared] + bytes(view[at:at + rest])
        at += rest
        yield key, bytes(view[at:at + size])
        at += size


def _append(out: bytearray, entries: list[tuple[bytes, bytes]], interval: int = _RESTART_INTERVAL) -> bytes:
    """Puts a block behind what there is; the handle that says where it lies."""
    block = bytearray()
    restarts = [0]
    before = b""
    for i, (key, value) in enumerate(entries):
        shared = 0
        if i % interval:
            while shared < min(len(key), len(before)) and key[shared] == before[shared]:
                shared += 1
        elif i:
            restarts.append(len(block))
        block += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    block += struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))
    place = varint(len(out)) + varint(len(block))
    block.append(_PLAIN)
    out += block + struct.pack("<I", masked(crc32c(bytes(block))))
    return place


def _successor(key: bytes) -> bytes:
    """A short key that is not less than another: the index needs no more for its last block."""
    for i, byte in enumerate(key):
        if byte != 0xFF:
            return key[:i] + bytes([byte + 1])
    return key


def snappy_unpacked(data: bytes) -> bytes:
    """What was compressed in Snappy's format: literal bytes, and copies of bytes that came before.

    Raises:
      DataLossError: the data is no such thing.
    """
    bad = lost("corrupted compressed block contents")
    try:
        size, at = read_varint(memoryview(data), 0)
    except DecodeError:
        raise bad from None
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        kind, length = tag & 3, tag >> 2
        if kind == 0:
            extra = max(0, length - 59)
            if extra:
                length = int.from_bytes(data[at:at + extra], "little")
                at += extra
            length += 1
            if at + length > len(data):
                raise bad
            out += data[at:at + length]
            at += length
            continue
        width = (0, 1, 2, 4)[kind]
        if at + width > len(data):
            raise bad
        back = int.from_bytes(data[at:at + width], "little")
        if kind == 1:
            back |= (tag >> 5) << 8
            length = (length & 7) + 4
        else:
            length += 1
        at += width
        if not 0 < back <= len(out):
            raise bad
        # A copy may reach into what it writes, which repeats the bytes.
        piece = bytes(out[len(out) - back:len(out) - back + length])
        out += (piece * (length // len(piece) + 1))[:length]
    if len(out) != size:
        raise bad
    return bytes(out)
