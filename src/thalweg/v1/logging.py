"""tf.logging: messages of a program, by the logger that the library's own warnings go to."""
from __future__ import annotations

import itertools
import logging as _logging
import sys
from collections.abc import Iterator
from typing import Any

DEBUG = _logging.DEBUG
ERROR = _logging.ERROR
FATAL = _logging.FATAL
INFO = _logging.INFO
WARN = _logging.WARNING

_logger = _logging.getLogger("thalweg")
_seen: dict[str, Iterator[int]] = {}


class _Shown(_logging.StreamHandler[Any]):
    """Shows messages where the program has not said what to do with them."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(_logging.Formatter(_logging.BASIC_FORMAT))

    def emit(self, record: _logging.LogRecord) -> None:
        if not _logging.getLogger().handlers:
            self.setStream(sys.stderr)
            super().emit(record)


def _ready() -> _logging.Logger:
    """The logger, whose messages are shown."""
    if not _logger.handlers:
        _logger.addHandler(_Shown())
    return _logger


def get_verbosity() -> int:
    """The least severity that is shown."""
    return _logger.getEffectiveLevel()


def set_verbosity(v: int | str) -> None:
    """Sets the least severity that is shown."""
    _logger.setLevel(v)


def log(level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
    """Writes `msg % args` with a severity."""
    _ready().log(level, msg, *args, **kwargs)


def debug(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Writes `msg % args` for those who look for mistakes."""
    _ready().debug(msg, *args, **kwargs)


def info(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Writes `msg % args` for whoever wants to know."""
    _ready().info(msg, *args, **kwargs)


def warning(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Writes `msg % args` as a warning."""
    _ready().warning(msg, *args, **kwargs)


warn = warning


def error(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Writes `msg % args` as an error."""
    _ready().error(msg, *args, **kwargs)


def fatal(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Writes `msg % args` as an error that ends something."""
    _ready().critical(msg, *args, **kwargs)


def vlog(level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
    """Writes `msg % args` with a severity."""
    _ready().log(level, msg, *args, **kwargs)


def log_if(level: int, msg: Any, condition: Any, *args: Any) -> None:
    """Writes `msg % args` if a condition holds."""
    if condition:
        _ready().log(level, msg, *args)


def log_every_n(level: int, msg: str, n: int, *args: Any) -> None:
    """Writes `msg % args` at the first of every `n` calls with this message."""
    log_if(level, msg, next(_seen.setdefault(msg, itertools.count())) % n == 0, *args)


def log_first_n(level: int, msg: str, n: int, *args: Any) -> None:
    """Writes `msg % args` at the first `n` calls with this message."""
    log_if(level, msg, next(_seen.setdefault(msg, itertools.count())) < n, *args)


def flush() -> None:
    """Writes what was held back."""
    for handler in _logger.handlers:
        handler.flush()


def TaskLevelStatusMessage(msg: Any) -> None:
    """Writes the state of a task, as an error."""
    error(msg)
