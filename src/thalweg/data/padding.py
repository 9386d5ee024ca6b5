"""Batches of elements that are padded to one shape."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import thalweg as tf

from .batching import batch_size_of, chunks, flag
from .dataset import Dataset
from .run import Run, is_symbol
from .structure import Leaves, flatten, packer


class _PaddedBatchDataset(Dataset):
    """Elements padded at the end and stacked along a new first axis."""

    def __init__(self, inputs: Dataset, batch_size: Any, padded_shapes: Any, padding_values: Any, drop_remainder: Any) -> None:
        self._size = batch_size_of(batch_size, "PaddedBatchDatasetV2")
        self._drop = flag(drop_remainder)
        specs = flatten(inputs.element_spec)
        for s in specs:
            if not isinstance(s, tf.TensorSpec):
                raise TypeError(f"`padded_batch` is only supported for datasets that produce tensor elements but type of "
                                f"elements in the input dataset is {s}.")
            if padded_shapes is None and s.shape.rank is None:
                raise ValueError("You must provide `padded_shapes` argument because component "
                                 f"{flatten(inputs.element_spec).index(s)} has unknown rank.")
        shapes = [s.shape for s in specs] if padded_shapes is None else _along(inputs.element_spec, padded_shapes)
        self._shapes = [_padded(s, shape) for s, shape in zip(specs, shapes, strict=True)]
        fills = [None] * len(specs) if padding_values is None else _along(inputs.element_spec, padding_values)
        self._fills = [_fill(s, fill) for s, fill in zip(specs, fills, strict=True)]
        known = self._size if self._drop is True and isinstance(self._size, int) else None
        made = tuple(tf.TensorSpec(tf.TensorShape([known]).concatenate(_static(shape)), s.dtype)
                     for s, shape in zip(specs, self._shapes, strict=True))
        super().__init__((inputs,), packer(inputs.element_spec)(made), (self._size, self._drop, *self._fills, *(
            s for s in self._shapes if is_symbol(s))))

    def _cardinality(self, run: Run) -> int:
        n, size = self._inputs_[0]._cardinality(run), run.number(self._size)
        return n if n < 0 else n // size if run.value(self._drop) else -(-n // size)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        size, drop = run.number(self._size), bool(run.value(self._drop))
        fills = [np.asarray(run.value(f)) for f in self._fills]
        shapes = [np.asarray(run.value(s)).tolist() if is_symbol(s) else s for s in self._shapes]
        for chunk in chunks(self._inputs_[0]._iterate(run), size, drop):
            yield tuple(_pad([np.asarray(x) for x in column], shape, fill)
                        for column, shape, fill in zip(zip(*chunk, strict=True), shapes, fills, strict=True))


def _along(spec: Any, values: Any) -> list[Any]:
    """One value for each leaf of a spec, of values nested in the same way: shapes and lists are single values."""
    if isinstance(spec, tf.TensorSpec):
        return [values]
    if isinstance(spec, dict):
        return [v for k in sorted(spec) for v in _along(spec[k], values[k])]
    if values is None:
        return [None] * len(flatten(spec))
    if not isinstance(values, (tuple, list)) or len(values) != len(spec):
        raise TypeError(f"The two structures don't have the same nested structure.\n\nFirst structure: {spec}\n\n"
                        f"Second structure: {values}")
    return [v for s, part in zip(spec, values, strict=True) for v in _along(s, part)]


def _padded(spec: Any, shape: Any) -> Any:
    """The shape to pad to, -1 for an axis as long as the longest element; or a vector of a graph.

    Raises:
      ValueError: another rank, or a dimension below the element's.
    """
    if is_symbol(shape):
        return shape
    if isinstance(shape, (tuple, list)) and any(is_symbol(d) for d in shape):
        return tf.stack([tf.cast(-1 if d is None else d, tf.int64) for d in shape])
    if tf.is_tensor(shape) or isinstance(shape, np.ndarray):
        shape = np.asarray(shape).tolist()
    given = tf.TensorShape([None if d is None or (not isinstance(d, tf.TensorShape) and int(d) < 0) else int(d) for d in (
        shape if isinstance(shape, (tuple, list)) else tf.TensorShape(shape).as_list())])
    if spec.shape.rank is not None and (given.rank != spec.shape.rank or any(
            d is not None and n is not None and d < n for d, n in zip(given, spec.shape, strict=True))):
        raise ValueError(f"The padded shape {given} is not compatible with the shape {spec.shape} of the corresponding input "
                         "component.")
    return [-1 if d is None else d for d in given]


def _static(shape: Any) -> Any:
    if not is_symbol(shape):
        return tf.TensorShape([None if d < 0 else d for d in shape])
    return tf.TensorShape([None] * shape.shape[0]) if shape.shape.rank == 1 and shape.shape[0] is not None else \
        tf.TensorShape(None)


def _fill(spec: Any, value: Any) -> Any:
    """What to pad with.

    Raises:
      TypeError: a value of another dtype.
      ValueError: no scalar.
    """
    if value is None:
        if spec.dtype == tf.string:
            return tf.constant("")
        if spec.dtype == tf.variant:
            raise TypeError("Unable to create padding for field of type 'variant'.")
        return tf.zeros([], spec.dtype)
    tensor = tf.convert_to_tensor(value)
    if not tensor.shape.is_compatible_with([]):
        raise ValueError(f"All `padding_values` should be scalars but {tensor} is not.")
    if tensor.dtype != spec.dtype:
        if tf.is_tensor(value) or isinstance(value, (np.generic, np.ndarray)):
            raise TypeError(f"Invalid `padding_values`. `padding_values` value type {tensor.dtype!r} and the dtype of the "
                            f"corresponding input component {spec.dtype!r} do not match.")
        tensor = tf.convert_to_tensor(value, spec.dtype)
    return tensor


def _pad(arrays: list[Any], shape: list[int], fill: Any) -> Any:
    """Arrays in one array, each in the corner of its row.

    Raises:
      DataLossError: one is larger than the shape.
    """
    for a in arrays:
        if a.ndim != len(shape):
            raise tf.errors.InvalidArgumentError(
                None, None, "All elements in a batch must have the same rank as the padded shape for component0: expected rank "
                f"{len(shape)} but got element with rank {a.ndim} [Op:IteratorGetNext] name: ")
    sizes = [max(a.shape[i] for a in arrays) if d < 0 else d for i, d in enumerate(shape)]
    if any(n > d for a in arrays for n, d in zip(a.shape, sizes, strict=True)):
        raise tf.errors.DataLossError(None, None, "Attempted to pad to a smaller size than the input element. "
                                      "[Op:IteratorGetNext] name: ")
    out = np.empty([len(arrays), *sizes], arrays[0].dtype)
    out[...] = fill[()]
    for row, a in zip(out, arrays, strict=True) if out.ndim > 1 else ():
        row[tuple(slice(n) for n in a.shape)] = a
    if out.ndim == 1:
        out[:] = [a[()] for a in arrays]
    return tf.convert_to_tensor(out)
