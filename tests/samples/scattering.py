"""Samples of writing slices by index."""
from __future__ import annotations

from . import BF, A, B, C, D, F, H, I, S, sample

_ROWS = A([[1], [3], [0]])
_SPOTS = A([[1, 0], [3, 1], [0, 2]])
_KINDS = ("Update", "Add", "Sub", "Max", "Min")


def _scatter(kind: str):  # type: ignore[no-untyped-def]
    return lambda tf, x, i, u: getattr(tf, f"tensor_scatter_nd_{kind.lower()}")(x, i, u)


SAMPLES = [
    sample("ScatterNd", lambda tf, i, u: tf.scatter_nd(i, u, [5, 2]), A([[1], [3], [1]]), F(3, 2)),
    sample("ScatterNd", lambda tf, i, u: tf.scatter_nd(i, u, [5]), A([[1], [3], [1]]), F(3)),
    sample("ScatterNd", lambda tf, i, u: tf.scatter_nd(i, u, [4, 3]), _SPOTS, D(3)),
    sample("ScatterNd", lambda tf, i, u: tf.scatter_nd(i, u, [2, 3]), A([[[0, 1], [1, 1]]]), F(1, 2)),
    sample("ScatterNd", lambda tf, i, u, s: tf.scatter_nd(i, u, s), A([[2]]), F(1), A([4])),
    sample("ScatterNd", lambda tf, i, u: tf.scatter_nd(tf.cast(i, tf.int64), u, tf.constant([4], tf.int64)), _ROWS, F(3)),
    sample("ScatterNd", lambda tf, i, u: tf.scatter_nd(i, u, [3]), I(0, 1, 0, 1), F(0)),
    *(sample("ScatterNd", lambda tf, i, u: tf.scatter_nd(i, u, [4]), _ROWS, x) for x in (
        H(3), BF(3), C(3), I(0, 9, 3), B(3), S("a", "b", "c"))),
    *(sample(f"TensorScatter{k}", _scatter(k), F(4), _ROWS, F(3)) for k in _KINDS),
    *(sample(f"TensorScatter{k}", _scatter(k), F(4, 3), _ROWS, F(3, 3)) for k in _KINDS),
    *(sample(f"TensorScatter{k}", _scatter(k), D(4, 3), _SPOTS, D(3)) for k in _KINDS),
    *(sample(f"TensorScatter{k}", _scatter(k), F(4), A([[1], [1], [2]]), F(3)) for k in _KINDS[1:]),
    *(sample(f"TensorScatter{k}", _scatter(k), I(0, 9, 4), _ROWS, I(0, 9, 3)) for k in _KINDS),
    *(sample(f"TensorScatter{k}", _scatter(k), F(4, 2), I(0, 1, 0, 1), F(0, 2)) for k in _KINDS),
    *(sample(f"TensorScatter{k}", _scatter(k), H(4), _ROWS, H(3)) for k in _KINDS),
    *(sample(f"TensorScatter{k}", _scatter(k), BF(4), _ROWS, BF(3)) for k in _KINDS),
    sample("TensorScatterMax", _scatter("Max"), A([1.0, 2.0, 3.0]), A([[1], [2]]), A([2.0, 1.0]), fd=False),
    sample("TensorScatterUpdate", _scatter("Update"), S("a", "b", "c", "d"), _ROWS, S("x", "y", "z")),
    sample("TensorScatterUpdate", _scatter("Update"), B(4), _ROWS, B(3)),
    sample("TensorScatterAdd", _scatter("Add"), C(4), A([[1], [1], [2]]), C(3)),
]
