"""What the benchmarks do: one small function a row and library, run in a process of its own.

    PYTHON bench/work.py ROW PEER      runs it once and prints a JSON object, quantity -> value

A row is a key of `ROWS`; its functions are registered with `@row(key, *peers)`. Libraries with the same interface share
a function, which receives the imported module. To add a row: name it and its quantities in `ROWS`, and write the
functions. Each measures for a second or so and returns its minimum; the driver repeats whole processes on top of that.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MODULES = {"thalweg": "thalweg", "tensorflow": "tensorflow", "torch": "torch", "numpy": "numpy"}

# row -> its quantities: name -> (title, unit)
ROWS: dict[str, dict[str, tuple[str, str]]] = {
    "import": {"seconds": ("import", "s"), "resident": ("memory after import", "MB")},
    "add": {"time": ("a + b, two float32 2-vectors", "µs")},
    "tape": {"time": ("gradient step, line through 96 points", "µs")},
    "mlp": {"time": ("training step, MLP 784-512-10, batch 128", "ms")},
}

Result = dict[str, float]
WORK: dict[tuple[str, str], Callable[[Any], Result]] = {}


def row(key: str, *peers: str) -> Callable[[Callable[[Any], Result]], Callable[[Any], Result]]:
    def register(function: Callable[[Any], Result]) -> Callable[[Any], Result]:
        WORK.update({(key, peer): function for peer in peers})
        return function

    return register


def fastest(call: Callable[[], object], seconds: float = 1.0, warm: int = 20) -> float:
    """The least time of one call, over batches long enough for the clock."""
    for _ in range(warm):
        call()
    number = 1
    while True:
        start = time.perf_counter()
        for _ in range(number):
            call()
        passed = time.perf_counter() - start
        if passed > 0.01:
            break
        number *= 2
    best, end = passed / number, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(number):
            call()
        best = min(best, (time.perf_counter() - start) / number)
    return best


def resident() -> float:
    """Resident memory of this process in MB: now on Linux, its peak elsewhere."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


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


def _points() -> tuple[list[float], list[float]]:
    x = [i / 96 for i in range(96)]
    return x, [1.0 + 2.0 * value + (0.1 if i % 2 else -0.1) for i, value in enumerate(x)]


@row("tape", "thalweg", "tensorflow")
def _(tf: Any) -> Result:
    x, y = (tf.constant(values) for values in _points())
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
    x, y = (torch.tensor(values) for values in _points())
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
    x, y = (np.array(values, np.float32) for values in _points())
    a, b, rate = np.zeros((), np.float32), np.zeros((), np.float32), np.float32(RATE)

    def step() -> None:
        nonlocal a, b
        error = a + b * x - y
        np.mean(error**2)
        a = a - rate * 2 * error.mean()
        b = b - rate * 2 * (error * x).mean()

    return {"time": fastest(step) * 1e6}


# --- a training step of a multilayer perceptron -----------------------------------------------------------------------

BATCH, STEPS, EPOCHS = 128, 100, 6


def _digits() -> tuple[Any, Any]:
    """Random images and labels in the shape of the handwritten digits."""
    import numpy as np

    generator = np.random.default_rng(0)
    images = generator.random((BATCH * STEPS, 784), np.float32)
    return images, generator.integers(0, 10, BATCH * STEPS)


def _least_epoch(epoch: Callable[[], object]) -> Result:
    """Milliseconds a step in the fastest epoch."""
    best = float("inf")
    for _ in range(EPOCHS):
        start = time.perf_counter()
        epoch()
        best = min(best, time.perf_counter() - start)
    return {"time": best / STEPS * 1e3}


@row("mlp", "thalweg", "tensorflow")
def _(tf: Any) -> Result:
    x, y = _digits()
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [tf.keras.Input(shape=(784,)), layers.Dense(512, activation="relu"), layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    times: list[float] = []

    class Clock(tf.keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            times.append(time.perf_counter() - self.start)

    model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, verbose=0, callbacks=[Clock()])
    return {"time": min(times) / STEPS * 1e3}


@row("mlp", "torch")
def _(torch: Any) -> Result:
    images, labels = _digits()
    x, y = torch.from_numpy(images), torch.from_numpy(labels)
    model = torch.nn.Sequential(torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 10))
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.001, alpha=0.9, eps=1e-7)
    entropy = torch.nn.CrossEntropyLoss()

    def epoch() -> None:
        order, total, right = torch.randperm(len(x)), torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for start in range(0, len(x), BATCH):
            chosen = order[start : start + BATCH]
            batch, meant = x[chosen], y[chosen]
            optimizer.zero_grad()
            scores = model(batch)
            loss = entropy(scores, meant)
            loss.backward()
            optimizer.step()
            total += loss.detach()
            right += (scores.detach().argmax(1) == meant).sum()

    return _least_epoch(epoch)


@row("mlp", "numpy")
def _(np: Any) -> Result:
    """The gradients worked out by hand."""
    x, y = _digits()
    generator = np.random.default_rng(1)
    shapes = [(784, 512), (512,), (512, 10), (10,)]
    weights = [generator.normal(0, 0.05, shape).astype(np.float32) for shape in shapes]
    squares = [np.zeros_like(weight) for weight in weights]

    def epoch() -> None:
        order, total, right = generator.permutation(len(x)), 0.0, 0
        for start in range(0, len(x), BATCH):
            chosen = order[start : start + BATCH]
            batch, meant = x[chosen], y[chosen]
            w1, b1, w2, b2 = weights
            hidden = np.maximum(batch @ w1 + b1, 0)
            scores = hidden @ w2 + b2
            right += (scores.argmax(1) == meant).sum()
            p = np.exp(scores - scores.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            rows = np.arange(BATCH)
            total -= np.log(p[rows, meant]).mean()
            p[rows, meant] -= 1
            p *= np.float32(1 / BATCH)
            back = (p @ w2.T) * (hidden > 0)
            gradients = [batch.T @ back, back.sum(0), hidden.T @ p, p.sum(0)]
            for weight, square, gradient in zip(weights, squares, gradients, strict=True):
                square *= np.float32(0.9)
                square += np.float32(0.1) * gradient * gradient
                weight -= np.float32(0.001) * gradient / (np.sqrt(square) + np.float32(1e-7))

    return _least_epoch(epoch)


def main(key: str, peer: str) -> Result:
    start = time.perf_counter()
    module = importlib.import_module(MODULES[peer])
    seconds = time.perf_counter() - start
    if key == "import":
        return {"seconds": seconds, "resident": resident()}
    return WORK[key, peer](module)


if __name__ == "__main__":
    # The first entry of the path is this folder; nothing in it shall stand in for a library.
    sys.path.pop(0)
    print(json.dumps(main(*sys.argv[1:3])))
