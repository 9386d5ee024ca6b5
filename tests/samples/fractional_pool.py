"""Samples of fractional pooling; with a seed the windows are TensorFlow's own."""
from __future__ import annotations

from tests.samples import D, F, I, Sample, sample

MAX = "FractionalMaxPool FractionalMaxPoolGrad"
AVG = "FractionalAvgPool FractionalAvgPoolGrad"

SAMPLES: list[Sample] = [
    sample(MAX, lambda tf, x: tf.nn.fractional_max_pool(x, [1.0, 1.44, 1.73, 1.0], seed=3), F(1, 6, 6, 1)),
    sample(MAX, lambda tf, x: tf.nn.fractional_max_pool(x, [1.0, 1.5, 2.3, 1.0], True, seed=7), F(2, 11, 19, 2)),
    sample(MAX, lambda tf, x: tf.nn.fractional_max_pool(x, [1.0, 1.5, 2.3, 1.0], False, True, seed=7), D(2, 11, 19, 2)),
    sample(MAX, lambda tf, x: tf.nn.fractional_max_pool(x, 1.3, True, True, seed=11), F(1, 30, 14, 2)),
    sample("FractionalMaxPool", lambda tf, x: tf.nn.fractional_max_pool(x, 2.0, seed=1), I(-9, 9, 1, 6, 8, 2)),
    sample("FractionalMaxPool", lambda tf, x: tf.nn.fractional_max_pool(x, 1.5)[0], F(1, 6, 6, 1), compare=False),
    sample(AVG, lambda tf, x: tf.nn.fractional_avg_pool(x, [1.0, 1.44, 1.73, 1.0], seed=3), F(1, 6, 6, 1)),
    sample(AVG, lambda tf, x: tf.nn.fractional_avg_pool(x, [1.0, 1.5, 2.3, 1.0], True, seed=7), F(2, 11, 19, 2)),
    sample(AVG, lambda tf, x: tf.nn.fractional_avg_pool(x, [1.0, 1.5, 2.3, 1.0], False, True, seed=7), D(2, 11, 19, 2)),
    sample(AVG, lambda tf, x: tf.nn.fractional_avg_pool(x, [1.0, 1.3, 1.3, 1.0], True, True, seed=11), F(1, 30, 14, 2)),
]
