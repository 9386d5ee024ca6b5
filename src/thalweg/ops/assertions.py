"""`tf.Assert` and the assertions about values: at once in eager code, as nodes in graphs.

In a graph, what is known while it is built is checked then. A compiled program says afterwards whether all assertions held;
under `jit_compile=True` they are passed over.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.scopes import name_scope
from ..core.symbol import SymbolicTensor
from ..core.tensor import EagerTensor, Tensor
from . import comparison
from .common import constant_value
from .creation import no_op
from .elementwise import abs as absolute
from .reductions import reduce_all
from .requirements import require
from .string_format import array_text


@op("Assert", "condition: bool, data: T -> ", attrs="T: list(type); summarize: int = 3", stateful=True,
    infer=lambda op: [])
def assert_(xp: Any, condition: Any, *data: Any, summarize: int = 3) -> Any:
    if not bool(np.asarray(condition).all()):
        shown = " ".join(f"[{_summary(np.asarray(d), summarize)}]" for d in data)
        raise errors.InvalidArgumentError(f"assertion failed: {shown}")
    return ()


@assert_.xla
def _(xp: Any, condition: Any, *data: Any, summarize: int = 3) -> Any:
    require(xp, condition, always=True)
    return ()


assert_.not_differentiable()


def _summary(array: Any, summarize: int) -> str:
    """The first elements of an array, as an assertion shows them."""
    flat = array.reshape(-1)
    count = flat.size if summarize < 0 else summarize
    words = [v.decode("utf-8", "replace") if isinstance(v, bytes) else array_text(np.asarray(v), -1)
             for v in flat[:count]]
    return " ".join(words) + ("..." if flat.size > count else "")


def _eager_summary(t: Any, summarize: int) -> str:
    value = convert_to_tensor(t).numpy()
    if not np.ndim(value):
        return str(value.item() if isinstance(value, np.generic) else value) if summarize else ""
    flat = value.reshape(-1)
    words = [str(v) for v in flat[:summarize if summarize >= 0 else None]]
    return ", ".join(words + (["..."] if len(words) < flat.size else []))


def Assert(condition: Any, data: Any, summarize: int | None = None, name: str | None = None) -> Any:
    """Raises unless a condition holds: now, or whenever the graph runs.

    Args:
      condition: a boolean scalar.
      data: the tensors to show.
      summarize: how many elements of each to show, 3 unless told otherwise.

    Returns:
      The operation in a graph, None otherwise.

    Raises:
      InvalidArgumentError: the condition does not hold.
    """
    if ctx.graph is None and not any(isinstance(x, SymbolicTensor) for x in (condition, *data)):
        if not (condition if not isinstance(condition, EagerTensor) else condition.numpy()):
            count = 3 if summarize is None else summarize
            shown = "\n".join(_eager_summary(x, count) for x in data)
            raise errors.InvalidArgumentError(f"Expected '{condition!s}' to be true. Summarized data: {shown}")
        return None
    tensors = [convert_to_tensor(x) for x in data]
    return apply(assert_, (convert_to_tensor(condition), *tensors), {"summarize": 3 if summarize is None else summarize},
                 name)


# Comparisons.

_NUMPY = {"==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


def _shown(values: Any, count: int | None) -> str:
    flat = np.ravel(values)
    return str(flat if count is None else flat[:count])


def _difference(symbol: str, x: Any, y: Any, held: Any, message: str | None, summarize: int | None) -> str:
    """What an eager comparison says that does not hold."""
    count = 3 if summarize is None else None if summarize < 0 else summarize
    x, y = np.asarray(x), np.asarray(y)
    lines = [f"{message}" if message else "", f"Condition x {symbol} y did not hold."]
    if x.shape == y.shape and x.shape:
        where = np.argwhere(~held)[:count]
        at = tuple(where.T)
        lines += [f"Indices of first {len(where)} different values:", str(where), "Corresponding x values:", str(x[at]),
                  "Corresponding y values:", str(y[at])]
    for name, value in (("x", x), ("y", y)):
        size = value.size if count is None else min(count, value.size)
        lines += [f"First {size} elements of {name}:", _shown(value, count)]
    return "\n".join(lines if message else lines[1:])


def label(t: Any) -> str:
    """How messages call a tensor: its name in a graph, else its shape and dtype."""
    return f"shape={t.shape} dtype={t.dtype.name}" if isinstance(t, EagerTensor) else str(t.name)


def is_eager(*tensors: Any) -> bool:
    """Whether a check can be made at once: no graph is being built, and no tensor is symbolic."""
    return ctx.graph is None and not any(isinstance(t, SymbolicTensor) for t in tensors)


def _pretty(item: Any, summarize: int) -> str:
    if not isinstance(item, Tensor):
        return str(item)
    value = item.numpy() if isinstance(item, EagerTensor) else constant_value(item)
    if not np.ndim(value):
        return str(value)
    flat = np.ravel(value)
    count = flat.size if summarize < 0 else summarize
    return str([str(v) for v in flat[:count]] + (["..."] if flat.size > count else []))


def _compared(name: str, symbol: str, function: Callable[[Any, Any], Any], x: Any, y: Any, data: Sequence[Any] | None,
              message: str | None, summarize: int | None, scope: str | None) -> Any:
    """Checks `function(x, y)` everywhere; `data` replaces what is shown where it does not hold."""
    with name_scope(scope or name):
        if isinstance(y, Tensor) and not isinstance(x, Tensor):
            y = convert_to_tensor(y)
            x = convert_to_tensor(x, y.dtype, name="x")
        else:
            x = convert_to_tensor(x, name="x")
            y = convert_to_tensor(y, name="y")
        if is_eager(x, y):
            held = function(x, y).numpy()
            if np.all(held):
                return None
            if data is None:
                text = _difference(symbol, x.numpy(), y.numpy(), held, message, summarize)
            else:
                lines = [message] if message else []
                text = "\n".join([*lines, *[_pretty(d, 3 if summarize is None else summarize) for d in data]])
            raise errors.InvalidArgumentError(None, None, text)
        if data is None:
            data = [f"Condition x {symbol} y did not hold element-wise:", f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
        if message:
            data = [message, *data]
        known = constant_value(x), constant_value(y)
        if known[0] is None or known[1] is None:
            return Assert(reduce_all(function(x, y)), data, summarize=summarize)
        if not np.all(_NUMPY[symbol](*known)):
            shown = [str(constant_value(d)) if isinstance(d, Tensor) else str(d) for d in data]
            raise errors.InvalidArgumentError(None, None, "\n".join(shown))
        return no_op(name="NoOp")


def assert_equal(x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: str | None = None,
                 data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x == y` everywhere. All comparisons take the same arguments.

    Args:
      x, y: tensors of one dtype whose shapes broadcast.
      message: text to begin with.
      summarize: how many elements to show, 3 unless told otherwise.
      name: of the node.
      data: tensors and texts to show instead of `x` and `y`.

    Returns:
      None outside graphs, the operation in a graph.
    """
    if x is y:  # NaN, too, is what it is
        return no_op(name="assert_equal")
    return _compared("assert_equal", "==", comparison.equal, x, y, data, message, summarize, name)


def assert_none_equal(x: Any, y: Any, summarize: int | None = None, message: str | None = None, name: str | None = None,
                      data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x != y` everywhere; see `assert_equal`."""
    return _compared("assert_none_equal", "!=", comparison.not_equal, x, y, data, message, summarize, name)


def assert_less(x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: str | None = None,
                data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x < y` everywhere; see `assert_equal`."""
    return _compared("assert_less", "<", comparison.less, x, y, data, message, summarize, name)


def assert_less_equal(x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: str | None = None,
                      data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x <= y` everywhere; see `assert_equal`."""
    return _compared("assert_less_equal", "<=", comparison.less_equal, x, y, data, message, summarize, name)


def assert_greater(x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: str | None = None,
                   data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x > y` everywhere; see `assert_equal`."""
    return _compared("assert_greater", ">", comparison.greater, x, y, data, message, summarize, name)


def assert_greater_equal(x: Any, y: Any, message: str | None = None, summarize: int | None = None,
                         name: str | None = None, data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x >= y` everywhere; see `assert_equal`."""
    return _compared("assert_greater_equal", ">=", comparison.greater_equal, x, y, data, message, summarize, name)


# Signs.


def _signed(word: str, symbol: str, compare: Callable[..., Any], swapped: bool, x: Any, message: str | None,
            summarize: int | None, name: str | None, data: Any) -> Any:
    with name_scope(name or f"assert_{word}"):
        x = convert_to_tensor(x, name="x")
        if data is None:
            begin = f"{message}.  " if message else ""
            data = [begin, f"Condition x {symbol} 0 did not hold element-wise:", f"x ({label(x)}) = ", x]
            data = data if is_eager(x) or begin else data[1:]
        zero = convert_to_tensor(0, x.dtype)
        first, second = (zero, x) if swapped else (x, zero)
        return compare(first, second, data=data, summarize=summarize)


def assert_negative(x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None,
                    data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x < 0` everywhere; see `assert_equal`."""
    return _signed("negative", "<", assert_less, False, x, message, summarize, name, data)


def assert_positive(x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None,
                    data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x > 0` everywhere; see `assert_equal`."""
    return _signed("positive", ">", assert_less, True, x, message, summarize, name, data)


def assert_non_negative(x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None,
                        data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x >= 0` everywhere; see `assert_equal`."""
    return _signed("non_negative", ">=", assert_less_equal, True, x, message, summarize, name, data)


def assert_non_positive(x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None,
                        data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `x <= 0` everywhere; see `assert_equal`."""
    return _signed("non_positive", "<=", assert_less_equal, False, x, message, summarize, name, data)


def assert_near(x: Any, y: Any, rtol: Any = None, atol: Any = None, message: str | None = None,
                summarize: int | None = None, name: str | None = None, data: Any = None) -> Any:
    """Raises InvalidArgumentError unless `|x - y| < atol + rtol * |y|` everywhere.

    Args:
      x, y: tensors of one floating dtype whose shapes broadcast.
      rtol, atol: tolerances, 10 times the spacing of the dtype's numbers at 1 unless told otherwise.
      message, summarize, name, data: as in `assert_equal`.

    Raises:
      ValueError: `x` is not floating, and no tolerance is given.
    """
    with name_scope(name or "assert_near"):
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, x.dtype, name="y")
        eps = 10 * np.finfo(x.dtype.np).eps if rtol is None or atol is None else 0.0
        rtol = convert_to_tensor(eps if rtol is None else rtol, x.dtype, name="rtol")
        atol = convert_to_tensor(eps if atol is None else atol, x.dtype, name="atol")
        if data is None:
            data = [f"{message}.  " if message else "",
                    f"x and y not equal to tolerance rtol = {rtol!s}, atol = {atol!s}", f"x ({label(x)}) = ", x,
                    f"y ({label(y)}) = ", y]
            data = data if is_eager(x, y) or message else data[1:]
        difference = absolute(x - y)
        return Assert(reduce_all(comparison.less(difference, atol + rtol * absolute(y))), data, summarize=summarize)
