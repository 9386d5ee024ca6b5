"""Graphs: nodes, names, scopes, collections, and the errors of construction."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as v1


def test_operations_become_nodes_inside_a_graph_only() -> None:
    g = tf.Graph()
    with g.as_default():
        a = tf.constant(2.0, name="a")
        b = a * 3.0 + 1.0
    assert str(a) == 'Tensor("a:0", shape=(), dtype=float32)'
    assert repr(b) == "<tf.Tensor 'add:0' shape=() dtype=float32>"
    assert [n.type for n in g.get_operations()] == ["Const", "Const", "Mul", "Const", "AddV2"]
    assert (tf.constant(1.0) + 1.0).numpy() == 2.0, "outside, values again"
    c = b - 1.0
    assert c.graph is g, "a symbolic input decides by itself"


def test_names_are_unique_and_scoped() -> None:
    with tf.Graph().as_default():
        a, b = tf.constant(1.0), tf.constant(1.0)
        assert (a.name, b.name, (a + b).name, (a * b).name, (a - b).name) == ("Const:0", "Const_1:0", "add:0", "mul:0", "sub:0")
        with tf.name_scope("s"):
            c = tf.constant(1.0)
            with tf.name_scope("t"):
                d = c * 2.0
        with tf.name_scope("s"):
            e = tf.constant(1.0)
        assert (c.name, d.name, d.op.inputs[1].name, e.name) == ("s/Const:0", "s/t/mul:0", "s/t/mul/y:0", "s_1/Const:0")


def test_nodes_know_their_parts_and_where_they_were_made() -> None:
    with tf.Graph().as_default() as g:
        x = v1.placeholder(tf.float32, [2, 3], name="x")
        y = tf.matmul(x, x, transpose_b=True, name="y")
    node = y.op
    assert node.inputs[0] is x and node.outputs == [y] and node.type == "MatMul" and node.name == "y"
    assert node.get_attr("transpose_b") is True and node.get_attr("T") == tf.float32
    assert node.frame.filename == __file__ and node.frame.name == "test_nodes_know_their_parts_and_where_they_were_made"
    assert g.get_operation_by_name("y") is node and g.get_tensor_by_name("y:0") is y
    with pytest.raises(ValueError, match="has no attr named 'nope'"):
        node.get_attr("nope")


def test_lookups_that_fail_name_what_is_missing() -> None:
    g = tf.Graph()
    with pytest.raises(KeyError, match="refers to an Operation not in the graph"):
        g.get_operation_by_name("nope")
    with pytest.raises(KeyError, match="The operation, 'nope', does not exist in the graph"):
        g.get_tensor_by_name("nope:0")


@pytest.mark.parametrize(("build", "error", "text"), [
    (lambda: tf.matmul(tf.zeros([2, 3]), tf.zeros([2, 3])), ValueError,
     r"Dimensions must be equal, but are 3 and 2 for '\{\{node MatMul\}\} = MatMul\[T=DT_FLOAT, .*\]\(zeros, zeros_1\)' with "
     r"input shapes: \[2,3\], \[2,3\]"),
    (lambda: tf.zeros([2]) + tf.zeros([3]), ValueError, r"Dimensions must be equal, but are 2 and 3 for '\{\{node add\}\}"),
    (lambda: tf.constant(1) + tf.constant(1.0), TypeError,
     "Input 'y' of 'AddV2' Op has type float32 that does not match type int32 of argument 'x'."),
    (lambda: tf.reshape(tf.zeros([6]), [4, 2]), ValueError, r"Cannot reshape a tensor with 6 elements to shape \[4,2\]"),
    (lambda: bool(tf.constant(True)), tf.errors.OperatorNotAllowedInGraphError, "Using a symbolic `tf.Tensor` as a Python"),
    (lambda: list(tf.constant([1.0])), tf.errors.OperatorNotAllowedInGraphError, "Iterating over a symbolic"),
    (lambda: np.sin(tf.constant(1.0)), NotImplementedError, "Cannot convert a symbolic tf.Tensor"),
    (lambda: tf.constant(1.0).numpy(), AttributeError, "'SymbolicTensor' object has no attribute 'numpy'"),
])
def test_errors_at_construction(build: object, error: type[Exception], text: str) -> None:
    with tf.Graph().as_default(), pytest.raises(error, match=text):
        build()  # type: ignore[operator]


def test_shapes_known_in_part() -> None:
    with tf.Graph().as_default():
        x = v1.placeholder(tf.float32, [None, 3])
        assert (x @ tf.ones([3, 4])).shape.as_list() == [None, 4]
        assert (x + tf.ones([5, 1])).shape.as_list() == [5, 3]
        assert tf.reshape(x, [-1]).shape.as_list() == [None]
        assert tf.reduce_sum(x, 0).shape.as_list() == [3]
        assert tf.concat([x, x], 0).shape.as_list() == [None, 3]
        assert v1.placeholder(tf.float32).shape.rank is None
        y = v1.placeholder(tf.float32)
        y.set_shape([2, None])
        assert y.shape.as_list() == [2, None]


def test_collections_and_finalize() -> None:
    with tf.Graph().as_default() as g:
        g.add_to_collection("losses", 1)
        g.add_to_collections(["losses", "more"], 2)
        assert g.get_collection("losses") == [1, 2] and g.get_collection("more") == [2] and g.get_collection("none") == []
        g.finalize()
        with pytest.raises(RuntimeError, match="Graph is finalized and cannot be modified"):
            tf.constant(1.0)


def test_tensors_of_another_graph_are_refused() -> None:
    with tf.Graph().as_default():
        a = tf.constant(1.0)
    with tf.Graph().as_default(), pytest.raises(ValueError, match="must be from the same graph"):
        tf.add(tf.constant(1.0), a)


def test_a_graph_of_2000_nodes_builds_and_runs() -> None:
    with tf.Graph().as_default():
        x = v1.placeholder(tf.float32, [])
        y = x
        for _ in range(1000):
            y = y + 1.0
        with v1.Session() as s:
            assert s.run(y, {x: 0.0}) == 1000.0


def test_compositions_have_a_scope_and_their_last_node_its_name() -> None:
    with tf.Graph().as_default() as graph:
        x = tf.constant([[1.0, 2.0]])
        named = [tf.nn.l2_normalize(x), tf.random.normal([2]), tf.reduce_logsumexp(x), tf.clip_by_value(x, 0.0, 1.0),
                 tf.nn.sigmoid_cross_entropy_with_logits(x, x), tf.nn.l2_normalize(x, name="mine"),
                 tf.multiply(x, x), x * x, x @ tf.transpose(x), tf.pow(x, x), x ** x]
        assert [t.op.name for t in named] == [
            "l2_normalize", "random_normal", "ReduceLogSumExp", "clip_by_value", "logistic_loss", "mine", "Mul", "mul_1",
            "matmul", "Pow", "pow_1"]
        assert "l2_normalize/Square" in [n.name for n in graph.get_operations()]
        assert {n.name.partition("/")[0] for n in graph.get_operations()} >= {"random_normal", "logistic_loss"}
