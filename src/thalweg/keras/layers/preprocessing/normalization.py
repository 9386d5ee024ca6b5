"""`Normalization`: data with mean zero and variance one, by statistics that were taken beforehand."""
from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np

import thalweg as tf

from ...config import epsilon
from ...types import Config, Shape, Tensor
from ..layer import Layer

_BATCH = 128
"""How many examples of a data set without batches are taken together."""


class Normalization(Layer):
    """`(inputs - mean) / sqrt(variance)`, with statistics that are given, or taken from data by `adapt`.

    Args:
      axis: the axes that have a mean of their own for each place; None for one mean of everything.
      mean: the mean; taken from data for None.
      variance: the variance, given if and only if the mean is.
      invert: whether normalized data are put back.

    Raises:
      ValueError: one of `mean` and `variance` without the other, or of another shape; an axis that the input does not
        have, or whose size is unknown.
    """

    def __init__(self, axis: Any = -1, mean: Any = None, variance: Any = None, invert: bool = False,
                 **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        self.input_mean = mean
        self.input_variance = variance
        self.invert = invert
        self.supports_masking = True
        self._keep_axis: tuple[int, ...] = ()
        self._built_for: Any = None
        self._broadcast: list[Any] = []
        if (mean is None) != (variance is None):
            raise ValueError("When setting values directly, both `mean` and `variance` must be set. Received: "
                             f"mean={mean} and variance={variance}")
        if mean is not None and np.shape(mean) != np.shape(variance):
            raise ValueError("When setting values directly, `mean` and `variance` must have the same shape. Received: "
                             f"mean shape {np.shape(mean)} and variance shape {np.shape(variance)}")
        if mean is not None and np.ndim(mean) > len(self.axis):
            raise ValueError("The rank of `mean` must be less than or equal to the number of axes "
                             f"({len(self.axis)}). Received: mean shape {np.shape(mean)} for axis {self.axis}")

    def build(self, input_shape: Shape) -> None:
        rank = len(input_shape)
        if any(not -rank <= axis < rank for axis in self.axis):
            raise ValueError(f"All `axis` values must be in the range [-ndim, ndim). Received inputs with ndim={rank}, "
                             f"while axis={self.axis}")
        self._keep_axis = tuple(sorted(axis % rank for axis in self.axis))
        for axis in self._keep_axis:
            if input_shape[axis] is None:
                raise ValueError(f"All `axis` values to be kept must have a known shape. Received axis={self.axis}, "
                                 f"inputs.shape={input_shape}, with unknown axis at index {axis}")
        self._built_for = tuple(input_shape)
        self._broadcast = [size if i in self._keep_axis else 1 for i, size in enumerate(input_shape)]
        if self.input_mean is None:
            shape = tuple(input_shape[axis] for axis in self._keep_axis)
            self.adapt_mean = self.add_weight(shape=shape, name="mean", initializer="zeros", trainable=False)
            self.adapt_variance = self.add_weight(shape=shape, name="variance", initializer="ones", trainable=False)
            self.count = self.add_weight(shape=(), name="count", dtype="int", initializer="zeros", trainable=False)

    @property
    def mean(self) -> Any:
        """The mean, in a shape that broadcasts with the input; None before the layer is built."""
        if not self.built:
            return None
        return self._spread(self.input_mean) if self.input_mean is not None else self._held(self.adapt_mean)

    @property
    def variance(self) -> Any:
        """The variance, in a shape that broadcasts with the input; None before the layer is built."""
        if not self.built:
            return None
        return self._spread(self.input_variance) if self.input_variance is not None else self._held(self.adapt_variance)

    def _held(self, weight: Any) -> Tensor:
        return tf.cast(tf.reshape(weight, self._broadcast), self.compute_dtype)

    def _spread(self, given: Any) -> Tensor:
        """A given value, whose axes are the last of those that are kept."""
        array = np.asarray(given)
        shape = [1] * len(self._broadcast)
        for axis, size in zip(self._keep_axis[len(self._keep_axis) - array.ndim:], array.shape, strict=True):
            shape[axis] = size
        return tf.cast(tf.constant(np.broadcast_to(array.reshape(shape), self._broadcast)), self.compute_dtype)

    def adapt(self, data: Any) -> None:
        """Takes the mean and the variance of data.

        Args:
          data: an array or a tensor; or batches of them, in a data set or any iterable, of which tuples count by their
            first part.

        Raises:
          ValueError: no data, or a shape that differs from the input's.
          TypeError: something else.
        """
        if isinstance(data, np.ndarray) or tf.is_tensor(data):
            self._check_built(tuple(data.shape))
            array = np.asarray(data)
            reduced = tuple(i for i in range(array.ndim) if i not in self._keep_axis)
            mean, variance = array.mean(reduced), array.var(reduced)
        else:
            mean, variance = self._of_batches(_batches(data))
        self.adapt_mean.assign(tf.cast(mean, self.adapt_mean.dtype))
        self.adapt_variance.assign(tf.cast(variance, self.adapt_variance.dtype))

    def _check_built(self, shape: Shape) -> None:
        if not self.built:
            self.build(shape)
        elif any(shape[axis] != self._built_for[axis] for axis in self._keep_axis):
            raise ValueError(f"The layer was built with input_shape={self._built_for}, but adapt() is being called with "
                             f"data with an incompatible shape, data.shape={shape}")

    def _of_batches(self, batches: Iterable[Any]) -> tuple[Any, Any]:
        """The mean and the variance of all batches together, which are gone through once."""
        mean: Any = 0.0
        variance: Any = 0.0
        total = 0
        for i, batch in enumerate(batches):
            array = np.asarray(batch)
            if not i:
                self._check_built(array.shape)
            elif any(array.shape[axis] != self._built_for[axis] for axis in self._keep_axis):
                raise ValueError(f"adapt() yielded a batch with incompatible shape. Expected {self._built_for}, got "
                                 f"{array.shape}.")
            array = array.astype(np.float64)
            reduced = tuple(i for i in range(array.ndim) if i not in self._keep_axis)
            count = int(np.prod([array.shape[i] for i in reduced], dtype=np.int64))
            if not count:
                continue
            total += count
            weight = count / total
            own, spread = array.mean(reduced), array.var(reduced)
            new = mean * (1 - weight) + own * weight
            variance = (variance + (mean - new) ** 2) * (1 - weight) + (spread + (own - new) ** 2) * weight
            mean = new
        return mean, variance

    def call(self, inputs: Tensor) -> Tensor:
        x = tf.cast(inputs, self.compute_dtype)
        deviation = tf.maximum(tf.sqrt(self.variance), epsilon())
        return self.mean + x * deviation if self.invert else (x - self.mean) / deviation

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def get_config(self) -> Config:
        return {**super().get_config(), "axis": self.axis, "invert": self.invert,
                "mean": np.array(self.input_mean).tolist(), "variance": np.array(self.input_variance).tolist()}


def _batches(data: Any) -> Iterable[Any]:
    """The batches of a data set or an iterable, each without its labels.

    Raises:
      ValueError: there are none.
      TypeError: it is no iterable, or its elements are no arrays.
    """
    spec = getattr(data, "element_spec", None)
    if spec is not None and (spec[0] if isinstance(spec, tuple) else spec).shape.rank == 1:
        data = data.batch(_BATCH)
    if not hasattr(data, "__iter__"):
        raise TypeError(f"Unsupported data type: {type(data)}. `adapt` supports `np.ndarray`, backend tensors, "
                        "`tf.data.Dataset`, `keras.utils.PyDataset`, and iterables of batches (e.g. list, generator).")
    parts = (batch[0] if isinstance(batch, tuple) else batch for batch in data)
    first = next(parts, None)
    if first is None:
        raise ValueError("adapt() received an empty iterable (no batches). Expected at least one batch. Pass a non-empty "
                         "iterable of arrays or tensors, e.g. layer.adapt([x]) or layer.adapt(list_of_batches).")
    if getattr(first, "shape", None) is None:
        raise TypeError("adapt() expects an iterable that yields arrays or tensors with a `.shape` attribute (e.g. numpy "
                        f"arrays or backend tensors). Got an element of type {type(first).__name__}. Ensure each yielded "
                        "element is array-like with a `.shape` attribute.")
    return itertools.chain([first], parts)
