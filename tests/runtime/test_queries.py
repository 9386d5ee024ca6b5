"""What a program asks about itself, initializers outside Keras, and who makes variables."""
from __future__ import annotations

import logging
import time
from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as tf1


def test_versions_are_tensorflows() -> None:
    assert tf.__version__ == tf.version.VERSION == tf.compat.v1.__version__ == "2.21.0"
    assert tf1.__version__.startswith("1.")


def test_where_a_program_is() -> None:
    seen: list[Any] = []

    @tf.function
    def f(x: tf.Tensor) -> tf.Tensor:
        with tf.name_scope("b"):
            seen.append((tf.inside_function(), tf.get_current_name_scope(), tf.is_symbolic_tensor(x)))
        return x
    f(tf.constant(1.0))
    with tf.name_scope("a"):
        seen.append((tf.inside_function(), tf.get_current_name_scope(), tf.is_symbolic_tensor(tf.constant(1.0))))
    assert seen == [(True, "b", True), (False, "a", False)]
    assert isinstance(tf.get_logger(), logging.Logger)


def test_timestamp() -> None:
    now = time.time()
    assert abs(tf.timestamp().numpy() - now) < 60
    f = tf.function(tf.timestamp)
    first = f().numpy()
    assert f().numpy() >= first >= now - 1


def test_variable_creators() -> None:
    def doubled(next_creator: Any, **arguments: Any) -> Any:
        assert set(arguments) >= {"initial_value", "trainable", "name", "dtype", "shape"}
        arguments["initial_value"] = arguments["initial_value"] * 2.0
        return next_creator(**arguments)

    def named(next_creator: Any, **arguments: Any) -> Any:
        return next_creator(**{**arguments, "name": "made"})
    with tf.variable_creator_scope(doubled), tf.variable_creator_scope(named):
        v = tf.Variable(3.0, name="asked")
    assert (v.name, v.numpy()) == ("made:0", 6.0)
    assert tf.Variable(3.0).numpy() == 3.0


def test_critical_sections_run_their_function() -> None:
    section, v = tf.CriticalSection(), tf.Variable(0)
    for _ in range(3):
        section.execute(lambda: v.assign_add(1))
    assert v.numpy() == 3


def test_initializers() -> None:
    np.testing.assert_array_equal(tf.constant_initializer([1.0, 2.0, 3.0, 4.0])([2, 2]), [[1.0, 2.0], [3.0, 4.0]])
    assert tf.constant_initializer(3)([2], dtype=tf.int32).dtype is tf.int32
    np.testing.assert_array_equal(tf.ones_initializer()([2]), [1.0, 1.0])
    assert tf.zeros_initializer()([2], "float64").dtype is tf.float64
    with pytest.raises(ValueError, match="expected to be numeric or boolean"):
        tf.zeros_initializer()([2], tf.string)
    with pytest.raises(ValueError, match="expected to be floating point"):
        tf.random_normal_initializer()([2], tf.int32)
    with pytest.raises(TypeError, match="Received: foo"):
        tf.ones_initializer()([2], foo=1)


def test_random_initializers_draw_tensorflows_numbers() -> None:
    seeded = tf.random_normal_initializer(seed=5)
    for _ in range(2):
        np.testing.assert_allclose(seeded([2]), [-0.10276892, 0.05790939], rtol=1e-6)
    np.testing.assert_array_equal(tf.random_uniform_initializer(0, 10, seed=5)([4], tf.int32), [3, 0, 7, 9])
    tf.random.set_seed(3)
    fresh = tf.random_normal_initializer()
    np.testing.assert_allclose([fresh([2]), fresh([2])], [[-0.04148186, -0.09133136], [0.08331572, 0.03525987]], rtol=1e-5)
    again = tf.random_uniform_initializer.from_config(tf.random_uniform_initializer(0.0, 2.0, 7).get_config())
    assert again.get_config() == {"minval": 0.0, "maxval": 2.0, "seed": 7}
