"""Columns in functions, data sets, sessions and models."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as tf1
from thalweg.feature_columns.cache import FeatureTransformationCache
from thalweg.feature_columns.states import StateManager

fc = tf.feature_column
input_layer = tf.compat.v1.feature_column.input_layer
_MATRIX = [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]]


def _columns() -> list[Any]:
    word = fc.categorical_column_with_vocabulary_list("w", ["a", "b"], num_oov_buckets=1)
    return [fc.indicator_column(word), fc.numeric_column("x")]


def test_in_a_function() -> None:
    @tf.function
    def f(w: Any, x: Any) -> Any:
        return input_layer({"w": w, "x": x}, _columns())
    assert f(tf.constant(["a", "q"]), tf.constant([1.0, 2.0])).numpy().tolist() == [[1, 0, 0, 1], [0, 0, 1, 2]]
    assert f(tf.constant(["b"]), tf.constant([3.0])).numpy().tolist() == [[0, 1, 0, 3]]


def test_in_a_data_set() -> None:
    rows = tf.data.Dataset.from_tensor_slices({"w": ["a", "b", "z"], "x": [1.0, 2.0, 3.0]}).batch(2)
    found = [e.numpy().tolist() for e in rows.map(lambda row: input_layer(row, _columns()))]
    assert found == [[[1, 0, 0, 1], [0, 1, 0, 2]], [[0, 0, 1, 3]]]


def test_eager_variables_are_watched_by_tapes() -> None:
    with tf.GradientTape() as tape:
        y = tf.compat.v1.feature_column.linear_model({"x": tf.constant([[1.0], [2.0]])}, [fc.numeric_column("x")])
    weights, bias = tape.watched_variables()
    assert [weights.shape, bias.shape] == [[1, 1], [1]]
    assert [g.numpy().tolist() for g in tape.gradient(y, [weights, bias])] == [[[3.0]], [2.0]]


def test_shared_embeddings() -> None:
    with tf.Graph().as_default():
        columns = [fc.categorical_column_with_identity(key, 4) for key in "ab"]
        start = tf.compat.v1.constant_initializer(_MATRIX)
        shared = fc.shared_embeddings(columns, 2, "sum", start)
        cache = FeatureTransformationCache({"a": tf.constant([[0, 1]]), "b": tf.constant([[3, -1]])})
        found = [column.get_dense_tensor(cache, None) for column in shared]
        weights, = tf.compat.v1.global_variables()
        assert weights.name == "a_b_shared_embedding:0" and shared[0].name == "a_shared_embedding"
        with tf.compat.v1.Session() as session:
            session.run(weights.initializer)
            assert [x.tolist() for x in session.run(found)] == [[[2, 4]], [[6, 7]]]
        with pytest.raises(NotImplementedError):
            shared[0].get_config()


def test_shared_embeddings_of_sequences() -> None:
    with tf.Graph().as_default():
        columns = [fc.sequence_categorical_column_with_identity(key, 4) for key in "ab"]
        shared = fc.shared_embeddings(columns, 2, initializer=tf.compat.v1.constant_initializer(_MATRIX))
        cache = FeatureTransformationCache({"a": tf.constant([[0, 1], [2, -1]]), "b": tf.constant([[3, -1]])})
        pair = shared[0].get_sequence_dense_tensor(cache, None)
        with tf.compat.v1.Session() as session:
            session.run(tf.compat.v1.global_variables_initializer())
            dense, lengths = session.run(list(pair))
        assert dense.tolist() == [[[0, 1], [2, 3]], [[4, 5], [0, 0]]] and lengths.tolist() == [2, 1]
        with pytest.raises(ValueError, match="categorical_column must not be of type"):
            shared[0].get_dense_tensor(cache, None)


def test_an_embedding_column_of_sequences() -> None:
    column = fc.embedding_column(fc.sequence_categorical_column_with_identity("a", 4), 2,
                                 initializer=tf.compat.v1.constant_initializer(_MATRIX))
    with tf.Graph().as_default():
        cache, states = FeatureTransformationCache({"a": tf.constant([[0, 1], [2, -1]])}), StateManager()
        column.create_state(states)
        pair = column.get_sequence_dense_tensor(cache, states)
        with tf.compat.v1.Session() as session:
            session.run(tf.compat.v1.global_variables_initializer())
            dense, lengths = session.run(list(pair))
        assert dense.tolist() == [[[0, 1], [2, 3]], [[4, 5], [0, 0]]] and lengths.tolist() == [2, 1]


def test_state_managers_keep_one_variable_and_table_of_a_name() -> None:
    column = fc.embedding_column(fc.categorical_column_with_identity("a", 4), 2)
    with tf.Graph().as_default():
        states = StateManager()
        with pytest.raises(ValueError, match="Variable does not exist"):
            states.get_variable(column, "embedding_weights")
        column.create_state(states)
        assert states.get_variable(column, "embedding_weights").shape == [4, 2]
        with pytest.raises(ValueError, match="Variable already exists"):
            column.create_state(states)
        with pytest.raises(ValueError, match="Resource does not exist"):
            states.get_resource(column, "t")
        states.add_resource(column, "t", 3)
        assert states.has_resource(column, "t") and states.get_resource(column, "t") == 3


def test_embeddings_from_a_checkpoint(tmp_path: Path) -> None:
    with tf1.Graph().as_default(), tf1.Session() as session:
        v = tf1.get_variable("emb", initializer=np.arange(6, dtype=np.float32).reshape(3, 2))
        session.run(v.initializer)
        path = tf1.train.Saver([v]).save(session, str(tmp_path / "m"))
    with tf1.Graph().as_default(), tf1.Session() as session:
        column = tf1.feature_column.embedding_column(tf1.feature_column.categorical_column_with_identity("i", 3), 2,
                                                     ckpt_to_load_from=path, tensor_name_in_ckpt="emb")
        y = tf1.feature_column.input_layer({"i": tf1.constant([[2], [0]])}, [column])
        session.run(tf1.global_variables_initializer())
        assert session.run(y).tolist() == [[4, 5], [0, 1]]


def test_a_model_learns() -> None:
    """An `or` of two words, by a dense layer on columns."""
    f1 = tf1.feature_column
    with tf1.Graph().as_default(), tf1.Session() as session:
        tf1.set_random_seed(3)
        words = tf1.placeholder(tf1.string, [None, 2])
        columns = [f1.embedding_column(f1.categorical_column_with_vocabulary_list("w", ["no", "yes"]), 4, "sum")]
        x = f1.input_layer({"w": words}, columns)
        y = tf1.layers.dense(x, 1)
        labels = tf1.placeholder(tf1.float32, [None, 1])
        loss = tf1.losses.sigmoid_cross_entropy(labels, y)
        train = tf1.train.AdamOptimizer(0.1).minimize(loss)
        session.run([tf1.global_variables_initializer(), tf1.tables_initializer()])
        feeds = {words: [["no", "no"], ["yes", "no"], ["no", "yes"], ["yes", "yes"]], labels: [[0], [1], [1], [1]]}
        for _ in range(60):
            session.run(train, feeds)
        assert (session.run(y, feeds)[:, 0] > 0).tolist() == [False, True, True, True]
        assert session.run(loss, feeds) < 0.1


def test_columns_are_described_by_what_they_stand_on() -> None:
    word = fc.categorical_column_with_identity("a", 3)
    cross = fc.crossed_column(["b", word], 5)
    assert cross.parents == ["b", word] and fc.weighted_categorical_column(word, "w").parents == [word, "w"]
    assert fc.indicator_column(cross).parents == [cross] and fc.numeric_column("x").parents == ["x"]


def test_a_column_that_makes_nothing_or_is_none() -> None:
    class Nothing(type(fc.numeric_column("x"))):  # type: ignore[misc]
        def transform_feature(self, transformation_cache: Any, state_manager: Any) -> None:
            return None
    cache = FeatureTransformationCache({"x": [1.0]})
    with pytest.raises(ValueError, match="Column x is not supported"):
        cache.get(Nothing("x", (1,), None, tf.float32, None))
    with pytest.raises(TypeError, match='"key" must be either'):
        cache.get(3)
    with pytest.raises(ValueError, match="Feature y is not in features dictionary"):
        cache.get("y")


@pytest.mark.parametrize(("config", "error"), [
    ({"class_name": "Nonsense", "config": {}}, "Unknown feature_column_v2: Nonsense"), ({}, "Improper config format"),
    (3, "Improper config format")])
def test_configurations_of_no_column(config: Any, error: str) -> None:
    column = fc.indicator_column(fc.categorical_column_with_identity("a", 3))
    with pytest.raises(ValueError, match=error):
        type(column).from_config({"categorical_column": config})


def test_initializers_of_embeddings_by_name() -> None:
    column = fc.embedding_column(fc.categorical_column_with_identity("a", 3), 2)
    config = column.get_config()
    made = type(column).from_config({**config, "initializer": "Ones"})
    assert made.initializer([2]).numpy().tolist() == [1, 1]
    with pytest.raises(ValueError, match="Unknown object: Nonsense"):
        type(column).from_config({**config, "initializer": "Nonsense"})
    del config["use_safe_embedding_lookup"]
    assert type(column).from_config(config).use_safe_embedding_lookup is True


def test_names_of_tables_are_without_scopes() -> None:
    with tf.Graph().as_default(), tf.name_scope("a"):
        table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["x"], [1]), -1)
        assert table.name == "hash_table"
        assert table.lookup(tf.constant(["x"])).name == "a/hash_table_Lookup/LookupTableFindV2:0"
        assert tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, -1).name == "MutableHashTable"
