"""Strings element by element: case, white space, length, parts."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape, unknown_shape
from ..common import broadcast_pair, same_dtype, shape_text, unchanged
from ..layout import bad
from .values import array_of, as_strings, check_word, each, flat_values_too, name_for, numbers, packed

_UNIT = "unit: {\"BYTE\", \"UTF8_CHAR\"} = \"BYTE\""
_TRAILING = bytes(range(0x80, 0xC0))
"""The bytes that continue a character of UTF-8."""


def _case(type: str, method: str) -> OpDef:
    @op(type, "input: string -> output: string", attrs='encoding: string = ""', infer=unchanged, host=True)
    def entry(xp: Any, x: Any, encoding: str = "") -> Any:
        if encoding == "":
            return each(getattr(bytes, method), x)  # of bytes: ASCII letters alone
        if encoding.lower() not in ("utf-8", "utf8"):
            raise bad(f"only utf-8 or '' (no encoding) is supported, received {encoding}")
        change = getattr(str, method)
        return each(lambda s: change(s.decode("utf-8", "replace")).encode(), x)
    return entry.not_differentiable()


string_lower = _case("StringLower", "lower")
string_upper = _case("StringUpper", "upper")


@op("StringStrip", "input: string -> output: string", infer=unchanged, host=True)
def string_strip(xp: Any, x: Any) -> Any:
    return each(bytes.strip, x)


def count_characters(s: bytes) -> int:
    """How many characters of UTF-8 start in a string."""
    return len(s.translate(None, _TRAILING))


@op("StringLength", "input: string -> output: int32", attrs=_UNIT, infer=unchanged, host=True)
def string_length(xp: Any, x: Any, unit: str = "BYTE") -> Any:
    return numbers(len if unit == "BYTE" else count_characters, x, np.int32)


def _substr_shape(op: Any) -> TensorShape:
    x, pos, size = (i.shape for i in op.inputs)
    if not pos.is_compatible_with(size):
        raise ValueError(f"pos and len shapes must match: {pos.as_list()} vs. {size.as_list()}")
    both = pos.merge_with(size)
    return unknown_shape() if both.rank is None else broadcast_pair(x, both)


@op("Substr", "input: string, pos: T, len: T -> output: string", attrs=f"T: {{int32, int64}}; {_UNIT}",
    infer=_substr_shape, host=True)
def substr_(xp: Any, x: Any, pos: Any, size: Any, unit: str = "BYTE") -> Any:
    if pos.shape != size.shape:
        raise bad(f"pos and len should have the same shape, got: {shape_text(pos.shape)} vs. {shape_text(size.shape)}")
    x = array_of(x)
    try:
        whole, starts, counts = np.broadcast_arrays(x, pos, size)
    except ValueError:
        raise bad(f"Incompatible shapes: {shape_text(x.shape)} vs. {shape_text(pos.shape)}") from None
    part = _bytes_of if unit == "BYTE" else _characters_of
    items = zip(whole.reshape(-1).tolist(), starts.reshape(-1).tolist(), counts.reshape(-1).tolist(), strict=True)
    return packed((part(s, p, n, i) for i, (s, p, n) in enumerate(items)), whole.shape)


def _bytes_of(s: bytes, pos: int, size: int, index: int) -> bytes:
    start = pos if pos >= 0 else pos + len(s)
    if not 0 <= start <= len(s):
        raise bad(f"pos {pos} out of range for string b'{_escaped(s)}' at index {index}")
    return s[start:] if size < 0 else s[start:start + size]


def _escaped(s: bytes) -> str:
    return repr(s)[2:-1]


def _characters_of(s: bytes, pos: int, size: int, index: int) -> bytes:
    if s.isascii():
        starts: Any = range(len(s) + 1)
    else:
        starts = [i for i, byte in enumerate(s) if byte & 0xC0 != 0x80]
        starts.append(len(s))
    count = len(starts) - 1
    start = pos if pos >= 0 else pos + count
    if not 0 <= start <= count:
        raise bad(f"pos {pos} out of range for string at index {index}")
    end = count if size < 0 else min(start + size, count)
    return s[starts[start]:starts[end]]


for _entry in (string_strip, string_length, substr_):
    _entry.not_differentiable()


# The public functions.


@flat_values_too
def lower(input: Any, encoding: str = "", name: str | None = None) -> Any:
    """Upper-case letters become lower-case ones: those of ASCII, or with `encoding="utf-8"` all that Unicode has.

    Raises:
      InvalidArgumentError: another encoding.
    """
    return apply(string_lower, (as_strings(input),), {"encoding": encoding}, name_for(name, input))


@flat_values_too
def upper(input: Any, encoding: str = "", name: str | None = None) -> Any:
    """Lower-case letters become upper-case ones: those of ASCII, or with `encoding="utf-8"` all that Unicode has.

    Raises:
      InvalidArgumentError: another encoding.
    """
    return apply(string_upper, (as_strings(input),), {"encoding": encoding}, name_for(name, input))


@flat_values_too
def strip(input: Any, name: str | None = None) -> Any:
    """The strings without the white space at either end."""
    return apply(string_strip, (as_strings(input),), {}, name_for(name, input))


@flat_values_too
def length(input: Any, unit: str = "BYTE", name: str | None = None) -> Any:
    """The int32 lengths of strings.

    Args:
      unit: "BYTE", or "UTF8_CHAR" to count the characters of UTF-8.

    Raises:
      InvalidArgumentError: another unit (in a graph ValueError).
    """
    return apply(string_length, (as_strings(input),), {"unit": check_word(string_length, "unit", unit)},
                 name_for(name, input))


def length_v1(input: Any, name: str | None = None, unit: str = "BYTE") -> Any:
    """`length` with TensorFlow 1's order of arguments."""
    return length(input, unit, name)


@flat_values_too
def substr(input: Any, pos: Any, len: Any, unit: str = "BYTE", name: str | None = None) -> Any:
    """A part of each string.

    Args:
      pos: where it starts, int32 or int64; negative positions count from the end. Broadcasts with the strings.
      len: how long it is, of the shape of `pos`; strings that end earlier give less.
      unit: "BYTE", or "UTF8_CHAR" to count in characters of UTF-8.

    Raises:
      InvalidArgumentError: a position outside a string, shapes that do not broadcast, another unit.
    """
    start, size = same_dtype(pos, len)
    attrs = {"unit": check_word(substr_, "unit", unit)}
    return apply(substr_, (as_strings(input), convert_to_tensor(start), size), attrs, name_for(name, input, pos, len))


def substr_v1(input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE") -> Any:
    """`substr` with TensorFlow 1's order of arguments."""
    return substr(input, pos, len, unit, name)


