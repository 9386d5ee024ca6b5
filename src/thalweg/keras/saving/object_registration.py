"""Classes and functions of the user, by the names that configs have for them."""
from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_T = TypeVar("_T")

_objects: dict[str, Any] = {}
_names: dict[Any, str] = {}


class _Scopes(threading.local):
    def __init__(self) -> None:
        self.current: dict[str, Any] = {}


_scopes = _Scopes()


class CustomObjectScope:
    """A context in which configs may name certain classes and functions.

    Args:
      custom_objects: the objects by name.
    """

    def __init__(self, custom_objects: Mapping[str, Any] | None) -> None:
        self.custom_objects = dict(custom_objects or {})
        self._outer: dict[str, Any] = {}

    def __enter__(self) -> CustomObjectScope:
        self._outer = _scopes.current
        _scopes.current = {**self._outer, **self.custom_objects}
        return self

    def __exit__(self, *exception: object) -> None:
        _scopes.current = self._outer


def objects_in_scope() -> dict[str, Any]:
    """The objects that configs may name at present: those of the scopes around, and the registered ones."""
    return {**_scopes.current, **_objects}


def get_custom_objects() -> dict[str, Any]:
    """The registered objects by name; the dictionary itself, which may be changed."""
    return _objects


def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[[_T], _T]:
    """A decorator that lets configs name a class or function `package>name`.

    Raises:
      ValueError: a class without `get_config`.
    """

    def register(target: _T) -> _T:
        if inspect.isclass(target) and not hasattr(target, "get_config"):
            raise ValueError("Cannot register a class that does not have a get_config() method.")
        full = f"{package}>{name or target.__name__}"  # type: ignore[attr-defined]
        _objects[full] = target
        _names[target] = full
        return target

    return register


def get_registered_name(obj: Any) -> str:
    """The name that a class or function was registered under, else its own."""
    try:
        return _names.get(obj) or obj.__name__
    except TypeError:
        return str(obj.__name__)


def get_registered_object(name: str, custom_objects: Mapping[str, Any] | None = None,
                          module_objects: Mapping[str, Any] | None = None) -> Any:
    """The class or function of that name: in the scopes around, registered, or in one of the mappings; else None."""
    for known in (_scopes.current, _objects, custom_objects or {}, module_objects or {}):
        if name in known:
            return known[name]
    return None
