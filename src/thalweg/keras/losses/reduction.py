"""From a loss for every element to one number: weights, masks and reductions."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..config import as_tensor
from ..types import Tensor, TensorLike

_REDUCTIONS = ("sum_over_batch_size", "sum", None, "none", "mean", "mean_with_sample_weight")
MEANS = ("sum_over_batch_size", "mean", "mean_with_sample_weight")
"""The reductions that divide by the number of values where there are no weights."""


def standardize_reduction(reduction: str | None) -> str | None:
    """The reduction itself.

    Raises:
      ValueError: there is no such reduction.
    """
    if reduction not in _REDUCTIONS:
        raise ValueError(f"Invalid value for argument `reduction`. Expected one of {set(_REDUCTIONS)}. "
                         f"Received: reduction={reduction}")
    return reduction


def squeeze_or_expand_to_same_rank(x1: Tensor, x2: Tensor, expand_rank_1: bool = True) -> tuple[Tensor, Tensor]:
    """Two tensors whose ranks differ by one, made equal where the longer one ends in a dimension of size 1.

    A vector beside a matrix gets that dimension; other tensors lose it.
    """
    shape1, shape2 = x1.shape, x2.shape
    rank1, rank2 = len(shape1), len(shape2)
    if rank1 == rank2 + 1 and shape1[-1] == 1:
        if rank2 == 1 and expand_rank_1:
            return x1, tf.expand_dims(x2, -1)
        return tf.squeeze(x1, -1), x2
    if rank2 == rank1 + 1 and shape2[-1] == 1:
        if rank1 == 1 and expand_rank_1:
            return tf.expand_dims(x1, -1), x2
        return x1, tf.squeeze(x2, -1)
    return x1, x2


def reduce_values(values: Tensor, sample_weight: Tensor | None = None,
                  reduction: str | None = "sum_over_batch_size") -> Tensor:
    """The values reduced: their sum, or the sum divided by their number or by the sum of the weights.

    A scalar, and an empty vector, is returned itself.
    """
    shape = values.shape
    if reduction is None or reduction == "none" or shape == () or shape == (0,):
        return values
    if reduction == "sum":
        return tf.reduce_sum(values)
    if reduction == "mean_with_sample_weight" and sample_weight is not None:
        return tf.math.divide_no_nan(tf.reduce_sum(values), tf.cast(tf.reduce_sum(sample_weight), values.dtype))
    if shape.is_fully_defined() and shape.num_elements():
        return tf.reduce_mean(values)
    return tf.math.divide_no_nan(tf.reduce_sum(values), tf.cast(tf.size(values), values.dtype))


def apply_mask(sample_weight: TensorLike | None, mask: TensorLike | None, dtype: Any,
               reduction: str | None) -> Tensor | None:
    """The sample weights with masked entries set to 0.

    Where the reduction divides by the number of values, the others are scaled up so that the result is the mean over
    the entries that count.
    """
    if mask is None:
        return sample_weight
    kept = tf.cast(mask, dtype)
    if reduction in ("mean", "sum_over_batch_size"):
        total = tf.cast(tf.size(kept), dtype)
        kept = kept * tf.math.divide_no_nan(total, tf.reduce_sum(kept))
    if sample_weight is None:
        return kept
    kept, sample_weight = squeeze_or_expand_to_same_rank(kept, as_tensor(sample_weight, dtype))
    return sample_weight * kept


def reduce_weighted_values(values: TensorLike, sample_weight: TensorLike | None = None, mask: TensorLike | None = None,
                           reduction: str | None = "sum_over_batch_size", dtype: Any = None) -> Tensor:
    """The values, weighted and masked, reduced.

    Args:
      values: a loss for every element, of any shape.
      sample_weight: one weight for every value, or one for every row.
      mask: False where a value does not count.
      reduction: `"sum_over_batch_size"`, `"mean"`, `"mean_with_sample_weight"`, `"sum"`, `"none"` or None.
      dtype: the dtype (a DType) to compute in.
    """
    values = as_tensor(values, dtype)
    if mask is not None or sample_weight is not None:
        dtype = values.dtype
        sample_weight = apply_mask(sample_weight, mask, dtype, reduction)
        values, sample_weight = squeeze_or_expand_to_same_rank(values, as_tensor(sample_weight, dtype))
        values = values * sample_weight
    return reduce_values(values, sample_weight, reduction)
