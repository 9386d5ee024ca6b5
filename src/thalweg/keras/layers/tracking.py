"""How a layer learns of the variables, layers and metrics that are set as its attributes."""
from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..checkpointing import announce


class _Tracking(threading.local):
    enabled = True


_tracking = _Tracking()

version = 0
"""Counts every change of what layers hold or train, so that lists made from it can be kept while it stands."""


def changed() -> None:
    """Notes that some layer holds or trains something else than before."""
    global version
    version += 1


@contextmanager
def untracked() -> Iterator[None]:
    """Attributes set inside are not tracked."""
    before, _tracking.enabled = _tracking.enabled, False
    try:
        yield
    finally:
        _tracking.enabled = before


class Tracker:
    """Sorts values into lists by kind, and looks into the containers that hold them.

    Args:
      kind_of: the name of the list for a value, or None for a value that is not tracked.
      stores: the lists.
    """

    def __init__(self, kind_of: Callable[[Any], str | None], stores: dict[str, list[Any]]) -> None:
        self.kind_of = kind_of
        self.stores = stores
        self.locked = False
        self._message = ""

    def track(self, value: Any) -> Any:
        """Notes a value; a container comes back as one that notes what is put into it later."""
        if not _tracking.enabled:
            return value
        kind = self.kind_of(value)
        if kind is not None:
            if not any(value is held for store in self.stores.values() for held in store):
                self.add(kind, value)
            return value
        wrapper = _WRAPPERS.get(type(value))
        if wrapper is not None:
            return wrapper(value, self)
        if isinstance(value, tuple):
            items = [self.track(item) for item in value]
            return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
        return value

    def add(self, kind: str, value: Any) -> None:
        """Puts a value into a list.

        Raises:
          ValueError: the tracker is locked.
        """
        if self.locked:
            raise ValueError(self._message)
        self.stores[kind].append(value)
        changed()

    def untrack(self, value: Any) -> None:
        """Takes a value out of its list."""
        for store in self.stores.values():
            kept = [held for held in store if held is not value]
            if len(kept) < len(store):
                store[:] = kept
                changed()

    def lock(self, message: str) -> None:
        """Lets `add` fail with this message."""
        self.locked = True
        self._message = message

    def unlock(self) -> None:
        """Lets `add` work again."""
        self.locked = False


class TrackedList(list[Any]):
    """A list whose items are tracked."""

    def __init__(self, values: Iterable[Any] = (), tracker: Tracker | None = None) -> None:
        self.tracker = tracker
        super().__init__([tracker.track(value) for value in values] if tracker else values)

    def _tracked(self, value: Any) -> Any:
        return self.tracker.track(value) if self.tracker else value

    def _forget(self, values: Iterable[Any]) -> None:
        if self.tracker:
            for value in values:
                self.tracker.untrack(value)

    def append(self, value: Any) -> None:
        super().append(self._tracked(value))
        announce(self)

    def insert(self, index: Any, value: Any) -> None:
        super().insert(index, self._tracked(value))
        announce(self)

    def extend(self, values: Iterable[Any]) -> None:
        super().extend([self._tracked(value) for value in values])
        announce(self)

    def __iadd__(self, values: Iterable[Any]) -> TrackedList:  # type: ignore[misc]
        self.extend(values)
        return self

    def __setitem__(self, index: Any, value: Any) -> None:
        before = self[index] if isinstance(index, slice) else [self[index]]
        after = [self._tracked(item) for item in value] if isinstance(index, slice) else self._tracked(value)
        super().__setitem__(index, after)
        self._forget(item for item in before if not any(item is kept for kept in self))

    def remove(self, value: Any) -> None:
        self._forget([value])
        super().remove(value)

    def pop(self, index: Any = -1) -> Any:
        value = super().pop(index)
        self._forget([value])
        return value

    def clear(self) -> None:
        self._forget(list(self))
        super().clear()

    def __delitem__(self, index: Any) -> None:
        gone = self[index] if isinstance(index, slice) else [self[index]]
        super().__delitem__(index)
        self._forget(gone)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


class _DictMethods:
    """What the tracked dictionaries share."""

    tracker: Tracker | None

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, self.tracker.track(value) if self.tracker else value)  # type: ignore[misc]
        announce(self)

    def update(self, *args: Any, **kwargs: Any) -> None:
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def setdefault(self, key: Any, default: Any = None) -> Any:
        if key not in self:  # type: ignore[operator]
            self[key] = default
        return self[key]  # type: ignore[index]

    def _gone(self, value: Any) -> Any:
        if self.tracker:
            self.tracker.untrack(value)
        return value

    def __delitem__(self, key: Any) -> None:
        self._gone(self[key])  # type: ignore[index]
        super().__delitem__(key)  # type: ignore[misc]

    def pop(self, key: Any, *default: Any) -> Any:
        held = key in self  # type: ignore[operator]
        value = super().pop(key, *default)  # type: ignore[misc]
        return self._gone(value) if held else value

    def popitem(self, *args: Any) -> tuple[Any, Any]:
        key, value = super().popitem(*args)  # type: ignore[misc]
        return key, self._gone(value)

    def clear(self) -> None:
        for value in list(self.values()):  # type: ignore[attr-defined]
            self._gone(value)
        super().clear()  # type: ignore[misc]


class TrackedDict(_DictMethods, dict[Any, Any]):
    """A dictionary whose values are tracked."""

    def __init__(self, values: Mapping[Any, Any] | Iterable[Any] = (), tracker: Tracker | None = None) -> None:
        self.tracker = tracker
        dict.__init__(self)
        self.update(values)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class TrackedOrderedDict(_DictMethods, OrderedDict[Any, Any]):
    """An ordered dictionary whose values are tracked."""

    def __init__(self, values: Mapping[Any, Any] | Iterable[Any] = (), tracker: Tracker | None = None) -> None:
        self.tracker = None
        OrderedDict.__init__(self)
        self.tracker = tracker
        self.update(values)

    def __reduce__(self) -> tuple[Any, ...]:
        return OrderedDict, (list(self.items()),)


class TrackedSet(set[Any]):
    """A set whose items are tracked."""

    def __init__(self, values: Iterable[Any] = (), tracker: Tracker | None = None) -> None:
        self.tracker = tracker
        super().__init__([tracker.track(value) for value in values] if tracker else values)

    def add(self, value: Any) -> None:
        super().add(self.tracker.track(value) if self.tracker else value)

    def update(self, *values: Iterable[Any]) -> None:
        for group in values:
            for value in group:
                self.add(value)

    def _gone(self, value: Any) -> None:
        if self.tracker:
            self.tracker.untrack(value)

    def remove(self, value: Any) -> None:
        super().remove(value)
        self._gone(value)

    def discard(self, value: Any) -> None:
        super().discard(value)
        self._gone(value)

    def pop(self) -> Any:
        value = super().pop()
        self._gone(value)
        return value

    def clear(self) -> None:
        for value in list(self):
            self._gone(value)
        super().clear()

    def __reduce__(self) -> tuple[Any, ...]:
        return set, (list(self),)


_WRAPPERS: dict[type, Any] = {list: TrackedList, dict: TrackedDict, OrderedDict: TrackedOrderedDict, set: TrackedSet}
