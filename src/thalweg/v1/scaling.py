"""An initializer that TensorFlow 1 kept beside the others, and initializing operations under the name of its namespace."""
from __future__ import annotations

import math
from typing import Any

import thalweg as tf

from . import initializers


class UniformUnitScaling(initializers.Initializer):
    """Uniform values that keep the variance of what a layer with these weights gets (Sussillo and Abbott 2014).

    Args:
      factor: by which the values are scaled.
    """

    def __init__(self, factor: float = 1.0, seed: int | None = None, dtype: Any = tf.float32) -> None:
        self.factor, self.seed, self.dtype = factor, seed, tf.as_dtype(dtype)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        limit = math.sqrt(3 / max(1.0, float(math.prod(shape[:-1])))) * self.factor
        return tf.random.uniform(shape, -limit, limit, dtype, self.seed)


uniform_unit_scaling_initializer = UniformUnitScaling
