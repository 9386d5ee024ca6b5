"""What the fused optimizer steps share: their entries, and running a formula block by block."""
from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.opdef import OpDef, op
from .common import NUMBERS, shape_text
from .layout import bad

BLOCK = 1 << 16
"""Elements a block: in float32 four arrays and the scratch arrays stay in the caches."""

_ATTRS = f"T: {{{NUMBERS}}}; use_locking: bool = false"


class _Scratch(threading.local):
    """Two arrays a dtype for what is computed on the way, kept between steps."""

    def __init__(self) -> None:
        self.arrays: dict[Any, tuple[Any, Any]] = {}

    def pair(self, dtype: Any) -> tuple[Any, Any]:
        found = self.arrays.get(dtype)
        if found is None:
            found = self.arrays[dtype] = (np.empty(BLOCK, dtype), np.empty(BLOCK, dtype))
        return found


_scratch = _Scratch()


@dataclass(frozen=True)
class Step:
    """What a registered step is: its formula, and what the inputs of its op are."""

    variables: tuple[str, ...]
    kinds: dict[str, str]
    """The types of the other inputs by name, in order."""
    which: int
    """The place of the gradient among them."""
    formula: Callable[..., Any]
    attrs: str

    @property
    def signature(self) -> str:
        return ", ".join([*(f"{n}: resource" for n in self.variables), *(f"{n}: {kind}" for n, kind in self.kinds.items())])

    @property
    def scalars(self) -> tuple[str, ...]:
        others = tuple(self.kinds)
        return others[:self.which] + others[self.which + 1:]


STEPS: dict[str, Step] = {}
"""Every step by its op type."""


def check(names: tuple[str, ...], arrays: tuple[Any, ...], scalars: dict[str, Any]) -> None:
    """Checks that the arrays have the first one's shape, and that the rest are scalars.

    Raises:
      InvalidArgumentError: they do not.
    """
    shape = arrays[0].shape
    for name, a in zip(names[1:], arrays[1:], strict=True):
        if a.shape != shape:
            raise bad(f"{names[0]} and {name} do not have the same shape{shape_text(shape)} {shape_text(a.shape)}")
    for name, x in scalars.items():
        if getattr(x, "ndim", 0):
            raise bad(f"{name} is not a scalar: {shape_text(x.shape)}")


def step(type: str, slots: str, inputs: str, attrs: str = "") -> Callable[[Callable[..., Any]], OpDef]:
    """Registers `formula(xp, *arrays, grad, *scalars, **attrs)` as an optimizer step.

    Args:
      type: the op type.
      slots: the names of the variables.
      inputs: the names of the other inputs, in order; `grad` or `delta` is the gradient. One of another dtype than the
        variables states it: `global_step:int64`.
      attrs: further attributes.
    """
    variables = tuple(slots.split())
    kinds = {n.partition(":")[0]: n.partition(":")[2] or "T" for n in inputs.split()}
    which = next(i for i, n in enumerate(kinds) if n in ("grad", "delta"))
    names = (*variables, tuple(kinds)[which])
    count = len(variables)

    def register(formula: Callable[..., Any]) -> OpDef:
        described = STEPS[type] = Step(variables, kinds, which, formula, f"{_ATTRS}; {attrs}" if attrs else _ATTRS)
        scalars = described.scalars

        def arguments(values: tuple[Any, ...]) -> tuple[tuple[Any, ...], dict[str, Any]]:
            arrays = (*values[:count], values[count + which])
            rest = values[count:count + which] + values[count + which + 1:]
            return arrays, dict(zip(scalars, rest, strict=True))

        @op(type, f"{described.signature} -> ", attrs=described.attrs, infer=lambda op: [], stateful=True)
        def entry(xp: Any, *values: Any, use_locking: bool = False, **options: Any) -> Any:
            arrays, numbers = arguments(values)
            check(names, arrays, numbers)
            if xp is np:
                numbers = {k: number(x, arrays[0].dtype) for k, x in numbers.items()}
            return formula(xp, *arrays, **numbers, **options)

        @entry.writes
        def _(*values: Any, use_locking: bool = False, **options: Any) -> None:
            arrays, numbers = arguments(values)
            check(names, arrays, numbers)
            numbers = {k: number(x, arrays[0].dtype) for k, x in numbers.items()}
            block = _BLOCKS.get(type)
            for parts in _blocks(arrays):
                if block is not None and parts[0].dtype.kind == "f":
                    a, b = _scratch.pair(parts[0].dtype)
                    n, shape = parts[0].size, parts[0].shape
                    if n <= BLOCK:
                        block(a[:n].reshape(shape), b[:n].reshape(shape), *parts, **numbers, **options)
                    else:
                        block(np.empty_like(parts[0]), np.empty_like(parts[0]), *parts, **numbers, **options)
                    continue
                new = formula(np, *parts, **numbers, **options)
                for old, value in zip(parts, new if isinstance(new, tuple) else (new,), strict=False):
                    old[...] = value
        entry.not_differentiable()
        return entry
    return register


def number(x: Any, dtype: Any) -> Any:
    """A scalar input as a number that leaves the arrays' dtype alone."""
    value = float(x)
    return value if dtype.kind == "f" else dtype.type(value)


def _blocks(arrays: tuple[Any, ...]) -> Any:
    """The arrays in blocks: of their flat form where memory allows, else of their first dimension."""
    first = arrays[0]
    if first.size <= BLOCK:
        yield arrays
        return
    if all(a.flags.c_contiguous for a in arrays):
        flat = [a.reshape(-1) for a in arrays]
        rows = BLOCK
    else:
        flat = list(arrays)
        rows = max(1, BLOCK // (first.size // len(first)))
    for start in range(0, len(flat[0]), rows):
        yield tuple([a[start:start + rows] for a in flat])


_BLOCKS: dict[str, Callable[..., None]] = {}
"""By op type: a step on one block without temporary arrays, `f(scratch, scratch, *arrays, **numbers)`."""


def block_step(type: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def register(f: Callable[..., None]) -> Callable[..., None]:
        _BLOCKS[type] = f
        return f
    return register
