"""Forward-mode differentiation."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import thalweg as tf

FUNCTIONS: list[Callable[[Any], Any]] = [
    lambda x: tf.reduce_sum(tf.tanh(tf.matmul(x, x)) ** 2, axis=1), lambda x: tf.nn.softmax(x * x), lambda x: tf.cumsum(x),
    lambda x: tf.linalg.inv(x + 4.0 * tf.eye(3, dtype=x.dtype)), lambda x: tf.gather(x, [2, 0, 2]), lambda x: tf.unstack(x)[1],
    lambda x: tf.concat([x, x * 2.0], 0)[1:5], lambda x: tf.reduce_max(x, 0), lambda x: tf.sort(x), lambda x: x / (2.0 + x * x),
    lambda x: tf.nn.conv2d(x[None, :, :, None], tf.ones([2, 2, 1, 1], x.dtype), 1, "SAME"),
    lambda x: tf.where(x > 0.0, tf.exp(x), x), lambda x: tf.linalg.svd(x, compute_uv=False), lambda x: tf.math.erf(x),
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_equals_finite_differences(function: Callable[[Any], Any]) -> None:
    rng = np.random.default_rng(3)
    x, v = tf.constant(rng.normal(size=(3, 3))), tf.constant(rng.normal(size=(3, 3)))
    with tf.autodiff.ForwardAccumulator(x, v) as accumulator:
        y = function(x)
    step = 1e-6
    expected = (function(x + step * v) - function(x - step * v)) / (2 * step)
    np.testing.assert_allclose(accumulator.jvp(y), expected, rtol=1e-6, atol=1e-7)


def test_variables_and_nests() -> None:
    v, w = tf.Variable([1.0, 2.0]), tf.Variable(3.0)
    with tf.autodiff.ForwardAccumulator([v, w], [tf.constant([1.0, -1.0]), tf.constant(2.0)]) as accumulator:
        y = w * tf.reduce_prod(v)
        z = tf.constant(1.0) * 2.0
    found = accumulator.jvp({"y": y, "v": v, "z": z})
    assert found["y"].numpy() == 7.0
    np.testing.assert_array_equal(found["v"], [1.0, -1.0])
    assert found["z"] is None
    assert accumulator.jvp(z, unconnected_gradients="zero").numpy() == 0.0


def test_second_order_in_every_order() -> None:
    x, v = tf.constant([1.0, 2.0, 3.0]), tf.constant([1.0, 0.0, 2.0])

    def function(x: Any) -> Any:
        return tf.reduce_sum(x ** 3 * tf.exp(-x))
    expected = ((6 * x - 6 * x ** 2 + x ** 3) * tf.exp(-x) * v).numpy()  # the Hessian is diagonal
    with tf.autodiff.ForwardAccumulator(x, v) as accumulator:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        gradient = tape.gradient(y, x)
    np.testing.assert_allclose(accumulator.jvp(gradient), expected, rtol=1e-5, atol=1e-6)
    with tf.GradientTape() as tape:
        tape.watch(x)
        with tf.autodiff.ForwardAccumulator(x, v) as accumulator:
            y = function(x)
        directional = accumulator.jvp(y)
    np.testing.assert_allclose(tape.gradient(directional, x), expected, rtol=1e-5, atol=1e-6)
    with tf.autodiff.ForwardAccumulator(x, v) as outer:
        with tf.autodiff.ForwardAccumulator(x, v) as inner:
            y = function(x)
        directional = inner.jvp(y)
    np.testing.assert_allclose(outer.jvp(directional), np.sum(expected * v), rtol=1e-5)


def test_functions() -> None:
    x, v = tf.constant([1.0, 2.0, 0.5]), tf.constant([1.0, 0.0, 0.0])
    with tf.autodiff.ForwardAccumulator(x, v) as accumulator:
        expected = accumulator.jvp(tf.nn.softmax(x * x))
    f = tf.function(lambda x: tf.nn.softmax(x * x))

    @tf.function
    def inside(x: Any, v: Any) -> Any:
        with tf.autodiff.ForwardAccumulator(x, v) as accumulator:
            y = tf.nn.softmax(x * x)
        return accumulator.jvp(y)
    for _ in range(3):
        with tf.autodiff.ForwardAccumulator(x, v) as accumulator:
            y = f(x)
        np.testing.assert_allclose(accumulator.jvp(y), expected, rtol=1e-6)
        np.testing.assert_allclose(inside(x, v), expected, rtol=1e-6)


def test_what_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    x = tf.constant([1.0])
    with pytest.raises(ValueError, match="specified as a primal multiple times"):
        tf.autodiff.ForwardAccumulator([x, x], [x, x])
    with pytest.raises(ValueError, match=r"The shape of a tangent, \(2,\), differs"):
        tf.autodiff.ForwardAccumulator(x, tf.constant([1.0, 2.0]))
    tf.autodiff.ForwardAccumulator(tf.constant(1), tf.constant(1))
    assert "must be floating" in caplog.text
    accumulator = tf.autodiff.ForwardAccumulator(x, x)
    with accumulator, pytest.raises(ValueError, match="already recording"), accumulator:
        pass
