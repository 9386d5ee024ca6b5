"""What is behind the handle of a queue: elements that threads put in and take out, waiting for each other."""
from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.context import ctx
from ...core.host_value import HostValue
from ...core.shape import TensorShape
from ..philox import block

Element = tuple[np.ndarray[Any, Any], ...]


def room(capacity: int) -> int:
    """How many elements may wait, where a negative capacity stands for any number."""
    return capacity if capacity >= 0 else 2**31 - 1


def _time_left() -> float | None:
    """For how many seconds the present run may wait; None for ever.

    Raises:
      DeadlineExceededError: for none.
    """
    if ctx.deadline is None:
        return None
    left = ctx.deadline - time.monotonic()
    if left <= 0:
        raise errors.DeadlineExceededError("Timed out waiting for notification")
    return left


class _Attempt:
    """Somebody who waits in a line.

    Args:
      step: goes as far as it can; returns whether that is all the way.
      undo: called where the attempt is given up.
      what: for messages.
    """

    def __init__(self, step: Callable[[], bool], undo: Callable[[], None], what: str) -> None:
        self.step, self.undo, self.what = step, undo, what
        self.done = False
        self.error: errors.OpError | None = None

    def cancel(self) -> None:
        """Gives up."""
        self.undo()
        self.done, self.error = True, errors.CancelledError(f"{self.what} operation was cancelled")


class Queue(HostValue):
    """Elements of several components, first in, first out. Every method may be called from any thread.

    Attempts to put elements in form a line, attempts to take them out another; only the first of a line acts. So nobody
    overtakes an attempt that waits for room, or for enough elements.

    Args:
      name: for messages.
      types: the dtype of each component.
      shapes: the shape of each component, or nothing where elements may differ.
      capacity: how many elements there may be; any number where negative.
    """

    kind = "FIFOQueue"
    tensor_dtype = dtypes.resource

    def __init__(self, name: str, types: Sequence[dtypes.DType], shapes: Sequence[TensorShape], capacity: int) -> None:
        self.name, self.types, self.shapes = name, tuple(types), tuple(shapes)
        self.capacity = room(capacity)
        self.closed = False
        self._stopped = self._moved = False
        self._changed = threading.Condition()
        self._enqueuing: deque[_Attempt] = deque()
        self._dequeuing: deque[_Attempt] = deque()
        self._lines: tuple[deque[_Attempt], ...] = (self._enqueuing, self._dequeuing)
        self._start()

    # How elements are kept. A subclass replaces these.

    def _start(self) -> None:
        self._held: deque[Element] = deque()

    def __len__(self) -> int:
        return len(self._held)

    def _put(self, element: Element) -> None:
        self._held.append(element)

    def _take(self) -> Element:
        return self._held.popleft()

    def _put_back(self, elements: Sequence[Element]) -> None:
        self._held.extendleft(reversed(elements))

    def _has_room(self, element: Element) -> bool:
        """Whether an element may be put in now."""
        return len(self) < self.capacity

    def _ready(self) -> int:
        """How many elements may be taken now."""
        return len(self)

    # Waiting.

    def _attempt(self, line: deque[_Attempt], step: Callable[[], bool], undo: Callable[[], None], what: str) -> None:
        """Waits in a line until an attempt has succeeded or failed."""
        attempt = _Attempt(step, undo, what)
        with self._changed:
            line.append(attempt)
            if self._stopped:
                self._cancel(line)
            self._advance()
            try:
                while not attempt.done:
                    self._changed.wait(_time_left())
            except BaseException:  # too late, or Ctrl-C
                if not attempt.done:
                    line.remove(attempt)
                    undo()
                    self._advance()
                raise
        if attempt.error is not None:
            raise attempt.error

    def _advance(self) -> None:
        """Lets the first of each line go on, whoever waits for them, until nobody can."""
        self._moved = True
        while self._moved:
            self._moved = False
            for line in self._lines:
                while line and self._finished(line[0]):
                    line.popleft()
                    self._moved = True
        self._changed.notify_all()

    def _finished(self, attempt: _Attempt) -> bool:
        try:
            attempt.done = attempt.step()
        except errors.OpError as error:
            attempt.undo()
            attempt.done, attempt.error = True, error
        return attempt.done

    def _cancel(self, line: deque[_Attempt]) -> None:
        while line:
            line.popleft().cancel()

    def stop(self) -> None:
        """Ends all waiting, now and later: the session was closed."""
        with self._changed:
            self._stopped = True
            for line in self._lines:
                self._cancel(line)
            self._changed.notify_all()

    # What operations call.

    def put(self, elements: Sequence[Element]) -> None:
        """Puts elements in, one after the other, waiting for room.

        Raises:
          CancelledError: the queue is closed, or was closed meanwhile.
        """
        left = deque(elements)

        def step() -> bool:
            while left:
                if self.closed:
                    raise errors.CancelledError(f"{self.kind} '{self.name}' is closed.")
                if not self._has_room(left[0]):
                    return False
                self._put(left.popleft())
                self._moved = True
            return True
        self._attempt(self._enqueuing, step, lambda: None, "Enqueue")

    def take(self, count: int, fewer: bool = False) -> list[Element]:
        """Takes elements out, waiting for them.

        Args:
          count: how many.
          fewer: whether a closed queue may give what it has left, if that is anything.

        Raises:
          OutOfRangeError: the queue is closed and has not enough; all of them stay.
        """
        taken: list[Element] = []

        def step() -> bool:
            while len(taken) < count:
                wanted = count - len(taken)
                if self.closed and len(self) < wanted:
                    if not fewer or not (taken or len(self)):
                        raise errors.OutOfRangeError(f"{self.kind} '{self.name}' is closed and has insufficient elements "
                                                     f"(requested {wanted}, current size {len(self)})")
                    wanted = len(self)
                    taken.extend([self._take() for _ in range(wanted)])
                    return True
                ready = min(wanted, self._ready())
                if ready <= 0:
                    return False
                taken.extend([self._take() for _ in range(ready)])
                self._moved = True
            return True
        self._attempt(self._dequeuing, step, lambda: self._put_back(taken), "Dequeue")
        return taken

    def close(self, cancel: bool) -> None:
        """No more elements may be put in.

        Args:
          cancel: whether those who wait for room give up; otherwise the queue is closed after them.

        Raises:
          CancelledError: it is closed already.
        """
        def step() -> bool:
            if self.closed:
                raise errors.CancelledError(f"Queue '{self.name}' is already closed.")
            self.closed = self._moved = True
            return True
        if not cancel:
            self._attempt(self._enqueuing, step, lambda: None, "Close")
            return
        with self._changed:
            self.closed = True
            self._cancel(self._enqueuing)
            self._advance()

    def stacked(self, elements: Sequence[Element], count: int) -> tuple[np.ndarray[Any, Any], ...]:
        """Each component of several elements as one array."""
        if elements:
            return tuple(np.stack(parts) for parts in zip(*elements, strict=True))
        return tuple(np.zeros((count, *[d or 0 for d in shape.as_list()]), dtype.np)
                     for shape, dtype in zip(self.shapes, self.types, strict=True))


class PaddingQueue(Queue):
    """A queue whose elements differ in shape; several taken together are filled up with zeros to the largest."""

    kind = "PaddingFIFOQueue"

    def stacked(self, elements: Sequence[Element], count: int) -> tuple[np.ndarray[Any, Any], ...]:
        """Each component of several elements as one array, filled up at the ends."""
        if not elements:
            return super().stacked(elements, count)
        return tuple(_padded(parts, dtype) for parts, dtype in zip(zip(*elements, strict=True), self.types, strict=True))


def _padded(parts: Sequence[np.ndarray[Any, Any]], dtype: dtypes.DType) -> np.ndarray[Any, Any]:
    shape = np.max([p.shape for p in parts], axis=0).astype(int).tolist()
    out = np.empty((len(parts), *shape), parts[0].dtype)
    out[...] = b"" if dtype is dtypes.string else np.zeros((), dtype.np)
    for row, part in zip(out, parts, strict=True) if shape else ():
        row[tuple(slice(n) for n in part.shape)] = part
    return out if shape else np.stack(parts)


class PriorityQueue(Queue):
    """A queue that gives the element whose first component, an int64 scalar, is least."""

    kind = "PriorityQueue"

    def _start(self) -> None:
        self._heap: list[tuple[int, int, Element]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        return len(self._heap)

    def _put(self, element: Element) -> None:
        heapq.heappush(self._heap, (int(element[0]), next(self._order), element))

    def _take(self) -> Element:
        return heapq.heappop(self._heap)[2]

    def _put_back(self, elements: Sequence[Element]) -> None:
        for element in elements:
            self._put(element)


class ShuffleQueue(Queue):
    """A queue that gives any of its elements, as the generator Philox draws.

    Args:
      least: how many elements stay for others to be drawn from, until the queue is closed.
      seeds: of the draws; zeros for draws that nobody can predict.
    """

    kind = "RandomShuffleQueue"

    def __init__(self, name: str, types: Sequence[dtypes.DType], shapes: Sequence[TensorShape], capacity: int,
                 least: int = 0, seeds: tuple[int, int] = (0, 0)) -> None:
        self._least = least
        self._words = _words(seeds)
        super().__init__(name, types, shapes, capacity)

    def _start(self) -> None:
        self._pool: list[Element] = []

    def __len__(self) -> int:
        return len(self._pool)

    def _put(self, element: Element) -> None:
        self._pool.append(element)

    def _take(self) -> Element:
        index = next(self._words) % len(self._pool)
        self._pool[index], self._pool[-1] = self._pool[-1], self._pool[index]
        return self._pool.pop()

    def _put_back(self, elements: Sequence[Element]) -> None:
        self._pool.extend(elements)

    def _ready(self) -> int:
        return len(self) if self.closed else len(self) - self._least


def _words(seeds: tuple[int, int]) -> Iterator[int]:
    """The 32-bit words of a stream of random numbers, in their order."""
    low, high = seeds
    if not low and not high:
        low, high = (int(x) for x in np.random.SeedSequence().generate_state(2, np.uint64))
    mask = 2**64 - 1
    for place in itertools.count():
        yield from block(low & mask, place | (high & mask) << 64)
