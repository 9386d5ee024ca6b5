"""Samples of the random ops that are functions of a seed."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, I, Sample, sample

_SEEDS = ([1, 2], [0, 0], [-7, 12345], [987654321, 42])
_FLOATS = ("float16", "bfloat16", "float32", "float64")
_FUNCTIONS = {"StatelessRandomUniformV2": "stateless_uniform", "StatelessRandomNormalV2": "stateless_normal",
              "StatelessTruncatedNormalV2": "stateless_truncated_normal"}


def drawn(ops: str, call: Any, *inputs: Any, **options: Any) -> Sample:
    """A sample without gradients."""
    return sample(ops, call, *inputs, grad=False, **options)


def _raw(type: str, **attrs: Any) -> Sample:
    """A raw op with the inputs `shape` and `seed`."""
    return drawn(type, lambda tf: getattr(tf.raw_ops, type)(shape=[5], seed=[3, 4], **attrs))


_RATES = [0.0, 0.5, 3.0, 9.9, 10.0, 30.0, 1000.0]
_COUNTS = [0.0, 1.0, 7.0, 30.0, 200.0, 10000.0]
_PROBS = [[0.0], [0.03], [0.3], [0.5], [0.51], [0.97], [1.0]]
_LOGITS = [[0.1, 1.0, -2.0], [0.0, float("-inf"), 0.5], [5.0, 5.0, float("nan")]]
_BOUNDS = [[0.0, 0.0, 1.0, 2.0, 0.0, 0.0], [1.0, 2.0, 0.5, 0.1, 1.0, 1.0], [-2.0, 0.0, 3.0, -9.0, -np.inf, -0.1],
           [2.0, 9.0, 4.0, 9.0, -3.0, 0.2]]

SAMPLES = [
    *(drawn(op, lambda tf, f=f, s=s, n=n, t=t: getattr(tf.random, f)([n], s, dtype=t))
      for op, f in _FUNCTIONS.items() for t in _FLOATS for s, n in zip(_SEEDS, (1, 4, 7, 30), strict=True)),
    *(drawn(op, lambda tf, f=f: getattr(tf.random, f)([3001], tf.constant([2**40, -1], tf.int64), alg="philox")[-9:])
      for op, f in _FUNCTIONS.items()),
    drawn("StatelessRandomUniformV2", lambda tf: tf.random.stateless_uniform([], [11, 2])),
    drawn("StatelessRandomUniformV2", lambda tf: tf.random.stateless_uniform([2, 0], [11, 2])),
    drawn("StatelessRandomUniformV2", lambda tf, n: tf.random.stateless_uniform(n, [11, 2]),
          I(2, 4, 2, dtype=np.int64)),
    drawn("StatelessRandomUniformV2", lambda tf, a: tf.random.stateless_uniform([3, 2], [1, 2], a, 5.0), A([1.0, 2.0])),
    drawn("StatelessRandomNormalV2", lambda tf: tf.random.stateless_normal([5], [1, 2], 4.0, 0.5)),
    *(drawn("StatelessRandomUniformIntV2",
            lambda tf, t=t, a=a, b=b: tf.random.stateless_uniform([3, 3], [8, 9], a, b, dtype=t))
      for t, a, b in (("int32", 0, 100), ("int32", -2**31, 2**31 - 1), ("int64", -50, 7),
                      ("int64", -2**63, 2**63 - 1))),
    *(drawn("StatelessRandomUniformFullIntV2",
            lambda tf, t=t: tf.random.stateless_uniform([7], [5, 6], None, None, dtype=t))
      for t in ("int32", "int64", "uint32", "uint64")),
    *(_raw(type, dtype=t) for type in ("StatelessRandomUniform", "StatelessRandomNormal", "StatelessTruncatedNormal")
      for t in ("float16", "float32", "float64")),
    *(_raw("StatelessRandomUniformFullInt", dtype=t) for t in ("int32", "uint64")),
    _raw("StatelessRandomUniformInt", minval=-3, maxval=8),
    _raw("StatelessRandomGammaV2", alpha=2.5),
    drawn("StatelessRandomGetKeyCounter", lambda tf, s: tf.raw_ops.StatelessRandomGetKeyCounter(seed=s), A([1, -2])),
    drawn("StatelessRandomGetKeyCounterAlg", lambda tf, s: tf.raw_ops.StatelessRandomGetKeyCounterAlg(seed=s),
          A([3, 4])),
    drawn("StatelessRandomGetAlg", lambda tf: tf.raw_ops.StatelessRandomGetAlg()),
    drawn("StatelessShuffle", lambda tf: tf.random.experimental.stateless_shuffle(tf.range(50), [3, 9])),
    drawn("StatelessShuffle", lambda tf, x: tf.random.experimental.stateless_shuffle(x, [8, 9], "philox"),
          I(0, 9, 5, 2)),
    *(drawn("StatelessMultinomial", lambda tf, x, t=t: tf.random.stateless_categorical(tf.cast(x, t), 9, [1, 7]),
            A(_LOGITS)) for t in _FLOATS),
    drawn("StatelessMultinomial", lambda tf, x: tf.random.stateless_categorical(x, 3, [1, 7], tf.int32),
          A([[0.0] * 4] * 9)),
    *(drawn("StatelessRandomPoisson", lambda tf, x, t=t: tf.random.stateless_poisson([4, 7], [1, 7], x, t), A(_RATES))
      for t in ("float16", "float32", "float64", "int32", "int64")),
    *(drawn("StatelessRandomBinomial",
            lambda tf, n, p, t=t, o=o: tf.random.stateless_binomial([3, 7, 6], [1, 7], tf.cast(n, t), tf.cast(p, t), o),
            A(_COUNTS), A(_PROBS))
      for t, o in (("float16", "float16"), ("float32", "int32"), ("float64", "float64"))),
    *(drawn("StatelessRandomGammaV3",
            lambda tf, a, t=t: tf.random.stateless_gamma([4, 6], [1, 7], tf.cast(a, t), dtype=t),
            A([0.01, 0.4, 1.0, 1.5, 20.0, 3000.0])) for t in ("float16", "float32", "float64")),
    sample("StatelessRandomGammaV3 RandomGammaGrad",
           lambda tf, a, b: tf.random.stateless_gamma([2, 3, 2], [1, 7], a, b), A([[0.3], [1.0], [7.0]]), A([2.0, 0.5]),
           fd=False),
    sample("RandomGammaGrad", lambda tf, a, x: tf.raw_ops.RandomGammaGrad(alpha=a, sample=x),
           A([0.01, 0.5, 1.0, 3.0, 3.0, 900.0, 2.0], np.float64),
           A([1e-30, 0.2, 5.0, 1.0, 9.0, 950.0, 0.0], np.float64), grad=False),
    *(drawn("StatelessParameterizedTruncatedNormal",
            lambda tf, *p, t=t: tf.random.stateless_parameterized_truncated_normal([5, 6], [2, 3],
                                                                                   *(tf.cast(x, t) for x in p)),
            *(A(row) for row in _BOUNDS)) for t in ("float16", "float32", "float64")),
    drawn("RandomIndexShuffle", lambda tf: [tf.random.experimental.index_shuffle(tf.range(m + 1), [5, 9], m)
                                            for m in (0, 3, 20, 300)]),
    drawn("RandomIndexShuffle", lambda tf: tf.random.experimental.index_shuffle(3, [5, 9], 2**30)),
    drawn("RandomIndexShuffle", lambda tf: tf.random.experimental.index_shuffle(
        tf.constant([1, 2**40], tf.int64), tf.constant([5, -9], tf.int64), tf.constant(2**62, tf.int64))),
    drawn("RandomIndexShuffle", lambda tf: tf.raw_ops.RandomIndexShuffle(
        index=[1, 2, 3], seed=[[1, 2, 3], [4, 5, 6], [7, 8, 9]], max_index=[5, 70000, 3], rounds=8)),
    drawn("StatelessRandomUniformFullIntV2", lambda tf: [tf.random.split([1, 2], 3), tf.random.fold_in([1, 2], 17)]),
]
