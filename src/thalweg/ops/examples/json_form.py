"""Examples in JSON, in the form that Protocol Buffers give them."""
from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from ...formats.example import Example
from ...formats.message import Field, Message
from ..layout import bad

_SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def example_of_json(text: bytes) -> bytes:
    """A serialised example from its JSON.

    Raises:
      InvalidArgumentError: the text is no JSON, or the JSON no example.
    """
    try:
        found = json.loads(text)
        made: bytes = _message(Example, found).SerializeToString()
        return made
    except (ValueError, TypeError) as error:
        raise bad(f"Error while parsing JSON: {error}") from None


def _message(kind: Callable[[], Any], value: Any) -> Any:
    made: Message = kind()
    if not isinstance(value, dict):
        raise ValueError(f"expected an object, found {value!r}")
    fields = {n: f for f in made.FIELDS for n in (f.name, _camel(f.name))}
    for name, item in value.items():
        field = fields.get(name)
        if field is None:
            raise ValueError(f"no such field: '{name}'")
        if item is None:
            continue
        if field.key:
            for key, entry in _checked(item, dict).items():
                getattr(made, field.name).put(key, _message(_kind(field), entry))
        elif field.repeated:
            getattr(made, field.name).extend([_message(_kind(field), v) if field.kind == "message" else _scalar(field, v)
                                              for v in _checked(item, list)])
        else:
            made._put(field, _message(_kind(field), item))
    return made


def _kind(field: Field) -> Callable[[], Any]:
    assert field.message is not None
    return field.message()  # type: ignore[no-any-return]


def _checked(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"expected {'an object' if kind is dict else 'an array'}, found {value!r}")
    return value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _scalar(field: Field, value: Any) -> Any:
    if field.kind == "bytes":
        if not isinstance(value, str):
            raise ValueError(f"expected a string, found {value!r}")
        plain = value.replace("-", "+").replace("_", "/").rstrip("=")
        try:
            return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        except binascii.Error:
            raise ValueError(f"invalid base64: {value!r}") from None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"expected a number, found {value!r}")
    if field.kind == "float":
        return _SPECIAL[value] if value in _SPECIAL else float(value)
    number = float(value) if isinstance(value, float) else int(value)
    if number != int(number):
        raise ValueError(f"expected a whole number, found {value!r}")
    return int(number)
