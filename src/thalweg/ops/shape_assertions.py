"""Assertions about ranks, shapes and dtypes: checked at once where they are known, else when the graph runs."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor, Reference, Tensor, is_tensor
from ..core.variable import Variable
from . import comparison
from .assertions import Assert, label
from .common import constant_value
from .creation import no_op
from .creation import rank as rank_of
from .creation import shape as shape_of

_OPEN = ("...", "*")


def _begin(message: str | None) -> str:
    return f"{message}.  " if message else ""


def _called(t: Any) -> str:
    return "" if isinstance(t, EagerTensor) else str(t.name)


def _rank_value(rank: Any, message: str | None) -> Any:
    """A wanted rank as a tensor, and its value if it is known.

    Raises:
      TypeError: not an int32.
      ValueError: no scalar.
    """
    rank = convert_to_tensor(rank, name="rank")
    assert_type(rank, dtypes.int32, message=message)
    known = constant_value(rank)
    if known is not None and known.ndim != 0:
        raise ValueError("Rank must be a scalar.")
    return rank, None if known is None else int(known)


def _check_ranks(x: Any, ranks: Sequence[Any], word: str, shown: str, fits: Any, compare: Any, message: str | None,
                 summarize: int | None, data: Any) -> Any:
    pairs = [_rank_value(r, message) for r in ranks]
    actual = x.shape.rank
    if actual is not None and all(known is not None for _, known in pairs):
        if not any(fits(actual, known) for _, known in pairs):
            raise ValueError(f"{_begin(message)}Tensor {_called(x)} must have rank {shown}.  Received rank {actual}, shape "
                             f"{x.shape}")
        return no_op(name="static_checks_determined_all_ok")
    conditions = [compare(rank_of(x), rank) for rank, _ in pairs]
    condition = conditions[0]
    for other in conditions[1:]:
        condition = comparison.logical_or(condition, other)
    if data is None:
        data = [_begin(message), f"Tensor {_called(x)} must have rank{word}", *[rank for rank, _ in pairs],
                "Received shape: ", shape_of(x)]
        data = data if message else data[1:]
    return Assert(condition, data, summarize=summarize)


def assert_rank(x: Any, rank: Any, message: str | None = None, name: str | None = None, data: Any = None,
                summarize: int | None = None) -> Any:
    """Checks that a tensor has a rank.

    Args:
      x: a tensor.
      rank: an int32 scalar.
      message: text to begin with.
      name: of the node.
      data, summarize: what to show if it fails when the graph runs, and how much of it.

    Returns:
      None outside graphs, the operation in a graph.

    Raises:
      ValueError: it has not, or `rank` is no scalar.
      TypeError: `rank` is no int32.
    """
    with name_scope(name or "assert_rank"):
        x = _checked_tensor(x)
        return _check_ranks(x, [rank], "", str(rank), lambda a, b: a == b, comparison.equal, message, summarize, data)


def assert_rank_at_least(x: Any, rank: Any, message: str | None = None, name: str | None = None, data: Any = None,
                         summarize: int | None = None) -> Any:
    """Checks that a tensor has at least a rank; see `assert_rank`."""
    with name_scope(name or "assert_rank_at_least"):
        x = _checked_tensor(x)
        return _check_ranks(x, [rank], " at least", f"at least {rank}", lambda a, b: a >= b, comparison.greater_equal,
                            message, summarize, data)


def assert_rank_in(x: Any, ranks: Iterable[Any], message: str | None = None, name: str | None = None, data: Any = None,
                   summarize: int | None = None) -> Any:
    """Checks that a tensor has one of several ranks; see `assert_rank`."""
    with name_scope(name or "assert_rank_in"):
        x = _checked_tensor(x)
        ranks = tuple(ranks)
        shown = ", ".join(str(r) for r in ranks)
        return _check_ranks(x, ranks, " in", f"in ({shown})", lambda a, b: a == b, comparison.equal, message, summarize, data)


def _checked_tensor(x: Any) -> Any:
    return x if hasattr(x, "_type_spec") and not isinstance(x, (Tensor, Variable)) else convert_to_tensor(x, name="x")


def assert_scalar(tensor: Any, message: str | None = None, name: str | None = None) -> None:
    """Checks that a tensor is a scalar.

    Raises:
      ValueError: it is not, or that is not known.
    """
    with name_scope(name or "assert_scalar"):
        tensor = convert_to_tensor(tensor, name=name or "tensor")
        if tensor.shape.rank != 0:
            if isinstance(tensor, EagerTensor):
                raise ValueError(f"{_begin(message)}Expected scalar shape, saw shape: {tensor.shape}.")
            raise ValueError(f"{_begin(message)}Expected scalar shape for {tensor.name}, saw shape: {tensor.shape}.")


def assert_type(tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None) -> None:
    """Checks that a tensor has a dtype.

    Raises:
      TypeError: it has another.
    """
    wanted = dtypes.as_dtype(tf_type)
    with name_scope(name or "assert_type"):
        if not hasattr(tensor, "_type_spec") or isinstance(tensor, (Tensor, Variable)):
            tensor = convert_to_tensor(tensor, name="tensor")
        if tensor.dtype != wanted:
            shown = "" if isinstance(tensor, EagerTensor) or not hasattr(tensor, "name") else f" for {tensor.name}"
            raise TypeError(f"{_begin(message)}tensor{shown} must be of type {wanted!r}; got {tensor.dtype!r}")


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> None:
    """Checks that a tensor is of an integer dtype.

    Raises:
      TypeError: it is not.
    """
    with name_scope(name or "assert_integer"):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_integer:
            called = "x" if isinstance(x, EagerTensor) else x.name
            raise TypeError(f"{_begin(message)}Expected \"{called}\" to be integer type.  Found: tensor of dtype {x.dtype}")


def is_numeric_tensor(tensor: Any) -> bool:
    """Whether something is a tensor of numbers."""
    if not is_tensor(tensor):
        return False
    dtype = tensor.dtype
    return bool(dtype.is_floating or dtype.is_integer or dtype.is_complex or dtype.is_quantized)


def assert_proper_iterable(values: Any) -> None:
    """Checks that something can be iterated over as a collection: no tensor, array, text or bytes.

    Raises:
      TypeError: it cannot.
    """
    if isinstance(values, (Tensor, Variable, np.ndarray, bytes, str)) or hasattr(values, "_type_spec"):
        raise TypeError(f'Expected argument "values" to be a "proper" iterable.  Found: {type(values)}')
    if not hasattr(values, "__iter__"):
        raise TypeError(f'Expected argument "values" to be iterable.  Found: {type(values)}')


def assert_same_float_dtype(tensors: Iterable[Any] | None = None, dtype: Any = None) -> dtypes.DType:
    """Checks that tensors are of one floating dtype.

    Args:
      tensors: may have None among them, which is passed over.
      dtype: the one that all must have, or None.

    Returns:
      That dtype; float32 where nothing says which.

    Raises:
      ValueError: they are not.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    first: Any = None
    for t in tensors or ():
        if t is None:
            continue
        held = t.dtype if hasattr(t, "dtype") else convert_to_tensor(t).dtype
        if wanted is None:
            wanted, first = held, t
        elif held != wanted:
            same = f" as {first!s}" if first is not None else ""
            raise ValueError(f"{t!s}, type={held}, must be of the same type ({wanted}){same}.")
    if wanted is None:
        return dtypes.float32
    if not wanted.is_floating:
        raise ValueError(f"Expected floating point type, got {wanted}.")
    return wanted


# Shapes.


def assert_shapes(shapes: Any, data: Any = None, summarize: int | None = None, message: str | None = None,
                  name: str | None = None) -> Any:
    """Checks the shapes of tensors, and that they agree with each other.

    Args:
      shapes: pairs of a tensor and a shape, or a mapping of such. A shape is a sequence or a string; its entries are
        sizes, names of sizes (equal names are equal sizes), or None and "." for any size. A first entry "..." or "*"
        stands for any number of dimensions.
      data, summarize: what to show if it fails when the graph runs, and how much of it.
      message: text to begin with.
      name: of the nodes.

    Returns:
      None outside graphs, an operation in a graph.

    Raises:
      ValueError: a shape that does not fit, or is not written like this.
    """
    pairs = list(shapes.items()) if isinstance(shapes, Mapping) else list(shapes)
    begin = _begin(message)
    with name_scope(name or "assert_shapes"):
        wanted = []
        for x, shape in pairs:
            if isinstance(x, Reference):
                raise ValueError(f"Attempt to convert a value ({x!r}) with an unsupported type ({type(x)}) to a Tensor.")
            x = _checked_tensor(x)
            wanted.append((x, _symbols(x, shape, begin)))
        assertions: list[Any] = []
        sizes: dict[Any, tuple[Any, str]] = {}
        for x, (symbols, open_) in wanted:
            options = {"message": message, "data": data, "summarize": summarize}
            if open_:
                assertions.append(assert_rank_at_least(x, len(symbols), **options))
            elif len(symbols) == 1:
                assertions.append(assert_rank_in(x, (0, 1), **options))
            else:
                assertions.append(assert_rank(x, len(symbols), **options))
        for x, (symbols, open_) in wanted:
            for offset, symbol in enumerate(symbols):
                if symbol is None or symbol == ".":
                    continue
                place = offset - len(symbols) if open_ else offset
                size = _size(x, place)
                if isinstance(symbol, int) or (isinstance(symbol, str) and symbol.isdigit()):
                    expected, origin = int(symbol), "Specified explicitly"
                elif symbol in sizes:
                    expected, origin = sizes[symbol]
                else:
                    sizes[symbol] = size, f"Specified by tensor {_place(x)} dimension {place}"
                    continue
                assertions.append(_check_size(x, place, size, expected, origin, begin, data, summarize))
        made = [a for a in assertions if a is not None]
        if not made:
            return None
        with made[0].graph.control_dependencies(made):
            return no_op(name="op")


def _symbols(x: Any, shape: Any, begin: str) -> tuple[list[Any], bool]:
    """The entries of a wanted shape, and whether any number of dimensions may precede them."""
    called = f"Tensor {_place(x)}"
    if hasattr(shape, "as_list"):
        shape = shape.as_list()
    if not hasattr(shape, "__iter__") and not hasattr(shape, "__getitem__"):
        raise ValueError(f"{begin}{called}.  Specified shape must be an iterable.  An iterable has the attribute `__iter__` or "
                         f"`__getitem__`.  Received specified shape: {shape}")
    symbols = list(shape) or [1]  # a scalar counts as a vector of one element
    open_ = bool(symbols) and symbols[0] in _OPEN
    symbols = symbols[1:] if open_ else symbols
    for index, symbol in enumerate(symbols):
        if symbol == "*":
            raise ValueError(f"{begin}{called} specified shape index {index + open_}.  Symbol `...` or `*` for a variable "
                             "number of unspecified dimensions is only allowed as the first entry")
    return symbols, open_


def _place(x: Any) -> str:
    return label(x) if isinstance(x, EagerTensor) else str(getattr(x, "name", x))


def _size(x: Any, place: int) -> Any:
    """The size of a dimension, counted from the end: a number, or a tensor where it is not known."""
    if x.shape.rank == 0:
        return 1
    known = x.shape[place] if x.shape.rank is not None else None
    return known if known is not None else shape_of(x)[place]


def _check_size(x: Any, place: int, size: Any, expected: Any, origin: str, begin: str, data: Any,
                summarize: int | None) -> Any:
    if isinstance(size, int) and isinstance(expected, int):
        if size != expected:
            raise ValueError(f"{begin}{origin}.  Tensor {_place(x)} dimension {place} must have size {expected}.  "
                             f"Received size {size}, shape {x.shape}")
        return None
    if data is None:
        data = [begin, origin, f"Tensor {_place(x)} dimension", place, "must have size", expected,
                "Received shape: ", shape_of(x)]
        data = data if begin else data[1:]
    return Assert(comparison.equal(size, expected), data, summarize=summarize)
