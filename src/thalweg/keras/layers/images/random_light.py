"""`RandomBrightness` and `RandomContrast`: images in another light, in training."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Tensor
from .base import FactorLayer, Seeded, images_of, sizes_of


class _Light(Seeded, FactorLayer):
    """One number is drawn for each image; boxes and masks stay as they are."""

    value_range: Any

    def _drawn(self, data: Any, low: float, high: float, seed: Any, dtype: Any = None) -> Tensor:
        shape = sizes_of(images_of(data))
        if len(shape) not in (3, 4):
            raise ValueError(f"Expected the input image to be rank 3 or 4. Received inputs.shape={shape}")
        return self._uniform((1, 1, 1) if len(shape) == 3 else (shape[0], 1, 1, 1), low, high, seed, dtype)

    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: Any = True) -> Any:
        return bounding_boxes

    def transform_segmentation_masks(self, segmentation_masks: Any, transformation: Any, training: Any = True) -> Any:
        return segmentation_masks

    def _clipped(self, images: Tensor) -> Tensor:
        low, high = (tf.cast(bound, images.dtype) for bound in self.value_range)
        return tf.clip_by_value(images, low, high)

    def get_config(self) -> Config:
        return {**super().get_config(), "factor": self.factor, "value_range": self.value_range, "seed": self.seed}


class RandomBrightness(_Light):
    """Adds a number that is drawn for each image in training, and cuts off what leaves the range.

    Args:
      factor: the number as a part of the range: two bounds in [-1, 1], or one number for itself and its opposite.
      value_range: the smallest and the greatest value of pixels.
      seed: of the draws.

    Raises:
      ValueError: the factor is not in [-1, 1], or the range is no pair.
    """

    def __init__(self, factor: Any, value_range: Any = (0, 255), seed: Any = None, **kwargs: Any) -> None:
        super().__init__(factor=factor, **kwargs)
        self._set_seed(seed)
        if not isinstance(value_range, (tuple, list)) or len(value_range) != 2:
            raise ValueError("The `value_range` argument should be a list of two numbers. Received: "
                             f"value_range={value_range}")
        self.value_range = sorted(value_range)

    def get_random_transformation(self, data: Any, training: Any = True, seed: Any = None) -> Any:
        if not training:
            return None
        return {"rgb_delta": self._drawn(data, *self.factor, seed) * (self.value_range[1] - self.value_range[0])}

    def transform_images(self, images: Tensor, transformation: Any, training: Any = True) -> Tensor:
        return self._clipped(images + tf.cast(transformation["rgb_delta"], images.dtype)) if training else images


class RandomContrast(_Light):
    """Multiplies the distances from the mean of each image and channel in training, and cuts off what leaves the range.

    Args:
      factor: between `1 - lower` and `1 + upper` lies what is multiplied with: two numbers in [0, 1], or one for both.
      value_range: the smallest and the greatest value of pixels.
      seed: of the draws.

    Raises:
      ValueError: the factor is not in [0, 1].
    """

    bounds = (0, 1)

    def __init__(self, factor: Any, value_range: Any = (0, 255), seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set_factor(factor)
        self.value_range = value_range
        self._set_seed(seed)

    def get_random_transformation(self, data: Any, training: Any = True, seed: Any = None) -> Any:
        if not training:
            return None
        return {"contrast_factor": self._drawn(data, 1.0 - self.factor[0], 1.0 + self.factor[1], seed, self.compute_dtype)}

    def transform_images(self, images: Tensor, transformation: Any, training: Any = True) -> Tensor:
        if not training:
            return images
        x = images if images.dtype.is_floating else tf.cast(images, self.compute_dtype)
        mean = tf.reduce_mean(x, self._axes, keepdims=True)
        return self._clipped((x - mean) * tf.cast(transformation["contrast_factor"], x.dtype) + mean)
