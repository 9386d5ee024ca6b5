"""Schedules that fall smoothly or by steps."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ...types import Tensor, TensorLike
from .base import LearningRateSchedule, as_rate, check_steps


class _ByRate(LearningRateSchedule):
    """A schedule that falls by a rate in every `decay_steps` steps.

    Raises:
      ValueError: `decay_steps` is not positive.
    """

    _arguments = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name")

    def __init__(self, initial_learning_rate: TensorLike, decay_steps: int, decay_rate: float, staircase: bool,
                 name: str) -> None:
        check_steps("decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def _periods(self, step: TensorLike, dtype: Any) -> Tensor:
        """How many times `decay_steps` steps were taken."""
        periods = tf.cast(step, dtype) / tf.cast(self.decay_steps, dtype)
        return tf.floor(periods) if self.staircase else periods


class ExponentialDecay(_ByRate):
    """`initial_learning_rate * decay_rate ** (step / decay_steps)`; with `staircase` the exponent is rounded down.

    Raises:
      ValueError: `decay_steps` is not positive.
    """

    def __init__(self, initial_learning_rate: TensorLike, decay_steps: int, decay_rate: float, staircase: bool = False,
                 name: str = "ExponentialDecay") -> None:
        super().__init__(initial_learning_rate, decay_steps, decay_rate, staircase, name)

    def __call__(self, step: TensorLike) -> Tensor:
        initial = as_rate(self.initial_learning_rate)
        dtype = initial.dtype
        return initial * tf.pow(tf.cast(self.decay_rate, dtype), self._periods(step, dtype))


class InverseTimeDecay(_ByRate):
    """`initial_learning_rate / (1 + decay_rate * step / decay_steps)`; with `staircase` the quotient is rounded down.

    Raises:
      ValueError: `decay_steps` is not positive.
    """

    def __init__(self, initial_learning_rate: TensorLike, decay_steps: int, decay_rate: float, staircase: bool = False,
                 name: str = "InverseTimeDecay") -> None:
        super().__init__(initial_learning_rate, decay_steps, decay_rate, staircase, name)

    def __call__(self, step: TensorLike) -> Tensor:
        initial = as_rate(self.initial_learning_rate)
        dtype = initial.dtype
        return initial / (1 + tf.cast(self.decay_rate, dtype) * self._periods(step, dtype))


class PolynomialDecay(LearningRateSchedule):
    """From `initial_learning_rate` to `end_learning_rate`, along `(1 - step / decay_steps) ** power`.

    Args:
      initial_learning_rate: the first rate.
      decay_steps: how many steps it takes.
      end_learning_rate: the last rate.
      power: 1 for a straight line.
      cycle: whether to start anew after the end, with twice, three times, ... as many steps.
      name: of the schedule.

    Raises:
      ValueError: `decay_steps` is not positive.
    """

    _arguments = ("initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle", "name")

    def __init__(self, initial_learning_rate: TensorLike, decay_steps: int, end_learning_rate: float = 0.0001,
                 power: float = 1.0, cycle: bool = False, name: str = "PolynomialDecay") -> None:
        check_steps("decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    def __call__(self, step: TensorLike) -> Tensor:
        initial = as_rate(self.initial_learning_rate)
        dtype = initial.dtype
        end = tf.cast(self.end_learning_rate, dtype)
        step, steps = tf.cast(step, dtype), tf.cast(self.decay_steps, dtype)
        if self.cycle:
            steps = steps * tf.where(tf.equal(step, 0), tf.ones_like(step), tf.math.ceil(step / steps))
        else:
            step = tf.minimum(step, steps)
        return (initial - end) * tf.pow(1 - step / steps, tf.cast(self.power, dtype)) + end


class PiecewiseConstantDecay(LearningRateSchedule):
    """One of `values`: the first up to the first of `boundaries`, the next up to the second, and so on.

    Raises:
      ValueError: there is not one value more than boundaries.
    """

    _arguments = ("boundaries", "values", "name")

    def __init__(self, boundaries: Sequence[Any], values: Sequence[Any], name: str = "PiecewiseConstant") -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError("The length of boundaries should be 1 less than the length of values. Received: "
                             f"boundaries={boundaries} of length {len(boundaries)}, and values={values} of length "
                             f"{len(values)}.")
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def __call__(self, step: TensorLike) -> Tensor:
        step = tf.convert_to_tensor(step)
        values = tf.stack([as_rate(value) for value in self.values])
        passed = [tf.cast(step > tf.cast(boundary, step.dtype), tf.int32) for boundary in self.boundaries]
        return tf.gather(values, tf.add_n(passed)) if passed else values[0]
