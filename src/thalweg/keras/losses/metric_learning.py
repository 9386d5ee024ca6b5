"""Losses of embeddings: points of one class belong together."""
from __future__ import annotations

import math
from typing import Any

import thalweg as tf

from .. import tags
from ..config import as_tensor
from ..types import Tensor, TensorLike
from .base import NamedLoss


def circle(y_true: TensorLike, y_pred: TensorLike, ref_labels: TensorLike | None = None,
           ref_embeddings: TensorLike | None = None, remove_diagonal: bool = True, gamma: float = 80,
           margin: float = 0.4) -> Tensor:
    """The circle loss (Sun et al., 2020), one value for every embedding.

    Args:
      y_true: integer labels, shape [n] or [n, 1].
      y_pred: embeddings of norm 1, shape [n, d].
      ref_labels: the labels of `ref_embeddings`; `y_true` where None.
      ref_embeddings: what the embeddings are compared with; themselves where None.
      remove_diagonal: whether embedding i is left out of those compared with embedding i.
      gamma: a scale.
      margin: how strictly the classes are kept apart.
    """
    y_pred = as_tensor(y_pred)
    labels = tf.reshape(tf.cast(y_true, tf.int32), [-1, 1])
    others = labels if ref_labels is None else tf.reshape(tf.cast(ref_labels, tf.int32), [-1, 1])
    embeddings = y_pred if ref_embeddings is None else as_tensor(ref_embeddings)
    distances = tf.maximum(1 - tf.matmul(y_pred, embeddings, transpose_b=True), 0.0)
    same = tf.equal(labels, tf.transpose(others))
    different = tf.logical_not(same)
    if remove_diagonal:
        itself = tf.equal(tf.range(tf.size(labels))[:, tf.newaxis], tf.range(tf.size(others))[tf.newaxis])
        same = tf.logical_and(same, tf.logical_not(itself))

    def log_sum(pairs: Tensor, optimum: float, boundary: float, sign: float) -> Tensor:
        weights = tf.maximum((optimum + sign * distances) * tf.cast(pairs, distances.dtype), 0.0)
        values = -sign * gamma * weights * (boundary - distances)
        return tf.reduce_logsumexp(tf.where(pairs, values, tf.cast(-math.inf, values.dtype)), axis=1)

    values = tf.math.softplus(log_sum(same, margin, margin, 1.0) + log_sum(different, 1 + margin, 1 - margin, -1.0))
    tags.set_mask(values, values > 0)
    return values


class Circle(NamedLoss):
    """The circle loss of a batch of embeddings (Sun et al., 2020)."""

    _arguments = ("gamma", "margin", "remove_diagonal")

    def __init__(self, gamma: float = 80.0, margin: float = 0.4, remove_diagonal: bool = True,
                 reduction: str | None = "sum_over_batch_size", name: str = "circle", dtype: Any = None) -> None:
        super().__init__(circle, reduction, name, dtype, gamma=gamma, margin=margin, remove_diagonal=remove_diagonal)
