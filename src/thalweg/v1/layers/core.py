"""Fully connected layers, dropout and flattening."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..control import smart_cond
from ..initializers import ZEROS
from .base import Layer, applied, get_activation


class Dense(Layer):
    """`activation(inputs @ kernel + bias)` over the last axis.

    Args:
      units: the length of the outputs' last axis.
      activation: a function, or None for none.
      use_bias: whether there is a bias.
      kernel_initializer, bias_initializer: see `get_variable`.
      kernel_regularizer, bias_regularizer, activity_regularizer: functions whose results join the regularization losses.
      kernel_constraint, bias_constraint: projections after an optimizer's update.
      trainable, name: as `Layer`.
    """

    def __init__(self, units: int, activation: Any = None, use_bias: bool = True, kernel_initializer: Any = None,
                 bias_initializer: Any = ZEROS, kernel_regularizer: Any = None,
                 bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
                 bias_constraint: Any = None, trainable: bool = True, name: Any = None, **kwargs: Any) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **kwargs)
        self.units = int(units)
        self.activation = get_activation(activation)
        self.use_bias = use_bias
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer
        self.kernel_regularizer, self.bias_regularizer = kernel_regularizer, bias_regularizer
        self.kernel_constraint, self.bias_constraint = kernel_constraint, bias_constraint
        self.kernel: Any = None
        self.bias: Any = None

    def build(self, input_shape: Any) -> None:
        """Makes the kernel and the bias.

        Raises:
          ValueError: the length of the last axis is not known.
        """
        depth = tf.TensorShape(input_shape).with_rank_at_least(1)[-1]
        if depth is None:
            raise ValueError("The last dimension of the inputs to `Dense` should be defined. Found `None`.")
        self.kernel = self.add_weight("kernel", [depth, self.units], initializer=self.kernel_initializer,
                                      regularizer=self.kernel_regularizer, constraint=self.kernel_constraint)
        if self.use_bias:
            self.bias = self.add_weight("bias", [self.units], initializer=self.bias_initializer,
                                        regularizer=self.bias_regularizer, constraint=self.bias_constraint)
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The outputs for inputs `[..., depth]`."""
        x = inputs if inputs.dtype == self._dtype else tf.cast(inputs, self._dtype)
        rank = x.shape.rank
        out = tf.matmul(x, self.kernel) if rank in (2, None) else tf.tensordot(x, self.kernel, [[rank - 1], [0]])
        if self.use_bias:
            out = tf.nn.bias_add(out, self.bias)
        return out if self.activation is None else self.activation(out)


def dense(inputs: Any, units: int, activation: Any = None, use_bias: bool = True, kernel_initializer: Any = None,
          bias_initializer: Any = ZEROS, kernel_regularizer: Any = None, bias_regularizer: Any = None,
          activity_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None,
          trainable: bool = True, name: str | None = None, reuse: Any = None) -> Any:
    """The output of a new `Dense` layer with variables `name/kernel` and `name/bias`."""
    return applied(Dense, inputs, name, reuse, units=units, activation=activation, use_bias=use_bias,
                   kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
                   kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
                   activity_regularizer=activity_regularizer, kernel_constraint=kernel_constraint,
                   bias_constraint=bias_constraint, trainable=trainable)


class Dropout(Layer):
    """In training, a share `rate` of the inputs becomes zero and the others grow to make up for it.

    Args:
      rate: a number or tensor in [0, 1].
      noise_shape: the shape of the draws, broadcast over the inputs.
      seed: of the draws.
      name: as `Layer`.
    """

    def __init__(self, rate: Any = 0.5, noise_shape: Any = None, seed: int | None = None, name: Any = None,
                 **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed

    def call(self, inputs: Any, training: Any = False) -> Any:
        """The outputs; `training` is a bool or a boolean tensor."""
        def dropped() -> Any:
            return tf.nn.dropout(inputs, rate=self.rate, noise_shape=self._noise(inputs), seed=self.seed)
        return smart_cond(training, dropped, lambda: tf.identity(inputs))

    def _noise(self, inputs: Any) -> Any:
        if self.noise_shape is None or not isinstance(self.noise_shape, (list, tuple)):
            return self.noise_shape
        sizes = tf.shape(inputs)
        return [sizes[i] if d is None else d for i, d in enumerate(self.noise_shape)]


def dropout(inputs: Any, rate: Any = 0.5, noise_shape: Any = None, seed: int | None = None, training: Any = False,
            name: str | None = None) -> Any:
    """The output of a new `Dropout` layer."""
    return Dropout(rate, noise_shape, seed, name)(inputs, training=training)


class Flatten(Layer):
    """All axes behind the first in one.

    Args:
      data_format: "channels_first" moves the axis of channels to the end before.
      name: as `Layer`.
    """

    def __init__(self, data_format: str | None = None, name: Any = None, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.data_format = data_format

    def call(self, inputs: Any) -> Any:
        """The outputs for inputs `[batch, ...]`, of shape `[batch, n]`."""
        x, rank = inputs, inputs.shape.rank
        if rank == 1:
            return tf.expand_dims(x, 1)
        if self.data_format == "channels_first" and rank is not None and rank > 2:
            x = tf.transpose(x, [0, *range(2, rank), 1])
        batch, known = (x.shape[0], x.shape[1:].num_elements()) if rank is not None else (None, None)
        if known is not None:
            return tf.reshape(x, [-1 if batch is None or known else batch, known] if known or batch is not None
                              else [tf.shape(x)[0], 0])
        return tf.reshape(x, [tf.shape(x)[0] if batch is None else batch, -1])


def flatten(inputs: Any, name: str | None = None, data_format: str = "channels_last") -> Any:
    """The inputs `[batch, ...]` as `[batch, n]`."""
    return Flatten(data_format, name)(inputs)
