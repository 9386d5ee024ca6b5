"""Random data in the shapes that the models take; needs NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Task:
    """A model's data: how many rows there are, what one looks like, and how they are trained on."""

    shape: tuple[int, ...]
    classes: int
    batch: int
    steps: int
    epochs: int

    def draw(self) -> tuple[Any, Any]:
        """Inputs and labels. One class means a number that is 0 or 1."""
        import numpy as np

        generator = np.random.default_rng(0)
        inputs = generator.random((self.batch * self.steps, *self.shape), np.float32)
        if self.classes == 1:
            return inputs, (inputs.sum(1) > 1).astype(np.float32).reshape(-1, 1)
        return inputs, generator.integers(0, self.classes, len(inputs))


TASKS = {
    "mlp": Task((784,), 10, batch=128, steps=100, epochs=6),
    "cnn": Task((28, 28, 1), 10, batch=64, steps=60, epochs=4),
    "lstm": Task((50, 32), 10, batch=64, steps=60, epochs=4),
    "small": Task((2,), 1, batch=32, steps=200, epochs=5),
    # 469 steps: as many digits as MNIST has, but for the last batch, which is full here.
    "epoch": Task((784,), 10, batch=128, steps=469, epochs=1),
}
