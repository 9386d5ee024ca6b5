"""Memory for the new values of variables, so that an interpreted step does not ask the system for it every time."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from sys import getrefcount
from typing import Any

import numpy as np

from ..core.symbol import Operation


class Spares:
    """For each variable of a program the array of a value that was replaced and that nobody holds any more.

    An update copies the present value there and changes the copy by the entry's in-place form. The present value stays
    as it is until the whole run has succeeded.
    """

    def __init__(self) -> None:
        self._free: dict[int, np.ndarray[Any, Any]] = {}

    def kernel(self, node: Operation, slots: Sequence[int]) -> Callable[..., Any]:
        """The kernel of a node that gives variables new values, for the interpreter."""
        write = node.op.in_place
        plain = node.op.kernel
        count = len(slots)
        if write is None:
            return plain

        def update(xp: Any, *args: Any, **attrs: Any) -> Any:
            old = args[:count]
            if any(type(value) is not np.ndarray for value in old):
                return plain(xp, *args, **attrs)
            new = [self._copy(slot, value) for slot, value in zip(slots, old, strict=True)]
            write(*new, *args[count:], **attrs)
            return new[0] if count == 1 else tuple(new)
        return update

    def _copy(self, slot: int, value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        spare = self._free.pop(slot, None)
        if spare is None or spare.shape != value.shape or spare.dtype != value.dtype or spare is value:
            return np.array(value)
        np.copyto(spare, value)
        return spare

    def take_back(self, state: list[Any], slots: Sequence[int]) -> None:
        """Keeps the replaced values in `state` that nobody else holds."""
        for slot in slots:
            if _is_free(state, slot):
                self._free[slot] = state[slot]


def _is_free(holder: list[Any], index: int) -> bool:
    value = holder[index]
    return type(value) is np.ndarray and value.base is None and value.flags.writeable and getrefcount(value) == _FREE


def _count(holder: list[Any], index: int) -> int:
    value = holder[index]
    return getrefcount(value)


_FREE = _count([np.zeros(1)], 0)
"""What `getrefcount` says of a value that only one list holds, on this interpreter."""
