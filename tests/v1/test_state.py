"""Functions of TensorFlow 1 around variables. The expected values are TensorFlow's."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

v1 = tf.compat.v1
ROWS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], np.float32)


@pytest.mark.parametrize("name, expected", [
    ("add", [[2, 3], [3, 4], [7, 8]]), ("sub", [[0, 1], [3, 4], [3, 4]]), ("mul", [[1, 2], [3, 4], [10, 12]]),
    ("div", [[1, 2], [3, 4], [2.5, 3]]), ("min", [[1, 1], [3, 4], [2, 2]]), ("max", [[1, 2], [3, 4], [5, 6]]),
    ("update", [[1, 1], [3, 4], [2, 2]])])
def test_rows_of_variables(name: str, expected: Any) -> None:
    scatter = getattr(v1, f"scatter_{name}")
    with tf.Graph().as_default(), v1.Session() as session:
        v = v1.get_variable("v", initializer=ROWS)
        session.run(v.initializer)
        change = scatter(v, [0, 2], [[1.0, 1.0], [2.0, 2.0]])
        np.testing.assert_array_equal(session.run(v), ROWS)
        np.testing.assert_array_equal(session.run(change), expected)
        np.testing.assert_array_equal(session.run(v), expected)
    eager = tf.Variable(ROWS)
    scatter(eager, [0, 2], [[1.0, 1.0], [2.0, 2.0]])
    np.testing.assert_array_equal(eager, expected)


def test_slices_of_variables() -> None:
    v = tf.Variable(ROWS)
    v1.scatter_add(v, 1, [10.0, 10.0])
    v1.scatter_nd_add(v, [[0, 1], [2, 0]], [5.0, 7.0])
    v1.scatter_nd_sub(v, [[0]], [[1.0, 1.0]])
    np.testing.assert_array_equal(v, [[0, 6], [13, 14], [12, 6]])
    np.testing.assert_array_equal(v1.scatter_nd_update(v, [[0]], [[9.0, 8.0]])[0], [9, 8])
    with pytest.raises(tf.errors.InvalidArgumentError):
        v1.scatter_add(v, [7], [[1.0, 1.0]])


def test_counting() -> None:
    with tf.Graph().as_default(), v1.Session() as session:
        c = v1.get_variable("c", initializer=np.int32(0))
        session.run(c.initializer)
        count = v1.count_up_to(c, 2)
        assert [session.run(count), session.run(count)] == [0, 1]
        with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 2"):
            session.run(count)
    eager = tf.Variable(0)
    assert v1.count_up_to(eager, 1).numpy() == 0 and eager.numpy() == 1


def test_variables_without_values() -> None:
    with tf.Graph().as_default(), v1.Session() as session:
        assert v1.assert_variables_initialized() is None
        v = v1.get_variable("v", [2])
        check = v1.assert_variables_initialized()
        with pytest.raises(tf.errors.FailedPreconditionError):
            session.run(check)
        session.run(v1.initializers.global_variables())
        session.run([check, v1.initializers.variables([v]), v1.initializers.local_variables(),
                     v1.initializers.tables_initializer()])


def test_templates_share_variables() -> None:
    with tf.Graph().as_default(), v1.Session() as session:
        def scaled(x: Any, by: float) -> Any:
            return v1.get_variable("w", [1], initializer=v1.constant_initializer(by)) * x
        twice = v1.make_template("twice", scaled, by=2.0)
        other = v1.make_template("twice", scaled, by=3.0)
        assert twice.variable_scope is None
        a, b, c = twice(1.0), twice(10.0), other(1.0)
        assert [v.name for v in v1.trainable_variables()] == ["twice/w:0", "twice_1/w:0"]
        assert twice.variable_scope_name == "twice/" and [v.name for v in other.variables] == ["twice_1/w:0"]
        assert twice.trainable_variables == twice.weights and not twice.non_trainable_variables and twice.name == "twice"
        session.run(v1.global_variables_initializer())
        assert [x.item() for x in session.run([a, b, c])] == [2.0, 20.0, 3.0]


def test_templates_make_variables_once() -> None:
    with tf.Graph().as_default():
        wrong = v1.make_template("wrong", lambda: v1.Variable(1.0))
        wrong()
        with pytest.raises(ValueError, match="Trainable variable created when calling a template after the first time"):
            wrong()
        early = v1.make_template("early", lambda: v1.get_variable("w", [1]), create_scope_now_=True)
        assert early.variable_scope.name == "early"
        assert early() is early() and early().name == "early/w:0"
    with pytest.raises(ValueError, match="name cannot be None."):
        v1.make_template(None, lambda: None)  # type: ignore[arg-type]


def test_templates_in_eager_code() -> None:
    linear = v1.make_template("linear", lambda x: v1.get_variable("w", [1], initializer=v1.ones_initializer()) * x)
    assert linear(2.0).numpy() == 2.0
    linear.variables[0].assign([5.0])
    assert linear(2.0).numpy() == 10.0 and len(linear.trainable_variables) == 1


def test_partitioners() -> None:
    shape = tf.TensorShape([1024, 64])
    assert v1.fixed_size_partitioner(3, axis=1)(shape=shape, dtype=tf.float32) == [1, 3]
    assert v1.variable_axis_size_partitioner(64 << 10)(shape=shape, dtype=tf.float32) == [4, 1]
    assert v1.variable_axis_size_partitioner(64 << 10, max_shards=2)(shape=shape, dtype=tf.float32) == [2, 1]
    assert v1.min_max_variable_partitioner(8, min_slice_size=64 << 10)(shape=shape, dtype=tf.float32) == [4, 1]
    assert v1.min_max_variable_partitioner(2, 1, 16 << 10)(shape=shape, dtype=tf.string) == [1, 2]
    with pytest.raises(ValueError, match="must be positive"):
        v1.variable_axis_size_partitioner(0)


def test_random_names() -> None:
    assert v1.random.get_seed(3) == (87654321, 3) and v1.no_regularizer(1.0) is None
    np.testing.assert_array_equal(v1.random.stateless_multinomial([[0.0, 1.0]], 5, [1, 2]), [[1, 1, 0, 1, 1]])
    v1.random.set_random_seed(3)
    np.testing.assert_allclose(tf.random.uniform([1]), [0.13366318], rtol=1e-6)
    assert v1.random.get_seed(4) == (3, 4) and v1.random.multinomial([[0.0, 100.0]], 3).numpy().tolist() == [[1, 1, 1]]
    v1.set_random_seed(3)
    np.testing.assert_allclose(v1.initializers.uniform_unit_scaling(seed=2)([2, 3])[0],
                               [0.8597306, -0.8683726, -0.82700294], rtol=1e-6)


def test_forward_compatibility() -> None:
    assert tf.compat.forward_compatible(2020, 1, 1) and not tf.compat.forward_compatible(2100, 1, 1)
    with tf.compat.forward_compatibility_horizon(2100, 1, 2):
        assert tf.compat.forward_compatible(2100, 1, 1)
    assert not tf.compat.forward_compatible(2100, 1, 1)


def test_names_of_types() -> None:
    assert tf.experimental.RowPartition.from_row_lengths([2, 0, 1]).nrows().numpy() == 3
    assert repr(tf.NoneTensorSpec()) == "NoneTensorSpec()"
    assert issubclass(tf.errors.OutOfRangeError, v1.OpError)
