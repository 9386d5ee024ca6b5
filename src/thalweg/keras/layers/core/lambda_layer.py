"""`Lambda`: a function as a layer."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ...types import Config
from ..layer import Layer


class Lambda(Layer):
    """Calls a function with its input.

    Args:
      function: from a tensor to a tensor; given `mask` and `training` where it has arguments of these names.
      output_shape: shape of the output without the batch, or a function from the input's shape to it; None to find
        out by calling the function.
      mask: mask of the output, or a function from the input and its mask to it.
      arguments: keyword arguments for the function.
    """

    def __init__(self, function: Callable[..., Any], output_shape: Any = None, mask: Any = None,
                 arguments: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.function = function
        self.arguments = arguments or {}
        self.mask = mask
        self.supports_masking = mask is not None
        self._output_shape = output_shape
        names = inspect.getfullargspec(function).args
        self._wants_training = "training" in names
        self._wants_mask = "mask" in names

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        kwargs = dict(self.arguments)
        if self._wants_mask:
            kwargs["mask"] = mask
        if self._wants_training:
            kwargs["training"] = training
        return self.function(inputs, **kwargs)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        if self._output_shape is None:
            return super(Layer, self).compute_output_spec(*args, **kwargs)
        return super().compute_output_spec(*args, **kwargs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        if self._output_shape is None:
            raise NotImplementedError("We could not automatically infer the shape of the Lambda's output. Please "
                                      "specify "
                                      "the `output_shape` argument for this Lambda layer.")
        if callable(self._output_shape):
            return self._output_shape(input_shape)
        batch = input_shape[0]
        return (batch[0] if isinstance(batch, (list, tuple)) else batch, *self._output_shape)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return self.mask(inputs, previous_mask) if callable(self.mask) else self.mask

    def get_config(self) -> Config:
        from ... import registry

        config = {**super().get_config(), "function": registry.serialize_keras_object(self.function)}
        if self._output_shape is not None:
            config["output_shape"] = registry.serialize_keras_object(self._output_shape)
        if self.mask is not None:
            config["mask"] = registry.serialize_keras_object(self.mask)
        config["arguments"] = registry.serialize_keras_object(dict(self.arguments))
        return config

    @classmethod
    def from_config(cls, config: Config, custom_objects: Any = None) -> Any:
        from ... import registry

        config = dict(config)
        for key in ("function", "output_shape", "mask", "arguments"):
            if key in config:
                config[key] = registry.deserialize_keras_object(config[key], custom_objects=custom_objects)
        if isinstance(config.get("output_shape"), list):
            config["output_shape"] = tuple(config["output_shape"])
        return super().from_config(config)
