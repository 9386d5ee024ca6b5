"""Einstein sums."""
from __future__ import annotations

import re
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op, op
from ..core.shape import TensorShape, broadcast_static, unknown_shape
from .common import conj, reduce_to, same_dtypes, shape_of, static_shape
from .contraction import DOTS, contract, parse
from .dynamic import inverse, joined, range_to, rank_of


def _einsum_shape(op: Any) -> TensorShape:
    inputs, output = parse(_text(op.attrs["equation"]))
    sizes: dict[str, int | None] = {}
    middle = TensorShape([])
    for labels, x in zip(inputs, op.inputs, strict=True):
        shape = x.shape
        named = len(labels.replace(DOTS, ""))
        if shape.rank is None:
            middle = unknown_shape() if DOTS in labels else middle
            continue
        if DOTS in labels and shape.rank < named:
            raise ValueError(f"Shape must be at least rank {named} but is rank {shape.rank}")
        if DOTS not in labels and shape.rank != named:
            raise ValueError(f"Shape must be rank {named} but is rank {shape.rank}")
        dims = shape.as_list()
        before, _, after = labels.partition(DOTS)
        stop = shape.rank - len(after)
        if middle.rank is not None:
            middle = broadcast_static(middle, TensorShape(dims[len(before):stop]))
        for label, size in [*zip(before, dims, strict=False), *zip(after, dims[stop:], strict=True)]:
            known = sizes.get(label)
            if known is not None and size is not None and known != size:
                raise ValueError(f"Dimensions must be equal, but are {known} and {size}")
            sizes[label] = size if known is None else known
    before, dots, after = output.partition(DOTS)
    if not dots:
        return TensorShape([sizes.get(a) for a in output])
    return TensorShape([sizes.get(a) for a in before]).concatenate(middle).concatenate([sizes.get(a) for a in after])


def _text(equation: Any) -> str:
    return equation.decode() if isinstance(equation, bytes) else equation


@op("Einsum", "inputs: N * T -> output: T", attrs="equation: string; N: int; T: type", infer=_einsum_shape)
def einsum_(xp: Any, *inputs: Any, equation: Any = "", N: int = 0) -> Any:
    return contract(xp, _text(equation), inputs)


@einsum_.gradient
def _(op: Any, dy: Any) -> Any:
    inputs, output = parse(_text(op.attrs["equation"]))
    gradients: list[Any] = []
    for i, labels in enumerate(inputs):
        others = [(conj(o), inputs[n]) for n, o in enumerate(op.inputs) if n != i]
        gradients.append(_input_gradient(op.inputs[i], labels, dy, output, others) if op.needs[i] else None)
    return gradients


@lru_cache(maxsize=1024)
def _plain_gradient(labels: str, *terms: str) -> str | None:
    """The equation of the gradient for one input, where no ellipsis and no label of its own makes it harder."""
    joined_terms = ",".join(terms)
    if DOTS in joined_terms + labels or not set(labels) <= set(joined_terms):
        return None
    return f"{joined_terms}->{labels}"


def _input_gradient(x: Any, labels: str, dy: Any, output: str, others: list[tuple[Any, str]]) -> Any:
    """The gradient for one input: another einsum, of `dy` and the other input."""
    operands, terms = [dy, *[o for o, _ in others]], [output, *[o for _, o in others]]
    plain = _plain_gradient(labels, *terms)
    if plain is not None:
        return _apply(plain, operands)
    before, dots, after = labels.partition(DOTS)
    there = set("".join(terms))
    lost = "".join(a for a in dict.fromkeys(before + after) if a not in there)
    if lost:
        # Labels that were summed away: the gradient is the same all along them, so it is multiplied by ones.
        operands.append(_ones_of(x, before, after, lost, dy.dtype))
        terms.append(lost)
        if len(terms) > 2:
            # First what has the ellipsis and the shared labels, then the ones.
            kept = "".join(a for a in dict.fromkeys(before + after) if a not in lost)
            left = (DOTS if DOTS in terms[0] + terms[1] else "") + kept
            operands = [_apply(",".join(terms[:2]) + "->" + left, operands[:2]), operands[2]]
            terms = [left, lost]
    spread = DOTS if any(DOTS in t for t in terms) else ""
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
    if not re.match(r"^[a-zA-Z0,]*(->[a-zA-Z0]*)?$", text.replace(DOTS, "0")):
        raise ValueError(f"Subscripts have incorrect format: {text}")
    left, arrow, output = text.partition("->")
    inputs = left.split(",")
    if len(inputs) != count:
        raise ValueError(f"Got {count} inputs for equation \"{equation}\", expecting {len(inputs)}")
    for labels in inputs:
        if labels.count(DOTS) > 1:
            raise ValueError(f"Subscripts have incorrect format: {text}")
    named = "".join(inputs).replace(DOTS, "")
    if not arrow:
        output = (DOTS if DOTS in left else "") + "".join(sorted(a for a in set(named) if named.count(a) == 1))
    for a in output.replace(DOTS, ""):
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
        left = "".join(a for a in dict.fromkeys((terms[i] + terms[j]).replace(DOTS, "")) if a in needed)
        left = (DOTS if DOTS in terms[i] + terms[j] else "") + left
        result = _apply(f"{terms[i]},{terms[j]}->{left}", [operands[i], operands[j]])
        terms, operands = [*[terms[n] for n in rest], left], [*[operands[n] for n in rest], result]
    return _apply(",".join(terms) + "->" + output, operands, name)


def _next_pair(terms: list[str], output: str, operands: list[Any]) -> tuple[int, int]:
    """Which two of several operands to contract first: those whose product grows least beyond them."""
    sizes: dict[str, int] = {".": 1}
    for labels, x in zip(terms, operands, strict=True):
        if x.shape.rank is not None:
            before, _, after = labels.partition(DOTS)
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
