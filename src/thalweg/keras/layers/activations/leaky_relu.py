"""`LeakyReLU`: `x`, or a fraction of it where it is negative."""
from __future__ import annotations

from typing import Any

from ... import activations
from ...types import Config, Tensor
from ...utils.warn import warn
from ..elementwise import Elementwise


class LeakyReLU(Elementwise):
    """`x` where it is positive, `negative_slope * x` elsewhere.

    Raises:
      ValueError: the slope is None or negative.
    """

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
            warn("Argument `alpha` is deprecated. Use `negative_slope` instead.")
        super().__init__(**kwargs)
        if negative_slope is None or negative_slope < 0:
            raise ValueError("The negative_slope value of a Leaky ReLU layer cannot be None or negative value. "
                             "Expected a "
                             f"float. Received: negative_slope={negative_slope}")
        self.negative_slope = negative_slope

    def call(self, inputs: Tensor) -> Tensor:
        return activations.leaky_relu(inputs, negative_slope=self.negative_slope)

    def get_config(self) -> Config:
        return {**super().get_config(), "negative_slope": self.negative_slope}
