"""Straight-line Python for a stretch of a program: one line a node, generated once."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.symbol import Operation, SymbolicTensor

Pick = Callable[[Operation], Callable[..., Any]]


@dataclass
class Code:
    """A compiled stretch: `run(xp, *inputs)` returns a tuple of outputs."""

    run: Callable[..., tuple[Any, ...]]
    source: str
    lines: dict[int, Operation]
    """The node behind each line, for errors."""
    filename: str


class Values:
    """The names that values have in the generated code."""

    def __init__(self) -> None:
        self.names: dict[Any, str] = {}
        self.globals: dict[str, Any] = {}
        self._count = 0

    def fresh(self, key: Any, prefix: str) -> str:
        """A new name for a key."""
        self._count += 1
        name = self.names[key] = f"{prefix}{self._count}"
        return name


_count = 0


def generate(nodes: Sequence[Operation], inputs: Sequence[Any], outputs: Sequence[Any],
             constants: Mapping[int, Any], slot_of: Callable[[SymbolicTensor], int], pick: Pick) -> Code:
    """Code for nodes in order.

    Args:
      nodes: the nodes; a read of a variable is the variable's present value.
      inputs: the keys of the arguments: `("state", slot)` or `id(tensor)`.
      outputs: the keys of the results.
      constants: values by `id(tensor)`.
      slot_of: the slot of the variable behind a handle.
      pick: which kernel a node calls.
    """
    global _count
    _count += 1
    values = Values()
    arguments = [values.fresh(key, "a") for key in inputs]
    lines = [f"def run(xp, {', '.join(arguments)}):" if arguments else "def run(xp):"]
    where: dict[int, Operation] = {}
    last_use = _last_uses(nodes, outputs, constants, slot_of)
    used = {id(x) for node in nodes for x in node.inputs}.union(key for key in outputs if not isinstance(key, tuple))
    for index, node in enumerate(nodes):
        text = _line(index, node, values, constants, slot_of, pick, used)
        if text:
            lines.append("    " + text)
            where[len(lines)] = node
        dead = [values.names[key] for key in last_use.get(index, ()) if key in values.names]
        if dead:
            lines.append(f"    del {', '.join(dict.fromkeys(dead))}")
    results = [_name(key, values, constants) for key in outputs]
    lines.append(f"    return ({', '.join(results)}{',' if len(results) == 1 else ''})")
    source = "\n".join(lines)
    filename = f"<program {_count}>"
    exec(compile(source, filename, "exec"), values.globals)
    return Code(values.globals["run"], source, where, filename)


def counted(node: Operation, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel as this node calls it: a stateful random node keeps a counter of its own, another a table."""
    if not node.draws and not node.keeps:
        return kernel
    from ..ops.random_state import placed
    return placed(kernel, node._id)


def _keys(node: Operation, slot_of: Callable[[SymbolicTensor], int]) -> list[Any]:
    return [("state", slot_of(x)) if x.op.type == "VarHandleOp" else id(x) for x in node.inputs]


def _last_uses(nodes: Sequence[Operation], outputs: Sequence[Any], constants: Mapping[int, Any],
               slot_of: Callable[[SymbolicTensor], int]) -> dict[int, list[Any]]:
    """For each node the values that nobody needs after it. A read of a variable is an alias, so it is kept."""
    kept = set(outputs)
    last: dict[Any, int] = {}
    for index, node in enumerate(nodes):
        for key in _keys(node, slot_of):
            if not isinstance(key, tuple):
                last[key] = index
        for t in node.outputs:
            last.setdefault(id(t), index)
    aliases = {id(n.outputs[0]) for n in nodes if n.type == "ReadVariableOp"}
    found: dict[int, list[Any]] = {}
    for key, index in last.items():
        if key not in kept and key not in aliases and key not in constants:
            found.setdefault(index, []).append(key)
    return found


def _name(key: Any, values: Values, constants: Mapping[int, Any]) -> str:
    name = values.names.get(key)
    if name is None:
        name = values.fresh(key, "c")
        values.globals[name] = constants[key]
    return name


def _line(index: int, node: Operation, values: Values, constants: Mapping[int, Any],
          slot_of: Callable[[SymbolicTensor], int], pick: Pick, used: set[int]) -> str:
    keys = _keys(node, slot_of)
    if node.type == "ReadVariableOp":
        # Another name for the value that the variable has at this point.
        present = values.names[keys[0]]
        return f"{values.fresh(id(node.outputs[0]), 'r')} = {present}"
    if node.type == "NoOp":
        return ""
    kernel = f"k{index}"
    values.globals[kernel] = counted(node, pick(node))
    arguments = ["xp", *(_name(key, values, constants) for key in keys)]
    attrs, outputs = node.op.trim(node, used) if node.op.trim is not None else (node.attrs, node.outputs)
    if attrs:
        values.globals[f"n{index}"] = attrs
        arguments.append(f"**n{index}")
    call = f"{kernel}({', '.join(arguments)})"
    names = [values.fresh(("state", slot_of(x)), "s") for x in node.updated]
    names += [values.fresh(id(t), "t") for t in outputs]
    if not names:
        return call
    multiple = node.op.blocks is not None or node.op.signature.gives_list
    return f"{', '.join(names)}{',' if multiple and len(names) == 1 else ''} = {call}"

