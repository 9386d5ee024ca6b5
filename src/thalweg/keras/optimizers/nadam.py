"""Nadam."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from .. import config
from ..types import Tensor
from ..variable import Variable
from . import gradients, steps
from .averages import Averages

_DECAY = 0.96


class Nadam(Averages):
    """Adam with Nesterov momentum (Dozat, 2015).

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      beta_1: how slowly the average of gradients moves, in the end.
      beta_2: how slowly the average of squares moves.
      epsilon: added to the root.
      **common: as for `Optimizer`.
    """

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])
        self._u_product = Variable(1.0, dtype=variables[0].dtype if variables else config.floatx())

    def _backend_update_step(self, grads: Sequence[Any], trainable_variables: Sequence[Any],
                             learning_rate: Tensor) -> None:
        dtype = self._u_product.dtype
        self._u_product.assign(
            self._u_product * self._momentum_at(steps.local_step(self.iterations, dtype), dtype))
        super()._backend_update_step(grads, trainable_variables, learning_rate)

    def _momentum_at(self, step: Any, dtype: Any) -> Any:
        """The momentum of a step, which rises from nearly half of `beta_1` to `beta_1`."""
        return self.beta_1 * (1.0 - 0.5 * steps.power(_DECAY, step, dtype))

    def _factors(self, dtype: Any) -> tuple[Any, Any, Any]:
        """What the average of gradients, the gradient, and the average of squares are multiplied by."""
        step = steps.local_step(self.iterations, dtype)
        now, later = self._momentum_at(step, dtype), self._momentum_at(step + 1, dtype)
        product = tf.cast(self._u_product, dtype)
        return (later / (1 - product * later), (1 - now) / (1 - product),
                1 / (1 - steps.power(self.beta_2, step, dtype)))

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype, index = variable.dtype, self._get_variable_index(variable)
        of_m, of_gradient, of_v = self._once(dtype, lambda: self._factors(dtype))
        square, gradient = gradients.squared(gradient, dtype), gradients.dense(gradient, dtype)
        m, v = self._momentums[index], self._velocities[index]
        m.assign_add((gradient - m) * (1 - self.beta_1), read_value=False)
        v.assign_add((square - v) * (1 - self.beta_2), read_value=False)
        move = (m * of_m + gradient * of_gradient) * tf.cast(learning_rate, dtype)
        variable.assign_sub(move / (tf.sqrt(v * of_v) + self.epsilon), read_value=False)
