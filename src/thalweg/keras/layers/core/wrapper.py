"""`Wrapper`: a layer that holds another."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import registry
from ...types import Config, Shape
from ..layer import Layer


class Wrapper(Layer):
    """A layer that does something with another one; subclasses say what.

    Args:
      layer: the layer inside.

    Raises:
      ValueError: it is none.
    """

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError(f"Layer {layer} supplied to Wrapper isn't a supported layer type. Please ensure wrapped "
                             "layer is a valid Keras layer.")
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape: Shape = None) -> None:
        if not self.layer.built:
            self.layer.build(input_shape)
            self.layer.built = True

    def get_config(self) -> Config:
        return {**super().get_config(), "layer": registry.serialize_keras_object(self.layer)}

    @classmethod
    def from_config(cls, config: Config, custom_objects: Mapping[str, Any] | None = None) -> Any:
        config = dict(config)
        layer = registry.deserialize_keras_object(config.pop("layer"), custom_objects=custom_objects)
        return cls(layer, **config)
