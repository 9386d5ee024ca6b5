"""What the kin of Adam have in common."""
from __future__ import annotations

from typing import Any, Unpack

from ..types import Config
from .base import Common, Optimizer


class Averages(Optimizer):
    """An optimizer that follows the gradients by one fading average and their size by another.

    Args:
      learning_rate: a float, a schedule, or a function that returns a float.
      beta_1: how slowly the first moves.
      beta_2: how slowly the second moves.
      epsilon: added to the divisor.
      **common: as for `Optimizer`.
    """

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7,
                 **common: Unpack[Common]) -> None:
        super().__init__(learning_rate, **common)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def get_config(self) -> Config:
        return super().get_config() | {"beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon}
