"""`ActivityRegularization`: a penalty on what passes through."""
from __future__ import annotations

from typing import Any

from ...regularizers import L1L2
from ...types import Config, Tensor
from ..elementwise import Elementwise


class ActivityRegularization(Elementwise):
    """Returns its input and adds `l1 * sum(|x|) + l2 * sum(x**2)`, divided by the batch size, to the loss."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=L1L2(l1=l1, l2=l2), **kwargs)
        self.l1 = l1
        self.l2 = l2

    def call(self, inputs: Tensor) -> Tensor:
        return inputs

    def get_config(self) -> Config:
        config = super().get_config()
        config.pop("activity_regularizer", None)
        return {**config, "l1": self.l1, "l2": self.l2}
