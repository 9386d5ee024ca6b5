"""Samples of comparisons of images, and of random distortions by a seed. No op is theirs alone."""
from __future__ import annotations

from . import D, F, H, I, P, sample

_PAIR = (P(2, 14, 13, 2), P(2, 14, 13, 2))
_SCALES = (0.4, 0.6)
_BYTES = I(0, 256, 5, 6, 3, dtype="uint8")


def _random(tf, name, x, *args):
    return getattr(tf.image, f"stateless_random_{name}")(x, *args)


SAMPLES = [
    *(sample("Mean", lambda tf, a, b: tf.image.psnr(a, b, 2.0), a, b, tol=(1e-5, 1e-5)) for a, b in (
        (P(1, 4, 4, 1), P(1, 4, 4, 1)), (P(3, 2, 3), P(2, 3, 2, 3)))),
    sample("Mean", lambda tf, a, b: tf.image.psnr(a, b, 255), _BYTES, _BYTES, tol=(1e-5, 1e-5)),
    sample("Mean", lambda tf, a: tf.image.psnr(a, a, 1.0), P(2, 3, 3, 1), grad=False),
    sample("DepthwiseConv2dNative", lambda tf, a, b: tf.image.ssim(a, b, 2.0), *_PAIR, tol=(1e-4, 1e-5)),
    sample("DepthwiseConv2dNative", lambda tf, a, b: tf.image.ssim(a, b, 255, filter_size=3, filter_sigma=0.8), _BYTES, _BYTES,
           tol=(1e-4, 1e-5)),
    sample("DepthwiseConv2dNative", lambda tf, a, b: tf.image.ssim(a, b, 2.0, 5, 1.0, 0.02, 0.05, return_index_map=True),
           *_PAIR, tol=(1e-4, 1e-5)),
    sample("DepthwiseConv2dNative", lambda tf, a, b: tf.image.ssim(a, b, 1.0, filter_size=2), F(2, 1, 5, 4, 1),
           F(2, 3, 5, 4, 1), fd=False, tol=(1e-3, 1e-4)),
    *(sample("DepthwiseConv2dNative",
             lambda tf, a, b, n=n: tf.image.ssim_multiscale(a, a * 0.7 + b * 0.3, 2.0, _SCALES, filter_size=n),
             *_PAIR, tol=(1e-3, 1e-4), fd=False) for n in (3, 5)),
    sample("DepthwiseConv2dNative", lambda tf, a, b: tf.image.ssim_multiscale(a, a * 0.5 + b * 0.5, 2.0, filter_size=2),
           P(33, 35, 1), P(33, 35, 1), tol=(1e-3, 1e-4), fd=False),
    *(sample("Abs", lambda tf, x: tf.image.total_variation(x), x) for x in (F(4, 5, 2), D(2, 3, 4, 1), F(0, 3, 4, 1),
                                                                            I(-9, 9, 3, 4, 1))),
    sample("Abs", lambda tf, x: tf.image.total_variation(x), H(4, 3, 1), tol=(2e-2, 2e-2)),
    *(sample("Sub", lambda tf, x: tf.image.image_gradients(x), x) for x in (F(2, 3, 4, 2), I(-9, 9, 1, 3, 3, 1))),
    *(sample("DepthwiseConv2dNative", lambda tf, x: tf.image.sobel_edges(x), x) for x in (F(2, 4, 5, 2), D(1, 3, 2, 1))),
    *(sample("ReverseV2", lambda tf, x, s=s, a=a: _random(tf, f"flip_{a}", x, [s, 1]), F(2, 3, 2))
      for s in range(4) for a in ("left_right", "up_down")),
    *(sample("ReverseV2", lambda tf, x, a=a: _random(tf, f"flip_{a}", x, [3, 9]), x) for a in ("left_right", "up_down")
      for x in (F(6, 2, 3, 1), I(0, 9, 6, 2, 3, 2, dtype="uint8"))),
    *(sample("Slice", lambda tf, x, s=s: _random(tf, "crop", x, [2, 2, 3], (s, 1)), F(4, 5, 3)) for s in range(3)),
    sample("Slice", lambda tf, x: _random(tf, "crop", x, [1, 3], [5, 6]), I(0, 9, 4, 3)),
    *(sample("AddV2", lambda tf, x: _random(tf, "brightness", x, 0.3, [4, 1]), x, fd=False)
      for x in (P(2, 3, 3), _BYTES)),
    *(sample("AdjustContrastv2", lambda tf, x: _random(tf, "contrast", x, 0.3, 1.8, [4, 1]), x, grad=False, tol=(1e-5, 1e-5))
      for x in (P(2, 3, 3), _BYTES)),
    *(sample("AdjustSaturation", lambda tf, x: _random(tf, "saturation", x, 0.3, 1.8, [4, 1]), x, grad=False,
             tol=(1e-4, 1e-5)) for x in (P(2, 3, 3), _BYTES)),
    *(sample("AdjustHue", lambda tf, x: _random(tf, "hue", x, 0.4, [4, 2]), x, grad=False, tol=(1e-4, 1e-5))
      for x in (P(2, 3, 3), _BYTES)),
]
