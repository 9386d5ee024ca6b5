"""Random orders and random numbers: streams of 32-bit words, by Philox from two seeds, as TensorFlow draws them."""
from __future__ import annotations

import itertools
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

import thalweg as tf

from .dataset import INFINITE, Dataset, Rows
from .run import Run, number
from .sources import each_row
from .structure import Leaves, bad

_FIRST, _MOST = 64, 65536
"""How many words are made at a time, at first and at most."""


def words(seed: int, seed2: int) -> Iterator[int]:
    """The words of a stream without end."""
    key = np.array([seed], np.int64).view(np.uint64)
    place, count = 0, _FIRST
    while True:
        counter = np.array([place, seed2], np.int64).view(np.uint64)
        yield from np.asarray(tf.raw_ops.StatelessRandomUniformFullIntV2(
            shape=[count], key=key, counter=counter, alg=1, dtype=tf.uint32)).tolist()
        place += count // 4
        count = min(4 * count, _MOST)


class Seeds:
    """The seeds of one iteration after another.

    Args:
      seed: the user's; without it and without a seed of the program, nobody can tell what they are.
      anew: whether each iteration has others.
      lasting: whether that goes on from pass to pass; else it begins again with each `iter(dataset)`, and only the
        repetitions within one have others.
    """

    def __init__(self, seed: Any, anew: bool, lasting: bool) -> None:
        if seed is not None and tf.is_tensor(seed):
            seed = int(seed)
        first, second = (0 if s is None else int(s) for s in tf.compat.v1.get_seed(seed))
        if (first, second) == (0, 0):
            first, second = (int(s) for s in np.frombuffer(os.urandom(16), np.int64))
        self._fixed = first, second
        self._anew = anew
        self._stream = words(first, second) if lasting else None
        self._lock = threading.Lock()

    def next(self, run: Run) -> tuple[int, int]:
        """The two seeds of the next iteration."""
        if not self._anew:
            return self._fixed
        stream = self._stream or run.stream(self, lambda: words(*self._fixed))
        with self._lock:
            return next(stream), next(stream)


class _RandomDataset(Dataset):
    """Random numbers without end."""

    def __init__(self, seed: Any, anew: bool | None) -> None:
        self._seeds = Seeds(seed, bool(anew), lasting=True)
        super().__init__((), tf.TensorSpec([], tf.int64))

    def _cardinality(self, run: Run) -> int:
        return INFINITE

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        return ((tf.convert_to_tensor(np.int64(w)),) for w in words(*self._seeds.next(run)))


def shuffled(source: Iterator[Any], size: int, stream: Iterator[int]) -> Iterator[Any]:
    """The items of an iterator in a random order.

    Each is drawn from a buffer, where the first item that is left takes its place, and the next one comes in at the end. The
    buffer is a ring.
    """
    buffer = list(itertools.islice(source, size))
    start, held, size = 0, len(buffer), max(1, min(size, len(buffer)))
    for item in source:
        chosen = (start + next(stream) % held) % size
        out = buffer[chosen]
        buffer[chosen] = buffer[start]
        buffer[start] = item
        start = (start + 1) % size
        yield out
    while held:
        chosen = (start + next(stream) % held) % size
        out = buffer[chosen]
        buffer[chosen] = buffer[start]
        buffer[start] = None
        start = (start + 1) % size
        held -= 1
        yield out


class _ShuffleDataset(Dataset):
    """The elements in a random order."""

    def __init__(self, inputs: Dataset, buffer_size: Any, seed: Any, anew: bool | None,
                 lasting: bool = True) -> None:
        self._size = number(buffer_size)
        if isinstance(self._size, int) and self._size < 1 and self._size != tf.data.UNKNOWN_CARDINALITY:
            raise bad("buffer_size must be greater than zero or UNKNOWN_CARDINALITY", "ShuffleDatasetV3")
        self._seeds = Seeds(seed, anew is not False, lasting)
        super().__init__((inputs,), inputs.element_spec, (self._size,))

    def _order(self, run: Run, source: Iterator[Any]) -> Iterator[Any]:
        size = run.number(self._size)
        yield from shuffled(source, size if size > 0 else sys.maxsize, words(*self._seeds.next(run)))

    def _rows(self, run: Run) -> Rows | None:
        found = self._inputs_[0]._rows(run)
        return None if found is None else (found[0], self._order(run, iter(found[1])))

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        rows = self._rows(run)
        return self._order(run, self._inputs_[0]._iterate(run)) if rows is None else each_row(rows)
