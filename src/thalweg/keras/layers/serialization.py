"""Layers as configs, and back."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..types import Config
from .layer import Layer


def serialize(layer: Layer) -> Any:
    """The config of a layer: module, class name, config, registered name."""
    from .. import registry

    return registry.serialize_keras_object(layer)


def deserialize(config: Config, custom_objects: Mapping[str, Any] | None = None) -> Layer:
    """The layer that `serialize` wrote.

    Raises:
      ValueError: the config describes something else.
    """
    from .. import registry

    layer = registry.deserialize_keras_object(config, custom_objects=custom_objects)
    if not isinstance(layer, Layer):
        raise ValueError(f"`keras.layers.deserialize` was passed a `config` object that is not a `keras.layers.Layer`. "
                         f"Received: {config}")
    return layer
