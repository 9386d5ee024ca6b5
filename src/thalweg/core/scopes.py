"""Name scopes."""
from __future__ import annotations

from typing import Any

from .context import ctx


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
