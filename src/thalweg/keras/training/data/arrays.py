"""Arrays of any kind as NumPy arrays that batches are cut from."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

import thalweg as tf

from ...config import floatx

_NUMBERS = (bool, int, float, np.number, np.bool_)


def is_array_like(x: Any) -> bool:
    """Whether rows can be cut from `x`: an array, a tensor, a data frame; None counts as well."""
    return x is None or (hasattr(x, "shape") and (hasattr(x, "__array__") or hasattr(x, "numpy")))


def can_slice(*structures: Any) -> bool:
    """Whether rows can be cut from everything in some nested structures."""
    return all(is_array_like(x) for x in tf.nest.flatten(structures))


def to_numpy(x: Any) -> Any:
    """An array-like as a NumPy array; floating-point numbers in `floatx`. Nothing is copied that fits already.

    One column of a data frame becomes a matrix of one column.

    Raises:
      ValueError: it has no rows, or holds Python objects that are neither numbers nor strings.
    """
    array = np.asarray(x)
    if array.ndim == 1 and hasattr(x, "iloc"):
        array = array[:, None]
    if array.dtype == object and all(isinstance(value, _NUMBERS) for value in array.flat):
        array = array.astype("float64")
    if array.ndim == 0:
        raise ValueError(f"Expected an array with at least one axis, the samples. Received: {x!r} of shape ()")
    if array.dtype.kind == "f" or array.dtype.name == "bfloat16":
        array = array.astype(tf.as_dtype(floatx()).as_numpy_dtype, copy=False)
    elif array.dtype == object and not all(isinstance(value, (str, bytes)) for value in array.flat):
        raise ValueError("Expected numbers or strings, but the data hold Python objects: "
                         f"{sorted({type(value).__name__ for value in array.flat})}. Rows of unequal length cannot be "
                         "made "
                         "into an array, and columns that are no numbers must be encoded first.")
    return array


def count_samples(named: dict[str, Any]) -> int:
    """The number of rows, the same in all arrays.

    Args:
      named: structures of arrays by the name of the argument that they came from.

    Raises:
      ValueError: the numbers differ, or there are no rows.
    """
    sizes = {
        name: [int(x.shape[0]) for x in tf.nest.flatten(arrays) if x is not None]
        for name, arrays in named.items()
        if arrays is not None
    }
    counts = {size for each in sizes.values() for size in each}
    if len(counts) > 1:
        listed = "".join(f"'{name}' sizes: {', '.join(map(str, each))}\n" for name, each in sizes.items())
        raise ValueError("Data cardinality is ambiguous. Make sure all arrays contain the same number of "
                         f"samples.{listed}")
    if not counts or counts == {0}:
        raise ValueError("Expected data of at least one sample. Received: "
                         + (", ".join(f"`{name}` with 0 samples" for name in sizes) or "no arrays"))
    return counts.pop()


def train_validation_split(arrays: Any, validation_split: float) -> tuple[Any, Any]:
    """Structures of arrays, cut in two: the last part is for validation.

    Raises:
      ValueError: something that rows cannot be cut from, or too few rows.
    """
    flat = [x for x in tf.nest.flatten(arrays) if x is not None]
    unfit = [type(x) for x in flat if not is_array_like(x)]
    if unfit:
        raise ValueError("Argument `validation_split` is only supported for tensors or NumPy arrays.Found incompatible "
                         f"type in the input: {unfit}")
    if not flat:
        return arrays, arrays
    total = int(flat[0].shape[0])
    at = math.floor(total * (1.0 - validation_split))
    if at in (0, total):
        raise ValueError(f"Training data contains {total} samples, which is not sufficient to split it into a "
                         "validation "
                         f"and training set as specified by `validation_split={validation_split}`. Either provide more "
                         "data, or a different value for the `validation_split` argument.")

    def part(rows: slice) -> Any:
        return tf.nest.map_structure(lambda x: None if x is None else to_numpy(x)[rows], arrays)

    return part(slice(0, at)), part(slice(at, total))
