"""What layers share that scale and shift what they have normalized."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ... import constraints, initializers, regularizers
from ...types import Config, Shape, Tensor
from ..layer import Layer


class Scaled(Layer):
    """A layer with a factor `gamma` and a summand `beta`; computes in float32 at least.

    Args:
      axis: the axis, or the axes.
      epsilon: what is added to the variance.
      center: whether there is a `beta`.
      scale: whether there is a `gamma`.
      beta_initializer: initializer of `beta`.
      gamma_initializer: initializer of `gamma`.
      beta_regularizer: penalty on `beta`.
      gamma_regularizer: penalty on `gamma`.
      beta_constraint: projection of `beta` after a step.
      gamma_constraint: projection of `gamma` after a step.
    """

    gamma: Any
    beta: Any

    def __init__(self, axis: Any, epsilon: float, center: bool, scale: bool, beta_initializer: Any,
                 gamma_initializer: Any, beta_regularizer: Any, gamma_regularizer: Any, beta_constraint: Any,
                 gamma_constraint: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.supports_masking = True
        self.autocast = False
        self._settle_dtypes()

    def _add_weights(self, shape: Shape, scale: bool, center: bool) -> None:
        self.gamma = self.beta = None
        if scale:
            self.gamma = self.add_weight(
                shape=shape, name="gamma", initializer=self.gamma_initializer, regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint, autocast=False,
            )  # fmt: skip
        if center:
            self.beta = self.add_weight(
                shape=shape, name="beta", initializer=self.beta_initializer, regularizer=self.beta_regularizer,
                constraint=self.beta_constraint, autocast=False,
            )  # fmt: skip

    def _normalized(self, x: Tensor, axes: Sequence[int], shape: Sequence[Any]) -> Tensor:
        """`x` with mean 0 and variance 1 over `axes`, times `gamma` and plus `beta`, both reshaped to `shape`."""
        mean, variance = tf.nn.moments(x, axes, keepdims=True)
        factor = tf.math.rsqrt(variance + self.epsilon)
        if self.gamma is not None:
            factor = factor * tf.reshape(tf.cast(self.gamma, x.dtype), shape)
        rest = -mean * factor
        if self.beta is not None:
            rest = rest + tf.reshape(tf.cast(self.beta, x.dtype), shape)
        return x * factor + rest

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        check_axes(self.axis, input_shape)
        return input_shape

    def _settings(self) -> Config:
        return {
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "beta_regularizer": regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": constraints.serialize(self.beta_constraint),
            "gamma_constraint": constraints.serialize(self.gamma_constraint),
        }


def wide(x: Tensor) -> Tensor:
    """A tensor in float32, or in its own dtype where that is wider."""
    return x if x.dtype in (tf.float32, tf.float64) else tf.cast(x, tf.float32)


def check_axes(axis: Any, shape: Shape) -> None:
    """Raises ValueError unless a shape has an axis, or several."""
    for one in [axis] if isinstance(axis, int) else axis:
        if not -len(shape) <= one < len(shape):
            raise ValueError(f"Axis {one} is out of bounds for input shape {shape}. Received: axis={axis}")


def sizes_along(axes: Sequence[int], shape: Shape) -> list[Any]:
    """A shape with size 1 for all but some axes."""
    kept = {axis % len(shape) for axis in axes}
    return [size if i in kept else 1 for i, size in enumerate(shape)]
