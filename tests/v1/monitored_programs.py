"""Programs with monitored sessions. Each is a function of `tf` and an empty folder, and returns lines on what happened:
what hooks saw, what was logged, which files were written, and what was raised.

The programs are in `monitored_session_programs.py` and `monitored_hook_programs.py`. `tools/make_monitored_goldens.py`
runs them in TensorFlow.
"""
from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Program = Callable[[Any, Path], list[str]]
PROGRAMS: dict[str, Program] = {}
LOGGERS = ("tensorflow", "thalweg")


def program(function: Program) -> Program:
    PROGRAMS[function.__name__] = function
    return function


class _Kept(logging.Handler):
    def __init__(self, lines: list[str], folder: Path) -> None:
        super().__init__()
        self._lines, self._folder = lines, str(folder)

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage().replace(self._folder, "DIR")
        text = re.sub(r"<class '.*\.(\w+)'>", r"<class \1>", text)
        text = re.sub(r"\(\d+\.\d{3} sec\)", "(SECS sec)", text)
        if not text.startswith("From "):  # TensorFlow's notes on what is deprecated
            self._lines.append(f"{record.levelname}: {re.sub(r'/sec: .*', '/sec: NUMBER', text)}")


@contextmanager
def logged(tf: Any, lines: list[str], folder: Path) -> Iterator[None]:
    """Keeps what is logged inside, without times, speeds and the folder."""
    handler = _Kept(lines, folder)
    before = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.INFO)
    for name in LOGGERS:
        logging.getLogger(name).addHandler(handler)
    try:
        yield
    finally:
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(handler)
        tf.logging.set_verbosity(before)


def attempt(lines: list[str], call: Callable[[], Any]) -> None:
    """Notes what a call returns or raises."""
    try:
        lines.append(f"-> {call()}")
    except Exception as error:
        lines.append(f"{type(error).__name__}: {str(error).splitlines()[0]}")


def counter(tf: Any) -> tuple[Any, Any]:
    """The global step, and an operation that counts on."""
    step = tf.train.get_or_create_global_step()
    return step, tf.assign_add(step, 1).op


def model(tf: Any) -> tuple[Any, Any]:
    """A variable that descends to 1, as a step, and the loss."""
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    loss = (w - 1.0) ** 2
    step = tf.train.get_or_create_global_step()
    return tf.train.GradientDescentOptimizer(0.25).minimize(loss, global_step=step), loss


def teller(tf: Any, lines: list[str], name: str = "hook", **does: Any) -> Any:
    """A hook that notes its calls; `does` are replacements, which are called with the hook after the note."""
    class Teller(tf.train.SessionRunHook):  # type: ignore[misc]
        def _told(self, call: str, *args: Any) -> Any:
            lines.append(f"{name} {call}")
            return does[call](*args) if call in does else None

        def begin(self) -> Any:
            return self._told("begin")

        def after_create_session(self, session: Any, coord: Any) -> Any:
            return self._told("after_create_session", session, coord)

        def before_run(self, run_context: Any) -> Any:
            return self._told("before_run", run_context)

        def after_run(self, run_context: Any, run_values: Any) -> Any:
            return self._told("after_run", run_context, run_values)

        def end(self, session: Any) -> Any:
            return self._told("end", session)
    return Teller()


def files(folder: Path) -> list[str]:
    """The files in a folder, without the names of event files and without meta graphs."""
    names = {re.sub(r"events\.out.*", "EVENTS", name) for name in os.listdir(folder)}
    return sorted(name for name in names if not name.endswith(".meta"))


def events(tf: Any, folder: Path) -> list[str]:
    """What the event files of a folder hold, without the graphs as such."""
    out = []
    tf.summary.FileWriterCache.clear()
    for path in sorted(folder.glob("events.out*")):
        for event in tf.train.summary_iterator(str(path)):
            kind = event.WhichOneof("what")
            if kind == "session_log":
                status = {1: "START", 2: "STOP", 3: "CHECKPOINT"}[int(event.session_log.status)]
                kind += f" {status} {event.session_log.checkpoint_path.replace(str(folder), 'DIR')}"
            elif kind == "summary":
                kind += " " + " ".join(f"{v.tag}" if v.tag.endswith("/sec") else f"{v.tag}={v.simple_value:g}"
                                       for v in event.summary.value)
            if kind not in ("meta_graph_def", "file_version"):
                out.append(f"{event.step}: {kind}")
    return out
