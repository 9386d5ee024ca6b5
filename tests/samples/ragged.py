"""Samples of ragged tensors: the operations that make and take them, and the public functions that they go through."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import BF, A, B, D, F, H, I, S, sample

LENGTHS = (3, 0, 2, 1)


def _rt(tf: Any, values: Any, lengths: Any = LENGTHS) -> Any:
    return tf.RaggedTensor.from_row_lengths(values, list(lengths))


def _deep(tf: Any, values: Any) -> Any:
    """Six rows of values, as [[[., .], [.]], [], [[., ., .]]]."""
    return tf.RaggedTensor.from_nested_row_lengths(values, [[2, 0, 1], [2, 1, 3]])


def _one(ops: str, call: Any, *inputs: Any, **options: Any) -> Any:
    return sample(ops, lambda tf, v, *rest: call(tf, _rt(tf, v), *rest), *inputs, **options)


def _two(ops: str, call: Any, *inputs: Any, **options: Any) -> Any:
    return sample(ops, lambda tf, v, w: call(tf, _rt(tf, v), _rt(tf, w)), *inputs, **options)


def _nested(ops: str, call: Any, *inputs: Any, **options: Any) -> Any:
    return sample(ops, lambda tf, v, *rest: call(tf, _deep(tf, v), *rest), *inputs, **options)


_NONE = np.zeros(0, np.int32)

SAMPLES = [
    # Ranges.
    *(sample("RaggedRange", lambda tf, a, b, c: tf.ragged.range(a, b, c), A(a), A(b), A(c), grad=False) for a, b, c in (
        ([0, 5, 8], [3, 3, 12], 1), (0, [3, 0, 2], 1), ([9, 4], 0, -2), (_NONE, _NONE, 1), (0.5, [1.5, 3.0], 0.25),
        (3, 1, 1))),
    sample("RaggedRange", lambda tf, a: tf.ragged.range(a, row_splits_dtype=tf.int32), I(0, 5, 4, dtype="int64")),
    sample("RaggedRange", lambda tf, a: tf.ragged.range(a, dtype=tf.float64), D(4)),
    # To tensors.
    *(_one("RaggedTensorToTensor", lambda tf, x: x.to_tensor(), v, fd=False) for v in (
        F(6), H(6), BF(6), D(6), I(-9, 9, 6), B(6), S(*"abcdef"), F(6, 2), D(6, 0))),
    *(_one("RaggedTensorToTensor", lambda tf, x, d: x.to_tensor(d), v, d) for v, d in (
        (F(6), F()), (D(6), D()), (F(6, 2), F(2)), (F(6, 2), F(1)), (S(*"abcdef"), A(np.array(b"-", object))))),
    *(_one("RaggedTensorToTensor", lambda tf, x, s=s: x.to_tensor(shape=s), F(6)) for s in (
        [None, 2], [6, None], [2, 2], [5, 4], [0, 0])),
    _one("RaggedTensorToTensor", lambda tf, x, d: x.to_tensor(d, shape=[5, 2]), F(6), F()),
    *(_nested("RaggedTensorToTensor", lambda tf, x, s=s: x.to_tensor(shape=s), F(6)) for s in (None, [2, 1, 2], [4, 3, 4])),
    _nested("RaggedTensorToTensor", lambda tf, x: x.to_tensor(), F(6, 2)),
    sample("RaggedTensorToTensor", lambda tf, v: _rt(tf, v, ()).to_tensor(), F(0)),
    sample("RaggedTensorToTensor", lambda tf, v: _rt(tf, v, (0, 0)).to_tensor(), F(0)),
    sample("RaggedTensorToTensor", lambda tf, v: tf.RaggedTensor.from_value_rowids(v, [0, 0, 2], 5).to_tensor(), F(3)),
    # To sparse tensors.
    *(_one("RaggedTensorToSparse", lambda tf, x: x.to_sparse(), v) for v in (F(6), D(6), I(-9, 9, 6), S(*"abcdef"), F(6, 2))),
    _nested("RaggedTensorToSparse", lambda tf, x: x.to_sparse(), F(6)),
    sample("RaggedTensorToSparse", lambda tf, v: _rt(tf, v, (0, 0)).to_sparse(), F(0)),
    # Rows.
    *(_one("RaggedGather", lambda tf, x, i: tf.gather(x, i), v, A(i)) for v, i in (
        (F(6), [2, 0, 0]), (D(6), [[3, 1], [0, 2]]), (I(-9, 9, 6), _NONE), (S(*"abcdef"), [1, 3]), (F(6, 2), [2, 0, 2]))),
    _nested("RaggedGather", lambda tf, x, i: tf.gather(x, i), F(6), A([2, 0, 2])),
    _nested("RaggedGather", lambda tf, x: tf.gather(x, tf.ragged.constant([[0], [], [2, 0]])), F(6)),
    _one("GatherV2", lambda tf, x: tf.gather(x, tf.ragged.constant([[1, 0], [], [1], [0, 0]]), batch_dims=1), F(6)),
    sample("GatherV2", lambda tf, v: tf.gather(v, tf.ragged.constant([[1, 0], [], [3]])), F(4, 2)),
    sample("GatherV2", lambda tf, v: tf.nn.embedding_lookup(v, tf.ragged.constant([[1, 0], [], [3]])), F(4, 2)),
    *(_one("GatherV2", lambda tf, x, i: tf.gather_nd(x, i), F(6), A(i)) for i in ([[0, 1], [2, 0]], [[[3, 0]], [[0, 2]]])),
    # Empty rows filled.
    *(sample("RaggedFillEmptyRows RaggedFillEmptyRowsGrad", lambda tf, v, d, i=i, n=n: tf.ragged_fill_empty_rows(
        tf.constant(i, tf.int64), v, n, d), v, d) for i, n, v, d in (
        ([0, 0, 2], 5, F(3), F()), ([], 2, F(0), F()), ([1, 1, 3], 4, D(3), D()), ([1, 2], 3, I(0, 9, 2), I(0, 9)))),
    sample("RaggedFillEmptyRowsGrad", lambda tf, m, g: tf.ragged_fill_empty_rows_grad(m, g), A([0, 1, 3], np.int64), F(6),
           grad=False),
    # Crosses.
    sample("RaggedCross", lambda tf, v, w: tf.ragged.cross([_rt(tf, v), _rt(tf, w, (1, 2, 1, 0))]), S(*"abcdef"), S(*"wxyz")),
    sample("RaggedCross", lambda tf, v, w: tf.ragged.cross([_rt(tf, v), tf.reshape(w, [4, 1])]), I(0, 99, 6), S(*"pqrs")),
    sample("RaggedCross", lambda tf, v, w: tf.ragged.cross([tf.SparseTensor([[0, 0], [3, 1]], w, [4, 2]), _rt(tf, v)]),
           S(*"abcdef"), S("p", "q")),
    *(sample("RaggedCross", lambda tf, v, w, n=n, k=k: tf.ragged.cross_hashed([_rt(tf, v), _rt(tf, w, (1, 2, 1, 0))], n, k),
             v, S(*"wxyz")) for n, k, v in ((0, None, S(*"abcdef")), (100, None, I(0, 99, 6)), (7, 3, S(*"abcdef")))),
    sample("RaggedCross", lambda tf, v: tf.ragged.cross([_rt(tf, v, (0, 0)), _rt(tf, v, (0, 0))]), A(np.zeros(0, object))),
    # Element by element.
    *(_one(o, f, v) for o, f, v in (
        ("Square", lambda tf, x: tf.square(x), F(6)), ("Abs", lambda tf, x: abs(x), F(6)), ("Neg", lambda tf, x: -x, D(6)),
        ("Cast", lambda tf, x: tf.cast(x, tf.float64), F(6)), ("Relu", lambda tf, x: tf.nn.relu(x), F(6)),
        ("OnesLike", lambda tf, x: tf.ones_like(x), F(6)), ("Mul", lambda tf, x: x * 2, I(0, 9, 6)),
        ("Sub", lambda tf, x: 1.0 - x, F(6)), ("Pow", lambda tf, x: x ** 2.0, F(6)))),
    *(_two(o, f, v, w) for o, f, v, w in (
        ("AddV2", lambda tf, x, y: x + y, F(6), F(6)), ("RealDiv", lambda tf, x, y: x / y, D(6), D(6)),
        ("FloorMod", lambda tf, x, y: x % y, I(-9, 9, 6), I(1, 9, 6)), ("Less", lambda tf, x, y: x < y, F(6), F(6)),
        ("Maximum", lambda tf, x, y: tf.maximum(x, y), F(6), F(6)), ("LogicalAnd", lambda tf, x, y: x & y, B(6), B(6)))),
    *(sample("AddV2", lambda tf, v, w: _rt(tf, v) + w, v, w) for v, w in (
        (F(6), F(4, 1)), (F(6), F(1, 1)), (F(6), F()), (F(6, 2), F(2)), (F(6, 2), F(4, 1, 2)), (F(6, 2), F(4, 1, 1)))),
    sample("Mul", lambda tf, v, w: w * _deep(tf, v), F(6), F(3, 1, 1)),
    sample("Mul", lambda tf, v, w: _deep(tf, v) * tf.expand_dims(_rt(tf, w, (2, 0, 1)), 2), F(6), F(3)),
    # Reductions.
    *(_one("Sum", lambda tf, x, r=r, a=a, k=k: getattr(tf.math, f"reduce_{r}")(x, axis=a, keepdims=k), D(6))
      for r in ("sum", "prod", "min", "max") for a in (None, 0, 1) for k in (False, True)),
    *(_one("Sum", lambda tf, x, r=r, a=a: getattr(tf.math, f"reduce_{r}")(x, axis=a), D(6), grad=a is None, fd=False)
      for r in ("mean", "variance", "std") for a in (None, 0, 1)),
    *(_one("Sum", lambda tf, x, r=r, a=a: getattr(tf.math, f"reduce_{r}")(x, axis=a), B(6)) for r in ("all", "any")
      for a in (None, 0, -1)),
    *(_nested("Sum", lambda tf, x, a=a: tf.reduce_sum(x, axis=a), F(6)) for a in (0, 1, 2, [0, 1], [1, 2], [-1, 0])),
    *(_nested("Sum", lambda tf, x, a=a: tf.reduce_sum(x, axis=a, keepdims=True), F(6, 2)) for a in (1, 3)),
    *(_one("UnsortedSegmentSum", lambda tf, x, n=n: getattr(tf.math, f"unsorted_segment_{n}")(x, [0, 1, 0, 1], 2), D(6),
           fd=False) for n in ("sum", "prod", "min", "max", "mean", "sqrt_n")),
    # Joined, cut and turned.
    *(_two("ConcatV2", lambda tf, x, y, a=a: tf.concat([x, y], a), F(6), F(6)) for a in (0, 1)),
    *(_two("ConcatV2", lambda tf, x, y, a=a: tf.stack([x, y], a), F(6), F(6)) for a in (0, 1)),
    sample("ConcatV2", lambda tf, v, w: tf.concat([_rt(tf, v), w], 1), F(6), F(4, 2)),
    sample("ConcatV2", lambda tf, v, w: tf.ragged.stack([v, w]), F(3), F(2)),
    *(_nested("ConcatV2", lambda tf, x, a=a: tf.concat([x, x], a), F(6)) for a in (0, 1, 2)),
    *(_one("GatherV2", lambda tf, x, m=m: tf.tile(x, m), F(6)) for m in ([2, 1], [1, 3], [2, 2], [0, 1])),
    _nested("GatherV2", lambda tf, x: tf.tile(x, [1, 2, 2]), F(6)),
    *(_one("GatherV2", lambda tf, x, a=a: tf.reverse(x, a), F(6)) for a in ([0], [1], [0, 1])),
    *(_one("StridedSlice", lambda tf, x, k=k: x[k], F(6)) for k in (
        0, -1, slice(1, 3), slice(None, None, 2), slice(None, None, -1), (slice(None), slice(1, None)),
        (slice(None), slice(None, -1)), (slice(None), slice(None, None, -1)), (slice(None), slice(-2, None, 2)), (2, 1),
        (..., slice(0, 1)), None, (slice(None), None), (slice(3, 1),))),
    *(_nested("StridedSlice", lambda tf, x, k=k: x[k], F(6, 2)) for k in (
        (0, 1), (slice(None), slice(0, 1)), (..., 0), (..., None), (slice(None), slice(None), slice(1, None)))),
    *(_one("Identity", lambda tf, x, a=a: tf.expand_dims(x, a), F(6)) for a in (0, 1, 2, -1)),
    _nested("Identity", lambda tf, x: x.merge_dims(1, 2), F(6)),
    # Picked.
    _one("GatherV2", lambda tf, x: tf.ragged.boolean_mask(x, x > 0.0), F(6), fd=False),
    _one("GatherV2", lambda tf, x: tf.ragged.boolean_mask(x, [True, False, False, True]), F(6)),
    _one("SelectV2", lambda tf, x: tf.where(x > 0.0, x, -2.0 * x), F(6), fd=False),
    _one("RaggedTensorToSparse", lambda tf, x: tf.where(x > 3), I(0, 9, 6)),
    # Rows as wholes.
    *(_one("Exp", lambda tf, x: tf.nn.softmax(x), v) for v in (F(6), D(6))),
    *(_one("Cumsum", lambda tf, x, e=e, r=r: tf.cumsum(x, 1, e, r), F(6)) for e in (False, True) for r in (False, True)),
    _one("Cumsum", lambda tf, x: tf.cumsum(x, 0), I(0, 9, 6)),
    sample("BatchMatMulV2", lambda tf, v, w: tf.matmul(_rt(tf, v, (2, 1)), w), F(3, 2), F(2, 2, 3)),
    sample("BatchMatMulV2", lambda tf, v: tf.matmul(_deep(tf, v)[2:], _deep(tf, v)[2:], transpose_b=True), F(6)),
    _one("UnsortedSegmentSum", lambda tf, x: tf.ragged.stack_dynamic_partitions(x, [1, 0, 1, 2], 4), F(6)),
    # Made from tensors.
    *(sample("GatherV2", lambda tf, x, o=o: tf.RaggedTensor.from_tensor(x, **o), x) for x, o in (
        (F(3, 4), {"lengths": [1, 4, 0]}), (F(3, 4), {}), (A([[1, 2, 0], [0, 0, 0], [0, 3, 0]]), {"padding": 0}),
        (F(2, 3, 2), {"lengths": ([3, 2], [2, 0, 1, 0, 2])}), (F(2, 3, 2), {"ragged_rank": 2}), (F(2, 0), {}))),
    # Numbers of steps that depend on rounding, and on the order of infinities.
    sample("RaggedRange", lambda tf, a, b, d: tf.ragged.range(a, b, d), A([0.0, 5.0, 0.0]), A([1.2, np.inf, -np.inf]),
           A([0.1, -np.inf, 1.0]), grad=False),
    sample("RaggedRange", lambda tf, a, b, d: tf.ragged.range(a, b, d), A([-2**31, 2**31 - 1]), A([2**31 - 1, -2**31]),
           A([2**30, -2**30])),
    sample("RaggedFillEmptyRowsGrad", lambda tf, m, g: tf.ragged_fill_empty_rows_grad(m, g), A([1, 1], np.int64),
           A([1.0, np.nan, 3.0]), grad=False),
]
