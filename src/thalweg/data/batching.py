"""Elements stacked, and taken apart again."""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import thalweg as tf

from .dataset import Dataset
from .run import Run, is_symbol, number
from .sources import slices
from .structure import Leaves, bad, flatten, packer

Stack = Any
"""What makes one value of a list of values."""


def stacked(values: Sequence[Any], component: int = 0) -> Any:
    """Tensors, ragged or sparse tensors along a new first axis.

    Args:
      component: which leaf of the elements they are, for error messages.

    Raises:
      InvalidArgumentError: tensors of different shapes.
    """
    first = values[0]
    if first is None:
        return None
    if isinstance(first, tf.SparseTensor):
        return tf.sparse.concat(0, [tf.sparse.expand_dims(v, 0) for v in values])
    if not isinstance(first, tf.Tensor):
        return tf.ragged.stack(list(values))
    arrays = [np.asarray(v) for v in values]
    shape = arrays[0].shape
    for i, a in enumerate(arrays):
        if a.shape != shape:
            raise bad(f"Cannot batch tensors with different shapes in component {component}. First element had shape "
                      f"{_text(shape)} and element {i} had shape {_text(a.shape)}.", "IteratorGetNext")
    return tf.convert_to_tensor(np.stack(arrays))


def _text(shape: Sequence[int]) -> str:
    return f"[{','.join(map(str, shape))}]"


def stacks(specs: Sequence[Any], splits: Any = None) -> list[Stack]:
    """For each leaf of elements, how several values of its spec become one value.

    Args:
      splits: the dtype of the row splits of ragged tensors that are made of tensors of unknown shapes, if they are.
    """
    def one(component: int, spec: Any) -> Stack:
        if isinstance(spec, tf.RaggedTensorSpec):
            return lambda values: tf.ragged.stack(list(values))
        if splits is not None and _varies(spec):
            depth = max(i for i, d in enumerate(spec.shape) if d is None) + 1
            return lambda values: _ragged(values, depth, splits)
        return lambda values: stacked(values, component)
    return [one(i, s) for i, s in enumerate(specs)]


def _varies(spec: Any) -> bool:
    """Whether tensors of a spec differ in shape.

    Raises:
      ValueError: nothing is known of their shapes.
    """
    if not isinstance(spec, tf.TensorSpec) or spec.shape.is_fully_defined():
        return False
    if spec.shape.rank is None:
        raise ValueError(f"Unable to create a ragged batch of elements of unknown rank: {spec}.")
    return True


def _ragged(values: Sequence[Any], depth: int, splits: Any) -> Any:
    """Tensors as a ragged tensor with `depth` ragged axes."""
    parts = [v if depth == 1 else tf.RaggedTensor.from_tensor(v, ragged_rank=depth - 1, row_splits_dtype=splits)
             for v in values]
    lengths = [int(v.shape[0]) for v in values]
    return tf.RaggedTensor.from_row_lengths(tf.concat(parts, 0), tf.constant(lengths, splits))


def _batched(spec: Any, size: int | None, splits: Any) -> Any:
    """The spec of a batch; a ragged one where splits are given and the shape of the elements is not known."""
    if splits is None or not _varies(spec):
        return spec._batch(size)
    depth = max(i for i, d in enumerate(spec.shape) if d is None) + 1
    return tf.RaggedTensorSpec(tf.TensorShape([size]).concatenate(spec.shape), spec.dtype, depth, splits)


def batch_size_of(value: Any, op: str) -> Any:
    """An argument that says how many elements make a batch.

    Raises:
      InvalidArgumentError: it is less than 1.
    """
    size = number(value)
    if isinstance(size, int) and size < 1:
        raise bad("Batch size must be greater than zero.", op)
    return size


def flag(value: Any) -> Any:
    """A boolean argument, or a scalar of a graph."""
    return value if is_symbol(value) else bool(value)


def chunks(source: Iterator[Leaves], size: int, drop: bool) -> Iterator[list[Leaves]]:
    """The elements of an iterator, so many at a time."""
    while chunk := list(itertools.islice(source, size)):
        if drop and len(chunk) < size:
            return
        yield chunk


class _BatchDataset(Dataset):
    """Elements stacked along a new first axis."""

    _op = "BatchDatasetV2"

    def __init__(self, inputs: Dataset, batch_size: Any, drop_remainder: Any, splits: Any = None) -> None:
        self._size = batch_size_of(batch_size, self._op)
        self._drop = flag(drop_remainder)
        known = self._size if self._drop is True and isinstance(self._size, int) else None
        specs = flatten(inputs.element_spec)
        for s in specs:
            if not hasattr(s, "_batch"):
                raise TypeError(f"`batch` is not supported for elements of type {s}.")
        self._stacks = stacks(specs, splits)
        super().__init__((inputs,), packer(inputs.element_spec)(tuple(_batched(s, known, splits) for s in specs)),
                         (self._size, self._drop))

    def _sizes(self, run: Run) -> tuple[int, bool]:
        size = run.number(self._size)
        if size < 1:
            raise bad("Batch size must be greater than zero.", self._op)
        return size, bool(run.value(self._drop))

    def _cardinality(self, run: Run) -> int:
        n = self._inputs_[0]._cardinality(run)
        size, drop = self._sizes(run)
        return n if n < 0 else n // size if drop else -(-n // size)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        size, drop = self._sizes(run)
        rows = self._inputs_[0]._rows(run)
        if rows is not None:
            arrays, numbers = rows
            cut = _pieces(numbers, size, drop) if isinstance(numbers, range) else _picks(numbers, size, drop)
            convert = tf.convert_to_tensor
            return (tuple(convert(a[piece]) for a in arrays) for piece in cut)
        return (tuple(stack(column) for stack, column in zip(self._stacks, zip(*chunk, strict=True), strict=True))
                for chunk in chunks(self._inputs_[0]._iterate(run), size, drop))


def _pieces(numbers: range, size: int, drop: bool) -> Iterator[Any]:
    """A range cut into pieces, as slices of the arrays."""
    stop = len(numbers) - size + 1 if drop else len(numbers)
    for at in range(0, stop, size):
        piece = numbers[at:at + size]
        yield slice(piece.start, piece.stop, piece.step) if piece.step > 0 else np.asarray(piece)


def _picks(numbers: Iterator[int], size: int, drop: bool) -> Iterator[Any]:
    """Numbers of rows, so many at a time."""
    while (found := np.fromiter(itertools.islice(numbers, size), np.int64)).size:
        if drop and len(found) < size:
            return
        yield found


class _ParallelBatchDataset(_BatchDataset):
    """Elements stacked along a new first axis; as the array is made in one step, in the thread that asks for it."""

    _op = "ParallelBatchDataset"


class _DenseToSparseBatchDataset(Dataset):
    """Tensors as the rows of a sparse tensor."""

    def __init__(self, inputs: Dataset, batch_size: Any, row_shape: Any) -> None:
        spec = inputs.element_spec
        if not isinstance(spec, tf.TensorSpec):
            raise TypeError("`dense_to_sparse_batch` requires an input whose elements have a single component, but the element "
                            f"spec is {spec}.")
        self._size = batch_size_of(batch_size, "DenseToSparseBatchDataset")
        shape = row_shape.as_list() if isinstance(row_shape, tf.TensorShape) else list(row_shape)
        self._row = [-1 if d is None else int(d) for d in shape]
        super().__init__((inputs,), tf.SparseTensorSpec([None, *(None if d < 0 else d for d in self._row)], spec.dtype),
                         (self._size,))

    def _cardinality(self, run: Run) -> int:
        n = self._inputs_[0]._cardinality(run)
        return n if n < 0 else -(-n // run.number(self._size))

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        for chunk in chunks(self._inputs_[0]._iterate(run), run.number(self._size), False):
            arrays = [np.asarray(x) for x, in chunk]
            shape = [max(a.shape[i] for a in arrays) if d < 0 else d for i, d in enumerate(self._row)]
            for a in arrays:
                if len(a.shape) != len(shape):
                    raise bad(f"Input element had shape ({_text(a.shape)}) that is incompatible with the row shape "
                              f"({_text(self._row)}).", "IteratorGetNext")
                if any(n > d for n, d in zip(a.shape, shape, strict=True)):
                    raise tf.errors.DataLossError(
                        None, None, f"Input element had shape ({_text(a.shape)}) that is incompatible with the row shape "
                        f"({_text(self._row)}). [Op:IteratorGetNext] name: ")
            places = [np.indices(a.shape, np.int64).reshape(a.ndim, -1).T for a in arrays]
            rows = np.repeat(np.arange(len(arrays)), [a.size for a in arrays])[:, None]
            values = np.concatenate([a.reshape(-1) for a in arrays])
            yield (tf.SparseTensor(np.hstack([rows, np.concatenate(places)]), tf.convert_to_tensor(values),
                                   np.array([len(arrays), *shape], np.int64)),)


class _UnbatchDataset(Dataset):
    """The slices of elements along their first axes."""

    def __init__(self, inputs: Dataset) -> None:
        specs = flatten(inputs.element_spec)
        sizes = {s.shape[0] for s in specs if getattr(s, "shape", None) is not None and s.shape.rank}
        super().__init__((inputs,), packer(inputs.element_spec)(tuple(s._unbatch() for s in specs)))
        self._static = next(iter(sizes)) if len(sizes) == 1 else None

    def _cardinality(self, run: Run) -> int:
        n = self._inputs_[0]._cardinality(run)
        return n * self._static if n >= 0 and self._static is not None else -2 if n else 0

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        for leaves in self._inputs_[0]._iterate(run):
            sizes = {int(x.shape[0]) for x in leaves if isinstance(x, tf.Tensor)}
            if len(sizes) > 1:
                raise bad("Input element must have the same batch size in each component.", "IteratorGetNext")
            yield from zip(*map(slices, leaves), strict=not any(x is None for x in leaves))


class _RebatchDataset(Dataset):
    """Batches of other sizes."""

    def __init__(self, inputs: Dataset, batch_size: Any, drop_remainder: Any) -> None:
        self._sizes_ = tf.convert_to_tensor(batch_size, tf.int64)
        self._drop = flag(drop_remainder)
        known = None
        value = tf.get_static_value(self._sizes_)
        if value is not None and (np.ndim(value) == 0 or len(set(value.tolist())) == 1) and self._drop is True:
            known = int(np.ravel(value)[0])
        specs = flatten(inputs.element_spec)
        for s in specs:
            if s.shape.rank == 0:
                raise ValueError("Invalid `batch_sizes`. Expected dataset with rank of >= 1 but found a dataset with scalar "
                                 "elements. Fix the issue by adding the `batch` transformation to the dataset.")
        super().__init__((inputs,), packer(inputs.element_spec)(tuple(s._unbatch()._batch(known) for s in specs)),
                         (self._sizes_, self._drop))

    def _cardinality(self, run: Run) -> int:
        n = self._inputs_[0]._cardinality(run)
        return n if n in (0, -1) else -2

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        sizes = np.ravel(np.asarray(run.value(self._sizes_))).tolist()
        drop = bool(run.value(self._drop))
        rows = _UnbatchDataset(self._inputs_[0])._iterate(run)
        ways = stacks([s._unbatch() for s in flatten(self._spec)])
        empty: Any = None
        for size in itertools.cycle(sizes):
            chunk = list(itertools.islice(rows, size))
            if size and (not chunk or (drop and len(chunk) < size)):
                return
            if chunk:
                empty = chunk[0]
                yield tuple(way(column) for way, column in zip(ways, zip(*chunk, strict=True), strict=True))
            elif empty is not None:
                yield tuple(tf.zeros([0, *x.shape], x.dtype) for x in empty)
