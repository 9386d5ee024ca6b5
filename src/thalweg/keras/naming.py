"""Names: unique ones for objects that were given none, and the scopes that paths of variables are made of."""
from __future__ import annotations

import re
import threading
from collections import defaultdict
from typing import Any

_counts: defaultdict[str, int] = defaultdict(int)


class _Scopes(threading.local):
    def __init__(self) -> None:
        self.stack: list[name_scope] = []


_scopes = _Scopes()


def to_snake_case(name: str) -> str:
    """`"BatchNormalization"` as `"batch_normalization"`."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def uniquify(name: str) -> str:
    """The name, with `_1`, `_2`, ... appended where it was asked for before."""
    count = _counts[name]
    _counts[name] += 1
    return f"{name}_{count}" if count else name


def auto_name(prefix: str) -> str:
    """A unique name from a class name: `dense`, `dense_1`, ..."""
    return uniquify(to_snake_case(prefix))


def get_uid(prefix: str = "") -> int:
    """The number of times that a name with this prefix was asked for, this one included."""
    _counts[prefix] += 1
    return _counts[prefix]


def reset_uids() -> None:
    """Makes automatic names start anew."""
    _counts.clear()


class name_scope:
    """A part of the path of the variables made inside it.

    Args:
      name: the part; it has no `/`.
      caller: the object whose scope this is; entering the scope that is already innermost changes nothing.
      deduplicate: whether that is so.
      override_parent: a path to use in place of the surrounding scopes.

    Raises:
      ValueError: the name is not a string or contains `/`.
    """

    def __init__(self, name: str, caller: Any = None, deduplicate: bool = True,
                 override_parent: str | None = None) -> None:
        if not isinstance(name, str) or "/" in name:
            raise ValueError("Argument `name` must be a string and cannot contain character `/`. "
                             f"Received: name={name}")
        self.name = name
        self.caller = caller
        self.deduplicate = deduplicate
        if override_parent is None and deduplicate:
            override_parent = getattr(caller, "_parent_path", None)
        self.override_parent = override_parent
        self._entered = False

    def __enter__(self) -> name_scope:
        stack = _scopes.stack
        if self.deduplicate and stack and self.caller is not None:
            if stack[-1].caller is self.caller and stack[-1].name == self.name:
                return self
        stack.append(self)
        self._entered = True
        return self

    def __exit__(self, *exception: object) -> None:
        if self._entered:
            self._entered = False
            if _scopes.stack:
                _scopes.stack.pop()


def current_path() -> str:
    """The names of the scopes around, joined by `/`."""
    parts: list[str] = []
    for scope in _scopes.stack:
        if scope.override_parent is not None:
            parts = [part for part in scope.override_parent.split("/") if part]
        parts.append(scope.name)
    return "/".join(parts)
