"""Specs: what is known of a tensor before there is one."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import dtypes
from .shape import TensorShape, as_shape
from .tensor import Tensor
from .type_spec import BatchableTypeSpec


class TensorSpec(BatchableTypeSpec):
    """A shape, a dtype and a name.

    Args:
      shape: anything that converts to a TensorShape; None is an unknown shape.
      dtype: of the elements.
      name: of the argument, or None.
    """

    __slots__ = ("_dtype", "_name", "_shape")

    def __init__(self, shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> None:
        self._shape = as_shape(shape)
        self._dtype = dtypes.as_dtype(dtype)
        self._name = name

    @property
    def shape(self) -> TensorShape:
        """The shape, known in full, in part or not at all."""
        return self._shape

    @property
    def dtype(self) -> dtypes.DType:
        """The element type."""
        return self._dtype

    @property
    def name(self) -> str | None:
        """The name, or None."""
        return self._name

    @property
    def value_type(self) -> type:
        """The class of what the spec describes."""
        return Tensor

    @property
    def _component_specs(self) -> TensorSpec:
        return self

    def _to_components(self, value: Any) -> Any:
        from .convert import convert_to_tensor
        return convert_to_tensor(value, self._dtype)

    def _from_components(self, components: Any) -> Any:
        return components

    def _serialize(self) -> tuple[Any, ...]:
        return self._shape, self._dtype, self._name

    def _batch(self, batch_size: int | None) -> TensorSpec:
        return TensorSpec(TensorShape([batch_size]).concatenate(self._shape), self._dtype)

    def _unbatch(self) -> TensorSpec:
        if self._shape.rank == 0:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        return TensorSpec(self._shape[1:], self._dtype)

    def _to_legacy_output_types(self) -> dtypes.DType:
        return self._dtype

    def _to_legacy_output_shapes(self) -> TensorShape:
        return self._shape

    def _without_tensor_names(self) -> TensorSpec:
        return self if self._name is None else TensorSpec(self._shape, self._dtype)

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        """The spec of a tensor."""
        return cls(tensor.shape, tensor.dtype, name)

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> TensorSpec:
        """The same spec under another name, or its own."""
        return cls(spec.shape, spec.dtype, name or spec.name)

    def is_compatible_with(self, spec_or_tensor: Any) -> bool:
        """Whether a tensor, or what another TensorSpec describes, could fit this spec; False for anything else."""
        return isinstance(spec_or_tensor, (Tensor, TensorSpec)) and \
            self._dtype.is_compatible_with(spec_or_tensor.dtype) and \
            self._shape.is_compatible_with(spec_or_tensor.shape)

    def is_subtype_of(self, other: Any) -> bool:
        """Whether everything that fits this spec fits the other; an unnamed spec also fits under a name."""
        return isinstance(other, TensorSpec) and self._dtype == other._dtype and \
            self._shape.is_subtype_of(other._shape) and self._name in (None, other._name)

    def most_specific_common_supertype(self, others: Sequence[Any]) -> TensorSpec | None:
        """The narrowest spec that all fit; None where dtypes or names differ."""
        shape = self._shape
        for other in others:
            if not isinstance(other, TensorSpec) or other._dtype != self._dtype or other._name != self._name:
                return None
            shape = shape.most_specific_compatible_shape(other._shape)
        return TensorSpec(shape, self._dtype, self._name)

    def symbol(self) -> Any:
        """A symbolic tensor of a graph of its own, to stand for an argument while a function is traced."""
        from .graph import Graph
        from .opdef import get_op
        attrs = {"dtype": self._dtype, "shape": self._shape}
        return Graph().add(get_op("Placeholder"), (), attrs, self._name or "arg").outputs[0]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TensorSpec) and self._shape == other._shape and self._dtype == other._dtype and \
            self._name == other._name

    def __hash__(self) -> int:
        return hash((self._shape, self._dtype))

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self._shape}, dtype={self._dtype!r}, name={self._name!r})"
