"""Lion."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import thalweg as tf

from ..types import Config, Tensor
from . import gradients
from .base import Common, Optimizer


class Lion(Optimizer):
    """Moves by the sign of an average of gradients (Chen et al., 2023).

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      beta_1: how much the average counts beside the gradient, above 0 and up to 1.
      beta_2: how slowly the average moves.
      **common: as for `Optimizer`.

    Raises:
      ValueError: `beta_1` is out of range.
    """

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.99,
                 **common: Unpack[Common]) -> None:
        super().__init__(learning_rate, **common)
        if beta_1 <= 0 or beta_1 > 1:
            raise ValueError("Argument `beta_1` must be in the [0, 1] range. Otherwise, the optimizer degenerates to "
                             f"SignSGD. Received: beta_1={beta_1}.")
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._momentums = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype = variable.dtype
        gradient = gradients.dense(gradient, dtype)
        m = self._momentums[self._get_variable_index(variable)]
        direction = tf.sign(m * self.beta_1 + gradient * (1.0 - self.beta_1))
        variable.assign_sub(tf.cast(learning_rate, dtype) * direction, read_value=False)
        m.assign_add((gradient - m) * (1.0 - self.beta_2), read_value=False)

    def get_config(self) -> Config:
        return super().get_config() | {"beta_1": self.beta_1, "beta_2": self.beta_2}
