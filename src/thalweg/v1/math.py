"""Functions whose arguments TensorFlow 1 named differently: `dim`, `squeeze_dims`; casts by name."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from .building import in_default_graph


def div(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y`: of integers rounded down, as in Python 2."""
    with in_default_graph():
        x = x if tf.is_tensor(x) else tf.convert_to_tensor(x)
        return tf.math.floordiv(x, y, name=name) if x.dtype.is_integer else tf.math.divide(x, y, name=name)


def expand_dims(input: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Any:
    """Inserts an axis of length one; `dim` is the older name of `axis`."""
    with in_default_graph():
        return tf.expand_dims(input, axis if axis is not None else dim, name=name)


def squeeze(input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None) -> Any:
    """Drops axes of length one; `squeeze_dims` is the older name of `axis`."""
    with in_default_graph():
        return tf.squeeze(input, axis if axis is not None else squeeze_dims, name=name)


def _cast(dtype: Any) -> Callable[..., Any]:
    def convert(x: Any, name: str | None = None) -> Any:
        with in_default_graph():
            return tf.cast(x, dtype, name=name)
    convert.__name__ = f"to_{dtype.name}"
    convert.__doc__ = f"Casts to {dtype.name}."
    return convert


to_float32 = _cast(tf.float32)
to_float64 = _cast(tf.float64)
to_int32 = _cast(tf.int32)
to_int64 = _cast(tf.int64)
