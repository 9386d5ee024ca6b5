"""`CenterCrop`: the middle of images."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Shape, Tensor
from .base import ImageLayer, sized, sizes_of
from .resizing import smart_resize


class CenterCrop(ImageLayer):
    """The middle of images; images that are too small are resized, in their proportions, and cut.

    Args:
      height: of the result.
      width: of the result.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
    """

    def __init__(self, height: int, width: int, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.height = height
        self.width = width

    def transform_images(self, images: Tensor, transformation: Any = None, training: Any = True) -> Tensor:
        x = tf.cast(images, self.compute_dtype)
        sizes = sizes_of(x)
        down, across = (sizes[axis] - size for axis, size in zip(self._axes, (self.height, self.width), strict=True))
        if any(isinstance(rest, int) and rest < 0 for rest in (down, across)):
            return smart_resize(x, [self.height, self.width], data_format=self.data_format)
        rows = slice(down // 2, down // 2 + self.height)
        columns = slice(across // 2, across // 2 + self.width)
        return x[..., rows, columns, :] if self.data_format == "channels_last" else x[..., rows, columns]

    def transform_segmentation_masks(self, segmentation_masks: Any, transformation: Any = None,
                                     training: Any = True) -> Any:
        return self.transform_images(segmentation_masks, transformation, training)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        if isinstance(input_shape[0], (list, tuple)) or len(input_shape) not in (3, 4):
            raise ValueError("`input_shape` must be a non-nested tuple or list of rank-1 with size 3 (unbatched) or 4 "
                             "(batched). ")
        return sized(input_shape, self.height, self.width, self._axes)

    def get_config(self) -> Config:
        return {**super().get_config(), "height": self.height, "width": self.width, "data_format": self.data_format}
