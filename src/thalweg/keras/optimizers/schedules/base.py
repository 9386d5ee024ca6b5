"""What all learning rate schedules have in common."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Tensor, TensorLike


class LearningRateSchedule:
    """A function from the number of a step to a learning rate.

    Subclasses define `__call__(step)`, and `get_config` to be saved.
    """

    _arguments: tuple[str, ...] = ()

    def __call__(self, step: TensorLike) -> Tensor:
        raise NotImplementedError(f"Learning rate schedule '{type(self).__name__}' must override "
                                  "`__call__(self, step)`.")

    def get_config(self) -> Config:
        """The arguments of the constructor."""
        if not self._arguments:
            raise NotImplementedError(f"Learning rate schedule '{type(self).__name__}' must override `get_config()` in "
                                      "order to be serializable.")
        return {argument: getattr(self, argument) for argument in self._arguments}

    @classmethod
    def from_config(cls, config: Config) -> LearningRateSchedule:
        """The schedule that `get_config` described."""
        return cls(**config)


def check_steps(argument: str, steps: Any) -> None:
    """Raises ValueError unless a number of steps is positive."""
    if steps <= 0:
        raise ValueError(f"Argument `{argument}` must be > 0. Received: {argument}={steps}")


def as_rate(rate: TensorLike) -> Tensor:
    """A learning rate as a tensor, whose dtype the schedule computes in."""
    return tf.convert_to_tensor(rate)
