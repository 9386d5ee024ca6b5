"""What all initializers have in common."""
from __future__ import annotations

from typing import Any

from ..types import Config, Shape, Tensor


class Initializer:
    """A function from a shape and a dtype to the first value of a variable.

    Subclasses define `__call__(shape, dtype=None)`, and `get_config` where they have arguments.
    """

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        raise NotImplementedError("Initializer subclasses must implement the `__call__()` method.")

    def get_config(self) -> Config:
        """The arguments of the constructor."""
        return {}

    @classmethod
    def from_config(cls, config: Config) -> Initializer:
        """The initializer that `get_config` described."""
        return cls(**config)

    def clone(self) -> Initializer:
        """A new initializer with the same arguments."""
        return type(self).from_config(self.get_config())
