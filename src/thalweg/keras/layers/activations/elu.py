"""`ELU`: `x`, or an exponential that levels off where it is negative."""
from __future__ import annotations

from typing import Any

from ... import activations
from ...types import Tensor
from ..elementwise import Elementwise


class ELU(Elementwise):
    """`x` where it is positive, `alpha * (exp(x) - 1)` elsewhere."""

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs: Tensor) -> Tensor:
        return activations.elu(inputs, alpha=self.alpha)
