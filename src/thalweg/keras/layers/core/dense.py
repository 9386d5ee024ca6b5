"""`Dense`: a matrix product, a bias and an activation."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import activations, constraints, initializers, regularizers
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer


class Dense(Layer):
    """`activation(inputs @ kernel + bias)` over the last axis.

    Args:
      units: size of the last axis of the output.
      activation: a function, or its name; none for None.
      use_bias: whether there is a bias.
      kernel_initializer: initializer of the kernel, shape `(inputs.shape[-1], units)`.
      bias_initializer: initializer of the bias, shape `(units,)`.
      kernel_regularizer: penalty on the kernel.
      bias_regularizer: penalty on the bias.
      activity_regularizer: penalty on the output.
      kernel_constraint: projection of the kernel after a step.
      bias_constraint: projection of the bias after a step.

    Raises:
      ValueError: `units` is no positive integer, or a name is unknown.
    """

    bias: Any

    def __init__(self, units: int, activation: Any = None, use_bias: bool = True,
                 kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
                 kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
                 kernel_constraint: Any = None, bias_constraint: Any = None, quantization_config: None = None,
                 **kwargs: Any) -> None:
        if not isinstance(units, int) or units <= 0:
            raise ValueError("Received an invalid value for `units`, expected a positive integer. Received: "
                             f"units={units}")
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.quantization_config = quantization_config
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        size = input_shape[-1]
        self._kernel = self.add_weight(
            shape=(size, self.units), initializer=self.kernel_initializer, regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint, name="kernel",
        )  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.units,), initializer=self.bias_initializer, regularizer=self.bias_regularizer,
                constraint=self.bias_constraint, name="bias",
            )  # fmt: skip
        self.input_spec = InputSpec(min_ndim=2, axes={-1: size})

    @property
    def kernel(self) -> Any:
        """The matrix, shape `(input size, units)`.

        Raises:
          AttributeError: the layer is not built.
        """
        if not self.built:
            raise AttributeError("You must build the layer before accessing `kernel`.")
        return self._kernel

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        x = inputs
        if not x.dtype.is_floating:
            x = tf.cast(x, self.compute_dtype)
        rank = len(x.shape)
        if rank == 2:
            x = tf.matmul(x, self._kernel)
        else:
            x = tf.tensordot(x, self._kernel, [[rank - 1], [0]])
        if self.bias is not None:
            x = tf.nn.bias_add(x, self.bias)
        return x if self.activation is activations.linear else self.activation(x)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "quantization_config": self.quantization_config,
        }
