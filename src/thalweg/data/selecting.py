"""Which elements, how often: repeat, take, skip, shard; and options, which change nothing."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import thalweg as tf

from .dataset import Dataset, Rows
from .run import Run, number
from .shuffling import _ShuffleDataset
from .structure import Leaves, bad


class _Selection(Dataset):
    """Some of the elements of another data set, which `_chosen` says of any iterator."""

    def _chosen(self, run: Run, source: Any) -> Any:
        """What is chosen from a range or an iterator."""
        raise NotImplementedError(type(self).__name__)

    def _rows(self, run: Run) -> Rows | None:
        found = self._inputs_[0]._rows(run)
        return None if found is None else (found[0], self._chosen(run, found[1]))

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        return self._chosen(run, self._inputs_[0]._iterate(run))  # type: ignore[no-any-return]


class _TakeDataset(_Selection):
    """The first elements."""

    def __init__(self, inputs: Dataset, count: Any) -> None:
        self._count = number(count)
        super().__init__((inputs,), inputs.element_spec, (self._count,))

    def _chosen(self, run: Run, source: Any) -> Any:
        count = run.number(self._count)
        if count < 0:
            return source
        return source[:count] if isinstance(source, range) else itertools.islice(source, count)

    def _cardinality(self, run: Run) -> int:
        n, count = self._inputs_[0]._cardinality(run), run.number(self._count)
        if n == -2:
            return 0 if count == 0 else -2
        return n if count < 0 else count if n < 0 else min(n, count)


class _SkipDataset(_Selection):
    """The elements after the first ones."""

    def __init__(self, inputs: Dataset, count: Any) -> None:
        self._count = number(count)
        super().__init__((inputs,), inputs.element_spec, (self._count,))

    def _chosen(self, run: Run, source: Any) -> Any:
        count = run.number(self._count)
        if isinstance(source, range):
            return source[count:] if count >= 0 else source[:0]
        return itertools.islice(source, count, None) if count >= 0 else iter(())

    def _cardinality(self, run: Run) -> int:
        n, count = self._inputs_[0]._cardinality(run), run.number(self._count)
        return 0 if count < 0 else n if n < 0 else max(0, n - count)


class _ShardDataset(_Selection):
    """Every so manieth element."""

    def __init__(self, inputs: Dataset, num_shards: Any, index: Any) -> None:
        self._shards, self._index = number(num_shards), number(index)
        if isinstance(self._shards, int) and isinstance(self._index, int):
            self._check(self._shards, self._index)
        super().__init__((inputs,), inputs.element_spec, (self._shards, self._index))

    @staticmethod
    def _check(shards: int, index: int) -> None:
        if shards < 1:
            raise bad(f"Number of shards must be greater than zero (currently num_shards = {shards}).", "ShardDataset")
        if not 0 <= index < shards:
            raise bad(f"Index must be between 0 and {shards - 1} (currently index = {index}).", "ShardDataset")

    def _chosen(self, run: Run, source: Any) -> Any:
        shards, index = run.number(self._shards), run.number(self._index)
        self._check(shards, index)
        return source[index::shards] if isinstance(source, range) else itertools.islice(source, index, None, shards)

    def _cardinality(self, run: Run) -> int:
        n, shards, index = self._inputs_[0]._cardinality(run), run.number(self._shards), run.number(self._index)
        return n if n < 0 else n // shards + (index < n % shards)


class _RepeatDataset(Dataset):
    """The elements several times over."""

    def __init__(self, inputs: Dataset, count: Any) -> None:
        self._count = number(count, -1)
        super().__init__((inputs,), inputs.element_spec, (self._count,))

    def _cardinality(self, run: Run) -> int:
        n, count = self._inputs_[0]._cardinality(run), run.number(self._count)
        if count < 0:
            return 0 if n == 0 else -1
        return 0 if count == 0 else n if n < 0 else n * count

    def _times(self, run: Run) -> Iterator[None]:
        count = run.number(self._count)
        return itertools.repeat(None) if count < 0 else itertools.repeat(None, count)

    def _rows(self, run: Run) -> Rows | None:
        first = self._inputs_[0]._rows(run)
        if first is None:
            return None

        def numbers() -> Iterator[int]:
            rows: Rows | None = first
            times = self._times(run)
            if next(times, self) is self:
                return
            while rows is not None:
                empty = True
                for i in rows[1]:
                    empty = False
                    yield i
                if empty or next(times, self) is self:
                    return
                rows = self._inputs_[0]._rows(run)
        return first[0], numbers()

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        source = self._inputs_[0]._iterate(run)
        for _ in self._times(run):
            empty = True
            for leaves in source:
                empty = False
                yield leaves
            if empty:
                return
            # TensorFlow starts once more than needed, which new random numbers in each iteration show.
            source = self._inputs_[0]._iterate(run)


class _ShuffleAndRepeatDataset(_RepeatDataset):
    """The elements in a random order, several times over."""

    def __init__(self, inputs: Dataset, buffer_size: Any, count: Any, seed: Any) -> None:
        super().__init__(_ShuffleDataset(inputs, buffer_size, seed, None, lasting=False), count)


class _CopyToDeviceDataset(_Selection):
    """The same elements, which go to a device when an operation there takes them."""

    def __init__(self, inputs: Dataset) -> None:
        super().__init__((inputs,), inputs.element_spec)

    def _chosen(self, run: Run, source: Any) -> Any:
        return source


class _OptionsDataset(_Selection):
    """The same elements, under options."""

    def __init__(self, inputs: Dataset, options: Any) -> None:
        self._options = options
        super().__init__((inputs,), inputs.element_spec)

    def options(self) -> Any:
        return super().options().merge(self._options)

    def _chosen(self, run: Run, source: Any) -> Any:
        return source


class _AssertCardinalityDataset(_Selection):
    """The same elements, and the promise of how many there are."""

    def __init__(self, inputs: Dataset, expected: Any) -> None:
        self._expected = number(expected)
        super().__init__((inputs,), inputs.element_spec, (self._expected,))

    def _cardinality(self, run: Run) -> int:
        return run.number(self._expected)

    def _rows(self, run: Run) -> Rows | None:
        return None

    def _chosen(self, run: Run, source: Any) -> Any:
        expected = run.number(self._expected)
        seen = 0
        for item in source:
            seen += 1
            if 0 <= expected < seen:
                raise self._wrong(f"at least {seen}", expected)
            yield item
        if expected == -1 or 0 <= expected != seen:
            raise self._wrong(str(seen), expected)

    @staticmethod
    def _wrong(seen: str, expected: int) -> Exception:
        def count(text: str) -> str:
            return f"{text} element{'' if text == '1' else 's'}"
        wanted = "an infinite number of elements" if expected == -1 else count(str(expected))
        message = f"Input dataset was expected to contain {wanted} but contained " + (
            f"at least {count(seen[9:])}" if seen.startswith("at least ") else f"only {count(seen)}") + "."
        return tf.errors.FailedPreconditionError(None, None, message + " [Op:IteratorGetNext] name: ")
