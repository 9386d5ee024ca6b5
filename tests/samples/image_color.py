"""Samples of the colours of images.

Functions that compute in float32 whatever they are given are not compared with finite differences in float64.
"""
from __future__ import annotations

from . import BF, A, B, D, F, H, I, P, Prob, sample

_ALL = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0],
        [0.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.2, 0.7, 0.7], [0.7, 0.2, 0.2], [-0.5, 0.25, 0.1], [1.5, 0.5, 2.0]]
_BYTES = I(0, 256, 3, 4, 3, dtype="uint8")
_FLOATS_AND_BYTES = (Prob(2, 3, 3), _BYTES)

SAMPLES = [
    *(sample("RGBToHSV", lambda tf, x: tf.image.rgb_to_hsv(x), x, fd=False, tol=t) for x, t in (
        (Prob(4, 5, 3), (1e-4, 1e-4)), (A(_ALL), None), (D(3, 3), (1e-8, 1e-8)), (F(0, 3), None), (A([0.2, 0.3, 0.1]), None))),
    *(sample("RGBToHSV", lambda tf, x: tf.image.rgb_to_hsv(x), x, grad=False, tol=(2e-2, 2e-2)) for x in (H(5, 3), BF(5, 3))),
    *(sample("HSVToRGB", lambda tf, x: tf.image.hsv_to_rgb(x), x, fd=False) for x in (
        Prob(4, 5, 3), A(_ALL), D(3, 3), F(0, 3), F(6, 3))),
    *(sample("HSVToRGB", lambda tf, x: tf.image.hsv_to_rgb(x), x, tol=(2e-2, 2e-2)) for x in (H(5, 3), BF(5, 3))),
    *(sample("AdjustContrastv2", lambda tf, x, c=c: tf.image.adjust_contrast(x, c), x, grad=False, tol=(1e-5, 1e-5))
      for x in (P(3, 4, 3), F(2, 3, 4, 2), _BYTES, I(-128, 128, 3, 3, 1, dtype="int8"), F(0, 2, 3)) for c in (0.3, 2.5)),
    *(sample("AdjustHue", lambda tf, x, d=d: tf.image.adjust_hue(x, d), x, grad=False, tol=(1e-4, 1e-5))
      for x in (Prob(3, 4, 3), F(1, 2, 3, 3), F(0, 2, 3)) for d in (-0.7, 0.2, 1.0)),
    *(sample("AdjustHue", lambda tf, x, d=d: tf.image.adjust_hue(x, d), _BYTES) for d in (0.1, -0.3)),
    *(sample("AdjustSaturation", lambda tf, x, s=s: tf.image.adjust_saturation(x, s), x, grad=False, tol=(1e-4, 1e-5))
      for x in (Prob(3, 4, 3), P(1, 2, 3, 3), F(2, 3, 3), F(0, 2, 3)) for s in (0.0, 0.4, 3.0)),
    *(sample("AdjustSaturation", lambda tf, x, s=s: tf.image.adjust_saturation(x, s), _BYTES) for s in (0.5, 2.0)),
    *(sample("AddV2", lambda tf, x, d=d: tf.image.adjust_brightness(x, d), x, fd=False) for x in (P(2, 3, 3), H(2, 2), _BYTES)
      for d in (0.2, -0.4)),
    sample("AddV2", lambda tf, x, d: tf.image.adjust_brightness(x, d), D(2, 2), A(0.5), fd=False),
    *(sample("Pow", lambda tf, x, g=g, a=a: tf.image.adjust_gamma(x, g, a), x, fd=False) for x in (P(2, 3, 1), _BYTES)
      for g, a in ((1, 1), (2.2, 0.5), (0.0, 1.0))),
    *(sample("Cast", lambda tf, x, d=d: tf.image.convert_image_dtype(x, d), I(0, 256, 4, 5, dtype="uint8"))
      for d in ("float16", "bfloat16", "float32", "float64", "uint16", "int8", "int16", "int32", "int64", "uint32", "uint64",
                "uint8")),
    *(sample("Cast", lambda tf, x, d=d: tf.image.convert_image_dtype(x, d), I(-2**15, 2**15, 4, 5, dtype="int16"))
      for d in ("float32", "uint16", "int8", "uint8", "int32")),
    *(sample("Cast", lambda tf, x, d=d: tf.image.convert_image_dtype(x, d, saturate=True), F(20))
      for d in ("uint8", "int8", "uint16", "int16")),
    *(sample("Cast", lambda tf, x, d=d: tf.image.convert_image_dtype(x, d), Prob(4, 5)) for d in ("uint8", "int16", "float64")),
    sample("Cast", lambda tf, x: tf.image.convert_image_dtype(x, tf.uint8, saturate=True), I(-400, 400, 12)),
    sample("Cast", lambda tf, x: tf.image.convert_image_dtype(x, tf.float32), F(0, 3)),
    sample("Cast", lambda tf, x: tf.image.convert_image_dtype(x, tf.uint8, True),
           A([float("inf"), -float("inf"), 1.0, 0.0, 0.999, 1.01])),
    *(sample("MatMul", lambda tf, x: tf.image.rgb_to_grayscale(x), x, fd=False)
      for x in (*_FLOATS_AND_BYTES, F(2, 2, 3, 3), F(0, 3))),
    *(sample("Tile", lambda tf, x: tf.image.grayscale_to_rgb(x), x) for x in (F(2, 3, 1), I(0, 9, 4, 1), F(0, 1), B(2, 1))),
    *(sample("MatMul", lambda tf, x, f=f: getattr(tf.image, f)(x), Prob(2, 3, 3))
      for f in ("rgb_to_yiq", "yiq_to_rgb", "rgb_to_yuv", "yuv_to_rgb")),
    sample("MatMul", lambda tf, x: tf.image.rgb_to_yuv(x), D(2, 3)),
    *(sample("Mean", lambda tf, x: tf.image.per_image_standardization(x), x, tol=(1e-5, 1e-5))
      for x in (F(4, 3, 2), F(2, 3, 4, 1), _BYTES)),
    sample("Mean", lambda tf, x: tf.image.per_image_standardization(x), A([[[3.0], [3.0]]]), grad=False),
]
