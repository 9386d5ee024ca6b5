"""Seeds of stateful random ops, and how far each of them has drawn.

A stateful op has two seeds, that of the program or graph and its own, and a counter that moves on with every run. In
eager code the ops with the same type, seeds and types share a counter, and `set_seed` starts all of them again. In a
graph every node has one: whoever runs a graph does so in `with counting(table)`, where a session or a traced function
has a table of its own, and calls the kernels of stateful random nodes, and graphs within the graph, through `placed`.
A compiled program takes the places of its nodes in their streams as an input and returns where they are afterwards;
between runs the table holds that array as it is, on the device.
"""
from __future__ import annotations

import os
import random as python_random
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary, WeakSet

import numpy as np

from ..core.context import ctx
from .philox import Array

DEFAULT_GRAPH_SEED = 87654321
_MODULUS = 2**31 - 1
_MASK = (1 << 64) - 1


class _Program:
    """The seed of eager code, what it draws op seeds from, and the counters of its ops."""

    seed: Any = None
    rng = python_random.Random()
    needs_seeds = False


_program = _Program()
_eager_counters: dict[Hashable, int] = {}
_lock = threading.Lock()
_ops_seeded: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


class Site(NamedTuple):
    """A stateful random node of a program."""

    path: tuple[Hashable, ...]
    """The node's number in its graph, after those of the nodes and graphs around it."""
    seed: int
    seed2: int


class Streams(Protocol):
    """Where stateful random nodes are in their streams."""

    def take(self, path: tuple[Hashable, ...], seed: int, seed2: int, blocks: int) -> tuple[Array, Array]:
        """The key and counter of a node's present place; the node moves on by `blocks`."""


class _Place(threading.local):
    """Where this thread's stateful ops keep their counters: the table, None for the eager one, and the path in it."""

    table: Streams | None = None
    path: tuple[Hashable, ...] = ()


class Counters(dict[tuple[Hashable, ...], int]):
    """The counters of the nodes of one session or function, by their paths.

    Args:
      restart: whether `set_seed` in eager code starts them again, as it does for functions.
    """

    __slots__ = ("__weakref__", "_held", "_made_up", "lock")
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(self, restart: bool = False) -> None:
        super().__init__()
        self.lock = threading.RLock()
        self._held: dict[tuple[Site, ...], Any] = {}
        self._made_up: dict[tuple[Hashable, ...], tuple[int, int]] = {}
        if restart:
            _restarting.add(self)

    def clear(self) -> None:
        """Starts all streams again."""
        with self.lock:
            super().clear()
            self._held.clear()

    def copy(self) -> Counters:
        """A table that goes on from the same places, by itself."""
        other = Counters()
        with self.lock:
            other.update(self)
            other._held.update(self._held)
        other._made_up = self._made_up
        return other

    def take(self, path: tuple[Hashable, ...], seed: int, seed2: int, blocks: int) -> tuple[Array, Array]:
        """The key (uint64, `[1]`) and counter (uint64, `[2]`) of a node's present place; it moves on by `blocks`."""
        with self.lock:
            for sites in [s for s in self._held if any(site.path == path for site in s)]:
                self._settle(sites)
            row = self._row(Site(path, seed, seed2))
            self[path] = self.get(path, 0) + blocks
        return row[:1], row[1:]

    def rows(self, sites: tuple[Site, ...]) -> Any:
        """Key and counter of each of `sites` (uint64, `[n, 3]`): an array of NumPy's, or what `keep` was given last."""
        found = self._held.get(sites)
        if found is not None:
            return found
        paths = {site.path for site in sites}
        for others in [s for s in self._held if any(site.path in paths for site in s)]:
            self._settle(others)
        return np.stack([self._row(site) for site in sites])

    def keep(self, sites: tuple[Site, ...], rows: Any) -> None:
        """Sets the places of `sites` to those that a compiled program returned."""
        self._held[sites] = rows

    def _start(self, site: Site) -> tuple[int, int]:
        """The key of a stream, and the upper half of its first counter. Without seeds nobody can predict them."""
        if site.seed or site.seed2:
            return site.seed & _MASK, site.seed2 & _MASK
        start = self._made_up.get(site.path)
        if start is None:
            key, high = np.frombuffer(os.urandom(16), np.uint64).tolist()
            start = self._made_up[site.path] = key, high
        return start

    def _row(self, site: Site) -> Array:
        key, high = self._start(site)
        count = self.get(site.path, 0)
        return np.array([key, count & _MASK, high + (count >> 64) & _MASK], np.uint64)

    def _settle(self, sites: tuple[Site, ...]) -> None:
        """Turns the places that a compiled program returned into counts."""
        rows = np.asarray(self._held.pop(sites)).tolist()
        for site, (_, low, high) in zip(sites, rows, strict=True):
            self[site.path] = low | (high - self._start(site)[1] & _MASK) << 64


_restarting: WeakSet[Counters] = WeakSet()
_learned: list[dict[Any, Any]] = []
_place = _Place()


def restarting(table: dict[Any, Any]) -> dict[Any, Any]:
    """A table of what eager ops have learned so far, which `set_seed` empties."""
    _learned.append(table)
    return table


class _Once(int):
    """An op seed that was made up for one op. No other op will have it, so no counter is kept."""


def set_seed(seed: Any) -> None:
    """Sets the seed of the whole program, or of the graph that is being built, for the random ops that follow.

    In eager code, ops without a seed of their own then draw a repeatable sequence, and ops with one start again.

    Args:
      seed: an integer (anything that Python's `random.Random` takes), or None to draw without a seed again.
    """
    if ctx.graph is not None:
        ctx.graph.seed = seed
        return
    try:
        rng = python_random.Random(seed)
    except TypeError:
        seed = int(np.array(seed))
        rng = python_random.Random(seed)
    _program.seed, _program.rng = seed, rng
    with _lock:
        _eager_counters.clear()
        for table in (*_restarting, *_learned):
            table.clear()


set_random_seed = set_seed


def global_seed() -> Any:
    """The seed of eager code, or None. A graph that a function is traced into starts with it."""
    return _program.seed


def get_seed(op_seed: Any) -> tuple[int, int]:
    """The two seeds of a random op that the user gave `op_seed`; (0, 0) stands for no seed at all.

    With a seed of the program or graph but none of the op, the op's is drawn from the program's, or is the number of
    such ops in the graph. With one of the op alone, a fixed seed takes the program's place.
    """
    graph = ctx.graph
    seed = _program.seed if graph is None else graph.seed
    if seed is None and op_seed is None:
        if _program.needs_seeds:
            raise RuntimeError("Random ops require a seed to be set when determinism is enabled. Please set a seed before "
                               "running the op, e.g. by calling tf.random.set_seed(1).")
        return 0, 0
    if seed is None:
        return DEFAULT_GRAPH_SEED, int(op_seed % _MODULUS)
    made_up = op_seed is None
    if made_up and graph is None:
        op_seed = _program.rng.randint(0, _MODULUS)
    elif made_up:
        op_seed = _ops_seeded.get(graph, 0)
        _ops_seeded[graph] = op_seed + 1
    seeds = int(seed % _MODULUS), int(op_seed % _MODULUS)
    if seeds == (0, 0):
        return 0, _MODULUS
    return (seeds[0], _Once(seeds[1])) if made_up and graph is None else seeds


def enable_op_determinism() -> None:
    """Makes stateful random ops without any seed an error; everything else gives the same results every time anyway."""
    _program.needs_seeds = True


def get_seed_or_none(op_seed: Any) -> tuple[int | None, int | None]:
    """`get_seed` as TensorFlow's public function: (None, None) where there is no seed."""
    seeds = get_seed(op_seed)
    return (None, None) if seeds == (0, 0) else (int(seeds[0]), int(seeds[1]))


def place() -> tuple[Streams | None, tuple[Hashable, ...]]:
    """The table that this thread's stateful ops draw by, None for the eager one, and the path that they are at."""
    return _place.table, _place.path


@contextmanager
def counting(table: Streams) -> Iterator[None]:
    """Within, stateful random kernels that are called through `placed` keep their counters in `table`."""
    before = _place.table, _place.path
    _place.table, _place.path = table, ()
    try:
        yield
    finally:
        _place.table, _place.path = before


def placed(call: Callable[..., Any], node: Hashable) -> Callable[..., Any]:
    """`call` for a node: the counters below it are its own. It wraps a kernel, or the run of a graph within a graph."""
    def run(*args: Any, **kwargs: Any) -> Any:
        before = _place.path
        _place.path = (*before, node)
        try:
            return call(*args, **kwargs)
        finally:
            _place.path = before
    return run


def reserve(op: Hashable, seed: int, seed2: int, blocks: int) -> tuple[Array, Array]:
    """Takes the next `blocks` blocks of an op's stream.

    Args:
      op: what tells this eager op from others, apart from its seeds.
      seed, seed2: the op's attributes; both 0 for numbers that nobody can predict.
      blocks: how far the stream moves on.

    Returns:
      The key (uint64, shape `[1]`) and counter (uint64, shape `[2]`) of the stream's present place.
    """
    table = _place.table
    if table is not None:
        return table.take(_place.path, seed, seed2, blocks)
    if not seed and not seed2:
        fresh = np.frombuffer(os.urandom(24), np.uint64)
        return fresh[:1], fresh[1:]
    start = 0
    if type(seed2) is not _Once:
        key = (op, seed, seed2)
        with _lock:
            start = _eager_counters.get(key, 0)
            _eager_counters[key] = start + blocks
    high = (seed2 & _MASK) + (start >> 64)
    return np.array([seed & _MASK], np.uint64), np.array([start & _MASK, high & _MASK], np.uint64)


DRAWS: set[str] = set()
"""The types of the stateful random ops."""


def stateful(type: str, blocks: Callable[..., int], draw: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel of a stateful op: `draw` at the place of its stream that `reserve` gives.

    Args:
      type: of the op.
      blocks: `blocks(*inputs, **attrs)`, how many blocks one run takes. `attrs` are those of the op without its seeds.
      draw: `draw(xp, key, counter, *inputs, **attrs)`, the result; pure.
    """
    DRAWS.add(type)

    def kernel(xp: Any, *inputs: Any, seed: int = 0, seed2: int = 0, **attrs: Any) -> Any:
        kinds = tuple([getattr(x, "dtype", None) for x in inputs])
        key, counter = reserve((type, kinds, *attrs.values()), seed, seed2, blocks(*inputs, **attrs))
        return draw(xp, key, counter, *inputs, **attrs)
    return kernel
