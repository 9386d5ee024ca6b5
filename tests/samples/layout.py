"""Samples of Reshape, Transpose, ExpandDims, Squeeze."""
from __future__ import annotations

from . import BF, A, B, C, D, F, H, I, S, sample

SAMPLES = [
    *(sample("Reshape", lambda tf, x, s=s: tf.reshape(x, s), F(2, 6)) for s in ([12], [3, 4], [-1, 2], [2, 1, -1, 3])),
    sample("Reshape", lambda tf, x: tf.reshape(x, 4), F(2, 2)),
    sample("Reshape", lambda tf, x: tf.reshape(x, []), F(1, 1)),
    sample("Reshape", lambda tf, x: tf.reshape(x, [-1, 3]), F(0, 3)),
    sample("Reshape", lambda tf, x: tf.reshape(x, [3, 0]), F(0, 2)),
    sample("Reshape", lambda tf, x, s: tf.reshape(x, s), F(2, 3), A([3, -1])),
    sample("Reshape", lambda tf, x, s: tf.reshape(x, tf.cast(s, tf.int64)), D(2, 3), A([3, 2])),
    sample("Reshape", lambda tf, x: tf.reshape(tf.transpose(x), [-1]), F(2, 3)),
    sample("Reshape", lambda tf, x: tf.reshape(x, tf.TensorShape([3, 2])), C(2, 3)),
    *(sample("Reshape", lambda tf, x: tf.reshape(x, [2, -1]), x) for x in (
        H(4), BF(4), I(0, 9, 4), B(4), S("a", "b", "c", "d"), I(0, 9, 4, dtype="int64"))),
    sample("Transpose", lambda tf, x: tf.transpose(x), F(2, 3)),
    sample("Transpose", lambda tf, x: tf.transpose(x), F(2, 3, 4)),
    sample("Transpose", lambda tf, x: tf.transpose(x), F()),
    sample("Transpose", lambda tf, x: tf.transpose(x, [1, 0, 2]), F(2, 3, 4)),
    sample("Transpose", lambda tf, x: tf.transpose(x, [2, 0, 1]), D(2, 3, 4)),
    sample("Transpose", lambda tf, x: tf.transpose(x, [0, 2, 1]), F(0, 3, 4)),
    sample("Transpose", lambda tf, x, p: tf.transpose(x, p), F(2, 3, 4), A([2, 0, 1])),
    *(sample("Transpose", lambda tf, x: tf.transpose(x), x) for x in (H(2, 3), BF(2, 3), I(0, 9, 2, 3), B(2, 3), C(2, 3))),
    sample("ConjugateTranspose", lambda tf, x: tf.transpose(x, conjugate=True), C(2, 3)),
    sample("ConjugateTranspose", lambda tf, x: tf.transpose(x, [1, 2, 0], conjugate=True), C(2, 3, 2)),
    sample("Transpose", lambda tf, x: tf.transpose(x, conjugate=True), F(2, 3)),
    sample("InvertPermutation", lambda tf, p: tf.math.invert_permutation(p), A([2, 0, 3, 1])),
    sample("InvertPermutation", lambda tf, p: tf.math.invert_permutation(tf.cast(p, tf.int64)), A([0, 2, 1])),
    *(sample("ExpandDims", lambda tf, x, a=a: tf.expand_dims(x, a), F(2, 3)) for a in (0, 1, 2, -1, -2, -3)),
    sample("ExpandDims", lambda tf, x: tf.expand_dims(x, 0), F()),
    sample("ExpandDims", lambda tf, x, a: tf.expand_dims(x, a), D(2), A(-1)),
    sample("ExpandDims", lambda tf, x: tf.expand_dims(x, 1), S("a", "b")),
    sample("Squeeze", lambda tf, x: tf.squeeze(x), F(1, 3, 1)),
    sample("Squeeze", lambda tf, x: tf.squeeze(x, 0), F(1, 3, 1)),
    sample("Squeeze", lambda tf, x: tf.squeeze(x, [-1, 0]), F(1, 3, 1)),
    sample("Squeeze", lambda tf, x: tf.squeeze(x), F(1, 1)),
    sample("Squeeze", lambda tf, x: tf.squeeze(x, axis=[]), D(2, 1)),
    sample("Squeeze", lambda tf, x: tf.squeeze(x), F(2, 3)),
    sample("Squeeze", lambda tf, x: tf.squeeze(x, [1]), I(0, 9, 0, 1)),
]
