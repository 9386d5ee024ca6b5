"""Lamb."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ..types import Tensor
from . import gradients, steps
from .averages import Averages


class Lamb(Averages):
    """Adam with moves as large as the variable, for large batches (You et al., 2019).

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      beta_1: how slowly the average of gradients moves.
      beta_2: how slowly the average of squares moves.
      epsilon: added to the root.
      **common: as for `Optimizer`.
    """

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])

    def _divisors(self, dtype: Any) -> tuple[Any, Any]:
        step = steps.local_step(self.iterations, dtype)
        return 1.0 - steps.power(self.beta_1, step, dtype), 1.0 - steps.power(self.beta_2, step, dtype)

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype, index = variable.dtype, self._get_variable_index(variable)
        of_m, of_v = self._once(dtype, lambda: self._divisors(dtype))
        square, gradient = gradients.squared(gradient, dtype), gradients.dense(gradient, dtype)
        m, v = self._momentums[index], self._velocities[index]
        m.assign_add((gradient - m) * (1 - self.beta_1), read_value=False)
        v.assign_add((square - v) * (1 - self.beta_2), read_value=False)
        move = m / of_m / (tf.sqrt(v / of_v) + self.epsilon)
        size, length = (tf.sqrt(tf.reduce_sum(tf.square(x))) for x in (variable, move))
        ratio = tf.where(tf.logical_and(size > 0, length > 0), size / length, tf.ones_like(size))
        variable.assign_sub(ratio * tf.cast(learning_rate, dtype) * move, read_value=False)
