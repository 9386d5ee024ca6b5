"""Samples of constants, copies and what is known of shapes."""
from __future__ import annotations

from . import BF, A, B, C, D, F, H, I, S, sample


def _kernel(type: str, **attrs: object):  # type: ignore[no-untyped-def]
    """Calls an op that only graphs have."""
    def call(tf, *inputs):  # type: ignore[no-untyped-def]
        if tf.__name__ == "tensorflow":
            return inputs[0] if inputs else ()
        from thalweg.core.dispatch import apply
        from thalweg.core.opdef import get_op
        return apply(get_op(type), inputs, attrs)
    return call


_ANY = (F(2, 3), F(), F(0, 3), H(3), BF(3), D(2), I(0, 9, 4), B(3), C(2), S("a", "b"))

SAMPLES = [
    sample("Fill", lambda tf, x: tf.fill([2, 3], x), F()),
    sample("Fill", lambda tf, x: tf.fill([], x), F()),
    sample("Fill", lambda tf, x: tf.fill([0, 2], x), D()),
    sample("Fill", lambda tf, x: tf.fill(3, x), A(7)),
    sample("Fill", lambda tf, d, x: tf.fill(d, x), A([2, 1]), A(True)),
    sample("Fill", lambda tf: tf.fill([2], "ab")),
    sample("Fill", lambda tf, x: tf.fill([2, 2], x), H()),
    sample("Fill", lambda tf, d: tf.ones_like(d, tf.int64) + tf.cast(tf.fill([2], 3), tf.int64), A([2, 1])),
    *(sample("ZerosLike", lambda tf, x: tf.zeros_like(x), x) for x in _ANY),
    *(sample("OnesLike", lambda tf, x: tf.ones_like(x), x) for x in _ANY[:-1]),
    sample("ZerosLike", lambda tf, x: (tf.zeros_like(x), tf.zeros_like(x, tf.int32)), F(2)),
    sample("Identity", lambda tf, x: (tf.identity(x), tf.ones_like(x, tf.float64)), F(2)),
    *(sample("Identity", lambda tf, x: tf.identity(x), x) for x in _ANY),
    sample("IdentityN", lambda tf, x, y, z: tf.identity_n([x, y, z]), F(2), I(0, 9, 3), D()),
    *(sample("StopGradient", lambda tf, x: tf.stop_gradient(x) * x if x.dtype.is_floating else tf.stop_gradient(x), x,
             fd=False) for x in _ANY),
    sample("PreventGradient", lambda tf, x: tf.raw_ops.PreventGradient(input=x), F(2), grad=False),
    sample("Snapshot", lambda tf, x: tf.raw_ops.Snapshot(input=x), F(2), grad=False),
    sample("DeepCopy", _kernel("DeepCopy"), F(2), grad=False),
    sample("Const", _kernel("Const", value=A([1, 2])(None), dtype="int32"), compare=False),
    sample("NoOp", _kernel("NoOp")),
    *(sample("Shape", lambda tf, x: tf.shape(x), x) for x in (F(2, 3), F(), F(0, 2), S("a"))),
    sample("Shape", lambda tf, x: tf.shape(x, tf.int64), I(0, 9, 2, 1, 3)),
    sample("ShapeN", lambda tf, x, y: tf.shape_n([x, y]), F(2, 3), F()),
    sample("ShapeN", lambda tf, x, y: tf.shape_n([x, y], tf.int64), F(2, 3), F(1)),
    *(sample("Size", lambda tf, x: tf.size(x), x) for x in (F(2, 3), F(), F(0, 2), S("a"))),
    sample("Size", lambda tf, x: tf.size(x, tf.int64), F(2, 3)),
    *(sample("Rank", lambda tf, x: tf.rank(x), x) for x in (F(2, 3), F(), S("a"))),
    sample("EnsureShape", lambda tf, x: tf.ensure_shape(x, [None, 3]), F(2, 3)),
    sample("EnsureShape", lambda tf, x: tf.ensure_shape(x, None), F(2, 3)),
    sample("EnsureShape", lambda tf, x: tf.ensure_shape(x, [2]), A([1, 2])),
]
