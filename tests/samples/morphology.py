"""Samples of grey-scale morphology."""
from __future__ import annotations

from tests.samples import D, F, H, I, Sample, sample

ALL = "Dilation2D Dilation2DBackpropInput Dilation2DBackpropFilter"

SAMPLES: list[Sample] = [
    sample(ALL, lambda tf, x, w: tf.nn.dilation2d(x, w, [1] * 4, "SAME", "NHWC", [1] * 4), F(2, 4, 5, 2), F(2, 3, 2)),
    sample(ALL, lambda tf, x, w: tf.nn.dilation2d(x, w, [1, 2, 1, 1], "VALID", "NHWC", [1, 1, 2, 1]), F(1, 5, 6, 2),
           F(2, 2, 2)),
    sample(ALL, lambda tf, x, w: tf.nn.dilation2d(x, w, [1, 2, 2, 1], "SAME", "NHWC", [1, 2, 2, 1]), D(1, 5, 6, 1),
           D(3, 2, 1)),
    sample(ALL, lambda tf, x, w: tf.nn.erosion2d(x, w, [1] * 4, "VALID", "NHWC", [1] * 4), F(1, 4, 4, 2), F(2, 2, 2)),
    sample(ALL, lambda tf, x, w: tf.nn.erosion2d(x, w, [1, 2, 1, 1], "SAME", "NHWC", [1] * 4), F(1, 4, 4, 2), F(2, 3, 2)),
    sample(ALL, lambda tf, x, w: tf.nn.dilation2d(x, w, [1] * 4, "SAME", "NHWC", [1] * 4), H(1, 3, 3, 1), H(2, 2, 1)),
    sample("Dilation2D", lambda tf, x, w: tf.nn.dilation2d(x, w, [1] * 4, "SAME", "NHWC", [1] * 4), I(-9, 9, 1, 3, 4, 2),
           I(-9, 9, 2, 2, 2)),
    sample("Dilation2D", lambda tf, x, w: tf.nn.dilation2d(x, w, [1] * 4, "VALID", "NHWC", [1] * 4), F(0, 3, 4, 2),
           F(2, 2, 2), grad=False),
    sample("Dilation2D", lambda tf, x, w: tf.nn.dilation2d(x, w, [1] * 4, "VALID", "NHWC", [1] * 4), F(1, 3, 4, 2),
           F(0, 2, 2), grad=False),
]
