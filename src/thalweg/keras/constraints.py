"""Projections that the optimizer applies to weights after it has changed them."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import lookup
from .config import epsilon
from .types import Config, Tensor


class Constraint:
    """Base class: an object called with a weight that returns the weight to keep in its place."""

    def __call__(self, w: Tensor) -> Tensor:
        """The weight itself in the base class."""
        return w

    def get_config(self) -> Config:
        return {}

    @classmethod
    def from_config(cls, config: Config) -> Constraint:
        return cls(**config)


def _norms(w: Tensor, axis: Any) -> Tensor:
    return tf.sqrt(tf.reduce_sum(tf.square(w), axis=axis, keepdims=True))


class MaxNorm(Constraint):
    """Scales down weights whose norm along `axis` exceeds `max_value`."""

    def __init__(self, max_value: float = 2, axis: Any = 0) -> None:
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w: Tensor) -> Tensor:
        norms = _norms(w, self.axis)
        return w * (tf.clip_by_value(norms, 0.0, self.max_value) / (norms + epsilon()))

    def get_config(self) -> Config:
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """Sets negative weights to zero."""

    def __call__(self, w: Tensor) -> Tensor:
        return tf.maximum(w, tf.zeros((), dtype=w.dtype))


class UnitNorm(Constraint):
    """Scales weights to norm 1 along `axis`."""

    def __init__(self, axis: Any = 0) -> None:
        self.axis = axis

    def __call__(self, w: Tensor) -> Tensor:
        return w / (_norms(w, self.axis) + epsilon())

    def get_config(self) -> Config:
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Moves norms along `axis` into `[min_value, max_value]`, at once for `rate` 1, part of the way for less."""

    def __init__(self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Any = 0) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w: Tensor) -> Tensor:
        norms = _norms(w, self.axis)
        wanted = self.rate * tf.clip_by_value(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        return w * (wanted / (norms + epsilon()))

    def get_config(self) -> Config:
        return {"min_value": self.min_value, "max_value": self.max_value, "rate": self.rate, "axis": self.axis}


max_norm = MaxNorm
non_neg = NonNeg
unit_norm = UnitNorm
min_max_norm = MinMaxNorm

_OBJECTS: dict[str, Any] = {cls.__name__: cls for cls in (Constraint, MaxNorm, NonNeg, UnitNorm, MinMaxNorm)} | {
    "max_norm": MaxNorm, "non_neg": NonNeg, "unit_norm": UnitNorm, "min_max_norm": MinMaxNorm,
    "nonneg": NonNeg, "unitnorm": UnitNorm, "maxnorm": MaxNorm, "minmaxnorm": MinMaxNorm,
}  # fmt: skip


def serialize(constraint: Any) -> Any:
    """The config of a constraint."""
    from . import registry

    return registry.serialize_keras_object(constraint)


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The constraint that `serialize` wrote."""
    return lookup.deserialize(config, _OBJECTS, custom_objects)


def get(identifier: Any) -> Any:
    """The constraint for a name, a config, a class or a callable; None for None.

    Raises:
      ValueError: `identifier` is none of these.
    """
    return lookup.get("constraint", identifier, _OBJECTS)
