"""Every layer gives the same numbers eagerly, interpreted and compiled: called by itself, and trained in a model."""
from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from tests.keras.mode_cases import MODES, WITHOUT, Mode

import thalweg as tf
from thalweg.keras import layers

IDS = [f"{i} {mode.name}" for i, mode in enumerate(MODES)]
FIRST = list({mode.name: mode for mode in reversed(MODES)}.values())[::-1]
"""One case of each layer."""


@pytest.fixture(autouse=True)
def as_functions_are() -> Iterator[None]:
    yield
    tf.config.run_functions_eagerly(False)


def test_every_layer_has_a_case() -> None:
    found = {cls.__name__ for cls in (getattr(layers, name) for name in dir(layers))
             if inspect.isclass(cls) and issubclass(cls, layers.Layer)}
    assert found - set(WITHOUT) == {mode.name for mode in MODES}


def _outcome(mode: Mode, jit_compile: bool | None) -> list[Any]:
    """Values and gradients in inference and in training, of two calls, and the weights after them.

    Args:
      mode: the case.
      jit_compile: as of `tf.function`; None for plain eager code.
    """
    tf.keras.utils.set_random_seed(11)
    layer = mode.make()
    several = isinstance(mode.x, list)
    tensors = [tf.constant(array) for array in (mode.x if several else [mode.x])]
    layer(tensors if several else tensors[0], **mode.kwargs)  # builds it

    def step(*tensors: Any) -> list[Any]:
        results: list[Any] = []
        watched = [t for t in tensors if t.dtype.is_floating]
        for training in (False, True) if layer._call_has_training_arg else (None,):
            kwargs = mode.kwargs if training is None else {**mode.kwargs, "training": training}
            with tf.GradientTape() as tape:
                tape.watch(watched)
                outputs = tf.nest.flatten(layer(list(tensors) if several else tensors[0], **kwargs))
                total = tf.add_n([tf.reduce_sum(tf.sin(tf.cast(y, tf.float32) * 3.0)) for y in outputs])
                total += tf.add_n(layer.losses) if layer.losses else 0.0
            gradients = tape.gradient(total, [*watched, *layer.trainable_weights])
            assert gradients
            results += [*outputs, *[tf.zeros([]) if g is None else tf.convert_to_tensor(g) for g in gradients]]
        return results

    tf.config.run_functions_eagerly(jit_compile is None)
    function = tf.function(step, jit_compile=jit_compile)
    return [*function(*tensors), *function(*tensors), *layer.get_weights()]


def _assert_close(got: list[Any], wanted: list[Any], half: bool = False) -> None:
    tolerance = 5e-3 if half else 2e-5
    assert len(got) == len(wanted)
    for one, other in zip(got, wanted):
        one, other = np.asarray(one), np.asarray(other)
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("mode", MODES, ids=IDS)
def test_a_call_is_the_same(mode: Mode) -> None:
    wanted = _outcome(mode, None)
    half = any(np.asarray(value).dtype == np.float16 for value in wanted)
    _assert_close(_outcome(mode, False), wanted, half)
    pytest.importorskip("jax")
    _assert_close(_outcome(mode, True), wanted, half)


def _trained(mode: Mode, **settings: Any) -> list[Any]:
    """Losses and weights after two steps of a model that holds the layer between others."""
    tf.keras.utils.set_random_seed(11)
    arrays = mode.x if isinstance(mode.x, list) else [mode.x]
    inputs = [tf.keras.Input(batch_shape=a.shape, dtype=a.dtype.name) for a in arrays]
    inner = [layers.Dense(a.shape[-1])(i) if a.dtype.kind == "f" else i for a, i in zip(arrays, inputs)]
    kwargs = {name: tf.constant(value) for name, value in mode.kwargs.items()}
    y = mode.make()(inner if isinstance(mode.x, list) else inner[0], **kwargs)
    model = tf.keras.Model(inputs, layers.Dense(1)(layers.Flatten()(tf.nest.flatten(y)[0])))
    model.compile(tf.keras.optimizers.SGD(0.01), "mse", **settings)
    batch = len(arrays[0])
    history = model.fit(arrays, np.ones((batch, 1), "float32"), batch_size=batch, epochs=2, verbose=0, shuffle=False)
    return [history.history["loss"], *model.get_weights()]


@pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask attached")
@pytest.mark.parametrize("mode", FIRST, ids=[mode.name for mode in FIRST])
def test_training_is_the_same(mode: Mode) -> None:
    wanted = _trained(mode, run_eagerly=True)
    _assert_close(_trained(mode, jit_compile=False), wanted)
    pytest.importorskip("jax")
    _assert_close(_trained(mode, jit_compile=True), wanted)
