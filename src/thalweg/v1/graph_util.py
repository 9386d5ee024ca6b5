"""`tf.graph_util` of TensorFlow 1: parts of graphs as messages, and graphs with their variables as constants."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.shape import TensorShape
from ..formats.graph_import import import_graph_def
from ..formats.graph_proto import GraphDef, NodeDef
from ..formats.tensor_proto import make_tensor_proto

__all__ = ["convert_variables_to_constants", "extract_sub_graph", "import_graph_def", "must_run_on_cpu",
           "remove_training_nodes", "tensor_shape_from_node_def_name"]

_READS = ("ReadVariableOp", "ResourceGather", "ResourceGatherNd")


def _base(text: str) -> str:
    """The node that an input comes from."""
    return text.lstrip("^").partition(":")[0]


def _copied(nodes: Iterable[Any], like: Any) -> Any:
    out = GraphDef()
    out.library.CopyFrom(like.library)
    out.versions.CopyFrom(like.versions)
    for node in nodes:
        out.node.append(node)
    return out


def extract_sub_graph(graph_def: Any, dest_nodes: Any) -> Any:
    """The nodes of a `GraphDef` that some nodes need, and these.

    Args:
      graph_def: the message.
      dest_nodes: names of nodes.

    Raises:
      TypeError: arguments of other kinds. AssertionError: a name that is not in the graph.
    """
    if not isinstance(graph_def, GraphDef):
        raise TypeError(f"graph_def must be a graph_pb2.GraphDef proto, but got type {type(graph_def)}.")
    if isinstance(dest_nodes, str):
        raise TypeError("dest_nodes must be an iterable of strings.")
    nodes = {n.name: n for n in graph_def.node}
    for name in dest_nodes:
        if name not in nodes:
            raise AssertionError(f"{name} is not in graph")
    needed: set[str] = set()
    waiting = list(dest_nodes)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [_base(x) for x in nodes[name].input]
    return _copied((n for n in graph_def.node if n.name in needed), graph_def)


def remove_training_nodes(input_graph: Any, protected_nodes: Any = None) -> Any:
    """A `GraphDef` without the nodes that only check or pass on values: `CheckNumerics`, and `Identity` where nothing waits
    for it.

    Args:
      protected_nodes: names of nodes to leave alone.
    """
    protected = set(protected_nodes or ())
    waited_for = {_base(x) for n in input_graph.node for x in n.input if x.startswith("^")}
    with_control = {n.name for n in input_graph.node if any(x.startswith("^") for x in n.input)}
    skipped = {}
    for node in input_graph.node:
        if node.op in ("CheckNumerics", "Identity") and node.name not in protected | waited_for | with_control:
            skipped[node.name] = node.input[0]

    def source(text: str) -> str:
        while text.removesuffix(":0") in skipped:
            text = skipped[text.removesuffix(":0")]
        return text
    kept = []
    for node in input_graph.node:
        if node.name in skipped:
            continue
        copy = NodeDef()
        copy.CopyFrom(node)
        copy.ClearField("input")
        copy.input.extend([source(x) for x in node.input])
        kept.append(copy)
    return _copied(kept, input_graph)


def convert_variables_to_constants(sess: Any, input_graph_def: Any, output_node_names: Any,
                                   variable_names_whitelist: Any = None, variable_names_blacklist: Any = None) -> Any:
    """A `GraphDef` in which constants stand for the variables, with the values that these have in a session.

    Args:
      sess: the session.
      input_graph_def: the message of its graph.
      output_node_names: the nodes to keep, with what they need.
      variable_names_whitelist, variable_names_blacklist: the variables to convert, all where missing; those to leave alone.

    Raises:
      AssertionError: a name that is not in the graph.
    """
    part = extract_sub_graph(input_graph_def, [_base(n) for n in output_node_names])
    handles = {n.name for n in part.node if n.op == "VarHandleOp"
               and (variable_names_whitelist is None or n.name in variable_names_whitelist)
               and n.name not in (variable_names_blacklist or ())}
    order = sorted(handles)
    variables = [sess.graph.get_operation_by_name(name).variable for name in order]
    values = dict(zip(order, sess.run([v.value() for v in variables]) if order else [], strict=True))
    source = {n.name: n for n in part.node}

    def behind(text: str) -> str:
        while _base(text) not in handles and source[_base(text)].op == "Identity":
            text = source[_base(text)].input[0]
        return _base(text)
    out = []
    for node in part.node:
        if node.name in handles:
            out.append(_constant(node.name, np.asarray(values[node.name]), node.attr["dtype"].type))
        elif node.op in _READS and behind(node.input[0]) in handles:
            out += _read(node)
        elif node.op == "Identity" and behind(node.input[0]) in handles:
            copy = NodeDef()
            copy.CopyFrom(node)
            copy.attr["T"].type = source[behind(node.input[0])].attr["dtype"].type
            out.append(copy)
        else:
            out.append(node)
    return _copied(out, part)


def _constant(name: str, value: Any, dtype: int) -> NodeDef:
    node = NodeDef(name=name, op="Const", attr={"dtype": {"type": dtype}})
    node.attr["value"].tensor.CopyFrom(make_tensor_proto(value, dtypes.as_dtype(dtype)))
    return node


def _read(node: Any) -> list[NodeDef]:
    """The nodes in the place of one that reads a variable."""
    dtype = node.attr["dtype"].type
    made = NodeDef(name=node.name, op="Identity", input=list(node.input), device=node.device, attr={"T": {"type": dtype}})
    if node.op == "ReadVariableOp":
        return [made]
    made.op = "GatherV2" if node.op == "ResourceGather" else "GatherNd"
    made.attr.clear()
    made.attr["Tparams"].type = dtype
    made.attr["Tindices"].type = node.attr["Tindices"].type
    if node.op == "ResourceGatherNd":
        return [made]
    made.attr["Taxis"].type = dtypes.int32.as_datatype_enum
    made.input.insert(2, f"{node.name}/axis")
    return [_constant(f"{node.name}/axis", np.int32(0), dtypes.int32.as_datatype_enum), made]



def must_run_on_cpu(node: Any, pin_variables_on_cpu: bool = False) -> bool:
    """Whether an operation works on strings, or is a variable and these are to stay with the host."""
    found = node.node_def if hasattr(node, "node_def") else node
    if pin_variables_on_cpu and found.op in ("VarHandleOp", "Variable", "VariableV2"):
        return True
    string = dtypes.string.as_datatype_enum
    if found.op == "Const":
        return bool(found.attr["dtype"].type == string)
    if found.op in ("DynamicStitch", "ParallelDynamicStitch"):
        return bool(found.attr["T"].type in (string, dtypes.int32.as_datatype_enum))
    if found.op == "Cast":
        return string in (found.attr["SrcT"].type, found.attr["DstT"].type)
    return False


def tensor_shape_from_node_def_name(graph: Any, input_name: str) -> Any:
    """The static shape of a tensor by its name; of an operation's first output where no place is named."""
    name = input_name if ":" in input_name else f"{input_name}:0"
    shape: TensorShape = graph.get_tensor_by_name(name).shape
    return shape
