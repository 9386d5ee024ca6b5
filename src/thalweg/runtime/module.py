"""`tf.Module`: an object that knows the variables in its attributes."""
from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from ..core.scopes import name_scope
from ..core.variable import Variable

Method = TypeVar("Method", bound=Callable[..., Any])


def _snake_case(name: str) -> str:
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


class Module:
    """The base of objects that hold variables and other modules, in attributes, lists and dictionaries.

    Args:
      name: an identifier; the class's name in snake case unless told otherwise.

    Raises:
      ValueError: the name is not an identifier.
    """

    _TF_MODULE_IGNORED_PROPERTIES: frozenset[str] = frozenset(())

    def __init__(self, name: str | None = None) -> None:
        if name is None:
            name = _snake_case(type(self).__name__)
        elif not name.isidentifier():
            raise ValueError(f"{name!r} is not a valid module name. Module names must be valid Python identifiers (e.g. a "
                             "valid class name).")
        self._name = name
        self._name_scope = name_scope(name)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        for more in self.__dict__.get("_deferred_restorations", ()):  # a checkpoint has something for the new attribute
            more()

    @property
    def name(self) -> str:
        """The name of this module."""
        return self._name

    @property
    def name_scope(self) -> name_scope:
        """A name scope of this module's name."""
        return self._name_scope

    @property
    def variables(self) -> tuple[Any, ...]:
        """The variables of this module and its submodules, by attribute name."""
        return tuple(self._flatten(lambda x: isinstance(x, Variable)))

    @property
    def trainable_variables(self) -> tuple[Any, ...]:
        """Those of `variables` that are trainable."""
        return tuple(v for v in self.variables if v.trainable)

    @property
    def non_trainable_variables(self) -> tuple[Any, ...]:
        """Those of `variables` that are not trainable."""
        return tuple(v for v in self.variables if not v.trainable)

    @property
    def submodules(self) -> tuple[Module, ...]:
        """The modules in this one's attributes, theirs, and so on."""
        return tuple(self._flatten(lambda x: isinstance(x, Module)))

    def _flatten(self, predicate: Callable[[Any], bool]) -> Iterator[Any]:
        seen: set[int] = {id(self)}
        yield from _search(self, predicate, seen)

    @classmethod
    def with_name_scope(cls, method: Method) -> Method:
        """A decorator that runs a method inside the module's name scope."""
        @functools.wraps(method)
        def wrapped(self: Module, *args: Any, **kwargs: Any) -> Any:
            with self.name_scope:
                return method(self, *args, **kwargs)
        return wrapped  # type: ignore[return-value]


def _search(module: Module, predicate: Callable[[Any], bool], seen: set[int]) -> Iterator[Any]:
    """What fits in a module's attributes, each object once; then what fits in its submodules."""
    submodules: list[Module] = []
    ignored = type(module)._TF_MODULE_IGNORED_PROPERTIES
    for name in sorted(vars(module)):
        if name in ignored or name == "_deferred_restorations":
            continue
        for leaf in _leaves(vars(module)[name]):
            if id(leaf) in seen:
                continue
            if isinstance(leaf, (Module, Variable)) or predicate(leaf):
                seen.add(id(leaf))
            if predicate(leaf):
                yield leaf
            if isinstance(leaf, Module):
                submodules.append(leaf)
    for submodule in submodules:
        yield from _search(submodule, predicate, seen)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for key in sorted(value, key=str):
            yield from _leaves(value[key])
    elif isinstance(value, (list, tuple, set)):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
