"""Nodes as TensorFlow writes them: in error messages and as the text of a NodeDef."""
from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from . import dtypes
from .infer import InputSpec
from .opdef import OpDef
from .shape import TensorShape


def all_attrs(entry: OpDef, inputs: Sequence[Any], attrs: dict[str, Any]) -> dict[str, Any]:
    """Every attribute of a node with its value: given, bound by an input's dtype, counted, or by default."""
    out: dict[str, Any] = {}
    signature = entry.signature
    position = 0
    bound: dict[str, Any] = {}
    for arg, size in zip(signature.inputs, entry.sizes(len(inputs), attrs), strict=True):
        if arg.number is None and arg.listed:
            bound[arg.type] = [x.dtype for x in inputs[position:position + size]]
        elif position < len(inputs):
            bound.setdefault(arg.type, inputs[position].dtype)
        if arg.number:
            bound[arg.number] = size
        position += size
    for attr in signature.attrs:
        if attr.name in attrs:
            out[attr.name] = attrs[attr.name]
        elif attr.name in bound:
            out[attr.name] = bound[attr.name]
        elif attr.default is not None:
            out[attr.name] = attr.default_value
    return out


def _value_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dtypes.DType):
        return "DT_" + dtypes.type_name(value).upper()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, TensorShape):
        return shape_text(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value_text(v) for v in value) + "]"
    if isinstance(value, np.ndarray):
        return f"Tensor<type: {dtypes.type_name(dtypes.from_numpy(value.dtype))} shape: {list(value.shape)}>"
    return str(value)


def shape_text(shape: TensorShape) -> str:
    """A shape as `[2,?]`, or `<unknown>`."""
    if shape.rank is None:
        return "<unknown>"
    return "[" + ",".join("?" if d is None else str(d) for d in shape.as_list()) + "]"


def node_text(entry: OpDef, name: str, inputs: Sequence[Any], attrs: dict[str, Any]) -> str:
    """`{{node MatMul}} = MatMul[T=DT_FLOAT, transpose_a=false](a, b)`."""
    shown = ", ".join(f"{k}={_value_text(v)}" for k, v in sorted(all_attrs(entry, inputs, attrs).items()))
    names = ", ".join(input_name(x) for x in inputs)
    return f"{{{{node {name}}}}} = {entry.type}[{shown}]({names})"


def input_name(x: Any) -> str:
    """An input as a node names it: the operation, with the place among its outputs unless it is the first."""
    name: str = x.op.name if x.value_index == 0 else x.name
    return name


_SHAPES = frozenset(("shape", "dims"))


def input_shapes_text(entry: OpDef, specs: Sequence[InputSpec]) -> str:
    """`[2,3], [2] and with input tensors computed as partial shapes: input[1] = [4,2]`."""
    text = ", ".join("?" if s.shape.rank is None else shape_text(s.shape) for s in specs)
    known = {i: specs[i].value for i in sorted(entry.static_inputs(len(specs))) if specs[i].value is not None}
    arguments = entry.signature.inputs
    shapes = [f"input[{i}] = [{','.join(map(str, v.reshape(-1).tolist()))}]" for i, v in known.items()
              if i < len(arguments) and arguments[i].name in _SHAPES]
    others = [f"input[{i}] = <{' '.join(map(str, v.reshape(-1).tolist()))}>" for i, v in known.items()
              if not (i < len(arguments) and arguments[i].name in _SHAPES)]
    if others:
        text += " and with computed input tensors: " + ", ".join(others)
    if shapes:
        text += " and with input tensors computed as partial shapes: " + ", ".join(shapes)
    return text


MESSAGES = f"{__name__.rpartition('.core')[0]}.formats.graph_def"
"""The module that writes nodes and graphs as messages. It is loaded when somebody asks for one."""


def messages() -> Any:
    """That module."""
    return importlib.import_module(MESSAGES)
