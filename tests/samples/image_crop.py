"""Samples of crops, patches, glimpses, warps and the frames of images."""
from __future__ import annotations

from . import BF, A, C, D, F, H, I, sample

_BOXES = A([[0.0, 0.0, 1.0, 1.0], [0.1, 0.2, 0.8, 0.7], [0.9, 0.7, 0.1, 0.2], [-0.3, 0.4, 0.5, 1.4]])
_WHICH = A([0, 1, 1, 0])
_INSIDE = A([[0.0, 0.0, 1.0, 1.0], [0.1, 0.2, 0.8, 0.7], [0.9, 0.7, 0.1, 0.2]])
_CROP = "CropAndResize CropAndResizeGradImage CropAndResizeGradBoxes"
_WARPS = ([1, 0, 0, 0, 1, 0, 0, 0], [0.8, 0.3, -1.2, -0.2, 1.1, 0.7, 0, 0], [1, 0.1, 2.5, 0.2, 0.9, -3.5, 0.02, -0.03],
          [2.5, 0, -7, 0, 3, -9, 0, 0])


def _warp(tf, x, t, mode, fill, size=(4, 5)):
    return tf.raw_ops.ImageProjectiveTransformV3(images=x, transforms=[t], output_shape=size, interpolation=mode,
                                                 fill_mode=fill, fill_value=0.5)


SAMPLES = [
    *(sample(_CROP, lambda tf, x, b, i, s=s: tf.image.crop_and_resize(x, b, i, s, extrapolation_value=0.5),
             F(2, 5, 6, 2), b, i, fd=False, tol=(1e-5, 1e-5))
      for s in ([3, 4], [1, 1], [7, 1]) for b, i in ((_BOXES, _WHICH), (_INSIDE, A([0, 1, 1])))),
    sample(_CROP, lambda tf, x, b, i: tf.image.crop_and_resize(x, b, i, [3, 3], method="nearest"), F(2, 5, 6, 2), _BOXES,
           _WHICH, fd=False, tol=(1e-5, 1e-5)),
    *(sample("CropAndResize", lambda tf, x, b, i: tf.image.crop_and_resize(x, b, i, [3, 2]), x, _BOXES, _WHICH, grad=False,
             tol=(1e-5, 1e-5)) for x in (I(0, 256, 2, 5, 6, 3, dtype="uint8"), D(2, 3, 3, 1), H(2, 3, 3, 1))),
    sample("CropAndResize", lambda tf, x, b, i: tf.image.crop_and_resize(x, b, i, [3, 2]), F(2, 3, 3, 1), F(0, 4),
           I(0, 1, 0)),
    sample("CropAndResize", lambda tf, x, b, i: tf.compat.v1.image.crop_and_resize(x, b, box_ind=i, crop_size=[3, 2]),
           F(2, 3, 3, 1), _INSIDE, A([0, 1, 0]), fd=False),
    *(sample("ExtractImagePatches", lambda tf, x, k=k, s=s, r=r, p=p: tf.image.extract_patches(
        x, [1, *k, 1], [1, *s, 1], [1, *r, 1], p), F(2, 5, 6, 2))
      for k, s, r in (([2, 3], [1, 1], [1, 1]), ([2, 2], [2, 3], [1, 1]), ([2, 2], [1, 2], [2, 3])) for p in ("VALID", "SAME")),
    *(sample("ExtractImagePatches", lambda tf, x: tf.image.extract_patches(
        x, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "SAME"), x) for x in (
        D(1, 3, 3, 1), H(1, 3, 3, 1), BF(1, 3, 3, 1), I(0, 9, 1, 3, 3, 1), C(1, 3, 3, 1), F(0, 3, 3, 1))),
    sample("ExtractImagePatches", lambda tf, x: tf.compat.v1.extract_image_patches(
        x, [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID"), F(1, 3, 4, 1)),
    *(sample("ExtractVolumePatches", lambda tf, x, p=p: tf.compat.v1.extract_volume_patches(
        x, [1, 2, 1, 3, 1], [1, 2, 1, 2, 1], p), F(2, 3, 2, 5, 2)) for p in ("VALID", "SAME")),
    *(sample("ExtractGlimpseV2", lambda tf, x, o, c=c, n=n: tf.image.extract_glimpse(x, [3, 4], o, c, n, "zero"),
             F(3, 5, 6, 2), A([[0.0, 0.0], [0.5, -0.6], [-1.0, 0.9]]), grad=False) for c in (True, False)
      for n in (True, False)),
    sample("ExtractGlimpse", lambda tf, x, o: tf.compat.v1.image.extract_glimpse(x, [2, 3], o), F(2, 5, 6, 2),
           A([[0.0, 0.0], [0.5, -0.3]]), fd=False),
    *(sample("ExtractGlimpse", lambda tf, x, o, c=c, n=n: tf.raw_ops.ExtractGlimpse(
        input=x, size=[3, 4], offsets=o, centered=c, normalized=n, uniform_noise=False, noise="zero"),
        F(3, 5, 6, 1), A([[0.0, 0.0], [0.5, -0.6], [-3.0, 7.0]]), fd=False) for c in (True, False) for n in (True, False)),
    *(sample("ExtractGlimpseV2", lambda tf, x, o, n=n: tf.image.extract_glimpse(x, [7, 7], o, noise=n), F(1, 4, 5, 2),
             A([[0.0, 0.0]]), grad=False, compare=False, note="what stands outside is random")
      for n in ("uniform", "gaussian")),
    *(sample("ImageProjectiveTransformV3", lambda tf, x, t=t, m=m, f=f: _warp(tf, x, t, m, f), F(2, 5, 6, 2), fd=False,
             tol=(1e-4, 1e-4)) for t in _WARPS for m in ("NEAREST", "BILINEAR")
      for f in ("CONSTANT", "NEAREST", "REFLECT", "WRAP")),
    *(sample("ImageProjectiveTransformV2", lambda tf, x, m=m: tf.raw_ops.ImageProjectiveTransformV2(
        images=x, transforms=[_WARPS[1], _WARPS[2]], output_shape=[3, 4], interpolation=m), x, fd=False, tol=(1e-4, 1e-4))
      for x in (F(2, 4, 3, 1), D(2, 3, 3, 1)) for m in ("NEAREST", "BILINEAR")),
    *(sample("ImageProjectiveTransformV3", lambda tf, x, m=m: _warp(tf, x, [1, 0, 0.5, 0, 1, -0.25, 0, 0], m, "REFLECT"), x)
      for x in (I(0, 256, 2, 4, 3, 3, dtype="uint8"), I(-9, 9, 1, 4, 3, 1)) for m in ("NEAREST", "BILINEAR")),

    # Frames: compositions, which hold for any dtype.
    *(sample("ReverseV2", lambda tf, x, f=f: getattr(tf.image, f)(x), x) for f in ("flip_left_right", "flip_up_down")
      for x in (F(2, 3, 3), F(2, 3, 4, 1))),
    *(sample("Transpose", lambda tf, x: tf.image.transpose(x), x) for x in (F(2, 3, 1), I(0, 9, 2, 3, 4, 1, dtype="uint8"))),
    *(sample("ReverseV2", lambda tf, x, k=k: tf.image.rot90(x, k), x) for k in (1, 2, 3, -1, 6)
      for x in (F(2, 3, 2), F(1, 2, 3, 1))),
    *(sample("Identity", lambda tf, x, k: tf.image.rot90(x, k) + 0, F(2, 3, 2), A(k)) for k in (0, 1)),
    *(sample("Slice", lambda tf, x, f=f: tf.image.central_crop(x, f), x) for f in (0.5, 0.34, 0.875)
      for x in (F(6, 8, 1), F(2, 7, 5, 2))),
    sample("Identity", lambda tf, x: tf.image.central_crop(x, 1.0) + 0, F(2, 3, 1)),
    sample("Slice", lambda tf, x, f: tf.image.central_crop(x, f), F(5, 7, 1), A(0.5), fd=False),
    *(sample("Pad", lambda tf, x: tf.image.pad_to_bounding_box(x, 1, 2, 6, 7), x) for x in (
        F(3, 4, 1), F(2, 3, 4, 2), I(0, 9, 3, 4, 1, dtype="uint8"))),
    *(sample("Slice", lambda tf, x: tf.image.crop_to_bounding_box(x, 1, 2, 3, 2), x) for x in (F(5, 5, 1), F(2, 4, 4, 2))),
    sample("Slice", lambda tf, x, h: tf.image.crop_to_bounding_box(x, 1, h, 3, h), F(5, 5, 1), A(2)),
    *(sample("Slice", lambda tf, x, h=h, w=w: tf.image.resize_with_crop_or_pad(x, h, w), x) for h, w in ((5, 3), (2, 9), (4, 4))
      for x in (F(3, 6, 2), F(1, 6, 3, 1))),
]
