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


def _op(class_name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a function the operation of this name."""
    return lambda function: _node(class_name, function)


def _flat(x: Any, axis: int | None) -> tuple[Tensor, int]:
    """A tensor and an axis of it: all its elements in a row where no axis is given."""
    x = tf.convert_to_tensor(x)
    return (tf.reshape(x, [-1]), 0) if axis is None else (x, axis)


@_op("Argmax")
def argmax(x: Any, axis: int | None = None) -> Tensor:
    """Where the largest element is along an axis, or among all."""
    x, axis = _flat(x, axis)
    return tf.argmax(x, axis, tf.int32)


@_op("Argmin")
def argmin(x: Any, axis: int | None = None) -> Tensor:
    """Where the smallest element is along an axis, or among all."""
    x, axis = _flat(x, axis)
    return tf.argmin(x, axis, tf.int32)


@_op("Cast")
def cast(x: Any, dtype: Any) -> Tensor:
    """The elements in another dtype."""
    return tf.cast(x, standardize_dtype(dtype))


@_op("Clip")
def clip(x: Any, x_min: Any, x_max: Any) -> Tensor:
    """The elements, those outside two bounds replaced by the nearer one."""
    x = tf.convert_to_tensor(x)
    return tf.clip_by_value(x, tf.cast(x_min, x.dtype), tf.cast(x_max, x.dtype))


@_op("Concatenate")
def concatenate(xs: Any, axis: int = 0) -> Tensor:
    """Tensors one after the other along an axis."""
    return tf.concat(xs, axis)


@_op("Cumsum")
def cumsum(x: Any, axis: int | None = None) -> Tensor:
    """Sums up to each element along an axis, or of all elements."""
    x, axis = _flat(x, axis)
    return tf.cumsum(x, axis)


@_op("ExpandDims")
def expand_dims(x: Any, axis: Any) -> Tensor:
    """The tensor with an axis of one element more."""
    return tf.expand_dims(x, axis)


@_op("OnesLike")
def ones_like(x: Any, dtype: Any = None) -> Tensor:
    """Ones in the shape of a tensor."""
    return tf.ones_like(x, dtype=dtype)


@_op("ZerosLike")
def zeros_like(x: Any, dtype: Any = None) -> Tensor:
    """Zeros in the shape of a tensor."""
    return tf.zeros_like(x, dtype=dtype)


@_op("Ravel")
def ravel(x: Any) -> Tensor:
    """All elements in a row."""
    return tf.reshape(x, [-1])


@_op("Reshape")
def reshape(x: Any, newshape: Any) -> Tensor:
    """The elements in another shape."""
    return tf.reshape(x, newshape)


@_op("Softmax")
def softmax(x: Any, axis: int = -1) -> Tensor:
    """Positive numbers with the sum one along an axis."""
    return tf.nn.softmax(tf.convert_to_tensor(x), axis=axis)


@_op("Squeeze")
def squeeze(x: Any, axis: Any = None) -> Tensor:
    """The tensor without axes of one element."""
    return tf.squeeze(x, axis)


@_op("Stack")
def stack(x: Any, axis: int = 0) -> Tensor:
    """Tensors side by side along a new axis."""
    return tf.stack(x, axis=axis)


@_op("Take")
def take(x: Any, indices: Any, axis: int | None = None) -> Tensor:
    """Elements, or slices along an axis, by their numbers."""
    x, axis = _flat(x, axis)
    return tf.gather(x, indices, axis=axis)


@_op("Transpose")
def transpose(x: Any, axes: Any = None) -> Tensor:
    """The tensor with its axes in another order, reversed for None."""
    return tf.transpose(x, axes)


@_op("Where")
def where(condition: Any, x1: Any, x2: Any) -> Tensor:
    """Elements of `x1` where a condition holds, of `x2` elsewhere."""
    dtype = result_dtype(x1, x2)
    return tf.where(tf.cast(condition, tf.bool), tf.cast(x1, dtype), tf.cast(x2, dtype))


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
