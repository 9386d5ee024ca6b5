"""Initializers that draw every element independently, whatever the shape."""
from __future__ import annotations

from typing import Any

from .. import random
from ..types import Config, Shape, Tensor
from .base import Initializer


class RandomInitializer(Initializer):
    """An initializer with a seed.

    An integer seed, or None for a random one, gives the same values at every call; a `SeedGenerator` gives new ones.

    Raises:
      ValueError: the seed is none of these.
    """

    def __init__(self, seed: random.Seed | dict[str, Any] = None) -> None:
        self._init_seed = seed
        if seed is None:
            seed = random.make_default_seed()
        elif isinstance(seed, dict):
            seed = random.SeedGenerator.from_config(seed["config"])
        elif not isinstance(seed, (int, random.SeedGenerator)):
            raise ValueError("`seed` argument should be an instance of `keras.random.SeedGenerator()` or an integer. "
                             f"Received: seed={seed}")
        self.seed = seed

    def _seed_config(self) -> Any:
        from .. import registry

        return registry.serialize_keras_object(self._init_seed)

    def get_config(self) -> Config:
        return {"seed": self._seed_config()}


class RandomNormal(RandomInitializer):
    """Draws of a normal distribution.

    Args:
      mean: its mean.
      stddev: its standard deviation.
      seed: an integer, a `SeedGenerator` or None.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: random.Seed = None) -> None:
        self.mean = mean
        self.stddev = stddev
        super().__init__(seed)

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        return random.normal(shape, self.mean, self.stddev, dtype=dtype, seed=self.seed)

    def get_config(self) -> Config:
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


class TruncatedNormal(RandomNormal):
    """Draws of a normal distribution, with those more than two standard deviations away drawn again."""

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        return random.truncated_normal(shape, self.mean, self.stddev, dtype=dtype, seed=self.seed)


class RandomUniform(RandomInitializer):
    """Draws spread evenly over `[minval, maxval)`."""

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: random.Seed = None) -> None:
        self.minval = minval
        self.maxval = maxval
        super().__init__(seed)

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        return random.uniform(shape, self.minval, self.maxval, dtype=dtype, seed=self.seed)

    def get_config(self) -> Config:
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}
