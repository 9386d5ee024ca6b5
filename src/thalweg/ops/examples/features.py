"""What a user says of the features of an example: their kinds, and how these become inputs of the operations."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple, NoReturn

import numpy as np

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.errors import InvalidArgumentError
from ...core.opdef import OpDef
from ...core.shape import TensorShape


class FixedLenFeature(NamedTuple):
    """A feature of the same shape in every example: a dense tensor. Without a default it must be in every example."""

    shape: Any
    dtype: Any
    default_value: Any = None


class FixedLenSequenceFeature(NamedTuple):
    """A feature whose first dimension differs: a dense tensor, filled up with the default."""

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


class VarLenFeature(NamedTuple):
    """A feature of any length: a sparse tensor."""

    dtype: Any


class SparseFeature(NamedTuple):
    """A sparse tensor whose indices, along one dimension or several, and values are features of their own."""

    index_key: Any
    value_key: Any
    dtype: Any
    size: Any
    already_sorted: bool = False


class RowSplits(NamedTuple):
    """Rows by where they begin and end."""

    key: Any


class RowLengths(NamedTuple):
    """Rows by their lengths."""

    key: Any


class RowStarts(NamedTuple):
    """Rows by where they begin."""

    key: Any


class RowLimits(NamedTuple):
    """Rows by where they end."""

    key: Any


class ValueRowIds(NamedTuple):
    """Rows by the row of each value."""

    key: Any


class UniformRowLength(NamedTuple):
    """Rows of one length."""

    length: Any


_PARTITIONS = (RowSplits, RowLengths, RowStarts, RowLimits, ValueRowIds, UniformRowLength)


class _RaggedFields(NamedTuple):
    dtype: Any
    value_key: Any
    partitions: Any
    row_splits_dtype: Any
    validate: bool


class RaggedFeature(_RaggedFields):
    """A ragged tensor: a feature of any length, cut into rows by other features.

    Args:
      dtype: float32, int64 or string.
      value_key: the feature with the values; the feature's own name unless told otherwise.
      partitions: from the outside in, `RaggedFeature.RowSplits(key)` and its like.
      row_splits_dtype: int32 or int64.
      validate: whether the partitions are checked.

    Raises:
      ValueError: another dtype. TypeError: partitions of another kind.
    """

    RowSplits: ClassVar[type] = RowSplits
    RowLengths: ClassVar[type] = RowLengths
    RowStarts: ClassVar[type] = RowStarts
    RowLimits: ClassVar[type] = RowLimits
    ValueRowIds: ClassVar[type] = ValueRowIds
    UniformRowLength: ClassVar[type] = UniformRowLength

    def __new__(cls, dtype: Any, value_key: Any = None, partitions: Any = (), row_splits_dtype: Any = dtypes.int32,
                validate: bool = False) -> Any:
        if value_key is not None and not isinstance(value_key, str):
            raise ValueError(f"Argument `value_key` must be a string; got {value_key}")
        if not isinstance(partitions, (list, tuple)):
            raise TypeError("Argument `partitions` must be a list or tuple. Received"
                            f"partitions={partitions} of type {type(partitions).__name__}.")
        for partition in partitions:
            if not isinstance(partition, _PARTITIONS):
                raise TypeError(f"Argument `partitions` cannot be cast to any of the partition types in {_PARTITIONS}; got: "
                                f"{partition} with type {type(partition)}")
        if dtypes.as_dtype(dtype) not in (dtypes.int64, dtypes.float32, dtypes.string):
            raise ValueError(f"Argument `dtype` must be int64, float32, or bytes; got {dtypes.as_dtype(dtype)!r}")
        if dtypes.as_dtype(row_splits_dtype) not in (dtypes.int32, dtypes.int64):
            raise ValueError(f"Argument `row_splits_dtype` must be int32 or int64; got{row_splits_dtype!r}")
        return super().__new__(cls, dtypes.as_dtype(dtype), value_key, tuple(partitions), dtypes.as_dtype(row_splits_dtype),
                               bool(validate))


EXAMPLE = (VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature, RaggedFeature)
CONTEXT = (VarLenFeature, FixedLenFeature, RaggedFeature)
STEPS = (VarLenFeature, FixedLenSequenceFeature, RaggedFeature)


class Wanted:
    """Features as the operations want them: lists of keys, dtypes, shapes and defaults.

    Args:
      features: what the user asked for, by name.
      kinds: the classes that are allowed here.
      steps: whether these are features of the steps of a sequence.

    Raises:
      ValueError: something missing or contradictory.
    """

    def __init__(self, features: Mapping[Any, Any] | None, kinds: tuple[type, ...], steps: bool = False) -> None:
        self.features = dict(features or {})
        self.sparse: dict[Any, dtypes.DType] = {}
        self.dense: dict[Any, tuple[dtypes.DType, TensorShape, Any]] = {}
        self.ragged: dict[Any, tuple[dtypes.DType, dtypes.DType]] = {}
        self.may_miss: list[bool] = []
        self._steps = steps
        for key in _ordered(self.features):
            feature: Any = self.features[key]
            if not isinstance(feature, kinds):
                name = type(feature).__name__
                text = f"{name} {feature}" if isinstance(feature, EXAMPLE) else f"{name} {feature!r}"
                raise ValueError(f"Unsupported {text} for key '{key}'")
            self._add(key, feature)
        self._apart("Dense", self.dense, "sparse", self.sparse)
        self._apart("Dense", self.dense, "ragged", self.ragged)
        self._apart("Ragged", self.ragged, "sparse", self.sparse)

    def _add(self, key: Any, feature: Any) -> None:
        if feature.dtype is None:
            self._missing("type", key, feature)
        _ADD[type(feature)](self, key, feature)

    def _missing(self, what: str, key: Any, feature: Any) -> NoReturn:
        if isinstance(feature, FixedLenSequenceFeature):
            feature = feature._replace(shape=[None, *feature.shape])
        raise ValueError(f"Missing {what} for feature {key}. Received feature={feature}"
                         f"{'' if isinstance(feature, VarLenFeature) else '.'}")

    @staticmethod
    def _apart(first: str, one: dict[Any, Any], second: str, other: dict[Any, Any]) -> None:
        both = set(one) & set(other)
        if both:
            raise ValueError(f"{first} and {second} keys must not intersect; {first.lower()}_keys: {list(one)}, {second}_keys: "
                             f"{list(other)}, intersection: {both}")

    def _thin(self, key: Any, dtype: Any) -> None:
        dtype = dtypes.as_dtype(dtype)
        if self.sparse.setdefault(key, dtype) is not dtype:
            raise ValueError(f"Conflicting type {_shown(self.sparse[key])} vs {_shown(dtype)} for feature {key}.")

    def _var_len(self, key: Any, feature: VarLenFeature) -> None:
        self._thin(key, feature.dtype)

    def _sparse_feature(self, key: Any, feature: SparseFeature) -> None:
        if not feature.index_key:
            raise ValueError(f"Missing index_key for SparseFeature {feature}.")
        if not feature.value_key:
            raise ValueError(f"Missing value_key for SparseFeature {feature}.")
        for index in [feature.index_key] if isinstance(feature.index_key, str) else feature.index_key:
            self._thin(index, dtypes.int64)
        self._thin(feature.value_key, feature.dtype)

    def _fixed(self, key: Any, feature: FixedLenFeature) -> None:
        if feature.shape is None:
            self._missing("shape", key, feature)
        shape = TensorShape(feature.shape)
        if shape.rank and shape[0] is None:
            raise ValueError(f"First dimension of shape for feature {key} unknown. Consider using FixedLenSequenceFeature. "
                             f"Received feature={feature}.")
        if not shape.is_fully_defined():
            raise ValueError(f"All dimensions of shape for feature {key} need to be known but received {shape}.")
        self.dense[key] = (dtypes.as_dtype(feature.dtype), shape, feature.default_value)

    def _sequence(self, key: Any, feature: FixedLenSequenceFeature) -> None:
        if self._steps:
            if feature.default_value is not None:
                raise ValueError(f"Value feature_list.dense_defaults[{key}] must be None")
            shape = TensorShape(feature.shape)
            self.may_miss.append(bool(feature.allow_missing))
        else:
            shape = TensorShape([None, *feature.shape])
            if not feature.allow_missing:
                raise ValueError("Unsupported: FixedLenSequenceFeature requires allow_missing to be True.")
        self.dense[key] = (dtypes.as_dtype(feature.dtype), shape, feature.default_value)

    def _ragged_feature(self, key: Any, feature: Any) -> None:
        self._rows(key if feature.value_key is None else feature.value_key, feature.dtype, feature.row_splits_dtype)
        for partition in feature.partitions:
            if not isinstance(partition, UniformRowLength):
                self._rows(partition.key, dtypes.int64, feature.row_splits_dtype)

    def _rows(self, key: Any, dtype: dtypes.DType, splits: dtypes.DType) -> None:
        found = self.ragged.setdefault(key, (dtype, splits))
        if found[0] is not dtype:
            raise ValueError(f"Conflicting type {_shown(found[0])} vs {_shown(dtype)} for feature {key}.")
        if found[1] is not splits:
            raise ValueError(f"Conflicting row_splits_dtype {found[1]!r} vs {splits!r} for feature {key}.")

    # As inputs and attributes.

    def check(self, entry: OpDef, sparse: str, dense: str, dense_input: str) -> None:
        """Checks the dtypes, which attributes or an input of an entry carry.

        Raises:
          InvalidArgumentError, TypeError: in eager code and in a graph, for a dtype that no feature has.
        """
        for name, shown, types in ((sparse, sparse, list(self.sparse.values())),
                                   (dense, dense_input, [t for t, _, _ in self.dense.values()])):
            for dtype in types:
                if dtype in (dtypes.float32, dtypes.int64, dtypes.string):
                    continue
                if ctx.graph is not None:
                    raise TypeError(f"Value passed to parameter '{shown}' has DataType {dtype.name} not in list of allowed "
                                    "values: float32, int64, string")
                raise InvalidArgumentError(
                    f"Value for attr '{name}' of {dtypes.type_name(dtype)} is not in the list of allowed values: float, int64, "
                    f"string\n\t; NodeDef: {{{{node {entry.type}}}}}; {entry.describe()} [Op:{entry.type}]")

    @property
    def shapes(self) -> list[TensorShape]:
        """The shapes of the dense features."""
        return [shape for _, shape, _ in self.dense.values()]

    def defaults(self) -> list[Any]:
        """The default of each dense feature as a tensor; empty where there is none."""
        from ..arrays import reshape
        from ..creation import constant
        out = []
        for key, (dtype, shape, value) in self.dense.items():
            variable = bool(shape.rank) and shape[0] is None
            if value is None and not variable:
                out.append(constant([], dtype))
                continue
            if value is None:
                value = "" if dtype is dtypes.string else 0
            name = "key_" + "".join(c if c.isalnum() or c in "_.-/" else "_" for c in str(key))
            tensor = convert_to_tensor(value, dtype, name=name)
            out.append(reshape(tensor, [1] * (len(shape) if variable else 0) or shape.as_list()))
        return out


def _shown(dtype: dtypes.DType) -> str:
    return f"<dtype: {dtype.name!r}>"


def _ordered(keys: Iterable[Any]) -> list[Any]:
    return sorted(keys)


_ADD: dict[type, Any] = {
    VarLenFeature: Wanted._var_len, SparseFeature: Wanted._sparse_feature, FixedLenFeature: Wanted._fixed,
    FixedLenSequenceFeature: Wanted._sequence, RaggedFeature: Wanted._ragged_feature}


def keys_array(keys: Iterable[Any]) -> np.ndarray[Any, Any]:
    """Keys as a string input.

    Raises:
      TypeError: a key that is no text.
    """
    found = list(keys)
    out = np.empty(len(found), object)
    for i, key in enumerate(found):
        if not isinstance(key, (str, bytes)):
            raise TypeError(f"Cannot convert {found} to EagerTensor of dtype string")
        out[i] = key.encode() if isinstance(key, str) else key
    return out
