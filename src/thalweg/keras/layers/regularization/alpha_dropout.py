"""`AlphaDropout`: dropout that keeps mean and variance, for networks with the activation `selu`."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import random
from ...types import Config, Tensor
from ..elementwise import Elementwise

_LEAST = -1.6732632423543772 * 1.0507009873554805
"""What `selu` tends to for small inputs."""


class AlphaDropout(Elementwise):
    """Sets a random part of its input to the least value of `selu` during training (Klambauer et al., 2017).

    The result is scaled and shifted so that inputs with mean zero and variance one keep both.

    Args:
      rate: the part that is set, in [0, 1].
      noise_shape: shape of the random mask, which is broadcast; None in it, or for it, stands for the input's.
      seed: seed of the random mask.
    """

    def __init__(self, rate: float, noise_shape: Any = None, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = rate
        self.seed = seed
        self.noise_shape = noise_shape
        self._tracker.unlock()
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self._build_at_init()

    def call(self, inputs: Tensor, training: Any = False) -> Tensor:
        if not training or self.rate <= 0:
            return inputs
        sizes = tf.shape(inputs)
        shape = sizes if self.noise_shape is None else \
            [sizes[i] if size is None else size for i, size in enumerate(self.noise_shape)]
        kept = tf.cast(random.uniform(shape, seed=self.seed_generator) >= self.rate, inputs.dtype)
        scale = ((1 - self.rate) * (1 + self.rate * _LEAST ** 2)) ** -0.5
        return scale * (inputs * kept + _LEAST * (1 - kept)) - scale * _LEAST * self.rate

    def get_config(self) -> Config:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
