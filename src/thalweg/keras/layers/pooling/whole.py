"""Layers that pool everything: `GlobalMaxPooling2D`, `GlobalAveragePooling2D` and their kin."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...config import standardize_data_format
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer
from ..windows import joined_shape, split_shape


class GlobalPooling(Layer):
    """One number for each channel.

    Args:
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      keepdims: whether the spatial dimensions stay, with size 1.
    """

    rank = 0

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = standardize_data_format(data_format)
        self.keepdims = keepdims
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self._build_at_init()

    @property
    def _axes(self) -> list[int]:
        first = 1 if self.data_format == "channels_last" else 2
        return list(range(first, first + self.rank))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        channels = split_shape(input_shape, self.data_format)[1]
        ones = [1] * (len(input_shape) - 2) if self.keepdims else []
        return joined_shape(input_shape[0], ones, channels, self.data_format)

    def get_config(self) -> Config:
        return {**super().get_config(), "data_format": self.data_format, "keepdims": self.keepdims}


class GlobalMaxPooling(GlobalPooling):
    __doc__ = f"The largest element. {GlobalPooling.__doc__}"

    def call(self, inputs: Tensor) -> Tensor:
        return tf.reduce_max(inputs, self._axes, keepdims=self.keepdims)


class GlobalAveragePooling(GlobalPooling):
    __doc__ = f"The mean. {GlobalPooling.__doc__}"

    def _mean(self, inputs: Tensor) -> Tensor:
        x = inputs if inputs.dtype.is_floating else tf.cast(inputs, self.compute_dtype)
        return tf.reduce_mean(x, self._axes, keepdims=self.keepdims)

    def call(self, inputs: Tensor) -> Tensor:
        return self._mean(inputs)


class GlobalMaxPooling1D(GlobalMaxPooling):
    __doc__ = f"Over a sequence. {GlobalMaxPooling.__doc__}"
    rank = 1


class GlobalMaxPooling2D(GlobalMaxPooling):
    __doc__ = f"Over an image. {GlobalMaxPooling.__doc__}"
    rank = 2


class GlobalMaxPooling3D(GlobalMaxPooling):
    __doc__ = f"Over a volume. {GlobalMaxPooling.__doc__}"
    rank = 3


class GlobalAveragePooling1D(GlobalAveragePooling):
    __doc__ = f"Over the steps of a sequence that are not masked. {GlobalAveragePooling.__doc__}"
    rank = 1

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any) -> None:
        super().__init__(data_format, keepdims, **kwargs)
        self.supports_masking = True

    def call(self, inputs: Tensor, mask: Any = None) -> Tensor:
        if mask is None:
            return self._mean(inputs)
        kept = tf.cast(tf.expand_dims(mask, 2 if self.data_format == "channels_last" else 1), tf.bool)
        total = tf.reduce_sum(tf.where(kept, inputs, tf.zeros_like(inputs)), self._axes, keepdims=self.keepdims)
        return total / tf.reduce_sum(tf.cast(kept, inputs.dtype), self._axes, keepdims=self.keepdims)

    def compute_mask(self, inputs: Tensor, mask: Any = None) -> None:
        return None


class GlobalAveragePooling2D(GlobalAveragePooling):
    __doc__ = f"Over an image. {GlobalAveragePooling.__doc__}"
    rank = 2


class GlobalAveragePooling3D(GlobalAveragePooling):
    __doc__ = f"Over a volume. {GlobalAveragePooling.__doc__}"
    rank = 3
