"""Small programs that train a model and draw what it learned; `thalweg demo` runs them.

Each is a module with `run(epochs, out, seed)`, which prints what it finds and returns the files that it wrote. They use
the public API only, so they are also examples of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DEMOS", "DemoError", "Entry", "Run"]

Run = Callable[[int, Path, int], list[Path]]


class DemoError(Exception):
    """A demo cannot go on, for a reason that its message tells the user."""


@dataclass(frozen=True)
class Entry:
    module: str
    epochs: int
    summary: str


DEMOS = {
    "mnist": Entry("mnist", 5, "a 784-512-10 network on 60,000 handwritten digits"),
    "study-hours": Entry("study_hours", 100, "a straight line through hours of study and exam scores"),
    "square": Entry("square", 150, "a 2-10-10-1 network that learns which points lie inside a square"),
}
