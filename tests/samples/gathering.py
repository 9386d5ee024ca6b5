"""Samples of picking slices by index and of sums by index."""
from __future__ import annotations

from . import BF, A, B, C, D, F, H, I, S, sample

SAMPLES = [
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i), F(4, 3), I(0, 4, 5)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i), F(4), A(2)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i), F(4, 2), I(0, 4, 2, 3)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i), D(4, 2), I(0, 4, 0)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i), F(4, 0), I(0, 4, 2)),
    *(sample("GatherV2", lambda tf, x, i, a=a: tf.gather(x, i, axis=a), F(2, 3, 4), I(0, 2, 3)) for a in (0, 1, 2, -1, -3)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i, axis=1), D(2, 3, 2), I(0, 3, 2, 2)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, tf.cast(i, tf.int64), axis=1), D(2, 3), A(1)),
    sample("GatherV2", lambda tf, x, i, a: tf.gather(x, i, axis=a), F(2, 3), A([2, 0]), A(1)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i, batch_dims=1), F(2, 4, 3), I(0, 4, 2, 5)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i, batch_dims=1), F(2, 4), I(0, 4, 2)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i, axis=2, batch_dims=1), F(2, 3, 4), I(0, 4, 2, 5)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i, axis=-1, batch_dims=1), D(2, 3, 4), I(0, 4, 2, 2, 2)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i, batch_dims=2), F(2, 3, 4), I(0, 4, 2, 3, 2)),
    sample("GatherV2", lambda tf, x, i: tf.gather(x, i, axis=1, batch_dims=-1), F(2, 4, 3), I(0, 4, 2, 5)),
    *(sample("GatherV2", lambda tf, x: tf.gather(x, [2, 0, 2]), x) for x in (
        H(4), BF(4), C(4), I(0, 9, 4), B(4), S("a", "b", "c"))),
    sample("GatherV2 UnsortedSegmentSum", lambda tf, x, i: tf.gather(x, i) * tf.gather(x, i + 1), F(4, 2), I(0, 3, 5)),
    sample("GatherV2", lambda tf, x, i: tf.nn.embedding_lookup(x, i), F(5, 3), I(0, 5, 2, 4)),
    sample("GatherV2", lambda tf, x, i: tf.nn.embedding_lookup(x, i, max_norm=1.0), F(5, 3), I(0, 5, 4)),
    sample("Gather", lambda tf, x, i: tf.raw_ops.Gather(params=x, indices=i), F(4, 3), I(0, 4, 2, 2), grad=False),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), F(3, 4), A([[0, 1], [2, 3], [0, 1]])),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), F(3, 4), A([[0], [2], [0]])),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), D(3, 4, 2), A([[[0, 1]], [[2, 3]]])),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), F(3), A([1]), grad=False),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), F(3, 2), I(0, 1, 2, 0), grad=False),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), F(3, 2), I(0, 1, 0, 2), grad=False),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, tf.cast(i, tf.int64)), I(0, 9, 3, 2), A([[2, 1]])),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, i, batch_dims=1), F(2, 3, 4), A([[[0, 1]], [[2, 3]]])),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, i, batch_dims=1), D(2, 3, 4), A([[1], [0]])),
    sample("GatherNd", lambda tf, x, i: tf.gather_nd(x, i), S("a", "b"), A([[1], [0]])),
    sample("UnsortedSegmentSum", lambda tf, x, i: tf.math.unsorted_segment_sum(x, i, 4), F(6, 3), I(0, 4, 6)),
    sample("UnsortedSegmentSum", lambda tf, x, i: tf.math.unsorted_segment_sum(x, i, 3), F(6), A([0, -1, 2, 2, -3, 0])),
    sample("UnsortedSegmentSum", lambda tf, x, i: tf.math.unsorted_segment_sum(x, i, 4), D(2, 3, 2), I(0, 4, 2, 3)),
    sample("UnsortedSegmentSum", lambda tf, x, i, n: tf.math.unsorted_segment_sum(x, i, n), F(5), I(0, 4, 5), A(6)),
    sample("UnsortedSegmentSum", lambda tf, x, i: tf.math.unsorted_segment_sum(x, i, 3), F(0, 2), I(0, 3, 0)),
    sample("UnsortedSegmentSum", lambda tf, x, i: tf.math.unsorted_segment_sum(x, i, 0), F(0, 2), I(0, 3, 0), grad=False),
    *(sample("UnsortedSegmentSum", lambda tf, x, i: tf.math.unsorted_segment_sum(x, i, 3), x, I(0, 3, 6)) for x in (
        H(6, 2), BF(6, 2), C(6), I(0, 9, 6), I(0, 99, 6, 2, dtype="int64"))),
    sample("UnsortedSegmentSum", lambda tf, x, i: tf.convert_to_tensor(tf.IndexedSlices(x, i, [4, 2])), F(5, 2), I(0, 4, 5)),
]
