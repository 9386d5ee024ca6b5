"""Lower triangular matrices."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator


class LinearOperatorLowerTriangular(LinearOperator):
    """The operator of lower triangular matrices.

    Args:
      tril: shape `[..., n, n]`; what is above the diagonal is not read.
      is_non_singular: a hint.
      is_self_adjoint: a hint.
      is_positive_definite: a hint.
      is_square: always so.
      name: prefix of the names of nodes.

    Raises:
      ValueError: fewer than two dimensions, or a hint that is never true.
    """

    _parameter_ndims = {"tril": 2}

    def __init__(self, tril: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None,
                 name: str = "LinearOperatorLowerTriangular") -> None:
        parameters = {"tril": tril, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        if is_square is False:
            raise ValueError("Only square lower triangular operators supported at this time.")
        self._tril = tools.keep(tril)
        if self._tril.shape.rank is not None and self._tril.shape.rank < 2:
            raise ValueError(f"Argument tril must have at least 2 dimensions.  Found: {self._tril!s}")
        super().__init__(self._tril.dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, True, name,
                         parameters)

    @property
    def tril(self) -> Any:
        """The matrices as they were given."""
        return self._tril

    def _shape(self) -> Any:
        return self._tril.shape

    def _shape_tensor(self) -> Any:
        return tf.shape(self._tril)

    def _diagonal(self) -> Any:
        return tf.linalg.diag_part(self._tril)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return tf.matmul(self._to_dense(), x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return tf.linalg.triangular_solve(self._to_dense(), tools.adjoint(rhs) if adjoint_arg else rhs, adjoint=adjoint)

    def _linop_matmul(self, left_operator: Any, right_operator: Any) -> Any:
        from .diag import LinearOperatorDiag
        if isinstance(right_operator, LinearOperatorDiag):
            hints = {**tools.commuting_hints(right_operator, left_operator), "is_positive_definite": None}
            return LinearOperatorLowerTriangular(left_operator.to_dense() * right_operator._values()[..., None, :], **hints)
        return super()._linop_matmul(left_operator, right_operator)

    def _determinant(self) -> Any:
        return tf.reduce_prod(self._diagonal(), [-1])

    def _log_abs_determinant(self) -> Any:
        return tf.reduce_sum(tf.math.log(tf.abs(self._diagonal())), [-1])

    def _to_dense(self) -> Any:
        return tf.linalg.band_part(self._tril, -1, 0)

    def _eigvals(self) -> Any:
        return self._diagonal()

    def _assert_non_singular(self) -> Any:
        return tools.require_no_zeros(self._diagonal(), "Singular operator:  Diagonal contained zero values.")
