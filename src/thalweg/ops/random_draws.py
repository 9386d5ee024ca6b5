"""Kernels of random ops once key and counter are known: checks in TensorFlow's words, then `philox`."""
from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.shape import TensorShape
from . import bounded_normal as bounded
from . import philox, philox_draws
from .common import shape_text
from .philox import Array
from .requirements import require

STRETCH = 256
"""Blocks that every output of a stateful op takes from its stream, whether it needs them or not."""


def dims(shape: Any) -> tuple[int, ...]:
    """The sizes that a shape input holds.

    Raises:
      InvalidArgumentError: the input is not a vector, or a size is negative.
    """
    kind = type(shape)
    if kind is not tuple and kind is not list:
        array = np.asarray(shape)
        if array.ndim != 1:
            raise errors.InvalidArgumentError(
                f"shape must be a vector of {{int32,int64}}, got shape {shape_text(array.shape)}")
        shape = array.tolist()
    for d in shape:
        if d < 0:
            raise errors.InvalidArgumentError(f"Dimension {d} must be >= 0")
    return tuple(shape)


def trailing(shape: Any, parameters: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """The output shape, and how many samples it has for each of the parameters, whose shape it must end with.

    Raises:
      InvalidArgumentError: it does not.
    """
    out = dims(shape)
    if out[len(out) - len(parameters):] != parameters or len(parameters) > len(out):
        raise errors.InvalidArgumentError("Shape passed in must end with broadcasted shape.")
    return out, math.prod(out[:len(out) - len(parameters)])


def shape_from_last(op: Any) -> TensorShape:
    """A shape rule: what the shape input holds, then the shape of the parameters."""
    from .creation import known_shape
    return known_shape(op.inputs[0]).concatenate(op.inputs[-1].shape)


def uniform(xp: ModuleType, key: Array, counter: Array, shape: Any, dtype: dtypes.DType) -> Array:
    """Floats in `[0, 1)`."""
    return philox.uniform(xp, key, counter, dims(shape), dtype.np)


def normal(xp: ModuleType, key: Array, counter: Array, shape: Any, dtype: dtypes.DType) -> Array:
    """Standard normals."""
    return philox.normal(xp, key, counter, dims(shape), dtype.np)


def truncated_normal(xp: ModuleType, key: Array, counter: Array, shape: Any, dtype: dtypes.DType) -> Array:
    """Standard normals within two standard deviations."""
    return philox.truncated_normal(xp, key, counter, dims(shape), dtype.np)


def full_int(xp: ModuleType, key: Array, counter: Array, shape: Any, dtype: dtypes.DType) -> Array:
    """Integers over the whole range of `dtype`."""
    return philox.full_int(xp, key, counter, dims(shape), dtype.np)


def uniform_int(xp: ModuleType, key: Array, counter: Array, shape: Any, minval: Array, maxval: Array) -> Array:
    """Integers in `[minval, maxval)`.

    Raises:
      InvalidArgumentError: the bounds are no scalars, or the range is empty.
    """
    for name, bound in (("minval", minval), ("maxval", maxval)):
        if bound.ndim:
            raise errors.InvalidArgumentError(f"{name} must be 0-D, got shape {shape_text(bound.shape)}")
    sizes = dims(shape)
    known = all(isinstance(bound, (np.ndarray, np.generic)) for bound in (minval, maxval))
    if known and minval >= maxval and math.prod(sizes):
        raise errors.InvalidArgumentError(f"Need minval < maxval, got {minval} >= {maxval}")
    if math.prod(sizes):
        require(xp, minval < maxval)
    return philox.uniform_int(xp, key, counter, sizes, minval, maxval, minval.dtype)


def shuffle(xp: ModuleType, key: Array, counter: Array, value: Array) -> Array:
    """The rows of `value` in random order."""
    if value.size <= 1 or value.shape[0] <= 1:
        return value
    order = philox_draws.permutation if xp is np else philox_draws.traced_permutation
    return xp.asarray(value)[order(key, counter, value.shape[0])]


def categorical(xp: ModuleType, key: Array, counter: Array, logits: Array, num_samples: Any,
                output_dtype: dtypes.DType = dtypes.int64) -> Array:
    """Class numbers, `[batch, num_samples]`.

    Raises:
      InvalidArgumentError: `logits` is no matrix, it has no classes, or `num_samples` is no count.
    """
    if logits.ndim != 2:
        raise errors.InvalidArgumentError(f"logits should be a matrix, got shape {shape_text(logits.shape)}")
    if np.ndim(num_samples):
        raise errors.InvalidArgumentError(
            f"num_samples should be a scalar, got shape {shape_text(np.shape(num_samples))}")
    if num_samples < 0:
        raise errors.InvalidArgumentError(f"num_samples should be non-negative, got {num_samples}")
    if not logits.shape[1]:
        raise errors.InvalidArgumentError(f"num_classes should be positive, got {logits.shape[1]}")
    return philox_draws.categorical(xp, key, counter, logits, int(num_samples), output_dtype.np)


def gamma(xp: ModuleType, key: Array, counter: Array, shape: Any, alpha: Array) -> Array:
    """Gamma variates of scale 1; `shape` ends with that of `alpha`."""
    out, count = trailing(shape, alpha.shape)
    return philox_draws.gamma(key, counter, count, alpha).reshape(out)


def poisson(xp: ModuleType, key: Array, counter: Array, shape: Any, rate: Array, dtype: dtypes.DType) -> Array:
    """Poisson variates; `shape` ends with that of `rate`."""
    out, count = trailing(shape, rate.shape)
    return philox_draws.poisson(key, counter, count, rate, dtype.np).reshape(out)


def bounded_normal(xp: ModuleType, key: Array, counter: Array, shape: Any, *parameters: Array) -> Array:
    """Normals between bounds; `shape` ends with the shape that means, deviations and the two bounds broadcast to."""
    try:
        both = np.broadcast_shapes(*(p.shape for p in parameters))
    except ValueError:
        shapes = " vs. ".join(shape_text(p.shape) for p in parameters)
        raise errors.InvalidArgumentError("means, stddevs, minvals, maxvals must have compatible batch dimensions: "
                                          f"{shapes}") from None
    _check_vector(shape)
    out, count = trailing(shape, both)
    if not math.prod(out):
        return np.zeros(out, parameters[0].dtype)
    flat = [np.broadcast_to(p, both).reshape(-1) for p in parameters]
    return bounded.bounded_normal(key, counter, count, *flat).reshape(out)


def _check_vector(shape: Any) -> None:
    if np.ndim(shape) != 1:
        raise errors.InvalidArgumentError(f"Input shape should be a vector, got shape: {shape_text(np.shape(shape))}")


def binomial_batch(shape: Any, counts: Array, probs: Array) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """The output shape of a binomial op, the shape that its parameters broadcast to, and the samples for each of them.

    Raises:
      InvalidArgumentError: the parameters do not broadcast, or the shape does not end with theirs.
    """
    try:
        both = np.broadcast_shapes(counts.shape, probs.shape)
    except ValueError:
        raise errors.InvalidArgumentError("counts and probs must have compatible batch dimensions: "
                                          f"{shape_text(counts.shape)} vs. {shape_text(probs.shape)}") from None
    _check_vector(shape)
    out, count = trailing(shape, both)
    return out, both, count


def binomial(xp: ModuleType, key: Array, counter: Array, shape: Any, counts: Array, probs: Array,
             dtype: dtypes.DType) -> Array:
    """Numbers of successes; `shape` ends with the shape that `counts` and `probs` broadcast to."""
    out, both, count = binomial_batch(shape, counts, probs)
    n, p = np.broadcast_to(counts, both).reshape(-1), np.broadcast_to(probs, both).reshape(-1)
    return philox_draws.binomial(key, counter, count, n, p, dtype.np).reshape(out)
