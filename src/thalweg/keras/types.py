"""Names for the types that Keras signatures speak of."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Tensor: TypeAlias = Any
"""A tensor: a value, or a node of a graph."""

TensorLike: TypeAlias = Any
"""What converts to a tensor: a tensor, a variable, an array, a number, a nested list."""

Shape: TypeAlias = Any
"""A shape: a tuple or list of integers, or a `TensorShape`."""

Config: TypeAlias = dict[str, Any]
"""What `get_config` returns and `from_config` takes."""

TensorFunction: TypeAlias = Callable[..., Any]
"""A function from tensors to a tensor."""
