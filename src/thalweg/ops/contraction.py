"""How an Einstein sum of one or two arrays is computed: by sums, transpositions and one matrix product."""
from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from ..core import errors
from .common import shape_text
from .matmul import product

DOTS = "..."
Labels = tuple[str, ...]


@lru_cache(maxsize=1024)
def parse(equation: str) -> tuple[Labels, str]:
    """The labels of the inputs and of the output. An ellipsis is three dots."""
    left, _, right = equation.replace(" ", "").partition("->")
    return tuple(left.split(",")), right


@lru_cache(maxsize=4096)
def _spread(labels: str, rank: int) -> Labels:
    """One label an axis: the axes of an ellipsis are called `0`, `1`, ... from the last."""
    if DOTS not in labels:
        return tuple(labels)
    before, after = labels.split(DOTS)
    n = rank - len(before) - len(after)
    return (*before, *[str(i) for i in reversed(range(n))], *after)


def _check(equation: str, arrays: tuple[Any, ...]) -> tuple[list[Labels], Labels]:
    """The labels of every axis; raises in the words of TensorFlow's kernel."""
    inputs, output = parse(equation)
    spread = []
    sizes: dict[str, int] = {}
    most = 0
    for i, (labels, x) in enumerate(zip(inputs, arrays, strict=True)):
        named = len(labels.replace(DOTS, ""))
        if DOTS in labels:
            if x.ndim < named:
                raise errors.InvalidArgumentError(f"Expected input {i} to have rank at least {named} but got: {x.ndim}")
            most = max(most, x.ndim - named)
        elif x.ndim != named:
            raise errors.InvalidArgumentError(f"Expected input {i} to have rank {named} but got: {x.ndim}")
        axes = _spread(labels, x.ndim)
        spread.append(axes)
        for axis, (label, size) in enumerate(zip(axes, x.shape, strict=True)):
            known = sizes.setdefault(label, size)
            if known != size:
                if label.isdigit() and 1 in (known, size):
                    sizes[label] = size if known == 1 else known
                elif label.isdigit():
                    raise errors.InvalidArgumentError(
                        f"Invalid broadcasting dimensions: {shape_text(arrays[0].shape)} vs. {shape_text(x.shape)}")
                else:
                    raise errors.InvalidArgumentError(f"Expected dimension {known} at axis {axis} of the input shaped "
                                                      f"{shape_text(x.shape)} but got dimension {size}")
    if most and DOTS not in output:
        raise errors.InvalidArgumentError(f"Output contains {most} broadcasting dimension(s) but no ellipsis (...) was "
                                          "found in the output subscripts.")
    return spread, _spread(output, len(output.replace(DOTS, "")) + most)


def _diagonal(xp: Any, x: Any, labels: Labels) -> tuple[Any, Labels]:
    """Takes the diagonal over axes with the same label."""
    while len(set(labels)) < len(labels):
        label = next(a for i, a in enumerate(labels) if a in labels[i + 1:])
        first = labels.index(label)
        second = labels.index(label, first + 1)
        x = xp.diagonal(x, 0, first, second)  # the diagonal becomes the last axis
        labels = (*[a for i, a in enumerate(labels) if i not in (first, second)], label)
    return x, labels


def _summed(xp: Any, x: Any, labels: Labels, kept: set[str]) -> tuple[Any, Labels]:
    """Sums over the axes whose label nobody else needs."""
    gone = tuple(i for i, a in enumerate(labels) if a not in kept)
    if gone:
        x = xp.sum(x, gone, _sum_dtype(x)).astype(x.dtype)
        labels = tuple(a for a in labels if a in kept)
    return x, labels


def _sum_dtype(x: Any) -> Any:
    return np.float32 if x.dtype.itemsize == 2 and x.dtype.kind in "fV" else x.dtype


def _pair(xp: Any, a: Any, la: Labels, b: Any, lb: Labels, needed: set[str]) -> tuple[Any, Labels]:
    """Contracts two inputs, as one batched matrix product, over the labels that are not needed."""
    a, la = _summed(xp, a, la, needed | set(lb))
    b, lb = _summed(xp, b, lb, needed | set(la))
    batch = [x for x in la if x in lb and x in needed]
    inner = [x for x in la if x in lb and x not in needed]
    rows = [x for x in la if x not in lb]
    columns = [x for x in lb if x not in la]
    if not inner and not (rows and columns):
        # Nothing to sum, and one input has no labels of its own: a product element by element.
        labels = la if rows or not columns else lb
        return xp.multiply(_aligned(xp, a, la, labels), _aligned(xp, b, lb, labels)), labels
    result = product(xp, _matrices(xp, a, la, batch, rows, inner), _matrices(xp, b, lb, batch, inner, columns))
    shape = [*result.shape[:-2], *[a.shape[la.index(x)] for x in rows], *[b.shape[lb.index(x)] for x in columns]]
    return (result if result.shape == tuple(shape) else result.reshape(shape)), (*batch, *rows, *columns)


def _matrices(xp: Any, x: Any, labels: Labels, batch: list[str], rows: list[str], columns: list[str]) -> Any:
    """An array as a stack of matrices, whose rows and columns run over several labels each."""
    order = [labels.index(a) for a in (*batch, *rows, *columns)]
    x = x if order == list(range(x.ndim)) else xp.transpose(x, order)
    split = len(batch) + len(rows)
    if len(rows) == len(columns) == 1:
        return x
    return x.reshape(*x.shape[:len(batch)], prod(x.shape[len(batch):split]), prod(x.shape[split:]))


def _aligned(xp: Any, x: Any, labels: Labels, target: Labels) -> Any:
    """An array with its axes in the order of `target`, and axes of size 1 for labels that it lacks."""
    order = [labels.index(a) for a in target if a in labels]
    x = x if order == list(range(x.ndim)) else xp.transpose(x, order)
    sizes = iter(x.shape)
    shape = tuple([next(sizes) if a in labels else 1 for a in target])
    return x if shape == x.shape else x.reshape(shape)


def _diagonals(xp: Any, x: Any, labels: Labels, output: Labels) -> Any:
    """Puts an array on the diagonals of axes whose label the output has several times; zeros are beside them."""
    for label in dict.fromkeys(output):
        for _ in range(output.count(label) - 1):
            axis = labels.index(label)
            size = x.shape[axis]
            x = xp.expand_dims(x, x.ndim)
            shape = [1] * x.ndim
            shape[axis] = shape[-1] = size
            x = xp.where(xp.eye(size, dtype=bool).reshape(shape), x, xp.zeros((), x.dtype))
            labels = (*labels, label)
    # Equal labels lie on one diagonal, so which of them comes first does not matter.
    order, used = [], set()
    for a in output:
        axis = next(i for i, b in enumerate(labels) if a == b and i not in used)
        used.add(axis)
        order.append(axis)
    return x if order == list(range(x.ndim)) else xp.transpose(x, order)


@lru_cache(maxsize=4096)
def _plan(equation: str, a: tuple[int, ...], b: tuple[int, ...]) -> Any:
    """How to contract two arrays of these shapes by one matrix product, or None where that is not all there is to do.

    Returns:
      The transposition and the shape of either array and of the result; None for those that change nothing.
    """
    inputs, output = parse(equation)
    if DOTS in equation:
        return None
    la, lb, lo = tuple(inputs[0]), tuple(inputs[1]), tuple(output)
    if len(set(la)) < len(la) or len(set(lb)) < len(lb) or len(la) != len(a) or len(lb) != len(b):
        return None
    if any(x not in lb and x not in lo for x in la) or any(x not in la and x not in lo for x in lb):
        return None
    sizes = dict(zip(la, a, strict=True))
    if any(sizes.get(x, d) != d for x, d in zip(lb, b, strict=True)):
        return None
    sizes.update(zip(lb, b, strict=True))
    batch = [x for x in la if x in lb and x in lo]
    inner = [x for x in la if x in lb and x not in lo]
    rows = [x for x in la if x not in lb]
    columns = [x for x in lb if x not in la]
    if not inner and not (rows and columns) or len(lo) != len(batch) + len(rows) + len(columns):
        return None

    def moves(labels: Labels, first: list[str], last: list[str]) -> tuple[Any, Any]:
        perm = tuple([labels.index(x) for x in (*batch, *first, *last)])
        shape = (*[sizes[x] for x in batch], prod([sizes[x] for x in first]), prod([sizes[x] for x in last]))
        return (None if perm == tuple(range(len(perm))) else perm,
                None if len(first) == len(last) == 1 else shape)
    made = (*batch, *rows, *columns)
    perm = tuple([made.index(x) for x in lo])
    return (*moves(la, rows, inner), *moves(lb, inner, columns),
            None if len(rows) == len(columns) == 1 else tuple([sizes[x] for x in made]),
            None if perm == tuple(range(len(perm))) else perm)


def contract(xp: Any, equation: str, inputs: tuple[Any, ...]) -> Any:
    """The Einstein sum of one or two arrays."""
    if len(inputs) == 2:
        a, b = inputs
        plan = _plan(equation, a.shape, b.shape)
        if plan is not None:
            perm_a, shape_a, perm_b, shape_b, shape, perm = plan
            a = a if perm_a is None else a.transpose(perm_a)
            a = a if shape_a is None else a.reshape(shape_a)
            b = b if perm_b is None else b.transpose(perm_b)
            b = b if shape_b is None else b.reshape(shape_b)
            y = product(xp, a, b)
            y = y if shape is None else y.reshape(shape)
            return y if perm is None else y.transpose(perm)
    elif len(inputs) > 2:
        raise errors.InvalidArgumentError(f"Expected at most 2 inputs but got: {len(inputs)}")
    spread, output = _check(equation, inputs)
    x, labels = _diagonal(xp, inputs[0], spread[0])
    if len(inputs) == 2:
        x, labels = _pair(xp, x, labels, *_diagonal(xp, inputs[1], spread[1]), set(output))
    x, labels = _summed(xp, x, labels, set(output))
    return x if labels == output else _diagonals(xp, x, labels, output)
