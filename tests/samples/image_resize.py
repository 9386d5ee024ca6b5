"""Samples of the ops that resize images."""
from __future__ import annotations

from . import BF, A, D, F, H, I, sample

_METHODS = {"bilinear": "ResizeBilinear", "nearest": "ResizeNearestNeighbor", "bicubic": "ResizeBicubic"}
_WIDE = ("lanczos3", "lanczos5", "gaussian", "mitchellcubic")
_V1 = (("ResizeBilinear", "resize_bilinear"), ("ResizeNearestNeighbor", "resize_nearest_neighbor"),
       ("ResizeBicubic", "resize_bicubic"))


def _v1(tf, name, x, size, **options):
    return getattr(tf.compat.v1.image, name)(x, size, **options)


SAMPLES = [
    *(sample(f"{t} {t}Grad", lambda tf, x, m=m, s=s: tf.image.resize(x, s, method=m), F(2, 4, 5, 3), tol=(1e-5, 1e-5))
      for m, t in _METHODS.items() for s in ([7, 9], [3, 2], [1, 1], [4, 11])),
    *(sample(f"{t} {t}Grad", lambda tf, x, m=m, s=s, o=o: _v1(tf, m, x, s, **o), F(1, 5, 4, 2), tol=(1e-5, 1e-5))
      for t, m in _V1 for s in ([8, 3], [1, 9]) for o in ({}, {"align_corners": True}, {"half_pixel_centers": True})),
    *(sample(t, lambda tf, x, m=m: tf.image.resize(x, [3, 5], method=m), x) for m, t in _METHODS.items()
      for x in (I(0, 256, 4, 4, 3, dtype="uint8"), I(-99, 99, 1, 4, 4, 1, dtype="int16"), F(0, 4, 4, 1))),
    *(sample(t, lambda tf, x, m=m: tf.image.resize(x, [3, 5], method=m), x, tol=(2e-2, 2e-2)) for m, t in _METHODS.items()
      for x in (H(1, 4, 4, 1), BF(1, 4, 4, 1))),
    *(sample(t, lambda tf, x, m=m: tf.image.resize(x, [3, 5], method=m), D(1, 4, 4, 1), tol=(1e-5, 1e-5))
      for m, t in _METHODS.items()),
    sample("ResizeBilinear", lambda tf, x: tf.image.resize(x, [3, 3]), A([[[1.0], [float("inf")]], [[2.0], [3.0]]]),
           grad=False),
    sample("ResizeNearestNeighbor", lambda tf, x: tf.image.resize(x, [3, 4], "nearest"),
           A([[[float("nan")], [1.0]], [[2.0], [3.0]]]), grad=False),
    *(sample("ResizeArea", lambda tf, x, s=s: tf.image.resize(x, s, method="area"), F(2, 5, 6, 2), grad=False,
             tol=(1e-5, 1e-5)) for s in ([2, 3], [7, 4], [1, 1], [3, 13])),
    sample("ResizeArea", lambda tf, x: tf.compat.v1.image.resize_area(x, [3, 2], align_corners=True), F(1, 5, 6, 2),
           grad=False),
    sample("ResizeArea", lambda tf, x: tf.image.resize(x, [2, 2], "area"), I(0, 256, 5, 3, 1, dtype="uint8")),
    *(sample("ScaleAndTranslate ScaleAndTranslateGrad",
             lambda tf, x, m=m, s=s, a=a: tf.image.resize(x, s, method=m, antialias=a), F(2, 6, 5, 2), tol=(1e-5, 2e-6))
      for m in _WIDE for s, a in (([9, 7], False), ([2, 3], True), ([3, 2], False))),
    *(sample("ScaleAndTranslate ScaleAndTranslateGrad", lambda tf, x, m=m: tf.image.resize(x, [3, 8], m, antialias=True),
             F(1, 6, 5, 2), tol=(1e-5, 2e-6)) for m in ("bilinear", "bicubic")),
    *(sample("ScaleAndTranslate ScaleAndTranslateGrad", lambda tf, x, k=k, a=a: tf.raw_ops.ScaleAndTranslate(
        images=x, size=[5, 4], scale=[1.5, 0.7], translation=[-1.0, 0.6], kernel_type=k, antialias=a), F(1, 4, 6, 1),
        tol=(1e-5, 2e-6)) for k, a in (("lanczos1", True), ("box", True), ("triangle", False), ("keyscubic", True))),
    sample("ScaleAndTranslate", lambda tf, x: tf.raw_ops.ScaleAndTranslate(
        images=x, size=[3, 3], scale=[0.2, 0.2], translation=[9.0, -9.0]), I(0, 256, 1, 4, 6, 1, dtype="uint8")),
    sample("ScaleAndTranslate", lambda tf, x: tf.image.resize(x, [3, 3], "lanczos3"), F(0, 4, 4, 1)),
    # As images are: large, of bytes, through every size that a picture usually goes through.
    sample("ResizeBilinear", lambda tf, x: tf.reduce_mean(tf.image.resize(x, [31, 57]), [1, 2]),
           I(0, 256, 1, 97, 61, 3, dtype="uint8"), tol=(1e-5, 1e-5)),
    sample("ResizeBilinear", lambda tf, x: tf.image.resize(x, [8, 8], preserve_aspect_ratio=True), F(5, 3, 1),
           tol=(1e-5, 1e-5)),
    sample("ResizeBilinear", lambda tf, x: tf.image.resize(x, [4, 7], preserve_aspect_ratio=True), F(1, 5, 3, 1),
           tol=(1e-5, 1e-5)),
    *(sample("ResizeBilinear", lambda tf, x, h=h, w=w: tf.image.resize_with_pad(x, h, w), F(5, 3, 2), tol=(1e-5, 1e-5))
      for h, w in ((6, 6), (3, 9), (9, 2))),
    sample("ScaleAndTranslate", lambda tf, x: tf.image.resize_with_pad(x, 4, 3, "lanczos3", True), F(2, 5, 6, 2),
           tol=(1e-5, 2e-6)),
    *(sample(t, lambda tf, x, m=m: tf.compat.v1.image.resize(x, [4, 3], method=m), F(3, 4, 2), tol=(1e-5, 1e-5))
      for m, t in ((0, "ResizeBilinear"), (1, "ResizeNearestNeighbor"), (2, "ResizeBicubic"), ("bicubic", "ResizeBicubic"))),
    sample("ExpandDims", lambda tf, x: tf.compat.v1.image.resize(x, [3, 4]), I(0, 99, 3, 4, 2)),
    sample("ResizeArea", lambda tf, x: tf.compat.v1.image.resize_images(x, [2, 3], 3), F(3, 4, 2), grad=False),
    sample("ResizeBilinear", lambda tf, x: tf.compat.v1.image.resize_image_with_pad(x, 4, 3, align_corners=True),
           F(3, 4, 2), tol=(1e-5, 1e-5)),
    sample("ResizeNearestNeighborGrad", lambda tf, dy: tf.raw_ops.ResizeNearestNeighborGrad(grads=dy, size=[2, 1]),
           BF(1, 9, 7, 2), grad=False),
    sample("ResizeNearestNeighborGrad", lambda tf, dy: tf.raw_ops.ResizeNearestNeighborGrad(grads=dy, size=[2, 1]),
           F(1, 0, 7, 2), grad=False),
]
