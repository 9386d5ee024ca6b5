"""Gradient descent, with momentum if wanted."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import thalweg as tf

from ..types import Config, Tensor
from . import fused, gradients
from .base import Common, Optimizer


class SGD(Optimizer):
    """`w -= learning_rate * g`; with momentum `m = momentum * m - learning_rate * g` and `w += m`.

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      momentum: a float between 0 and 1.
      nesterov: whether to look ahead along the momentum (Sutskever et al., 2013).
      **common: as for `Optimizer`.

    Raises:
      ValueError: an argument is none of these.
    """

    def __init__(self, learning_rate: Any = 0.01, momentum: float = 0.0, nesterov: bool = False,
                 **common: Unpack[Common]) -> None:
        super().__init__(learning_rate, **common)
        if not isinstance(momentum, float) or momentum < 0 or momentum > 1:
            raise ValueError("`momentum` must be a float between [0, 1].")
        self.momentum = momentum
        self.nesterov = nesterov

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self.momentums = self.add_optimizer_variables(variables, "momentum") if self.momentum != 0 else []

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        rate = tf.cast(learning_rate, variable.dtype)
        if self.momentum == 0:
            if isinstance(gradient, tf.IndexedSlices):
                values = tf.cast(gradient.values, variable.dtype) * rate
                variable.scatter_sub(tf.IndexedSlices(values, gradient.indices))
            else:
                variable.assign_sub(tf.cast(gradient, variable.dtype) * rate, read_value=False)
            return
        m = self.momentums[self._get_variable_index(variable)]
        if fused.usable(variable, gradient):
            fused.apply("ResourceApplyKerasMomentum", {"var": variable, "accum": m}, variable.dtype, lr=rate,
                        grad=tf.cast(gradient, variable.dtype), momentum=self.momentum, use_nesterov=self.nesterov)
            return
        move = gradients.dense(gradient, variable.dtype) * rate
        m.assign(m * self.momentum - move, read_value=False)
        variable.assign_add(m * self.momentum - move if self.nesterov else tf.convert_to_tensor(m), read_value=False)

    def get_config(self) -> Config:
        return super().get_config() | {"momentum": self.momentum, "nesterov": self.nesterov}
