"""Regular expressions in RE2's syntax: matching whole strings, replacing."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.dispatch import apply
from ...core.opdef import op
from ..common import shape_text, unchanged
from ..layout import bad
from .re2 import PatternError, compile_pattern, decode, encode, rewrite_parts
from .values import Strings, array_of, as_strings, each, flat_values_too, name_for, numbers, one, only_scalars


def _compiled(pattern: bytes) -> re.Pattern[str]:
    try:
        return compile_pattern(pattern)
    except PatternError as error:
        raise bad(f"Invalid pattern: {pattern.decode('utf-8', 'replace')}, error: {error}") from None


def _scalar(x: Any, what: str) -> bytes:
    x = array_of(x)
    if x.ndim:
        raise bad(f"{what} must be scalar, but received {shape_text(x.shape)}")
    return one(x)


def _text_attr(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _full_match(x: Any, pattern: bytes) -> Any:
    match = _compiled(pattern).fullmatch
    return numbers(lambda s: match(decode(s)) is not None, x, np.bool_)


def _replacer(pattern: re.Pattern[str], rewrite: bytes, everywhere: bool) -> Callable[[str], str]:
    """The function that replaces the first match in a text, or all of them."""
    parts = rewrite_parts(rewrite)
    if max((p for p in parts if isinstance(p, int)), default=0) > pattern.groups:
        return lambda text: text
    if all(isinstance(p, str) for p in parts):
        fixed = "".join(parts)

        def written(match: re.Match[str]) -> str:
            return fixed
    else:
        def written(match: re.Match[str]) -> str:
            return "".join([p if isinstance(p, str) else (match[p] or "") for p in parts if p is not None])
    if not everywhere:
        if None in parts:
            return lambda text: text

        def replace_first(text: str) -> str:
            match = pattern.search(text)
            return text if match is None else text[:match.start()] + written(match) + text[match.end():]
        return replace_first
    return lambda text: _replace_all(pattern, written, text)


def _replace_all(pattern: re.Pattern[str], written: Callable[[re.Match[str]], str], text: str) -> str:
    """Every match replaced. An empty match right behind another match does not count, other than in Python."""
    out: list[str] = []
    at, last = 0, -1
    while at <= len(text):
        match = pattern.search(text, at)
        if match is None:
            break
        start, end = match.span()
        out.append(text[at:start])
        if start == end == last:
            out.append(text[start:start + 1])
            at = start + 1
            continue
        out.append(written(match))
        at = last = end
    out.append(text[at:])
    return "".join(out)


def _replaced(x: Any, pattern: bytes, rewrite: bytes, everywhere: bool) -> Strings:
    replace = _replacer(_compiled(pattern), rewrite, everywhere)
    return each(lambda s: encode(replace(decode(s))), x)


def _same_shape(op: Any) -> Any:
    only_scalars(op, *range(1, len(op.inputs)))
    return unchanged(op)


@op("RegexFullMatch", "input: string, pattern: string -> output: bool", infer=_same_shape, host=True)
def regex_full_match_(xp: Any, x: Any, pattern: Any) -> Any:
    return _full_match(x, _scalar(pattern, "Pattern"))


@op("StaticRegexFullMatch", "input: string -> output: bool", attrs="pattern: string", infer=unchanged, host=True)
def static_regex_full_match(xp: Any, x: Any, pattern: Any = "") -> Any:
    return _full_match(x, _text_attr(pattern))


@op("RegexReplace", "input: string, pattern: string, rewrite: string -> output: string",
    attrs="replace_global: bool = true", infer=_same_shape, host=True)
def regex_replace_(xp: Any, x: Any, pattern: Any, rewrite: Any, replace_global: bool = True) -> Any:
    return _replaced(x, _scalar(pattern, "Pattern"), _scalar(rewrite, "Rewrite"), replace_global)


@op("StaticRegexReplace", "input: string -> output: string",
    attrs="pattern: string; rewrite: string; replace_global: bool = true", infer=unchanged, host=True)
def static_regex_replace(xp: Any, x: Any, pattern: Any = "", rewrite: Any = "", replace_global: bool = True) -> Any:
    return _replaced(x, _text_attr(pattern), _text_attr(rewrite), replace_global)


for _entry in (regex_full_match_, static_regex_full_match, regex_replace_, static_regex_replace):
    _entry.not_differentiable()


# The public functions.


@flat_values_too
def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Any:
    """Whether the whole of each string matches a regular expression in RE2's syntax.

    Args:
      pattern: text, or a string scalar tensor.

    Raises:
      InvalidArgumentError: a pattern that RE2 does not accept.
    """
    x = as_strings(input)
    if isinstance(pattern, (str, bytes)):
        return apply(static_regex_full_match, (x,), {"pattern": pattern}, name_for(name, input))
    return apply(regex_full_match_, (x, as_strings(pattern)), {}, name_for(name, input, pattern))


@flat_values_too
def regex_replace(input: Any, pattern: Any, rewrite: Any, replace_global: bool = True, name: str | None = None) -> Any:
    r"""Replaces what matches a regular expression in RE2's syntax.

    Args:
      pattern: text, or a string scalar tensor.
      rewrite: what to write instead; `\1` to `\9` stand for groups, `\0` for the match.
      replace_global: whether to replace every match rather than the first.

    Raises:
      InvalidArgumentError: a pattern that RE2 does not accept.
    """
    x = as_strings(input)
    if isinstance(pattern, (str, bytes)) and isinstance(rewrite, (str, bytes)):
        attrs = {"pattern": pattern, "rewrite": rewrite, "replace_global": bool(replace_global)}
        return apply(static_regex_replace, (x,), attrs, name_for(name, input))
    return apply(regex_replace_, (x, as_strings(pattern), as_strings(rewrite)), {"replace_global": bool(replace_global)},
                 name_for(name, input, pattern, rewrite))


