"""`GaussianNoise` and `GaussianDropout`: normal noise, added or multiplied, during training."""
from __future__ import annotations

from math import sqrt
from typing import Any

import thalweg as tf

from ... import random
from ...types import Config, Tensor
from ..elementwise import Elementwise


class _Noise(Elementwise):
    def __init__(self, name_of_amount: str, amount: float, seed: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not 0 <= amount <= 1:
            raise ValueError(f"Invalid value received for argument `{name_of_amount}`. Expected a float value between "
                             "0 "
                             f"and 1. Received: {name_of_amount}={amount}")
        self.seed = seed
        self._tracker.unlock()
        if amount > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self._build_at_init()

    def _normal(self, inputs: Tensor, mean: float, stddev: float) -> Tensor:
        return random.normal(tf.shape(inputs), mean=mean, stddev=stddev, dtype=self.compute_dtype,
                             seed=self.seed_generator)


class GaussianNoise(_Noise):
    """Adds normal noise of a standard deviation in [0, 1] during training.

    Raises:
      ValueError: `stddev` is outside [0, 1].
    """

    def __init__(self, stddev: float, seed: Any = None, **kwargs: Any) -> None:
        super().__init__("stddev", stddev, seed, **kwargs)
        self.stddev = stddev

    def call(self, inputs: Tensor, training: Any = False) -> Tensor:
        if training and self.stddev > 0:
            return inputs + self._normal(inputs, 0.0, self.stddev)
        return inputs

    def get_config(self) -> Config:
        return {**super().get_config(), "stddev": self.stddev, "seed": self.seed}


class GaussianDropout(_Noise):
    """Multiplies by normal noise of mean 1 and variance `rate / (1 - rate)` during training.

    Raises:
      ValueError: `rate` is outside [0, 1].
    """

    def __init__(self, rate: float, seed: Any = None, **kwargs: Any) -> None:
        super().__init__("rate", rate, seed, **kwargs)
        self.rate = rate

    def call(self, inputs: Tensor, training: Any = False) -> Tensor:
        if training and self.rate > 0:
            return inputs * self._normal(inputs, 1.0, sqrt(self.rate / (1.0 - self.rate)))
        return inputs

    def get_config(self) -> Config:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
