"""Hooks that write files: checkpoints, and summaries."""
from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ...formats.event_proto import SessionLog
from ...formats.graph_def import drawn, write_graph
from .. import logging
from ..collections import graph
from .common import step_read, writer_of
from .hooks import SessionRunArgs, SessionRunHook
from .scaffold import the_saver
from .timers import SecondOrStepTimer


class CheckpointSaverListener:
    """Is told when a `CheckpointSaverHook` saves; a subclass overrides what it needs."""

    def begin(self) -> None:
        """Called once, before the session is made."""

    def before_save(self, session: Any, global_step_value: int) -> None:
        """Called before a checkpoint is written."""

    def after_save(self, session: Any, global_step_value: int) -> Any:
        """Called after a checkpoint was written; what is true asks to stop."""

    def end(self, session: Any, global_step_value: int) -> None:
        """Called at the end, after the last checkpoint."""


class CheckpointSaverHook(SessionRunHook):
    """Saves checkpoints: when a session was made, every so often, and at the end. The graph goes into `graph.pbtxt` and an
    event file.

    Args:
      checkpoint_dir: where to.
      save_secs: how often, in seconds.
      save_steps: how often, in steps; exactly one of both.
      saver: a `Saver`.
      checkpoint_basename: the name of the files, before the step.
      scaffold: a `Scaffold`, for its saver. Without both the saver in the graph's collection is used.
      listeners: `CheckpointSaverListener` objects.
      save_graph_def: whether to write `graph.pbtxt`.

    Raises:
      ValueError: both saver and scaffold; not exactly one way to say how often.
      RuntimeError (by `begin`): there is no global step; later: there is no saver, or several.
    """

    def __init__(self, checkpoint_dir: Any, save_secs: float | None = None, save_steps: int | None = None, saver: Any = None,
                 checkpoint_basename: str = "model.ckpt", scaffold: Any = None, listeners: Sequence[Any] | None = None,
                 save_graph_def: bool = True) -> None:
        logging.info("Create CheckpointSaverHook.")
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._saver, self._scaffold = saver, scaffold
        self._checkpoint_dir = os.fspath(checkpoint_dir)
        self._save_path = os.path.join(self._checkpoint_dir, checkpoint_basename)
        self._timer = SecondOrStepTimer(save_secs, save_steps)
        self._listeners = listeners or []
        self._save_graph_def = save_graph_def

    def begin(self) -> None:
        """Makes the node that reads the count, and the writer."""
        self._summary_writer = writer_of(self._checkpoint_dir)
        self._step = step_read("CheckpointSaverHook")
        for listener in self._listeners:
            listener.begin()

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Writes the graph and the first checkpoint."""
        step = session.run(self._step)
        home = graph()
        if self._save_graph_def:
            write_graph(drawn(home), self._checkpoint_dir, "graph.pbtxt")
        self._summary_writer.add_graph(home)
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks for the count."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Saves where it is time. The count may have made more than one step since it was read."""
        step = run_context.session.run(self._step)
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._save(run_context.session, step):
                run_context.request_stop()

    def end(self, session: Any) -> None:
        """Saves, unless the last checkpoint is of this step."""
        step = session.run(self._step)
        if step != self._timer.last_triggered_step():
            self._save(session, step)
        for listener in self._listeners:
            listener.end(session, step)

    def _save(self, session: Any, step: int) -> bool:
        """Writes a checkpoint; whether a listener asks to stop."""
        logging.info("Calling checkpoint listeners before saving checkpoint %d...", step)
        for listener in self._listeners:
            listener.before_save(session, step)
        logging.info("Saving checkpoints for %d into %s.", step, self._save_path)
        self._get_saver().save(session, self._save_path, global_step=step, write_meta_graph=self._save_graph_def)
        self._summary_writer.add_session_log(SessionLog(status=SessionLog.CHECKPOINT, checkpoint_path=self._save_path), step)
        logging.info("Calling checkpoint listeners after saving checkpoint %d...", step)
        stop = False
        for listener in self._listeners:
            if listener.after_save(session, step):
                logging.info("A CheckpointSaverListener requested that training be stopped. listener: %s", listener)
                stop = True
        return stop

    def _get_saver(self) -> Any:
        if self._saver is None:
            self._saver = self._scaffold.saver if self._scaffold is not None else the_saver()
        return self._saver


class SummarySaverHook(SessionRunHook):
    """Writes summaries every so often, first those of the first run.

    Args:
      save_steps: how often, in steps.
      save_secs: how often, in seconds; exactly one of both.
      output_dir: where to.
      summary_writer: a `FileWriter`, instead.
      scaffold: a `Scaffold`, for its summaries.
      summary_op: a string scalar, or a list of them, instead.

    Raises:
      ValueError: not exactly one of the last two; not exactly one way to say how often.
      RuntimeError (by `begin`): there is no global step.
    """

    def __init__(self, save_steps: int | None = None, save_secs: float | None = None, output_dir: Any = None,
                 summary_writer: Any = None, scaffold: Any = None, summary_op: Any = None) -> None:
        if (scaffold is None) == (summary_op is None):
            raise ValueError("Exactly one of scaffold or summary_op must be provided.")
        self._summary_op, self._scaffold = summary_op, scaffold
        self._summary_writer, self._output_dir = summary_writer, output_dir
        self._timer = SecondOrStepTimer(save_secs, save_steps)

    def begin(self) -> None:
        """Makes the node that reads the count, and the writer."""
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = writer_of(self._output_dir)
        self._next: Any = None
        self._step = step_read("SummarySaverHook")

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks for the count, and for the summaries where it is time."""
        self._wanted = self._next is None or self._timer.should_trigger_for_step(self._next)
        found = self._summaries() if self._wanted else None
        return SessionRunArgs({"global_step": self._step, **({} if found is None else {"summary": found})})

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Writes them, under the count after the run."""
        writer = self._summary_writer
        if not writer:
            return
        step = run_context.session.run(self._step) if self._wanted else run_values.results["global_step"] + 1
        if self._next is None:
            writer.add_session_log(SessionLog(status=SessionLog.START), step)
        if self._wanted:
            self._timer.update_last_triggered_step(step)
            for summary in run_values.results.get("summary", ()):
                writer.add_summary(summary, step)
        self._next = step + 1

    def end(self, session: Any = None) -> None:
        """Hands over to the system what was written."""
        if self._summary_writer:
            self._summary_writer.flush()

    def _summaries(self) -> list[Any] | None:
        found = self._summary_op if self._summary_op is not None else self._scaffold.summary_op
        return found if found is None or isinstance(found, list) else [found]
