"""`CategoryEncoding`: numbers of categories as vectors of zeros and ones, or of counts."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape, Tensor
from ..layer import Layer


class CategoryEncoding(Layer):
    """Turns integers from 0 to `num_tokens - 1` into vectors of that length.

    Args:
      num_tokens: how many categories there are; greater numbers are left out.
      output_mode: `"multi_hot"` for one vector of zeros and ones for each example, `"count"` for one of counts, `"one_hot"`
        for one vector for each integer.
      sparse: whether the result is a `SparseTensor`.

    Raises:
      ValueError: `num_tokens` is missing or not positive, or the mode is unknown.
    """

    def __init__(self, num_tokens: int | None = None, output_mode: str = "multi_hot", sparse: bool = False,
                 **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if output_mode == "binary":
            output_mode = "multi_hot"
        if output_mode not in ("count", "one_hot", "multi_hot"):
            raise ValueError(f"Unknown arg for output_mode: {output_mode}")
        if num_tokens is None:
            raise ValueError("num_tokens must be set to use this layer. If the number of tokens is not known beforehand, "
                             "use the IntegerLookup layer instead.")
        if num_tokens < 1:
            raise ValueError(f"`num_tokens` must be >= 1. Received: num_tokens={num_tokens}.")
        self.num_tokens = num_tokens
        self.output_mode = output_mode
        self.sparse = sparse
        self._allow_non_tensor_positional_args = True
        self._convert_input_args = False

    def call(self, inputs: Any, count_weights: Any = None) -> Any:
        if count_weights is not None:
            if self.output_mode != "count":
                raise ValueError("`count_weights` is not used when `output_mode` is not `'count'`. Received "
                                 f"`count_weights={count_weights}`.")
            count_weights = tf.cast(tf.convert_to_tensor(count_weights), self.compute_dtype)
        x = tf.convert_to_tensor(inputs)
        if x.dtype not in (tf.int32, tf.int64):
            x = tf.cast(x, tf.int64)
        if len(x.shape) == 0:
            x = tf.expand_dims(x, -1)
        found = self._encoded(x, count_weights)
        return tf.sparse.from_dense(found) if self.sparse else found

    def _encoded(self, x: Tensor, weights: Any) -> Tensor:
        rank, depth = len(x.shape), self.num_tokens
        if self.output_mode == "one_hot":
            x = tf.squeeze(x, [-1]) if rank > 1 and x.shape[-1] == 1 else x
            return tf.one_hot(x, depth, dtype=self.dtype)
        binary = self.output_mode == "multi_hot"
        if rank <= 2:
            weights = tf.zeros([0], self.dtype) if weights is None else tf.cast(weights, self.dtype)
            return tf.raw_ops.DenseBincount(input=x, size=tf.constant(depth, x.dtype), weights=weights, binary_output=binary)
        ones = tf.one_hot(x, depth, dtype=self.dtype)
        if binary:
            return tf.reduce_max(ones, 1)
        return tf.reduce_sum(ones if weights is None else ones * tf.expand_dims(weights, -1), 1)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        if self.output_mode == "one_hot" and (len(input_shape) == 1 or (input_shape and input_shape[-1] != 1)):
            return (*input_shape, self.num_tokens)
        return (*input_shape[:-1], self.num_tokens)

    def compute_output_spec(self, inputs: Any, count_weights: Any = None) -> KerasTensor:
        return KerasTensor(self.compute_output_shape(inputs.shape), self.compute_dtype, self.sparse)

    def get_config(self) -> Config:
        return {**super().get_config(), "num_tokens": self.num_tokens, "output_mode": self.output_mode}
