"""Sparse tensors joined, cut into pieces, and given elements in empty rows."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ..layout import bad
from .places import taken_or_zero
from .rows import check_bounds, check_parts, list_text, row_major

INT64 = dtypes.int64


def _rank(shape: TensorShape) -> int | None:
    return shape[0] if shape.rank == 1 else None


def _concat_shapes(op: Any) -> Any:
    n = len(op.inputs) // 3
    indices, values, shapes = op.inputs[:n], op.inputs[n:2 * n], op.inputs[2 * n:]
    counts = [x.shape[0] if x.shape.rank else None for x in values]
    total = None if None in counts else sum(c for c in counts if c is not None)
    rank = next((r for r in [_rank(x.shape) for x in shapes] + [x.shape[1] if x.shape.rank == 2 else None for x in indices]
                 if r is not None), None)
    return [(TensorShape([total, rank]), INT64), (TensorShape([total]), values[0].dtype), (TensorShape([rank]), INT64)]


@op("SparseConcat", "indices: N * int64, values: N * T, shapes: N * int64 -> output_indices: int64, output_values: T, "
    "output_shape: int64", attrs="concat_dim: int; N: int; T: type", dynamic=True, infer=_concat_shapes)
def sparse_concat_(xp: Any, *parts: Any, concat_dim: int = 0) -> Any:
    n = len(parts) // 3
    indices, values, shapes = parts[:n], parts[n:2 * n], parts[2 * n:]
    for i in range(n):
        check_parts(indices[i], values[i], shapes[i])
    rank = len(shapes[0])
    if not -rank <= concat_dim < rank:
        raise bad(f"Concat dimension must be in range [{-rank}, {rank}), got {concat_dim}")
    axis = concat_dim % rank
    for i, shape in enumerate(shapes):
        if len(shape) != rank:
            raise bad(f"Ranks of all input tensors must match: expected {rank} but got {len(shape)} at position {i}")
        for d in range(rank):
            if d != axis and shape[d] != shapes[0][d]:
                raise bad(f"Input shapes must match: expected {shapes[0][d]} for dimension {d} but got {shape[d]} at "
                          f"position {i}")
    sizes = np.array([shape[axis] for shape in shapes])
    starts = np.cumsum(sizes) - sizes
    joined = np.concatenate(indices)
    joined[:, axis] += np.repeat(starts, [len(x) for x in indices])
    order = row_major(np, joined)
    shape = shapes[0].copy()
    shape[axis] = sizes.sum()
    return joined[order], np.concatenate(values)[order], shape


sparse_concat_.not_differentiable()


def _split_shapes(op: Any) -> Any:
    n, rank = op.attrs["num_split"], _rank(op.inputs[3].shape)
    return [(TensorShape([None, rank]), INT64)] * n + [(unknown_shape(1), op.inputs[2].dtype)] * n + \
        [(TensorShape([rank]), INT64)] * n


@op("SparseSplit", "split_dim: int64, indices: int64, values: T, shape: int64 -> output_indices: num_split * int64, "
    "output_values: num_split * T, output_shape: num_split * int64", attrs="num_split: int; T: type", dynamic=True,
    infer=_split_shapes)
def sparse_split_(xp: Any, split_dim: Any, indices: Any, values: Any, shape: Any, num_split: int = 1) -> Any:
    check_parts(indices, values, shape)
    rank, axis = len(shape), int(split_dim)
    if not -rank <= axis < rank:
        raise bad(f"Input axis should be in range [{-rank}, {rank}), got {axis}")
    axis %= rank
    if not 1 <= num_split <= shape[axis]:
        raise bad(f"Input num_split should be between 1 and the splitting dimension size ({shape[axis]}), got {num_split}")
    check_bounds(indices, shape)
    sizes = np.full(num_split, shape[axis] // num_split)
    sizes[:shape[axis] % num_split] += 1
    ends = np.cumsum(sizes)
    piece = np.searchsorted(ends, indices[:, axis], "right")
    out_indices, out_values, out_shapes = [], [], []
    for k in range(num_split):
        inside = piece == k
        moved = indices[inside]
        moved[:, axis] -= ends[k] - sizes[k]
        part = shape.copy()
        part[axis] = sizes[k]
        out_indices.append(moved)
        out_values.append(values[inside])
        out_shapes.append(part)
    return (*out_indices, *out_values, *out_shapes)


def _filled_shapes(op: Any) -> Any:
    rows = None if op.inputs[2].value is None else int(op.inputs[2].value[0])
    count = op.inputs[1].shape[0] if op.inputs[1].shape.rank == 1 else None
    return [(TensorShape([None, _rank(op.inputs[2].shape)]), INT64), (unknown_shape(1), op.inputs[1].dtype),
            (TensorShape([rows]), dtypes.bool), (TensorShape([count]), INT64)]


@op("SparseFillEmptyRows", "indices: int64, values: T, dense_shape: int64, default_value: T -> output_indices: int64, "
    "output_values: T, empty_row_indicator: bool, reverse_index_map: int64", attrs="T: type", dynamic=True,
    infer=_filled_shapes)
def sparse_fill_empty_rows_(xp: Any, indices: Any, values: Any, shape: Any, default: Any) -> Any:
    if shape.ndim != 1:
        raise bad(f"dense_shape must be a vector, saw: {list_text(shape.shape)}")
    if indices.ndim != 2:
        raise bad(f"indices must be a matrix, saw: {list_text(indices.shape)}")
    if values.ndim != 1:
        raise bad(f"values must be a vector, saw: {list_text(values.shape)}")
    if len(indices) != len(values):
        raise bad(f"The length of `values` ({len(values)}) must match the first dimension of `indices` ({len(indices)}).")
    if default.ndim:
        raise bad(f"default_value must be a scalar, saw: {list_text(default.shape)}")
    if not len(shape):
        raise bad("Dense shape cannot be empty.")
    count = int(shape[0])
    rows = indices[:, 0]
    if not count and len(rows):
        raise bad(f"Received SparseTensor with dense_shape[0] = 0 but indices.shape[0] = {len(rows)}")
    for wrong, text in ((rows < 0, "< 0"), (rows >= count, f">= {count}")):
        if wrong.any():
            i = int(wrong.argmax())
            raise bad(f"indices({i}, 0) is invalid: {rows[i]} {text}")
    empty = np.bincount(rows, minlength=count) == 0
    new = np.flatnonzero(empty)
    added = np.zeros((len(new), indices.shape[1]), np.int64)
    added[:, 0] = new
    fill = np.empty(len(new), values.dtype)
    fill[:] = default[()]
    order = np.argsort(np.concatenate((rows, new)), kind="stable")
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return (np.concatenate((indices, added))[order], np.concatenate((values, fill))[order], empty, back[:len(rows)])


@sparse_fill_empty_rows_.gradient
def _(op: Any, *dys: Any) -> Any:
    values, default = apply(sparse_fill_empty_rows_grad, (op.outputs[3], dys[1]))
    return None, values, None, default


@op("SparseFillEmptyRowsGrad", "reverse_index_map: int64, grad_values: T -> d_values: T, d_default_value: T",
    attrs="T: type", infer=lambda op: [(op.inputs[0].shape, op.inputs[1].dtype), (TensorShape([]), op.inputs[1].dtype)])
def sparse_fill_empty_rows_grad(xp: Any, back: Any, dy: Any) -> Any:
    for name, array in (("reverse_index_map", back), ("grad_values", dy)):
        if array.ndim != 1:
            raise bad(f"{name} must be a vector, saw: {list_text(array.shape)}")
    if xp is np:
        outside = (back < 0) | (back >= len(dy))
        if outside.any():
            raise bad(f"Elements in reverse index must be in [0, {len(dy)}) but got {back[outside.argmax()]}")
    picked = taken_or_zero(dy, back) if xp is np else dy[back]
    kept = xp.zeros(len(dy), bool)
    if xp is np:
        kept[back] = True
    else:
        kept = kept.at[back].set(True)
    return picked, xp.where(kept, xp.zeros((), dy.dtype), dy).sum(dtype=dy.dtype)
