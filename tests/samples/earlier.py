"""Samples of earlier and other versions of operations."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, B, D, F, H, I, P, S, sample


def _raw(type, *names, **attrs):
    return lambda tf, *xs: getattr(tf.raw_ops, type)(**dict(zip(names, xs, strict=True)), **attrs)


def _segments(type, count, *inputs):
    def call(tf: Any, x: Any, i: Any) -> Any:
        """TensorFlow has these for XLA alone."""
        def reduced(x: Any, i: Any) -> Any:
            return getattr(tf.raw_ops, type)(data=x, segment_ids=i, num_segments=count)
        try:
            return reduced(x, i)
        except tf.errors.NotFoundError:
            return tf.function(reduced, jit_compile=True)(x, i)
    return sample(type, call, *inputs, grad=False)


SAMPLES = [
    *[sample("SpaceToBatch", _raw("SpaceToBatch", "input", paddings=pairs, block_size=2), kind(2, 4, 6, 3))
      for pairs in ([[0, 0], [0, 0]], [[1, 1], [2, 0]]) for kind in (F, D)],
    sample("SpaceToBatch", _raw("SpaceToBatch", "input", "paddings", block_size=3), I(-9, 9, 1, 3, 2, 2),
           A([[0, 0], [1, 0]], "int64")),
    sample("SpaceToBatch", _raw("SpaceToBatch", "input", paddings=[[0, 0], [0, 0]], block_size=2), F(0, 4, 2, 1)),
    *[sample("BatchToSpace", _raw("BatchToSpace", "input", crops=pairs, block_size=2), kind(8, 2, 3, 3))
      for pairs in ([[0, 0], [0, 0]], [[1, 0], [2, 1]]) for kind in (F, D)],
    sample("BatchToSpace", _raw("BatchToSpace", "input", crops=[[0, 0], [0, 0]], block_size=2), H(4, 1, 2, 1)),
    sample("BatchToSpace", _raw("BatchToSpace", "input", crops=[[0, 0], [0, 0]], block_size=2), F(4, 0, 2, 1)),
    sample("Mod", _raw("Mod", "x", "y"), I(-9, 9, 7), I(1, 4, 7)),
    sample("Mod", _raw("Mod", "x", "y"), I(-9, 9, 2, 3, dtype=np.int64), I(-4, -1, 3, dtype=np.int64)),
    sample("Mod", _raw("Mod", "x", "y"), F(2, 3), P(3), grad=False),
    sample("Mod", _raw("Mod", "x", "y"), D(0, 3), D(3), grad=False),
    sample("AccumulateNV2", lambda tf, x, y: tf.function(lambda x, y: tf.raw_ops.AccumulateNV2(
        inputs=[x, y, x], shape=x.shape))(x, y), F(2, 3), F(2, 3)),
    sample("AccumulateNV2", lambda tf, x: tf.function(lambda x: tf.raw_ops.AccumulateNV2(inputs=[x], shape=x.shape))(x),
           I(-9, 9, 0, 3)),
    *[sample("Reverse", _raw("Reverse", "tensor", dims=dims), kind(2, 3, 4))
      for dims, kind in (([True, False, True], F), ([False, False, False], D), ([True, True, True], B))],
    sample("Reverse", _raw("Reverse", "tensor", "dims"), S("a", "b", "c"), A([True])),
    sample("Reverse", _raw("Reverse", "tensor", "dims"), F(), A([], "bool")),
    sample("Reverse", _raw("Reverse", "tensor", dims=[True, True]), F(2, 0)),
    *[_segments(f"Segment{name}V2", 6, kind(5, 2), A([0, 0, 2, 3, 3]))
      for name in ("Sum", "Prod", "Max", "Min") for kind in (F, D, lambda *s: I(-9, 9, *s))],
    *[_segments(f"Segment{name}V2", 2, F(0, 2), A([], "int64")) for name in ("Sum", "Prod", "Max", "Min")],
    *[sample(f"SparseSegment{name}GradV2", _raw(f"SparseSegment{name}GradV2", "grad", "indices", "segment_ids",
                                                dense_output_dim0=6), kind(4, 3), A([4, 0, 4, 1]), A([0, 0, 1, 3]), grad=False)
      for name in ("Sum", "Mean", "SqrtN") for kind in (F, D, H)],
    sample("SparseSegmentSumGradV2", _raw("SparseSegmentSumGradV2", "grad", "indices", "segment_ids", dense_output_dim0=6),
           F(4, 3), A([], "int64"), A([], "int32"), grad=False),
]
