"""What holds along a sequence of numbers: its order, and its value as a polynomial."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.scopes import scoped
from .comparison import less, less_equal


def _ordered(x: Any, compare: Callable[[Any, Any], Any], name: str | None) -> Any:
    from .reductions import reduce_all
    x = convert_to_tensor(x)
    if not x.dtype.is_numeric:
        raise TypeError(f"Expected x to be numeric, instead found: {x}")
    flat = apply(get_op("Reshape"), (x, (-1,)))
    return reduce_all(compare(flat[:-1], flat[1:]), name=name)


def is_non_decreasing(x: Any, name: str | None = None) -> Any:
    """Whether no element of `x`, in row-major order, is smaller than the one before it.

    Raises:
      TypeError: `x` is not numeric.
    """
    return _ordered(x, less_equal, name)


def is_strictly_increasing(x: Any, name: str | None = None) -> Any:
    """Whether each element of `x`, in row-major order, is larger than the one before it.

    Raises:
      TypeError: `x` is not numeric.
    """
    return _ordered(x, less, name)


@scoped("polyval")
def polyval(coeffs: Any, x: Any, name: str | None = None) -> Any:
    """The polynomial with these coefficients, highest power first, at `x`; 0 without coefficients.

    Raises:
      ValueError: `coeffs` is no list.
    """
    from .creation import zeros_like
    if not isinstance(coeffs, list):
        raise ValueError(f"Argument coeffs must be list type. Received type {type(coeffs)}.")
    x = convert_to_tensor(x)
    if not coeffs:
        return zeros_like(x)
    value = convert_to_tensor(coeffs[0])
    for c in coeffs[1:]:
        value = convert_to_tensor(c) + value * x
    return value
