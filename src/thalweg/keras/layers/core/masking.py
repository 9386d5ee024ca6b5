"""`Masking`: marks time steps that are to be skipped."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import tags
from ...types import Config, Tensor
from ..elementwise import Elementwise


class Masking(Elementwise):
    """Sets time steps to zero whose features all equal `mask_value`, and masks them for the layers that follow."""

    def __init__(self, mask_value: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = mask_value

    def compute_mask(self, inputs: Tensor, previous_mask: Any = None) -> Tensor:
        return tf.reduce_any(tf.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs: Tensor) -> Tensor:
        kept = tf.reduce_any(tf.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        outputs = tf.where(kept, inputs, tf.zeros((), dtype=inputs.dtype))
        tags.set_mask(outputs, tf.squeeze(kept, axis=-1))
        return outputs

    def get_config(self) -> Config:
        return {**super().get_config(), "mask_value": self.mask_value}
