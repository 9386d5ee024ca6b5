"""tf.types.experimental: what annotations and `isinstance` call the kinds of values and functions."""
from __future__ import annotations

import abc
from typing import Any, Union

import numpy as np

from .core.tensor import Tensor
from .core.type_spec import TypeSpec as TraceType
from .runtime.concrete import ConcreteFunction as ConcreteFunction
from .runtime.function import Function as PolymorphicFunction

__all__ = ["Callable", "ConcreteFunction", "GenericFunction", "PolymorphicFunction", "TensorLike", "TraceType"]

TensorLike = Union[Tensor, int, float, bool, str, bytes, complex, tuple[Any, ...], list[Any], np.ndarray[Any, Any], np.generic]  # noqa: UP007
"""What converts to a tensor."""


class Callable(abc.ABC):  # noqa: B024
    """What a program can call of what is traced: functions, and their traces."""


Callable.register(PolymorphicFunction)
Callable.register(ConcreteFunction)
GenericFunction = PolymorphicFunction
