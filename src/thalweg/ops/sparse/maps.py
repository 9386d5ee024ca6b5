"""Sparse tensors that wait under numbers, so that a queue may hold the numbers in their place."""
from __future__ import annotations

import itertools
import threading
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ..common import shape_text
from ..layout import bad
from ..queues.entries import SHARING, kept

_Sparse = tuple[Any, Any, Any]


class _Map:
    """What waits, by its number."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._held: dict[int, _Sparse] = {}

    def add(self, tensor: _Sparse) -> int:
        with self._lock:
            number = next(self._numbers)
            self._held[number] = tensor
            return number

    def take(self, number: int) -> _Sparse:
        """Removes a tensor.

        Raises:
          InvalidArgumentError: there is none of that number.
        """
        with self._lock:
            found = self._held.pop(number, None)
        if found is None:
            raise bad(f"Unable to find SparseTensor: {number} in map: {self.name}")
        return found


def _map(container: str, shared_name: str) -> _Map:
    return kept("sparse tensors", _Map, container, shared_name, True)  # type: ignore[no-any-return]


def _checked(indices: Any, values: Any, shape: Any) -> None:
    if indices.ndim != 2:
        raise bad(f"Input indices should be a matrix but received shape {shape_text(indices.shape)}")
    if values.ndim != 1:
        raise bad(f"Input values should be a vector but received shape {shape_text(values.shape)}")
    if shape.ndim != 1:
        raise bad(f"Input shape should be a vector but received shape {shape_text(shape.shape)}")
    if len(indices) != len(values) or indices.shape[1] != len(shape):
        raise bad(f"Indices of shape {shape_text(indices.shape)} do not fit {len(values)} values of rank {len(shape)}")


@op("AddSparseToTensorsMap", "sparse_indices: int64, sparse_values: T, sparse_shape: int64 -> sparse_handle: int64",
    attrs=f"T: type; {SHARING}", infer=lambda op: TensorShape([]), host=True, stateful=True)
def add_sparse(xp: Any, indices: Any, values: Any, shape: Any, container: str = "", shared_name: str = "") -> Any:
    _checked(indices, values, shape)
    return np.asarray(_map(container, shared_name).add((indices, values, shape)), np.int64)


@op("AddManySparseToTensorsMap", "sparse_indices: int64, sparse_values: T, sparse_shape: int64 -> sparse_handles: int64",
    attrs=f"T: type; {SHARING}", infer=lambda op: unknown_shape(1), host=True, stateful=True, dynamic=True)
def add_many_sparse(xp: Any, indices: Any, values: Any, shape: Any, container: str = "", shared_name: str = "") -> Any:
    _checked(indices, values, shape)
    if len(shape) < 2:
        raise bad(f"Rank of input SparseTensor should be > 1, but saw rank: {len(shape)}")
    held, count = _map(container, shared_name), int(shape[0])
    rows = indices[:, 0]
    if len(rows) and not (0 <= rows.min() and rows.max() < count and (np.diff(rows) >= 0).all()):
        raise bad("Indices are out of bounds, or not in order")
    ends = np.searchsorted(rows, np.arange(count + 1))
    out = np.empty(count, np.int64)
    for row in np.argsort(ends[1:] == ends[:-1], kind="stable").tolist():  # rows without values get their numbers last
        a, b = ends[row], ends[row + 1]
        out[row] = held.add((indices[a:b, 1:], values[a:b], shape[1:]))
    return out


@op("TakeManySparseFromTensorsMap",
    "sparse_handles: int64 -> sparse_indices: int64, sparse_values: dtype, sparse_shape: int64",
    attrs=f"dtype: type; {SHARING}", host=True, stateful=True, dynamic=True,
    infer=lambda op: [(unknown_shape(2), dtypes.int64), (unknown_shape(1), dtypes.as_dtype(op.attrs["dtype"])),
                      (unknown_shape(1), dtypes.int64)])
def take_many_sparse(xp: Any, handles: Any, dtype: Any = None, container: str = "", shared_name: str = "") -> Any:
    if np.ndim(handles) != 1:
        raise bad(f"sparse_handles should be a vector but received shape {shape_text(np.shape(handles))}")
    held, wanted = _map(container, shared_name), dtypes.as_dtype(dtype)
    found = [held.take(number) for number in handles.tolist()]
    for i, (_, values, shape) in enumerate(found):
        have = dtypes.from_numpy(values.dtype)
        if have != wanted:
            raise bad(f"Requested SparseTensor of type {dtypes.type_name(wanted)} but SparseTensor[{i}].values.dtype() == "
                      f"{dtypes.type_name(have)}")
        if len(shape) != len(found[0][2]):
            raise bad(f"Inconsistent rank across SparseTensors: rank prior to SparseTensor[{i}] was: {len(found[0][2])} but "
                      f"rank of SparseTensor[{i}] is: {len(shape)}")
    if not found:
        raise bad("Must have at least 1 sparse tensor to take")
    sizes = [len(values) for _, values, _ in found]
    rows = np.repeat(np.arange(len(found)), sizes)
    indices = np.column_stack((rows, np.concatenate([part for part, _, _ in found]))).astype(np.int64)
    return (indices, np.concatenate([values for _, values, _ in found]),
            np.concatenate(([len(found)], np.max([shape for _, _, shape in found], 0))).astype(np.int64))


for _entry in (add_sparse, add_many_sparse, take_many_sparse):
    _entry.not_differentiable()
