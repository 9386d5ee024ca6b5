"""`Rescaling`: another scale and offset for numbers."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from ..layer import Layer


class Rescaling(Layer):
    """`inputs * scale + offset`, in the layer's compute dtype."""

    def __init__(self, scale: Any, offset: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale = scale
        self.offset = offset
        self.supports_masking = True

    def call(self, inputs: Tensor) -> Tensor:
        dtype = self.compute_dtype
        return tf.cast(inputs, dtype) * tf.cast(self.scale, dtype) + tf.cast(self.offset, dtype)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def get_config(self) -> Config:
        from ... import registry

        return {**super().get_config(), "scale": registry.serialize_keras_object(self.scale),
                "offset": registry.serialize_keras_object(self.offset)}
