"""`RandomRotation`: images turned, in training."""
from __future__ import annotations

from typing import Any

from ...types import Config, Tensor
from .base import FactorLayer, Seeded, check_choices, images_of, sizes_of
from .warping import turned, warped


class RandomRotation(Seeded, FactorLayer):
    """Turns each image about its middle in training, by an angle that is drawn.

    Args:
      factor: the angle as a part of a full turn: two bounds, or one number for itself and its opposite; positive
        numbers turn counter-clockwise.
      fill_mode: what lies outside of the image: `"reflect"`, `"wrap"`, `"constant"` or `"nearest"`.
      interpolation: `"nearest"` or `"bilinear"`.
      seed: of the draws.
      fill_value: the value outside for `"constant"`.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.

    Raises:
      ValueError: the factor is not in [-1, 1].
      NotImplementedError: an unknown way to fill or interpolate.
    """

    def __init__(self, factor: Any, fill_mode: str = "reflect", interpolation: str = "bilinear", seed: Any = None,
                 fill_value: float = 0.0, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(factor=factor, data_format=data_format, **kwargs)
        self._set_seed(seed)
        check_choices(fill_mode, interpolation)
        self.fill_mode = fill_mode
        self.interpolation = interpolation
        self.fill_value = fill_value

    def get_random_transformation(self, data: Any, training: Any = True, seed: Any = None) -> Any:
        if not training:
            return None
        shape = sizes_of(images_of(data))
        batch = shape[0] if len(shape) == 4 else 1
        height, width = (shape[axis] for axis in self._axes)
        angle = self._uniform((batch,), self.factor[0] * 360.0, self.factor[1] * 360.0, seed)
        return {"angle": angle, "rotation_matrix": turned(angle, height, width), "image_height": height, "image_width": width,
                "batch_size": batch}

    def _transformed(self, images: Tensor, transformation: Any, interpolation: str) -> Tensor:
        return warped(images, transformation["rotation_matrix"], interpolation, self.fill_mode, self.fill_value,
                      self.data_format)

    def get_config(self) -> Config:
        names = ("factor", "data_format", "fill_mode", "fill_value", "interpolation", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
