"""Diagonal matrices."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator


class LinearOperatorDiag(LinearOperator):
    """The operator of diagonal matrices.

    Args:
      diag: the diagonals, shape `[..., n]`.
      is_non_singular: a hint.
      is_self_adjoint: a hint, which a real operator always is.
      is_positive_definite: a hint.
      is_square: always so.
      name: prefix of the names of nodes.

    Raises:
      ValueError: a scalar, or a hint that is never true.
    """

    _parameter_ndims = {"diag": 1}

    def __init__(self, diag: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None,
                 name: str = "LinearOperatorDiag") -> None:
        parameters = {"diag": diag, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        self._diag = tools.keep(diag)
        if self._diag.shape.rank is not None and self._diag.shape.rank < 1:
            raise ValueError(f"Argument diag must have at least 1 dimension.  Found: {self._diag!s}")
        if not self._diag.dtype.is_complex:
            if is_self_adjoint is False:
                raise ValueError("A real diagonal operator is always self adjoint.")
            is_self_adjoint = True
        if is_square is False:
            raise ValueError("Only square diagonal operators currently supported.")
        super().__init__(self._diag.dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, True, name,
                         parameters)

    @property
    def diag(self) -> Any:
        """The diagonals."""
        return self._diag

    def _shape(self) -> Any:
        return self._diag.shape.concatenate(self._diag.shape[-1:])

    def _shape_tensor(self) -> Any:
        shape = tf.shape(self._diag)
        return tf.concat([shape, shape[-1:]], 0)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._values(adjoint)[..., None] * (tools.adjoint(x) if adjoint_arg else x)

    def _matvec(self, x: Any, adjoint: bool = False) -> Any:
        return self._values(adjoint) * x

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return (tools.adjoint(rhs) if adjoint_arg else rhs) * (1.0 / self._values(adjoint))[..., None]

    def _values(self, adjoint: bool = False) -> Any:
        values = tf.convert_to_tensor(self._diag)
        return tools.conj(values) if adjoint else values

    def _linop_matmul(self, left_operator: Any, right_operator: Any) -> Any:
        from .lower_triangular import LinearOperatorLowerTriangular
        from .scaled_identity import LinearOperatorScaledIdentity
        hints = tools.commuting_hints(left_operator, right_operator)
        if isinstance(right_operator, LinearOperatorDiag):
            return LinearOperatorDiag(left_operator.diag * right_operator.diag, **hints)
        if isinstance(right_operator, LinearOperatorScaledIdentity):
            return LinearOperatorDiag(left_operator.diag * _column(right_operator.multiplier), **hints)
        if isinstance(right_operator, LinearOperatorLowerTriangular):
            return LinearOperatorLowerTriangular(left_operator._values()[..., None] * right_operator.to_dense(),
                                                 **{**hints, "is_positive_definite": None})
        return super()._linop_matmul(left_operator, right_operator)

    def _linop_solve(self, left_operator: Any, right_operator: Any) -> Any:
        from .lower_triangular import LinearOperatorLowerTriangular
        from .scaled_identity import LinearOperatorScaledIdentity
        hints = tools.commuting_hints(left_operator, right_operator)
        if isinstance(right_operator, LinearOperatorDiag):
            return LinearOperatorDiag(right_operator.diag / left_operator.diag, **hints)
        if isinstance(right_operator, LinearOperatorScaledIdentity):
            return LinearOperatorDiag(_column(right_operator.multiplier) / left_operator.diag, **hints)
        if isinstance(right_operator, LinearOperatorLowerTriangular):
            return LinearOperatorLowerTriangular(right_operator.to_dense() / left_operator._values()[..., None],
                                                 **{**hints, "is_positive_definite": None})
        return super()._linop_solve(left_operator, right_operator)

    def _linop_adjoint(self) -> Any:
        return LinearOperatorDiag(self._values(True), **self._hints())

    def _linop_inverse(self) -> Any:
        return LinearOperatorDiag(1.0 / self.diag, **self._hints())

    def _linop_cholesky(self) -> Any:
        return LinearOperatorDiag(tf.sqrt(self.diag), is_non_singular=True, is_self_adjoint=True,
                                  is_positive_definite=True, is_square=True)

    def _determinant(self) -> Any:
        return tf.reduce_prod(self._diag, [-1])

    def _log_abs_determinant(self) -> Any:
        return tf.cast(tf.reduce_sum(tf.math.log(tf.abs(self._diag)), [-1]), self.dtype)

    def _to_dense(self) -> Any:
        return tf.linalg.diag(self._diag)

    def _diag_part(self) -> Any:
        return self._values()

    def _add_to_tensor(self, x: Any) -> Any:
        return tf.linalg.set_diag(x, self._diag + tf.linalg.diag_part(x))

    def _eigvals(self) -> Any:
        return self._values()

    def _cond(self) -> Any:
        sizes = tf.abs(self._diag)
        return tf.reduce_max(sizes, -1) / tf.reduce_min(sizes, -1)

    def _assert_non_singular(self) -> Any:
        return tools.require_no_zeros(self._diag, "Singular operator:  Diagonal contained zero values.")

    def _assert_positive_definite(self) -> Any:
        message = "Diagonal operator had diagonal entries with non-positive real part, thus was not positive definite." \
            if self.dtype.is_complex else \
            "Real diagonal operator had non-positive diagonal entries, thus was not positive definite."
        return tools.require(tf.math.real(self._diag) > 0, message, self._diag)

    def _assert_self_adjoint(self) -> Any:
        return tools.require_real(self._diag, "This diagonal operator contained non-zero imaginary values.   Thus it was "
                                  "not self-adjoint.")


def _column(multiplier: Any) -> Any:
    return tf.convert_to_tensor(multiplier)[..., None]
