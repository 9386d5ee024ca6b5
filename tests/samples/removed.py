"""Samples of operations that only graphs of earlier versions have."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, B, C, D, F, H, I, P, sample


def run_old(tf: Any, type: str, arrays: Any, attrs: dict[str, Any], version: int = 1, slopes: tuple[int, ...] = (),
            runs: int = 1) -> list[Any]:
    """The outputs of a node of a graph of an earlier version, and gradients of their sums for some inputs; of each run."""
    message = tf.compat.v1.GraphDef()
    message.versions.producer = version
    for k, x in enumerate(arrays):
        node = message.node.add()
        node.op, node.name = "Placeholder", f"x{k}"
        node.attr["dtype"].type = tf.as_dtype(x.dtype).as_datatype_enum
        node.attr["shape"].shape.unknown_rank = True
    node = message.node.add()
    node.op, node.name = type, "y"
    node.input.extend([f"x{k}" for k in range(len(arrays))])
    for name, value in attrs.items():
        attr = node.attr[name]
        if isinstance(value, bool):
            attr.b = value
        elif isinstance(value, int):
            attr.i = value
        elif isinstance(value, float):
            attr.f = value
        elif isinstance(value, str):
            attr.s = value.encode()
        elif isinstance(value, list):
            attr.list.i.extend(value)
        elif isinstance(value, tuple):
            for size in value:
                attr.shape.dim.add().size = size
        else:
            attr.type = value.as_datatype_enum
    with tf.Graph().as_default() as graph:
        found = tf.graph_util.import_graph_def(message, name="", return_elements=["y"])[0].outputs
        inputs = [graph.get_tensor_by_name(f"x{k}:0") for k in range(len(arrays))]
        fetched = list(found) + (tf.gradients(tf.sin(found[0]), [inputs[k] for k in slopes]) if slopes else [])
        with tf.compat.v1.Session() as session:
            return [v for _ in range(runs) for v in session.run(fetched, dict(zip(inputs, arrays, strict=True)))]


def old(type, *inputs, typed="T", slopes=(), ops="", then=None, version=1, runs=1, tol=None, **attrs):
    """A sample; `typed` is the attribute that the first input's dtype is, and `then` looks at the outputs."""
    def call(tf: Any, *xs: Any) -> Any:
        arrays = [x.numpy() for x in xs]
        given = dict(attrs, **({typed: tf.as_dtype(arrays[0].dtype)} if typed else {}))
        made = run_old(tf, type, arrays, given, version, slopes, runs)
        return then(*made) if then else made
    return sample(ops or type, call, *inputs, grad=False, tol=tol)


def _square(kind, *batch):
    """Symmetric, positive definite matrices."""
    def make(rng: np.random.Generator) -> Any:
        x = kind(*batch, 3, 3)(rng)
        return (x @ np.swapaxes(x, -1, -2) + 2 * np.eye(3)).astype(x.dtype)
    return make


def _eigen(y):
    """Eigenvectors have a sign by accident."""
    return [y[..., :1, :], abs(y[..., 1:, :])]


_MATRICES = (F, D)
_LOOSE = (1e-3, 1e-3)
_IMAGE, _FILTER, _OUT = (2, 3, 4, 4, 2), (2, 2, 2, 2, 3), (2, 2, 3, 3, 3)
_CONV = {"strides": [1] * 5, "padding": "VALID"}
_NORMAL = {"variance_epsilon": 0.1}
_PIXELS = I(0, 256, 2, 4, 5, 3, dtype=np.uint8)

SAMPLES = [
    *[old("BatchCholesky", _square(kind, *batch), tol=_LOOSE) for kind in _MATRICES for batch in ((), (2,), (0,))],
    *[old("BatchCholeskyGrad", _square(kind, 2), kind(2, 3, 3), tol=_LOOSE) for kind in _MATRICES],
    *[old("BatchMatrixDeterminant", kind(2, 3, 3)) for kind in (F, D, C)],
    old("BatchMatrixDeterminant", F(2, 0, 0)),
    *[old("BatchMatrixInverse", _square(kind, 2), adjoint=adjoint, tol=_LOOSE)
      for kind in _MATRICES for adjoint in (True, False)],
    *[old("BatchMatrixSolve", _square(kind, 2), kind(2, 3, 2), adjoint=True, tol=_LOOSE) for kind in _MATRICES],
    *[old("BatchMatrixSolveLs", kind(2, 4, 3), kind(2, 4, 1), A(0.1, "float64"), tol=_LOOSE) for kind in _MATRICES],
    *[old("BatchMatrixTriangularSolve", _square(kind, 2), kind(2, 3, 2), lower=lower, adjoint=not lower, tol=_LOOSE)
      for kind in _MATRICES for lower in (True, False)],
    *[old("BatchSelfAdjointEigV2", _square(kind, 2), then=lambda e, v: [e, abs(v)], tol=_LOOSE) for kind in _MATRICES],
    *[old(type, _square(kind, *batch), then=_eigen, tol=_LOOSE)
      for type in ("SelfAdjointEig", "BatchSelfAdjointEig") for kind in _MATRICES for batch in ((), (2,))],
    old("SelfAdjointEig", F(0, 0)),
    *[old("BatchSvd", kind(2, 4, 3), then=lambda s, u, v: [s, abs(u), abs(v)], tol=_LOOSE) for kind in _MATRICES],
    *[old("BatchMatrixBandPart", kind(2, 3, 4), A(1, "int64"), A(-1, "int64")) for kind in (F, D, H, C)],
    *[old(f"BatchMatrix{name}", *inputs) for name, inputs in (
        ("Diag", (F(2, 3),)), ("Diag", (I(0, 9, 0),)), ("DiagPart", (D(2, 3, 4),)), ("DiagPart", (B(3, 3),)),
        ("SetDiag", (F(2, 3, 4), F(2, 3))), ("SetDiag", (C(3, 3), C(3))))],
    *[old(f"Conv3DBackprop{name}", kind(*_IMAGE), kind(*_FILTER), kind(*_OUT), tol=tol, **_CONV)
      for name in ("Filter", "Input") for kind, tol in ((F, None), (D, None), (H, (2e-2, 2e-2)))],
    old("Conv3DBackpropFilter", F(0, 3, 4, 4, 2), F(*_FILTER), F(0, 2, 3, 3, 3), **_CONV),
    *[old("AdjustContrast", x, A(factor), A(low), A(high), tol=(1e-4, 1e-4))
      for x in (_PIXELS, F(3, 4, 2), D(2, 2, 1), F(0, 2, 3)) for factor, low, high in ((2.0, 0.0, 255.0), (0.3, 0.1, 0.9))],
    *[old("QuantizeAndDequantize", kind(5), version=21, slopes=(0,), **attrs) for kind in (F, D) for attrs in (
        {}, {"signed_input": False}, {"num_bits": 4}, {"range_given": True, "input_min": -0.5, "input_max": 1.0})],
    old("QuantizeAndDequantize", F(0, 2)),
    *[old("BatchNormWithGlobalNormalization", kind(2, 3, 3, 2), kind(2), lambda r, p=positive: p(r), kind(2), kind(2),
          slopes=(0, 1, 2, 3, 4), ops="BatchNormWithGlobalNormalization BatchNormWithGlobalNormalizationGrad", tol=(1e-4, 1e-4),
          scale_after_normalization=after, **_NORMAL)
      for kind, positive in ((F, P(2)), (D, lambda r: P(2)(r).astype(np.float64))) for after in (True, False)],
    old("BatchNormWithGlobalNormalization", F(0, 3, 3, 2), F(2), P(2), F(2), F(2), scale_after_normalization=True, **_NORMAL),
]
