"""Samples of boxes in images: choosing, drawing, drawing at random."""
from __future__ import annotations

import numpy as np

from . import A, F, H, I, Make, P, Prob, sample


def Boxes(*shape: int, turned: bool = False) -> Make:
    """Boxes within [0, 1] that overlap a lot; `turned` for corners in any order."""
    def make(rng):
        corner = rng.uniform(0.0, 0.6, (*shape, 2))
        out = np.concatenate([corner, corner + rng.uniform(0.1, 0.4, (*shape, 2))], -1)
        if turned:
            out = np.where(rng.integers(0, 2, (*shape, 1)) > 0, out, out[..., [2, 1, 0, 3]])
        return out.astype(np.float32)
    return make


_TIES = A([0.5, 0.9, 0.5, 0.9, 0.1, 0.5])
_OBJECT = A([[[0.2, 0.3, 0.7, 0.8], [0.0, 0.0, 0.4, 0.2]]])


def _sampled(tf, size, boxes, seed, **options):
    return tuple(tf.image.stateless_sample_distorted_bounding_box(size, boxes, seed=seed, **options))


SAMPLES = [
    *(sample("NonMaxSuppressionV3", lambda tf, b, s, n=n, t=t: tf.image.non_max_suppression(b, s, n, t), b, P(20), grad=False)
      for b in (Boxes(20), Boxes(20, turned=True)) for n, t in ((5, 0.5), (30, 0.1), (0, 0.5), (20, 1.0), (20, 0.0))),
    sample("NonMaxSuppressionV3", lambda tf, b, s: tf.image.non_max_suppression(b, s, 9, 0.3, 1.0), Boxes(20), P(20),
           grad=False),
    sample("NonMaxSuppressionV3", lambda tf, b, s: tf.image.non_max_suppression(b, s, 9, 0.3), Boxes(6), _TIES, grad=False),
    sample("NonMaxSuppressionV3", lambda tf, b, s: tf.image.non_max_suppression(b, s, 3), F(0, 4), F(0), grad=False),
    sample("NonMaxSuppressionV3", lambda tf, b, s: tf.image.non_max_suppression(b, s, 9, 0.4),
           A(np.round(np.linspace(0, 1, 32).reshape(8, 4), 1), np.float16), H(8), grad=False),
    sample("NonMaxSuppressionV3", lambda tf, b, s: tf.image.non_max_suppression(b, s, 9),
           A([[0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 1, 1]], np.float32), A([0.3, 0.2, 0.1]), grad=False),
    sample("NonMaxSuppressionV2", lambda tf, b, s: tf.raw_ops.NonMaxSuppressionV2(
        boxes=b, scores=s, max_output_size=9, iou_threshold=0.3), Boxes(20), P(20), fd=False),
    sample("NonMaxSuppression", lambda tf, b, s: tf.raw_ops.NonMaxSuppression(
        boxes=b, scores=s, max_output_size=9, iou_threshold=0.3), Boxes(20), P(20), fd=False),
    *(sample("NonMaxSuppressionV4", lambda tf, b, s, p=p: tf.raw_ops.NonMaxSuppressionV4(
        boxes=b, scores=s, max_output_size=15, iou_threshold=0.2, score_threshold=0.6, pad_to_max_output_size=p),
        Boxes(20), P(20), grad=False) for p in (False, True)),
    *(sample("NonMaxSuppressionV5", lambda tf, b, s, g=g: tf.image.non_max_suppression_with_scores(
        b, s, 12, 1.0, 0.3, g), Boxes(20), P(20), grad=False, tol=(1e-4, 1e-5)) for g in (0.0, 0.2, 0.5)),
    sample("NonMaxSuppressionV5", lambda tf, b, s: tf.image.non_max_suppression_with_scores(b, s, 12, 0.4, 0.3, 0.3),
           Boxes(20), P(20), grad=False, tol=(1e-4, 1e-5)),
    sample("NonMaxSuppressionV5", lambda tf, b, s: tf.raw_ops.NonMaxSuppressionV5(
        boxes=b, scores=s, max_output_size=30, iou_threshold=0.2, score_threshold=0.6, soft_nms_sigma=0.0,
        pad_to_max_output_size=True), Boxes(20), P(20), grad=False),
    sample("NonMaxSuppressionWithOverlaps", lambda tf, t, s: tf.image.non_max_suppression_overlaps(t, s, 5, 0.4, 0.6),
           Prob(9, 9), P(9), fd=False),
    *(sample("CombinedNonMaxSuppression", lambda tf, b, s, p=p, c=c: tuple(tf.image.combined_non_max_suppression(
        b, s, 4, 7, 0.3, 0.7, pad_per_class=p, clip_boxes=c)), b, P(2, 9, 3), grad=False)
      for b in (Boxes(2, 9, 3), Boxes(2, 9, 1)) for p in (False, True) for c in (False, True)),
    sample("CombinedNonMaxSuppression", lambda tf, b, s: tuple(tf.image.combined_non_max_suppression(
        b * 2 - 0.5, s, 2, 30, 0.3, pad_per_class=True)), Boxes(1, 5, 1), P(1, 5, 2), grad=False),
    *(sample("Less", lambda tf, b, s, o=o: tf.image.non_max_suppression_padded(b, s, 6, 0.3, **o), Boxes(2, 12),
             P(2, 12), grad=False) for o in ({"pad_to_max_output_size": True},
      {"pad_to_max_output_size": True, "score_threshold": 0.9}, {"pad_to_max_output_size": True, "sorted_input": True})),
    sample("Less", lambda tf, b, s: tf.image.non_max_suppression_padded(b, s, 15, 0.3), Boxes(9), P(9), grad=False),
    sample("Less", lambda tf, b, s: tf.image.non_max_suppression_padded(b, s, 15, 0.3, pad_to_max_output_size=True,
                                                                        canonicalized_coordinates=True),
           Boxes(9), P(9), grad=False),
    *(sample("DrawBoundingBoxes", lambda tf, x, b: tf.image.draw_bounding_boxes(x, b, None), x, b, fd=False)
      for x, b in ((F(1, 8, 9, 3), Boxes(1, 12)), (F(2, 8, 9, 1), Boxes(2, 3)), (F(2, 7, 5, 4), Boxes(2, 3)),
                   (F(1, 5, 5, 3), F(1, 0, 4)))),
    *(sample("DrawBoundingBoxesV2", lambda tf, x, b, c: tf.image.draw_bounding_boxes(x, b, c), x, b, c, grad=False)
      for x, b, c in ((F(2, 8, 9, 3), Boxes(2, 3), F(2, 3)), (H(1, 8, 9, 1), Boxes(1, 3), F(5, 4)),
                      (F(1, 9, 9, 3), F(1, 5, 4), F(5, 3)), (F(1, 5, 5, 3), Boxes(1, 2), F(0, 3)))),
    sample("DrawBoundingBoxes", lambda tf, x, b: tf.compat.v1.image.draw_bounding_boxes(x, b), F(1, 8, 9, 3), Boxes(1, 2),
           fd=False),
    *(sample("StatelessSampleDistortedBoundingBox", lambda tf, n, b, s=s: _sampled(tf, n, b, [s, 7]),
             A([47, 63, 3]), _OBJECT, grad=False) for s in range(12)),
    *(sample("StatelessSampleDistortedBoundingBox", lambda tf, n, b, s=s: _sampled(
        tf, n, b, [s, 3], min_object_covered=0.5, aspect_ratio_range=[0.5, 2.0], area_range=(0.3, 0.6), max_attempts=20),
        A([200, 131, 3], "int64"), _OBJECT, grad=False) for s in range(6)),
    sample("StatelessSampleDistortedBoundingBox", lambda tf, n, b: _sampled(
        tf, n, b, [1, 2], min_object_covered=1.0, area_range=(0.05, 0.1), max_attempts=5), A([31, 45, 3], "uint8"), _OBJECT,
        grad=False),
    sample("StatelessSampleDistortedBoundingBox", lambda tf, n, b: _sampled(
        tf, n, b, [1, 2], use_image_if_no_bounding_boxes=True), A([31, 45, 3]), F(1, 0, 4), grad=False),
    *(sample("SampleDistortedBoundingBoxV2", lambda tf, n, b, s=s: tuple(tf.raw_ops.SampleDistortedBoundingBoxV2(
        image_size=n, bounding_boxes=b, min_object_covered=0.3, seed=s, seed2=5)), A([90, 80, 3]), _OBJECT, fd=False)
      for s in (1, 2)),
    sample("SampleDistortedBoundingBox", lambda tf, n, b: tuple(tf.raw_ops.SampleDistortedBoundingBox(
        image_size=n, bounding_boxes=b, min_object_covered=0.3, seed=4, seed2=5)), A([90, 80, 3]), _OBJECT, fd=False),
    sample("SampleDistortedBoundingBoxV2", lambda tf, n, b: tuple(tf.compat.v1.image.sample_distorted_bounding_box(
        n, b, seed=8, seed2=9)), I(50, 60, 3), _OBJECT, fd=False),
]
