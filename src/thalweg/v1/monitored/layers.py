"""What lies between a monitored session and the plain one: hooks, the end of threads, and recovery, a layer each."""
from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...core import errors
from .. import logging
from ..config import RunMetadata, RunOptions
from .hooks import SessionRunArgs, SessionRunContext, SessionRunValues

LOST = (errors.AbortedError, errors.UnavailableError)
"""Errors that say that a session is lost, and that a new one may go on."""


class StepContext:
    """What a function that is run by `run_step_fn` works with."""

    def __init__(self, session: Any, run_with_hooks_fn: Callable[..., Any]) -> None:
        self._session, self._run = session, run_with_hooks_fn

    @property
    def session(self) -> Any:
        """The plain session: no hook takes part in its runs."""
        return self._session

    def run_with_hooks(self, *args: Any, **kwargs: Any) -> Any:
        """Runs as `MonitoredSession.run` does; at most once in a step."""
        return self._run(*args, **kwargs)

    def request_stop(self) -> None:
        """Leaves the function, and the `with` block of the monitored session.

        Raises:
          StopIteration: always.
        """
        raise StopIteration("step_fn has requested the iterations to stop.")


class Layer:
    """A session around another one."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def stopped(self) -> bool:
        """Whether this layer says that it is time to stop."""
        return False

    def should_stop(self) -> bool:
        """Whether this layer or one below it says so, or the session is closed."""
        if self.stopped() or self._session is None:
            return True
        return isinstance(self._session, Layer) and self._session.should_stop()

    def close(self) -> None:
        """Closes the session below."""
        if self._session is None:
            return
        try:
            self._session.close()
        except LOST as error:
            logging.error("The session was lost before it was closed: %s", error)
        finally:
            self._session = None

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Runs the session below."""
        return self._session.run(fetches, feed_dict, options, run_metadata)

    def step(self, function: Callable[[StepContext], Any], plain: Callable[[], Any]) -> Any:
        """Calls a function with the plain session and this one."""
        return function(StepContext(plain(), self.run))


class Hooked(Layer):
    """The layer in which hooks take part in runs."""

    def __init__(self, session: Any, hooks: Iterable[Any]) -> None:
        super().__init__(session)
        self._hooks = hooks
        self._done = False

    def stopped(self) -> bool:
        """Whether a hook asked to stop."""
        return self._done

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Runs what the caller and the hooks want, at once.

        Raises:
          RuntimeError: after a hook asked to stop; two feed the same tensor.
        """
        if self.should_stop():
            raise RuntimeError("Run called even after should_stop requested.")
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), self._session)
        options, run_metadata = options or RunOptions(), run_metadata or RunMetadata()
        wanted, asking = [fetches], []
        feeds: dict[Any, Any] = {}
        for hook in self._hooks:
            request = hook.before_run(context)
            if request is None:
                continue
            if request.fetches is not None:
                asking.append(hook)
                wanted.append(request.fetches)
            if request.feed_dict:
                _check_apart(feeds, request.feed_dict, "Same tensor is fed by two hooks.")
                feeds.update(request.feed_dict)
            if request.options:
                _merge(options, request.options)
        if feed_dict and feeds:
            _check_apart(feed_dict, feeds, "Same tensor is fed by a SessionRunHook and user.")
        result, *values = self._session.run(wanted, {**feeds, **(feed_dict or {})}, options, run_metadata)
        found = {id(hook): value for hook, value in zip(asking, values, strict=True)}
        for hook in self._hooks:
            hook.after_run(context, SessionRunValues(found.get(id(hook)), options, run_metadata))
        self._done = self._done or context.stop_requested
        return result


def _check_apart(one: Mapping[Any, Any], other: Mapping[Any, Any], message: str) -> None:
    both = [key for key in one if key in other]
    if both:
        raise RuntimeError(f"{message} Conflict(s): {both}")


def _merge(options: Any, more: Any) -> None:
    """Adds what a hook wants of a run to its options: the larger number, or either flag."""
    for name in ("trace_level", "timeout_in_ms", "inter_op_thread_pool", "output_partition_graphs",
                 "report_tensor_allocations_upon_oom"):
        found = [value for value in (getattr(options, name), getattr(more, name)) if value is not None]
        if found:
            setattr(options, name, max(found))


class Coordinated(Layer):
    """The layer that knows the threads beside the session, and ends with them."""

    def __init__(self, session: Any, coord: Any, stop_grace_period_secs: float) -> None:
        super().__init__(session)
        self._coord, self._grace = coord, stop_grace_period_secs

    def stopped(self) -> bool:
        """Whether the threads were asked to stop.

        Raises:
          BaseException: what went wrong in one of them.
        """
        self._coord.raise_requested_exception()
        return bool(self._coord.should_stop())

    def close(self) -> None:
        """Asks the threads to stop, waits for them, and closes the session.

        Raises:
          BaseException: what went wrong in a thread.
        """
        self._coord.request_stop()
        try:
            self._coord.join(stop_grace_period_secs=self._grace, ignore_live_threads=True)
        finally:
            with contextlib.suppress(Exception):  # what went wrong before is what counts
                super().close()

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Runs the session below.

        Raises:
          Exception: what went wrong, unless a thread lost the session before: then that.
        """
        try:
            return self._session.run(fetches, feed_dict, options, run_metadata)
        except LOST:
            raise
        except Exception as error:
            try:
                self._coord.raise_requested_exception()
            except LOST:
                raise
            except Exception:
                raise error from None
            raise


class Recoverable(Layer):
    """The layer that makes a new session where one is lost."""

    def __init__(self, create: Callable[[], Any]) -> None:
        self._create = create
        super().__init__(self._created())

    def _created(self) -> Any:
        while True:
            try:
                return self._create()
            except LOST as error:
                logging.info("A session was lost while it was made; another one is made. Error: %s", error)

    def _lose(self, error: Exception) -> None:
        logging.info("The session is lost and is closed; another one is made. Error: %s", error)
        self.close()

    def stopped(self) -> bool:
        """Whether the session below says that it is time to stop, or failed."""
        if self._session is None:
            return True
        try:
            return bool(self._session.stopped())
        except LOST as error:
            self._lose(error)
            self._session = self._created()
            return False
        except Exception:
            return True

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Runs the session below, again in a new one where it is lost."""
        return self._retried(lambda session: session.run(fetches, feed_dict, options, run_metadata))

    def step(self, function: Callable[[StepContext], Any], plain: Callable[[], Any]) -> Any:
        """Calls a function with the plain session and this one, again with new ones where they are lost."""
        return self._retried(lambda session: session.step(function, plain))

    def _retried(self, work: Callable[[Any], Any]) -> Any:
        while True:
            try:
                if self._session is None:
                    self._session = self._created()
                return work(self._session)
            except LOST as error:
                self._lose(error)
