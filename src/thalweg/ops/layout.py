"""Entries that give the same elements another shape: Reshape, Transpose, ExpandDims, Squeeze."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import errors
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from .common import shape_of, shape_text, static_value, unchanged
from .creation import ints, known_shape
from .requirements import require

TIDX = "{int32, int64} = int32"


def bad(message: str) -> errors.InvalidArgumentError:
    """An InvalidArgumentError, to raise."""
    return errors.InvalidArgumentError(message)


# Reshape.


def _reshape_shape(op: Any) -> Any:
    new = known_shape(op.inputs[1])
    count = op.inputs[0].shape.num_elements()
    if new.rank is None or count is None:
        return new
    dims = new.as_list()
    known = int(np.prod([d for d in dims if d is not None]))
    wanted = ",".join("?" if d is None else str(d) for d in dims)
    if dims.count(None) == 1:
        if known and count % known == 0:
            dims[dims.index(None)] = count // known
            return TensorShape(dims)
        if known:
            raise ValueError(f"Dimension size must be evenly divisible by {known} but is {count}")
    elif None not in dims and known != count:
        raise ValueError(f"Cannot reshape a tensor with {count} elements to shape [{wanted}] ({known} elements)")
    return TensorShape(dims)


def _explain_reshape(x: Any, shape: Any) -> None:
    dims = ints(shape)
    if isinstance(shape, np.ndarray) and shape.ndim > 1:
        raise bad(f"sizes input must be 1-D, not {shape_text(shape.shape)}")
    missing = [i for i, d in enumerate(dims) if d == -1]
    if len(missing) > 1:
        raise bad(f"Only one input size may be -1, not both {missing[0]} and {missing[1]}")
    for i, d in enumerate(dims):
        if d < -1:
            raise bad(f"Size {i} must be non-negative, not {d}")
    known = int(np.prod([d for d in dims if d != -1]))
    if missing and known == 0:
        raise bad("reshape cannot infer the missing input size for an empty tensor unless all specified input sizes "
                  "are non-zero")
    if missing and x.size % known:
        raise bad(f"Input to reshape is a tensor with {x.size} values, but the requested shape requires a multiple of "
                  f"{known}")
    if not missing and known != x.size:
        raise bad(f"Input to reshape is a tensor with {x.size} values, but the requested shape has {known}")


@op("Reshape", "tensor: T, shape: Tshape static -> output: T", attrs=f"T: type; Tshape: {TIDX}",
    infer=_reshape_shape, explain=_explain_reshape)
def reshape_(xp: Any, x: Any, shape: Any) -> Any:
    if isinstance(shape, np.ndarray):
        shape = shape.tolist() if shape.ndim == 1 else ints(shape)
    return x.reshape(shape)


@reshape_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(reshape_, (dy, shape_of(op.inputs[0])))


# Transpose.


def _permuted_shape(op: Any) -> Any:
    shape, perm = op.inputs[0].shape, op.inputs[1].value
    if perm is None:
        rank = shape.rank if shape.rank is not None else op.inputs[1].shape[0] if op.inputs[1].shape.rank else None
        return unknown_shape(rank)
    order = ints(perm)
    if shape.rank is None:
        return unknown_shape(len(order))
    if len(order) != shape.rank:
        raise ValueError(f"Shape must be rank {len(order)} but is rank {shape.rank}")
    for p in order:
        if not -shape.rank <= p < shape.rank:
            raise ValueError(f"perm dim {p} is out of range of input rank {shape.rank}")
    return TensorShape([shape.as_list()[p] for p in order])


def _explain_transpose(x: Any, perm: Any) -> None:
    order = ints(perm)
    if len(order) != x.ndim:
        raise bad(f"transpose expects a vector of size {x.ndim}. But input(1) is a vector of size {len(order)}")
    for p in order:
        if not -x.ndim <= p < x.ndim:
            raise bad(f"{p} is out of range [0 .. {x.ndim})")
    for i in range(x.ndim):
        if i not in [p % x.ndim for p in order]:
            raise bad(f"{i} is missing from {{{','.join(map(str, order))}}}.")


@op("Transpose", "x: T, perm: Tperm static -> y: T", attrs=f"T: type; Tperm: {TIDX}", infer=_permuted_shape,
    explain=_explain_transpose)
def transpose_(xp: Any, x: Any, perm: Any) -> Any:
    return x.transpose(ints(perm))


@op("ConjugateTranspose", "x: T, perm: Tperm static -> y: T", attrs=f"T: type; Tperm: {TIDX}",
    infer=_permuted_shape, explain=_explain_transpose)
def conjugate_transpose(xp: Any, x: Any, perm: Any) -> Any:
    return xp.conj(x.transpose(ints(perm)))


def _inverse(perm: Any) -> Any:
    value = static_value(perm)
    if value is None:
        return apply(invert_permutation_, (perm,))
    order = ints(value)
    out = [0] * len(order)
    for i, p in enumerate(order):
        out[p] = i
    return out


transpose_.vjp(0)(lambda op, dy: apply(transpose_, (dy, _inverse(op.inputs[1]))))
conjugate_transpose.vjp(0)(lambda op, dy: apply(conjugate_transpose, (dy, _inverse(op.inputs[1]))))


@op("InvertPermutation", "x: T -> y: T", attrs="T: {int32, int64} = int32", infer=unchanged)
def invert_permutation_(xp: Any, x: Any) -> Any:
    if xp is not np:
        require(xp, xp.sort(x) == xp.arange(x.size, dtype=x.dtype))
        return xp.argsort(x).astype(x.dtype)
    if x.ndim != 1:
        raise bad("invert_permutation expects a 1D vector.")
    out = np.full(x.size, -1, x.dtype)
    for p in x.tolist():
        if not 0 <= p < x.size:
            raise bad(f"{p} is not between 0 and {x.size}")
        if out[p] != -1:
            raise bad(f"{p} is duplicated in the input.")
        out[p] = 0
    out[x] = np.arange(x.size, dtype=x.dtype)
    return out


invert_permutation_.not_differentiable()


# One more or one less dimension.


def _expanded_shape(op: Any) -> Any:
    shape, dim = op.inputs[0].shape, op.inputs[1].value
    if shape.rank is None or dim is None:
        return unknown_shape(None if shape.rank is None else shape.rank + 1)
    d = ints(dim)[0]
    if not -shape.rank - 1 <= d <= shape.rank:
        raise ValueError(f"dim {d} not in the interval [{-shape.rank - 1}, {shape.rank}].")
    dims = shape.as_list()
    dims.insert(d if d >= 0 else d + shape.rank + 1, 1)
    return TensorShape(dims)


@op("ExpandDims", "input: T, dim: Tdim static -> output: T", attrs=f"T: type; Tdim: {TIDX}", infer=_expanded_shape)
def expand_dims_(xp: Any, x: Any, dim: Any) -> Any:
    d = dim if type(dim) is int else ints(dim)[0]
    shape = x.shape
    n = len(shape)
    if not -n - 1 <= d <= n:
        raise bad(f"Tried to expand dim index {d} for tensor with {n} dimensions.")
    if d < 0:
        d += n + 1
    return x.reshape((*shape[:d], 1, *shape[d:]))


def _squeezed_shape(op: Any) -> Any:
    shape, axes = op.inputs[0].shape, op.attrs.get("squeeze_dims") or []
    if shape.rank is None:
        return unknown_shape()
    dims = shape.as_list()
    if not axes:
        return TensorShape([d for d in dims if d != 1]) if None not in dims else unknown_shape()
    gone = set()
    for a in axes:
        if not -len(dims) <= a < len(dims):
            raise ValueError(f"Tried to squeeze dim index {a} for tensor with {len(dims)} dimensions.")
        if dims[a] not in (None, 1):
            raise ValueError(f"Can not squeeze dim[{a % len(dims)}], expected a dimension of 1, got {dims[a]}")
        gone.add(a % len(dims))
    return TensorShape([d for i, d in enumerate(dims) if i not in gone])


def _explain_squeeze(x: Any, squeeze_dims: Any = ()) -> None:
    for a in squeeze_dims:
        if not -x.ndim <= a < x.ndim:
            raise bad(f"Tried to squeeze dim index {a} for tensor with {x.ndim} dimensions.")
        if x.shape[a] != 1:
            raise bad(f"Can not squeeze dim[{a % x.ndim}], expected a dimension of 1, got {x.shape[a]}")


@op("Squeeze", "input: T -> output: T", attrs="T: type; squeeze_dims: list(int) = []", infer=_squeezed_shape,
    explain=_explain_squeeze)
def squeeze_(xp: Any, x: Any, squeeze_dims: Any = ()) -> Any:
    if not squeeze_dims:
        return x.squeeze()
    if len(squeeze_dims) == 1:
        return x.squeeze(squeeze_dims[0])
    return x.squeeze(tuple({a % x.ndim if a < 0 else a for a in squeeze_dims}))


for _entry in (expand_dims_, squeeze_):
    _entry.vjp(0)(lambda op, dy: apply(reshape_, (dy, shape_of(op.inputs[0]))))
