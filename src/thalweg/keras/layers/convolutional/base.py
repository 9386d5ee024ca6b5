"""What the convolution layers share: windows, a bias, an activation."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import activations, constraints, initializers, regularizers
from ...config import standardize_data_format
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer
from ..windows import Sizes, standardize_padding, standardize_tuple, tensor_format


def positive(name: str, value: int | None) -> int | None:
    """A count that may be missing.

    Raises:
      ValueError: it is not positive.
    """
    if value is not None and value <= 0:
        raise ValueError(f"Invalid value for argument `{name}`. Expected a strictly positive value. Received "
                         f"{name}={value}.")
    return value


class WindowLayer(Layer):
    """A layer with windows in `rank` spatial dimensions."""

    rank = 0
    kernel_size: Sizes
    strides: Sizes
    dilation_rate: Sizes
    bias: Any

    def _take_windows(self, kernel_size: Any, strides: Any, padding: Any, data_format: str | None,
                      dilation_rate: Any) -> None:
        self.kernel_size = standardize_tuple(kernel_size, self.rank, "kernel_size")
        self.strides = standardize_tuple(strides, self.rank, "strides")
        self.dilation_rate = standardize_tuple(dilation_rate, self.rank, "dilation_rate")
        self.padding = standardize_padding(padding, allow_causal=self._allows_causal())
        self.data_format = standardize_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=self.rank + 2)

    def _allows_causal(self) -> bool:
        return False

    def _take_bias(self, activation: Any, use_bias: bool, initializer: Any, regularizer: Any, constraint: Any) -> None:
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.bias_initializer = initializers.get(initializer)
        self.bias_regularizer = regularizers.get(regularizer)
        self.bias_constraint = constraints.get(constraint)
        self.bias = None

    def _take_kernel(self, prefix: str, initializer: Any, regularizer: Any, constraint: Any) -> None:
        """Keeps what makes a kernel under `<prefix>_initializer` and so on."""
        setattr(self, f"{prefix}_initializer", initializers.get(initializer))
        setattr(self, f"{prefix}_regularizer", regularizers.get(regularizer))
        setattr(self, f"{prefix}_constraint", constraints.get(constraint))

    def _add_kernel(self, prefix: str, name: str, shape: Sizes) -> Any:
        return self.add_weight(
            shape=shape, initializer=getattr(self, f"{prefix}_initializer"),
            regularizer=getattr(self, f"{prefix}_regularizer"), constraint=getattr(self, f"{prefix}_constraint"), name=name,
        )  # fmt: skip

    def _add_bias(self, size: int) -> None:
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(size,), initializer=self.bias_initializer, regularizer=self.bias_regularizer,
                constraint=self.bias_constraint, name="bias",
            )  # fmt: skip

    def _take_channels(self, input_shape: Shape) -> int:
        """The channels of the input, which from now on all inputs must have."""
        axis = -1 if self.data_format == "channels_last" else 1
        channels: int = input_shape[axis]
        self.input_spec = InputSpec(min_ndim=self.rank + 2, axes={axis: channels})
        return channels

    def _check_strides_or_dilation(self) -> None:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError("`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: strides="
                             f"{self.strides} and dilation_rate={self.dilation_rate}")

    @property
    def _format(self) -> str:
        return tensor_format(self.data_format, self.rank)

    def _finish(self, y: Tensor) -> Tensor:
        """Adds the bias and applies the activation."""
        if self.bias is not None:
            if self.data_format == "channels_last":
                y = tf.nn.bias_add(y, self.bias)
            else:
                y = y + tf.reshape(self.bias, (1, -1, *[1] * self.rank))
        return y if self.activation is activations.linear else self.activation(y)

    def _window_config(self) -> Config:
        return {
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "dilation_rate": self.dilation_rate,
        }

    def _serialized(self, *prefixes: str) -> Config:
        """The config of the activation, the bias and the kernels, in Keras's order."""
        config: Config = {"activation": activations.serialize(self.activation), "use_bias": self.use_bias}
        for kind, module in (("initializer", initializers), ("regularizer", regularizers), ("constraint", constraints)):
            if kind == "constraint":
                config["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
            for prefix in (*prefixes, "bias"):
                config[f"{prefix}_{kind}"] = module.serialize(getattr(self, f"{prefix}_{kind}"))
        return config
