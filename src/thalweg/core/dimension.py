"""One size of a shape: as plain `int | None`, and as TensorFlow 1's `Dimension`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

Dim = int | None
Dims = tuple[Dim, ...]


def as_dim(value: Any) -> Dim:
    """`value` as a size or None.

    Raises:
      TypeError: if it is no integer.
      ValueError: if it is negative.
    """
    if value is None:
        return None
    if type(value) is not int:
        if isinstance(value, Dimension):
            return value.value
        try:
            value = value.__index__()
        except (AttributeError, TypeError):
            raise TypeError(
                "Dimension value must be integer or None or have an __index__ method, "
                f"got value '{value!r}' with type '{type(value)!r}'"
            ) from None
    if value < 0:
        raise ValueError(f"Dimension {value} must be >= 0")
    return int(value)


class Dimension:
    """One size of a shape as TensorFlow 1 gave it: an integer, or unknown, and arithmetic that carries the unknown.

    Raises:
      TypeError: if `value` is no integer, None or `Dimension`.
      ValueError: if it is negative.
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Any) -> None:
        self._value = as_dim(value)

    @property
    def value(self) -> int | None:
        """The size, or None."""
        return self._value

    def is_compatible_with(self, other: Any) -> bool:
        """Whether the sizes are equal or one is unknown."""
        size = as_dim(other)
        return self._value is None or size is None or self._value == size

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises `ValueError` unless the sizes are equal or one is unknown."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {other} are not compatible")

    def merge_with(self, other: Any) -> Dimension:
        """The size if either one knows it; raises `ValueError` if they differ."""
        self.assert_is_compatible_with(other)
        return Dimension(other if self._value is None else self._value)

    def _arith(self, other: Any, compute: Callable[[int, int], int], *, swap: bool = False) -> Any:
        try:
            size = as_dim(other)
        except (TypeError, ValueError):
            return NotImplemented
        if self._value is None or size is None:
            return Dimension(None)
        return Dimension(compute(size, self._value) if swap else compute(self._value, size))

    def __add__(self, other: Any) -> Any:
        return self._arith(other, int.__add__)

    def __sub__(self, other: Any) -> Any:
        return self._arith(other, int.__sub__)

    def __rsub__(self, other: Any) -> Any:
        return self._arith(other, int.__sub__, swap=True)

    def __mul__(self, other: Any) -> Any:
        return self._arith(other, int.__mul__)

    def __floordiv__(self, other: Any) -> Any:
        return self._arith(other, int.__floordiv__)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._arith(other, int.__floordiv__, swap=True)

    def __mod__(self, other: Any) -> Any:
        return self._arith(other, int.__mod__)

    def __rmod__(self, other: Any) -> Any:
        return self._arith(other, int.__mod__, swap=True)

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> NoReturn:
        raise TypeError(f"unsupported operand type(s) for /: 'Dimension' and '{type(other).__name__}', "
                        "please use // instead")  # fmt: skip

    def __rtruediv__(self, other: Any) -> NoReturn:
        raise TypeError(f"unsupported operand type(s) for /: '{type(other).__name__}' and 'Dimension', "
                        "please use // instead")  # fmt: skip

    def _compare(self, other: Any, compare: Callable[[int, int], bool]) -> Any:
        """The comparison of two sizes, or None if either is unknown."""
        try:
            size = as_dim(other)
        except (TypeError, ValueError):
            return NotImplemented
        return None if self._value is None or size is None else compare(self._value, size)

    def __eq__(self, other: object) -> Any:
        return self._compare(other, int.__eq__)

    def __ne__(self, other: object) -> Any:
        return self._compare(other, int.__ne__)

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, int.__lt__)

    def __le__(self, other: Any) -> Any:
        return self._compare(other, int.__le__)

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, int.__gt__)

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, int.__ge__)

    def __int__(self) -> int:
        return self._value  # type: ignore[return-value]  # Python itself complains about None

    __index__ = __int__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Dimension({self._value!r})"

    def __str__(self) -> str:
        return "?" if self._value is None else str(self._value)

    def __reduce__(self) -> tuple[Any, tuple[int | None]]:
        return Dimension, (self._value,)


def as_dimension(value: Any) -> Dimension:
    """`value` as a `Dimension`."""
    return value if isinstance(value, Dimension) else Dimension(value)


def dimension_value(dimension: Any) -> Any:
    """The `int | None` in a `Dimension`; anything else is returned as it is."""
    return dimension.value if isinstance(dimension, Dimension) else dimension
