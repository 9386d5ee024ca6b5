"""Data sets as what Keras models learn from."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

X = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
Y = (X.sum(1) > 0).astype(np.float32)


def model() -> Any:
    tf.keras.utils.set_random_seed(1)
    made = tf.keras.Sequential([tf.keras.layers.Input((3,)), tf.keras.layers.Dense(1, activation="sigmoid")])
    made.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    return made


def test_a_data_set_trains_as_its_arrays_do() -> None:
    dataset = tf.data.Dataset.from_tensor_slices((X, Y)).batch(16).prefetch(tf.data.AUTOTUNE)
    one, other = model(), model()
    first = one.fit(dataset, epochs=2, validation_data=dataset, verbose=0).history
    second = other.fit(X, Y, batch_size=16, epochs=2, shuffle=False, validation_data=(X, Y), validation_batch_size=16,
                       verbose=0).history
    assert first.keys() == second.keys()
    for key in first:
        np.testing.assert_allclose(first[key], second[key], rtol=1e-5)
    np.testing.assert_allclose(one.evaluate(dataset, verbose=0), other.evaluate(X, Y, batch_size=16, verbose=0), rtol=1e-5)
    np.testing.assert_allclose(one.predict(dataset.map(lambda x, y: x), verbose=0), other.predict(X, verbose=0), rtol=1e-5)


def test_a_data_set_without_end_needs_steps() -> None:
    history = model().fit(tf.data.Dataset.from_tensor_slices((X, Y)).repeat().batch(8), epochs=2, steps_per_epoch=3, verbose=0)
    assert len(history.history["loss"]) == 2


def test_normalization_adapts_to_a_data_set() -> None:
    for dataset in (tf.data.Dataset.from_tensor_slices(X), tf.data.Dataset.from_tensor_slices(X).batch(7)):
        layer = tf.keras.layers.Normalization()
        layer.adapt(dataset)
        np.testing.assert_allclose(np.asarray(layer.mean)[0], X.mean(0), rtol=1e-4, atol=1e-6)
