"""Multiples of the identity."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .sized import SizedOperator, size_argument


class LinearOperatorScaledIdentity(SizedOperator):
    """The operator of multiples of identity matrices.

    Args:
      num_rows: how many rows and columns.
      multiplier: the factors, of the shape of the batch.
      is_non_singular: a hint.
      is_self_adjoint: a hint, which a real operator always is.
      is_positive_definite: a hint.
      is_square: always so.
      assert_proper_shapes: check shapes while the operator is used, where they are not known before.
      name: prefix of the names of nodes.

    Raises:
      TypeError: a size that is no integer, or a variable.
      ValueError: a negative size, or a hint that is never true.
    """

    _parameter_ndims = {"multiplier": 0}

    def __init__(self, num_rows: Any, multiplier: Any, is_non_singular: bool | None = None,
                 is_self_adjoint: bool | None = None, is_positive_definite: bool | None = None,
                 is_square: bool | None = True, assert_proper_shapes: bool = False,
                 name: str = "LinearOperatorScaledIdentity") -> None:
        parameters = {"num_rows": num_rows, "multiplier": multiplier, "is_non_singular": is_non_singular,
                      "is_self_adjoint": is_self_adjoint, "is_positive_definite": is_positive_definite,
                      "is_square": is_square, "assert_proper_shapes": assert_proper_shapes, "name": name}
        self._multiplier = tools.keep(multiplier)
        if not self._multiplier.dtype.is_complex:
            if is_self_adjoint is False:
                raise ValueError("A real diagonal operator is always self adjoint.")
            is_self_adjoint = True
        if not is_square:
            raise ValueError("A ScaledIdentity operator is always square.")
        super().__init__(self._multiplier.dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square,
                         name, parameters)
        self._assert_proper_shapes = assert_proper_shapes
        self._num_rows = self._num_columns = size_argument(num_rows, "num_rows", assert_proper_shapes)
        self._given_batch = None

    @property
    def multiplier(self) -> Any:
        """The factors."""
        return self._multiplier

    def _shape(self) -> Any:
        n = self._num_rows if isinstance(self._num_rows, int) else None
        return self._multiplier.shape.concatenate([n, n])

    def _shape_tensor(self) -> Any:
        return tools.joined(tools.shape_of(self._multiplier), [self._num_rows, self._num_rows])

    def _factor(self, adjoint: bool = False) -> Any:
        values = tf.convert_to_tensor(self._multiplier)[..., None, None]
        return tools.conj(values) if adjoint else values

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._checked(tools.adjoint(x) if adjoint_arg else x) * self._factor(adjoint)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._checked(tools.adjoint(rhs) if adjoint_arg else rhs) / self._factor(adjoint)

    def _linop_adjoint(self) -> Any:
        return LinearOperatorScaledIdentity(self._num_rows, tools.conj(tf.convert_to_tensor(self.multiplier)),
                                            **self._hints())

    def _linop_inverse(self) -> Any:
        return LinearOperatorScaledIdentity(self._num_rows, 1.0 / self.multiplier,
                                            **{**self._hints(), "is_self_adjoint": True})

    def _linop_cholesky(self) -> Any:
        return LinearOperatorScaledIdentity(self._num_rows, tf.sqrt(self.multiplier), is_non_singular=True,
                                            is_self_adjoint=True, is_positive_definite=True, is_square=True)

    def _linop_matmul(self, left_operator: Any, right_operator: Any) -> Any:
        from .diag import LinearOperatorDiag
        hints = tools.commuting_hints(left_operator, right_operator)
        if isinstance(right_operator, LinearOperatorScaledIdentity):
            return LinearOperatorScaledIdentity(left_operator._size(), left_operator.multiplier * right_operator.multiplier,
                                                **hints)
        if isinstance(right_operator, LinearOperatorDiag):
            return LinearOperatorDiag(right_operator.diag * left_operator._factor()[..., 0], **hints)
        return super()._linop_matmul(left_operator, right_operator)

    def _linop_solve(self, left_operator: Any, right_operator: Any) -> Any:
        from .diag import LinearOperatorDiag
        hints = tools.commuting_hints(left_operator, right_operator)
        if isinstance(right_operator, LinearOperatorScaledIdentity):
            return LinearOperatorScaledIdentity(left_operator._size(), right_operator.multiplier / left_operator.multiplier,
                                                **hints)
        if isinstance(right_operator, LinearOperatorDiag):
            return LinearOperatorDiag(right_operator.diag / left_operator._factor()[..., 0], **hints)
        return super()._linop_solve(left_operator, right_operator)

    def _determinant(self) -> Any:
        return tf.convert_to_tensor(self.multiplier) ** tf.cast(self._size(), self.dtype)

    def _log_abs_determinant(self) -> Any:
        real = tf.math.log(tf.abs(self.multiplier))
        return tf.cast(self._size(), real.dtype) * real

    def _trace(self) -> Any:
        return tf.cast(self._size(), self.dtype) * self.multiplier

    def _diag_part(self) -> Any:
        return tf.ones(self._diagonal_shape(), self.dtype) * self._factor()[..., 0]

    def _eigvals(self) -> Any:
        return self._diag_part()

    def _cond(self) -> Any:
        # Of a matrix of zeros it is NaN, the quotient of zero by zero.
        size = tf.abs(self.multiplier)
        return tf.where(tf.equal(size, 0), tf.cast(float("nan"), size.dtype), tf.ones_like(size))

    def _add_to_tensor(self, x: Any) -> Any:
        return tf.linalg.set_diag(x, self._factor()[..., 0] + tf.linalg.diag_part(x))

    def _assert_non_singular(self) -> Any:
        return tools.require(tf.abs(self.multiplier) > 0, "LinearOperator was singular", self.multiplier)

    def _assert_positive_definite(self) -> Any:
        return tools.require(tf.math.real(self.multiplier) > 0, "LinearOperator was not positive definite.", self.multiplier)

    def _assert_self_adjoint(self) -> Any:
        return tools.require_real(tf.convert_to_tensor(self.multiplier), "LinearOperator was not self-adjoint")

    def _sliced(self, slices: tuple[Any, ...], batch: Any) -> Any:
        _, others = self._split_parameters()
        part = tf.broadcast_to(self._multiplier, batch)[slices]
        return type(self)(**{**others, "num_rows": self._num_rows, "multiplier": part})
