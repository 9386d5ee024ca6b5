"""Memory that runs out, in TensorFlow's words."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes, errors


def shortage(error: MemoryError) -> str:
    """What TensorFlow says where NumPy has no memory for an array."""
    shape, dtype = getattr(error, "shape", None), getattr(error, "dtype", None)
    if shape is None or dtype is None:
        return f"OOM when allocating memory: {error}" if str(error) else "OOM when allocating memory"
    sizes = ",".join(str(n) for n in shape)
    try:
        kind = dtypes.type_name(dtypes.from_numpy(dtype))
    except (KeyError, TypeError, ValueError):
        kind = str(dtype)
    return f"OOM when allocating tensor with shape[{sizes}] and type {kind} on " \
        "/job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu"


def translate(error: Exception) -> Exception:
    """An error of XLA's as one of TensorFlow's."""
    text = str(error)
    if "RESOURCE_EXHAUSTED" in text or "Out of memory" in text:
        return errors.ResourceExhaustedError(None, None, f"OOM: {text}")
    return error


def on_host(array: Any) -> np.ndarray[Any, Any]:
    """The value of a device array.

    A program that a device runs may fail after the call has returned; then its results must not be read.

    Raises:
      ResourceExhaustedError: there was no memory for it.
    """
    try:
        array.block_until_ready()
    except RuntimeError as error:
        raise translate(error) from error
    return np.asarray(array)
