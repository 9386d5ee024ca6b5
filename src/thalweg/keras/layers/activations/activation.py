"""`Activation`: an activation function as a layer."""
from __future__ import annotations

from typing import Any

from ... import activations
from ...types import Config, Tensor
from ..elementwise import Elementwise


class Activation(Elementwise):
    """Applies an activation function.

    Args:
      activation: the function, or its name.

    Raises:
      ValueError: the name is unknown.
    """

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def call(self, inputs: Tensor) -> Tensor:
        return self.activation(inputs)

    def get_config(self) -> Config:
        return {**super().get_config(), "activation": activations.serialize(self.activation)}
