"""Numbers as text, and text as numbers."""
from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import op
from ..common import unchanged
from ..layout import bad
from .values import Strings, array_of, as_strings, check_type, each, flat_values_too, name_for, numbers

_PRINTABLE = "float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64, complex64, " \
    "complex128, bool, variant, string"


def _real(flags: str, width: int, precision: int, letter: str) -> Callable[[float], str]:
    """C's formatting of a floating-point number, which differs from Python's where the number is not finite."""
    template = "%" + flags + (str(width) if width > -1 else "") + (f".{precision}" if precision > -1 else "") + letter

    def text(value: float) -> str:
        if math.isfinite(value):
            return template % value
        word = "nan" if math.isnan(value) else "inf"
        if math.copysign(1.0, value) < 0:
            word = "-" + word
        elif "+" in flags:
            word = "+" + word
        elif " " in flags:
            word = " " + word
        return word.ljust(width) if "-" in flags else word.rjust(width)
    return text


@op("AsString", "input: T -> output: string",
    attrs=f'T: {{{_PRINTABLE}}}; precision: int = -1; scientific: bool = false; shortest: bool = false; width: int = -1; '
    'fill: string = ""', infer=unchanged, host=True)
def as_string_(xp: Any, x: Any, precision: int = -1, scientific: bool = False, shortest: bool = False, width: int = -1,
               fill: str = "") -> Strings:
    x = array_of(x)
    kind = "s" if x.dtype.kind == "O" else "f" if x.dtype.kind in "fV" or x.dtype.name == "bfloat16" else x.dtype.kind
    _check_format(dtypes.from_numpy(x.dtype), kind, precision, scientific, shortest, fill)
    if kind == "b":
        return each(lambda v: b"true" if v else b"false", x)
    if kind == "s":
        size = max(width, 0)
        return each((lambda s: s.ljust(size)) if fill == "-" else (lambda s: s.rjust(size)), x)
    flags = fill if width > -1 or fill in ("+", "-", " ") else ""
    if kind in "iu":
        template = "%" + flags + (str(width) if width > -1 else "") + "d"
        return each(lambda v: (template % v).encode(), x)
    text = _real(flags, width, precision, "e" if scientific else "g" if shortest else "f")
    if kind == "c":
        return each(lambda v: f"({text(v.real)},{text(v.imag)})".encode(), x)
    return each(lambda v: text(v).encode(), x.astype(np.float64))


def _check_format(dtype: Any, kind: str, precision: int, scientific: bool, shortest: bool, fill: str) -> None:
    if scientific and shortest:
        raise bad("Cannot select both scientific and shortest notation")
    if len(fill) > 1:
        raise bad("Fill string must be one or fewer characters")
    if fill not in ("", " ", "+", "-", "0"):
        raise bad(f'Fill argument not supported: "{fill}"')
    if kind not in "fc" and (scientific or shortest):
        raise bad(f"scientific and shortest format not supported for datatype {dtypes.type_name(dtype)}")
    if kind not in "fc" and precision > -1:
        raise bad(f"precision not supported for datatype {dtypes.type_name(dtype)}")


_FLOAT = re.compile(rb"""\s*[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf|infinity|nan(?:\([0-9a-z_]*\))?)\s*\Z""",
                    re.IGNORECASE | re.VERBOSE)
_HEX = re.compile(rb"\s*[+-]?0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?[0-9]+)?\s*\Z", re.IGNORECASE)
_SIGNED = re.compile(rb"\s*[+-]?[0-9]+\s*\Z")
_UNSIGNED = re.compile(rb"\s*\+?[0-9]+\s*\Z")


def _not_a_number(s: bytes) -> Exception:
    return bad(f"StringToNumberOp could not correctly convert string: {s.decode('utf-8', 'replace')}")


def _parse_float(s: bytes) -> float:
    if _FLOAT.match(s):
        return float(s.partition(b"(")[0])
    if _HEX.match(s):
        return float.fromhex(s.decode())
    raise _not_a_number(s)


def _parse_int(dtype: Any) -> Callable[[bytes], int]:
    limits = np.iinfo(dtype)
    low, high = int(limits.min), int(limits.max)
    pattern = _SIGNED if low < 0 else _UNSIGNED

    def parse(s: bytes) -> int:
        if pattern.match(s) and len(s) < 100 and low <= (value := int(s)) <= high:
            return value
        raise _not_a_number(s)
    return parse


def parser(dtype: Any) -> Callable[[bytes], Any]:
    """The function that reads one number of a NumPy dtype.

    Raises:
      InvalidArgumentError: what is read is not such a number.
    """
    return _parse_float if np.dtype(dtype).kind == "f" else _parse_int(dtype)


@op("StringToNumber", "string_tensor: string -> output: out_type",
    attrs="out_type: {float, double, int32, int64, uint32, uint64} = float", infer=unchanged, host=True)
def string_to_number(xp: Any, x: Any, out_type: dtypes.DType = dtypes.float32) -> Any:
    return numbers(parser(out_type.np), x, np.float64 if out_type.is_floating else out_type.np).astype(out_type.np)


for _entry in (as_string_, string_to_number):
    _entry.not_differentiable()


# The public functions.


@flat_values_too
def as_string(input: Any, precision: int = -1, scientific: bool = False, shortest: bool = False, width: int = -1,
              fill: str = "", name: str | None = None) -> Any:
    """The numbers of a tensor as text.

    Args:
      precision: how many digits follow the decimal point; 6 unless told otherwise.
      scientific: whether to write an exponent always.
      shortest: whether to write an exponent where that is shorter.
      width: the least length, filled at the left.
      fill: what fills: "0", " ", "-" to fill at the right instead, "+" to write the sign always.

    Raises:
      InvalidArgumentError: another fill; options that the dtype does not have.
    """
    attrs = {"precision": int(precision), "scientific": bool(scientific), "shortest": bool(shortest), "width": int(width),
             "fill": fill}
    return apply(as_string_, (convert_to_tensor(input),), attrs, name)


@flat_values_too
def to_number(input: Any, out_type: Any = dtypes.float32, name: str | None = None) -> Any:
    """The numbers that strings are the text of.

    Args:
      out_type: float32, float64, int32, int64, uint32 or uint64.

    Raises:
      InvalidArgumentError: text that is not a number, or one too large for an integer type.
    """
    target = check_type(string_to_number, "out_type", out_type)
    return apply(string_to_number, (as_strings(input),), {"out_type": target}, name_for(name, input))


def to_number_v1(string_tensor: Any = None, out_type: Any = dtypes.float32, name: str | None = None,
                 input: Any = None) -> Any:
    """`to_number` with TensorFlow 1's names of arguments."""
    return to_number(string_tensor if input is None else input, out_type, name)
