"""Fused optimizer steps on some rows of variables: TensorFlow's ResourceSparseApply* ops.

Each is the step of the whole variable on the rows that `indices` name. A row that is named twice takes one step after the
other: the occurrences of all rows are counted, and the first ones step together, then the second ones, and so on.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core.opdef import OpDef, op
from . import training_ops, training_proximal  # noqa: F401  - whose steps these are
from .layout import bad
from .requirements import require_within
from .training_blocks import STEPS, check, number


def _check_rows(var: Any, grad: Any, indices: Any) -> None:
    """Checks that there is a row of the gradient for each index.

    Raises:
      InvalidArgumentError: the shapes do not fit, or an index is out of range.
    """
    if var.ndim < 1:
        raise bad("var must be at least 1 dimensional")
    if indices.ndim != 1:
        raise bad("indices must be one-dimensional")
    if grad.ndim != var.ndim:
        raise bad(f"var and grad must have the same number of dimensions: {var.ndim} vs. {grad.ndim}")
    for axis in range(1, var.ndim):
        if grad.shape[axis] != var.shape[axis]:
            raise bad(f"var and grad must match in dimension {axis}")
    if grad.shape[0] != indices.shape[0]:
        raise bad("grad must be the same size as indices in the first dimension.")
    if isinstance(indices, np.ndarray):
        wrong = np.flatnonzero((indices < 0) | (indices >= len(var)))
        if wrong.size:
            raise bad(f"Index {indices[wrong[0]]} at offset {wrong[0]} in indices is out of range")


def _occurrences(xp: Any, indices: Any) -> Any:
    """For each index, how many equal ones stand before it."""
    order = xp.argsort(indices, kind="stable") if xp is np else xp.argsort(indices, stable=True)
    ranked = indices[order]
    place = xp.arange(len(indices))
    begins = xp.concatenate([xp.ones(1, bool), ranked[1:] != ranked[:-1]])[:len(indices)]
    if xp is np:
        counts = np.empty_like(place)
        counts[order] = place - np.maximum.accumulate(np.where(begins, place, 0))
        return counts
    from jax import lax
    return xp.zeros_like(place).at[order].set(place - lax.cummax(xp.where(begins, place, 0)))


def _rounds(indices: Any) -> Iterator[Any]:
    """Positions among the indices, in parts that name no row twice."""
    if not indices.size:
        return
    counts = _occurrences(np, indices)
    if not counts.any():
        yield slice(None)
        return
    order = np.argsort(counts, kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(counts))[:-1])


_NEED_COLUMNS = ("Adagrad", "AdagradDA", "AdagradV2", "Ftrl", "FtrlV2", "ProximalAdagrad", "ProximalGradientDescent")
"""The steps whose rows must not be empty."""


def _as_tuple(x: Any) -> tuple[Any, ...]:
    return x if isinstance(x, tuple) else (x,)


def _sparse(dense: str) -> OpDef:
    """Registers the step of a whole variable on some of its rows."""
    described = STEPS[dense]
    count, which, formula, scalars = len(described.variables), described.which, described.formula, described.scalars
    gradient = tuple(described.kinds)[which]
    need_columns = dense.removeprefix("ResourceApply") in _NEED_COLUMNS
    signature = described.signature.replace(f"{gradient}: T", "grad: T, indices: Tindices")

    def arguments(values: tuple[Any, ...]) -> tuple[Any, Any, Any, dict[str, Any]]:
        old, others = values[:count], values[count:]
        numbers = dict(zip(scalars, others[:which] + others[which + 2:], strict=True))
        check(described.variables, old, numbers)
        _check_rows(old[0], others[which], others[which + 1])
        if need_columns and 0 in old[0].shape[1:]:
            raise bad("Inner dimension should be greater than zero.")
        return old, others[which], others[which + 1], numbers

    def write(arrays: Any, grad: Any, indices: Any, numbers: dict[str, Any], options: dict[str, Any]) -> None:
        numbers = {k: number(x, arrays[0].dtype) for k, x in numbers.items()}
        for part in _rounds(indices):
            rows = indices[part]
            new = formula(np, *[a[rows] for a in arrays], grad[part], **numbers, **options)
            for array, value in zip(arrays, _as_tuple(new), strict=True):
                array[rows] = value

    @op(dense.replace("Resource", "ResourceSparse"), f"{signature} -> ",
        attrs=f"{described.attrs}; Tindices: {{int32, int64}}", infer=lambda op: [], stateful=True)
    def entry(xp: Any, *values: Any, use_locking: bool = False, **options: Any) -> Any:
        old, grad, indices, numbers = arguments(values)
        if xp is np:
            new = tuple([np.array(a) for a in old])
            write(new, grad, indices, numbers, options)
            return new if count > 1 else new[0]
        require_within(xp, indices, old[0].shape[0])
        new = _by_rounds(xp, formula, old, grad, xp.asarray(indices), numbers, options)
        return new if count > 1 else new[0]

    @entry.writes
    def _(*values: Any, use_locking: bool = False, **options: Any) -> None:
        write(*arguments(values), options)
    return entry.not_differentiable()


def _by_rounds(xp: Any, formula: Any, old: Any, grad: Any, indices: Any, numbers: Any, options: Any) -> Any:
    """The same in a compiled program: a loop over rounds, each of which steps all rows and keeps its own."""
    from jax import lax
    size = old[0].shape[0]
    if not indices.size or not size:
        return tuple(old)
    counts = _occurrences(xp, indices)

    def step(state: Any) -> Any:
        k, arrays = state
        new = _as_tuple(formula(xp, *[a[indices] for a in arrays], grad, **numbers, **options))
        rows = xp.where(counts == k, indices, size)
        return k + 1, tuple([a.at[rows].set(value, mode="drop") for a, value in zip(arrays, new, strict=True)])
    start = (xp.zeros((), counts.dtype), tuple([xp.asarray(a) for a in old]))
    return lax.while_loop(lambda state: state[0] <= counts.max(), step, start)[1]


for _type in ("Adadelta", "Adagrad", "AdagradDA", "AdagradV2", "CenteredRMSProp", "Ftrl", "FtrlV2", "KerasMomentum",
              "Momentum", "ProximalAdagrad", "ProximalGradientDescent", "RMSProp"):
    _sparse(f"ResourceApply{_type}")
