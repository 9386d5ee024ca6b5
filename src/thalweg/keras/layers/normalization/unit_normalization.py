"""`UnitNormalization`: each example with length one."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from ..elementwise import Elementwise


class UnitNormalization(Elementwise):
    """`inputs / sqrt(sum(inputs ** 2))`.

    Args:
      axis: the axis, or the axes, over which the sum is taken.

    Raises:
      TypeError: `axis` is no integer, list or tuple.
    """

    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError("Invalid value for `axis` argument: expected an int or a list/tuple of ints. Received: "
                            f"axis={axis}")
        self.axis = axis if isinstance(axis, int) else list(axis)

    def call(self, inputs: Tensor) -> Tensor:
        inverse = tf.math.rsqrt(tf.reduce_sum(tf.square(inputs), self.axis, keepdims=True))
        return inputs * tf.minimum(inverse, 1e12)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        for axis in [self.axis] if isinstance(self.axis, int) else self.axis:
            if not -len(input_shape) <= axis < len(input_shape):
                raise ValueError(f"Axis {self.axis} is out of bounds for input shape {input_shape}.")
        return input_shape

    def get_config(self) -> Config:
        return {**super().get_config(), "axis": self.axis}
