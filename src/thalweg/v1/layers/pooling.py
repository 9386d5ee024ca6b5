"""Pooling layers."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from .base import Layer
from .windows import formatted, numbers


class _Pooling(Layer):
    """Pools over windows of `rank` spatial axes.

    Args:
      pool_size: the window, a number or one for each axis.
      strides: the step of the window, a number or one for each axis.
      padding: "valid" or "same".
      data_format: "channels_last" or "channels_first".
      name: as `Layer`.
    """

    rank = 0
    pool: Callable[..., Any]

    def __init__(self, pool_size: Any, strides: Any, padding: str = "valid", data_format: str = "channels_last",
                 name: Any = None, **kwargs: Any) -> None:
        if strides is None:
            raise ValueError("Argument `strides` must not be None.")
        super().__init__(name=name, **kwargs)
        self.pool_size = numbers(pool_size, self.rank, "pool_size")
        self.strides = numbers(strides, self.rank, "strides")
        self.padding = padding.lower()
        self.data_format = data_format

    def call(self, inputs: Any) -> Any:
        """The outputs for inputs with a batch axis, `rank` spatial axes and an axis of channels."""
        return type(self).pool(inputs, self.pool_size, self.strides, self.padding.upper(),
                               formatted(self.data_format, self.rank))


def _pooling1d(pool: Any) -> Callable[..., Any]:
    def over(inputs: Any, size: Any, strides: Any, padding: str, data_format: str) -> Any:
        axis, wide = (2, "NHWC") if data_format == "NWC" else (3, "NCHW")
        out = pool()(tf.expand_dims(inputs, axis), (*size, 1), (*strides, 1), padding, wide)
        return tf.squeeze(out, [axis])
    return over


def _max_pool(*arguments: Any) -> Any:
    return tf.nn.max_pool(*arguments, name="MaxPool")


def _avg_pool(*arguments: Any) -> Any:
    return tf.nn.avg_pool(*arguments, name="AvgPool")


def _of(pool: Any) -> Callable[..., Any]:
    return lambda *arguments: pool()(*arguments)


class MaxPooling1D(_Pooling):
    """The largest value of each window; see `_Pooling`."""

    rank = 1
    pool = _pooling1d(lambda: _max_pool)


class MaxPooling2D(_Pooling):
    """The largest value of each window; see `_Pooling`."""

    rank = 2
    pool = _of(lambda: _max_pool)


class MaxPooling3D(_Pooling):
    """The largest value of each window; see `_Pooling`."""

    rank = 3
    pool = _of(lambda: tf.nn.max_pool3d)


class AveragePooling1D(_Pooling):
    """The mean of each window; see `_Pooling`."""

    rank = 1
    pool = _pooling1d(lambda: _avg_pool)


class AveragePooling2D(_Pooling):
    """The mean of each window; see `_Pooling`."""

    rank = 2
    pool = _of(lambda: _avg_pool)


class AveragePooling3D(_Pooling):
    """The mean of each window; see `_Pooling`."""

    rank = 3
    pool = _of(lambda: tf.nn.avg_pool3d)


def max_pooling1d(inputs: Any, pool_size: Any, strides: Any, padding: str = "valid", data_format: str = "channels_last",
                  name: str | None = None) -> Any:
    """The output of a new `MaxPooling1D` layer for inputs `[batch, steps, channels]`."""
    return MaxPooling1D(pool_size, strides, padding, data_format, name)(inputs)


def max_pooling2d(inputs: Any, pool_size: Any, strides: Any, padding: str = "valid", data_format: str = "channels_last",
                  name: str | None = None) -> Any:
    """The output of a new `MaxPooling2D` layer for inputs `[batch, height, width, channels]`."""
    return MaxPooling2D(pool_size, strides, padding, data_format, name)(inputs)


def max_pooling3d(inputs: Any, pool_size: Any, strides: Any, padding: str = "valid", data_format: str = "channels_last",
                  name: str | None = None) -> Any:
    """The output of a new `MaxPooling3D` layer for inputs `[batch, depth, height, width, channels]`."""
    return MaxPooling3D(pool_size, strides, padding, data_format, name)(inputs)


def average_pooling1d(inputs: Any, pool_size: Any, strides: Any, padding: str = "valid",
                      data_format: str = "channels_last", name: str | None = None) -> Any:
    """The output of a new `AveragePooling1D` layer for inputs `[batch, steps, channels]`."""
    return AveragePooling1D(pool_size, strides, padding, data_format, name)(inputs)


def average_pooling2d(inputs: Any, pool_size: Any, strides: Any, padding: str = "valid",
                      data_format: str = "channels_last", name: str | None = None) -> Any:
    """The output of a new `AveragePooling2D` layer for inputs `[batch, height, width, channels]`."""
    return AveragePooling2D(pool_size, strides, padding, data_format, name)(inputs)


def average_pooling3d(inputs: Any, pool_size: Any, strides: Any, padding: str = "valid",
                      data_format: str = "channels_last", name: str | None = None) -> Any:
    """The output of a new `AveragePooling3D` layer for inputs `[batch, depth, height, width, channels]`."""
    return AveragePooling3D(pool_size, strides, padding, data_format, name)(inputs)
