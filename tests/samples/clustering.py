"""Samples of clusters of points."""
from __future__ import annotations

import numpy as np

from . import A, F, P, sample


def _nearest(points, centers, k):
    return sample("NearestNeighbors", lambda tf, p, c: tf.raw_ops.NearestNeighbors(points=p, centers=c, k=k), points, centers,
                  grad=False, tol=(1e-4, 1e-4))


def _chain(distances, seed):
    return sample("KMC2ChainInitialization", lambda tf, d: tf.raw_ops.KMC2ChainInitialization(distances=d, seed=seed),
                  distances, grad=False)


def _spread(points, count, seed, retries):
    return sample("KmeansPlusPlusInitialization", lambda tf, p: tf.raw_ops.KmeansPlusPlusInitialization(
        points=p, num_to_sample=count, seed=seed, num_retries_per_sample=retries), points, grad=False)


SAMPLES = [
    *[_nearest(F(6, 3), F(4, 3), k) for k in (0, 1, 3, 9)],
    _nearest(F(20, 2), F(30, 2), 5),
    _nearest(F(2, 3), F(0, 3), 1),
    _nearest(A(np.zeros((2, 2), "float32")), A(np.ones((3, 2), "float32")), 2),
    _nearest(F(2, 0), F(3, 0), 2),
    *[_chain(P(size), seed) for size in (1, 2, 30) for seed in (0, 7, -1)],
    _chain(A([0.0, 0.0, 0.0]), 1),
    *[_spread(F(12, 2), count, seed, retries) for count, seed, retries in (
        (1, 0, 0), (4, 1, 0), (4, 2, 3), (12, 3, 0), (3, 2**40, -1), (1, 5, -1), (5, -7, 1))],
    _spread(A(np.ones((3, 2), "float32")), 2, 1, 0),
]
