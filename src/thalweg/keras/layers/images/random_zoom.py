"""`RandomZoom`: images drawn nearer or further away, in training."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Config, Tensor
from .base import ImageLayer, Seeded, check_choices, checked_pair, images_of, sizes_of
from .warping import rows_of, warped

_WORDS = ("The `height_factor` and `width_factor` arguments should be a number (or a list of two numbers) in the range "
          "(-1.0, 1.0]. ")


class RandomZoom(Seeded, ImageLayer):
    """Shows more or less of each image in training.

    Args:
      height_factor: how much more of the height, as a part of it, is seen: two bounds, or one number for itself and its
        opposite; negative numbers draw nearer.
      width_factor: the same for the width; None keeps the proportions.
      fill_mode: what lies outside of the image: `"reflect"`, `"wrap"`, `"constant"` or `"nearest"`.
      interpolation: `"nearest"` or `"bilinear"`.
      seed: of the draws.
      fill_value: the value outside for `"constant"`.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.

    Raises:
      ValueError: a factor is not in (-1, 1].
      NotImplementedError: an unknown way to fill or interpolate.
    """

    def __init__(self, height_factor: Any, width_factor: Any = None, fill_mode: str = "reflect",
                 interpolation: str = "bilinear", seed: Any = None, fill_value: float = 0.0, data_format: str | None = None,
                 **kwargs: Any) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.height_factor = height_factor
        self.height_lower, self.height_upper = checked_pair(height_factor, "height_factor", _WORDS, low_open=True)
        self.width_factor = width_factor
        if width_factor is not None:
            self.width_lower, self.width_upper = checked_pair(width_factor, "width_factor", _WORDS, low_open=True)
        check_choices(fill_mode, interpolation)
        self.fill_mode = fill_mode
        self.fill_value = fill_value
        self.interpolation = interpolation
        self._set_seed(seed)

    def get_random_transformation(self, data: Any, training: Any = True, seed: Any = None) -> Any:
        if not training:
            return None
        shape = sizes_of(images_of(data))
        drawn = (shape[0] if len(shape) == 4 else 1, 1)
        height = self._uniform(drawn, 1.0 + self.height_lower, 1.0 + self.height_upper, seed)
        width = height
        if self.width_factor is not None:
            width = self._uniform(drawn, 1.0 + self.width_lower, 1.0 + self.width_upper, seed)
        return {"height_zoom": height, "width_zoom": width, "input_shape": shape}

    def _transformed(self, images: Tensor, transformation: Any, interpolation: str) -> Tensor:
        across, down = (tf.cast(transformation[f"{name}_zoom"], tf.float32) for name in ("width", "height"))
        sizes = sizes_of(images)
        height, width = (tf.cast(sizes[axis], tf.float32) for axis in self._axes)
        rows = rows_of(across, 0.0, (width - 1.0) / 2.0 * (1.0 - across), 0.0, down, (height - 1.0) / 2.0 * (1.0 - down))
        return warped(images, rows, interpolation, self.fill_mode, self.fill_value, self.data_format)

    def get_config(self) -> Config:
        names = ("height_factor", "width_factor", "fill_mode", "interpolation", "seed", "fill_value", "data_format")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
