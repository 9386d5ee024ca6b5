"""The nodes that TensorFlow 1 restores and saves variables by."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import dtypes
from ..formats.graph_proto import AttrValue
from ..formats.tensor_proto import make_tensor_proto
from .protos import SaverDef


def add_saver(node: Callable[..., str], variables: Sequence[tuple[str, dtypes.DType, str]]) -> SaverDef:
    """Adds the nodes for some variables.

    Args:
      node: adds a node: base of its name, op type, inputs, and attributes as messages.
      variables: for each the node of its handle, its dtype, and the name of its tensor in the checkpoint.
    """
    def text(values: Sequence[str], base: str) -> str:
        array = np.array([v.encode() for v in values], object).reshape(len(values))
        return node(base, "Const", [], dtype=_type(dtypes.string),
                    value=AttrValue(tensor=make_tensor_proto(array, dtypes.string)))
    filename = node("saver_filename", "Placeholder", [], dtype=_type(dtypes.string),
                    shape=AttrValue(shape={"dim": []}))
    if not variables:
        done = node("restore_all", "NoOp", [])
        saved = node("save_control", "Identity", [filename], T=_type(dtypes.string))
        return SaverDef(filename_tensor_name=f"{filename}:0", save_tensor_name=f"{saved}:0", restore_op_name=done, version=2)
    names = text([key for _, _, key in variables], "save/tensor_names")
    slices = text([""] * len(variables), "save/shape_and_slices")
    types = AttrValue(list={"type": [dtype.as_datatype_enum for _, dtype, _ in variables]})
    restored = node("save/RestoreV2", "RestoreV2", [filename, names, slices], dtypes=types)
    assigned, values = [], []
    for i, (handle, dtype, _) in enumerate(variables):
        value = node("save/restored", "Identity", [f"{restored}:{i}" if i else restored], T=_type(dtype))
        assigned.append(node("save/assign", "AssignVariableOp", [handle, value], dtype=_type(dtype)))
        values.append(node("save/read", "ReadVariableOp", [handle], dtype=_type(dtype)))
    done = node("save/restore_all", "NoOp", [f"^{name}" for name in assigned])
    written = node("save/SaveV2", "SaveV2", [filename, names, slices, *values], dtypes=types)
    saved = node("save/control", "Identity", [filename, f"^{written}"], T=_type(dtypes.string))
    return SaverDef(filename_tensor_name=f"{filename}:0", save_tensor_name=f"{saved}:0", restore_op_name=done, version=2)


def _type(dtype: Any) -> AttrValue:
    return AttrValue(type=dtype.as_datatype_enum)
