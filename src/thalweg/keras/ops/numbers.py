"""Functions element by element, along axes, and of shapes, under the names of `keras.ops`.

Each takes tensors, arrays and numbers, or symbolic tensors, for which it becomes a node of the model. Two operands meet in the
wider of their dtypes; functions that have no integer results take integers as `floatx`.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import thalweg as tf

from ..config import floatx, standardize_dtype
from ..symbolic.arithmetic import result_dtype
from ..symbolic.keras_tensor import KerasTensor, any_symbolic
from ..symbolic.operation import Operation
from ..types import Shape, Tensor


def _node(class_name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that becomes a node when it is called with symbolic tensors."""
    cls: Any = type(class_name, (Operation,), {"call": lambda self, *args, **kwargs: function(*args, **kwargs),
                                               "__module__": __name__})

    def call(*args: Any, **kwargs: Any) -> Any:
        return cls()(*args, **kwargs) if any_symbolic(args, kwargs) else function(*args, **kwargs)

    call.__name__ = call.__qualname__ = function.__name__
    call.__doc__ = function.__doc__
    return call


def _floats(x: Any) -> Tensor:
    x = tf.convert_to_tensor(x)
    return x if x.dtype.is_floating or x.dtype.is_complex else tf.cast(x, floatx())


def _unary(class_name: str, function: Callable[..., Any], to_float: bool = True) -> Callable[..., Any]:
    def call(x: Any) -> Tensor:
        return function(_floats(x) if to_float else tf.convert_to_tensor(x))

    call.__doc__ = f"`{class_name.lower()}` of every element."
    return _node(class_name, call)


def _binary(class_name: str, function: Callable[..., Any], to_float: bool = False) -> Callable[..., Any]:
    def call(x1: Any, x2: Any) -> Tensor:
        dtype = result_dtype(x1, x2)
        if to_float and "float" not in dtype and "complex" not in dtype:
            dtype = floatx()
        return function(*(tf.cast(tf.convert_to_tensor(x), dtype) for x in (x1, x2)))

    call.__doc__ = f"`{class_name.lower()}` of two operands, which broadcast."
    return _node(class_name, call)


def _reduction(class_name: str, function: Callable[..., Any], to_float: bool = False) -> Callable[..., Any]:
    def call(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
        return function(_floats(x) if to_float else tf.convert_to_tensor(x), axis=axis, keepdims=keepdims)

    call.__doc__ = f"`{class_name.lower()}` along axes, all of them for None."
    return _node(class_name, call)


abs = _unary("Abs", tf.abs, to_float=False)
absolute = _unary("Absolute", tf.abs, to_float=False)
arccos = _unary("Arccos", tf.acos)
cos = _unary("Cos", tf.cos)
exp = _unary("Exp", tf.exp)
log = _unary("Log", tf.math.log)
relu = _unary("Relu", tf.nn.relu, to_float=False)
round = _unary("Round", tf.round, to_float=False)
sigmoid = _unary("Sigmoid", tf.sigmoid, to_float=False)
sign = _unary("Sign", tf.sign, to_float=False)
sin = _unary("Sin", tf.sin)
sqrt = _unary("Sqrt", tf.sqrt)
square = _unary("Square", tf.square, to_float=False)
tanh = _unary("Tanh", tf.tanh)

add = _binary("Add", tf.add)
divide = _binary("Divide", tf.divide, to_float=True)
matmul = _binary("Matmul", tf.matmul)
maximum = _binary("Maximum", tf.maximum)
minimum = _binary("Minimum", tf.minimum)
multiply = _binary("Multiply", tf.multiply)
subtract = _binary("Subtract", tf.subtract)

logsumexp = _reduction("Logsumexp", tf.reduce_logsumexp)
max = _reduction("Max", tf.reduce_max)
mean = _reduction("Mean", tf.reduce_mean, to_float=True)
min = _reduction("Min", tf.reduce_min)
prod = _reduction("Prod", tf.reduce_prod)
sum = _reduction("Sum", tf.reduce_sum)

_ = tf.convert_to_tensor
argmax = _node("Argmax", lambda x, axis=None: tf.argmax(_(x) if axis is not None else tf.reshape(x, [-1]), axis or 0, tf.int32))
argmin = _node("Argmin", lambda x, axis=None: tf.argmin(_(x) if axis is not None else tf.reshape(x, [-1]), axis or 0, tf.int32))
cast = _node("Cast", lambda x, dtype: tf.cast(x, standardize_dtype(dtype)))
clip = _node("Clip", lambda x, x_min, x_max: tf.clip_by_value(_(x), tf.cast(x_min, _(x).dtype), tf.cast(x_max, _(x).dtype)))
concatenate = _node("Concatenate", lambda xs, axis=0: tf.concat(xs, axis))
cumsum = _node("Cumsum", lambda x, axis=None: tf.cumsum(_(x) if axis is not None else tf.reshape(x, [-1]), axis or 0))
expand_dims = _node("ExpandDims", lambda x, axis: tf.expand_dims(x, axis))
ones_like = _node("OnesLike", lambda x, dtype=None: tf.ones_like(x, dtype=dtype))
zeros_like = _node("ZerosLike", lambda x, dtype=None: tf.zeros_like(x, dtype=dtype))
ravel = _node("Ravel", lambda x: tf.reshape(x, [-1]))
reshape = _node("Reshape", lambda x, newshape: tf.reshape(x, newshape))
softmax = _node("Softmax", lambda x, axis=-1: tf.nn.softmax(_(x), axis=axis))
squeeze = _node("Squeeze", lambda x, axis=None: tf.squeeze(x, axis))
stack = _node("Stack", lambda x, axis=0: tf.stack(x, axis=axis))
take = _node("Take", lambda x, indices, axis=None: tf.gather(_(x) if axis is not None else tf.reshape(x, [-1]), indices,
                                                              axis=axis or 0))
transpose = _node("Transpose", lambda x, axes=None: tf.transpose(x, axes))
where = _node("Where", lambda condition, x1, x2: tf.where(
    tf.cast(condition, tf.bool), *(tf.cast(x, result_dtype(x1, x2)) for x in (x1, x2))))


def shape(x: Any) -> tuple[Any, ...]:
    """The sizes as a tuple: numbers where they are known; else scalars, or None for a symbolic tensor."""
    if isinstance(x, KerasTensor):
        return tuple(x.shape)
    x = tf.convert_to_tensor(x)
    sizes: Any = tf.shape(x) if None in x.shape else None
    return tuple(sizes[i] if size is None else size for i, size in enumerate(x.shape))


def convert_to_tensor(x: Any, dtype: Any = None) -> Tensor:
    """`x` as a tensor, cast to `dtype` if one is given."""
    return tf.convert_to_tensor(x) if dtype is None else tf.cast(tf.convert_to_tensor(x), standardize_dtype(dtype))


array = convert_to_tensor


def convert_to_numpy(x: Any) -> Any:
    """`x` as a NumPy array."""
    return np.array(x)


def ones(shape: Shape, dtype: Any = None) -> Tensor:
    """Ones, of `floatx` if no dtype is given."""
    return tf.ones(shape, standardize_dtype(dtype))


def zeros(shape: Shape, dtype: Any = None) -> Tensor:
    """Zeros, of `floatx` if no dtype is given."""
    return tf.zeros(shape, standardize_dtype(dtype))
