"""Functions that stand between a program and the variables that it makes: `tf.variable_creator_scope`."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import signature
from typing import Any

creators: list[Callable[..., Any]] = []
"""The functions of the open scopes, outermost first."""


def by_creators(default: Callable[..., Any], model: Callable[..., Any], args: tuple[Any, ...],
                kwargs: dict[str, Any]) -> Any:
    """A variable as the creators make it; what the last of them asks for is made without any.

    Args:
      default: makes a variable of keyword arguments.
      model: a method with the parameters of `default`; every creator gets all of them.
    """
    bound = signature(model).bind(None, *args, **kwargs)
    bound.apply_defaults()
    arguments = dict(list(bound.arguments.items())[1:])
    held = list(creators)

    def make(**arguments: Any) -> Any:
        creators.clear()
        try:
            return default(**arguments)
        finally:
            creators[:] = held
    chained: Callable[..., Any] = make
    for creator in held:
        chained = partial(creator, chained)
    return chained(**arguments)
