"""Eager steps: an addition, and gradient steps of a line, as a user of each library writes them."""

from __future__ import annotations

from typing import Any

from .rows import Result, row
from .timing import fastest

# --- a + b -----------------------------------------------------------------------------------------------------------


@row("add", "thalweg", "tensorflow")
def _(tf: Any) -> Result:
    a, b = tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0])
    return {"time": fastest(lambda: a + b) * 1e6}


@row("add", "torch")
def _(torch: Any) -> Result:
    a, b = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])
    return {"time": fastest(lambda: a + b) * 1e6}


@row("add", "numpy")
def _(np: Any) -> Result:
    a, b = np.array([1.0, 2.0], np.float32), np.array([3.0, 4.0], np.float32)
    return {"time": fastest(lambda: a + b) * 1e6}


# --- a gradient step of linear regression -----------------------------------------------------------------------------

RATE = 0.01


def points() -> tuple[list[float], list[float]]:
    x = [i / 96 for i in range(96)]
    return x, [1.0 + 2.0 * value + (0.1 if i % 2 else -0.1) for i, value in enumerate(x)]


@row("tape", "thalweg", "tensorflow")
def _(tf: Any) -> Result:
    x, y = (tf.constant(values) for values in points())
    a, b, rate = tf.Variable(0.0), tf.Variable(0.0), tf.constant(RATE)

    def step() -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((a + b * x - y) ** 2)
        da, db = tape.gradient(loss, [a, b])
        a.assign_sub(rate * da)
        b.assign_sub(rate * db)

    return {"time": fastest(step) * 1e6}


@row("tape", "torch")
def _(torch: Any) -> Result:
    x, y = (torch.tensor(values) for values in points())
    a, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)

    def step() -> None:
        loss = ((a + b * x - y) ** 2).mean()
        da, db = torch.autograd.grad(loss, [a, b])
        with torch.no_grad():
            a.sub_(RATE * da)
            b.sub_(RATE * db)

    return {"time": fastest(step) * 1e6}


@row("tape", "numpy")
def _(np: Any) -> Result:
    """The gradient worked out by hand."""
    x, y = (np.array(values, np.float32) for values in points())
    a, b, rate = np.zeros((), np.float32), np.zeros((), np.float32), np.float32(RATE)

    def step() -> None:
        nonlocal a, b
        error = a + b * x - y
        np.mean(error**2)
        a = a - rate * 2 * error.mean()
        b = b - rate * 2 * (error * x).mean()

    return {"time": fastest(step) * 1e6}
