"""Samples of moments and normalisations."""
from __future__ import annotations

from . import A, D, F, H, P, sample

SAMPLES = [
    sample("Mean SquaredDifference", lambda tf, x: tf.nn.moments(x, [0]), F(5, 4)),
    sample("Mean SquaredDifference", lambda tf, x: tf.nn.moments(x, [0, 2], keepdims=True), F(5, 4, 3)),
    sample("Mean SquaredDifference", lambda tf, x: tf.nn.moments(x, -1), D(5, 4)),
    sample("Mean SquaredDifference", lambda tf, x: tf.nn.moments(x, [0]), H(5, 4)),
    sample("Mean SquaredDifference", lambda tf, x: tf.nn.moments(x, []), F(5)),
    sample("Sum SquaredDifference", lambda tf, x, w: tf.nn.weighted_moments(x, [0], w), F(5, 4), P(5, 1)),
    sample("Sum SquaredDifference", lambda tf, x, w: tf.nn.weighted_moments(x, [0, 1], w, keepdims=True), F(5, 4), P(4)),
    sample("Sum SquaredDifference", lambda tf, x: tf.nn.weighted_moments(x, [0], 2.0), H(5, 4)),
    sample("Sum Square", lambda tf, x: tf.nn.sufficient_statistics(x, [0]), F(5, 4)),
    sample("Sum SquaredDifference", lambda tf, x: tf.nn.sufficient_statistics(x, [0, 1], shift=1.0, keepdims=True),
           F(5, 4)),
    sample("Reciprocal Square", lambda tf, m, v: tf.nn.normalize_moments(4.0, m, v, None), F(4), P(4)),
    sample("Reciprocal Square", lambda tf, m, v, s: tf.nn.normalize_moments(4.0, m, v, s), F(4), P(4), F(4)),
    sample("Rsqrt Mul Sub", lambda tf, x, m, v, b, g: tf.nn.batch_normalization(x, m, v, b, g, 1e-3), F(5, 4), F(4),
           P(4), F(4), F(4)),
    sample("Rsqrt Mul Sub", lambda tf, x, m, v: tf.nn.batch_normalization(x, m, v, None, None, 1e-3), F(5, 4), F(4),
           P(4)),
    sample("LRN", lambda tf, x: tf.nn.local_response_normalization(x), F(2, 2, 3, 8)),
    sample("LRN", lambda tf, x: tf.nn.lrn(x, depth_radius=2, bias=2.0, alpha=0.1, beta=0.75), F(2, 1, 3, 7)),
    sample("LRN", lambda tf, x: tf.nn.lrn(x, 1), H(1, 1, 3, 5)),
    sample("LRNGrad", lambda tf, g, x, y: tf.raw_ops.LRNGrad(input_grads=g, input_image=x, output_image=y, depth_radius=2),
           F(1, 2, 2, 5), F(1, 2, 2, 5), F(1, 2, 2, 5), grad=False),
    sample("Sum", lambda tf, x: tf.nn.compute_average_loss(x), F(5)),
    sample("Sum", lambda tf, x, w: tf.nn.compute_average_loss(x, sample_weight=w, global_batch_size=10), F(5), P(5),
           fd=False, note="computed in float32"),
    sample("Sum", lambda tf, x: tf.nn.scale_regularization_loss(x), A([1.0, 2.0])),
    sample("SelectV2", lambda tf, x: tf.nn.experimental.stateless_dropout(x, 0.4, seed=[1, 2]), F(5, 4)),
    sample("SelectV2", lambda tf, x, r: tf.nn.experimental.stateless_dropout(x, r, seed=[1, 2], noise_shape=[5, 1]),
           F(5, 4), A(0.3), fd=False),
    sample("SelectV2", lambda tf, x: tf.nn.experimental.general_dropout(
        x, 0.5, lambda shape, dtype: tf.reshape(tf.linspace(tf.constant(0.0, dtype), 0.9, 20), shape)), F(5, 4)),
]
