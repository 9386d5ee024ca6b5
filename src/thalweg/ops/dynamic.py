"""Axes and shapes that only the running graph knows, as tensors."""
from __future__ import annotations

from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from .common import shape_of


def shape_tensor(x: Any) -> Any:
    """The shape as an int32 tensor, in any case."""
    return convert_to_tensor(shape_of(x), dtypes.int32)


def rank_of(x: Any) -> Any:
    """The rank: an int where it is known, else a tensor."""
    known = x.shape.rank
    return known if known is not None else apply(get_op("Rank"), (x,))


def range_to(start: Any, stop: Any) -> Any:
    """The integers from `start` up to `stop`."""
    return apply(get_op("Range"), (convert_to_tensor(start), convert_to_tensor(stop), convert_to_tensor(1)))


def joined(*parts: Any) -> Any:
    """Vectors of axes one after the other."""
    return apply(get_op("ConcatV2"), (*[convert_to_tensor(p, dtypes.int32) for p in parts], 0))


def positive(axes: Any, rank: Any) -> Any:
    """A vector of int32 axes, counted from the front."""
    from .casting import cast
    from .comparison import select
    axes = apply(get_op("Reshape"), (cast(convert_to_tensor(axes), dtypes.int32), (-1,)))
    return select(axes < 0, axes + rank, axes)


def _chosen(axes: Any, rank: Any) -> Any:
    """Which of all axes are among some."""
    column = apply(get_op("Reshape"), (axes, (-1, 1)))
    same = apply(get_op("Equal"), (column, range_to(0, rank)))
    return apply(get_op("Any"), (same, (0,)), {"keep_dims": False})


def kept_shape(x: Any, axes: Any) -> Any:
    """The shape of a reduction that keeps its axes."""
    from .comparison import select
    rank = rank_of(x)
    return select(_chosen(positive(axes, rank), rank), convert_to_tensor(1), shape_tensor(x))


def others(axes: Any, rank: Any) -> Any:
    """The axes that are not among some, in order; these are positive."""
    from .casting import cast
    from .sorting import argsort
    order = argsort(cast(_chosen(axes, rank), dtypes.int32), stable=True)
    count = apply(get_op("Size"), (axes,), {"out_type": dtypes.int32})
    return order[:rank - count]


def inverse(perm: Any) -> Any:
    """The permutation that undoes one."""
    return apply(get_op("InvertPermutation"), (perm,))


def product_of(sizes: Any) -> Any:
    """The product of a vector of sizes."""
    return apply(get_op("Prod"), (sizes, (0,)), {"keep_dims": False})


def column_shape(x: Any, extra: Any) -> Any:
    """The shape of `x` with so many axes of size 1 behind, as a static input."""
    known = x.shape.as_list() if x.shape.rank is not None else [None]
    if None not in known and isinstance(extra, int):
        return (*known, *[1] * extra)
    return joined(shape_tensor(x), apply(get_op("Fill"), (apply(get_op("Reshape"), (convert_to_tensor(extra), (1,))),
                                                           convert_to_tensor(1))))
