"""Under which public names the classes and functions of this package are known to configs."""
from __future__ import annotations

import importlib
from typing import Any

_PACKAGE = __name__.rpartition(".saving.")[0]
_NAMESPACES = ("activations", "callbacks", "constraints", "initializers", "layers", "losses", "metrics", "optimizers",
               "random", "regularizers")
_IN_KERAS = frozenset(("DTypePolicy", "InputSpec", "Layer", "Model", "Sequential", "Variable"))
_FUNCTIONAL = "keras.src.models.functional"
_OPERATORS = "keras.src.ops.numpy"


def module_of(obj: Any) -> str | None:
    """The public module of a class or function of this package, `"keras.layers"`; None for anything else."""
    home = getattr(obj, "__module__", None) or ""
    if not home.startswith(f"{_PACKAGE}."):
        return None
    parts = home[len(_PACKAGE) + 1:].split(".")
    if obj.__name__ == "Functional":
        return _FUNCTIONAL
    if parts[:2] == ["symbolic", "arithmetic"]:
        return _OPERATORS
    if obj.__name__ in _IN_KERAS:
        return "keras"
    if parts[:2] == ["optimizers", "schedules"]:
        return "keras.optimizers.schedules"
    return f"keras.{parts[0]}" if parts[0] in _NAMESPACES else None


def is_exported(module: str) -> bool:
    """Whether configs name the objects of a module without a registered name."""
    return module not in (_FUNCTIONAL, _OPERATORS)


def find(module: str | None, name: str) -> Any:
    """The object of this package with a public name, or None."""
    if module == "builtins":
        return next((found for space in _NAMESPACES if (found := _attribute(space, name)) is not None), None)
    if module == _FUNCTIONAL:
        return _attribute("models.functional", name)
    if module == _OPERATORS:
        return _attribute("symbolic.arithmetic", name)
    if module is None or not (module == "keras" or module.startswith("keras.")):
        return None
    return _attribute(module[len("keras."):], name)


def _attribute(module: str, name: str) -> Any:
    if name.startswith("_"):
        return None
    try:
        return getattr(importlib.import_module(f"{_PACKAGE}.{module}" if module else _PACKAGE), name, None)
    except ModuleNotFoundError:
        return None
