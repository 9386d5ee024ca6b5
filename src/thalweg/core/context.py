"""What the present thread is doing: which graph it builds, which tapes listen, where names and devices point."""
from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .tape import GradientTape


class Context(threading.local):
    """Per-thread state. Class attributes are the defaults that every new thread starts with."""

    graph: Any = None
    """The graph that operations are added to, or None when they run at once."""
    tapes: tuple[GradientTape, ...] = ()
    """The tapes that record at present, outermost first."""
    device: str | None = None
    """What the innermost `tf.device` asks for."""
    session: Any = None
    """The innermost default session."""
    name_scope: str = ""
    """The eager name scope, with its trailing slash, or nothing."""


ctx = Context()


def executing_eagerly() -> bool:
    """True where operations run at once, False where they are added to a graph."""
    return ctx.graph is None
