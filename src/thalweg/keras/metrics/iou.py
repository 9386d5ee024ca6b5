"""Intersection over union: how far predicted and labelled regions are the same."""
from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ..config import as_tensor, epsilon
from ..types import Config, Tensor, TensorLike
from .base import Metric


class IoU(Metric):
    """The mean over some classes of intersection over union, from the confusion matrix of all classes.

    Args:
      num_classes: how many classes there are.
      target_class_ids: the classes that count.
      name: of the metric.
      dtype: of the confusion matrix; int64 where None.
      ignore_class: a label whose elements do not count.
      sparse_y_true: whether labels are class numbers; else one-hot along `axis`.
      sparse_y_pred: whether predictions are class numbers; else scores along `axis`.
      axis: the axis of the classes.

    Raises:
      ValueError: a target class is out of range.
    """

    _direction = "up"
    _config_names: tuple[str, ...] = (
        "name", "dtype", "num_classes", "target_class_ids", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis",
    )  # fmt: skip

    def __init__(self, num_classes: int, target_class_ids: Sequence[int], name: str | None = None, dtype: Any = None,
                 ignore_class: int | None = None, sparse_y_true: bool = True, sparse_y_pred: bool = True,
                 axis: int = -1) -> None:
        super().__init__(name=name, dtype=dtype or "int")
        if max(target_class_ids) >= num_classes:
            raise ValueError(f"Target class id {max(target_class_ids)} is out of range, which is [0, {num_classes}).")
        self.num_classes = num_classes
        self.target_class_ids = list(target_class_ids)
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        self.total_cm = self.add_variable((num_classes, num_classes), "zeros", dtype=self.dtype,
                                          name="total_confusion_matrix")

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Takes in a batch; elements whose class is out of range do not count."""
        dtype = self._compute_dtype
        y_true = tf.reshape(self._classes(y_true, self.sparse_y_true), [-1])
        y_pred = tf.reshape(self._classes(y_pred, self.sparse_y_pred), [-1])
        if dtype.is_integer and "float" in str(getattr(sample_weight, "dtype", "")):
            warnings.warn("You are passing weight as `float`, but dtype is `int`. This may result in an incorrect "
                          "weight due to type casting Consider using integer weights.", stacklevel=2)
        weights = as_tensor(1 if sample_weight is None else sample_weight, dtype)
        if len(weights.shape) > 1:
            weights = tf.reshape(weights, [-1])
        weights = tf.broadcast_to(weights, tf.shape(y_true))
        size = self.num_classes
        counts = (y_true >= 0) & (y_true < size) & (y_pred >= 0) & (y_pred < size)
        if self.ignore_class is not None:
            counts = counts & (y_true != self.ignore_class)
        cells = tf.where(counts, y_true * size + y_pred, tf.zeros_like(y_true))
        weights = tf.where(counts, weights, tf.zeros_like(weights))
        matrix = tf.math.unsorted_segment_sum(weights, cells, size * size)
        self.total_cm.assign_add(tf.reshape(matrix, (size, size)), read_value=False)

    def _classes(self, x: TensorLike, sparse: bool) -> Tensor:
        return tf.cast(x if sparse else tf.argmax(x, axis=self.axis), tf.int64)

    def result(self) -> Tensor:
        matrix = tf.cast(tf.convert_to_tensor(self.total_cm), tf.float32)
        both = tf.linalg.diag_part(matrix)
        either = tf.reduce_sum(matrix, axis=0) + tf.reduce_sum(matrix, axis=1) - both
        both, either = tf.gather(both, self.target_class_ids), tf.gather(either, self.target_class_ids)
        seen = either > 1e-9
        values = tf.where(seen, both / (either + epsilon()), tf.zeros_like(both))
        return tf.reduce_sum(values) / (tf.reduce_sum(tf.cast(seen, tf.float32)) + epsilon())

    def get_config(self) -> Config:
        return {name: getattr(self, name) for name in self._config_names}


class BinaryIoU(IoU):
    """Intersection over union of the two classes that a threshold makes.

    Args:
      target_class_ids: the classes that count: 0, 1 or both.
      threshold: from which on a prediction is of class 1.
      name: of the metric.
      dtype: of the confusion matrix; int64 where None.
    """

    _config_names = ("target_class_ids", "threshold", "name", "dtype")

    def __init__(self, target_class_ids: Sequence[int] = (0, 1), threshold: float = 0.5, name: str | None = None,
                 dtype: Any = None) -> None:
        super().__init__(2, target_class_ids, name=name, dtype=dtype)
        self.threshold = threshold

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        super().update_state(y_true, as_tensor(y_pred, tf.float32) >= self.threshold, sample_weight)


class MeanIoU(IoU):
    """The mean over all classes of intersection over union."""

    _config_names: tuple[str, ...] = (
        "num_classes", "name", "dtype", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis",
    )  # fmt: skip

    def __init__(self, num_classes: int, name: str | None = None, dtype: Any = None, ignore_class: int | None = None,
                 sparse_y_true: bool = True, sparse_y_pred: bool = True, axis: int = -1) -> None:
        super().__init__(num_classes, range(num_classes), name=name, dtype=dtype, ignore_class=ignore_class,
                         sparse_y_true=sparse_y_true, sparse_y_pred=sparse_y_pred, axis=axis)


class OneHotIoU(IoU):
    """`IoU` with one-hot labels."""

    _config_names = ("num_classes", "target_class_ids", "name", "dtype", "ignore_class", "sparse_y_pred", "axis")

    def __init__(self, num_classes: int, target_class_ids: Sequence[int], name: str | None = None, dtype: Any = None,
                 ignore_class: int | None = None, sparse_y_pred: bool = False, axis: int = -1) -> None:
        super().__init__(num_classes, target_class_ids, name=name, dtype=dtype, ignore_class=ignore_class,
                         sparse_y_true=False, sparse_y_pred=sparse_y_pred, axis=axis)


class OneHotMeanIoU(MeanIoU):
    """`MeanIoU` with one-hot labels."""

    _config_names = ("num_classes", "name", "dtype", "ignore_class", "sparse_y_pred", "axis")

    def __init__(self, num_classes: int, name: str | None = None, dtype: Any = None, ignore_class: int | None = None,
                 sparse_y_pred: bool = False, axis: int = -1) -> None:
        super().__init__(num_classes, name=name, dtype=dtype, ignore_class=ignore_class, sparse_y_true=False,
                         sparse_y_pred=sparse_y_pred, axis=axis)
