"""Layers that pool windows: `MaxPooling2D`, `AveragePooling2D` and their kin."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...config import standardize_data_format
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer
from ..windows import pooling_output_shape, standardize_tuple, tensor_format


class Pooling(Layer):
    """One number for each window and channel.

    Args:
      pool_size: size of the windows: one number, or one a spatial dimension.
      strides: distance between windows; `pool_size` for None.
      padding: `"valid"` or `"same"`.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
    """

    rank = 0

    def __init__(self, pool_size: Any = 2, strides: Any = None, padding: str = "valid", data_format: str | None = None,
                 name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.pool_size = standardize_tuple(pool_size, self.rank, "pool_size")
        strides = pool_size if strides is None else strides
        self.strides = standardize_tuple(strides, self.rank, "strides", allow_zero=True)
        self.padding = padding
        self.data_format = standardize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self._build_at_init()

    def _pool(self, x: Tensor, data_format: str) -> Tensor:
        """Pools; subclasses say how."""
        raise NotImplementedError

    def call(self, inputs: Tensor) -> Tensor:
        return self._pool(inputs, tensor_format(self.data_format, self.rank))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return pooling_output_shape(input_shape, self.pool_size, self.strides, self.padding, self.data_format)

    def get_config(self) -> Config:
        return {**super().get_config(), "pool_size": self.pool_size, "padding": self.padding, "strides": self.strides,
                "data_format": self.data_format}


class MaxPooling(Pooling):
    __doc__ = f"The largest element. {Pooling.__doc__}"

    def _pool(self, x: Tensor, data_format: str) -> Tensor:
        return tf.nn.max_pool(x, self.pool_size, self.strides, self.padding.upper(), data_format)


class AveragePooling(Pooling):
    __doc__ = f"The mean; what `\"same\"` adds does not count. {Pooling.__doc__}"

    def __init__(self, pool_size: Any, strides: Any = None, padding: str = "valid", data_format: str | None = None,
                 name: str | None = None, **kwargs: Any) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)

    def _pool(self, x: Tensor, data_format: str) -> Tensor:
        return tf.nn.avg_pool(x, self.pool_size, self.strides, self.padding.upper(), data_format)


class MaxPooling1D(MaxPooling):
    __doc__ = f"Over sequences. {MaxPooling.__doc__}"
    rank = 1


class MaxPooling2D(MaxPooling):
    __doc__ = f"Over images. {MaxPooling.__doc__}"
    rank = 2


class MaxPooling3D(MaxPooling):
    __doc__ = f"Over volumes. {MaxPooling.__doc__}"
    rank = 3


class AveragePooling1D(AveragePooling):
    __doc__ = f"Over sequences. {AveragePooling.__doc__}"
    rank = 1


class AveragePooling2D(AveragePooling):
    __doc__ = f"Over images. {AveragePooling.__doc__}"
    rank = 2


class AveragePooling3D(AveragePooling):
    __doc__ = f"Over volumes. {AveragePooling.__doc__}"
    rank = 3
