"""Reading and writing characters in the encodings that Python knows, with TensorFlow's ways of treating errors."""
from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Any

_BAD = -1
"""Stands for bytes that are no character."""

Decoded = tuple[list[int], list[int]]
"""The code points of a string, and where each of them starts."""


class EncodingError(ValueError):
    """An encoding that nobody knows."""


def decoder(encoding: str) -> Callable[[bytes], Decoded]:
    """The function that reads strings in an encoding; what is no character becomes -1.

    Raises:
      EncodingError: there is no such encoding.
    """
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise EncodingError(encoding) from None
    if name in ("utf-16", "utf-32"):
        return lambda s: _marked(s, name)
    return lambda s: _read(s, name)


def _marked(s: bytes, name: str) -> Decoded:
    """UTF-16 or UTF-32 whose byte order a mark at the start tells; big-endian without one."""
    little = {"utf-16": codecs.BOM_UTF16_LE, "utf-32": codecs.BOM_UTF32_LE}[name]
    big = {"utf-16": codecs.BOM_UTF16_BE, "utf-32": codecs.BOM_UTF32_BE}[name]
    if not s.startswith((little, big)):
        return _read(s, f"{name}-be")
    codes, starts = _read(s[len(big):], f"{name}-{'le' if s.startswith(little) else 'be'}")
    return codes, [start + len(big) if i else 0 for i, start in enumerate(starts)]  # the mark belongs to the first


def _read(s: bytes, name: str) -> Decoded:
    if s.isascii() and not name.startswith(("utf-16", "utf-32", "utf-7", "iso2022", "hz")):
        return list(s), list(range(len(s)))
    codes: list[int] = []
    starts: list[int] = []
    at = 0
    while at < len(s):
        try:
            part, end, broken = s[at:].decode(name), len(s), None
        except UnicodeDecodeError as error:
            end, broken = at + error.start, at + error.end
            part = s[at:end].decode(name)
        codes += map(ord, part)
        starts += _places(part, at, name)
        at = end
        if broken is not None:
            codes.append(_BAD)
            starts.append(at)
            at = broken
    return codes, starts


def _places(text: str, at: int, name: str) -> list[int]:
    """Where each character of a text starts that was read without errors."""
    if name == "utf-8":
        sizes: Any = [1 if c < "\x80" else 2 if c < "\u0800" else 3 if c < "\U00010000" else 4 for c in text]
    elif name.startswith("utf-16"):
        sizes = [2 if c < "\U00010000" else 4 for c in text]
    else:
        sizes = [4] * len(text) if name.startswith("utf-32") else [len(c.encode(name)) for c in text]
    out = []
    for size in sizes:
        out.append(at)
        at += size
    return out


_PYTHON = {"UTF-8": "utf-8", "UTF-16-BE": "utf-16-be", "UTF-32-BE": "utf-32-be"}


_SURROGATES = re.compile("[\ud800-\udfff]")


def encode(codes: list[int], encoding: str) -> bytes:
    """Code points as a string in UTF-8, UTF-16-BE or UTF-32-BE; surrogates become U+FFFD."""
    text = "".join(map(chr, codes))
    try:
        return text.encode(_PYTHON[encoding])
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text).encode(_PYTHON[encoding])
