"""Errors and sizes of functions that are one operation each."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


@pytest.mark.parametrize("call, words", [
    (lambda: tf.math.sobol_sample(0, 3), "dim must be at least one"),
    (lambda: tf.math.sobol_sample(10**6, 3), "dim must be at most"),
    (lambda: tf.math.sobol_sample(2, 0), "num_results must be at least one"),
    (lambda: tf.math.sobol_sample(2, 3, skip=-1), "skip must be non-negative"),
    (lambda: tf.math.sobol_sample(2, 2**31 - 1, skip=5), "must be less than 2147483647"),
    (lambda: tf.conv(tf.ones([1, 4, 4, 2]), tf.ones([3, 3, 2, 1]), [1, 1], "SAME"), "must specify 4 dimensions"),
    (lambda: tf.conv(tf.ones([4, 4, 2]), tf.ones([3, 3, 2, 1]), [1, 1, 1, 1], "SAME"), "must be rank 4 but was rank 3"),
])
def test_errors(call, words):
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        call()


def test_sobol_points_fill_the_cube_evenly():
    points = tf.math.sobol_sample(5, 255, dtype=tf.float64).numpy()
    for axis in range(5):  # with the point at zero, each of 256 slices has one point
        assert np.unique(np.floor(points[:, axis] * 256)).tolist() == list(range(1, 256))


def test_sobol_in_a_function():
    f = tf.function(lambda n: tf.math.sobol_sample(2, n), input_signature=[tf.TensorSpec([], tf.int32)])
    assert f.get_concrete_function().structured_outputs.shape.as_list() == [None, 2]
    np.testing.assert_array_equal(f(3), tf.math.sobol_sample(2, 3))


def test_isotonic_regression_is_the_nearest_falling_sequence():
    x = np.random.default_rng(0).standard_normal(40)
    y, segments = tf.nn.isotonic_regression(x)
    y = y.numpy()
    assert np.all(np.diff(y) <= 1e-12) and np.all(np.diff(segments) >= 0)
    for s in np.unique(segments):  # within a stretch it is the mean, and no split of the stretch does better
        part = x[segments == s]
        np.testing.assert_allclose(y[segments == s], part.mean())
        means = np.cumsum(part) / np.arange(1, len(part) + 1)
        assert np.all(means <= part.mean() + 1e-12)


def test_isotonic_gradient_of_a_vector():
    x = tf.constant([3.0, 1.0, 2.0, 4.0, 0.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.isotonic_regression(x)[0] * [1.0, 2.0, 3.0, 4.0, 5.0]
    np.testing.assert_allclose(tape.gradient(y, x), [1, 3, 3, 3, 5])


def test_gradients_of_a_convolution_by_example():
    rng = np.random.default_rng(1)
    x, w = rng.standard_normal((2, 5, 5, 2)).astype(np.float32), rng.standard_normal((3, 3, 2, 3)).astype(np.float32)
    image, kernel = tf.constant(x), tf.constant(w)
    with tf.GradientTape() as tape:
        tape.watch([image, kernel])
        y = tf.nn.conv2d(image, kernel, 2, "SAME")
    dy = tf.ones_like(y)
    dx, dw = tape.gradient(y, [image, kernel])
    np.testing.assert_allclose(tf.conv2d_backprop_input_v2(x, w, dy, [1, 2, 2, 1], "SAME"), dx, rtol=1e-5)
    np.testing.assert_allclose(tf.conv2d_backprop_filter_v2(x, w, dy, [1, 2, 2, 1], "SAME"), dw, rtol=1e-5)
