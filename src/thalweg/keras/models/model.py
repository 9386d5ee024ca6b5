"""`Model`: layers grouped into something that can be trained."""
from __future__ import annotations

import json
from typing import Any

from ..layers.context import unknown_batch
from ..layers.layer import Layer
from ..symbolic.inference import output_spec
from ..symbolic.keras_tensor import KerasTensor
from ..symbolic.operation import default
from ..training.loops import Trainer
from ..types import Config
from ..utils.warn import warn


def is_functional(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether these arguments are the inputs and outputs of a functional model."""
    return len(args) == 2 or "outputs" in kwargs and (len(args) == 1 or "inputs" in kwargs)


_variants: dict[type, type] = {}


def _functional_variant(cls: type) -> type:
    """A subclass of a user's class of models for instances that are made of inputs and outputs."""
    from .functional import Functional

    if issubclass(cls, Functional):
        return cls
    if cls not in _variants:
        names = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__}
        _variants[cls] = type(cls.__name__, (cls, Functional), names)
    return _variants[cls]


class Model(Trainer):
    """Layers grouped into something that can be trained, measured and asked.

    `Model(inputs, outputs)` is the model between symbolic inputs and what layers made of them. A subclass makes its
    layers in `__init__` and uses them in `call`.

    Args:
      inputs: a symbolic tensor from `keras.Input`, or a list or dict of them.
      outputs: what layers returned for them.
      name: unique name; made from the class name for None.
      trainable: whether training changes the weights.

    Raises:
      ValueError: inputs or outputs that are not symbolic, or not connected.
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Model and is_functional(args, kwargs):
            from .functional import Functional

            cls = Functional
        return super().__new__(cls, *args, **kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from .functional import Functional

        if is_functional(args, kwargs):
            if not isinstance(self, Functional):
                object.__setattr__(self, "__class__", _functional_variant(type(self)))
            Functional.__init__(self, *args, **kwargs)  # type: ignore[arg-type]
            return
        Layer.__init__(self, *args, **kwargs)
        self._init_training()

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """What the model does with tensors; subclasses say it.

        Raises:
          NotImplementedError: the class does not.
        """
        raise NotImplementedError(f"Model {type(self).__name__} does not have a `call()` method implemented.")

    @default
    def build(self, input_shape: Any) -> None:
        """Makes the weights for an input of this shape, by a call with a stand-in for the input."""
        if any(not layer.built for layer in self._layers):
            try:
                self._build_by_call(input_shape)
            except Exception as error:
                warn(f"Model '{self.name}' could not be built by a call on an input of shape {input_shape}: "
                              f"{error}")
        Layer.build(self, input_shape)

    def _build_by_call(self, input_shape: Any) -> None:
        def stand_in(shape: Any) -> Any:
            if isinstance(shape, dict):
                return {key: stand_in(value) for key, value in shape.items()}
            if isinstance(shape, (list, tuple)) and shape and isinstance(shape[0], (list, tuple)):
                return [stand_in(value) for value in shape]
            return KerasTensor(shape, dtype=self.input_dtype)

        with self._name_scopes(), unknown_batch(None):
            output_spec(self.call, (stand_in(input_shape),), {}, self)

    @property
    def layers(self) -> list[Any]:
        """The layers of the model, without those inside them."""
        return self._flatten_layers(include_self=False, recursive=False)

    @layers.setter
    def layers(self, value: Any) -> None:
        raise AttributeError("`Model.layers` attribute is reserved and should not be used. Please use another name.")

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """The layer of this name, or at this position.

        Raises:
          ValueError: there is none, or not exactly one argument is given.
        """
        layers = self.layers
        if index is not None and name is not None:
            raise ValueError(f"Provide only a layer name or a layer index. Received: index={index}, name={name}.")
        if index is not None:
            if len(layers) <= index:
                raise ValueError(f"Was asked to retrieve layer at index {index} but model only has {len(layers)} "
                                 "layers.")
            return layers[index]
        if name is None:
            raise ValueError("Provide either a layer name or layer index at `get_layer`.")
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}. Existing layers are: {[layer.name for layer in layers]}.")

    def summary(self, line_length: int | None = None, positions: list[float] | None = None, print_fn: Any = None,
                expand_nested: bool = False, show_trainable: bool = False,
                layer_range: tuple[str, str] | None = None) -> None:
        """Prints a table of the layers, their output shapes and the numbers of their weights.

        Args:
          line_length: width of the table.
          positions: ends of the columns, in parts of the width.
          print_fn: called with the whole text in place of printing it.
          expand_nested: whether layers inside layers are listed.
          show_trainable: whether a column says which layers are trained.
          layer_range: names, or patterns, of the first and the last layer to list.

        Raises:
          ValueError: the table does not fit the width, or `layer_range` names no layers.
        """
        from .summary import print_summary

        print_summary(self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range)

    def to_json(self, **kwargs: Any) -> str:
        """The configuration of the model as JSON; `kwargs` go to `json.dumps`."""
        from .. import registry

        return json.dumps(registry.serialize_keras_object(self), **kwargs)

    @classmethod
    def from_config(cls, config: Config, custom_objects: Any = None) -> Any:
        """The model that `get_config` described."""
        if {"layers", "input_layers", "output_layers"} <= set(config):
            from .functional import Functional
            from .functional_config import model_from_config

            return model_from_config(Functional if cls is Model else cls, config, custom_objects)
        return super().from_config(config)
