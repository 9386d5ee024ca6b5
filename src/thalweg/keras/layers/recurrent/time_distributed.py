"""`TimeDistributed`: a layer at every step."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Shape, Tensor
from ..core.wrapper import Wrapper
from ..layer import Layer


class TimeDistributed(Wrapper):
    """Calls a layer with every step, along the second axis of the input.

    Args:
      layer: the layer.

    Raises:
      ValueError: it is none, or the input has fewer than three axes.
    """

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError("Please initialize `TimeDistributed` layer with a `keras.layers.Layer` instance. "
                             f"Received: {layer}")
        super().__init__(layer, **kwargs)
        self.supports_masking = True

    def _of_step(self, shape: Any) -> tuple[Any, ...]:
        if not isinstance(shape, (tuple, list)) or len(shape) < 3:
            raise ValueError("`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, "
                             f"received: {shape}")
        return (shape[0], *shape[2:])

    def build(self, input_shape: Shape = None) -> None:
        super().build(self._of_step(input_shape))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        batch, *rest = self.layer.compute_output_shape(self._of_step(input_shape))
        return (batch, input_shape[1], *rest)

    def call(self, inputs: Tensor, training: Any = None, mask: Any = None) -> Tensor:
        if mask is not None:
            _check_mask(tuple(mask.shape), tuple(inputs.shape))
        layer = self.layer
        kwargs = {"training": training} if layer._call_has_training_arg else {}
        masked = layer._call_has_mask_arg and mask is not None

        def step(t: Any) -> Tensor:
            return layer.call(inputs[:, t], **kwargs, **({"mask": mask[:, t]} if masked else {}))

        steps = inputs.shape[1]
        if steps is not None:
            return tf.stack([step(t) for t in range(steps)], axis=1)
        found = tf.map_fn(step, tf.range(tf.shape(inputs)[1]), fn_output_signature=inputs.dtype)
        return tf.transpose(found, [1, 0, *range(2, len(found.shape))])


def _check_mask(mask: tuple[Any, ...], shape: tuple[Any, ...]) -> None:
    """Checks that a mask has the batch and the steps of the input.

    Raises:
      ValueError: it has not.
    """
    if len(mask) < 2:
        raise ValueError("The `mask` passed to the `TimeDistributed` layer must be at least 2D (e.g., `(batch_size, "
                         f"timesteps)`), but it has {len(mask)} dimension(s) with shape {mask}.")
    if any(None not in (a, b) and a != b for a, b in zip(mask[:2], shape[:2], strict=True)):
        raise ValueError(f"The `mask` passed to the `TimeDistributed` layer has a shape {mask} that is incompatible "
                         f"with the input shape {shape}. The first two dimensions of the mask (batch size and "
                         "timesteps) must match the input's first two dimensions. Expected mask shape prefix: "
                         f"({shape[0]}, {shape[1]}).")
