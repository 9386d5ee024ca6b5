"""A matrix, written out, as an operator."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator

_DTYPES = [tf.float16, tf.float32, tf.float64, tf.complex64, tf.complex128]


class LinearOperatorFullMatrix(LinearOperator):
    """The operator of matrices that are written out.

    Args:
      matrix: shape `[..., rows, columns]`, of a floating-point or complex dtype.
      is_non_singular: a hint.
      is_self_adjoint: a hint; with `is_positive_definite` it makes systems be solved by Cholesky's decomposition.
      is_positive_definite: a hint.
      is_square: a hint.
      name: prefix of the names of nodes.

    Raises:
      TypeError: another dtype.
      ValueError: fewer than two dimensions.
    """

    _parameter_ndims = {"matrix": 2}

    def __init__(self, matrix: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None,
                 name: str = "LinearOperatorFullMatrix") -> None:
        parameters = {"matrix": matrix, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        self._matrix = tools.keep(matrix)
        if self._matrix.dtype not in _DTYPES:
            raise TypeError(f"Argument `matrix` must have dtype in {_DTYPES}. Received: {self._matrix.dtype!r}.")
        if self._matrix.shape.rank is not None and self._matrix.shape.rank < 2:
            raise ValueError(f"Argument `matrix` must have at least 2 dimensions. Received: {self._matrix}.")
        super().__init__(self._matrix.dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name,
                         parameters)

    @property
    def matrix(self) -> Any:
        """The matrices."""
        return self._matrix

    def _shape(self) -> Any:
        return self._matrix.shape

    def _shape_tensor(self) -> Any:
        return tf.shape(self._matrix)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return tf.matmul(self._matrix, x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _to_dense(self) -> Any:
        return tf.convert_to_tensor(self._matrix)
