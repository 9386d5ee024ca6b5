"""Sums, differences, products, means and extremes of several inputs."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Tensor
from .base import Merge


class Add(Merge):
    """The sum of the inputs."""

    def combine(self, inputs: list[Tensor]) -> Tensor:
        total = inputs[0]
        for x in inputs[1:]:
            total = total + x
        return total


class Subtract(Merge):
    """The first of two inputs minus the second.

    Raises:
      ValueError: not two inputs.
    """

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        if len(input_shape) != 2:
            raise ValueError("A `Subtract` layer should be called on exactly 2 inputs. Received: "
                             f"input_shape={input_shape}")

    def combine(self, inputs: list[Tensor]) -> Tensor:
        return inputs[0] - inputs[1]


class Multiply(Merge):
    """The product of the inputs."""

    def combine(self, inputs: list[Tensor]) -> Tensor:
        product = inputs[0]
        for x in inputs[1:]:
            product = product * x
        return product


class Average(Merge):
    """The mean of the inputs."""

    def combine(self, inputs: list[Tensor]) -> Tensor:
        total = inputs[0]
        for x in inputs[1:]:
            total = total + x
        return total / len(inputs)


class Maximum(Merge):
    """The greatest of the inputs, element by element."""

    def combine(self, inputs: list[Tensor]) -> Tensor:
        greatest = inputs[0]
        for x in inputs[1:]:
            greatest = tf.maximum(greatest, x)
        return greatest


class Minimum(Merge):
    """The least of the inputs, element by element."""

    def combine(self, inputs: list[Tensor]) -> Tensor:
        least = inputs[0]
        for x in inputs[1:]:
            least = tf.minimum(least, x)
        return least
