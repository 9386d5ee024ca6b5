"""Rows of indices: their order, which of them are equal, and what is wrong with them. For NumPy only."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core import errors
from ..layout import bad

_ORDER = (" is out of order. Many sparse ops require sorted indices.\n    Use `tf.sparse.reorder` to create a correctly "
          "ordered copy.\n\n")


def row_major(xp: Any, indices: Any) -> Any:
    """The order that sorts rows of indices; equal rows stay in their order."""
    return xp.lexsort(tuple(indices.T[::-1])) if indices.shape[1] else xp.arange(len(indices))


def numbered(*lists: Any) -> tuple[list[Any], Any]:
    """For each row of several lists of rows the number of its value, in row-major order; and the distinct rows."""
    rows = np.concatenate(lists)
    if not rows.shape[1]:
        ids, distinct = np.zeros(len(rows), np.int64), rows[:1]
    elif not len(rows):
        ids, distinct = np.zeros(0, np.int64), rows
    else:
        order = row_major(np, rows)
        ranked = rows[order]
        new = np.concatenate(([True], (ranked[1:] != ranked[:-1]).any(1)))
        ids = np.empty(len(rows), np.int64)
        ids[order] = np.cumsum(new) - 1
        distinct = ranked[new]
    return np.split(ids, np.cumsum([len(x) for x in lists])[:-1]), distinct


def find(rows: Any, table: Any) -> Any:
    """Where each row is in a list of distinct rows; -1 where it is not."""
    (wanted, known), distinct = numbered(rows, table)
    places = np.full(len(distinct), -1, np.int64)
    places[known] = np.arange(len(table))
    return places[wanted]


def runs(xp: Any, rows: Any) -> Any:
    """The number of the run of equal rows that each row belongs to."""
    if not len(rows):
        return xp.zeros(0, np.int64)
    new = (rows[1:] != rows[:-1]).any(1)
    return xp.concatenate((xp.zeros(1, np.int64), xp.cumsum(new.astype(np.int64))))


def list_text(values: Any) -> str:
    """`[1,2]`, as the kernels print a row."""
    return "[" + ",".join(str(int(v)) for v in values) + "]"


def check_rows(indices: Any, shape: Sequence[int], ordered: bool = True) -> None:
    """Raises InvalidArgumentError where a row lies outside the shape, repeats the one before or comes too late."""
    outside = ((indices < 0) | (indices >= np.asarray(shape))).any(1)
    wrong = outside.copy()
    step = np.ones(len(indices), np.int64)
    if ordered and len(indices) > 1 and indices.shape[1]:
        change = indices[1:] - indices[:-1]
        first = (change != 0).argmax(1)
        step[1:] = change[np.arange(len(change)), first]
        wrong |= step <= 0
    if not wrong.any():
        return
    i = int(wrong.argmax())
    text = f"indices[{i}] = {list_text(indices[i])}"
    if outside[i]:
        raise bad(f"{text} is out of bounds: need 0 <= index < {list_text(shape)}")
    raise bad(f"{text} is repeated" if step[i] == 0 else text + _ORDER)


def check_parts(indices: Any, values: Any, shape: Any) -> None:
    """Raises InvalidArgumentError unless three arrays can be those of one sparse tensor."""
    if indices.ndim != 2:
        raise bad(f"Input indices should be a matrix but received shape {list_text(indices.shape)}")
    if values.ndim != 1:
        raise bad(f"Input values should be a vector but received shape {list_text(values.shape)}")
    if np.ndim(shape) != 1:
        raise bad(f"Input shape should be a vector but received shape {list_text(np.shape(shape))}")
    if len(indices) != len(values):
        raise bad(f"Number of elements in values ({len(values)}) does not match the number of indices ({len(indices)}).")
    if indices.shape[1] != len(shape):
        raise bad(f"Number of dimensions of the indices ({indices.shape[1]}) does not match that of the shape ({len(shape)}).")


def same_shapes(a_shape: Any, b_shape: Any, ranks: str) -> None:
    """Raises InvalidArgumentError where two shapes differ; `ranks` is the message for different ranks."""
    if len(a_shape) != len(b_shape):
        raise bad(ranks)
    for i, (a, b) in enumerate(zip(a_shape, b_shape, strict=True)):
        if a != b:
            raise bad(f"Operands' shapes do not match: got {int(a)} and {int(b)} for dimension {i}")


def no_gradient(what: str) -> errors.OpError:
    """The error for gradients that TensorFlow does not have."""
    return errors.UnimplementedError(f"Gradient for {what} is not implemented.")
