"""Samples of cumulative sums, products and logarithms of sums."""
from __future__ import annotations

from . import BF, A, C, D, F, H, I, sample

_INF = float("inf")

SAMPLES = [
    sample("Cumsum", lambda tf, x: tf.cumsum(x), F(5)),
    sample("Cumsum", lambda tf, x: tf.cumsum(x, 1), F(3, 4)),
    sample("Cumsum", lambda tf, x: tf.cumsum(x, -1, exclusive=True), F(3, 4)),
    sample("Cumsum", lambda tf, x: tf.cumsum(x, 0, reverse=True), D(3, 4)),
    sample("Cumsum", lambda tf, x: tf.cumsum(x, 1, exclusive=True, reverse=True), F(2, 3, 4)),
    sample("Cumsum", lambda tf, x, a: tf.cumsum(x, a), F(3, 4), A(1)),
    sample("Cumsum", lambda tf, x: tf.cumsum(x, 1), C(3, 4)),
    sample("Cumsum", lambda tf, x: tf.cumsum(x, 1, exclusive=True), I(-9, 9, 3, 4)),
    sample("Cumsum", lambda tf, x: tf.cumsum(tf.cast(x, tf.int8)), A([100, 100, 100])),
    sample("Cumsum", lambda tf, x: tf.cumsum(x), F(0, 3)),
    sample("Cumsum", lambda tf, x: tf.cumsum(x, 1, exclusive=True), F(3, 1)),
    sample("Cumsum", lambda tf, x: tf.cumsum(x), H(20)),
    sample("Cumsum", lambda tf, x: tf.cumsum(x), BF(20)),
    sample("Cumprod", lambda tf, x: tf.math.cumprod(x), F(5)),
    sample("Cumprod", lambda tf, x: tf.math.cumprod(x, 1, exclusive=True), F(3, 4)),
    sample("Cumprod", lambda tf, x: tf.math.cumprod(x, -2, reverse=True), D(3, 4)),
    sample("Cumprod", lambda tf, x: tf.math.cumprod(x, 0, exclusive=True, reverse=True), F(3, 4)),
    sample("Cumprod", lambda tf, x: tf.math.cumprod(x), A([2.0, 0.0, 3.0]), fd=False),
    sample("Cumprod", lambda tf, x: tf.math.cumprod(x, 1), C(2, 3)),
    sample("Cumprod", lambda tf, x: tf.math.cumprod(x, 1), I(-3, 4, 2, 3)),
    sample("CumulativeLogsumexp", lambda tf, x: tf.math.cumulative_logsumexp(x), F(5)),
    sample("CumulativeLogsumexp", lambda tf, x: tf.math.cumulative_logsumexp(x, 1, reverse=True), F(3, 4)),
    sample("CumulativeLogsumexp", lambda tf, x: tf.math.cumulative_logsumexp(x, -1, exclusive=True), F(3, 4)),
    sample("CumulativeLogsumexp", lambda tf, x: tf.math.cumulative_logsumexp(x, 0, exclusive=True, reverse=True), D(3, 4)),
    sample("CumulativeLogsumexp", lambda tf, x: tf.math.cumulative_logsumexp(x), A([-_INF, -_INF, 1.0, _INF, 2.0]),
           grad=False),
    sample("CumulativeLogsumexp", lambda tf, x: tf.math.cumulative_logsumexp(x), H(5)),
    sample("CumulativeLogsumexp", lambda tf, x: tf.math.cumulative_logsumexp(x), A([700.0, 800.0, -800.0]), fd=False),
]
