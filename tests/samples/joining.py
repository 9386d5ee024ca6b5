"""Samples of joining tensors and taking them apart."""
from __future__ import annotations

from . import BF, A, B, C, D, F, H, I, S, sample

SAMPLES = [
    *(sample("ConcatV2", lambda tf, x, y, a=a: tf.concat([x, y], a), F(2, 3), F(2, 3)) for a in (0, 1, -1, -2)),
    sample("ConcatV2", lambda tf, x, y, z: tf.concat([x, y, z], 1), F(2, 1), F(2, 3), F(2, 0)),
    sample("ConcatV2", lambda tf, x, y: tf.concat([x, y], 0), F(0, 2), F(3, 2)),
    sample("ConcatV2", lambda tf, x: tf.concat([x, [1.0, 2.0]], 0), F(3)),
    sample("ConcatV2", lambda tf, x: tf.concat([x, x], 0), D(2, 2)),
    sample("ConcatV2", lambda tf, x, y, a: tf.concat([x, y], a), F(2, 2), F(2, 1), A(1)),
    *(sample("ConcatV2", lambda tf, x, y: tf.concat([x, y], 0), x, x) for x in (
        H(2), BF(2), C(2), I(0, 9, 2), B(2), S("a", "b"))),
    sample("Concat", lambda tf, x, y: tf.raw_ops.Concat(concat_dim=1, values=[x, y]), F(2, 1), F(2, 3)),
    sample("Concat", lambda tf, x, y: tf.raw_ops.Concat(concat_dim=-1, values=[x, y]), D(2), D(1)),
    sample("ConcatOffset", lambda tf, x, y: tf.raw_ops.ConcatOffset(concat_dim=1, shape=[x, y]), A([2, 3]), A([2, 4])),
    sample("Identity", lambda tf, x: tf.concat([x], 0), F(2)),
    *(sample("Pack", lambda tf, x, y, a=a: tf.stack([x, y], a), F(2, 3), F(2, 3)) for a in (0, 1, 2, -1, -3)),
    sample("Pack", lambda tf, x: tf.stack([x, x, x]), F()),
    sample("Pack", lambda tf, x: tf.stack([x, 2.0 * x[::-1]], 1), D(3)),
    sample("Pack", lambda tf, x, y: tf.stack([x, y]), S("a"), S("b")),
    sample("Pack", lambda tf, x: tf.stack([x, 2, 3]), A(1)),
    sample("Pack", lambda tf, x: [x, tf.stack([[1, 2], [3, 4]], axis=1)], F(0)),
    sample("Pack", lambda tf, x: tf.convert_to_tensor([[x, 1.0], [2.0, x]]), F()),
    sample("Pack", lambda tf, x, y: tf.stack([x, y], 1), F(2, 0), F(2, 0)),
    *(sample("Unpack", lambda tf, x, a=a: tf.unstack(x, axis=a), F(2, 3)) for a in (0, 1, -1)),
    sample("Unpack", lambda tf, x: tf.unstack(x, 3)[1], D(3)),
    sample("Unpack", lambda tf, x: tf.unstack(x), F(3)),
    sample("Unpack", lambda tf, x: tf.unstack(x, axis=2), I(0, 9, 2, 1, 3)),
    sample("Unpack", lambda tf, x: tf.unstack(x), S("a", "b")),
    *(sample("Split", lambda tf, x, n=n, a=a: tf.split(x, n, a), F(4, 6)) for n, a in ((2, 0), (3, 1), (6, -1), (1, 0))),
    sample("Split", lambda tf, x: tf.split(x, 2)[1], D(4)),
    sample("Split", lambda tf, x: tf.split(x, 2), S("a", "b")),
    sample("Split", lambda tf, x: tf.split(x, 3, 1), F(2, 0)),
    sample("Split", lambda tf, x, a: tf.split(x, 2, a), I(0, 9, 2, 4), A(1)),
    *(sample("SplitV", lambda tf, x, s=s: tf.split(x, s, 1), F(2, 6)) for s in ([1, 2, 3], [1, -1, 2], [6], [0, 6])),
    sample("SplitV", lambda tf, x, s: tf.split(x, s, -1), D(2, 5), A([2, 3])),
    sample("SplitV", lambda tf, x: tf.split(x, [1, 2])[1], H(3)),
]
