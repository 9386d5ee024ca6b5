"""TensorFlow 1 programs, as people wrote them: `import thalweg.v1 as tf`."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg.v1 as tf


@pytest.fixture(autouse=True)
def fresh() -> None:
    tf.reset_default_graph()


@pytest.mark.parametrize(("optimizer", "steps"), [
    (lambda: tf.train.GradientDescentOptimizer(0.01), 1000), (lambda: tf.train.AdamOptimizer(0.1), 1000),
    (lambda: tf.train.MomentumOptimizer(0.01, 0.9), 1000), (lambda: tf.train.RMSPropOptimizer(0.05), 1000),
    (lambda: tf.train.AdagradOptimizer(0.9), 1000)])
def test_the_minimum_of_a_parabola(optimizer: object, steps: int) -> None:
    w = tf.Variable(0, dtype=tf.float32)
    cost = w**2 - 10 * w + 25
    train = optimizer().minimize(cost)  # type: ignore[operator]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(w) == 0.0
        for _ in range(steps):
            session.run(train)
        assert session.run(w) == pytest.approx(5.0, abs=0.06)


def test_coefficients_that_are_fed() -> None:
    coefficients = np.array([[1.0], [-10.0], [25.0]])
    x = tf.placeholder(tf.float32, [3, 1])
    w = tf.Variable(0, dtype=tf.float32)
    cost = x[0][0] * w**2 + x[1][0] * w + x[2][0]
    train = tf.train.GradientDescentOptimizer(0.01).minimize(cost)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(1000):
            session.run(train, feed_dict={x: coefficients})
        assert session.run(w) == pytest.approx(4.99999, abs=1e-4)


def test_the_steps_of_the_first_tutorial() -> None:
    a, b = tf.constant(2), tf.constant(10)
    c = tf.multiply(a, b)
    assert str(c) == 'Tensor("Mul:0", shape=(), dtype=int32)' or str(c) == 'Tensor("mul:0", shape=(), dtype=int32)'
    session = tf.Session()
    assert session.run(c) == 20
    x = tf.placeholder(tf.int64, name="x")
    assert session.run(10 * x, feed_dict={x: 2}) == 20
    rng = np.random.RandomState(1)
    w_, x_, b_ = rng.randn(4, 3), rng.randn(3, 1), rng.randn(4, 1)
    y = tf.add(tf.matmul(tf.constant(w_), tf.constant(x_)), tf.constant(b_))
    assert np.allclose(session.run(y), w_ @ x_ + b_)
    hot = session.run(tf.one_hot([1, 2, 0, 2], 3, axis=0))
    assert hot.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 1]]
    zeros, ones = session.run([tf.zeros([3]), tf.ones([3])])
    assert zeros.tolist() == [0, 0, 0] and ones.tolist() == [1, 1, 1]


def test_sigmoid_cost_by_name() -> None:
    z, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    cost = tf.nn.sigmoid_cross_entropy_with_logits(logits=z, labels=y)
    with tf.Session() as session:
        out = session.run(cost, {z: [0.2, 0.4, 0.7, 0.9], y: [0, 0, 1, 1]})
    assert out == pytest.approx([0.79813886, 0.91301525, 0.40318605, 0.34115386], rel=1e-5)
    with pytest.raises(ValueError, match="Both `?labels`? and `?logits`? must be provided"):
        tf.nn.softmax_cross_entropy_with_logits(labels=y)


def test_a_three_layer_network_learns() -> None:
    rng = np.random.default_rng(0)
    data = rng.standard_normal((20, 300)).astype(np.float32)
    labels = np.eye(3, dtype=np.float32)[data[:3].argmax(0)].T
    x = tf.placeholder(tf.float32, [20, None], name="X")
    y = tf.placeholder(tf.float32, [3, None], name="Y")
    tf.set_random_seed(1)
    w1 = tf.get_variable("W1", [25, 20])
    b1 = tf.get_variable("b1", [25, 1], initializer=tf.zeros_initializer())
    w2 = tf.get_variable("W2", [3, 25])
    b2 = tf.get_variable("b2", [3, 1], initializer=tf.zeros_initializer())
    z = tf.matmul(w2, tf.nn.relu(tf.matmul(w1, x) + b1)) + b2
    cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=tf.transpose(z), labels=tf.transpose(y)))
    step = tf.train.AdamOptimizer(learning_rate=0.01).minimize(cost)
    correct = tf.equal(tf.argmax(z), tf.argmax(y))
    accuracy = tf.reduce_mean(tf.cast(correct, "float"))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        first = session.run(cost, {x: data, y: labels})
        for _ in range(200):
            _, last = session.run([step, cost], feed_dict={x: data, y: labels})
        assert last < first / 4
        assert accuracy.eval({x: data, y: labels}) > 0.95


def test_variable_scopes_share_by_name() -> None:
    with tf.variable_scope("net"):
        w = tf.get_variable("w", [2, 2])
        assert w.name == "net/w:0"
        with pytest.raises(ValueError, match="Variable net/w already exists, disallowed"):
            tf.get_variable("w", [2, 2])
    with tf.variable_scope("net", reuse=True):
        assert tf.get_variable("w") is w
        with pytest.raises(ValueError, match="Trying to share variable net/w, but specified shape"):
            tf.get_variable("w", [3])
        with pytest.raises(ValueError, match="does not exist"):
            tf.get_variable("missing", [1])
    with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
        assert tf.get_variable("w", [2, 2]) is w
        assert tf.get_variable("v", [1]).name == "net/v:0"
    assert [v.name for v in tf.trainable_variables()] == ["net/w:0", "net/v:0"]


def test_a_global_step_and_a_decaying_rate() -> None:
    step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(1.0, step, 2, 0.5, staircase=True)
    w = tf.Variable(10.0)
    train = tf.train.GradientDescentOptimizer(rate).minimize(w, global_step=step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        seen = []
        for _ in range(5):
            session.run(train)
            seen.append(float(session.run(w)))
        assert session.run(step) == 5
    assert seen == [9.0, 8.0, 7.5, 7.0, 6.75]


def test_both_worlds_in_one_process() -> None:
    import thalweg as tf2
    a = tf.constant(1.0) + 1.0
    assert (tf2.constant(1.0) + 1.0).numpy() == 2.0
    with tf.Session() as session:
        assert session.run(a) == 2.0


def test_missing_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match=r"module 'thalweg.v1' has no attribute 'nonsense'"):
        _ = tf.nonsense


def test_names_of_pythons_own_do_not_disturb_the_namespace() -> None:
    import thalweg.compat.v1 as v1
    assert callable(v1.tuple)
    assert isinstance(v1.train.MomentumOptimizer(0.1, 0.9), tf.train.MomentumOptimizer)
    assert v1.nn.rnn_cell.LSTMStateTuple is tf.nn.rnn_cell.LSTMStateTuple


def test_variables_take_the_dtype_of_the_value_they_begin_with() -> None:
    with tf.Graph().as_default():
        for name, value, dtype in (("a", np.array([7, 8]), tf.int64), ("b", [1, 2], tf.int32), ("c", 2.5, tf.float32),
                                   ("d", tf.constant([1, 2]), tf.int32)):
            assert tf.get_variable(name, initializer=value).dtype.base_dtype == dtype
        with pytest.raises(ValueError, match="Initializer type '.*int64'>' and explicit dtype '.*float32'>' don't match"):
            tf.get_variable("e", dtype=tf.float32, initializer=np.array([7]))
