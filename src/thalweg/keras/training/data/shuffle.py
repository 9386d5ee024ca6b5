"""The order of the samples in an epoch."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

import thalweg as tf

Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

_UNSEEDED = 87654321
"""The graph-level seed that TensorFlow shows where `tf.random.set_seed` was not called."""


def seeded() -> int | None:
    """The seed of `tf.random.set_seed`, or None where there is none."""
    seed = tf.compat.v1.get_seed(1)[0]
    return None if seed in (None, _UNSEEDED) else int(seed)


class Draws:
    """Random permutations. With a seed they are TensorFlow's, and begin anew in every epoch."""

    def __init__(self) -> None:
        self._seed = seeded()
        self._blocks = 0

    def permutation(self, count: int) -> Numbers:
        """The numbers below `count` in random order."""
        if self._seed is None:
            return np.random.permutation(count)
        generator = tf.random.Generator.from_state([self._blocks, 0, self._seed], alg="philox")
        self._blocks += (count + 3) // 4  # Each permutation takes up so many blocks of four random numbers.
        draws = generator.uniform_full_int([max(count - 1, 0)], dtype=tf.uint32).numpy()
        targets = (np.arange(count - 1) + draws % np.arange(count, 1, -1, dtype=np.uint32)).tolist()
        order = list(range(count))
        for i, j in enumerate(targets):
            order[i], order[j] = order[j], order[i]
        return np.array(order, np.int64)


def batches(count: int, batch_size: int, shuffle: bool | str) -> Iterator[slice | Numbers]:
    """The rows of each batch of an epoch: slices where they lie in order, else row numbers."""
    starts = range(0, count, batch_size)
    if not shuffle:
        yield from (slice(start, min(start + batch_size, count)) for start in starts)
        return
    draws = Draws()
    if shuffle == "batch":
        for start in starts:
            yield draws.permutation(min(batch_size, count - start)) + start
        return
    order = draws.permutation(count)
    yield from (order[start:start + batch_size] for start in starts)
