"""The Levenshtein distance of sequences."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ..creation import known_shape
from ..layout import bad
from .rows import check_rows, list_text
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


def _padded(indices: Any, numbers: Any, shape: Any, fill: int) -> tuple[Any, Any]:
    """The sequences as rows of a matrix, and their lengths."""
    check_rows(indices, shape)
    groups = np.ravel_multi_index(tuple(indices[:, :-1].T), tuple(shape[:-1])) if len(indices) else np.zeros(0, np.int64)
    count = int(np.prod(shape[:-1]))
    lengths = np.bincount(groups, minlength=count)
    places = np.arange(len(groups)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = np.full((count, int(lengths.max(initial=0))), fill, np.int64)
    rows[groups, places] = numbers
    return rows, lengths


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
    shape = np.maximum(h_shape, t_shape)
    _, numbers = np.unique(np.concatenate((h_values, t_values)), return_inverse=True)
    a, a_lengths = _padded(h_indices, numbers[:len(h_values)], shape, -1)
    b, b_lengths = _padded(t_indices, numbers[len(h_values):], shape, -2)
    out = _distances(a, a_lengths, b, b_lengths).astype(np.float32)
    if normalize:
        empty = np.where(a_lengths > 0, np.float32(np.inf), np.float32(0))
        out = np.where(b_lengths > 0, out / np.maximum(b_lengths, 1).astype(np.float32), empty)
    return out.astype(np.float32).reshape(tuple(shape[:-1]))


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


