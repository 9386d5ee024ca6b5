"""Counting true and false positives and negatives at many thresholds."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import thalweg as tf

from ..config import epsilon
from ..losses.reduction import squeeze_or_expand_to_same_rank
from ..types import Tensor, TensorLike

LEAST = -1e10
"""Stands for minus infinity: below any prediction."""


def parse_thresholds(thresholds: Any, default: float = 0.5) -> list[float]:
    """The thresholds as a list.

    Raises:
      ValueError: a threshold is not in [0, 1].
    """
    if thresholds is None:
        return [default]
    values = list(thresholds) if isinstance(thresholds, (list, tuple, np.ndarray)) else [thresholds]
    bad = [value for value in values if value is None or value < 0 or value > 1]
    if bad:
        raise ValueError(f"Threshold values must be in [0, 1]. Received: {bad}")
    return values


def evenly_spread(thresholds: Sequence[float]) -> bool:
    """Whether there are at least three thresholds, and they divide [0, 1] evenly."""
    count = len(thresholds)
    return count >= 3 and bool(np.allclose(thresholds, np.arange(count, dtype=np.float32) / (count - 1),
                                           atol=epsilon()))


def inner_thresholds(count: int) -> list[float]:
    """The thresholds strictly between 0 and 1 of `count` that divide [0, 1] evenly."""
    return [(i + 1) * 1.0 / (count - 1) for i in range(count - 2)]


def update_counts(variables: Mapping[str, Any], y_true: TensorLike, y_pred: TensorLike, thresholds: Any,
                  even: bool = False, top_k: int | None = None, class_id: int | None = None,
                  sample_weight: TensorLike | None = None, multi_label: bool = False,
                  label_weights: TensorLike | None = None) -> None:
    """Adds a batch to the counts.

    Args:
      variables: by `"tp"`, `"fp"`, `"tn"`, `"fn"`, of shape [thresholds], or [thresholds, labels].
      y_true: labels 0 and 1.
      y_pred: predictions, of the same shape.
      thresholds: above which a prediction is positive.
      even: whether the thresholds divide [0, 1] evenly, so that predictions can be sorted into buckets.
      top_k: only that many of the largest predictions of a sample can be positive.
      class_id: count this class only.
      sample_weight: one weight for every sample, or for every element.
      multi_label: whether to count every label, the last axis, by itself.
      label_weights: one weight for every label.
    """
    dtype = next(iter(variables.values())).dtype
    y_pred, y_true = squeeze_or_expand_to_same_rank(tf.cast(y_pred, dtype), tf.cast(y_true, dtype))
    if sample_weight is not None:
        sample_weight = tf.expand_dims(tf.cast(sample_weight, dtype), -1)
        _, sample_weight = squeeze_or_expand_to_same_rank(y_true, sample_weight, expand_rank_1=False)
    if top_k is not None:
        y_pred = _top_k_only(y_pred, top_k)
    if class_id is not None:
        if len(y_pred.shape) == 1:
            raise ValueError("When class_id is provided, y_pred must be a 2D array with shape (num_samples, "
                             f"num_classes), found shape: {y_pred.shape}")
        y_true, y_pred = y_true[..., class_id, None], y_pred[..., class_id, None]
    weights = None
    for weight in (sample_weight, None if label_weights is None else tf.expand_dims(label_weights, 0)):
        if weight is not None:
            weight = tf.broadcast_to(tf.cast(weight, dtype), tf.shape(y_pred))
            weights = weight if weights is None else weights * weight
    columns = y_pred.shape[-1] if multi_label else 1
    if multi_label and columns is None:
        columns = tf.shape(y_pred)[-1]
    y_pred = tf.reshape(y_pred, (-1, columns))
    true = tf.reshape(tf.cast(tf.cast(y_true, tf.bool), dtype), (-1, columns))
    false = 1.0 - true
    if weights is not None:
        weights = tf.reshape(weights, (-1, columns))
        true, false = true * weights, false * weights
    if even:
        outside = thresholds[0] < 0.0 or thresholds[-1] > 1.0
        tp, fp = _by_buckets(true, false, y_pred, len(thresholds), columns, outside)
    else:
        tp, fp = _by_comparison(true, false, y_pred, thresholds)
    values = {"tp": tp, "fp": fp}
    if "tn" in variables:
        values["tn"] = tf.reduce_sum(false, axis=0) - fp
    if "fn" in variables:
        values["fn"] = tf.reduce_sum(true, axis=0) - tp
    for name, variable in variables.items():
        value = values[name]
        variable.assign_add(value if multi_label else tf.squeeze(value, -1), read_value=False)


def _by_comparison(true: Tensor, false: Tensor, y_pred: Tensor, thresholds: Sequence[float]) -> tuple[Tensor, Tensor]:
    bounds = tf.reshape(tf.cast(tf.convert_to_tensor(np.asarray(thresholds)), y_pred.dtype), (-1, 1, 1))
    positive = tf.cast(y_pred[tf.newaxis] > bounds, y_pred.dtype)
    return tf.reduce_sum(positive * true, axis=1), tf.reduce_sum(positive * false, axis=1)


def _by_buckets(true: Tensor, false: Tensor, y_pred: Tensor, count: int, columns: Any,
                outside: bool) -> tuple[Tensor, Tensor]:
    """Sorts predictions into the intervals between thresholds, then sums over all intervals above each.

    Predictions of 0 are above the lowest threshold only if that lies below 0, that is, `outside`.
    """
    bucket = tf.math.ceil(tf.clip_by_value(y_pred, 0.0, 1.0) * (count - 1.0)) - 1
    if outside:
        bucket = tf.nn.relu(bucket)
    bucket = tf.cast(bucket, tf.int32)
    cell = tf.where(bucket < 0, bucket, bucket * columns + tf.range(columns)[tf.newaxis])

    def above(weights: Tensor) -> Tensor:
        sums = tf.reshape(tf.math.unsorted_segment_sum(weights, cell, count * columns), (count, columns))
        return tf.cumsum(sums, axis=0, reverse=True)

    return above(true), above(false)


def _top_k_only(x: Tensor, k: int) -> Tensor:
    """The `k` largest values along the last axis; the others replaced by `LEAST`."""
    _, index = tf.math.top_k(x, k)
    kept = tf.reduce_sum(tf.one_hot(index, tf.shape(x)[-1], dtype=x.dtype), axis=-2)
    return x * kept + LEAST * (1 - kept)
