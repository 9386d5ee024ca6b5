"""Fields of messages: what each holds, and the lists and maps that hold several values."""
from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, SupportsIndex

import numpy as np

from .wire import BYTES, FIXED32, FIXED64, VARINT

_WIRE = {"double": FIXED64, "fixed64": FIXED64, "float": FIXED32, "fixed32": FIXED32, "string": BYTES, "bytes": BYTES,
         "message": BYTES}
DEFAULTS = {"double": 0.0, "float": 0.0, "string": "", "bytes": b"", "bool": False}
"""What a field that was not set holds, by its kind; 0 for the others."""
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
        made = self._field.message()() if self._field.message is not None else DEFAULTS.get(self._field.kind, 0)
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
