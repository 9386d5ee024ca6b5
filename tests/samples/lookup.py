"""Samples of lookup tables."""
from __future__ import annotations

import itertools
import os
import tempfile
from typing import Any

import numpy as np

from . import A, F, I, S, sample

_L = "int64"
_NUMBERS = itertools.count()


def _static(tf: Any, keys: Any, values: Any, default: Any) -> Any:
    return tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(keys, values), default)


def _from_file(tf: Any, text: str, *columns: Any, default: Any = -1, **options: Any) -> Any:
    """A table of the lines of a file."""
    handle, path = tempfile.mkstemp()
    os.write(handle, text.encode())
    os.close(handle)
    try:
        return tf.lookup.StaticHashTable(tf.lookup.TextFileInitializer(path, *columns, **options), default)
    finally:
        os.unlink(path)


def _mutable(tf: Any, keys: Any, values: Any, query: Any) -> Any:
    table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, -1)
    with tf.control_dependencies([table.insert(keys, values)]):
        first = table.lookup(query)
    with tf.control_dependencies([first]):
        removed = table.remove(keys[:1])
    with tf.control_dependencies([removed]):
        return first, table.lookup(query), table.size(), _sorted(tf, table.export()[1])


def _of_vectors(tf: Any, keys: Any, values: Any, query: Any) -> Any:
    table = tf.lookup.experimental.MutableHashTable(tf.int64, tf.float32, [0.5, -0.5])
    with tf.control_dependencies([table.insert(keys, values)]):
        return table.lookup(query), table.lookup(tf.reshape(query, [-1, 1])), table.export()[0][:0]


def _dense(tf: Any, keys: Any, values: Any, query: Any) -> Any:
    table = tf.lookup.experimental.DenseHashTable(tf.int64, tf.int64, -1, empty_key=0, deleted_key=-1, initial_num_buckets=4)
    with tf.control_dependencies([table.insert(keys, values)]):
        first = table.lookup(query)
    with tf.control_dependencies([first]):
        removed = table.remove(keys[1:2])
    with tf.control_dependencies([removed]):
        return first, table.lookup(query), table.size(), table.export()


def _dense_pairs(tf: Any, keys: Any, values: Any, query: Any) -> Any:
    table = tf.lookup.experimental.DenseHashTable(tf.int64, tf.float32, [0.0, 1.0], empty_key=[0, 0], deleted_key=[-1, -1],
                                                  initial_num_buckets=8)
    with tf.control_dependencies([table.insert(keys, values)]):
        return table.lookup(query), table.export()


def _dense_words(tf: Any, keys: Any, values: Any, query: Any) -> Any:
    table = tf.lookup.experimental.DenseHashTable(tf.string, tf.int32, -1, empty_key="", deleted_key="$",
                                                  initial_num_buckets=16)
    with tf.control_dependencies([table.insert(keys, values)]):
        return table.lookup(query), table.export()


def _raw(tf: Any, keys: Any, values: Any) -> Any:
    handle = tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int32, shared_name=f"sample_{next(_NUMBERS)}")
    with tf.control_dependencies([tf.raw_ops.InitializeTableV2(table_handle=handle, keys=keys, values=values)]):
        return tf.raw_ops.LookupTableFindV2(table_handle=handle, keys=keys, default_value=tf.constant(0))


_CONTENTS = [
    (["a", "b"], np.array([1, 2], "int32"), -1, S("b", "z", "a")),
    (["a", ""], np.array([1.5, 2.5], "float32"), 0.5, S("", "z")),
    (np.array([3, -7], _L), ["x", "y"], "?", A([[-7, 0]], _L)),
    (np.array([3, 4], "int32"), np.array([1.0, 2.0]), -1.0, A([4, 5])), (["a"], [True], False, S("a", "b")),
    (["a"], ["b"], "", S())]


def _sorted(tf: Any, x: Any) -> Any:
    return tf.sort(tf.reshape(x, [-1]))


def _anonymous(tf: Any, kind: str, keys: Any, values: Any, **options: Any) -> Any:
    """A table of that kind, filled and read."""
    types = {"value_dtype": values.dtype}
    if kind != "MutableDenseHashTable":
        types["key_dtype"] = keys.dtype
    handle = getattr(tf.raw_ops, f"Anonymous{kind}")(**types, **options)
    fill = tf.raw_ops.InitializeTableV2 if kind == "HashTable" else tf.raw_ops.LookupTableInsertV2
    with tf.control_dependencies([fill(table_handle=handle, keys=keys, values=values)]):
        return tf.raw_ops.LookupTableFindV2(table_handle=handle, keys=keys[:1], default_value=tf.zeros_like(values[0]))


SAMPLES = [
    *(sample("HashTableV2 LookupTableImportV2 LookupTableFindV2", lambda tf, q, k=k, v=v, d=d: _static(tf, k, v, d).lookup(q),
             q, grad=False) for k, v, d, q in _CONTENTS),
    sample("LookupTableSizeV2 LookupTableExportV2", lambda tf: [
        _static(tf, ["a", "b", "a"], [1, 2, 1], -1).size(),
        *[_sorted(tf, x) for x in _static(tf, np.array([1, 2, 1]), np.array([3, 4, 3]), -1).export()]]),
    sample("InitializeTableFromTextFileV2", lambda tf, q: _from_file(
        tf, "ada 36\ngrace 85\n", tf.string, 0, tf.int64, 1, delimiter=" ").lookup(q), S("grace", "alan")),
    sample("InitializeTableFromTextFileV2", lambda tf, q: _from_file(
        tf, "a\r\nb\nc", tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER,
        vocab_size=2, value_index_offset=10).lookup(q), S("a", "b", "c")),
    sample("InitializeTableFromTextFileV2", lambda tf, q: _from_file(
        tf, "1.5\tx\n2.5\ty\n", tf.int64, -1, tf.float32, 0).lookup(q), A([1, 0, 7], _L)),
    sample("InitializeTableV2", _raw, S("a", "b"), A([4, 5])),
    *(sample("LookupTableFindV2", lambda tf, q, n=n: tf.lookup.StaticVocabularyTable(
        tf.lookup.KeyValueTensorInitializer(["a", "b", "c"], np.arange(3)), n).lookup(q), q)
      for n in (1, 5) for q in (S("c", "x", "", "a", "yy"), S())),
    sample("LookupTableFindV2", lambda tf, q: tf.lookup.StaticVocabularyTable(
        tf.lookup.KeyValueTensorInitializer(np.array([5, 6]), np.array([0, 1])), 3,
        lookup_key_dtype=tf.int32).lookup(q), I(0, 9, 2, 4)),
    sample("LookupTableFindV2", lambda tf, q: tf.lookup.StaticVocabularyTable(None, 4).lookup(q), S("a", "b", "c")),
    sample("MutableHashTableV2 LookupTableInsertV2 LookupTableRemoveV2", _mutable, S("a", "b", "c"), A([1, 2, 3], _L),
           S("a", "c", "zz")),
    sample("MutableHashTableOfTensorsV2", _of_vectors, A([1, 2, 3], _L), F(3, 2), A([3, 9], _L), grad=False),
    sample("MutableDenseHashTableV2", _dense, A([1, 5, 9, -12, 40], _L), A([10, 50, 90, 12, 4], _L), A([5, 9, 7, -12], _L)),
    sample("MutableDenseHashTableV2", _dense_pairs, A([[1, 2], [3, 4], [7, 7]], _L), F(3, 2), A([[3, 4], [2, 1]], _L),
           grad=False),
    sample("MutableDenseHashTableV2", _dense_words, S("a", "b", "cc", "dd", "eee"), A(np.arange(5), "int32"), S("cc", "x")),
    sample("AnonymousHashTable", lambda tf, k, v: _anonymous(tf, "HashTable", k, v), S("a", "b"), A([4, 5])),
    sample("AnonymousMutableHashTable", lambda tf, k, v: _anonymous(tf, "MutableHashTable", k, v), S("a", "b"), A([4, 5])),
    sample("AnonymousMutableHashTableOfTensors", lambda tf, k, v: _anonymous(
        tf, "MutableHashTableOfTensors", k, v, value_shape=[2]), S("a", "b"), A([[4, 5], [6, 7]])),
    sample("AnonymousMutableDenseHashTable", lambda tf, k, v: _anonymous(
        tf, "MutableDenseHashTable", k, v, empty_key=tf.constant(0, tf.int64), deleted_key=tf.constant(1, tf.int64)),
           A([2, 3], _L), A([4, 5])),
]
