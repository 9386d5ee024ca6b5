"""Crops of images, resized: CropAndResize and its gradients (the region of interest pooling of detection models)."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape
from ..common import shape_text, static_shape
from ..creation import ints, known_shape
from ..gathering import add_rows
from ..layout import bad
from ..requirements import require_within
from .checks import check_choice
from .resize import size_arg, sizes_of

_ANY = "T: {uint8, uint16, int8, int16, int32, int64, half, float, double}"
_FLOATS = "T: {float, half, double}"
_METHOD = 'method: {"bilinear", "nearest"} = "bilinear"'
_F = np.float32


def _check(xp: Any, image_shape: Any, boxes: Any, box_ind: Any) -> None:
    if len(image_shape) != 4:
        raise bad(f"input image must be 4-D{shape_text(image_shape)}")
    if image_shape[1] <= 0 or image_shape[2] <= 0:
        raise bad("image dimensions must be positive")
    if boxes.size or box_ind.size:
        if boxes.ndim != 2:
            raise bad(f"boxes must be 2-D, got: {shape_text(boxes.shape)}")
        if boxes.shape[1] != 4:
            raise bad("boxes must have 4 columns")
        if box_ind.ndim != 1:
            raise bad(f"box_indices must be 1-D{shape_text(box_ind.shape)}")
        if len(box_ind) != len(boxes):
            raise bad("box_index has incompatible shape")
    if isinstance(box_ind, np.ndarray) and box_ind.size and not (
            0 <= int(box_ind.min()) and int(box_ind.max()) < image_shape[0]):
        raise errors.OutOfRangeError("box_index has values outside [0, batch_size)")
    require_within(xp, box_ind, image_shape[0])


def _lines(xp: Any, first: Any, last: Any, size: int, count: int) -> tuple[Any, Any]:
    """Where the lines of crops lie in an image of `size` lines, `[boxes, count]`, and whether they lie inside."""
    first, last = first[:, None], last[:, None]
    if count > 1:
        step = (last - first) * _F(size - 1) / _F(count - 1)
        at = first * _F(size - 1) + xp.arange(count, dtype=np.float32) * step
    else:
        at = _F(0.5) * (first + last) * _F(size - 1)
    return at, (at >= 0) & (at <= size - 1)


def _neighbours(xp: Any, at: Any, inside: Any, size: int) -> tuple[Any, Any, Any]:
    """The lines around places, and the share of the upper one."""
    below = xp.floor(xp.where(inside, at, 0))
    lower = below.astype(np.int32)
    return lower, xp.minimum(xp.ceil(xp.where(inside, at, 0)).astype(np.int32), size - 1), at - below


def _closest(xp: Any, at: Any, inside: Any, size: int) -> Any:
    """The nearest lines; halves go away from zero."""
    return xp.minimum(xp.floor(xp.where(inside, at, 0) + _F(0.5)).astype(np.int32), size - 1)


class _Corners:
    """The pixels around the places of crops, and how far between them these lie: arrays that broadcast to
    `[boxes, height, width]`."""

    def __init__(self, xp: Any, boxes: Any, size: tuple[int, int], new: tuple[int, int]) -> None:
        y, y_inside = _lines(xp, boxes[:, 0], boxes[:, 2], size[0], new[0])
        x, x_inside = _lines(xp, boxes[:, 1], boxes[:, 3], size[1], new[1])
        self.inside = y_inside[:, :, None] & x_inside[:, None, :]
        self.y, self.x = (_closest(xp, y, y_inside, size[0])[:, :, None], _closest(xp, x, x_inside, size[1])[:, None, :])
        top, bottom, down = _neighbours(xp, y, y_inside, size[0])
        left, right, across = _neighbours(xp, x, x_inside, size[1])
        self.top, self.bottom, self.down = top[:, :, None], bottom[:, :, None], down[:, :, None]
        self.left, self.right, self.across = left[:, None, :], right[:, None, :], across[:, None, :]


def _crop_size(size: Any) -> tuple[int, int]:
    new = ints(size)
    if np.ndim(size) != 1:
        raise bad(f"crop_size must be 1-D{shape_text(np.shape(size))}")
    if len(new) != 2:
        raise bad(f"crop_size must have two elements{shape_text(np.shape(size))}")
    if new[0] <= 0 or new[1] <= 0:
        raise bad("crop dimensions must be positive")
    return new[0], new[1]


def _crops_shape(op: Any) -> Any:
    image, boxes, indices, size = op.inputs
    if image.shape.rank not in (None, 4):
        raise ValueError(f"Shape must be rank 4 but is rank {image.shape.rank}")
    if boxes.shape.rank not in (None, 2):
        raise ValueError(f"Shape must be rank 2 but is rank {boxes.shape.rank}")
    count = boxes.shape[0] if boxes.shape.rank else None
    if count is None and indices.shape.rank:
        count = indices.shape[0]
    depth = image.shape[3] if image.shape.rank else None
    return [(TensorShape([count, *sizes_of(size), depth]), dtypes.float32)]


@op("CropAndResize", "image: T, boxes: float, box_ind: int32, crop_size: int32 static -> crops: float",
    attrs=f"{_ANY}; {_METHOD}; extrapolation_value: float = 0", infer=_crops_shape)
def crop_and_resize_(xp: Any, image: Any, boxes: Any, box_ind: Any, crop_size: Any, method: str = "bilinear",
                     extrapolation_value: float = 0.0) -> Any:
    _check(xp, image.shape, boxes, box_ind)
    new = _crop_size(crop_size)
    at = _Corners(xp, boxes.reshape((-1, 4)), image.shape[1:3], new)
    which = box_ind[:, None, None]
    if method == "nearest":
        out = image[which, at.y, at.x].astype(np.float32)
    else:
        corner = [[image[which, y, x].astype(np.float32) for x in (at.left, at.right)] for y in (at.top, at.bottom)]
        across, down = at.across[..., None], at.down[..., None]
        rows = [row[0] + (row[1] - row[0]) * across for row in corner]
        out = rows[0] + (rows[1] - rows[0]) * down
    return xp.where(at.inside[..., None], out, _F(extrapolation_value))


@op("CropAndResizeGradImage", "grads: float, boxes: float, box_ind: int32, image_size: int32 static -> output: T",
    attrs=f"{_FLOATS}; {_METHOD}", infer=lambda op: [(known_shape(op.inputs[3]), op.attrs.get("T", dtypes.float32))])
def crop_and_resize_grad_image(xp: Any, dy: Any, boxes: Any, box_ind: Any, image_size: Any, method: str = "bilinear",
                               T: Any = dtypes.float32) -> Any:
    batch, height, width, depth = ints(image_size)
    _check(xp, (batch, height, width, depth), boxes, box_ind)
    at = _Corners(xp, boxes.reshape((-1, 4)), (height, width), dy.shape[1:3])
    which = box_ind[:, None, None] * height
    dy = xp.where(at.inside[..., None], dy, _F(0))
    if method == "nearest":
        parts = [((which + at.y) * width + at.x, dy)]
    else:
        across, down = at.across[..., None], at.down[..., None]
        parts = [((which + y) * width + x, dy * b * a) for y, b in ((at.top, 1 - down), (at.bottom, down))
                 for x, a in ((at.left, 1 - across), (at.right, across))]
    if xp is np:
        out = np.zeros((batch * height * width, depth), np.float32)
        for places, values in parts:
            add_rows(out, places.reshape(-1), values.reshape(places.size, depth))
    else:
        out = xp.zeros((batch * height * width, depth), np.float32)
        for places, values in parts:
            out = out.at[places.reshape(-1)].add(values.reshape((-1, depth)))
    return out.reshape((batch, height, width, depth)).astype(T.np)


@op("CropAndResizeGradBoxes", "grads: float, image: T, boxes: float, box_ind: int32 -> output: float",
    attrs=f'{_ANY}; method: {{"bilinear"}} = "bilinear"', infer=lambda op: [(op.inputs[2].shape, dtypes.float32)])
def crop_and_resize_grad_boxes(xp: Any, dy: Any, image: Any, boxes: Any, box_ind: Any, method: str = "bilinear") -> Any:
    _check(xp, image.shape, boxes, box_ind)
    boxes = boxes.reshape((-1, 4))
    size, new = image.shape[1:3], dy.shape[1:3]
    at = _Corners(xp, boxes, size, new)
    which = box_ind[:, None, None]
    corner = [[image[which, y, x].astype(np.float32) for x in (at.left, at.right)] for y in (at.top, at.bottom)]
    across, down = at.across[..., None], at.down[..., None]
    slope_y = (1 - across) * (corner[1][0] - corner[0][0]) + across * (corner[1][1] - corner[0][1])
    slope_x = (1 - down) * (corner[0][1] - corner[0][0]) + down * (corner[1][1] - corner[1][0])
    columns: list[Any] = []
    for slope, axis, other in ((slope_y, 0, 2), (slope_x, 1, 1)):
        # How the place of each line moves with either edge of the box, times what that changes.
        share = xp.sum(xp.where(at.inside[..., None], slope * dy, _F(0)), (other, 3))
        if new[axis] > 1:
            last = xp.arange(new[axis], dtype=np.float32) * _F(size[axis] - 1) / _F(new[axis] - 1)
            first = _F(size[axis] - 1) - last
        else:
            first = last = xp.full(1, _F(0.5) * _F(size[axis] - 1), np.float32)
        columns.append([xp.sum(share * first, 1), xp.sum(share * last, 1)])
    (y1, y2), (x1, x2) = columns
    return xp.stack([y1, x1, y2, x2], 1)


@crop_and_resize_.gradient
def _(op: Any, dy: Any) -> Any:
    image, boxes, box_ind = op.inputs[:3]
    method = op.attrs.get("method", "bilinear")
    by_image = by_boxes = None
    if op.needs[0] and image.dtype in (dtypes.float16, dtypes.float32, dtypes.float64):
        from ..creation import shape
        known = static_shape(image)
        attrs = {"method": method, "T": image.dtype}
        by_image = apply(crop_and_resize_grad_image, (dy, boxes, box_ind, list(known) if known else shape(image)), attrs)
    if op.needs[1]:
        # TensorFlow has this gradient for linear interpolation alone, and takes it for the other too.
        by_boxes = apply(crop_and_resize_grad_boxes, (dy, image, boxes, box_ind))
    return [by_image, by_boxes, None, None]


def crop_and_resize(image: Any, boxes: Any, box_indices: Any, crop_size: Any, method: str = "bilinear",
                    extrapolation_value: float = 0.0, name: str | None = None) -> Any:
    """Boxes cut out of images and resized to one size.

    Args:
      image: shape `[batch, height, width, channels]`.
      boxes: float32 `[boxes, 4]`, rows of `y1, x1, y2, x2` in units of the image, whose last pixel is at 1. With
        `y1 > y2` the crop is turned upside down.
      box_indices: int32 `[boxes]`, the image of each box.
      crop_size: the height and width of the crops.
      method: "bilinear" or "nearest".
      extrapolation_value: what stands outside the image.
      name: of the operation.

    Returns:
      float32 `[boxes, crop_height, crop_width, channels]`.

    Raises:
      InvalidArgumentError: wrong shapes, an empty image or crop.
      OutOfRangeError: an image that does not exist.
    """
    inputs = (convert_to_tensor(image), convert_to_tensor(boxes, dtypes.float32),
              convert_to_tensor(box_indices, dtypes.int32), size_arg(crop_size))
    attrs = {"method": check_choice(crop_and_resize_, "method", method), "extrapolation_value": float(extrapolation_value)}
    return apply(crop_and_resize_, inputs, attrs, name)


def crop_and_resize_v1(image: Any, boxes: Any, box_ind: Any = None, crop_size: Any = None, method: str = "bilinear",
                       extrapolation_value: float = 0, name: str | None = None, box_indices: Any = None) -> Any:
    """`tf.image.crop_and_resize` of TensorFlow 1, where `box_indices` was called `box_ind`.

    Raises:
      ValueError: both names at once.
    """
    if box_ind is not None and box_indices is not None:
        raise ValueError("Cannot specify both 'box_ind' and 'box_indices'.")
    return crop_and_resize(image, boxes, box_indices if box_ind is None else box_ind, crop_size, method,
                           extrapolation_value, name)
