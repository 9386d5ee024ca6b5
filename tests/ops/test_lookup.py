"""Lookup tables: errors, programs, sessions."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as tf1


def table(keys: Any = ("a", "b"), values: Any = (1, 2), default: Any = -1) -> Any:
    return tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(list(keys), list(values)), default)


def test_static_table() -> None:
    t = table()
    assert t.key_dtype == tf.string and t.value_dtype == tf.int32
    assert t[tf.constant(["b", "c"])].numpy().tolist() == [2, -1]
    assert t.size().numpy() == 2 and t.size().dtype == tf.int64
    assert t.default_value.numpy() == -1
    assert "StaticHashTable" in repr(t)


def fill(*contents: Any) -> None:
    handle = tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int32)
    for keys, values in zip(contents[::2], contents[1::2], strict=True):
        tf.raw_ops.InitializeTableV2(table_handle=handle, keys=tf.constant(keys, tf.string),
                                     values=tf.constant(values, tf.int32))


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda: table(default=0.5), TypeError, "Cannot convert 0.5 to EagerTensor of dtype int32"),
    (lambda: table(default=[1, 2]), ValueError, "not compatible"),
    (lambda: table(["a", "a"]), tf.errors.FailedPreconditionError,
     "HashTable has different value for same key. Key a has 1 and trying to add value 2"),
    (lambda: fill([], []), tf.errors.InvalidArgumentError, "keys and values cannot be empty tensors."),
    (lambda: fill([["a"]], [[1]]), tf.errors.InvalidArgumentError, r"Keys must be a vector, but received shape\[1,1\]"),
    (lambda: fill(["a", "b"], [1]), tf.errors.InvalidArgumentError, "Keys and values must have the same size 2 vs 1"),
    (lambda: fill(["a"], [1], ["a", "b"], [1, 2]), tf.errors.FailedPreconditionError,
     "Table was already initialized with different data."),
    (lambda: table(values=[1]), tf.errors.InvalidArgumentError, r"Expected shape \[2\] for value, got \[1\]"),
    (lambda: table([1.5], [1]), tf.errors.NotFoundError, "Could not find device for node: {{node HashTableV2}}"),
    (lambda: table().lookup(tf.constant([1])), TypeError, "Dtype of argument `keys` must be <dtype: 'string'>"),
    (lambda: tf.raw_ops.LookupTableInsertV2(table_handle=table().resource_handle, keys=["c"], values=[1]),
     tf.errors.UnimplementedError, "Insert not supported by InitializableLookupTable implementations"),
    (lambda: tf.raw_ops.LookupTableFindV2(table_handle=table().resource_handle, keys=[1], default_value=0),
     tf.errors.InvalidArgumentError, "Signature mismatch, have: resource, int32, int32->int32 expected: resource, string, "
     "int32->int32"),
    (lambda: tf.raw_ops.LookupTableSizeV2(table_handle=tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.bool)) + (
        tf.raw_ops.LookupTableExportV2(table_handle=tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.bool),
                                       Tkeys=tf.string, Tvalues=tf.bool)[0]),
     tf.errors.AbortedError, "HashTable is not initialized."),
    (lambda: tf.lookup.StaticVocabularyTable(None, 0), ValueError, "`num_oov_buckets` must be > 0; use StaticHashTable."),
    (lambda: tf.lookup.StaticVocabularyTable(tf.lookup.KeyValueTensorInitializer(["a"], [0]), 1), TypeError,
     "Invalid `value_dtype`, expected <dtype: 'int64'> but got <dtype: 'int32'>."),
    (lambda: tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, 0).insert(["a", "b"], [1]),
     tf.errors.InvalidArgumentError, r"Expected shape \[2\] for value, got \[1\]"),
    (lambda: tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, 0).lookup(tf.constant([1])), ValueError,
     "keys: Tensor conversion requested dtype string"),
    (lambda: tf.lookup.experimental.DenseHashTable(tf.int64, tf.int64, 0, 1, 1), tf.errors.InvalidArgumentError,
     "Empty and deleted keys cannot be equal"),
    (lambda: tf.lookup.experimental.DenseHashTable(tf.int64, tf.int64, 0, 1, 2, initial_num_buckets=3),
     tf.errors.InvalidArgumentError, "Number of buckets must be at least 4 and a power of 2, got: 3"),
    (lambda: tf.lookup.experimental.DenseHashTable(tf.int64, tf.int64, 0, 1, 2).insert([1], [5]),
     tf.errors.InvalidArgumentError, "Using the empty_key as a table key is not allowed"),
    (lambda: tf.lookup.experimental.DenseHashTable(tf.int64, tf.int64, 0, 1, 2).lookup(tf.constant([2], tf.int64)),
     tf.errors.InvalidArgumentError, "Using the deleted_key as a table key is not allowed"),
])
def test_errors(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize(("text", "words"), [
    ("a b\nc\n", "line 1 (c) : expected at least 2 got 1"), ("a b\n", "Field b in line 0 is not a valid int64."),
    ("a 1\n\nb 2\n", "empty line found at position 5."), ("a 1\n", "expected 2 but got 1")])
def test_bad_files(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "vocabulary"
    path.write_text(text)
    size = 2 if text == "a 1\n" else None
    with pytest.raises(tf.errors.InvalidArgumentError) as error:
        tf.lookup.StaticHashTable(tf.lookup.TextFileInitializer(str(path), tf.string, 0, tf.int64, 1, size, " "), -1)
    assert words in str(error.value)


@pytest.mark.parametrize(("arguments", "words"), [
    (("", tf.string, 0, tf.int64, 1), "`filename` argument required"),
    (("f", tf.string, -3, tf.int64, 1), "`key_index` should be >= -2, received: -3."),
    (("f", tf.string, -1, tf.int64, 1), "`key_dtype` must be int64 if `key_index` is -1"),
    (("f", tf.string, 0, tf.int32, -1), "`value_dtype` must be int64 for `value_index` -1"),
    (("f", tf.float32, -2, tf.int64, 1), "`key_dtype` should be either integer or string"),
    (("f", tf.string, 0, tf.int64, 1, 0), "`vocab_size` should be > 0, received: 0")])
def test_bad_arguments_of_a_file(arguments: Any, words: str) -> None:
    with pytest.raises(ValueError) as error:
        tf.lookup.TextFileInitializer(*arguments)
    assert words in str(error.value)


def test_missing_file() -> None:
    with pytest.raises(tf.errors.NotFoundError, match="No such file or directory"):
        tf.lookup.StaticHashTable(tf.lookup.TextFileInitializer("/none/of/these", tf.string, 0, tf.int64, 1), -1)


def test_tables_in_functions() -> None:
    t = table()
    changing = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, 0)

    @tf.function
    def f(x: Any) -> Any:
        changing.insert(x, tf.constant([5, 6], tf.int64))
        return t.lookup(x), table(["z"], [9]).lookup(x), changing.size()
    first = f(tf.constant(["a", "z"]))
    assert [x.numpy().tolist() for x in first] == [[1, -1], [-1, 9], 2]
    assert changing.lookup(tf.constant(["z"])).numpy().tolist() == [6]
    f(tf.constant(["b", "c"]))
    assert changing.size().numpy() == 4
    numbers = tf.function(lambda x: tf.reduce_sum(tf.cast(t.lookup(x), tf.float32) * 2.0))
    for _ in range(3):  # interpreted, then compiled around the lookup
        assert numbers(tf.constant(["a", "b", "c"])).numpy() == 4.0


def test_tables_in_sessions() -> None:
    with tf1.Graph().as_default() as graph:
        keys = tf1.placeholder(tf1.string, [None])
        static = tf1.lookup.StaticHashTable(tf1.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2]), -1)
        found = static.lookup(keys)
        assert found.shape.as_list() == [None] and found.op.type == "LookupTableFindV2"
        assert found.name == "hash_table_Lookup/LookupTableFindV2:0"
        initializer = tf1.tables_initializer()
        assert static.initializer.type == "LookupTableImportV2"
        changing = tf1.lookup.experimental.MutableHashTable(tf1.string, tf1.int64, -1)
        insert = changing.insert(keys, tf1.size(keys, out_type=tf1.int64) + tf1.zeros_like(found, tf1.int64))
        later = changing.lookup(tf1.constant(["a", "x"]))
        either = tf1.cond(tf1.size(keys) > 1, lambda: changing.lookup(keys[:1]), lambda: tf1.constant([7], tf1.int64))
    with tf1.Session(graph=graph) as one, tf1.Session(graph=graph) as two:
        with pytest.raises(tf.errors.FailedPreconditionError, match="Table not initialized"):
            one.run(found, {keys: ["a"]})
        one.run(initializer)
        one.run(initializer)
        assert one.run(found, {keys: ["b", "c"]}).tolist() == [2, -1]
        one.run(insert, {keys: ["a"]})
        assert one.run(later).tolist() == [1, -1]
        assert one.run(either, {keys: ["a", "b"]}).tolist() == [1]
        assert one.run(either, {keys: ["a"]}).tolist() == [7]
        two.run(initializer)
        assert two.run(later).tolist() == [-1, -1]  # every session has its own


def test_tables_of_the_default_graph() -> None:
    tf1.reset_default_graph()
    t = tf1.lookup.StaticVocabularyTable(tf1.lookup.KeyValueTensorInitializer(["a", "b"], np.arange(2)), 3)
    ids = t.lookup(tf1.constant(["b", "x"]))
    size = t.size()
    with tf1.Session() as session:
        session.run(tf1.tables_initializer())
        values, count = session.run([ids, size])
    assert values[0] == 1 and 2 <= values[1] < 5 and count == 5


def test_tables_of_one_name_are_one_outside_sessions() -> None:
    handles = [tf.raw_ops.MutableHashTableV2(key_dtype=tf.string, value_dtype=tf.int64, shared_name=n) for n in "xxy"]
    tf.raw_ops.LookupTableInsertV2(table_handle=handles[0], keys=["a"], values=tf.constant([3], tf.int64))
    assert [int(tf.raw_ops.LookupTableSizeV2(table_handle=h)) for h in handles] == [1, 1, 0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="Conflicting key/value dtypes"):
        tf.raw_ops.MutableHashTableV2(key_dtype=tf.string, value_dtype=tf.int32, shared_name="x")


def test_raw_table_without_a_name_is_kept_by_its_node() -> None:
    with tf1.Graph().as_default():
        handles = [tf1.raw_ops.MutableHashTableV2(key_dtype=tf1.string, value_dtype=tf1.int64) for _ in range(2)]
        insert = tf1.raw_ops.LookupTableInsertV2(table_handle=handles[0], keys=["a"], values=tf1.constant([3], tf1.int64))
        sizes = [tf1.raw_ops.LookupTableSizeV2(table_handle=h) for h in handles]
        with tf1.Session() as session:
            session.run(insert)
            assert session.run(sizes) == [1, 0]


def test_composite_keys() -> None:
    sparse = table().lookup(tf.sparse.SparseTensor([[0, 1]], ["a"], [2, 2]))
    assert sparse.values.numpy().tolist() == [1] and sparse.dense_shape.numpy().tolist() == [2, 2]
    ragged = table().lookup(tf.ragged.constant([["a"], ["b", "c"]]))
    assert ragged.to_list() == [[1], [2, -1]]


def test_dense_table_grows_and_reuses_buckets() -> None:
    t = tf.lookup.experimental.DenseHashTable(tf.int64, tf.int64, -1, empty_key=0, deleted_key=-1, initial_num_buckets=4)
    for key in range(1, 40):
        t.insert([key], [key * 10])
    t.remove(list(range(1, 40, 2)))
    assert t.size().numpy() == 19
    t.insert([101, 2], [1, 2])
    assert t.lookup(tf.constant([101, 2, 3, 38], tf.int64)).numpy().tolist() == [1, 2, -1, 380]
    keys = t.export()[0].numpy().reshape(-1)
    assert sorted(keys[keys > 0]) == sorted([*range(2, 40, 2), 101])


def test_changing_default_values() -> None:
    t = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, -1)
    t.insert(["a"], [1])
    found = t.lookup(tf.constant(["a", "b"]), dynamic_default_values=tf.constant([7, 8], tf.int64))
    assert found.numpy().tolist() == [1, 8]
