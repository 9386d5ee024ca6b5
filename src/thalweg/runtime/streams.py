"""Stateful random nodes in compiled programs: their places in their streams go in and come out as one array."""
from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from ..core.symbol import Operation
from ..ops.random_state import DRAWS, Site, place


def sites_of(nodes: Sequence[Operation], path: tuple[Hashable, ...] = ()) -> tuple[Site, ...]:
    """The stateful random nodes among `nodes`, and in the graphs within them.

    Args:
      path: of the graph that the nodes are in.
    """
    found: dict[Site, None] = {}
    for node in nodes:
        here = (*path, node._id)
        if node.type in DRAWS:
            found[Site(here, node.attrs["seed"], node.attrs["seed2"])] = None
        elif node.draws and node.op.blocks is not None:
            for block in node.op.blocks(node.attrs):
                found.update(dict.fromkeys(sites_of(block.program.nodes, (*here, block.graph.name))))
    return tuple(found)


class TracedStreams:
    """The streams of a program while JAX traces it.

    Args:
      sites: its random nodes.
      rows: their keys and counters at the start, a traced uint64 `[n, 3]`.
    """

    def __init__(self, sites: Sequence[Site], rows: Any) -> None:
        self._places = {site.path: i for i, site in enumerate(sites)}
        self._rows = rows
        self._moved: list[Any] = [np.uint64(0) for _ in sites]

    def take(self, path: tuple[Hashable, ...], seed: int, seed2: int, blocks: int) -> tuple[Any, Any]:
        """The key and counter of a node's present place; the node moves on by `blocks`."""
        i = self._places[path]
        row = _moved_on(self._rows[i:i + 1], self._moved[i])[0]
        self._moved[i] = self._moved[i] + np.uint64(blocks)
        return row[:1], row[1:]

    def below(self, path: tuple[Hashable, ...]) -> list[int]:
        """The numbers of the nodes below a path."""
        return [i for p, i in self._places.items() if p[:len(path)] == path]

    def moved(self, numbers: Sequence[int]) -> Any:
        """How far nodes have moved on since the start, in blocks (uint64, `[len(numbers)]`)."""
        import jax.numpy as jnp
        return jnp.stack([jnp.asarray(self._moved[i], np.uint64) for i in numbers])

    def set_moved(self, numbers: Sequence[int], moved: Any) -> None:
        """Says how far nodes have moved on."""
        for k, i in enumerate(numbers):
            self._moved[i] = moved[k]

    def rows(self) -> Any:
        """The keys and counters at the end."""
        return _moved_on(self._rows, self.moved(range(len(self._moved))))


def _moved_on(rows: Any, blocks: Any) -> Any:
    """Keys and counters with `blocks` added to the counters, which have 128 bits."""
    import jax.numpy as jnp
    low = rows[:, 1] + blocks
    high = rows[:, 2] + (low < rows[:, 1]).astype(np.uint64)
    return jnp.stack([rows[:, 0], low, high], 1)


class Drawn:
    """The streams of the nodes within one node with control flow, as a value that its graphs pass on."""

    def __init__(self) -> None:
        table, path = place()
        self._streams = table if isinstance(table, TracedStreams) else None
        self._numbers = self._streams.below(path) if self._streams is not None else []

    def get(self) -> tuple[Any, ...]:
        """The present state: one array, or none if nothing in here draws."""
        return (self._streams.moved(self._numbers),) if self._streams is not None and self._numbers else ()

    def set(self, state: Sequence[Any]) -> None:
        """Goes on from a state."""
        if state and self._streams is not None:
            self._streams.set_moved(self._numbers, state[0])
