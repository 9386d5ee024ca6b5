"""What one pass over a data set knows: the values of the tensors of a graph that the data set was described with."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

import thalweg as tf


class Run:
    """The values for one pass.

    Args:
      values: for the `id` of a symbolic tensor, or of a data set that stands for another, its value.
    """

    __slots__ = ("_streams", "_values")

    def __init__(self, values: Mapping[int, Any] | None = None) -> None:
        self._values = values or {}
        self._streams: dict[int, Any] = {}

    def value(self, x: Any) -> Any:
        """The value of `x`, which is `x` itself unless it is a symbol.

        Raises:
          RuntimeError: a symbol without a value.
        """
        if not is_symbol(x):
            return x
        found = self._values.get(id(x), self)
        if found is self:
            raise RuntimeError("`tf.data.Dataset` only supports Python-style iteration in eager mode or within tf.function.")
        return found

    def stream(self, owner: Any, make: Callable[[], Any]) -> Any:
        """What `make` made when `owner` asked first in this pass."""
        if id(owner) not in self._streams:
            self._streams[id(owner)] = make()
        return self._streams[id(owner)]

    def number(self, x: Any) -> int:
        """The value of an integer argument."""
        return x if type(x) is int else int(np.asarray(self.value(x)))


def is_symbol(x: Any) -> bool:
    """Whether `x` is known only in a run: a tensor of a graph, or a data set that stands for another."""
    return getattr(x, "_stands_for_another", False) or bool(tf.is_symbolic_tensor(x))


def number(value: Any, default: int | None = None) -> Any:
    """An integer argument: a Python number, or a scalar of a graph.

    Raises:
      TypeError: it is no integer.
    """
    if value is None and default is not None:
        return default
    if type(value) is int or is_symbol(value):
        return value
    tensor = tf.convert_to_tensor(value) if tf.is_tensor(value) or isinstance(value, (np.generic, np.ndarray, tf.Variable)) \
        else tf.convert_to_tensor(value, tf.int64)
    if is_symbol(tensor):
        return tensor
    if not tensor.dtype.is_integer:
        raise TypeError(f"Cannot convert {value!r} to EagerTensor of dtype int64")
    return int(np.asarray(tensor))


def symbols(values: Iterable[Any]) -> list[Any]:
    """The symbols among values, each once."""
    found: dict[int, Any] = {}
    for x in values:
        for part in tf.nest.flatten(x, expand_composites=True) if tf.is_tensor(x) else (x,):
            if is_symbol(part):
                found[id(part)] = part
    return list(found.values())
