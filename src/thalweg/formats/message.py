"""Messages in the wire format of Protocol Buffers, described by tables of fields.

A class of messages lists its fields; reading, writing, text and comparison follow from the list. What a reader does not
know, it skips.
"""
from __future__ import annotations

import operator
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple, SupportsIndex

import numpy as np

from . import wire
from .wire import BYTES, FIXED32, FIXED64, STRUCT, VARINT, DecodeError, read_varint, varint

__all__ = ["DecodeError", "Field", "MapField", "Message", "Repeated"]

_varint, _read_varint = varint, read_varint

_WIRE = {"double": FIXED64, "fixed64": FIXED64, "float": FIXED32, "fixed32": FIXED32, "string": BYTES, "bytes": BYTES,
         "message": BYTES}
_DEFAULT = {"double": 0.0, "float": 0.0, "string": "", "bytes": b"", "bool": False}
_RANGES = {"int32": (-1 << 31, 1 << 31), "enum": (-1 << 31, 1 << 31), "int64": (-1 << 63, 1 << 63), "uint32": (0, 1 << 32),
           "uint64": (0, 1 << 64), "fixed32": (0, 1 << 32), "fixed64": (0, 1 << 64)}


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
    oneof: str = ""
    """The group of fields of which only one is set at a time."""
    key: str = ""
    """The kind of the keys where the field is a map; `kind` is that of its values."""

    @property
    def wire(self) -> int:
        """How the wire format carries it."""
        return _WIRE.get(self.kind, VARINT)

    @property
    def several(self) -> bool:
        """Whether it holds several values."""
        return self.repeated or bool(self.key)

    def checked(self, value: Any) -> Any:
        """One value for this field.

        Raises:
          TypeError, ValueError: another kind of value; a number out of range.
        """
        kind = self.kind
        if kind == "message":
            return self._message(value)
        if kind == "bytes":
            if not isinstance(value, bytes):
                raise TypeError(f"expected bytes, {type(value).__name__} found")
            return bytes(value)
        if kind == "string":
            if not isinstance(value, (str, bytes)):
                raise TypeError("bad argument type for built-in operation")
            return value.decode() if isinstance(value, bytes) else str(value)
        if kind in ("float", "double"):
            return self._float(value)
        if kind == "bool":
            return bool(operator.index(value)) if not isinstance(value, np.bool_) else bool(value)
        if kind == "enum" and isinstance(value, str):
            return self._numbered(value)
        if isinstance(value, bool):
            raise TypeError(f"Field {self.name}: Expected an int, got a boolean.")
        number = operator.index(value)
        low, high = _RANGES[kind]
        if not low <= number < high:
            raise ValueError(f"Value out of range: {number}")
        return number

    def _message(self, value: Any) -> Any:
        assert self.message is not None
        wanted = self.message()
        if isinstance(value, wanted):
            return value._copy()
        if isinstance(value, Mapping):
            return wanted(**value)
        raise TypeError("Parameter to initialize message field must be dict or instance of same class: expected "
                        f"{wanted} got {type(value)}.")

    def _float(self, value: Any) -> float:
        if isinstance(value, (str, bytes)) or not hasattr(value, "__float__"):
            raise TypeError(f"must be real number, not {type(value).__name__}")
        if getattr(value, "ndim", 0):
            raise TypeError(f"{value} has type {type(value).__name__}, but expected one of: float")
        if self.kind == "double":
            return float(value)
        with np.errstate(over="ignore"):
            return float(np.float32(float(value)))

    def _numbered(self, word: str) -> int:
        for number, known in (self.enum or {}).items():
            if known == word:
                return number
        raise ValueError(f"unknown enum label '{word}'")

    def all_checked(self, values: Iterable[Any]) -> list[Any]:
        """Several values for this field, numbers in an array at once.

        Raises:
          TypeError, ValueError: as `checked`; no list.
        """
        if not isinstance(values, Iterable):
            raise TypeError("must assign iterable")
        array = values if isinstance(values, np.ndarray) else None
        if array is not None and array.ndim == 1 and array.dtype.kind in "iuf" and self.kind in ("float", "double"):
            with np.errstate(over="ignore"):
                found: list[Any] = array.astype(np.float32 if self.kind == "float" else np.float64).tolist()
                return found
        if isinstance(values, (str, bytes)) and self.kind in ("bytes", "string"):
            return [self.checked(v) for v in values] if values else []
        return [self.checked(v) for v in values]


class Repeated(list[Any]):
    """The values of a repeated field."""

    __slots__ = ("_field",)

    def __init__(self, field: Field, values: Iterable[Any] = ()) -> None:
        super().__init__(field.all_checked(values))
        self._field = field

    def add(self, **values: Any) -> Any:
        """Appends a message and returns it."""
        assert self._field.message is not None
        super().append(self._field.message()(**values))
        return self[-1]

    def append(self, value: Any) -> None:
        """Appends a value, a copy of a message."""
        super().append(self._field.checked(value))

    def extend(self, values: Iterable[Any]) -> None:
        """Appends several values."""
        super().extend(self._field.all_checked(values))

    MergeFrom = extend

    def insert(self, index: SupportsIndex, value: Any) -> None:
        """Puts a value before another."""
        super().insert(index, self._field.checked(value))

    def __setitem__(self, index: Any, value: Any) -> None:
        if self._field.kind == "message":
            raise TypeError("'RepeatedCompositeContainer' object does not support item assignment")
        super().__setitem__(index, self._field.all_checked(value) if isinstance(index, slice) else self._field.checked(value))

    def __iadd__(self, values: Iterable[Any]) -> Any:  # type: ignore[misc]
        self.extend(values)
        return self

    def __reduce__(self) -> Any:
        return list, (list(self),)


class MapField(dict[Any, Any]):
    """The values of a map field by their keys. Asked for a message that is not there, it makes one."""

    __slots__ = ("_field", "_key")

    def __init__(self, field: Field, values: Any = ()) -> None:
        super().__init__()
        self._field = field
        self._key = Field(1, "key", field.key)
        for key, value in dict(values).items():
            dict.__setitem__(self, self._key.checked(key), field.checked(value))

    def __missing__(self, key: Any) -> Any:
        assert self._field.message is not None or self._field.kind != "message"
        made = self._field.message()() if self._field.message is not None else _DEFAULT.get(self._field.kind, 0)
        dict.__setitem__(self, self._key.checked(key), made)
        return made

    def __setitem__(self, key: Any, value: Any) -> None:
        if self._field.kind == "message":
            raise ValueError("Message objects may not be assigned")
        dict.__setitem__(self, self._key.checked(key), self._field.checked(value))

    def update(self, *values: Any, **more: Any) -> None:
        """Sets several values.

        Raises:
          ValueError: the values are messages.
        """
        for key, value in dict(*values, **more).items():
            self[key] = value

    def get_or_create(self, key: Any) -> Any:
        """The value of a key, made if it is not there."""
        return self[key]

    def put(self, key: Any, value: Any) -> None:
        """Takes a value over as it is."""
        dict.__setitem__(self, key, value)

    def MergeFrom(self, other: Mapping[Any, Any]) -> None:
        """Takes over what another map holds."""
        for key, value in other.items():
            dict.__setitem__(self, key, self._field.checked(value))

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


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
        return _DEFAULT.get(field.kind, 0)

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
        return bool(field.oneof) or value != _DEFAULT.get(field.kind, 0) or _is_negative_zero(value)

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
