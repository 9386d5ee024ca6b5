"""Samples of random operations that are called by their op types alone."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, F, I, sample
from .removed import old, run_old

_SEEDS = {"seed": 3, "seed2": 4}


def _drawn(type, *inputs, state=(7, 8, 9), algorithm=1, times=2, **attrs):
    """Draws from a variable, and where it is then."""
    def call(tf: Any, *xs: Any) -> Any:
        v = tf.Variable(np.array(state, np.int64))
        given = dict(zip(("minval", "maxval"), xs, strict=False))
        made = [getattr(tf.raw_ops, type)(resource=getattr(v, "handle", v), algorithm=algorithm, **given, **attrs)
                for _ in range(times)]
        return [*made, tf.convert_to_tensor(v)]
    return sample(type + " RngSkip", call, *inputs, grad=False)


def _between(shape, *parameters, times=2, **attrs):
    def call(tf: Any, *xs: Any) -> Any:
        tf.random.set_seed(1)
        names = dict(zip(("means", "stdevs", "minvals", "maxvals"), xs, strict=True))
        return [tf.raw_ops.ParameterizedTruncatedNormal(shape=shape, **names, **_SEEDS, **attrs) for _ in range(times)]
    return sample("ParameterizedTruncatedNormal", call, *parameters, grad=False)


def _read_and_skip(delta, state, alg=1):
    def call(tf: Any, d: Any) -> Any:
        v = tf.Variable(np.array(state, np.int64))
        return [tf.raw_ops.RngReadAndSkip(resource=getattr(v, "handle", v), alg=alg, delta=d), tf.convert_to_tensor(v)]
    return sample("RngReadAndSkip RngSkip", call, A(delta, "uint64"), grad=False)


def _learned(tf: Any, c: Any, unique: bool) -> Any:
    tf.random.set_seed(1)
    return [tf.raw_ops.ThreadUnsafeUnigramCandidateSampler(
        true_classes=c, num_true=2, num_sampled=4, unique=unique, range_max=6, **_SEEDS) for _ in range(4)]


def _rates(*inputs):
    def call(tf: Any, shape: Any, rate: Any) -> Any:
        attrs = {"S": tf.as_dtype(shape.dtype), "dtype": tf.as_dtype(rate.dtype), **_SEEDS}
        return run_old(tf, "RandomPoisson", [shape.numpy(), rate.numpy()], attrs, 24, runs=2)
    return sample("RandomPoisson", call, *inputs, grad=False)


_FLOATS = ("float16", "bfloat16", "float32", "float64")

SAMPLES = [
    *[_drawn(f"Stateful{kind}", shape=[5], dtype=dtype) for kind in ("Uniform", "StandardNormalV2", "TruncatedNormal")
      for dtype in _FLOATS],
    *[_drawn("StatefulUniform", shape=shape, dtype="float32") for shape in ([], [0, 2], [2, 3], [300])],
    _drawn("StatefulUniform", shape=[3], dtype="float32", state=(-1, -1, 5), algorithm=3),
    *[_drawn("StatefulUniformFullInt", shape=[2, 2], dtype=dtype) for dtype in ("int32", "int64", "uint32", "uint64")],
    *[_drawn("StatefulUniformInt", A(low, kind), A(high, kind), shape=[7])
      for low, high, kind in ((-3, 100, "int32"), (0, 3, "int64"), (-2**40, 2**62, "int64"))],
    _read_and_skip(5, (7, 8, 9)),
    _read_and_skip(2**63 + 1, (2**62, -1, 3), 3),
    _read_and_skip(0, (1, 2, 3)),
    *[_between([2, 3], *[A(v, kind) for v in (0.0, 1.0, -1.0, 1.0)]) for kind in ("float32", "float64")],
    _between([150], *[A(v, "float32") for v in (0.0, 2.0, -1.0, 5.0)]),
    *[_between([2, 2], *[A(v, kind) for v in ([0.0, 10.0], [1.0, 2.0], [-1.0, 8.0], [1.0, 9.0])])
      for kind in ("float32", "float64")],
    _between([3, 2], *[A(v, "float32") for v in (0.0, 1.0, [5.0, -2.0, -np.inf], np.inf)][:3], A([9.0, 2.0, -3.0], "float32")),
    _between([0], *[A(v, "float32") for v in (0.0, 1.0, -1.0, 1.0)]),
    _between([3, 0], *[A(v, "float32") for v in ([0.0] * 3, 1.0, -1.0, 1.0)]),
    *[sample("ThreadUnsafeUnigramCandidateSampler", lambda tf, c, unique=unique: _learned(tf, c, unique),
             A([[1, 2], [2, 3]], "int64"), grad=False) for unique in (True, False)],
    *[old("RandomCrop", kind(5, 6, 2), A([2, 3], "int64"), runs=4, **_SEEDS) for kind in (F, lambda *s: I(0, 99, *s))],
    *[old("RandomCrop", F(5, 6, 1), A(size, "int64"), runs=3, **_SEEDS) for size in ([5, 6], [5, 2], [0, 2])],
    *[_rates(A([3]), A([0.5, 1.0, 30.0], kind)) for kind in ("float16", "float32", "float64")],
    _rates(A([2, 0], "int64"), A([0.5, 1.0], "float32")),
]
