"""Functions of `keras.backend` element by element, along axes, and of shapes."""
from __future__ import annotations

import builtins
from math import prod as product
from typing import Any

import numpy as np

import thalweg as tf

from ..config import floatx
from ..types import Shape, Tensor


def abs(x: Any) -> Tensor:
    """`tf.abs`."""
    return tf.abs(x)


def all(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Whether all elements along axes are other than 0."""
    return tf.reduce_all(tf.cast(x, tf.bool), axis, keepdims)


def any(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Whether any element along axes is other than 0."""
    return tf.reduce_any(tf.cast(x, tf.bool), axis, keepdims)


def argmax(x: Any, axis: int = -1) -> Tensor:
    """`tf.argmax`, along the last axis if none is given."""
    return tf.argmax(x, axis)


def argmin(x: Any, axis: int = -1) -> Tensor:
    """`tf.argmin`, along the last axis if none is given."""
    return tf.argmin(x, axis)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Tensor:
    """`tf.range`, cast to `dtype`; empty where `start` alone is given and negative."""
    if stop is None:
        start, stop = 0, builtins.max(start, 0)
    found = tf.range(start, limit=stop, delta=step)
    return found if dtype == "int32" else tf.cast(found, dtype)


def batch_flatten(x: Any) -> Tensor:
    """`x` with all axes but the first in one."""
    return tf.reshape(x, tf.stack([-1, tf.reduce_prod(tf.shape(x)[1:])]))


def cast(x: Any, dtype: Any) -> Tensor:
    """`tf.cast`."""
    return tf.cast(x, dtype)


def cast_to_floatx(x: Any) -> Any:
    """A tensor cast to `floatx`; an array of it for anything else."""
    if isinstance(x, (tf.Tensor, tf.Variable, tf.SparseTensor)):
        return tf.cast(x, floatx())
    return np.asarray(x, floatx())


def clip(x: Any, min_value: Any, max_value: Any) -> Tensor:
    """`x` between two bounds, of which None stands for infinity; a lower bound above the other is both."""
    if isinstance(min_value, (int, float)) and isinstance(max_value, (int, float)):
        max_value = builtins.max(min_value, max_value)
    return tf.clip_by_value(x, -np.inf if min_value is None else min_value, np.inf if max_value is None else max_value)


def concatenate(tensors: Any, axis: int = -1) -> Any:
    """`tf.concat`, along the last axis if none is given; sparse tensors stay sparse among their like."""
    if axis < 0:
        rank = ndim(tensors[0])
        axis = axis % rank if rank else 0
    if builtins.all(isinstance(x, tf.SparseTensor) for x in tensors):
        return tf.sparse.concat(axis, tensors)
    return tf.concat([to_dense(x) for x in tensors], axis)


def constant(value: Any, dtype: Any = None, shape: Shape | None = None, name: str | None = None) -> Tensor:
    """`tf.constant`, of `floatx` if no dtype is given."""
    return tf.constant(value, dtype=dtype or floatx(), shape=shape, name=name)


def cos(x: Any) -> Tensor:
    """`tf.cos`."""
    return tf.cos(x)


def count_params(x: Any) -> int:
    """How many elements there are."""
    return product(x.shape.as_list())


def cumsum(x: Any, axis: int = 0) -> Tensor:
    """`tf.cumsum`."""
    return tf.cumsum(x, axis=axis)


def cumprod(x: Any, axis: int = 0) -> Tensor:
    """`tf.math.cumprod`."""
    return tf.math.cumprod(x, axis=axis)


def dot(x: Any, y: Any) -> Tensor:
    """The product of the last axis of `x` with the last but one of `y`; of one sparse matrix with a dense one."""
    if isinstance(x, tf.SparseTensor):
        return tf.sparse.sparse_dense_matmul(x, y)
    if builtins.max(ndim(x), ndim(y)) <= 2:
        return tf.matmul(x, y)
    return tf.tensordot(x, y, [[ndim(x) - 1], [ndim(y) - 2]])


def dtype(x: Any) -> str:
    """The name of the dtype."""
    return str(x.dtype.base_dtype.name)


def elu(x: Any, alpha: float = 1.0) -> Tensor:
    """`x` where it is positive, else `alpha * (exp(x) - 1)`."""
    found = tf.nn.elu(x)
    return found if alpha == 1 else tf.where(x > 0, found, alpha * found)


def equal(x: Any, y: Any) -> Tensor:
    """`tf.equal`."""
    return tf.equal(x, y)


def eval(x: Any) -> Any:
    """The value as a NumPy array."""
    return get_value(to_dense(x))


def exp(x: Any) -> Tensor:
    """`tf.exp`."""
    return tf.exp(x)


def expand_dims(x: Any, axis: int = -1) -> Tensor:
    """`tf.expand_dims`, at the end if no axis is given."""
    return tf.expand_dims(x, axis)


def eye(size: int, dtype: Any = None, name: str | None = None) -> Any:
    """A variable with the unit matrix."""
    return variable(tf.eye(size, dtype=tf.as_dtype(dtype or floatx())), dtype, name)


def flatten(x: Any) -> Tensor:
    """`x` in one axis."""
    return tf.reshape(x, [-1])


def gather(reference: Any, indices: Any) -> Tensor:
    """`tf.gather`."""
    return tf.gather(reference, indices)


def get_value(x: Any) -> Any:
    """The value of a tensor or variable as a NumPy array; anything else as it is."""
    return x.numpy() if tf.is_tensor(x) or isinstance(x, tf.Variable) else x


def batch_get_value(tensors: Any) -> list[Any]:
    """The values of several."""
    return [x.numpy() for x in tensors]


def set_value(x: Any, value: Any) -> None:
    """Sets a variable."""
    x.assign(np.asarray(value, dtype=x.dtype.name))


def batch_set_value(tuples: Any) -> None:
    """Sets variables; pairs of a variable and its value."""
    for x, value in tuples:
        set_value(x, value)


def gradients(loss: Any, variables: Any) -> Any:
    """`tf.gradients`, in graphs."""
    return tf.gradients(loss, variables)


def greater(x: Any, y: Any) -> Tensor:
    """`tf.greater`."""
    return tf.greater(x, y)


def greater_equal(x: Any, y: Any) -> Tensor:
    """`tf.greater_equal`."""
    return tf.greater_equal(x, y)


def int_shape(x: Any) -> tuple[Any, ...] | None:
    """The static shape as a tuple; None if the rank is unknown."""
    try:
        return tuple(x.shape if isinstance(x.shape, tuple) else x.shape.as_list())
    except ValueError:
        return None


def is_sparse(tensor: Any) -> bool:
    """Whether it is a `SparseTensor`."""
    return isinstance(tensor, tf.SparseTensor)


def less(x: Any, y: Any) -> Tensor:
    """`tf.less`."""
    return tf.less(x, y)


def less_equal(x: Any, y: Any) -> Tensor:
    """`tf.less_equal`."""
    return tf.less_equal(x, y)


def log(x: Any) -> Tensor:
    """`tf.math.log`."""
    return tf.math.log(x)


def max(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """`tf.reduce_max`."""
    return tf.reduce_max(x, axis, keepdims)


def maximum(x: Any, y: Any) -> Tensor:
    """`tf.maximum`."""
    return tf.maximum(x, y)


def _number(x: Any) -> Any:
    return tf.cast(x, floatx()) if x.dtype.base_dtype == tf.bool else x


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """`tf.reduce_mean`; booleans count as 0 and 1."""
    return tf.reduce_mean(_number(x), axis, keepdims)


def min(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """`tf.reduce_min`."""
    return tf.reduce_min(x, axis, keepdims)


def minimum(x: Any, y: Any) -> Tensor:
    """`tf.minimum`."""
    return tf.minimum(x, y)


def ndim(x: Any) -> Any:
    """The rank."""
    return x.shape.rank


def not_equal(x: Any, y: Any) -> Tensor:
    """`tf.not_equal`."""
    return tf.not_equal(x, y)


def one_hot(indices: Any, num_classes: int) -> Tensor:
    """`tf.one_hot`."""
    return tf.one_hot(indices, depth=num_classes, axis=-1)


def ones(shape: Shape, dtype: Any = None, name: str | None = None) -> Any:
    """A variable of ones; a tensor if a size is 0."""
    return _filled(tf.ones, shape, dtype, name)


def zeros(shape: Shape, dtype: Any = None, name: str | None = None) -> Any:
    """A variable of zeros; a tensor if a size is 0."""
    return _filled(tf.zeros, shape, dtype, name)


def _filled(make: Any, shape: Shape, dtype: Any, name: str | None) -> Any:
    with tf.init_scope():
        x = make(shape=shape, dtype=tf.as_dtype(dtype or floatx()), name=name)
        return variable(x, dtype=dtype or floatx(), name=name) if builtins.all(x.shape.as_list()) else x


def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """`tf.ones_like`."""
    return tf.ones_like(x, dtype=dtype, name=name)


def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """`tf.zeros_like`."""
    return tf.zeros_like(x, dtype=dtype, name=name)


def permute_dimensions(x: Any, pattern: Any) -> Tensor:
    """`tf.transpose`."""
    return tf.transpose(x, perm=pattern)


def pow(x: Any, a: Any) -> Tensor:
    """`tf.pow`."""
    return tf.pow(x, a)


def prod(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """`tf.reduce_prod`."""
    return tf.reduce_prod(x, axis, keepdims)


def repeat_elements(x: Any, rep: int, axis: int) -> Tensor:
    """Every element along an axis `rep` times."""
    return tf.repeat(x, rep, axis=axis)


def repeat(x: Any, n: int) -> Tensor:
    """A matrix as `n` equal steps of sequences.

    Raises:
      ValueError: another rank.
    """
    if ndim(x) != 2:
        raise ValueError(f"Expected input `x` to have rank 2. Received: rank(x)={ndim(x)}")
    return tf.tile(tf.expand_dims(x, 1), tf.stack([1, n, 1]))


def reshape(x: Any, shape: Shape) -> Tensor:
    """`tf.reshape`."""
    return tf.reshape(x, shape)


def reverse(x: Any, axes: Any) -> Tensor:
    """`tf.reverse`; one axis may stand alone."""
    return tf.reverse(x, [axes] if isinstance(axes, int) else axes)


def round(x: Any) -> Tensor:
    """`tf.round`."""
    return tf.round(x)


def shape(x: Any) -> Tensor:
    """`tf.shape`."""
    return tf.shape(x)


def sign(x: Any) -> Tensor:
    """`tf.sign`."""
    return tf.sign(x)


def sin(x: Any) -> Tensor:
    """`tf.sin`."""
    return tf.sin(x)


def sqrt(x: Any) -> Tensor:
    """The square root; 0 for negative numbers."""
    zero = tf.convert_to_tensor(0.0, x.dtype)
    return tf.sqrt(tf.maximum(x, zero))


def square(x: Any) -> Tensor:
    """`tf.square`."""
    return tf.square(x)


def squeeze(x: Any, axis: Any) -> Tensor:
    """`tf.squeeze`."""
    return tf.squeeze(x, [axis])


def stack(x: Any, axis: int = 0) -> Tensor:
    """`tf.stack`."""
    return tf.stack(x, axis=axis)


def std(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """`tf.math.reduce_std`; booleans count as 0 and 1."""
    return tf.math.reduce_std(_number(x), axis=axis, keepdims=keepdims)


def var(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """`tf.math.reduce_variance`; booleans count as 0 and 1."""
    return tf.math.reduce_variance(_number(x), axis=axis, keepdims=keepdims)


def stop_gradient(variables: Any) -> Any:
    """`tf.stop_gradient`, of one or several."""
    if isinstance(variables, (list, tuple)):
        return list(map(tf.stop_gradient, variables))
    return tf.stop_gradient(variables)


def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """`tf.reduce_sum`."""
    return tf.reduce_sum(x, axis, keepdims)


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One of two values or functions, by a scalar condition; of two values element by element, by one with axes.

    Raises:
      ValueError: the condition has more axes than the values.
    """
    condition = tf.cast(condition, tf.bool)
    if not ndim(condition):
        made = [(x if callable(x) else (lambda x=x: x)) for x in (then_expression, else_expression)]
        return tf.cond(condition, *made)
    then, otherwise = (x() if callable(x) else x for x in (then_expression, else_expression))
    missing = ndim(then) - ndim(condition)
    if missing < 0:
        raise ValueError("Rank of `condition` should be less than or equal to rank of `then_expression` and "
                         f"`else_expression`. ndim(condition)={ndim(condition)}, ndim(then_expression)={ndim(then)}")
    if ndim(condition) > 1:  # A row is broadcast as it is.
        condition = tf.reshape(condition, tf.concat([tf.shape(condition), tf.ones([missing], tf.int32)], 0))
    return tf.where(condition, then, otherwise)


def tile(x: Any, n: Any) -> Tensor:
    """`tf.tile`; one number stands for itself alone."""
    return tf.tile(x, [n] if isinstance(n, int) else n)


def to_dense(tensor: Any) -> Any:
    """A sparse tensor as a dense one; anything else as it is."""
    return tf.sparse.to_dense(tensor) if is_sparse(tensor) else tensor


def transpose(x: Any) -> Tensor:
    """`tf.transpose`."""
    return tf.transpose(x)


def update(x: Any, new_x: Any) -> Any:
    """Sets a variable."""
    return x.assign(new_x)


def update_add(x: Any, increment: Any) -> Any:
    """Adds to a variable."""
    return x.assign_add(increment)


def update_sub(x: Any, decrement: Any) -> Any:
    """Subtracts from a variable."""
    return x.assign_sub(decrement)


def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None) -> Any:
    """`tf.Variable`, of `floatx` if no dtype is given."""
    return tf.Variable(tf.convert_to_tensor(value, dtype=tf.as_dtype(dtype or floatx())), name=name, constraint=constraint)
