"""Specs: what is known of a tensor before there is one."""
from __future__ import annotations

from typing import Any

from . import dtypes
from .shape import TensorShape, as_shape


class TypeSpec:
    """The base of all specs."""

    __slots__ = ()


class TensorSpec(TypeSpec):
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
        from .tensor import Tensor
        return Tensor

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        """The spec of a tensor."""
        return cls(tensor.shape, tensor.dtype, name)

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> TensorSpec:
        """The same spec under another name, or its own."""
        return cls(spec.shape, spec.dtype, name or spec.name)

    def is_compatible_with(self, spec_or_tensor: Any) -> bool:
        """Whether a tensor, or what another spec describes, could fit this spec."""
        dtype = getattr(spec_or_tensor, "dtype", None)
        return dtype is not None and self._dtype.is_compatible_with(dtype) and \
            self._shape.is_compatible_with(spec_or_tensor.shape)

    def is_subtype_of(self, other: Any) -> bool:
        """Whether everything that fits this spec fits the other."""
        return isinstance(other, TensorSpec) and self._dtype == other._dtype and \
            self._shape.is_subtype_of(other._shape)

    def most_specific_compatible_type(self, other: TensorSpec) -> TensorSpec:
        """The narrowest spec that both fit.

        Raises:
          ValueError: the dtypes differ.
        """
        if self._dtype != other._dtype:
            raise ValueError(f"No TypeSpec is compatible with both {self} and {other}")
        return TensorSpec(self._shape.most_specific_compatible_shape(other._shape), self._dtype, self._name)

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

    def __reduce__(self) -> tuple[Any, ...]:
        return TensorSpec, (self._shape, self._dtype, self._name)

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self._shape}, dtype={self._dtype!r}, name={self._name!r})"
