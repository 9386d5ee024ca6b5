"""Messages as text: fields line by line, messages in braces. Written as Protocol Buffers write it, and read again."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .message import Field, Message
from .wire import backwards

_MARKS = {10: r"\n", 13: r"\r", 9: r"\t", 34: r"\"", 39: r"\'", 92: r"\\"}


def quoted(raw: bytes) -> str:
    """Bytes in quotation marks; what cannot be printed as octal numbers."""
    return '"' + "".join(_MARKS.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in raw) + '"'


def _word(field: Field, value: Any) -> str:
    if field.kind in ("string", "bytes"):
        return quoted(value.encode() if isinstance(value, str) else value)
    if field.kind == "bool":
        return "true" if value else "false"
    if field.kind == "enum" and field.enum is not None:
        return field.enum.get(value, str(value))
    if field.kind == "float":
        return _number(value, np.float32, 6, 9)
    return _number(value, np.float64, 15, 17) if field.kind == "double" else str(int(value))


def _number(value: float, kind: Any, few: int, many: int) -> str:
    """A number with few digits if these are enough to read it again."""
    short = f"{value:.{few}g}"
    return short if kind(short) == kind(value) or value != value else f"{value:.{many}g}"


def written(message: Any) -> str:
    """The text of a message as files hold it: maps in the order of their keys."""
    return "".join(lines(message, "", lambda key: key))


def lines(message: Message, indent: str, order: Callable[[Any], Any] = backwards) -> Iterator[str]:
    """The text of a message, line by line.

    Args:
      indent: stands before each line.
      order: gives the place of a key among the others of its map.
    """
    for field, value in message._set_fields():
        if field.key:
            for key in sorted(value, key=order):
                yield f"{indent}{field.name} {{\n"
                yield f"{indent}  key: {_word(Field(1, 'key', field.key), key)}\n"
                yield from _entry(field._replace(name="value"), value[key], indent + "  ", order)
                yield f"{indent}}}\n"
            continue
        for item in value if field.repeated else [value]:
            yield from _entry(field, item, indent, order)


def _entry(field: Field, item: Any, indent: str, order: Callable[[Any], Any]) -> Iterator[str]:
    if field.kind == "message":
        yield f"{indent}{field.name} {{\n"
        yield from lines(item, indent + "  ", order)
        yield f"{indent}}}\n"
    else:
        yield f"{indent}{field.name}: {_word(field, item)}\n"


# Reading.

_TOKEN = re.compile(r"""\s*(?:\#[^\n]*\n?\s*)*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[-+]?[\w.][\w.+-]*|[{}<>\[\]:;,-]|$)""")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|(.))", re.S)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


class ParseError(ValueError):
    """Text that is not such a message."""


class _Words:
    """The words of a text, one ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.next = ""
        self.take()

    def take(self) -> str:
        """The next word; the one behind it is read."""
        found = self.next
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            raise self.error("Expected a word")
        self.next, self._at = match[1], match.end()
        return found

    def maybe(self, word: str) -> bool:
        """Takes the next word if it is this one."""
        if self.next != word:
            return False
        self.take()
        return True

    def error(self, what: str) -> ParseError:
        line = self._text.count("\n", 0, self._at) + 1
        return ParseError(f"{line}: {what}, found '{self.next}'.")


def parse(text: str | bytes, message: Any) -> Any:
    """Reads the text form into a message, which is returned.

    Raises:
      ParseError: the text is not such a message.
    """
    words = _Words(text.decode() if isinstance(text, bytes) else text)
    _read(words, message, "")
    return message


def _read(words: _Words, message: Message, end: str) -> None:
    while words.next != end:
        if not words.next:
            raise words.error(f"Expected '{end}'")
        name = words.next
        field = message._NAMED.get(name)
        if field is None:
            raise words.error(f'Message type "tensorflow.{type(message).__name__}" has no field named "{name}"')
        words.take()
        colon = words.maybe(":")
        if field.kind != "message" and not field.key and not colon:
            raise words.error("Expected ':'")
        if words.maybe("["):
            while not words.maybe("]"):
                _read_value(words, message, field)
                words.maybe(",")
        else:
            _read_value(words, message, field)
        if words.next in (";", ","):
            words.take()
    words.take()


def _read_value(words: _Words, message: Message, field: Field) -> None:
    if field.key:
        class Entry(Message):
            FIELDS = (Field(1, "key", field.key), field._replace(number=2, name="value", key="", oneof=""))

        entry = Entry()
        _read(words, entry, _opened(words))
        getattr(message, field.name).put(entry.key, entry.value)
    elif field.kind == "message":
        target = getattr(message, field.name)
        if field.repeated:
            target = target.add()
        _read(words, target, _opened(words))
        if not field.repeated:
            message._put(field, target)
    else:
        value = _value(words, field)
        if field.repeated:
            getattr(message, field.name).append(value)
        else:
            setattr(message, field.name, value)


def _opened(words: _Words) -> str:
    if words.maybe("{"):
        return "}"
    if words.maybe("<"):
        return ">"
    raise words.error("Expected '{'")


def _value(words: _Words, field: Field) -> Any:
    if field.kind in ("string", "bytes"):
        if words.next[:1] not in ("'", '"') or not words.next:
            raise words.error("Expected string")
        found = b""
        while words.next[:1] in ("'", '"') and words.next:
            found += _unquoted(words.take())
        return found if field.kind == "bytes" else found.decode()
    word = words.take()
    if word == "-":
        word += words.take()
    try:
        if field.kind == "bool":
            return {"true": True, "True": True, "t": True, "1": True, "false": False, "False": False, "f": False,
                    "0": False}[word]
        if field.kind in ("float", "double"):
            return float(word.lower().removesuffix("f") if not word.lower().endswith("inf") else word)
        if field.kind == "enum" and not word.lstrip("-").isdigit():
            return word
        return int(word, 0)
    except (KeyError, ValueError):
        raise words.error(f"Couldn't parse '{word}' as {field.kind}") from None


def _unquoted(word: str) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        octal, hexadecimal, letter = match.groups()
        if letter is not None:
            return _LETTERS.get(letter, letter)
        return bytes([int(octal, 8) & 255 if octal is not None else int(hexadecimal, 16)])
    return _ESCAPE.sub(plain, word[1:-1].encode())
