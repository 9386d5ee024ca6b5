"""Clusters of points: the nearest centers, and points to begin with (k-means++ and its Markov chain form)."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from . import philox
from .candidates import Words, uniform_words
from .layout import bad
from .philox import Array


def _check(matrices: dict[str, Array], scalars: dict[str, Array]) -> None:
    for word, x in matrices.items():
        if x.ndim != 2:
            raise bad(f"Input {word} should be a matrix.")
    for word, x in scalars.items():
        if x.ndim:
            raise bad(f"Input {word} should be a scalar.")


def _words(seed: Any) -> Words:
    return Words(np.array([int(seed) & (1 << 64) - 1], np.uint64), np.zeros(2, np.uint64))


def _half_norms(x: Array) -> Any:
    return np.float32(0.5) * (x * x).sum(1)


@op("NearestNeighbors",
    "points: float, centers: float, k: int64 -> nearest_center_indices: int64, nearest_center_distances: float",
    infer=lambda call: [(unknown_shape(), dtypes.int64), (unknown_shape(), dtypes.float32)], dynamic=True)
def nearest_neighbors(xp: Any, points: Array, centers: Array, k: Any) -> Any:
    """For each point the `k` nearest centers, nearest first, and the squares of their distances."""
    _check({"points": points, "centers": centers}, {"k": k})
    if not len(points):
        raise bad("Expected points.rows() > 0.")
    if points.shape[1] != centers.shape[1]:
        raise bad(f"Expected point_dimensions == center_dimensions: {points.shape[1]} vs {centers.shape[1]}.")
    count = min(int(k), len(centers))
    if count < 0:
        raise bad("Expected k >= 0.")
    # Half the squares without the points' own norms, which change no order.
    near = _half_norms(centers) - points @ centers.T
    order = np.argsort(near, 1, kind="stable")[:, :count]
    found = np.take_along_axis(near, order, 1)
    return order.astype(np.int64), np.float32(2) * (found + _half_norms(points)[:, None])


@op("KMC2ChainInitialization", "distances: float, seed: int64 -> index: int64", host=True,
    infer=lambda call: [(TensorShape([]), dtypes.int64)])
def kmc2_chain(xp: Any, distances: Array, seed: Any) -> Any:
    """Where a Markov chain over the points ends that prefers distant ones."""
    if distances.ndim != 1:
        raise bad("Input distances should be a vector.")
    if seed.ndim:
        raise bad("Input seed should be a scalar.")
    if not len(distances):
        raise bad("Expected distances_tensor.size() > 0.")
    chances = philox.unit_floats(np, _words(seed).take(len(distances) - 1)).tolist()
    index, here = 0, float(distances[0])
    for i, (chance, there) in enumerate(zip(chances, distances[1:].tolist(), strict=True), 1):
        if np.float32(chance) * np.float32(here) < there:
            index, here = i, there
    return np.array(index, np.int64)


@op("KmeansPlusPlusInitialization",
    "points: float, num_to_sample: int64, seed: int64, num_retries_per_sample: int64 -> samples: float", host=True,
    infer=lambda call: [(unknown_shape(2), dtypes.float32)], dynamic=True)
def kmeans_plus_plus(xp: Any, points: Array, num_to_sample: Any, seed: Any, num_retries_per_sample: Any) -> Any:
    """Points that are far from each other, drawn with chances as the squares of their distances.

    Of each draw and its retries that is taken which brings all points nearest to those chosen; a negative number of
    retries stands for one that grows with the logarithm of the points asked for.
    """
    _check({"points": points}, {"num_to_sample": num_to_sample, "seed": seed, "num_retries_per_sample": num_retries_per_sample})
    count = int(num_to_sample)
    if not len(points):
        raise bad("Expected points.rows() > 0.")
    if count <= 0:
        raise bad("Expected num_to_sample > 0.")
    if count > len(points):
        raise bad(f"Expected num_to_sample <= points.rows(). {count} vs {len(points)}.")
    words, norms = _words(seed), _half_norms(points)

    def nearer(least: Array, place: int) -> Array:
        return np.minimum(least, norms - points @ points[place] + norms[place])

    def drawn(sums: Array | None) -> int:
        if sums is not None:
            chance = philox.unit_floats(np, words.take(1))[0] * sums[-1]
            return min(int(np.searchsorted(sums, chance, "right")), len(points) - 1)
        while not (found := uniform_words(words, 1, len(points))).size:
            pass
        return int(found[0])
    retries = int(num_retries_per_sample)
    retries = 2 + int(math.log(count)) if retries < 0 else retries
    least = np.full(len(points), np.inf, np.float32)
    chosen: list[int] = []
    for _ in range(count):
        sums = np.cumsum(least, dtype=np.float32) if chosen else None
        tries = [(place, nearer(least, place)) for place in [drawn(sums) for _ in range(1 + retries)]]
        best, least = min(tries, key=lambda found: float(found[1].sum()))
        chosen.append(best)
    return points[chosen]

