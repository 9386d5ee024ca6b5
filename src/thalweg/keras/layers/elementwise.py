"""What layers without weights that keep the shape of their input have in common."""
from __future__ import annotations

from typing import Any

from ..types import Shape
from .layer import Layer


class Elementwise(Layer):
    """A layer whose output has the shape and the mask of its input."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True
        self._build_at_init()

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return input_shape
