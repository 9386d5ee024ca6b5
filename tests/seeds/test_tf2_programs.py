"""Programs that newcomers to TensorFlow 2 write, each on every engine."""
from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from seeds.engines import ENGINES, prepared

import thalweg as tf

Sequential, Input, Dense = tf.keras.Sequential, tf.keras.Input, tf.keras.layers.Dense
HOURS, SCORES = tf.keras.datasets.student_scores.load_data()

engines = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A small part of the handwritten digits, flat and between 0 and 1."""
    (x, y), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
    assert x.shape == (60000, 28, 28) and x.dtype == np.uint8 and x_test.shape == (10000, 28, 28)
    assert y[:3].tolist() == [5, 0, 4] and y[-3:].tolist() == [5, 6, 8]
    assert y_test[:3].tolist() == [7, 2, 1] and y_test[-3:].tolist() == [4, 5, 6]

    def flat(images: np.ndarray) -> np.ndarray:
        return images.reshape(-1, 28 * 28).astype("float32") / 255
    return flat(x[:2560]), y[:2560], flat(x_test[:500]), y_test[:500]


def test_tensors_and_how_they_print() -> None:
    grid = tf.constant(3, shape=[2, 3])
    assert str(grid) == "tf.Tensor(\n[[3 3 3]\n [3 3 3]], shape=(2, 3), dtype=int32)"
    assert str(tf.constant(3)) == "tf.Tensor(3, shape=(), dtype=int32)"
    digits = tf.constant([[3.0, 1.0, 4.0], [1.0, 5.0, 9.0]])
    assert str(digits) == "tf.Tensor(\n[[3. 1. 4.]\n [1. 5. 9.]], shape=(2, 3), dtype=float32)"
    again = tf.constant(digits.numpy())
    assert isinstance(digits.numpy(), np.ndarray)
    assert str(again == digits) == \
        "tf.Tensor(\n[[ True  True  True]\n [ True  True  True]], shape=(2, 3), dtype=bool)"
    for value, shape in ((5, []), ([2.0, 5.0, 3.0], [3]), ([[1.0, 2.0, 7.0], [3.0, 5.0, 4.0]], [2, 3]),
                         ([[[1.0, 2.0, 3.0]], [[7.0, 8.0, 9.0]]], [2, 1, 3])):
        t = tf.constant(value)
        assert t.shape == shape and tf.rank(t).numpy() == len(shape)
    with pytest.raises(TypeError, match="EagerTensor' object does not support item assignment"):
        again[0] = 4


def test_variables_and_how_they_print() -> None:
    v = tf.Variable([1, 2, 3, 4, 5, 6], dtype=tf.float32)
    assert repr(v) == ("<tf.Variable 'Variable:0' shape=(6,) dtype=float32, "
                       "numpy=array([1., 2., 3., 4., 5., 6.], dtype=float32)>")
    v.assign_add(tf.ones(6))
    assert v.numpy().tolist() == [2, 3, 4, 5, 6, 7]
    with tf.device("/device:GPU:0"):
        assert tf.constant([3.0, 1.0]).numpy().tolist() == [3, 1]


@engines
def test_sums_and_products(engine: str) -> None:
    add, multiply, matmul = (prepared(f, engine) for f in (tf.add, tf.multiply, tf.matmul))
    assert add(tf.constant([1]), tf.constant([2])).numpy().tolist() == [3]
    assert repr(add(tf.constant([1, 2]), tf.constant([3, 4]))) == \
        "<tf.Tensor: shape=(2,), dtype=int32, numpy=array([4, 6], dtype=int32)>"
    total = add(tf.constant([[1, 2], [3, 4]]), tf.constant([[5, 6], [7, 8]]))
    assert total.dtype == tf.int32 and total.numpy().tolist() == [[6, 8], [10, 12]]
    for ones in (tf.ones(1), tf.ones([4, 5])):
        assert np.array_equal(multiply(ones, ones), ones)
    product = matmul(tf.ones([4, 2]), tf.ones([2, 4]))
    assert product.dtype == tf.float32 and product.numpy().tolist() == [[2.0] * 4] * 4
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError)):
        matmul(tf.ones([4, 2]), tf.ones([4, 2]))


@engines
@pytest.mark.parametrize("at", [-1.0, 1.0, 0.0])
def test_the_slope_of_a_square(engine: str, at: float) -> None:
    x = tf.Variable(at)

    def slope() -> Any:
        with tf.GradientTape() as tape:
            y = tf.multiply(x, x)
        return tape.gradient(y, x)
    assert prepared(slope, engine)().numpy() == 2 * at


@engines
def test_gradients_of_affine_functions(engine: str) -> None:
    for start in (tf.constant(0.0), tf.random.uniform((2, 2))):
        x = tf.Variable(start)

        def affine(x: Any = x) -> Any:
            with tf.GradientTape() as tape:
                y = 2 * x + 3
            return tape.gradient(y, x)
        assert np.array_equal(prepared(affine, engine)(), np.full(start.shape, 2.0))
    w, b, x = tf.Variable(tf.random.uniform((2, 2))), tf.Variable(tf.zeros(2)), tf.random.uniform((2, 2))

    def layer(x: Any) -> Any:
        with tf.GradientTape() as tape:
            y = tf.matmul(x, w) + b
        return tape.gradient(y, [w, b])
    dw, db = prepared(layer, engine)(x)
    assert np.allclose(dw, np.repeat(np.sum(x.numpy(), axis=0)[:, None], 2, axis=1)) and db.numpy().tolist() == [2, 2]


@engines
def test_random_pictures_become_columns(engine: str) -> None:
    reshape = prepared(lambda x: tf.reshape(x, [4, -1]), engine)
    for shape in ([2, 2], [2, 2, 3]):
        picture = tf.random.uniform(shape, maxval=255, dtype="int32")
        assert picture.dtype == tf.int32 and 0 <= picture.numpy().min() and picture.numpy().max() < 255
        assert np.array_equal(reshape(picture), picture.numpy().reshape(4, -1))


def loss_of_line(intercept: Any, slope: Any) -> Any:
    hours, scores = tf.cast(HOURS, tf.float32), tf.cast(SCORES, tf.float32)
    return tf.keras.losses.mse(scores, intercept + hours * slope)


@engines
def test_the_loss_of_two_guesses(engine: str) -> None:
    loss = prepared(lambda a, b: loss_of_line(a, b) / 100, engine)
    assert loss(tf.constant(0.5), tf.constant(8.0)).numpy() == pytest.approx(1.666468, abs=2e-6)
    assert loss(tf.constant(1.2), tf.constant(10.06)).numpy() == pytest.approx(0.293969, abs=2e-6)


@engines
def test_adam_finds_the_line_of_scores(engine: str) -> None:
    intercept, slope = tf.Variable([1.0]), tf.Variable([10.0])
    adam = tf.keras.optimizers.Adam(0.5)
    if engine == "eager":
        losses = []
        for i in range(100):
            adam.minimize(lambda: loss_of_line(intercept, slope), var_list=[intercept, slope])
            if i % 10 == 0:
                losses.append(loss_of_line(intercept, slope).numpy())
        expected = [39.09423, 30.12893, 29.732178, 29.052313, 28.905817, 28.888535, 28.886223, 28.886658, 28.884825, 28.882883]
        assert losses == pytest.approx(expected, rel=2e-4)
    else:
        adam.build([intercept, slope])

        def step() -> None:
            with tf.GradientTape() as tape:
                loss = loss_of_line(intercept, slope)
            adam.apply_gradients(zip(tape.gradient(loss, [intercept, slope]), [intercept, slope]))
        step = prepared(step, engine)
        for _ in range(100):
            step()
    assert intercept.numpy() == pytest.approx([2.4898534], abs=2e-3)
    assert slope.numpy() == pytest.approx([9.774894], abs=2e-3)


def noisy_line(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    x = rng.uniform(size=n).astype("float32")
    return x, (0.5 * x - 0.25 + rng.normal(0, 0.1, n)).astype("float32")


def descent(rate: float, engine: str) -> tuple[Any, Any, Any]:
    """Two variables, and a step that moves them towards less squared error."""
    a, b = tf.Variable(0.0), tf.Variable(0.9)

    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            error = tf.reduce_mean((a + b * x - y) ** 2)
        da, db = tape.gradient(error, [a, b])
        a.assign_sub(rate * da)
        b.assign_sub(rate * db)
        return error
    return a, b, prepared(step, engine)


@engines
def test_linear_regression_by_hand(engine: str) -> None:
    x, y = noisy_line(96)
    a, b, step = descent(0.5, engine)
    for _ in range(300):
        step(tf.constant(x), tf.constant(y))
    slope, intercept = np.polyfit(x.astype("float64"), y.astype("float64"), 1)
    assert a.numpy() == pytest.approx(intercept, abs=1e-3) and b.numpy() == pytest.approx(slope, abs=1e-3)


def batches(x: np.ndarray, y: np.ndarray, size: int, epochs: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Shuffled batches, epoch after epoch."""
    rng = np.random.default_rng(0)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), size):
            yield x[order[i:i + size]], y[order[i:i + size]]


@engines
def test_linear_regression_in_batches(engine: str) -> None:
    x, y = noisy_line(96)
    a, b, step = descent(0.25, engine)
    assert sum(1 for _ in batches(x, y, 32, 100)) == 300
    for xs, ys in batches(x, y, 32, 100):
        step(tf.constant(xs), tf.constant(ys))
    assert a.numpy() == pytest.approx(-0.25, abs=0.08) and b.numpy() == pytest.approx(0.5, abs=0.12)
    assert (float(a.numpy()), float(b.numpy())) == pytest.approx(REGRESSION.setdefault("ab", (a.numpy(), b.numpy())), abs=1e-4)


REGRESSION: dict[str, Any] = {}
"""What the first engine found; the others find the same."""


@engines
def test_a_network_is_a_chain_of_matrix_products(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = Sequential([Input((2,)), Dense(3), Dense(3), Dense(1)])
    model.summary()
    shown = capsys.readouterr().out
    assert [layer.count_params() for layer in model.layers] == [9, 12, 4] and model.count_params() == 25
    assert "Total params: 25 " in shown and "Non-trainable params: 0 " in shown and "(None, 3)" in shown
    first = model.layers[0]
    assert isinstance(first, Dense) and first.units == 3
    assert first.get_weights()[0].shape == (2, 3) and first.get_weights()[1].tolist() == [0, 0, 0]

    x = tf.random.uniform((4, 2))
    predicted = model.predict(x, verbose=0)
    assert predicted.shape == (4, 1)
    weights = [layer.get_weights() for layer in model.layers]

    def chain(x: Any) -> Any:
        for w, b in weights:
            x = x @ w + b
        return x

    def layers(x: Any) -> Any:
        for layer in model.layers:
            x = layer(x)
        return x
    (w1, b1), (w2, b2), (w3, b3) = weights
    at_once = prepared(lambda x: x @ (w1 @ w2 @ w3) + (b1 @ w2 @ w3 + b2 @ w3 + b3), engine)
    for way in (prepared(chain, engine), prepared(layers, engine), prepared(model, engine), at_once):
        assert np.allclose(way(x), predicted, atol=1e-5)


@engines
def test_activations_as_arguments_and_as_layers(engine: str) -> None:
    inside = Sequential([Input((2,)), Dense(10, activation="relu"), Dense(10, activation="relu"),
                         Dense(1, activation="sigmoid")])
    act = tf.keras.layers.Activation
    beside = Sequential([Input((2,)), Dense(10), act("relu"), Dense(10), act("relu"), Dense(1), act("sigmoid")])
    beside.set_weights(inside.get_weights())
    x = tf.random.uniform((5, 2))
    results = [prepared(m, engine)(x).numpy() for m in (inside, beside)]
    assert np.allclose(*results, atol=1e-6) and (0 < results[0]).all() and (results[0] < 1).all()
    z = tf.constant([[-2.0, 0.0, 3.0]])
    for name, value in (("linear", [-2, 0, 3]), ("relu", [0, 0, 3]), ("sigmoid", [0.119203, 0.5, 0.952574]),
                        ("softmax", [0.006377, 0.047123, 0.946500])):
        assert np.allclose(prepared(tf.keras.activations.get(name), engine)(z), [value], atol=1e-5)


def test_the_older_name_of_the_learning_rate() -> None:
    assert float(tf.keras.optimizers.SGD(lr=0.005).learning_rate.numpy()) == pytest.approx(0.005)
    assert float(tf.keras.optimizers.SGD().learning_rate.numpy()) == pytest.approx(0.01)


def test_points_inside_a_square() -> None:
    tf.keras.utils.set_random_seed(7)
    rng = np.random.default_rng(7)
    x, half = rng.uniform(size=(512, 2)).astype("float32"), 1 / math.sqrt(8)
    y = (np.abs(x - 0.5) < half).all(axis=1)
    model = Sequential([Input((2,)), Dense(10, activation="relu"), Dense(10, activation="relu"),
                        Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", optimizer=tf.keras.optimizers.Adam(0.02), metrics=["accuracy"])
    history = model.fit(x, y, epochs=40, batch_size=64, validation_split=0.125, verbose=0)
    assert set(history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    loss, accuracy = model.evaluate(x, y, verbose=0)
    assert loss < 0.45 and accuracy > 0.85


class Layer:
    """A dense layer on bare variables."""

    def __init__(self, inputs: int, units: int, activation: Any, low: float = 0.0) -> None:
        self.w = tf.Variable(tf.random.uniform((inputs, units), low, 0.1))
        self.b = tf.Variable(tf.zeros(units))
        self.activation = activation

    def __call__(self, x: Any) -> Any:
        return self.activation(tf.matmul(x, self.w) + self.b)


class Chain:
    """Layers one after another."""

    def __init__(self, *layers: Layer) -> None:
        self.layers = layers

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x

    @property
    def weights(self) -> list[Any]:
        return [v for layer in self.layers for v in (layer.w, layer.b)]


def numpy_step(weights: list[np.ndarray], x: np.ndarray, y: np.ndarray, rate: float) -> float:
    """One step of gradient descent through ReLU and softmax, written out; changes the weights."""
    w1, b1, w2, b2 = weights
    hidden = np.maximum(x @ w1 + b1, 0)
    z = hidden @ w2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    dz = (p - np.eye(10)[y]) / len(y)
    dh = (dz @ w2.T) * (hidden > 0)
    for w, g in zip(weights, (x.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0))):
        w -= rate * g
    return float(loss)


@engines
@pytest.mark.parametrize(("update", "low", "rate"), [("by hand", 0.0, 1e-3), ("by SGD", -0.1, 0.1)])
def test_layers_written_by_hand(engine: str, update: str, low: float, rate: float, digits: tuple[np.ndarray, ...]) -> None:
    x, y, x_test, y_test = digits
    tf.random.set_seed(3)
    model = Chain(Layer(784, 64, tf.nn.relu, low), Layer(64, 10, tf.nn.softmax, low))
    assert len(model.weights) == 4
    sgd = tf.keras.optimizers.SGD(learning_rate=rate)
    sgd.build(model.weights)

    def step(images: Any, labels: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.keras.losses.sparse_categorical_crossentropy(labels, model(images)))
        gradients = tape.gradient(loss, model.weights)
        if update == "by SGD":
            sgd.apply_gradients(zip(gradients, model.weights))
        else:
            for g, w in zip(gradients, model.weights):
                w.assign_sub(rate * g)
        return loss
    step = prepared(step, engine)
    weights = [w.numpy().astype("float64") for w in model.weights]
    losses, expected = [], []
    for xs, ys in batches(x, y, 128, 3):
        losses.append(float(step(tf.constant(xs), tf.constant(ys))))
        expected.append(numpy_step(weights, xs, ys, rate))
    assert len(losses) == 3 * math.ceil(len(x) / 128) and losses[-1] < 0.9 * losses[0]
    assert losses == pytest.approx(expected, rel=2e-3)
    found = np.argmax(prepared(model, engine)(tf.constant(x_test)).numpy(), axis=1)
    if low:
        assert (found == y_test).mean() > 0.65


@pytest.mark.parametrize("compiled", [{"run_eagerly": True}, {"jit_compile": False},
                                      *([{"jit_compile": True}] if "xla" in ENGINES else [])])
def test_a_keras_network_learns_digits(compiled: dict[str, bool], digits: tuple[np.ndarray, ...],
                                       capsys: pytest.CaptureFixture[str]) -> None:
    x, y, x_test, y_test = digits
    tf.keras.utils.set_random_seed(1)
    model = Sequential([Dense(512, activation="relu"), Dense(10, activation="softmax")])
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"], **compiled)
    history = model.fit(x, y, epochs=2, batch_size=128)
    assert "Epoch 2/2" in capsys.readouterr().out
    assert history.history["accuracy"][1] > history.history["accuracy"][0]
    assert model.count_params() == 784 * 512 + 512 + 512 * 10 + 10
    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    assert accuracy > 0.75
    assert loss == pytest.approx(FIT.setdefault("loss", loss), rel=1e-2)
    predicted = model.predict(x_test[:10], verbose=0)
    assert predicted.shape == (10, 10) and np.allclose(predicted.sum(axis=1), 1, atol=1e-5)
    assert predicted[0].argmax() == y_test[0] == 7


FIT: dict[str, float] = {}
"""The loss that the first engine reached; the others come to the same."""


def test_pictures_are_flattened_by_a_layer(digits: tuple[np.ndarray, ...]) -> None:
    x, y, x_test, y_test = digits
    model = Sequential([Input((28, 28)), tf.keras.layers.Flatten(), Dense(16, activation="relu"),
                        Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    pictures = x[:512].reshape(-1, 28, 28)
    history = model.fit(pictures, y[:512], epochs=1, verbose=0, validation_data=(x_test.reshape(-1, 28, 28), y_test))
    assert "val_accuracy" in history.history and model.output_shape == (None, 10)


def test_slices_and_numpy_beside_tensors(digits: tuple[np.ndarray, ...]) -> None:
    pictures = digits[0].reshape(-1, 28, 28)
    t = tf.constant(pictures[:200])
    for part in (np.s_[10:100], np.s_[10:100, :, :], np.s_[:, 14:, 14:], np.s_[:, 7:-7, 7:-7]):
        assert np.array_equal(t[part], pictures[:200][part])
    x, y = np.random.default_rng(0).random((2, 3, 4, 5)), np.random.default_rng(1).random((4, 5))
    assert np.array_equal(tf.maximum(x, y), np.maximum(x, y))
    assert np.allclose(tf.tensordot(y[0], y[1], 1), y[0] @ y[1])
    assert tf.transpose(tf.zeros((300, 20))).shape == (20, 300)
    assert tf.reshape([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], (6, 1)).numpy().ravel().tolist() == [0, 1, 2, 3, 4, 5]
