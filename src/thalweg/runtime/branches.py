"""Choosing between functions by a value: `cond`, `case`, `switch_case`."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import dtypes, errors, nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.symbol import SymbolicTensor
from ..core.tensor import EagerTensor, Tensor
from ..core.variable import BaseResourceVariable
from ..ops.assertions import Assert
from .blocks import Traced, Traces, packed
from .branch_nodes import choose, clamped
from .composites import modelled


def _branches(selector: Any, functions: Sequence[Callable[[], Any]], name: str, numbered: bool, what: str) -> Any:
    """Traces functions without arguments and adds the node that chooses between them."""
    graph = ctx.graph
    with graph.name_scope(name) as scope:
        names = [f"{scope.rstrip('/')}_branch{i}" for i in range(len(functions))] if numbered else \
            [f"{scope.rstrip('/')}_false", f"{scope.rstrip('/')}_true"]
        traced = [Traced(n, f, lambda g: ()) for n, f in zip(names, functions, strict=True)]
        first = traced[-1] if not numbered else traced[0]
        for other in traced:
            if other is not first:
                _same_results(first, other, what)
        made = Traces(traced, False)
        count = len(made.blocks[0].inputs)
        written = [1 + count + i for i in made.written]
        outputs = choose(selector, [*made.captured, *made.handles], made.blocks, written, scope, numbered)
    return packed(modelled(first.result), outputs)


def _same_results(first: Traced, other: Traced, what: str) -> None:
    names = ("true_fn", "false_fn") if what == "cond" else ("branch_fns[0]", "branch_fns")
    if len(first.outputs) != len(other.outputs):
        raise ValueError(f"Lengths of branch outputs of {what} must match.\nlen(graphs[0].outputs): {len(first.outputs)}\n"
                         f"len(graphs[1].outputs): {len(other.outputs)}\n")
    try:
        nest.assert_same_structure(first.result, other.result, expand_composites=True)
        for a, b in zip(first.outputs, other.outputs, strict=True):
            if a.dtype != b.dtype:
                raise TypeError(f"{a} and {b} have different types")
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{names[0]} and {names[1]} arguments to tf.{what} must have the same number, type, and overall structure of "
            f"return values.\n\n{names[0]} output: {first.result}\n{names[1]} output: {other.result}\n\nError details:\n"
            f"{error}") from None


def cond(pred: Any, true_fn: Callable[[], Any] | None = None, false_fn: Callable[[], Any] | None = None,
         name: str | None = None) -> Any:
    """What `true_fn()` returns if `pred` holds, else what `false_fn()` returns. Only that function has effects.

    Args:
      pred: a scalar, boolean as a rule.
      true_fn, false_fn: functions without arguments; in a graph they return the same structure and dtypes.

    Raises:
      TypeError: a missing function, one that is not callable, or results that do not match.
      ValueError: `pred` has more than one element.
    """
    for what, f in (("true_fn", true_fn), ("false_fn", false_fn)):
        if f is None:
            raise TypeError(f"cond(): '{what}' argument required")
        if not callable(f):
            raise TypeError(f"'{what}' must be callable.")
    assert true_fn is not None
    assert false_fn is not None
    if ctx.graph is None and not isinstance(pred, SymbolicTensor):
        return true_fn() if bool(convert_to_tensor(pred).numpy()) else false_fn()
    graph = ctx.graph if ctx.graph is not None else pred.graph
    with graph.as_default():
        if isinstance(pred, bool):
            raise TypeError("pred must not be a Python bool", pred)
        tensor = graph.capture(convert_to_tensor(pred))
        if tensor.shape.rank not in (0, None):
            raise ValueError(f"The predicate of tf.cond must be a scalar, but it has shape {tensor.shape}.")
        return _branches(tensor, [false_fn, true_fn], name or "cond", False, "cond")


def switch_case(branch_index: Any, branch_fns: Any, default: Callable[[], Any] | None = None,
                name: str = "switch_case") -> Any:
    """What the function with the number `branch_index` returns; the default, or the last one, for any other number.

    Args:
      branch_index: an int32 scalar.
      branch_fns: functions in order, or a dict or list of pairs from `0 ... n - 1` to functions.

    Raises:
      TypeError: an index that is no integer tensor, or an entry that is no function.
      ValueError: no functions, or numbers with gaps.
    """
    if not isinstance(branch_index, (Tensor, BaseResourceVariable)):
        raise TypeError(f"'branch_index' must be a Tensor, got {type(branch_index)}")
    if not branch_index.dtype.is_integer:
        raise TypeError(f"'branch_index' must be an integer Tensor, got {branch_index.dtype}")
    functions = _listed(branch_fns, default)
    index = convert_to_tensor(branch_index)
    if index.shape.rank not in (0, None):
        raise errors.InvalidArgumentError(f"The branch index must be a scalar, but it has shape {index.shape.as_list()}")
    if ctx.graph is None and isinstance(index, EagerTensor):
        return functions[clamped(index.numpy(), len(functions))]()
    graph = ctx.graph if ctx.graph is not None else index.graph
    with graph.as_default():
        return _branches(graph.capture(index), functions, name, True, "switch_case")


def _listed(branch_fns: Any, default: Callable[[], Any] | None) -> list[Callable[[], Any]]:
    if not branch_fns:
        raise ValueError("Must provide at least one item in 'branch_fns'")
    if not isinstance(branch_fns, (list, tuple, dict)):
        raise TypeError(f"'branch_fns' must be a list, tuple, or dict. Received type {type(branch_fns)}.")
    pairs: list[Any] = list(branch_fns.items()) if isinstance(branch_fns, dict) else list(branch_fns)
    if all(callable(f) for f in pairs):
        pairs = list(enumerate(pairs))
    for entry in pairs:
        if not isinstance(entry, tuple) or len(entry) != 2:
            raise TypeError(f"Each entry in 'branch_fns' must be a 2-tuple. Received {entry}.")
        if not isinstance(entry[0], int):
            raise TypeError(f"Key for each entry in 'branch_fns' must be a Python `int`. Received {type(entry[0])}.")
        if not callable(entry[1]):
            raise TypeError(f"fn for key {entry[0]} must be callable.")
    keys = sorted(key for key, _ in pairs)
    if keys != list(range(len(pairs))):
        shown = ",".join(str(k) for k in keys)
        raise ValueError(f"branch indices (keys) must form contiguous range of [0 to {len(pairs)}) but found {{{shown}}}")
    if default is not None and not callable(default):
        raise TypeError(f"'default' must be callable. Received {default}.")
    functions = [f for _, f in sorted(pairs, key=lambda pair: pair[0])]
    return [*functions, default] if default is not None else functions


def case(pred_fn_pairs: Any, default: Callable[[], Any] | None = None, exclusive: bool = False, strict: bool = False,
         name: str = "case") -> Any:
    """What the function beside the first predicate that holds returns, or the default.

    Args:
      pred_fn_pairs: pairs of a boolean scalar and a function.
      default: used where no predicate holds; without it that is an error.
      exclusive: whether it is an error that several predicates hold.
      strict: kept for TensorFlow 1; results are returned as they are.

    Raises:
      TypeError: pairs of other kinds.
      InvalidArgumentError: no predicate holds, or several do.
    """
    pairs = _pairs(pred_fn_pairs)
    if not pairs:
        raise ValueError("not enough values to unpack (expected 2, got 0)")
    predicates = [p for p, _ in pairs]
    checks = []
    if ctx.graph is not None or any(isinstance(p, SymbolicTensor) for p in predicates):
        graph = ctx.graph if ctx.graph is not None else next(p.graph for p in predicates if isinstance(p, SymbolicTensor))
    else:
        graph = None
    if exclusive:
        count = apply(get_op("Sum"), (_as_ints(predicates), [0]), {"keep_dims": False})
        text = f"Input error: exclusive=True: more than 1 conditions ({', '.join(_name(p) for p in predicates)}) " \
            "evaluated as True:"
        checks.append(Assert(apply(get_op("Less"), (count, convert_to_tensor(2))), [text, _together(predicates)],
                             summarize=len(pairs)))
    if default is None:
        text = "Input error: None of conditions evaluated as True:"
        held = apply(get_op("Any"), (_together(predicates), [0]), {"keep_dims": False})
        checks.append(Assert(held, [text, _together(predicates)], summarize=len(pairs)))
        default = pairs[-1][1]
        pairs = pairs[:-1] if len(pairs) > 1 else pairs
    result: Callable[[], Any] = default
    for predicate, function in reversed(pairs):
        result = _one(predicate, function, result)
    if graph is None:
        return result()
    with graph.as_default(), graph.name_scope(name), graph.control_dependencies([c for c in checks if c is not None]):
        return result()


def _one(predicate: Any, function: Callable[[], Any], otherwise: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: cond(predicate, function, otherwise, name="cond")


def _pairs(pred_fn_pairs: Any) -> list[Any]:
    if not isinstance(pred_fn_pairs, (list, tuple, dict)):
        raise TypeError(f"'pred_fn_pairs' must be a list, tuple, or dict. Received: {type(pred_fn_pairs)}")
    pairs: list[Any] = list(pred_fn_pairs.items()) if isinstance(pred_fn_pairs, dict) else list(pred_fn_pairs)
    pairs = [(p.deref() if hasattr(p, "deref") else p, f) for p, f in pairs] if isinstance(pred_fn_pairs, dict) else pairs
    for entry in pairs:
        if not isinstance(entry, tuple) or len(entry) != 2:
            raise TypeError(f"Each entry in 'pred_fn_pairs' must be a 2-tuple. Received {entry}.")
        predicate, function = entry
        if not isinstance(predicate, (Tensor, BaseResourceVariable)):
            raise TypeError(f"pred must be a Tensor, got: {predicate}")
        if predicate.dtype is not dtypes.bool:
            raise TypeError(f"pred must be Tensor of type bool: {_name(predicate)}")
        if not callable(function):
            raise TypeError(f"fn for pred {_name(predicate)} must be callable.")
    return pairs


def _name(t: Any) -> str:
    return t.name if isinstance(t, SymbolicTensor) else "?"


def _together(predicates: Sequence[Any]) -> Any:
    return apply(get_op("Pack"), [convert_to_tensor(p) for p in predicates], {"axis": 0})


def _as_ints(predicates: Sequence[Any]) -> Any:
    return apply(get_op("Cast"), (_together(predicates),), {"DstT": dtypes.int32, "Truncate": False})
