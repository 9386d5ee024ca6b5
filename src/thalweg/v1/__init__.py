"""TensorFlow 1 as it was: `import thalweg.v1 as tf`. Names here build in the default graph; sessions run it.

A name that TensorFlow 1 defined differently comes from this package; every other one is TensorFlow 2's, called while the
default graph is being built.
"""
from __future__ import annotations

import functools
import importlib
import types
from collections.abc import Callable
from typing import Any

import thalweg as _tf

from .._lazy import public_name as _public
from .building import in_default_graph as _in_default_graph
from .names import NAMES as _NAMES
from .names import TODAY as _TODAY

__version__ = "1.15.5"
"""The version of TensorFlow 1 whose names and behaviour these are."""

_TABLE = {word.partition("=")[0]: (module, word.partition("=")[2] or word)
          for module, words in _NAMES.items() for word in words.split()}


def _building(function: Callable[..., Any]) -> Callable[..., Any]:
    """A TensorFlow 2 function that builds in the default graph."""
    @functools.wraps(function)
    def build(*args: Any, **kwargs: Any) -> Any:
        with _in_default_graph():
            return function(*args, **kwargs)
    build.today = function  # type: ignore[attr-defined]
    return build


class _Namespace(types.ModuleType):
    """A namespace of TensorFlow 2 (`tf.math`, `tf.nn`) whose functions build in the default graph."""

    def __init__(self, name: str, own: Any, shared: Any) -> None:
        super().__init__(f"thalweg.v1.{name}", getattr(shared or own, "__doc__", None))
        self._own = own
        self._shared = shared

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        own = getattr(self._own, name, None) if self._own is not None else None
        if own is None:
            shared = getattr(self._shared, name, None) if self._shared is not None else None
            if shared is None:
                raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")
            value = _adapted(name, shared)
        else:
            value = _adapted(name, own) if getattr(own, "__module__", "").startswith("thalweg.ops.") else own
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        found = {n for part in (self._own, self._shared) if part is not None for n in dir(part)}
        return sorted(n for n in found if not n.startswith("_"))


def _adapted(name: str, value: Any) -> Any:
    if isinstance(value, types.ModuleType):
        return _Namespace(name, None, value)
    if isinstance(value, types.FunctionType):
        return _building(value)
    return value


def __getattr__(name: str) -> Any:
    home = _TABLE.get(name)
    if home is not None:
        module = importlib.import_module(f"thalweg.{home[0]}")
        globals().pop(home[0].rpartition(".")[2], None)  # the import put our module where TensorFlow's namespace belongs
        value = _public(module, home[1]) if home[1] != "." else _Namespace(name, module, getattr(_tf, name, None))
        if home[0].startswith("ops."):
            value = _adapted(name, value)
    elif name.startswith("_"):
        raise AttributeError(f"module 'thalweg.v1' has no attribute '{name}'")
    else:
        try:
            value = _adapted(name, functools.reduce(getattr, _TODAY.get(name, name).split("."), _tf))
        except AttributeError:
            raise AttributeError(f"module 'thalweg.v1' has no attribute '{name}'") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*_TABLE, *_TODAY, *dir(_tf)})
