"""Type specifications: what is known of a value before there is one.

A spec says which Python class its values have, takes a value apart into tensors and puts it together again. Values made
of several tensors (sparse, ragged, slices of rows) give theirs as `_type_spec`; functions, loops and sessions handle
every such value through its spec alone.
"""
from __future__ import annotations

import abc
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from . import dtypes, nest
from .shape import TensorShape


class TypeSpec(abc.ABC):
    """The base of all specs.

    A subclass defines `value_type`, `_serialize`, `_component_specs`, `_to_components` and `_from_components`. Specs are
    compared by class and by what `_serialize` returns: a tuple of shapes, dtypes, other specs, and Python values, nested
    in tuples, lists and dicts, which the constructor takes as its arguments.
    """

    __slots__ = ()

    # What a subclass says.

    @property
    @abc.abstractmethod
    def value_type(self) -> Any:
        """The Python class of what the spec describes."""

    @abc.abstractmethod
    def _serialize(self) -> tuple[Any, ...]:
        """The arguments with which the constructor makes an equal spec."""

    @property
    @abc.abstractmethod
    def _component_specs(self) -> Any:
        """The specs of the components, nested as `_to_components` nests them."""

    @abc.abstractmethod
    def _to_components(self, value: Any) -> Any:
        """The tensors that a value consists of, nested in any way."""

    @abc.abstractmethod
    def _from_components(self, components: Any) -> Any:
        """A value of these components, the inverse of `_to_components`."""

    # What follows from it.

    @classmethod
    def _deserialize(cls, serialization: Sequence[Any]) -> Any:
        """The spec that `_serialize` described."""
        return cls(*serialization)

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Whether a value, or some value of another spec, could be of this type.

        Raises:
          TypeError: a value whose type has no spec.
        """
        other = spec_or_value if isinstance(spec_or_value, TypeSpec) else type_spec_from_value(spec_or_value)
        return type(self) is type(other) and _compatible(self._serialize(), other._serialize())

    def is_subtype_of(self, other: Any) -> bool:
        """Whether every value of this spec is a value of the other."""
        return type(self) is type(other) and _subtype(self._serialize(), other._serialize())

    def most_specific_common_supertype(self, others: Sequence[Any]) -> Any:
        """The narrowest spec of which this and the others are subtypes; None where there is none."""
        if any(type(other) is not type(self) for other in others):
            return None
        try:
            return self._deserialize(_supertype(self._serialize(), [other._serialize() for other in others]))
        except _NoSupertype:
            return None

    def most_specific_compatible_type(self, other: Any) -> Any:
        """The narrowest spec that this and another are compatible with.

        Raises:
          ValueError: there is none.
        """
        result = self.most_specific_common_supertype([other])
        if result is None:
            raise ValueError(f"No TypeSpec is compatible with both {self} and {other}")
        return result

    def flatten(self) -> list[Any]:
        """The specs of the tensors of a value, from left to right."""
        return nest.flatten(self._component_specs, expand_composites=True)

    def to_tensors(self, value: Any) -> list[Any]:
        """The tensors of a value, from left to right.

        Raises:
          ValueError: the tensors do not fit the spec.
        """
        if not self.is_compatible_with(value):
            raise ValueError(f"Incompatible input: {value}")
        return nest.flatten(self._to_components(value), expand_composites=True)

    def from_tensors(self, tensors: Iterator[Any]) -> Any:
        """A value of the next tensors of an iterator."""
        parts = [next(tensors) for _ in self.flatten()]
        return self._from_components(nest.pack_sequence_as(self._component_specs, parts, expand_composites=True)
                                     if nest.is_nested(self._component_specs) else parts[0])

    @property
    def _flat_tensor_specs(self) -> list[Any]:
        return self.flatten()

    def _to_tensor_list(self, value: Any) -> list[Any]:
        return nest.flatten(self._to_components(value), expand_composites=True)

    def _from_tensor_list(self, tensor_list: Sequence[Any]) -> Any:
        specs = self._flat_tensor_specs
        if len(specs) != len(tensor_list):
            raise ValueError(f"Cannot create a {self.value_type.__name__} from the tensor list {tensor_list} because the "
                             f"TypeSpec expects {len(specs)} items, but the provided tensor list has "
                             f"{len(tensor_list)} items.")
        return self.from_tensors(iter(tensor_list))

    def _with_tensor_ranks_only(self) -> Any:
        """The same spec with every dimension of every shape unknown."""
        def relax(value: Any) -> Any:
            if isinstance(value, TypeSpec):
                return value._with_tensor_ranks_only()
            if isinstance(value, TensorShape) and value.rank is not None:
                return TensorShape([None] * value.rank)
            return value
        return self._deserialize(_mapped(relax, self._serialize()))

    def _without_tensor_names(self) -> Any:
        """The same spec with no names of tensors in it."""
        return self._deserialize(_mapped(lambda v: v._without_tensor_names() if isinstance(v, TypeSpec) else v,
                                         self._serialize()))

    def _to_legacy_output_types(self) -> Any:
        return self._legacy("_to_legacy_output_types")

    def _to_legacy_output_shapes(self) -> Any:
        return self._legacy("_to_legacy_output_shapes")

    def _to_legacy_output_classes(self) -> Any:
        return self.value_type

    def _legacy(self, name: str) -> Any:
        raise NotImplementedError(f"{type(self).__name__}.{name}")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _comparable(self._serialize()) == _comparable(other._serialize())

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((type(self), _comparable(self._serialize())))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._serialize()

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._serialize()!r}"


class BatchableTypeSpec(TypeSpec):
    """A spec whose values can be stacked along a new first dimension and taken apart again."""

    __slots__ = ()

    @abc.abstractmethod
    def _batch(self, batch_size: int | None) -> Any:
        """The spec of `batch_size` values stacked; None is an unknown number of them."""

    @abc.abstractmethod
    def _unbatch(self) -> Any:
        """The spec of one value of a stack."""


class _NoSupertype(Exception):
    """Two parts of specs that nothing covers both of."""


def _compatible(a: Any, b: Any) -> bool:
    """Whether two parts of serialized specs can describe one value."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(_compatible(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, Mapping):
        return sorted(a) == sorted(b) and all(_compatible(a[k], b[k]) for k in a)
    if isinstance(a, (TypeSpec, TensorShape, dtypes.DType)):
        return a.is_compatible_with(b)
    return bool(a == b)


def _subtype(a: Any, b: Any) -> bool:
    """Whether one part of a serialized spec is covered by another."""
    if isinstance(a, (TypeSpec, TensorShape)):
        return a.is_subtype_of(b)
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(_subtype(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, Mapping):
        return sorted(a) == sorted(b) and all(_subtype(a[k], b[k]) for k in a)
    return bool(a == b)


def _supertype(first: Any, others: Sequence[Any]) -> Any:
    """The narrowest part of a serialized spec that covers several."""
    if isinstance(first, TensorShape):
        for other in others:
            first = first.most_specific_compatible_shape(other)
        return first
    if isinstance(first, TypeSpec):
        result = first.most_specific_common_supertype(others)
        if result is None:
            raise _NoSupertype
        return result
    if any(type(other) is not type(first) for other in others):
        raise _NoSupertype
    if isinstance(first, (list, tuple)):
        if any(len(other) != len(first) for other in others):
            raise _NoSupertype
        items = [_supertype(first[i], [other[i] for other in others]) for i in range(len(first))]
        return type(first)(*items) if hasattr(first, "_fields") else type(first)(items)
    if isinstance(first, Mapping):
        if any(sorted(other) != sorted(first) for other in others):
            raise _NoSupertype
        return {k: _supertype(v, [other[k] for other in others]) for k, v in first.items()}
    if any(other != first for other in others):
        raise _NoSupertype
    return first


def _mapped(function: Callable[[Any], Any], value: Any) -> Any:
    """A serialized spec with a function applied to its parts."""
    if isinstance(value, (list, tuple)):
        items = [_mapped(function, v) for v in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, Mapping):
        return {k: _mapped(function, v) for k, v in value.items()}
    return function(value)


def _comparable(value: Any) -> Any:
    """A serialized spec in a form that can be hashed and compared; shapes count as equal dimension by dimension."""
    if isinstance(value, TensorShape):
        return "shape", None if value.rank is None else tuple(value.as_list())
    if isinstance(value, (list, tuple)):
        return "items", tuple([_comparable(v) for v in value])
    if isinstance(value, Mapping):
        return "dict", tuple([(k, _comparable(value[k])) for k in sorted(value)])
    if isinstance(value, (TypeSpec, dtypes.DType)):
        return value
    return type(value), value


_converters: list[tuple[type, Callable[[Any], TypeSpec | None]]] = []


def register_type_spec_from_value_converter(type_object: type, converter_fn: Callable[[Any], TypeSpec]) -> None:
    """Makes `type_spec_from_value` use `converter_fn(value)` for values of a class; later ones come first."""
    _converters.insert(0, (type_object, converter_fn))


def type_spec_from_value(value: Any) -> TypeSpec:
    """The spec that describes a value: a tensor, a composite, or what converts to a tensor.

    Raises:
      TypeError: the value's type has no spec.
    """
    from .convert import convert_to_tensor
    from .tensor import Tensor
    from .tensor_spec import TensorSpec
    if isinstance(value, TypeSpec):
        raise _no_spec(value)
    if isinstance(value, Tensor):
        return TensorSpec(value.shape, value.dtype)
    spec = getattr(value, "_type_spec", None)
    if isinstance(spec, TypeSpec):
        return spec
    for kind, converter in _converters:
        if isinstance(value, kind) and (found := converter(value)) is not None:
            return found
    try:
        tensor = convert_to_tensor(value)
    except (TypeError, ValueError):
        raise _no_spec(value) from None
    return TensorSpec(tensor.shape, tensor.dtype)


def _no_spec(value: Any) -> TypeError:
    return TypeError(f"Could not build a TypeSpec for {value!r} of unsupported type {type(value)}.")
