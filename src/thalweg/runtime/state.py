"""The values that variables have while a program runs on them: who else holds them, and what may run beside it."""
from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from sys import getrefcount
from typing import Any

import numpy as np

from ..core.symbol import Operation
from .program import Program

_writing = threading.RLock()
_free: AbstractContextManager[Any] = nullcontext()


def turn(program: Program) -> AbstractContextManager[Any]:
    """One program at a time gives variables new values, so that no update is lost between threads.

    A program that runs Python functions or waits for something goes without, because another thread may have to come first.
    """
    return _writing if program.written and not any(_waits(node) for node in program.nodes) else _free


def _waits(node: Operation) -> bool:
    if node.op.blocks is not None:
        return any(_waits(inner) for block in node.op.blocks(node.attrs) for inner in block.program.nodes)
    return node.op.host


def keep_shared(state: list[Any], variables: Sequence[Any], slots: Sequence[int]) -> None:
    """Puts copies in the place of device arrays that somebody else may look at.

    A compiled program takes over the memory of the values that it replaces. Other threads may look at any of them.

    Args:
      state: the values of `variables`, which nobody else holds than this list and the variables.
      slots: the positions of those that the program replaces.
    """
    alone: bool | None = None
    for slot in slots:
        if type(state[slot]) is np.ndarray or not hasattr(state[slot], "devices"):
            continue
        if alone is None:
            alone = threading.active_count() == 1
        variable = variables[slot]
        if not alone or getrefcount(state[slot]) > _OURS or (
                getattr(variable, "_tensor", None) is not None and getrefcount(variable._tensor) > _HELD):
            state[slot] = _copy(state[slot])


def _copy(array: Any) -> Any:
    import jax
    with jax.enable_x64(True):
        return array.copy()


class _Holder:
    def __init__(self) -> None:
        self._tensor = np.zeros(1)


def _counts() -> tuple[int, int]:
    """What `getrefcount` says, on this interpreter, of an array that a holder and a list have, and of one of a holder."""
    slot, variable = 0, _Holder()
    state = [variable._tensor]
    ours = getrefcount(state[slot])
    state.clear()
    return ours, getrefcount(variable._tensor)


_OURS, _HELD = _counts()
