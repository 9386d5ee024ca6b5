"""Larger sequences, images and volumes: `UpSampling1D`, `UpSampling2D`, `UpSampling3D`."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...config import standardize_data_format
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer
from ..windows import joined_shape, split_shape, standardize_tuple


class UpSampling(Layer):
    """Repeats every element along the spatial axes."""

    rank = 0
    size: Any
    data_format = "channels_last"

    def _repeated(self, x: Tensor, sizes: tuple[int, ...]) -> Tensor:
        first = 1 if self.data_format == "channels_last" else 2
        for axis, times in enumerate(sizes, first):
            x = tf.repeat(x, times, axis=axis)
        return x

    def _sizes(self) -> tuple[int, ...]:
        return (self.size,) if isinstance(self.size, int) else self.size

    def call(self, inputs: Tensor) -> Tensor:
        return self._repeated(inputs, self._sizes())

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        spatial, channels = split_shape(input_shape, self.data_format)
        sizes = [None if n is None else n * times for n, times in zip(spatial, self._sizes(), strict=True)]
        return joined_shape(input_shape[0], sizes, channels, self.data_format)


class UpSampling1D(UpSampling):
    """Repeats every step of a sequence.

    Args:
      size: how often.

    Raises:
      TypeError: `size` is no integer.
      ValueError: it is not positive.
    """

    rank = 1

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(size, int) or isinstance(size, bool):
            raise TypeError(f"Expected an integer value for `size`, got {type(size)}.")
        if size <= 0:
            raise ValueError(f"Argument `size` should be a positive integer. Received: size={size}")
        self.size = size
        self.input_spec = InputSpec(ndim=3)

    def get_config(self) -> Config:
        return {**super().get_config(), "size": self.size}


class UpSampling2D(UpSampling):
    """Makes images larger.

    Args:
      size: by what factor; one number, or one for height and one for width.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      interpolation: `"nearest"` repeats every element; `"bilinear"`, `"bicubic"`, `"lanczos3"` and `"lanczos5"` are as in
        `tf.image.resize`.

    Raises:
      ValueError: `size` is not positive.
    """

    rank = 2

    def __init__(self, size: Any = (2, 2), data_format: str | None = None, interpolation: str = "nearest",
                 **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = standardize_data_format(data_format)
        self.size = standardize_tuple(size, 2, "size")
        self.interpolation = interpolation.lower()
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs: Tensor) -> Tensor:
        if self.interpolation == "nearest":
            return super().call(inputs)
        x = inputs if self.data_format == "channels_last" else tf.transpose(inputs, [0, 2, 3, 1])
        dims = tf.shape(x)
        sizes = [(dims[i + 1] if x.shape[i + 1] is None else x.shape[i + 1]) * times for i, times in enumerate(self.size)]
        y = tf.cast(tf.image.resize(x, sizes, method=self.interpolation), x.dtype)
        return y if self.data_format == "channels_last" else tf.transpose(y, [0, 3, 1, 2])

    def get_config(self) -> Config:
        return {**super().get_config(), "size": self.size, "data_format": self.data_format,
                "interpolation": self.interpolation}


class UpSampling3D(UpSampling):
    """Makes volumes larger by repeating every element.

    Args:
      size: how often; one number, or one for each of the three axes.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.

    Raises:
      ValueError: `size` is not positive.
    """

    rank = 3

    def __init__(self, size: Any = (2, 2, 2), data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = standardize_data_format(data_format)
        self.size = standardize_tuple(size, 3, "size")
        self.input_spec = InputSpec(ndim=5)

    def get_config(self) -> Config:
        return {**super().get_config(), "size": self.size, "data_format": self.data_format}
