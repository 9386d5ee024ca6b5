"""Parts of sparse tensors, and sparse tensors joined."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core import nest
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.errors import InvalidArgumentError
from ...core.indexed_slices import IndexedSlices
from ...core.scopes import name_scope
from ...core.shape import TensorShape
from .joining import sparse_concat_, sparse_fill_empty_rows_, sparse_split_
from .places import sparse_slice_
from .tensor import SparseTensor, is_sparse
from .values import INT64, as_sparse, as_sparse_list, int64_vector


def slice(sp_input: Any, start: Any, size: Any, name: str | None = None) -> SparseTensor:
    """The part of a sparse tensor that begins at `start` and has at most `size` elements along each dimension."""
    sp = as_sparse(sp_input)
    inputs = (sp.indices, sp.values, sp.dense_shape, int64_vector(start), int64_vector(size))
    return SparseTensor(*apply(sparse_slice_, inputs, name=name))


def split(sp_input: Any = None, num_split: int | None = None, axis: Any = None,
          name: str | None = None) -> list[SparseTensor]:
    """A sparse tensor cut into `num_split` pieces along an axis; the first ones are larger where it does not divide.

    Raises:
      ValueError: an argument is missing.
      InvalidArgumentError: an axis out of range, or more pieces than elements along it.
    """
    for value, what in ((sp_input, "sp_input"), (num_split, "num_split"), (axis, "axis")):
        if value is None:
            raise ValueError(f"{what} is required")
    assert num_split is not None
    if num_split < 1:
        raise InvalidArgumentError(f"Value for attr 'num_split' of {num_split} must be at least minimum 1\n\t; NodeDef: "
                                   "{{node SparseSplit}}; "
                                   f"{sparse_split_.describe()} [Op:SparseSplit] name: {name or ''}")
    sp = as_sparse(sp_input)
    parts = apply(sparse_split_, (int64_vector(axis), sp.indices, sp.values, sp.dense_shape), {"num_split": num_split}, name)
    n = num_split
    return [SparseTensor(parts[i], parts[n + i], parts[2 * n + i]) for i in range(n)]


def concat(axis: Any, sp_inputs: Any, expand_nonconcat_dims: bool = False, name: str | None = None) -> SparseTensor:
    """Sparse tensors joined along an axis; the result is in row-major order.

    Args:
      axis: along which they are joined.
      sp_inputs: a list of sparse tensors of one rank and dtype.
      expand_nonconcat_dims: take the largest size of every other dimension, instead of asking for equal ones.
      name: of the operation.

    Raises:
      TypeError: no list, or something in it that is no sparse tensor.
      InvalidArgumentError: an axis out of range, or shapes that do not fit.
    """
    from ..arrays import concat as join
    from ..arrays import stack
    from ..casting import cast
    from ..reductions import reduce_max
    inputs = as_sparse_list(sp_inputs)
    if len(inputs) == 1:
        return inputs[0]
    indices, values, shapes = ([getattr(sp, k) for sp in inputs] for k in ("indices", "values", "dense_shape"))
    if expand_nonconcat_dims and inputs:
        largest = reduce_max(stack([cast(s, INT64) for s in shapes]), 0)
        place = axis if axis >= 0 else len(inputs[0].shape.as_list()) + axis if inputs[0].shape.rank else axis
        if place == -1:
            shapes = [join([largest[:-1], s[-1:]], 0) for s in shapes]
        else:
            shapes = [join([largest[:place], s[place:place + 1], largest[place + 1:]], 0) for s in shapes]
    if not inputs:
        raise InvalidArgumentError("OpKernel 'SparseConcat' has constraint on attr 'T' not in NodeDef '[N=0, "
                                   f"concat_dim={axis}]' [Op:SparseConcat] name: {name or ''}")
    out = SparseTensor(*apply(sparse_concat_, [*indices, *values, *shapes], {"concat_dim": int(axis)}, name))
    if ctx.graph is not None and not expand_nonconcat_dims:
        out.set_shape(_joined_shape([sp.shape for sp in inputs], int(axis)))
    return out


def _joined_shape(shapes: list[TensorShape], axis: int) -> TensorShape:
    """What is known of the shape of tensors that are joined along an axis."""
    rank = next((s.rank for s in shapes if s.rank is not None), None)
    if rank is None or not -rank <= axis < rank:
        return TensorShape(None)
    dims: list[int | None] = []
    for i in range(rank):
        sizes = [s[i] if s.rank == rank else None for s in shapes]
        known = [d for d in sizes if d is not None]
        if i == axis % rank:
            dims.append(sum(known) if len(known) == len(sizes) else None)
        else:
            dims.append(known[0] if known else None)
    return TensorShape(dims)


def fill_empty_rows(sp_input: Any, default_value: Any, name: str | None = None) -> tuple[SparseTensor, Any]:
    """A sparse tensor with an element in every row: where there was none, `default_value` in the first column.

    Returns:
      The sparse tensor, in row order, and a boolean vector that says which rows were empty.

    Raises:
      TypeError: `sp_input` is no sparse tensor.
      InvalidArgumentError: a default that is no scalar, or indices out of range.
    """
    sp = as_sparse(sp_input)
    with name_scope(name or "SparseFillEmptyRows"):
        default = convert_to_tensor(default_value, None if hasattr(default_value, "dtype") else sp.dtype)
        indices, values, empty, _ = apply(sparse_fill_empty_rows_, (sp.indices, sp.values, sp.dense_shape, default))
        return SparseTensor(indices, values, sp.dense_shape), empty


def mask(a: Any, mask_indices: Any, name: str | None = None) -> IndexedSlices:
    """An IndexedSlices without the slices at some indices."""
    from ..gathering import gather
    from ..sorting import setdiff1d
    with name_scope(name or "sparse_mask"):
        kept, places = setdiff1d(a.indices, mask_indices)
        return IndexedSlices(gather(a.values, places), kept, a.dense_shape)


def retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """The elements of a sparse tensor for which a boolean vector is true.

    Raises:
      TypeError: `sp_input` is no sparse tensor.
      ValueError: another number of booleans than of elements.
    """
    from ..creation import identity
    from ..gathering import gather
    from ..masking import where
    sp = as_sparse(sp_input)
    keep = convert_to_tensor(to_retain)
    counts = sp.values.shape[0], keep.shape.with_rank(1)[0]
    if None not in counts and counts[0] != counts[1]:
        raise ValueError(f"Dimensions {counts[0]} and {counts[1]} are not compatible")
    places = where(keep)[:, 0]
    return SparseTensor(gather(sp.indices, places), gather(sp.values, places), identity(sp.dense_shape))


def map_values(op: Callable[..., Any], *args: Any, **kwargs: Any) -> SparseTensor:
    """A function of the elements of sparse tensors, which have the same places; other arguments go through.

    Args:
      op: returns as many elements as it takes.
      *args: arguments of `op`, sparse tensors among them.
      **kwargs: the same.

    Raises:
      ValueError: no sparse tensor among the arguments, or results of another shape.
      InvalidArgumentError: sparse tensors with different places.
    """
    from ..ragged.checks import assert_equal
    found: list[SparseTensor] = []

    def inner(x: Any) -> Any:
        if is_sparse(x):
            found.append(as_sparse(x))
            return x.values
        return x
    plain_args, plain_kwargs = nest.map_structure(inner, (args, kwargs))
    if not found:
        raise ValueError("No SparseTensor in argument list of map_values")
    first, checks = found[0], []
    for other in found[1:]:
        checks += assert_equal(first.dense_shape, other.dense_shape, "Mismatched shapes!")
        checks += assert_equal(first.indices, other.indices, "Mismatched indices!")
    if checks and ctx.graph is not None:
        with ctx.graph.control_dependencies(checks):
            return first.with_values(op(*plain_args, **plain_kwargs))
    return first.with_values(op(*plain_args, **plain_kwargs))
