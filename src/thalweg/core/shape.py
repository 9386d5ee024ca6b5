"""Static shapes: `TensorShape`, of which sizes or even the rank may be unknown."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, SupportsIndex, overload

from .dimension import Dim, Dimension, Dims, as_dim, as_dimension, dimension_value

__all__ = [
    "Dimension",
    "FirstVersionShape",
    "TensorShape",
    "as_dimension",
    "as_shape",
    "broadcast_static",
    "dimension_at_index",
    "dimension_value",
    "set_v2_behavior",
    "unknown_shape",
]

_asked: bool | None = None
"""What the program asked for in so many words: sizes (True), `Dimension`s (False), or nothing."""


def set_v2_behavior(enabled: bool | None) -> None:
    """Whether indexing and iterating a `TensorShape` gives `int | None` (True) or `Dimension`, as TensorFlow 1 did.

    Unless told (None), `Dimension`s are what shapes of tensors that `thalweg.v1` builds give, and no others.
    """
    global _asked
    _asked = enabled


def _inside() -> bool:
    """Whether the library itself indexes or iterates a shape: it gets plain sizes, whatever the program asked for."""
    caller: str = sys._getframe(2).f_globals.get("__name__", "")
    return caller.startswith("thalweg.")


class TensorShape:
    """The shape of a tensor as far as it is known: `TensorShape([2, None])`; `TensorShape(None)` has unknown rank.

    Args:
      dims: sizes (an int, None or `Dimension` each), one size, another `TensorShape`, or None for unknown rank.

    Raises:
      TypeError: if a size is no integer.
      ValueError: if a size is negative.
    """

    __slots__ = ("_dims",)
    _dims: Dims | None
    _first_version = False

    def __init__(self, dims: Any) -> None:
        if type(dims) is tuple or type(dims) is list:
            self._dims = tuple([d if type(d) is int and d >= 0 else as_dim(d) for d in dims])
        elif dims is None:
            self._dims = None
        elif isinstance(dims, TensorShape):
            self._dims = dims._dims
        else:
            self._dims = _dims_of(dims)

    @classmethod
    def of(cls, dims: Dims | None) -> TensorShape:
        """The shape with these sizes, which are not checked."""
        shape = object.__new__(cls)
        shape._dims = dims
        return shape

    def _gives_sizes(self) -> bool:
        return not self._first_version if _asked is None else _asked

    @property
    def rank(self) -> int | None:
        """The number of dimensions, or None."""
        return None if self._dims is None else len(self._dims)

    ndims = rank

    @property
    def dims(self) -> list[Dimension] | None:
        """The sizes as a list of `Dimension`, or None where the rank is unknown."""
        return None if self._dims is None else [Dimension(d) for d in self._dims]

    def as_list(self) -> list[Dim]:
        """The sizes as a list of `int | None`.

        Raises:
          ValueError: if the rank is unknown.
        """
        if self._dims is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._dims)

    def num_elements(self) -> int | None:
        """How many elements a tensor of this shape has, or None where that is unknown."""
        dims = self._dims
        if dims is None or None in dims:
            return None
        return prod(dims)  # type: ignore[arg-type]

    def is_fully_defined(self) -> bool:
        """Whether every size is known."""
        return self._dims is not None and None not in self._dims

    def assert_is_fully_defined(self) -> None:
        """Raises `ValueError` unless every size is known."""
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined")

    def is_compatible_with(self, other: Any) -> bool:
        """Whether one tensor could have both shapes: the same rank, and equal sizes wherever both are known."""
        a, b = self._dims, as_shape(other)._dims
        if a is None or b is None:
            return True
        return len(a) == len(b) and all(x == y or x is None or y is None for x, y in zip(a, b, strict=True))

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises `ValueError` unless one tensor could have both shapes."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are incompatible")

    def merge_with(self, other: Any) -> TensorShape:
        """What is known of a tensor that has both shapes.

        Raises:
          ValueError: if no tensor has both.
        """
        other = as_shape(other)
        a, b = self._dims, other._dims
        if a is None or b is None:
            return other if a is None else self
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are not compatible")
        return self.of(tuple([y if x is None else x for x, y in zip(a, b, strict=True)]))

    def most_specific_compatible_shape(self, other: Any) -> TensorShape:
        """The narrowest shape that covers this one and `other`: a size is known only where both agree."""
        a, b = self._dims, as_shape(other)._dims
        if a is None or b is None or len(a) != len(b):
            return unknown_shape()
        return self.of(tuple([x if x == y else None for x, y in zip(a, b, strict=True)]))

    def is_subtype_of(self, other: Any) -> bool:
        """Whether `other` is a `TensorShape` that covers every tensor this shape covers."""
        if not isinstance(other, TensorShape):
            return False
        a, b = self._dims, other._dims
        if b is None or a is None:
            return b is None
        return len(a) == len(b) and all(y is None or x == y for x, y in zip(a, b, strict=True))

    def most_specific_common_supertype(self, others: Sequence[Any]) -> TensorShape | None:
        """The narrowest shape that covers this one and all `others`; None if one of those is no `TensorShape`."""
        shape = self
        for other in others:
            if not isinstance(other, TensorShape):
                return None
            shape = shape.most_specific_compatible_shape(other)
        return shape

    def concatenate(self, other: Any) -> TensorShape:
        """The dimensions of this shape and then those of `other`; unknown rank where either rank is unknown."""
        a, b = self._dims, as_shape(other)._dims
        return unknown_shape() if a is None or b is None else self.of(a + b)

    def __add__(self, other: Any) -> TensorShape:
        return self.concatenate(other)

    def __radd__(self, other: Any) -> TensorShape:
        return as_shape(other).concatenate(self)

    def with_rank(self, rank: int) -> TensorShape:
        """This shape, known to have `rank` dimensions.

        Raises:
          ValueError: if it has another number of them.
        """
        if self._dims is None:
            return unknown_shape(rank)
        if len(self._dims) != rank:
            raise ValueError(f"Shape {self} must have rank {rank}")
        return self

    def with_rank_at_least(self, rank: int) -> TensorShape:
        """This shape; raises `ValueError` if it is known to have fewer than `rank` dimensions."""
        if self._dims is not None and len(self._dims) < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        """This shape; raises `ValueError` if it is known to have more than `rank` dimensions."""
        if self._dims is not None and len(self._dims) > rank:
            raise ValueError(f"Shape {self} must have rank at most {rank}")
        return self

    def assert_has_rank(self, rank: int) -> None:
        """Raises `ValueError` if this shape is known to have another number of dimensions."""
        if self._dims is not None and len(self._dims) != rank:
            raise ValueError(f"Shape {self} must have rank {rank}")

    def assert_same_rank(self, other: Any) -> None:
        """Raises `ValueError` if both ranks are known and differ."""
        other = as_shape(other)
        if self._dims is not None and other._dims is not None and len(self._dims) != len(other._dims):
            raise ValueError(f"Shapes {self} and {other} must have the same rank")

    @overload
    def __getitem__(self, key: slice) -> TensorShape: ...
    @overload
    def __getitem__(self, key: SupportsIndex) -> Any: ...
    def __getitem__(self, key: slice | SupportsIndex) -> Any:
        dims = self._dims
        if isinstance(key, slice):
            return _slice_of_unknown(key) if dims is None else self.of(dims[key])
        if self._gives_sizes() or _inside():
            return None if dims is None else dims[key]
        return Dimension(None) if dims is None else [Dimension(d) for d in dims][key]

    def __iter__(self) -> Iterator[Any]:
        if self._dims is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter(self._dims) if self._gives_sizes() or _inside() else iter([Dimension(d) for d in self._dims])

    def __len__(self) -> int:
        if self._dims is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        return len(self._dims)

    def __bool__(self) -> bool:
        return self._dims is not None

    def __eq__(self, other: object) -> bool:
        if type(other) is tuple and other == self._dims:
            return True
        try:
            return self._dims == as_shape(other)._dims
        except (TypeError, ValueError):
            return NotImplemented

    def __hash__(self) -> int:
        return hash(self._dims)

    def __repr__(self) -> str:
        if self._dims is None:
            return "TensorShape(None)"
        return f"TensorShape({list(self._dims) if self._gives_sizes() else self.dims})"

    def __str__(self) -> str:
        dims = self._dims
        if dims is None:
            return "<unknown>"
        unknown = "None" if self._gives_sizes() else "?"
        texts = [unknown if d is None else str(d) for d in dims]
        return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"

    def __reduce__(self) -> tuple[Any, tuple[Dims | None]]:
        return TensorShape, (self._dims,)


class FirstVersionShape(TensorShape):
    """The shape of a tensor of a TensorFlow 1 program: indexing and iterating it gives `Dimension`s."""

    __slots__ = ()
    _first_version = True


def _dims_of(value: Any) -> Dims:
    """The sizes in `value`, which may be one size or any iterable of them."""
    try:
        items = iter(value)
    except TypeError:  # not iterable: one size
        return (as_dim(value),)
    dims: list[Dim] = []
    for item in items:
        try:
            dims.append(as_dim(item))
        except TypeError as error:
            raise TypeError(
                f"Failed to convert '{value!r}' to a shape: '{item!r}'could not be converted to a dimension. A shape "
                "should either be single dimension (e.g. 10), or an iterable of dimensions (e.g. [1, 10, None])."
            ) from error
    return tuple(dims)


def _slice_of_unknown(key: slice) -> TensorShape:
    """What `shape[key]` is where the shape's rank is unknown: so many unknown sizes, if the slice says how many."""
    if key.step is not None:
        raise ValueError("Steps are not yet handled")
    start = 0 if key.start is None else key.start
    if key.stop is None or start < 0 or key.stop < 0:
        return unknown_shape()
    return unknown_shape(max(0, key.stop - start))


_UNKNOWN = TensorShape(None)


def unknown_shape(rank: int | None = None) -> TensorShape:
    """The shape of which only the rank, if that, is known."""
    return _UNKNOWN if rank is None else TensorShape.of((None,) * rank)


def as_shape(shape: Any) -> TensorShape:
    """`shape` as a `TensorShape`: itself if it is one, else `TensorShape(shape)`."""
    return shape if isinstance(shape, TensorShape) else TensorShape(shape)


def broadcast_static(a: Any, b: Any) -> TensorShape:
    """The shape of an elementwise operation's result for operands of shapes `a` and `b`.

    An unknown size beside a size of 2 or more must be that size (or 1); beside 0, 1 or an unknown one it stays unknown.

    Raises:
      ValueError: if no tensors of these shapes broadcast.
    """
    first, second = as_shape(a), as_shape(b)
    x, y = first._dims, second._dims
    if x is None or y is None:
        return _UNKNOWN
    if x == y:
        return first
    short, long = (x, y) if len(x) <= len(y) else (y, x)
    split = len(long) - len(short)
    dims = list(long[:split])
    for p, q in zip(short, long[split:], strict=True):
        if p == q or q == 1:
            dims.append(p)
        elif p == 1:
            dims.append(q)
        elif p is None or q is None:
            known = q if p is None else p
            dims.append(known if known else None)
        else:
            raise ValueError(
                "Incompatible shapes for broadcasting. Two shapes are compatible if for each dimension pair they are "
                f"either equal or one of them is 1. Received: {first} and {second}."
            )
    return TensorShape.of(tuple(dims))


def dimension_at_index(shape: TensorShape, index: int) -> Dimension:
    """The `Dimension` at `index`, unknown where the rank is."""
    return Dimension(None if shape._dims is None else shape._dims[index])
