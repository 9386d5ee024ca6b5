"""Adamax."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ..types import Tensor
from . import gradients, steps
from .averages import Averages


class Adamax(Averages):
    """Adam with the largest gradient, fading, in place of the average of squares (Kingma and Ba, 2014, section 7).

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      beta_1: how slowly the average of gradients moves.
      beta_2: how slowly the largest gradient fades.
      epsilon: added to the divisor.
      **common: as for `Optimizer`.
    """

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._m, self._u = self.add_optimizer_variables(variables, ["momentum", "norm"])

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype, index = variable.dtype, self._get_variable_index(variable)
        rate = self._once(dtype, lambda: self._corrected(tf.cast(learning_rate, dtype)))
        size, gradient = gradients.absolute(gradient, dtype), gradients.dense(gradient, dtype)
        m, u = self._m[index], self._u[index]
        m.assign_add((gradient - m) * (1 - self.beta_1), read_value=False)
        u.assign(tf.maximum(u * self.beta_2, size), read_value=False)
        variable.assign_sub(rate * m / (u + self.epsilon), read_value=False)

    def _corrected(self, rate: Tensor) -> Tensor:
        dtype = rate.dtype
        return rate / (1 - steps.power(self.beta_1, steps.local_step(self.iterations, dtype), dtype))
