"""Static shapes from vectors of sizes some of which are known while the graph is built, as in TensorFlow."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import thalweg.v1 as tf

CASES: dict[str, tuple[Callable[[Any, Any], Any], list[int | None]]] = {
    "reshape": (lambda x, n: tf.reshape(x, [tf.shape(x)[0], 5]), [None, 5]),
    "reshape_of_unknown_rank": (lambda x, n: tf.reshape(tf.placeholder(tf.float32, None), tf.stack([n, 5])), [None, 5]),
    "the_rest": (lambda x, n: tf.reshape(x, [2, n, -1]), [2, None, None]),
    "fill": (lambda x, n: tf.fill([n, 5], 1.0), [None, 5]),
    "zeros_of_joined_sizes": (lambda x, n: tf.zeros(tf.concat([tf.shape(x), [7]], 0)), [None, None, 3, 7]),
    "casts": (lambda x, n: tf.zeros(tf.cast(tf.stack([n, 4]), tf.int64)), [None, 4]),
    "broadcast": (lambda x, n: tf.broadcast_to(tf.constant(1.0), [n, 6]), [None, 6]),
    "random": (lambda x, n: tf.random.uniform([tf.shape(x)[1], 2]), [None, 2]),
    "nothing_known": (lambda x, n: tf.reshape(x, tf.placeholder(tf.int32, [2])), [None, None]),
}


@pytest.mark.parametrize("name", CASES)
def test_known_sizes_are_kept(name: str) -> None:
    build, wanted = CASES[name]
    with tf.Graph().as_default():
        found = build(tf.placeholder(tf.float32, [None, None, 3]), tf.placeholder(tf.int32, []))
        assert found.shape.as_list() == wanted


def test_a_dense_layer_follows_a_reshape_by_the_size_of_the_batch() -> None:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 2, 3])
        y = tf.layers.dense(tf.reshape(x, [tf.shape(x)[0], 6]), 4)
        assert y.shape.as_list() == [None, 4]


def test_sizes_that_are_no_vector_say_nothing() -> None:
    with tf.Graph().as_default():
        sizes = tf.cast(tf.placeholder(tf.float32, None), tf.int32)
        assert tf.reshape(tf.placeholder(tf.float32, None), sizes).shape.rank is None
