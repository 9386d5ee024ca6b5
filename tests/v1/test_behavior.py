"""The switches between the behaviour of TensorFlow 1 and 2. What they print or give is TensorFlow's."""
from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

import thalweg as tf
from thalweg.core.shape import set_v2_behavior

v1 = tf.compat.v1


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    v1.enable_v2_behavior()
    set_v2_behavior(None)


def _run(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_eager_execution_under_version_1() -> None:
    assert _run("""
import thalweg.v1 as tf
tf.enable_eager_execution()
v = tf.Variable(3.0, name="v")
with tf.GradientTape() as tape:
    y = v * v
print(tf.executing_eagerly(), tape.gradient(y, v).numpy(), tf.reduce_sum(tf.ones([2, 2])).numpy())
tf.train.GradientDescentOptimizer(0.5).apply_gradients([(tf.constant(2.0), v)])
print(v.numpy(), tf.layers.dense(tf.ones([1, 2]), 3).shape)
print(tf.get_variable("w", [2], initializer=tf.ones_initializer()).numpy())
with tf.Graph().as_default(), tf.Session() as session:
    print(tf.executing_eagerly(), session.run(tf.constant(1)))
""") == ["True 6.0 4.0", "2.0 (1, 3)", "[1. 1.]", "False 1"]


def test_eager_execution_comes_first() -> None:
    assert _run("""
import thalweg.v1 as tf
x = tf.constant(1.0)
try:
    tf.enable_eager_execution()
except ValueError as error:
    print(error)
""") == ["tf.enable_eager_execution must be called at program startup."]


def test_equality_of_tensors() -> None:
    a, v = tf.constant([1, 2]), tf.Variable([1.0])
    v1.disable_tensor_equality()
    assert (a == a) is True and (a == tf.constant([1, 2])) is False and (a != a) is False and (a == 1) is False
    assert (v == v) is True and (v != v) is False and {a: 1, v: 2}[v] == 2
    v1.enable_tensor_equality()
    np.testing.assert_array_equal(a == a, [True, True])
    np.testing.assert_array_equal(v == 1.0, [True])
    with pytest.raises(TypeError, match="unhashable"):
        hash(a)
    with pytest.raises(TypeError, match="unhashable"):
        hash(v)


def test_sizes_of_shapes() -> None:
    shape = tf.TensorShape([1, None])
    v1.disable_v2_tensorshape()
    assert repr(shape[0]) == "Dimension(1)" and shape[1].value is None and shape.as_list() == [1, None]
    assert [type(size) for size in shape] == [v1.Dimension] * 2 and str(shape) == "(1, ?)"
    assert v1.dimension_value(shape[0]) == 1 and v1.dimension_at_index(shape, 0) == 1
    x = tf.ones([2, 3])
    assert tf.concat([x, x], 0).shape[0].value == 4
    assert tf.reshape(x, [x.shape[1], x.shape[0]]).shape.as_list() == [3, 2]
    v1.enable_v2_tensorshape()
    assert shape[0] == 1 and type(shape[0]) is int and list(shape) == [1, None]


def test_a_size_is_an_integer_tensor() -> None:
    three = v1.Dimension(3)
    assert tf.constant(three).dtype == tf.int32 and tf.convert_to_tensor(three, tf.int64).dtype == tf.int64
    np.testing.assert_array_equal(tf.constant([three, 4]), [3, 4])
    assert tf.zeros([three, 2]).shape == (3, 2) and (tf.constant(2) * three).numpy() == 6
    with pytest.raises(ValueError, match=r"Cannot convert unknown Dimension \? to a Tensor."):
        tf.convert_to_tensor(v1.Dimension(None))
    with pytest.raises(TypeError, match=r"Cannot convert Dimension 3 to dtype .*Allowed dtypes are tf.int32 and tf.int64."):
        tf.constant(1.0) * three


def test_what_makes_no_difference_is_remembered() -> None:
    v1.disable_v2_behavior()
    assert not v1.resource_variables_enabled() and not v1.control_flow_v2_enabled() and not tf.executing_eagerly()
    x = v1.placeholder(tf.float32, [None, 3])
    assert x.get_shape()[1].value == 3 and x.shape[0].value is None
    v1.enable_resource_variables()
    v1.enable_control_flow_v2()
    assert v1.resource_variables_enabled() and v1.control_flow_v2_enabled()


def test_variables_outside_and_inside_graphs() -> None:
    v = v1.Variable([1.0, 2.0], name="a")
    np.testing.assert_array_equal(v.numpy(), [1.0, 2.0])
    assert v.name == "a:0"
    with tf.Graph().as_default(), v1.Session() as session:
        w = v1.Variable(2.0, name="w")
        session.run(w.initializer)
        assert isinstance(w, v1.Variable) and session.run(w) == 2.0
