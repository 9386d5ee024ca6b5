"""Samples of picking by condition."""
from __future__ import annotations

from . import BF, A, B, C, D, F, H, I, S, sample

_LENGTHS = A([2, 0, 3])

SAMPLES = [
    *(sample("Where", lambda tf, x: tf.where(x), x) for x in (
        B(3, 4), B(5), B(0, 2), I(0, 3, 4), A([0.0, 2.0, float("nan"), -0.0]), C(2))),
    sample("SelectV2", lambda tf, c, x, y: tf.where(c, x, y), B(3, 2), F(3, 2), F(2)),
    sample("Where GatherV2", lambda tf, x, m: tf.boolean_mask(x, m), F(4, 2), B(4)),
    sample("Where GatherV2", lambda tf, x, m: tf.boolean_mask(x, m), D(3, 2), B(3, 2)),
    sample("Where GatherV2", lambda tf, x, m: tf.boolean_mask(x, m, axis=1), F(2, 3, 2), B(3)),
    sample("Where GatherV2", lambda tf, x, m: tf.boolean_mask(x, m, axis=1), F(2, 3, 2), B(3, 2)),
    sample("Where GatherV2", lambda tf, x: tf.boolean_mask(x, [1, 0, 1]), S("a", "b", "c")),
    sample("DynamicPartition", lambda tf, x: tf.dynamic_partition(x, [0, 2, 0, 1, 2], 4), F(5, 2)),
    sample("DynamicPartition", lambda tf, x, p: tf.dynamic_partition(x, p, 2), D(2, 3), I(0, 2, 2, 3)),
    sample("DynamicPartition", lambda tf, x, p: tf.dynamic_partition(x, p, 1), I(0, 9, 4), I(0, 1, 4)),
    sample("DynamicPartition", lambda tf, x, p: tf.dynamic_partition(x, p, 2), F(0, 2), I(0, 2, 0)),
    sample("DynamicPartition", lambda tf, x: tf.dynamic_partition(x, 1, 2), F(3)),
    sample("DynamicStitch", lambda tf, x, y: tf.dynamic_stitch([[0, 3], [1, 2]], [x, y]), F(2, 2), F(2, 2)),
    sample("DynamicStitch", lambda tf, x, y: tf.dynamic_stitch([[0, 3], 1], [x, y]), F(2, 2), F(2), fd=False,
           compare=True, grad=False),
    sample("DynamicStitch", lambda tf, x, y: tf.dynamic_stitch([[0, 1], [2]], [x, y]), I(0, 9, 2), I(0, 9, 1)),
    sample("DynamicStitch", lambda tf, x, i, j: tf.dynamic_stitch([i, j], [x, x]), D(2), A([0, 1]), A([2, 3])),
    sample("ParallelDynamicStitch", lambda tf, x, y: tf.raw_ops.ParallelDynamicStitch(
        indices=[[0, 3], [1, 2]], data=[x, y]), F(2, 2), F(2, 2)),
    sample("ReverseSequence", lambda tf, x, n: tf.reverse_sequence(x, n, seq_axis=1), F(3, 4), _LENGTHS),
    sample("ReverseSequence", lambda tf, x, n: tf.reverse_sequence(x, n, 1, 0), F(3, 4, 2), _LENGTHS),
    sample("ReverseSequence", lambda tf, x, n: tf.reverse_sequence(x, n, 0, 1), D(4, 3), _LENGTHS),
    sample("ReverseSequence", lambda tf, x, n: tf.reverse_sequence(x, n, 2, 1), F(2, 3, 4), _LENGTHS),
    sample("ReverseSequence", lambda tf, x, n: tf.reverse_sequence(x, tf.cast(n, tf.int64), -1, 0), I(0, 9, 3, 3), _LENGTHS,
           compare=False),
    *(sample("ReverseSequence", lambda tf, x, n: tf.reverse_sequence(x, n, 1, 0), x, _LENGTHS) for x in (
        H(3, 4), BF(3, 4), C(3, 4), B(3, 4))),
]
