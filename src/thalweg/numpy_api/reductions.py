"""Sums, products, means, extremes and running sums."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import thalweg as tf

from .elementwise import isnan
from .linear_algebra import tensordot
from .promotion import array, asarray, floating, is_inexact, result_type
from .selection import where
from .shapes import broadcast_to, ravel
from .static import rank_of, shape_of, when

_Reduction = Callable[..., Any]


def _reduce(function: _Reduction, a: Any, axis: Any, dtype: Any, keepdims: Any, exact: str,
            on_bools: _Reduction | None = None) -> Any:
    """A reduction in NumPy's dtype for it.

    Args:
      function: TensorFlow's.
      a: what to reduce.
      axis, dtype, keepdims: as the caller got them.
      exact: what integers and booleans become: "wide" (64 bits), "float", or "same".
      on_bools: TensorFlow's reduction of booleans, where these stay booleans.
    """
    dtype = result_type(dtype) if dtype else None
    a = asarray(a, dtype)
    if a.dtype == tf.bool and on_bools is not None and (dtype is not None or exact == "same"):
        function = on_bools
    elif dtype is None and exact == "float":
        a = floating(a) if a.dtype.is_integer or a.dtype == tf.bool else a
    elif dtype is None and exact == "wide" and (a.dtype.is_integer or a.dtype == tf.bool):
        a = tf.cast(a, np.uint64 if a.dtype.is_unsigned else np.int64)
    if isinstance(axis, tf.Tensor) and axis.dtype not in (tf.int32, tf.int64):
        axis = tf.cast(axis, tf.int64)
    return function(a, axis=axis, keepdims=bool(keepdims))


def sum(a: Any, axis: Any = None, dtype: Any = None, keepdims: Any = None) -> Any:
    """The sum; of integers and booleans in 64 bits."""
    return _reduce(tf.reduce_sum, a, axis, dtype, keepdims, "wide", tf.reduce_any)


def prod(a: Any, axis: Any = None, dtype: Any = None, keepdims: Any = None) -> Any:
    """The product; of integers and booleans in 64 bits."""
    return _reduce(tf.reduce_prod, a, axis, dtype, keepdims, "wide", tf.reduce_all)


def _no_out(out: Any) -> None:
    if out is not None:
        raise ValueError("Setting out is not supported.")


def mean(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = None) -> Any:
    """The mean, in floating point.

    Raises:
      ValueError: `out` is given.
    """
    _no_out(out)
    return _reduce(tf.reduce_mean, a, axis, dtype, keepdims, "float")


def amax(a: Any, axis: Any = None, out: Any = None, keepdims: Any = None) -> Any:
    """The largest element; of booleans whether one is true.

    Raises:
      ValueError: `out` is given.
    """
    _no_out(out)
    return _reduce(tf.reduce_max, a, axis, None, keepdims, "same", tf.reduce_any)


def amin(a: Any, axis: Any = None, out: Any = None, keepdims: Any = None) -> Any:
    """The smallest element; of booleans whether all are true.

    Raises:
      ValueError: `out` is given.
    """
    _no_out(out)
    return _reduce(tf.reduce_min, a, axis, None, keepdims, "same", tf.reduce_all)


def max(a: Any, axis: Any = None, keepdims: Any = None) -> Any:
    """As `amax`."""
    return amax(a, axis, keepdims=keepdims)


def min(a: Any, axis: Any = None, keepdims: Any = None) -> Any:
    """As `amin`."""
    return amin(a, axis, keepdims=keepdims)


def ptp(a: Any, axis: Any = None, keepdims: Any = None) -> Any:
    """The largest element less the smallest."""
    return amax(a, axis, keepdims=keepdims) - amin(a, axis, keepdims=keepdims)


def all(a: Any, axis: Any = None, keepdims: Any = None) -> Any:
    """Whether all elements are true."""
    return tf.reduce_all(asarray(a, bool), axis, bool(keepdims))


def any(a: Any, axis: Any = None, keepdims: Any = None) -> Any:
    """Whether one of the elements is true."""
    return tf.reduce_any(asarray(a, bool), axis, bool(keepdims))


def var(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = None) -> Any:
    """The variance: the sum of the squared distances from the mean, divided by the number of elements less `ddof`.

    Raises:
      ValueError: `out` is given.
    """
    _no_out(out)

    def unbiased(x: tf.Tensor, axis: Any, keepdims: bool) -> Any:
        away = x - tf.reduce_mean(x, axis, keepdims=True)
        squared = tf.cast(tf.math.real(away * tf.math.conj(away)), x.dtype) if x.dtype.is_complex else tf.square(away)
        sizes = tf.size(x) if axis is None else tf.reduce_prod(tf.gather(tf.shape(x), axis % rank_of(x)))
        return tf.divide(tf.reduce_sum(squared, axis, keepdims=keepdims), tf.cast(sizes - ddof, x.dtype))
    if not isinstance(axis, (int, tf.Tensor, type(None))):
        axis = tf.constant(axis)
    working = result_type(a, dtype) if dtype else None
    spread = _reduce(unbiased if ddof else tf.math.reduce_variance, a, axis, working, keepdims, "float")
    return tf.cast(spread, result_type(dtype)) if dtype else spread


def std(a: Any, axis: Any = None, keepdims: Any = None) -> Any:
    """The square root of the variance."""
    return _reduce(tf.math.reduce_std, a, axis, None, keepdims, "float")


def average(a: Any, axis: int | None = None, weights: Any = None, returned: bool = False) -> Any:
    """The mean, or the weighted mean.

    Args:
      a: the numbers.
      axis: an int, or None for all of them.
      weights: in the shape of `a`, or a vector along `axis`.
      returned: whether the sum of the weights is returned as well.

    Raises:
      ValueError: `axis` is not an int.
      InvalidArgumentError: the weights have another shape.
    """
    if axis is not None and not isinstance(axis, int):
        raise ValueError(f"Argument `axis` must be an integer. Received axis={axis} (of type {type(axis)})")
    a = array(a)
    if weights is None:
        a = floating(a)
        mean = tf.reduce_mean(a, axis)
        total = tf.cast(tf.size(a) if axis is None else tf.shape(a)[axis], a.dtype)
    else:
        dtype = result_type(a.dtype, weights, *(() if is_inexact(a) else (tf.float64,)))
        a, weights = array(a, dtype), array(weights, dtype)

        def same_rank() -> tuple[Any, Any]:
            tf.debugging.Assert(tf.reduce_all(tf.shape(a) == tf.shape(weights)), [tf.shape(a), tf.shape(weights)])
            total = tf.reduce_sum(weights, axis)
            return tf.reduce_sum(a * weights, axis) / total, total

        def along_axis() -> tuple[Any, Any]:
            tf.debugging.Assert(tf.rank(weights) == 1, [tf.rank(weights)])
            total = tf.reduce_sum(weights)
            return tensordot(a, weights, [[axis], [0]]) / total, total
        mean, total = same_rank() if axis is None else when(rank_of(a) == rank_of(weights), same_rank, along_axis)
    return (mean, broadcast_to(total, shape_of(mean))) if returned else mean


def _without_nan(reduction: _Reduction, instead: int, a: Any, axis: Any, dtype: Any, keepdims: Any) -> Any:
    a = array(a)
    return reduction(where(isnan(a), array(instead, a.dtype), a), axis=axis, dtype=dtype, keepdims=keepdims)


def nansum(a: Any, axis: Any = None, dtype: Any = None, keepdims: Any = False) -> Any:
    """The sum of what is a number."""
    return _without_nan(sum, 0, a, axis, dtype, keepdims)


def nanprod(a: Any, axis: Any = None, dtype: Any = None, keepdims: Any = False) -> Any:
    """The product of what is a number."""
    return _without_nan(prod, 1, a, axis, dtype, keepdims)


def nanmean(a: Any, axis: Any = None, dtype: Any = None, keepdims: Any = None) -> Any:
    """The mean of what is a number."""
    a = array(a)
    if a.dtype == tf.bool or a.dtype.is_integer:
        return mean(a, axis, dtype, keepdims=keepdims)
    dtype = dtype or a.dtype
    count = sum(tf.logical_not(isnan(a)), axis, dtype, keepdims)
    return nansum(a, axis, dtype, keepdims) / count


def _running(function: _Reduction, a: Any, axis: Any, dtype: Any) -> Any:
    a = asarray(a, dtype)
    if dtype is None and a.dtype.is_integer:
        a = asarray(a, np.promote_types(a.dtype.as_numpy_dtype, int))
    if axis is None:
        a, axis = ravel(a), 0
    return function(a, axis)


def cumsum(a: Any, axis: Any = None, dtype: Any = None) -> Any:
    """The sums of the elements up to each, along an axis or in the flattened array; of integers in 64 bits."""
    return _running(tf.cumsum, a, axis, dtype)


def cumprod(a: Any, axis: Any = None, dtype: Any = None) -> Any:
    """The products of the elements up to each, along an axis or in the flattened array; of integers in 64 bits."""
    return _running(tf.math.cumprod, a, axis, dtype)
