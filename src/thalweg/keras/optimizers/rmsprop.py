"""RMSprop."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import thalweg as tf

from ..types import Config, Tensor
from ..variable import Variable
from . import fused, gradients
from .base import Common, Optimizer


class RMSprop(Optimizer):
    """Divides gradients by the root of a moving average of their squares (Hinton, 2012).

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      rho: how slowly the average moves.
      momentum: a float from 0 on.
      epsilon: added to the average under the root.
      centered: whether to subtract the square of the average gradient, which makes it a variance.
      **common: as for `Optimizer`.
    """

    def __init__(self, learning_rate: Any = 0.001, rho: float = 0.9, momentum: float = 0.0, epsilon: float = 1e-7,
                 centered: bool = False, **common: Unpack[Common]) -> None:
        super().__init__(learning_rate, **common)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._velocities = self.add_optimizer_variables(variables, "velocity")
        self._momentums = self.add_optimizer_variables(variables, "momentum") if self.momentum > 0 else []
        self._average_gradients = (
            self.add_optimizer_variables(variables, "average_gradient") if self.centered else []
        )
        self._moves: dict[int, Any] = {}

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype, index = variable.dtype, self._get_variable_index(variable)
        rate = tf.cast(learning_rate, dtype)
        velocity = self._velocities[index]
        if fused.usable(variable, gradient):
            slots = {"var": variable, "ms": velocity, "mom": self._move_of(variable, index)}
            if self.centered:
                slots["mg"] = self._average_gradients[index]
            fused.apply("ResourceApplyCenteredRMSProp" if self.centered else "ResourceApplyRMSProp", slots, dtype,
                        lr=rate, rho=self.rho, momentum=self.momentum, epsilon=self.epsilon,
                        grad=tf.cast(gradient, dtype))
            return
        square, gradient = gradients.squared(gradient, dtype), gradients.dense(gradient, dtype)
        velocity.assign_add((square - velocity) * (1 - self.rho), read_value=False)
        spread = velocity + self.epsilon
        if self.centered:
            average = self._average_gradients[index]
            average.assign_add((gradient - average) * (1 - self.rho), read_value=False)
            spread = spread - tf.square(average)
        move = rate * gradient / tf.sqrt(spread)
        if self.momentum > 0:
            momentum = self._momentums[index]
            momentum.assign(momentum * self.momentum + move, read_value=False)
            move = tf.convert_to_tensor(momentum)
        variable.assign_sub(move, read_value=False)

    def _move_of(self, variable: Any, index: int) -> Any:
        """Where the op leaves the last move: the momentum, or scratch memory that is no part of the state."""
        if self.momentum > 0:
            return self._momentums[index]
        if index not in self._moves:
            self._moves[index] = Variable("zeros", shape=variable.shape, dtype=variable.dtype, trainable=False,
                                          name="move")
        return self._moves[index]

    def get_config(self) -> Config:
        return super().get_config() | {
            "rho": self.rho, "momentum": self.momentum, "epsilon": self.epsilon, "centered": self.centered,
        }  # fmt: skip
