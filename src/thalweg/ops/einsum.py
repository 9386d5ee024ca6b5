"""Einstein sums, computed through matrix products."""
from __future__ import annotations

import re
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from ..core import errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op, op
from ..core.shape import TensorShape, broadcast_static, unknown_shape
from .common import conj, reduce_to, same_dtypes, shape_of, shape_text, static_shape
from .dynamic import inverse, joined, range_to, rank_of
from .matmul import product

_DOTS = "..."
Labels = tuple[str, ...]


@lru_cache(maxsize=1024)
def _parse(equation: str) -> tuple[Labels, str]:
    """The labels of the inputs and of the output. An ellipsis is three dots."""
    left, _, right = equation.replace(" ", "").partition("->")
    return tuple(left.split(",")), right


@lru_cache(maxsize=4096)
def _spread(labels: str, rank: int) -> Labels:
    """One label an axis: the axes of an ellipsis are called `0`, `1`, ... from the last."""
    if _DOTS not in labels:
        return tuple(labels)
    before, after = labels.split(_DOTS)
    n = rank - len(before) - len(after)
    return (*before, *[str(i) for i in reversed(range(n))], *after)


def _check(equation: str, arrays: tuple[Any, ...]) -> tuple[list[Labels], Labels]:
    """The labels of every axis; raises in the words of TensorFlow's kernel."""
    inputs, output = _parse(equation)
    spread = []
    sizes: dict[str, int] = {}
    most = 0
    for i, (labels, x) in enumerate(zip(inputs, arrays, strict=True)):
        named = len(labels.replace(_DOTS, ""))
        if _DOTS in labels:
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
    if most and _DOTS not in output:
        raise errors.InvalidArgumentError(f"Output contains {most} broadcasting dimension(s) but no ellipsis (...) was "
                                          "found in the output subscripts.")
    return spread, _spread(output, len(output.replace(_DOTS, "")) + most)


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


def _einsum_shape(op: Any) -> TensorShape:
    inputs, output = _parse(_text(op.attrs["equation"]))
    sizes: dict[str, int | None] = {}
    middle = TensorShape([])
    for labels, x in zip(inputs, op.inputs, strict=True):
        shape = x.shape
        named = len(labels.replace(_DOTS, ""))
        if shape.rank is None:
            middle = unknown_shape() if _DOTS in labels else middle
            continue
        if _DOTS in labels and shape.rank < named:
            raise ValueError(f"Shape must be at least rank {named} but is rank {shape.rank}")
        if _DOTS not in labels and shape.rank != named:
            raise ValueError(f"Shape must be rank {named} but is rank {shape.rank}")
        dims = shape.as_list()
        before, _, after = labels.partition(_DOTS)
        stop = shape.rank - len(after)
        if middle.rank is not None:
            middle = broadcast_static(middle, TensorShape(dims[len(before):stop]))
        for label, size in [*zip(before, dims, strict=False), *zip(after, dims[stop:], strict=True)]:
            known = sizes.get(label)
            if known is not None and size is not None and known != size:
                raise ValueError(f"Dimensions must be equal, but are {known} and {size}")
            sizes[label] = size if known is None else known
    before, dots, after = output.partition(_DOTS)
    if not dots:
        return TensorShape([sizes.get(a) for a in output])
    return TensorShape([sizes.get(a) for a in before]).concatenate(middle).concatenate([sizes.get(a) for a in after])


def _text(equation: Any) -> str:
    return equation.decode() if isinstance(equation, bytes) else equation


@lru_cache(maxsize=4096)
def _plan(equation: str, a: tuple[int, ...], b: tuple[int, ...]) -> Any:
    """How to contract two arrays of these shapes by one matrix product, or None where that is not all there is to do.

    Returns:
      The transposition and the shape of either array and of the result; None for those that change nothing.
    """
    inputs, output = _parse(equation)
    if _DOTS in equation:
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


@op("Einsum", "inputs: N * T -> output: T", attrs="equation: string; N: int; T: type", infer=_einsum_shape)
def einsum_(xp: Any, *inputs: Any, equation: Any = "", N: int = 0) -> Any:
    equation = _text(equation)
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


@einsum_.gradient
def _(op: Any, dy: Any) -> Any:
    inputs, output = _parse(_text(op.attrs["equation"]))
    gradients: list[Any] = []
    for i, labels in enumerate(inputs):
        others = [(conj(o), inputs[n]) for n, o in enumerate(op.inputs) if n != i]
        gradients.append(_input_gradient(op.inputs[i], labels, dy, output, others) if op.needs[i] else None)
    return gradients


def _input_gradient(x: Any, labels: str, dy: Any, output: str, others: list[tuple[Any, str]]) -> Any:
    """The gradient for one input: another einsum, of `dy` and the other input."""
    operands, terms = [dy, *[o for o, _ in others]], [output, *[o for _, o in others]]
    before, dots, after = labels.partition(_DOTS)
    there = set("".join(terms))
    lost = "".join(a for a in dict.fromkeys(before + after) if a not in there)
    if lost:
        # Labels that were summed away: the gradient is the same all along them, so it is multiplied by ones.
        operands.append(_ones_of(x, before, after, lost, dy.dtype))
        terms.append(lost)
        if len(terms) > 2:
            # First what has the ellipsis and the shared labels, then the ones.
            kept = "".join(a for a in dict.fromkeys(before + after) if a not in lost)
            left = (_DOTS if _DOTS in terms[0] + terms[1] else "") + kept
            operands = [_apply(",".join(terms[:2]) + "->" + left, operands[:2]), operands[2]]
            terms = [left, lost]
    spread = _DOTS if any(_DOTS in t for t in terms) else ""
    if dots and not spread:
        dots = ""
    target = spread + before + after if not dots or before else labels
    gradient = _apply(",".join(terms) + "->" + target, operands)
    if not spread:
        return gradient
    if not dots:
        from .reductions import reduce_sum
        count = rank_of(gradient) - len(before + after)
        return reduce_sum(gradient, tuple(range(count)) if isinstance(count, int) else range_to(0, count))
    if not before:
        return _fitted(gradient, x)
    # The axes of the ellipsis came first so that they can be summed where they were broadcast; now to their place.
    rank, transpose = rank_of(x), get_op("Transpose")
    start, stop = len(before), rank - len(after)
    perm: Any
    if isinstance(rank, int):
        perm = (*range(start, stop), *range(start), *range(stop, rank))
        back: Any = tuple(np.argsort(perm).tolist())
    else:
        perm = joined(range_to(start, stop), range_to(0, start), range_to(stop, rank))
        back = inverse(perm)
    return apply(transpose, (_fitted(gradient, apply(transpose, (x, perm))), back))


def _fitted(gradient: Any, x: Any) -> Any:
    return gradient if static_shape(gradient) == static_shape(x) is not None else reduce_to(gradient, x, gradient)


def _ones_of(x: Any, before: str, after: str, labels: str, dtype: Any) -> Any:
    """Ones of the sizes that an input has along some labels."""
    from .creation import ones
    rank = x.shape.rank
    places = [before.index(a) if a in before else after.index(a) - len(after) for a in labels]
    known = static_shape(x)
    if known is not None:
        return ones(tuple([known[i] for i in places]), dtype)
    if rank is not None:
        dims = x.shape.as_list()
        if all(dims[i] is not None for i in places):
            return ones(tuple([dims[i] for i in places]), dtype)
    shape = convert_to_tensor(shape_of(x))
    return ones(apply(get_op("Pack"), [shape[i] for i in places], {"axis": 0}), dtype)


def _apply(equation: str, operands: list[Any], name: str | None = None) -> Any:
    return apply(einsum_, operands, {"equation": equation, "N": len(operands)}, name)


# The public function.


@lru_cache(maxsize=1024)
def _resolve(equation: str, count: int) -> tuple[tuple[str, ...], str]:
    """The labels of the inputs and of the output, which is derived where the equation leaves it out."""
    text = equation.replace(" ", "")
    if not re.match(r"^[a-zA-Z0,]*(->[a-zA-Z0]*)?$", text.replace(_DOTS, "0")):
        raise ValueError(f"Subscripts have incorrect format: {text}")
    left, arrow, output = text.partition("->")
    inputs = left.split(",")
    if len(inputs) != count:
        raise ValueError(f"Got {count} inputs for equation \"{equation}\", expecting {len(inputs)}")
    for labels in inputs:
        if labels.count(_DOTS) > 1:
            raise ValueError(f"Subscripts have incorrect format: {text}")
    named = "".join(inputs).replace(_DOTS, "")
    if not arrow:
        output = (_DOTS if _DOTS in left else "") + "".join(sorted(a for a in set(named) if named.count(a) == 1))
    for a in output.replace(_DOTS, ""):
        if a not in named:
            raise ValueError(f"Output subscripts contain the label {a} not present in the input subscripts.")
        if output.count(a) > 1:
            raise ValueError(f"Output subscripts contain a label appearing more than once: {text}")
    return tuple(inputs), output


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Any:
    """The sum of products that an equation such as `"ij,jk->ik"` describes.

    Args:
      equation: one letter an axis of every input, then those of the result; labels that the result lacks are summed
        over, a label twice in an input is its diagonal, and `...` stands for axes that broadcast. Without `->` the
        result has the labels that occur once, in alphabetical order.
      *inputs: tensors of one dtype.
      **kwargs: `name`, and `optimize`, which makes no difference: several inputs are always contracted two by two.

    Raises:
      TypeError: an unknown keyword argument.
      ValueError: the equation is malformed, or for another number of inputs.
      InvalidArgumentError: the inputs' shapes do not fit the equation.
    """
    name = kwargs.pop("name", None)
    kwargs.pop("optimize", None)
    if kwargs:
        raise TypeError(f"Invalid keyword arguments for einsum: {', '.join(kwargs)}. Valid arguments: name, optimize, "
                        "greedy.")
    resolved, output = _resolve(equation, len(inputs))
    operands = same_dtypes(inputs)
    terms = list(resolved)
    while len(operands) > 2:
        i, j = _next_pair(terms, output, operands)
        rest = [n for n in range(len(terms)) if n not in (i, j)]
        needed = set("".join([output, *[terms[n] for n in rest]]))
        left = "".join(a for a in dict.fromkeys((terms[i] + terms[j]).replace(_DOTS, "")) if a in needed)
        left = (_DOTS if _DOTS in terms[i] + terms[j] else "") + left
        result = _apply(f"{terms[i]},{terms[j]}->{left}", [operands[i], operands[j]])
        terms, operands = [*[terms[n] for n in rest], left], [*[operands[n] for n in rest], result]
    return _apply(",".join(terms) + "->" + output, operands, name)


def _next_pair(terms: list[str], output: str, operands: list[Any]) -> tuple[int, int]:
    """Which two of several operands to contract first: those whose product grows least beyond them."""
    sizes: dict[str, int] = {".": 1}
    for labels, x in zip(terms, operands, strict=True):
        if x.shape.rank is not None:
            before, _, after = labels.partition(_DOTS)
            dims = x.shape.as_list()
            for a, d in [*zip(before, dims, strict=False), *zip(reversed(after), reversed(dims), strict=False)]:
                sizes[a] = d or 1

    def size(labels: Any) -> int:
        return prod([sizes.get(a, 1) for a in set(labels)])
    best: tuple[int, int, int] | None = None
    for i in range(len(terms)):
        for j in range(i + 1, len(terms)):
            others = set("".join([output, *[t for n, t in enumerate(terms) if n not in (i, j)]]))
            cost = size(set(terms[i] + terms[j]) & others) - size(terms[i]) - size(terms[j])
            if best is None or cost < best[0]:
                best = (cost, i, j)
    assert best is not None
    return best[1], best[2]
