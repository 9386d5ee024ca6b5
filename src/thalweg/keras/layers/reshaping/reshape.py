"""`Reshape`: another shape for every example."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape, Tensor
from ..layer import Layer
from .target import check_target, resolved


class Reshape(Layer):
    """Gives every example of a batch another shape.

    Args:
      target_shape: sizes without the batch; one of them may be -1.

    Raises:
      ValueError: a size below -1, more than one -1, or another number of elements.
    """

    def __init__(self, target_shape: Shape, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)
        check_target(self.target_shape, "target_shape")
        self._build_at_init()

    def call(self, inputs: Tensor) -> Tensor:
        shape = tuple(inputs.shape)
        target = [-1 if n is None else n for n in resolved(shape[1:], self.target_shape, "target_shape")]
        batch = shape[0]
        if batch is None:
            batch = tf.shape(inputs)[0] if -1 in target else -1
        return tf.reshape(inputs, [batch, *target])

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *resolved(tuple(input_shape)[1:], self.target_shape, "target_shape"))

    def compute_output_spec(self, inputs: KerasTensor) -> KerasTensor:
        return KerasTensor(self.compute_output_shape(inputs.shape), inputs.dtype, inputs.sparse)

    def get_config(self) -> Config:
        return {**super().get_config(), "target_shape": self.target_shape}
