"""`RMSNormalization`: each example with a mean square of one."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from ..layer import Layer
from .scaled import check_axes, wide


class RMSNormalization(Layer):
    """`scale * inputs / sqrt(mean(inputs ** 2) + epsilon)`, by example (Zhang and Sennrich, 2019).

    Args:
      axis: the axis, or the axes, over which the mean is taken and along which `scale` lies.
      epsilon: what is added to the mean.
    """

    scale: Any

    def __init__(self, axis: Any = -1, epsilon: float = 1e-6, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis
        self.epsilon = epsilon

    def build(self, input_shape: Shape) -> None:
        self.axis = [self.axis] if isinstance(self.axis, int) else sorted(self.axis)
        self.scale = self.add_weight(shape=tuple(input_shape[axis] for axis in self.axis), name="scale",
                                     initializer="ones")

    def call(self, x: Tensor) -> Tensor:
        y = wide(x)
        y = y * tf.math.rsqrt(tf.reduce_mean(tf.square(y), self.axis, keepdims=True) + self.epsilon)
        return tf.cast(y * tf.cast(self.scale, y.dtype), x.dtype)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        check_axes(self.axis, input_shape)
        return input_shape

    def get_config(self) -> Config:
        return {**super().get_config(), "axis": self.axis, "epsilon": self.epsilon}
