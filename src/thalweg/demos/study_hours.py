"""A straight line through 25 students' hours of study and exam scores, found by gradient descent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import thalweg as tf
from thalweg.demos import figures

TABLE = Path(__file__).parent.parent / "keras" / "datasets" / "student_scores.csv"


def line(intercept: Any, slope: Any, hours: Any) -> Any:
    return intercept + slope * hours


def mean_squared_error(intercept: Any, slope: Any, hours: Any, scores: Any) -> Any:
    return tf.reduce_mean(tf.square(scores - line(intercept, slope, hours)))


def train(hours: Any, scores: Any, steps: int) -> tuple[Any, Any, list[tuple[int, float, float, float]]]:
    """Returns intercept, slope, and a record (step, loss, intercept, slope) of every step."""
    intercept, slope = tf.Variable([1.0]), tf.Variable([10.0])
    optimizer = tf.keras.optimizers.Adam(0.5)
    trace = []
    for step in range(steps):
        optimizer.minimize(lambda: mean_squared_error(intercept, slope, hours, scores), var_list=[intercept, slope])
        loss = float(mean_squared_error(intercept, slope, hours, scores))
        trace.append((step, loss, float(intercept.numpy()[0]), float(slope.numpy()[0])))
    return intercept, slope, trace


def run(epochs: int, out: Path, seed: int) -> list[Path]:
    del seed  # nothing here is random
    figures.require_matplotlib()
    table = np.loadtxt(TABLE, delimiter=",", skiprows=1, dtype=np.float32)
    hours, scores = tf.constant(table[:, 0]), tf.constant(table[:, 1])

    print("mean squared error / 100 of two guesses:")
    for guess in ((0.5, 8.0), (1.2, 10.06)):
        loss = float(mean_squared_error(*guess, hours, scores) / 100)
        print(f"  intercept {guess[0]}, slope {guess[1]}: {loss:.6f}")

    print(f"minimizing the mean squared error by {epochs} step(s) of Adam from intercept 1, slope 10:")
    intercept, slope, trace = train(hours, scores, epochs)
    for step, loss, _, _ in trace[:: max(1, epochs // 10)]:
        print(f"  step {step:3d}  loss {loss:.4f}")
    print(f"intercept {float(intercept.numpy()[0]):.4f}, slope {float(slope.numpy()[0]):.4f}")
    return [
        _draw(out / "line.png", table, trace),
        figures.write_csv(
            out / "steps.csv",
            ["step", "loss", "intercept", "slope"],
            ([step, *(f"{value:.6f}" for value in values)] for step, *values in trace),
        ),
    ]


def _draw(path: Path, table: Any, trace: list[tuple[int, float, float, float]]) -> Path:
    drawing = figures.figure(9.6, 3.8)
    left = drawing.add_subplot(1, 2, 1)
    left.scatter(table[:, 0], table[:, 1], color=figures.BLUE, s=18, label="a student")
    ends = np.array([0.0, table[:, 0].max() * 1.05])
    _, _, intercept, slope = trace[-1]
    left.plot(ends, line(1.0, 10.0, ends), color=figures.GREY, linestyle="--", label="at the start")
    left.plot(ends, line(intercept, slope, ends), color=figures.ORANGE, label=f"{intercept:.2f} + {slope:.2f} · hours")
    left.set(xlabel="hours of study", ylabel="score", title="The line found")
    left.legend(frameon=False)
    right = drawing.add_subplot(1, 2, 2)
    right.plot([step for step, *_ in trace], [loss for _, loss, *_ in trace], color=figures.BLUE)
    right.set(xlabel="step", title="mean squared error")
    right.grid(alpha=0.3)
    return figures.save(drawing, path)
