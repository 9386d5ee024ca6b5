"""Penalties on weights and activations that are added to the loss."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

import thalweg as tf

from . import lookup
from .types import Config, Tensor


class Regularizer:
    """Base class: an object called with a tensor that returns a scalar penalty."""

    def __call__(self, x: Tensor) -> Any:
        """The penalty on `x`; none in the base class."""
        return 0.0

    @classmethod
    def from_config(cls, config: Config) -> Regularizer:
        return cls(**config)

    def get_config(self) -> Config:
        return {}


def _checked(value: Any, name: str) -> float:
    if not isinstance(value, (float, int)) or math.isinf(value) or math.isnan(value) or value < 0:
        raise ValueError(f"Invalid value for argument {name}: expected a non-negative float.Received: {name}={value}")
    return float(value)


class L1L2(Regularizer):
    """`l1 * sum(|x|) + l2 * sum(x**2)`.

    Raises:
      ValueError: a factor is negative or not finite.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = _checked(0.0 if l1 is None else l1, "l1")
        self.l2 = _checked(0.0 if l2 is None else l2, "l2")

    def __call__(self, x: Tensor) -> Tensor:
        penalty = tf.zeros((), dtype=x.dtype)
        if self.l1:
            penalty += self.l1 * tf.reduce_sum(tf.abs(x))
        if self.l2:
            penalty += self.l2 * tf.reduce_sum(tf.square(x))
        return penalty

    def get_config(self) -> Config:
        return {"l1": self.l1, "l2": self.l2}


class L1(Regularizer):
    """`l1 * sum(|x|)`.

    Raises:
      ValueError: the factor is negative or not finite.
    """

    def __init__(self, l1: float = 0.01) -> None:
        self.l1 = _checked(0.01 if l1 is None else l1, "l1")

    def __call__(self, x: Tensor) -> Tensor:
        return self.l1 * tf.reduce_sum(tf.abs(x))

    def get_config(self) -> Config:
        return {"l1": float(np.float32(self.l1))}  # As Keras writes it, which keeps it as a tensor.


class L2(Regularizer):
    """`l2 * sum(x**2)`.

    Raises:
      ValueError: the factor is negative or not finite.
    """

    def __init__(self, l2: float = 0.01) -> None:
        self.l2 = _checked(0.01 if l2 is None else l2, "l2")

    def __call__(self, x: Tensor) -> Tensor:
        return self.l2 * tf.reduce_sum(tf.square(x))

    def get_config(self) -> Config:
        return {"l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """Penalizes rows (or columns) of a matrix that are not orthogonal to each other.

    Raises:
      ValueError: `mode` is neither `"rows"` nor `"columns"`; the input is no matrix.
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        self.factor = _checked(factor, "factor")
        if mode not in ("rows", "columns"):
            raise ValueError('Invalid value for argument `mode`. Expected one of {"rows", "columns"}. Received: '
                             f"mode={mode}")
        self.mode = mode

    def __call__(self, x: Tensor) -> Tensor:
        if len(x.shape) != 2:
            raise ValueError(f"Inputs to OrthogonalRegularizer must have rank 2. Received: inputs.shape={x.shape}")
        axis = 1 if self.mode == "rows" else 0
        unit = tf.math.l2_normalize(x, axis=axis)
        products = tf.matmul(unit, unit, transpose_a=axis == 0, transpose_b=axis == 1)
        size = int(x.shape[1 - axis])
        off_diagonal = products * (1.0 - tf.eye(size, dtype=x.dtype))
        return self.factor * 0.5 * tf.reduce_sum(tf.abs(off_diagonal)) / (size * (size - 1.0) / 2.0)

    def get_config(self) -> Config:
        return {"factor": self.factor, "mode": self.mode}


l1 = L1
l2 = L2


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """An `L1L2` with a default factor of 0.01 for each part."""
    return L1L2(l1=l1, l2=l2)


_OBJECTS: dict[str, Any] = {
    cls.__name__: cls for cls in (Regularizer, L1L2, L1, L2, OrthogonalRegularizer)
} | {
    "l1": L1, "l2": L2, "l1_l2": L1L2, "l1l2": L1L2, "orthogonal": OrthogonalRegularizer,
    "orthogonal_regularizer": OrthogonalRegularizer,
}  # fmt: skip


def serialize(regularizer: Any) -> Any:
    """The config of a regularizer."""
    from . import registry

    return registry.serialize_keras_object(regularizer)


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The regularizer that `serialize` wrote."""
    return lookup.deserialize(config, _OBJECTS, custom_objects)


def get(identifier: Any) -> Any:
    """The regularizer for a name, a config, a class or a callable; None for None.

    Raises:
      ValueError: `identifier` is none of these.
    """
    return lookup.get("regularizer", identifier, _OBJECTS)
