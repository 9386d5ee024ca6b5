"""`Flatten`: all axes but the batch in one."""
from __future__ import annotations

from math import prod
from typing import Any

import thalweg as tf

from ...config import standardize_data_format
from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer


class Flatten(Layer):
    """Joins all axes but the first into one.

    Args:
      data_format: `"channels_first"` to move the channels last before; `image_data_format` for None.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = standardize_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Tensor) -> Tensor:
        x = inputs
        shape = tuple(x.shape)
        if self.data_format == "channels_first" and len(shape) > 1:
            x = tf.transpose(x, [0, *range(2, len(shape)), 1])
        size = -1 if None in shape[1:] else prod(shape[1:])
        batch = shape[0]
        if batch is None:
            batch = -1 if size != -1 else tf.shape(x)[0]
        return tf.reshape(x, [batch, size])

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        sizes = tuple(input_shape)[1:]
        return (input_shape[0], None if None in sizes else prod(sizes))

    def compute_output_spec(self, inputs: KerasTensor) -> KerasTensor:
        return KerasTensor(self.compute_output_shape(inputs.shape), inputs.dtype, inputs.sparse)

    def get_config(self) -> Config:
        return {**super().get_config(), "data_format": self.data_format}
