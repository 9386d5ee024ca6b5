"""Elements that are kept, in memory or in a file."""
from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import thalweg as tf

from .dataset import Dataset, Rows
from .run import Run
from .sources import slices
from .structure import Leaves, flatten


class CacheDataset(Dataset):
    """The elements, kept once they were all seen."""

    def __init__(self, inputs: Dataset, filename: Any) -> None:
        name = tf.convert_to_tensor(filename, tf.string).numpy()
        self._filename = os.fsdecode(name)
        self._kept: list[Leaves] | None = None
        self._lock = threading.Lock()
        super().__init__((inputs,), inputs.element_spec)
        if self._filename and not all(isinstance(s, tf.TensorSpec) for s in flatten(self._spec)):
            raise TypeError("Only tensors can be kept in a file.")

    def _rows(self, run: Run) -> Rows | None:
        if self._filename or self._symbols() or not self._inputs_[0]._cardinality(run) >= 0:
            return None
        rows = self._inputs_[0]._rows(run)
        # Arrays are in memory already; an order that changes is kept by the elements.
        return rows if rows is not None and isinstance(rows[1], range) else None

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        if self._filename:
            return self._from_file(run)
        kept = self._kept
        return iter(kept) if kept is not None and not self._symbols() else self._keeping(run)

    def _keeping(self, run: Run) -> Iterator[Leaves]:
        seen = []
        for leaves in self._inputs_[0]._iterate(run):
            seen.append(leaves)
            yield leaves
        self._kept = seen

    def _from_file(self, run: Run) -> Iterator[Leaves]:
        """The elements of the file, which is written first if it is not there: for each leaf, a string of tensors."""
        path = f"{self._filename}.data"
        if not tf.io.gfile.exists(path):
            columns: list[list[Any]] = [[] for _ in flatten(self._spec)]
            for leaves in self._inputs_[0]._iterate(run):
                for column, leaf in zip(columns, leaves, strict=True):
                    column.append(tf.io.serialize_tensor(leaf))
                yield leaves
            content = [tf.io.serialize_tensor(tf.reshape(tf.stack(c) if c else tf.constant([], tf.string), [-1]))
                       for c in columns]
            with self._lock:
                tf.io.write_file(f"{path}.part", tf.io.serialize_tensor(tf.stack(content)))
                tf.io.gfile.rename(f"{path}.part", path, overwrite=True)
            return
        columns = [list(slices(tf.io.parse_tensor(c, tf.string)))
                   for c in slices(tf.io.parse_tensor(tf.io.read_file(path), tf.string))]
        specs = flatten(self._spec)
        for row in zip(*columns, strict=True):
            yield tuple(tf.io.parse_tensor(x, s.dtype) for x, s in zip(row, specs, strict=True))
