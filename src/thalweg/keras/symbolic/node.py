"""`Node`: one call of an operation with symbolic tensors."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from .keras_tensor import KerasHistory, KerasTensor


class Node:
    """One call of an operation, wired to the operations that its inputs come from.

    Args:
      operation: what was called.
      args: its positional arguments, among which there are symbolic tensors.
      kwargs: its keyword arguments.
      outputs: a structure of the symbolic tensors that it returned.

    Raises:
      ValueError: an output is not symbolic.
    """

    def __init__(self, operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: Any) -> None:
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        self.outputs: list[Any] = tf.nest.flatten(outputs)
        for x in self.outputs:
            if not isinstance(x, KerasTensor):
                raise ValueError(f"All operation outputs must be tensors. Operation {operation} returned a non-tensor. "
                                 f"Non-tensor received: {x}")
        self.input_tensors: list[KerasTensor] = [
            x for x in tf.nest.flatten((args, kwargs)) if isinstance(x, KerasTensor)
        ]
        self.is_input = not self.input_tensors
        for x in self.input_tensors:
            if not hasattr(x, "_keras_history"):
                x._keras_history = KerasHistory(None, 0, 0)
        operation._inbound_nodes.append(self)
        for x in self.input_tensors:
            if x._keras_history.operation is not None:
                x._keras_history.operation._outbound_nodes.append(self)
        if all(x.record_history for x in self.input_tensors):
            for index, x in enumerate(self.outputs):
                x._keras_history = KerasHistory(operation, len(operation._inbound_nodes) - 1, index)

    @property
    def output_tensors(self) -> list[KerasTensor]:
        """The symbolic tensors that the call returned, in a flat list."""
        return self.outputs

    @property
    def parent_nodes(self) -> list[Node]:
        """The calls that made the inputs, one for each input that has one."""
        found = []
        for x in self.input_tensors:
            operation, node_index, _ = x._keras_history
            if operation is not None:
                found.append(operation._inbound_nodes[node_index])
        return found

    def fill_in(self, value_of: Callable[[KerasTensor], Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments of the call with a value in the place of each symbolic tensor."""

        def swap(x: Any) -> Any:
            return value_of(x) if isinstance(x, KerasTensor) else x

        if not self.kwargs and len(self.args) == 1 and isinstance(self.args[0], KerasTensor):
            return (value_of(self.args[0]),), {}
        return tf.nest.map_structure(swap, self.args), tf.nest.map_structure(swap, self.kwargs)

    def __repr__(self) -> str:
        return f"<Node operation={self.operation.name}, id={id(self)}>"
