"""`GroupNormalization`: groups of channels of each example with mean zero and variance one."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from .scaled import Scaled, wide


class GroupNormalization(Scaled):
    """Like `LayerNormalization`, over the channels in a group and all other axes of an example (Wu and He, 2018).

    Args:
      groups: how many groups of channels there are; -1 for a group a channel.
      axis: the axis of the channels.
      epsilon: what is added to the variance.
      center: whether there is a `beta`, with an element for each channel.
      scale: whether there is a `gamma`.
      beta_initializer: initializer of `beta`.
      gamma_initializer: initializer of `gamma`.
      beta_regularizer: penalty on `beta`.
      gamma_regularizer: penalty on `gamma`.
      beta_constraint: projection of `beta` after a step.
      gamma_constraint: projection of `gamma` after a step.

    Raises:
      ValueError: `groups` is neither positive nor -1, or does not divide the number of channels.
    """

    def __init__(self, groups: int = 32, axis: int = -1, epsilon: float = 1e-3, center: bool = True, scale: bool = True,
                 beta_initializer: Any = "zeros", gamma_initializer: Any = "ones", beta_regularizer: Any = None,
                 gamma_regularizer: Any = None, beta_constraint: Any = None, gamma_constraint: Any = None,
                 **kwargs: Any) -> None:
        if not isinstance(groups, int) or groups == 0 or groups < -1:
            raise ValueError("Received an invalid value for argument `groups`, expected a positive integer (or `-1` for "
                             f"instance normalization). Received: groups={groups}")
        super().__init__(axis, epsilon, center, scale, beta_initializer, gamma_initializer, beta_regularizer,
                         gamma_regularizer, beta_constraint, gamma_constraint, **kwargs)
        self.groups = groups

    def build(self, input_shape: Shape) -> None:
        size = input_shape[self.axis]
        if size is None:
            raise ValueError(f"Axis {self.axis} of input tensor should have a defined dimension but the layer received an "
                             f"input with shape {input_shape}.")
        if self.groups == -1:
            self.groups = size
        if size < self.groups:
            raise ValueError(f"Number of groups ({self.groups}) cannot be more than the number of channels ({size}).")
        if size % self.groups:
            raise ValueError(f"Number of groups ({self.groups}) must be a multiple of the number of channels ({size}).")
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: size})
        self._add_weights((size,), self.scale, self.center)

    def call(self, inputs: Tensor) -> Tensor:
        rank = len(inputs.shape)
        axis = self.axis % rank
        sizes = tf.shape(inputs)
        known = [sizes[i] if size is None else size for i, size in enumerate(inputs.shape)]
        inner = inputs.shape[axis] // self.groups
        # The axis of the channels becomes two: groups and the channels in one.
        x = tf.reshape(wide(inputs), [*known[:axis], self.groups, inner, *known[axis + 1:]])
        shape = [1] * axis + [self.groups, inner] + [1] * (rank - axis - 1)
        y = self._normalized(x, [i for i in range(1, rank + 1) if i != axis], shape)
        return tf.cast(tf.cast(tf.reshape(y, known), inputs.dtype), self.compute_dtype)

    def get_config(self) -> Config:
        return {**super().get_config(), "groups": self.groups, "axis": self.axis, "epsilon": self.epsilon,
                "center": self.center, "scale": self.scale, **self._settings()}
