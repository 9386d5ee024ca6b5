"""Samples of updates of variables."""
from __future__ import annotations

import numpy as np

from . import BF, A, B, D, F, H, I, S, sample

_ROWS = A([1, 3, 0])
_TWICE = A([1, 1, 2])
_KINDS = ("update", "add", "sub", "mul", "div", "max", "min")


def _after(method: str):  # type: ignore[no-untyped-def]
    def call(tf, x, y):  # type: ignore[no-untyped-def]
        v = tf.Variable(x)
        getattr(v, method)(y)
        return v.value()
    return call


def _rows(kind: str):  # type: ignore[no-untyped-def]
    def call(tf, x, i, u):  # type: ignore[no-untyped-def]
        v = tf.Variable(x)
        getattr(v, f"scatter_{kind}")(tf.IndexedSlices(u, i))
        return v.value()
    return call


def _spots(kind: str):  # type: ignore[no-untyped-def]
    def call(tf, x, i, u):  # type: ignore[no-untyped-def]
        v = tf.Variable(x)
        getattr(v, f"scatter_nd_{kind}")(i, u)
        return v.value()
    return call


def _of_value(type: str, otherwise, **attrs):  # type: ignore[no-untyped-def]
    """A kernel that reads a variable's value, which only graphs run."""
    def call(tf, x, *inputs):  # type: ignore[no-untyped-def]
        if tf.__name__ == "tensorflow":
            return otherwise(tf, x, *inputs)
        from thalweg.core.opdef import get_op
        given = dict(attrs)
        if "dtype" in given:
            given["dtype"] = x.dtype
        return tf.constant(get_op(type).kernel(np, *[np.asarray(t) for t in (x, *inputs)], **given))
    return call


def _shape_of_variable(tf, x, **attrs):  # type: ignore[no-untyped-def]
    v = tf.Variable(x)
    return tf.raw_ops.VariableShape(input=getattr(v, "handle", v), **attrs)


SAMPLES = [
    sample("ReadVariableOp", _of_value("ReadVariableOp", lambda tf, x: x, dtype=None), F(2), grad=False),
    sample("VarIsInitializedOp", _of_value("VarIsInitializedOp", lambda tf, x: tf.constant(True)), F(2), grad=False),
    sample("ResourceGather", _of_value("ResourceGather", lambda tf, x, i: tf.gather(x, i), dtype=None), F(4, 2), I(0, 4, 3),
           grad=False),
    sample("ResourceGatherNd", _of_value("ResourceGatherNd", lambda tf, x, i: tf.gather_nd(x, i), dtype=None), F(4, 2),
           A([[1, 0]]), grad=False),
    sample("ResourceCountUpTo", _of_value("ResourceCountUpTo", lambda tf, x: x, limit=9, T="int32"), A(3)),
    *(sample("AssignVariableOp", _after("assign"), x, x, grad=False) for x in (
        F(3, 2), F(), F(0, 2), H(2), BF(2), D(2), I(0, 9, 2), B(2), S("a"))),
    *(sample("AssignAddVariableOp", _after("assign_add"), x, x, grad=False) for x in (
        F(3, 2), F(), F(0, 2), H(2), BF(2), D(2), I(0, 9, 2))),
    *(sample("AssignSubVariableOp", _after("assign_sub"), x, x, grad=False) for x in (
        F(3, 2), F(), F(0, 2), H(2), BF(2), D(2), I(0, 9, 2))),
    *(sample(f"ResourceScatter{k.capitalize()}", _rows(k), F(4, 2), _ROWS, F(3, 2), grad=False) for k in _KINDS),
    *(sample(f"ResourceScatter{k.capitalize()}", _rows(k), D(4), _TWICE, D(3), grad=False) for k in _KINDS[1:]),
    *(sample(f"ResourceScatter{k.capitalize()}", _rows(k), F(4, 2), I(0, 4, 2, 2), F(2, 2, 2), grad=False)
      for k in _KINDS[1:]),
    *(sample(f"ResourceScatter{k.capitalize()}", _rows(k), F(4, 2), _ROWS, F(), grad=False) for k in _KINDS),
    *(sample(f"ResourceScatter{k.capitalize()}", _rows(k), I(1, 9, 4), _ROWS, I(1, 3, 3), grad=False) for k in _KINDS),
    sample("ResourceScatterAdd", _rows("add"), H(4, 2), _TWICE, H(3, 2), grad=False),
    sample("ResourceScatterAdd", _rows("add"), F(4, 2), I(0, 1, 0), F(0, 2), grad=False),
    *(sample(f"ResourceScatterNd{k.capitalize()}", _spots(k), F(4, 2), A([[1, 0], [3, 1]]), F(2), grad=False)
      for k in ("update", "add", "sub", "max", "min")),
    *(sample(f"ResourceScatterNd{k.capitalize()}", _spots(k), D(4, 2), A([[1], [3]]), D(2, 2), grad=False)
      for k in ("update", "add", "sub", "max", "min")),
    sample("ResourceScatterNdAdd", _spots("add"), I(0, 9, 4), A([[1], [1]]), I(0, 9, 2), grad=False),
    sample("VariableShape", lambda tf, x: _shape_of_variable(tf, x), F(2, 0, 3), grad=False),
    sample("VariableShape", lambda tf, x: _shape_of_variable(tf, x, out_type=tf.int64), I(0, 9)),
]
