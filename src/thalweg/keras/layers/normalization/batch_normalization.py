"""`BatchNormalization`: each channel with mean zero and variance one over the batch."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import thalweg as tf

from ... import constraints, initializers, regularizers
from ...config import epsilon
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer


class BatchNormalization(Layer):
    """`gamma * (inputs - mean) / sqrt(variance + epsilon) + beta`, with the statistics of the batch while training.

    Running averages of the statistics are kept, and used when not training. A layer with `trainable=False` always uses
    them.

    Args:
      axis: the axis of the channels.
      momentum: how slowly the averages move.
      epsilon: what is added to the variance.
      center: whether there is a `beta`.
      scale: whether there is a `gamma`.
      beta_initializer: initializer of `beta`.
      gamma_initializer: initializer of `gamma`.
      moving_mean_initializer: initializer of the average of the means.
      moving_variance_initializer: initializer of the average of the variances.
      beta_regularizer: penalty on `beta`.
      gamma_regularizer: penalty on `gamma`.
      beta_constraint: projection of `beta` after a step.
      gamma_constraint: projection of `gamma` after a step.
      renorm: whether training corrects for the averages ("batch renormalization").
      renorm_clipping: bounds of that correction: `"rmax"`, `"rmin"`, `"dmax"`.
      renorm_momentum: how slowly the averages move that it corrects for.
      synchronized: whether replicas share their statistics; there is one.

    Raises:
      ValueError: unknown or contradictory bounds.
    """

    gamma: Any
    beta: Any
    moving_mean: Any
    moving_variance: Any

    def __init__(self, axis: int = -1, momentum: float = 0.99, epsilon: float = 1e-3, center: bool = True,
                 scale: bool = True, beta_initializer: Any = "zeros", gamma_initializer: Any = "ones",
                 moving_mean_initializer: Any = "zeros", moving_variance_initializer: Any = "ones",
                 beta_regularizer: Any = None, gamma_regularizer: Any = None, beta_constraint: Any = None,
                 gamma_constraint: Any = None, renorm: bool = False,
                 renorm_clipping: Mapping[str, float] | None = None, renorm_momentum: float = 0.99,
                 synchronized: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = int(axis)
        self.synchronized = synchronized
        self.momentum = float(momentum)
        self.epsilon = float(epsilon)
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.supports_masking = True
        self.renorm = renorm
        self.renorm_clipping: Any = _checked(renorm_clipping or {}) if renorm else renorm_clipping
        self.renorm_momentum = renorm_momentum
        self.gamma = self.beta = self.moving_mean = self.moving_variance = None

    def build(self, input_shape: Shape) -> None:
        shape = (input_shape[self.axis],)
        if self.scale:
            self.gamma = self.add_weight(
                shape=shape, name="gamma", initializer=self.gamma_initializer, regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint, autocast=False,
            )  # fmt: skip
        if self.center:
            self.beta = self.add_weight(
                shape=shape, name="beta", initializer=self.beta_initializer, regularizer=self.beta_regularizer,
                constraint=self.beta_constraint, autocast=False,
            )  # fmt: skip
        self.moving_mean = self._average("moving_mean", shape, self.moving_mean_initializer)
        self.moving_variance = self._average("moving_variance", shape, self.moving_variance_initializer)
        if self.renorm:
            self.moving_stddev = self._average("moving_stddev", shape, self._first_stddev)
            self.renorm_mean = self._average("renorm_mean", shape, self.moving_mean_initializer)
            self.renorm_stddev = self._average("renorm_stddev", shape, self._first_stddev)
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: input_shape[self.axis]})

    def _average(self, name: str, shape: Shape, initializer: Any) -> Any:
        return self.add_weight(shape=shape, name=name, initializer=initializer, trainable=False, autocast=False)

    def _first_stddev(self, shape: Shape, dtype: Any = None) -> Tensor:
        return tf.sqrt(self.moving_variance_initializer(shape, dtype=dtype))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        if not -len(input_shape) <= self.axis < len(input_shape):
            raise ValueError(f"Axis {self.axis} is out of bounds for input shape {input_shape}. Received: "
                             f"axis={self.axis}")
        return input_shape

    def call(self, inputs: Tensor, training: Any = None, mask: Any = None) -> Tensor:
        if mask is not None and len(mask.shape) != len(inputs.shape) - 1:
            raise ValueError("The mask provided should be one dimension less than the inputs. Received: "
                             f"mask.shape={mask.shape}, inputs.shape={inputs.shape}")
        x = inputs if inputs.dtype in (tf.float32, tf.float64) else tf.cast(inputs, tf.float32)
        gamma, beta = (None if v is None else tf.cast(v, x.dtype) for v in (self.gamma, self.beta))
        if not (training and self.trainable):
            y = self._normalize(x, tf.cast(self.moving_mean, x.dtype), tf.cast(self.moving_variance, x.dtype), gamma, beta)
        elif mask is None and not self.renorm and x.dtype == tf.float32 and self._axis_is_last(x):
            y, mean, variance = self._fused(x, gamma, beta)
            self._remember(mean, variance)
        else:
            mean, variance = self._moments(x, mask)
            if self.renorm:
                gamma, beta = self._renormalize(mean, variance, gamma, beta)
            else:
                self._remember(mean, variance)
            y = self._normalize(x, mean, variance, gamma, beta)
        return y if y.dtype == self.compute_dtype else tf.cast(y, self.compute_dtype)

    def _axis_is_last(self, x: Tensor) -> bool:
        return self.axis in (-1, len(x.shape) - 1) and x.shape[-1] is not None

    def _fused(self, x: Tensor, gamma: Any, beta: Any) -> tuple[Tensor, Tensor, Tensor]:
        """Normalizes by the statistics of the batch in one operation; also returns these."""
        channels = x.shape[-1]
        images = x if len(x.shape) == 4 else tf.reshape(x, (-1, 1, 1, channels))
        nothing = tf.zeros(0)
        found = tf.raw_ops.FusedBatchNormV3(
            x=images, scale=tf.ones(channels) if gamma is None else gamma,
            offset=tf.zeros(channels) if beta is None else beta, mean=nothing, variance=nothing, epsilon=self.epsilon)
        # The second output but one is the unbiased variance; what is kept for the gradient is the plain one.
        return found[0] if images is x else tf.reshape(found[0], tf.shape(x)), found[3], found[4]

    def _normalize(self, x: Tensor, mean: Tensor, variance: Tensor, gamma: Any, beta: Any) -> Tensor:
        if self.axis != -1:
            shape: list[Any] = [1] * len(x.shape)
            shape[self.axis] = -1
            mean, variance, gamma, beta = (None if v is None else tf.reshape(v, shape)
                                           for v in (mean, variance, gamma, beta))
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, self.epsilon)

    def _moments(self, x: Tensor, mask: Any) -> tuple[Tensor, Tensor]:
        """Mean and variance over all axes but that of the channels, of what is not masked."""
        rank = len(x.shape)
        axes = [i for i in range(rank) if i != self.axis % rank]
        if mask is None:
            mean, variance = tf.nn.moments(x, axes)
            return mean, variance
        kept = tf.cast(tf.broadcast_to(tf.expand_dims(mask, -1), tf.shape(x)), tf.bool)
        zeros = tf.zeros_like(x)
        count = tf.reduce_sum(tf.cast(kept, x.dtype), axes, keepdims=True) + epsilon()
        mean = tf.reduce_sum(tf.where(kept, x, zeros), axes, keepdims=True) / count
        squares = tf.square(tf.where(kept, x - mean, zeros))
        return tf.squeeze(mean), tf.squeeze(tf.reduce_sum(squares, axes, keepdims=True) / count)

    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        _move(self.moving_mean, mean, self.momentum)
        _move(self.moving_variance, variance, self.momentum)

    def _renormalize(self, mean: Tensor, variance: Tensor, gamma: Any, beta: Any) -> tuple[Tensor, Tensor]:
        """The `gamma` and `beta` that correct for the averages, which are moved on."""
        stddev = tf.sqrt(variance + self.epsilon)
        known = tf.maximum(tf.cast(self.renorm_stddev, mean.dtype), self.epsilon ** 0.5)
        factor = stddev / known
        offset = (mean - tf.cast(self.renorm_mean, mean.dtype)) / known
        bounds = self.renorm_clipping
        if bounds.get("rmin") is not None:
            factor = tf.maximum(factor, bounds["rmin"])
        if bounds.get("rmax") is not None:
            factor = tf.minimum(factor, bounds["rmax"])
        if bounds.get("dmax") is not None:
            offset = tf.clip_by_value(offset, -bounds["dmax"], bounds["dmax"])
        factor, offset = tf.stop_gradient(factor), tf.stop_gradient(offset)
        _move(self.renorm_mean, mean, self.renorm_momentum)
        _move(self.renorm_stddev, stddev, self.renorm_momentum)
        _move(self.moving_mean, mean, self.momentum)
        moved = _move(self.moving_stddev, stddev, self.momentum)
        self.moving_variance.assign(tf.cast(tf.nn.relu(moved * moved - self.epsilon), self.moving_variance.dtype))
        if gamma is not None:
            factor, offset = factor * gamma, offset * gamma
        return factor, offset if beta is None else offset + beta

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "moving_mean_initializer": initializers.serialize(self.moving_mean_initializer),
            "moving_variance_initializer": initializers.serialize(self.moving_variance_initializer),
            "beta_regularizer": regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": constraints.serialize(self.beta_constraint),
            "gamma_constraint": constraints.serialize(self.gamma_constraint),
            "synchronized": self.synchronized,
            "renorm": self.renorm,
            "renorm_clipping": self.renorm_clipping,
            "renorm_momentum": self.renorm_momentum,
        }


def _move(average: Any, value: Tensor, momentum: float) -> Tensor:
    """Moves a running average towards a value, and returns it."""
    moved = tf.cast(average, value.dtype) * momentum + value * (1.0 - momentum)
    average.assign(tf.cast(moved, average.dtype))
    return moved


def _checked(bounds: Mapping[str, float]) -> Mapping[str, float]:
    keys = ["rmax", "rmin", "dmax"]
    if set(bounds) - set(keys):
        raise ValueError(f"Received invalid keys for `renorm_clipping` argument: {bounds}. Supported values: {keys}.")
    largest, least, distance = (bounds.get(key) for key in keys)
    if largest is not None and least is not None and largest < least:
        raise ValueError(f"rmax should be greater than rmin in the `renorm_clipping` argument. Received: rmax={largest}, "
                         f"rmin={least}.")
    if distance is not None and distance < 0:
        raise ValueError(f"dmax should be non-negative in the `renorm_clipping` argument. Received: dmax={distance}.")
    return bounds
