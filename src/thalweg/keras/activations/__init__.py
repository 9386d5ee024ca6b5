"""Activation functions, and finding them by name."""
from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any

from .. import lookup
from ..types import TensorFunction
from .rectifiers import (
    celu,
    elu,
    gelu,
    hard_shrink,
    hard_silu,
    leaky_relu,
    mish,
    relu,
    relu6,
    selu,
    silu,
    soft_shrink,
    softplus,
    sparse_plus,
    squareplus,
    tanh_shrink,
    threshold,
)
from .sigmoids import (
    exponential,
    glu,
    hard_sigmoid,
    hard_tanh,
    linear,
    log_sigmoid,
    log_softmax,
    sigmoid,
    softmax,
    softsign,
    sparse_sigmoid,
    sparsemax,
    tanh,
)

swish = silu
hard_swish = hard_silu

ALL_OBJECTS_DICT: dict[str, TensorFunction] = {
    function.__name__: function
    for function in (
        celu, elu, exponential, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh, leaky_relu, linear,
        log_sigmoid, log_softmax, mish, relu, relu6, selu, sigmoid, silu, soft_shrink, softmax, softplus, softsign,
        sparse_plus, sparse_sigmoid, sparsemax, squareplus, tanh, tanh_shrink, threshold,
    )
} | {"swish": silu, "hard_swish": hard_silu}  # fmt: skip


def get(identifier: Any) -> TensorFunction:
    """The activation for a name, a config or a callable; `linear` for None.

    Raises:
      ValueError: for anything else, with a note naming the activation that a misspelt name resembles.
    """
    if identifier is None:
        return linear
    found: TensorFunction = identifier
    if isinstance(identifier, (str, Mapping)):
        found = lookup.deserialize(identifier, ALL_OBJECTS_DICT)
    if callable(found):
        return found
    raise lookup.unknown("activation function", identifier, ALL_OBJECTS_DICT)


def serialize(activation: Any) -> Any:
    """The name of an activation function, or the config of another callable.

    Raises:
      ValueError: a callable without a name.
    """
    from .. import registry

    if isinstance(activation, types.FunctionType):
        name = registry.get_registered_name(activation)
        if name != "<lambda>":
            return name
    config = registry.serialize_keras_object(activation)
    if not isinstance(config, Mapping) or "config" not in config:
        raise ValueError(
            f"Unknown activation function '{activation}' cannot be serialized due to invalid function name. Make sure "
            "to use an activation name that matches the references defined in activations.py or use "
            "`@keras.saving.register_keras_serializable()`to register any custom activations. "
            f"config={config}")
    return config


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The activation that a name or a config describes."""
    return lookup.deserialize(config, ALL_OBJECTS_DICT, custom_objects)


__all__ = [
    "celu", "deserialize", "elu", "exponential", "gelu", "get", "glu", "hard_shrink", "hard_sigmoid", "hard_silu",
    "hard_swish", "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu",
    "serialize", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid",
    "sparsemax", "squareplus", "swish", "tanh", "tanh_shrink", "threshold",
]  # fmt: skip
