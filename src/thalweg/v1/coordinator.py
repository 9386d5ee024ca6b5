"""Threads that work together: one asks all of them to stop, and what went wrong in one is raised where they are joined."""
from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..core import errors
from . import logging


class Coordinator:
    """Lets threads stop together.

    A thread works while `should_stop()` is False, and calls `request_stop()` to end the work of all. The exception that
    a thread hands over with its request is raised by `join`.

    Args:
      clean_stop_exception_types: exceptions that count as the end of the work; `OutOfRangeError` by default.
    """

    def __init__(self, clean_stop_exception_types: Any = None) -> None:
        self._clean = (errors.OutOfRangeError,) if clean_stop_exception_types is None else tuple(clean_stop_exception_types)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._joined = False
        self._threads: set[threading.Thread] = set()

    def request_stop(self, ex: Any = None) -> None:
        """Asks all threads to stop. Only the first request counts.

        Args:
          ex: why: an exception, or what `sys.exc_info()` says.

        Raises:
          BaseException: the exception itself, if the threads have been joined already.
        """
        with self._lock:
            error = ex[1] if isinstance(ex, tuple) else ex
            if isinstance(error, self._clean):
                error = None
            if self._joined:
                if error is not None:
                    raise error
                return
            if not self._stop.is_set():
                if error is not None:
                    logging.info("Error reported to Coordinator: %s, %s", type(error), error)
                    self._error = error
                self._stop.set()

    def clear_stop(self) -> None:
        """Takes the request back: threads may work again."""
        with self._lock:
            self._joined = False
            self._error = None
            self._stop.clear()

    def should_stop(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()

    @contextlib.contextmanager
    def stop_on_exception(self) -> Iterator[None]:
        """Asks to stop where the body raises, and keeps the exception for `join`."""
        try:
            yield
        except BaseException:
            self.request_stop(sys.exc_info())

    def wait_for_stop(self, timeout: float | None = None) -> bool:
        """Waits until somebody asks to stop, at most for `timeout` seconds; whether somebody did."""
        return self._stop.wait(timeout)

    def register_thread(self, thread: threading.Thread) -> None:
        """Adds a thread to those that `join` waits for."""
        with self._lock:
            self._threads.add(thread)

    def join(self, threads: Sequence[threading.Thread] | None = None, stop_grace_period_secs: float = 120,
             ignore_live_threads: bool = False) -> None:
        """Waits until all threads have ended. Once somebody asked to stop, they have a while to do so.

        Args:
          threads: those to wait for, beside the registered ones.
          stop_grace_period_secs: how long threads may take to end.
          ignore_live_threads: whether threads that have not ended by then are no error.

        Raises:
          BaseException: what a thread handed over with its request.
          RuntimeError: threads have not ended in time.
        """
        with self._lock:
            waited = self._threads.union(threads or ())
        while any(t.is_alive() for t in waited) and not self.wait_for_stop(1.0):
            pass
        end = time.monotonic() + stop_grace_period_secs
        for thread in waited:
            if thread is not threading.current_thread():
                thread.join(max(0.0, end - time.monotonic()))
        late = [t.name for t in waited if t.is_alive()]
        with self._lock:
            self._joined = True
            self._threads = set()
        if self._error is not None:
            raise self._error
        if late and not ignore_live_threads:
            raise RuntimeError(f"Coordinator stopped with threads still running: {' '.join(late)}")
        if late:
            logging.info("Coordinator stopped with threads still running: %s", " ".join(late))

    @property
    def joined(self) -> bool:
        """Whether the threads have been joined."""
        return self._joined

    def raise_requested_exception(self) -> None:
        """Raises what a thread handed over with its request, if one did."""
        with self._lock:
            if self._error is not None:
                raise self._error


class LooperThread(threading.Thread):
    """A daemon thread that calls a function again and again until its coordinator says stop.

    Args:
      coord: the `Coordinator`.
      timer_interval_secs: how often to call; without pause where None.
      target, args, kwargs: what to call.

    Raises:
      ValueError: no coordinator.
    """

    def __init__(self, coord: Coordinator, timer_interval_secs: float | None, target: Callable[..., Any] | None = None,
                 args: Any = None, kwargs: Any = None) -> None:
        if not isinstance(coord, Coordinator):
            raise ValueError(f"'coord' argument must be a Coordinator: {coord}")
        super().__init__()
        self.daemon = True
        self._coord = coord
        self._interval = timer_interval_secs
        if target is not None:
            arguments, named = tuple(args or ()), dict(kwargs or {})
            self.run_loop = lambda: target(*arguments, **named)  # type: ignore[method-assign]
        elif args or kwargs:
            raise ValueError("'args' and 'kwargs' argument require that you also pass 'target'")
        coord.register_thread(self)

    @staticmethod
    def loop(coord: Coordinator, timer_interval_secs: float | None, target: Callable[..., Any], args: Any = None,
             kwargs: Any = None) -> LooperThread:
        """A looper that has been started."""
        looper = LooperThread(coord, timer_interval_secs, target, args, kwargs)
        looper.start()
        return looper

    def run(self) -> None:
        """What the thread does."""
        with self._coord.stop_on_exception():
            self.start_loop()
            due = time.monotonic()
            while not self._coord.should_stop():
                self.run_loop()
                if self._interval is not None:
                    due += self._interval
                    self._coord.wait_for_stop(max(0.0, due - time.monotonic()))
            self.stop_loop()

    def start_loop(self) -> None:
        """Called when the thread starts, for subclasses."""

    def stop_loop(self) -> None:
        """Called when the thread stops, for subclasses."""

    def run_loop(self) -> None:
        """Called again and again: the function, or what a subclass does."""
