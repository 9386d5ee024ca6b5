"""`RandomCrop`: a part of images, somewhere in training, in the middle otherwise."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import random
from ...types import Config, Shape, Tensor
from .base import FactorLayer, Seeded, images_of, sized
from .resizing import resized


class RandomCrop(Seeded, FactorLayer):
    """A part of the images, the same part for all images of a batch, drawn in training.

    Images that are not larger than the part are cut to its proportions and resized. Without training images are returned
    as they are.

    Args:
      height: of the part.
      width: of the part.
      seed: of the draws.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
      name: of the layer.

    Raises:
      ValueError: in the call, images whose height or width is not known.
    """

    def __init__(self, height: int, width: int, seed: Any = None, data_format: str | None = None, name: str | None = None,
                 **kwargs: Any) -> None:
        super().__init__(name=name, data_format=data_format, **kwargs)
        self.height = height
        self.width = width
        self._set_seed(seed)
        self.seed = random.make_default_seed() if seed is None else seed
        self._convert_input_args = False

    def get_random_transformation(self, data: Any, training: Any = True, seed: Any = None) -> tuple[Any, Any]:
        shape = images_of(data).shape
        height, width = (shape[axis] for axis in self._axes)
        if height is None or width is None:
            raise ValueError("RandomCrop requires the input to have a fully defined height and width. Received: "
                             f"images.shape={tuple(shape)}")
        if training and height > self.height and width > self.width:
            return tuple(tf.cast(self._uniform((), 0, float(rest + 1), seed), tf.int32)
                         for rest in (height - self.height, width - self.width))
        new_height = max(min(height, int(float(width * self.height) / self.width)), 1)
        new_width = max(min(width, int(float(height * self.width) / self.height)), 1)
        return int(float(height - new_height) / 2), int(float(width - new_width) / 2)

    def transform_images(self, images: Tensor, transformation: Any, training: Any = True) -> Tensor:
        if not training:
            return images
        images = tf.cast(images, self.compute_dtype)
        for axis, start, size in zip(self._axes, transformation, (self.height, self.width), strict=True):
            end = images.shape[axis] if isinstance(start, int) else size
            kept = min(size, end - start) if isinstance(start, int) else size
            images = tf.gather(images, start + tf.range(kept), axis=axis)
        if tuple(images.shape[axis] for axis in self._axes) != (self.height, self.width):
            images = tf.cast(resized(images, (self.height, self.width), data_format=self.data_format), self.compute_dtype)
        return images

    def transform_segmentation_masks(self, segmentation_masks: Any, transformation: Any, training: Any = True) -> Any:
        return self.transform_images(segmentation_masks, transformation)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return sized(input_shape, self.height, self.width, self._axes)

    def get_config(self) -> Config:
        return {**super().get_config(), "height": self.height, "width": self.width, "seed": self.seed,
                "data_format": self.data_format}
