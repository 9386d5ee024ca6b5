"""Training: what `fit` promises beyond the golden values."""
from __future__ import annotations

import inspect
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.keras.training_cases import CLASSES, X, Y, net, trained

import thalweg as tf
from thalweg.keras.training.data.epochs import Epochs
from thalweg.keras.training.data.shuffle import batches
from thalweg.keras.training.data.sources import source_of


def compiled(**kwargs: Any) -> Any:
    tf.keras.utils.set_random_seed(1)
    model = net(tf.keras)
    model.compile("sgd", "mse", **kwargs)
    return model


def weights_after(*args: Any, **kwargs: Any) -> Any:
    model = compiled()
    model.fit(*args, verbose=0, **kwargs)
    return np.concatenate([w.ravel() for w in model.get_weights()])


# Forms of data


def test_arrays_tensors_and_data_frames_train_alike() -> None:
    wanted = weights_after(X, Y)
    frame = pd.DataFrame(X, columns=list("abcdef"))
    for x, y in ((tf.constant(X), tf.constant(Y)), (X.astype("float64"), Y.astype("int64")), (frame, pd.Series(Y[:, 0])),
                 (X, Y[:, 0])):
        np.testing.assert_allclose(weights_after(x, y), wanted, rtol=1e-6)


def test_a_frame_of_numbers_and_truth_values() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [True, False, True], "c": [1, 2, 3]})
    model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(1, kernel_initializer="ones")])
    np.testing.assert_allclose(model.predict(frame, verbose=0)[:, 0], [3.0, 4.0, 7.0])


def test_columns_by_name() -> None:
    inputs = {name: tf.keras.Input((1,), name=name) for name in "ab"}
    model = tf.keras.Model(inputs, tf.keras.layers.Concatenate()([inputs["a"], inputs["b"]]))
    frame = pd.DataFrame({"b": [3.0, 4.0], "a": [1.0, 2.0]})
    np.testing.assert_allclose(model.predict(dict(frame), verbose=0), [[1.0, 3.0], [2.0, 4.0]])


def test_an_iterable_with_element_spec_is_a_data_set() -> None:
    class Data:
        element_spec = None

        def __iter__(self) -> Iterator[Any]:
            for start in range(0, 50, 10):
                yield tf.constant(X[start:start + 10]), tf.constant(Y[start:start + 10])

        def cardinality(self) -> Any:
            return tf.constant(5)

    wanted = weights_after(X, Y, batch_size=10, epochs=2, shuffle=False)
    np.testing.assert_allclose(weights_after(Data(), epochs=2, shuffle=False), wanted, rtol=1e-6)
    assert compiled().evaluate(Data(), verbose=0) == pytest.approx(compiled().evaluate(X, Y, verbose=0), rel=1e-5)


def test_batches_in_order_are_views() -> None:
    source = source_of(X, Y, batch_size=20)
    assert [tuple(x.shape) for x, _ in source.epoch()] == [(20, 6), (20, 6), (10, 6)]
    assert source.num_batches == 3


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from([True, False, "batch"]), st.sampled_from([None, 3]))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_sample_comes_once_an_epoch(count: int, size: int, shuffle: bool | str, seed: int | None) -> None:
    tf.random.set_seed(seed)
    rows = [np.arange(count)[part] for part in batches(count, size, shuffle)]
    assert sorted(np.concatenate(rows).tolist()) == list(range(count))
    assert [len(part) for part in rows[:-1]] == [size] * (len(rows) - 1)


def test_a_seed_repeats_the_order_and_its_absence_does_not() -> None:
    def order() -> list[int]:
        return np.concatenate(list(batches(50, 50, True))).tolist()

    tf.random.set_seed(4)
    first = order()
    assert order() == first
    tf.random.set_seed(5)
    assert order() != first
    tf.random.set_seed(None)
    assert order() != order()


def test_epochs_of_some_steps_go_on_where_the_last_one_stopped() -> None:
    def numbers() -> Iterator[Any]:
        yield from ((np.full((1, 1), n),) for n in range(5))

    epochs = Epochs(source_of(numbers()), 2)
    seen = [[int(batch[0][0, 0]) for _, batch in epochs] for _ in range(2)]
    assert seen == [[0, 1], [2, 3]]
    with pytest.warns(UserWarning, match="ran out of data"):
        assert [int(batch[0][0, 0]) for _, batch in epochs] == [4]


# The loop


def test_metrics_are_read_only_when_someone_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    from thalweg.keras.callbacks import callback_list

    calls: list[Any] = []
    real = callback_list.pythonify_logs
    monkeypatch.setattr(callback_list, "pythonify_logs", lambda logs: calls.append(logs) or real(logs))
    model = compiled()
    model.fit(X, Y, batch_size=1, verbose=0)
    assert len(calls) < 10


def test_the_model_can_be_trained_again_and_keeps_its_optimizer() -> None:
    model = compiled()
    model.fit(X, Y, epochs=2, verbose=0, batch_size=10)
    model.fit(X, Y, epochs=1, verbose=0, batch_size=10)
    assert int(model.optimizer.iterations) == 15


def test_weights_of_frozen_layers_stay() -> None:
    model = net(tf.keras)
    model.layers[0].trainable = False
    model.compile("adam", "mse")
    before = model.get_weights()
    model.fit(X, Y, verbose=0)
    after = model.get_weights()
    assert np.array_equal(before[0], after[0]) and not np.array_equal(before[2], after[2])


def test_nothing_to_train_is_said() -> None:
    model = net(tf.keras)
    model.trainable = False
    model.compile("adam", "mse")
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        model.fit(X, Y, verbose=0)


def test_layers_built_by_fit_are_built_for_any_batch() -> None:
    model = tf.keras.Sequential([tf.keras.layers.Dense(2), tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    assert model.input_shape == (None, 6) and model.output_shape == (None, 1)
    assert model.layers[0].get_build_config() == {"input_shape": (None, 6)}


def test_losses_may_have_no_labels() -> None:
    class Own(tf.keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.d = tf.keras.layers.Dense(6)

        def call(self, inputs: Any) -> Any:
            y = self.d(inputs)
            self.add_loss(tf.reduce_mean((y - inputs) ** 2))
            return y

    model = Own()
    model.compile("sgd")
    history = model.fit(X, epochs=3, verbose=0).history["loss"]
    assert history[0] > history[-1]


def test_stop_training_ends_the_epoch_at_once() -> None:
    class Stop(tf.keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.stop_training = batch == 2

    model = compiled()
    model.fit(X, Y, batch_size=5, verbose=0, callbacks=[Stop()], epochs=3)
    assert int(model.optimizer.iterations) == 3


def test_an_interrupt_waits_for_the_end_of_the_step() -> None:
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("signals reach the main thread only")

    class Net(tf.keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.steps = self.add_weight(name="steps", initializer="zeros", trainable=False)
            self.ends = self.add_weight(name="ends", initializer="zeros", trainable=False)
            self.d = tf.keras.layers.Dense(1)

        def call(self, inputs: Any) -> Any:
            return self.d(inputs)

        def train_step(self, data: Any) -> Any:
            self.steps.assign_add(1.0)
            if int(self.steps) == 2:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.01)
            logs = super().train_step(data)
            self.ends.assign_add(1.0)
            return logs

    model = Net()
    model.compile("sgd", "mse", run_eagerly=True)  # the step looks at a value
    outside = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores the signal
    try:
        with pytest.raises(KeyboardInterrupt):
            model.fit(X, Y, batch_size=10, epochs=5, verbose=0)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, outside)
    assert (float(model.steps), float(model.ends)) == (2.0, 2.0)
    model.fit(X, Y, batch_size=10, verbose=0)
    assert model.predict(X, verbose=0).shape == (50, 1)


def test_training_in_a_thread() -> None:
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(compiled().fit(X, Y, verbose=0).history))
    thread.start()
    thread.join()
    assert len(results[0]["loss"]) == 1


def test_mixed_precision_trains() -> None:
    tf.keras.utils.set_random_seed(1)
    layers = tf.keras.layers
    model = tf.keras.Sequential([tf.keras.Input((6,)), layers.Dense(8, activation="relu", dtype="mixed_bfloat16"),
                                 layers.Dense(1, dtype="float32")])
    model.compile("adam", "mse")
    history = model.fit(X, Y, epochs=5, verbose=0).history["loss"]
    assert history[-1] < history[0]


def test_results_of_fit_are_plain_numbers() -> None:
    results = trained(compiled(metrics=["mae"]), X, Y, validation_data=(X, Y))
    assert results["names"] == ["loss", "mae", "val_loss", "val_mae"]
    model = compiled(metrics=["mae"])
    history = model.fit(X, Y, verbose=0)
    assert all(type(v) is float for values in history.history.values() for v in values)
    assert all(type(v) is float for v in model.evaluate(X, Y, verbose=0))
    assert history.params == {"verbose": 0, "epochs": 1, "steps": 2} and history.model is model


def test_integer_labels_of_every_kind() -> None:
    losses = set()
    for y in (CLASSES, CLASSES.astype("uint8"), CLASSES.astype("int32")[:, None], CLASSES.astype("float32")):
        tf.keras.utils.set_random_seed(0)
        model = net(tf.keras, 3, "softmax")
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
        losses.add(round(model.fit(X, y, verbose=0).history["loss"][0], 5))
    assert len(losses) == 1


def test_a_compiled_step_gives_the_same_numbers() -> None:
    plain = compiled(metrics=["mae"])
    traced = compiled(metrics=["mae"], jit_compile=True)
    for model in (plain, traced):
        tf.keras.utils.set_random_seed(2)
        model.fit(X, Y, epochs=3, batch_size=16, verbose=0)
    for a, b in zip(plain.get_weights(), traced.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def wide(**settings: Any) -> Any:
    """A model with enough work to be compiled."""
    model = tf.keras.Sequential([tf.keras.Input((6,)), tf.keras.layers.Dense(300, "tanh"), tf.keras.layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"], **settings)
    return model


@pytest.mark.parametrize("chosen", [{}, {"jit_compile": True}], ids=str)
def test_the_first_step_is_compiled(chosen: dict[str, Any]) -> None:
    pytest.importorskip("jax")
    model = wide(**chosen)
    model.train_on_batch(X, Y)
    model.evaluate(X, Y, batch_size=50, verbose=0)
    model.predict(X, batch_size=50, verbose=0)
    for function in (model.train_function, model.test_function, model.predict_function):
        assert "compiled for 1 kinds of arguments" in str(tf.explain(function))
    assert model.jit_compile is bool(chosen)


def test_labels_are_checked_once_before_the_step_is_compiled() -> None:
    pytest.importorskip("jax")
    model = tf.keras.Sequential([tf.keras.Input((6,)), tf.keras.layers.Dense(300, "tanh"), tf.keras.layers.Dense(3)])
    model.compile("sgd", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    with pytest.raises(tf.errors.InvalidArgumentError, match="outside the valid range"):
        model.train_on_batch(X, CLASSES + 1)
    model.train_on_batch(X, CLASSES)
    assert "compiled for 1 kinds of arguments" in str(tf.explain(model.train_function))


def test_a_rest_is_compiled_only_when_it_comes_again() -> None:
    pytest.importorskip("jax")
    model = wide()
    model.fit(X, Y, batch_size=40, verbose=0)
    assert str(tf.explain(model.train_function)).count("compiled for 1") == 1
    model.fit(X, Y, batch_size=40, verbose=0)
    assert str(tf.explain(model.train_function)).count("compiled for 1") == 2


def test_a_step_that_must_not_be_compiled_is_not() -> None:
    model = wide(jit_compile=False)
    model.fit(X, Y, batch_size=10, verbose=0)
    assert "interpreted: jit_compile=False" in str(tf.explain(model.train_function))
    model = wide(run_eagerly=True)
    model.fit(X, Y, batch_size=10, verbose=0)
    assert not isinstance(inspect.unwrap(model.train_function), type(tf.function(len)))
    with pytest.raises(TypeError, match="explain takes"):
        tf.explain(model.train_function)


def test_a_step_with_little_work_stays_interpreted() -> None:
    pytest.importorskip("jax")
    model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse")
    model.predict(np.ones((2, 2), "float32"), verbose=0)
    assert "too little work" in str(tf.explain(model.predict_function))


def test_jit_compile_may_be_set_later() -> None:
    model = wide()
    model.jit_compile = False
    model.fit(X, Y, verbose=0)
    assert "jit_compile=False" in str(tf.explain(model.train_function))
    with pytest.warns(UserWarning, match="`jit_compile` cannot also be True"):
        model.compile("sgd", "mse", run_eagerly=True, jit_compile=True)
    assert not model.jit_compile
    twin = tf.keras.Sequential([tf.keras.Input((6,)), tf.keras.layers.Dense(1)])
    twin.compile_from_config(model.get_compile_config())
    assert twin.run_eagerly and not twin.jit_compile


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_callbacks_are_called_after_several_steps(run_eagerly: bool) -> None:
    calls: list[Any] = []
    names = [f"on_{what}_batch_{when}" for what in ("train", "test", "predict") for when in ("begin", "end")]
    callback = tf.keras.callbacks.Callback()
    for name in names:
        setattr(callback, name, lambda batch, logs=None, name=name: calls.append((name, batch, dict(logs or {}))))
    plain, model = wide(), wide(steps_per_execution=2, run_eagerly=run_eagerly)
    model.set_weights(plain.get_weights())
    plain.fit(X, Y, batch_size=10, shuffle=False, verbose=0)
    model.fit(X, Y, batch_size=10, shuffle=False, verbose=0, callbacks=[callback])
    for a, b in zip(plain.get_weights(), model.get_weights()):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    model.evaluate(X, Y, batch_size=10, verbose=0, callbacks=[callback])
    found = model.predict(X, batch_size=10, verbose=0, callbacks=[callback])
    np.testing.assert_allclose(found, plain.predict(X, verbose=0), rtol=1e-4, atol=1e-5)
    steps = [(0, 1), (2, 3), (4, 5)]  # The number of the last counts a batch that is not there, as in Keras.
    assert [(name, batch) for name, batch, _ in calls] == [
        (names[2 * k + end], pair[end]) for k in range(3) for pair in steps for end in (0, 1)]
    assert [len(logs["outputs"]) for name, _, logs in calls if name == "on_predict_batch_end"] == [20, 20, 10]


def test_a_model_built_inside_a_traced_function() -> None:
    class Shift(tf.keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.calls = self.add_weight(name="calls", initializer="zeros", trainable=False)

        def call(self, inputs: Any) -> Any:
            self.calls.assign_add(1.0)
            return tf.concat([inputs, inputs], 1)

    model = tf.keras.Sequential([Shift(), tf.keras.layers.Dense(2)])
    function = tf.function(lambda x: model(x))
    y = function(tf.constant(X))
    assert y.shape == (50, 2) and float(model.layers[0].calls) == 1.0
    np.testing.assert_allclose(y, model(X), rtol=1e-5)


def test_a_copy_has_its_own_step() -> None:
    import copy

    model = compiled()
    model.fit(X, Y, verbose=0)
    assert model.train_function is not None
    twin = copy.deepcopy(model)
    assert twin.train_function is None
    np.testing.assert_allclose(twin.predict(X, verbose=0), model.predict(X, verbose=0))
