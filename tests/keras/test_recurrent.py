"""Layers along sequences: what they promise beyond the golden values."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg.keras import layers

X = np.random.default_rng(0).standard_normal((3, 6, 4)).astype("float32")


@pytest.mark.parametrize("name", ["LSTM", "GRU"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64", "mixed_bfloat16"])
def test_one_op_computes_what_the_steps_compute(name: str, dtype: str) -> None:
    layer = getattr(layers, name)(5, return_sequences=True, dtype=dtype, recurrent_initializer="glorot_uniform")
    x = tf.cast(X, layer.compute_dtype)
    mask = np.arange(6) < np.array([[6], [4], [0]])
    found = []
    for choice in ("auto", False):
        layer.use_cudnn = choice
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, mask=tf.constant(mask))
            total = tf.reduce_sum(tf.cast(y, tf.float64) ** 2)
        found.append([y, *tape.gradient(total, [x, *layer.trainable_weights])])
    tolerance = 1e-12 if dtype == "float64" else 2e-2 if "bfloat16" not in dtype else 0.15
    for one, other in zip(*found):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(tf.cast(one, tf.float64), tf.cast(other, tf.float64), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("name", "compiled"), [
    ("LSTM", False), ("GRU", False), ("SimpleRNN", False), ("LSTM", True), ("GRU", True)])
def test_a_traced_function_takes_sequences_of_any_length(name: str, compiled: bool) -> None:
    if compiled:
        pytest.importorskip("jax")
    layer = getattr(layers, name)(3, return_sequences=True, return_state=True)
    layer.build((None, None, 4))

    def step(x: tf.Tensor, mask: tf.Tensor) -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            y, state, *_ = layer(x, mask=mask)
            total = tf.reduce_sum(y * y) + tf.reduce_sum(state)
        return [y, *tape.gradient(total, layer.trainable_weights)]

    traced = tf.function(step, jit_compile=compiled, reduce_retracing=True, input_signature=[
        tf.TensorSpec([None, None, 4], tf.float32), tf.TensorSpec([None, None], tf.bool)])
    for length in (6, 3):
        x, mask = tf.constant(X[:, :length]), tf.constant(np.arange(length) != np.array([[1], [5], [0]]))
        for got, wanted in zip(traced(x, mask), step(x, mask)):
            np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-5)


def test_a_long_loop_and_an_unrolled_one_agree() -> None:
    x = tf.constant(np.random.default_rng(1).standard_normal((2, 40, 3)).astype("float32"))
    layer = layers.SimpleRNN(3, return_sequences=True)
    eager = layer(x)
    for layer.unroll in (False, True):
        np.testing.assert_allclose(tf.function(layer)(x), eager, rtol=1e-5, atol=1e-6)


def test_the_gradient_of_an_embedding_has_only_the_rows_that_were_used() -> None:
    layer = layers.Embedding(1000, 4)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(tf.constant([[1, 5], [5, 9]])) ** 2)
    gradient = tape.gradient(loss, layer.embeddings)
    assert isinstance(gradient, tf.IndexedSlices)
    assert gradient.indices.numpy().ravel().tolist() == [1, 5, 5, 9]
    before = layer.embeddings.numpy()
    tf.keras.optimizers.SGD(0.1).apply_gradients([(gradient, layer.embeddings)])
    changed = np.flatnonzero((layer.embeddings.numpy() != before).any(1))
    assert changed.tolist() == [1, 5, 9]


def test_configs_make_equal_layers() -> None:
    for layer in (layers.LSTM(2, dropout=0.1), layers.GRU(2, reset_after=False), layers.SimpleRNN(2),
                  layers.Bidirectional(layers.LSTM(2)), layers.TimeDistributed(layers.Dense(2)),
                  layers.RNN([layers.LSTMCell(2), layers.GRUCell(3)]), layers.Embedding(4, 2)):
        copy = layers.deserialize(layers.serialize(layer))
        assert type(copy) is type(layer)
        assert copy.get_config() == layer.get_config()


def test_dropped_inputs_are_the_same_at_every_step_and_new_in_every_call() -> None:
    layer = layers.LSTM(3, dropout=0.5, seed=1, return_sequences=True, kernel_initializer="ones", use_bias=False,
                        recurrent_initializer="zeros")
    x = tf.ones([1, 4, 8])
    one, other = layer(x, training=True).numpy(), layer(x, training=True).numpy()
    assert not np.allclose(one, other) or not np.allclose(one, layer(x, training=True))
    np.testing.assert_array_equal(layer(x), layer(x, training=False))
    assert layer.cell._dropout_mask is None
