"""Samples of repeating, padding, broadcasting and turning."""
from __future__ import annotations

from . import BF, A, B, C, D, F, H, I, S, sample


def _mirror_gradient(mode: str, paddings: list[list[int]]):  # type: ignore[no-untyped-def]
    return lambda tf, x: tf.raw_ops.MirrorPadGrad(input=x, paddings=paddings, mode=mode)


SAMPLES = [
    *(sample("Tile", lambda tf, x, m=m: tf.tile(x, m), F(2, 3)) for m in ([2, 1], [1, 3], [2, 2], [0, 1], [1, 1])),
    sample("Tile", lambda tf, x: tf.tile(x, []), F()),
    sample("Tile", lambda tf, x: tf.tile(x, [3]), F(0)),
    sample("Tile", lambda tf, x, m: tf.tile(x, m), D(2, 1, 2), A([1, 2, 3])),
    *(sample("Tile", lambda tf, x: tf.tile(x, [2]), x) for x in (H(3), BF(3), C(3), I(0, 9, 3), B(3), S("a", "b"))),
    sample("Tile", lambda tf, x: tf.repeat(x, 3), F(2, 2)),
    sample("Tile", lambda tf, x: tf.repeat(x, 2, axis=1), F(2, 3)),
    sample("Tile", lambda tf, x: tf.repeat(x, [2], axis=-1), D(2, 3)),
    sample("GatherV2", lambda tf, x: tf.repeat(x, [1, 0, 2], axis=0), F(3, 2)),
    sample("GatherV2", lambda tf, x: tf.repeat(x, [1, 2], axis=1), D(2, 2)),
    sample("GatherV2", lambda tf, x: tf.repeat(x, [2, 1]), A([5, 6])),
    sample("Pad", lambda tf, x: tf.pad(x, [[1, 2], [0, 1]]), F(2, 3)),
    sample("Pad", lambda tf, x: tf.pad(x, [[0, 0]]), F(3)),
    sample("Pad", lambda tf, x: tf.pad(x, [[1, 1]]), F(0)),
    sample("Pad", lambda tf, x: tf.pad(x, tf.zeros([0, 2], tf.int32)), F()),
    sample("Pad", lambda tf, x, p: tf.pad(x, p), D(2, 1), A([[0, 1], [2, 0]])),
    *(sample("Pad", lambda tf, x: tf.pad(x, [[1, 0]]), x) for x in (H(3), BF(3), C(3), I(0, 9, 3), B(3))),
    sample("PadV2", lambda tf, x: tf.pad(x, [[1, 2], [0, 1]], constant_values=1.5), F(2, 3)),
    sample("PadV2", lambda tf, x, c: tf.pad(x, [[1, 0]], constant_values=c), F(3), F(), fd=False),
    sample("PadV2", lambda tf, x: tf.pad(x, [[1, 0]], constant_values=7), I(0, 9, 3)),
    sample("PadV2", lambda tf, x: tf.pad(x, [[1, 0]], constant_values="z"), S("a", "b")),
    *(sample("MirrorPad", lambda tf, x, m=m: tf.pad(x, [[1, 2], [2, 0]], m), F(3, 4)) for m in ("REFLECT", "symmetric")),
    sample("MirrorPad", lambda tf, x: tf.pad(x, [[2, 2]], "SYMMETRIC"), D(2)),
    sample("MirrorPad", lambda tf, x: tf.pad(x, [[0, 0], [1, 1]], "REFLECT"), I(0, 9, 2, 2)),
    sample("MirrorPad", lambda tf, x, p: tf.pad(x, p, "REFLECT"), F(4), A([[3, 1]])),
    sample("MirrorPadGrad", _mirror_gradient("REFLECT", [[1, 2], [2, 0]]), F(6, 6)),
    sample("MirrorPadGrad", _mirror_gradient("SYMMETRIC", [[1, 2], [2, 0]]), F(6, 6)),
    sample("MirrorPadGrad", _mirror_gradient("SYMMETRIC", [[2, 2]]), D(6)),
    *(sample("BroadcastTo", lambda tf, x, s=s: tf.broadcast_to(x, s), F(3, 1)) for s in ([3, 2], [2, 3, 1], [2, 3, 4], [3, 1])),
    sample("BroadcastTo", lambda tf, x: tf.broadcast_to(x, [2, 2]), F()),
    sample("BroadcastTo", lambda tf, x: tf.broadcast_to(x, [0, 2]), D(1, 2)),
    sample("BroadcastTo", lambda tf, x, s: tf.broadcast_to(x, s), F(1, 2), A([3, 2])),
    *(sample("BroadcastTo", lambda tf, x: tf.broadcast_to(x, [2, 3]), x) for x in (
        H(3), BF(3), C(3), I(0, 9, 3), B(3), S("a", "b", "c"))),
    *(sample("BroadcastGradientArgs", lambda tf, x, y: tf.raw_ops.BroadcastGradientArgs(s0=x, s1=y), A(x), A(y))
      for x, y in (([2, 3], [3]), ([2, 1], [1, 3]), ([1, 1], [2, 3, 1]), ([5, 2], [4, 5, 1]))),
    *(sample("BroadcastArgs", lambda tf, x, y: tf.broadcast_dynamic_shape(x, y), A(x), A(y))
      for x, y in (([2, 3], [3]), ([2, 1], [1, 3]), ([1, 1], [2, 3, 1]))),
    sample("BroadcastArgs", lambda tf, x: tf.broadcast_dynamic_shape(tf.cast(x, tf.int64), tf.constant([1], tf.int64)),
           A([3, 2])),
    *(sample("ReverseV2", lambda tf, x, a=a: tf.reverse(x, a), F(2, 3)) for a in ([0], [1], [-1], [0, 1], [1, -2])),
    sample("ReverseV2", lambda tf, x, a: tf.reverse(x, a), D(2, 1, 3), A([2])),
    *(sample("ReverseV2", lambda tf, x: tf.reverse(x, [0]), x) for x in (
        H(3), BF(3), C(3), I(0, 9, 3), B(3), S("a", "b"), F(0))),
    sample("Roll", lambda tf, x: tf.roll(x, 1, 0), F(4)),
    sample("Roll", lambda tf, x: tf.roll(x, [1, -2], [0, 1]), F(3, 4)),
    sample("Roll", lambda tf, x: tf.roll(x, [1, 2], [0, 0]), F(4, 2)),
    sample("Roll", lambda tf, x, s, a: tf.roll(x, s, a), D(3, 2), A(5), A(-1)),
    sample("Roll", lambda tf, x: tf.roll(x, 1, 0), F(0, 2)),
    sample("Roll", lambda tf, x: tf.roll(x, -1, 0), I(0, 9, 5)),
]
