"""Random numbers by NumPy's names, drawn by TensorFlow's generators: `tf.random.set_seed` starts them again."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from .promotion import asarray, isscalar, result_type


def seed(s: Any) -> None:
    """Sets the global seed, as `tf.random.set_seed`.

    Raises:
      ValueError: `s` is not an integer.
    """
    try:
        s = int(s)
    except TypeError:
        raise ValueError(f"Argument `s` got an invalid value {s}. Only integers are supported.") from None
    tf.random.set_seed(s)


def _shape(size: Any) -> Any:
    return () if size is None else (size,) if isscalar(size) else size


def standard_normal(size: Any = None) -> Any:
    """Normal numbers with mean 0 and standard deviation 1, in float64."""
    return tf.random.normal(_shape(size), dtype=tf.float64)


def randn(*args: Any) -> Any:
    """Standard normal numbers; the arguments are the shape."""
    return standard_normal(args)


def uniform(low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
    """Numbers between two limits, in float64; without `size` in the shape that these broadcast to."""
    low, high = asarray(low, np.float64), asarray(high, np.float64)
    if size is None:
        size = tf.broadcast_static_shape(low.shape, high.shape)
    return tf.random.uniform(size, low, high, tf.float64)


def random(size: Any = None) -> Any:
    """Numbers between 0 and 1."""
    return uniform(0.0, 1.0, size)


def rand(*size: Any) -> Any:
    """Numbers between 0 and 1; the arguments are the shape."""
    return uniform(0.0, 1.0, size)


def poisson(lam: Any = 1.0, size: Any = None) -> Any:
    """int64 numbers of events of which `lam` are expected, `size` for each rate."""
    return tf.random.poisson(_shape(size), lam, tf.int64)


def randint(low: Any, high: Any = None, size: Any = None, dtype: Any = np.int64) -> Any:
    """Integers from `low` up to `high`, which is left out, or from 0 up to `low` if that is the only limit.

    Raises:
      ValueError: another dtype than int32 and int64.
    """
    first, end = (0, int(low)) if high is None else (int(low), high)
    wanted = result_type(dtype)
    if wanted not in (tf.int32, tf.int64):
        raise ValueError(f"Argument `dtype` got an invalid value {dtype}. Only those convertible to "
                         f"{(np.int32, np.int64)} are supported.")
    return tf.random.uniform(() if size is None else (size,) if isinstance(size, int) else size, first, end, wanted)
