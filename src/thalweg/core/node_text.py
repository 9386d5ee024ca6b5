"""Nodes as TensorFlow writes them: in error messages and as the text of a NodeDef."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import dtypes
from .infer import InputSpec
from .opdef import OpDef
from .shape import TensorShape

if TYPE_CHECKING:
    from .symbol import Operation


def all_attrs(entry: OpDef, inputs: Sequence[Any], attrs: dict[str, Any]) -> dict[str, Any]:
    """Every attribute of a node with its value: given, bound by an input's dtype, counted, or by default."""
    out: dict[str, Any] = {}
    signature = entry.signature
    position = 0
    listed = [a for a in signature.inputs if a.listed]
    spread = (len(inputs) - (len(signature.inputs) - len(listed))) // len(listed) if listed else 0
    bound: dict[str, Any] = {}
    for arg in signature.inputs:
        size = spread if arg in listed else 1
        if arg.number is None and arg in listed:
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
    names = ", ".join(_input_name(x) for x in inputs)
    return f"{{{{node {name}}}}} = {entry.type}[{shown}]({names})"


def _input_name(x: Any) -> str:
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


def node_def_text(node: Operation) -> str:
    """The text of a node's NodeDef."""
    lines = [f'name: "{node.name}"', f'op: "{node.type}"']
    lines += [f'input: "{_input_name(x)}"' for x in node.inputs]
    lines += [f'input: "^{c.name}"' for c in node.control_inputs]
    if node.device:
        lines.append(f'device: "{node.device}"')
    for key, value in sorted(all_attrs(node.op, node.inputs, node.attrs).items()):
        lines += ["attr {", f'  key: "{key}"', "  value {", *_attr_lines(value), "  }", "}"]
    return "\n".join(lines) + "\n"


def _attr_lines(value: Any) -> list[str]:
    if isinstance(value, bool):
        return [f"    b: {'true' if value else 'false'}"]
    if isinstance(value, dtypes.DType):
        return [f"    type: DT_{dtypes.type_name(value).upper()}"]
    if isinstance(value, int):
        return [f"    i: {value}"]
    if isinstance(value, float):
        return [f"    f: {value}"]
    if isinstance(value, str):
        return [f'    s: "{value}"']
    if isinstance(value, TensorShape):
        return _shape_lines(value)
    if isinstance(value, (list, tuple)):
        inner = [line.replace("    ", "      ", 1) for v in value for line in _attr_lines(v)]
        return ["    list {", *inner, "    }"]
    if isinstance(value, np.ndarray):
        return _tensor_lines(value)
    return [f'    s: "{value}"']


def _shape_lines(shape: TensorShape) -> list[str]:
    if shape.rank is None:
        return ["    shape {", "      unknown_rank: true", "    }"]
    lines = ["    shape {"]
    for d in shape.as_list():
        lines += ["      dim {", f"        size: {-1 if d is None else d}", "      }"]
    return [*lines, "    }"]


def _tensor_lines(value: np.ndarray[Any, Any]) -> list[str]:
    dtype = dtypes.from_numpy(value.dtype)
    lines = ["    tensor {", f"      dtype: DT_{dtypes.type_name(dtype).upper()}", "      tensor_shape {"]
    for d in value.shape:
        lines += ["        dim {", f"          size: {d}", "        }"]
    lines.append("      }")
    if value.size <= 1 or dtype == dtypes.string:
        fields = {"f": "float_val", "i": "int_val", "b": "bool_val", "O": "string_val"}
        field = "double_val" if dtype == dtypes.float64 else "int64_val" if dtype == dtypes.int64 else \
            fields.get(value.dtype.kind, "half_val")
        for v in value.ravel().tolist():
            text = f'"{v.decode("latin-1")}"' if isinstance(v, bytes) else str(v).lower()
            lines.append(f"      {field}: {text[:-2] if text.endswith('.0') else text}")
    else:
        body = "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\{b:03o}" for b in value.tobytes())
        lines.append(f'      tensor_content: "{body}"')
    return [*lines, "    }"]
