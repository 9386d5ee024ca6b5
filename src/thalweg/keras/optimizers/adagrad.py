"""Adagrad."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import thalweg as tf

from ..initializers import Constant
from ..types import Config, Tensor
from . import gradients
from .base import Common, Optimizer


class Adagrad(Optimizer):
    """Divides gradients by the root of the sum of their squares so far (Duchi et al., 2011).

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      initial_accumulator_value: where the sums begin.
      epsilon: added to the sum under the root.
      **common: as for `Optimizer`.
    """

    def __init__(self, learning_rate: Any = 0.001, initial_accumulator_value: float = 0.1, epsilon: float = 1e-7,
                 **common: Unpack[Common]) -> None:
        super().__init__(learning_rate, **common)
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._accumulators = self.add_optimizer_variables(variables, "accumulator",
                                                          Constant(self.initial_accumulator_value))

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype = variable.dtype
        accumulator = self._accumulators[self._get_variable_index(variable)]
        accumulator.assign_add(gradients.squared(gradient, dtype), read_value=False)
        move = tf.cast(learning_rate, dtype) * gradients.dense(gradient, dtype)
        variable.assign_sub(move / tf.sqrt(accumulator + self.epsilon), read_value=False)

    def get_config(self) -> Config:
        return super().get_config() | {
            "initial_accumulator_value": self.initial_accumulator_value, "epsilon": self.epsilon,
        }  # fmt: skip
