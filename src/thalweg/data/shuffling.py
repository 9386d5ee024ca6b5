"""Random orders and random numbers: streams of 32-bit words, by Philox from two seeds, as TensorFlow draws them."""
from __future__ import annotations

import itertools
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import thalweg as tf

from .dataset import Dataset, Rows
from .run import Run, number
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
    """

    def __init__(self, seed: Any, anew: bool) -> None:
        if seed is not None and tf.is_tensor(seed):
            seed = int(seed)
        first, second = (0 if s is None else int(s) for s in tf.compat.v1.get_seed(seed))
        if (first, second) == (0, 0):
            first, second = (int(s) for s in np.frombuffer(os.urandom(16), np.int64))
        self._fixed = first, second
        self._stream = words(first, second) if anew else None
        self._lock = threading.Lock()

    def next(self) -> tuple[int, int]:
        """The two seeds of the next iteration."""
        if self._stream is None:
            return self._fixed
        with self._lock:
            return next(self._stream), next(self._stream)


class _RandomDataset(Dataset):
    """Random numbers without end."""

    def __init__(self, seed: Any, anew: bool | None) -> None:
        self._seeds = Seeds(seed, bool(anew))
        super().__init__((), tf.TensorSpec([], tf.int64))

    def _cardinality(self, run: Run) -> int:
        return tf.data.INFINITE_CARDINALITY

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        return ((tf.convert_to_tensor(np.int64(w)),) for w in words(*self._seeds.next()))


def shuffled(epochs: Iterator[Iterator[Any]], size: int, stream: Iterator[int]) -> Iterator[Any]:
    """The items of one iterator after another, those of each in a random order.

    Each is drawn from a buffer, where the first item that is left takes its place, and a new one comes in at the end. While
    the last items of an iterator are drawn, those of the next fill the buffer.
    """
    buffer: list[Any] = []
    bounds: deque[list[int]] = deque()
    held, source = 0, next(epochs, None)
    if source is not None:
        bounds.append([0, 0])
    while True:
        while held < size and source is not None:
            item = next(source, bounds)
            if item is bounds:
                empty = bounds[-1][1] == bounds[-1][0] and len(bounds) == 1
                source = None if empty else next(epochs, None)
                if source is not None:
                    bounds.append([bounds[-1][1]] * 2)
                continue
            place = bounds[-1][1] % size
            if place < len(buffer):
                buffer[place] = item
            else:
                buffer.append(item)
            bounds[-1][1] += 1
            held += 1
        while bounds and bounds[0][0] == bounds[0][1]:
            bounds.popleft()
        if not bounds:
            return
        start, end = bounds[0]
        chosen = (start + next(stream) % (end - start)) % size
        first = start % size
        out = buffer[chosen]
        buffer[chosen] = buffer[first]
        buffer[first] = None
        bounds[0][0] = start + 1
        held -= 1
        yield out


class _ShuffleDataset(Dataset):
    """The elements in a random order."""

    def __init__(self, inputs: Dataset, buffer_size: Any, seed: Any, anew: bool | None, count: Any = 1) -> None:
        self._size = number(buffer_size)
        self._count = number(count, -1)
        if isinstance(self._size, int) and self._size < 1 and self._size != tf.data.UNKNOWN_CARDINALITY:
            raise bad("buffer_size must be greater than zero or UNKNOWN_CARDINALITY", "ShuffleDatasetV3")
        self._seeds = Seeds(seed, anew is not False)
        super().__init__((inputs,), inputs.element_spec, (self._size, self._count))

    def _cardinality(self, run: Run) -> int:
        n, count = self._inputs_[0]._cardinality(run), run.number(self._count)
        return n * count if n >= 0 and count >= 0 else -1 if count < 0 and n else n

    def _order(self, run: Run, epoch: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        size, count = run.number(self._size), run.number(self._count)
        if size < 1:
            size = 1 << 62
        times = itertools.repeat(None) if count < 0 else itertools.repeat(None, count)
        return shuffled((epoch() for _ in times), size, words(*self._seeds.next()))

    def _rows(self, run: Run) -> Rows | None:
        first = self._inputs_[0]._rows(run)
        if first is None:
            return None
        kept = [first[1]]
        return first[0], self._order(run, lambda: iter(kept.pop() if kept else self._inputs_[0]._rows(run)[1]))  # type: ignore[index]

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        return self._order(run, lambda: self._inputs_[0]._iterate(run))


class _ShuffleAndRepeatDataset(_ShuffleDataset):
    """The elements several times over, in another random order each time."""
