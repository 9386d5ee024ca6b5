"""Samples of candidate samplers and of the losses on sampled classes."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, F, Make, Sample, sample

_TRUE = np.array([[1, 0], [3, 3], [0, 9]], np.int64)


def _seeded(call: Any) -> Any:
    """Twice from the same seed, then once more: the stream goes on."""
    def run(tf: Any, *inputs: Any) -> Any:
        tf.random.set_seed(4)
        return [call(tf, *inputs), call(tf, *inputs)]
    return run


def _v1(tf: Any) -> Any:
    return tf.compat.v1.nn


def _sampler(type: str, call: Any) -> list[Sample]:
    return [sample(type, _seeded(lambda tf, c, n=n, u=u, r=r: call(tf, c, 2, n, u, r)), A(_TRUE, np.int64), grad=False)
            for n, u, r in ((4, True, 10), (8, False, 10), (1, True, 16), (10, True, 10), (40, True, 1000))]


_UNIGRAMS = [3.0, 1.0, 0.5, 7.0, 1.0, 2.0, 2.5, 1.0, 4.0, 0.1]


def _loss(name: str, **settings: Any) -> Any:
    def run(tf: Any, weights: Any, biases: Any, inputs: Any) -> Any:
        tf.random.set_seed(3)
        labels = tf.constant([[1], [5], [2]], tf.int64)
        return getattr(tf.nn, name)(weights, biases, labels, inputs, num_sampled=4, num_classes=8, **settings)
    return run


def _many(name: str, **settings: Any) -> Any:
    def run(tf: Any, weights: Any, biases: Any, inputs: Any) -> Any:
        labels = tf.constant(_TRUE[:, ::-1] % 8)
        values = _v1(tf).uniform_candidate_sampler(labels, 2, 5, True, 8, seed=2)
        return getattr(tf.nn, name)(weights, biases, labels, inputs, 5, 8, num_true=2, sampled_values=values, **settings)
    return run


def _shards(strategy: str) -> Any:
    def run(tf: Any, a: Any, b: Any, biases: Any, inputs: Any) -> Any:
        tf.random.set_seed(3)
        return _v1(tf).nce_loss([a, b], biases, tf.constant([[1], [5], [2]]), inputs, 3, 8, partition_strategy=strategy)
    return run


_PARTS: tuple[Make, ...] = (F(8, 4), F(8), F(3, 4))
SAMPLES = [
    *_sampler("UniformCandidateSampler", lambda tf, *a: _v1(tf).uniform_candidate_sampler(*a, seed=3)),
    *_sampler("LogUniformCandidateSampler", lambda tf, *a: _v1(tf).log_uniform_candidate_sampler(*a, seed=3)),
    *_sampler("LearnedUnigramCandidateSampler", lambda tf, *a: tf.nn.learned_unigram_candidate_sampler(*a, seed=3)),
    *[sample("FixedUnigramCandidateSampler", _seeded(lambda tf, c, n=n, u=u, r=r, k=k: tf.nn.fixed_unigram_candidate_sampler(
        c % 5, 2, n, u, r, unigrams=_UNIGRAMS, seed=5, **k)), A(_TRUE, np.int64), grad=False)
      for n, u, r, k in ((4, True, 10, {}), (6, False, 10, {}), (20, False, 10, {"distortion": 0.75}),
                         (5, True, 12, {"num_reserved_ids": 2}), (4, False, 5, {"num_shards": 2, "shard": 1}))],
    sample("AllCandidateSampler", lambda tf, c: tf.nn.all_candidate_sampler(c, 2, 10, True), A(_TRUE, np.int64), grad=False),
    sample("UniformCandidateSampler", lambda tf, c: _v1(tf).uniform_candidate_sampler(c, 2, 3, True, 10, seed=1)[0],
           A(np.zeros((0, 2)), np.int64), grad=False),
    sample("ComputeAccidentalHits", lambda tf, c, s: tf.nn.compute_accidental_hits(c, s, 2), A(_TRUE, np.int64),
           A([3, 0, 7, 3, 9], np.int64), grad=False),
    sample("ComputeAccidentalHits", lambda tf, c, s: tf.nn.compute_accidental_hits(c, s, 2), A(_TRUE, np.int64),
           A([4, 5], np.int64), grad=False),
    sample("ComputeAccidentalHits", lambda tf, c, s: tf.nn.compute_accidental_hits(c, s, 2), A(np.zeros((0, 2)), np.int64),
           A([], np.int64), grad=False),
    *[sample("LogUniformCandidateSampler", _loss(name), *_PARTS, fd=False) for name in ("nce_loss", "sampled_softmax_loss")],
    *[sample("ComputeAccidentalHits", _loss(name, remove_accidental_hits=hits), *_PARTS, fd=False)
      for name, hits in (("nce_loss", True), ("sampled_softmax_loss", True))],
    *[sample("UniformCandidateSampler", _many(name), *_PARTS, fd=False) for name in ("nce_loss", "sampled_softmax_loss")],
    *[sample("LogUniformCandidateSampler", _shards(strategy), F(4, 4), F(4, 4), F(8), F(3, 4), fd=False)
      for strategy in ("mod", "div")],
]
