"""Metrics that are sums and means of values."""
from __future__ import annotations

from functools import lru_cache
from typing import Any

import thalweg as tf

from .. import losses, tags
from ..config import as_tensor
from ..losses.reduction import apply_mask, squeeze_or_expand_to_same_rank
from ..types import Config, Tensor, TensorFunction, TensorLike
from .base import Metric


def to_sample_values(values: TensorLike, sample_weight: TensorLike | None, reduce: TensorFunction,
                     dtype: Any) -> tuple[Tensor, Tensor | None]:
    """One value for every sample, and the weights of the samples.

    Args:
      values: of any shape; all axes but the first are reduced.
      sample_weight: of the shape of `values`, or of its first axes.
      reduce: `tf.reduce_sum` or `tf.reduce_mean`.
      dtype: the dtype (a DType) of both results.
    """
    mask = tags.get_mask(values)
    values = as_tensor(values, dtype)
    if sample_weight is not None:
        sample_weight = as_tensor(sample_weight, dtype)
        if mask is not None:
            sample_weight = apply_mask(sample_weight, mask, dtype, "sum")
        values, sample_weight = squeeze_or_expand_to_same_rank(values, sample_weight)
        rank, weight_rank = len(values.shape), len(sample_weight.shape)
        if rank > weight_rank:
            values = reduce(values, axis=list(range(weight_rank, rank)))
        sample_weight = tf.broadcast_to(sample_weight, tf.shape(values))
        values = values * sample_weight
        if weight_rank > 1:
            sample_weight = reduce(sample_weight, axis=list(range(1, weight_rank)))
    rank = len(values.shape)
    if rank > 1:
        values = reduce(values, axis=list(range(1, rank)))
    return values, sample_weight


@lru_cache(maxsize=64)
def _number(value: int, dtype: Any) -> Tensor:
    """A size as a tensor, kept because batches are mostly of one size."""
    return tf.constant(value, dtype)


class Sum(Metric):
    """The sum of all values."""

    def __init__(self, name: str = "sum", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), "zeros", dtype=self.dtype, name="total")

    def update_state(self, values: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Adds the values, each times its weight."""
        values, _ = to_sample_values(values, sample_weight, tf.reduce_sum, self._compute_dtype)
        self.total.assign_add(tf.reduce_sum(values) if len(values.shape) else values, read_value=False)

    def reset_state(self) -> None:
        self.total.assign(0, read_value=False)

    def result(self) -> Tensor:
        return tf.convert_to_tensor(self.total)


class Mean(Metric):
    """The mean of all values, 0 where there were none."""

    def __init__(self, name: str | None = "mean", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), "zeros", dtype=self.dtype, name="total")
        self.count = self.add_variable((), "zeros", dtype=self.dtype, name="count")

    def update_state(self, values: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Adds the values, each times its weight."""
        dtype = self._compute_dtype
        values, sample_weight = to_sample_values(values, sample_weight, tf.reduce_mean, dtype)
        shape = values.shape
        total = tf.reduce_sum(values) if len(shape) else values
        if sample_weight is not None:
            count = tf.reduce_sum(sample_weight)
        elif not len(shape):
            count = _number(1, dtype) if tf.executing_eagerly() else 1.0
        elif shape[0] is not None:
            count = _number(shape[0], dtype) if tf.executing_eagerly() else float(shape[0])
        else:
            count = tf.cast(tf.shape(values)[0], dtype)
        self.total.assign_add(total, read_value=False)
        self.count.assign_add(count, read_value=False)

    def reset_state(self) -> None:
        self.total.assign(0, read_value=False)
        self.count.assign(0, read_value=False)

    def result(self) -> Tensor:
        return tf.math.divide_no_nan(self.total, self.count)


class MeanMetricWrapper(Mean):
    """The mean of `fn(y_true, y_pred, **kwargs)` over all samples."""

    def __init__(self, fn: TensorFunction, name: str | None = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(name=name, dtype=dtype)
        self._fn = fn
        self._fn_kwargs = kwargs
        if self._direction is None and (fn in losses.ALL_OBJECTS or type(fn) in losses.ALL_OBJECTS):
            self._direction = "down"

    def update_state(self, y_true: TensorLike, y_pred: TensorLike,  # type: ignore[override]
                     sample_weight: TensorLike | None = None) -> None:
        """Takes in a batch of labels and predictions; samples that the predictions' mask hides do not count."""
        mask = tags.get_mask(y_pred)
        values = self._fn(y_true, y_pred, **self._fn_kwargs)
        if mask is not None:
            sample_weight = apply_mask(sample_weight, mask, self._compute_dtype, "sum")
        super().update_state(values, sample_weight)

    def get_config(self) -> Config:
        from .. import registry

        return super().get_config() | {"fn": registry.serialize_keras_object(self._fn), **self._fn_kwargs}

    @classmethod
    def from_config(cls, config: Config) -> Metric:
        if "fn" in config:
            from .. import registry

            config = config | {"fn": registry.deserialize_keras_object(config["fn"])}
        return cls(**config)


class NamedMetric(MeanMetricWrapper):
    """A mean whose class stands for its function."""

    _arguments: tuple[str, ...] = ()
    """The arguments of the function that are attributes of the metric and belong to its config."""

    def __init__(self, fn: TensorFunction, name: str | None, dtype: Any, **kwargs: Any) -> None:
        super().__init__(fn, name, dtype, **kwargs)
        for argument in self._arguments:
            setattr(self, argument, kwargs[argument])

    def get_config(self) -> Config:
        return Metric.get_config(self) | {argument: getattr(self, argument) for argument in self._arguments}
