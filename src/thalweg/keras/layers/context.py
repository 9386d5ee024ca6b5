"""What the present thread is calling: the layers on the way, the training flag, and the dtype weights are read in."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class CallState(threading.local):
    """Per-thread state of layer calls."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        """The layers being called, outermost first."""
        self.scoped = 0
        """How many of them have opened their name scope."""
        self.training: Any = None
        """The training flag of the last layer called inside the outermost one."""
        self.autocast: str | None = None
        """The dtype that weights are cast to when they are read, where the policy is a mixed one."""
        self.batch: int | None = None
        """The size of the first axis that stands for a batch of any size, where the call is such a stand-in."""


state = CallState()


@contextmanager
def unknown_batch(size: int | None) -> Iterator[None]:
    """Layers built inside note a batch of this size as one of unknown size."""
    before, state.batch = state.batch, size
    try:
        yield
    finally:
        state.batch = before
