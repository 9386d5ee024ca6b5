"""Adam and AdamW."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import thalweg as tf

from ..types import Config, Tensor
from . import fused, gradients, steps
from .averages import Averages
from .base import Common


class Adam(Averages):
    """Moving averages of gradients over the roots of those of their squares (Kingma and Ba, 2014).

    The correction of the bias of young averages is part of the learning rate, as in the paper's section 2.

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      beta_1: how slowly the average of gradients moves.
      beta_2: how slowly the average of squares moves.
      epsilon: added to the root.
      amsgrad: whether to divide by the largest average so far (Reddi et al., 2018).
      **common: as for `Optimizer`.
    """

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7,
                 amsgrad: bool = False, **common: Unpack[Common]) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **common)
        self.amsgrad = amsgrad

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])
        if self.amsgrad:
            self._velocity_hats = self.add_optimizer_variables(variables, "velocity_hat")

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype, index = variable.dtype, self._get_variable_index(variable)
        m, v = self._momentums[index], self._velocities[index]
        power_1, power_2 = self._once(dtype, lambda: self._powers(dtype))
        if fused.usable(variable, gradient):
            slots = {"var": variable, "m": m, "v": v}
            if self.amsgrad:
                slots["vhat"] = self._velocity_hats[index]
            fused.apply("ResourceApplyAdamWithAmsgrad" if self.amsgrad else "ResourceApplyAdam", slots, dtype,
                        beta1_power=power_1, beta2_power=power_2, lr=tf.cast(learning_rate, dtype), beta1=self.beta_1,
                        beta2=self.beta_2, epsilon=self.epsilon, grad=tf.cast(gradient, dtype))
            return
        # The correction of averages that began at 0.
        rate = self._once((dtype, "rate"), lambda: tf.cast(learning_rate, dtype) * (steps.root(1 - power_2) / (1 - power_1)))
        square, gradient = gradients.squared(gradient, dtype), gradients.dense(gradient, dtype)
        m.assign_add((gradient - m) * (1 - self.beta_1), read_value=False)
        v.assign_add((square - v) * (1 - self.beta_2), read_value=False)
        if self.amsgrad:
            largest = self._velocity_hats[index]
            largest.assign(tf.maximum(largest, v), read_value=False)
            v = largest
        variable.assign_sub(m * rate / (tf.sqrt(v) + self.epsilon), read_value=False)

    def _powers(self, dtype: Any) -> tuple[Any, Any]:
        """Each beta to the power of the step."""
        step = steps.local_step(self.iterations, dtype)
        return steps.power(self.beta_1, step, dtype), steps.power(self.beta_2, step, dtype)

    def get_config(self) -> Config:
        return super().get_config() | {"amsgrad": self.amsgrad}


class AdamW(Adam):
    """Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019); the arguments are those of Adam.

    Raises:
      ValueError: `weight_decay` is None.
    """

    def __init__(self, learning_rate: Any = 0.001, weight_decay: float = 0.004, beta_1: float = 0.9,
                 beta_2: float = 0.999, epsilon: float = 1e-7, amsgrad: bool = False, **common: Any) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay=weight_decay, **common)
        if self.weight_decay is None:
            raise ValueError("Argument `weight_decay` must be a float. Received: weight_decay=None")
