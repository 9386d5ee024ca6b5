"""Messages in the wire format of Protocol Buffers, described by tables of fields.

A class of messages lists its fields; reading, writing, text and comparison follow from the list. What a reader does not
know, it skips.
"""
from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from . import wire
from .fields import DEFAULTS, Field, MapField, Repeated
from .wire import BYTES, FIXED32, FIXED64, STRUCT, VARINT, DecodeError, read_varint, varint

__all__ = ["DecodeError", "Field", "MapField", "Message", "Repeated"]

_varint, _read_varint = varint, read_varint


class Message:
    """A message. Fields are attributes; a field that was not set has its default."""

    FIELDS: ClassVar[tuple[Field, ...]] = ()
    _NAMED: ClassVar[dict[str, Field]] = {}
    _NUMBERED: ClassVar[dict[int, Field]] = {}

    def __init_subclass__(cls) -> None:
        cls._NAMED = {f.name: f for f in cls.FIELDS}
        cls._NUMBERED = {f.number: f for f in cls.FIELDS}

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            field = self._NAMED.get(name)
            if field is None:
                raise ValueError(f'Protocol message {type(self).__name__} has no "{name}" field.')
            if value is not None:
                self._put(field, MapField(field, value) if field.key else Repeated(field, value) if field.repeated
                          else field.checked(value))

    def _put(self, field: Field, value: Any) -> None:
        """Sets a field; the others of its group are forgotten."""
        held = vars(self)
        if field.oneof:
            for other in self.FIELDS:
                if other.oneof == field.oneof:
                    held.pop(other.name, None)
        held[field.name] = value
        if field.kind == "message" and not field.several:
            held.setdefault("_present", set()).add(field.name)

    def __getattr__(self, name: str) -> Any:
        field = self._NAMED.get(name)
        if field is None:
            raise AttributeError(name)
        if field.several or field.kind == "message":
            made: Any = MapField(field) if field.key else Repeated(field) if field.repeated else \
                field.message()()  # type: ignore[misc]
            vars(self)[name] = made
            return made
        return DEFAULTS.get(field.kind, 0)

    def _set_fields(self) -> Iterator[tuple[Field, Any]]:
        """The fields that have something to say, in the order of their numbers."""
        held = vars(self)
        groups: dict[str, Field] = {}
        for name in list(held):
            field = self._NAMED.get(name)
            if field is not None and field.oneof and self._says(field):
                groups[field.oneof] = field  # the one that was made last
        for field in self.FIELDS:
            if field.name in held and (groups.get(field.oneof) is field if field.oneof else self._says(field)):
                yield field, held[field.name]

    def _says(self, field: Field) -> bool:
        held = vars(self)
        value = held[field.name]
        if field.several:
            return bool(value)
        if field.kind == "message":
            return field.name in held.get("_present", ()) or "_itself" in vars(value) or \
                any(True for _ in value._set_fields())
        return bool(field.oneof) or value != DEFAULTS.get(field.kind, 0) or _is_negative_zero(value)

    def __setattr__(self, name: str, value: Any) -> None:
        field = self._NAMED.get(name)
        if field is None:
            raise AttributeError(f'Protocol message {type(self).__name__} has no "{name}" field.')
        if field.several:
            raise AttributeError(f'Assignment not allowed to map, or repeated field "{name}" in protocol message object.')
        if field.kind == "message":
            raise AttributeError(f'Assignment not allowed to message field "{name}" in protocol message object.')
        self._put(field, field.checked(value))

    def HasField(self, name: str) -> bool:
        """Whether a field, or one of a group of fields, is set.

        Raises:
          ValueError: no such field, or one that holds several values.
        """
        field = self._NAMED.get(name)
        if field is None and not any(f.oneof == name for f in self.FIELDS):
            raise ValueError(f'Protocol message {type(self).__name__} has no "{name}" field.')
        if field is not None and field.several:
            raise ValueError(f"Field tensorflow.{type(self).__name__}.{name} does not have presence.")
        return any(name in (found.name, found.oneof) for found, _ in self._set_fields())

    def WhichOneof(self, group: str | Iterable[str]) -> str | None:
        """The one of a group of fields that is set, or None.

        Raises:
          ValueError: no such group.
        """
        if isinstance(group, str):
            wanted = {f.name for f in self.FIELDS if f.oneof == group}
            if not wanted:
                raise ValueError(f'Protocol message {type(self).__name__} has no "{group}" field.')
        else:
            wanted = set(group)
        return next((field.name for field, _ in self._set_fields() if field.name in wanted), None)

    def ListFields(self) -> list[tuple[Field, Any]]:
        """The fields that are set, with their values."""
        return list(self._set_fields())

    def IsInitialized(self) -> bool:
        """True: no field is required."""
        return True

    def SetInParent(self) -> None:
        """Counts as set from now on, even without contents."""
        vars(self)["_itself"] = True

    def Clear(self) -> None:
        """Forgets every field."""
        vars(self).clear()

    def ClearField(self, name: str) -> None:
        """Forgets a field, or whichever of a group is set.

        Raises:
          ValueError: there is no such field.
        """
        found = [f.name for f in self.FIELDS if name in (f.name, f.oneof)]
        if not found:
            raise ValueError(f'Protocol message {type(self).__name__} has no "{name}" field.')
        for field in found:
            vars(self).pop(field, None)
            vars(self).get("_present", set()).discard(field)

    def _copy(self) -> Any:
        """A message with the same fields, which shares nothing that can change."""
        made = type(self)()
        held = vars(made)
        for field, value in self._set_fields():
            if field.key:
                copy: Any = MapField(field)
                for key, item in value.items():
                    copy.put(key, item._copy() if field.kind == "message" else item)
            elif field.repeated:
                copy = Repeated(field)
                list.extend(copy, [item._copy() for item in value] if field.kind == "message" else value)
            else:
                copy = value._copy() if field.kind == "message" else value
                if field.kind == "message":
                    held.setdefault("_present", set()).add(field.name)
            held[field.name] = copy
        return made

    __copy__ = _copy

    def __deepcopy__(self, memo: Any) -> Any:
        return self._copy()

    def __reduce__(self) -> Any:
        return type(self).FromString, (self.SerializeToString(),)

    def CopyFrom(self, other: Message) -> None:
        """Takes over what another message says.

        Raises:
          TypeError: a message of another class.
        """
        if type(other) is not type(self):
            raise TypeError("Parameter to CopyFrom() must be instance of same class: expected "
                            f"{type(self)} got {type(other)}.")
        copy = other._copy()
        self.Clear()
        vars(self).update(vars(copy))

    def MergeFrom(self, other: Message) -> None:
        """Adds what another message says."""
        self.MergeFromString(other.SerializeToString())

    # Writing.

    def SerializeToString(self, deterministic: bool | None = None) -> bytes:
        """The message as bytes, fields in the order of their numbers, maps in that of their keys."""
        out = bytearray()
        for field, value in self._set_fields():
            if field.key:
                for key in sorted(value, key=wire.backwards, reverse=True):
                    entry = bytearray()
                    _write(entry, Field(1, "key", field.key), key)
                    _write(entry, field._replace(number=2), value[key])
                    out += varint(field.number << 3 | BYTES) + varint(len(entry)) + entry
            elif not field.repeated:
                _write(out, field, value)
            elif field.wire == BYTES:
                for item in value:
                    _write(out, field, item)
            else:
                body = wire.packed(field.kind, value)
                out += varint(field.number << 3 | BYTES) + varint(len(body)) + body
        return bytes(out)

    SerializePartialToString = SerializeToString

    def ByteSize(self) -> int:
        """How many bytes the message has when it is written."""
        return len(self.SerializeToString())

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

    def MergeFromString(self, data: bytes | memoryview) -> int:
        """Adds what bytes say to this message.

        Raises:
          DecodeError: they are no message.
        """
        known = self._NUMBERED
        view = memoryview(data)
        at = 0
        while at < len(view):
            key, at = read_varint(view, at)
            form, field = key & 7, known.get(key >> 3)
            if not key >> 3:
                raise DecodeError(self._corrupt("a field without a number"))
            start = at
            if form == VARINT:
                value, at = read_varint(view, at)
                if field is not None:
                    self._store(field, wire.from_varint(field.kind, value), form)
            elif form == BYTES:
                size, start = read_varint(view, at)
                at = start + size
                if at > len(view):
                    raise DecodeError(self._corrupt("the message breaks off"))
                if field is not None:
                    self._read_bytes(field, view[start:at])
            elif form in (FIXED64, FIXED32):
                at += 8 if form == FIXED64 else 4
                if at > len(view):
                    raise DecodeError(self._corrupt("the message breaks off"))
                if field is not None:
                    if field.wire != form:
                        raise DecodeError(self._corrupt(f"field {field.name} has another type"))
                    self._store(field, wire.fixed_value(field.kind, view[start:at]), form)
            else:
                raise DecodeError(self._corrupt(f"wire type {form}"))
        return len(view)

    def _corrupt(self, what: str) -> str:
        return f"Error parsing message with type 'tensorflow.{type(self).__name__}': Wire format was corrupt: {what}"

    def _store(self, field: Field, value: Any, form: int) -> None:
        if form != field.wire or field.key:
            raise DecodeError(self._corrupt(f"field {field.name} has another type"))
        if field.repeated:
            list.append(getattr(self, field.name), value)
        else:
            self._put(field, value)

    def _read_bytes(self, field: Field, part: memoryview) -> None:
        if field.key:
            self._read_entry(field, part)
        elif field.wire != BYTES:
            if not field.repeated:
                raise DecodeError(self._corrupt(f"field {field.name} has another type"))
            list.extend(getattr(self, field.name), wire.unpacked(field.kind, part))
        elif field.kind == "message":
            if field.repeated:
                getattr(self, field.name).add().MergeFromString(part)
            else:
                target = getattr(self, field.name)
                target.MergeFromString(part)
                self._put(field, target)
        else:
            self._store(field, self._raw(field, bytes(part)), BYTES)

    def _raw(self, field: Field, raw: bytes) -> Any:
        try:
            return raw.decode() if field.kind == "string" else raw
        except UnicodeDecodeError:
            raise DecodeError(self._corrupt(f"field {field.name} is not UTF-8")) from None

    def _read_entry(self, field: Field, part: memoryview) -> None:
        """One key and value of a map, which is a message of two fields."""
        class Entry(Message):
            FIELDS = (Field(1, "key", field.key), field._replace(number=2, name="value", key="", oneof=""))

        entry = Entry.FromString(part)  # type: ignore[arg-type]
        getattr(self, field.name).put(entry.key, entry.value)

    # Text.

    def __str__(self) -> str:
        from .text import lines
        return "".join(lines(self, ""))

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.SerializeToString() == other.SerializeToString()

    __hash__ = None  # type: ignore[assignment]


def _is_negative_zero(value: Any) -> bool:
    return isinstance(value, float) and value == 0 and str(value) == "-0.0"


def _write(out: bytearray, field: Field, value: Any) -> None:
    """One value with its key."""
    out += varint(field.number << 3 | field.wire)
    if field.wire == BYTES:
        body = value.SerializeToString() if field.kind == "message" else value.encode() if isinstance(value, str) else value
        out += varint(len(body)) + body
    elif field.wire == VARINT:
        out += varint(int(value))
    else:
        out += struct.pack(STRUCT[field.kind], value)
