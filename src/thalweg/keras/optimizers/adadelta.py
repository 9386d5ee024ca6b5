"""Adadelta."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import thalweg as tf

from ..types import Config, Tensor
from . import gradients
from .base import Common, Optimizer


class Adadelta(Optimizer):
    """Scales gradients by the ratio of the usual size of moves to that of gradients (Zeiler, 2012).

    Args:
      learning_rate: a float, a schedule, or a function that returns a float; 1.0 in the paper.
      rho: how slowly the averages of squares move.
      epsilon: added to the averages under the roots.
      **common: as for `Optimizer`.
    """

    def __init__(self, learning_rate: Any = 0.001, rho: float = 0.95, epsilon: float = 1e-7,
                 **common: Unpack[Common]) -> None:
        super().__init__(learning_rate, **common)
        self.rho = rho
        self.epsilon = epsilon

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._accumulated_grads, self._accumulated_delta_vars = self.add_optimizer_variables(
            variables, ["accumulated_grad", "accumulated_delta_var"])

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype, index = variable.dtype, self._get_variable_index(variable)
        square, gradient = gradients.squared(gradient, dtype), gradients.dense(gradient, dtype)
        squares, moves = self._accumulated_grads[index], self._accumulated_delta_vars[index]
        squares.assign_add((square - squares) * (1 - self.rho), read_value=False)
        ratio = (moves + self.epsilon) / (squares + self.epsilon)
        moves.assign_add((ratio * square - moves) * (1 - self.rho), read_value=False)
        variable.assign_sub(tf.cast(learning_rate, dtype) * tf.sqrt(ratio) * gradient, read_value=False)

    def get_config(self) -> Config:
        return super().get_config() | {"rho": self.rho, "epsilon": self.epsilon}
