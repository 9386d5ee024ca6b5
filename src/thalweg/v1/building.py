"""Where TensorFlow 1 names build: the graph that is open, or the default graph."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..core.context import ctx
from ..core.graph import Graph, get_default_graph


@contextmanager
def in_default_graph() -> Iterator[Graph]:
    """Makes the operations inside nodes of the graph that is being built, or else of the default graph."""
    if ctx.graph is not None:
        yield ctx.graph
        return
    ctx.graph = get_default_graph()
    try:
        yield ctx.graph
    finally:
        ctx.graph = None
