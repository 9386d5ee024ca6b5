"""What the present thread is doing: which graph it builds, which tapes listen, where names and devices point."""
from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .tape import GradientTape


class Context(threading.local):
    """Per-thread state. Class attributes are the defaults that every new thread starts with."""

    elsewhere: Any = None
    """What takes operations that do not simply run on the host: the graph that is being built, an observer, a device."""
    target: Any = None
    """The device that eager operations go to inside `tf.device`, where it is not the host."""
    tapes: tuple[GradientTape, ...] = ()
    """The tapes that record at present, outermost first."""
    device: str | None = None
    """What the innermost `tf.device` asks for."""
    session: Any = None
    """The innermost default session."""
    resources: dict[Any, Any] | None = None
    """What nodes of the session that runs at present keep from run to run, such as tables."""
    deadline: float | None = None
    """Until when operations of the session that runs at present may wait, by the monotonic clock."""
    name_scope: str = ""
    """The eager name scope, with its trailing slash, or nothing."""
    observer: Any = None
    """What looks at the results of operations, if anything does; see `observe`."""
    _graph: Any = None

    @property
    def graph(self) -> Any:
        """The graph that operations are added to, or None when they run at once."""
        return self._graph

    @graph.setter
    def graph(self, graph: Any) -> None:
        self._graph = graph
        self._choose()

    def place(self, device: str | None, target: Any) -> None:
        """Enters a device scope, or leaves it: what was asked for, and what takes eager operations."""
        self.device, self.target = device, target
        self._choose()

    def observe(self, observer: Any) -> None:
        """Has every operation go through an object that runs it and looks at its results, or no longer (None)."""
        self.observer = observer
        self._choose()

    def _choose(self) -> None:
        self.elsewhere = self._graph if self._graph is not None else self.observer if self.observer is not None else self.target

    @classmethod
    def set_default_graph(cls, graph: Any) -> None:
        """Makes every thread build in a graph, or run at once again, where nothing else is said."""
        cls._graph = cls.elsewhere = graph
        ctx.graph = graph  # this thread may have left a graph before, which hides the class's attribute


ctx = Context()

accelerators: dict[Any, Any] = {}
"""What takes operations on values that lie in the memory of an accelerator, by its JAX device."""


def executing_eagerly() -> bool:
    """True where operations run at once, False where they are added to a graph."""
    return ctx.graph is None
