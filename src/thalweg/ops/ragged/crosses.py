"""Crosses of features with ragged ones among them: for each row every combination of what the features hold there."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.scopes import name_scope
from ...core.shape import TensorShape
from ...core.tensor import Tensor
from ..casting import cast
from ..layout import bad
from ..sparse.cross import HASH_KEY, column, combined, hashed, joined
from ..sparse.tensor import SparseTensor
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor


def _cross_shapes(op: Any) -> list[Any]:
    return [(TensorShape([None]), op.attrs["out_values_type"]), (TensorShape([None]), op.attrs["out_row_splits_type"])]


def _features(parts: list[Any], order: str) -> tuple[list[Any], int]:
    """The features in the order of the inputs, and the number of rows.

    Each is one of `R`, with values and splits, `S`, with indices, values and shape, or `D`, a matrix.
    """
    columns, counts = [], []
    waiting = iter(parts)
    for kind in order:
        if kind == "R":
            values, splits = next(waiting), next(waiting)
            sizes = np.diff(splits)
            counts.append(sizes.size)
            columns.append((splits[:-1].astype(np.int64), sizes.astype(np.int64), values))
        elif kind == "S":
            indices, values, shape = next(waiting), next(waiting), next(waiting)
            counts.append(int(shape[0]))
            columns.append(column(indices[:, 0], values, int(shape[0])))
        else:
            x = next(waiting)
            if x.ndim != 2:
                raise bad("tf.ragged.cross only supports inputs with rank=2.")
            counts.append(len(x))
            columns.append(column(np.repeat(np.arange(len(x)), x.shape[1]), x.reshape(-1), len(x)))
    if len(set(counts)) > 1:
        raise bad("tf.ragged.cross requires all inputs to have the same batch size.")
    return columns, counts[0] if counts else 0


@op("RaggedCross", "inputs: types -> output_values: out_values_type, output_row_splits: out_row_splits_type",
    attrs="input_order: string; hashed_output: bool; num_buckets: int; hash_key: int; types: list(type); "
    "out_values_type: {int64, string}; out_row_splits_type: {int32, int64}", host=True, dynamic=True, infer=_cross_shapes)
def ragged_cross(xp: Any, *parts: Any, input_order: str = "", hashed_output: bool = False, num_buckets: int = 0,
                 hash_key: int = HASH_KEY, out_values_type: Any = dtypes.string,
                 out_row_splits_type: Any = dtypes.int64) -> Any:
    columns, count = _features(list(parts), input_order)
    indices, _, chosen = combined(columns, count)
    splits = np.zeros(count + 1, dtypes.as_dtype(out_row_splits_type).np)
    np.cumsum(np.bincount(indices[:, 0], minlength=count), out=splits[1:])
    return hashed(chosen, num_buckets, hash_key) if hashed_output else joined(chosen, b"_X_"), splits


ragged_cross.not_differentiable()


def cross(inputs: Any, name: str | None = None) -> RaggedTensor:
    """The cross of features as strings, `a_X_b`: for each row every combination of the values that the inputs hold there.

    Args:
      inputs: a list of matrices: ragged, sparse or dense; values that are no strings are taken as integers.

    Raises:
      TypeError: no list.
      ValueError: an input of another rank, or of a dtype that is neither integer nor string.
      InvalidArgumentError: inputs of different numbers of rows.
    """
    return _crossed(inputs, False, 0, None, name)


def cross_hashed(inputs: Any, num_buckets: int = 0, hash_key: int | None = None, name: str | None = None) -> RaggedTensor:
    """The cross of features as int64 fingerprints of the combinations, see `cross`.

    Args:
      inputs: a list of matrices: ragged, sparse or dense.
      num_buckets: take the fingerprints modulo this number; 0 for all of int64.
      hash_key: where the hashing starts.

    Raises:
      TypeError, ValueError, InvalidArgumentError: as `cross`.
    """
    return _crossed(inputs, True, num_buckets, hash_key, name)


def _plain(x: Any, position: int) -> Any:
    if not (x.dtype.is_integer or x.dtype == dtypes.string):
        raise ValueError(f"Unexpected dtype for inputs[{position}]: {x.dtype}")
    return x if x.dtype == dtypes.string else cast(x, dtypes.int64)


def _crossed(inputs: Any, hash_them: bool, num_buckets: int, hash_key: int | None, name: str | None) -> RaggedTensor:
    if not isinstance(inputs, (list, tuple)):
        raise TypeError("Inputs must be a list")
    if hash_key is None:
        hash_key = HASH_KEY
    with name_scope(name or "RaggedCross"):
        parts: list[Any] = []
        order = ""
        splits_dtype = dtypes.int64
        found = {x.row_splits.dtype for x in inputs if isinstance(x, RaggedTensor)}
        if found == {dtypes.int32}:
            splits_dtype = dtypes.int32
        for i, given in enumerate(inputs):
            x = given if isinstance(given, SparseTensor) else as_ragged_or_tensor(given)
            if x.shape.rank is None:
                raise ValueError("tf.ragged.cross only supports inputs with known rank")
            if x.shape.rank != 2 and not isinstance(x, Tensor):
                raise ValueError("tf.ragged.cross only supports inputs with rank=2.")
            if isinstance(x, RaggedTensor):
                parts += [_plain(x.flat_values, i), x.row_splits]
            elif isinstance(x, SparseTensor):
                parts += [x.indices, _plain(x.values, i), x.dense_shape]
            else:
                parts.append(_plain(x, i))
            order += "R" if isinstance(x, RaggedTensor) else "D" if isinstance(x, Tensor) else "S"
        values, splits = apply(ragged_cross, parts, {
            "input_order": order, "hashed_output": hash_them, "num_buckets": num_buckets, "hash_key": hash_key,
            "out_values_type": dtypes.int64 if hash_them else dtypes.string, "out_row_splits_type": splits_dtype})
        return RaggedTensor.from_row_splits(values, splits, validate=False)  # type: ignore[no-any-return]
