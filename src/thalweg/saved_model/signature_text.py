"""The parameters of functions as messages."""
from __future__ import annotations

import collections
import inspect
from typing import Any

from ..core import nest
from ..core.tensor_spec import TensorSpec
from ..runtime.composites import is_composite_spec
from ..runtime.function import _Method
from .protos import FunctionSpec
from .structures import encoded

_ArgSpec = collections.namedtuple("FullArgSpec", "args varargs varkw defaults kwonlyargs kwonlydefaults annotations")  # type: ignore[name-match]


def _parameters(function: Any) -> inspect.Signature:
    found: inspect.Signature = (function._function if isinstance(function, _Method) else function)._signature
    return found


def function_spec(function: Any) -> FunctionSpec:
    """The parameters of a function, its defaults as far as a file can hold them, and its input signature."""
    p = inspect.Parameter
    parameters = list(_parameters(function).parameters.values())
    plain = [a for a in parameters if a.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    keywords = [a for a in parameters if a.kind is p.KEYWORD_ONLY]
    named = {kind: next((a.name for a in parameters if a.kind is kind), None) for kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}
    defaults = tuple(_kept(a.default) for a in plain if a.default is not p.empty)
    keyword_defaults = {a.name: _kept(a.default) for a in keywords if a.default is not p.empty}
    spec = _ArgSpec([a.name for a in plain], named[p.VAR_POSITIONAL], named[p.VAR_KEYWORD], defaults or None,
                    [a.name for a in keywords], keyword_defaults or None, {})
    signature = function.input_signature
    if signature is not None:
        names = [a.name for a in plain]
        signature = tuple([_named(s, names[i] if i < len(names) else f"arg_{i}") for i, s in enumerate(signature)])
    made = FunctionSpec(fullargspec=encoded(spec), input_signature=encoded(signature))
    jit = (function._function if isinstance(function, _Method) else function)._jit_compile
    if isinstance(jit, bool):
        made.jit_compile = 1 if jit else 2
    return made


def _kept(value: Any) -> Any:
    """A default, or None where a file cannot hold it."""
    try:
        encoded(value)
    except ValueError:
        return None
    return value


def _named(spec: Any, name: str) -> Any:
    """Specs with names: those that they have, or from a parameter's."""
    flat = nest.flatten(spec)
    alone = len(flat) == 1
    named = [TensorSpec(s.shape, s.dtype, s.name or (name if alone else f"{name}_{i}")) if isinstance(s, TensorSpec) and
             not is_composite_spec(s) else s for i, s in enumerate(flat)]
    return nest.pack_sequence_as(spec, named) if nest.is_nested(spec) else named[0]


def arguments_of(concrete: Any, function: Any) -> tuple[Any, Any]:
    """The arguments of a trace, positional ones and those by keyword, as specs and plain values."""
    if function is None:
        return tuple([_named(s, n) for n, s in concrete._arguments.items()]), {}
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    p = inspect.Parameter
    for parameter in _parameters(function).parameters.values():
        value = concrete._arguments[parameter.name] if parameter.name in concrete._arguments else None
        if parameter.kind is p.VAR_POSITIONAL:
            args += [_named(v, f"{parameter.name}_{i}") for i, v in enumerate(value or ())]
        elif parameter.kind is p.VAR_KEYWORD:
            kwargs.update({k: _named(v, k) for k, v in (value or {}).items()})
        elif parameter.kind is p.KEYWORD_ONLY:
            kwargs[parameter.name] = _named(value, parameter.name)
        else:
            args.append(_named(value, parameter.name))
    return tuple(args), kwargs
