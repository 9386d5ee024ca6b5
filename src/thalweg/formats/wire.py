"""The wire format of Protocol Buffers: keys, numbers of variable length, packed lists."""
from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any

import numpy as np

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
MASK = (1 << 64) - 1
STRUCT = {"double": "<d", "fixed64": "<Q", "float": "<f", "fixed32": "<I"}
_FIXED = {"double": "<f8", "fixed64": "<u8", "float": "<f4", "fixed32": "<u4"}
_VARIED = {"bool": bool, "int32": np.int32, "enum": np.int32, "uint32": np.uint32, "int64": np.int64, "uint64": np.uint64}
_FEW = 32
"""Up to so many bytes a Python loop is faster than NumPy."""


class DecodeError(ValueError):
    """Bytes that are not such a message."""


def varint(value: int) -> bytes:
    """A number in groups of seven bits, the lowest first."""
    value &= MASK
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_varint(view: Any, at: int) -> tuple[int, int]:
    """The number at a place, and the place behind it.

    Raises:
      DecodeError: the bytes break off.
    """
    value = shift = 0
    while True:
        if at >= len(view) or shift > 63:
            raise DecodeError("the message breaks off")
        byte = view[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & MASK, at
        shift += 7


def from_varint(kind: str, value: int) -> Any:
    """What 64 bits stand for in a field of some kind."""
    if kind == "bool":
        return bool(value)
    if kind in ("int32", "enum"):
        value &= 0xFFFFFFFF
        return value - (1 << 32) if value >> 31 else value
    if kind == "int64":
        return value - (1 << 64) if value >> 63 else value
    return value & 0xFFFFFFFF if kind == "uint32" else value


def packed(kind: str, values: Iterable[Any]) -> bytes:
    """The values of a repeated field behind each other."""
    if kind in _FIXED:
        return np.asarray(list(values), _FIXED[kind]).tobytes()
    return b"".join([varint(int(v)) for v in values])


def unpacked(kind: str, part: memoryview) -> list[Any]:
    """The values that `packed` was given.

    Raises:
      DecodeError: the bytes break off.
    """
    if kind in _FIXED:
        return list(fixed(kind, part).tolist())
    if len(part) > _FEW:
        return list(varints(part).astype(_VARIED[kind]).tolist())
    out = []
    at = 0
    while at < len(part):
        value, at = read_varint(part, at)
        out.append(from_varint(kind, value))
    return out


def fixed(kind: str, part: memoryview) -> np.ndarray[Any, Any]:
    """Packed numbers of a fixed size, as an array.

    Raises:
      DecodeError: the bytes break off.
    """
    dtype = np.dtype(_FIXED[kind])
    if len(part) % dtype.itemsize:
        raise DecodeError("the message breaks off")
    return np.frombuffer(part, dtype)


def varints(part: memoryview) -> np.ndarray[Any, Any]:
    """Packed numbers of variable length, as uint64: the bytes of each summed up at their places.

    Raises:
      DecodeError: the last number breaks off, or one has too many bytes.
    """
    data = np.frombuffer(part, np.uint8)
    if not len(data):
        return np.zeros(0, np.uint64)
    ends = np.flatnonzero(data < 0x80)
    if not len(ends) or ends[-1] != len(data) - 1:
        raise DecodeError("the message breaks off")
    starts = np.concatenate([[0], ends[:-1] + 1])
    sizes = ends - starts + 1
    if sizes.max() > 10:
        raise DecodeError("the message breaks off")
    places = np.arange(len(data)) - np.repeat(starts, sizes)
    return np.add.reduceat((data & 0x7F).astype(np.uint64) << (7 * places).astype(np.uint64), starts)


def fixed_value(kind: str, part: memoryview) -> Any:
    """One number of a fixed size."""
    return struct.unpack(STRUCT[kind], part)[0]


def backwards(key: Any) -> Any:
    """The place of a map's key in text: from the last letter of the alphabet to the first, of two words that begin alike the
    shorter first. In bytes, keys stand the other way round."""
    return bytes(255 - b for b in key.encode()) if isinstance(key, str) else -key
