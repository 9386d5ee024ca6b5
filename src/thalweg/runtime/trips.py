"""How often a loop runs, where that follows from what is known before it starts."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.symbol import SymbolicTensor
from .blocks import Block
from .program import prune

_SHAPES = ("Shape", "Size", "Rank")
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
    known = [isinstance(v, (np.ndarray, np.generic)) and v.dtype != object for v in inputs]
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


def _reads(t: SymbolicTensor, block: Block) -> dict[int, bool] | None:
    """The positions of the block's inputs that a tensor depends on, and whether on more than their shape; None if it
    depends on state, too."""
    place = {id(x): i for i, x in enumerate(block.inputs)}
    if id(t) in place:
        return {place[id(t)]: True}
    found: dict[int, bool] = {}
    for node in prune([t.op], set(place)):
        if node.op.stateful or node.op.host:
            return None
        for x in node.inputs:
            if id(x) in place:
                found[place[id(x)]] = found.get(place[id(x)], False) or node.type not in _SHAPES
    return found


def _count(part: SymbolicTensor, cond: Block, body: Block, carried: int, inputs: Sequence[Any],
           known: Sequence[bool]) -> int | None:
    needed = _reads(part, cond)
    if needed is None:
        return None
    followed: set[int] = set()
    while fresh := {i for i, value in needed.items() if value and i < carried} - followed:
        followed |= fresh
        for carry in fresh:
            more = _reads(body.outputs[carry], body)
            if more is None:
                return None
            for i, value in more.items():
                needed[i] = needed.get(i, False) or value
    if not all(known[i] or not value for i, value in needed.items()):
        return None
    values = {i: inputs[i] if known[i] else np.broadcast_to(np.zeros((), inputs[i].dtype), inputs[i].shape) for i in needed}
    return _simulate(part, cond, body, sorted(followed), values)


def _simulate(part: SymbolicTensor, cond: Block, body: Block, followed: Sequence[int], values: dict[int, Any]) -> int | None:
    test = Block(cond.graph, [cond.inputs[i] for i in values], (), [part]).code().run
    step = Block(body.graph, [body.inputs[i] for i in values], (), [body.outputs[i] for i in followed]).code().run
    for count in range(LIMIT):
        present = list(values.values())
        if not test(np, *present)[0]:
            return count
        values.update(zip(followed, step(np, *present), strict=True))
    return None
