"""The graph between symbolic inputs and outputs: which operations it has, and in which order they run."""
from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import thalweg as tf

from .keras_tensor import KerasTensor
from .node import Node


class Graph(NamedTuple):
    """The calls and operations from some inputs to some outputs."""

    node_keys: set[tuple[int, int]]
    """(id of the operation, number of the call) for each call."""
    nodes_by_depth: dict[int, list[Node]]
    """The calls by their greatest distance from an output."""
    operations: list[Any]
    """The operations, those farthest from the outputs first."""

    def in_order(self) -> list[Node]:
        """The calls, each after those that it depends on; inputs left out."""
        depths = sorted(self.nodes_by_depth, reverse=True)
        return [node for depth in depths for node in self.nodes_by_depth[depth] if not node.is_input]


def node_key(operation: Any, index: int) -> tuple[int, int]:
    """What a call is known by."""
    return id(operation), index


def sorted_nodes(inputs: Any, outputs: Any) -> tuple[list[Node], dict[Any, int]]:
    """The calls between inputs and outputs, each after those it depends on, and the order operations were met in.

    Raises:
      ValueError: a tensor depends on itself.
    """
    given = {id(x) for x in tf.nest.flatten(inputs)}
    finished: set[Node] = set()
    running: set[Node] = set()
    ordered: list[Node] = []
    met: dict[Any, int] = {}
    for output in tf.nest.flatten(outputs):
        pending: list[tuple[KerasTensor, bool]] = [(output, False)]
        while pending:
            tensor, expanded = pending.pop()
            operation, index, _ = tensor._keras_history
            if operation is None:
                continue
            node = operation._inbound_nodes[index]
            if expanded:
                running.discard(node)
                finished.add(node)
                ordered.append(node)
                continue
            if node in finished:
                continue
            if not node.is_input and id(tensor) in given:
                finished.add(node)
                continue
            if node in running:
                raise ValueError(f"Tensor {tensor} from operation '{operation.name}' is part of a cycle.")
            met.setdefault(operation, len(met))
            running.add(node)
            pending.append((tensor, True))
            pending += [(x, False) for x in reversed(node.input_tensors)]
    return ordered, met


def map_graph(inputs: list[KerasTensor], outputs: list[KerasTensor]) -> Graph:
    """The graph between inputs and outputs.

    Raises:
      ValueError: an output depends on something that is not among the inputs, or two operations share a name.
    """
    nodes, met = sorted_nodes(inputs, outputs)
    known = set(nodes)
    keys = {node_key(node.operation, node.operation._inbound_nodes.index(node)) for node in nodes}
    node_depths: dict[Node, int] = {}
    operation_depths: dict[Any, int] = {}
    for node in reversed(nodes):
        # An operation used twice runs at the depth of its farthest use.
        depth = max(node_depths.get(node, 0), operation_depths.get(node.operation, 0))
        node_depths[node] = operation_depths[node.operation] = depth
        for parent in node.parent_nodes:
            if parent in known:
                node_depths[parent] = max(depth + 1, node_depths.get(parent, 0))
    for x in inputs:
        operation, index, _ = x._keras_history
        if operation is not None and operation not in operation_depths and operation._inbound_nodes[index].is_input:
            node_depths[operation._inbound_nodes[index]] = operation_depths[operation] = 0
            met[operation] = -1
            keys.add(node_key(operation, index))
    nodes_by_depth: defaultdict[int, list[Node]] = defaultdict(list)
    for node, depth in node_depths.items():
        nodes_by_depth[depth].append(node)
    operations = sorted(operation_depths, key=lambda operation: (-operation_depths[operation], met[operation]))
    graph = Graph(keys, dict(nodes_by_depth), operations)
    _check_connected(graph, inputs)
    _check_names(operations)
    return graph


def _check_connected(graph: Graph, inputs: list[KerasTensor]) -> None:
    available = {id(x) for x in inputs}
    passed: list[str] = []
    for depth in sorted(graph.nodes_by_depth, reverse=True):
        for node in graph.nodes_by_depth[depth]:
            for x in node.input_tensors:
                if id(x) not in available:
                    raise ValueError(f"Graph disconnected: cannot find parent for tensor {x} at operation "
                                     f"'{node.operation}'. The following previous operations were accessed without "
                                     f"issue: {passed}")
                passed.append(node.operation.name)
            available.update(map(id, node.outputs))


def _check_names(operations: list[Any]) -> None:
    names = [operation.name for operation in operations]
    for name in names:
        if names.count(name) != 1:
            raise ValueError(f'The name "{name}" is used {names.count(name)} times in the model. All operation names '
                             "should be unique.")
