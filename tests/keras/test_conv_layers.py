"""Layers that convolve, pool and normalize batches: what they promise beyond the golden values."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


@pytest.mark.parametrize("name", ["Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose",
                                  "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"])
def test_channels_first_is_channels_last_transposed(name: str) -> None:
    kwargs = {} if name.startswith("Depthwise") else {"filters": 4}
    rank = int(name.split("D")[-2][-1])
    last = getattr(tf.keras.layers, name)(kernel_size=2, **kwargs)
    first = getattr(tf.keras.layers, name)(kernel_size=2, data_format="channels_first", **kwargs)
    x = np.random.default_rng(0).standard_normal((2, *range(4, 4 + rank), 3)).astype("float32")
    there = [0, rank + 1, *range(1, rank + 1)]
    y = last(x)
    first.build((2, 3, *x.shape[1:-1]))
    first.set_weights(last.get_weights())
    z = first(x.transpose(there))
    np.testing.assert_allclose(z, y.numpy().transpose(there), rtol=1e-5, atol=1e-6)
    assert z.shape == tuple(first.compute_output_shape((2, 3, *x.shape[1:-1])))


@pytest.mark.parametrize("name", ["MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D",
                                  "AveragePooling3D"])
def test_pooling_channels_first_has_the_gradient_of_channels_last(name: str) -> None:
    rank = int(name[-2])
    x = np.random.default_rng(1).standard_normal((2, *range(4, 4 + rank), 3)).astype("float32")
    there = [0, rank + 1, *range(1, rank + 1)]
    back = [0, *range(2, rank + 2), 1]
    gradients = []
    for data_format, value in (("channels_last", x), ("channels_first", x.transpose(there))):
        v = tf.constant(value)
        with tf.GradientTape() as tape:
            tape.watch(v)
            y = getattr(tf.keras.layers, name)(2, padding="same", data_format=data_format)(v)
            loss = tf.reduce_sum(y ** 3)
        gradients.append(tape.gradient(loss, v).numpy())
    np.testing.assert_allclose(gradients[1].transpose(back), gradients[0], rtol=1e-5, atol=1e-6)


def test_the_statistics_of_a_batch_stand_far_from_zero() -> None:
    """A mean a thousand times the deviation does not spoil the variance."""
    x = (np.random.default_rng(2).standard_normal((64, 9, 9, 3)) + 1000.0).astype("float32")
    layer = tf.keras.layers.BatchNormalization(momentum=0.0)
    y = layer(x, training=True).numpy()
    wide = x.astype("float64")
    np.testing.assert_allclose(layer.moving_variance, wide.var((0, 1, 2)), rtol=1e-5)
    np.testing.assert_allclose(y.std((0, 1, 2)), 1.0, rtol=1e-3)


def test_a_frozen_batch_normalization_infers() -> None:
    layer = tf.keras.layers.BatchNormalization()
    layer.build((None, 4))
    layer.trainable = False
    x = np.ones((3, 4), "float32") * 5
    np.testing.assert_allclose(layer(x, training=True), x / np.sqrt(1.001), rtol=1e-6)
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(4))
