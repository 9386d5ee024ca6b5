"""Name scopes."""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from .context import ctx

F = TypeVar("F", bound=Callable[..., Any])


class name_scope:
    """Puts `name/` before the names of what is made inside, in graphs and for variables.

    Args:
      name: the scope; in a graph one that ends with `/` is taken as it is. `with` gives the whole scope.

    Raises:
      ValueError: the name is not a string.
    """

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise ValueError("name for name_scope must be a string.")
        self._name = name
        self._exits: list[Any] = []

    @property
    def name(self) -> str:
        """The name this scope was made with."""
        return self._name

    def __enter__(self) -> str:
        if ctx.graph is not None:
            scope = ctx.graph.name_scope(self._name)
            self._exits.append(scope)
            return str(scope.__enter__())
        self._exits.append(ctx.name_scope)
        name = self._name
        if not name:
            ctx.name_scope = ""
        else:
            ctx.name_scope = name if name.endswith("/") else f"{ctx.name_scope}{name}/"
        return ctx.name_scope

    def __exit__(self, *error: Any) -> None:
        outer = self._exits.pop()
        if isinstance(outer, str):
            ctx.name_scope = outer
        else:
            outer.__exit__(*error)


def scoped(default: str) -> Callable[[F], F]:
    """For functions made of several operations: in a graph, their nodes stand in a scope, and the last one has its name.

    Args:
      default: the scope where the caller gives no `name`.
    """
    def decorate(function: F) -> F:
        parameters = signature(function)

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            if ctx.graph is None:
                return function(*args, **kwargs)
            given = parameters.bind(*args, **kwargs)
            with name_scope(given.arguments.get("name") or default) as scope:
                given.arguments["name"] = scope
                return function(*given.args, **given.kwargs)
        return call  # type: ignore[return-value]
    return decorate
