"""Reflections."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator


class LinearOperatorHouseholder(LinearOperator):
    """The operator of Householder's reflections, `I - 2 v v^H / |v|^2`.

    Args:
      reflection_axis: the vectors `v`, shape `[..., n]`.
      is_non_singular: always so.
      is_self_adjoint: always so.
      is_positive_definite: never so.
      is_square: always so.
      name: prefix of the names of nodes.

    Raises:
      ValueError: a scalar, or a hint that is wrong.
    """

    _parameter_ndims = {"reflection_axis": 1}

    def __init__(self, reflection_axis: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None,
                 name: str = "LinearOperatorHouseholder") -> None:
        parameters = {"reflection_axis": reflection_axis, "is_non_singular": is_non_singular,
                      "is_self_adjoint": is_self_adjoint, "is_positive_definite": is_positive_definite,
                      "is_square": is_square, "name": name}
        self._reflection_axis = tools.keep(reflection_axis)
        if self._reflection_axis.shape.rank is not None and self._reflection_axis.shape.rank < 1:
            raise ValueError(f"Argument reflection_axis must have at least 1 dimension.  Found: {self._reflection_axis!s}")
        if is_self_adjoint is False:
            raise ValueError("A Householder operator is always self adjoint.")
        if is_positive_definite is True:
            raise ValueError("A Householder operator is always non-positive definite.")
        if is_square is False:
            raise ValueError("A Householder operator is always square.")
        super().__init__(self._reflection_axis.dtype, None, is_non_singular, True, False, True, name, parameters)

    @property
    def reflection_axis(self) -> Any:
        """The vectors that are turned round."""
        return self._reflection_axis

    def _shape(self) -> Any:
        return self._reflection_axis.shape.concatenate(self._reflection_axis.shape[-1:])

    def _shape_tensor(self) -> Any:
        shape = tf.shape(self._reflection_axis)
        return tf.concat([shape, shape[-1:]], 0)

    def _unit(self) -> Any:
        return tf.math.l2_normalize(tf.convert_to_tensor(self._reflection_axis), -1)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        x, column = tools.adjoint(x) if adjoint_arg else x, self._unit()[..., None]
        return x - 2 * column * tf.matmul(column, x, adjoint_a=True)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._matmul(rhs, adjoint, adjoint_arg)

    def _linop_adjoint(self) -> Any:
        return self

    def _linop_inverse(self) -> Any:
        return self

    def _trace(self) -> Any:
        return tf.cast(self._size() - 2, self.dtype) * tf.ones(self._batch(), self.dtype)

    def _determinant(self) -> Any:
        return -tf.ones(self._batch(), self.dtype)

    def _log_abs_determinant(self) -> Any:
        return tf.zeros(self._batch(), self.dtype)

    def _to_dense(self) -> Any:
        column = self._unit()[..., None]
        matrix = -2 * tf.matmul(column, column, adjoint_b=True)
        return tf.linalg.set_diag(matrix, 1 + tf.linalg.diag_part(matrix))

    def _diag_part(self) -> Any:
        unit = self._unit()
        return 1 - 2 * unit * tools.conj(unit)

    def _eigvals(self) -> Any:
        ones = tf.ones(tools.shape_of(self._reflection_axis), self.dtype)
        return tf.concat([-ones[..., :1], ones[..., 1:]], -1)

    def _cond(self) -> Any:
        return tf.ones(self._batch(), self.dtype)

    def _assert_non_singular(self) -> Any:
        return tf.no_op()

    def _assert_positive_definite(self) -> Any:
        raise tf.errors.InvalidArgumentError(None, None, "Householder operators are always non-positive definite.")

    def _assert_self_adjoint(self) -> Any:
        return tf.no_op()
