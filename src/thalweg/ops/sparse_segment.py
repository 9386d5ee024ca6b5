"""Sums and means over segments of rows that are gathered first: the sparse embedding lookups."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, unknown_shape
from .common import REALS, shape_of, shape_text
from .dynamic import column_shape, rank_of
from .elementwise import sqrt
from .gathering import gather, unsorted_segment_sum
from .reduce import sum_in
from .requirements import require, require_within
from .segment import _bad as bad
from .segment import _check_order as check_order
from .segment import _count as count_of
from .segment import _means as means
from .segment import _runs as runs

_POWERS = {"Sum": 0.0, "Mean": 1.0, "SqrtN": 0.5}
_FLOAT = "bfloat16, half, float, double"


def _shape(op: Any) -> TensorShape:
    shape = op.inputs[0].shape
    for x in op.inputs[1:3]:
        if x.shape.rank not in (None, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {x.shape.rank}")
    if shape.rank is None:
        return unknown_shape()
    if not shape.rank:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    count = op.inputs[3].value if len(op.inputs) > 3 else None
    return TensorShape([None if count is None else int(count), *shape.as_list()[1:]])


def _checked(data: Any, indices: Any, ids: Any, given: Any, type: str) -> int:
    """The number of segments, after the checks."""
    if data.ndim < 1:
        raise bad("Shape must be at least rank 1", type)
    if indices.ndim != 1:
        raise bad("indices should be a vector.", type)
    if ids.ndim != 1:
        raise bad("segment_ids should be a vector.", type)
    if len(indices) != len(ids):
        raise bad("segment_ids and indices should have same size.", type)
    count = int(ids[-1]) + 1 if len(ids) else 0
    if given is not None:
        wanted = count_of(given, type)
        if wanted < 0:
            raise bad("segment ids must be >= 0", type)
        if wanted < count:
            raise bad("segment ids must be < num_segments", type)
        count = wanted
    check_order(ids, count, type)
    wrong = (indices < 0) | (indices >= len(data))
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise bad(f"Bad: indices[{at}] == {indices[at]} out of range [0, {len(data)})", type)
    return count


def _reduced(xp: Any, name: str, data: Any, indices: Any, ids: Any, given: Any, type: str) -> Any:
    if xp is not np:
        return _compiled(xp, name, data, indices, ids, count_of(given, type))
    count = _checked(data, indices, ids, given, type)
    wide = sum_in(data.dtype) or data.dtype
    out = np.zeros((count, *data.shape[1:]), wide)
    runs(np.add, data[indices].astype(wide, copy=False), ids, out)
    if name != "Sum" and len(ids):
        out = means(out, ids, _POWERS[name])
    return out.astype(data.dtype, copy=False)


def _compiled(xp: Any, name: str, data: Any, indices: Any, ids: Any, count: int) -> Any:
    require_within(xp, indices, data.shape[0])
    require_within(xp, ids, count)
    require(xp, ids[1:] >= ids[:-1])
    total = xp.zeros((count, *data.shape[1:]), data.dtype).at[ids].add(xp.asarray(data)[indices], mode="drop")
    if name == "Sum":
        return total
    sizes = xp.zeros(count, data.dtype).at[ids].add(1, mode="drop").reshape((count, *[1] * (data.ndim - 1)))
    return total / xp.maximum(sizes, 1) ** _POWERS[name]


def _entries(name: str) -> tuple[OpDef, OpDef]:
    type = f"SparseSegment{name}"
    kinds = REALS if name == "Sum" else _FLOAT
    index = "Tidx: {int32, int64} = int32; "
    ids = "Tsegmentids: {int32, int64} = int32; sparse_gradient: bool = false"

    @op(type, "data: T, indices: Tidx, segment_ids: Tsegmentids -> output: T", attrs=f"T: {{{kinds}}}; {index}{ids}",
        infer=_shape, dynamic=True)
    def plain(xp: Any, data: Any, indices: Any, segment_ids: Any, sparse_gradient: bool = False) -> Any:
        return _reduced(np, name, data, indices, segment_ids, None, type)

    @op(type + "WithNumSegments",
        "data: T, indices: Tidx, segment_ids: Tsegmentids, num_segments: Tnumsegments static -> output: T",
        attrs=f"T: {{{kinds}}}; {index}Tnumsegments: {{int32, int64}} = int32; {ids}", infer=_shape)
    def counted(xp: Any, data: Any, indices: Any, segment_ids: Any, num_segments: Any,
                sparse_gradient: bool = False) -> Any:
        return _reduced(xp, name, data, indices, segment_ids, num_segments, type + "WithNumSegments")

    for entry in (plain, counted):
        entry.vjp(0)(lambda op, dy: _gradient(name, op, dy))
    return plain, counted


def _gradient(name: str, op: Any, dy: Any) -> Any:
    from .arithmetic import maximum
    from .arrays import reshape
    from .creation import ones
    data, indices, ids = op.inputs[:3]
    if name != "Sum":
        counts = unsorted_segment_sum(ones(shape_of(ids), dy.dtype), ids, shape_of(dy)[0])
        counts = reshape(maximum(counts, 1), column_shape(counts, rank_of(dy) - 1))
        dy = dy / (counts if name == "Mean" else sqrt(counts))
    rows = gather(dy, ids)
    if op.attrs.get("sparse_gradient", False):
        return IndexedSlices(rows, indices, convert_to_tensor(shape_of(data), dtypes.int32))
    return unsorted_segment_sum(rows, indices, shape_of(data)[0])


def _grad_shape(op: Any) -> TensorShape:
    shape, rows = op.inputs[0].shape, op.inputs[3].value
    if shape.rank is None:
        return unknown_shape()
    return TensorShape([None if rows is None else int(rows), *shape.as_list()[1:]])


def _grad_entry(name: str) -> OpDef:
    @op(f"SparseSegment{name}Grad",
        "grad: T, indices: Tidx, segment_ids: Tsegmentids, output_dim0: int32 static -> output: T",
        attrs=f"T: {{{_FLOAT}}}; Tidx: {{int32, int64}} = int32; Tsegmentids: {{int32, int64}} = int32",
        infer=_grad_shape)
    def entry(xp: Any, grad: Any, indices: Any, segment_ids: Any, output_dim0: Any) -> Any:
        rows = int(output_dim0)
        if segment_ids.shape != indices.shape:
            raise errors.InvalidArgumentError("segment_ids and indices should have same size.")
        if xp is np:
            for x, size in ((segment_ids, len(grad)), (indices, rows)):
                if len(x) and not 0 <= int(x.min()) <= int(x.max()) < size:
                    raise errors.InvalidArgumentError(f"Index out of range [0, {size}) in {shape_text(x.shape)}")
        require_within(xp, segment_ids, grad.shape[0])
        require_within(xp, indices, rows)
        return _spread(xp, name, grad, indices, segment_ids, rows)
    return entry


def _spread(xp: Any, name: str, grad: Any, indices: Any, ids: Any, rows: int) -> Any:
    """The gradients of segments as those of the rows that they were made of."""
    wide = grad if grad.dtype.itemsize > 2 else grad.astype(np.float32)
    if name != "Sum":
        one = xp.ones(ids.shape, wide.dtype)
        sizes = _add_rows(xp, len(grad), ids, one).reshape((-1, *[1] * (grad.ndim - 1)))
        wide = wide / xp.maximum(sizes, 1) ** _POWERS[name]
    return _add_rows(xp, rows, indices, wide[ids]).astype(grad.dtype)


def _found_shapes(op: Any) -> list[Any]:
    for x in op.inputs[1:3]:
        if x.shape.rank not in (None, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {x.shape.rank}")
    a, b = (x.shape for x in op.inputs[1:3])
    if not a.is_compatible_with(b):
        raise ValueError(f"Dimension 0 in both shapes must be equal, but are {b[0]} and {a[0]}. Shapes are {b} and {a}.")
    return [(_grad_shape(op) if op.inputs[0].shape.rank is None else TensorShape([None, *op.inputs[0].shape.as_list()[1:]]),
             op.inputs[0].dtype), (TensorShape([None]), op.inputs[1].dtype)]


def _found_entry(name: str) -> None:
    """The second version of a gradient's op: only rows that were used, and which they are."""
    @op(f"SparseSegment{name}GradV2",
        "grad: T, indices: Tidx, segment_ids: Tsegmentids, dense_output_dim0: int32 -> output: T, sorted_unique_indices: Tidx",
        attrs=f"T: {{{_FLOAT}}}; Tidx: {{int32, int64}} = int32; Tsegmentids: {{int32, int64}} = int32", infer=_found_shapes,
        dynamic=True)
    def entry(xp: Any, grad: Any, indices: Any, segment_ids: Any, dense_output_dim0: Any) -> Any:
        rows = int(dense_output_dim0)
        if segment_ids.shape != indices.shape:
            raise errors.InvalidArgumentError("segment_ids and indices should have same size.")
        if len(segment_ids) and not 0 <= int(segment_ids.min()) <= int(segment_ids.max()) < len(grad):
            raise errors.InvalidArgumentError("Invalid number of segments")
        wrong = indices[(indices < 0) | (indices >= rows)]
        if len(wrong):
            raise errors.InvalidArgumentError(f"Index {wrong[0]} out of range [0, {rows}).")
        found, places = np.unique(indices, return_inverse=True)
        return _spread(np, name, grad, places.reshape(-1), segment_ids, len(found)), found


def _add_rows(xp: Any, count: int, ids: Any, rows: Any) -> Any:
    out = xp.zeros((count, *rows.shape[1:]), rows.dtype)
    if xp is not np:
        return out.at[ids].add(rows)
    np.add.at(out, ids, rows)
    return out


sparse_segment_sum_, sparse_segment_sum_n = _entries("Sum")
sparse_segment_mean_, sparse_segment_mean_n = _entries("Mean")
sparse_segment_sqrt_n_, sparse_segment_sqrt_n_n = _entries("SqrtN")
sparse_segment_sum_grad = _grad_entry("Sum")
sparse_segment_mean_grad = _grad_entry("Mean")
sparse_segment_sqrt_n_grad = _grad_entry("SqrtN")
for _name in _POWERS:
    _found_entry(_name)


def _public(plain: OpDef, counted: OpDef, data: Any, indices: Any, segment_ids: Any, num_segments: Any,
            name: str | None, sparse_gradient: bool) -> Any:
    inputs = [convert_to_tensor(data), _index(indices), _index(segment_ids)]
    attrs = {"sparse_gradient": bool(sparse_gradient)}
    if num_segments is None:
        return apply(plain, inputs, attrs, name)
    count = num_segments if type(num_segments) is int else convert_to_tensor(num_segments)
    return apply(counted, [*inputs, count], attrs, name)


def _index(x: Any) -> Any:
    """Indices as a tensor; an empty list has no dtype of its own."""
    return convert_to_tensor(x, dtype_hint=dtypes.int32)


def sparse_segment_sum(data: Any, indices: Any, segment_ids: Any, num_segments: Any = None, name: str | None = None,
                       sparse_gradient: bool = False) -> Any:
    """The sums over segments of the rows `data[indices]`.

    Args:
      data: the table of rows.
      indices: which rows.
      segment_ids: the segment of each, in increasing order.
      num_segments: how many there are, if not `segment_ids[-1] + 1`.
      name: of the node.
      sparse_gradient: give the gradient of `data` as `IndexedSlices`.

    Raises:
      InvalidArgumentError: ids that decrease or do not fit, or an index outside the table.
    """
    return _public(sparse_segment_sum_, sparse_segment_sum_n, data, indices, segment_ids, num_segments, name,
                   sparse_gradient)


def sparse_segment_mean(data: Any, indices: Any, segment_ids: Any, num_segments: Any = None, name: str | None = None,
                        sparse_gradient: bool = False) -> Any:
    """The means over segments of the rows `data[indices]`, see `sparse_segment_sum`."""
    return _public(sparse_segment_mean_, sparse_segment_mean_n, data, indices, segment_ids, num_segments, name,
                   sparse_gradient)


def sparse_segment_sqrt_n(data: Any, indices: Any, segment_ids: Any, num_segments: Any = None, name: str | None = None,
                          sparse_gradient: bool = False) -> Any:
    """The sums over segments of the rows `data[indices]` over the roots of their numbers, see `sparse_segment_sum`."""
    return _public(sparse_segment_sqrt_n_, sparse_segment_sqrt_n_n, data, indices, segment_ids, num_segments, name,
                   sparse_gradient)


# The forms of TensorFlow 1, where the name comes before the number of segments.


def sparse_segment_sum_v1(data: Any, indices: Any, segment_ids: Any, name: str | None = None,
                          num_segments: Any = None) -> Any:
    """`sparse_segment_sum` with TensorFlow 1's order of arguments."""
    return sparse_segment_sum(data, indices, segment_ids, num_segments, name)


def sparse_segment_mean_v1(data: Any, indices: Any, segment_ids: Any, name: str | None = None,
                           num_segments: Any = None) -> Any:
    """`sparse_segment_mean` with TensorFlow 1's order of arguments."""
    return sparse_segment_mean(data, indices, segment_ids, num_segments, name)


def sparse_segment_sqrt_n_v1(data: Any, indices: Any, segment_ids: Any, name: str | None = None,
                             num_segments: Any = None) -> Any:
    """`sparse_segment_sqrt_n` with TensorFlow 1's order of arguments."""
    return sparse_segment_sqrt_n(data, indices, segment_ids, num_segments, name)
