"""Prints TensorFlow's definition of op types as the signature and attribute text of our entries.

Usage, in a Python that has tensorflow: python tools/opdef.py MatMul Sum ...
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
from tensorflow.core.framework import types_pb2
from tensorflow.python.framework import op_def_registry


def type_name(enum: int) -> str:
    return types_pb2.DataType.Name(enum)[3:].lower()


def arg(a) -> str:
    kind = a.type_attr or (type_name(a.type) if a.type else a.type_list_attr)
    return f"{a.name}: {a.number_attr} * {kind}" if a.number_attr else f"{a.name}: {kind}"


def value(v, kind: str) -> str:
    if kind == "type":
        return type_name(v.type)
    if kind == "bool":
        return "true" if v.b else "false"
    if kind == "int":
        return str(v.i)
    if kind == "float":
        return repr(v.f)
    if kind == "string":
        return '"' + v.s.decode() + '"'
    if kind == "shape":
        return "unknown" if v.shape.unknown_rank else str([d.size for d in v.shape.dim])
    items = v.list
    return str(list(items.i or items.f or [s.decode() for s in items.s] or [type_name(t) for t in items.type]))


def attr(a) -> str:
    allowed = a.allowed_values.list
    names = [type_name(t) for t in allowed.type] or [f'"{s.decode()}"' for s in allowed.s]
    text = f"{a.name}: {'{' + ', '.join(names) + '}' if names else a.type}"
    if a.HasField("default_value"):
        text += f" = {value(a.default_value, a.type)}"
    if a.has_minimum:
        text += f"   (>= {a.minimum})"
    return text


for name in sys.argv[1:]:
    d = op_def_registry.get(name)
    if d is None:
        print(name, "is unknown")
        continue
    print(f'{name}{"  STATEFUL" if d.is_stateful else ""}\n  "{", ".join(map(arg, d.input_arg))} -> '
          f'{", ".join(map(arg, d.output_arg))}"')
    print('  attrs="' + "; ".join(map(attr, d.attr)) + '"')
