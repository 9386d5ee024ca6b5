"""The layers that combine inputs, as functions."""
from __future__ import annotations

from typing import Any

from ...types import Tensor
from .concatenate import Concatenate
from .dot import Dot
from .elementwise import Add, Average, Maximum, Minimum, Multiply, Subtract


def add(inputs: Any, **kwargs: Any) -> Tensor:
    """The sum of the inputs; `kwargs` go to the layer."""
    return Add(**kwargs)(inputs)


def subtract(inputs: Any, **kwargs: Any) -> Tensor:
    """The first of two inputs minus the second; `kwargs` go to the layer."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs: Any, **kwargs: Any) -> Tensor:
    """The product of the inputs; `kwargs` go to the layer."""
    return Multiply(**kwargs)(inputs)


def average(inputs: Any, **kwargs: Any) -> Tensor:
    """The mean of the inputs; `kwargs` go to the layer."""
    return Average(**kwargs)(inputs)


def maximum(inputs: Any, **kwargs: Any) -> Tensor:
    """The greatest of the inputs; `kwargs` go to the layer."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs: Any, **kwargs: Any) -> Tensor:
    """The least of the inputs; `kwargs` go to the layer."""
    return Minimum(**kwargs)(inputs)


def concatenate(inputs: Any, axis: int = -1, **kwargs: Any) -> Tensor:
    """The inputs side by side along an axis; `kwargs` go to the layer."""
    return Concatenate(axis=axis, **kwargs)(inputs)


def dot(inputs: Any, axes: Any = -1, **kwargs: Any) -> Tensor:
    """The products of two inputs, summed along one axis of each; `kwargs` go to the layer."""
    return Dot(axes=axes, **kwargs)(inputs)
