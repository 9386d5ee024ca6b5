"""The fused recurrent blocks: what they refuse, and the gradient of the second LSTM, which is wrong in TensorFlow."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

_FIRST = np.r_[0:4, 8:12, 4:8, 12:16]
"""The gates of `BlockLSTMV2` in the order of `BlockLSTM`."""


def _inputs() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    shapes = {"x": (3, 2, 3), "cs_prev": (2, 4), "h_prev": (2, 4), "w": (7, 16), "wci": (4,), "wcf": (4,), "wco": (4,),
              "b": (16,)}
    return {name: tf.constant(rng.standard_normal(shape), tf.float32) for name, shape in shapes.items()}


def test_both_layers_have_the_same_gradient_but_for_the_order_of_gates() -> None:
    given = _inputs()
    reordered = {**given, "w": tf.gather(given["w"], _FIRST, axis=1), "b": tf.gather(given["b"], _FIRST)}
    options = {"seq_len_max": tf.constant(2, tf.int64), "cell_clip": 0.0, "use_peephole": True}
    found = []
    for function, inputs in ((tf.raw_ops.BlockLSTMV2, given),
                             (lambda **k: tf.raw_ops.BlockLSTM(forget_bias=0.0, **k), reordered)):
        with tf.GradientTape() as tape:
            tape.watch(list(inputs.values()))
            total = tf.reduce_sum(function(**inputs, **options)[6] ** 2)
        found.append(dict(zip(inputs, tape.gradient(total, list(inputs.values())), strict=True)))
    for name in given:
        got = found[0][name].numpy()
        got = got[..., _FIRST] if name in ("w", "b") else got
        assert np.abs(got).max() > 0
        np.testing.assert_allclose(got, found[1][name].numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("wrong, message", [
    ({"x": (3, 2)}, "x must be rank 3 but is rank 2"), ({"cs_prev": (1, 4)}, r"cs_prev.dims\(0\) != batch_size: 1 vs. 2"),
    ({"h_prev": (2, 3)}, r"h_prev.dims\(1\) != cell_size: 3 vs. 4"), ({"w": (3, 16)}, r"input_size \+ cell_size: 3 vs. 7"),
    ({"w": (7, 15)}, r"cell_size \* 4: 15 vs. 16"), ({"wci": (2,)}, "cell_size: 2 vs. 4"), ({"b": (3,)}, "3 vs. 16")])
def test_shapes_of_a_layer_must_fit(wrong: dict[str, Any], message: str) -> None:
    inputs = _inputs() | {name: tf.zeros(shape) for name, shape in wrong.items()}
    for function in (tf.raw_ops.BlockLSTM, tf.raw_ops.BlockLSTMV2):
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            function(seq_len_max=tf.constant(3, tf.int64), **inputs)


def test_no_more_steps_than_there_are() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="3 steps"):
        tf.raw_ops.BlockLSTM(seq_len_max=tf.constant(4, tf.int64), **_inputs())
    with pytest.raises(tf.errors.InvalidArgumentError, match="rank 0"):
        tf.raw_ops.BlockLSTM(seq_len_max=tf.constant([3], tf.int64), **_inputs())


def test_a_cell_refuses_an_empty_state() -> None:
    inputs = _inputs() | {"x": tf.zeros([0, 3]), "cs_prev": tf.zeros([0, 4]), "h_prev": tf.zeros([0, 4])}
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"cs_prev_tensor is empty, has shape: \(0,4\)"):
        tf.raw_ops.LSTMBlockCell(**inputs)


def test_a_compiled_layer_is_the_interpreted_one() -> None:
    inputs = _inputs()

    def layer(steps: Any, inputs: dict[str, Any]) -> Any:
        return list(tf.raw_ops.BlockLSTM(seq_len_max=steps, **inputs))
    steps = tf.constant(2, tf.int64)
    compiled = tf.function(layer, jit_compile=True)(steps, inputs)
    for got, expected in zip(compiled, layer(steps, inputs), strict=True):
        np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("wrong, message", [
    ({"x": (3,)}, "Rank of x must be 2, got 1"), ({"h_prev": (1, 4)}, r"h_prev.dims\(0\) != batch_size: 1 vs. 2"),
    ({"w_ru": (7, 5)}, r"cell_size \* 2: 5 vs. 8"), ({"b_c": (2,)}, r"b_c.*cell_size: 2 vs. 4")])
def test_shapes_of_a_gru_must_fit(wrong: dict[str, Any], message: str) -> None:
    shapes = {"x": (2, 3), "h_prev": (2, 4), "w_ru": (7, 8), "w_c": (7, 4), "b_ru": (8,), "b_c": (4,)} | wrong
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        tf.raw_ops.GRUBlockCell(**{name: tf.zeros(shape) for name, shape in shapes.items()})
