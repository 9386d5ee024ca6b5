"""Functional models as dictionaries of plain values, in the form of Keras 3, and back."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import thalweg as tf

from ..symbolic.graph import node_key
from ..symbolic.keras_tensor import KerasTensor
from ..symbolic.node import Node
from ..symbolic.operation import Operation
from ..types import Config


def config_of(model: Any) -> Config:
    """The configuration of a functional model: its layers, their calls, and which tensors go in and out."""
    from .. import registry
    from .functional import Functional

    graph = model._graph
    # The number of a call among those of the model. A model inside counts the call that defined it, too.
    numbers: dict[tuple[int, int], int] = {}
    for operation in graph.operations:
        count = 1 if isinstance(operation, Functional) else 0
        for index in range(len(operation._inbound_nodes)):
            if node_key(operation, index) in graph.node_keys:
                numbers[node_key(operation, index)] = count
                count += 1

    def place(x: KerasTensor) -> list[Any]:
        operation, index, output = x._keras_history
        return [operation.name, numbers[node_key(operation, index)], output]

    def plain(x: Any) -> Any:
        if not isinstance(x, KerasTensor):
            return x
        operation, index, output = x._keras_history
        before = sum(node_key(operation, i) in graph.node_keys for i in range(index))
        return _Written({"class_name": "__keras_tensor__", "config": {
            "shape": x.shape, "dtype": x.dtype, "keras_history": [operation.name, before, output]}})

    layers = []
    for operation in graph.operations:
        calls = [
            {"args": _serialized(_mapped(plain, node.args)), "kwargs": _serialized(_mapped(plain, node.kwargs))}
            for index, node in enumerate(operation._inbound_nodes)
            if node_key(operation, index) in graph.node_keys and node.input_tensors
        ]
        layers.append({**registry.serialize_keras_object(operation), "name": operation.name, "inbound_nodes": calls})
    return {
        "name": model.name,
        "trainable": model.trainable,
        "layers": layers,
        "input_layers": _mapped(place, model._inputs_struct),
        "output_layers": _mapped(place, model._outputs_struct),
    }


class _Written(dict[str, Any]):
    """A config that is complete already."""


def _mapped(function: Any, struct: Any) -> Any:
    if isinstance(struct, dict):
        return {key: _mapped(function, value) for key, value in struct.items()}
    if isinstance(struct, (list, tuple)):
        return type(struct)(_mapped(function, value) for value in struct)
    return function(struct)


def _serialized(struct: Any) -> Any:
    from .. import registry

    if isinstance(struct, _Written):
        return dict(struct)
    if isinstance(struct, dict):
        return {key: _serialized(value) for key, value in struct.items()}
    if isinstance(struct, (list, tuple)):
        return type(struct)(_serialized(value) for value in struct)
    return registry.serialize_keras_object(struct)


def model_from_config(cls: Any, config: Config, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The model that `config_of` described.

    Raises:
      ValueError: the calls do not form a graph.
    """
    from .. import registry

    config = dict(config)
    layers: dict[str, Any] = {}
    pending: dict[str, list[Config]] = {}
    descriptions = config.pop("layers")
    for description in descriptions:
        layer = registry.deserialize_keras_object(description, custom_objects=custom_objects)
        if not isinstance(layer, Operation):
            raise ValueError("Unexpected object from deserialization, expected a layer or operation, got a "
                             f"{type(layer)}")
        layers[description["name"]] = layer
        pending[description["name"]] = list(description["inbound_nodes"])
    offsets = {name: len(layer._inbound_nodes) - _own_calls(layer) for name, layer in layers.items()}
    while any(pending.values()):
        progressed = False
        for name, calls in pending.items():
            while calls and (arguments := _arguments(calls[0], layers, offsets)) is not None:
                layers[name](*arguments[0], **arguments[1])
                calls.pop(0)
                progressed = True
        if not progressed:
            stuck = [name for name, calls in pending.items() if calls]
            raise ValueError("Invalid Functional model configuration. The graph of the Functional model either has "
                             "loops "
                             f"or disconnected nodes. The following nodes failed to be resolved: {stuck}")

    def tensors(struct: Any) -> Any:
        if isinstance(struct, (list, tuple)) and len(struct) == 3 and isinstance(struct[0], str):
            return _tensor(layers, offsets, *struct)
        if isinstance(struct, dict):
            return {key: tensors(value) for key, value in struct.items()}
        return [tensors(value) for value in struct]

    inputs, outputs = tensors(config.pop("input_layers")), tensors(config.pop("output_layers"))
    return cls(inputs=inputs, outputs=outputs, name=config.pop("name", None), trainable=config.pop("trainable", None),
               **config)


def _own_calls(layer: Any) -> int:
    """How many of the calls that a new layer has already are counted in a config: an input's own."""
    from ..layers.core.input_layer import InputLayer

    return 1 if isinstance(layer, InputLayer) else 0


def _tensor(layers: Mapping[str, Any], offsets: Mapping[str, int], name: str, call: int, output: int) -> Any:
    """A tensor by the layer that made it; None where that call was not made yet."""
    from .functional import Functional

    layer = layers.get(name)
    if layer is None:
        raise ValueError(f"Unknown layer: {name}")
    # A model inside counts the call that defined it.
    index = offsets[name] + call - (1 if isinstance(layer, Functional) else 0)
    nodes: list[Node] = layer._inbound_nodes
    return nodes[index].outputs[output] if index < len(nodes) else None


def _arguments(call: Config, layers: Mapping[str, Any], offsets: Mapping[str, int]) -> tuple[Any, Any] | None:
    """The arguments of a call; None where one of them is not there yet."""
    from .. import registry

    missing = False

    def revive(x: Any) -> Any:
        nonlocal missing
        if isinstance(x, dict) and x.get("class_name") == "__keras_tensor__":
            name, number, output = x["config"]["keras_history"]
            # Arguments, unlike outputs of the model, number the calls of the model only.
            layer = layers.get(name)
            if layer is None:
                raise ValueError(f"Unknown layer: {name}")
            index = offsets[name] + number
            if index >= len(layer._inbound_nodes):
                missing = True
                return None
            return layer._inbound_nodes[index].outputs[output]
        if isinstance(x, dict):
            if "class_name" in x and "config" in x:
                return registry.deserialize_keras_object(x)
            return {key: revive(value) for key, value in x.items()}
        if isinstance(x, (list, tuple)):
            return type(x)(revive(value) for value in x)
        return x

    args, kwargs = revive(call["args"]), revive(call["kwargs"])
    return None if missing else (tuple(args), tf.nest.map_structure(lambda x: x, kwargs))
