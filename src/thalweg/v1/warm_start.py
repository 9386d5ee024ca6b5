"""Variables that begin with the values of a checkpoint."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..checkpoint.reader import load_checkpoint
from ..core.convert import convert_to_tensor
from ..core.graph_variable import GraphVariable
from ..core.opdef import get_op
from ..core.variable import Variable as BaseVariable
from .collections import global_variables


def init_from_checkpoint(ckpt_dir_or_file: Any, assignment_map: Any) -> None:
    """Lets variables begin with values of a checkpoint: their initializers assign these from now on.

    Args:
      ckpt_dir_or_file: the path of a checkpoint, or a directory, whose latest one it is.
      assignment_map: what goes where, a dictionary or pairs: the name of a tensor to a variable or a variable's name; a scope
        in the checkpoint (`"old/"`, or `"/"` for everything) to a scope of the graph (`"new/"`). Variables of a scope that
        the checkpoint does not have are an error.

    Raises:
      ValueError: the checkpoint lacks a tensor, or has it in another shape; the graph lacks a variable.
      NotFoundError: there is no checkpoint.
    """
    reader = load_checkpoint(ckpt_dir_or_file)
    shapes = reader.get_variable_to_shape_map()
    by_name = {v.name.partition(":")[0]: v for v in global_variables()}
    chosen: list[tuple[str, Any]] = []
    pairs = assignment_map.items() if isinstance(assignment_map, Mapping) else assignment_map
    for source, target in pairs:
        if isinstance(target, BaseVariable):
            chosen.append((source, target))
        elif not source.endswith("/"):
            if target not in by_name:
                raise ValueError(f"Assignment map with scope only name {target} should map to scope only {source}. Should be "
                                 "'scope/': 'other_scope/'." if target.endswith("/") else
                                 f"Variable {target} is not in the graph")
            chosen.append((source, by_name[target]))
        else:
            if not target.endswith("/"):
                raise ValueError(f"Assignment map with scope only name {source} should map to scope only {target}. Should be "
                                 "'scope/': 'other_scope/'.")
            below, start = source.lstrip("/"), target.lstrip("/")
            inside = [(name, v) for name, v in by_name.items() if name.startswith(start)]
            if not inside:
                raise ValueError(f"Assignment map with scope only name {source} should map to scope only {target}, which has "
                                 "no variables")
            chosen += [(below + name[len(start):], v) for name, v in inside]
    for name, variable in chosen:
        if name not in shapes:
            raise ValueError(f"Tensor {name} is not found in {ckpt_dir_or_file} checkpoint {shapes}")
        if not variable.shape.is_compatible_with(shapes[name]):
            raise ValueError(f"Shape of variable {variable.name} ({variable.shape}) doesn't match with shape of tensor {name} "
                             f"({shapes[name]}) from checkpoint reader.")
    for name, variable in chosen:
        _begin_with(variable, reader.get_tensor(name))


def _begin_with(variable: Any, value: Any) -> None:
    if not isinstance(variable, GraphVariable):
        variable.assign(convert_to_tensor(value, variable.dtype))
        return
    graph = variable.graph
    with graph.as_default(), graph.control_dependencies(None), graph.name_scope("init_from_checkpoint"):
        start = convert_to_tensor(value, variable.dtype)
        variable._initial_value = start
        variable._initializer = graph.apply(get_op("AssignVariableOp"), (graph.handle(variable), start), {},
                                            "Assign")
