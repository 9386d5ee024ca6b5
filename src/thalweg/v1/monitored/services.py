"""Threads beside a supervised session: they write summaries, speeds and checkpoints every so often."""
from __future__ import annotations

import time
from typing import Any

from ...formats.event_proto import SessionLog, Summary
from .. import logging
from ..coordinator import LooperThread
from ..global_step import global_step


class _Service(LooperThread):
    def __init__(self, supervisor: Any, session: Any, seconds: float) -> None:
        super().__init__(supervisor.coord, seconds)
        self._supervisor, self._session = supervisor, session
        self._writer = supervisor.summary_writer

    def _step(self) -> int | None:
        counter = self._supervisor.global_step
        return None if counter is None else global_step(self._session, counter)


class SummaryService(_Service):
    """Writes the summaries of the graph."""

    def run_loop(self) -> None:
        """Writes them once."""
        wanted = {"summary": self._supervisor.summary_op}
        if self._supervisor.global_step is not None:
            wanted["step"] = self._supervisor.global_step
        values = self._session.run(wanted)
        summary, step = values["summary"], values.get("step")
        logging.info("Recording summary at step %s.", step)
        self._writer.add_summary(summary, step)


class SpeedService(_Service):
    """Writes how many steps a second the program makes."""

    def start_loop(self) -> None:
        """Notes where the program is."""
        self._before = time.time(), self._step() or 0

    def run_loop(self) -> None:
        """Writes how far it went since."""
        now, step = time.time(), self._step() or 0
        (when, last), self._before = self._before, (now, step)
        speed = (step - last) / (now - when) if now > when else float("inf")
        tag = f"{self._supervisor.global_step.op.name}/sec"
        self._writer.add_summary(Summary(value=[Summary.Value(tag=tag, simple_value=speed)]), step)
        logging.log_first_n(logging.INFO, "%s: %g", 10, tag, speed)


class CheckpointService(_Service):
    """Writes checkpoints."""

    def run_loop(self) -> None:
        """Writes one."""
        path, step = self._supervisor.save_path, self._step()
        logging.info("Saving checkpoint to path %s", path)
        self._supervisor.saver.save(self._session, path, global_step=step)
        if self._writer and step is not None:
            self._writer.add_session_log(SessionLog(status=SessionLog.CHECKPOINT, checkpoint_path=path), step)
