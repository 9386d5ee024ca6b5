"""Elements that are computed in threads, in the order that they would have without them."""
from __future__ import annotations

import itertools
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import thalweg as tf

from .dataset import Dataset, Rows
from .run import Run, number
from .structure import Leaves, bad

THREADS = max(1, min(os.cpu_count() or 1, 16))
_CHOSEN = 4
"""How many elements are prepared where the number is left to us."""


def threads_allowed() -> bool:
    """Whether other threads run operations at once: not where everything is built in a default graph."""
    return bool(tf.compat.v1.executing_eagerly_outside_functions())


def in_threads(function: Callable[[Leaves], Leaves], source: Iterator[Leaves], workers: int) -> Iterator[Leaves]:
    """A function of each element, of up to `workers` of them at a time, in their order."""
    if not threads_allowed():
        yield from map(function, source)
        return
    pool = ThreadPoolExecutor(workers, "thalweg-data")
    try:
        pending: deque[Future[Leaves]] = deque(pool.submit(function, x) for x in itertools.islice(source, 2 * workers))
        while pending:
            done = pending.popleft().result()
            pending.extend(pool.submit(function, x) for x in itertools.islice(source, 1))
            yield done
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _End:
    """The last thing that a thread has to say: nothing, or what went wrong."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(source: Iterator[Leaves], size: int) -> Iterator[Leaves]:
    """The elements of an iterator, of which a thread prepares up to `size` in advance."""
    found: SimpleQueue[Any] = SimpleQueue()
    free = threading.Semaphore(size)
    stopped = threading.Event()

    def work() -> None:
        error: BaseException | None = None
        try:
            while True:
                free.acquire()
                if stopped.is_set():
                    return
                found.put(next(source))
        except StopIteration:
            pass
        except BaseException as raised:  # goes on in the thread that asks for the element
            error = raised
        found.put(_End(error))

    threading.Thread(target=work, name="thalweg-prefetch", daemon=True).start()
    try:
        while True:
            item = found.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            free.release()
            yield item
    finally:
        stopped.set()
        free.release()


class _PrefetchDataset(Dataset):
    """Elements of which the next ones are prepared in a thread."""

    def __init__(self, inputs: Dataset, buffer_size: Any) -> None:
        self._size = number(buffer_size, tf.data.AUTOTUNE)
        if isinstance(self._size, int) and self._size < tf.data.AUTOTUNE:
            raise bad("buffer_size must be >= 0 or set buffer_size to be -1 for auto-tuning", "PrefetchDataset")
        super().__init__((inputs,), inputs.element_spec, (self._size,))

    def _rows(self, run: Run) -> Rows | None:
        return self._inputs_[0]._rows(run)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        size = run.number(self._size)
        source = self._inputs_[0]._iterate(run)
        if not size or not threads_allowed():
            return source
        return ahead(source, _CHOSEN if size < 0 else size)
