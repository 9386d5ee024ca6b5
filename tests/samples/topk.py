"""Samples of the largest elements of rows."""
from __future__ import annotations

from . import BF, A, D, F, H, I, sample

_NAN = float("nan")

SAMPLES = [
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 2), F(3, 5)),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x), F(5)),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 3), D(2, 3, 4)),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 4), A([1, 3, 3, 2, 3])),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 4), A([1.0, _NAN, 3.0, 2.0, 3.0]), grad=False),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 0), F(3, 5)),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 2, index_type=tf.int64), F(3, 5), grad=False),
    sample("TopKV2", lambda tf, x, k: tf.math.top_k(x, k), F(3, 5), A(2)),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 10), F(20, 1000), grad=False),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 10), I(0, 50, 20, 1000)),
    sample("TopKV2", lambda tf, x: tf.math.top_k(tf.cast(x, tf.uint8), 2), I(0, 250, 4, 6)),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 2), H(3, 5)),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 2), BF(3, 5)),
    sample("TopKV2", lambda tf, x: tf.math.top_k(x, 2), F(0, 5)),
    sample("InTopKV2", lambda tf, t, p: tf.math.in_top_k(t, p, 2), I(0, 5, 8), F(8, 5), grad=False),
    sample("InTopKV2", lambda tf, t, p: tf.math.in_top_k(t, p, 1), A([0, 1, 7, -1, 0]),
           A([[1.0, 1.0], [_NAN, 1.0], [1.0, 2.0], [1.0, 2.0], [float("inf"), 1.0]]), grad=False),
    sample("InTopK", lambda tf, t, p: tf.raw_ops.InTopK(predictions=p, targets=t, k=2), I(0, 5, 8), F(8, 5),
           grad=False),
    sample("NthElement", lambda tf, x: tf.raw_ops.NthElement(input=x, n=1), F(3, 5)),
    sample("NthElement", lambda tf, x: tf.raw_ops.NthElement(input=x, n=0, reverse=True), A([[1.0, 3.0, 3.0]]),
           fd=False),
    sample("NthElement", lambda tf, x: tf.raw_ops.NthElement(input=x, n=2), I(0, 9, 3, 5)),
    sample("ApproxTopK", lambda tf, x: tf.math.approx_max_k(x, 3), F(4, 9), grad=False),
]
