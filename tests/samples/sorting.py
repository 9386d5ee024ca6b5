"""Samples of sorting, searching and distinct elements. `TopKV2` has its samples in `topk`."""
from __future__ import annotations

import numpy as np

from . import BF, A, D, F, H, I, S, sample

_DIRECTIONS = ("ASCENDING", "DESCENDING")

SAMPLES = [
    *(sample("TopKV2", lambda tf, x, d=d: tf.sort(x, direction=d), F(3, 5)) for d in _DIRECTIONS),
    *(sample("TopKV2", lambda tf, x, a=a: tf.sort(x, axis=a), D(3, 2, 4)) for a in (0, 1, -1)),
    *(sample("TopKV2", lambda tf, x, d=d: tf.argsort(x, direction=d, stable=True), I(0, 4, 3, 6)) for d in _DIRECTIONS),
    *(sample("TopKV2", lambda tf, x: tf.argsort(x), x) for x in (
        F(3, 5), F(0), F(1), H(5), BF(5), I(0, 9, 4, dtype="uint8"), I(-9, 9, 4, dtype="int64"))),
    sample("TopKV2", lambda tf, x: tf.argsort(x, axis=0), F(3, 5)),
    sample("TopKV2", lambda tf, x: tf.sort(x, direction="DESCENDING", axis=0), F(3, 2)),
    sample("Sub", lambda tf, x: tf.sort(x) - 0, A([3, 1, -2**31])),
    sample("Sub", lambda tf, x: tf.sort(x) - tf.zeros_like(x), I(0, 9, 4, dtype="uint8")),
    *(sample(f"{t}Bound", lambda tf, x, v, s=s: tf.searchsorted(x, v, side=s), A([1.0, 2.0, 2.0, 5.0]), F(6), grad=False)
      for t, s in (("Lower", "left"), ("Upper", "right"))),
    *(sample(f"{t}Bound", lambda tf, x, v, s=s: tf.searchsorted(x, v, s), A([[1, 3, 5], [2, 4, 4]]), I(0, 6, 2, 4))
      for t, s in (("Lower", "left"), ("Upper", "right"))),
    sample("LowerBound", lambda tf, x, v: tf.searchsorted(x, v, out_type=tf.int64), A([1, 3, 5]), I(0, 6, 4)),
    sample("LowerBound", lambda tf, x, v: tf.searchsorted(x, v), A([[[1, 3, 5], [2, 4, 4]]]), I(0, 6, 1, 2, 3)),
    sample("UpperBound", lambda tf, x, v: tf.searchsorted(x, v, "right"), F(0), F(2), grad=False),
    *(sample("Unique", lambda tf, x: tf.unique(x), x) for x in (
        I(0, 4, 9), S("b", "a", "b"), I(0, 4, 9, dtype="int64"))),
    *(sample("Unique", lambda tf, x: tf.unique(x), x, grad=False) for x in (F(0), A([2.0, 1.0, 2.0]))),
    sample("Unique", lambda tf, x: tf.unique(x, tf.int64), I(0, 4, 9)),
    *(sample("UniqueWithCounts", lambda tf, x: tf.unique_with_counts(x), x) for x in (I(0, 4, 9), S("b", "a", "b"))),
    sample("UniqueV2", lambda tf, x: tf.raw_ops.UniqueV2(x=x, axis=[0]), A([[1, 2], [3, 4], [1, 2]])),
    sample("UniqueV2", lambda tf, x: tf.raw_ops.UniqueV2(x=x, axis=[1]), A([[1, 2, 1], [3, 4, 3]])),
    sample("UniqueWithCountsV2", lambda tf, x: tf.raw_ops.UniqueWithCountsV2(x=x, axis=[0]), A([[1, 2], [3, 4], [1, 2]])),
    sample("ListDiff", lambda tf, x, y: tf.compat.v1.setdiff1d(x, y), I(0, 9, 6), I(0, 9, 3)),
    sample("ListDiff", lambda tf, x, y: tf.compat.v1.setdiff1d(x, y, index_dtype=tf.int64), S("a", "b", "a"), S("b")),
    sample("UnravelIndex", lambda tf, i: tf.unravel_index(i, [3, 4]), I(0, 12, 5)),
    sample("UnravelIndex", lambda tf, i, d: tf.unravel_index(i, d), A(7), A([2, 3, 2])),
    # Tables that are not in order, or have NaN in them.
    *(sample(f"{n}Bound", lambda tf, t, v, s=s: tf.searchsorted(t, v, s), t, v, grad=False)
      for n, s in (("Lower", "left"), ("Upper", "right")) for t, v in (
          (I(0, 9, 2, 7), I(0, 9, 2, 5)), (A([np.nan, 1.0, 2.0, 0.0, np.inf]), A([0.5, np.nan, np.inf, 1.5])),
          (F(8), F(4)), (A([[0.0, np.nan, -0.0, 3.0]]), A([[0.0, -1.0]])))),
]
