"""Arguments and results that are made of several tensors: taken apart by their specs, and put together again."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import nest
from ..core.shape import TensorShape
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import TypeSpec


def is_composite_spec(x: Any) -> bool:
    """Whether `x` is the spec of a value made of several tensors."""
    return isinstance(x, TypeSpec) and not isinstance(x, TensorSpec)


def modelled(structure: Any, signature: Sequence[Any] | None = None) -> Any:
    """A nest with specs in the places of composites: their own, or those of a function's input signature."""
    if any(isinstance(x, nest.CompositeTensor) for x in nest.flatten(structure)):
        structure = nest.map_structure(lambda x: x._type_spec if isinstance(x, nest.CompositeTensor) else x, structure)
    if signature is None or not any(map(is_composite_spec, nest.flatten(signature))):
        return structure
    count = min(len(signature), len(structure))
    return (*[_with_specs(signature[i], structure[i]) for i in range(count)], *structure[count:])


def _with_specs(spec: Any, model: Any) -> Any:
    if isinstance(spec, TypeSpec):
        return spec if is_composite_spec(spec) else model
    specs = nest.flatten(spec)
    return nest.pack_sequence_as(model, [_with_specs(s, m) for s, m in zip(specs, nest.flatten(model), strict=True)]) \
        if nest.is_nested(model) else model


def flattened(arguments: Any, model: Any, leaf: Callable[[Any], Any]) -> tuple[list[Any], list[TensorShape | None]]:
    """The flat leaves of arguments, and the shapes that composites' specs give for theirs; None for other leaves."""
    leaves: list[Any] = []
    shapes: list[TensorShape | None] = []
    for value, kind in zip(nest.flatten(arguments), nest.flatten(model), strict=True):
        if is_composite_spec(kind):
            leaves += [leaf(x) for x in nest.flatten(value, expand_composites=True)]
            shapes += [spec.shape if isinstance(spec, TensorSpec) else None for spec in kind.flatten()]
        else:
            leaves.append(leaf(value))
            shapes.append(None)
    return leaves, shapes


def described(model: Any, flat: Sequence[Any]) -> Any:
    """A model with descriptions of its flat tensors in their places; composites are described by their specs."""
    rest = iter(flat)

    def one(x: Any) -> Any:
        if is_composite_spec(x):
            for _ in x.flatten():
                next(rest)
            return x
        return next(rest)
    leaves = [one(x) for x in nest.flatten(model)]
    return nest.pack_sequence_as(model, leaves) if nest.is_nested(model) else leaves[0]


def parts_listed(model: Any, flat: Sequence[Any]) -> Any:
    """A model with its flat tensors in their places; those of a composite in a list."""
    rest = iter(flat)
    leaves = [[next(rest) for _ in x.flatten()] if is_composite_spec(x) else next(rest) for x in nest.flatten(model)]
    return nest.pack_sequence_as(model, leaves) if nest.is_nested(model) else leaves[0]


def widened(model: Any, before: Any) -> Any:
    """A model that covers two: common supertypes in the places of composites; the first where there are none."""
    def one(new: Any, old: Any) -> Any:
        if not is_composite_spec(new) or not is_composite_spec(old):
            return new
        both = new.most_specific_common_supertype([old])
        return new if both is None else both
    return nest.pack_sequence_as(model, [one(n, o) for n, o in zip(nest.flatten(model), nest.flatten(before), strict=True)])


def fits(spec: Any, value: Any) -> str:
    """What keeps a value from being a composite of a spec's kind, or nothing."""
    try:
        parts = nest.flatten(spec._to_components(value), expand_composites=True)
    except (AttributeError, TypeError, ValueError) as error:
        return str(error)
    for wanted, part in zip(spec.flatten(), parts, strict=True):
        if isinstance(wanted, TensorSpec) and isinstance(part, Tensor) and not wanted.is_compatible_with(part):
            return f"Can not cast {TensorSpec(part.shape, part.dtype)} to {wanted}"
    return ""
