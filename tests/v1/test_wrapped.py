"""`tf.compat.v1.wrap_function`. What is expected is what TensorFlow gives."""
from __future__ import annotations

from typing import Any

import pytest

import thalweg as tf

v1 = tf.compat.v1
SCALAR = [tf.TensorSpec([], tf.float32)]


def times_and_plus(x: Any) -> Any:
    v = v1.Variable(5.0, name="v")
    w = v1.get_variable("w", [], initializer=v1.ones_initializer(), trainable=False)
    counted = v.assign_add(1.0)
    v.assign_add(100.0)  # nothing depends on it
    with v1.control_dependencies([counted]):
        return tf.add(tf.multiply(v, x, name="times"), w, name="plus")


def test_variables_live_on() -> None:
    f = v1.wrap_function(times_and_plus, SCALAR)
    assert f(2.0).numpy() == 13.0
    assert f(tf.constant(2.0)).numpy() == 15.0
    assert [v.name for v in f.variables] == ["v:0", "w:0"]
    assert [v.name for v in f.trainable_variables] == ["v:0"]
    assert [v.numpy() for v in f.variables] == [7.0, 1.0]
    assert [v.name for v in f.graph.get_collection("variables")] == ["v:0", "w:0"]
    assert [v.name for v in f.graph.get_collection("trainable_variables")] == ["v:0"]


def test_gradients() -> None:
    f = v1.wrap_function(times_and_plus, SCALAR)
    x = tf.constant(4.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    dx, dv = tape.gradient(y, [x, f.variables[0]])
    assert (y.numpy(), dx.numpy(), dv.numpy()) == (25.0, 6.0, 4.0)


def test_prune() -> None:
    f = v1.wrap_function(times_and_plus, SCALAR)
    product = f.prune("Placeholder:0", "times:0")
    assert product(tf.constant(3.0)).numpy() == 18.0
    later = f.prune([f.graph.get_tensor_by_name("times:0")], {"sum": "plus:0"})
    assert later(tf.constant(10.0))["sum"].numpy() == 11.0
    assert f.variables[0].numpy() == 7.0  # both nodes stand behind the count
    with pytest.raises(KeyError, match="'nothing:0' refers to a Tensor which does not exist"):
        f.prune("nothing:0", "plus:0")
    with pytest.raises(ValueError, match="All members of argument `feeds` must be tensors"):
        f.prune("times", "plus:0")
    with pytest.raises(ValueError, match=r"from a different graph|is not an element of this graph"):
        f.prune([], v1.wrap_function(times_and_plus, SCALAR).outputs)


def test_an_operation_that_is_fetched_runs() -> None:
    def counting() -> Any:
        step = v1.train.get_or_create_global_step()
        v1.assign_add(step, 5, name="more")
        return step.assign_add(1)
    f = v1.wrap_function(counting, [])
    assert [f().numpy(), f().numpy()] == [1, 2]
    more = next(n for n in f.graph.get_operations() if n.type == "AssignAddVariableOp")
    assert f.prune([], more)() is None
    assert f.variables[0].numpy() == 7


def test_structures_and_other_graphs() -> None:
    f = v1.wrap_function(lambda a, b: {"sum": a + b, "list": [b, None]}, [*SCALAR, tf.TensorSpec([2], tf.float32)])
    got = f(1.0, [1.0, 2.0])
    assert got["sum"].numpy().tolist() == [2.0, 3.0]
    assert got["list"][0].numpy().tolist() == [1.0, 2.0] and got["list"][1] is None
    g = v1.wrap_function(times_and_plus, SCALAR)
    twice = tf.function(lambda x: g(x) + g(x))
    assert twice(tf.constant(1.0)).numpy() == 15.0  # 6 + 1, then 7 + 1
    with tf.Graph().as_default():
        x = v1.placeholder(tf.float32, [])
        y = v1.wrap_function(lambda x: x * 2.0, SCALAR)(x)
        with v1.Session() as session:
            assert session.run(y, {x: 4.0}) == 8.0


def test_arguments_that_do_not_fit() -> None:
    f = v1.wrap_function(times_and_plus, SCALAR)
    with pytest.raises(NotImplementedError, match="Keyword arguments are not supported"):
        f(x=1.0)
    with pytest.raises(ValueError, match=r"Signature specifies \d arguments, got"):
        f()
    with pytest.raises(TypeError, match="'s'"):
        f("s")
    with pytest.raises(TypeError):
        v1.wrap_function(lambda x: object(), SCALAR)


def test_a_variable_of_the_first_version_in_a_function_lives_by_itself() -> None:
    made: list[Any] = []

    @tf.function
    def count(x: Any) -> Any:
        if not made:
            made.append(v1.Variable(2.0))
        return made[0].assign_add(x)
    assert [count(tf.constant(1.0)).numpy(), count(tf.constant(1.0)).numpy()] == [3.0, 4.0]
