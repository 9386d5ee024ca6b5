"""Samples of convolutions that mirror, and perhaps resize, images on the way.

A batch holds one image: of several, TensorFlow takes the first one every time.
"""
from __future__ import annotations

from . import BF, D, F, H, sample

_PADDINGS = ([[0, 0], [1, 2], [2, 0], [0, 0]], [[0, 0], [0, 0], [0, 0], [0, 0]])


def _padded(tf, x, w, **attrs):
    return tf.raw_ops.FusedPadConv2D(input=x, filter=w, **{"paddings": _PADDINGS[0], "mode": "REFLECT",
                                                          "strides": [1, 1, 1, 1], "padding": "SAME", **attrs})


def _resized(tf, x, w, **attrs):
    return tf.raw_ops.FusedResizeAndPadConv2D(input=x, filter=w, **{
        "size": [7, 4], "paddings": _PADDINGS[0], "mode": "REFLECT", "strides": [1, 1, 1, 1], "padding": "VALID", **attrs})


SAMPLES = [
    *[sample("FusedPadConv2D", lambda tf, x, w, a=a: _padded(tf, x, w, **a), m(1, 5, 6, 3), m(3, 2, 3, 4), grad=False)
      for m, a in ((F, {}), (F, {"mode": "SYMMETRIC", "padding": "VALID"}), (F, {"strides": [1, 2, 2, 1]}),
                   (D, {"paddings": _PADDINGS[1], "strides": [1, 2, 2, 1], "padding": "VALID"}), (H, {}), (BF, {}))],
    *[sample("FusedResizeAndPadConv2D", lambda tf, x, w, a=a: _resized(tf, x, w, **a), m(1, 5, 6, 3), m(3, 2, 3, 4),
             grad=False)
      for m, a in ((F, {}), (F, {"resize_align_corners": True, "mode": "SYMMETRIC", "padding": "SAME"}),
                   (D, {"size": [3, 9], "strides": [1, 2, 2, 1]}), (H, {"paddings": _PADDINGS[1]}))],
]
