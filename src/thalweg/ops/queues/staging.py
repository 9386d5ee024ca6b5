"""Staging areas: what one run puts there, another takes. Operations find an area by its name, without a handle."""
from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.opdef import op
from ...core.shape import TensorShape
from ..layout import bad
from .contents import Element, Queue, _Attempt
from .entries import SHARING, kept

_LIMITS = "capacity: int = 0; memory_limit: int = 0"
_AREA = f"{_LIMITS}; dtypes: list(type); {SHARING}"


class _Area(Queue):
    """Elements in the order in which they came.

    Args:
      capacity: how many there may be, any number where 0.
      limit: how many bytes they may have together, any number where 0.
    """

    kind = "Stage"

    def __init__(self, name: str, capacity: int, limit: int) -> None:
        super().__init__(name, (), (), capacity or -1)
        self._limit, self._bytes = limit, 0
        self._peeking: deque[_Attempt] = deque()
        self._lines = (*self._lines, self._peeking)

    def _put(self, element: Element) -> None:
        super()._put(element)
        self._bytes += _bytes(element)

    def _take(self) -> Element:
        element = super()._take()
        self._bytes -= _bytes(element)
        return element

    def _has_room(self, element: Element) -> bool:
        return super()._has_room(element) and not (self._limit and self._bytes + _bytes(element) > self._limit)

    def stage(self, element: Element) -> None:
        """Puts an element in, waiting for room.

        Raises:
          ResourceExhaustedError: there will never be enough.
        """
        if self._limit and _bytes(element) > self._limit:
            raise errors.ResourceExhaustedError(
                None, None, f"Attempted to insert tensors with combined size of '{_bytes(element)}' bytes into Staging Area "
                f"with a memory limit of '{self._limit}'.")
        self.put([element])

    def peek(self, index: int) -> Element:
        """An element that stays, as soon as there is one at that place.

        Raises:
          InvalidArgumentError: there will never be.
        """
        if index < 0:
            raise bad(f"index must not be negative, but is {index}")
        found: list[Element] = []

        def step() -> bool:
            if len(self) > index:
                found.append(self._held[index])
            return bool(found)
        self._attempt(self._peeking, step, lambda: None, "Peek")
        return found[0]

    def clear(self) -> None:
        """Forgets all elements."""
        with self._changed:
            self._held.clear()
            self._bytes = 0
            self._advance()


def _bytes(element: Element) -> int:
    return sum(a.nbytes for a in element)


def _area(capacity: int, limit: int, container: str, shared_name: str) -> _Area:
    return kept("stage", lambda name: _Area(name, capacity, limit), container, shared_name, True)  # type: ignore[no-any-return]


def _checked(element: Element, types: Any) -> Element:
    if len(element) != len(types):
        raise bad(f"The staging area has elements of {len(element)} components, not of {len(types)}")
    for a, dtype in zip(element, types, strict=True):
        have, want = dtypes.from_numpy(a.dtype), dtypes.as_dtype(dtype)
        if have != want:
            raise bad(f"Type mismatch: actual {dtypes.type_name(have)} vs. expect {dtypes.type_name(want)}")
    return element


def _taken(call: Any) -> Any:
    return [(TensorShape(None), dtypes.as_dtype(t)) for t in call.attrs["dtypes"]]


@op("Stage", "values: dtypes -> ", attrs=_AREA, infer=lambda op: [], host=True, stateful=True)
def stage(xp: Any, *values: Any, capacity: int = 0, memory_limit: int = 0, container: str = "", shared_name: str = "") -> Any:
    _area(capacity, memory_limit, container, shared_name).stage(tuple(np.array(v) for v in values))
    return ()


@op("Unstage", " -> values: dtypes", attrs=_AREA, infer=_taken, host=True, stateful=True,
    dynamic=True)
def unstage(xp: Any, capacity: int = 0, memory_limit: int = 0, dtypes: Any = (), container: str = "",
            shared_name: str = "") -> Any:
    return _checked(_area(capacity, memory_limit, container, shared_name).take(1)[0], dtypes)


@op("StagePeek", "index: int32 -> values: dtypes", attrs=_AREA, infer=_taken, host=True, stateful=True,
    dynamic=True)
def stage_peek(xp: Any, index: Any, capacity: int = 0, memory_limit: int = 0, dtypes: Any = (), container: str = "",
               shared_name: str = "") -> Any:
    return _checked(_area(capacity, memory_limit, container, shared_name).peek(int(index)), dtypes)


@op("StageSize", " -> size: int32", attrs=_AREA, infer=lambda op: TensorShape([]), host=True, stateful=True)
def stage_size(xp: Any, capacity: int = 0, memory_limit: int = 0, container: str = "", shared_name: str = "") -> Any:
    return np.asarray(len(_area(capacity, memory_limit, container, shared_name)), np.int32)


@op("StageClear", " -> ", attrs=_AREA, infer=lambda op: [], host=True, stateful=True)
def stage_clear(xp: Any, capacity: int = 0, memory_limit: int = 0, container: str = "", shared_name: str = "") -> Any:
    _area(capacity, memory_limit, container, shared_name).clear()
    return ()


for _entry in (stage, unstage, stage_peek, stage_size, stage_clear):
    _entry.not_differentiable()
