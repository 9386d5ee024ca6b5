"""What recurrent cells and walks refuse, how they compile, and wrappers around Keras cells."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf2
import thalweg.v1 as tf

_X = np.random.default_rng(0).standard_normal((2, 5, 3)).astype(np.float32)


@pytest.fixture(autouse=True)
def fresh() -> None:
    tf.reset_default_graph()


def test_what_is_no_cell() -> None:
    with pytest.raises(TypeError, match=r"The argument 'cell' \(.*\) is not an RNNCell: 'output_size' property is missing"):
        tf.nn.dynamic_rnn(object(), tf.constant(_X), dtype=tf.float32)
    cell = tf.nn.rnn_cell.GRUCell(2)
    with pytest.raises(ValueError, match="If no initial_state is provided, argument `dtype` must be specified"):
        tf.nn.dynamic_rnn(cell, tf.constant(_X))
    with pytest.raises(TypeError, match="Argument `inputs` must be a sequence"):
        tf.nn.static_rnn(cell, tf.constant(_X), dtype=tf.float32)
    with pytest.raises(ValueError, match=r"Input size \(depth of inputs\) must be accessible"):
        tf.nn.dynamic_rnn(cell, tf.placeholder(tf.float32, [2, 5, None]), dtype=tf.float32)
    with pytest.raises(ValueError, match="Must specify at least one cell"):
        tf.nn.rnn_cell.MultiRNNCell([])
    with pytest.raises(ValueError, match="Parameter input_keep_prob must be between 0 and 1"):
        tf.nn.rnn_cell.DropoutWrapper(cell, input_keep_prob=2.0)
    with pytest.raises(ValueError, match="RNN cell only supports floating point inputs"):
        cell(tf.constant([[1, 2]]), tf.zeros([1, 2]))


def test_lengths_of_another_batch() -> None:
    lengths = tf.placeholder(tf.int32, [None])
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), tf.constant(_X), lengths, dtype=tf.float32)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf2.errors.InvalidArgumentError, match="Expected shape for Tensor sequence_length"):
            session.run(outputs, {lengths: [1, 2, 3]})


def test_training_through_the_loop_is_compiled() -> None:
    tf.set_random_seed(1)
    x = tf.placeholder(tf.float32, [None, None, 3])
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(64), x, dtype=tf.float32)
    loss = tf.reduce_mean(tf.square(outputs - 0.1))
    train = tf.train.AdamOptimizer(0.02).minimize(loss)
    feeds = {x: np.tile(_X, (16, 6, 1))}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        losses = [session.run([loss, train], feeds)[0] for _ in range(12)]
        _, _, told = str(tf2.explain(session)).partition("for Mean:0")
    assert "compiled for 1 kinds of arguments" in told and "interpreted" not in told
    assert losses[-1] < 0.8 * losses[0]


def test_dropout_around_a_cell() -> None:
    cells = tf.nn.rnn_cell
    tf.set_random_seed(3)
    plain = cells.DropoutWrapper(cells.GRUCell(40), output_keep_prob=0.5, seed=1)
    outputs, state = tf.nn.dynamic_rnn(plain, tf.constant(_X), dtype=tf.float32)
    shared = cells.DropoutWrapper(cells.GRUCell(40), output_keep_prob=0.5, variational_recurrent=True, dtype=tf.float32)
    same, _ = tf.nn.dynamic_rnn(shared, tf.constant(_X), dtype=tf.float32, scope="shared")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        out, last, held = session.run([outputs, state, same])
    assert 0.3 < np.mean(out == 0) < 0.7 and np.all(last != 0)
    assert np.any((out[:, 0] == 0) != (out[:, 1] == 0))
    assert np.array_equal(held[:, 0] == 0, held[:, 4] == 0)


def test_wrappers_of_keras_cells() -> None:
    cell = tf2.keras.layers.SimpleRNNCell(3)
    wrapped = tf2.nn.RNNCellResidualWrapper(cell)
    x, state = tf2.constant(_X[:, 0]), [tf2.zeros([2, 3])]
    output, _ = wrapped(x, state)
    np.testing.assert_allclose(output, cell(x, state)[0] + x, rtol=1e-6)
    kept = tf2.nn.RNNCellDropoutWrapper(cell, 1.0, 1.0)
    np.testing.assert_allclose(kept(x, state)[0], cell(x, state)[0])
    assert kept.get_config()["input_keep_prob"] == 1.0
    again = tf2.nn.RNNCellDeviceWrapper.from_config(tf2.nn.RNNCellDeviceWrapper(cell, "/cpu:0").get_config())
    assert again(x, state)[0].shape == (2, 3)
    with pytest.raises(ValueError, match="keras LSTM cell does not work with DropoutWrapper"):
        tf2.nn.RNNCellDropoutWrapper(tf2.keras.layers.LSTMCell(2))
