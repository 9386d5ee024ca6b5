"""Samples of the random ops that have seeds of their own: each starts from `set_seed`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import A, I, Sample, sample


def seeded(ops: str, call: Callable[..., Any], *inputs: Any, seed: int = 7, **options: Any) -> Sample:
    """A sample that sets the program's seed first, and draws twice."""
    def twice(tf: Any, *tensors: Any) -> Any:
        tf.random.set_seed(seed)
        return [call(tf, *tensors), call(tf, *tensors)]
    return sample(ops, twice, *inputs, grad=False, **options)


def _sequence(tf: Any) -> Any:
    tf.random.set_seed(1234)
    return [tf.random.uniform([3]), tf.random.uniform([3], seed=1), tf.random.normal([3]),
            tf.random.uniform([3], seed=1), tf.random.uniform([2], seed=2), tf.random.shuffle(tf.range(8)),
            tf.random.truncated_normal([3])]


def _started_again(tf: Any) -> Any:
    out = []
    for seed in (3, 3, 2**40 + 3, -5):
        tf.random.set_seed(seed)
        out += [tf.random.uniform([2]), tf.random.uniform([2], seed=1), tf.random.uniform([2], seed=-3)]
    return out


def _zero_seeds(tf: Any) -> Any:
    tf.random.set_seed(0)
    return [tf.random.uniform([2], seed=0), tf.random.uniform([2], seed=2**31 - 1), tf.random.normal([2])]


def _differentiable_gamma(tf: Any, alpha: Any, beta: Any) -> Any:
    tf.random.set_seed(9)
    return tf.random.gamma([3], alpha, beta)


_RATES = [0.0, 0.5, 3.0, 9.9, 10.0, 30.0, 1000.0]
_LOGITS = [[0.1, 1.0, -2.0], [0.0, float("-inf"), 0.5], [5.0, 5.0, float("nan")]]

SAMPLES = [
    sample("RandomUniform RandomStandardNormal TruncatedNormal RandomShuffle", _sequence, grad=False),
    sample("RandomUniform", _started_again, grad=False),
    sample("RandomUniform", _zero_seeds, grad=False),
    *(seeded(op, lambda tf, f=f, n=n, t=t: getattr(tf.random, f)([n], dtype=t))
      for op, f in (("RandomUniform", "uniform"), ("RandomStandardNormal", "normal"),
                    ("TruncatedNormal", "truncated_normal"))
      for n in (1, 9) for t in ("float16", "bfloat16", "float32", "float64")),
    seeded("RandomUniform", lambda tf: tf.random.uniform([2, 3], seed=5)),
    seeded("RandomUniform", lambda tf: tf.random.uniform([0, 3], seed=5)),
    seeded("RandomUniform", lambda tf: tf.random.uniform([], -2.0, 3.0, seed=5)),
    seeded("RandomUniform", lambda tf: tf.random.uniform([4], 0, 3.0, seed=5)),
    seeded("RandomUniform", lambda tf, a, b: tf.random.uniform([4, 2], a, b), A([0.0, 5.0]), A([1.0, 6.0])),
    seeded("RandomUniform", lambda tf, shape: tf.random.uniform(shape, seed=5), I(2, 4, 2)),
    seeded("RandomUniform", lambda tf, shape: tf.random.uniform(shape, seed=5), I(2, 4, 2, dtype=np.int64)),
    seeded("RandomUniform", lambda tf: tf.random.uniform([40000])[-7:]),
    seeded("RandomStandardNormal", lambda tf: tf.random.normal([3], 2.0, 0.5, seed=5)),
    seeded("RandomStandardNormal", lambda tf, m, s: tf.random.normal([3, 2], m, s), A([1.0, -1.0]), A([0.1, 2.0])),
    seeded("RandomStandardNormal", lambda tf: tf.random.normal([40001])[-7:]),
    seeded("TruncatedNormal", lambda tf: tf.random.truncated_normal([40001], -1.0, 0.1)[-7:]),
    *(seeded("RandomUniformInt", lambda tf, t=t, a=a, b=b: tf.random.uniform([9], a, b, dtype=t, seed=3))
      for t, a, b in (("int32", 0, 10), ("int32", -2**31, 2**31 - 1), ("int64", -5, 3), ("int64", -2**63, 2**63 - 1))),
    seeded("RandomUniformInt", lambda tf: tf.random.uniform([0], 5, 5, dtype=tf.int32)),
    seeded("RandomShuffle", lambda tf: tf.random.shuffle(tf.range(20), seed=1)),
    seeded("RandomShuffle", lambda tf, x: tf.random.shuffle(x, seed=1), I(0, 99, 7, 2)),
    seeded("RandomShuffle", lambda tf, x: tf.random.shuffle(x), I(0, 99)),
    seeded("RandomShuffle", lambda tf, x: tf.random.shuffle(x), I(0, 99, 1)),
    seeded("RandomShuffle", lambda tf: tf.random.shuffle(tf.constant(["a", "b", "c", "d"]))),
    *(seeded("Multinomial", lambda tf, x, n=n, t=t: tf.random.categorical(tf.cast(x, t), n, seed=4), A(_LOGITS))
      for n in (1, 10) for t in ("float16", "bfloat16", "float32", "float64")),
    seeded("Multinomial", lambda tf, x: tf.random.categorical(x, 5, tf.int32), A([[0.0] * 4] * 9)),
    seeded("Multinomial", lambda tf, x: tf.random.categorical(x, 0), A(_LOGITS)),
    *(seeded("RandomGamma", lambda tf, a, t=t: tf.random.gamma([6], tf.cast(a, t), dtype=t, seed=4),
             A([0.01, 0.4, 1.0, 1.5, 20.0, 3000.0])) for t in ("float16", "float32", "float64")),
    seeded("RandomGamma", lambda tf: tf.random.gamma([2, 2], [[1.0], [2.0]], [0.5, 3.0])),
    seeded("RandomGamma", lambda tf: tf.random.gamma([0], [1.0])),
    sample("RandomGamma RandomGammaGrad", _differentiable_gamma, A([[0.3], [1.0], [7.0]]), A([2.0, 0.5]), fd=False),
    *(seeded("RandomPoissonV2", lambda tf, lam, t=t: tf.random.poisson([6], lam, t, seed=4), A(_RATES))
      for t in ("float16", "float32", "float64", "int32", "int64")),
    seeded("RandomPoissonV2", lambda tf, lam: tf.random.poisson([2, 3], lam), I(0, 40, 2, 2)),
]
