"""How often a loop runs, where that follows from what is known before it starts."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.symbol import SymbolicTensor
from .blocks import Block
from .program import prune

LIMIT = 1 << 20
"""Longer loops are not counted ahead."""


def known_trips(cond: Block | None, body: Block, carried: int, inputs: Sequence[Any]) -> tuple[int | None, int | None]:
    """The number of iterations of a loop, and an upper bound of it; None for what is not known.

    The parts of the condition that depend only on loop variables with known values, such as counters, are followed
    on their own, without the rest of the loop.

    Args:
      carried: the number of loop variables.
      inputs: the values of the node's inputs, NumPy arrays where they are known.
    """
    if cond is None or cond.effects:
        return None, None
    known = [isinstance(v, np.ndarray) and v.dtype != object for v in inputs]
    parts = _conjuncts(cond.outputs[0])
    counts = [_count(part, cond, body, carried, inputs, known) for part in parts]
    found = [c for c in counts if c is not None]
    if not found:
        return None, None
    return (min(found) if len(found) == len(parts) else None), min(found)


def _conjuncts(t: SymbolicTensor) -> list[SymbolicTensor]:
    if t.op.type == "LogicalAnd":
        return [part for x in t.op.inputs for part in _conjuncts(x)]
    return _conjuncts(t.op.inputs[0]) if t.op.type == "Identity" else [t]


def _reads(t: SymbolicTensor, block: Block) -> list[int] | None:
    """The positions of the block's inputs that a tensor depends on; None if it depends on state, too."""
    place = {id(x): i for i, x in enumerate(block.inputs)}
    if id(t) in place:
        return [place[id(t)]]
    found = set()
    for node in prune([t.op], set(place)):
        if node.op.stateful or node.op.host:
            return None
        found.update(place[id(x)] for x in node.inputs if id(x) in place)
    return sorted(found)


def _count(part: SymbolicTensor, cond: Block, body: Block, carried: int, inputs: Sequence[Any],
           known: Sequence[bool]) -> int | None:
    first = _reads(part, cond)
    if first is None:
        return None
    needed = set(first)
    queue = [i for i in first if i < carried]
    followed = set(queue)
    while queue:
        more = _reads(body.outputs[queue.pop()], body)
        if more is None:
            return None
        needed.update(more)
        fresh = [i for i in more if i < carried and i not in followed]
        followed.update(fresh)
        queue += fresh
    if not all(known[i] for i in needed):
        return None
    return _simulate(part, cond, body, sorted(followed), sorted(needed), inputs)


def _simulate(part: SymbolicTensor, cond: Block, body: Block, followed: Sequence[int], needed: Sequence[int],
              inputs: Sequence[Any]) -> int | None:
    test = Block(cond.graph, [cond.inputs[i] for i in needed], (), [part]).code().run
    step = Block(body.graph, [body.inputs[i] for i in needed], (), [body.outputs[i] for i in followed]).code().run
    values = {i: inputs[i] for i in needed}
    for count in range(LIMIT):
        present = [values[i] for i in needed]
        if not test(np, *present)[0]:
            return count
        values.update(zip(followed, step(np, *present), strict=True))
    return None
