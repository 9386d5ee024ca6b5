"""Stretches of a program: runs of nodes that one engine executes together."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.dispatch import Typed
from ..core.symbol import Operation, SymbolicTensor
from .codegen import Code, generate
from .placement import Places
from .program import Program


def numpy_kernel(node: Operation, program: Program) -> Callable[..., Any]:
    """The kernel that the interpreter calls."""
    if node.op.writes_state and node.op.in_place is not None:
        return program.spares.kernel(node, [program.slot_of(x) for x in node.updated])
    if any(t.dtype.is_quantized for t in node.outputs):
        return _unmarked(node.op.kernel)
    return node.op.kernel


def _unmarked(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel whose results are arrays alone: in a program the nodes know which of them are quantized."""
    def run(xp: Any, *arrays: Any, **attrs: Any) -> Any:
        out = kernel(xp, *arrays, **attrs)
        if isinstance(out, tuple):
            return tuple([o.value if isinstance(o, Typed) else o for o in out])
        return out.value if isinstance(out, Typed) else out
    return run


@dataclass
class Stretch:
    """Consecutive nodes, what they need from before, and what later nodes or the caller need of them."""

    nodes: list[Operation]
    compiles: bool
    reason: str = ""
    """Why it is interpreted, if it is."""
    target: Any = None
    """The device that it was asked to run on, if any."""
    inputs: list[Any] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    compiled: Any = None
    """What runs it once it has been compiled."""
    _code: Code | None = None

    def code(self, program: Program) -> Code:
        """The interpreter's code for these nodes, generated once."""
        if self._code is None:
            self._code = generate(self.nodes, self.inputs, self.outputs, program.constants, program.slot_of,
                                  lambda node: numpy_kernel(node, program))
        return self._code


def why_not_compiled(node: Operation) -> str:
    """Why a node cannot be part of a compiled stretch, or nothing."""
    entry = node.op
    if entry.host:
        return f"{node.type} runs on the host"
    if entry.dynamic:
        return f"the shape of {node.type}'s result depends on values"
    # Text that is written down, as that of assertions, is for the interpreter's errors only.
    tensors: list[SymbolicTensor] = [*(x for x in node.inputs if x.op.type != "Const"), *node.outputs]
    if any(t._dtype.name == "string" for t in tensors):
        return f"{node.type} works on strings"
    if entry.xla_kernel is None and any(x._dtype.name == "string" for x in node.inputs):
        return f"{node.type} works on strings"
    for block in entry.blocks(node.attrs) if entry.blocks is not None else ():
        reason: str = block.why_not_compiled()
        if reason:
            return reason
    return ""


def _reasons(program: Program, refused: dict[int, str], forced: bool) -> dict[int, str]:
    """For each node why it is interpreted, or nothing."""
    found: dict[int, str] = {}
    lists: dict[int, str] = {}  # lists of tensors that an interpreted node takes: whoever makes them is interpreted, too
    for node in reversed(program.nodes):
        reason = refused.get(id(node)) or why_not_compiled(node)
        if not reason and not forced:
            reason = next((lists[id(t)] for t in node.outputs if id(t) in lists), "")
        if reason:
            lists.update({id(t): f"{node.type} is interpreted and takes its list" for t in node.inputs
                          if t._dtype.name == "variant"})
        found[id(node)] = reason
    return found


def keys_of(node: Operation, program: Program) -> list[Any]:
    """The keys of a node's inputs: `("state", slot)` for a variable, else the tensor's id."""
    return [("state", program.slot_of(x)) if x.op.type == "VarHandleOp" else id(x) for x in node.inputs]


def results_of(node: Operation, program: Program) -> list[Any]:
    """The keys that a node gives new values."""
    out: list[Any] = [id(t) for t in node.outputs]
    return out + [("state", program.slot_of(x)) for x in node.updated]


def split(program: Program, outputs: Sequence[Any], refused: dict[int, str] | None = None,
          forced: bool = False, places: Places | None = None) -> list[Stretch]:
    """The program as alternating stretches that compile and stretches that do not, each on one device.

    Args:
      outputs: the keys that the caller asks for.
      refused: nodes, by id, that turned out not to compile, with the reason.
      forced: whether the program must be compiled as a whole.
      places: where the nodes run, if not all in one place.
    """
    stretches: list[Stretch] = []
    reasons = _reasons(program, refused or {}, forced)
    for node in program.nodes:
        reason = reasons[id(node)]
        target = places.of(node) if places is not None and not reason else None
        if not stretches or stretches[-1].compiles != (not reason) or stretches[-1].target is not target:
            stretches.append(Stretch([], not reason, reason, target))
        stretches[-1].nodes.append(node)
    if not stretches:
        stretches.append(Stretch([], False, "there is nothing to run"))
    _connect(program, stretches, outputs)
    return stretches


def _connect(program: Program, stretches: Sequence[Stretch], outputs: Sequence[Any]) -> None:
    """Finds what each stretch takes from before it and hands on."""
    needed: set[Any] = set(outputs)
    for stretch in reversed(stretches):
        made: dict[Any, None] = {}
        used: dict[Any, None] = {}
        for node in stretch.nodes:
            for key in keys_of(node, program):
                if key not in made and key not in program.constants:
                    used[key] = None
            for key in results_of(node, program):
                made[key] = None
        stretch.outputs = [key for key in made if key in needed]
        stretch.inputs = list(used)
        needed |= set(used)
