"""A training step in NumPy alone, the gradients worked out by hand."""

from __future__ import annotations

from typing import Any

from .data import TASKS
from .rows import Result, row
from .timing import least_epoch, resident


@row("mlp", "numpy")
def _(np: Any) -> Result:
    task = TASKS["mlp"]
    x, y = task.draw()
    generator = np.random.default_rng(1)
    shapes = [(784, 512), (512,), (512, 10), (10,)]
    weights = [generator.normal(0, 0.05, shape).astype(np.float32) for shape in shapes]
    squares = [np.zeros_like(weight) for weight in weights]

    def epoch() -> None:
        order, total, right = generator.permutation(len(x)), 0.0, 0
        for start in range(0, len(x), task.batch):
            chosen = order[start : start + task.batch]
            batch, meant = x[chosen], y[chosen]
            w1, b1, w2, b2 = weights
            hidden = np.maximum(batch @ w1 + b1, 0)
            scores = hidden @ w2 + b2
            right += (scores.argmax(1) == meant).sum()
            p = np.exp(scores - scores.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            rows = np.arange(task.batch)
            total -= np.log(p[rows, meant]).mean()
            p[rows, meant] -= 1
            p *= np.float32(1 / task.batch)
            back = (p @ w2.T) * (hidden > 0)
            gradients = [batch.T @ back, back.sum(0), hidden.T @ p, p.sum(0)]
            for weight, square, gradient in zip(weights, squares, gradients, strict=True):
                square *= np.float32(0.9)
                square += np.float32(0.1) * gradient * gradient
                weight -= np.float32(0.001) * gradient / (np.sqrt(square) + np.float32(1e-7))

    return {"time": least_epoch(epoch, task.epochs, task.steps), "resident": resident()}
