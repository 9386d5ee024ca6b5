"""The initializer of orthogonal matrices."""
from __future__ import annotations

import math
from typing import Any

import thalweg as tf

from .. import random
from ..types import Config, Shape, Tensor
from .draws import RandomInitializer


class Orthogonal(RandomInitializer):
    """A random orthogonal matrix, reshaped: from the QR decomposition of normal draws (Saxe et al., 2014).

    Args:
      gain: a factor.
      seed: an integer, a `SeedGenerator` or None.

    Raises:
      ValueError: when called with a shape of rank below 2.
    """

    def __init__(self, gain: float = 1.0, seed: random.Seed = None) -> None:
        self.gain = gain
        super().__init__(seed)

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        if len(shape) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional. "
                             f"Received: shape={shape} of rank {len(shape)}.")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        draws = random.normal((max(rows, columns), min(rows, columns)), dtype=dtype, seed=self.seed)
        q, r = tf.linalg.qr(draws)
        # The signs of the diagonal make the decomposition unique.
        q = q * tf.sign(tf.linalg.diag_part(r))
        if rows < columns:
            q = tf.transpose(q)
        return self.gain * tf.reshape(q, shape)

    def get_config(self) -> Config:
        return {**super().get_config(), "gain": self.gain}
