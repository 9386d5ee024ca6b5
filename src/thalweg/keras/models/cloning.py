"""Models that begin at what layers returned, not at an `Input`: the calls in between are noted a second time."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..layers.core.input_layer import Input, InputLayer
from ..symbolic.graph import sorted_nodes
from ..symbolic.keras_tensor import KerasTensor
from ..symbolic.node import Node


def is_input(x: KerasTensor) -> bool:
    """Whether a symbolic tensor comes from an `Input`."""
    operation, index, _ = x._keras_history
    return operation is not None and operation._inbound_nodes[index].is_input


def clone_nodes(inputs: Any, outputs: Any) -> tuple[Any, Any]:
    """New symbolic inputs, and outputs that the same layers make of them.

    Args:
      inputs: a structure of symbolic tensors.
      outputs: a structure of symbolic tensors that depend on them.
    """
    nodes, _ = sorted_nodes(inputs, outputs)
    twins: dict[int, KerasTensor] = {}
    fresh = []
    for x in tf.nest.flatten(inputs):
        if is_input(x):
            twin = x
        else:
            twin = Input(batch_shape=x.shape, dtype=x.dtype, sparse=x.sparse, name=f"{x.name}CLONE")
        twins[id(x)] = twin
        fresh.append(twin)

    def twin_of(x: Any) -> Any:
        if not isinstance(x, KerasTensor):
            return x
        if id(x) not in twins:
            twins[id(x)] = KerasTensor(x.shape, x.dtype, x.sparse, name=f"{x.name}_clone")
        return twins[id(x)]

    for node in nodes:
        if isinstance(node.operation, InputLayer):
            continue
        args = tf.nest.map_structure(twin_of, node.args)
        kwargs = tf.nest.map_structure(twin_of, node.kwargs)
        Node(node.operation, args, kwargs, [twin_of(x) for x in node.outputs])
    return tf.nest.pack_sequence_as(inputs, fresh), tf.nest.map_structure(twin_of, outputs)
