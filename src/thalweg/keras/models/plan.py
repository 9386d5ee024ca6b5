"""`Plan`: the calls of a functional model in the order in which they are made, settled once."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from ..layers.layer import Layer
from ..symbolic.graph import Graph
from ..symbolic.keras_tensor import KerasTensor
from ..symbolic.node import Node


class Plan:
    """The calls between inputs and outputs. Values are kept in a list; a call knows the places of its arguments.

    Args:
      graph: the calls.
      inputs: the symbolic inputs.
      outputs: the symbolic outputs.
    """

    def __init__(self, graph: Graph, inputs: list[KerasTensor], outputs: list[KerasTensor]) -> None:
        self._places: dict[int, int] = {id(x): i for i, x in enumerate(inputs)}
        self._steps: list[tuple[Node, int | None, list[int]]] = []
        for node in graph.in_order():
            for x in node.outputs:
                self._places.setdefault(id(x), len(self._places))
            only = None
            if len(node.args) == 1 and not node.kwargs and isinstance(node.args[0], KerasTensor):
                only = self._places[id(node.args[0])]
            self._steps.append((node, only, [self._places[id(x)] for x in node.outputs]))
        self._inputs = [self._places[id(x)] for x in inputs]
        self._outputs = [self._places[id(x)] for x in outputs]

    def run(self, inputs: list[Any], training: Any) -> list[Any]:
        """The values of the outputs for these inputs."""
        values: list[Any] = [None] * len(self._places)
        for place, x in zip(self._inputs, inputs, strict=True):
            values[place] = x
        for node, only, targets in self._steps:
            operation = node.operation
            if only is not None:
                if training is not None and isinstance(operation, Layer):
                    result = operation(values[only], training=training)
                else:
                    result = operation(values[only])
            else:
                args, kwargs = node.fill_in(lambda x: values[self._places[id(x)]])
                if training is not None and isinstance(operation, Layer):
                    kwargs["training"] = training
                result = operation(*args, **kwargs)
            self._put(values, targets, result)
        return [values[place] for place in self._outputs]

    def run_specs(self, inputs: list[KerasTensor]) -> list[Any]:
        """Symbolic outputs for other symbolic inputs, without a record of the calls."""
        values: list[Any] = [None] * len(self._places)
        for place, x in zip(self._inputs, inputs, strict=True):
            values[place] = x
        for node, _, targets in self._steps:
            spec: Callable[..., Any] = node.operation.compute_output_spec
            args, kwargs = node.fill_in(lambda x: values[self._places[id(x)]])
            self._put(values, targets, spec(*args, **kwargs))
        return [values[place] for place in self._outputs]

    @staticmethod
    def _put(values: list[Any], targets: list[int], result: Any) -> None:
        if len(targets) == 1 and not isinstance(result, (list, tuple, dict)):
            values[targets[0]] = result
            return
        for place, value in zip(targets, tf.nest.flatten(result), strict=True):
            values[place] = value
