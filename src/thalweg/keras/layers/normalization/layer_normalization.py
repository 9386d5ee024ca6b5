"""`LayerNormalization`: each example with mean zero and variance one."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from ...utils.warn import warn
from .scaled import Scaled, sizes_along, wide


class LayerNormalization(Scaled):
    """`gamma * (inputs - mean) / sqrt(variance + epsilon) + beta`, by example (Ba et al., 2016).

    Args:
      axis: the axis, or the axes, over which mean and variance are taken and along which the weights lie.
      epsilon: what is added to the variance.
      center: whether there is a `beta`.
      scale: whether there is a `gamma`.
      beta_initializer: initializer of `beta`.
      gamma_initializer: initializer of `gamma`.
      beta_regularizer: penalty on `beta`.
      gamma_regularizer: penalty on `gamma`.
      beta_constraint: projection of `beta` after a step.
      gamma_constraint: projection of `gamma` after a step.
      rms_scaling: whether the mean stays and there is no `beta`; out of use.

    Raises:
      TypeError: `axis` is no integer, list or tuple.
    """

    def __init__(self, axis: Any = -1, epsilon: float = 1e-3, center: bool = True, scale: bool = True,
                 beta_initializer: Any = "zeros", gamma_initializer: Any = "ones", beta_regularizer: Any = None,
                 gamma_regularizer: Any = None, beta_constraint: Any = None, gamma_constraint: Any = None,
                 **kwargs: Any) -> None:
        self.rms_scaling = kwargs.pop("rms_scaling", False)
        if self.rms_scaling:
            warn("You passed `rms_scaling=True`, which is deprecated. It scales the input by the variance instead of the "
                 "root mean square; `keras.layers.RMSNormalization` does the latter.")
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError(f"Expected an int or a list/tuple of ints for the argument 'axis', but received: {axis!r}")
        super().__init__(axis if isinstance(axis, int) else list(axis), epsilon, center, scale, beta_initializer,
                         gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint,
                         **kwargs)

    def build(self, input_shape: Shape) -> None:
        self.axis = [self.axis] if isinstance(self.axis, int) else sorted(self.axis)
        shape = tuple(input_shape[axis] for axis in self.axis)
        self._add_weights(shape, self.scale or self.rms_scaling, self.center and not self.rms_scaling)

    def call(self, inputs: Tensor) -> Tensor:
        x = wide(inputs)
        shape = sizes_along(self.axis, tuple(x.shape))
        if self.rms_scaling:
            y = x * tf.math.rsqrt(tf.math.reduce_variance(x, self.axis, keepdims=True) + self.epsilon)
            y = y * tf.reshape(tf.cast(self.gamma, x.dtype), shape)
        else:
            y = self._normalized(x, self.axis, shape)
        return tf.cast(tf.cast(y, inputs.dtype), self.compute_dtype)

    def get_config(self) -> Config:
        return {**super().get_config(), "axis": self.axis, "epsilon": self.epsilon, "center": self.center,
                "scale": self.scale, "rms_scaling": self.rms_scaling, **self._settings()}
