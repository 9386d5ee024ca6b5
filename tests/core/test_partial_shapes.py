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
    "a_known_size": (lambda x, n: tf.zeros([n, tf.shape(x)[2]]), [None, 3]),
    "computed_from_known_sizes": (lambda x, n: tf.zeros([tf.shape(x)[2] * 2 - 1, n]), [5, None]),
    "part_of_a_shape": (lambda x, n: tf.zeros(tf.shape(x)[1:]), [None, 3]),
    "from_the_end": (lambda x, n: tf.zeros(tf.shape(x)[-1:]), [3]),
    "every_second": (lambda x, n: tf.zeros(tf.shape(x)[::2]), [None, 3]),
    "unstacked": (lambda x, n: tf.zeros(tf.unstack(tf.shape(x))[1:]), [None, 3]),
    "joined_parts": (lambda x, n: tf.zeros(tf.concat([tf.shape(x)[:1], [5], tf.shape(x)[2:]], 0)), [None, 5, 3]),
    "part_of_a_stack": (lambda x, n: tf.zeros(tf.stack([n, 2, 4])[1:]), [2, 4]),
    "tile": (lambda x, n: tf.tile(tf.zeros([2, 3]), [n, 2]), [None, 6]),
    "slice": (lambda x, n: tf.slice(x, [n, 0, 1], [-1, 2, -1]), [None, 2, 2]),
    "slice_sizes": (lambda x, n: tf.slice(x, [0, 0, 0], [n, 2, 2]), [None, 2, 2]),
    "resize": (lambda x, n: tf.image.resize_images(tf.zeros([1, 4, 4, 3]), [n, 8]), [1, None, 8, 3]),
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


def test_sizes_are_those_that_run() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x, n = tf.placeholder(tf.float32, [None, None, 3]), tf.placeholder(tf.int32, [])
        found = [build(x, n) for name, (build, _) in CASES.items() if "reshape" not in name and name not in (
            "nothing_known", "the_rest")]
        for t, value in zip(found, session.run(found, {x: [[[0] * 3] * 4] * 2, n: 1}), strict=True):
            assert t.shape.is_compatible_with(value.shape), t


def test_an_index_beyond_the_shape_fails() -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match="slice index 3 of dimension 0 out of bounds"):
        tf.zeros([tf.shape(tf.placeholder(tf.float32, [None, None, 3]))[3]])


def test_sizes_that_are_no_vector_say_nothing() -> None:
    with tf.Graph().as_default():
        sizes = tf.cast(tf.placeholder(tf.float32, None), tf.int32)
        assert tf.reshape(tf.placeholder(tf.float32, None), sizes).shape.rank is None


def test_lists_of_sizes_are_stacked() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 3])
        sizes = tf.stack([[tf.shape(x)[0], 2], [1, tf.shape(x)[1]]])
        assert sizes.shape == (2, 2) and session.run(sizes, {x: [[0] * 3] * 4}).tolist() == [[4, 2], [1, 3]]
        assert session.run(tf.stack([[tf.shape(x)[0], 2]], axis=1), {x: [[0] * 3] * 4}).tolist() == [[4], [2]]
