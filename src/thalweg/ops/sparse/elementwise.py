"""Elements of sparse tensors with those of dense ones and of other sparse tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape, unknown_shape
from ..common import NUMBERS, REALS
from ..layout import bad
from .places import taken_or_zero
from .rows import (
    check_bounds,
    check_parts,
    found_in_turn,
    list_text,
    merged,
    no_gradient,
    row_major,
    runs,
    same_shapes,
)

INT64 = dtypes.int64
_SPARSE = "sp_indices: int64, sp_values: T, sp_shape: int64 static"


# With a dense tensor.


def _columns(xp: Any, indices: Any, dense: Any) -> tuple[Any, ...]:
    """Where the element of a dense tensor is that stands beside each sparse one; axes of size 1 are repeated."""
    skipped = indices.shape[1] - dense.ndim
    zero = xp.zeros(len(indices), np.int64)
    return tuple([zero if size == 1 else indices[:, skipped + k] for k, size in enumerate(dense.shape)])


def _check_dense(indices: Any, values: Any, shape: Any, dense: Any) -> None:
    check_parts(indices, values, np.asarray(shape))
    lead = len(shape) - dense.ndim
    if lead < 0 or any(d not in (1, s) for d, s in zip(dense.shape, list(shape)[lead:], strict=True)):
        raise bad("SparseDenseBinaryOpShared broadcasts dense to sparse only; got incompatible shapes: "
                  f"{list_text(shape)} vs. {list_text(dense.shape)}")


def _with_dense(type: str, compute: Any) -> OpDef:
    @op(type, f"{_SPARSE}, dense: T -> output: T", attrs=f"T: {{{NUMBERS}}}",
        infer=lambda op: TensorShape([op.inputs[0].shape[0] if op.inputs[0].shape.rank else None]))
    def entry(xp: Any, indices: Any, values: Any, shape: Any, dense: Any) -> Any:
        _check_dense(indices, values, shape, dense)
        if xp is np and len(indices) and ((indices < 0) | (indices >= np.asarray(shape))).any():
            raise bad("Provided indices are out-of-bounds w.r.t. dense side with broadcasted shape")
        beside = dense[_columns(xp, indices, dense)] if dense.ndim else dense
        if xp is np and type == "SparseDenseCwiseDiv" and len(indices) and not beside.all():
            raise bad("SparseDenseCwiseDiv cannot divide by zero,but input dense tensor contains zero ")
        return compute(xp, values, beside).astype(values.dtype)
    return entry


def _divided(xp: Any, a: Any, b: Any) -> Any:
    """Integers are divided as in C, towards zero."""
    if a.dtype.kind not in "iu":
        return a / b
    quotient = abs(a) // abs(b)
    return xp.where((a < 0) != (b < 0), -quotient, quotient) if a.dtype.kind == "i" else quotient


dense_add = _with_dense("SparseDenseCwiseAdd", lambda xp, a, b: a + b)
dense_mul = _with_dense("SparseDenseCwiseMul", lambda xp, a, b: a * b)
dense_div = _with_dense("SparseDenseCwiseDiv", _divided)


@dense_add.gradient
def _(op: Any, dy: Any) -> Any:
    raise no_gradient("SparseDenseCwiseAdd")


def _beside(op: Any) -> tuple[Any, Any]:
    """The dense elements beside the sparse ones, and where they are in the dense tensor."""
    from ..casting import cast
    from ..creation import shape
    from ..gathering import gather_nd
    from ..indexing import getitem
    indices, dense = op.inputs[0], op.inputs[3]
    rank = dense.shape.rank
    if not rank:
        return dense, None
    # An axis of the dense tensor has the sparse tensor's size, or 1: the remainder is the place in either case.
    places = getitem(indices, (slice(None), slice(-rank, None))) % cast(shape(dense), INT64)
    return gather_nd(dense, places), places


def _to_dense(op: Any, places: Any, d: Any) -> Any:
    from ..casting import cast
    from ..creation import shape
    from ..reductions import reduce_sum
    from ..scattering import scatter_nd
    return reduce_sum(d) if places is None else scatter_nd(places, d, cast(shape(op.inputs[3]), INT64))


def _conj(x: Any) -> Any:
    from ..complex_numbers import conj
    return conj(x) if x.dtype.is_complex else x


@dense_mul.gradient
def _(op: Any, dy: Any) -> Any:
    dense, places = _beside(op)
    return None, dy * _conj(dense), None, _to_dense(op, places, dy * _conj(op.inputs[1]))


@dense_div.gradient
def _(op: Any, dy: Any) -> Any:
    dense, places = _beside(op)
    dense = _conj(dense)
    return None, dy / dense, None, _to_dense(op, places, dy * (-_conj(op.inputs[1]) / (dense * dense)))


def true_divisor(sp: Any, y: Any) -> tuple[Any, Any]:
    """The elements and the divisor of `sp / y`: integers become floating-point numbers first.

    Raises:
      ValueError: the dtypes differ.
    """
    from ..casting import cast
    dense = convert_to_tensor(y, sp.dtype)
    values = sp.values
    wider = {"uint8": dtypes.float32, "int8": dtypes.float32, "uint16": dtypes.float32, "int16": dtypes.float32,
             "int32": dtypes.float64, "int64": dtypes.float64, "uint32": dtypes.float64, "uint64": dtypes.float64}
    target = wider.get(values.dtype.name)
    return (values, dense) if target is None else (cast(values, target), cast(dense, target))


@op("SparseTensorDenseAdd", "a_indices: Tindices, a_values: T, a_shape: Tindices static, b: T -> output: T",
    attrs=f"T: {{{NUMBERS}}}; Tindices: {{int32, int64}}", infer=lambda op: op.inputs[3].shape)
def sparse_tensor_dense_add(xp: Any, indices: Any, values: Any, shape: Any, b: Any) -> Any:
    if indices.ndim != 2 or values.ndim != 1 or len(indices) != len(values):
        raise bad(f"Input a_indices should be a matrix and a_values a vector of one length but received shapes: "
                  f"{list_text(indices.shape)} and {list_text(values.shape)}")
    if len(shape) != b.ndim:
        raise bad(f"Two operands have different ranks; received: {len(shape)} and {b.ndim}")
    for i, (a, size) in enumerate(zip(list(shape), b.shape, strict=True)):
        if a != size:
            raise bad(f"Dimension {i} does not equal (no broadcasting is supported): sparse side {int(a)} vs dense side "
                      f"{size}")
    if xp is not np:
        return b.at[tuple(indices.T)].add(values)
    if len(indices) and ((indices < 0) | (indices >= np.array(b.shape, np.int64))).any():
        raise bad("Sparse tensor has some invalid index: out of bounds")
    out = b.copy()
    np.add.at(out, tuple(indices.T), values)
    return out


@sparse_tensor_dense_add.gradient
def _(op: Any, dy: Any) -> Any:
    from ..gathering import gather_nd
    return None, gather_nd(dy, op.inputs[0]), None, dy


# Two sparse tensors.


def _pair_shapes(op: Any) -> Any:
    rank = op.inputs[2].shape[0] if op.inputs[2].shape.rank == 1 else None
    return [(TensorShape([None, rank]), INT64), (unknown_shape(1), op.inputs[1].dtype), (TensorShape([rank]), INT64)]


def _united(a_indices: Any, a_values: Any, b_indices: Any, b_values: Any) -> tuple[Any, Any, Any, Any]:
    """The places of both tensors, the elements there of each, zero where it has none, and where both have one."""
    left, right, places = merged(a_indices, b_indices)
    return places, taken_or_zero(a_values, left), taken_or_zero(b_values, right), (left >= 0) & (right >= 0)


@op("SparseAdd", "a_indices: int64, a_values: T, a_shape: int64, b_indices: int64, b_values: T, b_shape: int64, "
    "thresh: Treal -> sum_indices: int64, sum_values: T, sum_shape: int64",
    attrs=f"T: {{{NUMBERS}}}; Treal: {{{REALS}}}", dynamic=True, infer=_pair_shapes)
def sparse_add_(xp: Any, a_indices: Any, a_values: Any, a_shape: Any, b_indices: Any, b_values: Any, b_shape: Any,
                thresh: Any) -> Any:
    if a_indices.ndim != 2 or b_indices.ndim != 2:
        raise bad(f"Input indices should be matrices but received shapes: {list_text(a_indices.shape)} and "
                  f"{list_text(b_indices.shape)}")
    if a_indices.shape[1] != b_indices.shape[1]:
        raise bad(f"Input indices must have the same dimension, got {a_indices.shape[1]} and {b_indices.shape[1]}")
    check_parts(a_indices, a_values, a_shape)
    check_parts(b_indices, b_values, b_shape)
    same_shapes(a_shape, b_shape, f"Ranks of input tensors must match, but saw ranks: {len(a_shape)} and {len(b_shape)}")
    if thresh.ndim:
        raise bad(f"The magnitude threshold must be a scalar: got shape {list_text(thresh.shape)}")
    places, a, b, both = _united(a_indices, a_values, b_indices, b_values)
    total = (a + b).astype(a_values.dtype)
    kept = ~both | (np.abs(total) >= thresh)  # what only one of them has is no sum
    return places[kept], total[kept], a_shape


@sparse_add_.gradient
def _(op: Any, *dys: Any) -> Any:
    a, b = apply(sparse_add_grad, (dys[1], op.inputs[0], op.inputs[3], op.outputs[0]))
    return None, a, None, None, b, None, None


@op("SparseAddGrad", "backprop_val_grad: T, a_indices: int64, b_indices: int64, sum_indices: int64 -> a_val_grad: T, "
    "b_val_grad: T", attrs=f"T: {{{NUMBERS}}}", dynamic=True,
    infer=lambda op: [(TensorShape([x.shape[0] if x.shape.rank else None]), op.inputs[0].dtype) for x in op.inputs[1:3]])
def sparse_add_grad(xp: Any, dy: Any, a_indices: Any, b_indices: Any, sum_indices: Any) -> Any:
    if len(dy) != len(sum_indices):
        raise bad(f"# elements of backprop_val_grad and # rows of sum_indices should match (#nnz of sum): got {len(dy)} and "
                  f"{len(sum_indices)}")
    return tuple(taken_or_zero(dy, found_in_turn(x, sum_indices)) for x in (a_indices, b_indices))


sparse_add_grad.not_differentiable()


def _extreme(type: str, types: str, ufunc: Any) -> OpDef:
    @op(type, "a_indices: int64, a_values: T, a_shape: int64, b_indices: int64, b_values: T, b_shape: int64 -> "
        "output_indices: int64, output_values: T", attrs=f"T: {{{types}}}", dynamic=True,
        infer=lambda op: _pair_shapes(op)[:2])
    def entry(xp: Any, a_indices: Any, a_values: Any, a_shape: Any, b_indices: Any, b_values: Any, b_shape: Any) -> Any:
        check_parts(a_indices, a_values, a_shape)
        check_parts(b_indices, b_values, b_shape)
        shown = " and ".join(" ".join(str(d) for d in s.tolist()) for s in (a_shape, b_shape))
        same_shapes(a_shape, b_shape, f"Operands do not have the same ranks; got shapes: {shown}")
        check_bounds(a_indices, a_shape)
        check_bounds(b_indices, b_shape)
        places, a, b, _ = _united(a_indices, a_values, b_indices, b_values)
        return places, ufunc(a, b)

    @entry.gradient
    def _(op: Any, *dys: Any) -> Any:
        raise no_gradient(type)
    return entry


sparse_maximum_ = _extreme("SparseSparseMaximum", REALS, np.maximum)
sparse_minimum_ = _extreme("SparseSparseMinimum", NUMBERS, np.minimum)


@op("SparseSoftmax", "sp_indices: int64, sp_values: T, sp_shape: int64 -> output: T", attrs="T: {half, float, double}",
    infer=lambda op: op.inputs[1].shape)
def sparse_softmax_(xp: Any, indices: Any, values: Any, shape: Any) -> Any:
    check_parts(indices, values, shape)
    if len(shape) < 2:
        raise bad(f"Input should have rank >= 2, but received shape: {' '.join(str(d) for d in shape.tolist())}")
    order = row_major(xp, indices)  # and in that order the results stay
    indices, values = indices[order], values[order]
    ids, count = runs(xp, indices[:, :-1]), len(values)
    if xp is np:
        top = np.full(count, -np.inf, values.dtype)
        np.maximum.at(top, ids, values)
        powers = np.exp(values - top[ids])
        total = np.zeros(count, values.dtype)
        np.add.at(total, ids, powers)
    else:
        powers = xp.exp(values - xp.full(count, -np.inf, values.dtype).at[ids].max(values)[ids])
        total = xp.zeros(count, values.dtype).at[ids].add(powers)
    return powers / total[ids]


@sparse_softmax_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    from .reductions import reduce_sum_dense
    indices, shape, y = op.inputs[0], op.inputs[2], op.outputs[0]
    sums = apply(reduce_sum_dense, (indices, dy * y, shape, [-1]), {"keep_dims": True})
    return apply(dense_add, (indices, dy, shape, -sums)) * y
