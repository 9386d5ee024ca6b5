"""Writing graphs as `GraphDef` messages."""
from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.graph import Graph
from ..core.node_text import all_attrs, input_name
from ..core.shape import TensorShape
from ..core.symbol import Operation
from . import local_files
from .graph_proto import AttrValue, GraphDef, ListValue, NodeDef
from .tensor_proto import make_tensor_proto, shape_proto
from .text import written

VERSION = 2474
"""The version of graphs that these are, of TensorFlow 2.21."""


def attr_value(value: Any, kind: str | None) -> AttrValue:
    """An attribute as a message.

    Args:
      value: as entries have it.
      kind: its type in the signature.
    """
    if isinstance(value, np.ndarray):
        return AttrValue(tensor=make_tensor_proto(value))
    if isinstance(value, TensorShape) or kind == "shape":
        return AttrValue(shape=shape_proto(value))
    if isinstance(value, (list, tuple)):
        return AttrValue(list=_list_value(value, kind))
    if isinstance(value, dtypes.DType) or kind == "type":
        return AttrValue(type=dtypes.as_dtype(value).as_datatype_enum)
    if isinstance(value, (bool, np.bool_)):
        return AttrValue(b=bool(value))
    if kind == "float":
        return AttrValue(f=float(value))
    if isinstance(value, (int, np.integer)):
        return AttrValue(i=int(value))
    if isinstance(value, float):
        return AttrValue(f=value)
    if isinstance(value, (str, bytes)):
        return AttrValue(s=value.encode() if isinstance(value, str) else value)
    return AttrValue(func={"name": str(getattr(value, "name", type(value).__name__))})


_LISTS = {"list(int)": "i", "list(float)": "f", "list(bool)": "b", "list(string)": "s", "list(type)": "type",
          "list(shape)": "shape"}


def _list_value(values: Any, kind: str | None) -> ListValue:
    field = _LISTS.get(kind or "")
    if not values:
        return ListValue()
    if field is None:
        field = attr_value(values[0], None).WhichOneof("value") or "i"
    if field == "s":
        return ListValue(s=[v.encode() if isinstance(v, str) else v for v in values])
    if field == "type":
        return ListValue(type=[dtypes.as_dtype(v).as_datatype_enum for v in values])
    if field == "shape":
        return ListValue(shape=[shape_proto(v) for v in values])
    return ListValue(**{field: values})


def node_def(node: Operation, add_shapes: bool = False) -> NodeDef:
    """A node as a message."""
    out = NodeDef(name=node.name, op=node.type, device=node.device)
    out.input.extend([input_name(x) for x in node.inputs] + [f"^{c.name}" for c in node.control_inputs])
    for name, value in all_attrs(node.op, node.inputs, node.attrs).items():
        attr = node.op.signature.attr(name)
        kind = attr.type if attr is not None else None
        if node.type == "Const" and name == "value":
            out.attr.put(name, AttrValue(tensor=make_tensor_proto(value, node.outputs[0].dtype)))
        elif kind == "shape" and isinstance(value, str):
            out.attr.put(name, attr_value(TensorShape(None), kind))
        else:
            out.attr.put(name, attr_value(value, kind))
    if add_shapes:
        out.attr.put("_output_shapes", attr_value([x.shape for x in node.outputs], "list(shape)"))
    return out


def graph_def(graph: Graph, add_shapes: bool = False) -> GraphDef:
    """A graph as a message.

    Raises:
      UnimplementedError: a node holds graphs of its own.
    """
    out = GraphDef(versions={"producer": VERSION})
    for node in graph.get_operations():
        if node.op.blocks is not None:
            raise errors.UnimplementedError(None, node, f"Node '{node.name}' of type {node.type} holds functions, which cannot "
                                            "be written to a GraphDef.")
        list.append(out.node, node_def(node, add_shapes))
    return out


def drawn(graph: Graph) -> GraphDef:
    """A graph as a message to look at, with the shapes of outputs: graphs that nodes hold are left out."""
    out = GraphDef(versions={"producer": VERSION})
    list.extend(out.node, [node_def(node, True) for node in graph.get_operations()])
    return out


def write_graph(graph_or_graph_def: Any, logdir: Any, name: str, as_text: bool = True) -> str:
    """Writes a graph into a file, as a whole: the old contents stay until the new ones are complete.

    Args:
      graph_or_graph_def: a graph, or a `GraphDef`.
      logdir: the directory, which is made where it is missing.
      name: of the file.
      as_text: whether to write text instead of bytes.

    Returns:
      The path of the file.

    Raises:
      OpError: the system does not let it be written.
    """
    found = graph_def(graph_or_graph_def) if isinstance(graph_or_graph_def, Graph) else graph_or_graph_def
    path = os.path.join(local_files.text(logdir), name)
    local_files.write(path, written(found).encode() if as_text else found.SerializeToString())
    return path
