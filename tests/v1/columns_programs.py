"""Programs with `tf.feature_column`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .programs import Build, Program, drawn

_WORDS = np.array([["a", "b"], ["z", ""], ["b", "b"], ["c", "a"]], object)
_PRICES = np.array([[0.5], [-1.0], [3.0], [2.0]], np.float32)
_SIZES = np.array([[1, 2], [3, 4], [5, 6], [0, -1]], np.int64)
_LABELS = np.array([[1.0], [0.0], [2.0], [-1.0]], np.float32)


def _features(tf: Any) -> tuple[dict[str, Any], dict[Any, Any]]:
    word, price = tf.placeholder(tf.string, [None, 2], "word"), tf.placeholder(tf.float32, [None, 1], "price")
    size = tf.placeholder(tf.int64, [None, 2], "size")
    return {"word": word, "price": price, "size": size}, {word: _WORDS, price: _PRICES, size: _SIZES}


def _columns(tf: Any) -> dict[str, Any]:
    fc = tf.feature_column
    price = fc.numeric_column("price")
    word = fc.categorical_column_with_vocabulary_list("word", ["a", "b", "c"], num_oov_buckets=1)
    bins = fc.bucketized_column(price, [0.0, 1.0, 2.5])
    return {"price": price, "size": fc.numeric_column("size", 2, normalizer_fn=lambda x: x / 2), "word": word, "bins": bins,
            "hash": fc.categorical_column_with_hash_bucket("word", 11), "cross": fc.crossed_column(["word", bins], 13)}


def input_layer(tf: Any) -> Program:
    fc, (features, feeds), c = tf.feature_column, _features(tf), _columns(tf)
    columns = [c["price"], c["size"], c["bins"], fc.indicator_column(c["word"]), fc.embedding_column(c["word"], 3),
               fc.embedding_column(c["cross"], 2, "sqrtn"), fc.indicator_column(c["cross"])]
    outputs: dict[Any, Any] = {}
    of: dict[Any, Any] = {}
    x = fc.input_layer(features, columns, cols_to_vars=of, cols_to_output_tensors=outputs)
    counts = tf.constant([len(of[column]) for column in columns], name="counts")
    loss = tf.reduce_mean(tf.square(tf.reduce_sum(x, 1, keepdims=True) - _LABELS))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    return Program([x, counts, *(outputs[column] for column in columns)], feeds, train)


def linear_model(tf: Any) -> Program:
    fc, (features, feeds), c = tf.feature_column, _features(tf), _columns(tf)
    columns = [c["price"], c["size"], c["bins"], c["word"], c["cross"], fc.embedding_column(c["word"], 2)]
    of: dict[Any, Any] = {}
    y = fc.linear_model(features, columns, cols_to_vars=of)
    counts = tf.constant([len(of[key]) for key in [*columns, "bias"]], name="counts")
    train = tf.train.GradientDescentOptimizer(0.05).minimize(tf.reduce_mean(tf.square(y - _LABELS)))
    return Program([y, counts], feeds, train)


def linear_units(tf: Any) -> Program:
    fc, (features, feeds), c = tf.feature_column, _features(tf), _columns(tf)
    found = [fc.linear_model(features, [c["word"], c["size"]], units=3, sparse_combiner=how, trainable=how != "mean",
                             weight_collections=["losses"]) for how in ("sum", "mean", "sqrtn")]
    return Program(found, feeds)


def weighted(tf: Any) -> Program:
    fc = tf.feature_column
    word, weight = tf.sparse_placeholder(tf.string, name="word"), tf.sparse_placeholder(tf.float32, name="weight")
    column = fc.weighted_categorical_column(fc.categorical_column_with_vocabulary_list("word", ["a", "b"]), "weight")
    x = {"word": word, "weight": weight}
    vectors = [fc.embedding_column(column, 2, "sum"), fc.embedding_column(column.categorical_column, 3)]
    places = [[0, 0], [0, 1], [2, 0]]
    return Program([fc.linear_model(x, [column]), fc.input_layer(x, [fc.indicator_column(column)]),
                    fc.input_layer(x, vectors)],
                   {word: (places, np.array(["b", "a", "b"], object), [3, 2]),
                    weight: (places, np.array([0.5, 2.0, -1.0], np.float32), [3, 2])})


def shared(tf: Any) -> Program:
    fc = tf.feature_column
    one, other = (tf.placeholder(tf.int64, [None, 2], name) for name in ("one", "other"))
    columns = [fc.categorical_column_with_identity(name, 4) for name in ("one", "other")]
    shared = fc.shared_embedding_columns(columns, 3, "sum", max_norm=1.0)
    named = fc.shared_embedding_columns(columns, 2, shared_embedding_collection_name="together")
    features, (a, b) = {"one": one, "other": other}, np.array([[[0, 1], [3, 3]], [[-1, 2], [1, 0]]])
    first = fc.input_layer(features, [*shared, fc.indicator_column(columns[0])])
    again = fc.input_layer(features, named)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(first) + tf.reduce_sum(again * again))
    return Program([first, again, fc.linear_model(features, named)], {one: a, other: b}, train)


def scopes(tf: Any) -> Program:
    """Layers in scopes, one of them opened again."""
    fc, (features, feeds), c = tf.feature_column, _features(tf), _columns(tf)
    columns = [c["price"], fc.embedding_column(c["word"], 2, initializer=tf.constant_initializer(0.5), trainable=False)]
    found = []
    for reuse in (None, True):
        with tf.variable_scope("tower", reuse=reuse):
            found += [fc.input_layer(features, columns, weight_collections=["losses"]), fc.linear_model(features, columns)]
    return Program([*found, fc.input_layer(features, columns, trainable=False), fc.input_layer(features, columns),
                    fc.linear_model(features, columns), fc.linear_model(features, columns[:1])], feeds)


def ranks(tf: Any) -> Program:
    """Features of unknown rank."""
    fc, x = tf.feature_column, tf.placeholder(tf.float32, None, "x")
    y = tf.placeholder(tf.float32, None, "y")
    columns = [fc.numeric_column("x"), fc.numeric_column("y", (2, 2))]
    return Program(fc.input_layer({"x": x, "y": y}, columns), {x: [1.0, 2.0], y: drawn("y", [2, 2, 2])})


def names(tf: Any) -> Program:
    """Columns whose names begin alike count one another's variables, as scopes are compared by their beginnings."""
    fc, x = tf.feature_column, {"x": tf.constant([[1]], tf.int64), "x2": tf.constant([[2]], tf.int64)}
    columns = [fc.categorical_column_with_identity(key, 3) for key in ("x2", "x")]
    of: dict[Any, Any] = {}
    y = fc.linear_model(x, columns, cols_to_vars=of)
    return Program([y, tf.constant([len(of[column]) for column in columns], name="counts")])


_all: tuple[Callable[[Any], Program], ...] = (input_layer, linear_model, linear_units, weighted, shared, scopes, ranks, names)
PROGRAMS: dict[str, Build] = {f.__name__: f for f in _all}
