"""Checks of values: at once where the values are known, else when the graph runs."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core import errors
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import get_op
from ...core.tensor import EagerTensor
from .. import comparison
from ..common import constant_value
from ..reductions import reduce_all


def _check(compare: Callable[..., Any], x: Any, y: Any, explain: Callable[[Any, Any], str]) -> list[Any]:
    """Raises unless `compare(x, y)` holds everywhere; in a graph, gives the operations that will."""
    known = constant_value(x), constant_value(y)
    if known[0] is not None and known[1] is not None:
        held = compare(EagerTensor(np.asarray(known[0])), EagerTensor(np.asarray(known[1]))) if ctx.graph is None else None
        if not (np.all(held.numpy()) if held is not None else _held(compare, *known)):
            raise errors.InvalidArgumentError(None, None, explain(np.asarray(known[0]), np.asarray(known[1])))
        return []
    held = reduce_all(compare(x, y))
    text = explain(np.zeros(0), np.zeros(0)).partition("\n")[0]
    return [apply(get_op("Assert"), (held, convert_to_tensor(text), x, y), {"summarize": 3})]


def _held(compare: Callable[..., Any], x: Any, y: Any) -> bool:
    name = {comparison.equal: np.equal, comparison.less: np.less, comparison.less_equal: np.less_equal,
            comparison.greater_equal: np.greater_equal}
    return bool(np.all(name[compare](x, y)))


def _first(array: Any, count: int = 3) -> str:
    flat = np.ravel(array)[:count]
    return f"First {flat.size} elements of {{}}:\n[{' '.join(map(str, flat))}]"


def assert_equal(x: Any, y: Any, message: str = "") -> list[Any]:
    """`x == y` everywhere.

    Raises:
      InvalidArgumentError: it does not hold, if that is known.
    """
    def explain(a: Any, b: Any) -> str:
        text = f"{message}\nCondition x == y did not hold.".lstrip("\n")
        if a.shape == b.shape and a.ndim:
            where = np.argwhere(a != b)
            picked = tuple(where[:3].T)
            text += (f"\nIndices of first {min(3, len(where))} different values:\n{where[:3]}"
                     f"\nCorresponding x values:\n{a[picked]}\nCorresponding y values:\n{b[picked]}")
        return f"{text}\n{_first(a).format('x')}\n{_first(b).format('y')}"
    return _check(comparison.equal, x, y, explain)


def assert_less_equal(x: Any, y: Any, message: str = "") -> list[Any]:
    """`x <= y` everywhere.

    Raises:
      InvalidArgumentError: it does not hold, if that is known.
    """
    return _check(comparison.less_equal, x, y, lambda a, b: (
        f"{message}\nCondition x <= y did not hold.\n{_first(a).format('x')}\n{_first(b).format('y')}").lstrip("\n"))


def assert_less(x: Any, y: Any, message: str = "") -> list[Any]:
    """`x < y` everywhere.

    Raises:
      InvalidArgumentError: it does not hold, if that is known.
    """
    return _check(comparison.less, x, y, lambda a, b: (
        f"{message}\nCondition x < y did not hold.\n{_first(a).format('x')}\n{_first(b).format('y')}").lstrip("\n"))


def assert_non_negative(x: Any, message: str = "") -> list[Any]:
    """`x >= 0` everywhere.

    Raises:
      InvalidArgumentError: it does not hold, if that is known.
    """
    def explain(a: Any, _: Any) -> str:
        shown = ", ".join(repr(str(v)) for v in np.ravel(a)[:3]) + (", '...'" if a.size > 3 else "")
        return (f"{message}\nCondition x >= 0 did not hold element-wise:\nx (shape={a.shape} dtype={a.dtype.name}) = \n"
                f"[{shown}]").lstrip("\n")
    return _check(comparison.greater_equal, x, convert_to_tensor(0, x.dtype), explain)


def after(checks: Sequence[Any], tensor: Any) -> Any:
    """The tensor, which in a graph waits for checks."""
    found = [c for c in checks if c is not None]
    if not found or ctx.graph is None:
        return tensor
    with ctx.graph.control_dependencies(found):
        return apply(get_op("Identity"), (tensor,))
