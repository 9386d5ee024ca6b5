"""Figures and tables that the demos write. A file appears under its name only once it is complete."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thalweg.demos import DemoError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREY = "#1f6fb4", "#d9661f", "#8a8a8a"


def require_matplotlib() -> None:
    """Says what is missing before a demo spends time on training."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise DemoError("the demos draw with matplotlib, which is missing: pip install 'thalweg[plot]'") from error


def figure(width: float, height: float) -> Figure:
    """An empty figure that no window system knows of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside `path`; what is written there takes the place of `path` if the block succeeds."""
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def save(drawing: Figure, path: Path) -> Path:
    with replacing(path) as temporary:
        drawing.savefig(temporary, dpi=120)
    return path


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_history(path: Path, history: Mapping[str, Sequence[float]]) -> Path:
    """One row an epoch, one column a quantity."""
    rows = zip(*history.values(), strict=True)
    return write_csv(path, ["epoch", *history], ([epoch, *map(_six, row)] for epoch, row in enumerate(rows, 1)))


def save_curves(path: Path, history: Mapping[str, Sequence[float]], quantities: Mapping[str, str]) -> Path:
    """One panel a quantity (name in `history` -> title), training beside validation where there is one."""
    drawing = figure(4.8 * len(quantities), 3.6)
    for position, (name, title) in enumerate(quantities.items(), 1):
        axes = drawing.add_subplot(1, len(quantities), position)
        _curve(axes, history[name], "training", BLUE)
        if f"val_{name}" in history:
            _curve(axes, history[f"val_{name}"], "test", ORANGE)
            axes.legend(frameon=False)
        axes.set_title(title)
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.3)
    return save(drawing, path)


def _curve(axes: Axes, values: Sequence[float], label: str, color: str) -> None:
    epochs = range(1, len(values) + 1)
    axes.plot(epochs, values, label=label, color=color, marker="o" if len(values) <= 20 else None, markersize=4)
    if len(values) <= 20:
        axes.set_xticks(list(epochs))


def _six(value: float) -> str:
    return f"{float(value):.6g}"
