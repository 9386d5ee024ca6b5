"""Numbers that all variables of a step share: Python numbers for a step taken now, tensors inside a graph."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

import thalweg as tf


def local_step(iterations: Any, dtype: Any) -> Any:
    """The number of the step, from 1."""
    return int(iterations) + 1 if tf.executing_eagerly() else tf.cast(iterations + 1, dtype)


def power(base: float, exponent: Any, dtype: Any) -> Any:
    """A power of a number that is rounded to the dtype first, as it would be in a tensor."""
    if isinstance(exponent, int):
        return float(np.asarray(base).astype(dtype.as_numpy_dtype)) ** exponent
    return tf.pow(tf.cast(base, dtype), exponent)


def root(x: Any) -> Any:
    """The square root."""
    return math.sqrt(x) if isinstance(x, float) else tf.sqrt(x)
