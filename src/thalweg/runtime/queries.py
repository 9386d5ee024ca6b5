"""Where a program is: inside a function or not, in which name scope, at what time; and who makes its variables."""
from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..core.context import ctx
from ..core.creators import creators
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.symbol import SymbolicTensor


class AggregationMethod:
    """Names for ways of adding up gradients; all add in the order in which they arrive."""

    ADD_N = 0
    DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


def inside_function() -> bool:
    """Whether a `tf.function` is being traced."""
    return ctx.graph is not None and bool(ctx.graph.building_function)


def is_symbolic_tensor(tensor: Any) -> bool:
    """Whether something is a tensor of a graph, without a value."""
    return isinstance(tensor, SymbolicTensor)


def get_current_name_scope() -> str:
    """The name scope without its trailing slash, or nothing."""
    scope = ctx.graph._scope if ctx.graph is not None else ctx.name_scope
    return str(scope).rstrip("/")


def get_logger() -> logging.Logger:
    """The logger that warnings go to."""
    return logging.getLogger("thalweg")


@op("Timestamp", " -> ts: double", stateful=True, host=True, infer=lambda op: ())
def timestamp_(xp: Any) -> Any:
    return np.asarray(time.time())


timestamp_.not_differentiable()


def timestamp(name: str | None = None) -> Any:
    """The time when it runs, in seconds since 1970 began, a float64 scalar."""
    return apply(timestamp_, (), name=name)


@contextmanager
def variable_creator_scope(variable_creator: Callable[..., Any]) -> Iterator[None]:
    """Has a function make the variables that are made inside.

    Args:
      variable_creator: `variable_creator(next_creator, **arguments)` returns a variable, as a rule what `next_creator`
        makes of arguments that it has changed. Scopes inside come first.
    """
    creators.append(variable_creator)
    try:
        yield
    finally:
        creators.remove(variable_creator)


class CriticalSection:
    """Runs functions one at a time.

    Args:
      name, shared_name: accepted; a section is shared by whoever holds the object.
    """

    def __init__(self, name: str | None = None, shared_name: str | None = None, critical_section_def: Any = None,
                 import_scope: str | None = None) -> None:
        self.name = name or "critical_section"
        self._lock = threading.RLock()

    def execute(self, fn: Callable[[], Any], exclusive_resource_access: bool = True, name: str | None = None) -> Any:
        """What `fn` returns, once no other thread is in the section.

        In a graph, the operations of `fn` run in the order in which they were made, like all operations with effects.
        """
        with self._lock:
            return fn()
