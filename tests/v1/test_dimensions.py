"""Shapes in TensorFlow 1 programs: sizes are `Dimension`s. What they give and print is TensorFlow's."""
from __future__ import annotations

import numpy as np

import thalweg
import thalweg.v1 as tf


def test_sizes_of_tensors_and_variables() -> None:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 784], name="x")
        w = tf.Variable(tf.zeros([784, 10]))
        h = tf.matmul(x, w)
    assert x.get_shape()[1].value == 784 and x.shape[0].value is None and w.get_shape()[1].value == 10
    assert repr(x.shape) == "TensorShape([Dimension(None), Dimension(784)])" and str(x.shape) == "(?, 784)"
    assert str(x) == 'Tensor("x:0", shape=(?, 784), dtype=float32)'
    assert h.shape.as_list() == [None, 10] and [size.value for size in h.shape[1:]] == [10]
    assert np.prod(w.get_shape()) == 7840 and int(x.shape[1]) == 784


def test_sizes_make_shapes() -> None:
    with tf.Graph().as_default():
        y = tf.placeholder(tf.float32, [2, 3])
        rows, columns = y.get_shape()
        assert tf.zeros([rows, columns]).shape == tf.zeros(y.shape).shape == (2, 3)
        assert tf.reshape(y, [-1, rows * columns]).shape.as_list() == [1, 6]
        assert tf.reshape(y, (y.shape[0] * y.shape[1],)).shape.as_list() == [6]
        assert tf.layers.dense(y, columns).shape[1].value == 3


def test_sizes_in_the_body_of_a_loop() -> None:
    seen = []
    with tf.Graph().as_default():
        def body(i: object, a: object) -> tuple[object, object]:
            seen.append(a.shape[0].value)  # type: ignore[attr-defined]
            return i + 1, a * 2.0  # type: ignore[operator]
        tf.while_loop(lambda i, a: i < 3, body, (0, tf.ones([4])))
    assert seen and set(seen) == {4}


def test_programs_of_version_2_in_the_same_process_get_numbers() -> None:
    x = thalweg.ones([2, 3])
    assert type(x.shape[0]) is int

    @thalweg.function(input_signature=[thalweg.TensorSpec([None, 3])])
    def f(a: object) -> object:
        assert a.shape[0] is None and type(a.shape[1]) is int  # type: ignore[attr-defined]
        return a
    f(x)
    with thalweg.Graph().as_default():
        assert thalweg.compat.v1.placeholder(thalweg.float32, [None, 3]).shape[0] is None


def test_what_a_program_asks_for_counts() -> None:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 3])
        tf.enable_v2_tensorshape()
        try:
            assert type(x.shape[1]) is int and x.shape[0] is None and str(x.shape) == "(None, 3)"
        finally:
            thalweg.core.shape.set_v2_behavior(None)
