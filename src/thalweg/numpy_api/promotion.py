"""Which dtype a result has, by NumPy's rules, and arguments as tensors of that dtype."""
from __future__ import annotations

import numbers
from typing import Any

import numpy as np

import thalweg as tf

_PYTHON = (bool, int, float, complex)


class Settings:
    """What `experimental_enable_numpy_behavior` has decided about dtypes."""

    prefer_float32 = False
    """Whether Python's floats are float32 and its complex numbers complex64."""


def default_float() -> Any:
    """The NumPy type of a Python float: float64, or float32 where that is preferred."""
    return np.float32 if Settings.prefer_float32 else np.float64


def numpy_type(dtype: Any) -> Any:
    """A TensorFlow, NumPy or Python type as NumPy knows it."""
    return dtype.as_numpy_dtype if isinstance(dtype, tf.DType) else np.dtype(dtype)


def _kind(x: Any) -> Any:
    """What stands for `x` in NumPy's promotion: a value for Python numbers and arrays, else a dtype."""
    if isinstance(x, numbers.Real):
        return x
    if isinstance(x, (tf.Tensor, tf.Variable, tf.IndexedSlices)) or tf.is_tensor(x):
        return numpy_type(x.dtype)
    if isinstance(x, tf.DType):
        return x.as_numpy_dtype
    return x


def _narrow(x: Any) -> Any:
    if isinstance(x, float):
        return np.float32(x)
    return np.complex64(x) if isinstance(x, complex) else x


def _few(values: list[Any]) -> list[Any]:
    """The same question with one Python number of a type: a long list of numbers is asked about like a short one."""
    kept: dict[type, Any] = {}
    others = []
    for value in values:
        kind = type(value)
        if kind not in _PYTHON:
            others.append(value)
        elif kind not in kept or kind is int and abs(value) > abs(kept[kind]):
            kept[kind] = value
    return [*others, *kept.values()]


def result_type(*arrays_and_dtypes: Any) -> tf.DType:
    """The dtype that NumPy promotes these tensors, arrays, numbers and dtypes to; lists are asked element by element.

    Raises:
      TypeError: no such dtype, or an argument that NumPy cannot read as one.
    """
    values = _few([_kind(x) for x in tf.nest.flatten(arrays_and_dtypes)])
    if Settings.prefer_float32:
        values = [_narrow(x) for x in values]
    return tf.as_dtype(np.result_type(*(values or [np.float64])))


def promote_types(type1: Any, type2: Any) -> np.dtype[Any]:
    """The NumPy dtype of the smallest type that both types convert to safely."""
    return np.promote_types(numpy_type(type1), numpy_type(type2))


def dtype_of(a: Any, dtype: Any = None) -> tf.DType:
    """The dtype of `a` as an array, or `dtype` if there is one. Text is text here, and not the name of a dtype."""
    if dtype:
        return result_type(dtype)
    return tf.string if isinstance(a, (str, bytes)) else result_type(a)


def is_inexact(x: tf.Tensor) -> bool:
    """Whether NumPy counts the dtype among its floating-point and complex ones."""
    return bool(np.issubdtype(x.dtype.as_numpy_dtype, np.inexact))


def to_tensor(value: Any, hint: Any = None) -> Any:
    """A tensor in TensorFlow's dtype for the value, or in `hint` where the value allows it."""
    dtype = None
    if hint is None and isinstance(value, int) and value >= 2**63:
        dtype = tf.uint64
    elif hint is None and isinstance(value, float):
        dtype = tf.as_dtype(default_float())
    return tf.convert_to_tensor(value, dtype=dtype, dtype_hint=hint)


def array(val: Any, dtype: Any = None, copy: bool = True, ndmin: int = 0) -> Any:
    """A tensor of a number, a nested list, an array or a tensor.

    Args:
      val: what to convert.
      dtype: its dtype; values that do not fit are cast, as NumPy does.
      copy: whether a tensor is passed through `tf.identity`; tensors never change, so both are the same value.
      ndmin: the least number of dimensions, at most 32; those that are missing are put in front.

    Raises:
      ValueError: `ndmin` is too large, or the lists are ragged.
    """
    if dtype:
        dtype = result_type(dtype)
    if ndmin > 32:
        raise ValueError("ndmin bigger than allowable number of dimensions: 32.")
    if not isinstance(val, tf.Tensor):
        dtype = dtype_of(val, dtype)
        out = tf.cast(to_tensor(val, dtype), dtype)
    else:
        out = tf.cast(val, dtype) if dtype else val
    if copy:
        out = tf.identity(out)
    return at_least(out, ndmin) if ndmin else out


def asarray(a: Any, dtype: Any = None) -> Any:
    """`a` as a tensor, itself if it is one of the wanted dtype."""
    return a if isinstance(a, tf.Tensor) and not dtype else array(a, dtype, copy=False)


def asanyarray(a: Any, dtype: Any = None) -> Any:
    """As `asarray`: tensors have no subclasses to keep."""
    return asarray(a, dtype)


def ascontiguousarray(a: Any, dtype: Any = None) -> Any:
    """`a` as a tensor with at least one dimension."""
    return array(a, dtype, ndmin=1)


def copy(a: Any) -> Any:
    """`a` as a tensor of its own."""
    return array(a)


def at_least(x: tf.Tensor, rank: int) -> Any:
    """The tensor with dimensions of one put in front until it has `rank`."""
    known = x.shape.rank
    if known is not None and known >= rank:
        return x
    if x.shape.is_fully_defined():
        return tf.reshape(x, [1] * (rank - len(x.shape)) + x.shape.as_list())
    shape = tf.shape(x)
    lead = tf.maximum(rank - tf.size(shape), 0) if known is None else rank - known
    out = tf.reshape(x, tf.pad(shape, [[lead, 0]], constant_values=1))
    if known is not None:
        out.set_shape([1] * (rank - known) + x.shape.as_list())
    return out


def promote(*arrays: Any) -> list[Any]:
    """The arguments as tensors of the dtype that they promote to."""
    dtype = result_type(*arrays)
    return [a if isinstance(a, tf.Tensor) and a.dtype == dtype else array(a, dtype, copy=False) for a in arrays]


def floating(x: tf.Tensor) -> Any:
    """The tensor, in float64 unless its dtype is an inexact one already. What is preferred counts for numbers only."""
    return x if is_inexact(x) else tf.cast(x, tf.float64)


def isscalar(num: Any) -> bool:
    """Whether the argument has no dimensions."""
    return ndim(num) == 0


def ndim(a: Any) -> int | None:
    """The number of dimensions; None where the graph does not know it."""
    rank: int | None = asarray(a).shape.rank
    return rank


def shape(a: Any) -> Any:
    """The static shape."""
    return asarray(a).shape


def size(x: Any, axis: Any = None) -> Any:
    """The number of elements: an int, or a tensor where the graph does not know it.

    Raises:
      NotImplementedError: an axis is given, which TensorFlow does not take.
    """
    if axis is not None:
        raise NotImplementedError("axis argument is not supported in the current `np.size` implementation")
    if isinstance(x, (int, float, np.int32, np.int64, np.float32, np.float64)):
        return 1
    x = asarray(x)
    return np.prod(x.shape.as_list(), dtype=int) if x.shape.is_fully_defined() else tf.size(x)


def iscomplexobj(x: Any) -> bool:
    """Whether the dtype is complex."""
    return bool(np.issubdtype(asarray(x).dtype.as_numpy_dtype, np.complexfloating))


def isrealobj(x: Any) -> bool:
    """Whether the dtype is not complex."""
    return not iscomplexobj(x)


def finfo(dtype: Any) -> Any:
    """NumPy's description of a floating-point dtype."""
    return np.finfo(numpy_type(dtype))
