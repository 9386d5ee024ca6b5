"""What of a program's objects goes into a model: which objects there are, and which functions they have."""
from __future__ import annotations

import inspect
from typing import Any

from ..checkpoint.trackable import children
from ..core.variable import Variable
from ..ops.lookup.tables import LookupTable, StaticVocabularyTable
from ..runtime.concrete import ConcreteFunction
from ..runtime.function import Function, _Method
from .functions import RestoredFunction
from .objects import Asset, RestoredResource, SignatureMap, _UserObject

FUNCTIONS = (Function, _Method, RestoredFunction)


def is_function(value: Any) -> bool:
    """Whether a value is a function that a model takes."""
    return isinstance(value, (*FUNCTIONS, ConcreteFunction))


def identity(value: Any) -> int:
    """What tells one object from another: methods are made anew at each look."""
    return id(value._function) if isinstance(value, _Method) else id(value)


def is_table(value: Any) -> bool:
    """Whether an object stands for a table."""
    return isinstance(value, RestoredResource) or (isinstance(value, LookupTable) and
                                                   not isinstance(value, StaticVocabularyTable))


def functions_of(value: Any) -> dict[str, Any]:
    """The functions among an object's attributes and methods, by name."""
    found: dict[str, Any] = {}
    if isinstance(value, (Variable, LookupTable, RestoredResource, list, tuple, Asset)) or is_function(value):
        return found
    if isinstance(value, dict):
        return {k: v for k, v in value.items() if isinstance(k, str) and is_function(v)}
    for name in dir(type(value)):
        if isinstance(inspect.getattr_static(type(value), name), Function):
            found[name] = getattr(value, name)
    found.update({n: v for n, v in getattr(value, "__dict__", {}).items() if is_function(v)})
    return found


def edges(value: Any) -> dict[str, Any]:
    """The objects that a model reaches from another, functions included."""
    if is_table(value) or is_function(value) or isinstance(value, (Variable, Asset, SignatureMap)):
        return {}
    if isinstance(value, StaticVocabularyTable):
        return {} if value._table is None else {"_table": value._table}
    below = {**children(value), **functions_of(value)}
    if isinstance(value, _UserObject):
        below.pop("signatures", None)
    return below
