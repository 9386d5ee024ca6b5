"""The fields of extension types: which annotations they may have, and how values become what these say."""
from __future__ import annotations

import collections.abc
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from . import dtypes
from .convert import convert_to_tensor
from .nest import CompositeTensor
from .shape import TensorShape
from .tensor import Tensor
from .type_spec import TypeSpec

_PLAIN = (int, float, str, bytes, bool, type(None))

_RESERVED = frozenset((
    "self", "Spec", "_type_spec", "_shape_invariant_to_type_spec", "_consumers", "value_type", "is_compatible_with",
    "most_specific_compatible_type", "_with_tensor_ranks_only", "_to_components", "_from_components", "_component_specs",
    "_to_tensor_list", "_from_tensor_list", "_from_compatible_tensor_list", "_flat_tensor_specs", "_serialize",
    "_deserialize", "_to_legacy_output_types", "_to_legacy_output_shapes", "_to_legacy_output_classes", "_keras_mask"))


class _Missing:
    """What stands for a default that there is not."""

    def __repr__(self) -> str:
        return "no default"


NO_DEFAULT: Any = _Missing()


class ImmutableDict(collections.abc.Mapping[Any, Any]):
    """A mapping that does not change: what fields annotated as mappings hold."""

    __slots__ = ("_items",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._items = dict(*args, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"ImmutableDict({self._items})"

    def __hash__(self) -> int:
        return hash(tuple(self._items.items()))


class Field(NamedTuple):
    """A field of an extension type: its name, its annotation, and its default or `NO_DEFAULT`."""

    name: str
    annotation: Any
    default: Any = NO_DEFAULT


def is_reserved(name: str) -> bool:
    """Whether an extension type may not have a field of this name."""
    return name in _RESERVED or name.lower().startswith("_tf_extension_type")


def field(name: str, annotation: Any, default: Any) -> Field:
    """A field, its annotation checked and its default converted; an annotation that is still text is left for later.

    Raises:
      TypeError: the annotation is not supported, or the default does not fit it.
    """
    try:
        _check(annotation, False)
    except TypeError as error:
        raise TypeError(f"In field {name!r}: {error}") from error
    if default is not NO_DEFAULT and not isinstance(annotation, str):
        default = _convert(default, annotation, f"default value for {name}", _as_default)
    return Field(name, annotation, default)


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)


def _is_composite(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, CompositeTensor)


def _check(annotation: Any, in_key: bool) -> None:
    """Raises TypeError for an annotation that is not supported. A forward reference is checked when it is resolved."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, (str, typing.ForwardRef)) or annotation is None or annotation in (*_PLAIN, dtypes.DType):
        return
    if annotation in (Tensor, TensorShape) or _is_composite(annotation):
        if in_key:
            raise TypeError(f"Mapping had a key {annotation.__name__!r} with type {type(annotation).__name__!r}")
    elif origin is tuple or _is_union(annotation):
        for arg in args:
            if arg is not Ellipsis:
                _check(arg, in_key)
    elif origin is collections.abc.Mapping:
        _check(args[0], True)
        _check(args[1], in_key)
    else:
        name = annotation.__name__ if isinstance(annotation, type) and origin is None else annotation
        raise TypeError(f"Unsupported type annotation {name!r}")


# How tensors and composites are converted, which depends on what the fields are for.

_Convert = Callable[[Any, Any, str], Any]


def _got(path: str, expected: str, value: Any) -> TypeError:
    return TypeError(f"{path}: expected {expected}, got {type(value).__name__!r}")


def _as_value(value: Any, annotation: Any, path: str) -> Any:
    """A tensor or composite, for an object."""
    if annotation is not Tensor:
        if not isinstance(value, annotation):
            raise _got(path, repr(annotation.__name__), value)
        return value
    try:
        return convert_to_tensor(value)
    except (TypeError, ValueError) as error:
        raise _got(path, "a Tensor", value) from error


def _as_default(value: Any, annotation: Any, path: str) -> Any:
    """The default of a tensor, which stays as it is: each object converts it where it is made."""
    return value if annotation is Tensor else _as_value(value, annotation, path)


def _as_spec(value: Any, annotation: Any, path: str) -> Any:
    """The spec of a tensor or composite, for a spec of objects."""
    kind = value.value_type if isinstance(value, TypeSpec) else None
    if annotation is Tensor:
        if kind is not Tensor:
            raise _got(path, "a TensorSpec", value)
    elif not (isinstance(kind, type) and issubclass(kind, annotation)):
        raise _got(path, f"a TypeSpec for {annotation.__name__!r}", value)
    return value


def _convert(value: Any, annotation: Any, path: str, leaf: _Convert) -> Any:
    if annotation is None:
        annotation = type(None)
    if annotation is Tensor or _is_composite(annotation):
        return leaf(value, annotation, path)
    for kind, name, convert in ((TensorShape, "tf.TensorShape", TensorShape), (dtypes.DType, "tf.DType", dtypes.as_dtype)):
        if annotation is kind:
            try:
                return value if isinstance(value, kind) else convert(value)
            except TypeError as error:
                raise _got(path, repr(name), value) from error
    if annotation in _PLAIN:
        if not isinstance(value, annotation):
            raise _got(path, repr(annotation.__name__), value)
        return value
    args = typing.get_args(annotation)
    if typing.get_origin(annotation) is tuple:
        return _tuple(value, args, path, leaf)
    if typing.get_origin(annotation) is collections.abc.Mapping:
        if not isinstance(value, Mapping):
            raise _got(path, "mapping", value)
        return ImmutableDict({_convert(k, args[0], path + "[<key>]", leaf): _convert(v, args[1], f"{path}[{k!r}]", leaf)
                              for k, v in value.items()})
    if _is_union(annotation):
        for option in args:
            try:
                return _convert(value, option, path, leaf)
            except TypeError:
                pass
        raise _got(path, repr(annotation), value)
    raise TypeError(f"{path}: Unsupported type annotation {annotation!r}")


def _tuple(value: Any, kinds: tuple[Any, ...], path: str, leaf: _Convert) -> tuple[Any, ...]:
    if not isinstance(value, Sequence):
        raise _got(path, "tuple", value)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    if len(value) != len(kinds):
        raise TypeError(f"{path}: expected tuple with length {len(kinds)}, got {type(value).__name__!r})")
    return tuple([_convert(v, kind, f"{path}[{i}]", leaf) for i, (v, kind) in enumerate(zip(value, kinds, strict=True))])


def convert_fields(fields: Sequence[Field], values: dict[str, Any], specs: bool = False) -> None:
    """Converts the values of all fields in place, to values or to specs of them.

    Raises:
      ValueError: a field without a value, or a value without a field.
      TypeError: a value that does not fit its annotation.
    """
    names = {f.name for f in fields}
    if extra := set(values) - names:
        raise ValueError(f"Got unexpected fields: {extra}")
    if missing := names - set(values):
        raise ValueError(f"Missing required fields: {missing}")
    values.update({f.name: _convert(values[f.name], f.annotation, f.name, _as_spec if specs else _as_value) for f in fields})
