"""The graph of objects that a checkpoint keeps beside their tensors."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..formats.message import Field, Message
from .trackable import ATTRIBUTES, Part, escaped, part_of, reachable, variable_name

OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
"""The tensor that holds the graph."""


class ObjectReference(Message):
    """An edge."""

    FIELDS = (Field(1, "node_id", "int32"), Field(2, "local_name", "string"))


class SerializedTensor(Message):
    """Something of an object that is a tensor."""

    FIELDS = (Field(1, "name", "string"), Field(2, "full_name", "string"), Field(3, "checkpoint_key", "string"))


class SlotVariableReference(Message):
    """A variable that an optimizer keeps for another."""

    FIELDS = (Field(1, "original_variable_node_id", "int32"), Field(2, "slot_name", "string"),
              Field(3, "slot_variable_node_id", "int32"))


class RegisteredSaver(Message):
    """Who saves an object that has a way of its own."""

    FIELDS = (Field(1, "name", "string"), Field(2, "object_name", "string"))


class BoolValue(Message):
    """A truth value that may be missing."""

    FIELDS = (Field(1, "value", "bool"),)


class TrackableObject(Message):
    """An object: where its edges lead, and what of it are tensors."""

    FIELDS = (
        Field(1, "children", "message", True, lambda: ObjectReference),
        Field(2, "attributes", "message", True, lambda: SerializedTensor),
        Field(3, "slot_variables", "message", True, lambda: SlotVariableReference),
        Field(4, "registered_saver", "message", message=lambda: RegisteredSaver),
        Field(5, "has_checkpoint_values", "message", message=lambda: BoolValue))


class TrackableObjectGraph(Message):
    """All objects; the first is the root."""

    FIELDS = (Field(1, "nodes", "message", True, lambda: TrackableObject),)


def slots_of(value: Any) -> list[tuple[Any, str, Any]]:
    """What an optimizer keeps for other variables: the variable, the slot's name, what is kept."""
    found = getattr(value, "_slot_variables", None)
    return list(found()) if callable(found) else []


def object_graph(root: Any, attached: Mapping[str, Any]) -> tuple[TrackableObjectGraph, list[tuple[str, Part]]]:
    """The graph of the objects that can be reached, and their tensors with the key of each.

    Args:
      root: the object to begin with.
      attached: further children of it.
    """
    graph = TrackableObjectGraph()
    parts: list[tuple[str, Part]] = []
    found = list(reachable(root, attached))
    paths = {id(at): path for at, path, _ in found}
    for at, path, _ in list(found):
        for variable, slot, kept in slots_of(at):
            if id(variable) in paths and id(kept) not in paths:
                place = (*map(escaped, paths[id(variable)]), ".OPTIMIZER_SLOT", *map(escaped, path), escaped(slot))
                paths[id(kept)] = place
                found.append((kept, place, {}))
    ids = {id(at): i for i, (at, _, _) in enumerate(found)}
    for at, path, below in found:
        node = graph.nodes.add()
        for name, child in below.items():
            node.children.add(node_id=ids[id(child)], local_name=name)
        part = part_of(at)
        if part is not None:
            names = path if ".OPTIMIZER_SLOT" in path else tuple(map(escaped, path))
            key = "/".join((*names, ATTRIBUTES + part.attribute))
            full = variable_name(at) if part.attribute == "VARIABLE_VALUE" else ""
            node.attributes.add(name=part.attribute, full_name=full, checkpoint_key=key)
            parts.append((key, part))
        for variable, slot, kept in slots_of(at):
            if id(variable) in ids:
                node.slot_variables.add(original_variable_node_id=ids[id(variable)], slot_name=slot,
                                        slot_variable_node_id=ids[id(kept)])
    _mark_values(graph)
    return graph, parts


def _mark_values(graph: TrackableObjectGraph) -> None:
    """Notes for each object whether there are tensors in it or below."""
    above: list[list[int]] = [[] for _ in graph.nodes]
    for i, node in enumerate(graph.nodes):
        for child in node.children:
            above[child.node_id].append(i)
    pending = [i for i, node in enumerate(graph.nodes) if node.attributes]
    marked = set(pending)
    while pending:
        fresh = [j for j in above[pending.pop()] if j not in marked]
        marked.update(fresh)
        pending += fresh
    for i, node in enumerate(graph.nodes):
        node.has_checkpoint_values.SetInParent()
        node.has_checkpoint_values.value = i in marked
