"""FTRL."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import thalweg as tf

from ..initializers import Constant
from ..types import Config, Tensor
from . import gradients
from .base import Common, Optimizer


class Ftrl(Optimizer):
    """Follow the regularized leader, for sparse linear models (McMahan et al., 2013).

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      learning_rate_power: at most 0; how the rate falls with the sum of squares, 0 for a fixed rate.
      initial_accumulator_value: where the sums of squares begin; at least 0.
      l1_regularization_strength: at least 0.
      l2_regularization_strength: at least 0; a penalty that keeps weights stable.
      l2_shrinkage_regularization_strength: at least 0; a penalty on the size of weights.
      beta: added to the root of the sum of squares, in units of the rate.
      **common: as for `Optimizer`.

    Raises:
      ValueError: an argument is out of range.
    """

    def __init__(self, learning_rate: Any = 0.001, learning_rate_power: float = -0.5,
                 initial_accumulator_value: float = 0.1, l1_regularization_strength: float = 0.0,
                 l2_regularization_strength: float = 0.0, l2_shrinkage_regularization_strength: float = 0.0,
                 beta: float = 0.0, **common: Unpack[Common]) -> None:
        super().__init__(learning_rate, **common)
        _check("initial_accumulator_value", initial_accumulator_value, 1)
        _check("learning_rate_power", learning_rate_power, -1)
        _check("l1_regularization_strength", l1_regularization_strength, 1)
        _check("l2_regularization_strength", l2_regularization_strength, 1)
        _check("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength, 1)
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._accumulators, self._linears = self.add_optimizer_variables(
            variables, ["accumulator", "linear"], [Constant(self.initial_accumulator_value), "zeros"])

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype, index = variable.dtype, self._get_variable_index(variable)
        rate = tf.cast(learning_rate, dtype)
        accumulator, linear = self._accumulators[index], self._linears[index]
        power = -self.learning_rate_power
        total = accumulator + gradients.squared(gradient, dtype)
        scale = tf.pow(total, power)
        shrunk = gradients.dense(gradient, dtype) + 2 * self.l2_shrinkage_regularization_strength * variable
        linear.assign_add(shrunk - (scale - tf.pow(accumulator, power)) / rate * variable, read_value=False)
        bound = self.l1_regularization_strength
        quadratic = scale / rate + 2 * (self.l2_regularization_strength + self.beta / (2.0 * rate))
        variable.assign((tf.clip_by_value(linear, -bound, bound) - linear) / quadratic, read_value=False)
        accumulator.assign(total, read_value=False)

    def get_config(self) -> Config:
        return super().get_config() | {
            "learning_rate_power": self.learning_rate_power,
            "initial_accumulator_value": self.initial_accumulator_value,
            "l1_regularization_strength": self.l1_regularization_strength,
            "l2_regularization_strength": self.l2_regularization_strength,
            "l2_shrinkage_regularization_strength": self.l2_shrinkage_regularization_strength,
            "beta": self.beta,
        }


def _check(argument: str, value: float, sign: int) -> None:
    if value * sign < 0.0:
        allowed = "positive" if sign > 0 else "negative"
        raise ValueError(f"`{argument}` needs to be {allowed} or zero. Received: {argument}={value}.")
