"""Samples of updates of variables."""
from __future__ import annotations

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


def _of_resource(type: str, otherwise, **attrs):  # type: ignore[no-untyped-def]
    """An op on a variable's handle, which only graphs have here."""
    def call(tf, x, *inputs):  # type: ignore[no-untyped-def]
        if tf.__name__ == "tensorflow":
            return otherwise(tf, x, *inputs)
        from thalweg.core.dispatch import apply
        from thalweg.core.opdef import get_op
        return apply(get_op(type), (x, *inputs), {**attrs, "dtype": x.dtype} if type != "VarIsInitializedOp" else attrs)
    return call


def _count(tf, x):  # type: ignore[no-untyped-def]
    if tf.__name__ == "tensorflow":
        return x + 1
    from thalweg.core.dispatch import apply
    from thalweg.core.opdef import get_op
    return apply(get_op("ResourceCountUpTo"), (x,), {"limit": 9, "T": x.dtype})


SAMPLES = [
    sample("ReadVariableOp", _of_resource("ReadVariableOp", lambda tf, x: x), F(2)),
    sample("VarIsInitializedOp", _of_resource("VarIsInitializedOp", lambda tf, x: tf.constant(True)), F(2), grad=False),
    sample("ResourceGather", _of_resource("ResourceGather", lambda tf, x, i: tf.gather(x, i)), F(4, 2), I(0, 4, 3),
           grad=False),
    sample("ResourceGatherNd", _of_resource("ResourceGatherNd", lambda tf, x, i: tf.gather_nd(x, i)), F(4, 2),
           A([[1, 0]]), grad=False),
    sample("ResourceCountUpTo", _count, A(3), compare=False),
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
]
