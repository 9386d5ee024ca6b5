"""The order of the samples in an epoch."""
from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import thalweg as tf

_UNSEEDED = 87654321
"""The graph-level seed that TensorFlow shows where `tf.random.set_seed` was not called."""


def seeded() -> int | None:
    """The seed of `tf.random.set_seed`, or None where there is none."""
    seed = tf.compat.v1.get_seed(1)[0]
    return None if seed in (None, _UNSEEDED) else int(seed)


class Draws:
    """Random permutations. With a seed they are TensorFlow's, and begin anew in every epoch."""

    def __init__(self) -> None:
        seed = seeded()
        self._generator = None
        if seed is not None:
            self._generator = tf.random.Generator.from_state([0, 0, seed], alg="philox")

    def permutation(self, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The numbers below `count` in random order."""
        if self._generator is None:
            return np.random.permutation(count)
        order = list(range(count))
        draws = self._generator.uniform_full_int([max(count - 1, 0)], dtype=tf.uint32).numpy().tolist()
        for i, draw in enumerate(draws):
            j = i + draw % (count - i)
            order[i], order[j] = order[j], order[i]
        return np.array(order, np.int64)


def batches(count: int, batch_size: int, shuffle: bool | str) -> Iterator[slice | np.ndarray[tuple[int], np.dtype[np.int64]]]:
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
