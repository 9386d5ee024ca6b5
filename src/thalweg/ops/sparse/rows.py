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


def runs(xp: Any, rows: Any) -> Any:
    """The number of the run of equal rows that each row belongs to."""
    if not len(rows):
        return xp.zeros(0, np.int64)
    new = (rows[1:] != rows[:-1]).any(1)
    return xp.concatenate((xp.zeros(1, np.int64), xp.cumsum(new.astype(np.int64))))


def _occurrence(ids: Any) -> Any:
    """How often each of some rising numbers came before."""
    return np.arange(len(ids)) - np.searchsorted(ids, ids)


def merged(a: Any, b: Any) -> tuple[Any, Any, Any]:
    """Two lists of rows as one: for each row of it where it is in either list, -1 for nowhere, and the rows.

    Both lists are gone through together: equal rows make one, of two others the lower goes ahead. That is the union in
    row-major order if both are in this order. If they are not, a row may come up more than once, as in TensorFlow's kernels.
    """
    (a_ids, b_ids), distinct = numbered(a, b)
    if (np.diff(a_ids) >= 0).all() and (np.diff(b_ids) >= 0).all():
        (a_at, b_at), whole = numbered(np.column_stack((a_ids, _occurrence(a_ids))),
                                       np.column_stack((b_ids, _occurrence(b_ids))))
        left, right = np.full((2, len(whole)), -1)
        left[a_at], right[b_at] = np.arange(len(a)), np.arange(len(b))
        return left, right, distinct[whole[:, 0]]
    pairs, i, j = [], 0, 0
    while i < len(a) or j < len(b):
        lower = j >= len(b) or i < len(a) and a_ids[i] <= b_ids[j]
        higher = i >= len(a) or j < len(b) and b_ids[j] <= a_ids[i]
        pairs.append((i if lower else -1, j if higher else -1, a_ids[i] if lower else b_ids[j]))
        i, j = i + lower, j + higher
    left, right, ids = np.array(pairs).T
    return left, right, distinct[ids]


def met_in_turn(rows: Any, wanted: Any) -> Any:
    """For each row the number of the wanted row that it is equal to, if all the wanted ones before it were met, else -1."""
    (ids, targets), _ = numbered(rows, wanted)
    places = np.full(len(rows), -1, np.int64)
    met = np.flatnonzero(np.isin(ids, targets))
    if np.array_equal(ids[met], targets):
        places[met] = np.arange(len(targets))
        return places
    turn = 0
    for i in met.tolist():  # rows out of order
        if turn < len(targets) and ids[i] == targets[turn]:
            places[i] = turn
            turn += 1
    return places


def found_in_turn(rows: Any, wanted: Any) -> Any:
    """For each row the number of the wanted row that it is equal to, else -1, where both lists are in row-major order.

    If they are not, lower rows than the wanted one are passed over, as in TensorFlow's kernels.
    """
    (ids, targets), _ = numbered(rows, wanted)
    places = np.full(len(rows), -1, np.int64)
    if (np.diff(ids) >= 0).all() and (np.diff(targets) >= 0).all():
        (keys, there), whole = numbered(*(np.column_stack((x, _occurrence(x))) for x in (ids, targets)))
        of_key = np.full(len(whole), -1)
        of_key[there] = np.arange(len(targets))
        return of_key[keys]
    i = 0
    for turn, target in enumerate(targets.tolist()):
        while i < len(ids) and ids[i] < target:
            i += 1
        if i < len(ids) and ids[i] == target:
            places[i] = turn
            i += 1
    return places


def check_bounds(indices: Any, shape: Any) -> None:
    """Raises InvalidArgumentError where a row lies outside the shape."""
    outside = ((indices < 0) | (indices >= np.asarray(shape))).any(1)
    if outside.any():
        i = int(outside.argmax())
        raise bad(f"Sparse index tuple indices[{i}, :] = [{', '.join(str(int(k)) for k in indices[i])}] is out of bounds")


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
