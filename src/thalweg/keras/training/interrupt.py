"""Ctrl-C between steps, never inside one."""
from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any


class Uninterrupted:
    """While it is entered, Ctrl-C waits until the function that `run` calls has returned; a second one does not.

    Only Python's own handler is replaced, and only in the main thread; elsewhere nothing changes.
    """

    def __init__(self) -> None:
        self._running = False
        self._pending = False
        self._installed = False

    def __enter__(self) -> Uninterrupted:
        if threading.current_thread() is threading.main_thread():
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                signal.signal(signal.SIGINT, self._on_signal)
                self._installed = True
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self._running or self._pending:
            raise KeyboardInterrupt
        self._pending = True

    def run(self, function: Callable[[Any], Any], argument: Any) -> Any:
        """Calls a function.

        Raises:
          KeyboardInterrupt: Ctrl-C was pressed meanwhile.
        """
        self._running = True
        try:
            result = function(argument)
        finally:
            self._running = False
        if self._pending:
            self._pending = False
            raise KeyboardInterrupt
        return result
