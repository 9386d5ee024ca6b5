"""`RepeatVector`: a vector as a sequence of copies."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer


class RepeatVector(Layer):
    """Repeats vectors, shape `(batch, features)`, as sequences, shape `(batch, n, features)`.

    Raises:
      TypeError: `n` is no integer.
      ValueError: `n` is not positive.
    """

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(n, int) or isinstance(n, bool):
            raise TypeError(f"Expected an integer value for `n`, got {type(n)}.")
        if n <= 0:
            raise ValueError(f"Argument `n` should be a positive integer. Received: n={n}")
        self.n = n
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs: Tensor) -> Tensor:
        return tf.tile(tf.expand_dims(inputs, 1), [1, self.n, 1])

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], self.n, input_shape[1])

    def get_config(self) -> Config:
        return {**super().get_config(), "n": self.n}
