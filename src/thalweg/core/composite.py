"""Public functions on values that are made of several tensors: ragged and sparse ones.

Functions are written for tensors. What a *composite* means to one of them is a form of its own, which the composite's
class knows: `_form(key)` for a public function, `_unary` and `_binary` for operations element by element. Nobody asks
before a conversion to a tensor has failed, so tensors pay nothing for it.
"""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from . import nest
from .nest import CompositeTensor

Function = Callable[..., Any]

_wrappers: dict[Function, Function] = {}


def form_for(key: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Function | None:
    """The form of a public function for the composites among its arguments, if there are any and one has it."""
    for leaf in nest.flatten((args, kwargs)):
        if isinstance(leaf, CompositeTensor):
            form = leaf._form(key)
            if form is not None:
                return form
    return None


def takes_composites(function: Function, key: str) -> Function:
    """A public function as users see it: where it fails on a composite, the composite's form is called instead.

    Args:
      function: the function for tensors.
      key: what the tables of forms call it: `ops.arrays.concat`.

    Returns:
      Always the same wrapper for the same function, so that two names of it are one object.
    """
    wrapper = _wrappers.get(function)
    if wrapper is None:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except Exception:
                form = form_for(key, args, kwargs)
                if form is None:
                    raise
            return form(*args, **kwargs)
        wrapper = _wrappers[function] = call
    return wrapper
