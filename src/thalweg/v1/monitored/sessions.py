"""Monitored sessions: `with MonitoredTrainingSession(...) as s: while not s.should_stop(): s.run(train_op)`."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from ...core import errors
from ..collections import GraphKeys, get_collection, graph
from ..coordinator import Coordinator
from ..queue_runner import start_queue_runners
from .common import building
from .creators import ChiefSessionCreator, SessionCreator, WorkerSessionCreator
from .layers import Coordinated, Hooked, Recoverable, StepContext
from .saving_hooks import CheckpointSaverHook, SummarySaverHook
from .scaffold import Scaffold
from .step_hooks import StepCounterHook


class _Monitored:
    """What monitored sessions have in common."""

    StepContext: ClassVar[type] = StepContext

    def __init__(self, session_creator: SessionCreator | None, hooks: Sequence[Any] | None, recover: bool,
                 stop_grace_period_secs: float) -> None:
        self._graph_was_finalized = graph().finalized
        self._hooks = hooks or []
        self._grace = stop_grace_period_secs
        self._plain: Any = None
        for hook in self._hooks:
            hook.begin()
        self._creator = session_creator or ChiefSessionCreator()
        self._session: Any = Recoverable(self._create) if recover else self._create()

    def _create(self) -> Coordinated:
        """A new plain session with its threads, below the layers that end them and call the hooks."""
        self._plain = self._creator.create_session()
        coord = Coordinator(clean_stop_exception_types=[])
        if get_collection(GraphKeys.QUEUE_RUNNERS):
            with building():
                start_queue_runners(self._plain, coord)
        for hook in self._hooks:
            hook.after_create_session(self._plain, coord)
        return Coordinated(Hooked(self._plain, self._hooks), coord, self._grace)

    @property
    def graph(self) -> Any:
        """The graph that runs; None once the session is closed."""
        return None if self._plain is None else self._plain.graph

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Runs the fetches, and what the hooks want, at once.

        Args: as of `Session.run`.

        Returns:
          The values of the fetches.

        Raises:
          RuntimeError: after a hook asked to stop, or two feed the same tensor.
          OpError: an operation failed.
        """
        return self._session.run(fetches, feed_dict, options, run_metadata)

    def run_step_fn(self, step_fn: Callable[..., Any]) -> Any:
        """Calls a function that runs the session itself, with hooks or without.

        Args:
          step_fn: a function of one argument `step_context`, or a method of `self` and `step_context`.

        Returns:
          What it returns.

        Raises:
          ValueError: it takes other arguments.
          StopIteration: it asked to stop.
        """
        names = tuple(inspect.signature(step_fn).parameters)
        if names not in (("step_context",), ("self", "step_context")):
            raise ValueError("`step_fn` may either have one `step_context` argument, or `self` and `step_context` arguments if "
                             f"it's an instance method. Got {names} instead.")
        return self._session.step(step_fn, lambda: self._plain)

    def should_stop(self) -> bool:
        """Whether a hook or a thread asked to stop, or the session is closed."""
        return self._session is None or self._session.should_stop()

    def close(self) -> None:
        """Lets the hooks end, stops the threads, and closes the session.

        Raises:
          RuntimeError: it is closed already.
          BaseException: what went wrong in a thread.
        """
        self._close(None)

    def _close(self, error: type[BaseException] | None) -> None:
        try:
            if error is None:
                for hook in self._hooks:
                    hook.end(self._plain)
        finally:
            try:
                if self._session is None:
                    raise RuntimeError("Session is already closed.")
                self._session.close()
            finally:
                self._session = self._plain = None
                if not self._graph_was_finalized:
                    graph()._unsafe_unfinalize()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, traceback: Any) -> bool:
        if kind in (errors.OutOfRangeError, StopIteration):
            kind = None  # the input is at its end
        self._close(kind)
        return kind is None


class MonitoredSession(_Monitored):
    """A session that initializes or restores its variables, calls hooks, and goes on in a new one where it is lost.

    A context manager: `OutOfRangeError` and `StopIteration` end it, and count as no error. The graph is closed to new nodes
    as long as the session is open.

    Args:
      session_creator: makes the session, a `ChiefSessionCreator` where None.
      hooks: a list of `SessionRunHook`.
      stop_grace_period_secs: how long threads may take to end.
    """

    def __init__(self, session_creator: SessionCreator | None = None, hooks: Sequence[Any] | None = None,
                 stop_grace_period_secs: float = 120) -> None:
        super().__init__(session_creator, hooks, True, stop_grace_period_secs)


class SingularMonitoredSession(_Monitored):
    """A session as `MonitoredSession`, except that it does not go on where it is lost.

    Args:
      hooks: a list of `SessionRunHook`.
      scaffold, master, config, checkpoint_dir, checkpoint_filename_with_path: as of `ChiefSessionCreator`.
      stop_grace_period_secs: how long threads may take to end.
    """

    def __init__(self, hooks: Sequence[Any] | None = None, scaffold: Scaffold | None = None, master: str = "",
                 config: Any = None, checkpoint_dir: Any = None, stop_grace_period_secs: float = 120,
                 checkpoint_filename_with_path: Any = None) -> None:
        creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir, checkpoint_filename_with_path)
        super().__init__(creator, hooks, False, stop_grace_period_secs)

    def raw_session(self) -> Any:
        """The plain session; None once it is closed."""
        return self._plain


_DEFAULT: Any = object()


def _pair(first: Any, second: Any, usual: tuple[Any, Any]) -> tuple[Any, Any]:
    """Two settings of which one excludes the other: the usual ones where nobody set either."""
    if first is _DEFAULT and second is _DEFAULT:
        return usual
    return None if first is _DEFAULT else first, None if second is _DEFAULT else second


def MonitoredTrainingSession(
        master: str = "", is_chief: bool = True, checkpoint_dir: Any = None, scaffold: Scaffold | None = None,
        hooks: Sequence[Any] | None = None, chief_only_hooks: Sequence[Any] | None = None,
        save_checkpoint_secs: Any = _DEFAULT, save_summaries_steps: Any = _DEFAULT, save_summaries_secs: Any = _DEFAULT,
        config: Any = None, stop_grace_period_secs: float = 120, log_step_count_steps: int | None = 100,
        max_wait_secs: float = 7200, save_checkpoint_steps: Any = _DEFAULT, summary_dir: Any = None,
        save_graph_def: bool = True) -> MonitoredSession:
    """A `MonitoredSession` for training, with the hooks that save checkpoints and summaries and count steps.

    Args:
      master: accepted, without effect.
      is_chief: whether it initializes and saves; otherwise it waits for somebody who does.
      checkpoint_dir: where checkpoints are restored from and saved.
      scaffold: the pieces around the graph.
      hooks: further hooks.
      chief_only_hooks: further hooks, if `is_chief`; they come first.
      save_checkpoint_secs, save_checkpoint_steps: how often to save; every 600 seconds by default, never where both are None.
      save_summaries_steps, save_summaries_secs: how often to write summaries; every 100 steps by default.
      config: of the session.
      stop_grace_period_secs: how long threads may take to end.
      log_step_count_steps: how often to log steps per second; never where None.
      max_wait_secs: how long to wait for the session, if not `is_chief`.
      summary_dir: where summaries are written, `checkpoint_dir` where None.
      save_graph_def: whether to write `graph.pbtxt`.

    Raises:
      RuntimeError: there is a folder, and no global step.
    """
    save_summaries_steps, save_summaries_secs = _pair(save_summaries_steps, save_summaries_secs, (100, None))
    save_checkpoint_steps, save_checkpoint_secs = _pair(save_checkpoint_steps, save_checkpoint_secs, (None, 600))
    scaffold = scaffold or Scaffold()
    if not is_chief:
        creator: SessionCreator = WorkerSessionCreator(scaffold, master, config, max_wait_secs)
        return MonitoredSession(creator, hooks, stop_grace_period_secs)
    all_hooks = list(chief_only_hooks or ())
    folder = summary_dir or checkpoint_dir
    if folder and (log_step_count_steps or 0) > 0:
        all_hooks.append(StepCounterHook(log_step_count_steps, output_dir=folder))
    if folder and ((save_summaries_steps or 0) > 0 or (save_summaries_secs or 0) > 0):
        all_hooks.append(SummarySaverHook(save_summaries_steps, save_summaries_secs, folder, scaffold=scaffold))
    if checkpoint_dir and ((save_checkpoint_secs or 0) > 0 or (save_checkpoint_steps or 0) > 0):
        all_hooks.append(CheckpointSaverHook(checkpoint_dir, save_checkpoint_secs, save_checkpoint_steps, scaffold=scaffold,
                                             save_graph_def=save_graph_def))
    all_hooks.extend(hooks or ())
    creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir)
    return MonitoredSession(creator, all_hooks, stop_grace_period_secs)
