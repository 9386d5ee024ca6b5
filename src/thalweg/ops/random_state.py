"""Seeds of stateful random ops, and how far each of them has drawn.

A stateful op has two seeds, that of the program or graph and its own, and a counter that moves on with every run. In
eager code the ops with the same type, seeds and types share a counter, and `set_seed` starts all of them again. In a
graph every node has one: whoever runs a graph does so in `with counting(table)`, where a session or a traced function
has a table of its own, and calls the kernels of stateful random nodes, and graphs within the graph, through `placed`.
"""
from __future__ import annotations

import os
import random as python_random
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
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


_program = _Program()
_eager_counters: dict[Hashable, int] = {}
_lock = threading.Lock()
_ops_seeded: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


class _Place(threading.local):
    """Where this thread's stateful ops keep their counters: the table, None for the eager one, and the path in it."""

    table: Counters | None = None
    path: tuple[Hashable, ...] = ()


class Counters(dict[tuple[Hashable, ...], int]):
    """The counters of the nodes of one session or function, by their paths.

    Args:
      restart: whether `set_seed` in eager code starts them again, as it does for functions.
    """

    __slots__ = ("__weakref__",)
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(self, restart: bool = False) -> None:
        super().__init__()
        if restart:
            _restarting.add(self)


_restarting: WeakSet[Counters] = WeakSet()
_place = _Place()


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
        for table in _restarting:
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
    if seed is None:
        return (0, 0) if op_seed is None else (DEFAULT_GRAPH_SEED, int(op_seed % _MODULUS))
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


def get_seed_or_none(op_seed: Any) -> tuple[int | None, int | None]:
    """`get_seed` as TensorFlow's public function: (None, None) where there is no seed."""
    seeds = get_seed(op_seed)
    return (None, None) if seeds == (0, 0) else (int(seeds[0]), int(seeds[1]))


@contextmanager
def counting(table: Counters) -> Iterator[None]:
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
    if not seed and not seed2:
        fresh = np.frombuffer(os.urandom(24), np.uint64)
        return fresh[:1], fresh[1:]
    start = 0
    if type(seed2) is not _Once or _place.table is not None:
        table: dict[Any, int] = _eager_counters if _place.table is None else _place.table
        key = (op, seed, seed2) if _place.table is None else _place.path
        with _lock:
            start = table.get(key, 0)
            table[key] = start + blocks
    high = (seed2 & _MASK) + (start >> 64)
    return np.array([seed & _MASK], np.uint64), np.array([start & _MASK, high & _MASK], np.uint64)


class Draw(NamedTuple):
    """A stateful random op taken apart, for runtimes that keep its counter themselves."""

    blocks: Callable[..., int]
    """`blocks(*inputs, **attrs)`: how many blocks one run takes."""
    draw: Callable[..., Any]
    """`draw(xp, key, counter, *inputs, **attrs)`: the result; pure."""


DRAWS: dict[str, Draw] = {}
"""The stateful random ops by type. `attrs` are those of the op without its seeds."""


def stateful(type: str, blocks: Callable[..., int], draw: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel of a stateful op: `draw` at the place of its stream that `reserve` gives."""
    DRAWS[type] = Draw(blocks, draw)

    def kernel(xp: Any, *inputs: Any, seed: int = 0, seed2: int = 0, **attrs: Any) -> Any:
        kinds = tuple([getattr(x, "dtype", None) for x in inputs])
        key, counter = reserve((type, kinds, *attrs.values()), seed, seed2, blocks(*inputs, **attrs))
        return draw(xp, key, counter, *inputs, **attrs)
    return kernel
