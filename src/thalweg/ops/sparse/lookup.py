"""Embeddings of sparse ids, combined row by row."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.nest import CompositeTensor
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from ...core.variable import BaseResourceVariable
from .parts import fill_empty_rows, retain
from .shapes import reshape
from .tensor import SparseTensor


def rows_of(params: list[Any], ids: Any, strategy: str, max_norm: Any) -> Any:
    """Rows of a matrix that a list of tables holds in turn ("mod") or one after another ("div")."""
    from ..arithmetic import floordiv, floormod
    from ..casting import cast
    from ..clip import clip_by_norm
    from ..gathering import gather
    from ..masking import dynamic_partition, dynamic_stitch, embedding_lookup
    if len(params) == 1 or strategy == "div":
        return embedding_lookup(params, ids, max_norm)
    if strategy != "mod":
        raise ValueError(f"Only 'mod' and 'div' partition strategies are supported, got {strategy!r}.")
    from ..ranges import range as range_op
    count = len(params)
    table = cast(floormod(ids, count), dtypes.int32)
    found = [gather(p, part) for p, part in zip(params, dynamic_partition(floordiv(ids, count), table, count), strict=True)]
    from ..creation import size
    rows = dynamic_stitch(dynamic_partition(range_op(size(ids)), table, count), found)
    return rows if max_norm is None else clip_by_norm(rows, max_norm, list(range(1, rows.shape.rank)))


def embedding_lookup_sparse(params: Any, sp_ids: Any, sp_weights: Any, combiner: str | None = None, max_norm: Any = None,
                            name: str | None = None, allow_fast_lookup: bool = False) -> Any:
    """Sums or means of rows of an embedding matrix, one for each row of sparse or ragged ids.

    Args:
      params: the matrix, or a list of matrices that hold it one after another.
      sp_ids: a sparse or ragged matrix of ids; every row has at least one.
      sp_weights: floating-point weights of the same kind and places; None weighs all alike.
      combiner: "sum", "mean" (weighted by the weights; the default) or "sqrtn", the sum divided by the root of the sum of
        the squared weights.
      max_norm: rows with a larger 2-norm are scaled down to it.
      name: of the operation.
      allow_fast_lookup: accepted, without effect on the result.

    Returns:
      Shape `[rows, *params.shape[1:]]`.

    Raises:
      TypeError: ids or weights of another kind.
      ValueError: another combiner, or places of ids and weights that do not match.
    """
    return _looked_up(params, sp_ids, sp_weights, combiner, max_norm, name, "div")


def embedding_lookup_sparse_v1(params: Any, sp_ids: Any, sp_weights: Any, partition_strategy: str = "mod",
                               name: str | None = None, combiner: str | None = None, max_norm: Any = None,
                               allow_fast_lookup: bool = False) -> Any:
    """`tf.nn.embedding_lookup_sparse` of TensorFlow 1, whose tables hold the matrix in turn."""
    return _looked_up(params, sp_ids, sp_weights, combiner, max_norm, name, partition_strategy)


def _looked_up(params: Any, ids: Any, weights: Any, combiner: str | None, max_norm: Any, name: str | None,
               strategy: str) -> Any:
    combiner = "mean" if combiner is None else combiner
    if combiner not in ("mean", "sqrtn", "sum"):
        raise ValueError(f"combiner must be one of 'mean', 'sqrtn' or 'sum', got {combiner}")
    tables = list(params) if isinstance(params, (list, tuple)) else [params]
    sparse = isinstance(ids, SparseTensor)
    if not sparse and not (isinstance(ids, CompositeTensor) and hasattr(ids, "value_rowids")):
        raise TypeError(f"sp_ids must be SparseTensor, got {type(ids)}")
    if weights is not None:
        if sparse and not isinstance(weights, SparseTensor):
            raise TypeError(f"sp_weights must be either None or SparseTensor,got {type(weights)}")
        if not sparse and not isinstance(weights, type(ids)):
            raise TypeError(f"sp_ids and sp_weights should be of the same type, got {type(ids)} and {type(weights)}")
        if not sp_compatible(ids, weights):
            raise ValueError(f"Shapes {ids.values.shape} and {weights.values.shape} are incompatible")
    with name_scope(name or "embedding_lookup_sparse"):
        segments = ids.indices[:, 0] if sparse else ids.value_rowids()
        return _combined(tables, ids.values, segments, None if weights is None else weights.values, combiner, max_norm,
                         strategy)


def sp_compatible(ids: Any, weights: Any) -> bool:
    """Whether ids and weights can have the same places, by their static shapes."""
    return bool(ids.values.shape.is_compatible_with(weights.values.shape) and ids.shape.is_compatible_with(weights.shape))


def _combined(tables: list[Any], ids: Any, segments: Any, weights: Any, combiner: str, max_norm: Any,
              strategy: str) -> Any:
    from .. import sparse_segment as by_segment
    from ..arithmetic import divide_no_nan
    from ..arrays import reshape as dense_reshape
    from ..casting import cast
    from ..creation import size
    from ..elementwise import sqrt, square
    from ..gathering import gather
    from ..segment import segment_sum
    from ..sorting import unique
    if len(tables) == 1 and max_norm is None and weights is None:
        rows, places = tables[0], ids
    else:
        ids, places = unique(ids)
        rows = rows_of(tables, ids, strategy, max_norm)
    if weights is None:
        function = {"sum": by_segment.sparse_segment_sum, "mean": by_segment.sparse_segment_mean,
                    "sqrtn": by_segment.sparse_segment_sqrt_n}[combiner]
        return function(convert_to_tensor(rows), places, segments, sparse_gradient=isinstance(rows, BaseResourceVariable))
    segments = cast(segments, dtypes.int32)
    chosen = gather(rows, places)
    dtype = chosen.dtype
    if dtype in (dtypes.float16, dtypes.bfloat16):
        chosen = cast(chosen, dtypes.float32)  # sums of small floats lose too much
    scale = dense_reshape(cast(weights, chosen.dtype), _with_ones(size(weights), chosen.shape.rank))
    total = segment_sum(chosen * scale, segments)
    if combiner == "mean":
        total = divide_no_nan(total, segment_sum(scale, segments))
    elif combiner == "sqrtn":
        total = divide_no_nan(total, sqrt(segment_sum(square(scale), segments)))
    return cast(total, dtype)


def _with_ones(count: Any, rank: int) -> Any:
    from ..arrays import stack
    known = getattr(count, "constant_value", None)
    if known is None:
        return [int(count), *[1] * (rank - 1)]
    return stack([count, *[1] * (rank - 1)])


def safe_embedding_lookup_sparse(embedding_weights: Any, sparse_ids: Any, sparse_weights: Any = None,
                                 combiner: str | None = "mean", default_id: Any = None, max_norm: Any = None,
                                 name: str | None = None, allow_fast_lookup: bool = False) -> Any:
    """`embedding_lookup_sparse` for ids of any rank, in which rows may be empty and ids invalid.

    Negative ids, and ids of a weight that is not positive (unless summed), are left out.

    Args:
      embedding_weights: the matrix, or a list of matrices that hold it one after another.
      sparse_ids: sparse ids of shape `[..., n]`.
      sparse_weights: their weights, None for equal ones.
      combiner: "sum", "mean" or "sqrtn".
      default_id: the id of an empty row; its embedding is zeros if missing.
      max_norm: rows with a larger 2-norm are scaled down to it.
      name: of the operation.
      allow_fast_lookup: accepted, without effect on the result.

    Returns:
      Shape `sparse_ids.shape[:-1] + embedding_weights.shape[1:]`.

    Raises:
      ValueError: no embedding weights.
    """
    return _safe(embedding_weights, sparse_ids, sparse_weights, combiner, default_id, max_norm, name, "div")


def safe_embedding_lookup_sparse_v1(embedding_weights: Any, sparse_ids: Any, sparse_weights: Any = None,
                                    combiner: str | None = "mean", default_id: Any = None, name: str | None = None,
                                    partition_strategy: str = "div", max_norm: Any = None,
                                    allow_fast_lookup: bool = False) -> Any:
    """`tf.nn.safe_embedding_lookup_sparse` with TensorFlow 1's order of arguments."""
    return _safe(embedding_weights, sparse_ids, sparse_weights, combiner, default_id, max_norm, name, partition_strategy)


def _safe(params: Any, ids: SparseTensor, weights: Any, combiner: str | None, default_id: Any, max_norm: Any,
          name: str | None, strategy: str) -> Any:
    from ..arrays import concat, expand_dims
    from ..arrays import reshape as dense_reshape
    from ..casting import cast
    from ..creation import shape, zeros_like
    from ..masking import where
    from ..reductions import reduce_prod
    if params is None or (isinstance(params, (list, tuple)) and not params):
        raise ValueError(f"Missing embedding_weights {params}.")
    tables = list(params) if isinstance(params, (list, tuple)) else [params]
    dtype = None if weights is None else weights.dtype
    tables = [t if isinstance(t, BaseResourceVariable) and dtype in (None, t.dtype) else convert_to_tensor(t, dtype)
              for t in tables]
    with name_scope(name or "embedding_lookup"):
        whole = ids.dense_shape
        flat = reshape(ids, concat([reduce_prod(whole[:-1])[None], whole[-1:]], 0))
        scale = None if weights is None else flat.with_values(weights.values)
        flat, scale = _pruned(flat, scale, combiner)
        flat, empty = fill_empty_rows(flat, default_id or 0)
        if scale is not None:
            scale, _ = fill_empty_rows(scale, 1.0)
        out = _looked_up(tables, flat, scale, combiner, max_norm, None, strategy)
        if default_id is None:
            mask = empty
            for _ in range(out.shape.rank - 1):
                mask = expand_dims(mask, -1)
            out = where(mask, zeros_like(out), out)
        result = dense_reshape(out, concat([cast(whole, dtypes.int32)[:-1], shape(out)[1:]], 0))
        if isinstance(result, Tensor) and ids.shape.rank is not None and hasattr(result, "set_shape"):
            result.set_shape(ids.shape[:-1].concatenate(out.shape[1:]))
        return result


def _pruned(ids: SparseTensor, weights: Any, combiner: str | None) -> tuple[SparseTensor, Any]:
    """Without negative ids, and without those of weights that are not positive where they are divided by."""
    valid = ids.values >= convert_to_tensor(0, ids.dtype)
    kept = retain(ids, valid)
    if weights is None:
        return kept, None
    scale = retain(weights, valid)
    if combiner != "sum":
        positive = scale.values > convert_to_tensor(np.zeros((), scale.dtype.np))
        kept, scale = retain(kept, positive), retain(scale, positive)
    return kept, scale
