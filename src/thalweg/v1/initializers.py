"""Initializers of TensorFlow 1: made with a dtype and a seed, called with a shape."""
from __future__ import annotations

import importlib
import inspect
import math
from typing import Any

import thalweg as tf


class Initializer:
    """The base: `initializer(shape, dtype)` builds a tensor."""

    dtype: Any = tf.float32

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
        return self._build([int(d or 0) for d in tf.TensorShape(shape).as_list()], dtype or self.dtype)

    def get_config(self) -> dict[str, Any]:
        """The arguments that the initializer was made with, those that have an effect."""
        arguments = {name: getattr(self, name) for name in inspect.signature(type(self)).parameters if hasattr(self, name)}
        return {**arguments, "dtype": self.dtype.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The initializer of a configuration."""
        return cls(**config)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not say how it builds a tensor")


class Zeros(Initializer):
    """All zeros."""

    def __init__(self, dtype: Any = tf.float32) -> None:
        self.dtype = tf.as_dtype(dtype)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        return tf.zeros(shape, dtype)


class Ones(Initializer):
    """All ones."""

    def __init__(self, dtype: Any = tf.float32) -> None:
        self.dtype = tf.as_dtype(dtype)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        return tf.ones(shape, dtype)


class Constant(Initializer):
    """One value, or a list of values, everywhere."""

    def __init__(self, value: Any = 0, dtype: Any = tf.float32, verify_shape: bool = False) -> None:
        self.value = value
        self.dtype = tf.as_dtype(dtype)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        return tf.constant(self.value, dtype, shape)


class RandomNormal(Initializer):
    """Normal values."""

    def __init__(self, mean: float = 0.0, stddev: float = 1.0, seed: int | None = None, dtype: Any = tf.float32) -> None:
        self.mean, self.stddev, self.seed, self.dtype = mean, stddev, seed, tf.as_dtype(dtype)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        return tf.random.normal(shape, self.mean, self.stddev, dtype, self.seed)


class RandomUniform(Initializer):
    """Uniform values in [minval, maxval)."""

    def __init__(self, minval: float = 0.0, maxval: float | None = None, seed: int | None = None,
                 dtype: Any = tf.float32) -> None:
        self.minval, self.maxval, self.seed, self.dtype = minval, maxval, seed, tf.as_dtype(dtype)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        return tf.random.uniform(shape, self.minval, 1.0 if self.maxval is None else self.maxval, dtype, self.seed)


class TruncatedNormal(Initializer):
    """Normal values within two standard deviations."""

    def __init__(self, mean: float = 0.0, stddev: float = 1.0, seed: int | None = None, dtype: Any = tf.float32) -> None:
        self.mean, self.stddev, self.seed, self.dtype = mean, stddev, seed, tf.as_dtype(dtype)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        return tf.random.truncated_normal(shape, self.mean, self.stddev, dtype, self.seed)


class VarianceScaling(Initializer):
    """Values whose variance is `scale` over the number of inputs, outputs, or their mean (He et al. 2015).

    Raises:
      ValueError: an unknown mode or distribution, or a scale that is not positive.
    """

    def __init__(self, scale: float = 1.0, mode: str = "fan_in", distribution: str = "truncated_normal",
                 seed: int | None = None, dtype: Any = tf.float32) -> None:
        if scale <= 0:
            raise ValueError("Argument `scale` must be a positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"Invalid `mode` argument: {mode}. Must be one of ('fan_in', 'fan_out', 'fan_avg')")
        distribution = {"normal": "truncated_normal"}.get(distribution.lower(), distribution.lower())
        if distribution not in ("truncated_normal", "untruncated_normal", "uniform"):
            raise ValueError(f"Invalid `distribution` argument: {distribution}.")
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.seed, self.dtype = seed, tf.as_dtype(dtype)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        fan_in, fan_out = fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[self.mode]
        scale = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * scale)
            return tf.random.uniform(shape, -limit, limit, dtype, self.seed)
        if self.distribution == "untruncated_normal":
            return tf.random.normal(shape, 0.0, math.sqrt(scale), dtype, self.seed)
        # The standard deviation of a normal distribution cut at two of its own is 0.8796 of it.
        return tf.random.truncated_normal(shape, 0.0, math.sqrt(scale) / 0.87962566103423978, dtype, self.seed)


class GlorotUniform(VarianceScaling):
    """Uniform values scaled by inputs and outputs (Glorot and Bengio 2010)."""

    def __init__(self, seed: int | None = None, dtype: Any = tf.float32) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed, dtype)


class GlorotNormal(VarianceScaling):
    """Normal values scaled by inputs and outputs (Glorot and Bengio 2010)."""

    def __init__(self, seed: int | None = None, dtype: Any = tf.float32) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed, dtype)


class Orthogonal(Initializer):
    """A matrix with orthogonal rows or columns, times `gain` (Saxe et al. 2013)."""

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = tf.float32) -> None:
        self.gain, self.seed, self.dtype = gain, seed, tf.as_dtype(dtype)

    def _build(self, shape: list[int], dtype: Any) -> Any:
        if len(shape) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        rows = math.prod(shape[:-1])
        columns = shape[-1]
        flat = (max(columns, rows), min(columns, rows))
        q, r = tf.linalg.qr(tf.random.normal(flat, dtype=dtype, seed=self.seed), full_matrices=False)
        q = q * tf.sign(tf.linalg.diag_part(r))
        return self.gain * tf.reshape(tf.transpose(q) if rows < columns else q, shape)


def fans(shape: list[int]) -> tuple[float, float]:
    """The numbers of inputs and outputs of one unit of a weight of this shape."""
    if not shape:
        return 1.0, 1.0
    if len(shape) == 1:
        return float(shape[0]), float(shape[0])
    field = math.prod(shape[:-2])
    return float(shape[-2] * field), float(shape[-1] * field)


zeros_initializer = zeros = Zeros
ones_initializer = ones = Ones
constant_initializer = constant = Constant
random_normal_initializer = random_normal = RandomNormal
random_uniform_initializer = random_uniform = RandomUniform
truncated_normal_initializer = truncated_normal = TruncatedNormal
variance_scaling_initializer = variance_scaling = VarianceScaling
glorot_uniform_initializer = glorot_uniform = GlorotUniform
glorot_normal_initializer = glorot_normal = GlorotNormal
orthogonal_initializer = orthogonal = Orthogonal


ZEROS, ONES = Zeros(), Ones()
"""The initializers that layers start from unless told otherwise."""

_ELSEWHERE = {"global_variables": "variables.global_variables_initializer", "variables": "variables.variables_initializer",
              "local_variables": "variables.local_variables_initializer", "uniform_unit_scaling": "scaling.UniformUnitScaling"}
"""What else TensorFlow 1 has in this namespace, by module and name."""


def __getattr__(name: str) -> Any:
    if name == "tables_initializer":
        from ..ops.lookup.tables import tables_initializer
        return tables_initializer
    module, _, own = _ELSEWHERE.get(name, "").partition(".")
    if not own:
        raise AttributeError(f"module 'thalweg.v1.initializers' has no attribute '{name}'")
    return getattr(importlib.import_module(f"thalweg.v1.{module}"), own)
