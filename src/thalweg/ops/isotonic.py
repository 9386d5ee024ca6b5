"""Isotonic regression: the nearest sequence that never rises, or never falls."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from .arrays import reshape, transpose
from .common import FLOATS, REALS, shape_of

IsotonicRegression = namedtuple("IsotonicRegression", ["output", "segments"])


def _pooled(rows: Any) -> tuple[Any, Any]:
    """Pools neighbours that violate the order until none do; the mean and the number of each place's pool.

    Neighbours that violate the order end up in one pool, whatever else happens, so all those that follow one another are
    pooled at once, in every row. Rows lie one after the other and never share a pool.
    """
    count, width = rows.shape
    flat = rows.reshape(-1)
    begins = np.arange(flat.size)
    first_of_row = begins % width == 0
    sums, sizes = flat.copy(), np.ones(flat.size)
    while True:
        means = sums / sizes
        keep = first_of_row[begins] | ~(np.concatenate([means[:1], means[:-1]]) < means)
        keep[:1] = True
        if keep.all():
            break
        places = np.flatnonzero(keep)
        sums, sizes = np.add.reduceat(sums, places), np.add.reduceat(sizes, places)
        begins = begins[places]
    started = np.zeros(flat.size, np.int32)
    started[begins] = 1
    pools = np.cumsum(started) - 1
    numbers = pools.reshape(rows.shape)
    return means[pools].reshape(rows.shape), numbers - numbers[:, :1]


@op("IsotonicRegression", "input: T -> output: output_dtype, segments: int32",
    attrs=f"T: {{{REALS}}}; output_dtype: {{{FLOATS}}} = float", host=True,
    infer=lambda op: [(op.inputs[0].shape, dtypes.as_dtype(op.attrs.get("output_dtype", dtypes.float32))),
                      (op.inputs[0].shape, dtypes.int32)])
def isotonic_regression_(xp: Any, x: Any, output_dtype: dtypes.DType = dtypes.float32) -> Any:
    x = np.asarray(x)
    if not x.size:
        return np.zeros(x.shape, output_dtype.np), np.zeros(x.shape, np.int32)
    out, segments = _pooled(x.astype(np.float64).reshape(-1, x.shape[-1] if x.ndim else 1))
    return out.reshape(x.shape).astype(output_dtype.np), segments.reshape(x.shape).astype(np.int32)


@isotonic_regression_.vjp(0)
def _(op: Any, dy: Any, _: Any) -> Any:
    """The mean of the gradients in each pool."""
    from .gathering import gather, unsorted_segment_sum
    from .ranges import range as range_op
    segments = op.outputs[1]
    sizes = shape_of(segments)
    width = sizes[-1]
    rows = reshape(segments, [-1, width])
    count = shape_of(rows)[0]
    ids = reshape(rows + reshape(range_op(count) * width, [-1, 1]), [-1])
    flat = reshape(dy, [-1])
    total = unsorted_segment_sum(flat, ids, count * width)
    number = unsorted_segment_sum(flat * 0 + 1, ids, count * width)
    return reshape(gather(total, ids) / gather(number, ids), sizes)


_PROMOTED = {dtypes.int8: dtypes.float32, dtypes.int16: dtypes.float32, dtypes.float32: dtypes.float32,
             dtypes.float16: dtypes.float16, dtypes.bfloat16: dtypes.bfloat16}


def isotonic_regression(inputs: Any, decreasing: bool = True, axis: int = -1) -> Any:
    """The sequences nearest to given ones, in squares, whose elements never rise (Barlow and Brunk, 1972).

    Args:
      inputs: a tensor of real numbers.
      decreasing: else the sequences never fall.
      axis: along which the sequences lie.

    Returns:
      The sequences, and an int32 tensor of the same shape that numbers the stretches of equal values in each. Integers
      give float32 or, where they are wide, float64.
    """
    x = convert_to_tensor(inputs)
    dtype = _PROMOTED.get(x.dtype, dtypes.float64)

    def solve(rows: Any) -> Any:
        found = IsotonicRegression(*apply(isotonic_regression_, (rows if decreasing else -rows,), {"output_dtype": dtype}))
        return found if decreasing else (-found.output, found.segments)
    rank = x.shape.rank
    if rank is None or rank == 0 or axis in (-1, rank - 1):
        return solve(x)
    if not -rank <= axis < rank:
        from .indexing import getitem
        getitem(convert_to_tensor(np.zeros(rank, np.int32)), axis)
    perm = list(range(rank))
    perm[axis], perm[-1] = perm[-1], perm[axis]
    output, segments = solve(transpose(x, perm))
    return transpose(output, perm), transpose(segments, perm)
