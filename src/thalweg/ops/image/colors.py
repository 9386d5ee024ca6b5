"""The colours of images: conversions between dtypes and colour spaces, brightness, contrast, gamma, hue, saturation."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ..arrays import concat, expand_dims, tile
from ..casting import cast, saturate_cast
from ..common import binary, static_shape, unary
from ..matmul import tensordot
from .checks import is_float, known, require, scope
from .color_entries import adjusted, hsv_to_rgb_, rgb_to_hsv_

# Dtypes.


def convert_image_dtype(image: Any, dtype: Any, saturate: bool = False, name: str | None = None) -> Any:
    """Images in another dtype, scaled: floats lie in [0, 1], integers in [0, their maximum].

    Args:
      image: a tensor of floats or integers.
      dtype: of the result.
      saturate: whether values outside the range of `dtype` are clipped to it.
      name: of the operation.

    Raises:
      AttributeError: one of the dtypes is neither floating point nor integer.
    """
    image, dtype = convert_to_tensor(image), dtypes.as_dtype(dtype)
    if not dtype.is_floating and not dtype.is_integer:
        raise AttributeError("dtype must be either floating point or integer")
    source = image.dtype
    if not source.is_floating and not source.is_integer:
        raise AttributeError("image dtype must be either floating point or integer")
    if dtype == source:
        from ..creation import identity
        return identity(image, name)
    with scope(name, "convert_image") as inside:
        to: Callable[..., Any] = saturate_cast if saturate else cast
        if source.is_integer and dtype.is_integer:
            if source.max > dtype.max:
                from ..arithmetic import floordiv
                return to(floordiv(image, (int(source.max) + 1) // (int(dtype.max) + 1)), dtype, name=inside)
            return _times(to(image, dtype), (int(dtype.max) + 1) // (int(source.max) + 1), inside)
        if source.is_floating and dtype.is_floating:
            return cast(image, dtype, name=inside)
        if source.is_integer:
            return _times(cast(image, dtype), 1.0 / int(source.max), inside)
        # Half more than the maximum, so that 1.0 becomes the maximum and every integer has an equal share.
        return to(_times(image, int(dtype.max) + 0.5, None), dtype, name=inside)


def _times(x: Any, factor: Any, name: str | None) -> Any:
    from ..arithmetic import mul
    return binary(mul, x, factor, name)


def _in_floats(name: str | None, default: str, image: Any, change: Callable[[Any, Any], Any], saturate: bool) -> Any:
    """Images after a change to their float form, in their own dtype again."""
    with scope(name, default) as inside:
        image = convert_to_tensor(image)
        dtype = image.dtype
        floats = image if is_float(dtype) else convert_image_dtype(image, dtypes.float32)
        return convert_image_dtype(change(floats, inside), dtype, saturate=saturate)


# Adjustments.


def adjust_brightness(image: Any, delta: Any) -> Any:
    """Images with `delta` added to the pixels, in the scale where white is 1.

    Args:
      image: images of any dtype that `tf.image.convert_image_dtype` takes.
      delta: a float scalar, mostly in (-1, 1).
    """
    from ..arithmetic import add
    return _in_floats(None, "adjust_brightness", image, lambda x, n: add(x, cast(delta, x.dtype), name=n), True)


def adjust_contrast(images: Any, contrast_factor: Any) -> Any:
    """Images with each channel's distance from its mean multiplied by a factor.

    Args:
      images: shape `[..., height, width, channels]`.
      contrast_factor: a float scalar.

    Raises:
      InvalidArgumentError: fewer than three dimensions, or a factor that is no scalar.
    """
    return _in_floats(None, "adjust_contrast", images, lambda x, n: adjusted("contrast", x, contrast_factor, n), True)


def adjust_gamma(image: Any, gamma: Any = 1, gain: Any = 1) -> Any:
    """`gain * image ** gamma`, in the scale where white is 1.

    Raises:
      ValueError: a negative `gamma`.
    """
    def change(x: Any, _: Any) -> Any:
        require(known(gamma) >= 0, "Gamma should be a non-negative real number.")
        return gain * x ** gamma
    return _in_floats(None, "adjust_gamma", image, change, True)


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Any:
    """RGB images with their hues turned by `delta` times the full circle.

    Args:
      image: shape `[..., height, width, 3]`.
      delta: a float scalar in [-1, 1].
      name: of the operation.

    Raises:
      ValueError: a `delta` outside, outside graphs.
      InvalidArgumentError: not three channels.
    """
    if ctx.graph is None:
        turn = known(delta)
        require(not (turn < -1 or turn > 1), "delta must be in the interval [-1, 1]")
    return _in_floats(name, "adjust_hue", image, lambda x, _: adjusted("hue", x, delta), False)


def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Any:
    """RGB images with their saturation multiplied by a factor and clipped to [0, 1].

    Args:
      image: shape `[..., height, width, 3]`.
      saturation_factor: a float scalar.
      name: of the operation.

    Raises:
      InvalidArgumentError: not three channels.
    """
    return _in_floats(name, "adjust_saturation", image, lambda x, _: adjusted("saturation", x, saturation_factor), False)


# Colour spaces.


def rgb_to_grayscale(images: Any, name: str | None = None) -> Any:
    """RGB images as grey ones, by the weights of luma in Rec. 601: shape `[..., 3]` becomes `[..., 1]`.

    Raises:
      InvalidArgumentError: not three channels.
    """
    with scope(name, "rgb_to_grayscale") as inside:
        images = convert_to_tensor(images)
        floats = convert_image_dtype(images, dtypes.float32)
        grey = tensordot(floats, convert_to_tensor([0.2989, 0.587, 0.114]), [[-1], [-1]])
        return convert_image_dtype(expand_dims(grey, -1), images.dtype, name=inside)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Any:
    """Grey images as RGB ones with three equal channels.

    Raises:
      ValueError: fewer than two dimensions, or a last one that is not 1.
    """
    with scope(name, "grayscale_to_rgb") as inside:
        images = convert_to_tensor(images)
        shape = images.shape
        if shape.rank is not None and shape.rank < 2:
            raise ValueError(f"A grayscale image (shape {shape}) must be at least two-dimensional.")
        if shape.is_fully_defined() and shape[-1] != 1:
            raise ValueError("Last dimension of a grayscale image should be size 1.")
        if shape.rank is not None:
            out = tile(images, [1] * (shape.rank - 1) + [3], name=inside)
            out.set_shape(shape[:-1].concatenate([3]))
            return out
        from ..creation import ones, rank
        return tile(images, concat([ones([rank(images) - 1], dtypes.int32), [3]], 0), name=inside)


def rgb_to_hsv(images: Any, name: str | None = None) -> Any:
    """RGB in [0, 1] as hue, saturation and value, along the last axis (Smith, 1978).

    Raises:
      FailedPreconditionError: not three channels.
    """
    return unary(rgb_to_hsv_, images, name)


def hsv_to_rgb(images: Any, name: str | None = None) -> Any:
    """The opposite of `tf.image.rgb_to_hsv`.

    Raises:
      FailedPreconditionError: not three channels.
    """
    return apply(hsv_to_rgb_, (convert_to_tensor(images),), name=name)


# Rows belong to red, green and blue (or to what is converted from), columns to what comes out.
_TO_YIQ = np.array([[0.299, 0.59590059, 0.2115], [0.587, -0.27455667, -0.52273617], [0.114, -0.32134392, 0.31119955]])
_FROM_YIQ = np.array([[1, 1, 1], [0.95598634, -0.27201283, -1.10674021], [0.6208248, -0.64720424, 1.70423049]])
_TO_YUV = np.array([[0.299, -0.14714119, 0.61497538], [0.587, -0.28886916, -0.51496512],
                    [0.114, 0.43601035, -0.10001026]])
_FROM_YUV = np.array([[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]])


def _mixed(images: Any, table: Any) -> Any:
    """Channels mixed by a matrix."""
    images = convert_to_tensor(images)
    rank = images.shape.rank
    matrix = convert_to_tensor(table.astype(images.dtype.np))
    if rank is None:
        raise TypeError("unsupported operand type(s) for -: 'NoneType' and 'int'")
    return tensordot(images, matrix, [[rank - 1], [0]])


def rgb_to_yiq(images: Any) -> Any:
    """RGB in [0, 1] as YIQ, the colours of NTSC television, along the last axis.

    Raises:
      InvalidArgumentError: not three channels.
    """
    return _mixed(images, _TO_YIQ)


def yiq_to_rgb(images: Any) -> Any:
    """The opposite of `tf.image.rgb_to_yiq`."""
    return _mixed(images, _FROM_YIQ)


def rgb_to_yuv(images: Any) -> Any:
    """RGB in [0, 1] as YUV, the colours of PAL television, along the last axis.

    Raises:
      InvalidArgumentError: not three channels.
    """
    return _mixed(images, _TO_YUV)


def yuv_to_rgb(images: Any) -> Any:
    """The opposite of `tf.image.rgb_to_yuv`."""
    return _mixed(images, _FROM_YUV)


def per_image_standardization(image: Any) -> Any:
    """Each image with its mean taken away, divided by its standard deviation, as float32.

    The deviation is at least `1 / sqrt(number of values)`, so that images of one colour do not divide by zero.

    Args:
      image: shape `[..., height, width, channels]`.

    Raises:
      ValueError: fewer than three dimensions, or an empty image.
    """
    from ..arithmetic import divide, maximum
    from ..elementwise import rsqrt
    from ..reductions import reduce_mean, reduce_prod, reduce_std
    from .checks import image_of
    with scope(None, "per_image_standardization") as inside:
        x = cast(image_of(image), dtypes.float32)
        axes = [-1, -2, -3]
        sizes = static_shape(x)
        if sizes is None:
            from ..creation import shape
            from ..indexing import getitem
            least = rsqrt(cast(reduce_prod(getitem(shape(x), slice(-3, None))), dtypes.float32))
        else:
            least = convert_to_tensor(np.float32(1 / np.sqrt(np.float32(np.prod(sizes[-3:])))))
        deviation = maximum(reduce_std(x, axes, True), least)
        return divide(x - reduce_mean(x, axes, True), deviation, name=inside)
