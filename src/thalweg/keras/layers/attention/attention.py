"""`Attention` and `AdditiveAttention`: one head, without projections."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import random
from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape, Tensor
from ..layer import Layer


class Attention(Layer):
    """`softmax(scores) @ value`, with `query @ transpose(key)` for scores (Luong et al., 2015).

    Called with `[query, value]` or `[query, value, key]`, shapes `(batch, rows, size)`, `(batch, steps, size)` and again
    `(batch, steps, size)`; returns shape `(batch, rows, size of value)`.

    Args:
      use_scale: whether the scores are multiplied by a weight.
      score_mode: `"dot"`, or `"concat"` for the sum of `tanh(query + key)` times a weight.
      dropout: the part of the attention that is dropped in training.
      seed: seed of what is dropped.

    Raises:
      ValueError: another mode, or the layer is called with something else.
    """

    scale: Any

    def __init__(self, use_scale: bool = False, score_mode: str = "dot", dropout: float = 0.0, seed: Any = None,
                 **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.use_scale = use_scale
        self.score_mode = score_mode
        self.dropout = dropout
        self.seed = seed
        if self.dropout > 0:
            self.seed_generator = random.SeedGenerator(seed=seed)
        if score_mode not in ("dot", "concat"):
            raise ValueError("Invalid value for argument score_mode. Expected one of {'dot', 'concat'}. Received: "
                             f"score_mode={score_mode}")

    def build(self, input_shape: Any) -> None:
        self._check(input_shape)
        self.scale = self.concat_score_weight = None
        if self.use_scale:
            self.scale = self.add_weight(shape=(), initializer="ones", name="scale")
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight(shape=(), initializer="ones", name="concat_score_weight")

    def _calculate_scores(self, query: Tensor, key: Tensor) -> Tensor:
        """How well each row of the query and each step of the key agree, shape `(batch, rows, steps)`."""
        if self.score_mode == "dot":
            scores = tf.matmul(query, key, transpose_b=True)
            return scores if self.scale is None else scores * self.scale
        both = tf.expand_dims(query, -2) + tf.expand_dims(key, -3)
        if self.scale is not None:
            both = self.scale * both
        return self.concat_score_weight * tf.reduce_sum(tf.tanh(both), -1)

    def call(self, inputs: Any, mask: Any = None, training: Any = False, return_attention_scores: bool = False,
             use_causal_mask: bool = False) -> Any:
        self._check(inputs, mask)
        query, value = inputs[:2]
        key = inputs[2] if len(inputs) > 2 else value
        of_query, of_value = (mask[0], mask[1]) if mask else (None, None)
        scores = self._calculate_scores(query, key)
        allowed = None if of_value is None else tf.expand_dims(tf.cast(of_value, tf.bool), -2)
        if use_causal_mask:
            before = causal(scores)
            allowed = before if allowed is None else tf.logical_and(allowed, before)
        if allowed is not None:
            least = tf.cast(65504.0 if scores.dtype == tf.float16 else 1e9, scores.dtype)
            scores = tf.where(allowed, scores, scores - least)
        weights = tf.nn.softmax(scores)
        if training and self.dropout > 0:
            weights = random.dropout(weights, self.dropout, seed=self.seed_generator)
        output = tf.matmul(weights, value)
        if of_query is not None:
            output = tf.where(tf.expand_dims(tf.cast(of_query, tf.bool), -1), output, tf.zeros((), output.dtype))
        return (output, weights) if return_attention_scores else output

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        self._check(inputs, mask)
        return None if mask is None or mask[0] is None else tf.convert_to_tensor(mask[0])

    def compute_output_shape(self, input_shape: Any) -> Shape:
        return (*input_shape[0][:-1], input_shape[1][-1])

    def compute_output_spec(self, inputs: Any, mask: Any = None, return_attention_scores: bool = False,
                            training: Any = None, use_causal_mask: bool = False) -> Any:
        self._check(inputs, mask)
        query, value = inputs[:2]
        key = inputs[2] if len(inputs) > 2 else value
        output = KerasTensor(self.compute_output_shape([query.shape, value.shape]), self.compute_dtype)
        if not return_attention_scores:
            return output
        return output, KerasTensor((*query.shape[:-1], key.shape[-2]), self.compute_dtype)

    def _check(self, inputs: Any, mask: Any = None) -> None:
        name = type(self).__name__
        if not isinstance(inputs, list):
            raise ValueError(f"{name} layer must be called on a list of inputs, namely [query, value] or [query, value, "
                             f"key]. Received: inputs={inputs}.")
        if len(inputs) not in (2, 3):
            raise ValueError(f"{name} layer accepts inputs list of length 2 or 3, namely [query, value] or [query, value, "
                             f"key]. Received length: {len(inputs)}.")
        if mask is not None and not isinstance(mask, list):
            raise ValueError(f"{name} layer mask must be a list, namely [query_mask, value_mask]. Received: mask={mask}.")
        if mask is not None and len(mask) not in (2, 3):
            raise ValueError(f"{name} layer accepts mask list of length 2 or 3. Received: inputs={inputs}, mask={mask}.")

    def get_config(self) -> Config:
        return {**super().get_config(), "use_scale": self.use_scale, "score_mode": self.score_mode,
                "dropout": self.dropout, "seed": self.seed}


class AdditiveAttention(Attention):
    """`Attention` with the sum of `scale * tanh(query + key)` for scores (Bahdanau et al., 2015).

    Args:
      use_scale: whether there is a weight `scale`, an element for each of the last axis.
      dropout: the part of the attention that is dropped in training.
      seed: seed of what is dropped.

    Raises:
      ValueError: the layer is called with something else than `[query, value]` or `[query, value, key]`.
    """

    def __init__(self, use_scale: bool = True, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(use_scale=use_scale, dropout=dropout, **kwargs)

    def build(self, input_shape: Any) -> None:
        self._check(input_shape)
        self.scale = None
        if self.use_scale:
            self.scale = self.add_weight(shape=(input_shape[0][-1],), initializer="glorot_uniform", name="scale")

    def _calculate_scores(self, query: Tensor, key: Tensor) -> Tensor:
        both = tf.tanh(tf.expand_dims(query, -2) + tf.expand_dims(key, -3))
        return tf.reduce_sum(both if self.scale is None else self.scale * both, -1)

    def get_config(self) -> Config:
        config = super().get_config()
        del config["score_mode"]
        return config


def causal(scores: Tensor) -> Tensor:
    """True where a step is not after its row, shape `(1, rows, steps)`."""
    sizes = tf.shape(scores)
    return tf.expand_dims(tf.range(sizes[-2])[:, None] >= tf.range(sizes[-1])[None, :], 0)
