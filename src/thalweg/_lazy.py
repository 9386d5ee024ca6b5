"""Namespaces that load a name's module when the name is first used."""
from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from .core.composite import takes_composites
from .names import WITH_FORMS

_WITH_FORMS = {f"thalweg.{module}": frozenset(names.split()) for module, names in WITH_FORMS.items()}


_replaced: dict[Any, Any] = {}
_attached: list[str] = []


def public_name(module: Any, name: str) -> Any:
    """What a module calls `name`, as users see it: functions with forms for composite arguments choose among these."""
    value = getattr(module, name)
    if name in _WITH_FORMS.get(module.__name__, ()):
        value = takes_composites(value, f"{module.__name__.removeprefix('thalweg.')}.{name}")
    return _replaced.get(value, value) if _replaced and callable(value) else value


def put_in_place(function: Any, other: Any) -> None:
    """Puts a function in the place of a public one, in all namespaces, those that are loaded later included."""
    _replaced[function] = other
    for package in _attached:
        names = vars(sys.modules[package])
        for name, value in list(names.items()):
            if value is function and not name.startswith("_"):
                names[name] = other


_OWN = ("annotations", "attach")
"""What the modules of namespaces import for themselves."""


def attach(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` for a namespace.

    Args:
      package: the `__name__` of the namespace.
      homes: for each module under `thalweg` the names it provides, separated by spaces; `public=own` renames, and
        `name=.` is the module itself.
    """
    _attached.append(package)
    table: dict[str, tuple[str, str]] = {}
    for module, names in homes.items():
        for word in names.split():
            public, _, own = word.partition("=")
            table[public] = (f"thalweg.{module}", own or public)

    def load(name: str) -> Any:
        home = table.get(name)
        if home is None:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        module = importlib.import_module(home[0])
        value = module if home[1] == "." else public_name(module, home[1])
        setattr(sys.modules[package], name, value)
        return value

    def everything() -> list[str]:
        return sorted({*table, *(n for n in vars(sys.modules[package]) if not n.startswith("_") and n not in _OWN)})
    return load, everything
