"""Programs that newcomers to TensorFlow 1 wrote: first the graph, then a session that runs it."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg.v1 as tf


@pytest.fixture(autouse=True)
def fresh() -> None:
    tf.reset_default_graph()


def run_steps(step: Any, w: Any, feeds: dict[Any, Any] | None = None, count: int = 1000) -> float:
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(w) == 0.0
        for _ in range(count):
            session.run(step, feed_dict=feeds)
        return float(session.run(w))


@pytest.mark.parametrize("written", ["with operators", "with functions"])
def test_a_parabola(written: str) -> None:
    w = tf.Variable(0, dtype=tf.float32)
    if written == "with operators":
        cost = w ** 2 - 10 * w + 25
    else:
        cost = tf.add(tf.add(w ** 2, tf.multiply(-10.0, w)), 25)
    found = run_steps(tf.train.GradientDescentOptimizer(0.01).minimize(cost), w)
    assert f"{found:.6f}"[:5] in ("4.999", "5.000") and found == pytest.approx(5, abs=1e-3)


@pytest.mark.parametrize(("coefficients", "minimum"), [((1.0, -10.0, 25.0), 5.0), ((1.0, -20.0, 100.0), 10.0)])
def test_a_parabola_with_fed_coefficients(coefficients: tuple[float, ...], minimum: float) -> None:
    data = np.array(coefficients).reshape(3, 1)
    x, w = tf.placeholder(tf.float32, [3, 1]), tf.Variable(0, dtype=tf.float32)
    cost = x[0][0] * w ** 2 + x[1][0] * w + x[2][0]
    found = run_steps(tf.train.GradientDescentOptimizer(0.01).minimize(cost), w, {x: data})
    assert found == pytest.approx(minimum, abs=1e-3)


def test_constants_and_placeholders() -> None:
    product = tf.multiply(tf.constant(2), tf.constant(10))
    assert product.dtype == tf.int32 and "shape=(), dtype=int32" in str(product)
    x = tf.placeholder(tf.int64, name="x")
    session = tf.Session()
    assert session.run(product) == 20
    assert session.run(10 * x, feed_dict={x: 2}) == 20
    with pytest.raises(tf.errors.InvalidArgumentError, match="must feed a value for placeholder tensor 'x'"):
        session.run(10 * x)
    session.close()


def test_an_affine_function() -> None:
    rng = np.random.RandomState(1)
    w, x, b = rng.randn(5, 4), rng.randn(4, 1), rng.randn(5, 1)
    y = tf.add(tf.matmul(tf.constant(w, name="W"), tf.constant(x, name="X")), tf.constant(b, name="b"))
    with tf.Session() as session:
        value = session.run(y)
    assert value.shape == (5, 1) and np.allclose(value, w @ x + b)


def test_the_sigmoid_and_its_cost() -> None:
    x = tf.placeholder(tf.float32, name="x")
    z, y = tf.placeholder(tf.float32, name="z"), tf.placeholder(tf.float32, name="y")
    cost = tf.nn.sigmoid_cross_entropy_with_logits(logits=z, labels=y)
    with tf.Session() as session:
        assert session.run(tf.sigmoid(x), feed_dict={x: 0}) == 0.5
        assert session.run(tf.sigmoid(x), feed_dict={x: 12}) == pytest.approx(0.9999938, abs=1e-6)
        logits = np.array([0.2, 0.4, 0.7, 0.9], "float32")
        labels = np.array([0, 0, 1, 1], "float32")
        s = 1 / (1 + np.exp(-logits))
        got = session.run(cost, feed_dict={z: logits, y: labels})
    assert np.allclose(got, -labels * np.log(s) - (1 - labels) * np.log(1 - s), atol=1e-5)


def test_one_hot_columns_zeros_and_ones() -> None:
    depth = tf.constant(3, name="depth")
    with tf.Session() as session:
        columns = session.run(tf.one_hot(np.array([1, 2, 0, 1]), depth, axis=0))
        zeros, ones = session.run([tf.zeros([3]), tf.ones([3])])
    assert columns.tolist() == [[0, 0, 1, 0], [1, 0, 0, 1], [0, 1, 0, 0]]
    assert repr((zeros, ones)) == "(array([0., 0., 0.], dtype=float32), array([1., 1., 1.], dtype=float32))"


WIDTH, CLASSES = 48, 6


def pictures(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random columns around one of six points, and what point as one-hot columns."""
    rng = np.random.RandomState(seed)
    kind = rng.randint(CLASSES, size=count)
    centres = np.random.RandomState(0).rand(WIDTH, CLASSES)
    x = centres[:, kind] + 0.15 * rng.randn(WIDTH, count)
    return x.astype("float32"), np.eye(CLASSES, dtype="float32")[:, kind]


def test_a_network_of_three_layers() -> None:
    tf.set_random_seed(1)
    (x_train, y_train), (x_test, y_test) = pictures(192, 1), pictures(60, 2)
    x = tf.placeholder(tf.float32, [WIDTH, None], name="X")
    y = tf.placeholder(tf.float32, [CLASSES, None], name="Y")
    a, sizes = x, (WIDTH, 25, 12, CLASSES)
    for i, (rows, columns) in enumerate(zip(sizes[1:], sizes[:-1]), 1):
        w = tf.get_variable(f"W{i}", [rows, columns], initializer=tf.glorot_uniform_initializer(seed=1))
        b = tf.get_variable(f"b{i}", [rows, 1], initializer=tf.zeros_initializer())
        z = tf.add(tf.matmul(w, a), b)
        a = tf.nn.relu(z)
    assert [v.name for v in tf.trainable_variables()] == ["W1:0", "b1:0", "W2:0", "b2:0", "W3:0", "b3:0"]
    assert z.shape.as_list() == [CLASSES, None]
    cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=tf.transpose(z), labels=tf.transpose(y)))
    step = tf.train.AdamOptimizer(learning_rate=0.005).minimize(cost)
    correct = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(z), tf.argmax(y)), "float"))
    costs = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for epoch in range(60):
            order = np.random.RandomState(epoch).permutation(x_train.shape[1])
            for batch in np.array_split(order, 6):
                _, c = session.run([step, cost], feed_dict={x: x_train[:, batch], y: y_train[:, batch]})
            costs.append(c)
        train = correct.eval({x: x_train, y: y_train})
        test = correct.eval({x: x_test, y: y_test})
    assert costs[0] > 1 and costs[-1] < 0.3 * costs[0] and train > 0.95 and test > 0.8
