"""Initializers whose values are known beforehand."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .. import config
from ..types import Config, Shape, Tensor, TensorLike
from .base import Initializer


class Zeros(Initializer):
    """All zeros."""

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        return tf.zeros(shape, dtype=config.standardize_dtype(dtype))


class Ones(Initializer):
    """All ones."""

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        return tf.ones(shape, dtype=config.standardize_dtype(dtype))


class Constant(Initializer):
    """One value everywhere.

    Args:
      value: a number, or anything that broadcasts to the shape asked for.
    """

    def __init__(self, value: TensorLike = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        name = config.standardize_dtype(dtype)
        return tf.cast(self.value, name) * tf.ones(shape, dtype=name)

    def get_config(self) -> Config:
        from .. import registry

        return {"value": registry.serialize_keras_object(self.value)}

    @classmethod
    def from_config(cls, config: Config) -> Constant:
        from .. import registry

        return cls(registry.deserialize_keras_object(config["value"]))


class Identity(Initializer):
    """The identity matrix, times `gain`.

    Raises:
      ValueError: when called with a shape that is not of rank 2.
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        if len(shape) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices. "
                             f"Received: shape={shape} of rank {len(shape)}.")
        return self.gain * tf.eye(*shape, dtype=config.standardize_dtype(dtype))
