"""Moments, and the normalisations that are computed with them; local response normalisation."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op, op
from ..core.scopes import scoped
from .arithmetic import squared_difference
from .arrays import squeeze
from .common import shape_of, static_shape, unchanged
from .creation import stop_gradient, zeros_like
from .dynamic import others, positive, range_to, rank_of, shape_tensor
from .elementwise import cast, reciprocal, rsqrt, square
from .reduce import normal_axes
from .reductions import reduce_mean, reduce_prod, reduce_sum

_HALVES = (dtypes.float16, dtypes.bfloat16)


def _axes(axes: Any, x: Any) -> Any:
    """Axes for `squeeze`."""
    if axes is None:
        return None
    if isinstance(axes, (list, tuple)) and all(type(a) is int for a in axes):
        return list(normal_axes(tuple(axes), x.ndim))
    value = axes.numpy() if hasattr(axes, "numpy") else np.asarray(axes, np.int64)
    return list(normal_axes(tuple(np.reshape(value, -1).tolist()), x.ndim))


def _dropped(x: Any, axes: Any) -> Any:
    """A reduction without the axes that it kept."""
    if x.shape.rank is None:
        if axes is None:
            return squeeze(x)
        rank = rank_of(x)
        sizes = apply(get_op("GatherV2"), (shape_tensor(x), others(positive(axes, rank), rank), 0), {"batch_dims": 0})
        return apply(get_op("Reshape"), (x, sizes))
    axes = _axes(axes, x)
    return squeeze(x, list(range(x.ndim)) if axes is None else axes)  # no axes at all are all of size 1, as for squeeze


@scoped("moments")
def moments(x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None) -> tuple[Any, Any]:
    """The mean and the variance over some axes.

    Args:
      x: a tensor. Half precision is computed in float32.
      axes: an axis or a list of axes.
      shift: makes no difference.
      keepdims: keep the axes, with size 1.
      name: of the node.
    """
    x = convert_to_tensor(x)
    y = cast(x, dtypes.float32) if x.dtype in _HALVES else x
    mean = reduce_mean(y, axes, True)
    variance = reduce_mean(squared_difference(y, stop_gradient(mean)), axes, True)
    if not keepdims:
        mean, variance = _dropped(mean, axes), _dropped(variance, axes)
    return (mean, variance) if y is x else (cast(mean, x.dtype), cast(variance, x.dtype))


def moments_v1(x: Any, axes: Any, shift: Any = None, name: str | None = None, keep_dims: Any = None,
               keepdims: Any = None) -> tuple[Any, Any]:
    """`moments`; `keep_dims` is an older name of `keepdims`."""
    return moments(x, axes, shift, bool(keep_dims if keepdims is None else keepdims), name)


def weighted_moments(x: Any, axes: Any, frequency_weights: Any, keepdims: bool = False,
                     name: str | None = None) -> tuple[Any, Any]:
    """The mean and the variance over some axes, where elements count by weights that broadcast with `x`."""
    x = convert_to_tensor(x)
    y = cast(x, dtypes.float32) if x.dtype in _HALVES else x
    weights = cast(convert_to_tensor(frequency_weights), y.dtype)
    total = reduce_sum(weights * y, axes, True)
    divisor = reciprocal(reduce_sum(weights + zeros_like(y), axes, True))
    mean = total * divisor
    variance = reduce_sum(weights * squared_difference(y, mean), axes, True) * divisor
    if not keepdims:
        mean, variance = _dropped(mean, axes), _dropped(variance, axes)
    return (mean, variance) if y is x else (cast(mean, x.dtype), cast(variance, x.dtype))


def weighted_moments_v1(x: Any, axes: Any, frequency_weights: Any, name: str | None = None, keep_dims: Any = None,
                        keepdims: Any = None) -> tuple[Any, Any]:
    """`weighted_moments`; `keep_dims` is an older name of `keepdims`."""
    return weighted_moments(x, axes, frequency_weights, bool(keep_dims if keepdims is None else keepdims), name)


def sufficient_statistics(x: Any, axes: Any, shift: Any = None, keepdims: bool = False,
                          name: str | None = None) -> tuple[Any, Any, Any, Any]:
    """What `normalize_moments` needs: the number of elements, their sum and that of their squares, and the shift.

    Args:
      x: a tensor.
      axes: a list of axes to sum over.
      shift: a number near the mean, subtracted first; or None.
      keepdims: keep the axes, with size 1.
      name: of the node.
    """
    from .gathering import gather
    x = convert_to_tensor(x)
    axes = list(set(axes))
    known = static_shape(x)
    if known is not None:
        counts = convert_to_tensor(float(np.prod([known[a] for a in axes])), x.dtype)
    else:
        counts = reduce_prod(gather(cast(shape_of(x), x.dtype), axes))
    if shift is None:
        values, squares = x, square(x)
    else:
        shift = convert_to_tensor(shift)
        values, squares = x - shift, squared_difference(x, shift)
    return counts, reduce_sum(values, axes, keepdims), reduce_sum(squares, axes, keepdims), shift


def sufficient_statistics_v1(x: Any, axes: Any, shift: Any = None, keep_dims: Any = None, name: str | None = None,
                             keepdims: Any = None) -> tuple[Any, Any, Any, Any]:
    """`sufficient_statistics`; `keep_dims` is an older name of `keepdims`."""
    return sufficient_statistics(x, axes, shift, bool(keep_dims if keepdims is None else keepdims), name)


def normalize_moments(counts: Any, mean_ss: Any, variance_ss: Any, shift: Any,
                      name: str | None = None) -> tuple[Any, Any]:
    """The mean and variance from the results of `sufficient_statistics`."""
    divisor = reciprocal(convert_to_tensor(counts))
    shifted = convert_to_tensor(mean_ss) * divisor
    mean = shifted if shift is None else shifted + shift
    return mean, convert_to_tensor(variance_ss) * divisor - square(shifted)


@scoped("batchnorm")
def batch_normalization(x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: Any,
                        name: str | None = None) -> Any:
    """`scale * (x - mean) / sqrt(variance + epsilon) + offset`.

    Args:
      x: a tensor.
      mean: a tensor that broadcasts with `x`, as are the next three.
      variance: the variance.
      offset: added at the end, or None.
      scale: a factor, or None.
      variance_epsilon: a small number.
      name: of the node.
    """
    x = convert_to_tensor(x)
    factor = rsqrt(convert_to_tensor(variance) + variance_epsilon)
    if scale is not None:
        factor = factor * scale
    addend = -mean * factor if offset is None else offset - mean * factor
    return x * cast(factor, x.dtype) + cast(addend, x.dtype)


def batch_norm_with_global_normalization(input: Any, mean: Any, variance: Any, beta: Any, gamma: Any,
                                         variance_epsilon: Any, scale_after_normalization: bool,
                                         name: str | None = None) -> Any:
    """`batch_normalization` with the offset `beta`, and with the scale `gamma` if `scale_after_normalization`."""
    mean, variance, beta, gamma = (convert_to_tensor(v) for v in (mean, variance, beta, gamma))
    return batch_normalization(input, mean, variance, beta, gamma if scale_after_normalization else None,
                               variance_epsilon, name)


def batch_norm_with_global_normalization_v1(t: Any = None, m: Any = None, v: Any = None, beta: Any = None,
                                            gamma: Any = None, variance_epsilon: Any = None,
                                            scale_after_normalization: Any = None, name: str | None = None,
                                            input: Any = None, mean: Any = None, variance: Any = None) -> Any:
    """`batch_norm_with_global_normalization`; `t`, `m` and `v` are older names of arguments."""
    return batch_norm_with_global_normalization(t if input is None else input, m if mean is None else mean,
                                                v if variance is None else variance, beta, gamma, variance_epsilon,
                                                scale_after_normalization, name)


# Local response normalisation.

_LRN = "depth_radius: int = 5; bias: float = 1.0; alpha: float = 1.0; beta: float = 0.5; " \
    "T: {half, bfloat16, float} = float"


def _band(depth: int, radius: int) -> Any:
    """The matrix that sums over neighbours up to a distance."""
    places = np.arange(depth)
    return (np.abs(places[:, None] - places) <= radius).astype(np.float32)


def _band_of(x: Any, radius: int) -> Any:
    """`_band` for the last axis of a tensor."""
    known = static_shape(x)
    if known is not None:
        return convert_to_tensor(_band(known[-1], radius))
    places = range_to(0, shape_tensor(x)[-1])
    return apply(get_op("Abs"), (places[:, None] - places,)) <= radius


def _check_image(x: Any, radius: int) -> None:
    if x.ndim != 4:
        raise errors.InvalidArgumentError("in must be 4-dimensional [Op:LRN]")
    if radius < 0:
        raise errors.InvalidArgumentError(f"depth_radius = {radius} larger than int max [Op:LRN]")


def _lrn_shape(op: Any) -> Any:
    shape = op.inputs[0].shape
    if shape.rank not in (None, 4):
        raise ValueError(f"Shape must be rank 4 but is rank {shape.rank}")
    return shape


@op("LRN", "input: T -> output: T", attrs=_LRN, infer=_lrn_shape)
def lrn_(xp: Any, x: Any, depth_radius: int = 5, bias: float = 1.0, alpha: float = 1.0, beta: float = 0.5) -> Any:
    _check_image(x, depth_radius)
    wide = x.astype(np.float32)
    scale = bias + alpha * xp.matmul(wide * wide, _band(x.shape[-1], depth_radius))
    return (wide * scale ** np.float32(-beta)).astype(x.dtype)


@lrn_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .arithmetic import pow
    from .matmul import matmul
    x = op.inputs[0]
    radius, bias = int(op.get_attr("depth_radius")), float(op.get_attr("bias"))
    alpha, beta = float(op.get_attr("alpha")), float(op.get_attr("beta"))
    band = cast(_band_of(x, radius), x.dtype)
    scale = bias + alpha * matmul(square(x), band)
    spread = matmul(dy * x * pow(scale, -beta - 1), band)
    return dy * pow(scale, -beta) - 2 * alpha * beta * x * spread


@op("LRNGrad", "input_grads: T, input_image: T, output_image: T -> output: T", attrs=_LRN, infer=unchanged)
def lrn_grad(xp: Any, dy: Any, x: Any, y: Any, depth_radius: int = 5, bias: float = 1.0, alpha: float = 1.0,
             beta: float = 0.5) -> Any:
    _check_image(x, depth_radius)
    if not dy.shape == x.shape == y.shape:
        raise errors.InvalidArgumentError("input_grads, input_image, and out_image should have the same shape [Op:LRNGrad]")
    wide = x.astype(np.float32)
    band = _band(x.shape[-1], depth_radius)
    scale = bias + alpha * xp.matmul(wide * wide, band)
    spread = xp.matmul(dy * y / scale, band)
    return (dy * scale ** np.float32(-beta) - 2 * alpha * beta * wide * spread).astype(x.dtype)


def local_response_normalization(input: Any, depth_radius: int = 5, bias: float = 1, alpha: float = 1,
                                 beta: float = 0.5, name: str | None = None) -> Any:
    """`x / (bias + alpha * sum(x²)) ** beta`, the sum being over the channels up to `depth_radius` away.

    Raises:
      InvalidArgumentError: the input has not four axes.
    """
    attrs = {"depth_radius": int(depth_radius), "bias": float(bias), "alpha": float(alpha), "beta": float(beta)}
    return apply(lrn_, (convert_to_tensor(input),), attrs, name)
