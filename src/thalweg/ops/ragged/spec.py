"""The specs of ragged tensors and row partitions."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.shape import TensorShape, as_shape
from ...core.tensor import Tensor
from ...core.tensor_spec import TensorSpec
from ...core.type_spec import BatchableTypeSpec, TypeSpec


class RaggedTensorSpec(BatchableTypeSpec):
    """What is known of a ragged tensor.

    Args:
      shape: the shape, with None for ragged dimensions; None if nothing is known.
      dtype: of the values.
      ragged_rank: how often the values are cut into rows; one less than the rank of `shape` unless given.
      row_splits_dtype: int32 or int64.
      flat_values_spec: the spec of the values, if they are no tensor.

    Raises:
      ValueError: neither a rank nor `ragged_rank`, one that is too large, or dtypes that differ.
      TypeError: a `ragged_rank` that is no int.
    """

    __slots__ = ("_dtype", "_flat_values_spec", "_ragged_rank", "_row_splits_dtype", "_shape")

    def __init__(self, shape: Any = None, dtype: Any = dtypes.float32, ragged_rank: Any = None,
                 row_splits_dtype: Any = dtypes.int64, flat_values_spec: Any = None) -> None:
        self._shape = as_shape(shape)
        self._row_splits_dtype = dtypes.as_dtype(row_splits_dtype)
        if flat_values_spec is not None:
            if dtype is None:
                dtype = flat_values_spec.dtype
            elif dtype != flat_values_spec.dtype:
                raise ValueError("dtype must be the same as flat_values_spec.dtype")
        elif dtype is None:
            raise ValueError("At least one of dtype or flat_values_spec must be provided")
        self._dtype = dtypes.as_dtype(dtype)
        self._flat_values_spec = flat_values_spec
        rank = self._shape.rank
        if ragged_rank is None:
            if rank is None:
                raise ValueError("Must specify ragged_rank or a shape with a known rank.")
            ragged_rank = rank - 1
        if not isinstance(ragged_rank, int):
            raise TypeError(f"Argument `ragged_rank` must be an int. Received {ragged_rank}.")
        if rank is not None and ragged_rank >= rank:
            raise ValueError(f"Argument `ragged_rank` ({ragged_rank}) must be less than rank ({rank}).")
        self._ragged_rank = ragged_rank

    @property
    def dtype(self) -> dtypes.DType:
        """The dtype of the values."""
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        """The static shape; ragged dimensions are None."""
        return self._shape

    @property
    def ragged_rank(self) -> int:
        """How often the values are cut into rows."""
        return self._ragged_rank

    @property
    def row_splits_dtype(self) -> dtypes.DType:
        """The dtype of the row splits."""
        return self._row_splits_dtype

    @property
    def flat_values_spec(self) -> Any:
        """The spec of the values, if they are no tensor; else None."""
        return self._flat_values_spec

    @property
    def value_type(self) -> Any:
        from .tensor import RaggedTensor
        return RaggedTensor if self._ragged_rank > 0 else Tensor

    @classmethod
    def from_value(cls, value: Any) -> RaggedTensorSpec:
        """The spec of a ragged tensor or of its NumPy form."""
        flat = value.flat_values
        spec = None
        if not isinstance(flat, (Tensor, np.ndarray)):
            spec = flat._type_spec._unbatch()._batch(None)
        return cls(value.shape, value.values.dtype, value.ragged_rank, value.row_splits.dtype, spec)

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Whether a value, or a value of another spec, could be of this type; tensors can where `ragged_rank` is 0."""
        if self._ragged_rank == 0:
            if self._flat_values_spec is None:
                if isinstance(spec_or_value, (Tensor, TensorSpec)):
                    return bool(TensorSpec(self._shape, self._dtype).is_compatible_with(spec_or_value))
            elif type(spec_or_value).__name__ not in ("RaggedTensor", "RaggedTensorSpec"):
                return bool(self._flat_values_spec.is_compatible_with(spec_or_value))
        return super().is_compatible_with(spec_or_value)

    def _serialize(self) -> tuple[Any, ...]:
        out = (self._shape, self._dtype, self._ragged_rank, self._row_splits_dtype)
        return out if self._flat_values_spec is None else (*out, self._flat_values_spec)

    @property
    def _component_specs(self) -> Any:
        flat = self._flat_values_spec
        if self._ragged_rank <= 0:
            return [flat if flat is not None else TensorSpec(self._shape, self._dtype)]
        if flat is None:
            inner = self._shape[self._ragged_rank + 1:]
            flat = TensorSpec(TensorShape([None]).concatenate(inner), self._dtype)
        rows = self._shape[0] if self._shape.rank is not None else None
        outer = TensorSpec([None if rows is None else rows + 1], self._row_splits_dtype)
        return [flat, outer, *[TensorSpec([None], self._row_splits_dtype) for _ in range(self._ragged_rank - 1)]]

    def _to_components(self, value: Any) -> Any:
        from .values import is_ragged
        if self._ragged_rank > 0 and not is_ragged(value):
            raise TypeError(f"Expected a RaggedTensor if ragged rank={self._ragged_rank} but got {type(value).__name__}.")
        return [value.flat_values, *value.nested_row_splits] if is_ragged(value) else [value]

    def _from_components(self, components: Any) -> Any:
        from .partition import RowPartition
        from .tensor import RaggedTensor
        result = components[0]
        if isinstance(result, np.ndarray):
            components = [convert_to_tensor(c) for c in components]
            result = components[0]
        plain = all(isinstance(c, Tensor) for c in components[1:])
        for splits in reversed(components[1:]):
            # A structure is also packed with specs and other stand-ins: those are kept as they are.
            partition = RowPartition.from_row_splits(splits, validate=False) if plain else _stand_in(splits)
            result = RaggedTensor(result, partition, internal=True)
        if plain and self._shape.rank is not None and isinstance(components[0], Tensor):
            if isinstance(result, RaggedTensor):
                result._set_shape(self._shape)
            elif hasattr(result, "set_shape"):
                result.set_shape(self._shape)
        return result

    def _batch(self, batch_size: int | None) -> RaggedTensorSpec:
        self._only_tensors()
        return RaggedTensorSpec(TensorShape([batch_size]).concatenate(self._shape), self._dtype, self._ragged_rank + 1,
                                self._row_splits_dtype)

    def _unbatch(self) -> RaggedTensorSpec:
        self._only_tensors()
        return RaggedTensorSpec(self._shape[1:], self._dtype, self._ragged_rank - 1, self._row_splits_dtype)

    def _only_tensors(self) -> None:
        if self._flat_values_spec is not None:
            raise ValueError("Customized value_type is not supported.")

    def _to_legacy_output_types(self) -> Any:
        return self._dtype

    def _to_legacy_output_shapes(self) -> Any:
        return self._shape

    def _to_legacy_output_classes(self) -> Any:
        return self


def _stand_in(splits: Any) -> Any:
    from .partition import _KEY, RowPartition
    return RowPartition(splits, internal=_KEY)


class RowPartitionSpec(TypeSpec):
    """What is known of a row partition: its numbers of rows and values, the length of rows, the dtype of its encodings.

    Raises:
      ValueError: numbers that do not fit each other, or a dtype that is no index.
    """

    __slots__ = ("_dtype", "_nrows", "_nvals", "_uniform_row_length")

    def __init__(self, nrows: Any = None, nvals: Any = None, uniform_row_length: Any = None,
                 dtype: Any = dtypes.int64) -> None:
        self._nrows, self._nvals, self._uniform_row_length = (
            TensorShape([d]) for d in (_dim(nrows), _dim(nvals), _dim(uniform_row_length)))
        self._dtype = dtypes.as_dtype(dtype)
        if self._dtype not in (dtypes.int32, dtypes.int64):
            raise ValueError("dtype must be tf.int32 or tf.int64")

    nrows = property(lambda self: self._nrows[0], doc="The number of rows, or None.")
    nvals = property(lambda self: self._nvals[0], doc="The number of values, or None.")
    uniform_row_length = property(lambda self: self._uniform_row_length[0], doc="The length of all rows, or None.")
    dtype = property(lambda self: self._dtype, doc="int32 or int64.")

    @property
    def value_type(self) -> Any:
        from .partition import RowPartition
        return RowPartition

    @classmethod
    def from_value(cls, value: Any) -> RowPartitionSpec:
        """The spec of a row partition."""
        return cls(value.static_nrows, value.static_nvals, value.static_uniform_row_length, value.dtype)

    def _serialize(self) -> tuple[Any, ...]:
        return self._nrows, self._nvals, self._uniform_row_length, self._dtype

    @property
    def _component_specs(self) -> Any:
        rows = self.nrows
        return TensorSpec([None if rows is None else rows + 1], self._dtype)

    def _to_components(self, value: Any) -> Any:
        return value.row_splits()

    def _from_components(self, components: Any) -> Any:
        from .partition import RowPartition
        return RowPartition.from_row_splits(components, validate=False) if isinstance(components, Tensor) \
            else _stand_in(components)

    def __repr__(self) -> str:
        return (f"RowPartitionSpec(nrows={self.nrows}, nvals={self.nvals}, uniform_row_length={self.uniform_row_length}, "
                f"dtype={self._dtype!r})")


def _dim(value: Any) -> Any:
    return value[0] if isinstance(value, TensorShape) else value
