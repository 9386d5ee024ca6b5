"""Layers that attend: what they promise beyond the golden values."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg.keras import layers

X = np.random.default_rng(0).standard_normal((2, 5, 4)).astype("float32")


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("make", [
    lambda **kwargs: layers.MultiHeadAttention(2, 3, **kwargs),
    lambda **kwargs: layers.MultiHeadAttention(2, 3, dropout=0.5, **kwargs),
    lambda **kwargs: layers.EinsumDense("abc,cd->abd", (None, 3), bias_axes="d", **kwargs),
], ids=["heads", "heads that drop", "dense"])
def test_half_precision_is_near_single(make: Any, policy: str) -> None:
    single, half = make(), make(dtype=policy)
    arguments = [X] if isinstance(single, layers.EinsumDense) else [X, X]
    wanted = single(*arguments)
    half(*arguments)
    half.set_weights(single.get_weights())
    found = half(*arguments)
    assert found.dtype.name == policy.removeprefix("mixed_")
    assert all(weight.dtype == "float32" for weight in half.get_weights())
    np.testing.assert_allclose(tf.cast(found, tf.float32), wanted, rtol=0.05, atol=0.05)


def test_a_causal_row_does_not_see_what_comes_later() -> None:
    layer = layers.MultiHeadAttention(2, 3)
    before = layer(X, X, use_causal_mask=True).numpy()
    changed = X.copy()
    changed[:, 3:] += 1.0
    after = layer(changed, changed, use_causal_mask=True).numpy()
    np.testing.assert_array_equal(after[:, :3], before[:, :3])
    assert not np.allclose(after[:, 3:], before[:, 3:])


def test_sequences_of_any_length_in_one_traced_function() -> None:
    layer = layers.MultiHeadAttention(2, 3)
    layer.build((None, None, 4), (None, None, 4))
    traced = tf.function(lambda x: layer(x, x, use_causal_mask=True),
                         input_signature=[tf.TensorSpec([None, None, 4], tf.float32)])
    for length in (5, 2):
        np.testing.assert_allclose(traced(X[:, :length]), layer(X[:, :length], X[:, :length], use_causal_mask=True),
                                   rtol=1e-5, atol=1e-6)


def test_the_kernels_of_the_projections_differ() -> None:
    layer = layers.MultiHeadAttention(2, 2, kernel_initializer=tf.keras.initializers.GlorotUniform(seed=None))
    layer.build((2, 3, 4), (2, 3, 4))
    kernels = [part.kernel.numpy() for part in (layer.query_dense, layer.key_dense, layer.value_dense)]
    assert not np.allclose(kernels[0], kernels[1]) and not np.allclose(kernels[1], kernels[2])


def test_configs_make_equal_layers() -> None:
    for layer in (layers.MultiHeadAttention(2, 3, output_shape=5, kernel_regularizer="l2"), layers.Attention(True),
                  layers.AdditiveAttention(dropout=0.1), layers.EinsumDense("ab,bc->ac", 3, activation="relu")):
        copy = layers.deserialize(layers.serialize(layer))
        assert type(copy) is type(layer)
        assert copy.get_config() == layer.get_config()
