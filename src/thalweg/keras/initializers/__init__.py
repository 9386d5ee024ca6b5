"""Initializers of variables, and finding them by name."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import thalweg as tf

from .. import config, lookup, naming
from ..types import Shape, Tensor, TensorFunction
from .base import Initializer
from .constants import Constant, Identity, Ones, Zeros
from .draws import RandomInitializer, RandomNormal, RandomUniform, TruncatedNormal
from .orthogonal import Orthogonal
from .scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
    compute_fans,
)

_CLASSES = (
    Initializer, Constant, Identity, Ones, Zeros, GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal,
    LecunUniform, Orthogonal, RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling,
)  # fmt: skip

constant, identity, ones, zeros = Constant, Identity, Ones, Zeros
glorot_normal, glorot_uniform, he_normal, he_uniform = GlorotNormal, GlorotUniform, HeNormal, HeUniform
lecun_normal, lecun_uniform, orthogonal, variance_scaling = LecunNormal, LecunUniform, Orthogonal, VarianceScaling
random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
IdentityInitializer, OrthogonalInitializer = Identity, Orthogonal

ALL_OBJECTS_DICT: dict[str, type[Initializer]] = {
    **{cls.__name__: cls for cls in _CLASSES},
    **{naming.to_snake_case(cls.__name__): cls for cls in _CLASSES},
    "IdentityInitializer": Identity, "OrthogonalInitializer": Orthogonal, "normal": RandomNormal,
    "uniform": RandomUniform, "one": Ones, "zero": Zeros,
}  # fmt: skip


def get(identifier: Any) -> Any:
    """The initializer for a name, a config, a class, a callable, or an array of the very values; None for None.

    Raises:
      ValueError: for anything else, with a note naming the initializer that a misspelt name resembles.
    """
    if tf.is_tensor(identifier) or isinstance(identifier, (np.generic, np.ndarray)):
        return _from_values(identifier)
    return lookup.get("initializer", identifier, ALL_OBJECTS_DICT)


def _from_values(values: Any) -> TensorFunction:
    def initialize(shape: Shape, dtype: Any = None) -> Tensor:
        if tuple(shape) != tuple(values.shape):
            raise ValueError(f"Expected `shape` to be {values.shape} for direct tensor as initializer. "
                             f"Received shape={shape}")
        return tf.cast(values, config.standardize_dtype(dtype))

    return initialize


def serialize(initializer: Any) -> Any:
    """The config of an initializer."""
    from .. import registry

    return registry.serialize_keras_object(initializer)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The initializer that a config describes."""
    return lookup.deserialize(config, ALL_OBJECTS_DICT, custom_objects)


__all__ = [
    "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity", "IdentityInitializer",
    "Initializer", "LecunNormal", "LecunUniform", "Ones", "Orthogonal", "OrthogonalInitializer", "RandomInitializer",
    "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Zeros", "compute_fans", "constant",
    "deserialize", "get", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "identity", "lecun_normal",
    "lecun_uniform", "ones", "orthogonal", "random_normal", "random_uniform", "serialize", "truncated_normal",
    "variance_scaling", "zeros",
]  # fmt: skip
