"""Sparse gradients: the rows of a tensor that something touched."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

from . import dtypes
from .convert import convert_to_tensor
from .dispatch import apply
from .nest import CompositeTensor
from .opdef import get_op
from .shape import TensorShape

IndexedSlicesValue = namedtuple("IndexedSlicesValue", ["values", "indices", "dense_shape"])
"""The arrays of an IndexedSlices, as sessions return them."""


class IndexedSlices(CompositeTensor):
    """Slices of a larger tensor along its first axis: `dense[indices[i]] += values[i]`.

    Args:
      values: shape `[n, ...]`.
      indices: integer tensor of shape `[n]`.
      dense_shape: the shape of the whole, as a tensor or list, where it is known.
    """

    __slots__ = ("_dense_shape", "_indices", "_values")
    _is_tensor_like = True

    def __init__(self, values: Any, indices: Any, dense_shape: Any = None) -> None:
        self._values = values
        self._indices = indices
        self._dense_shape = dense_shape

    @property
    def values(self) -> Any:
        """The slices, shape `[n, ...]`."""
        return self._values

    @property
    def indices(self) -> Any:
        """Where they belong, shape `[n]`."""
        return self._indices

    @property
    def dense_shape(self) -> Any:
        """The shape of the whole tensor, or None."""
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        """The static shape of the whole tensor."""
        if self._dense_shape is None:
            return TensorShape([None]).concatenate(self._values.shape[1:])
        from .known_shape import shape_in
        return shape_in(self._dense_shape)

    @property
    def dtype(self) -> dtypes.DType:
        """The element type of the values."""
        return self._values.dtype  # type: ignore[no-any-return]

    @property
    def device(self) -> str:
        """The device of the values."""
        return str(self._values.device)

    @property
    def name(self) -> str:
        """The name of the values in their graph."""
        return str(self._values.name)

    @property
    def graph(self) -> Any:
        """The graph of the values."""
        return self._values.graph

    @property
    def op(self) -> Any:
        """The operation that makes the values, in a graph."""
        return self._values.op

    def _session_value(self, arrays: list[Any]) -> IndexedSlicesValue:
        return IndexedSlicesValue(arrays[0], arrays[1], arrays[2] if len(arrays) == 3 else None)

    def consumers(self) -> list[Any]:
        """The operations that read one of the tensors."""
        parts = [t for t in (self._values, self._indices, self._dense_shape) if hasattr(t, "consumers")]
        return list(dict.fromkeys(node for t in parts for node in t.consumers()))

    @property
    def _type_spec(self) -> Any:
        from .indexed_slices_spec import IndexedSlicesSpec
        indices = self._indices.shape.with_rank(1)
        whole = None if self._dense_shape is None else convert_to_tensor(self._dense_shape).dtype
        return IndexedSlicesSpec(self.shape, self.dtype, self._indices.dtype, whole, indices)

    def __tf_tensor__(self, dtype: dtypes.DType | None = None, name: str | None = None) -> Any:
        """The dense tensor, repeated indices summed."""
        if self._dense_shape is None:
            raise ValueError(f"Tensor conversion requested for IndexedSlices without dense_shape: {self!s}")
        rows = self._dense_shape[0]
        return apply(get_op("UnsortedSegmentSum"), (self._values, self._indices, rows), name=name)

    def __neg__(self) -> IndexedSlices:
        return IndexedSlices(-self._values, self._indices, self._dense_shape)

    def __str__(self) -> str:
        shape = f", dense_shape={self._dense_shape!s}" if self._dense_shape is not None else ""
        return f"IndexedSlices(indices={self._indices!s}, values={self._values!s}{shape})"

    def __repr__(self) -> str:
        return (f"<{type(self).__module__}.IndexedSlices object at {id(self):#x}>")


def convert_to_tensor_or_indexed_slices(value: Any, dtype: Any = None, name: str | None = None) -> Any:
    """An IndexedSlices as it is, anything else as a tensor.

    Raises:
      ValueError: slices of another dtype than `dtype`.
    """
    if isinstance(value, IndexedSlices):
        wanted = None if dtype is None else dtypes.as_dtype(dtype)
        if wanted is not None and not wanted.is_compatible_with(value.dtype):
            raise ValueError(f"Incompatible tensor conversion requested to `dtype` {wanted.name} for `value` ({value!s}) with "
                             f"dtype {value.dtype.name}.")
        return value
    return convert_to_tensor(value, dtype, name=name)
