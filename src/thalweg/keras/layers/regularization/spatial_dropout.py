"""Whole channels set to zero during training: `SpatialDropout1D`, `SpatialDropout2D`, `SpatialDropout3D`."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import random
from ...config import standardize_data_format
from ...types import Config, Tensor
from ..input_spec import InputSpec
from .dropout import Dropout


class SpatialDropout(Dropout):
    """Sets a random part of the channels of each example to zero during training (Tompson et al., 2014).

    Args:
      rate: the part that is set to zero, in [0, 1].
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      seed: seed of the random mask.
      name: of the layer.
      dtype: a dtype's name, or a policy.

    Raises:
      ValueError: the rate is outside [0, 1].
    """

    rank = 0

    def __init__(self, rate: float, data_format: str | None = None, seed: Any = None, name: str | None = None,
                 dtype: Any = None) -> None:
        super().__init__(rate, seed=seed, name=name, dtype=dtype)
        self.data_format = standardize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs: Tensor, training: Any = False) -> Tensor:
        if not training or self.rate <= 0:
            return inputs
        shape = tf.shape(inputs)
        ones = [1] * self.rank
        noise = (shape[0], *ones, shape[-1]) if self.data_format == "channels_last" else (shape[0], shape[1], *ones)
        return random.dropout(inputs, self.rate, noise_shape=noise, seed=self.seed_generator)

    def get_config(self) -> Config:
        return {"rate": self.rate, "seed": self.seed, "name": self.name, "dtype": self.dtype,
                "data_format": self.data_format}


class SpatialDropout1D(SpatialDropout):
    """`SpatialDropout2D` for sequences, with the channels last.

    Args:
      rate: the part that is set to zero, in [0, 1].
      seed: seed of the random mask.
      name: of the layer.
      dtype: a dtype's name, or a policy.

    Raises:
      ValueError: the rate is outside [0, 1].
    """

    rank = 1

    def __init__(self, rate: float, seed: Any = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(rate, "channels_last", seed, name, dtype)

    def get_config(self) -> Config:
        config = super().get_config()
        del config["data_format"]
        return config


class SpatialDropout2D(SpatialDropout):
    __doc__ = f"For images. {SpatialDropout.__doc__}"
    rank = 2


class SpatialDropout3D(SpatialDropout):
    __doc__ = f"For volumes. {SpatialDropout.__doc__}"
    rank = 3
