"""Samples of pooling: pool, pool_numpy, pooling."""
from __future__ import annotations

from typing import Any

import numpy as np

from tests.samples import BF, A, D, F, H, I, Sample, sample

MAX = "MaxPool MaxPoolGrad"
AVG = "AvgPool AvgPoolGrad"
MAX_3D = "MaxPool3D MaxPool3DGrad"
AVG_3D = "AvgPool3D AvgPool3DGrad"
ARGMAX = "MaxPoolWithArgmax MaxPoolGradWithArgmax"
EXPLICIT = [[0, 0], [1, 0], [0, 1], [0, 0]]
TIES = np.array([[1, 1, 0, 2], [1, 1, 2, 2], [0, 0, 3, 3], [0, 0, 3, 1]], np.float32).reshape(1, 4, 4, 1)
LOWEST = np.full((1, 4, 4, 1), -np.inf, np.float32)


def second_order(tf: Any, f: Any, x: Any) -> Any:
    """The gradient of a gradient: a nonlinear function of the result makes it differ from zero."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(f(x) ** 3)
    return tape.gradient(loss, x)


SAMPLES: list[Sample] = [
    # Windows that tile, overlap, leave gaps, leave a rest, and are padded.
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "VALID"), F(2, 6, 4, 3)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "VALID"), F(2, 5, 5, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "SAME"), F(2, 5, 7, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 3, 2, "SAME"), F(1, 5, 6, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 3, 1, "VALID"), F(1, 5, 6, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, [3, 2], [1, 2], "SAME"), F(1, 4, 5, 1)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 3, "VALID"), F(1, 9, 8, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, [1, 1, 3, 1], [1, 1, 1, 1], "SAME"), F(1, 3, 5, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 1, 2, "VALID"), F(1, 5, 5, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 1, EXPLICIT), F(1, 4, 4, 1)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 3, 2, [[0, 0], [2, 1], [0, 2], [0, 0]]), F(1, 5, 5, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 9, 1, "VALID"), F(2, 9, 9, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "SAME", "NCHW"), F(2, 3, 5, 4), compare=False,
           note="TensorFlow has no gradient for channels first on the CPU, here and below"),
    sample("MaxPool", lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "SAME", "NCHW"), F(2, 3, 5, 4), grad=False),
    sample("MaxPool", lambda tf, x: tf.nn.max_pool2d(x, 2, 1, "SAME", "NCHW"), F(1, 2, 3, 4), grad=False),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "VALID"), F(0, 4, 4, 2), fd=False),
    # Ties go to the first; infinities.
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "VALID"), A(TIES), fd=False),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 1, "SAME"), A(TIES), fd=False),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 3, 3, "SAME"), A(TIES), fd=False),
    sample("MaxPool", lambda tf, x: tf.nn.max_pool2d(x, 3, 2, "SAME"), A(LOWEST), compare=False,
           note="TensorFlow has the lowest finite number"),
    sample("MaxPoolWithArgmax", lambda tf, x: tf.nn.max_pool_with_argmax(x, 3, 2, "SAME"), A(LOWEST), grad=False),
    # Dtypes.
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "SAME"), D(1, 3, 4, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "SAME"), H(1, 3, 4, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "VALID"), BF(1, 4, 4, 2)),
    sample("MaxPool", lambda tf, x: tf.nn.max_pool2d(x, 2, 2, "SAME"), I(-9, 9, 1, 3, 4, 2)),
    sample("MaxPool", lambda tf, x: tf.nn.max_pool2d(tf.cast(x, tf.uint8), 2, 1, "SAME"), I(0, 99, 1, 3, 4, 2)),
    # The second order.
    sample(f"{MAX} MaxPoolGradGrad", lambda tf, x: second_order(tf, lambda v: tf.nn.max_pool2d(v, 2, 2, "SAME"), x),
           F(1, 5, 4, 2)),
    sample(f"{MAX} MaxPoolGradGrad", lambda tf, x: second_order(tf, lambda v: tf.nn.max_pool2d(v, 3, 1, "VALID"), x),
           F(1, 4, 5, 1)),
    sample(AVG, lambda tf, x: second_order(tf, lambda v: tf.nn.avg_pool2d(v, 3, 2, "SAME"), x), F(1, 5, 4, 2)),
    # Averages.
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 2, 2, "VALID"), F(2, 6, 4, 3)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 2, 2, "SAME"), F(1, 5, 5, 2)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 3, 1, "VALID"), F(1, 5, 5, 1)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, [3, 2], [2, 1], "SAME"), F(2, 5, 4, 2)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 2, 3, "VALID"), F(1, 7, 8, 2)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 9, 1, "VALID"), F(2, 9, 9, 2)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 9, 1, "SAME"), F(1, 9, 9, 1)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 2, 2, "SAME", "NCHW"), F(2, 3, 5, 4)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 2, 2, "SAME"), D(1, 3, 4, 2)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 2, 2, "SAME"), H(1, 3, 4, 2)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 2, 2, "VALID"), BF(1, 4, 4, 2)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool2d(x, 2, 2, "VALID"), F(0, 4, 4, 2), fd=False),
    # One and three dimensions; any number.
    sample(MAX, lambda tf, x: tf.nn.max_pool1d(x, 2, 2, "SAME"), F(1, 5, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool1d(x, 2, 2, [[0, 0], [1, 0], [0, 0]]), F(1, 5, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool1d(x, 3, 1, "VALID", "NCW"), F(2, 2, 5), compare=False),
    sample(AVG, lambda tf, x: tf.nn.avg_pool1d(x, 3, 2, "VALID"), F(1, 7, 2)),
    sample(AVG, lambda tf, x: tf.nn.avg_pool1d(x, 3, 2, "SAME", "NCW"), F(1, 2, 7)),
    sample(MAX_3D, lambda tf, x: tf.nn.max_pool3d(x, 2, 2, "SAME"), F(1, 3, 4, 3, 2)),
    sample(MAX_3D, lambda tf, x: tf.nn.max_pool3d(x, [2, 1, 3], 1, "VALID"), F(2, 3, 2, 4, 2)),
    sample(MAX_3D, lambda tf, x: tf.nn.max_pool3d(x, 2, 2, "VALID", "NCDHW"), F(1, 2, 4, 4, 3), compare=False),
    sample(MAX_3D, lambda tf, x: tf.nn.max_pool3d(x, 2, 2, "SAME"), A(TIES.reshape(1, 2, 2, 4, 1)), fd=False,
           note="in three dimensions ties all get the gradient"),
    sample(f"{MAX_3D} MaxPool3DGradGrad",
           lambda tf, x: second_order(tf, lambda v: tf.nn.max_pool3d(v, 2, 1, "VALID"), x), F(1, 3, 3, 2, 2), fd=False),
    sample(AVG_3D, lambda tf, x: tf.nn.avg_pool3d(x, 2, 1, "VALID"), F(1, 3, 3, 3, 2)),
    sample(AVG_3D, lambda tf, x: tf.nn.avg_pool3d(x, 2, 2, "SAME"), F(1, 3, 4, 3, 2)),
    sample(AVG_3D, lambda tf, x: tf.nn.avg_pool3d(x, 3, 2, "SAME", "NCDHW"), F(1, 2, 4, 4, 3)),
    sample(MAX, lambda tf, x: tf.nn.max_pool(x, 2, 2, "SAME"), F(1, 5, 4, 2)),
    sample(MAX, lambda tf, x: tf.nn.max_pool(x, 2, 1, "VALID", "NCW"), F(1, 2, 5), compare=False),
    sample(AVG_3D, lambda tf, x: tf.nn.avg_pool(x, 2, 2, "SAME", "NDHWC"), F(1, 3, 3, 2, 2)),
    sample(AVG, lambda tf, x: tf.nn.pool(x, [2, 2], "AVG", padding="SAME", strides=[2, 1]), F(1, 4, 4, 1)),
    sample(MAX, lambda tf, x: tf.nn.pool(x, [2], "MAX"), F(1, 4, 2)),
    sample(MAX_3D, lambda tf, x: tf.nn.pool(x, [2, 2, 1], "MAX", strides=2 * [2] + [1], padding="SAME"),
           F(1, 3, 4, 2, 2), fd=False),
    sample(MAX, lambda tf, x: tf.nn.pool(x, [2, 2], "MAX", dilations=[2, 2]), F(1, 5, 6, 2)),
    sample(AVG, lambda tf, x: tf.nn.pool(x, [2, 3], "AVG", dilations=[2, 1]), F(1, 5, 6, 2)),
    sample(AVG, lambda tf, x: tf.nn.with_space_to_batch(
        x, [2, 2], "SAME", lambda v, n, p: tf.nn.avg_pool2d(v, 2, 1, p), filter_shape=[2, 2]), F(1, 4, 4, 1)),
    # Over the channels.
    sample("MaxPool", lambda tf, x: tf.nn.max_pool2d(x, [1, 1, 1, 2], [1, 1, 1, 2], "VALID"), F(1, 2, 3, 4), grad=False),
    # Places.
    sample(ARGMAX, lambda tf, x: tf.nn.max_pool_with_argmax(x, 2, 2, "SAME"), F(2, 4, 5, 2)),
    sample(ARGMAX, lambda tf, x: tf.nn.max_pool_with_argmax(x, 3, 1, "SAME"), F(2, 4, 4, 1)),
    sample(ARGMAX, lambda tf, x: tf.nn.max_pool_with_argmax(x, 2, 1, "VALID", include_batch_in_index=True),
           F(2, 3, 3, 2)),
    sample(ARGMAX, lambda tf, x: tf.nn.max_pool_with_argmax(x, 2, 2, "VALID"), A(TIES), fd=False),
    sample("MaxPoolWithArgmax", lambda tf, x: tf.nn.max_pool_with_argmax(x, 2, 2, "VALID", output_dtype=tf.int32), A(TIES),
           grad=False),
    sample("MaxPoolWithArgmax", lambda tf, x: tf.nn.max_pool_with_argmax(x, 2, 2, "SAME"), I(-5, 5, 1, 3, 3, 2)),
    sample("MaxPoolWithArgmax", lambda tf, x: tf.nn.max_pool_with_argmax(tf.cast(x, tf.uint8), 2, 2, "SAME"),
           I(0, 2, 1, 3, 3, 2)),
]
