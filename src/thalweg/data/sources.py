"""Data sets made of tensors and numbers."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import thalweg as tf

from .dataset import Dataset, Rows
from .run import Run, is_symbol, number, symbols
from .structure import Leaves, bad, flatten, normalized, packer, spec_of

_ARRAY_LIMIT = 1 << 24
"""A range of more numbers is not made into an array."""


def resolve(run: Run, leaf: Any) -> Any:
    """The value of a leaf that may be, or be made of, tensors of a graph."""
    if leaf is None or not tf.is_tensor(leaf):
        return run.value(leaf)
    if isinstance(leaf, tf.Tensor):
        return run.value(leaf)
    parts = tf.nest.flatten(leaf, expand_composites=True)
    if not any(is_symbol(p) for p in parts):
        return leaf
    return tf.nest.pack_sequence_as(leaf, [run.value(p) for p in parts], expand_composites=True)


class _TensorDataset(Dataset):
    """One element."""

    def __init__(self, tensors: Any) -> None:
        element = normalized(tensors)
        self._leaves = flatten(element)
        if not self._leaves:
            raise bad("Length for attr 'Toutput_types' of 0 must be at least minimum 1", "TensorDataset")
        super().__init__((), spec_of(element), self._leaves)

    def _cardinality(self, run: Run) -> int:
        return 1

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        yield tuple(resolve(run, x) for x in self._leaves)


class _TensorSliceDataset(Dataset):
    """The slices of tensors along their first axes."""

    def __init__(self, tensors: Any) -> None:
        element = normalized(tensors)
        self._leaves = flatten(element)
        if not self._leaves:
            raise ValueError("Invalid `element`. `element` should not be empty.")
        specs = flatten(spec_of(element))
        super().__init__((), packer(spec_of(element))(tuple(s._unbatch() for s in specs)), self._leaves)
        known: int | None = None
        for s in specs:
            if hasattr(s, "shape"):
                if _known_row(s) and known not in (None, s.shape[0]):
                    raise ValueError(f"Dimensions {known} and {s.shape[0]} are not compatible")
                known = s.shape[0] if _known_row(s) else known
        self._count = known
        self._arrays: list[np.ndarray[Any, Any]] | None = None

    def _values(self, run: Run) -> list[Any]:
        return [resolve(run, x) for x in self._leaves]

    def _cardinality(self, run: Run) -> int:
        if self._count is None:
            return _rows_of(self._values(run)[0])
        return int(self._count)

    def _rows(self, run: Run) -> Rows | None:
        if not all(isinstance(s, tf.TensorSpec) for s in flatten(self._spec)):
            return None
        if self._arrays is None or symbols(self._leaves):
            self._arrays = [np.asarray(v) for v in self._values(run)]
        arrays = self._arrays
        if len({len(a) for a in arrays}) > 1:
            raise bad("All components must have the same size in the 0th dimension", "TensorSliceDataset")
        return arrays, range(len(arrays[0]))

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        found = self._rows(run)
        if found is None:
            return zip(*(slices(v) for v in self._values(run)), strict=True)
        return each_row(found)


class _ListDataset(_TensorSliceDataset):
    """The elements of a list, which are stacked."""


def _known_row(spec: Any) -> bool:
    return spec.shape.rank is not None and spec.shape[0] is not None


def _rows_of(value: Any) -> int:
    return int(value.shape[0]) if value.shape[0] is not None else int(value.nrows())


def slices(value: Any) -> Iterator[Any]:
    """The slices of a tensor, ragged or sparse tensor along its first axis."""
    if value is None:
        while True:
            yield None
    elif isinstance(value, tf.SparseTensor):
        indices, values = np.asarray(value.indices), np.asarray(value.values)
        shape = np.asarray(value.dense_shape)
        order = np.argsort(indices[:, 0], kind="stable")
        bounds = np.searchsorted(indices[order, 0], np.arange(shape[0] + 1))
        for i in range(int(shape[0])):
            rows = order[bounds[i]:bounds[i + 1]]
            yield tf.SparseTensor(indices[rows, 1:], values[rows], shape[1:])
    elif isinstance(value, tf.Tensor):
        yield from map(tf.convert_to_tensor, np.asarray(value))
    else:
        yield from (value[i] for i in range(_rows_of(value)))


def each_row(rows: Rows) -> Iterator[Leaves]:
    """Rows of arrays, one at a time."""
    arrays, numbers = rows
    convert = tf.convert_to_tensor
    if len(arrays) == 1:
        array = arrays[0]
        if array.dtype == object and array.ndim == 1:
            return ((convert(array[i:i + 1])[0],) for i in numbers)
        return ((convert(array[i]),) for i in numbers)
    return (tuple(_row(a, i) for a in arrays) for i in numbers)


def _row(array: np.ndarray[Any, Any], i: int) -> Any:
    return tf.convert_to_tensor(array[i])


class _RangeDataset(Dataset):
    """Numbers from one to before another."""

    def __init__(self, *args: Any, output_type: Any = None) -> None:
        if not 1 <= len(args) <= 3:
            raise ValueError(f"Invalid `args`. The length of `args` should be between 1 and 3 but was {len(args)}.")
        self._start, self._stop, self._step = (number(x) for x in (
            (0, args[0], 1) if len(args) == 1 else (*args, 1)[:3]))
        self._dtype = tf.as_dtype(output_type or tf.int64)
        if self._step == 0:
            raise bad("step must be a non-zero integer.", "RangeDataset")
        super().__init__((), tf.TensorSpec([], self._dtype), (self._start, self._stop, self._step))

    def _range(self, run: Run) -> range:
        return range(run.number(self._start), run.number(self._stop), run.number(self._step))

    def _cardinality(self, run: Run) -> int:
        numbers = self._range(run)
        # `len` does not go beyond the size of an index.
        return max(0, -((numbers.start - numbers.stop) // numbers.step))

    def _rows(self, run: Run) -> Rows | None:
        count = self._cardinality(run)
        if count > _ARRAY_LIMIT:
            return None
        numbers = self._range(run)
        values = np.arange(numbers.start, numbers.start + count * numbers.step, numbers.step)
        return [values.astype(self._dtype.as_numpy_dtype)], range(count)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        dtype = self._dtype.as_numpy_dtype
        return ((tf.convert_to_tensor(dtype(i)),) for i in self._range(run))
