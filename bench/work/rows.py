"""The rows of the table: what each measures, for which libraries, and what it may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Result = dict[str, float]
WORK: dict[tuple[str, str], Callable[[Any], Result]] = {}
"""(row, peer) -> the function that does the work; it receives the imported module."""


@dataclass(frozen=True)
class Bound:
    """What thalweg's value may be at most: a number, or a share of a peer's value in the same run."""

    at_most: float
    peer: str = ""

    def __str__(self) -> str:
        if not self.peer:
            return f"{self.at_most:g}"
        return self.peer if self.at_most == 1 else f"{self.at_most:g} {self.peer}"

    def holds(self, ours: float, theirs: float | None) -> bool | None:
        """Whether it does, or None where the peer that it speaks of was not measured."""
        if not self.peer:
            return ours <= self.at_most
        return None if theirs is None else ours <= self.at_most * theirs


@dataclass(frozen=True)
class Quantity:
    """One line of the table."""

    title: str
    unit: str
    bound: Bound | None = None


@dataclass(frozen=True)
class Row:
    """What one process measures.

    Attributes:
      quantities: its lines, by the names in the process's result.
      peers: the libraries that do it.
    """

    quantities: dict[str, Quantity]
    peers: tuple[str, ...]


ALL = ("thalweg", "tensorflow", "keras-jax", "torch", "numpy")
TRAINING = ("thalweg", "tensorflow", "keras-jax", "torch")
_MEMORY = Bound(1, "tensorflow")
_EAGER = Bound(3, "tensorflow")

ROWS: dict[str, Row] = {
    "import": Row({"seconds": Quantity("import", "s"), "resident": Quantity("memory after import", "MB")}, ALL),
    "add": Row({"time": Quantity("a + b, two float32 2-vectors", "µs")}, ("thalweg", "tensorflow", "torch", "numpy")),
    "tape": Row(
        {"time": Quantity("gradient step, line through 96 points", "µs")}, ("thalweg", "tensorflow", "torch", "numpy")
    ),
    "function": Row(
        {"time": Quantity("the same in a tf.function (jax.jit)", "µs", Bound(30))}, ("thalweg", "tensorflow", "keras-jax")
    ),
    "session": Row(
        {
            "fetch": Quantity("Session.run of two ops", "µs", Bound(20)),
            "train": Quantity("Session.run, training step of one variable", "µs", Bound(20)),
        },
        ("thalweg", "tensorflow"),
    ),
    "graph": Row({"seconds": Quantity("building a graph of 2,000 nodes", "s", Bound(0.5))}, ("thalweg", "tensorflow")),
    "mlp": Row(
        {
            "time": Quantity("training step, MLP 784-512-10, batch 128", "ms", Bound(1.8)),
            "resident": Quantity("memory after training it", "MB", _MEMORY),
        },
        ALL,
    ),
    "cnn": Row(
        {
            "time": Quantity("training step, CNN 32-64-128 on 28x28, batch 64", "ms", Bound(8.8)),
            "resident": Quantity("memory after training it", "MB", _MEMORY),
        },
        TRAINING,
    ),
    "eager_conv": Row(
        {
            "conv28": Quantity("eager conv2d, 28x28x1 -> 32, batch 64", "ms", _EAGER),
            "conv28_gradients": Quantity("the same with gradients", "ms", _EAGER),
            "conv13": Quantity("eager conv2d, 13x13x32 -> 64, batch 64", "ms", _EAGER),
            "conv13_gradients": Quantity("the same with gradients", "ms", _EAGER),
            "pool": Quantity("eager max_pool2d, 26x26x32, batch 64", "ms", _EAGER),
            "pool_gradient": Quantity("the same with gradient", "ms", _EAGER),
            "average": Quantity("eager avg_pool2d, 26x26x32, batch 64", "ms", _EAGER),
            "average_gradient": Quantity("the same with gradient", "ms", _EAGER),
        },
        ("thalweg", "tensorflow"),
    ),
    "lstm": Row({"time": Quantity("training step, LSTM 64 over 50x32, batch 64", "ms", Bound(4.4))}, TRAINING),
    "small": Row({"time": Quantity("training step, 2-10-10-1 network, batch 32", "ms", Bound(0.1))}, TRAINING),
    "predict": Row(
        {"time": Quantity("predict of 10 rows with the MLP", "ms", Bound(0.3))}, ("thalweg", "tensorflow", "keras-jax")
    ),
    "epoch": Row(
        {"seconds": Quantity("process start to end of first MNIST-sized epoch", "s", Bound(0.5, "tensorflow"))},
        ("thalweg", "tensorflow", "torch"),
    ),
    "growth": Row(
        {"resident": Quantity("memory gained in 10,000 steps of 2-10-10-1", "MB", Bound(5))}, ("thalweg", "tensorflow")
    ),
}


def row(key: str, *peers: str) -> Callable[[Callable[[Any], Result]], Callable[[Any], Result]]:
    """Registers the function that does a row's work for some peers."""

    def register(function: Callable[[Any], Result]) -> Callable[[Any], Result]:
        WORK.update({(key, peer): function for peer in peers})
        return function

    return register
