"""How images differ, and how they change from pixel to pixel: PSNR, SSIM, total variation, gradients, Sobel's filter."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.convert import convert_to_tensor
from ...core.shape import as_shape
from ..arithmetic import squared_difference
from ..arrays import concat, pad, reshape, stack, tile
from ..casting import cast
from ..common import shape_of, static_shape
from ..creation import zeros
from ..depthwise_convolution import depthwise_conv2d
from ..elementwise import abs as absolute
from ..elementwise import log, square
from ..indexing import getitem
from ..reductions import reduce_mean, reduce_prod, reduce_sum
from .checks import scope
from .colors import convert_image_dtype


def _check_pair(a: Any, b: Any) -> None:
    """Whether two batches of images have the same images, and batches that broadcast.

    Raises:
      ValueError: they do not.
    """
    first, second = a.shape.with_rank_at_least(3), b.shape.with_rank_at_least(3)
    first[-3:].assert_is_compatible_with(second[-3:])
    if first.rank is None or second.rank is None:
        return
    for p, q in zip(reversed(first.as_list()[:-3]), reversed(second.as_list()[:-3]), strict=False):
        if None not in (p, q) and 1 not in (p, q) and p != q:
            raise ValueError(f"Two images are not compatible: {first} and {second}")


def psnr(a: Any, b: Any, max_val: Any, name: str | None = None) -> Any:
    """The peak signal-to-noise ratio of images, in decibels.

    Args:
      a, b: images of one dtype, shape `[..., height, width, channels]`.
      max_val: the difference of the largest and the smallest possible pixel.
      name: of the operation.

    Returns:
      float32, one a pair of images; infinite where they are equal.

    Raises:
      ValueError: the images have different shapes.
    """
    with scope(name, "PSNR"):
        a, b = convert_to_tensor(a), convert_to_tensor(b)
        top = convert_image_dtype(cast(max_val, a.dtype), dtypes.float32)
        x, y = convert_image_dtype(a, dtypes.float32), convert_image_dtype(b, dtypes.float32)
        _check_pair(x, y)
        error = reduce_mean(squared_difference(x, y), [-3, -2, -1])
        return 20 * log(top) / log(convert_to_tensor(10.0)) - np.float32(10 / np.log(10)) * log(error)


# Structural similarity (Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural
# similarity", 2004).


def _gaussian(size: int, sigma: float) -> Any:
    """A Gaussian filter `[size, size, 1, 1]` that sums to one."""
    at = np.arange(size, dtype=np.float32) - np.float32((size - 1) / 2)
    line = at * at * np.float32(-0.5 / (np.float32(sigma) ** 2))
    table = np.exp(line[:, None] + line - np.max(line[:, None] + line))
    return (table / table.sum()).astype(np.float32).reshape(size, size, 1, 1)


def _check_filter(x: Any, size: int) -> None:
    known = static_shape(x)
    if known is not None and min(known[-3:-1]) < size:
        raise errors.InvalidArgumentError("Expected 'tf.Tensor(False, shape=(), dtype=bool)' to be true. Summarized data: "
                                          f"{', '.join(map(str, known))}\n{size}")


def _flat(x: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Images as one batch of rank 4, and the function that gives a result of rank 4 its batch dimensions back."""
    known = static_shape(x)
    if known is not None:
        lead = list(known[:-3])
        return reshape(x, [-1, *known[-3:]]), lambda y: reshape(y, lead + list(y.shape.as_list()[1:]))
    from ..creation import shape
    sizes = shape(x)
    front = getitem(sizes, slice(None, -3))
    return (reshape(x, concat([[-1], getitem(sizes, slice(-3, None))], 0)),
            lambda y: reshape(y, concat([front, getitem(shape(y), slice(1, None))], 0)))


def _structure(x: Any, y: Any, max_val: Any, filter_size: int, filter_sigma: float, k1: float, k2: float) -> tuple[Any, Any]:
    """The comparison of luminance, and that of contrast and structure, for each place that the filter has."""
    _check_filter(x, filter_size)
    _check_filter(y, filter_size)
    channels = x.shape[-1] if x.shape.rank and x.shape[-1] is not None else getitem(shape_of(x), -1)
    window = tile(convert_to_tensor(_gaussian(filter_size, filter_sigma)), [1, 1, channels, 1])

    def mean(v: Any) -> Any:
        flat, back = _flat(v)
        return back(depthwise_conv2d(flat, window, [1, 1, 1, 1], "VALID"))
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    mean_x, mean_y = mean(x), mean(y)
    product = mean_x * mean_y * 2.0
    squares = square(mean_x) + square(mean_y)
    luminance = (product + c1) / (squares + c1)
    joint = mean(x * y) * 2.0
    own = mean(square(x) + square(y))
    return luminance, (joint - product + c2) / (own - squares + c2)


def _prepared(img1: Any, img2: Any, max_val: Any) -> tuple[Any, Any, Any]:
    x, y = convert_to_tensor(img1), convert_to_tensor(img2)
    _check_pair(x, y)
    top = convert_image_dtype(cast(max_val, x.dtype), dtypes.float32)
    return convert_image_dtype(x, dtypes.float32), convert_image_dtype(y, dtypes.float32), top


def ssim(img1: Any, img2: Any, max_val: Any, filter_size: int = 11, filter_sigma: float = 1.5, k1: float = 0.01,
         k2: float = 0.03, return_index_map: bool = False) -> Any:
    """The structural similarity of images: 1 for equal ones.

    Args:
      img1, img2: images of one dtype, shape `[..., height, width, channels]`.
      max_val: the difference of the largest and the smallest possible pixel.
      filter_size, filter_sigma: of the Gaussian window.
      k1, k2: small numbers that keep quotients stable.
      return_index_map: whether the similarity of every place is returned instead of the mean.

    Returns:
      float32, one a pair of images, or `[..., places, places]`.

    Raises:
      ValueError: the images have different shapes.
      InvalidArgumentError: they are smaller than the window.
    """
    with scope(None, "SSIM"):
        x, y, top = _prepared(img1, img2, max_val)
        luminance, structure = _structure(x, y, top, filter_size, filter_sigma, k1, k2)
        values = luminance * structure
        return reduce_mean(values if return_index_map else reduce_mean(values, [-3, -2]), [-1])


_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def _halved(x: Any) -> Any:
    """Images at half the size, by averages; odd sizes are padded with their last line."""
    from ..pooling import avg_pool2d
    flat, back = _flat(x)
    dims = flat.shape.as_list()
    if None not in dims[1:3]:
        if dims[1] % 2 or dims[2] % 2:
            flat = pad(flat, [[0, 0], [0, dims[1] % 2], [0, dims[2] % 2], [0, 0]], "SYMMETRIC")
    else:
        from ..creation import shape
        odd = getitem(shape(flat), slice(1, 3)) % 2
        flat = pad(flat, stack([[0, 0], stack([0, getitem(odd, 0)]), stack([0, getitem(odd, 1)]), [0, 0]]), "SYMMETRIC")
    return back(avg_pool2d(flat, [1, 2, 2, 1], [1, 2, 2, 1], "VALID"))


def ssim_multiscale(img1: Any, img2: Any, max_val: Any, power_factors: Sequence[float] = _WEIGHTS, filter_size: int = 11,
                    filter_sigma: float = 1.5, k1: float = 0.01, k2: float = 0.03) -> Any:
    """Structural similarity at several sizes, each half of the one before (Wang, Simoncelli and Bovik, 2003).

    Args:
      img1, img2, max_val, filter_size, filter_sigma, k1, k2: as in `tf.image.ssim`.
      power_factors: the exponents of the sizes, from the largest on.

    Returns:
      float32, one a pair of images.

    Raises:
      ValueError: the images have different shapes.
      InvalidArgumentError: they are smaller than the window at some size.
    """
    from ..activations import relu
    with scope(None, "MS-SSIM"):
        x, y, top = _prepared(img1, img2, max_val)
        factors: list[Any] = []
        values: Any = None
        for i in range(len(power_factors)):
            if i:
                x, y = _halved(x), _halved(y)
            luminance, structure = _structure(x, y, top, filter_size, filter_sigma, k1, k2)
            values = reduce_mean(luminance * structure, [-3, -2])
            factors.append(relu(reduce_mean(structure, [-3, -2])))
        factors[-1] = relu(values)  # luminance counts at the smallest size alone
        powers = convert_to_tensor(np.array(power_factors, np.float32))
        return reduce_mean(reduce_prod(stack(factors, -1) ** powers, [-1]), [-1])


# Differences between neighbours.


def total_variation(images: Any, name: str | None = None) -> Any:
    """The sum of the absolute differences of neighbouring pixels, a measure of noise.

    Args:
      images: shape `[height, width, channels]`, or with a batch before.
      name: of the operation.

    Returns:
      A scalar, or one number an image.

    Raises:
      ValueError: another number of dimensions.
    """
    with scope(name, "total_variation"):
        images = convert_to_tensor(images)
        rank = images.shape.rank
        if rank not in (3, 4):
            raise ValueError("'images' must be either 3 or 4-dimensional.")
        axes = None if rank == 3 else [1, 2, 3]
        return reduce_sum(absolute(_steps(images, rank - 3)), axes) + reduce_sum(absolute(_steps(images, rank - 2)), axes)


def _steps(x: Any, axis: int) -> Any:
    """The differences of neighbours along an axis."""
    front = (slice(None),) * axis
    return getitem(x, (*front, slice(1, None))) - getitem(x, (*front, slice(None, -1)))


def image_gradients(image: Any) -> Any:
    """The differences to the next pixel downwards and to the right: 0 in the last row and column.

    Args:
      image: shape `[batch, height, width, channels]`.

    Returns:
      `(dy, dx)`, each of the shape of `image`.

    Raises:
      ValueError: another number of dimensions.
    """
    image = convert_to_tensor(image)
    if image.shape.rank != 4:
        raise ValueError(f"image_gradients expects a 4D tensor [batch_size, h, w, d], not {image.shape}.")
    sizes = shape_of(image)
    out = []
    for axis in (1, 2):
        edge = [sizes[i] if isinstance(sizes, tuple) else getitem(sizes, i) for i in range(4)]
        edge[axis] = 1
        out.append(concat([_steps(image, axis), zeros(edge, image.dtype)], axis))
    return tuple(out)


_SOBEL = np.array([[[-1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]])


def sobel_edges(image: Any) -> Any:
    """The vertical and horizontal slopes of images by Sobel's filter.

    Args:
      image: floats `[batch, height, width, channels]`, at least two pixels high and wide.

    Returns:
      A tensor `[batch, height, width, channels, 2]` of slopes downwards and to the right.

    Raises:
      InvalidArgumentError: another number of dimensions (in a graph ValueError).
    """
    image = convert_to_tensor(image)
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], "REFLECT")
    kernel = convert_to_tensor(_SOBEL.transpose(1, 2, 0)[:, :, None].astype(image.dtype.np))
    known = static_shape(image)
    channels = image.shape[-1] if image.shape.rank and image.shape[-1] is not None else getitem(shape_of(image), -1)
    out = depthwise_conv2d(padded, tile(kernel, [1, 1, channels, 1]), [1, 1, 1, 1], "VALID")
    if known is not None:
        return reshape(out, [*known, 2])
    result = reshape(out, concat([shape_of(image), [2]], 0))
    result.set_shape(as_shape(image.shape).concatenate([2]))
    return result
