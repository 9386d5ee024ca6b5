"""tf.raw_ops: every registered op by its type, and control flow, with inputs and attributes as keyword arguments."""
from __future__ import annotations

import functools
import inspect
from collections import namedtuple
from collections.abc import Callable
from typing import Any

from .core import errors
from .core.context import ctx
from .core.convert import convert_to_tensor
from .core.dispatch import apply
from .core.dtypes import as_dtype
from .core.opdef import OpDef, all_ops, get_op
from .core.tensor import Tensor
from .core.variable import BaseResourceVariable, Variable, update
from .version import GRAPH_DEF_VERSION


def _inputs(entry: OpDef, given: dict[str, Any]) -> list[Any]:
    """The flat inputs, in the order of the signature.

    Raises:
      TypeError: one is missing.
    """
    out: list[Any] = []
    shared = _shared_dtypes(entry, given)
    for arg in entry.signature.inputs:
        if arg.name not in given:
            raise TypeError(f"{entry.type}() missing required argument: '{arg.name}'")
        value = given.pop(arg.name)
        if arg.listed:
            for v in value:
                out.append(convert_to_tensor(v, shared.get(arg.type) if arg.number and not isinstance(v, Tensor) else None))
                if arg.number:
                    shared.setdefault(arg.type, out[-1].dtype)
            counts = entry.signature.attr(arg.number or arg.type)
            if counts is not None:
                given.setdefault(counts.name, len(value) if arg.number else [x.dtype for x in out[len(out) - len(value):]])
        elif isinstance(value, Variable):
            out.append(value if arg.type == "resource" else convert_to_tensor(value))
        elif entry.writes_state and isinstance(value, (int, float)):
            out.append(value)  # a Python number keeps its precision beside the variable
        elif arg.static and not hasattr(value, "shape"):
            out.append(value)
        else:
            fixed = entry.signature.attr(arg.type) is None and arg.type != "resource"
            dtype = as_dtype(arg.type) if fixed else None if isinstance(value, Tensor) else shared.get(arg.type)
            out.append(convert_to_tensor(value, dtype))
            if not fixed:
                shared.setdefault(arg.type, out[-1].dtype)
    return out


def _shared_dtypes(entry: OpDef, given: dict[str, Any]) -> dict[str, Any]:
    """For each type of the signature, the dtype of the first tensor given for it: Python values become the same."""
    found: dict[str, Any] = {}
    for arg in entry.signature.inputs:
        value = given.get(arg.name)
        if entry.signature.attr(arg.type) is not None and (arg.number or not arg.listed):
            for v in value if arg.number and isinstance(value, (list, tuple)) else [value]:
                if isinstance(v, (Tensor, BaseResourceVariable)):
                    found.setdefault(arg.type, v.dtype)
    return found


def _function(entry: OpDef) -> Callable[..., Any]:
    accepted = set(inspect.signature(entry.kernel).parameters)
    catches_all = any(p.kind is p.VAR_KEYWORD for p in inspect.signature(entry.kernel).parameters.values())
    known = {a.name for a in entry.signature.attrs}
    results = _results(entry)

    gone = entry.gone(GRAPH_DEF_VERSION)

    def call(name: str | None = None, **arguments: Any) -> Any:
        if gone and ctx.graph is not None:
            raise NotImplementedError(gone)
        if gone:
            raise errors.UnimplementedError(f"{gone} [Op:{entry.type}] name: {name or ''}")
        inputs = _inputs(entry, arguments)
        unknown = set(arguments) - known
        if unknown:
            raise TypeError(f"{entry.type}() got an unexpected keyword argument '{sorted(unknown)[0]}'")
        attrs = {k: as_dtype(v) if _is_type(entry, k) else v for k, v in arguments.items() if catches_all or k in accepted}
        if entry.writes_state:
            count = sum(a.type == "resource" for a in entry.signature.inputs)
            return update(entry, tuple(inputs[:count]), tuple(inputs[count:]), attrs, name)
        out = apply(entry, [_read(x) if isinstance(x, Variable) else x for x in inputs], attrs, name)
        if entry.then is not None:
            out = _after(out, entry.then(*inputs))
        return out if not isinstance(out, tuple) else results(out) if out else None
    call.__name__ = entry.type
    call.__doc__ = entry.describe()
    return call


def _read(variable: Variable) -> Any:
    """A resource: the value of a variable, or what stands for it in the graph that is being built."""
    return convert_to_tensor(variable) if ctx.graph is None else ctx.graph.handle(variable)


def _after(out: Any, step: Any) -> Any:
    """A result of a node that also changes a variable, which it does wherever the result is wanted."""
    if ctx.graph is None:
        return out
    with ctx.graph.control_dependencies([step]):
        return apply(get_op("Identity"), (out,))


def _results(entry: OpDef) -> Callable[[tuple[Any, ...]], Any]:
    """What several outputs are handed out as: a list where they are one argument, else a tuple with their names."""
    outputs = entry.signature.outputs
    if len(outputs) < 2 or any(a.listed or a.number for a in outputs):
        return list
    named = namedtuple(entry.type, [a.name for a in outputs])  # type: ignore[misc]
    return lambda out: named(*out)


def _is_type(entry: OpDef, attr: str) -> bool:
    found = entry.signature.attr(attr)
    return found is not None and found.type == "type"


@functools.cache
def _named(op_type: str) -> Callable[..., Any]:
    return _function(get_op(op_type))


def _calls() -> dict[str, Callable[..., Any]]:
    """The op types whose nodes have functions as attributes."""
    from .runtime.raw_calls import CALLS
    return CALLS


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    if name in _calls():
        return _calls()[name]
    try:
        return _named(name)
    except errors.NotFoundError:
        raise AttributeError(f"module 'thalweg.raw_ops' has no attribute '{name}'") from None


def __dir__() -> list[str]:
    return sorted({*all_ops(), *_calls()})
