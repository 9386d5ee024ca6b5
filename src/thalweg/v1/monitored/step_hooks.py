"""Hooks that count steps: to stop, to wait, and to tell how fast the program goes."""
from __future__ import annotations

import time
from typing import Any

from ...formats.event_proto import Summary
from .. import logging
from ..global_step import get_global_step
from .common import building, step_read, writer_of
from .hooks import SessionRunArgs, SessionRunHook
from .timers import SecondOrStepTimer

_NOT_INCREASED = ("It seems that global step (tf.train.get_global_step) has not been increased. Current value (could be "
                  "stable): %s vs previous value: %s. You could increase the global step by passing tf.train.get_global_step() "
                  "to Optimizer.apply_gradients or Optimizer.minimize.")


class StopAtStepHook(SessionRunHook):
    """Asks to stop at a step.

    Args:
      num_steps: after so many steps from where the first session starts.
      last_step: at this count, instead.

    Raises:
      ValueError: neither is given, or both are. RuntimeError (by `begin`): there is no global step.
    """

    def __init__(self, num_steps: int | None = None, last_step: int | None = None) -> None:
        if num_steps is None and last_step is None:
            raise ValueError("One of num_steps or last_step must be specified.")
        if num_steps is not None and last_step is not None:
            raise ValueError("Only one of num_steps or last_step can be specified.")
        self._num_steps, self._last_step = num_steps, last_step

    def begin(self) -> None:
        """Makes the node that reads the count."""
        self._step = step_read("StopAtStepHook")

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Finds out where to stop."""
        if self._last_step is None:
            self._last_step = session.run(self._step) + self._num_steps

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks for the count."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Asks to stop if the count is there."""
        last: Any = self._last_step
        if run_values.results + 1 >= last and run_context.session.run(self._step) >= last:
            run_context.request_stop()


class StepCounterHook(SessionRunHook):
    """Tells how many steps a second the program makes, in the log and as a summary.

    Args:
      every_n_steps: how often, in steps.
      every_n_secs: how often, in seconds; exactly one of both.
      output_dir: where to write the summary.
      summary_writer: a `FileWriter` for it, instead.

    Raises:
      ValueError: neither of the first two is given, or both are. RuntimeError (by `begin`): there is no global step.
    """

    def __init__(self, every_n_steps: int | None = 100, every_n_secs: float | None = None, output_dir: Any = None,
                 summary_writer: Any = None) -> None:
        if (every_n_steps is None) == (every_n_secs is None):
            raise ValueError("exactly one of every_n_steps and every_n_secs should be provided.")
        self._timer = SecondOrStepTimer(every_n_secs, every_n_steps)
        self._summary_writer, self._output_dir = summary_writer, output_dir
        self._before: Any = None

    def begin(self) -> None:
        """Makes the node that reads the count, and the writer."""
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = writer_of(self._output_dir)
        self._step = step_read("StepCounterHook")
        with building():
            self._summary_tag = f"{get_global_step().op.name}/sec"

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks for the count."""
        return SessionRunArgs(self._step)

    def _log_and_record(self, elapsed_steps: int, elapsed_time: float, global_step: int) -> None:
        """Tells how fast the program went, for subclasses to override."""
        speed = elapsed_steps / elapsed_time
        if self._summary_writer is not None:
            value = Summary.Value(tag=self._summary_tag, simple_value=speed)
            self._summary_writer.add_summary(Summary(value=[value]), global_step)
        logging.info("%s: %g", self._summary_tag, speed)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Tells it where it is time, and warns where nothing counts."""
        stale = run_values.results
        if self._timer.should_trigger_for_step(stale + 1):
            now = run_context.session.run(self._step)
            if self._timer.should_trigger_for_step(now):
                seconds, steps = self._timer.update_last_triggered_step(now)
                if seconds is not None and steps is not None:
                    self._log_and_record(steps, seconds, now)
        if stale == self._before:
            logging.log_first_n(logging.WARN, _NOT_INCREASED, 5, stale, self._before)
        self._before = stale


class GlobalStepWaiterHook(SessionRunHook):
    """Waits in the first run until somebody else has counted so far.

    Args:
      wait_until_step: how far; 0 waits for nothing.

    Raises:
      RuntimeError (by `begin`): there is no global step.
    """

    def __init__(self, wait_until_step: int) -> None:
        self._until = wait_until_step

    def begin(self) -> None:
        """Makes the node that reads the count."""
        self._waited = False
        self._step = step_read("_GlobalStepWaiterHook")

    def before_run(self, run_context: Any) -> None:
        """Waits."""
        if self._waited or self._until <= 0:
            self._waited = True
            return
        logging.info("Waiting for global step %d before starting training.", self._until)
        told = 0
        while (now := run_context.session.run(self._step)) < self._until:
            if now - told > 1000:
                logging.info("Waiting for global step %d before starting training. Current step is %d.", self._until, now)
                told = now
            time.sleep(0.5)
        self._waited = True
