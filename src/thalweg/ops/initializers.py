"""Initializers outside Keras: `tf.zeros_initializer` and its kin, functions from a shape and a dtype to a tensor."""
from __future__ import annotations

from typing import Any

from ..core import dtypes
from .creation import constant, ones, zeros
from .random import normal, uniform
from .random_functions import stateless_normal, stateless_uniform

_KEYWORDS = ("partition_shape", "partition_offset")


class Initializer:
    """The base: `initializer(shape, dtype)` builds a tensor, `get_config` says how to make another one like it."""

    def get_config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Initializer:
        """An initializer from what `get_config` gave."""
        config = dict(config)
        config.pop("dtype", None)
        return cls(**config)

    def __call__(self, shape: Any, dtype: Any = dtypes.float32, **kwargs: Any) -> Any:
        """A tensor of a shape.

        Args:
          shape: of the tensor, or of the whole that it is a part of.
          dtype: of the elements.
          **kwargs: `partition_shape`, the shape of the part; `partition_offset`, where it begins.

        Raises:
          TypeError: another keyword.
          ValueError: a dtype that the initializer does not build.
        """
        for name in kwargs:
            if name not in _KEYWORDS:
                raise TypeError(f"Keyword argument should be one of {list(_KEYWORDS)}. Received: {name}")
        part = kwargs.get("partition_shape")
        return self._build(shape if part is None else part, dtypes.as_dtype(dtype))

    def _build(self, shape: Any, dtype: dtypes.DType) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not say how it builds a tensor")


def _numeric(dtype: dtypes.DType) -> dtypes.DType:
    if not dtype.is_numpy_compatible or dtype == dtypes.string:
        raise ValueError(f"Argument `dtype` expected to be numeric or boolean. Received {dtype}.")
    return dtype


def _floating(dtype: dtypes.DType) -> dtypes.DType:
    if not dtype.is_floating:
        raise ValueError(f"Argument `dtype` is expected to be floating point. Received: {dtype}.")
    return dtype


class Zeros(Initializer):
    """Zeros."""

    def _build(self, shape: Any, dtype: dtypes.DType) -> Any:
        return zeros(shape, _numeric(dtype))


class Ones(Initializer):
    """Ones."""

    def _build(self, shape: Any, dtype: dtypes.DType) -> Any:
        return ones(shape, _numeric(dtype))


class Constant(Initializer):
    """A value, or a list of values in the order of the elements.

    Args:
      value: a number or a nested list of numbers.
      support_partition: whether parts of a larger tensor may be built.
    """

    def __init__(self, value: Any = 0, support_partition: bool = False) -> None:
        self.value = value
        self.support_partition = support_partition

    def __call__(self, shape: Any, dtype: Any = None, **kwargs: Any) -> Any:
        """A tensor of a shape; see `Initializer`. Without a dtype, the value's own."""
        for name in kwargs:
            if name not in _KEYWORDS:
                raise TypeError(f"Keyword argument should be one of {list(_KEYWORDS)}. Received: {name}")
        return constant(self.value, None if dtype is None else dtypes.as_dtype(dtype), shape=shape)

    def get_config(self) -> dict[str, Any]:
        return {"value": self.value}


class RandomNormal(Initializer):
    """Normal values.

    Args:
      mean, stddev: of the distribution.
      seed: the same values with every call; drawn anew with every call where None.
    """

    def __init__(self, mean: Any = 0.0, stddev: Any = 0.05, seed: int | None = None) -> None:
        self.mean, self.stddev, self.seed = mean, stddev, seed

    def _build(self, shape: Any, dtype: dtypes.DType) -> Any:
        dtype = _floating(dtype)
        if self.seed is None:
            return normal(shape, self.mean, self.stddev, dtype)
        return stateless_normal(shape, [self.seed, 0], self.mean, self.stddev, dtype)

    def get_config(self) -> dict[str, Any]:
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


class RandomUniform(Initializer):
    """Uniform values.

    Args:
      minval, maxval: of the distribution; the upper one is excluded.
      seed: the same values with every call; drawn anew with every call where None.
    """

    def __init__(self, minval: Any = -0.05, maxval: Any = 0.05, seed: int | None = None) -> None:
        self.minval, self.maxval, self.seed = minval, maxval, seed

    def _build(self, shape: Any, dtype: dtypes.DType) -> Any:
        if not dtype.is_floating and not dtype.is_integer:
            raise ValueError(f"Argument `dtype` expected to be numeric or boolean. Received {dtype}.")
        if self.seed is None:
            return uniform(shape, self.minval, self.maxval, dtype)
        return stateless_uniform(shape, [self.seed, 0], self.minval, self.maxval, dtype)

    def get_config(self) -> dict[str, Any]:
        return {"minval": self.minval, "maxval": self.maxval, "seed": self.seed}
