"""Ctrl-C while variables get new values: it waits until all of them have theirs.

A compiled program may take over the memory of the values that it replaces. From there on nothing but its results holds
the variables' values, so that between the call and the assignment nothing may interrupt.
"""
from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` without its conversions to enums, which cost more than the calls
import threading
from types import FrameType
from typing import Any

_SIGINT = int(_signal.SIGINT)


class _State:
    handler: Any = None
    """The handler that stands back, or None where nothing is held."""
    noted: bool = False
    frame: FrameType | None = None


_state = _State()


def _note(number: int, frame: FrameType | None) -> None:
    _state.noted, _state.frame = True, frame


def hold() -> None:
    """Makes Ctrl-C wait until `release`. Elsewhere than in the main thread Python delivers none, and nothing happens."""
    if _state.handler is not None or threading.current_thread() is not threading.main_thread():
        return
    handler = _signal.getsignal(_SIGINT)
    if not callable(handler):
        return
    _state.handler = handler
    try:
        _signal.signal(_SIGINT, _note)
    except ValueError:  # an interpreter within the interpreter
        _state.handler = None


def release() -> None:
    """Ends `hold`, if it was called.

    Raises:
      KeyboardInterrupt: or whatever else the program's handler raises: Ctrl-C was pressed meanwhile.
    """
    handler = _state.handler
    if handler is None or threading.current_thread() is not threading.main_thread():
        return
    _state.handler = None
    _signal.signal(_SIGINT, handler)
    if _state.noted:
        frame, _state.noted, _state.frame = _state.frame, False, None
        handler(_SIGINT, frame)
