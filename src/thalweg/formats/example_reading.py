"""Reading serialised examples quickly: straight from the bytes, without messages in between.

A feature is given as its kind and its values: an array of float32 or int64, or a list of byte strings.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .wire import BYTES, FIXED32, FIXED64, VARINT, DecodeError, read_varint, varints

NOTHING, STRINGS, FLOATS, INTS = 0, 1, 2, 3
_SHORT = 24
"""Up to so many bytes a Python loop is faster than NumPy."""

Feature = tuple[int, Any]
EMPTY: Feature = (NOTHING, ())
_BROKEN = "the message breaks off"


def _length(data: bytes, at: int, end: int) -> tuple[int, int]:
    """A length, and the place behind it; most are a single byte."""
    if at >= end:
        raise DecodeError(_BROKEN)
    byte = data[at]
    return (byte, at + 1) if byte < 0x80 else read_varint(data, at)


def _parts(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """The fields of a message: key, where the value begins, where it ends, and the value itself of a number."""
    while at < end:
        key, at = _length(data, at, end)
        form = key & 7
        if form == BYTES:
            size, at = _length(data, at, end)
            if at + size > end:
                raise DecodeError(_BROKEN)
            yield key, at, at + size, 0
            at += size
        elif form == VARINT:
            value, at = read_varint(data, at)
            yield key, at, at, value
        elif form in (FIXED32, FIXED64):
            size = 4 if form == FIXED32 else 8
            if at + size > end:
                raise DecodeError(_BROKEN)
            yield key, at, at + size, 0
            at += size
        else:
            raise DecodeError(f"wire type {form}")


_VALUE = 1 << 3 | BYTES
_SECOND = 2 << 3 | BYTES
_LISTS = frozenset(kind << 3 | BYTES for kind in (STRINGS, FLOATS, INTS))


def _whole(data: bytes, at: int, end: int) -> tuple[int, int]:
    """The key and the beginning of a field that fills a message, as most do; a key of 0 where it is not so."""
    if end - at < 2:
        return 0, at
    size, start = _length(data, at + 1, end)
    return (data[at], start) if start + size == end else (0, at)


def _feature(data: bytes, at: int, end: int) -> Feature:
    """The kind and the values of one feature; of several lists in it the last one counts."""
    only, begin = _whole(data, at, end)
    if only in _LISTS:
        return only >> 3, _READERS[only >> 3](data, begin, end)
    found: Feature = EMPTY
    for key, start, stop, _ in _parts(data, at, end):
        kind = key >> 3
        if key & 7 == BYTES and 1 <= kind <= 3:
            values = _READERS[kind](data, start, stop)
            found = (kind, values)
    return found


def _strings(data: bytes, at: int, end: int) -> list[bytes]:
    return [data[start:stop] for key, start, stop, _ in _parts(data, at, end) if key == _VALUE]


def _floats(data: bytes, at: int, end: int) -> np.ndarray[Any, Any]:
    only, begin = _whole(data, at, end)
    if only == _VALUE:
        return _run(data, begin, end)
    runs = [_run(data, start, stop) for key, start, stop, _ in _parts(data, at, end)
            if key in (_VALUE, 1 << 3 | FIXED32)]
    return runs[0] if len(runs) == 1 else np.concatenate(runs) if runs else np.zeros(0, np.float32)


def _run(data: bytes, at: int, end: int) -> np.ndarray[Any, Any]:
    if (end - at) % 4:
        raise DecodeError(_BROKEN)
    return np.frombuffer(data, "<f4", (end - at) // 4, at)


def _ints(data: bytes, at: int, end: int) -> np.ndarray[Any, Any]:
    only, begin = _whole(data, at, end)
    if only == _VALUE:
        return _packed(data, begin, end).astype(np.int64)
    runs = []
    for key, start, stop, value in _parts(data, at, end):
        if key == _VALUE:
            runs.append(_packed(data, start, stop))
        elif key == 1 << 3 | VARINT:
            runs.append(np.array([value], np.uint64))
    found = runs[0] if len(runs) == 1 else np.concatenate(runs) if runs else np.zeros(0, np.uint64)
    return found.astype(np.int64)


def _packed(data: bytes, at: int, end: int) -> np.ndarray[Any, Any]:
    if end - at > _SHORT:
        return varints(memoryview(data)[at:end])
    out = []
    while at < end:
        value, at = _length(data, at, end)
        out.append(value)
    if at > end:
        raise DecodeError(_BROKEN)
    return np.array(out, np.uint64)


_READERS: dict[int, Any] = {STRINGS: _strings, FLOATS: _floats, INTS: _ints}


def _entry(data: bytes, at: int, end: int) -> tuple[bytes, int, int]:
    """One entry of a map: the key, and where the value begins and ends."""
    if end - at > 2 and data[at] == _VALUE and data[at + 1] < 0x80:
        behind = at + 2 + data[at + 1]
        only, begin = _whole(data, behind, end)
        if only == _SECOND:
            return data[at + 2:behind], begin, end
    name, first, last = b"", end, end
    for key, start, stop, _ in _parts(data, at, end):
        if key == _VALUE:
            name = data[start:stop]
        elif key == _SECOND:
            first, last = start, stop
    return name, first, last


def _features(data: bytes, at: int, end: int, wanted: Any, into: dict[bytes, Feature]) -> None:
    """Adds the wanted features of a `Features` message; of two with one name the last one counts."""
    for key, start, stop, _ in _parts(data, at, end):
        if key == _VALUE:
            name, first, last = _entry(data, start, stop)
            if name in wanted:
                into[name] = _feature(data, first, last)


def example(data: bytes, wanted: Any) -> dict[bytes, Feature]:
    """The features of an example that are wanted, by name.

    Raises:
      DecodeError: the bytes are no example.
    """
    found: dict[bytes, Feature] = {}
    for key, start, stop, _ in _outer(data):
        if key == _VALUE:
            _features(data, start, stop, wanted, found)
    return found


def _outer(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """The fields of the whole. One that is not known may break off: nothing that matters is lost."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == BYTES and key >> 3 > 2:
            size, at = read_varint(data, at)
            at += size
            continue
        part = next(_parts(data, at - _size(key), len(data)))
        yield part
        at = part[2]


def _size(key: int) -> int:
    """How many bytes a key takes."""
    return max(1, (key.bit_length() + 6) // 7)


def sequence(data: bytes, wanted: Any, wanted_lists: Any) -> tuple[dict[bytes, Feature], dict[bytes, list[Feature]]]:
    """The features of a sequence that are wanted, and those of its steps, by name.

    Raises:
      DecodeError: the bytes are no sequence.
    """
    context: dict[bytes, Feature] = {}
    lists: dict[bytes, list[Feature]] = {}
    for key, start, stop, _ in _outer(data):
        if key == _VALUE:
            _features(data, start, stop, wanted, context)
        elif key == _SECOND:
            for inner, first, last, _ in _parts(data, start, stop):
                if inner == _VALUE:
                    name, begin, end = _entry(data, first, last)
                    if name in wanted_lists:
                        lists[name] = [_feature(data, a, b) for k, a, b, _ in _parts(data, begin, end) if k == _VALUE]
    return context, lists
