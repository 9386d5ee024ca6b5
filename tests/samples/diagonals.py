"""Samples of diagonals, bands, norms, cross products and transpositions of matrices."""
from __future__ import annotations

import numpy as np

from . import A, B, C, D, F, H, I, sample


def _norm(*inputs, fd=True, **options):
    return sample("Sum", lambda tf, x: tf.norm(x, **options), *inputs, fd=fd)


SAMPLES = [
    sample("MatrixDiagV3", lambda tf, x: tf.linalg.diag(x), F(3)),
    sample("MatrixDiagV3", lambda tf, x: tf.linalg.diag(x, k=-1), F(2, 3)),
    sample("MatrixDiagV3", lambda tf, x: tf.linalg.diag(x, k=1, padding_value=9.0), D(3)),
    sample("MatrixDiagV3", lambda tf, x: tf.linalg.diag(x, k=(-1, 1)), F(3, 4)),
    sample("MatrixDiagV3", lambda tf, x: tf.linalg.diag(x, k=(-2, 0), align="LEFT_RIGHT"), F(2, 3, 4)),
    sample("MatrixDiagV3", lambda tf, x: tf.linalg.diag(x, k=(0, 1), align="LEFT_LEFT", num_rows=3), F(2, 3)),
    sample("MatrixDiagV3", lambda tf, x: tf.linalg.diag(x, num_cols=5, padding_value=1), I(-9, 9, 3)),
    sample("MatrixDiagV3", lambda tf, x: tf.linalg.diag(x), B(3)),
    sample("MatrixDiagV3", lambda tf, x: tf.linalg.diag(x), F(2, 0)),
    sample("MatrixDiagV3", lambda tf, x, k: tf.linalg.diag(x, k=k), F(3), A(2)),
    sample("MatrixDiagV2", lambda tf, x: tf.raw_ops.MatrixDiagV2(diagonal=x, k=[-1, 1], num_rows=-1, num_cols=-1,
                                                                 padding_value=0.0), F(3, 4), grad=False),
    sample("MatrixDiag", lambda tf, x: tf.raw_ops.MatrixDiag(diagonal=x), F(2, 3)),
    sample("MatrixDiagPartV3", lambda tf, x: tf.linalg.diag_part(x), F(3, 4)),
    sample("MatrixDiagPartV3", lambda tf, x: tf.linalg.diag_part(x, k=2), F(2, 3, 4)),
    sample("MatrixDiagPartV3", lambda tf, x: tf.linalg.diag_part(x, k=(-1, 2)), F(2, 3, 4)),
    sample("MatrixDiagPartV3", lambda tf, x: tf.linalg.diag_part(x, k=(-2, 0), align="RIGHT_RIGHT", padding_value=7.0),
           F(4, 3)),
    sample("MatrixDiagPartV3", lambda tf, x: tf.linalg.diag_part(x, k=(-2, 2), align="LEFT_LEFT"), I(-9, 9, 3, 3)),
    sample("MatrixDiagPartV2", lambda tf, x: tf.raw_ops.MatrixDiagPartV2(input=x, k=[-1, 1], padding_value=0.0), F(3, 4)),
    sample("MatrixDiagPart", lambda tf, x: tf.raw_ops.MatrixDiagPart(input=x), F(2, 3, 4)),
    sample("MatrixSetDiagV3", lambda tf, x, d: tf.linalg.set_diag(x, d), F(3, 4), F(3)),
    sample("MatrixSetDiagV3", lambda tf, x, d: tf.linalg.set_diag(x, d, k=-1), F(2, 3, 3), F(2, 2)),
    sample("MatrixSetDiagV3", lambda tf, x, d: tf.linalg.set_diag(x, d, k=(-1, 1)), F(3, 4), F(3, 3)),
    sample("MatrixSetDiagV3", lambda tf, x, d: tf.linalg.set_diag(x, d, k=(0, 1), align="LEFT_RIGHT"), H(3, 3), H(2, 3)),
    sample("MatrixSetDiagV2", lambda tf, x, d: tf.raw_ops.MatrixSetDiagV2(input=x, diagonal=d, k=[0, 1]), F(3, 3),
           F(2, 3), grad=False),
    sample("MatrixSetDiag", lambda tf, x, d: tf.raw_ops.MatrixSetDiag(input=x, diagonal=d), F(3, 4), F(3)),
    sample("MatrixBandPart", lambda tf, x: tf.linalg.band_part(x, 1, 0), F(4, 4)),
    sample("MatrixBandPart", lambda tf, x: tf.linalg.band_part(x, -1, 2), F(2, 5, 4)),
    sample("MatrixBandPart", lambda tf, x, n: tf.linalg.band_part(x, n, -1), C(3, 4), A(1)),
    sample("MatrixBandPart", lambda tf, x: tf.linalg.band_part(x, 0, 0), I(-9, 9, 3, 4)),
    sample("Diag", lambda tf, x: tf.linalg.tensor_diag(x), F(3)),
    sample("Diag", lambda tf, x: tf.linalg.tensor_diag(x), C(2, 3)),
    sample("DiagPart", lambda tf, x: tf.linalg.tensor_diag_part(x), F(3, 3)),
    sample("DiagPart", lambda tf, x: tf.linalg.tensor_diag_part(x), D(2, 3, 2, 3)),
    sample("MatrixDiagPartV3 Sum", lambda tf, x: tf.linalg.trace(x), F(2, 3, 4)),
    sample("MatrixDiagPartV3 Sum", lambda tf, x: tf.linalg.trace(x), I(-9, 9, 3, 3)),
    _norm(F(3, 4)), _norm(F(3, 4), axis=1), _norm(F(3, 4), ord=1), _norm(F(3, 4), ord=np.inf),
    _norm(F(3, 4), ord=3, axis=-1), _norm(D(3, 4), ord=0.5), _norm(C(3, 4), axis=0), _norm(C(3, 4), ord=1),
    _norm(F(3, 4), ord=1, axis=[0, 1]), _norm(F(2, 3, 4), ord=np.inf, axis=(-2, -1), keepdims=True),
    _norm(F(2, 3, 4), ord="fro", axis=[0, 2]), _norm(F(2, 3, 4), ord=2, axis=[0, 2]),
    _norm(F(2, 3, 4), ord=2, axis=[1, 2], keepdims=True), _norm(C(2, 2), axis=[0, 1]),
    _norm(A([[0.0, 0.0], [3.0, 4.0]]), axis=1, fd=False),
    sample("Sum Sqrt", lambda tf, x: tf.linalg.normalize(x), F(3, 4)),
    sample("Sum Sqrt", lambda tf, x: tf.linalg.normalize(x, ord=1, axis=1), F(3, 4)),
    sample("Cross", lambda tf, a, b: tf.linalg.cross(a, b), F(3), F(3)),
    sample("Cross", lambda tf, a, b: tf.linalg.cross(a, b), D(2, 4, 3), D(2, 4, 3)),
    sample("Cross", lambda tf, a, b: tf.linalg.cross(a, b), I(-9, 9, 2, 3), I(-9, 9, 2, 3)),
    sample("Transpose", lambda tf, x: tf.linalg.matrix_transpose(x), F(2, 3, 4)),
    sample("Transpose", lambda tf, x: tf.linalg.matrix_transpose(x), I(0, 9, 3, 4)),
    sample("ConjugateTranspose", lambda tf, x: tf.linalg.adjoint(x), C(2, 3, 4)),
]
