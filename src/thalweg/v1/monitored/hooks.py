"""`SessionRunHook`: what takes part in the runs of a monitored session, and what it is told."""
from __future__ import annotations

from typing import Any, NamedTuple


class SessionRunHook:
    """Takes part in the runs of a monitored session; a subclass overrides what it needs.

    The order: `begin` before the session exists, `after_create_session` whenever one was made, `before_run` and `after_run`
    around each run, `end` when the session is closed without an error.
    """

    def begin(self) -> None:
        """Called once, before the session is made; the graph can still be extended."""

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Called when a session was made, also after a recovery. The graph is closed to new nodes.

        Args:
          session: the plain session.
          coord: the `Coordinator` of its threads.
        """

    def before_run(self, run_context: Any) -> Any:
        """Called before each run.

        Args:
          run_context: the `SessionRunContext` of the run.

        Returns:
          `SessionRunArgs` with what to fetch and feed beside what the caller said, or None.
        """
        return None

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Called after each run that did not fail.

        Args:
          run_context: the `SessionRunContext` of the run.
          run_values: the `SessionRunValues` of what `before_run` asked for.
        """

    def end(self, session: Any) -> None:
        """Called at the end, unless the session ends by an error other than `OutOfRangeError` or `StopIteration`.

        Args:
          session: the plain session, which still runs.
        """


class SessionRunArgs(NamedTuple):
    """What to run: the fetches, the feeds, and `RunOptions`."""

    fetches: Any
    feed_dict: Any = None
    options: Any = None


class SessionRunValues(NamedTuple):
    """What came of a run: the values of a hook's fetches, and the options and `RunMetadata` of the run."""

    results: Any
    options: Any
    run_metadata: Any


class SessionRunContext:
    """One run, for the hooks that take part in it."""

    def __init__(self, original_args: SessionRunArgs, session: Any) -> None:
        self._original_args = original_args
        self._session = session
        self._stop_requested = False

    @property
    def original_args(self) -> SessionRunArgs:
        """What the caller said to run."""
        return self._original_args

    @property
    def session(self) -> Any:
        """The session that runs."""
        return self._session

    @property
    def stop_requested(self) -> bool:
        """Whether a hook asked to stop."""
        return self._stop_requested

    def request_stop(self) -> None:
        """Asks the monitored session to stop after this run."""
        self._stop_requested = True
