"""RE2's regular expressions, which TensorFlow uses, as Python's.

A pattern is read piece by piece and every piece is written anew in Python's notation, so that flags, classes and
escapes mean what they mean in RE2: `\\d`, `\\w`, `\\s` and `\\b` know ASCII alone, `$` is the very end, `(?U)` makes
repetition lazy, flags reach to the end of their group. What RE2 does not have (backreferences, lookaround) is refused
in its words. Unlike RE2, the engine below backtracks, so that some patterns take exponential time.

Strings are matched as text: UTF-8, with bytes that are none kept as lone surrogates, which no pattern matches but `\\C`.
"""
from __future__ import annotations

import functools
import re
import sys
import unicodedata
from typing import Any

_TOP = 0x10FFFF
_ESCAPED = range(0xDC80, 0xDD00)
"""The surrogates that stand for bytes that are not UTF-8."""
_LIMIT = 1000
"""The largest count of a repetition."""

Ranges = list[tuple[int, int]]

_DIGITS: Ranges = [(48, 57)]
_UPPER: Ranges = [(65, 90)]
_LOWER: Ranges = [(97, 122)]
_ALPHA = _UPPER + _LOWER
_WORD = _DIGITS + _ALPHA + [(95, 95)]
_PERL = {"d": _DIGITS, "w": _WORD, "s": [(9, 10), (12, 13), (32, 32)]}
_POSIX = {"alnum": _DIGITS + _ALPHA, "alpha": _ALPHA, "ascii": [(0, 127)], "blank": [(9, 9), (32, 32)],
          "cntrl": [(0, 31), (127, 127)], "digit": _DIGITS, "graph": [(33, 126)], "lower": _LOWER, "print": [(32, 126)],
          "punct": [(33, 47), (58, 64), (91, 96), (123, 126)], "space": [(9, 13), (32, 32)], "upper": _UPPER,
          "word": _WORD, "xdigit": [(48, 57), (65, 70), (97, 102)]}
_SIMPLE = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


class PatternError(ValueError):
    """A pattern that RE2 does not accept; the message is RE2's."""


def complement(ranges: Ranges) -> Ranges:
    """The code points that are not in `ranges`."""
    out: Ranges = []
    start = 0
    for low, high in sorted(ranges):
        if low > start:
            out.append((start, low - 1))
        start = max(start, high + 1)
    if start <= _TOP:
        out.append((start, _TOP))
    return out


@functools.cache
def _of_category(prefix: str) -> tuple[tuple[int, int], ...]:
    """The code points whose general category starts with a prefix."""
    out: Ranges = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(prefix):
            if out and out[-1][1] == code - 1:
                out[-1] = (out[-1][0], code)
            else:
                out.append((code, code))
    return tuple(out)


_CATEGORIES = frozenset("C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp "
                        "Zs".split())


def _property(name: str) -> Ranges | None:
    """The code points of a general category or a script, or None for a name that is neither."""
    if name == "Any":
        return [(0, _TOP)]
    if name in _CATEGORIES:
        return [(low, high) for low, high in _of_category(name) if low not in _ESCAPED]
    from .unicode_scripts import ranges_of
    return ranges_of(name)


def _code(point: int) -> str:
    if point < 128 and chr(point).isalnum():
        return chr(point)
    return f"\\x{point:02x}" if point < 256 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _class(ranges: Ranges, negated: bool = False) -> str:
    """A class in Python's notation; a negated one leaves the bytes out that are not UTF-8."""
    if negated:
        ranges = [*ranges, (_ESCAPED[0], _ESCAPED[-1])]
    if not ranges:
        return "(?!)"
    text = "".join(_code(low) if low == high else f"{_code(low)}-{_code(high)}" for low, high in ranges)
    return f"[{'^' if negated else ''}{text}]"


class _Translation:
    """One pass over a pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.flags = frozenset[str]()
        self.out: list[str] = []

    def run(self) -> str:
        """The pattern in Python's notation."""
        self._alternatives(0)
        if self.at < len(self.pattern):
            raise PatternError(f"unexpected ): {self.pattern}")
        return "".join(self.out)

    def _alternatives(self, depth: int) -> None:
        """Everything up to the end of the pattern or of the group."""
        flags = self.flags
        repeatable = False
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            if char == ")":
                break
            if char == "|":
                self.at += 1
                self.out.append("|")
                repeatable = False
            elif char in "*+?" or (char == "{" and self._counts() is not None):
                if not repeatable:
                    end = self._repetition(self.at)[1]
                    raise PatternError(f"no argument for repetition operator: {self.pattern[self.at:end]}")
                self._repeat()
            else:
                repeatable = self._piece(depth)
        self.flags = flags

    # Repetition.

    def _counts(self) -> re.Match[str] | None:
        return re.compile(r"\{([0-9]+)(,([0-9]*))?\}").match(self.pattern, self.at)

    def _repetition(self, at: int) -> tuple[str, int]:
        """The operator at a place, in Python's notation but without laziness, and where it ends."""
        char = self.pattern[at:at + 1]
        if char and char in "*+?":
            return char, at + 1
        found = re.compile(r"\{([0-9]+)(,([0-9]*))?\}").match(self.pattern, at)
        if found is None:
            return "", at
        low, high = int(found[1]), int(found[3]) if found[3] else None
        if low > _LIMIT or (high is not None and (high > _LIMIT or high < low)):
            raise PatternError(f"invalid repetition size: {found[0]}")
        return found[0], found.end()

    def _repeat(self) -> None:
        start = self.at
        text, self.at = self._repetition(self.at)
        lazy = self.pattern[self.at:self.at + 1] == "?"
        self.at += lazy
        after = self.at
        again, end = self._repetition(after)
        if again:
            end += self.pattern[end:end + 1] == "?"
            raise PatternError(f"bad repetition operator: {self.pattern[start:end]}")
        self.out.append(text + ("?" if lazy != ("U" in self.flags) else ""))

    # Single pieces.

    def _emit(self, text: str) -> None:
        """One piece that repetition may follow."""
        self.out.append(f"(?i:{text})" if "i" in self.flags else text)

    def _piece(self, depth: int) -> bool:
        """Reads one piece; whether a repetition may follow it."""
        char = self.pattern[self.at]
        if char == "(":
            return self._group(depth)
        if char == "[":
            self._bracket()
        elif char == "\\":
            return self._escape()
        else:
            self.at += 1
            if char == ".":
                self.out.append(_class([] if "s" in self.flags else [(10, 10)], True))
            elif char == "^":
                self.out.append(r"(?:(?m:^))" if "m" in self.flags else r"(?:\A)")
            elif char == "$":
                self.out.append(r"(?:(?m:$))" if "m" in self.flags else r"(?:\Z)")
            else:
                self._emit(_code(ord(char)))
        return True

    def _group(self, depth: int) -> bool:
        pattern = self.pattern
        opening = "("
        outer = self.flags
        if pattern.startswith("(?", self.at):
            named = re.compile(r"\(\?P<(\w+)>").match(pattern, self.at)
            if named is not None:
                self.at = named.end()
            elif pattern.startswith("(?P", self.at):
                end = pattern.find(">", self.at)
                raise PatternError(f"invalid named capture group: {pattern[self.at:end + 1 if end >= 0 else None]}")
            else:
                self._read_flags()
                if pattern[self.at - 1] == ")":
                    return False
                opening = "(?:"
        else:
            self.at += 1
        self.out.append(opening)
        inner, self.flags = self.flags, self.flags
        self._alternatives(depth + 1)
        if self.at >= len(pattern):
            raise PatternError(f"missing ): {pattern}")
        self.at += 1
        self.out.append(")")
        self.flags = outer if opening == "(?:" else inner
        return True

    def _read_flags(self) -> None:
        """`(?flags)` or `(?flags:`, from the parenthesis on."""
        start = self.at
        at = start + 2
        on, flags, seen = True, set(self.flags), False
        while True:
            char = self.pattern[at:at + 1]
            at += 1
            if char in (")", ":"):
                if not on and not seen:
                    raise PatternError(f"invalid perl operator: {self.pattern[start:at]}")
                break
            if char and char in "imsU":
                seen = True
                (flags.add if on else flags.discard)(char)
            elif char == "-" and on:
                on, seen = False, False
            elif not char:
                raise PatternError(f"invalid perl operator: {self.pattern[start:]}")
            else:
                raise PatternError(f"invalid perl operator: {self.pattern[start:at]}")
        self.at = at
        self.flags = frozenset(flags)

    def _escape(self) -> bool:
        pattern, at = self.pattern, self.at
        if at + 1 >= len(pattern):
            raise PatternError("trailing \\")
        char = pattern[at + 1]
        self.at += 2
        if char == "Q":
            end = pattern.find("\\E", self.at)
            literal = pattern[self.at:end if end >= 0 else None]
            self.at = end + 2 if end >= 0 else len(pattern)
            for c in literal:
                self._emit(_code(ord(c)))
            return bool(literal)
        if char == "E":
            return False
        if char in _PERL:
            self.out.append(_class(_PERL[char]))
        elif char.lower() in _PERL:
            self.out.append(_class(_PERL[char.lower()], True))
        elif char in "pP":
            self._emit(_class(*self._property_at(at)))
        elif char in "bBAzC":
            # Python's \B does not match the empty string.
            self.out.append({"b": r"(?:(?a:\b))", "B": r"(?!(?a:\b))", "A": r"(?:\A)", "z": r"(?:\Z)", "C": "(?s:.)"}[char])
        else:
            self.at = at
            self._emit(_code(self._code_point()))
        return True

    def _property_at(self, at: int) -> tuple[Ranges, bool]:
        r"""`\pN`, `\p{Name}`, `\p{^Name}` and their opposites at a place; moves behind it."""
        found = re.compile(r"\\[pP](?:\{(\^?)([^{}]*)\}|(.))", re.DOTALL).match(self.pattern, at)
        if found is None:
            raise PatternError(f"invalid character class range: {self.pattern[at:]}")
        self.at = found.end()
        ranges = _property(found[2] if found[3] is None else found[3])
        if ranges is None:
            raise PatternError(f"invalid character class range: {found[0]}")
        return ranges, (found[0][1] == "P") != (found[1] == "^")

    def _code_point(self) -> int:
        """The character that an escape stands for."""
        pattern, start = self.pattern, self.at
        char = pattern[start + 1:start + 2]
        self.at = start + 2
        if char in _SIMPLE:
            return _SIMPLE[char]
        octal = re.compile(r"\\(0[0-7]{0,2}|[1-7][0-7]{1,2})").match(pattern, start)
        if octal is not None:
            self.at = octal.end()
            return int(octal[1], 8)
        if char == "x":
            number = re.compile(r"\\x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})").match(pattern, start)
            if number is not None and int(number[1] or number[2], 16) <= _TOP:
                self.at = number.end()
                return int(number[1] or number[2], 16)
            raise PatternError(f"invalid escape sequence: {pattern[start:start + 3]}")
        if char and (ord(char) >= 128 or char.isalnum()):
            raise PatternError(f"invalid escape sequence: {pattern[start:start + 2]}")
        if not char:
            raise PatternError("trailing \\")
        return ord(char)

    # Classes.

    def _bracket(self) -> None:
        start = self.at
        self.at += 1
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        ranges: Ranges = []
        first = True
        while first or not self.pattern.startswith("]", self.at):
            if self.at >= len(self.pattern):
                raise PatternError(f"missing ]: {self.pattern[start:]}")
            first = False
            ranges += self._member(start)
        self.at += 1
        if negated and "i" not in self.flags:
            self.out.append(_class(ranges, True))
        else:
            self._emit(_class(ranges, negated))

    def _member(self, start: int) -> Ranges:
        """One member of a class: a named class, a property, a range, a character."""
        pattern = self.pattern
        named = re.compile(r"\[:(\^?)([a-z]*):\]").match(pattern, self.at)
        if named is not None:
            if named[2] not in _POSIX:
                raise PatternError(f"invalid character class range: {named[0]}")
            self.at = named.end()
            found = list(_POSIX[named[2]])
            return _without_bytes(complement(found)) if named[1] else found
        if pattern.startswith("\\", self.at):
            kind = pattern[self.at + 1:self.at + 2]
            if kind.lower() in _PERL:
                self.at += 2
                found = list(_PERL[kind.lower()])
                return found if kind in _PERL else _without_bytes(complement(found))
            if kind in ("p", "P"):
                ranges, negated = self._property_at(self.at)
                return _without_bytes(complement(ranges)) if negated else ranges
        begin = self.at
        low = high = self._class_character(start)
        if pattern.startswith("-", self.at) and not pattern.startswith("-]", self.at) and self.at + 1 < len(pattern):
            self.at += 1
            high = self._class_character(start)
            if high < low:
                raise PatternError(f"invalid character class range: {pattern[begin:self.at]}")
        return [(low, high)]

    def _class_character(self, start: int) -> int:
        if self.at >= len(self.pattern):
            raise PatternError(f"missing ]: {self.pattern[start:]}")
        if self.pattern[self.at] == "\\":
            return self._code_point()
        self.at += 1
        return ord(self.pattern[self.at - 1])


def _without_bytes(ranges: Ranges) -> Ranges:
    """Ranges without the surrogates that stand for bytes that are not UTF-8."""
    return complement([*complement(ranges), (_ESCAPED[0], _ESCAPED[-1])])


@functools.lru_cache(maxsize=512)
def compile_pattern(pattern: bytes) -> re.Pattern[str]:
    """The Python pattern that matches what an RE2 pattern matches.

    Raises:
      PatternError: RE2 would not accept it, or Python's engine cannot have it.
    """
    try:
        text = pattern.decode()
    except UnicodeDecodeError:
        raise PatternError("invalid UTF-8: ") from None
    translated = _Translation(text).run()
    try:
        return re.compile(translated)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(f"internal error: {error}") from None


def decode(s: bytes) -> str:
    """A string as `compile_pattern`'s patterns match it."""
    return s.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The string that `decode` was given."""
    return text.encode("utf-8", "surrogateescape")


def rewrite_parts(rewrite: bytes) -> list[Any]:
    r"""A replacement as a list of texts and numbers of groups; None where a `\` is followed by something else.

    RE2 stops there: what comes before it has been written already.
    """
    text = decode(rewrite)
    parts: list[Any] = []
    at = 0
    while at < len(text):
        slash = text.find("\\", at)
        if slash < 0:
            parts.append(text[at:])
            break
        if slash > at:
            parts.append(text[at:slash])
        following = text[slash + 1:slash + 2]
        if following and following in "0123456789":
            parts.append(int(following))
        elif following == "\\":
            parts.append("\\")
        else:
            parts.append(None)
            break
        at = slash + 2
    return parts
