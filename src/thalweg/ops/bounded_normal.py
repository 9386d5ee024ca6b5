"""Normal draws between given bounds, by rejection from whichever proposal suits them; NumPy only.

Robert, "Simulation of truncated normal variables", Statistics and Computing 5 (1995). One stream serves all parameters,
one after the other, in TensorFlow's order.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core import errors
from .philox import Array, normal, skipped, uniform

_ENOUGH_NORMAL = 1.3  # from so many standard deviations within the bounds on, normals are proposed
_MAX_REJECTIONS = 1000


class _Proposals:
    """Proposals for one pair of bounds, in units of standard deviations: numbers and whether to accept them."""

    def __init__(self, low: Any, high: Any) -> None:
        kind = type(low)
        self.low, self.high = low, high
        self.kind = kind
        root = np.sqrt(low * low + kind(4))
        flat = kind(2) * np.exp(kind(0.5) + (low * (low - root)) / kind(4)) / (low + root)
        wide = kind(_ENOUGH_NORMAL)
        if (low < -wide and high >= 0) or (high > wide and low <= 0):
            self.draw, self.blocks = self._normals, 1
        elif high - low < flat:
            self.draw, self.blocks = self._uniforms, 2
        else:
            self.draw, self.blocks = self._exponentials, 1
        self.group = 2 if kind is np.float64 else 4

    def _normals(self, key: Array, counter: Array, groups: int) -> tuple[Array, Array]:
        z = normal(np, key, counter, (groups, self.group), self.kind)
        return z, (z >= self.low) & (z <= self.high)

    def _uniforms(self, key: Array, counter: Array, groups: int) -> tuple[Array, Array]:
        drawn = uniform(np, key, counter, (groups, 2, self.group), self.kind)
        z = drawn[:, 0] * (self.high - self.low) + self.low
        top = self.kind(0) if self.low < 0 else self.low * self.low
        return z, drawn[:, 1] <= np.exp((top - z * z) / self.kind(2))

    def _exponentials(self, key: Array, counter: Array, groups: int) -> tuple[Array, Array]:
        rate = (self.low + np.sqrt(self.low * self.low + self.kind(4))) / self.kind(2)
        drawn = uniform(np, key, counter, (groups, self.group // 2, 2), self.kind)
        z = -np.log(drawn[..., 0]) / rate + self.low
        x = rate - z if self.low < rate else self.low - rate
        return z, (drawn[..., 1] <= np.exp(-x * x / self.kind(2))) & (z < self.high)


def bounded_normal(key: Array, counter: Array, count: int, means: Array, stddevs: Array, minvals: Array,
                   maxvals: Array) -> Array:
    """Draws for each of the parameters, which are flat and of one dtype: `[count, parameters]`.

    Raises:
      InvalidArgumentError: a standard deviation that is not positive, an empty range, or no finite bound.
      InternalError: a thousand proposals in a row were rejected.
    """
    out = np.empty((count, len(means)), means.dtype)
    place = 0
    for i, (mean, stddev, low, high) in enumerate(zip(means, stddevs, minvals, maxvals, strict=True)):
        if not (stddev > 0 and low < high and (np.isfinite(low) or np.isfinite(high))):
            raise errors.InvalidArgumentError("Invalid parameters")
        if low == -np.inf or high < mean:
            low, high, stddev = high, low, -stddev
        proposals = _Proposals((low - mean) / stddev, (high - mean) / stddev)
        place = _fill(out[:, i], key, counter, place, proposals)
        out[:, i] = out[:, i] * stddev + mean
    return out


def _fill(out: Array, key: Array, counter: Array, place: int, proposals: _Proposals) -> int:
    """Fills `out` with accepted proposals from block `place` of the stream on; returns where it stopped."""
    filled, rejected = 0, 0
    while filled < len(out):
        groups = math.ceil((len(out) - filled) * 1.5 / proposals.group) + 1
        z, accepted = proposals.draw(key, skipped(counter, place), groups)
        chosen = np.flatnonzero(accepted)[:len(out) - filled]
        out[filled:filled + len(chosen)] = z.reshape(-1)[chosen]
        filled += len(chosen)
        rejected = 0 if len(chosen) else rejected + z.size
        if rejected > _MAX_REJECTIONS:
            raise errors.InternalError("TruncatedNormal rejection sampler failed to accept a sample.")
        if filled == len(out):
            groups = int(chosen[-1]) // z[0].size + 1
        place += groups * proposals.blocks
    return place
