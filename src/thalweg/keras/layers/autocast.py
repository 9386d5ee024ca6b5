"""Weights that layers of a mixed policy read in their compute dtype."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..types import Tensor
from ..variable import Variable
from .context import state


class AutocastVariable(Variable):
    """A floating-point variable that is read in the compute dtype while a layer of a mixed policy is called."""

    def value(self) -> Tensor:
        """The present value; cast inside a call of such a layer."""
        wanted = state.autocast
        value = super().value()
        return value if wanted is None else tf.cast(value, wanted)

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> Tensor:
        return self.value()
