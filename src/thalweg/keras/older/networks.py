"""Functions of `keras.backend` for networks: activations, normalization, padding, random numbers, loops."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import thalweg as tf

from ..config import floatx, standardize_data_format
from ..types import Shape, Tensor


def batch_normalization(x: Any, mean: Any, var: Any, beta: Any, gamma: Any, axis: int = -1,
                        epsilon: float = 1e-3) -> Tensor:
    """`tf.nn.batch_normalization`."""
    return tf.nn.batch_normalization(x, mean, var, beta, gamma, epsilon)


def dropout(x: Any, level: float, noise_shape: Any = None, seed: int | None = None) -> Tensor:
    """`tf.nn.dropout`; the seed is NumPy's draw for None."""
    return tf.nn.dropout(x, rate=level, noise_shape=noise_shape,
                         seed=np.random.randint(10_000_000) if seed is None else seed)


def hard_sigmoid(x: Any) -> Tensor:
    """`0.2 x + 0.5` between 0 and 1."""
    return tf.clip_by_value(x * tf.convert_to_tensor(0.2, x.dtype) + tf.convert_to_tensor(0.5, x.dtype), 0.0, 1.0)


def in_top_k(predictions: Any, targets: Any, k: int) -> Tensor:
    """`tf.math.in_top_k`."""
    return tf.math.in_top_k(targets, predictions, k)


def l2_normalize(x: Any, axis: Any = None) -> Tensor:
    """`tf.linalg.l2_normalize`."""
    return tf.linalg.l2_normalize(x, axis=axis)


def map_fn(fn: Callable[..., Any], elems: Any, name: str | None = None, dtype: Any = None) -> Any:
    """`tf.map_fn`."""
    return tf.map_fn(fn, elems, dtype=dtype, name=name)


def foldl(fn: Callable[..., Any], elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """`tf.foldl`."""
    return tf.foldl(fn, elems, initializer=initializer, name=name)


def foldr(fn: Callable[..., Any], elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """`tf.foldr`."""
    return tf.foldr(fn, elems, initializer=initializer, name=name)


def moving_average_update(x: Any, value: Any, momentum: Any) -> Any:
    """Moves a variable towards a value by the part `1 - momentum`."""
    value = tf.cast(value, x.dtype)
    return x.assign_sub((x - value) * (1 - tf.cast(momentum, x.dtype)))


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Tensor:
    """`x` between `threshold` and `max_value`; below, `alpha * (x - threshold)`."""
    from ..activations import relu as function

    return function(tf.convert_to_tensor(x), negative_slope=alpha, max_value=max_value, threshold=threshold)


def sigmoid(x: Any) -> Tensor:
    """`tf.sigmoid`."""
    return tf.sigmoid(x)


def softmax(x: Any, axis: int = -1) -> Tensor:
    """`tf.nn.softmax` of a tensor of rank 2 or more.

    Raises:
      ValueError: a smaller rank.
    """
    if len(x.shape) <= 1:
        raise ValueError(f"Cannot apply softmax to a tensor that is 1D. Received input: {x}")
    return tf.nn.softmax(x, axis=axis)


def softplus(x: Any) -> Tensor:
    """`tf.math.softplus`."""
    return tf.math.softplus(x)


def softsign(x: Any) -> Tensor:
    """`tf.math.softsign`."""
    return tf.math.softsign(x)


def tanh(x: Any) -> Tensor:
    """`tf.tanh`."""
    return tf.tanh(x)


def temporal_padding(x: Any, padding: Any = (1, 1)) -> Tensor:
    """Zeros before and after the steps of sequences."""
    return tf.pad(x, [[0, 0], list(padding), [0, 0]])


def spatial_2d_padding(x: Any, padding: Any = ((1, 1), (1, 1)), data_format: str | None = None) -> Tensor:
    """Zeros around images."""
    return _padded(x, padding, data_format)


def spatial_3d_padding(x: Any, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None) -> Tensor:
    """Zeros around volumes."""
    return _padded(x, padding, data_format)


def _padded(x: Any, padding: Any, data_format: str | None) -> Tensor:
    spatial = [list(pair) for pair in padding]
    first = standardize_data_format(data_format) == "channels_first"
    return tf.pad(x, [[0, 0], [0, 0], *spatial] if first else [[0, 0], *spatial, [0, 0]])


def _seed(seed: int | None) -> Any:
    return np.random.randint(10_000_000) if seed is None else seed


def random_normal(shape: Shape, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None,
                  seed: int | None = None) -> Tensor:
    """`tf.random.normal`; the seed is NumPy's draw for None."""
    return tf.random.normal(shape, mean=mean, stddev=stddev, dtype=dtype or floatx(), seed=_seed(seed))


def random_uniform(shape: Shape, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None,
                   seed: int | None = None) -> Tensor:
    """`tf.random.uniform`; the seed is NumPy's draw for None."""
    return tf.random.uniform(shape, minval=minval, maxval=maxval, dtype=dtype or floatx(), seed=_seed(seed))


def truncated_normal(shape: Shape, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None,
                     seed: int | None = None) -> Tensor:
    """`tf.random.truncated_normal`; the seed is NumPy's draw for None."""
    return tf.random.truncated_normal(shape, mean, stddev, dtype=dtype or floatx(), seed=_seed(seed))
