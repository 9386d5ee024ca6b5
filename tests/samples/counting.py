"""Samples of counts, histograms and confusion matrices."""
from __future__ import annotations

from . import A, D, F, I, P, sample

SAMPLES = [
    sample("DenseBincount", lambda tf, x: tf.math.bincount(x), I(0, 9, 20)),
    sample("DenseBincount", lambda tf, x: tf.math.bincount(x, minlength=12), I(0, 9, 20)),
    sample("DenseBincount", lambda tf, x: tf.math.bincount(x, maxlength=4), I(0, 9, 20)),
    sample("DenseBincount", lambda tf, x, w: tf.math.bincount(x, weights=w), I(0, 9, 20), P(20), grad=False),
    sample("DenseBincount", lambda tf, x: tf.math.bincount(x, dtype=tf.float32), I(0, 9, 4, 5)),
    sample("DenseBincount", lambda tf, x: tf.math.bincount(x, axis=-1), I(0, 9, 4, 5)),
    sample("DenseBincount", lambda tf, x: tf.math.bincount(x, axis=-1, maxlength=4), I(0, 9, 4, 5)),
    sample("DenseBincount", lambda tf, x, w: tf.math.bincount(x, axis=-1, weights=w, minlength=11), I(0, 9, 4, 5),
           P(4, 5), grad=False),
    sample("DenseBincount", lambda tf, x: tf.math.bincount(x, axis=-1, binary_output=True), I(0, 4, 4, 5)),
    sample("DenseBincount", lambda tf, x: tf.math.bincount(x, axis=0, binary_output=True), I(0, 4, 4, 5)),
    sample("DenseBincount", lambda tf, x: tf.math.bincount(x), A([], "int32")),
    sample("Bincount", lambda tf, x: tf.raw_ops.Bincount(arr=x, size=4, weights=tf.zeros(0, tf.int32)), I(0, 9, 20)),
    sample("Bincount", lambda tf, x, w: tf.raw_ops.Bincount(arr=x, size=4, weights=w), I(0, 9, 20), P(20), grad=False),
    sample("HistogramFixedWidth", lambda tf, x: tf.histogram_fixed_width(x, [-1.0, 1.0], nbins=5), F(50), grad=False),
    sample("HistogramFixedWidth", lambda tf, x: tf.histogram_fixed_width(x, [0, 5], nbins=5), I(-3, 9, 50)),
    sample("HistogramFixedWidth", lambda tf, x: tf.histogram_fixed_width(
        x, tf.constant([-1, 1], tf.float64), dtype=tf.int64), D(5, 6), grad=False),
    sample("Floor Cast Minimum Maximum", lambda tf, x: tf.histogram_fixed_width_bins(x, [-1.0, 1.0], nbins=5),
           F(5, 6), grad=False),
    sample("ScatterNd", lambda tf, a, b: tf.math.confusion_matrix(a, b), I(0, 5, 30), I(0, 5, 30)),
    sample("ScatterNd", lambda tf, a, b, w: tf.math.confusion_matrix(a, b, 6, w, tf.float32), I(0, 5, 30), I(0, 5, 30),
           P(30)),
    sample("ScatterNd", lambda tf, a, b: tf.math.confusion_matrix(a, b, num_classes=5), I(0, 5, 6), I(0, 5, 6, 1)),
]
