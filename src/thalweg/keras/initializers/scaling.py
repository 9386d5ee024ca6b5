"""Initializers whose spread follows from the number of inputs and outputs of a layer."""
from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .. import random
from ..types import Config, Shape, Tensor
from .draws import RandomInitializer

_STDDEV_OF_TRUNCATED = 0.87962566103423978
"""The standard deviation of the standard normal distribution cut off at -2 and 2."""

_MODES = ("fan_in", "fan_out", "fan_avg")
_DISTRIBUTIONS = ("uniform", "truncated_normal", "untruncated_normal")


class VarianceScaling(RandomInitializer):
    """Random numbers of variance `scale / n`, with `n` the number of inputs, of outputs, or their average.

    Args:
      scale: a positive number.
      mode: `"fan_in"`, `"fan_out"` or `"fan_avg"`.
      distribution: `"truncated_normal"`, `"untruncated_normal"` or `"uniform"`.
      seed: an integer, a `SeedGenerator` or None.
      input_axes: the axes whose product is the number of inputs; by convention of the rank where None.
      output_axes: the axes whose product is the number of outputs.

    Raises:
      ValueError: one of the first three arguments is none of these.
    """

    def __init__(self, scale: float = 1.0, mode: str = "fan_in", distribution: str = "truncated_normal",
                 seed: random.Seed = None, input_axes: Sequence[int] | None = None,
                 output_axes: Sequence[int] | None = None) -> None:
        if scale <= 0.0:
            raise ValueError(f"Argument `scale` must be positive float. Received: scale={scale}")
        if mode not in _MODES:
            raise ValueError(f"Invalid `mode` argument: {mode}. Please use one of {set(_MODES)}")
        distribution = distribution.lower()
        if distribution == "normal":
            distribution = "truncated_normal"
        if distribution not in _DISTRIBUTIONS:
            raise ValueError(f"Invalid `distribution` argument: {distribution}."
                             f"Please use one of {set(_DISTRIBUTIONS)}")
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.input_axes = input_axes
        self.output_axes = output_axes
        super().__init__(seed)

    def __call__(self, shape: Shape, dtype: Any = None) -> Tensor:
        fan_in, fan_out = compute_fans(shape, self.input_axes, self.output_axes)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == "truncated_normal":
            return random.truncated_normal(shape, 0.0, math.sqrt(variance) / _STDDEV_OF_TRUNCATED, dtype=dtype,
                                           seed=self.seed)
        if self.distribution == "untruncated_normal":
            return random.normal(shape, 0.0, math.sqrt(variance), dtype=dtype, seed=self.seed)
        limit = math.sqrt(3.0 * variance)
        return random.uniform(shape, -limit, limit, dtype=dtype, seed=self.seed)

    def get_config(self) -> Config:
        return {
            "seed": self._seed_config(), "scale": self.scale, "mode": self.mode, "distribution": self.distribution,
            "input_axes": self.input_axes, "output_axes": self.output_axes,
        }  # fmt: skip


class _Preset(VarianceScaling):
    """A `VarianceScaling` with a name of its own."""

    _preset: tuple[float, str, str]

    def __init__(self, seed: random.Seed = None, input_axes: Sequence[int] | None = None,
                 output_axes: Sequence[int] | None = None) -> None:
        super().__init__(*self._preset, seed=seed, input_axes=input_axes, output_axes=output_axes)

    def get_config(self) -> Config:
        return {"seed": self._seed_config(), "input_axes": self.input_axes, "output_axes": self.output_axes}


class GlorotUniform(_Preset):
    """Uniform within `sqrt(6 / (inputs + outputs))` of 0, also called Xavier (Glorot and Bengio, 2010)."""

    _preset = (1.0, "fan_avg", "uniform")


class GlorotNormal(_Preset):
    """Truncated normal of variance `2 / (inputs + outputs)`, also called Xavier (Glorot and Bengio, 2010)."""

    _preset = (1.0, "fan_avg", "truncated_normal")


class LecunNormal(_Preset):
    """Truncated normal of variance `1 / inputs` (Klambauer et al., 2017)."""

    _preset = (1.0, "fan_in", "truncated_normal")


class LecunUniform(_Preset):
    """Uniform within `sqrt(3 / inputs)` of 0 (Klambauer et al., 2017)."""

    _preset = (1.0, "fan_in", "uniform")


class HeNormal(_Preset):
    """Truncated normal of variance `2 / inputs` (He et al., 2015)."""

    _preset = (2.0, "fan_in", "truncated_normal")


class HeUniform(_Preset):
    """Uniform within `sqrt(6 / inputs)` of 0 (He et al., 2015)."""

    _preset = (2.0, "fan_in", "uniform")


def compute_fans(shape: Shape, input_axes: Sequence[int] | None = None,
                 output_axes: Sequence[int] | None = None) -> tuple[int, int]:
    """The numbers of inputs and outputs of a weight of this shape.

    Without axes the last two dimensions are those of a matrix, and those before them a receptive field.
    """
    sizes = tuple(shape)
    if input_axes is not None and output_axes is not None:
        return (int(math.prod(sizes[axis] for axis in input_axes)), int(math.prod(sizes[axis] for axis in output_axes)))
    if len(sizes) < 2:
        size = int(sizes[0]) if sizes else 1
        return size, size
    field = math.prod(sizes[:-2])
    return int(sizes[-2] * field), int(sizes[-1] * field)
