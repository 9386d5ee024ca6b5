"""`Dropout`: sets a random part of its input to zero during training."""
from __future__ import annotations

from typing import Any

from ... import random
from ...types import Config, Tensor
from ..elementwise import Elementwise


class Dropout(Elementwise):
    """Sets a random part of its input to zero during training, and scales the rest so that the mean stays.

    Args:
      rate: the part that is set to zero, in [0, 1].
      noise_shape: shape of the random mask, which is broadcast; that of the input for None.
      seed: seed of the random mask.

    Raises:
      ValueError: the rate is outside [0, 1], or `noise_shape` is no shape.
    """

    def __init__(self, rate: float, noise_shape: Any = None, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not 0 <= rate <= 1:
            raise ValueError("Invalid value received for argument `rate`. Expected a float value between 0 and 1. "
                             f"Received: rate={rate}")
        self.rate = rate
        self.seed = seed
        self.noise_shape = _checked(noise_shape)
        self._tracker.unlock()
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self._build_at_init()

    def call(self, inputs: Tensor, training: Any = False) -> Tensor:
        if training and self.rate > 0:
            return random.dropout(inputs, self.rate, noise_shape=self.noise_shape, seed=self.seed_generator)
        return inputs

    def get_config(self) -> Config:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed, "noise_shape": self.noise_shape}


def _checked(noise_shape: Any) -> tuple[int | None, ...] | None:
    if noise_shape is None:
        return None
    wrong = "Invalid value received for argument `noise_shape`. Expected "
    if isinstance(noise_shape, str):
        raise ValueError(f"{wrong}a tuple or list of integers. Received: noise_shape={noise_shape}")
    try:
        sizes = tuple(noise_shape)
    except TypeError:
        raise ValueError(f"{wrong}an iterable of integers (e.g., a tuple or list). Received: "
                         f"noise_shape={noise_shape}") from None
    for i, size in enumerate(sizes):
        if size is not None and not isinstance(size, int):
            raise ValueError(f"{wrong}all elements to be integers or None. Received element at index {i}: {size} "
                             "(type: "
                             f"{type(size).__name__})")
        if size is not None and size <= 0:
            raise ValueError(f"{wrong}all dimensions to be positive integers or None. Received negative or zero value "
                             "at "
                             f"index {i}: {size}")
    return sizes
