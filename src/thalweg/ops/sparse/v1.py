"""TensorFlow 1's functions on sparse tensors."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from . import maths, parts, shapes
from .tensor import SparseTensor, is_sparse
from .values import INT64, as_sparse


class KeywordRequired:
    """Stands before arguments that must be given by keyword."""

    def __repr__(self) -> str:
        return "KeywordRequired()"


_KEYWORDS = KeywordRequired()


def either(new_name: str, new: Any, old_name: str, old: Any) -> Any:
    """The value of an argument that has two names.

    Raises:
      ValueError: both are given.
    """
    if old is None:
        return new
    if new is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'.")
    return old


def add(a: Any, b: Any, threshold: Any = None, thresh: Any = None) -> Any:
    """`tf.sparse.add`, with two names of its threshold."""
    limit = either("threshold", threshold, "thresh", thresh)
    return maths.add(a, b, 0 if limit is None else limit)


def concat(axis: Any, sp_inputs: Any, name: str | None = None, expand_nonconcat_dim: bool = False, concat_dim: Any = None,
           expand_nonconcat_dims: bool | None = None) -> SparseTensor:
    """`tf.sparse.concat`, with TensorFlow 1's order and names of arguments."""
    expand = expand_nonconcat_dims if expand_nonconcat_dims is not None else expand_nonconcat_dim
    return parts.concat(either("axis", axis, "concat_dim", concat_dim), sp_inputs, bool(expand), name)


def split(keyword_required: Any = _KEYWORDS, sp_input: Any = None, num_split: int | None = None, axis: Any = None,
          name: str | None = None, split_dim: Any = None) -> list[SparseTensor]:
    """`tf.sparse.split`, by keyword arguments alone.

    Raises:
      ValueError: positional arguments, or a missing one.
    """
    if keyword_required is not _KEYWORDS:
        raise ValueError("Keyword arguments are required for this function.")
    for value, what in ((sp_input, "sp_input"), (num_split, "num_split"), (axis, "axis")):
        if value is None:
            raise ValueError(f"{what} is required")
    return parts.split(sp_input, num_split, either("axis", None, "split_dim", split_dim) or axis, name)


def _reduction(name: str, sparse: bool) -> Any:
    function = getattr(maths, name)

    def reduce(sp_input: Any, axis: Any = None, keepdims: bool | None = None, reduction_axes: Any = None,
               keep_dims: bool | None = None) -> Any:
        keep = either("keepdims", keepdims, "keep_dims", keep_dims)
        return function(sp_input, either("axis", axis, "reduction_axes", reduction_axes), keep, sparse)
    reduce.__name__ = reduce.__qualname__ = f"{name}_sparse" if sparse else name
    reduce.__doc__ = f"`tf.sparse.{name}`, with both generations of argument names; the result is " \
        f"{'sparse' if sparse else 'dense'}."
    return reduce


reduce_max = _reduction("reduce_max", False)
reduce_sum = _reduction("reduce_sum", False)
reduce_max_sparse = _reduction("reduce_max", True)
reduce_sum_sparse = _reduction("reduce_sum", True)


def merge(sp_ids: Any, sp_values: Any, vocab_size: Any, name: str | None = None, already_sorted: bool = False) -> SparseTensor:
    """A sparse tensor of feature values whose last dimensions are feature ids.

    Args:
      sp_ids: a sparse tensor of ids that take the place of the last dimension, or a list of them for several dimensions.
      sp_values: a sparse tensor of the values.
      vocab_size: how many ids there are; a list beside a list of ids.
      name: of the operation.
      already_sorted: leave the elements in their order.

    Raises:
      TypeError: arguments of other kinds.
      ValueError: lists of different lengths.
    """
    return merged(sp_ids, sp_values, vocab_size, already_sorted)


def merged(sp_ids: Any, sp_values: Any, vocab_size: Any, already_sorted: bool = False) -> SparseTensor:
    """See `merge`."""
    from ..arrays import concat as join
    from ..casting import cast
    from ..indexing import getitem
    if is_sparse(sp_ids):
        if not isinstance(vocab_size, (Tensor, int, np.integer)):
            raise TypeError(f"vocab_size has to be a Tensor or Python int. Found {type(vocab_size)}")
        sp_ids, vocab_size = [sp_ids], [vocab_size]
    else:
        if not isinstance(sp_ids, Iterable):
            raise TypeError(f"sp_ids has to be a SparseTensor or list thereof. Found {type(sp_ids)}")
        if not isinstance(vocab_size, Iterable):
            raise TypeError(f"vocab_size has to be a list of Tensors or Python ints. Found {type(vocab_size)}")
        sp_ids, vocab_size = list(sp_ids), list(vocab_size)
        for size in vocab_size:
            if not isinstance(size, (Tensor, int, np.integer)):
                raise TypeError(f"vocab_size has to be a list of Tensors or Python ints. Found {type(size)}")
    if len(sp_ids) != len(vocab_size):
        raise ValueError("sp_ids and vocab_size have to have equal lengths.")
    ids, values = [as_sparse(x) for x in sp_ids], as_sparse(sp_values)
    columns = [cast(x.values, INT64)[:, None] for x in ids]
    indices = join([getitem(ids[0].indices, (slice(None), slice(None, -1))), *columns], 1)
    sizes = [cast(size, INT64)[None] for size in vocab_size]
    out = SparseTensor(indices, values.values, join([ids[0].dense_shape[:-1], *sizes], 0))
    return out if already_sorted else shapes.reorder(out)
