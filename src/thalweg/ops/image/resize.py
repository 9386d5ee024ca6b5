"""Entries that resize images: ResizeBilinear, -Bicubic, -NearestNeighbor, -Area and ScaleAndTranslate."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor, to_array
from ...core.dispatch import apply
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape
from ...core.tensor import Tensor
from ..common import shape_text, static_shape
from ..creation import held_sizes, ints
from ..layout import bad
from .taps import KERNELS, Taps, apply_taps, area, cubic, linear, nearest, span_taps, spans

_WHOLE = "int8, uint8, int16, uint16, int32, int64"
_ANY = f"{_WHOLE}, half, float, double, bfloat16"
_ANY_BFLOAT = f"{_WHOLE}, bfloat16, half, float, double"
_CORNERS = "align_corners: bool = false"
_CENTERS = f"{_CORNERS}; half_pixel_centers: bool = false"


def with_size(x: Any, at: int, sizes: list[int | None]) -> TensorShape:
    """For a shape rule: images `x` with other sizes from dimension `at` on.

    Raises:
      ValueError: `x` is known not to have four dimensions.
    """
    if x.shape.rank is None:
        return TensorShape([None] * at + sizes + [None])
    if x.shape.rank != 4:
        raise ValueError(f"Shape must be rank 4 but is rank {x.shape.rank}")
    dims = x.shape.as_list()
    return TensorShape(dims[:at] + sizes + dims[at + 2:])


def sizes_of(x: Any) -> list[int | None]:
    """For a shape rule: the height and width that an input holds.

    Raises:
      ValueError: it is known not to hold two numbers.
    """
    if x.shape.rank is not None:
        if x.shape.rank != 1:
            raise ValueError(f"Shape must be rank 1 but is rank {x.shape.rank}")
        if x.shape[0] not in (None, 2):
            raise ValueError(f"Dimension must be 2 but is {x.shape[0]}")
    known = (held_sizes(x) or [None, None]) if x.value is None else [int(v) for v in ints(x.value)]
    return [None if d is None or d < 0 else d for d in known]


def _resized(op: Any) -> Any:
    first = op.inputs[0]
    dtype = first.dtype if op.op.type.startswith("ResizeNearest") else dtypes.float32
    return [(with_size(first, 1, sizes_of(op.inputs[1])), dtype)]


def target_size(x: Any, size: Any) -> tuple[int, int]:
    """The new height and width, after the checks that all resizes share."""
    if x.ndim != 4:
        raise bad(f"input must be 4-dimensional{shape_text(x.shape)}")
    new = ints(size)
    if np.ndim(size) != 1:
        raise bad(f"shape_t must be 1-dimensional{shape_text(np.shape(size))}")
    if len(new) != 2:
        raise bad(f"shape_t must have two elements{shape_text(np.shape(size))}")
    if new[0] <= 0 or new[1] <= 0:
        raise bad("output dimensions must be positive")
    if x.shape[3] <= 0:
        raise bad("image must have at least one channel")
    if x.shape[1] <= 0 or x.shape[2] <= 0:
        raise bad("input image must be of non-zero size")
    return new[0], new[1]


def _check_centers(align_corners: bool, half_pixel_centers: bool) -> None:
    if align_corners and half_pixel_centers:
        raise bad("If half_pixel_centers is True, align_corners must be False.")


def _both(xp: Any, x: Any, rows: Taps, columns: Taps) -> Any:
    """Both axes of images through their taps, the one first that leaves less to do."""
    if len(rows.places) * x.shape[2] <= x.shape[1] * len(columns.places):
        return apply_taps(xp, apply_taps(xp, x, rows, 1), columns, 2)
    return apply_taps(xp, apply_taps(xp, x, columns, 2), rows, 1)


def _between(xp: Any, x: Any, taps: Taps, axis: int) -> Any:
    """Linear interpolation along an axis, from the lower neighbour on."""
    shape = [1, 1, 1, 1]
    shape[axis] = -1
    lower = xp.take(x, taps.places[:, 0], axis)
    return lower + (xp.take(x, taps.places[:, 1], axis) - lower) * taps.weights[:, 1].reshape(shape)


def interpolated(xp: Any, x: Any, rows: Taps, columns: Taps) -> Any:
    """Bilinear interpolation: along the width first, so that it rounds as TensorFlow does."""
    return _between(xp, _between(xp, x, columns, 2), rows, 1)


def _resize(type: str, table: Callable[..., Taps], types: str, combine: Callable[..., Any]) -> OpDef:
    @op(type, "images: T, size: int32 static -> resized_images: float", attrs=f"T: {{{types}}}; {_CENTERS}", infer=_resized)
    def entry(xp: Any, x: Any, size: Any, align_corners: bool = False, half_pixel_centers: bool = False) -> Any:
        _check_centers(align_corners, half_pixel_centers)
        height, width = target_size(x, size)
        rows = table(x.shape[1], height, align_corners, half_pixel_centers)
        columns = table(x.shape[2], width, align_corners, half_pixel_centers)
        return combine(xp, x.astype(np.float32), rows, columns)
    return entry


resize_bilinear_ = _resize("ResizeBilinear", linear, f"{_ANY_BFLOAT}, bfloat16", interpolated)
resize_bicubic_ = _resize("ResizeBicubic", cubic, _ANY, _both)


def _resize_gradient(type: str, table: Callable[..., Taps], types: str) -> OpDef:
    @op(type, "grads: float, original_image: T -> output: T", attrs=f"T: {{{types}}}; {_CENTERS}",
        infer=lambda op: op.inputs[1].shape)
    def entry(xp: Any, dy: Any, x: Any, align_corners: bool = False, half_pixel_centers: bool = False) -> Any:
        _check_centers(align_corners, half_pixel_centers)
        rows = table(x.shape[1], dy.shape[1], align_corners, half_pixel_centers).transposed()
        columns = table(x.shape[2], dy.shape[2], align_corners, half_pixel_centers).transposed()
        return _both(xp, dy, rows, columns).astype(x.dtype)
    return entry


resize_bilinear_grad = _resize_gradient("ResizeBilinearGrad", linear, "float, bfloat16, half, double")
resize_bilinear_grad.not_differentiable()
resize_bicubic_grad = _resize_gradient("ResizeBicubicGrad", cubic, "float, double")


@resize_bilinear_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(resize_bilinear_grad, (dy, op.inputs[0]), _centers(op))


@resize_bicubic_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    if op.inputs[0].dtype not in (dtypes.float32, dtypes.float64):
        return None
    return apply(resize_bicubic_grad, (dy, op.inputs[0]), _centers(op))


def _centers(op: Any) -> dict[str, bool]:
    return {name: op.attrs.get(name, False) for name in ("align_corners", "half_pixel_centers")}


def _take(xp: Any, x: Any, taps: Taps, axis: int) -> Any:
    return xp.take(x, taps.places[:, 0], axis)


@op("ResizeNearestNeighbor", "images: T, size: int32 static -> resized_images: T", attrs=f"T: {{{_ANY}}}; {_CENTERS}",
    infer=_resized)
def resize_nearest_(xp: Any, x: Any, size: Any, align_corners: bool = False, half_pixel_centers: bool = False) -> Any:
    _check_centers(align_corners, half_pixel_centers)
    height, width = target_size(x, size)
    out = _take(xp, x, nearest(x.shape[1], height, align_corners, half_pixel_centers), 1)
    return _take(xp, out, nearest(x.shape[2], width, align_corners, half_pixel_centers), 2)


@op("ResizeNearestNeighborGrad", "grads: T, size: int32 static -> output: T",
    attrs=f"T: {{uint8, int8, int32, half, float, double, bfloat16}}; {_CENTERS}", infer=_resized)
def resize_nearest_grad(xp: Any, dy: Any, size: Any, align_corners: bool = False,
                        half_pixel_centers: bool = False) -> Any:
    _check_centers(align_corners, half_pixel_centers)
    height, width = ints(size)
    rows = nearest(height, dy.shape[1], align_corners, half_pixel_centers).transposed()
    columns = nearest(width, dy.shape[2], align_corners, half_pixel_centers).transposed()
    return _both(xp, dy, rows, columns)


@resize_nearest_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x = op.inputs[0]
    known = x.shape[1:3]
    if known.is_fully_defined():
        size: Any = known.as_list()
    else:
        from ..creation import shape
        from ..indexing import getitem
        size = getitem(shape(x), slice(1, 3))
    return apply(resize_nearest_grad, (dy, size), _centers(op))


@op("ResizeArea", "images: T, size: int32 static -> resized_images: float", attrs=f"T: {{{_ANY}}}; {_CORNERS}",
    infer=_resized)
def resize_area_(xp: Any, x: Any, size: Any, align_corners: bool = False) -> Any:
    height, width = target_size(x, size)
    return _both(xp, x.astype(np.float32), area(x.shape[1], height, align_corners), area(x.shape[2], width, align_corners))


# Scale and translate.


def _check_kernel(kernel_type: str) -> str:
    name = kernel_type.decode() if isinstance(kernel_type, bytes) else kernel_type
    if name not in KERNELS:
        raise bad(f"Unrecognized kernel type: {name}")
    return name


def _check_pair(values: Any) -> None:
    if values.shape != (2,):
        raise bad(f"t must have two elements{shape_text(values.shape)}")


def _moved(op: Any) -> Any:
    return [(with_size(op.inputs[0], 1, sizes_of(op.inputs[1])), dtypes.float32)]


_SPANS = 'kernel_type: string = "lanczos3"; antialias: bool = true'


def _taps(kernel: str, x_size: int, y_size: int, scale: Any, shift: Any, antialias: bool, i: int) -> Taps:
    return span_taps(kernel, x_size, y_size, float(scale[i]), float(shift[i]), antialias)


@op("ScaleAndTranslate", "images: T, size: int32 static, scale: float, translation: float -> resized_images: float",
    attrs=f"T: {{{_ANY_BFLOAT}}}; {_SPANS}", infer=_moved)
def scale_and_translate(xp: Any, x: Any, size: Any, scale: Any, translation: Any, kernel_type: str = "lanczos3",
                        antialias: bool = True) -> Any:
    kernel, (height, width) = _check_kernel(kernel_type), target_size(x, size)
    _check_pair(scale)
    _check_pair(translation)
    if (scale <= 0).any():
        raise bad("Scale must be greater than zero.")
    rows = _taps(kernel, x.shape[1], height, scale, translation, antialias, 0)
    columns = _taps(kernel, x.shape[2], width, scale, translation, antialias, 1)
    return _both(xp, x.astype(np.float32), rows, columns)


@scale_and_translate.xla
def _(xp: Any, x: Any, size: Any, scale: Any, translation: Any, kernel_type: str = "lanczos3",
      antialias: bool = True) -> Any:
    kernel, (height, width) = _check_kernel(kernel_type), target_size(x, size)
    rows = spans(xp, kernel, x.shape[1], height, scale[0], translation[0], antialias)
    columns = spans(xp, kernel, x.shape[2], width, scale[1], translation[1], antialias)
    return xp.einsum("oh,bhwc,pw->bopc", rows, x.astype(np.float32), columns)


@op("ScaleAndTranslateGrad", "grads: T, original_image: T, scale: float, translation: float -> output: T",
    attrs=f"T: {{float}}; {_SPANS}", infer=lambda op: op.inputs[1].shape)
def scale_and_translate_grad(xp: Any, dy: Any, x: Any, scale: Any, translation: Any, kernel_type: str = "lanczos3",
                             antialias: bool = True) -> Any:
    kernel = _check_kernel(kernel_type)
    rows = _taps(kernel, x.shape[1], dy.shape[1], scale, translation, antialias, 0)
    columns = _taps(kernel, x.shape[2], dy.shape[2], scale, translation, antialias, 1)
    return _both(xp, dy, rows.transposed(), columns.transposed())


@scale_and_translate_grad.xla
def _(xp: Any, dy: Any, x: Any, scale: Any, translation: Any, kernel_type: str = "lanczos3",
      antialias: bool = True) -> Any:
    kernel = _check_kernel(kernel_type)
    rows = spans(xp, kernel, x.shape[1], dy.shape[1], scale[0], translation[0], antialias)
    columns = spans(xp, kernel, x.shape[2], dy.shape[2], scale[1], translation[1], antialias)
    return xp.einsum("oh,bopc,pw->bhwc", rows, dy, columns)


@scale_and_translate.vjp(0)
def _(op: Any, dy: Any) -> Any:
    attrs = {name: op.get_attr(name) for name in ("kernel_type", "antialias") if name in op.attrs}
    return apply(scale_and_translate_grad, (dy, op.inputs[0], op.inputs[2], op.inputs[3]), attrs)


# The public functions of TensorFlow 1, one an op.


def size_arg(size: Any) -> Any:
    """A size given by a user as a static input."""
    if isinstance(size, Tensor):
        return size
    mixed = isinstance(size, (list, tuple)) and any(isinstance(x, Tensor) for x in size)
    return convert_to_tensor(size, dtypes.int32) if mixed else to_array(size, dtypes.int32)


def _v1(entry: OpDef, images: Any, size: Any, align_corners: bool, half_pixel_centers: bool, name: str | None) -> Any:
    attrs = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    return apply(entry, (convert_to_tensor(images), size_arg(size)), attrs, name)


def resize_bilinear(images: Any, size: Any, align_corners: bool = False, name: str | None = None,
                    half_pixel_centers: bool = False) -> Any:
    """Images resized by linear interpolation.

    Args:
      images: shape `[batch, height, width, channels]`.
      size: the new height and width, int32 `[2]`.
      align_corners: whether the corner pixels' centres of input and output fall together.
      name: of the operation.
      half_pixel_centers: whether pixels lie at half-integer places, as in `tf.image.resize`.

    Returns:
      float32 `[batch, new_height, new_width, channels]`.

    Raises:
      InvalidArgumentError: an empty image or size, or both options at once.
    """
    return _v1(resize_bilinear_, images, size, align_corners, half_pixel_centers, name)


def resize_bicubic(images: Any, size: Any, align_corners: bool = False, name: str | None = None,
                   half_pixel_centers: bool = False) -> Any:
    """Images resized by cubic convolution (Keys, 1981); arguments, result and errors of `resize_bilinear`."""
    return _v1(resize_bicubic_, images, size, align_corners, half_pixel_centers, name)


def resize_nearest_neighbor(images: Any, size: Any, align_corners: bool = False, name: str | None = None,
                            half_pixel_centers: bool = False) -> Any:
    """Images resized by taking the nearest pixel, in their own dtype; otherwise as `resize_bilinear`."""
    return _v1(resize_nearest_, images, size, align_corners, half_pixel_centers, name)


def resize_area(images: Any, size: Any, align_corners: bool = False, name: str | None = None) -> Any:
    """Images resized by averaging over areas; otherwise as `resize_bilinear`."""
    return apply(resize_area_, (convert_to_tensor(images), size_arg(size)), {"align_corners": align_corners}, name)


# tf.image.resize.


class ResizeMethod:
    """The methods of `tf.image.resize`."""

    BILINEAR = "bilinear"
    NEAREST_NEIGHBOR = "nearest"
    BICUBIC = "bicubic"
    AREA = "area"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    GAUSSIAN = "gaussian"
    MITCHELLCUBIC = "mitchellcubic"


class ResizeMethodV1:
    """The methods of TensorFlow 1's `tf.image.resize`."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


_PLAIN = {"bilinear": resize_bilinear_, "bicubic": resize_bicubic_, "nearest": resize_nearest_}
_V1_METHODS: dict[Any, OpDef] = {
    **_PLAIN, "area": resize_area_, 0: resize_bilinear_, 1: resize_nearest_, 2: resize_bicubic_, 3: resize_area_}


def resize_with(method: Any, antialias: bool) -> Callable[[Any, Any], Any]:
    """The function `f(images, size)` behind a method of TensorFlow 2."""
    def run(images: Any, size: Any) -> Any:
        if method in _PLAIN and not (antialias and method != "nearest"):
            return apply(_PLAIN[method], (images, size), {"half_pixel_centers": True})
        if method == "area":
            return apply(resize_area_, (images, size))
        if method not in ("bilinear", "bicubic", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"):
            raise ValueError(f"Resize method is not implemented: {method}")
        kernel = {"bilinear": "triangle", "bicubic": "keyscubic"}.get(method, method)
        scale = _ratios(images, size)
        return apply(scale_and_translate, (images, size, scale, convert_to_tensor(np.zeros(2, np.float32))),
                     {"kernel_type": kernel, "antialias": antialias})
    return run


def resize_with_v1(method: Any, align_corners: bool) -> Callable[[Any, Any], Any]:
    """The function `f(images, size)` behind a method of TensorFlow 1, given as a number or a word."""
    def run(images: Any, size: Any) -> Any:
        entry = _V1_METHODS.get(method)
        if entry is None:
            raise ValueError(f"Resize method is not implemented: {method}")
        return apply(entry, (images, size), {"align_corners": align_corners})
    return run


def _ratios(images: Any, size: Any) -> Any:
    """New size over old size, float32 `[2]`."""
    known = static_shape(images)
    if known is not None and not isinstance(size, Tensor):
        return convert_to_tensor(np.asarray(size, np.float32) / np.asarray(known[1:3], np.float32))
    from ..casting import cast
    from ..creation import shape
    from ..indexing import getitem
    return cast(size, dtypes.float32) / cast(getitem(shape(images), slice(1, 3)), dtypes.float32)
