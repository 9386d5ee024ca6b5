"""`Concatenate`: inputs side by side along an axis."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from .base import Merge


class Concatenate(Merge):
    """Joins the inputs along an axis; all other sizes are equal.

    Raises:
      ValueError: not a list of inputs, or other sizes that differ.
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, input_shape: Any) -> None:
        if not input_shape or not isinstance(input_shape[0], (tuple, list)):
            raise ValueError("A `Concatenate` layer should be called on a list of at least 1 input. Received: "
                             f"input_shape={input_shape}")
        if len({len(shape) for shape in input_shape}) > 1:
            raise _mismatch(input_shape)
        for sizes in zip(*(_without(shape, self.axis) for shape in input_shape), strict=True):
            if len(set(sizes) - {None}) > 1:
                raise _mismatch(input_shape)

    def call(self, inputs: Any) -> Tensor:
        return tf.concat(list(inputs), axis=self.axis)

    def compute_output_shape(self, input_shape: Any) -> Shape:
        axis = self.axis % len(input_shape[0])
        joined = [shape[axis] for shape in input_shape]
        sizes = [next((n for n in sizes if n is not None), None) for sizes in zip(*input_shape, strict=True)]
        sizes[axis] = None if None in joined else sum(joined)
        return tuple(sizes)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        if previous_mask is None or all(m is None for m in previous_mask):
            return None
        masks = []
        for x, mask in zip(inputs, previous_mask, strict=True):
            if mask is None:
                masks.append(tf.ones_like(x, dtype=tf.bool))
            else:
                for _ in range(len(x.shape) - len(mask.shape)):
                    mask = tf.expand_dims(mask, -1)
                masks.append(tf.broadcast_to(mask, tf.shape(x)))
        return tf.reduce_all(tf.concat(masks, axis=self.axis), axis=-1)

    def get_config(self) -> Config:
        return {**super().get_config(), "axis": self.axis}


def _without(shape: Any, axis: int) -> list[Any]:
    sizes = list(shape)
    del sizes[axis]
    return sizes


def _mismatch(input_shape: Any) -> ValueError:
    return ValueError("A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
                      f"Received: input_shape={input_shape}")
