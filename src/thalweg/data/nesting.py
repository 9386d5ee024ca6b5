"""Data sets that functions make of elements: one after the other, or several in turn."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import thalweg as tf

from .dataset import UNKNOWN, Dataset
from .functions import Traced
from .parallel import THREADS
from .run import Run, number
from .specs import DatasetSpec
from .structure import Leaves, bad


def maker(func: Callable[..., Any], spec: Any, name: str) -> Traced:
    """A function that makes a data set of an element.

    Raises:
      TypeError: it makes something else.
    """
    traced = Traced(func, spec)
    if not isinstance(traced.spec, DatasetSpec):
        raise TypeError(f"The `{name}` argument must return a `Dataset` object. Got {type(traced.structure)!r}.")
    return traced


class _FlatMapDataset(Dataset):
    """The elements of the data sets that a function makes, one after the other."""

    def __init__(self, inputs: Dataset, func: Callable[..., Any]) -> None:
        self._function = maker(func, inputs.element_spec, "map_func")
        super().__init__((inputs,), self._function.spec.element_spec, self._function.needs)

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        empty = Run()
        for leaves in self._inputs_[0]._iterate(run):
            yield from self._function(run, leaves)[0]._iterate(empty)


class _InterleaveDataset(Dataset):
    """Elements of several of the data sets that a function makes, some from each in turn."""

    _op = "InterleaveDataset"

    def __init__(self, inputs: Dataset, func: Callable[..., Any], cycle_length: Any, block_length: Any) -> None:
        self._function = maker(func, inputs.element_spec, "map_func")
        self._cycle = number(cycle_length, tf.data.AUTOTUNE)
        self._block = number(block_length, 1)
        for value, what in ((self._cycle, "cycle_length"), (self._block, "block_length")):
            if isinstance(value, int) and value < 1 and not (what == "cycle_length" and value == tf.data.AUTOTUNE):
                raise bad(f"{what} must be greater than zero.", self._op)
        super().__init__((inputs,), self._function.spec.element_spec, (self._cycle, self._block, *self._function.needs))

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        cycle, block = run.number(self._cycle), run.number(self._block)
        cycle = max(1, THREADS) if cycle < 0 else cycle
        source = self._inputs_[0]._iterate(run)
        places: list[Iterator[Leaves] | None] = [None] * cycle
        more, open_, at, empty = True, 0, 0, Run()
        while True:
            current = places[at]
            if current is None:
                leaves = next(source, None) if more else None
                if leaves is not None:
                    current = places[at] = self._function(run, leaves)[0]._iterate(empty)
                    open_ += 1
                else:
                    more = False
                    if not open_:
                        return
            if current is not None:
                for _ in range(block):
                    found = next(current, None)
                    if found is None:
                        places[at] = None
                        open_ -= 1
                        break
                    yield found
            at = (at + 1) % cycle


class _ParallelInterleaveDataset(_InterleaveDataset):
    """Elements of several data sets in turn."""

    _op = "ParallelInterleaveDatasetV4"
