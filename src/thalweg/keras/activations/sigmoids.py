"""Activations with bounded values, and those that make probabilities of their input."""
from __future__ import annotations

import warnings

import thalweg as tf

from .. import tags
from ..types import Tensor, TensorLike


def linear(x: TensorLike) -> Tensor:
    """`x` itself."""
    return x


def exponential(x: TensorLike) -> Tensor:
    """`exp(x)`."""
    return tf.exp(x)


def sigmoid(x: TensorLike) -> Tensor:
    """`1 / (1 + exp(-x))`. Losses of the result work on `x`, which is exact where the sigmoid saturates."""
    output = tf.math.sigmoid(x)
    tags.set_logits(output, x)
    return output


def log_sigmoid(x: TensorLike) -> Tensor:
    """`log(sigmoid(x))`."""
    return tf.math.log_sigmoid(x)


def hard_sigmoid(x: TensorLike) -> Tensor:
    """`relu6(x + 3) / 6`: 0 below -3, 1 above 3, straight between."""
    return tf.nn.relu6(tf.convert_to_tensor(x) + 3.0) / 6.0


def sparse_sigmoid(x: TensorLike) -> Tensor:
    """0 below -1, 1 above 1, `(x + 1) / 2` between."""
    x = tf.convert_to_tensor(x)
    return tf.where(x <= -1, tf.zeros_like(x), tf.where(x >= 1, tf.ones_like(x), 0.5 * (x + 1)))


def tanh(x: TensorLike) -> Tensor:
    """The hyperbolic tangent."""
    return tf.math.tanh(x)


def hard_tanh(x: TensorLike) -> Tensor:
    """`x` cut off at -1 and 1."""
    return tf.clip_by_value(x, -1.0, 1.0)


def softsign(x: TensorLike) -> Tensor:
    """`x / (abs(x) + 1)`."""
    return tf.nn.softsign(x)


def glu(x: TensorLike, axis: int = -1) -> Tensor:
    """The first half of `x` along `axis` times the sigmoid of the second (Dauphin et al., 2017).

    Raises:
      ValueError: the axis cannot be halved.
    """
    x = tf.convert_to_tensor(x)
    if x.shape[axis] % 2 != 0:
        raise ValueError(f"axis size must be divisible by 2. Received: x.shape={x.shape} with axis={axis}")
    value, gate = tf.split(x, 2, axis=axis)
    return value * tf.math.sigmoid(gate)


def softmax(x: TensorLike, axis: int | tuple[int, ...] | None = -1) -> Tensor:
    """Probabilities proportional to `exp(x)`, which sum to 1 along `axis` (over everything where it is None).

    Losses of the result work on `x`, which is exact where a probability underflows.
    """
    x = tf.convert_to_tensor(x)
    shape = x.shape
    if isinstance(axis, int) and shape.rank is not None and -shape.rank <= axis < shape.rank and shape[axis] == 1:
        warnings.warn(
            f"You are using a softmax over axis {axis} of a tensor of shape {shape}. This axis has size 1. The softmax "
            "operation will always return the value 1, which is likely not what you intended. Did you mean to use a "
            "sigmoid instead?", stacklevel=2)
    if axis is None:
        output = tf.reshape(tf.nn.softmax(tf.reshape(x, [-1])), tf.shape(x))
    elif isinstance(axis, int):
        output = tf.nn.softmax(x, axis=axis)
    else:
        output = tf.exp(x - tf.reduce_logsumexp(x, axis=axis, keepdims=True))
    tags.set_logits(output, x)
    return output


def log_softmax(x: TensorLike, axis: int | None = -1) -> Tensor:
    """The logarithm of the softmax of `x`."""
    x = tf.convert_to_tensor(x)
    if axis is None:
        return tf.reshape(tf.nn.log_softmax(tf.reshape(x, [-1])), tf.shape(x))
    return tf.nn.log_softmax(x, axis=axis)


def sparsemax(x: TensorLike, axis: int = -1) -> Tensor:
    """Sparse probabilities, in Keras's variant of the projection of Martins and Astudillo (2016).

    The threshold is taken from the sum of all partial sums over the support, where the paper takes the last of them;
    so the values sum to 1 only where one element is far above the others.
    """
    x = tf.convert_to_tensor(x)
    ordered = tf.sort(x, axis=axis, direction="DESCENDING")
    sums = tf.cumsum(ordered, axis=axis)
    places = [1] * len(x.shape)
    places[axis] = -1
    count = tf.reshape(tf.range(1, tf.shape(x)[axis] + 1, dtype=x.dtype), places)
    inside = ordered - (sums - 1) / count > 0
    total = tf.reduce_sum(tf.where(inside, sums, tf.zeros_like(sums)), axis=axis, keepdims=True)
    size = tf.reduce_sum(tf.cast(inside, x.dtype), axis=axis, keepdims=True)
    return tf.maximum(x - (total - 1) / size, 0.0)
