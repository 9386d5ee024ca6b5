"""Random windows of images that cover objects: SampleDistortedBoundingBox in its versions (Szegedy and others, 2014)."""
from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape
from .. import philox
from ..common import shape_text
from ..layout import bad
from ..random_state import get_seed, stateful
from ..random_stateless import key_and_counter

SampleDistortedBoundingBoxV2 = namedtuple("SampleDistortedBoundingBoxV2", ["begin", "size", "bboxes"])
StatelessSampleDistortedBoundingBox = namedtuple("StatelessSampleDistortedBoundingBox", ["begin", "size", "bboxes"])

_F = np.float32
_SIZES = "{uint8, int8, int16, int32, int64}"
_RANGES = "aspect_ratio_range: list(float) = [0.75, 1.33]; area_range: list(float) = [0.05, 1.0]; " \
    "max_attempts: int = 100; use_image_if_no_bounding_boxes: bool = false"
_OUTPUTS = "begin: T, size: T, bboxes: float"


class _Window(NamedTuple):
    """A rectangle of whole pixels; `right` and `bottom` are outside."""

    left: int
    top: int
    right: int
    bottom: int

    def area(self) -> int:
        return max(self.right - self.left, 0) * max(self.bottom - self.top, 0)

    def common(self, other: _Window) -> _Window:
        """The part that two have in common."""
        return _Window(max(self.left, other.left), max(self.top, other.top), min(self.right, other.right),
                       min(self.bottom, other.bottom))


class _Numbers:
    """Random numbers one after the other, from a stream of Philox."""

    def __init__(self, key: Any, counter: Any) -> None:
        self._key, self._counter = key, counter
        self._words: list[int] = []

    def word(self) -> int:
        """32 random bits."""
        if not self._words:
            self._words = philox.words(np, self._key, self._counter, 4).tolist()[::-1]
            self._counter = philox.skipped(self._counter, 1)
        return self._words.pop()

    def fraction(self) -> np.float32:
        """A number in [0, 1)."""
        out: np.float32 = philox.unit_floats(np, np.array([self.word()], np.uint32))[0]
        return out

    def below(self, count: int) -> int:
        """An integer in [0, count), every one with the same probability."""
        if count & (count - 1) == 0:
            return self.word() & (count - 1) if count else self.word() * 0
        skewed = 0xFFFFFFFF % count + 1
        while (word := self.word()) < skewed:
            pass
        return word % count


def _near(x: Any) -> int:
    """The nearest integer of a float32, halves going to the even one."""
    return int(np.rint(_F(x)))


def _window(width: int, height: int, areas: Sequence[float], ratio: np.float32, numbers: _Numbers) -> _Window | None:
    """A window of the given ratio of width to height, of random size and at a random place; None if none fits."""
    low, high = _F(areas[0]), _F(areas[1])
    if high <= 0 or ratio <= 0 or width <= 0 or height <= 0 or low > high:
        return None
    least, most = low * _F(width) * _F(height), high * _F(width) * _F(height)
    tall, limit = _near(np.sqrt(least / ratio)), _near(np.sqrt(most / ratio))
    if _near(_F(limit) * ratio) > width:
        limit = int((_F(width) + _F(0.5) - _F(1e-7)) / ratio)
        if _near(_F(limit) * ratio) > width:
            limit -= 1
    limit = min(limit, height)
    tall = min(tall, limit)
    if tall < limit:
        tall += numbers.below(limit - tall + 1)
    wide = _near(_F(tall) * ratio)
    if _F(wide * tall) < least:  # rounding may have left the range
        tall += 1
        wide = _near(_F(tall) * ratio)
    if _F(wide * tall) > most:
        tall -= 1
        wide = _near(_F(tall) * ratio)
    area = _F(wide * tall)
    if area < least or area > most or wide > width or tall > height or wide <= 0 or tall <= 0:
        return None
    top = numbers.below(height - tall) if tall < height else 0
    left = numbers.below(width - wide) if wide < width else 0
    return _Window(left, top, left + wide, top + tall)


def _covers(window: _Window, objects: Sequence[_Window], share: np.float32) -> bool:
    """Whether a window has at least `share` of some object in it."""
    return window.area() >= 1 and any(_F(window.common(o).area()) / _F(o.area()) >= share for o in objects if o.area() >= 1)


def _objects(boxes: Any, width: int, height: int, whole_if_none: bool) -> list[_Window]:
    if boxes.ndim != 3 or boxes.shape[2] != 4:
        raise bad(f"input boxes must be 3-dimensional [batch, num_boxes, coords] but got shape {shape_text(boxes.shape)}")
    rows = boxes.reshape(-1, 4)
    for corner in rows:
        if not ((corner >= 0) & (corner <= 1)).all():
            place = int(np.flatnonzero(~((corner >= 0) & (corner <= 1)))[0])
            raise bad(f"All bounding box coordinates must be in [0.0, 1.0]: {corner[place]:g}")
    scaled = (rows.astype(np.float32) * np.array([height, width] * 2, np.float32)).astype(np.int64).tolist()
    found = [_Window(left, top, right, bottom) for top, left, bottom, right in scaled]
    if not found and not whole_if_none:
        raise bad("No bounding boxes provided as input. One must enable use_image_if_no_bounding_boxes if you wish to not "
                  "provide any bounding boxes.")
    return found or [_Window(0, 0, width, height)]


def _draw(key: Any, counter: Any, image_size: Any, boxes: Any, share: Any, aspect_ratio_range: Sequence[float],
          area_range: Sequence[float], max_attempts: int, use_image_if_no_bounding_boxes: bool) -> Any:
    if image_size.ndim != 1 or image_size.shape != (3,):
        raise bad(f"image_size must {'contain 3 elements' if image_size.ndim == 1 else 'be 1-dimensional'}"
                  f"{shape_text(image_size.shape)}")
    height, width = int(image_size[0]), int(image_size[1])
    if height <= 0 or width <= 0:
        raise bad(f"image {'height' if height <= 0 else 'width'} must be positive: {height if height <= 0 else width}")
    if np.ndim(share):
        raise bad(f"min_object_covered must be 0-D, got shape {shape_text(np.shape(share))}")
    if share < 0:
        raise bad(f"Min object covered must be non-negative, got {float(share):g}")
    objects = _objects(boxes, width, height, use_image_if_no_bounding_boxes)
    numbers = _Numbers(key, counter)
    low, high = _F(aspect_ratio_range[0]), _F(aspect_ratio_range[1])
    window = _Window(0, 0, width, height)
    for _ in range(max_attempts):
        found = _window(width, height, area_range, numbers.fraction() * (high - low) + low, numbers)
        if found is not None and _covers(found, objects, _F(share)):
            window = found
            break
    dtype = image_size.dtype
    edges = np.array([window.top, window.left, window.bottom, window.right], np.float32)
    return (np.array([window.top, window.left, 0], dtype),
            np.array([window.bottom - window.top, window.right - window.left, -1]).astype(dtype),
            (edges / np.array([height, width] * 2, np.float32)).reshape(1, 1, 4))


def _window_shapes(op: Any) -> Any:
    line = TensorShape([3])
    if op.inputs[0].shape.rank not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {op.inputs[0].shape.rank}")
    return [(line, op.inputs[0].dtype), (line, op.inputs[0].dtype), (TensorShape([1, 1, 4]), dtypes.float32)]


def _draw_v1(xp: Any, key: Any, counter: Any, image_size: Any, boxes: Any, min_object_covered: float = 0.1,
             **ranges: Any) -> Any:
    return _draw(key, counter, image_size, boxes, _F(min_object_covered), **_defaults(ranges))


def _draw_v2(xp: Any, key: Any, counter: Any, image_size: Any, boxes: Any, share: Any, **ranges: Any) -> Any:
    return _draw(key, counter, image_size, boxes, share, **_defaults(ranges))


def _defaults(ranges: dict[str, Any]) -> dict[str, Any]:
    """The attributes with the defaults of those that are missing.

    Raises:
      InvalidArgumentError: ranges that are none.
    """
    out = {"aspect_ratio_range": (0.75, 1.33), "area_range": (0.05, 1.0), "max_attempts": 100,
           "use_image_if_no_bounding_boxes": False, **ranges}
    for name, text in (("aspect_ratio_range", "Aspect ratio"), ("area_range", "Area")):
        values = out[name]
        if len(values) != 2:
            raise bad(f"{text} range field must specify 2 dimensions")
        if values[0] <= 0 or values[1] <= 0:
            raise bad(f"{text} range must be positive: [{values[0]:g}, {values[1]:g}]")
    if max(out["area_range"]) > 1:
        raise bad("Area range must be less then or equal to 1.0: "
                  f"[{out['area_range'][0]:g}, {out['area_range'][1]:g}]")
    if out["max_attempts"] <= 0:
        raise bad(f"Max attempts must be positive: {out['max_attempts']}")
    return out


def _attempts(*_: Any, max_attempts: int = 100, **__: Any) -> int:
    return max(max_attempts, 0)


sample_v1 = op(
    "SampleDistortedBoundingBox", f"image_size: T, bounding_boxes: float -> {_OUTPUTS}",
    attrs=f"T: {_SIZES}; seed: int = 0; seed2: int = 0; min_object_covered: float = 0.1; {_RANGES}", infer=_window_shapes,
    stateful=True, host=True)(stateful("SampleDistortedBoundingBox", _attempts, _draw_v1)).not_differentiable()

sample_v2 = op(
    "SampleDistortedBoundingBoxV2", f"image_size: T, bounding_boxes: float, min_object_covered: float -> {_OUTPUTS}",
    attrs=f"T: {_SIZES}; seed: int = 0; seed2: int = 0; {_RANGES}", infer=_window_shapes, stateful=True,
    host=True)(stateful("SampleDistortedBoundingBoxV2", _attempts, _draw_v2)).not_differentiable()


@op("StatelessSampleDistortedBoundingBox",
    f"image_size: T, bounding_boxes: float, min_object_covered: float, seed: Tseed -> {_OUTPUTS}",
    attrs=f"T: {_SIZES}; Tseed: {{int32, int64}}; {_RANGES}", infer=_window_shapes, host=True)
def stateless_sample(xp: Any, image_size: Any, boxes: Any, share: Any, seed: Any, **ranges: Any) -> Any:
    return _draw(*key_and_counter(xp, seed), image_size, boxes, share, **_defaults(ranges))


# The public functions.


def _attrs(aspect_ratio_range: Any, area_range: Any, max_attempts: Any, use_image: Any) -> dict[str, Any]:
    given = {"aspect_ratio_range": aspect_ratio_range, "area_range": area_range, "max_attempts": max_attempts,
             "use_image_if_no_bounding_boxes": use_image}
    return {key: tuple(float(v) for v in value) if key.endswith("range") else value for key, value in given.items()
            if value is not None}


def _inputs(image_size: Any, boxes: Any, share: Any) -> tuple[Any, ...]:
    return (convert_to_tensor(image_size), convert_to_tensor(boxes, dtypes.float32),
            convert_to_tensor(share, dtypes.float32))


def sample_distorted_bounding_box(image_size: Any, bounding_boxes: Any, seed: int = 0, min_object_covered: Any = 0.1,
                                  aspect_ratio_range: Any = None, area_range: Any = None, max_attempts: int | None = None,
                                  use_image_if_no_bounding_boxes: bool | None = None, name: str | None = None) -> Any:
    """A random window of an image that covers enough of one of its objects.

    Args:
      image_size: `[height, width, channels]`, integers.
      bounding_boxes: float32 `[batch, n, 4]`, rows of `y1, x1, y2, x2` in units of the image: the objects.
      seed: of the op, or 0 to draw differently every time.
      min_object_covered: how much of an object must be inside.
      aspect_ratio_range: of width to height, (0.75, 1.33) unless given.
      area_range: share of the image, (0.05, 1) unless given.
      max_attempts: how many windows are tried, 100 unless given; then the whole image is taken.
      use_image_if_no_bounding_boxes: whether the whole image is the object where there is none.
      name: of the operation.

    Returns:
      `(begin, size, bboxes)`: what `tf.slice` takes, and float32 `[1, 1, 4]` for `tf.image.draw_bounding_boxes`.

    Raises:
      InvalidArgumentError: wrong shapes or ranges, no objects, boxes outside the image.
    """
    seeds = get_seed(seed) if seed else (0, 0)
    attrs = _attrs(aspect_ratio_range, area_range, max_attempts, use_image_if_no_bounding_boxes)
    out = apply(sample_v2, _inputs(image_size, bounding_boxes, min_object_covered),
                {"seed": seeds[0], "seed2": seeds[1], **attrs}, name)
    return SampleDistortedBoundingBoxV2(*out)


def sample_distorted_bounding_box_v1(image_size: Any, bounding_boxes: Any, seed: int | None = None,
                                     seed2: int | None = None, min_object_covered: Any = 0.1,
                                     aspect_ratio_range: Any = None, area_range: Any = None,
                                     max_attempts: int | None = None, use_image_if_no_bounding_boxes: bool | None = None,
                                     name: str | None = None) -> Any:
    """`tf.image.sample_distorted_bounding_box` of TensorFlow 1, which took both seeds of the op as they are."""
    attrs = _attrs(aspect_ratio_range, area_range, max_attempts, use_image_if_no_bounding_boxes)
    out = apply(sample_v2, _inputs(image_size, bounding_boxes, min_object_covered),
                {"seed": seed or 0, "seed2": seed2 or 0, **attrs}, name)
    return SampleDistortedBoundingBoxV2(*out)


def stateless_sample_distorted_bounding_box(image_size: Any, bounding_boxes: Any, seed: Any,
                                            min_object_covered: Any = 0.1, aspect_ratio_range: Any = None,
                                            area_range: Any = None, max_attempts: int | None = None,
                                            use_image_if_no_bounding_boxes: bool | None = None,
                                            name: str | None = None) -> Any:
    """`tf.image.sample_distorted_bounding_box` as a function of a seed: two integers, int32 or int64."""
    attrs = _attrs(aspect_ratio_range, area_range, max_attempts, use_image_if_no_bounding_boxes)
    out = apply(stateless_sample, (*_inputs(image_size, bounding_boxes, min_object_covered), convert_to_tensor(seed)),
                attrs, name)
    return StatelessSampleDistortedBoundingBox(*out)
