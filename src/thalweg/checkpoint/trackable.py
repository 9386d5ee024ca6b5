"""Which objects a checkpoint follows, and by which names it reaches one from another."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.graph_variable import GraphVariable
from ..core.opdef import get_op
from ..core.variable import Variable
from ..formats.bundle import Array
from ..ops.generator import Generator
from ..ops.lookup.tables import LookupTable
from ..runtime.module import Module

VARIABLE_VALUE = "VARIABLE_VALUE"
ATTRIBUTES = ".ATTRIBUTES/"
_CONTAINERS = (list, tuple, dict)


def is_trackable(value: Any) -> bool:
    """Whether a checkpoint follows a value: variables, modules, containers, tables, and what has `_trackable_children`."""
    return isinstance(value, (Variable, Module, Generator, LookupTable, *_CONTAINERS)) or \
        (not isinstance(value, type) and hasattr(value, "_trackable_children"))


def children(value: Any) -> dict[str, Any]:
    """The objects that a checkpoint reaches from another, by the names of the edges."""
    if isinstance(value, (Variable, LookupTable)):
        return {}
    if hasattr(value, "_trackable_children"):
        found: Mapping[str, Any] = value._trackable_children()
    elif isinstance(value, (list, tuple)):
        found = dict(zip(getattr(value, "_fields", None) or map(str, range(len(value))), value, strict=True))
    elif isinstance(value, dict):
        found = value
        strange = [k for k, v in value.items() if not isinstance(k, str) and is_trackable(v)]
        if strange:
            raise ValueError(f"Unable to save the object {value} (a dictionary wrapper constructed automatically on attribute "
                             "assignment). The wrapped dictionary contains a non-string key which maps to a trackable object "
                             "or mutable data structure.\n\nIf you don't need this dictionary checkpointed, wrap it in a "
                             "non-trackable object; it will be subsequently ignored.")
    else:
        found = vars(value)
    return {name: child for name, child in found.items() if isinstance(name, str) and is_trackable(child)}


def escaped(name: str) -> str:
    """The name of an edge as a part of a tensor's name."""
    return name.replace(".", "..").replace("/", ".S")


def reachable(root: Any, attached: Mapping[str, Any]) -> Iterator[tuple[Any, tuple[str, ...], dict[str, Any]]]:
    """Every object from a root on, breadth first: the object, the path to it, its children.

    Args:
      attached: further children of the root.
    """
    seen = {id(root)}
    queue: list[tuple[Any, tuple[str, ...]]] = [(root, ())]
    for at, path in queue:
        below = children(at)
        if not path:
            below = {**below, **attached}
        yield at, path, below
        for name, child in below.items():
            if id(child) not in seen:
                seen.add(id(child))
                queue.append((child, (*path, name)))


def variable_name(variable: Any) -> str:
    """The name of a variable as checkpoints know it."""
    path = getattr(variable, "path", None)
    return str(path) if isinstance(path, str) else str(variable.name).rpartition(":")[0] or str(variable.name)


class Part:
    """The tensors of one object in a checkpoint.

    Args:
      owner: a variable or a table.
      suffixes: what follows the key in the names of its tensors.
    """

    def __init__(self, owner: Any, attribute: str, suffixes: tuple[str, ...]) -> None:
        self.owner = owner
        self.attribute = attribute
        self.suffixes = suffixes

    @property
    def in_session(self) -> bool:
        """Whether a session holds the value."""
        return isinstance(self.owner, GraphVariable)

    def values(self, session: Any = None) -> list[tuple[Array, dtypes.DType]]:
        """The present tensors."""
        if self.attribute == VARIABLE_VALUE:
            if self.in_session:
                return [(as_array(session.run(self.owner), self.owner.dtype), self.owner.dtype)]
            return [(self.owner._tensor._value, self.owner.dtype)]
        return [(t._value, t.dtype) for t in self.owner.export()]

    def check(self, arrays: list[Array], names: list[str]) -> None:
        """Raises what speaks against these new tensors.

        Raises:
          ValueError: another shape than the variable's.
          InvalidArgumentError: another dtype.
        """
        if self.attribute == VARIABLE_VALUE:
            wanted = [self.owner.dtype.base_dtype]
        else:
            wanted = [self.owner.key_dtype, self.owner.value_dtype]
        for array, dtype, name in zip(arrays, wanted, names, strict=True):
            found = dtypes.from_numpy(array.dtype)
            if dtype.is_quantized:
                continue
            if found is not dtype:
                raise errors.InvalidArgumentError(
                    None, None, f"tensor_name = {name}; expected dtype {dtypes.type_name(dtype)} does not equal original "
                                f"dtype {dtypes.type_name(found)}")
        if self.attribute == VARIABLE_VALUE and not self.owner.shape.is_compatible_with(arrays[0].shape):
            raise ValueError(f"Received incompatible tensor with shape {arrays[0].shape} when attempting to restore variable "
                             f"with shape {self.owner.shape} and name {self.owner.name}.")

    def assign(self, arrays: list[Array], session: Any = None) -> None:
        """Takes over new tensors, which were checked."""
        if self.attribute != VARIABLE_VALUE:
            keys, values = map(convert_to_tensor, arrays)
            apply(get_op("LookupTableImportV2"), (self.owner._handle, keys, values))
        elif self.in_session:
            self.owner.load(arrays[0], session)
        else:
            self.owner.assign(convert_to_tensor(arrays[0], self.owner.dtype))


def as_array(value: Any, dtype: dtypes.DType) -> Array:
    """What a session returned as an array; text keeps its zeros."""
    if dtype is not dtypes.string:
        return np.asarray(value)
    if isinstance(value, np.ndarray) and value.dtype == object:
        return value
    out = np.empty((), object)
    out[()] = value
    return out


def part_of(value: Any) -> Part | None:
    """The tensors of an object itself, if it has any."""
    if isinstance(value, Variable):
        return Part(value, VARIABLE_VALUE, ("",))
    if isinstance(value, LookupTable) and hasattr(value, "insert"):
        return Part(value, "table", ("-keys", "-values"))
    return None
