"""From a graph, fetches and feeds to a program: pruned, folded, ordered, with its state explicit."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.dispatch import Typed
from ..core.symbol import Operation, SymbolicTensor
from .spares import Spares

FOLD_LIMIT = 1 << 20
"""Results larger than this many elements are not computed ahead."""


class Program:
    """A pure function from state and feeds to fetches and new state, as an ordered list of nodes.

    Attributes:
      nodes: what runs, in the order of creation, which is a topological order.
      feeds: the tensors whose values come from outside.
      fetches: the tensors whose values are asked for.
      constants: the values known ahead, by tensor.
      variables: every variable that is read or written, in order of first use.
      random: whether some node draws stateful random numbers.
      written: the positions in `variables` of those that get new values.
    """

    def __init__(self, fetches: Sequence[SymbolicTensor], feeds: Sequence[SymbolicTensor],
                 targets: Iterable[Operation] = ()) -> None:
        self.feeds = list(feeds)
        self.fetches = list(fetches)
        fed = {id(t) for t in self.feeds}
        wanted = prune([t.op for t in self.fetches if id(t) not in fed] + list(targets), fed)
        self.constants: dict[int, Any] = {}
        self.nodes: list[Operation] = []
        self.variables: list[Any] = []
        self._slots: dict[int, int] = {}
        self.spares = Spares()
        self.written: list[int] = []
        self._order(wanted, fed)

    def _order(self, wanted: Sequence[Operation], fed: set[int]) -> None:
        written: set[int] = set()
        for node in wanted:
            if node.type == "VarHandleOp":
                self._slot(node.variable)
                continue
            if all(id(t) in fed for t in node.outputs) and node.outputs:
                continue
            if node.type == "Const":
                self.constants[id(node.outputs[0])] = node.attrs["value"]
                continue
            written.update(self._slot(x.op.variable) for x in node.updated)
            if not self._fold(node):
                self.nodes.append(node)
        self.written = sorted(written)
        self.random = any(n.draws for n in self.nodes)

    def _slot(self, variable: Any) -> int:
        slot = self._slots.get(id(variable))
        if slot is None:
            slot = self._slots[id(variable)] = len(self.variables)
            self.variables.append(variable)
        return slot

    def slot_of(self, handle: SymbolicTensor) -> int:
        """The position of the variable behind a handle."""
        return self._slots[id(handle.op.variable)]

    def _fold(self, node: Operation) -> bool:
        """Computes a node ahead whose inputs are all constants."""
        entry = node.op
        if entry.stateful or entry.host or entry.blocks is not None or not node.inputs or node.control_inputs:
            return False
        values = [self.constants.get(id(x)) for x in node.inputs]
        if any(v is None for v in values):
            return False
        sizes = [t.shape.num_elements() for t in node.outputs]
        if any(s is None or s > FOLD_LIMIT for s in sizes) or any(t.dtype is dtypes.variant for t in node.outputs):
            return False
        try:
            with np.errstate(all="ignore"):
                out = entry.kernel(np, *values, **node.attrs)
        except errors.OpError:
            return False  # it fails when it runs, where the message names the node
        results = out if isinstance(out, tuple) else (out,)
        for t, value in zip(node.outputs, results, strict=True):
            value = value.value if isinstance(value, Typed) else value
            self.constants[id(t)] = np.asarray(value) if isinstance(value, np.generic) else value
        return True


def prune(roots: Iterable[Operation], fed: set[int]) -> list[Operation]:
    """The nodes that `roots` depend on, by data or control, without what lies behind fed tensors."""
    seen: set[int] = set()
    found: list[Operation] = []
    stack = list(roots)
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        found.append(node)
        stack += [x.op for x in node.inputs if id(x) not in fed]
        stack += node.control_inputs
    found.sort(key=lambda n: n._id)
    return found
