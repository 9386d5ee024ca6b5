"""TensorFlow 1's layers, losses, scopes and optimizers beside TensorFlow 2's behaviour: they run at once."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

v1 = tf.compat.v1


def test_a_layer_an_optimizer_and_a_loss() -> None:
    x, y = tf.constant([[1.0], [2.0], [3.0]]), tf.constant([[2.0], [4.0], [6.0]])
    layer = v1.layers.Dense(1, use_bias=False, kernel_initializer=v1.zeros_initializer())
    optimizer = v1.train.GradientDescentOptimizer(0.05)
    for _ in range(40):
        optimizer.minimize(lambda: v1.losses.mean_squared_error(y, layer(x)))
    np.testing.assert_allclose(layer.kernel.numpy(), [[2.0]], atol=1e-3)
    assert isinstance(optimizer, v1.train.Optimizer) and isinstance(layer, v1.layers.Layer)


@pytest.mark.parametrize("name", ["AdamOptimizer", "AdagradOptimizer", "MomentumOptimizer", "FtrlOptimizer"])
def test_slots_in_eager_code(name: str) -> None:
    v, step = tf.Variable([1.0, 2.0], name="v"), tf.Variable(0, dtype=tf.int64)
    optimizer = getattr(v1.train, name)(0.1, *([0.9] if name == "MomentumOptimizer" else []))
    for _ in range(3):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(v * v)
        optimizer.apply_gradients([(tape.gradient(loss, v), v)], global_step=step)
    assert step.numpy() == 3 and optimizer.get_slot_names()
    assert np.all(np.abs(v.numpy()) < [1.0, 2.0])
    with pytest.raises(RuntimeError, match="should be a function when eager execution is enabled"):
        optimizer.minimize(loss)


def test_optimizers_in_functions() -> None:
    v = tf.Variable(1.0)
    optimizer = v1.train.AdamOptimizer(0.1)

    @tf.function
    def step() -> tf.Tensor:
        optimizer.minimize(lambda: v * v)
        return v.read_value()
    first, second = step().numpy(), step().numpy()
    assert second < first < 1.0


def test_scopes_in_eager_code() -> None:
    with v1.variable_scope("a") as scope:
        w = v1.get_variable("w", [2])
    assert scope.name == "a" and w.name == "a/w:0" and w.numpy().shape == (2,)
    with v1.name_scope("n"):
        assert tf.is_tensor(tf.constant(1.0)) and tf.constant(1.0).numpy() == 1.0


def test_recurrent_cells_in_eager_code() -> None:
    x = tf.constant(np.ones((2, 3, 4), np.float32))
    outputs, state = v1.nn.dynamic_rnn(v1.nn.rnn_cell.GRUCell(5), x, dtype=tf.float32)
    assert outputs.shape == (2, 3, 5)
    np.testing.assert_allclose(outputs[:, -1], state)


def test_rates_are_functions_and_metrics_are_refused() -> None:
    rate = v1.train.polynomial_decay(1.0, tf.constant(5), 10, 0.0)
    assert rate().numpy() == pytest.approx(0.5)
    with pytest.raises(RuntimeError, match="tf.metrics.mean is not supported when eager execution is enabled"):
        v1.metrics.mean([1.0])
