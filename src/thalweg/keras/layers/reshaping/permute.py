"""`Permute`: the axes of every example in another order."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer


class Permute(Layer):
    """Puts the axes of every example into another order.

    Args:
      dims: the axes in their new order, counted from 1; the batch stays first.

    Raises:
      ValueError: `dims` is no permutation.
    """

    def __init__(self, dims: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError("Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must "
                             f"be consecutive and start from 1. Received dims={dims}")
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs: Tensor) -> Tensor:
        return tf.transpose(inputs, [0, *self.dims])

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))

    def compute_output_spec(self, inputs: KerasTensor) -> KerasTensor:
        return KerasTensor(self.compute_output_shape(inputs.shape), inputs.dtype, inputs.sparse)

    def get_config(self) -> Config:
        return {**super().get_config(), "dims": self.dims}
