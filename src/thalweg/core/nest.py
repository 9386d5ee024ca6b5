"""Nested structures: what `tf.nest` does with lists, tuples, dicts and their kin.

A *structure* is a leaf, or a container of structures. Containers are sequences (but not `str` and `bytes`), mappings
(visited in the order of their sorted keys), views of mappings, classes made by `attrs`, and classes that say through
`__tf_flatten__() -> (metadata, components)` and `__tf_unflatten__(metadata, components)` how to take them apart.
Everything else is a leaf: arrays, tensors, sets, ordinary data classes.

With `expand_composites=True`, a `CompositeTensor` counts as the container of its components, and so does its type
specification (any object with `_to_components`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MappingView, MutableMapping, Sequence
from itertools import pairwise
from typing import Any

__all__ = [
    "CompositeTensor",
    "assert_same_structure",
    "flatten",
    "flatten_with_path",
    "is_nested",
    "map_structure",
    "map_structure_with_path",
    "pack_sequence_as",
]


class CompositeTensor:
    """Base of values that are made of several tensors, such as ragged and sparse ones.

    `_type_spec` describes the value's type, takes it apart (`_to_components(value)`), describes the parts
    (`_component_specs`), and puts a value together (`_from_components(components)`).
    """

    __slots__ = ()

    @property
    def _type_spec(self) -> Any:
        raise NotImplementedError(f"{type(self).__name__}._type_spec")

    def _gradient_parts(self) -> list[Any]:
        """The tensors that have gradients, where such values can be sources or targets of gradients.

        Raises:
          ValueError: they cannot.
        """
        raise ValueError(f"Type {type(self).__name__} is not supported as a gradient source or gradient target.")

    def _with_gradients(self, gradients: list[Any]) -> Any:
        """The gradient of such a value, from those of its parts."""
        raise ValueError(f"Type {type(self).__name__} is not supported as a gradient source or gradient target.")

    def _session_value(self, arrays: list[Any]) -> Any:
        """What a session returns for such a value, made of the arrays of its tensors."""
        spec = self._type_spec
        return spec._from_components(pack_sequence_as(spec._component_specs, arrays, expand_composites=True))

    def _feed_values(self, value: Any) -> list[Any]:
        """The arrays for the tensors of such a value, from what a session is fed for it."""
        return flatten(value, expand_composites=True)

    def _shape_invariant_to_type_spec(self, shape: Any) -> Any:
        """The spec for the shape that a loop's `shape_invariants` give for such a value."""
        raise NotImplementedError(f"{type(self).__name__}._shape_invariant_to_type_spec")

    @classmethod
    def _form(cls, key: str) -> Callable[..., Any] | None:
        """What a public function (`ops.arrays.concat`) does with such values; None where it takes only tensors."""
        return None

    @classmethod
    def _unary(cls, op: Any, x: Any, name: str | None) -> Any:
        """An operation of one tensor, element by element; NotImplemented where it has no meaning."""
        return NotImplemented

    @classmethod
    def _binary(cls, op: Any, x: Any, y: Any, name: str | None) -> Any:
        """An operation of two arguments that broadcast, at least one of them such a value; or NotImplemented."""
        return NotImplemented


_LEAF, _SEQUENCE, _NAMED, _MAPPING, _VIEW, _ATTRS, _CUSTOM, _COMPOSITE, _SPEC = range(9)

_KINDS: dict[type, int] = {}  # what each type met so far is


def _kind_of(cls: type) -> int:
    try:
        return _KINDS[cls]
    except KeyError:
        if len(_KINDS) > 10_000:  # somebody makes classes without end: do not keep them alive
            _KINDS.clear()
        kind = _KINDS[cls] = _classify(cls)
        return kind


def _classify(cls: type) -> int:
    if issubclass(cls, CompositeTensor):
        return _COMPOSITE
    if hasattr(cls, "_to_components"):
        return _SPEC
    if issubclass(cls, str | bytes):
        return _LEAF
    if hasattr(cls, "__tf_flatten__") and hasattr(cls, "__tf_unflatten__"):
        return _CUSTOM
    if hasattr(cls, "__attrs_attrs__"):
        return _ATTRS
    if issubclass(cls, Mapping):
        return _MAPPING
    if issubclass(cls, Sequence):
        return _NAMED if _is_named_tuple(cls) else _SEQUENCE
    if issubclass(cls, MappingView):
        return _VIEW
    return _LEAF


def _is_named_tuple(cls: type) -> bool:
    fields = getattr(cls, "_fields", None)
    return issubclass(cls, tuple) and isinstance(fields, tuple) and all(isinstance(name, str) for name in fields)


def _container_kind(structure: Any, expand_composites: bool) -> int:
    """The kind of container that `structure` is, or `_LEAF`."""
    kind = _kind_of(type(structure))
    if kind >= _COMPOSITE and (
        not expand_composites or (kind == _SPEC and structure._component_specs is structure)  # a tensor's spec
    ):
        return _LEAF
    return kind


def _sorted_keys(structure: Mapping[Any, Any]) -> list[Any]:
    try:
        return sorted(structure)
    except TypeError as error:
        raise TypeError("nest only supports dicts with sortable keys.") from error


def _children(kind: int, structure: Any) -> Iterable[Any]:
    """The parts of a container, in order."""
    if kind == _MAPPING:
        return [structure[key] for key in _sorted_keys(structure)]
    if kind == _ATTRS:
        return [getattr(structure, attribute.name) for attribute in structure.__attrs_attrs__]
    if kind == _CUSTOM:
        return structure.__tf_flatten__()[1]  # type: ignore[no-any-return]
    if kind == _COMPOSITE:
        return (structure._type_spec._to_components(structure),)
    if kind == _SPEC:
        return (structure._component_specs,)
    return structure  # type: ignore[no-any-return]


def _labels(kind: int, structure: Any) -> Iterator[Any]:
    """What leads to each part of a container: an index, key or field name."""
    if kind == _MAPPING:
        return iter(_sorted_keys(structure))
    if kind == _NAMED:
        return iter(structure._fields)
    if kind == _ATTRS:
        return (attribute.name for attribute in structure.__attrs_attrs__)
    return iter(range(len(list(_children(kind, structure)))))


def _rebuild(kind: int, model: Any, children: list[Any]) -> Any:
    """A container like `model` with other parts."""
    cls = type(model)
    if cls is list or kind == _VIEW or cls is range:
        return children
    if kind == _SEQUENCE:
        return cls(children)
    if kind in (_NAMED, _ATTRS):
        return cls(*children)
    if kind == _MAPPING:
        return _rebuild_mapping(model, dict(zip(_sorted_keys(model), children, strict=True)))
    if kind == _CUSTOM:
        return cls.__tf_unflatten__(model.__tf_flatten__()[0], tuple(children))
    spec = model._type_spec if kind == _COMPOSITE else model
    return spec._from_components(children[0])


def _rebuild_mapping(model: Any, values: dict[Any, Any]) -> Any:
    cls = type(model)
    if cls is dict:
        return {key: values[key] for key in model}
    if issubclass(cls, MutableMapping):
        result = cls(model.default_factory) if issubclass(cls, defaultdict) else cls()
        for key in model:
            result[key] = values[key]
        return result
    try:
        return cls((key, values[key]) for key in model)
    except TypeError as error:
        raise TypeError(
            f"Error creating an object of type {cls} like {model}. Note that it must accept a single positional "
            f"argument representing an iterable of key-value pairs, in addition to self. Cause: {error}"
        ) from error


def is_nested(seq: Any) -> bool:
    """Whether `seq` is a container of structures."""
    return _container_kind(seq, False) != _LEAF


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """The leaves of `structure` from left to right, dicts in the order of their sorted keys.

    Raises:
      TypeError: if a dict's keys cannot be sorted.
    """
    cls = type(structure)
    if cls is list or cls is tuple:
        for item in structure:
            if _KINDS.get(type(item), 1):  # a container, or a type not met yet
                break
        else:
            return list(structure)
    leaves: list[Any] = []
    _flatten_into(structure, expand_composites, leaves)
    return leaves


def _flatten_into(structure: Any, expand_composites: bool, leaves: list[Any]) -> None:
    kind = _container_kind(structure, expand_composites)
    if kind == _LEAF:
        leaves.append(structure)
    else:
        for child in _children(kind, structure):
            _flatten_into(child, expand_composites, leaves)


def flatten_with_path(structure: Any, expand_composites: bool = False) -> list[tuple[tuple[Any, ...], Any]]:
    """`(path, leaf)` for every leaf; the path is a tuple of indices, keys and field names."""
    return list(_walk(structure, expand_composites, ()))


def _walk(structure: Any, expand: bool, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    kind = _container_kind(structure, expand)
    if kind == _LEAF:
        yield path, structure
    else:
        for label, child in zip(_labels(kind, structure), _children(kind, structure), strict=True):
            yield from _walk(child, expand, (*path, label))


def map_structure(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """`func` applied leaf by leaf; the result has the structure of the first argument.

    Args:
      func: takes one leaf of each structure.
      *structure: structures of the same form.
      **kwargs: `check_types` (default True) and `expand_composites` (default False).

    Raises:
      TypeError: if `func` cannot be called, or containers differ in type while `check_types`.
      ValueError: if the structures differ in form, or no structure or an unknown keyword is given.
    """
    check_types, expand = _map_options(func, structure, kwargs)
    if len(structure) == 1:
        return _map_one(func, structure[0], expand)
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types=check_types, expand_composites=expand)
    flat = [flatten(one, expand) for one in structure]
    return pack_sequence_as(structure[0], [func(*leaves) for leaves in zip(*flat, strict=True)], expand)


def map_structure_with_path(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """As `map_structure`, but `func` takes the leaf's path (a tuple, as of `flatten_with_path`) before the leaves."""
    check_types, expand = _map_options(func, structure, kwargs)
    for a, b in pairwise(structure):
        assert_same_structure(a, b, check_types=check_types, expand_composites=expand)
    paths = [path for path, _ in flatten_with_path(structure[0], expand)]
    flat = [flatten(one, expand) for one in structure]
    return pack_sequence_as(structure[0], [func(*items) for items in zip(paths, *flat, strict=True)], expand)


def _map_options(func: Any, structures: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[bool, bool]:
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structures:
        raise ValueError("Must provide at least one structure")
    if not kwargs:
        return True, False
    if unknown := kwargs.keys() - {"check_types", "expand_composites"}:
        names = "`, `".join(sorted(unknown))
        raise ValueError(f"Only valid keyword arguments are `check_types` and `expand_composites`, not: `{names}`")
    return kwargs.get("check_types", True), kwargs.get("expand_composites", False)


def _map_one(func: Callable[[Any], Any], structure: Any, expand: bool) -> Any:
    kind = _container_kind(structure, expand)
    if kind == _LEAF:
        return func(structure)
    return _rebuild(kind, structure, [_map_one(func, child, expand) for child in _children(kind, structure)])


def pack_sequence_as(structure: Any, flat_sequence: Any, expand_composites: bool = False) -> Any:
    """The leaves in `flat_sequence` arranged like `structure`, the inverse of `flatten`.

    Raises:
      TypeError: if `flat_sequence` is no container.
      ValueError: if it has not as many elements as `structure` has leaves.
    """
    if not is_nested(flat_sequence):
        raise TypeError(
            f"Attempted to pack value:\n  {flat_sequence}\ninto a structure, but found incompatible type "
            f"`{type(flat_sequence)}` instead."
        )
    flat = [flat_sequence[i] for i in range(len(flat_sequence))]
    if _container_kind(structure, expand_composites) == _LEAF:
        if len(flat) != 1:
            raise ValueError(
                f"The target structure is of type `{type(structure)}`\n  {structure}\nHowever the input is a sequence "
                f"({type(flat_sequence)}) of length {len(flat)}.\n  {flat_sequence}\nnest cannot guarantee that it is "
                "safe to map one to the other."
            )
        return flat[0]
    leaves = iter(flat)
    try:
        packed = _map_one(lambda _: _next(leaves), structure, expand_composites)
        complete = next(leaves, _END) is _END
    except _Exhausted:
        complete = False
    if not complete:
        raise ValueError(
            f"Could not pack sequence. Structure had {len(flatten(structure, expand_composites))} atoms, but "
            f"flat_sequence had {len(flat)} items.  Structure: {structure}, flat_sequence: {flat_sequence}."
        )
    return packed


_END = object()


class _Exhausted(Exception):
    """There were fewer leaves than the structure has places for."""


def _next(leaves: Iterator[Any]) -> Any:
    leaf = next(leaves, _END)
    if leaf is _END:
        raise _Exhausted
    return leaf


def assert_same_structure(nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False) -> None:
    """Raises unless both structures have the same form.

    With `check_types`, containers at the same place must be of one type, except that lists may be of different
    subclasses, mappings of different classes if their keys agree, and namedtuples of different classes if their names
    and fields agree.

    Raises:
      ValueError: if the structures differ in form.
      TypeError: if only the types of their containers differ.
    """
    try:
        _check_same(nest1, nest2, check_types, expand_composites)
    except _Difference as difference:
        error, reason = difference.args
    else:
        return
    raise error(
        "The two structures don't have the same nested structure.\n\n"
        f"First structure: {_describe(nest1)}\n\nSecond structure: {_describe(nest2)}\n\n"
        f"More specifically: {reason}\n"
        f"Entire first structure:\n{_outline(nest1)}\nEntire second structure:\n{_outline(nest2)}"
    )


class _Difference(Exception):
    """Carries the class and the text of the error to raise."""


def _check_same(a: Any, b: Any, check_types: bool, expand: bool) -> None:
    kind_a, kind_b = _container_kind(a, expand), _container_kind(b, expand)
    if kind_a == _LEAF or kind_b == _LEAF:
        if kind_a != kind_b:
            nested, leaf = (a, b) if kind_b == _LEAF else (b, a)
            raise _Difference(
                ValueError,
                f'Substructure "{_describe(nested)}" is a sequence, while substructure "{_describe(leaf)}" is not',
            )
        return
    if check_types:
        _check_types(kind_a, a, kind_b, b)
    children_a, children_b = list(_children(kind_a, a)), list(_children(kind_b, b))
    if len(children_a) != len(children_b):
        raise _Difference(
            ValueError,
            "The two structures don't have the same number of elements. "
            f"First structure: {_describe(a)}. Second structure: {_describe(b)}",
        )
    for child_a, child_b in zip(children_a, children_b, strict=True):
        _check_same(child_a, child_b, check_types, expand)


def _check_types(kind_a: int, a: Any, kind_b: int, b: Any) -> None:
    if kind_a == kind_b == _MAPPING:
        if set(a) != set(b):
            raise _Difference(
                ValueError,
                "The two dictionaries don't have the same set of keys. First structure has keys "
                f"{_describe(list(a))}, while second structure has keys {_describe(list(b))}",
            )
        return
    if kind_a >= _COMPOSITE and kind_b >= _COMPOSITE:
        specs = [s if k == _SPEC else s._type_spec for k, s in ((kind_a, a), (kind_b, b))]
        if not specs[0].is_compatible_with(specs[1]):
            texts = " vs. ".join(map(_describe, specs))
            raise _Difference(ValueError, f"Incompatible CompositeTensor TypeSpecs: {texts}")
        return
    cls_a, cls_b = type(a), type(b)
    if cls_a is cls_b or (isinstance(a, list) and isinstance(b, list)):
        return
    if kind_a == kind_b == _NAMED and cls_a.__name__ == cls_b.__name__ and a._fields == b._fields:
        return
    raise _Difference(
        TypeError,
        f"The two namedtuples don't have the same sequence type. First structure {_describe(a)} has type "
        f"{cls_a.__name__}, while second structure {_describe(b)} has type {cls_b.__name__}",
    )


def _describe(value: Any) -> str:
    return f"type={type(value).__name__} str={value}"


class _Dot:
    """Stands for a leaf in the outline of a structure."""

    def __repr__(self) -> str:
        return "."


def _outline(structure: Any) -> str:
    try:
        return str(_map_one(lambda _: _Dot(), structure, False))
    except Exception:  # a class that does not accept such parts
        return str(structure)
