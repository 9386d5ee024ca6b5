"""Activations made of straight pieces, and the smooth ones that take their place."""
from __future__ import annotations

import thalweg as tf

from ..types import Tensor, TensorLike


def relu(x: TensorLike, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Tensor:
    """`max(x, 0)`, or with other arguments: `negative_slope * (x - threshold)` below `threshold`, at most `max_value`.

    Args:
      x: a tensor of any shape.
      negative_slope: the slope below the threshold.
      max_value: where the function saturates; None for nowhere.
      threshold: below it the function is 0 or has the negative slope.
    """
    if negative_slope == 0.0 and max_value is None and threshold == 0:
        return tf.nn.relu(x)
    x = tf.convert_to_tensor(x)
    if negative_slope != 0.0 and max_value is None and threshold == 0:
        return tf.nn.leaky_relu(x, alpha=negative_slope)
    below = tf.nn.relu(threshold - x) if negative_slope != 0.0 else None
    if threshold != 0:
        x = tf.where(x > threshold, x, tf.zeros_like(x))
    elif max_value == 6:
        x, max_value = tf.nn.relu6(x), None
    else:
        x = tf.nn.relu(x)
    if max_value is not None:
        x = tf.clip_by_value(x, 0.0, max_value)
    return x if below is None else x - negative_slope * below


def relu6(x: TensorLike) -> Tensor:
    """`min(max(x, 0), 6)`."""
    return tf.nn.relu6(x)


def leaky_relu(x: TensorLike, negative_slope: float = 0.2) -> Tensor:
    """`x` above 0, `negative_slope * x` below."""
    return tf.nn.leaky_relu(x, alpha=negative_slope)


def elu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """`x` above 0, `alpha * (exp(x) - 1)` below (Clevert et al., 2016)."""
    x = tf.convert_to_tensor(x)
    y = tf.nn.elu(x)
    return y if alpha == 1 else tf.where(x > 0, y, alpha * y)


def selu(x: TensorLike) -> Tensor:
    """The scaled `elu` that keeps mean 0 and variance 1 (Klambauer et al., 2017)."""
    return tf.nn.selu(x)


def celu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """`max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)` (Barron, 2017)."""
    x = tf.convert_to_tensor(x)
    return tf.maximum(x, 0.0) + alpha * tf.math.expm1(tf.minimum(x, 0.0) / alpha)


def gelu(x: TensorLike, approximate: bool = False) -> Tensor:
    """`x` times the normal distribution function of `x`, or its tanh approximation (Hendrycks and Gimpel, 2016)."""
    return tf.nn.gelu(tf.convert_to_tensor(x), approximate=approximate)


def silu(x: TensorLike) -> Tensor:
    """`x * sigmoid(x)`, also called swish (Ramachandran et al., 2017)."""
    return tf.nn.silu(x)


def hard_silu(x: TensorLike) -> Tensor:
    """`x * hard_sigmoid(x)`, also called hard swish (Howard et al., 2019)."""
    x = tf.convert_to_tensor(x)
    return x * (tf.nn.relu6(x + 3.0) / 6.0)


def mish(x: TensorLike) -> Tensor:
    """`x * tanh(softplus(x))` (Misra, 2019)."""
    x = tf.convert_to_tensor(x)
    return x * tf.math.tanh(tf.math.softplus(x))


def softplus(x: TensorLike) -> Tensor:
    """`log(exp(x) + 1)`."""
    return tf.math.softplus(x)


def squareplus(x: TensorLike, b: float = 4) -> Tensor:
    """`(x + sqrt(x**2 + b)) / 2` (Barron, 2021)."""
    x = tf.convert_to_tensor(x)
    return (x + tf.sqrt(tf.square(x) + tf.cast(b, x.dtype))) / 2


def sparse_plus(x: TensorLike) -> Tensor:
    """0 below -1, `x` above 1, and `(x + 1)**2 / 4` between."""
    x = tf.convert_to_tensor(x)
    return tf.where(x <= -1, tf.zeros_like(x), tf.where(x < 1, 0.25 * tf.square(x + 1), x))


def soft_shrink(x: TensorLike, threshold: float = 0.5) -> Tensor:
    """`x` moved towards 0 by `threshold`, and 0 where it is nearer than that."""
    x = tf.convert_to_tensor(x)
    return tf.where(x > threshold, x - threshold, tf.where(x < -threshold, x + threshold, tf.zeros_like(x)))


def hard_shrink(x: TensorLike, threshold: float = 0.5) -> Tensor:
    """`x`, and 0 where its absolute value is at most `threshold`."""
    x = tf.convert_to_tensor(x)
    return tf.where(tf.abs(x) > threshold, x, tf.zeros_like(x))


def tanh_shrink(x: TensorLike) -> Tensor:
    """`x - tanh(x)`."""
    x = tf.convert_to_tensor(x)
    return x - tf.math.tanh(x)


def threshold(x: TensorLike, threshold: float, default_value: float) -> Tensor:
    """`x` where it is above `threshold`, `default_value` elsewhere."""
    x = tf.convert_to_tensor(x)
    return tf.where(x > threshold, x, tf.cast(default_value, x.dtype))
