"""Requirements of a compiled program that follow from its inputs with little work, checked on NumPy before it runs.

Labels and indices mostly come from outside. To look at them first costs microseconds, and the program itself then runs as
if it required nothing: it takes over the memory of its state, and nobody waits for it. What must hold of computed values
is known only afterwards, so that such a program has to be able to give its state back.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

_ELEMENTS = 1 << 17
"""As many numbers may be computed ahead, or a sixteenth of what the whole program computes."""


def _broadcast(p: Mapping[str, Any], x: Any) -> Any:
    sizes = [1] * len(p["shape"])
    for axis, size in zip(p["broadcast_dimensions"], np.shape(x), strict=True):
        sizes[axis] = size
    return np.broadcast_to(np.reshape(x, sizes), p["shape"])


def _part(p: Mapping[str, Any], x: Any) -> Any:
    strides = p["strides"] or [1] * x.ndim
    return x[tuple(map(slice, p["start_indices"], p["limit_indices"], strides))]


def _of(ufunc: Callable[..., Any]) -> Callable[..., Any]:
    return lambda p, *xs: ufunc(*xs)


_HOST: dict[str, Callable[..., Any]] = {
    "ge": _of(np.greater_equal), "gt": _of(np.greater), "le": _of(np.less_equal), "lt": _of(np.less),
    "eq": _of(np.equal), "ne": _of(np.not_equal), "and": _of(np.bitwise_and), "or": _of(np.bitwise_or),
    "xor": _of(np.bitwise_xor), "not": _of(np.invert), "add": _of(np.add), "sub": _of(np.subtract), "mul": _of(np.multiply),
    "neg": _of(np.negative), "abs": _of(np.abs), "max": _of(np.maximum), "min": _of(np.minimum),
    "is_finite": _of(np.isfinite), "copy": _of(np.asarray),
    "clamp": lambda p, low, x, high: np.minimum(np.maximum(x, low), high),
    "reduce_and": lambda p, x: x.all(p["axes"]), "reduce_or": lambda p, x: x.any(p["axes"]),
    "reduce_max": lambda p, x: x.max(p["axes"]), "reduce_min": lambda p, x: x.min(p["axes"]),
    "convert_element_type": lambda p, x: np.asarray(x).astype(p["new_dtype"], copy=False),
    "reshape": lambda p, x: np.reshape(x, p["new_sizes"]), "squeeze": lambda p, x: np.squeeze(x, p["dimensions"]),
    "transpose": lambda p, x: np.transpose(x, p["permutation"]), "broadcast_in_dim": _broadcast, "slice": _part,
    "concatenate": lambda p, *xs: np.concatenate(xs, p["dimension"]),
    "select_n": lambda p, which, *cases: np.choose(np.asarray(which, np.intp), cases),
}
"""What may be computed ahead, by JAX's names: functions of the parameters and the operands."""


class _Step(NamedTuple):
    """One operation: of what it takes, an operand is the key of a value or the value itself."""

    function: Callable[..., Any]
    params: Mapping[str, Any]
    keys: tuple[Any, ...]
    literals: tuple[Any, ...]
    result: Any


class Ahead:
    """A function of some of a program's inputs, which says whether the program may run.

    Args:
      inputs: the positions of those inputs, with their keys.
      values: what is known before, by key.
      steps: what to compute, in order; the last is the result.
    """

    def __init__(self, inputs: Sequence[tuple[int, Any]], values: dict[Any, Any], steps: Sequence[_Step]) -> None:
        self._inputs = inputs
        self._values = values
        self._steps = steps

    def __call__(self, arguments: Sequence[Any]) -> bool:
        values = dict(self._values)
        for i, key in self._inputs:
            values[key] = np.asarray(arguments[i])
        out: Any = True
        with np.errstate(all="ignore"):
            for function, params, keys, literals, result in self._steps:
                out = function(params, *[x if key is None else values[key] for key, x in zip(keys, literals, strict=True)])
                values[result] = out
        return bool(out)


def ahead(program: Any, count: int, replaced: Sequence[int]) -> Ahead | None:
    """What decides about the last output of a traced program, or None where that takes too much.

    Args:
      program: a closed jaxpr; its last output is the flag of its requirements.
      count: the number of its inputs.
      replaced: the positions of those whose memory it takes over, which nobody may look at meanwhile.
    """
    jaxpr = program.jaxpr
    flag = jaxpr.outvars[-1]
    if _is_literal(flag) or len(jaxpr.invars) != count:  # an input that is a list counts as several
        return None
    chosen = _needed(jaxpr, [flag])
    names: dict[Any, Any] = {}
    steps: list[_Step] = []
    if not _add(chosen, names, steps) or not steps or steps[-1].result is not names.get(flag, flag):
        return None
    work = _work(chosen)
    if work > _ELEMENTS and 16 * work > _work(jaxpr.eqns):
        return None
    used = {key for step in steps for key in step.keys}
    if any(jaxpr.invars[i] in used for i in replaced):
        return None
    known = {x: np.asarray(value) for x, value in zip(jaxpr.constvars, program.consts, strict=True) if x in used}
    return Ahead([(i, x) for i, x in enumerate(jaxpr.invars) if x in used], known, steps)


def _is_literal(x: Any) -> bool:
    return hasattr(x, "val")


def _needed(jaxpr: Any, wanted: Sequence[Any]) -> list[Any]:
    """The equations that `wanted` depends on, in order."""
    needed = {x for x in wanted if not _is_literal(x)}
    chosen = []
    for eqn in reversed(jaxpr.eqns):
        if not needed.isdisjoint(eqn.outvars):
            chosen.append(eqn)
            needed.update(x for x in eqn.invars if not _is_literal(x))
    chosen.reverse()
    return chosen


def _add(eqns: Sequence[Any], names: dict[Any, Any], steps: list[_Step]) -> bool:
    """Adds steps for equations; False if one cannot be computed ahead.

    Args:
      names: keys of values by variables, where they are not the variables themselves.
    """
    for eqn in eqns:
        operands = [_operand(x, names) for x in eqn.invars]
        inner = eqn.params.get("jaxpr") if eqn.primitive.name in ("jit", "pjit") else None
        if inner is not None:
            # A function within the program, with keys of its own for every place that it is called from.
            body, here = inner.jaxpr, {}
            if body.constvars or len(eqn.outvars) != 1 or _is_literal(body.outvars[0]):
                return False
            for x, (key, value) in zip(body.invars, operands, strict=True):
                here[x] = key if key is not None else _Known(value)
            for part in body.eqns:
                here.update((x, (id(eqn), x)) for x in part.outvars)
            if not _add(_needed(body, body.outvars), here, steps) or isinstance(here[body.outvars[0]], _Known):
                return False
            names[eqn.outvars[0]] = here[body.outvars[0]]
            continue
        function = _HOST.get(eqn.primitive.name)
        if function is None or len(eqn.outvars) != 1:
            return False
        keys, literals = zip(*operands, strict=True) if operands else ((), ())
        steps.append(_Step(function, eqn.params, tuple(keys), tuple(literals), _operand(eqn.outvars[0], names)[0]))
    return True


class _Known(NamedTuple):
    value: Any


def _operand(x: Any, names: dict[Any, Any]) -> tuple[Any, Any]:
    """The key of a value, or None and the value itself."""
    if _is_literal(x):
        return None, np.asarray(x.val, x.aval.dtype)
    key = names.get(x, x)
    return (None, key.value) if isinstance(key, _Known) else (key, None)


def _work(eqns: Sequence[Any]) -> int:
    """How many numbers equations compute."""
    total = 0
    for eqn in eqns:
        inner = eqn.params.get("jaxpr")
        total += _work(getattr(inner, "jaxpr", inner).eqns) if inner is not None else sum(x.aval.size for x in eqn.outvars)
    return total
