"""Hooks around single values: to log them, to look for NaN, to feed them, to compute them at the end."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import errors
from .. import logging
from ..collections import graph
from .hooks import SessionRunArgs, SessionRunHook
from .timers import NeverTimer, SecondOrStepTimer


class LoggingTensorHook(SessionRunHook):
    """Logs values every so often: `tag = value, tag = value (0.123 sec)`.

    Args:
      tensors: a list of tensors or their names, or a dictionary of them by tags.
      every_n_iter: how often, in runs.
      every_n_secs: how often, in seconds.
      at_end: whether to log at the end too, in a run of its own.
      formatter: makes the text of a dictionary from tags to values.

    Raises:
      ValueError: not exactly one of the two ways to say how often, unless it is only at the end; `every_n_iter` is not
        positive; (by `begin`) a tensor of another graph, or a name of several.
    """

    def __init__(self, tensors: Any, every_n_iter: int | None = None, every_n_secs: float | None = None,
                 at_end: bool = False, formatter: Callable[[dict[Any, Any]], str] | None = None) -> None:
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError("either at_end and/or exactly one of every_n_iter and every_n_secs must be provided.")
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        self._tags = sorted(tensors) if isinstance(tensors, dict) else list(tensors)
        self._given = [tensors[tag] for tag in self._tags] if isinstance(tensors, dict) else self._tags
        self._formatter = formatter
        self._timer = NeverTimer() if only_at_end else SecondOrStepTimer(every_n_secs, every_n_iter)
        self._at_end = at_end

    def begin(self) -> None:
        """Finds the tensors."""
        self._timer.reset()
        self._runs = 0
        self._fetches = [_element(x) for x in self._given]

    def before_run(self, run_context: Any) -> SessionRunArgs | None:
        """Asks for the values where it is time."""
        self._wanted = self._timer.should_trigger_for_step(self._runs)
        return SessionRunArgs(self._fetches) if self._wanted else None

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Logs them."""
        if self._wanted:
            self._log(run_values.results)
        self._runs += 1

    def end(self, session: Any) -> None:
        """Logs them at the end."""
        if self._at_end:
            self._log(session.run(self._fetches))

    def _log(self, values: Any) -> None:
        seconds, _ = self._timer.update_last_triggered_step(self._runs)
        with np.printoptions(suppress=True):
            if self._formatter:
                logging.info(self._formatter(dict(zip(self._tags, values, strict=True))))
                return
            text = ", ".join(f"{tag!s} = {value!s}" for tag, value in zip(self._tags, values, strict=True))
        if seconds is None:
            logging.info("%s", text)
        else:
            logging.info("%s (%.3f sec)", text, seconds)


def _element(given: Any) -> Any:
    """A tensor or operation of the default graph; a name without index is that of the only output."""
    home = graph()
    if not isinstance(given, str):
        if getattr(given, "graph", None) is not home:
            raise ValueError(f"Passed {given} should have graph attribute that is equal to current graph {home}.")
        return given
    if ":" in given:
        return home.as_graph_element(given)
    found = home.as_graph_element(f"{given}:0")
    if len(found.op.outputs) > 1:
        raise ValueError(f"Name {given} is ambiguous, as this `Operation` has multiple outputs (at least 2).")
    return found


class NanLossDuringTrainingError(RuntimeError):
    """A loss is NaN."""

    def __str__(self) -> str:
        return "NaN loss during training."


class NanTensorHook(SessionRunHook):
    """Looks for NaN in a loss after each run.

    Args:
      loss_tensor: the loss, a scalar.
      fail_on_nan_loss: whether to raise `NanLossDuringTrainingError`, rather than to ask to stop.
    """

    def __init__(self, loss_tensor: Any, fail_on_nan_loss: bool = True) -> None:
        self._loss, self._fail = loss_tensor, fail_on_nan_loss

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks for the loss."""
        return SessionRunArgs(self._loss)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Looks at it.

        Raises:
          NanLossDuringTrainingError: it is NaN.
        """
        if np.isnan(run_values.results):
            if self._fail:
                logging.error("Model diverged with loss = NaN.")
                raise NanLossDuringTrainingError
            logging.warning("Model diverged with loss = NaN.")
            run_context.request_stop()


class FinalOpsHook(SessionRunHook):
    """Computes something at the end.

    Args:
      final_ops: what to fetch, in any structure.
      final_ops_feed_dict: feeds for it.
    """

    def __init__(self, final_ops: Any, final_ops_feed_dict: Any = None) -> None:
        self._ops, self._feeds = final_ops, final_ops_feed_dict
        self._values: Any = None

    @property
    def final_ops_values(self) -> Any:
        """What came of it; None before the end."""
        return self._values

    def end(self, session: Any) -> None:
        """Computes it.

        Raises:
          OutOfRangeError: it asks for input, which is at its end.
        """
        if self._ops is None:
            return
        try:
            self._values = session.run(self._ops, self._feeds)
        except (errors.OutOfRangeError, StopIteration):
            logging.warning("What FinalOpsHook fetches reads from an input that is at its end. Fetch values that depend on "
                            "variables alone: of a metric its value, not its update.")
            raise


class FeedFnHook(SessionRunHook):
    """Feeds what a function returns, in each run.

    Args:
      feed_fn: a function without arguments that returns a dictionary of feeds.
    """

    def __init__(self, feed_fn: Callable[[], Any]) -> None:
        self.feed_fn = feed_fn

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks to feed it."""
        return SessionRunArgs(None, self.feed_fn())
