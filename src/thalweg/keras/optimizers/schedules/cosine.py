"""Schedules along a cosine (Loshchilov and Hutter, 2016)."""
from __future__ import annotations

import math
from typing import Any

import thalweg as tf

from ...types import Config, Tensor, TensorLike
from .base import LearningRateSchedule, as_rate, check_steps


class CosineDecay(LearningRateSchedule):
    """Half a cosine from a rate down to `alpha` times it, after a straight warm-up if there is a `warmup_target`.

    Args:
      initial_learning_rate: the first rate.
      decay_steps: how many steps the decay takes.
      alpha: the last rate over the highest.
      name: of the schedule.
      warmup_target: the rate at the end of the warm-up; None for no warm-up.
      warmup_steps: how many steps the warm-up takes.

    Raises:
      ValueError: `decay_steps` is not positive.
    """

    _arguments = ("initial_learning_rate", "decay_steps", "alpha", "name", "warmup_target", "warmup_steps")

    def __init__(self, initial_learning_rate: TensorLike, decay_steps: int, alpha: float = 0.0,
                 name: str = "CosineDecay", warmup_target: Any = None, warmup_steps: int = 0) -> None:
        check_steps("decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def __call__(self, step: TensorLike) -> Tensor:
        initial = as_rate(self.initial_learning_rate)
        dtype = initial.dtype
        step, steps = tf.cast(step, dtype), tf.cast(self.decay_steps, dtype)
        if self.warmup_target is None:
            return self._decayed(tf.minimum(step, steps) / steps, initial)
        target, warmup = tf.cast(self.warmup_target, dtype), tf.cast(self.warmup_steps, dtype)
        step = tf.minimum(step, steps + warmup)
        rising = (target - initial) * tf.math.divide_no_nan(step, warmup) + initial
        return tf.where(step < warmup, rising, self._decayed((step - warmup) / steps, target))

    def _decayed(self, fraction: Tensor, rate: Tensor) -> Tensor:
        return rate * ((1 - self.alpha) * (0.5 * (1.0 + tf.cos(math.pi * fraction))) + self.alpha)


class CosineDecayRestarts(LearningRateSchedule):
    """`CosineDecay` again and again, every period `t_mul` times as long and from `m_mul` times the rate.

    Args:
      initial_learning_rate: the first rate.
      first_decay_steps: how many steps the first period takes.
      t_mul: the length of a period over that of the one before.
      m_mul: the first rate of a period over that of the one before.
      alpha: the last rate over the first.
      name: of the schedule.

    Raises:
      ValueError: `first_decay_steps` is not positive.
    """

    def __init__(self, initial_learning_rate: TensorLike, first_decay_steps: int, t_mul: float = 2.0,
                 m_mul: float = 1.0, alpha: float = 0.0, name: str = "SGDRDecay") -> None:
        check_steps("first_decay_steps", first_decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = first_decay_steps
        self._t_mul = t_mul
        self._m_mul = m_mul
        self.alpha = alpha
        self.name = name

    def __call__(self, step: TensorLike) -> Tensor:
        initial = as_rate(self.initial_learning_rate)
        dtype = initial.dtype
        fraction = tf.cast(step, dtype) / tf.cast(self.first_decay_steps, dtype)
        if self._t_mul == 1.0:
            period = tf.floor(fraction)
            fraction = fraction - period
        else:
            ratio = tf.cast(self._t_mul, dtype)
            period = tf.floor(tf.math.log(1.0 - fraction * (1.0 - ratio)) / tf.math.log(ratio))
            length = tf.pow(ratio, period)
            fraction = (fraction - (1.0 - length) / (1.0 - ratio)) / length
        height = tf.pow(tf.cast(self._m_mul, dtype), period)
        cosine = 0.5 * height * (1.0 + tf.cos(math.pi * fraction))
        return initial * ((1 - self.alpha) * cosine + self.alpha)

    def get_config(self) -> Config:
        return {
            "initial_learning_rate": self.initial_learning_rate, "first_decay_steps": self.first_decay_steps,
            "t_mul": self._t_mul, "m_mul": self._m_mul, "alpha": self.alpha, "name": self.name,
        }  # fmt: skip
