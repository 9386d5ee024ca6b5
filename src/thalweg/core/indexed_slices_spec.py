"""The type of `IndexedSlices`."""
from __future__ import annotations

from typing import Any

from . import dtypes
from .convert import convert_to_tensor
from .indexed_slices import IndexedSlices
from .shape import TensorShape, as_shape
from .tensor_spec import TensorSpec
from .type_spec import TypeSpec


class IndexedSlicesSpec(TypeSpec):
    """The type of slices of larger tensors.

    Args:
      shape: of the whole tensor, as far as it is known.
      dtype: of the values.
      indices_dtype: of the indices.
      dense_shape_dtype: of the tensor that says the whole shape, None where there is none.
      indices_shape: `[n]`, how many slices there are.
    """

    __slots__ = ("_dense_shape_dtype", "_indices_dtype", "_indices_shape", "_shape", "_values_dtype")

    def __init__(self, shape: Any = None, dtype: Any = dtypes.float32, indices_dtype: Any = dtypes.int64,
                 dense_shape_dtype: Any = None, indices_shape: Any = None) -> None:
        self._shape = as_shape(shape)
        self._values_dtype = dtypes.as_dtype(dtype)
        self._indices_dtype = dtypes.as_dtype(indices_dtype)
        self._dense_shape_dtype = None if dense_shape_dtype is None else dtypes.as_dtype(dense_shape_dtype)
        self._indices_shape = as_shape(indices_shape).with_rank(1)

    @property
    def value_type(self) -> type:
        """`IndexedSlices`."""
        return IndexedSlices

    def _serialize(self) -> tuple[Any, ...]:
        return self._shape, self._values_dtype, self._indices_dtype, self._dense_shape_dtype, self._indices_shape

    @property
    def _component_specs(self) -> tuple[TensorSpec, ...]:
        values = TensorShape(None) if self._shape.rank is None else self._indices_shape.concatenate(self._shape[1:])
        specs = (TensorSpec(values, self._values_dtype), TensorSpec(self._indices_shape, self._indices_dtype))
        if self._dense_shape_dtype is None:
            return specs
        return (*specs, TensorSpec([self._shape.rank], self._dense_shape_dtype))

    def _to_components(self, value: Any) -> tuple[Any, ...]:
        if value.dense_shape is None:
            return value.values, value.indices
        return value.values, value.indices, convert_to_tensor(value.dense_shape)

    def _from_components(self, components: Any) -> IndexedSlices:
        return IndexedSlices(*components)
