"""The values behind tensors of dtype `variant`: lists of tensors, on the host and under XLA."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.host_value import HostValue

Shape = tuple[int | None, ...] | None
"""What is known of the shape of a list's elements; None for everything unknown."""

_SHORTEN, _LENGTHEN = -1, -2


def zeros(shape: Any, dtype: Any) -> np.ndarray[Any, Any]:
    """Zeros of a shape that is known."""
    return np.zeros(shape, dtype)


class ListError(ValueError):
    """A list that a compiled program cannot have: its elements differ in shape, or their number is not known."""


class HostList(HostValue):
    """An immutable list of arrays, of which the newest version is as fast as a Python list.

    A changed list takes the Python list over, and the old one remembers how it differs. Reading an old version turns the
    differences around. An element that was never set is None and stands for zeros.

    Args:
      items: the elements; the caller gives the Python list away.
      element: the NumPy dtype of the elements.
      element_shape: what is known of their shape.
      capacity: how many elements the list may get, where that is known.
    """

    __slots__ = ("_index", "_items", "_next", "_value", "capacity", "element", "element_shape")
    tensor_dtype = dtypes.variant

    def __init__(self, items: list[Any] | None, element: Any, element_shape: Shape, capacity: int | None = None) -> None:
        self._items = items
        self.element = element
        self.element_shape = element_shape
        self.capacity = capacity
        self._next: HostList | None = None
        self._index = 0
        self._value: Any = None

    @property
    def items(self) -> list[Any]:
        """The elements. Not to be changed."""
        if self._items is None:
            self._take_back()
        return self._items  # type: ignore[return-value]

    def _take_back(self) -> None:
        path = [self]
        while path[-1]._items is None:
            path.append(path[-1]._next)  # type: ignore[arg-type]
        for old, new in zip(path[-2::-1], path[:0:-1], strict=True):
            items = new._items
            assert items is not None
            if old._index == _SHORTEN:
                new._index, new._value = _LENGTHEN, items.pop()
            elif old._index == _LENGTHEN:
                items.append(old._value)
                new._index, new._value = _SHORTEN, None
            else:
                new._index, new._value = old._index, items[old._index]
                items[old._index] = old._value
            new._items, new._next = None, old
            old._items, old._next, old._value = items, None, None

    def _hand_over(self, index: int, value: Any, shape: Shape) -> HostList:
        """The next version, to which this one's list now belongs."""
        made = HostList(self._items, self.element, shape, self.capacity)
        self._items, self._next, self._index, self._value = None, made, index, value
        return made

    def set(self, index: int, value: Any) -> HostList:
        """The list with another element at a place."""
        items = self.items
        old, items[index] = items[index], value
        return self._hand_over(index, old, self.element_shape)

    def push(self, value: Any) -> HostList:
        """The list with one element more."""
        self.items.append(value)
        return self._hand_over(_SHORTEN, None, self.element_shape)

    def pop(self) -> tuple[HostList, Any]:
        """The list without its last element, and that element."""
        value = self.items.pop()
        return self._hand_over(_LENGTHEN, value, self.element_shape), value

    def like(self, items: list[Any]) -> HostList:
        """Another list of the same kind of elements."""
        return HostList(items, self.element, self.element_shape)

    def common_shape(self, shape: Shape = None) -> Shape:
        """What is known of the elements' shape: from the list, an argument and the elements that are set.

        Raises:
          InvalidArgumentError: they contradict each other.
        """
        found = merged(shape, self.element_shape)
        for item in self.items:
            if item is not None and item.shape != found:
                found = merged(found, tuple(item.shape))
        return found

    def filled(self, shape: Shape) -> list[Any]:
        """The elements, with zeros of a shape that is known for those that were never set."""
        items = self.items
        if all(item is not None for item in items):
            return items
        zero = zeros(shape, self.element)
        return [zero if item is None else item for item in items]

    def known_shape(self) -> Shape:
        """The shape of the elements as the list itself says it, or the first element that is set."""
        if known(self.element_shape):
            return self.element_shape
        first = next((item for item in self.items if item is not None), None)
        return self.element_shape if first is None else tuple(first.shape)

    def __add__(self, other: HostList) -> HostList:
        mine, theirs = self.items, other.items
        if len(mine) != len(theirs):
            raise errors.InvalidArgumentError("Trying to add two lists of tensors with different lengths. One is "
                                              f"{len(mine)} and the other is {len(theirs)}")
        if self.element != other.element:
            a, b = (dtypes.type_name(dtypes.from_numpy(d)) for d in (self.element, other.element))
            raise errors.InvalidArgumentError(f"Trying to add two lists of tensors of different dtypes. One is {a} and the "
                                              f"other is {b}")
        if not compatible(self.element_shape, other.element_shape):
            raise errors.InvalidArgumentError(
                "Trying to add two lists of tensors with incompatible element shapes. One is "
                f"{words(self.element_shape)} and the other is {words(other.element_shape)}")
        return HostList([_sum(x, y) for x, y in zip(mine, theirs, strict=True)], self.element,
                        merged(self.element_shape, other.element_shape), self.capacity)

    @property
    def size(self) -> int:
        return len(self.items)


class DeviceList(HostValue):
    """A list inside a compiled program: one array with an axis for the elements.

    Args:
      buffer: shape `[capacity, ...]`, or None as long as nothing was set and the elements' shape is unknown.
      length: the number of elements, or None where the list always has as many as its buffer.
      capacity: the size of the buffer's first axis.
      element: the NumPy dtype of the elements.
    """

    __slots__ = ("buffer", "capacity", "element", "length")
    tensor_dtype = dtypes.variant

    def __init__(self, buffer: Any, length: Any, capacity: int, element: Any) -> None:
        self.buffer = buffer
        self.length = length
        self.capacity = capacity
        self.element = element

    def with_buffer(self, buffer: Any) -> DeviceList:
        """The list with other contents."""
        return DeviceList(buffer, self.length, self.capacity, self.element)

    def ready(self, xp: Any, shape: Sequence[int | None] | None) -> Any:
        """The buffer; zeros for elements of a shape if there is none yet.

        Raises:
          ListError: the shape is not known.
        """
        if self.buffer is None:
            if shape is None or None in shape:
                raise ListError("the shape of a list's elements is not known")
            return xp.zeros((self.capacity, *shape), self.element)
        return self.buffer

    def to_host(self) -> HostList:
        """The same list for the interpreter."""
        if self.buffer is None:
            return HostList([None] * self.capacity, self.element, None, self.capacity)
        buffer = np.asarray(self.buffer)
        count = len(buffer) if self.length is None else int(self.length)
        return HostList(list(buffer[:count]), self.element, buffer.shape[1:], self.capacity)

    @property
    def size(self) -> int:
        return self.capacity


def to_device(value: HostList, xp: Any, pushed: bool = False) -> DeviceList:
    """A list of the interpreter's for a compiled program.

    Args:
      pushed: whether it is going to change its length; then it needs a capacity.

    Raises:
      ListError: its elements differ in shape, or its capacity is not known.
    """
    items = value.items
    shape = value.known_shape()
    capacity = len(items)
    length = None
    if pushed or value.capacity is not None:
        if value.capacity is None:
            raise ListError("how long a list may become is not known")
        capacity, length = value.capacity, xp.asarray(len(items), np.int32)
    if shape is None or None in shape:
        return DeviceList(None, length, capacity, value.element)
    if any(item is not None and item.shape != shape for item in items):
        raise ListError("the elements of a list differ in shape")
    buffer = zeros((capacity, *shape), value.element)
    for i, item in enumerate(items):
        if item is not None:
            buffer[i] = item
    return DeviceList(xp.asarray(buffer), length, capacity, value.element)


def on_device(value: Any, xp: Any, pushed: bool = False) -> Any:
    """A list as a compiled program has it; any other value as it is."""
    register()
    return to_device(value, xp, pushed) if isinstance(value, HostList) else value


def _sum(x: Any, y: Any) -> Any:
    """The sum of two elements, None standing for zeros."""
    if x is None or y is None:
        return y if x is None else x
    if x.shape != y.shape:
        raise errors.InvalidArgumentError("Trying to add two tensors with incompatible element shapes. One is "
                                          f"{words(x.shape)} and the other is {words(y.shape)}")
    return x + y


_registered = False


def register() -> None:
    """Tells JAX how to take a list apart, once."""
    global _registered
    if not _registered:
        _registered = True
        import jax
        jax.tree_util.register_pytree_node(
            DeviceList, lambda v: ((v.buffer, v.length), (v.capacity, v.element)),
            lambda kind, parts: DeviceList(parts[0], parts[1], *kind))


def merged(a: Shape, b: Shape) -> Shape:
    """What two descriptions of one shape say together.

    Raises:
      InvalidArgumentError: they contradict each other.
    """
    if a is None or b is None:
        return b if a is None else a
    if len(a) != len(b):
        raise errors.InvalidArgumentError(f"PartialTensorShape: Incompatible ranks during merge: {len(a)} vs. {len(b)}")
    if not compatible(a, b):
        raise errors.InvalidArgumentError(f"PartialTensorShape: Incompatible shapes during merge: {words(a)} vs. {words(b)}")
    return tuple(y if x is None else x for x, y in zip(a, b, strict=True))


def compatible(a: Shape, b: Shape) -> bool:
    """Whether one shape can fit both descriptions."""
    return a is None or b is None or (
        len(a) == len(b) and all(x is None or y is None or x == y for x, y in zip(a, b, strict=True)))


def known(shape: Shape) -> bool:
    """Whether a description leaves nothing open."""
    return shape is not None and None not in shape


def words(shape: Shape) -> str:
    """A partly known shape as TensorFlow's messages show it."""
    return "<unknown>" if shape is None else "[" + ",".join("?" if d is None else str(d) for d in shape) + "]"


def element_shape(value: Any) -> Shape:
    """The shape that an `element_shape` input describes: -1 for what is unknown."""
    array = np.asarray(value)
    if not array.ndim:
        return None
    return tuple(None if d < 0 else int(d) for d in array.tolist())
