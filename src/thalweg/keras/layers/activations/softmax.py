"""`Softmax`: turns scores into probabilities."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import activations
from ...types import Config, Tensor
from ..elementwise import Elementwise


class Softmax(Elementwise):
    """`exp(x)`, scaled to sum 1 along an axis or several; positions that a boolean `mask` leaves out get 0.

    Raises:
      ValueError: the mask does not broadcast to the input.
    """

    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Tensor, mask: Any = None) -> Tensor:
        if mask is not None:
            _check_mask(mask, inputs)
            if mask.dtype != tf.bool:
                mask = mask > tf.cast(0.5, mask.dtype)
            least = -3e4 if inputs.dtype == tf.float16 else -1e9
            inputs = tf.where(mask, inputs, tf.cast(least, inputs.dtype))
        if isinstance(self.axis, (tuple, list)):
            if len(self.axis) > 1:
                outputs = tf.exp(inputs - tf.reduce_logsumexp(inputs, axis=list(self.axis), keepdims=True))
            else:
                outputs = activations.softmax(inputs, axis=self.axis[0])
        else:
            outputs = activations.softmax(inputs, axis=self.axis)
        return outputs if mask is None else tf.where(mask, outputs, tf.zeros((), dtype=outputs.dtype))

    def get_config(self) -> Config:
        return {**super().get_config(), "axis": self.axis}


def _check_mask(mask: Tensor, inputs: Tensor) -> None:
    if len(mask.shape) > len(inputs.shape):
        raise ValueError("The `mask` must be broadcastable to `inputs` and must not have more dimensions. Received: "
                         f"inputs.shape={inputs.shape}, mask.shape={mask.shape}")
    for m, i in zip(tuple(mask.shape)[::-1], tuple(inputs.shape)[::-1], strict=False):
        if m is not None and i is not None and m not in (1, i):
            raise ValueError("The `mask` must be broadcastable to `inputs`. Each mask dimension must be 1 or match the "
                             f"corresponding input dimension. Received: inputs.shape={inputs.shape}, "
                             f"mask.shape={mask.shape}")
