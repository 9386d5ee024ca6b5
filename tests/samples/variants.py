"""Samples of tensors that stand for several others."""
from __future__ import annotations

import itertools
import os
import tempfile

import numpy as np

from . import A, F, I, S, sample

_numbers = itertools.count()


def _own():
    """A name that no map of sparse tensors has yet."""
    return f"map_{os.getpid()}_{next(_numbers)}"


def _optional(tf, x, y):
    raw = tf.raw_ops
    some, none = raw.OptionalFromValue(components=[x, y]), raw.OptionalNone()
    return (raw.OptionalHasValue(optional=some), raw.OptionalHasValue(optional=none), raw.OptionalGetValue(
        optional=some, output_types=[x.dtype, y.dtype], output_shapes=[x.shape, [None] * y.shape.rank]))


def _compressed(tf, x, y):
    packed = tf.raw_ops.CompressElement(components=[x, y])
    return tf.raw_ops.UncompressElement(compressed=packed, output_types=[x.dtype, y.dtype], output_shapes=[x.shape, y.shape])


def _one_by_one(tf, x, y):
    raw, own = tf.raw_ops, {"shared_name": _own()}
    numbers = [raw.AddSparseToTensorsMap(sparse_indices=t.indices, sparse_values=t.values, sparse_shape=t.dense_shape, **own)
               for t in (tf.sparse.from_dense(x), tf.sparse.from_dense(y))]
    return numbers, list(raw.TakeManySparseFromTensorsMap(sparse_handles=tf.stack(numbers), dtype=x.dtype, **own))


def _many(tf, x):
    raw, own, t = tf.raw_ops, {"shared_name": _own()}, tf.sparse.from_dense(x)
    numbers = raw.AddManySparseToTensorsMap(sparse_indices=t.indices, sparse_values=t.values, sparse_shape=t.dense_shape, **own)
    return numbers, list(raw.TakeManySparseFromTensorsMap(sparse_handles=numbers[::-1], dtype=x.dtype, **own))


_FOLDER = tempfile.mkdtemp()


def _lines(name, *lines):
    path = os.path.join(_FOLDER, name)
    with open(path, "w") as file:
        file.writelines(f"{line}\n" for line in lines)
    return path


def _remapping(offset, count, size=-1):
    def call(tf, x):
        new, old = _lines("new", "a", "b", "c", "d", "e"), _lines("old", "d", "a", "x", "c")
        return list(tf.raw_ops.GenerateVocabRemapping(new_vocab_file=new, old_vocab_file=old, new_vocab_offset=offset,
                                                      num_new_vocab=count, old_vocab_size=size))
    return call


def _remapped(rows, columns, width):
    def call(tf, values):
        prefix = os.path.join(_FOLDER, f"saved_{next(_numbers)}")
        with tf.init_scope():
            tf.train.Checkpoint(w=tf.Variable(np.arange(12, dtype=np.float32).reshape(4, 3))).write(prefix)
        return tf.raw_ops.LoadAndRemapMatrix(
            ckpt_path=prefix, old_tensor_name="w/.ATTRIBUTES/VARIABLE_VALUE", row_remapping=tf.constant(rows, tf.int64),
            col_remapping=tf.constant(columns, tf.int64), initializing_values=values, num_rows=len(rows), num_cols=width)
    return call


SAMPLES = [
    sample("OptionalFromValue OptionalNone OptionalHasValue OptionalGetValue", _optional, I(0, 9, 2), S("a", "b")),
    sample("OptionalGetValue", _optional, A(3), I(0, 9, 0, 2)),
    sample("CompressElement UncompressElement", _compressed, I(0, 9, 2), S("a", "b")),
    sample("CompressElement", _compressed, A(3), I(0, 9, 0, 2)),
    sample("AddSparseToTensorsMap TakeManySparseFromTensorsMap", _one_by_one, A([[1, 0, 2], [0, 3, 0]]), A([[0, 5]])),
    sample("AddSparseToTensorsMap", _one_by_one, A(np.zeros((2, 0)), np.int64), A([[0, 5, 0]], np.int64)),
    sample("AddManySparseToTensorsMap", _many, A([[1, 0, 2], [0, 0, 0], [0, 3, 0]])),
    sample("AddManySparseToTensorsMap", _many, I(0, 2, 3, 2, 4)),
    sample("GenerateVocabRemapping", _remapping(0, 5), A(0)),
    sample("GenerateVocabRemapping", _remapping(1, 3, 3), A(0)),
    sample("GenerateVocabRemapping", _remapping(4, 0), A(0)),
    sample("LoadAndRemapMatrix", _remapped([3, -1, 0], [], 3), F(3), grad=False),
    sample("LoadAndRemapMatrix", _remapped([3, -1, 0], [2, -1], 2), F(4), grad=False),
    sample("LoadAndRemapMatrix", _remapped([], [], 3), F(0), grad=False),
    sample("SparseCrossHashed", lambda tf, x, y: list(tf.raw_ops.SparseCrossHashed(
        indices=[tf.constant([[0, 0], [0, 1], [2, 0]], tf.int64)], values=[x], shapes=[tf.constant([3, 2], tf.int64)],
        dense_inputs=[y], num_buckets=1000, strong_hash=False, salt=[3, 4])), S("a", "", "b"), I(0, 9, 3, 2, dtype=np.int64)),
    sample("SparseCrossHashed", lambda tf, x, y: list(tf.raw_ops.SparseCrossHashed(
        indices=[], values=[], shapes=[], dense_inputs=[tf.stack([x, y], 1), tf.stack([y], 1), tf.stack([x], 1)], num_buckets=0,
        strong_hash=True, salt=[-3, 2**40])), S("a", "", "b"), S("c", "d", "e")),
    sample("SparseCrossHashed", lambda tf, x: list(tf.raw_ops.SparseCrossHashed(
        indices=[], values=[], shapes=[], dense_inputs=[x], num_buckets=7, strong_hash=False, salt=[0, 0])),
        I(0, 9, 2, 0, dtype=np.int64)),
]
