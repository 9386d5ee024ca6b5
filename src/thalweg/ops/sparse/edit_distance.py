"""The Levenshtein distance of sequences."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import errors
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ..creation import known_shape
from ..layout import bad
from .rows import list_text, merged, runs
from .tensor import SparseTensor, is_sparse


def _check(name: str, indices: Any, values: Any, shape: Any) -> None:
    for value, what, rank in ((indices, "indices", 2), (values, "values", 1), (shape, "shape", 1)):
        if value.ndim != rank:
            kind = "matrix" if rank == 2 else "vector"
            raise bad(f"{name}_{what} should be a {kind}, but got shape: {list_text(value.shape)}")
    if len(indices) != len(values):
        raise bad(f"{name}_values.NumElements() != # rows of {name}_indices, their values are: {len(values)} and "
                  f"{len(indices)}")
    if indices.shape[1] != len(shape):
        raise bad(f"{name}_shape.NumElements() != # columns of {name}_indices, their values are: {len(shape)} and "
                  f"{indices.shape[1]}")
    if len(shape) < 2:
        raise bad(f"Input SparseTensors must have rank at least 2, but {name}_shape rank is: {len(shape)}")


def _sequences(indices: Any, numbers: Any, fill: int) -> tuple[Any, Any, Any]:
    """Elements behind each other in one place are a sequence: the places, the sequences as rows, and their lengths.

    A row of fillings stands at the end.
    """
    run = runs(np, indices[:, :-1])
    lengths = np.append(np.bincount(run), 0) if len(run) else np.zeros(1, np.int64)
    starts = np.cumsum(lengths) - lengths
    rows = np.full((len(lengths), int(lengths.max())), fill, np.int64)
    rows[run, np.arange(len(run)) - starts[run]] = numbers
    return indices[starts[:-1], :-1], rows, lengths


def _distances(a: Any, a_lengths: Any, b: Any, b_lengths: Any) -> Any:
    """The distances of rows of two matrices, all at once: one step for each position in the rows of `b`."""
    count, width = a.shape
    along = np.arange(width + 1)
    cost = np.broadcast_to(along, (count, width + 1))
    out = np.where(b_lengths == 0, a_lengths, 0)
    for j in range(b.shape[1]):
        best = np.minimum(cost[:, 1:] + 1, cost[:, :-1] + (a != b[:, j:j + 1]))
        step = np.concatenate((np.full((count, 1), j + 1), best), 1)
        # Insertions run along the row: the smallest of what any place before costs and the way from there.
        cost = np.minimum.accumulate(step - along, 1) + along
        ended = b_lengths == j + 1
        out = np.where(ended, cost[np.arange(count), a_lengths], out)
    return out


def _distance_shape(op: Any) -> TensorShape:
    if op.inputs[2].value is None or op.inputs[5].value is None:
        return unknown_shape()
    a, b = known_shape(op.inputs[2]), known_shape(op.inputs[5])
    if a.rank != b.rank:
        raise ValueError(f"Shapes must be of equal rank, but are {a.rank} and {b.rank}")
    pairs = zip(a.as_list()[:-1], b.as_list()[:-1], strict=True)
    return TensorShape([None if x is None or y is None else max(x, y) for x, y in pairs])


@op("EditDistance", "hypothesis_indices: int64, hypothesis_values: T, hypothesis_shape: int64, truth_indices: int64, "
    "truth_values: T, truth_shape: int64 -> output: float", attrs="normalize: bool = true; T: type", dynamic=True,
    infer=_distance_shape)
def edit_distance_(xp: Any, h_indices: Any, h_values: Any, h_shape: Any, t_indices: Any, t_values: Any, t_shape: Any,
                   normalize: bool = True) -> Any:
    _check("hypothesis", h_indices, h_values, h_shape)
    _check("truth", t_indices, t_values, t_shape)
    if len(h_shape) != len(t_shape):
        raise bad("Expected hypothesis_shape.NumElements() == truth_shape.NumElements(), but got "
                  f"{len(h_shape)} and {len(t_shape)}")
    shape = np.maximum(h_shape, t_shape)[:-1]
    count = int(np.prod(shape))
    if not count:
        raise bad(f"Got output shape {list_text(shape)} which has 0 elements")
    _, numbers = np.unique(np.concatenate((h_values, t_values)), return_inverse=True)
    a_places, a, a_lengths = _sequences(h_indices, numbers[:len(h_values)], -1)
    b_places, b, b_lengths = _sequences(t_indices, numbers[len(h_values):], -2)
    left, right, places = merged(a_places, b_places)
    strides = np.append(np.cumprod(shape[:0:-1])[::-1], 1)
    cells = places @ strides
    if ((cells < 0) | (cells >= count)).any():
        raise errors.InternalError(f"Got an inner product which would require writing to outside of the buffer for the "
                                   f"output tensor (max elements {count})")
    a, a_lengths, b, b_lengths = a[left], a_lengths[left], b[right], b_lengths[right]
    distances = _distances(a, a_lengths, b, b_lengths).astype(np.float32)
    if normalize:
        empty = np.where(a_lengths > 0, np.float32(np.inf), np.float32(0))
        distances = np.where(b_lengths > 0, distances / np.maximum(b_lengths, 1).astype(np.float32), empty)
    out = np.zeros(count, np.float32)
    out[cells] = distances
    return out.reshape(tuple(shape))


edit_distance_.not_differentiable()


def edit_distance(hypothesis: Any, truth: Any, normalize: bool = True, name: str = "edit_distance") -> Any:
    """How many insertions, deletions and replacements turn each sequence of `hypothesis` into that of `truth`.

    The distance of V. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals" (1966).

    Args:
      hypothesis: a sparse tensor; its sequences lie along the last dimension, in row-major order.
      truth: the same, of the same rank and dtype.
      normalize: divide by the length of the truth; that is infinite for an empty truth with another hypothesis.
      name: of the operation.

    Returns:
      A float32 tensor of the larger of both shapes but for the last dimension.

    Raises:
      TypeError: an argument is no sparse tensor.
      InvalidArgumentError: ranks or dtypes that differ.
    """
    for value, what in ((hypothesis, "Hypothesis"), (truth, "Truth")):
        if not is_sparse(value):
            raise TypeError(f"{what} must be a SparseTensor.")
    a, b = SparseTensor.from_value(hypothesis), SparseTensor.from_value(truth)
    return apply(edit_distance_, (a.indices, a.values, a.dense_shape, b.indices, b.values, b.dense_shape),
                 {"normalize": normalize}, name)


