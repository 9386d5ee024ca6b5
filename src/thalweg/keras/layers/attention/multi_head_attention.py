"""`MultiHeadAttention`: several heads side by side, each with projections of its own."""
from __future__ import annotations

import math
from string import ascii_lowercase
from typing import Any

import thalweg as tf

from ... import constraints, initializers, regularizers, tags
from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape, Tensor
from ..activations.softmax import Softmax
from ..core.einsum_dense import EinsumDense
from ..layer import Layer
from ..normalization.scaled import wide
from ..regularization.dropout import Dropout

_SETTINGS = ("kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer",
             "activity_regularizer", "kernel_constraint", "bias_constraint")
_MODULES = {"initializer": initializers, "regularizer": regularizers, "constraint": constraints}


class MultiHeadAttention(Layer):
    """Attention of several heads to projections of query, key and value (Vaswani et al., 2017).

    Called with `(query, value, key=value)`, shapes `(batch, rows, size)` and twice `(batch, steps, size)`, or with more
    axes between the first and the last; returns the shape of the query.

    Args:
      num_heads: how many heads.
      key_dim: size of each head's queries and keys.
      value_dim: size of each head's values; `key_dim` for None.
      dropout: the part of the attention that is dropped in training.
      use_bias: whether the projections have biases.
      output_shape: the last axes of the output; those of the query for None.
      attention_axes: the axes that are attended to; all but the first and the last for None.
      sliding_window: each row attends only to steps that are nearer than this.
      flash_attention: asks for another way to compute the same, which is not there: such a layer cannot be called.
      kernel_initializer, bias_initializer: of all projections.
      kernel_regularizer, bias_regularizer, activity_regularizer: of all projections.
      kernel_constraint, bias_constraint: of all projections.
      use_gate: whether what the heads return is multiplied by a sigmoid of a projection of the query.
      seed: seed of what is dropped.

    Raises:
      ValueError: a number is not positive, or an argument is of another kind.
    """

    def __init__(self, num_heads: int, key_dim: int, value_dim: int | None = None, dropout: float = 0.0,
                 use_bias: bool = True, output_shape: Any = None, attention_axes: Any = None,
                 sliding_window: int | None = None, flash_attention: bool | None = None,
                 kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
                 kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
                 kernel_constraint: Any = None, bias_constraint: Any = None, use_gate: bool = False, seed: Any = None,
                 **kwargs: Any) -> None:
        for name, value in (("num_heads", num_heads), ("key_dim", key_dim)):
            if not isinstance(value, int) or value <= 0:
                raise ValueError(f"Received an invalid value for argument `{name}`, expected a positive integer. Received: "
                                 f"{name}={value}")
        if value_dim is not None and (not isinstance(value_dim, int) or value_dim <= 0):
            raise ValueError("Received an invalid value for argument `value_dim`, expected a positive integer or `None`. "
                             f"Received: value_dim={value_dim}")
        super().__init__(**kwargs)
        self.supports_masking = True
        self.num_heads = num_heads
        self.key_dim = key_dim
        self.value_dim = value_dim or key_dim
        self.dropout = dropout
        self.use_bias = use_bias
        self._use_gate = use_gate
        self._output_shape = _checked_shape(output_shape)
        given = (kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
                 kernel_constraint, bias_constraint)
        self._settings = {name: _MODULES[name.rpartition("_")[2]].get(value)
                          for name, value in zip(_SETTINGS, given, strict=True)}
        if isinstance(attention_axes, int):
            attention_axes = (attention_axes,)
        elif attention_axes and not isinstance(attention_axes, (list, tuple)):
            raise ValueError("`attention_axes` must be an int, list, or tuple.Received: "
                             f"attention_axes={attention_axes}")
        self.attention_axes = attention_axes
        if sliding_window is not None and (not isinstance(sliding_window, int) or sliding_window <= 0):
            raise ValueError("`sliding_window` must be `None` or a positive integer. Received: "
                             f"sliding_window={sliding_window}")
        self._sliding_window = sliding_window
        self.seed = seed
        self._flash_attention = flash_attention
        if flash_attention and dropout > 0.0:
            raise ValueError("Dropout is not supported when flash attention is enabled. Please set dropout to 0.0 to use "
                             "flash attention.")

    # Weights

    def _projection(self, name: str, shape: Shape, output: list[int], bound: int = 1, **kwargs: Any) -> EinsumDense:
        """A dense layer over the last `bound` axes of an input of this shape."""
        free = len(shape) - bound
        x, rest = ascii_lowercase[:free + bound], ascii_lowercase[free + bound:free + bound + len(output)]
        settings = dict(self._settings)
        for kind in ("kernel_initializer", "bias_initializer"):  # Each projection draws numbers of its own.
            first = settings[kind]
            settings[kind] = type(first).from_config(first.get_config()) if hasattr(first, "get_config") else first
        layer = EinsumDense(
            f"{x},{x[free:]}{rest}->{x[:free]}{rest}", [None] * (free - 1) + output,
            bias_axes=rest if self.use_bias else None, name=name, dtype=self.dtype_policy, **settings, **kwargs,
        )  # fmt: skip
        layer.build(shape)
        return layer

    def build(self, query_shape: Shape, value_shape: Shape, key_shape: Shape | None = None) -> None:
        key_shape = value_shape if key_shape is None else key_shape
        _check_shapes(value_shape, key_shape)
        keys, values = [self.num_heads, self.key_dim], [self.num_heads, self.value_dim]
        self._query_dense = self._projection("query", query_shape, keys)
        self._key_dense = self._projection("key", key_shape, keys)
        if self._use_gate:
            self._gate_dense = self._projection("gate", query_shape, values, activation="sigmoid")
        self._value_dense = self._projection("value", value_shape, values)
        rank = len(value_shape) + 1
        if self.attention_axes is None:
            self.attention_axes = tuple(range(1, rank - 2))
        else:
            self.attention_axes = tuple(axis if axis >= 0 else rank - 1 + axis for axis in self.attention_axes)
        count = len(self.attention_axes)
        self._to_scores, self._to_output = _equations(rank, self.attention_axes)
        scores_rank = rank - 1 + count
        self._softmax = Softmax(tuple(range(scores_rank - count, scores_rank)), dtype=self.dtype_policy)
        self._dropout_layer = Dropout(self.dropout, dtype=self.dtype_policy, seed=self.seed)
        output = list(self._output_shape or query_shape[-1:])
        self._output_dense = self._projection("attention_output", (*query_shape[:-1], *values), output, bound=2)

    @property
    def query_dense(self) -> EinsumDense:
        """The projection of queries."""
        return self._query_dense

    @property
    def key_dense(self) -> EinsumDense:
        """The projection of keys."""
        return self._key_dense

    @property
    def value_dense(self) -> EinsumDense:
        """The projection of values."""
        return self._value_dense

    @property
    def output_dense(self) -> EinsumDense:
        """The projection of what the heads return."""
        return self._output_dense

    # Calls

    def call(self, query: Tensor, value: Tensor, key: Any = None, query_mask: Any = None, value_mask: Any = None,
             key_mask: Any = None, attention_mask: Any = None, return_attention_scores: bool = False,
             training: Any = None, use_causal_mask: bool = False) -> Any:
        key = value if key is None else key
        query_mask = tags.get_mask(query)
        for x in (query, value, key):  # They count from here on as parts of `mask` only, as in Keras.
            tags.set_mask(x, None)
        mask = self._mask(query, value, query_mask, value_mask, key_mask, attention_mask, use_causal_mask)
        gate = self._gate_dense(query) if self._use_gate else None
        queries, keys, values = self._query_dense(query), self._key_dense(key), self._value_dense(value)
        if self._flash_attention and (return_attention_scores or len(queries.shape) == 4):
            raise ValueError("Returning attention scores is not supported when flash attention is enabled. Please disable "
                             "flash attention to access attention scores." if return_attention_scores else
                             "Flash attention is not supported in tensorflow backend.")
        plain = not (self.dropout > 0.0 or return_attention_scores) and len(queries.shape) == 4
        scores = (self._plain_scores if plain else self._scores)(queries, keys, mask)
        kept = self._dropout_layer(scores, training=training) if self.dropout > 0.0 else scores
        output = tf.einsum(self._to_output, kept, values)
        output = self._output_dense(output if gate is None else output * gate)
        return (output, scores) if return_attention_scores else output

    def _for_scores(self, mask: Tensor, scores: Tensor) -> Tensor:
        """A mask with axes for the heads, and for whatever else its scores have."""
        while len(mask.shape) < len(scores.shape):
            mask = tf.expand_dims(mask, -2 * len(self.attention_axes) - 1)
        return mask

    def _scores(self, queries: Tensor, keys: Tensor, mask: Any) -> Tensor:
        """What each step counts for each row. A row that may attend to nothing has zeros."""
        scores = tf.einsum(self._to_scores, keys, queries * tf.cast(1.0 / math.sqrt(self.key_dim), queries.dtype))
        return self._softmax(scores, mask=None if mask is None else self._for_scores(mask, scores))

    def _plain_scores(self, queries: Tensor, keys: Tensor, mask: Any) -> Tensor:
        """The same in float32 at least. A row that may attend to nothing attends to all steps alike."""
        scores = tf.einsum(self._to_scores, keys, queries)
        scores = wide(scores) * (1.0 / math.sqrt(self.key_dim))
        if mask is not None:
            scores = tf.where(self._for_scores(mask, scores), scores, 0.7 * scores.dtype.min)
        return tf.cast(tf.nn.softmax(scores), keys.dtype)

    def _mask(self, query: Tensor, value: Tensor, query_mask: Any, value_mask: Any, key_mask: Any, attention_mask: Any,
              use_causal_mask: bool) -> Any:
        """Which steps each row may attend to, shape `(batch, rows, steps)`; None for all."""
        parts = [None if attention_mask is None else tf.cast(attention_mask, tf.bool)]
        if query_mask is not None:
            parts.append(tf.expand_dims(tf.cast(query_mask, tf.bool), -1))
        parts += [tf.expand_dims(tf.cast(m, tf.bool), -2) for m in (value_mask, key_mask) if m is not None]
        if use_causal_mask or self._sliding_window is not None:
            rows, steps = tf.range(tf.shape(query)[1])[:, None], tf.range(tf.shape(value)[1])[None, :]
            if use_causal_mask:
                parts.append(tf.expand_dims(rows >= steps, 0))
            if self._sliding_window is not None:
                parts.append(tf.expand_dims(tf.abs(rows - steps) < self._sliding_window, 0))
        found = None
        for part in parts:
            if part is not None:
                found = part if found is None else tf.logical_and(found, part)
        return found

    def compute_output_shape(self, query_shape: Shape, value_shape: Shape, key_shape: Shape | None = None) -> Shape:
        _check_shapes(value_shape, value_shape if key_shape is None else key_shape)
        return (*query_shape[:-1], *self._output_shape) if self._output_shape else tuple(query_shape)

    def compute_output_spec(self, query: Any, value: Any, key: Any = None, query_mask: Any = None, value_mask: Any = None,
                            key_mask: Any = None, attention_mask: Any = None, return_attention_scores: bool = False,
                            training: Any = None, use_causal_mask: bool = False) -> Any:
        shape = self.compute_output_shape(query.shape, value.shape, None if key is None else key.shape)
        output = KerasTensor(shape, self.compute_dtype)
        if not return_attention_scores:
            return output
        rows = query.shape[1]
        return output, KerasTensor((query.shape[0], self.num_heads, rows, rows), self.compute_dtype)

    def get_config(self) -> Config:
        config = {
            **super().get_config(), "num_heads": self.num_heads, "key_dim": self.key_dim, "value_dim": self.value_dim,
            "dropout": self.dropout, "use_bias": self.use_bias, "use_gate": self._use_gate,
            "output_shape": self._output_shape, "attention_axes": self.attention_axes,
            "sliding_window": self._sliding_window,
        }  # fmt: skip
        config |= {name: _MODULES[name.rpartition("_")[2]].serialize(value) for name, value in self._settings.items()}
        return {**config, "seed": self.seed}


def _checked_shape(output_shape: Any) -> Any:
    if not output_shape:
        return output_shape
    if isinstance(output_shape, int):
        return (output_shape,)
    try:
        return tuple(output_shape)
    except TypeError:
        raise ValueError(f"Invalid `output_shape`: {output_shape}. When specified, the `output_shape` should be of type "
                         "tuple, list, or int.") from None


def _check_shapes(value_shape: Shape, key_shape: Shape) -> None:
    if tuple(value_shape[1:-1]) != tuple(key_shape[1:-1]):
        raise ValueError("All dimensions of `value` and `key`, except the last one, must be equal. Received: "
                         f"value_shape={value_shape} and key_shape={key_shape}")


def _equations(rank: int, axes: tuple[int, ...]) -> tuple[str, str]:
    """The products of keys and queries, and of scores and values, each of this rank with its heads before the last axis."""
    query = ascii_lowercase[:rank]
    other = iter(ascii_lowercase[rank:])
    key = "".join(next(other) if i in axes else letter for i, letter in enumerate(query))
    batch = "".join(letter for i, letter in enumerate(query[:-1]) if i not in axes)
    scores = batch + "".join(query[i] for i in axes) + "".join(key[i] for i in axes)
    return f"{key},{query}->{scores}", f"{scores},{key}->{query}"
