"""Numbers of categories as vectors: what the layers that number things share."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from ...types import Shape

MODES = ("int", "one_hot", "multi_hot", "count")


def check_choice(value: Any, allowed: tuple[str, ...], layer: Any, argument: str, none: bool = False,
                 functions: bool = False) -> None:
    """Asserts that an argument is one of some words.

    Args:
      value: the argument.
      allowed: the words.
      layer: whose argument it is.
      argument: its name.
      none: whether None will do.
      functions: whether a function will do.

    Raises:
      ValueError: it is something else.
    """
    if (none and value is None) or (functions and callable(value)) or (isinstance(value, str) and value in allowed):
        return
    raise ValueError(f"Unknown value for `{argument}` argument of {type(layer).__name__}. Allowed values are: {allowed}. "
                     f"Received: {argument}={value}")


def plain(value: Any) -> Any:
    """A tensor, array or list for a config."""
    if tf.is_tensor(value):
        value = value.numpy()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return list(value) if isinstance(value, list) else value


def tensor_of(x: Any, dtype: Any = None) -> Any:
    """A tensor, ragged and sparse ones included, of a dtype."""
    if not isinstance(x, (tf.Tensor, tf.SparseTensor, tf.RaggedTensor)):
        x = tf.convert_to_tensor(x, dtype) if dtype is not None else tf.convert_to_tensor(x)
    return x if dtype is None or x.dtype == dtype else tf.cast(x, dtype)


def encoded(indices: Any, mode: str, depth: int, dtype: Any, sparse: bool = False, weights: Any = None) -> Any:
    """Indices below `depth` as a layer returns them.

    Args:
      indices: integers of any shape; ragged and sparse ones of rank 2.
      mode: `"int"`, `"one_hot"`, `"multi_hot"` (zeros and ones for each row) or `"count"`.
      depth: the length of the vectors.
      dtype: of the result.
      sparse: whether the result is sparse.
      weights: what each index counts, for `"count"`.
    """
    if mode == "int":
        return tf.cast(indices, dtype)
    rank = len(indices.shape)
    if rank == 0:
        indices, rank = tf.expand_dims(indices, -1), 1
    if mode == "one_hot":
        if rank > 1 and indices.shape[-1] == 1:
            indices = tf.squeeze(indices, -1)
        out = tf.one_hot(indices, depth, dtype=dtype)
    elif rank <= 2:
        return _counted(indices, depth, mode == "multi_hot", dtype, sparse, weights)
    else:
        out = tf.one_hot(indices, depth, dtype=dtype if weights is None else weights.dtype)
        if weights is not None:
            out *= tf.expand_dims(weights, -1)
        out = tf.reduce_max(out, 1) if mode == "multi_hot" else tf.reduce_sum(out, 1)
    return tf.sparse.from_dense(out) if sparse else out


def _counted(indices: Any, depth: int, binary: bool, dtype: Any, sparse: bool, weights: Any) -> Any:
    limits = {"minlength": depth, "maxlength": depth, "axis": -1, "binary_output": binary}
    if sparse:
        found = tf.sparse.bincount(indices, weights=weights, **limits)
        rows = [depth] if len(indices.shape) == 1 else [tf.cast(tf.shape(found)[0], tf.int64), depth]
        return tf.SparseTensor(found.indices, tf.cast(found.values, dtype), tf.stack(rows))
    if isinstance(indices, tf.Tensor) and not isinstance(indices, tf.RaggedTensor):
        exact = tf.as_dtype(dtype) if tf.as_dtype(dtype) in (tf.int32, tf.int64, tf.float64) else tf.float32
        weights = tf.zeros([0], exact) if weights is None else tf.cast(weights, exact)
        found = tf.raw_ops.DenseBincount(input=indices, size=tf.constant(depth, indices.dtype), weights=weights,
                                         binary_output=binary)
        return tf.cast(found, dtype)
    found = tf.math.bincount(indices, weights=weights, dtype=dtype, **limits)
    found.set_shape([depth] if len(indices.shape) == 1 else [indices.shape[0], depth])
    return tf.cast(found, dtype)


def encoded_shape(shape: Shape, mode: str, depth: Any) -> Shape:
    """The shape of what `encoded` returns."""
    shape = tuple(shape)
    if mode == "int":
        return shape
    if mode == "one_hot" and not (len(shape) > 1 and shape[-1] == 1):
        return (*shape, depth)
    return (*shape[:-1], depth)
