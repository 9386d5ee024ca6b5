"""Adafactor."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import thalweg as tf

from ..types import Config, Tensor
from ..variable import Variable
from . import gradients
from .base import Common, Optimizer


class Adafactor(Optimizer):
    """Keeps the averages of squares of a matrix as a row and a column only (Shazeer and Stern, 2018).

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      beta_2_decay: the power of the step by which the averages slow down.
      epsilon_1: added to squares.
      epsilon_2: the least size of a variable for its moves.
      clip_threshold: the largest root mean square of a move, in units of the rate.
      relative_step: whether the rate is at most one over the root of the step.
      **common: as for `Optimizer`.
    """

    def __init__(self, learning_rate: Any = 0.001, beta_2_decay: float = -0.8, epsilon_1: float = 1e-30,
                 epsilon_2: float = 1e-3, clip_threshold: float = 1.0, relative_step: bool = True,
                 **common: Unpack[Common]) -> None:
        super().__init__(learning_rate, **common)
        self.beta_2_decay = beta_2_decay
        self.epsilon_1 = epsilon_1
        self.epsilon_2 = epsilon_2
        self.clip_threshold = clip_threshold
        self.relative_step = relative_step

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self._r: list[Any] = []
        self._c: list[Any] = []
        self._v: list[Any] = []
        for variable in variables:
            shape, name = tuple(variable.shape), variable.name.replace("/", "_")
            if len(shape) < 2:
                self._r.append(self._placeholder(name))
                self._c.append(self._placeholder(name))
            else:
                self._r.append(self.add_variable(shape[:-1], dtype=variable.dtype, name=name))
                self._c.append(self.add_variable(shape[:-2] + shape[-1:], dtype=variable.dtype, name=name))
            self._v.append(self.add_variable_from_reference(variable, "velocity"))

    def _placeholder(self, name: str) -> Variable:
        variable = Variable(0, name=name, trainable=False)
        self._track_variable(variable)
        return variable

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        dtype, index = variable.dtype, self._get_variable_index(variable)
        square, gradient = gradients.squared(gradient, dtype), gradients.dense(gradient, dtype)
        step = tf.cast(self.iterations + 1, dtype)
        rate = tf.minimum(tf.cast(learning_rate, dtype), tf.math.rsqrt(step))
        rate = rate * tf.maximum(tf.cast(self.epsilon_2, dtype), tf.sqrt(tf.reduce_mean(tf.square(variable))))
        squares = square + self.epsilon_1
        forget = tf.pow(step, self.beta_2_decay)
        r, c, v = self._r[index], self._c[index], self._v[index]
        if len(variable.shape) >= 2:
            r.assign_add((tf.reduce_mean(squares, axis=-1) - r) * forget, read_value=False)
            c.assign_add((tf.reduce_mean(squares, axis=-2) - c) * forget, read_value=False)
            rows = r / tf.reduce_mean(r, axis=-1, keepdims=True)
            v.assign(tf.expand_dims(rows, -1) * tf.expand_dims(c, -2), read_value=False)
        else:
            v.assign_add((squares - v) * forget, read_value=False)
        move = gradient / tf.sqrt(v)
        size = tf.maximum(tf.cast(1.0, dtype), tf.sqrt(tf.reduce_mean(square / v)) / self.clip_threshold)
        variable.assign_sub(rate / size * move, read_value=False)

    def get_config(self) -> Config:
        return super().get_config() | {
            "beta_2_decay": self.beta_2_decay, "epsilon_1": self.epsilon_1, "epsilon_2": self.epsilon_2,
            "clip_threshold": self.clip_threshold, "relative_step": self.relative_step,
        }  # fmt: skip
