"""`Sequential`: one layer after another."""
from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from .. import tags
from ..layers import tracking
from ..layers.core.input_layer import InputLayer
from ..layers.layer import Layer
from ..symbolic.keras_tensor import standardize_shape
from ..types import Config
from .functional import Functional
from .model import Model


class Sequential(Model):
    """A stack of layers, each of which has one input and one output.

    Args:
      layers: the layers; the first may be an `Input`. Without one, weights are made when data are first seen.
      trainable: whether training changes the weights.
      name: unique name; made from the class name for None.

    Raises:
      ValueError: something that is no layer, or two layers of one name.
    """

    _functional: Functional | None

    def __init__(self, layers: Iterable[Any] | None = None, trainable: bool = True, name: str | None = None) -> None:
        super().__init__(trainable=trainable, name=name)
        # The stack is a list of its own, so that layers set as attributes do not get into it.
        object.__setattr__(self, "_layers", [])
        self._functional = None
        for layer in layers or ():
            self.add(layer, rebuild=False)
        if layers:
            self._maybe_rebuild()

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Puts a layer on top of the stack.

        Raises:
          ValueError: no layer, a second input, or a name that another layer has.
        """
        if not self._layers and getattr(layer, "_input_shape_arg", None) is not None:
            self.add(InputLayer(shape=layer._input_shape_arg))
        history = getattr(layer, "_keras_history", None)
        if history is not None and isinstance(history.operation, InputLayer):
            layer = history.operation
        if not isinstance(layer, Layer):
            raise ValueError("Only instances of `keras.Layer` can be added to a Sequential model. Received: "
                             f"{layer} (of type {type(layer)})")
        if any(layer.name == other.name and other is not layer for other in self._layers):
            raise ValueError("All layers added to a Sequential model should have unique names. Name "
                             f"'{layer.name}' is already the name of a layer in this model. Update the `name` "
                             "argument to "
                             "pass a unique name.")
        if isinstance(layer, InputLayer) and self._layers and isinstance(self._layers[0], InputLayer):
            raise ValueError(f"Sequential model '{self.name}' has already been configured to use input shape "
                             f"{self._layers[0].batch_shape}. You cannot add a different Input layer to it.")
        self._layers.append(layer)
        tracking.changed()
        if rebuild:
            self._maybe_rebuild()
        else:
            self._forget_graph()

    def pop(self, rebuild: bool = True) -> Any:
        """Takes the last layer off the stack and returns it."""
        layer = self._layers.pop()
        tracking.changed()
        self._forget_graph()
        if rebuild and self._layers:
            self._maybe_rebuild()
        return layer

    def _forget_graph(self) -> None:
        self.built = False
        object.__setattr__(self, "_functional", None)

    def _maybe_rebuild(self) -> None:
        self._forget_graph()
        if len(self._layers) > 1:
            first = self._layers[0]
            if isinstance(first, InputLayer):
                self.build(first.batch_shape)
            elif isinstance(first, Model) and hasattr(first, "input_shape"):
                self.build(first.input_shape)

    def _lock_state(self) -> None:
        """Nothing: layers may be added to a stack that is built."""

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights for an input of this shape.

        Raises:
          ValueError: no layers, or another shape than that of the input layer.
        """
        try:
            shape = standardize_shape(input_shape)
        except (ValueError, TypeError, AttributeError):
            return  # Not a single tensor: the layers are built when they are called.
        if not self._layers:
            raise ValueError(f"Sequential model {self.name} cannot be built because it has no layers. Call "
                             "`model.add(layer)`.")
        if isinstance(self._layers[0], InputLayer):
            if self._layers[0].batch_shape != shape:
                raise ValueError(f"Sequential model '{self.name}' has already been configured to use input shape "
                                 f"{self._layers[0].batch_shape}. You cannot build it with input_shape {shape}")
        else:
            self._layers.insert(0, InputLayer(batch_shape=shape, dtype=self._layers[0].compute_dtype))
        x = self._layers[0].output
        for layer in self._layers[1:]:
            try:
                x = layer(x)
            except NotImplementedError:
                return  # The shape that this layer returns cannot be told.
            except TypeError:
                _check_arguments(layer)
                raise
        with tracking.untracked():
            self._functional = Functional(self._layers[0].output, x)

    def call(self, inputs: Any, training: Any = None, mask: Any = None, **kwargs: Any) -> Any:
        if self._functional is not None:
            return self._functional.call(inputs, training=training, mask=mask, **kwargs)
        x = inputs
        for layer in self.layers:
            given: dict[str, Any] = {}
            if layer._call_has_mask_arg:
                given["mask"] = mask
            if layer._call_has_training_arg and training is not None:
                given["training"] = training
            x = layer(x, **given)
            mask = None if isinstance(x, (list, tuple, dict)) else tags.get_mask(x)
        return x

    @property
    def layers(self) -> list[Any]:
        """The layers that were added, without the input."""
        layers = self._layers
        return layers[1:] if layers and isinstance(layers[0], InputLayer) else layers[:]

    @layers.setter
    def layers(self, value: Any) -> None:
        raise AttributeError("`Sequential.layers` attribute is reserved and should not be used. Use `add()` and "
                             "`pop()` "
                             "to change the layers in this model.")

    def compute_output_spec(self, inputs: Any, training: Any = None, mask: Any = None, **kwargs: Any) -> Any:
        if self._functional is not None:
            return self._functional.compute_output_spec(inputs, training=training, mask=mask)
        x = inputs
        for layer in self.layers:
            x = layer.compute_output_spec(x)
        return x

    def compute_output_shape(self, input_shape: Any) -> Any:
        if self._functional is not None:
            return self._functional.compute_output_shape(input_shape)
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def _of_functional(self, attribute: str, what: str) -> Any:
        if self._functional is None:
            raise AttributeError(f"Sequential model '{self.name}' has no defined {what} yet.")
        return getattr(self._functional, attribute)

    @property
    def input_shape(self) -> Any:
        """The shape of the input."""
        return self._of_functional("input_shape", "input shape")

    @property
    def output_shape(self) -> Any:
        """The shape of the output."""
        return self._of_functional("output_shape", "output shape")

    @property
    def inputs(self) -> Any:
        """The symbolic input in a list."""
        return self._of_functional("inputs", "inputs")

    @property
    def outputs(self) -> Any:
        """The symbolic output in a list."""
        return self._of_functional("outputs", "outputs")

    @property
    def input_dtype(self) -> str:
        """The dtype that floating-point inputs are cast to: that of the input layer."""
        if self._layers and isinstance(self._layers[0], InputLayer):
            return self._layers[0].dtype
        return super().input_dtype

    def get_config(self) -> Config:
        from .. import registry

        config = {"name": self.name, "trainable": self.trainable, "dtype": Layer.get_config(self)["dtype"]}
        config["layers"] = [registry.serialize_keras_object(layer) for layer in self._layers]
        if self._functional is not None:
            config["build_input_shape"] = self._layers[0].batch_shape
        return config

    @classmethod
    def from_config(cls, config: Config, custom_objects: Any = None) -> Any:
        """The model that `get_config` described.

        Raises:
          ValueError: the config lacks a name or layers.
        """
        from .. import registry

        if "name" not in config:
            raise ValueError("A Sequential model configuration must be a dictionary containing the 'name' and 'layers' "
                             f"keys. Received: config={config}")
        model = cls(name=config["name"])
        for layer in config["layers"]:
            model.add(registry.deserialize_keras_object(layer, custom_objects=custom_objects))
        shape = config.get("build_input_shape")
        if model._functional is None and shape and isinstance(shape, (tuple, list)):
            model.build(shape)
        return model


def _check_arguments(layer: Any) -> None:
    """Raises `ValueError` for a layer that does not take exactly one input."""
    parameters = inspect.signature(layer.call).parameters.values()
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = [p for p in positional if p.default is p.empty]
    if not positional:
        raise ValueError("Layers added to a Sequential model should have a single positional argument, the input "
                         "tensor. "
                         f"Layer {type(layer).__name__} has no positional arguments.")
    if len(required) > 1:
        raise ValueError("Layers added to a Sequential model can only have a single required positional argument, the "
                         f"input tensor. Layer {type(layer).__name__} has multiple required positional arguments: "
                         f"{required}")
