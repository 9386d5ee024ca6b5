"""Samples of clipping by value and by norm."""
from __future__ import annotations

import numpy as np

from . import BF, A, D, F, H, I, sample

SAMPLES = [
    sample("ClipByValue", lambda tf, t, a, b: tf.raw_ops.ClipByValue(t=t, clip_value_min=a, clip_value_max=b), F(3, 4),
           A(-0.5), A(0.5)),
    sample("ClipByValue", lambda tf, t, a: tf.raw_ops.ClipByValue(t=t, clip_value_min=a, clip_value_max=a + 1), F(3, 4),
           F(3, 4)),
    sample("ClipByValue", lambda tf, t: tf.raw_ops.ClipByValue(t=t, clip_value_min=1.0, clip_value_max=0.0), F(4),
           grad=False),
    sample("ClipByValue", lambda tf, t: tf.raw_ops.ClipByValue(t=t, clip_value_min=-2, clip_value_max=2), I(-9, 9, 5)),
    *(sample("Minimum Maximum", lambda tf, t: tf.clip_by_value(t, -0.5, 0.5), t)
      for t in (F(3, 4), F(), F(0), H(4), BF(4), D(4))),
    sample("Minimum Maximum", lambda tf, t: tf.clip_by_value(t, -0.5, 0.5), A([0.5, -0.5, 1.0]), fd=False),
    sample("Minimum Maximum", lambda tf, t: tf.clip_by_value(t, 0, 5), I(-9, 9, 6)),
    sample("Minimum Maximum", lambda tf, t, a, b: tf.clip_by_value(t, a, b), F(3, 4), F(4), F(3, 1)),
    sample("Mul Sum Sqrt SelectV2", lambda tf, t: tf.clip_by_norm(t, 1.0), F(3, 4)),
    sample("Mul Sum Sqrt SelectV2", lambda tf, t: tf.clip_by_norm(t, 100.0), F(3, 4)),
    sample("Mul Sum Sqrt SelectV2", lambda tf, t: tf.clip_by_norm(t, 1.0, axes=[0]), F(3, 4)),
    sample("Mul Sum Sqrt SelectV2", lambda tf, t: tf.clip_by_norm(t, 1.0, axes=1), D(3, 4)),
    sample("Mul Sum Sqrt SelectV2", lambda tf, t: tf.clip_by_norm(t, 1.0), A([0.0, 0.0])),
    sample("Mul Sum Sqrt SelectV2", lambda tf, t: tf.clip_by_norm(t, -1.0), F(2), grad=False),
    sample("Sqrt", lambda tf, x, y: tf.linalg.global_norm([x, None, y]), F(3), F(2, 2)),
    sample("Sqrt", lambda tf, x, y: tf.clip_by_global_norm([x, None, y], 1.0)[0][::2], F(3), F(2, 2)),
    sample("Sqrt", lambda tf, x, y: tf.clip_by_global_norm([x, y], 100.0), F(3), F(2, 2)),
    sample("Mul", lambda tf, x: tf.clip_by_global_norm([x], 1.0, use_norm=tf.constant(4.0)), F(3)),
    sample("Mul", lambda tf, x: tf.clip_by_global_norm([x], 1.0), A([float("inf"), 1.0]), grad=False),
    sample("Mul", lambda tf, x: tf.clip_by_global_norm([tf.IndexedSlices(x, [0, 2, 1])], 1.0)[0][0].values, F(3, 2)),
    sample("Rsqrt", lambda tf, x: tf.compat.v1.clip_by_average_norm(x, 0.1), F(3, 2)),
    sample("Minimum Maximum",
           lambda tf, x: tf.clip_by_value(tf.IndexedSlices(x, [0, 2, 1]), -0.1, 0.1).values, F(3, 2)),
    sample("Mul Sum Sqrt SelectV2", lambda tf, x: tf.clip_by_norm(tf.IndexedSlices(x, [0, 2, 1]), 1.0).values, F(3, 2)),
    # A bound that is NaN is none.
    sample("ClipByValue", lambda tf, x, a, b: tf.clip_by_value(x, a, b), F(2, 3), A(np.nan), A(0.5), fd=False),
    sample("ClipByValue", lambda tf, x, a, b: tf.clip_by_value(x, a, b), H(4), A([0.5, np.nan, 0.0, np.nan], "float16"),
           A([np.nan, 0.25, np.nan, np.nan], "float16"), fd=False),
]
