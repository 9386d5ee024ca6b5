"""`Progbar`: progress, time and results in one line."""
from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from .io import is_terminal, print_msg

_BOLD, _GREEN, _WHITE, _END = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"


class Progbar:
    """A line that shows how far something has come.

    On a terminal the line is redrawn in place; elsewhere it is printed once, at the end.

    Args:
      target: the number of steps, None where it is unknown.
      width: the width of the bar in characters.
      verbose: 0 for silence, 1 for a bar, 2 for a line at the end.
      interval: seconds between two redraws, at least.
      stateful_metrics: names of results that are shown as they are; all others are averaged over the steps.
      stateless_metrics: names of results that are averaged; all others are shown as they are.
      unit_name: what is counted.

    Raises:
      ValueError: both kinds of names are given.
    """

    def __init__(self, target: int | None, width: int = 20, verbose: int = 1, interval: float = 0.1,
                 stateful_metrics: Iterable[str] | None = None, stateless_metrics: Iterable[str] | None = None,
                 unit_name: str = "step") -> None:
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ValueError("Only one of `stateful_metrics` or `stateless_metrics` can be provided. "
                             "`stateful_metrics` is "
                             "used to make metrics stateless by default (with an exclusion list), while "
                             "`stateless_metrics` is used to make metrics stateful by default (with an exclusion "
                             "list).")
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.unit_name = unit_name
        self._stateful = None if stateless_metrics is not None else set(stateful_metrics or ())
        self._stateless = None if stateless_metrics is None else set(stateless_metrics)
        self._terminal = is_terminal()
        self._seen = 0
        self._values: dict[str, list[Any]] = {}
        self._started = time.time()
        self._shown = 0.0
        self._first_step_done: float | None = None
        self._last_width = 0

    def is_due(self, current: int) -> bool:
        """Whether `update` at this step would draw. Notes the end of the first step."""
        if current == 1 and self._first_step_done is None:
            self._first_step_done = time.time()
        return self._terminal and time.time() - self._shown >= self.interval

    def update(self, current: int, values: Iterable[tuple[str, Any]] | None = None,
               finalize: bool | None = None) -> None:
        """Shows a step.

        Args:
          current: its number, counted from 1.
          values: names and results.
          finalize: whether it is the last one; None where `target` tells.
        """
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        for name, value in values or ():
            self._take(name, value, current, finalize)
        self._seen = current
        now = time.time()
        step_time = self._step_time(current, now)
        if self.verbose == 1:
            if finalize or (self._terminal and now - self._shown >= self.interval):
                self._draw(current, now, step_time, finalize)
                self._shown = now
        elif self.verbose == 2 and finalize and self.target:
            digits = int(math.log10(self.target)) + 1
            self._print(f"{current:{digits}d}/{self.target} - {now - self._started:.0f}s -{self._per_unit(step_time)}"
                        f"{self._results()}\n")
            self._shown = now

    def add(self, n: int, values: Iterable[tuple[str, Any]] | None = None) -> None:
        """Shows `n` more steps."""
        self.update(self._seen + n, values)

    def _take(self, name: str, value: Any, current: int, finalize: bool) -> None:
        averaged = name not in self._stateful if self._stateful is not None else name in (self._stateless or ())
        if not averaged or finalize:
            self._values[name] = [value, 1]
            return
        steps = max(current - self._seen, 1)
        held = self._values.setdefault(name, [0.0, 0])
        held[0] += value * steps
        held[1] += steps

    def _draw(self, current: int, now: float, step_time: float, finalize: bool) -> None:
        bold, green, white, end = (_BOLD, _GREEN, _WHITE, _END) if self._terminal else ("", "", "", "")
        if self.target:
            digits = int(math.log10(self.target)) + 1
            done = int(self.width * current / self.target)
            bar = f"{bold}{current:{digits}d}/{self.target}{end} "
            if done > 0:
                bar += f"{green}{'━' * done}{end}"
            bar += f"{white}{'━' * (self.width - done)}{end}"
        else:
            bar = f"{current:7d}/Unknown"
        if self.target and not finalize:
            spent = _duration(step_time * (self.target - current))
        else:
            spent = f"{now - self._started:.0f}s"
        line = f"{bar} {bold}{spent}{end}{self._per_unit(step_time)}{self._results()}"
        if not self._terminal:
            self._print(f"{line}\n")
            return
        shown = len(line) - sum(line.count(code) * len(code) for code in (_BOLD, _GREEN, _WHITE, _END))
        padding = " " * (self._last_width - shown)
        self._print("\b" * self._last_width + "\r" + line + padding + ("\n" if finalize else ""))
        self._last_width = shown

    def _results(self) -> str:
        text = ""
        for name, (total, count) in self._values.items():
            mean = float(np.mean(total)) / max(1, count)
            text += f" - {name}: {mean:.4f}" if abs(mean) > 1e-3 else f" - {name}: {mean:.4e}"
        return text

    def _per_unit(self, seconds: float) -> str:
        if seconds >= 1 or seconds == 0:
            return f" {seconds:.0f}s/{self.unit_name}"
        if seconds >= 1e-3:
            return f" {seconds * 1e3:.0f}ms/{self.unit_name}"
        return f" {seconds * 1e6:.0f}us/{self.unit_name}"

    def _step_time(self, current: int, now: float) -> float:
        """The time that a step takes, without the first one, which is slower."""
        if not current:
            return 0.0
        if current == 1:
            self._first_step_done = self._first_step_done or now
        elif self._first_step_done is not None:
            return (now - self._first_step_done) / (current - 1)
        return (now - self._started) / current

    def _print(self, text: str) -> None:
        print_msg(text, line_break=False)


def _duration(seconds: float) -> str:
    whole = int(seconds)
    if whole > 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}" if whole > 60 else f"{whole}s"
