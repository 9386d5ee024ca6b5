"""What the present thread is calling: the layers on the way, the training flag, and the dtype weights are read in."""
from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .layer import Layer


class CallState(threading.local):
    """Per-thread state of layer calls."""

    def __init__(self) -> None:
        self.stack: list[Layer] = []
        """The layers being called, outermost first."""
        self.scoped = 0
        """How many of them have opened their name scope."""
        self.training: Any = None
        """The training flag of the last layer called inside the outermost one."""
        self.autocast: str | None = None
        """The dtype that weights are cast to when they are read, where the policy is a mixed one."""


state = CallState()
