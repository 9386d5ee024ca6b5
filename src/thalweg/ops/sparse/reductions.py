"""Sums and largest elements of sparse tensors along axes."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape, unknown_shape
from ..common import NUMBERS, REALS
from ..creation import ints, known_shape, ones_like
from ..layout import bad
from .rows import check_parts, numbered

INT64 = dtypes.int64
_INPUTS = "input_indices: int64, input_values: T, input_shape: int64 static, reduction_axes: int32 static"


def _axes(axes: Any, rank: int) -> set[int]:
    found = ints(axes)
    for axis in found:
        if not -rank <= axis < rank:
            raise bad(f"Invalid reduction dimension {axis}, for input with {rank} dimensions.")
    return {axis % rank for axis in found}


def _dense_shape(op: Any) -> TensorShape:
    shape, axes = known_shape(op.inputs[2]), op.inputs[3].value
    keep = op.attrs.get("keep_dims", False)
    if op.inputs[2].value is None or axes is None:
        return unknown_shape()
    gone = {a % shape.rank for a in ints(axes) if shape.rank}
    dims = shape.as_list()
    return TensorShape([1 if i in gone else d for i, d in enumerate(dims) if keep or i not in gone])


def _lowest(dtype: Any) -> Any:
    if dtype.kind in "iu":
        return np.iinfo(dtype).min
    return -np.inf


def _totals(xp: Any, kind: str, count: int, ids: Any, values: Any) -> Any:
    """The sum or the maximum of the values with each number; zero for a number that does not occur."""
    if kind == "Sum":
        if xp is not np:
            return xp.zeros(count, values.dtype).at[ids].add(values)
        out = np.zeros(count, values.dtype)
        np.add.at(out, ids, values)
        return out
    lowest = _lowest(values.dtype)
    if xp is not np:
        top = xp.full(count, lowest, values.dtype).at[ids].max(values)
        return xp.where(xp.zeros(count, bool).at[ids].set(True), top, xp.zeros((), values.dtype))
    out, met = np.full(count, lowest, values.dtype), np.zeros(count, bool)
    np.maximum.at(out, ids, values)
    met[ids] = True
    return np.where(met, out, np.zeros((), values.dtype))


def _dense(kind: str, types: str) -> OpDef:
    @op(f"SparseReduce{kind}", f"{_INPUTS} -> output: T", attrs=f"keep_dims: bool = false; T: {{{types}}}",
        infer=_dense_shape)
    def entry(xp: Any, indices: Any, values: Any, shape: Any, axes: Any, keep_dims: bool = False) -> Any:
        sizes = ints(shape)
        check_parts(indices, values, sizes)
        gone = _axes(axes, len(sizes))
        kept = [i for i in range(len(sizes)) if i not in gone]
        steps = np.ones(len(kept), np.int64)
        for k in range(len(kept) - 2, -1, -1):
            steps[k] = steps[k + 1] * sizes[kept[k + 1]]
        ids = (indices[:, kept] * steps).sum(1)
        count = int(np.prod([sizes[i] for i in kept], dtype=np.int64))
        if xp is np and len(ids) and (ids.min() < 0 or ids.max() >= count):
            raise bad("Sparse tensor has an index out of its bounds")
        out = _totals(xp, kind, count, ids, values)
        return out.reshape([1 if i in gone else d for i, d in enumerate(sizes) if keep_dims or i not in gone])
    return entry


def _sparse_shapes(op: Any) -> Any:
    rank = _dense_shape(op).rank
    return [(TensorShape([None, rank]), INT64), (unknown_shape(1), op.inputs[1].dtype), (TensorShape([rank]), INT64)]


def _sparse(kind: str, types: str) -> OpDef:
    @op(f"SparseReduce{kind}Sparse", f"{_INPUTS} -> output_indices: int64, output_values: T, output_shape: int64",
        attrs=f"keep_dims: bool = false; T: {{{types}}}", dynamic=True, infer=_sparse_shapes)
    def entry(xp: Any, indices: Any, values: Any, shape: Any, axes: Any, keep_dims: bool = False) -> Any:
        sizes = np.array(ints(shape), np.int64)
        check_parts(indices, values, sizes)
        gone = _axes(axes, len(sizes))
        kept = [i for i in range(len(sizes)) if i not in gone]
        (ids,), distinct = numbered(indices[:, kept])
        totals = _totals(np, kind, len(distinct), ids, values)
        if not keep_dims:
            return distinct, totals, sizes[kept]
        places = np.zeros((len(distinct), len(sizes)), np.int64)
        places[:, kept] = distinct
        return places, totals, np.where([i in gone for i in range(len(sizes))], 1, sizes)
    return entry


reduce_sum_dense = _dense("Sum", NUMBERS)
reduce_max_dense = _dense("Max", REALS)
reduce_sum_sparse = _sparse("Sum", NUMBERS)
reduce_max_sparse = _sparse("Max", REALS)


@reduce_sum_dense.vjp(1)
def _(op: Any, dy: Any) -> Any:
    from ..arrays import reshape
    from ..comparison import equal, select
    from ..creation import size
    from ..gathering import gather_nd
    from ..ranges import range as range_op
    from ..reductions import reduce_any
    indices, shape = op.inputs[0], convert_to_tensor(op.inputs[2], INT64)
    rank = size(shape)
    axes = reshape(convert_to_tensor(op.inputs[3], dtypes.int32), [-1]) % rank
    gone = reduce_any(equal(range_op(rank)[:, None], axes[None, :]), 1)
    kept = select(gone, ones_like(shape), shape)
    return gather_nd(reshape(dy, kept), indices % kept)
