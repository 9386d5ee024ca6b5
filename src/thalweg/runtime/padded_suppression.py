"""`tf.image.non_max_suppression_padded`: suppression in batches, with results of fixed size."""
from __future__ import annotations

from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..ops.arithmetic import maximum, minimum
from ..ops.arrays import concat, expand_dims, pad, reshape, split, transpose
from ..ops.casting import cast
from ..ops.common import shape_of
from ..ops.creation import ones_like
from ..ops.creation import shape as shape_op
from ..ops.gathering import gather
from ..ops.indexing import getitem
from ..ops.masking import where
from ..ops.ranges import range as range_op
from ..ops.reductions import reduce_any, reduce_sum
from ..ops.sorting import argsort, top_k
from .loops import while_loop


def non_max_suppression_padded(boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any = 0.5,
                               score_threshold: Any = float("-inf"), pad_to_max_output_size: bool = False,
                               name: str | None = None, sorted_input: bool = False,
                               canonicalized_coordinates: bool = False, tile_size: int = 512) -> Any:
    """Greedily chooses boxes by their scores, leaving out those that overlap with a chosen one.

    Args:
      boxes: floats `[..., n, 4]`, rows of two opposite corners `y1, x1, y2, x2`.
      scores: floats `[..., n]`.
      max_output_size: how many are chosen at most.
      iou_threshold: boxes whose intersection over union with a better one is as large are left out.
      score_threshold: boxes must score more.
      pad_to_max_output_size: whether the result has `max_output_size` columns; needed where there is a batch.
      name: of the operation.
      sorted_input: whether boxes come in the order of their scores.
      canonicalized_coordinates: whether corners are the upper left and lower right ones. Otherwise the first box says for
        all of them.
      tile_size: accepted, without effect.

    Returns:
      `(indices, count)`: int32 `[..., columns]`, filled up with zeros, and how many there are, int32 `[...]`.

    Raises:
      ValueError: a batch without `pad_to_max_output_size`.
    """
    boxes, scores = convert_to_tensor(boxes), convert_to_tensor(scores)
    rank = boxes.shape.rank
    if not pad_to_max_output_size and rank is not None and rank > 2:
        raise ValueError(f"'pad_to_max_output_size' (value {pad_to_max_output_size}) must be True for batched input")
    sizes = shape_of(boxes)
    batch = sizes[:-2] if isinstance(sizes, tuple) else getitem(sizes, slice(None, -2))
    count = sizes[-2] if isinstance(sizes, tuple) else getitem(sizes, -2)
    flat = reshape(boxes, [-1, count, 4])
    index, valid = _suppressed(flat, reshape(scores, [-1, count]), count, convert_to_tensor(max_output_size, dtypes.int32),
                               iou_threshold, score_threshold, sorted_input, canonicalized_coordinates)
    valid = reshape(valid, batch)
    if not pad_to_max_output_size:
        return getitem(getitem(index, 0), slice(None, valid)), valid
    if isinstance(batch, tuple):
        return reshape(index, [*batch, -1] if 0 not in batch else [*batch, max_output_size]), valid
    return reshape(index, concat([batch, [-1]], 0)), valid


def _canonical(boxes: Any) -> Any:
    """Corners in order, if the first box has them in order or not."""
    y1, x1, y2, x2 = split(boxes, 4, axis=2)
    down = getitem(y1, (0, 0, 0)) <= getitem(y2, (0, 0, 0))
    right = getitem(x1, (0, 0, 0)) <= getitem(x2, (0, 0, 0))
    return concat([where(down, y1, y2), where(right, x1, x2), where(down, y2, y1), where(right, x2, x1)], 2)


def _overlaps(boxes: Any) -> Any:
    """The intersection over union of each box with each, `[batch, n, n]`."""
    y1, x1, y2, x2 = split(boxes, 4, axis=2)
    other = [transpose(v, [0, 2, 1]) for v in (y1, x1, y2, x2)]
    zero = convert_to_tensor(0.0)
    tall = maximum(minimum(y2, other[2]) - maximum(y1, other[0]), zero)
    wide = maximum(minimum(x2, other[3]) - maximum(x1, other[1]), zero)
    common = tall * wide
    area = (y2 - y1) * (x2 - x1)
    return common / (area + transpose(area, [0, 2, 1]) - common + 1e-8)


def _suppressed(boxes: Any, scores: Any, count: Any, limit: Any, iou_threshold: Any, score_threshold: Any,
                sorted_input: bool, canonicalized: bool) -> tuple[Any, Any]:
    """The chosen indices `[batch, limit]` and how many there are `[batch]`."""
    if score_threshold != float("-inf"):
        passing = cast(scores > score_threshold, scores.dtype)
        scores, boxes = scores * passing, boxes * expand_dims(cast(passing, boxes.dtype), 2)
    if not canonicalized:
        boxes = _canonical(boxes)
    order = None
    if not sorted_input:
        order = argsort(scores, axis=1, direction="DESCENDING")
        boxes = gather(boxes, order, axis=1, batch_dims=1)
    boxes = cast(boxes, dtypes.float32)
    clash = _overlaps(boxes) >= iou_threshold
    places = range_op(count)
    start = ones_like(scores, dtypes.bool)

    def step(i: Any, standing: Any) -> tuple[Any, Any]:
        """Box `i`, if it still stands, knocks out the later ones that it overlaps."""
        own = expand_dims(gather(standing, i, axis=1), 1)
        hit = gather(clash, i, axis=1) & own & (places > i)
        return i + 1, standing & ~hit

    _, standing = while_loop(lambda i, _: i < count, step, (convert_to_tensor(0), start))
    chosen = cast(standing & reduce_any(boxes > 0, 2), dtypes.int32)
    valid = minimum(reduce_sum(chosen, 1), limit)
    ranks = chosen * (count - places)
    room = maximum(limit - count, convert_to_tensor(0))
    ranks = pad(ranks, [[0, 0], [0, room]])
    index = minimum(count - top_k(ranks, limit).values, convert_to_tensor(count - 1, dtypes.int32))
    if order is not None:
        index = gather(order, maximum(index, convert_to_tensor(0)), axis=1, batch_dims=1)
    rows = getitem(shape_op(index), 0)
    filled = expand_dims(range_op(limit), 0) < expand_dims(valid, 1)
    return where(filled, index, reshape(rows * 0, [1, 1])), valid
