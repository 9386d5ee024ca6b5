"""`Embedding`: a vector for every number."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .. import constraints, initializers, regularizers
from ..types import Config, Shape, Tensor
from ..utils.warn import warn
from .layer import Layer


class Embedding(Layer):
    """Looks up a row of a matrix for every integer of the input.

    The gradient of the matrix is an `IndexedSlices`: only the rows that were looked up.

    Args:
      input_dim: how many rows there are: the greatest integer and one.
      output_dim: size of a row.
      embeddings_initializer: initializer of the matrix, shape `(input_dim, output_dim)`.
      embeddings_regularizer: penalty on the matrix.
      embeddings_constraint: projection of the matrix after a step.
      mask_zero: whether zeros of the input are masked for the layers that follow.
      weights: a first value of the matrix, or a list with it.

    Raises:
      ValueError: a size that is no positive integer.
    """

    def __init__(self, input_dim: int, output_dim: int, embeddings_initializer: Any = "uniform",
                 embeddings_regularizer: Any = None, embeddings_constraint: Any = None, mask_zero: bool = False,
                 weights: Any = None, quantization_config: None = None, **kwargs: Any) -> None:
        for name, size in (("input_dim", input_dim), ("output_dim", output_dim)):
            if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
                raise ValueError(f"`{name}` must be a positive integer. Received: {name}={size} "
                                 f"(of type {type(size).__name__}).")
        if kwargs.pop("input_length", None) is not None:
            warn("Argument `input_length` is deprecated. Just remove it.")
        super().__init__(**kwargs)
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        self._makes_masks = mask_zero
        self.autocast = False
        self.quantization_config = quantization_config
        if weights is not None:
            self.build()
            self.set_weights(weights if isinstance(weights, list) and len(weights) == 1 else [weights])

    def build(self, input_shape: Shape = None) -> None:
        if self.built:
            return
        self._embeddings = self.add_weight(
            shape=(self.input_dim, self.output_dim), initializer=self.embeddings_initializer, name="embeddings",
            regularizer=self.embeddings_regularizer, constraint=self.embeddings_constraint,
        )  # fmt: skip

    @property
    def embeddings(self) -> Any:
        """The matrix.

        Raises:
          AttributeError: the layer is not built.
        """
        if not self.built:
            raise AttributeError("You must build the layer before accessing `embeddings`.")
        return self._embeddings

    def call(self, inputs: Tensor) -> Tensor:
        if inputs.dtype not in (tf.int32, tf.int64):
            inputs = tf.cast(inputs, tf.int32)
        rows = tf.where(inputs < 0, inputs + self.input_dim, inputs)  # as in Keras, negative ones count from the end
        return tf.cast(tf.gather(tf.convert_to_tensor(self._embeddings), rows), self.compute_dtype)

    def compute_mask(self, inputs: Tensor, mask: Any = None) -> Tensor | None:
        return tf.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (*input_shape, self.output_dim)

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "embeddings_initializer": initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": regularizers.serialize(self.embeddings_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "embeddings_constraint": constraints.serialize(self.embeddings_constraint),
            "mask_zero": self.mask_zero,
            "quantization_config": self.quantization_config,
        }
