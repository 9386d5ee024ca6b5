"""The structure of elements: tuples and dicts of leaves.

Unlike in `tf.nest`, a list is a leaf: it stands for the tensor that it converts to.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import thalweg as tf

Leaves = tuple[Any, ...]
"""The leaves of one element from left to right: tensors, composites, data sets, None."""


def leaf(value: Any) -> Any:
    """A value as a leaf of an element: tensors, composites and data sets as they are, anything else as a tensor."""
    if value is None or tf.is_tensor(value) or isinstance(getattr(value, "_type_spec", None), tf.TypeSpec):
        return value
    if isinstance(value, tf.compat.v1.SparseTensorValue):
        return tf.SparseTensor.from_value(value)
    return tf.convert_to_tensor(value)


def map_leaves(function: Callable[[Any], Any], value: Any) -> Any:
    """The structure of `value` with a function applied to each leaf."""
    if isinstance(value, tuple):
        items = [map_leaves(function, v) for v in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, Mapping):
        made = {k: map_leaves(function, value[k]) for k in value}
        return made if type(value) is dict else type(value)(made)  # type: ignore[call-arg]
    if hasattr(type(value), "__attrs_attrs__"):
        names = [a.name for a in type(value).__attrs_attrs__]
        return type(value)(*[map_leaves(function, getattr(value, n)) for n in names])
    return function(value)


def normalized(element: Any) -> Any:
    """An element with tensors in the places of arrays, numbers and lists."""
    return map_leaves(leaf, element)


def flatten(element: Any) -> Leaves:
    """The leaves of a normalized element, or the leaves of its spec."""
    if isinstance(element, (tuple, dict)) or hasattr(type(element), "__attrs_attrs__"):
        return tuple(tf.nest.flatten(element))
    return (element,)


def packer(spec: Any) -> Callable[[Leaves], Any]:
    """What puts leaves into the structure of a spec."""
    if type(spec) is tuple and not any(isinstance(s, (tuple, dict)) or hasattr(type(s), "__attrs_attrs__") for s in spec):
        return tuple
    if isinstance(spec, (tuple, dict)) or hasattr(type(spec), "__attrs_attrs__"):
        return lambda leaves: tf.nest.pack_sequence_as(spec, list(leaves))
    return lambda leaves: leaves[0]


def spec_of(element: Any) -> Any:
    """The spec of a normalized element."""
    def one(value: Any) -> Any:
        return NoneTensorSpec() if value is None else tf.type_spec_from_value(value)
    return map_leaves(one, element)


class NoneTensorSpec(tf.TypeSpec):  # type: ignore[misc]
    """The spec of a place that holds nothing."""

    __slots__ = ()

    @property
    def value_type(self) -> Any:
        return type(None)

    def _serialize(self) -> tuple[Any, ...]:
        return ()

    @property
    def _component_specs(self) -> Any:
        return []

    def _to_components(self, value: Any) -> Any:
        return []

    def _from_components(self, components: Any) -> Any:
        return None

    def _batch(self, batch_size: int | None) -> NoneTensorSpec:
        return self

    def _unbatch(self) -> NoneTensorSpec:
        return self

    def _to_legacy_output_types(self) -> Any:
        return self

    _to_legacy_output_shapes = _to_legacy_output_classes = _to_legacy_output_types

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Whether this is nothing, too."""
        return spec_or_value is None or isinstance(spec_or_value, NoneTensorSpec)


def bad(message: str, op: str) -> Exception:
    """An InvalidArgumentError as the operation `op` raises it."""
    return tf.errors.InvalidArgumentError(None, None, f"{message} [Op:{op}] name: ")


def same_types(a: Any, b: Any) -> bool:
    """Whether two specs have one structure, with leaves of the same classes and dtypes."""
    try:
        tf.nest.assert_same_structure(a, b)
    except (TypeError, ValueError):
        return False
    return all(type(x) is type(y) and getattr(x, "dtype", None) == getattr(y, "dtype", None)
               for x, y in zip(flatten(a), flatten(b), strict=True))


def wider(a: Any, b: Any) -> Any:
    """The narrowest spec that covers two specs of the same types.

    Raises:
      TypeError: there is none.
    """
    def one(x: Any, y: Any) -> Any:
        if isinstance(x, tf.TensorSpec) and isinstance(y, tf.TensorSpec):
            return tf.TensorSpec(x.shape.most_specific_compatible_shape(y.shape), x.dtype)
        found = x.most_specific_common_supertype([y])
        if found is None:
            raise TypeError(f"No common supertype of {x} and {y}.")
        return found
    return packer(a)(tuple(one(x, y) for x, y in zip(flatten(a), flatten(b), strict=True)))


def ready(leaves: Leaves) -> bool:
    """Whether leaves hold values: no tensor of a graph is among them."""
    return not any(tf.is_symbolic_tensor(t) for x in leaves if x is not None
                   for t in (tf.nest.flatten(x, expand_composites=True) if tf.is_tensor(x) else ()))
