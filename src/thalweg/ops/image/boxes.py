"""Boxes in images: choosing among those that overlap, drawing them."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import op
from ..common import shape_text, unchanged
from ..layout import bad
from .suppression import (
    combined_suppression,
    suppression_v3,
    suppression_v5,
    suppression_with_overlaps,
)

CombinedNonMaxSuppression = namedtuple(
    "CombinedNonMaxSuppression", ["nmsed_boxes", "nmsed_scores", "nmsed_classes", "valid_detections"])


# Drawing.

# Yellow, blue, red, lime, purple, olive, maroon, navy, aqua, fuchsia: the colours of boxes that are given none.
_PALETTE = np.array([[1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1], [0.5, 0.5, 0, 1],
                     [0.5, 0, 0, 1], [0, 0, 0.5, 1], [0, 1, 1, 1], [1, 0, 1, 1]], np.float32)


def _check_drawing(x: Any, boxes: Any, colors: Any) -> None:
    if x.ndim != 4:
        raise bad("The rank of the images should be 4")
    if boxes.ndim != 3:
        raise bad("The rank of the boxes tensor should be 3")
    if x.shape[0] != boxes.shape[0]:
        raise bad("The batch sizes should be the same")
    if x.shape[3] not in (1, 3, 4):
        raise bad("Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)")
    if boxes.shape[2] != 4:
        raise bad(f"The size of the third dimension of the box must be 4. Received: {boxes.shape[2]}")
    if colors is not None:
        if colors.ndim != 2:
            raise bad(f"colors must be a 2-D matrix{shape_text(colors.shape)}")
        if colors.shape[1] < x.shape[3]:
            raise bad(f"colors must have equal or more channels than the image provided: {shape_text(colors.shape)}")


def _colours(xp: Any, x: Any, colors: Any, count: int) -> Any:
    """The colour of each box, `[count, channels]`."""
    table = xp.asarray(_PALETTE if colors is None or not colors.shape[0] else colors)
    if x.shape[3] == 1:  # the first component is a shade of grey
        table = xp.ones((len(table), 1), np.float32) if colors is None else table
    return xp.take(table, np.arange(count) % table.shape[0], 0)[:, :x.shape[3]].astype(x.dtype)


def _draw(xp: Any, x: Any, boxes: Any, colors: Any = None) -> Any:
    _check_drawing(x, boxes, colors)
    height, width = x.shape[1:3]
    colours = _colours(xp, x, colors, boxes.shape[1])
    scale = np.array([height - 1, width - 1] * 2, np.float32)
    rows, columns = xp.arange(height)[:, None], xp.arange(width)

    def frame(corner: Any) -> Any:
        """The pixels of the frames of one box an image, `[batch, height, width]`."""
        y1, x1, y2, x2 = (corner[:, i, None, None] for i in range(4))
        inside = (rows >= y1) & (rows <= y2) & (columns >= x1) & (columns <= x2)
        return inside & ((rows == y1) | (rows == y2) | (columns == x1) | (columns == x2))

    corners = xp.trunc(boxes.astype(np.float32) * scale).astype(np.int32)
    if xp is not np:
        from jax import lax

        def step(i: Any, canvas: Any) -> Any:
            return xp.where(frame(corners[:, i])[..., None], colours[i], canvas)
        return lax.fori_loop(0, boxes.shape[1], step, x) if boxes.shape[1] else x
    canvas = x.copy()
    for i in range(boxes.shape[1]):
        canvas[frame(corners[:, i])] = colours[i]
    return canvas


@op("DrawBoundingBoxes", "images: T, boxes: float -> output: T", attrs="T: {float, half} = float", infer=unchanged)
def draw_v1(xp: Any, x: Any, boxes: Any) -> Any:
    return _draw(xp, x, boxes)


@op("DrawBoundingBoxesV2", "images: T, boxes: float, colors: float -> output: T", attrs="T: {float, half} = float",
    infer=unchanged)
def draw_v2(xp: Any, x: Any, boxes: Any, colors: Any) -> Any:
    return _draw(xp, x, boxes, colors)


draw_v1.not_differentiable()


# The public functions.


def _floats(value: Any, like: Any = None) -> Any:
    return convert_to_tensor(value, None if like is None else like.dtype)


def _scored(boxes: Any, scores: Any) -> tuple[Any, Any]:
    from ..common import same_dtype
    return same_dtype(boxes, scores)


def _size(value: Any) -> Any:
    return convert_to_tensor(value, dtypes.int32)


def non_max_suppression(boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any = 0.5,
                        score_threshold: Any = float("-inf"), name: str | None = None) -> Any:
    """Greedily chooses boxes by their scores, leaving out those that overlap much with a chosen one.

    Args:
      boxes: `[n, 4]`, rows of two opposite corners `y1, x1, y2, x2`; float32 or float16.
      scores: `[n]`, of the same dtype.
      max_output_size: how many are chosen at most, int32.
      iou_threshold: boxes whose intersection over union with a better one is larger are left out; in [0, 1].
      score_threshold: boxes must score more.
      name: of the operation.

    Returns:
      int32 indices of the chosen boxes, best first.

    Raises:
      InvalidArgumentError: wrong shapes, or a threshold outside [0, 1].
    """
    inputs = (*_scored(boxes, scores), _size(max_output_size), _floats(iou_threshold), _floats(score_threshold))
    return apply(suppression_v3, inputs, name=name)


def non_max_suppression_with_scores(boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any = 0.5,
                                    score_threshold: Any = float("-inf"), soft_nms_sigma: Any = 0.0,
                                    name: str | None = None) -> Any:
    """`tf.image.non_max_suppression`, and the scores; softly if `soft_nms_sigma` is positive.

    Soft suppression lowers the scores of overlapping boxes by a Gaussian instead of leaving them out (Bodla and others,
    "Soft-NMS: improving object detection with one line of code", 2017).

    Returns:
      `(indices, scores)`.

    Raises:
      InvalidArgumentError: wrong shapes, a threshold outside [0, 1], a negative sigma.
    """
    boxes, scores = _scored(boxes, scores)
    inputs = (boxes, scores, _size(max_output_size), _floats(iou_threshold, boxes), _floats(score_threshold, boxes),
              _floats(soft_nms_sigma, boxes))
    index, values, _ = apply(suppression_v5, inputs, {"pad_to_max_output_size": False}, name)
    return index, values


def non_max_suppression_overlaps(overlaps: Any, scores: Any, max_output_size: Any, overlap_threshold: Any = 0.5,
                                 score_threshold: Any = float("-inf"), name: str | None = None) -> Any:
    """`tf.image.non_max_suppression` by a table `[n, n]` of how much boxes overlap.

    Raises:
      InvalidArgumentError: the table is not square, or the scores do not fit it.
    """
    inputs = (_floats(overlaps), _floats(scores), _size(max_output_size), _floats(overlap_threshold),
              _floats(score_threshold))
    return apply(suppression_with_overlaps, inputs, name=name)


def combined_non_max_suppression(boxes: Any, scores: Any, max_output_size_per_class: Any, max_total_size: Any,
                                 iou_threshold: Any = 0.5, score_threshold: Any = float("-inf"),
                                 pad_per_class: bool = False, clip_boxes: bool = True, name: str | None = None) -> Any:
    """Non-maximum suppression within each class of each image, and the best boxes of all classes.

    Args:
      boxes: float32 `[batch, n, classes, 4]`, or `[batch, n, 1, 4]` for boxes that classes share.
      scores: float32 `[batch, n, classes]`.
      max_output_size_per_class: how many boxes a class gives at most.
      max_total_size: how many an image gives.
      iou_threshold, score_threshold: as in `tf.image.non_max_suppression`.
      pad_per_class: whether fewer than `max_total_size` rows come out where classes cannot fill them.
      clip_boxes: whether corners are clipped to [0, 1].
      name: of the operation.

    Returns:
      A named tuple: `nmsed_boxes` `[batch, rows, 4]`, `nmsed_scores` and `nmsed_classes` `[batch, rows]` (all float32,
      filled up with zeros), `valid_detections` int32 `[batch]`.

    Raises:
      InvalidArgumentError: wrong shapes, sizes that are not positive, a threshold outside [0, 1].
    """
    inputs = (_floats(boxes), _floats(scores), _size(max_output_size_per_class), _size(max_total_size),
              convert_to_tensor(iou_threshold, dtypes.float32), convert_to_tensor(score_threshold, dtypes.float32))
    return CombinedNonMaxSuppression(*apply(combined_suppression, inputs, {"pad_per_class": pad_per_class,
                                                                           "clip_boxes": clip_boxes}, name))


def draw_bounding_boxes(images: Any, boxes: Any, colors: Any, name: str | None = None) -> Any:
    """Images with the frames of boxes drawn into them, one pixel wide.

    Args:
      images: `[batch, height, width, channels]` with one, three or four channels; float32 or float16.
      boxes: float32 `[batch, n, 4]`, rows of `y1, x1, y2, x2` in units of the image.
      colors: float32 `[colours, channels]`, taken in turn; None for ten that TensorFlow chose.
      name: of the operation.

    Raises:
      InvalidArgumentError: wrong shapes.
    """
    images, boxes = convert_to_tensor(images), convert_to_tensor(boxes, dtypes.float32)
    if colors is None:
        return apply(draw_v1, (images, boxes), name=name)
    return apply(draw_v2, (images, boxes, convert_to_tensor(colors, dtypes.float32)), name=name)


def draw_bounding_boxes_v1(images: Any, boxes: Any, name: str | None = None, colors: Any = None) -> Any:
    """`tf.image.draw_bounding_boxes` of TensorFlow 1."""
    return draw_bounding_boxes(images, boxes, colors, name)
