"""What the parsing of examples and of sequences shares: one feature of many examples as arrays."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.shape import TensorShape
from ...formats.example_reading import EMPTY, FLOATS, INTS, NOTHING, STRINGS, Feature
from ..layout import bad
from ..text.values import array_of, packed

TYPES = "{float, int64, string}"
KINDS = {dtypes.float32: FLOATS, dtypes.int64: INTS, dtypes.string: STRINGS}
NAMES = {NOTHING: "", STRINGS: "string", FLOATS: "float", INTS: "int64"}

Named = Callable[[int], str]
"""The beginning of an error message about the example at a place."""


def keys_of(x: Any) -> list[bytes]:
    """An input that holds keys."""
    return [k.encode() if isinstance(k, str) else k for k in array_of(x).reshape(-1).tolist()]


def joined(parts: Sequence[Any], dtype: dtypes.DType) -> np.ndarray[Any, Any]:
    """The values of several features behind each other."""
    if dtype is dtypes.string:
        return packed([s for part in parts for s in part], (-1,)) if any(len(p) for p in parts) else np.empty(0, object)
    arrays = [p for p in parts if len(p)]
    return np.concatenate(arrays).astype(dtype.np, copy=False) if arrays else np.zeros(0, dtype.np)


def splits_of(lengths: Sequence[int], dtype: dtypes.DType) -> np.ndarray[Any, Any]:
    """Where rows of these lengths begin and end."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(dtype.np)


def lists_of(features: Sequence[Feature], dtype: dtypes.DType, wrong: Callable[[int, int], Exception]) -> list[Any]:
    """The values of a feature of each example, none where it is missing."""
    wanted = KINDS[dtype]
    for i, (kind, _) in enumerate(features):
        if kind not in (NOTHING, wanted):
            raise wrong(i, kind)
    return [values for _, values in features]


def sparse(lists: Sequence[Any], dtype: dtypes.DType, batch: bool) -> tuple[Any, Any, Any]:
    """Indices, values and shape of the sparse tensor of these rows, or of the only one."""
    lengths = np.array([len(v) for v in lists], np.int64)
    columns = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    values = joined(lists, dtype)
    if not batch:
        return columns[:, None], values, lengths
    rows = np.repeat(np.arange(len(lists)), lengths)
    return np.stack([rows, columns], 1), values, np.array([len(lists), lengths.max(initial=0)], np.int64)


def filled(lists: Sequence[Any], default: Any, shape: TensorShape, dtype: dtypes.DType) -> np.ndarray[Any, Any]:
    """Rows of lengths that differ as one array; the short ones are filled up."""
    inner = [d or 0 for d in shape.as_list()[1:]]
    stride = prod(inner)
    most = max([len(v) for v in lists], default=0)
    pad = array_of(default).reshape(-1)
    out = np.empty((len(lists), most), dtype.np)
    out[:] = pad[0] if len(pad) else (b"" if dtype is dtypes.string else 0)
    for row, values in zip(out, lists, strict=True):
        row[:len(values)] = values
    return out.reshape(len(lists), most // stride if stride else 0, *inner)


def required(key: bytes, dtype: dtypes.DType, prefix: str) -> Exception:
    """The error of a feature that is not there."""
    return bad(f"{prefix}Feature: {key.decode()} (data type: {dtypes.type_name(dtype)}) is required but could not be found.")


def shape_text(shape: TensorShape) -> str:
    """A shape as error messages show it."""
    return "[" + ",".join("?" if d is None else str(d) for d in shape.as_list()) + "]"


def feature_in(found: dict[bytes, Feature], key: bytes) -> Feature:
    """A feature; one that holds nothing counts as missing."""
    return found.get(key, EMPTY)


def as_types(value: Any) -> list[dtypes.DType]:
    """An attribute that is a list of dtypes."""
    return [dtypes.as_dtype(v) for v in value or ()]


def as_shapes(value: Any) -> list[TensorShape]:
    """An attribute that is a list of shapes."""
    return [TensorShape(v) for v in value or ()]
