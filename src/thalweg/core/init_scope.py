"""Leaving the graph that is being built."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .context import ctx


@contextmanager
def init_scope() -> Iterator[None]:
    """Lifts what happens inside out of functions and off tapes: to eager code, or to the graph around them."""
    graph, tapes, scope = ctx.graph, ctx.tapes, ctx.name_scope
    outer: Any = graph
    while outer is not None and outer.building_function:
        outer = outer.outer
    ctx.graph, ctx.tapes = outer, ()
    try:
        yield
    finally:
        ctx.graph, ctx.tapes, ctx.name_scope = graph, tapes, scope
