"""Several data sets made into one: zip, concatenate, choose, sample."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

import thalweg as tf

from .dataset import Dataset, Rows
from .run import Run
from .structure import Leaves, bad, map_leaves, same_types, wider


def zipped(args: tuple[Any, ...], datasets: Any) -> Dataset:
    """Data sets side by side, given as arguments or as one structure.

    Raises:
      ValueError: nothing, or both.
      TypeError: something else than data sets in tuples and dicts.
    """
    if not args and datasets is None:
        raise TypeError("Must pass at least one dataset to `zip`.")
    if args and datasets is not None:
        raise TypeError("Both `*args` and `datasets` cannot be set.")
    structure = datasets if datasets is not None else args[0] if len(args) == 1 else args
    return _ZipDataset(structure)


class _ZipDataset(Dataset):
    """Elements of several data sets side by side."""

    def __init__(self, structure: Any) -> None:
        def check(x: Any) -> Any:
            if isinstance(x, list):
                raise TypeError("Invalid input to `zip`. Inputs are expected to be (nested) structures of `tf.data.Dataset` "
                                "objects. Python `list` is not supported and you should use `tuple` instead.")
            if not isinstance(x, Dataset):
                raise TypeError("Invalid input to `zip`. Inputs are expected to be (nested) structures of `tf.data.Dataset` "
                                f"objects but encountered object of type {type(x)}.")
            return x.element_spec
        spec = map_leaves(check, structure)
        super().__init__(_sets(structure), spec)

    def _cardinality(self, run: Run) -> int:
        counts = [d._cardinality(run) for d in self._inputs_]
        if tf.data.UNKNOWN_CARDINALITY in counts:
            return 0 if 0 in counts else -2
        return min((n for n in counts if n >= 0), default=-1)

    def _rows(self, run: Run) -> Rows | None:
        found = []
        for d in self._inputs_:
            rows = d._rows(run)
            if rows is None or not isinstance(rows[1], range):
                return None
            found.append(rows)
        count = min(len(numbers) for _, numbers in found)
        arrays = [a if numbers == range(len(a)) else a[numbers.start::numbers.step] for arrays, numbers in found for a in arrays
                  ] if all(n.step > 0 for _, n in found) else None
        return None if arrays is None else (arrays, range(count))

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        for parts in zip(*(d._iterate(run) for d in self._inputs_), strict=False):
            yield tuple(x for part in parts for x in part)


def _sets(structure: Any) -> list[Dataset]:
    """The data sets in tuples and dicts, dicts in the order of their sorted keys."""
    if isinstance(structure, Dataset):
        return [structure]
    parts = [structure[k] for k in sorted(structure)] if isinstance(structure, Mapping) else structure
    return [d for part in parts for d in _sets(part)]


class _ConcatenateDataset(Dataset):
    """The elements of one data set, and then those of another."""

    def __init__(self, first: Dataset, second: Dataset) -> None:
        a, b = first.element_spec, second.element_spec
        if not same_types(a, b):
            raise TypeError(f"Incompatible dataset elements:\n  {a} vs.   {b}")
        super().__init__((first, second), wider(a, b))

    def _cardinality(self, run: Run) -> int:
        counts = [d._cardinality(run) for d in self._inputs_]
        return -1 if -1 in counts else -2 if -2 in counts else sum(counts)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        for d in self._inputs_:
            yield from d._iterate(run)


class _DirectedInterleaveDataset(Dataset):
    """Elements of data sets whose numbers another data set gives."""

    def __init__(self, selector: Dataset, datasets: Sequence[Dataset], stop_on_empty: bool) -> None:
        spec = datasets[0].element_spec
        for i, d in enumerate(datasets):
            if not same_types(spec, d.element_spec):
                raise TypeError(f"Invalid `datasets`. `datasets` must have compatible element specs.\n Dataset 0 "
                                f"element_spec={spec}.\n Dataset {i} element_spec={d.element_spec}.")
            spec = wider(spec, d.element_spec)
        self._stop = stop_on_empty
        super().__init__((selector, *datasets), spec)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        selector = self._inputs_[0]._iterate(run)
        sources: list[Iterator[Leaves] | None] = [d._iterate(run) for d in self._inputs_[1:]]
        left = len(sources)
        for (choice,) in selector:
            i = int(choice)
            if not 0 <= i < len(sources):
                raise bad(f"Selector index out of range: {i} >= {len(sources)}", "IteratorGetNext")
            source = sources[i]
            if source is None:
                continue
            found = next(source, None)
            if found is not None:
                yield found
                continue
            if self._stop:
                return
            sources[i] = None
            left -= 1
            if not left:
                return


def choose_from_datasets(datasets: Sequence[Dataset], choice_dataset: Dataset, stop_on_empty: bool = True) -> Dataset:
    """Each element from the data set whose number the next choice is."""
    datasets = list(datasets)
    if not datasets:
        raise ValueError("Invalid `datasets`. `datasets` should not be empty.")
    if not isinstance(choice_dataset, Dataset):
        raise TypeError(f"Invalid `choice_dataset`. `choice_dataset` should be a `tf.data.Dataset` but is "
                        f"{type(choice_dataset)}.")
    if choice_dataset.element_spec != tf.TensorSpec([], tf.int64):
        raise TypeError("Invalid `choice_dataset`. Elements of `choice_dataset` must be scalar `tf.int64` tensors but are "
                        f"{choice_dataset.element_spec}.")
    return _DirectedInterleaveDataset(choice_dataset, datasets, stop_on_empty)


def sample_from_datasets(datasets: Sequence[Dataset], weights: Any, seed: Any, stop_on_empty: bool,
                         rerandomize: bool | None) -> Dataset:
    """Each element from a data set drawn at random."""
    datasets = list(datasets)
    if not datasets:
        raise ValueError("Invalid `datasets`. `datasets` should not be empty.")
    if isinstance(weights, Dataset):
        logarithms = weights.map(lambda *p: tf.math.log(p))
        seeds = Dataset.random(seed, rerandomize).batch(2)
        selector = Dataset.zip((logarithms, seeds)).map(_draw)
        return _DirectedInterleaveDataset(selector, datasets, stop_on_empty)
    if weights is None:
        logits = tf.constant([[1.0] * len(datasets)])
    else:
        if tf.is_tensor(weights):
            if not weights.shape.is_compatible_with([len(datasets)]):
                raise ValueError("Invalid `weights`. The shape of `weights` should be compatible with `[len(datasets)]` but is "
                                 f"{weights.shape}.")
        else:
            if len(datasets) != len(weights):
                raise ValueError("Invalid `weights`. `weights` should have the same length as `datasets` but got "
                                 f"`len(weights)={len(weights)}` vs. `len(datasets)={len(datasets)}`.")
            kept = [(d, w) for d, w in zip(datasets, weights, strict=True) if w > 0]
            datasets = [d for d, _ in kept] or [datasets[0].take(0)]
            weights = np.asarray([w for _, w in kept]) if isinstance(weights, np.ndarray) else [w for _, w in kept] or [1.0]
        weights = tf.convert_to_tensor(weights)
        if weights.dtype not in (tf.float32, tf.float64):
            raise TypeError("Invalid `weights`. `weights` type must be either `tf.float32` or `tf.float64` but is "
                            f"{weights.dtype}.")
        logits = tf.expand_dims(tf.math.log(weights), 0)
    if len(datasets) == 1:
        return datasets[0]
    selector = Dataset.random(seed, rerandomize).batch(2).map(lambda pair: _draw(logits, pair))
    return _DirectedInterleaveDataset(selector, datasets, stop_on_empty)


def _draw(logits: Any, seed: Any) -> Any:
    """The number of a data set, drawn by the logarithms of weights."""
    return tf.squeeze(tf.random.stateless_categorical(tf.reshape(logits, [1, -1]), 1, seed=seed), axis=[0, 1])
