"""Messages in the wire format of Protocol Buffers, described by tables of fields.

A class of messages lists its fields; reading, writing, text and comparison follow from the list. What a reader does not
know, it skips.
"""
from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, NamedTuple

import numpy as np

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MASK = (1 << 64) - 1
_WIRE = {"double": _FIXED64, "fixed64": _FIXED64, "float": _FIXED32, "fixed32": _FIXED32, "string": _BYTES, "bytes": _BYTES,
         "message": _BYTES}
_STRUCT = {"double": "<d", "fixed64": "<Q", "float": "<f", "fixed32": "<I"}
_DEFAULT = {"double": 0.0, "float": 0.0, "string": "", "bytes": b"", "bool": False}


class DecodeError(ValueError):
    """Bytes that are not such a message."""


class Field(NamedTuple):
    """One field: its number, its name, and what it holds."""

    number: int
    name: str
    kind: str
    """int32, int64, uint32, uint64, bool, enum, float, double, fixed32, fixed64, string, bytes or message."""
    repeated: bool = False
    message: Callable[[], Any] | None = None
    """The class of a message field's value, as a function so that classes may refer to each other."""
    enum: dict[int, str] | None = None
    """The words for the values of an enumeration."""

    @property
    def wire(self) -> int:
        """How the wire format carries it."""
        return _WIRE.get(self.kind, _VARINT)


class Repeated(list[Any]):
    """The values of a repeated field."""

    __slots__ = ("_field",)

    def __init__(self, field: Field, values: Iterable[Any] = ()) -> None:
        super().__init__(values)
        self._field = field

    def add(self, **values: Any) -> Any:
        """Appends a message and returns it."""
        assert self._field.message is not None
        self.append(self._field.message()(**values))
        return self[-1]


class Message:
    """A message. Fields are attributes; a field that was not set has its default."""

    FIELDS: ClassVar[tuple[Field, ...]] = ()

    def __init__(self, **values: Any) -> None:
        known = {f.name: f for f in self.FIELDS}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f'Protocol message {type(self).__name__} has no "{name}" field.')
            field = known[name]
            setattr(self, name, Repeated(field, value) if field.repeated else value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        for field in self.FIELDS:
            if field.name == name:
                if field.repeated or field.kind == "message":
                    assert field.repeated or field.message is not None
                    made: Any = Repeated(field) if field.repeated else field.message()()  # type: ignore[misc]
                    vars(self)[name] = made
                    return made
                return _DEFAULT.get(field.kind, 0)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _set_fields(self) -> Iterator[tuple[Field, Any]]:
        """The fields that have something to say, in the order of their numbers."""
        held = vars(self)
        for field in self.FIELDS:
            value = held.get(field.name)
            if value is None or (field.repeated and not value):
                continue
            if field.kind == "message" and not field.repeated:
                if field.name in held.get("_present", ()) or any(True for _ in value._set_fields()):
                    yield field, value
            elif field.repeated or value != _DEFAULT.get(field.kind, 0) or _is_negative_zero(value):
                yield field, value

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "_present" and not any(f.name == name for f in self.FIELDS):
            raise AttributeError(f'Protocol message {type(self).__name__} has no "{name}" field.')
        vars(self)[name] = value
        if isinstance(value, Message):
            vars(self).setdefault("_present", set()).add(name)

    def HasField(self, name: str) -> bool:
        """Whether a field is set."""
        return any(field.name == name for field, _ in self._set_fields())

    def WhichOneof(self, names: Iterable[str]) -> str | None:
        """The one of several fields that is set, or None."""
        wanted = set(names)
        return next((field.name for field, _ in self._set_fields() if field.name in wanted), None)

    def Clear(self) -> None:
        """Forgets every field."""
        vars(self).clear()

    def CopyFrom(self, other: Message) -> None:
        """Takes over what another message says."""
        data = other.SerializeToString()
        self.Clear()
        self.MergeFromString(data)

    # Writing.

    def SerializeToString(self) -> bytes:
        """The message as bytes, fields in the order of their numbers."""
        out = bytearray()
        for field, value in self._set_fields():
            if not field.repeated:
                _write(out, field, value)
            elif field.wire == _BYTES:
                for item in value:
                    _write(out, field, item)
            else:
                body = _packed(field, value)
                out += _varint(field.number << 3 | _BYTES) + _varint(len(body)) + body
        return bytes(out)

    # Reading.

    @classmethod
    def FromString(cls, data: bytes) -> Any:
        """The message that bytes hold.

        Raises:
          DecodeError: they hold none.
        """
        made = cls()
        made.MergeFromString(data)
        return made

    def ParseFromString(self, data: bytes) -> int:
        """Reads the message from bytes; the number of bytes.

        Raises:
          DecodeError: they hold none.
        """
        self.Clear()
        return self.MergeFromString(data)

    def MergeFromString(self, data: bytes) -> int:
        """Adds what bytes say to this message.

        Raises:
          DecodeError: they are no message.
        """
        known = {f.number: f for f in self.FIELDS}
        view = memoryview(data)
        at = 0
        while at < len(view):
            key, at = _read_varint(view, at)
            wire, field = key & 7, known.get(key >> 3)
            if not key >> 3:
                raise DecodeError("a field without a number")
            start = at
            if wire == _VARINT:
                value, at = _read_varint(view, at)
                if field is not None:
                    self._store(field, _from_varint(field, value), wire)
            elif wire == _BYTES:
                size, start = _read_varint(view, at)
                at = start + size
                if at > len(view):
                    raise DecodeError("the message breaks off")
                if field is not None:
                    self._read_bytes(field, view[start:at])
            elif wire in (_FIXED64, _FIXED32):
                at += 8 if wire == _FIXED64 else 4
                if at > len(view):
                    raise DecodeError("the message breaks off")
                if field is not None:
                    if field.wire != wire:
                        raise DecodeError(f"field {field.name} has another type")
                    self._store(field, struct.unpack(_STRUCT[field.kind], view[start:at])[0], wire)
            else:
                raise DecodeError(f"wire type {wire}")
        return len(view)

    def _store(self, field: Field, value: Any, wire: int) -> None:
        if wire != field.wire:
            raise DecodeError(f"field {field.name} has another type")
        if field.repeated:
            getattr(self, field.name).append(value)
        else:
            setattr(self, field.name, value)

    def _read_bytes(self, field: Field, part: memoryview) -> None:
        if field.wire != _BYTES:
            if not field.repeated:
                raise DecodeError(f"field {field.name} has another type")
            getattr(self, field.name).extend(_unpacked(field, part))
        elif field.kind == "message":
            target = getattr(self, field.name)
            if field.repeated:
                target.add().MergeFromString(part)
            else:
                target.MergeFromString(part)
                setattr(self, field.name, target)
        else:
            raw = bytes(part)
            try:
                self._store(field, raw.decode() if field.kind == "string" else raw, _BYTES)
            except UnicodeDecodeError:
                raise DecodeError(f"field {field.name} is not UTF-8") from None

    # Text.

    def __str__(self) -> str:
        return "".join(_lines(self, ""))

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.SerializeToString() == other.SerializeToString()

    __hash__ = None  # type: ignore[assignment]


def _is_negative_zero(value: Any) -> bool:
    return isinstance(value, float) and value == 0 and str(value) == "-0.0"


def _varint(value: int) -> bytes:
    value &= _MASK
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(view) or shift > 63:
            raise DecodeError("the message breaks off")
        byte = view[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & _MASK, at
        shift += 7


def _from_varint(field: Field, value: int) -> Any:
    if field.kind == "bool":
        return bool(value)
    if field.kind in ("int32", "enum"):
        value &= 0xFFFFFFFF
        return value - (1 << 32) if value >> 31 else value
    if field.kind == "int64":
        return value - (1 << 64) if value >> 63 else value
    return value & 0xFFFFFFFF if field.kind == "uint32" else value


def _write(out: bytearray, field: Field, value: Any) -> None:
    """One value with its key."""
    out += _varint(field.number << 3 | field.wire)
    if field.wire == _BYTES:
        body = value.SerializeToString() if field.kind == "message" else value.encode() if isinstance(value, str) else value
        out += _varint(len(body)) + body
    elif field.wire == _VARINT:
        out += _varint(int(value))
    else:
        out += struct.pack(_STRUCT[field.kind], value)


_FIXED = {"double": "<f8", "fixed64": "<u8", "float": "<f4", "fixed32": "<u4"}


def _packed(field: Field, values: Iterable[Any]) -> bytes:
    """The values of a repeated field behind each other."""
    if field.kind in _FIXED:
        return np.asarray(list(values), _FIXED[field.kind]).tobytes()
    return b"".join([_varint(int(v)) for v in values])


def _unpacked(field: Field, part: memoryview) -> list[Any]:
    if field.kind in _FIXED:
        dtype = np.dtype(_FIXED[field.kind])
        if len(part) % dtype.itemsize:
            raise DecodeError("the message breaks off")
        return list(np.frombuffer(part, dtype).tolist())
    out = []
    at = 0
    while at < len(part):
        value, at = _read_varint(part, at)
        out.append(_from_varint(field, value))
    return out


# Text: fields line by line, messages in braces.


_MARKS = {10: r"\n", 13: r"\r", 9: r"\t", 34: r"\"", 39: r"\'", 92: r"\\"}


def _quoted(raw: bytes) -> str:
    return '"' + "".join(_MARKS.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in raw) + '"'


def _word(field: Field, value: Any) -> str:
    if field.kind in ("string", "bytes"):
        return _quoted(value.encode() if isinstance(value, str) else value)
    if field.kind == "bool":
        return "true" if value else "false"
    if field.kind == "enum" and field.enum is not None:
        return field.enum.get(value, str(value))
    if field.kind == "float":
        return _number(float(value), 8)
    return _number(value, 17) if field.kind == "double" else str(int(value))


def _number(value: float, digits: int) -> str:
    """The shortest text that is read as this number again."""
    text = repr(value) if digits == 17 else str(np.float32(value))
    return text.removesuffix(".0")


def _lines(message: Message, indent: str) -> Iterator[str]:
    for field, value in message._set_fields():
        for item in value if field.repeated else [value]:
            if field.kind == "message":
                yield f"{indent}{field.name} {{\n"
                yield from _lines(item, indent + "  ")
                yield f"{indent}}}\n"
            else:
                yield f"{indent}{field.name}: {_word(field, item)}\n"
