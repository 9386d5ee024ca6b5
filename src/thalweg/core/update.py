"""Giving variables new values: in place where nobody else can see the array."""
from __future__ import annotations

from sys import getrefcount
from typing import Any

import numpy as np

from .context import ctx
from .dispatch import _QUIET, _reset_quiet, _set_quiet, fail
from .opdef import OpDef
from .tensor import EagerTensor, Tensor


def _references(holder: Any) -> tuple[int, int]:
    tensor = holder._tensor
    value = tensor._value
    return getrefcount(tensor), getrefcount(value)


class _Holder:
    def __init__(self) -> None:
        self._tensor = EagerTensor(np.zeros(1, np.float32))


_ALONE = _references(_Holder())
"""What `_references` gives for a variable whose tensor and array nobody else holds, on this interpreter."""


def owned(variable: Any) -> bool:
    """Whether nobody but the variable can see its array, so that an update may write into it."""
    if type(variable._tensor) is not EagerTensor or _references(variable) != _ALONE:
        return False
    array = variable._tensor._value
    # A view may share its memory with a tensor, although nobody else holds the view.
    return type(array) is np.ndarray and array.base is None and array.flags.writeable


def update(op: OpDef, variables: tuple[Any, ...], inputs: tuple[Any, ...], attrs: dict[str, Any] | None = None,
           name: str | None = None) -> Any:
    """Runs an op that gives variables new values: `kernel(xp, *old_values, *inputs, **attrs)` returns them.

    Where nobody else holds the arrays, the entry's in-place form writes into them. If the kernel fails, no
    variable changes (in-place forms check their inputs before they write).
    """
    if ctx.graph is not None:
        return ctx.graph.update(op, variables, inputs, attrs or {}, name)
    arguments = []
    for x in inputs:
        if type(x) is EagerTensor:
            arguments.append(x._value)
        elif isinstance(x, EagerTensor):
            arguments.append(x._value)
        elif isinstance(x, Tensor):
            return x.graph.update(op, variables, inputs, attrs or {}, name)  # type: ignore[attr-defined]
        else:
            arguments.append(x)
    variables = tuple([v._origin() for v in variables])
    in_place = op.in_place
    for v in variables:
        if in_place is not None and not owned(v):
            in_place = None
    home = variables[0]._home
    if home is not None:
        made = home.compute(op, [*[v._tensor for v in variables], *inputs], attrs or {}, name)
        for variable, tensor in zip(variables, made if isinstance(made, tuple) else (made,), strict=True):
            variable._tensor = tensor if variable._home is home else variable._home.place(tensor)
        return None
    arrays = [v._tensor._value for v in variables]
    token = _set_quiet(_QUIET)
    try:
        if in_place is not None:
            in_place(*arrays, *arguments, **(attrs or {}))
            return None
        out = op.kernel(np, *arrays, *arguments, **(attrs or {}))
    except Exception as error:
        fail(op, [*arrays, *arguments], attrs or {}, name, error)
    finally:
        _reset_quiet(token)
    values = out if isinstance(out, tuple) else (out,)
    for variable, value in zip(variables, values, strict=True):
        variable._tensor = EagerTensor(np.asarray(value) if isinstance(value, np.generic) else value,
                                       variable._tensor._dtype)
    return None
