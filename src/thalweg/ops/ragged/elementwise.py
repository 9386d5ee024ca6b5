"""Operations element by element on ragged tensors: on the values, once the rows agree."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ...core.opdef import OpDef
from ..common import binary, unary
from .axes import ragged_values
from .broadcasting import broadcast_pair, with_partitions
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor, is_ragged


def unary_op(op: OpDef, x: Any, name: str | None) -> Any:
    """An operation of one tensor on the values of a ragged one."""
    return x.with_flat_values(unary(op, x.flat_values, name))


def binary_op(op: OpDef, x: Any, y: Any, name: str | None) -> Any:
    """An operation of two arguments, at least one of them ragged.

    Raises:
      InvalidArgumentError: the rows do not fit.
    """
    return on_pair(lambda a, b: binary(op, a, b, name), x, y)


def on_pair(function: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
    """A function of two tensors that broadcast, on arguments of which at least one is ragged."""
    x, y = ragged_values(x, y)
    for a, b in ((x, y), (y, x)):
        if not isinstance(b, RaggedTensor) and b.shape.rank == 0:
            return a.with_flat_values(function(x.flat_values, y) if a is x else function(x, y.flat_values))
    if isinstance(x, RaggedTensor) and isinstance(y, RaggedTensor) and x.ragged_rank == y.ragged_rank \
            and all(p.is_same_as(q) for p, q in zip(x._nested_row_partitions, y._nested_row_partitions, strict=True)):
        return x.with_flat_values(function(x.flat_values, y.flat_values))
    partitions, a, b = broadcast_pair(x, y)
    return with_partitions(function(a, b), partitions)


def unary_form(function: Callable[..., Any]) -> Callable[..., Any]:
    """The form of a public function that works element by element on its first argument."""
    parameters = list(inspect.signature(function).parameters)

    def form(*args: Any, **kwargs: Any) -> Any:
        given = dict(zip(parameters, args, strict=False)) | kwargs
        x = as_ragged_or_tensor(given.pop(parameters[0]))
        if not isinstance(x, RaggedTensor):
            raise TypeError(f"{function.__name__}: only the first argument may be ragged")
        return x.with_flat_values(function(x.flat_values, **given))
    return form


def binary_form(function: Callable[..., Any]) -> Callable[..., Any]:
    """The form of a public function of two arguments that broadcast."""
    parameters = list(inspect.signature(function).parameters)

    def form(*args: Any, **kwargs: Any) -> Any:
        given = dict(zip(parameters, args, strict=False)) | kwargs
        x, y = given.pop(parameters[0]), given.pop(parameters[1])
        return on_pair(lambda a, b: function(a, b, **given), x, y)
    return form


def check_form(function: Callable[..., Any]) -> Callable[..., Any]:
    """The form of a public function that compares two arguments that broadcast, and gives no tensor."""
    parameters = list(inspect.signature(function).parameters)

    def form(*args: Any, **kwargs: Any) -> Any:
        given = dict(zip(parameters, args, strict=False)) | kwargs
        x, y = ragged_values(given.pop(parameters[0]), given.pop(parameters[1]))
        if any(not isinstance(v, RaggedTensor) and v.shape.rank == 0 for v in (x, y)):
            return function(*[v.flat_values if isinstance(v, RaggedTensor) else v for v in (x, y)], **given)
        _, a, b = broadcast_pair(x, y)
        return function(a, b, **given)
    return form


def map_flat_values(op: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A function of the values of ragged tensors, whose rows must be the same.

    Args:
      op: takes a tensor in place of each ragged argument, and returns one with as many rows.
      *args, **kwargs: arguments of `op`; ragged tensors may also lie in lists.

    Returns:
      A ragged tensor with the rows of the arguments; what `op` returns if none is ragged.

    Raises:
      ValueError: the result has another number of values.
      InvalidArgumentError: arguments whose rows differ.
    """
    found: list[Any] = []

    def flat(value: Any) -> Any:
        if is_ragged(value):
            found.append(as_ragged_or_tensor(value))
            return found[-1].flat_values
        if isinstance(value, (list, tuple)):
            return type(value)(flat(v) for v in value)
        return {k: flat(v) for k, v in value.items()} if isinstance(value, dict) else value
    given, named = [flat(a) for a in args], {k: flat(v) for k, v in kwargs.items()}
    if not found:
        return op(*args, **kwargs)
    sizes = {x.flat_values.shape[0] for x in found} - {None}
    if len(sizes) > 1:
        raise ValueError("Input RaggedTensors' flat_values must all have the same outer-dimension size.  Got sizes: "
                         f"{sizes}")
    from .axes import match_row_splits_dtypes
    ragged = match_row_splits_dtypes(*found)
    partitions = list(ragged[0]._nested_row_partitions)
    for other in ragged[1:]:
        if other.ragged_rank != ragged[0].ragged_rank:
            raise ValueError("All ragged inputs must have the same ragged_rank.")
        partitions = [p.merge(q) for p, q in zip(partitions, other._nested_row_partitions, strict=True)]
    result = op(*given, **named)
    rows = found[0].flat_values.shape[:1]
    if not is_ragged(result) and result.shape.rank is not None and not (
            result.shape.rank and result.shape[:1].is_compatible_with(rows)):
        raise ValueError(f"tf.ragged.map_flat_values requires that the output of `op` have the same outer-dimension size "
                         f"as flat_values of any ragged inputs. (output shape: {result.shape}; expected outer dimension "
                         f"size: {rows[0]})")
    return with_partitions(result, partitions)


# Python's operators.


def _equal(x: Any, y: Any, negate: bool = False) -> Any:
    from ...core import errors
    from ...core.context import ctx
    from ..comparison import equal, not_equal
    if y is None:
        return negate
    if ctx.graph is not None and not getattr(ctx.graph, "building_function", True):
        return (x is y) != negate
    try:
        return (not_equal if negate else equal)(x, y)
    except (errors.InvalidArgumentError, ValueError, TypeError):
        return negate


def install() -> None:
    """Puts the operators on `RaggedTensor`."""
    from .. import arithmetic, bitwise, comparison, elementwise

    def logical(logic: Callable[..., Any], bits: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x, y: logic(x, y) if _dtype(x, y).is_bool else bits(x, y)
    pairs = {
        "add": arithmetic.add, "sub": arithmetic.subtract, "mul": arithmetic.multiply, "truediv": arithmetic.truediv,
        "floordiv": arithmetic.floordiv, "mod": arithmetic.floormod, "pow": arithmetic.pow, "div": arithmetic.truediv,
        "and": logical(comparison.logical_and, bitwise.bitwise_and),
        "or": logical(comparison.logical_or, bitwise.bitwise_or),
        "xor": logical(comparison.logical_xor, bitwise.bitwise_xor)}

    def reflected(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x, y: on_pair(function, y, x)

    def direct(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x, y: on_pair(function, x, y)
    for name, function in pairs.items():
        setattr(RaggedTensor, f"__{name}__", direct(function))
        setattr(RaggedTensor, f"__r{name}__", reflected(function))
    for name in ("less", "less_equal", "greater", "greater_equal"):
        setattr(RaggedTensor, f"__{name[0]}{'e' if name.endswith('equal') else 't'}__", direct(getattr(comparison, name)))
    methods: dict[str, Callable[..., Any]] = {
        "eq": _equal, "ne": lambda x, y: _equal(x, y, True), "neg": lambda x: x.with_flat_values(-x.flat_values),
        "abs": lambda x: x.with_flat_values(elementwise.abs(x.flat_values)),
        "invert": lambda x: x.with_flat_values(~x.flat_values)}
    for name, function in methods.items():
        setattr(RaggedTensor, f"__{name}__", function)


def _dtype(*values: Any) -> Any:
    return next(v.dtype for v in values if hasattr(v, "dtype"))


