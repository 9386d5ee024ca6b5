"""Samples of what `tf.random.Generator` draws, and of how its state moves on."""
from __future__ import annotations

from typing import Any

from . import Sample, sample


def draws(ops: str, *calls: Any, seed: Any = 1234) -> Sample:
    """Several draws from one generator, then its state."""
    def call(tf: Any) -> Any:
        g = tf.random.Generator.from_seed(seed)
        return [[c(g, tf) for c in calls], tf.convert_to_tensor(g.state)]
    return sample(ops, call, grad=False)


def _states(tf: Any) -> Any:
    make = tf.random.Generator.from_seed
    seeds = (0, 5, -1, 2**64 + 5, 2**200, [7], [1, 2], [1, 2, 3, 4], [[1, 2], [3, 4]], [2**64 - 1, 2**63])
    out = [tf.convert_to_tensor(make(seed).state) for seed in seeds]
    out += [tf.random.create_rng_state(1234, "philox"), tf.random.create_rng_state([12, 34], "threefry")]
    g = make(3)
    g.reset_from_seed(9)
    out += [tf.convert_to_tensor(g.state), g.key]
    g.reset_from_key_counter(3, [1, 2**64 - 1])
    out.append(tf.convert_to_tensor(tf.random.Generator(copy_from=g).state))
    g.reset([4, 5, 6])
    out.append(tf.convert_to_tensor(g.state))
    return out


def _wrapping(tf: Any) -> Any:
    out = []
    for state in ([-1, 5, 3], [-256, -1, 7], [2**62, 0, 0]):
        g = tf.random.Generator.from_state(state, "philox")
        out += [g.uniform([9]), tf.convert_to_tensor(g.state), g.skip(2**62), g.skip(-1), tf.convert_to_tensor(g.state)]
    return out


SAMPLES = [
    sample("RngSkip StatelessRandomUniformV2", _wrapping, grad=False),
    sample("StatelessRandomUniformV2", lambda tf: [_states(tf), tf.random.Generator.from_seed(1).uniform([2])],
           grad=False),
    draws("StatelessRandomUniformV2", lambda g, tf: g.uniform([3]), lambda g, tf: g.uniform([2, 2], -1.0, 1.0),
          lambda g, tf: g.uniform([], dtype=tf.float64), lambda g, tf: g.uniform([0])),
    draws("StatelessRandomNormalV2", lambda g, tf: g.normal([5]), lambda g, tf: g.normal([3], 1.0, 2.0, tf.float64),
          lambda g, tf: g.normal([2], dtype=tf.float16), seed=2**40 + 7),
    draws("StatelessTruncatedNormalV2", lambda g, tf: g.truncated_normal([6]),
          lambda g, tf: g.truncated_normal([3], mean=1.0, stddev=2.0)),
    draws("StatelessRandomUniformIntV2", lambda g, tf: g.uniform([5], 0, 10, dtype=tf.int32),
          lambda g, tf: g.uniform([5], -3, 10, dtype=tf.int64)),
    draws("StatelessRandomUniformFullIntV2", lambda g, tf: g.uniform_full_int([3]), lambda g, tf: g.make_seeds(3),
          lambda g, tf: g.uniform([3], None, None, tf.int32), lambda g, tf: [h.uniform([2]) for h in g.split(3)]),
    draws("StatefulRandomBinomial", lambda g, tf: g.binomial([6], counts=20.0, probs=0.3),
          lambda g, tf: g.binomial([5, 2], counts=[5.0, 90.0], probs=[0.5, 0.4], dtype=tf.float32)),
    sample("NonDeterministicInts", lambda tf: tf.random.Generator.from_non_deterministic_state().uniform([2]),
           grad=False, compare=False),
]
