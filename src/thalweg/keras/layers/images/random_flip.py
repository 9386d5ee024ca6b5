"""`RandomFlip`: images mirrored or not, in training."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Tensor
from .base import ImageLayer, Seeded, images_of, sizes_of

HORIZONTAL, VERTICAL, BOTH = "horizontal", "vertical", "horizontal_and_vertical"


class RandomFlip(Seeded, ImageLayer):
    """Mirrors each image with probability one half in training.

    Args:
      mode: `"horizontal"` for left and right, `"vertical"` for up and down, `"horizontal_and_vertical"` for both at once.
      seed: of the draws.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
    """

    def __init__(self, mode: str = BOTH, seed: Any = None, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._set_seed(seed)
        self.mode = mode
        self._convert_input_args = False

    def get_random_transformation(self, data: Any, training: Any = True, seed: Any = None) -> Any:
        if not training:
            return None
        shape = sizes_of(images_of(data))
        flips = self._uniform((1, 1, 1) if len(shape) == 3 else (shape[0], 1, 1, 1), 0.0, 1.0, seed)
        return {"flips": tf.less_equal(flips, 0.5), "input_shape": shape}

    def transform_images(self, images: Tensor, transformation: Any, training: Any = True) -> Tensor:
        images = tf.cast(images, self.compute_dtype)
        if not training or transformation is None:
            return images
        down, across = (axis + 4 for axis in self._axes)
        if self.mode in (HORIZONTAL, BOTH):
            images = tf.where(transformation["flips"], tf.reverse(images, [across]), images)
        if self.mode in (VERTICAL, BOTH):
            images = tf.where(transformation["flips"], tf.reverse(images, [down]), images)
        return images

    def transform_segmentation_masks(self, segmentation_masks: Any, transformation: Any, training: Any = True) -> Any:
        return self.transform_images(segmentation_masks, transformation, training)

    def get_config(self) -> Config:
        return {**super().get_config(), "seed": self.seed, "mode": self.mode, "data_format": self.data_format}
