"""Functions whose arguments TensorFlow 1 named differently: `keep_dims`, `reduction_indices`, `dimension`, `dim`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from .building import in_default_graph


def _axis(axis: Any, reduction_indices: Any) -> Any:
    return reduction_indices if axis is None else axis


def _reduction(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(tf.math, name)

    def reduce(input_tensor: Any, axis: Any = None, keepdims: bool | None = None, name: Any = None,
               reduction_indices: Any = None, keep_dims: bool | None = None) -> Any:
        keep = bool(keepdims if keepdims is not None else keep_dims)
        with in_default_graph():
            return function(input_tensor, axis=_axis(axis, reduction_indices), keepdims=keep, name=name)
    reduce.__name__ = name
    reduce.__doc__ = f"`tf.{name}`; `reduction_indices` and `keep_dims` are older names of `axis` and `keepdims`."
    return reduce


reduce_sum = _reduction("reduce_sum")
reduce_mean = _reduction("reduce_mean")
reduce_max = _reduction("reduce_max")
reduce_min = _reduction("reduce_min")
reduce_prod = _reduction("reduce_prod")
reduce_all = _reduction("reduce_all")
reduce_any = _reduction("reduce_any")
reduce_logsumexp = _reduction("reduce_logsumexp")


def div(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y`: of integers rounded down, as in Python 2."""
    with in_default_graph():
        x = tf.convert_to_tensor(x)
        return tf.math.floordiv(x, y, name=name) if x.dtype.is_integer else tf.math.divide(x, y, name=name)


def count_nonzero(input: Any, axis: Any = None, keepdims: bool | None = None, dtype: Any = tf.int64,
                  name: str | None = None, reduction_indices: Any = None, keep_dims: bool | None = None) -> Any:
    """How many elements are not zero, along axes."""
    with in_default_graph():
        return tf.math.count_nonzero(input, axis=_axis(axis, reduction_indices), keepdims=bool(keepdims or keep_dims),
                                     dtype=dtype, name=name)


def argmax(input: Any, axis: Any = None, name: str | None = None, dimension: Any = None, output_type: Any = tf.int64) -> Any:
    """The index of the largest element along an axis; `dimension` is the older name of `axis`."""
    with in_default_graph():
        return tf.math.argmax(input, axis=axis if axis is not None else dimension or 0, output_type=output_type, name=name)


def argmin(input: Any, axis: Any = None, name: str | None = None, dimension: Any = None, output_type: Any = tf.int64) -> Any:
    """The index of the smallest element along an axis; `dimension` is the older name of `axis`."""
    with in_default_graph():
        return tf.math.argmin(input, axis=axis if axis is not None else dimension or 0, output_type=output_type, name=name)


def expand_dims(input: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Any:
    """Inserts an axis of length one; `dim` is the older name of `axis`."""
    with in_default_graph():
        return tf.expand_dims(input, axis if axis is not None else dim, name=name)


def squeeze(input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None) -> Any:
    """Drops axes of length one; `squeeze_dims` is the older name of `axis`."""
    with in_default_graph():
        return tf.squeeze(input, axis if axis is not None else squeeze_dims, name=name)


def _cast(dtype: Any, label: str) -> Callable[..., Any]:
    def convert(x: Any, name: str | None = None) -> Any:
        with in_default_graph():
            return tf.cast(x, dtype, name=name)
    convert.__name__ = label
    convert.__doc__ = f"Casts to {dtype.name}."
    return convert


to_float = _cast(tf.float32, "to_float")
to_double = _cast(tf.float64, "to_double")
to_int32 = _cast(tf.int32, "to_int32")
to_int64 = _cast(tf.int64, "to_int64")
