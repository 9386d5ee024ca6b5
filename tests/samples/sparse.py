"""Samples of the operations on sparse tensors. Indices are arguments like any other, so that they are part of the golden."""
from __future__ import annotations

import numpy as np

from . import BF, A, C, D, F, H, I, S, sample

_PLACES = [[0, 0], [0, 2], [2, 1], [2, 3]]
_OTHER = [[0, 2], [1, 0], [2, 1]]
P = A(_PLACES, np.int64)
Q = A(_OTHER, np.int64)
NONE = A(np.zeros((0, 2)), np.int64)
LOOSE = A([[2, 1], [0, 0], [2, 0]], np.int64)
CUBE = A([[0, 0, 1], [0, 1, 0], [1, 1, 1], [1, 1, 2]], np.int64)


def _sp(tf, indices, values, shape=(3, 4)):
    return tf.SparseTensor(indices, values, list(shape))


def _one(ops, call, *inputs, shape=(3, 4), **options):
    """A sample of one sparse tensor."""
    return sample(ops, lambda tf, p, v, *rest: call(tf, _sp(tf, p, v, shape), *rest), *inputs, **options)


def _two(ops, call, *inputs, **options):
    """A sample of two sparse tensors of the same shape."""
    return sample(ops, lambda tf, p, v, q, w: call(tf, _sp(tf, p, v), _sp(tf, q, w)), *inputs, **options)


def _i64(*values):
    return A(list(values), np.int64)


SAMPLES = [
    # Dense and back.
    *(_one("SparseToDense", lambda tf, s: tf.sparse.to_dense(s), P, v) for v in (
        F(4), H(4), BF(4), D(4), C(4), I(-9, 9, 4), I(0, 9, 4, dtype="uint8"), A([True, False, True, True]),
        S("a", "b", "", "d"))),
    _one("SparseToDense", lambda tf, s: tf.sparse.to_dense(s), NONE, F(0)),
    _one("SparseToDense", lambda tf, s: tf.sparse.to_dense(s, validate_indices=False), LOOSE, F(3)),
    _one("SparseToDense", lambda tf, s, d: tf.sparse.to_dense(s, d), P, F(4), F()),
    _one("SparseToDense", lambda tf, s: tf.sparse.to_dense(s, "?"), P, S("a", "b", "c", "d")),
    _one("SparseToDense", lambda tf, s: tf.sparse.to_dense(s), CUBE, F(4), shape=(2, 2, 3)),
    sample("SparseToDense", lambda tf, v: tf.compat.v1.sparse_to_dense([1, 3], [5], v), F(2), grad=False),
    sample("SparseToDense", lambda tf, v: tf.compat.v1.sparse_to_dense(tf.constant(2, tf.int64), tf.constant([5], tf.int64), v),
           I(1, 9), grad=False),
    sample("SparseToDense", lambda tf, v: tf.compat.v1.sparse_to_dense([[0, 1], [1, 0]], [2, 2], v, 0.5), F(),
           grad=False),
    *(sample("Where", lambda tf, x: tf.sparse.from_dense(x), x) for x in (
        A([[0.0, 2.0, np.nan], [0.0, 0.0, -1.0]]), I(0, 2, 3, 4), F(0, 2), A([True, False]), C(3))),
    sample("Where", lambda tf, x: tf.sparse.from_dense(x), S("a", "", "b")),
    sample("Pack", lambda tf, x: tf.sparse.eye(2, 3, x.dtype), I(0, 1, 1)),
    _one("SparseReorder", lambda tf, s: tf.sparse.to_indicator(s, 6), P, I(0, 6, 4, dtype="int64")),
    # Order and shape.
    *(_one("SparseReorder", lambda tf, s: tf.sparse.reorder(s), LOOSE, v) for v in (F(3), D(3), I(0, 9, 3), S("a", "b", "c"))),
    _one("SparseReorder", lambda tf, s: tf.sparse.reorder(s), NONE, F(0)),
    _one("SparseReorder", lambda tf, s: tf.sparse.reorder(s), A([[0, 1], [0, 1]], np.int64), F(2)),
    *(_one("SparseReshape", lambda tf, s, t=t: tf.sparse.reshape(s, t), P, F(4)) for t in ([2, 6], [-1], [4, -1, 1], [3, 4])),
    _one("SparseReshape", lambda tf, s: tf.sparse.reshape(s, [6, -1]), NONE, F(0)),
    *(_one("SparseReorder", lambda tf, s, p=p: tf.sparse.transpose(s, p), CUBE, F(4), shape=(2, 2, 3))
      for p in (None, [0, 2, 1], [2, 0, 1])),
    *(_one("ConcatV2", lambda tf, s, a=a: tf.sparse.expand_dims(s, a), P, F(4)) for a in (None, 0, 1, -2)),
    _one("Maximum", lambda tf, s: tf.sparse.reset_shape(s), P, F(4), shape=(7, 9)),
    _one("Maximum", lambda tf, s: tf.sparse.reset_shape(s), NONE, F(0)),
    _one("Identity", lambda tf, s: tf.sparse.reset_shape(s, [5, 6]), P, F(4)),
    # Parts.
    *(_one("SparseSlice SparseSliceGrad", lambda tf, s, b=b, n=n: tf.sparse.slice(s, b, n), P, F(4))
      for b, n in (([0, 1], [2, 3]), ([1, 0], [9, 9]), ([3, 0], [1, 1]), ([0, 0], [3, 4]))),
    _one("SparseSlice", lambda tf, s: tf.sparse.slice(s, [0, 1], [2, 3]), P, S("a", "b", "c", "d")),
    sample("SparseSliceGrad", lambda tf, dy, p: tf.raw_ops.SparseSliceGrad(
        backprop_val_grad=dy, input_indices=p, input_start=tf.constant([0, 1], tf.int64),
        output_indices=tf.constant([[0, 1], [2, 0]], tf.int64)), F(2), P, grad=False),
    *(_one("SparseSplit", lambda tf, s, n=n, a=a: tf.sparse.split(s, n, a), P, F(4), grad=False)
      for n, a in ((2, 1), (3, 0), (2, 0), (1, -1), (3, -1))),
    *(_two("SparseConcat", lambda tf, a, b, d=d: tf.sparse.concat(d, [a, b]), P, F(4), Q, F(3), fd=False) for d in (0, 1, -1)),
    _two("SparseConcat", lambda tf, a, b: tf.sparse.concat(1, [a, b]), LOOSE, I(0, 9, 3), NONE, I(0, 9, 0)),
    sample("SparseConcat", lambda tf, p, v, q, w: tf.sparse.concat(0, [_sp(tf, p, v), _sp(tf, q, w, (5, 6))], True),
           P, S("a", "b", "c", "d"), Q, S("x", "y", "z")),
    _one("SparseFillEmptyRows SparseFillEmptyRowsGrad", lambda tf, s, d: tf.sparse.fill_empty_rows(s, d), P, F(4), F()),
    _one("SparseFillEmptyRows", lambda tf, s, d: tf.sparse.fill_empty_rows(s, d), LOOSE, D(3), D()),
    _one("SparseFillEmptyRows", lambda tf, s: tf.sparse.fill_empty_rows(s, 7), NONE, I(0, 9, 0)),
    _one("SparseFillEmptyRows", lambda tf, s: tf.sparse.fill_empty_rows(s, "?"), P, S("a", "b", "c", "d")),
    sample("SparseFillEmptyRowsGrad", lambda tf, dy: tf.raw_ops.SparseFillEmptyRowsGrad(
        reverse_index_map=tf.constant([0, 3], tf.int64), grad_values=dy), F(4), grad=False),
    _one("Where", lambda tf, s: tf.sparse.retain(s, [True, False, False, True]), P, F(4)),
    _one("AddV2", lambda tf, s: tf.sparse.map_values(tf.add, s, 5.0), P, F(4)),
    _one("Mul", lambda tf, s: tf.sparse.map_values(tf.multiply, s, s), P, F(4)),
    # Elements.
    *(_two("SparseAdd SparseAddGrad", lambda tf, a, b: tf.sparse.add(a, b), P, v, Q, w) for v, w in (
        (F(4), F(3)), (D(4), D(3)), (C(4), C(3)), (I(-9, 9, 4), I(-9, 9, 3)))),
    _two("SparseAdd", lambda tf, a, b: tf.sparse.add(a, b, 1.0), P, F(4), Q, F(3), fd=False),
    _two("SparseAdd", lambda tf, a, b: tf.sparse.add(a, b), P, F(4), NONE, F(0)),
    _two("SparseAdd", lambda tf, a, b: tf.sparse.add(a, b, 2), P, A([1, 2, 3, -4]), P, A([1, -2, 0, 1])),
    sample("SparseAddGrad", lambda tf, dy, p, q: tf.raw_ops.SparseAddGrad(
        backprop_val_grad=dy, a_indices=p, b_indices=q, sum_indices=tf.constant([[0, 0], [0, 2], [2, 1]], tf.int64)),
        F(3), P, Q, grad=False),
    *(_one("SparseTensorDenseAdd", lambda tf, s, b: tf.sparse.add(s, b), P, v, b) for v, b in (
        (F(4), F(3, 4)), (H(4), H(3, 4)), (C(4), C(3, 4)), (I(0, 9, 4), I(0, 9, 3, 4)))),
    _one("SparseTensorDenseAdd", lambda tf, s, b: tf.sparse.add(b, s), A([[0, 1], [0, 1]], np.int64), F(2), F(3, 4)),
    *(_one("SparseDenseCwiseMul", lambda tf, s, b: s * b, P, v, b) for v, b in (
        (F(4), F(3, 4)), (F(4), F(4)), (F(4), F(3, 1)), (F(4), F(1, 1)), (D(4), D(3, 4)), (I(0, 9, 4), I(0, 9, 4)))),
    *(_one(f"SparseDenseCwise{n}", f, P, F(4), F(), grad=False, note="TensorFlow's gradient refuses scalars")
      for n, f in (("Mul", lambda tf, s, b: s * b), ("Div", lambda tf, s, b: s / b))),
    _one("SparseDenseCwiseMul", lambda tf, s, b: b * s, P, F(4), F(3, 4)),
    *(_one("SparseDenseCwiseDiv", lambda tf, s, b: s / b, P, v, b) for v, b in (
        (F(4), F(3, 4)), (F(4), F(3, 1)), (D(4), D(4)), (I(0, 9, 4), I(1, 9, 4)))),
    *(sample("SparseDenseCwiseDiv", lambda tf, p, v, b: tf.raw_ops.SparseDenseCwiseDiv(
        sp_indices=p, sp_values=v, sp_shape=[3, 4], dense=b), P, v, b) for v, b in (
        (A([7, -7, 9, -9]), A([2, 2, -2, -2])), (I(0, 99, 4, dtype="uint8"), I(1, 9, 4, dtype="uint8")))),
    *(sample("SparseDenseCwiseAdd", lambda tf, p, v, b: tf.raw_ops.SparseDenseCwiseAdd(
        sp_indices=p, sp_values=v, sp_shape=[3, 4], dense=b), P, v, b, grad=False) for v, b in (
        (F(4), F(3, 4)), (H(4), H(4)), (F(4), F()))),
    *(_two(f"SparseSparse{n.capitalize()}", lambda tf, a, b, n=n: getattr(tf.sparse, n)(a, b), P, v, Q, w, grad=False)
      for n in ("maximum", "minimum") for v, w in ((F(4), F(3)), (I(-9, 9, 4), I(-9, 9, 3)), (BF(4), BF(3)))),
    *(_one("SparseSoftmax", lambda tf, s: tf.sparse.softmax(s), P, v) for v in (F(4), D(4), H(4))),
    _one("SparseSoftmax", lambda tf, s: tf.sparse.softmax(s), CUBE, F(4), shape=(2, 2, 3)),
    _one("SparseSoftmax", lambda tf, s: tf.sparse.softmax(s), NONE, F(0)),
    *(_one("Mul", lambda tf, s, n=n: getattr(tf, n)(s), P, F(4)) for n in ("abs", "negative", "square", "tanh", "sin", "sign")),
    _one("Cast", lambda tf, s: tf.cast(s, tf.int32), P, F(4)),
    _one("Identity", lambda tf, s: [tf.shape(s), tf.size(s), tf.rank(s), tf.identity(s)], P, F(4)),
    # Reductions and products.
    *(_one("SparseReduceSum", lambda tf, s, a=a, k=k: tf.sparse.reduce_sum(s, a, k), CUBE, F(4), shape=(2, 2, 3))
      for a, k in ((None, False), (0, False), (-1, True), ([0, 2], False), ([0, 2], True), ([], False))),
    *(_one("SparseReduceSum", lambda tf, s: tf.sparse.reduce_sum(s, 1), P, v) for v in (D(4), H(4), C(4), I(-9, 9, 4))),
    _one("SparseReduceSum", lambda tf, s: tf.sparse.reduce_sum(s, 0), NONE, F(0)),
    *(_one("SparseReduceMax", lambda tf, s, a=a, k=k: tf.sparse.reduce_max(s, a, k), CUBE, F(4), shape=(2, 2, 3), grad=False)
      for a, k in ((None, False), (0, False), (-1, True), ([0, 2], True))),
    *(_one("SparseReduceMax", lambda tf, s: tf.sparse.reduce_max(s, 1), P, v, grad=False) for v in (
        I(-9, 0, 4), D(4), I(0, 9, 4, dtype="uint8"))),
    _one("SparseReduceMax", lambda tf, s: tf.sparse.reduce_max(s), NONE, F(0), grad=False),
    *(_one(f"SparseReduce{n.capitalize()}Sparse", lambda tf, s, n=n, a=a, k=k: getattr(tf.sparse, f"reduce_{n}")(s, a, k, True),
           CUBE, v, shape=(2, 2, 3), grad=False)
      for n in ("sum", "max") for v in (F(4), I(-9, 9, 4)) for a, k in ((None, False), (1, False), ([0, 2], True))),
    *(_one("SparseTensorDenseMatMul", lambda tf, s, b, a=a, t=t: tf.sparse.sparse_dense_matmul(s, b, a, t), P, F(4), b)
      for a, t, b in ((False, False, F(4, 2)), (True, False, F(3, 2)), (False, True, F(2, 4)), (True, True, F(2, 3)))),
    *(_one("SparseTensorDenseMatMul", lambda tf, s, b, a=a, t=t: tf.sparse.sparse_dense_matmul(s, b, a, t), P, C(4), b)
      for a, t, b in ((False, False, C(4, 2)), (True, False, C(3, 2)), (False, True, C(2, 4)), (True, True, C(2, 3)))),
    *(_one("SparseTensorDenseMatMul", lambda tf, s, b: tf.sparse.sparse_dense_matmul(s, b), P, v, b) for v, b in (
        (D(4), D(4, 2)), (I(-9, 9, 4), I(-9, 9, 4, 2)), (F(4), F(4, 0)))),
    _one("SparseTensorDenseMatMul", lambda tf, s, b: tf.sparse.sparse_dense_matmul(s, b), LOOSE, F(3), F(4, 2)),
    _one("SparseTensorDenseMatMul", lambda tf, s, b: tf.sparse.sparse_dense_matmul(s, b), NONE, F(0), F(4, 2)),
    _one("SparseTensorDenseMatMul", lambda tf, s, b: tf.sparse.sparse_dense_matmul(b, s), P, F(4), F(2, 3)),
    *(sample("SparseMatMul", lambda tf, a, b, s=s, t=t: tf.compat.v1.sparse_matmul(a, b, s, t, True), a, b)
      for s, t, a, b in ((False, False, F(2, 3), F(3, 4)), (True, False, F(3, 2), F(3, 4)), (False, True, F(2, 3), F(4, 3)),
                         (True, True, F(3, 2), F(4, 3)))),
    sample("SparseMatMul", lambda tf, a, b: tf.compat.v1.sparse_matmul(a, b), BF(2, 3), BF(3, 4), grad=False),
    sample("Sum", lambda tf, p, v, a, b: tf.sparse.sampled_addmm(p, v, [2, 2], a, b, beta=0.5, alpha=2.0),
           A([[0, 1], [1, 0]]), F(2), F(2, 3), F(3, 2)),
    # Sets and sequences.
    *(sample("DenseToDenseSetOperation", lambda tf, a, b, n=n: getattr(tf.sets, n)(a, b), I(0, 5, 2, 3, 4), I(0, 5, 2, 3, 3))
      for n in ("union", "intersection", "difference")),
    sample("DenseToDenseSetOperation", lambda tf, a, b: tf.sets.union([a], [b]), S("b", "a", "b"), S("c", "a")),
    sample("DenseToDenseSetOperation", lambda tf, a, b: tf.sets.difference(a, b, aminusb=False), I(0, 4, 3, 0), I(0, 4, 3, 2)),
    *(_one("DenseToSparseSetOperation", lambda tf, s, b, n=n: getattr(tf.sets, n)(s, b), P, I(0, 5, 4), I(0, 5, 3, 3))
      for n in ("union", "intersection", "difference")),
    *(_two("SparseToSparseSetOperation", lambda tf, a, b, n=n: getattr(tf.sets, n)(a, b), P, I(0, 3, 4), Q, I(0, 3, 3))
      for n in ("union", "intersection", "difference")),
    _two("SparseToSparseSetOperation", lambda tf, a, b: tf.sets.union(a, b), P, I(0, 3, 4), NONE, I(0, 3, 0)),
    *(_one("SetSize", lambda tf, s: tf.sets.size(s), p, v) for p, v in (
        (P, A([1, 1, 2, 3])), (NONE, I(0, 9, 0)), (P, S("a", "a", "b", "b")))),
    *(_two("EditDistance", lambda tf, a, b, n=n: tf.edit_distance(a, b, n), P, I(0, 3, 4), Q, I(0, 3, 3))
      for n in (True, False)),
    _two("EditDistance", lambda tf, a, b: tf.edit_distance(a, b), P, S("a", "b", "c", "d"), NONE, S()),
    sample("EditDistance", lambda tf, a, b: tf.edit_distance(tf.sparse.from_dense(a), tf.sparse.from_dense(b), False),
           I(1, 4, 5, 9), I(1, 4, 5, 7)),
    # Crosses and counts.
    _two("SparseCrossV2", lambda tf, a, b: tf.sparse.cross([a, b]), P, I(0, 9, 4), Q, I(0, 9, 3)),
    _one("SparseCrossV2", lambda tf, s, x: tf.sparse.cross([s, x, s], separator="-"), P, S("a", "b", "c", "d"), I(0, 9, 3, 2)),
    _two("SparseCross", lambda tf, a, b: tf.sparse.cross_hashed([a, b]), P, S("a", "b", "c", "d"), Q, I(0, 9, 3)),
    _two("SparseCross", lambda tf, a, b: tf.sparse.cross_hashed([a, b], 100, 7), P, I(0, 9, 4), P, I(0, 9, 4)),
    *(sample("DenseCountSparseOutput", lambda tf, x, a=a, o=o: tf.sparse.bincount(x, axis=a, **o), x)
      for x, a, o in ((I(0, 9, 7), 0, {}), (I(0, 5, 2, 6), -1, {}), (I(0, 5, 2, 6), 0, {"minlength": 9}),
                      (I(0, 9, 2, 6), -1, {"maxlength": 4}), (I(0, 3, 2, 6), -1, {"binary_output": True}),
                      (I(0, 9, 0), 0, {}))),
    sample("DenseCountSparseOutput", lambda tf, x, w: tf.sparse.bincount(x, w, axis=-1), I(0, 5, 2, 6), F(2, 6), grad=False),
    *(_one("SparseCountSparseOutput", lambda tf, s, o=o: tf.sparse.bincount(s, axis=-1, **o), P, I(0, 3, 4))
      for o in ({}, {"minlength": 7}, {"maxlength": 2}, {"binary_output": True})),
    sample("RaggedCountSparseOutput", lambda tf, x: tf.sparse.bincount(
        tf.RaggedTensor.from_row_splits(x, [0, 3, 3, 7]), axis=-1), I(0, 5, 7)),
    *(_one("SparseBincount", lambda tf, s, o=o: tf.math.bincount(s, axis=-1, **o), P, I(0, 3, 4))
      for o in ({}, {"minlength": 7}, {"maxlength": 2}, {"binary_output": True}, {"dtype": "float32"})),
    _one("SparseBincount", lambda tf, s: tf.math.bincount(s, axis=-1), NONE, I(0, 3, 0)),
    _one("SparseBincount", lambda tf, s, w: tf.math.bincount(s, s.with_values(w), axis=-1), P, I(0, 3, 4), F(4), grad=False),
    _one("DenseBincount", lambda tf, s: tf.math.bincount(s), P, I(0, 5, 4, dtype="int64")),
    *(sample("RaggedBincount", lambda tf, x, o=o: tf.math.bincount(
        tf.RaggedTensor.from_row_splits(x, [0, 3, 3, 7]), axis=-1, **o), I(0, 5, 7)) for o in ({}, {"minlength": 7})),
    # Strings.
    *(_one("SerializeSparse", lambda tf, s: tf.io.serialize_sparse(s), P, v) for v in (F(4), I(0, 9, 4), S("a", "b", "", "d"))),
    *(_one("SerializeManySparse", lambda tf, s: tf.io.serialize_many_sparse(s), p, v) for p, v in (
        (P, F(4)), (Q, I(0, 9, 3)), (NONE, F(0)))),
    *(_one("DeserializeManySparse", lambda tf, s: tf.io.deserialize_many_sparse(
        tf.io.serialize_many_sparse(s), s.dtype, rank=2), P, v, grad=False) for v in (F(4), S("a", "b", "", "d"))),
    _one("DeserializeManySparse", lambda tf, s: tf.io.deserialize_many_sparse(
        tf.stack([tf.io.serialize_sparse(s), tf.io.serialize_sparse(tf.sparse.reset_shape(s, [7, 5]))]), tf.float32), P, F(4),
        grad=False),
    *(_one("DeserializeSparse", lambda tf, s, n=n: tf.raw_ops.DeserializeSparse(
        serialized_sparse=tf.reshape(tf.repeat([tf.io.serialize_sparse(s)], 6, 0)[:max(n)], [*n[1:], 3]), dtype=tf.float32),
        P, F(4), grad=False) for n in ((1,), (2, 2), (6, 3, 2))),
    # Embeddings.
    *(_one("SparseSegmentSum", lambda tf, s, w, c=c: tf.nn.embedding_lookup_sparse(w, s, None, combiner=c),
           A([[0, 0], [0, 2], [1, 0], [2, 1]], np.int64), I(0, 5, 4), F(5, 3)) for c in ("sum", "mean", "sqrtn")),
    *(_one("SegmentSum", lambda tf, s, w, t, c=c: tf.nn.embedding_lookup_sparse(t, s, s.with_values(w), combiner=c),
           A([[0, 0], [0, 2], [1, 0], [2, 1]], np.int64), I(0, 5, 4), F(4), F(5, 3)) for c in ("sum", "mean", "sqrtn")),
    _one("SegmentSum", lambda tf, s, w, t: tf.nn.embedding_lookup_sparse(t, s, s.with_values(w), max_norm=0.5),
         A([[0, 0], [0, 2], [1, 0], [2, 1]], np.int64), A([0, 3, 1, 3]), F(4), F(5, 3)),
    _one("SparseSegmentSum", lambda tf, s, t, u: tf.compat.v1.nn.embedding_lookup_sparse([t, u], s, None, "mod"),
         A([[0, 0], [0, 2], [1, 0], [2, 1]], np.int64), I(0, 8, 4), F(4, 3), F(4, 3)),
    _one("SparseFillEmptyRows", lambda tf, s, t: tf.nn.safe_embedding_lookup_sparse(t, s), P, A([1, -1, 0, 3]), F(5, 3)),
    _one("SparseFillEmptyRows", lambda tf, s, t: tf.nn.safe_embedding_lookup_sparse(t, s, default_id=2, combiner="sum"),
         CUBE, A([1, -1, 0, 3]), F(5, 3), shape=(2, 2, 3)),
    # Rows that are not in order.
    *(_two("SparseAdd SparseAddGrad", lambda tf, a, b: tf.sparse.add(a, b), p, F(3), q, F(4)) for p, q in (
        (LOOSE, P), (A([[0, 2], [0, 2], [2, 1]], np.int64), P))),
    *(_two(f"SparseSparse{n.capitalize()}", lambda tf, a, b, n=n: getattr(tf.sparse, n)(a, b), LOOSE, F(3), P, F(4), grad=False)
      for n in ("maximum", "minimum")),
    *(_one("SparseSoftmax", lambda tf, s: tf.sparse.softmax(s), p, F(3), fd=False, note="the results stay in row-major order")
      for p in (LOOSE, A([[2, 1], [0, 3], [2, 1]], np.int64))),
    *(_one("SparseSlice SparseSliceGrad", lambda tf, s: tf.sparse.slice(s, [0, 0], [3, 2]), p, F(3)) for p in (
        LOOSE, A([[2, 1], [0, 1], [2, 1]], np.int64))),
    sample("SparseSliceGrad", lambda tf, dy, p: tf.raw_ops.SparseSliceGrad(
        backprop_val_grad=dy, input_indices=p, input_start=tf.constant([0, 1], tf.int64),
        output_indices=tf.constant([[0, 1], [2, 0]], tf.int64)), F(2), A([[2, 1], [0, 2], [2, 1], [0, 2]], np.int64),
        grad=False),
    sample("SparseAddGrad", lambda tf, dy, p, q: tf.raw_ops.SparseAddGrad(
        backprop_val_grad=dy, a_indices=p, b_indices=q, sum_indices=tf.constant([[0, 0], [0, 2], [2, 1]], tf.int64)),
        F(3), P, A([[1, 0], [1, 0], [0, 2], [2, 1]], np.int64), grad=False),
    sample("SparseAddGrad", lambda tf, dy, p, q: tf.raw_ops.SparseAddGrad(
        backprop_val_grad=dy, a_indices=p, b_indices=q, sum_indices=tf.constant(
            [[0, 2], [1, 0], [2, 1], [0, 0], [2, 3], [0, 0]], tf.int64)), F(6),
        A([[2, 1], [2, 1], [0, 0], [2, 3], [0, 0]], np.int64), A([[0, 2], [0, 2], [2, 3]], np.int64), grad=False),
    _two("EditDistance", lambda tf, a, b: tf.edit_distance(a, b), LOOSE, I(0, 2, 3), P, I(0, 2, 4)),
    _two("EditDistance", lambda tf, a, b: tf.edit_distance(a, b, False), A([[0, 2], [0, 2], [0, 1]], np.int64), I(0, 2, 3),
         P, I(0, 2, 4)),
    _two("SparseCrossV2", lambda tf, a, b: tf.sparse.cross([a, b]), LOOSE, I(0, 9, 3), P, I(0, 9, 4)),
    sample("SparseDenseCwiseDiv", lambda tf, p, v, b: (_sp(tf, p, v) / b).values, P, F(4), A([[1.0], [0.0], [2.0]])),
    sample("DeserializeSparse", lambda tf, p, v: tf.raw_ops.DeserializeSparse(serialized_sparse=tf.repeat(
        [[tf.io.serialize_sparse(_sp(tf, p, v))]], 2, 1), dtype=tf.float32), A([[0, 3], [2, 1]], np.int64), F(2), grad=False),
    _one("SparseReshape", lambda tf, s: tf.sparse.reshape(s, [2, 6]), A([[0, 5], [4, 1]], np.int64), F(2)),
]
