"""Entries that choose among overlapping boxes: NonMaxSuppression in its versions, CombinedNonMaxSuppression."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.opdef import op
from ...core.shape import TensorShape
from ..common import shape_text
from ..layout import bad

Array = np.ndarray[Any, Any]
_T = "T: {half, float} = float"
_THRESHOLDS = f"{_T}; T_threshold: {{half, float}} = float"


# Suppression: of boxes that overlap, the one with the best score stays.


def overlaps(box: Array, boxes: Array) -> Array:
    """The intersection over union of a box with others, rows of two opposite corners; 0 where one has no area."""
    top, bottom = np.minimum(boxes[:, 0], boxes[:, 2]), np.maximum(boxes[:, 0], boxes[:, 2])
    left, right = np.minimum(boxes[:, 1], boxes[:, 3]), np.maximum(boxes[:, 1], boxes[:, 3])
    y1, y2, x1, x2 = min(box[0], box[2]), max(box[0], box[2]), min(box[1], box[3]), max(box[1], box[3])
    area, areas = (y2 - y1) * (x2 - x1), (bottom - top) * (right - left)
    common = np.maximum(np.minimum(y2, bottom) - np.maximum(y1, top), 0) * \
        np.maximum(np.minimum(x2, right) - np.maximum(x1, left), 0)
    union = area + areas - common
    real = (areas > 0) & (area > 0)
    out: Array = np.where(real, common / np.where(real, union, 1), 0).astype(np.float32)
    return out


def suppressed(scores: Array, similarity: Callable[[int, Array], Array], limit: int, threshold: float, least: float,
               sigma: float = 0.0) -> tuple[Array, Array]:
    """The indices that stay, best first, and their scores.

    Args:
      scores: one a box; of equal ones the first wins.
      similarity: of a box with others, given its index and theirs.
      limit: how many stay at most.
      threshold: boxes more similar than this to a better one go.
      least: boxes must score more than this.
      sigma: if positive, the scores of similar boxes fall by `exp(-similarity ** 2 / (2 * sigma))` instead (Bodla and
        others, 2017).
    """
    alive = np.flatnonzero(scores > least)
    left = scores[alive].astype(np.float32)
    if not sigma:
        order = np.argsort(-left, kind="stable")
        alive, left = alive[order], left[order]
    chosen: list[int] = []
    values: list[np.float32] = []
    while len(alive) and len(chosen) < limit:
        best = int(np.argmax(left)) if sigma else 0
        index = int(alive[best])
        chosen.append(index)
        values.append(left[best])
        alive, left = np.delete(alive, best), np.delete(left, best)
        alike = similarity(index, alive)
        if sigma:
            left = left * np.exp(np.float32(-0.5 / sigma) * alike * alike)
            keep = left > least
        else:
            keep = ~(alike > threshold)
        alive, left = alive[keep], left[keep].astype(np.float32)
    return np.array(chosen, np.int32), np.array(values, np.float32)


def _count(size: Any, boxes: int) -> int:
    if np.ndim(size):
        raise bad(f"max_output_size must be 0-D, got shape {shape_text(np.shape(size))} (Shape must be rank 0 but is rank "
                  f"{np.ndim(size)})")
    count = int(size)
    if count < 0:
        raise bad("output size must be non-negative")
    return min(count, boxes)


def _check_boxes(boxes: Array, scores: Array) -> None:
    if boxes.ndim != 2:
        raise bad(f"boxes must be 2-D{shape_text(boxes.shape)} (Shape must be rank 2 but is rank {boxes.ndim})")
    if boxes.shape[1] != 4:
        raise bad(f"boxes must have 4 columns (Dimension must be 4 but is {boxes.shape[1]})")
    _check_scores(len(boxes), scores)


def _check_scores(count: int, scores: Array) -> None:
    if scores.ndim != 1:
        raise bad(f"scores must be 1-D{shape_text(scores.shape)} (Shape must be rank 1 but is rank {scores.ndim})")
    if len(scores) != count:
        raise bad(f"scores has incompatible shape (Dimensions must be equal, but are {count} and {len(scores)})")


def _share(value: Any, name: str = "iou_threshold") -> float:
    number = float(value)
    if not 0 <= number <= 1:
        raise bad(f"{name} must be in [0, 1]")
    return number


def _among(boxes: Array) -> Callable[[int, Array], Array]:
    """How much one of some boxes overlaps others of them."""
    return lambda i, others: overlaps(boxes[i], boxes[others])


def _of_boxes(boxes: Array, scores: Array, size: Any, iou: Any, least: float = -np.inf,
              sigma: float = 0.0) -> tuple[Array, Array]:
    limit, threshold = _count(size, len(boxes) if boxes.ndim else 0), _share(iou)
    _check_boxes(boxes, scores)
    return suppressed(scores, _among(boxes.astype(np.float32)), limit, threshold, least, sigma)


def _padded(values: Array, size: Any, pad: bool) -> Array:
    out: Array = np.concatenate([values, np.zeros(max(int(size) - len(values), 0), values.dtype)]) if pad else values
    return out


def _kept_shape(op: Any) -> Any:
    boxes, scores, size = op.inputs[:3]
    if boxes.shape.rank not in (None, 2):
        raise ValueError(f"Shape must be rank 2 but is rank {boxes.shape.rank}")
    if boxes.shape.rank and boxes.shape[1] not in (None, 4) and op.op.type != "NonMaxSuppressionWithOverlaps":
        raise ValueError(f"Dimension must be 4 but is {boxes.shape[1]}")
    if scores.shape.rank not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {scores.shape.rank}")
    known = op.attrs.get("pad_to_max_output_size", False) and size.value is not None
    line, one = TensorShape([int(size.value) if known else None]), TensorShape([])
    if op.op.type.endswith("V4"):
        return [(line, dtypes.int32), (one, dtypes.int32)]
    if op.op.type.endswith("V5"):
        return [(line, dtypes.int32), (line, boxes.dtype), (one, dtypes.int32)]
    return [(line, dtypes.int32)]


@op("NonMaxSuppression", "boxes: float, scores: float, max_output_size: int32 -> selected_indices: int32",
    attrs="iou_threshold: float = 0.5", infer=_kept_shape, dynamic=True)
def suppression_v1(xp: Any, boxes: Any, scores: Any, max_output_size: Any, iou_threshold: float = 0.5) -> Any:
    return _of_boxes(boxes, scores, max_output_size, iou_threshold)[0]


@op("NonMaxSuppressionV2",
    "boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold -> selected_indices: int32",
    attrs=_THRESHOLDS, infer=_kept_shape, dynamic=True)
def suppression_v2(xp: Any, boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any) -> Any:
    return _of_boxes(boxes, scores, max_output_size, iou_threshold)[0]


@op("NonMaxSuppressionV3", "boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold, "
    "score_threshold: T_threshold -> selected_indices: int32", attrs=_THRESHOLDS, infer=_kept_shape, dynamic=True)
def suppression_v3(xp: Any, boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any, score_threshold: Any) -> Any:
    return _of_boxes(boxes, scores, max_output_size, iou_threshold, float(score_threshold))[0]


@op("NonMaxSuppressionV4", "boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold, "
    "score_threshold: T_threshold -> selected_indices: int32, valid_outputs: int32",
    attrs=f"{_THRESHOLDS}; pad_to_max_output_size: bool = false", infer=_kept_shape, dynamic=True)
def suppression_v4(xp: Any, boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any, score_threshold: Any,
                   pad_to_max_output_size: bool = False) -> Any:
    chosen, _ = _of_boxes(boxes, scores, max_output_size, iou_threshold, float(score_threshold))
    return _padded(chosen, max_output_size, pad_to_max_output_size), np.array(len(chosen), np.int32)


@op("NonMaxSuppressionV5", "boxes: T, scores: T, max_output_size: int32, iou_threshold: T, score_threshold: T, "
    "soft_nms_sigma: T -> selected_indices: int32, selected_scores: T, valid_outputs: int32",
    attrs=f"{_T}; pad_to_max_output_size: bool = false", infer=_kept_shape, dynamic=True)
def suppression_v5(xp: Any, boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any, score_threshold: Any,
                   soft_nms_sigma: Any, pad_to_max_output_size: bool = False) -> Any:
    if float(soft_nms_sigma) < 0:
        raise bad("soft_nms_sigma_val must be >= 0")
    chosen, values = _of_boxes(boxes, scores, max_output_size, iou_threshold, float(score_threshold),
                               float(soft_nms_sigma))
    return (_padded(chosen, max_output_size, pad_to_max_output_size),
            _padded(values.astype(boxes.dtype), max_output_size, pad_to_max_output_size), np.array(len(chosen), np.int32))


@op("NonMaxSuppressionWithOverlaps", "overlaps: float, scores: float, max_output_size: int32, overlap_threshold: float, "
    "score_threshold: float -> selected_indices: int32", infer=_kept_shape, dynamic=True)
def suppression_with_overlaps(xp: Any, table: Any, scores: Any, max_output_size: Any, overlap_threshold: Any,
                              score_threshold: Any) -> Any:
    if table.ndim != 2:
        raise bad(f"overlaps must be 2-D{shape_text(table.shape)}")
    if table.shape[0] != table.shape[1]:
        raise bad(f"overlaps must be square{shape_text(table.shape)}")
    _check_scores(len(table), scores)
    limit = _count(max_output_size, len(table))
    return suppressed(scores, lambda i, others: table[others, i], limit, float(overlap_threshold), float(score_threshold))[0]


for _entry in (suppression_v1, suppression_v2, suppression_with_overlaps):
    _entry.not_differentiable()


def _combined_shape(op: Any) -> Any:
    boxes, scores, each, total = op.inputs[:4]
    if boxes.shape.rank not in (None, 4):
        raise ValueError(f"Shape must be rank 4 but is rank {boxes.shape.rank}")
    if scores.shape.rank not in (None, 3):
        raise ValueError(f"Shape must be rank 3 but is rank {scores.shape.rank}")
    batch = boxes.shape[0] if boxes.shape.rank else None
    width = None if total.value is None else int(total.value)
    if op.attrs.get("pad_per_class", False):
        classes = scores.shape[2] if scores.shape.rank else None
        if width is None or classes is None or each.value is None:
            width = None
        else:
            width = min(width, int(each.value) * classes)
    rows = TensorShape([batch, width])
    return [(rows.concatenate([4]), dtypes.float32), (rows, dtypes.float32), (rows, dtypes.float32),
            (TensorShape([batch]), dtypes.int32)]


def _check_combined(boxes: Array, scores: Array, each: Any, total: Any) -> None:
    if boxes.ndim != 4:
        raise bad(f"boxes must be 4-D{shape_text(boxes.shape)}")
    if scores.ndim != 3:
        raise bad(f"scores must be 3-D{shape_text(scores.shape)}")
    if scores.shape[:2] != boxes.shape[:2]:
        raise bad("boxes and scores must have same batch size" if len(scores) != len(boxes) else
                  "scores has incompatible shape")
    if boxes.shape[3] != 4:
        raise bad("boxes must have 4 columns")
    if boxes.shape[2] not in (1, scores.shape[2]):
        raise bad("third dimension of boxes must be either 1 or num classes")
    if np.ndim(each) or np.ndim(total):
        raise bad(f"{'max_size_per_class' if np.ndim(each) else 'max_total_size'} must be 0-D, got shape "
                  f"{shape_text(np.shape(each) or np.shape(total))}")
    if int(each) <= 0:
        raise bad("max_size_per_class must be positive")
    if int(total) <= 0:
        raise bad("max_total_size must be > 0")


@op("CombinedNonMaxSuppression", "boxes: float, scores: float, max_output_size_per_class: int32, max_total_size: int32, "
    "iou_threshold: float, score_threshold: float -> nmsed_boxes: float, nmsed_scores: float, nmsed_classes: float, "
    "valid_detections: int32", attrs="pad_per_class: bool = false; clip_boxes: bool = true", infer=_combined_shape,
    dynamic=True)
def combined_suppression(xp: Any, boxes: Any, scores: Any, each: Any, total: Any, iou_threshold: Any, score_threshold: Any,
                         pad_per_class: bool = False, clip_boxes: bool = True) -> Any:
    _check_combined(boxes, scores, each, total)
    threshold, least = _share(iou_threshold), float(score_threshold)
    batch, _, classes = scores.shape
    width = min(int(total), int(each) * classes) if pad_per_class else int(total)
    out = np.zeros((batch, width, 6), np.float32)
    counts = np.zeros(batch, np.int32)
    for b in range(batch):
        found: list[Array] = []
        for c in range(classes):
            own = boxes[b, :, c if boxes.shape[2] > 1 else 0]
            index, value = suppressed(scores[b, :, c], _among(own), int(each), threshold, least)
            found.append(np.column_stack([own[index], value, np.full(len(index), c)]))
        rows = np.concatenate(found) if found else np.zeros((0, 6))
        rows = rows[np.argsort(-rows[:, 4], kind="stable")][:width]
        out[b, :len(rows)] = rows
        counts[b] = len(rows)
    corners = np.clip(out[..., :4], 0, 1) if clip_boxes else out[..., :4]
    return corners.copy(), out[..., 4].copy(), out[..., 5].copy(), counts
