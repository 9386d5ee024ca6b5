"""Every layer once or more, as the test of the modes calls it: how it is made, and its input."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from tests.keras import attention_cases, conv_cases, image_cases, layer_cases, normalization_cases, resizing_cases

import thalweg as tf
from thalweg.keras import layers

_RNG = np.random.default_rng(3)
_SEQUENCE = _RNG.uniform(-2, 2, (3, 2, 4)).astype("float32")
_IDS = np.array([[3, 0, 5, 3], [1, 0, 0, 2]], "int32")
_MASK = np.array([[1, 0], [0, 1], [0, 0]], bool)


class Mode(NamedTuple):
    """A layer and what it is called with."""

    name: str
    make: Callable[[], Any]
    x: Any
    """An array, or a list of arrays."""
    kwargs: dict[str, Any] = {}


def _named(name: str, kwargs: dict[str, Any], x: Any, **call: Any) -> Mode:
    return Mode(name, lambda: getattr(layers, name)(**kwargs), x, call)


class Encoded(layers.Layer):
    """Adds a weight to what an encoding returns, so that there is something to differentiate."""

    def __init__(self, encoding: Any) -> None:
        super().__init__()
        self.encoding = encoding

    def build(self, input_shape: Any) -> None:
        self.weight = self.add_weight(shape=(6,), initializer="ones", name="weight")

    def call(self, inputs: Any) -> Any:
        return self.encoding(inputs) * self.weight


class Heads(layers.Layer):
    """Calls a `MultiHeadAttention` with its parts of a list."""

    def __init__(self, heads: Any) -> None:
        super().__init__()
        self.heads = heads

    def build(self, input_shape: Any) -> None:
        self.heads.build(*input_shape)

    def call(self, inputs: Any, training: Any = None) -> Any:
        return self.heads(*inputs, training=training, use_causal_mask=True)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return self.heads.compute_output_shape(*input_shape)


def _heads(**kwargs: Any) -> Mode:
    return Mode("MultiHeadAttention", lambda: Heads(layers.MultiHeadAttention(**kwargs)), [_SEQUENCE, _SEQUENCE + 0.5])


class OneStep(layers.Layer):
    """Calls a cell once, with zeros for its states."""

    def __init__(self, cell: Any) -> None:
        super().__init__()
        self.cell = cell

    def build(self, input_shape: Any) -> None:
        self.cell.build(input_shape)

    def call(self, inputs: Any, training: Any = None) -> Any:
        output, states = self.cell(inputs, self.cell.get_initial_state(tf.shape(inputs)[0]), training=training)
        for cell in getattr(self.cell, "cells", [self.cell]):  # As `RNN` does: what is dropped belongs to one sequence.
            cell.reset_dropout_mask()
        return tf.concat([output, *tf.nest.flatten(states)], -1)


def _cell(name: str, **kwargs: Any) -> Mode:
    return Mode(name, lambda: OneStep(getattr(layers, name)(2, **kwargs)), _SEQUENCE[:, 0])


def _stacked() -> Any:
    return layers.StackedRNNCells([layers.SimpleRNNCell(2), layers.GRUCell(3, dropout=0.3, seed=4)])


_ALONG: list[tuple[str, dict[str, Any]]] = [
    *[(name, kwargs) for name in ("LSTM", "GRU", "SimpleRNN") for kwargs in (
        {"return_sequences": True},
        {"return_sequences": True, "return_state": True, "go_backwards": True, "use_bias": False},
        {"recurrent_dropout": 0.3, "dropout": 0.2, "seed": 3, "kernel_regularizer": "l2"},
    )],
    ("LSTM", {"recurrent_activation": "hard_sigmoid", "dropout": 0.5, "seed": 5}),
    ("GRU", {"reset_after": False, "return_sequences": True}),
    ("GRU", {"use_cudnn": False, "dropout": 0.5, "seed": 5}),
]  # fmt: skip
"""Layers along sequences: over whole sequences with one op, and step by step."""

_DIM = dict.fromkeys(("RandomBrightness", "RandomContrast"), {"value_range": (0.0, 1.5)})
"""What suits images of small numbers, of which the test can take the sine."""

MODES: list[Mode] = [
    *[_named(name, kwargs, x) for cases in (layer_cases, conv_cases, normalization_cases, resizing_cases)
      for name, kwargs, x in cases.LAYERS],
    *[_named(name, kwargs | _DIM.get(name, {}), x / 128) for name, kwargs, x in [*image_cases.LAYERS, *image_cases.CROPS]],
    *[_named(name, kwargs, x) for name, kwargs, x in attention_cases.DENSE],
    *[_named(name, kwargs, x, **{k: v for k, v in call.items() if k != "training"})
      for name, kwargs, x, call in attention_cases.PLAIN],
    *[_heads(num_heads=2, key_dim=2, **kwargs) for kwargs in ({}, {"dropout": 0.3, "seed": 5}, {"use_gate": True})],
    *[_named(name, {"units": 2, **kwargs}, _SEQUENCE) for name, kwargs in _ALONG],
    *[_named(name, {"units": 2, "return_sequences": True}, _SEQUENCE, mask=_MASK) for name in ("LSTM", "GRU", "SimpleRNN")],
    *[_named(name, {}, [_SEQUENCE[..., :2], _SEQUENCE[..., 2:]])
      for name in ("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract")],
    *[_cell(name, dropout=0.4, seed=2) for name in ("GRUCell", "LSTMCell", "SimpleRNNCell")],
    _named("Dot", {"axes": (2, 1)}, [_SEQUENCE, np.swapaxes(_SEQUENCE, 1, 2)]),
    Mode("CategoryEncoding", lambda: Encoded(layers.CategoryEncoding(6, "count")), _IDS),
    Mode("Discretization", lambda: Encoded(layers.Discretization([-1.0, -0.2, 0.5, 1.0, 1.5], output_mode="count")),
         _SEQUENCE[:, 0]),
    Mode("StackedRNNCells", lambda: OneStep(_stacked()), _SEQUENCE[:, 0]),
    Mode("RNN", lambda: layers.RNN(_stacked(), return_sequences=True), _SEQUENCE),
    Mode("Bidirectional", lambda: layers.Bidirectional(layers.LSTM(2, return_sequences=True), "ave"), _SEQUENCE),
    Mode("TimeDistributed", lambda: layers.TimeDistributed(layers.Dense(3, "tanh")), _SEQUENCE),
    _named("Embedding", {"input_dim": 6, "output_dim": 3, "embeddings_regularizer": "l2"}, _IDS),
    Mode("Lambda", lambda: layers.Lambda(lambda x: x ** 2 - tf.reduce_mean(x, 0)), _SEQUENCE),
]  # fmt: skip

WITHOUT = {
    **dict.fromkeys(("HashedCrossing", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization"),
                    "texts and tables are never compiled; `category_cases.py` calls them in functions"),
    "InputLayer": "holds no computation",
    "Layer": "the base of all",
    "Wrapper": "the base of those that hold another",
}
"""Layers without a case, and why."""
