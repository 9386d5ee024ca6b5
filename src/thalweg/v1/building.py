"""Where TensorFlow 1 names build: the graph that is open, or the default graph."""
from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from ..core.context import ctx
from ..core.graph import get_default_graph

_F = TypeVar("_F", bound=Callable[..., Any])


class _Mode(threading.local):
    eager = False


_mode = _Mode()


@contextmanager
def eagerly() -> Iterator[None]:
    """The way of `tf.compat.v1`: names of TensorFlow 1 that are called inside, outside any graph, run at once, and shapes
    give plain sizes."""
    previous, _mode.eager = _mode.eager, True
    try:
        yield
    finally:
        _mode.eager = previous


def build_eagerly(eager: bool) -> None:
    """Whether names of TensorFlow 1 run at once from now on, in all threads."""
    _Mode.eager = _mode.eager = eager


@contextmanager
def in_default_graph() -> Iterator[Any]:
    """Makes the operations inside nodes of the graph that is being built, or else of the default graph.

    Gives the graph, or None under `eagerly`.
    """
    if ctx.graph is not None:
        ctx.graph.first_version |= not _mode.eager
        yield ctx.graph
        return
    if _mode.eager:
        yield None
        return
    ctx.graph = get_default_graph()
    ctx.graph.first_version = True
    try:
        yield ctx.graph
    finally:
        ctx.graph = None


def builds(function: _F) -> _F:
    """A function of TensorFlow 1 whose operations become nodes of the graph that is open, or of the default graph."""
    @functools.wraps(function)
    def build(*args: Any, **kwargs: Any) -> Any:
        with in_default_graph():
            return function(*args, **kwargs)
    return build  # type: ignore[return-value]
