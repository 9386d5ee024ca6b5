"""Samples of functions that are one operation each."""
from __future__ import annotations

import numpy as np

from . import BF, A, D, F, H, I, sample

SAMPLES = [
    sample("Conv", lambda tf, x, w: tf.conv(x, w, [1, 1, 1, 1], "SAME"), F(2, 4, 5, 2), F(3, 3, 2, 3), grad=False),
    sample("Conv", lambda tf, x, w: tf.conv(x, w, [1, 1, 2, 1], "VALID", batch_dims=2),
           F(2, 2, 5, 6, 2), F(2, 2, 2, 3), grad=False, compare=False),
    sample("Conv", lambda tf, x, w: tf.conv(x, w, [1, 1, 1, 1, 1], "SAME"), D(1, 2, 3, 4, 2), D(2, 2, 2, 2, 1), grad=False),
    sample("Conv2DBackpropInputV2", lambda tf, x, w, dy: tf.conv2d_backprop_input_v2(x, w, dy, [1, 2, 1, 1], "SAME"),
           F(1, 4, 4, 2), F(3, 3, 2, 3), F(1, 2, 4, 3), grad=False, compare=False),
    sample("Conv2DBackpropFilterV2", lambda tf, x, w, dy: tf.conv2d_backprop_filter_v2(x, w, dy, [1, 1, 1, 1], "VALID"),
           F(2, 4, 4, 2), F(3, 3, 2, 3), F(2, 2, 2, 3), grad=False, compare=False),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x), F(3, 7), fd=False),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x, decreasing=False), D(3, 20)),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x), D(20), grad=False),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x, axis=0), D(5, 3)),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x), I(-3, 9, 2, 6)),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x), I(-3, 9, 8, dtype=np.int8)),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x)[0], H(6), grad=False),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x)[0], BF(6), grad=False),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x), F(2, 0), grad=False),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x), A([2.0, 2.0, 1.0, 1.0, 3.0]), grad=False),
    sample("IsotonicRegression", lambda tf, x: tf.nn.isotonic_regression(x), A(3.0), grad=False),
    sample("ApproxTopK", lambda tf, x: tf.approx_top_k(x, 2), F(3, 5), fd=False),
    sample("MatrixSquareRoot", lambda tf, x: tf.matrix_square_root(x), A([[4.0, 1.0], [0.0, 9.0]]), tol=(1e-4, 1e-5)),
    sample("RandomIndexShuffle", lambda tf, i: tf.random_index_shuffle(i, [1, 2, 3], 9), I(0, 9, 4)),
    sample("ExtractVolumePatches", lambda tf, x: tf.extract_volume_patches(x, [1, 2, 2, 2, 1], [1, 1, 2, 1, 1], "VALID"),
           F(1, 3, 4, 3, 2)),
    sample("FFTND", lambda tf, x: tf.fftnd(tf.complex(x, x), [2, 3], [0, 1]), F(2, 3), compare=False),
    sample("IFFTND", lambda tf, x: tf.ifftnd(tf.complex(x, x), [2, 3], [0, 1]), F(2, 3), compare=False),
    sample("RFFTND", lambda tf, x: tf.rfftnd(x, [2, 3], [0, 1]), F(2, 3), compare=False),
    sample("IRFFTND", lambda tf, x: tf.irfftnd(tf.complex(x, x), [2, 4], [0, 1]), F(2, 3), compare=False),
    sample("SobolSample", lambda tf, n: tf.math.sobol_sample(4, n), A(9)),
    sample("SobolSample", lambda tf, n: tf.math.sobol_sample(n, 3, skip=1000, dtype=tf.float64), A(40)),
    sample("SobolSample", lambda tf, n: tf.math.sobol_sample(1111, 2, n), A(12345)),
]
