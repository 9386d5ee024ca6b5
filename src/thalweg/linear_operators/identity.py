"""The identity."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .sized import SizedOperator, batch_argument, size_argument


class LinearOperatorIdentity(SizedOperator):
    """The operator of identity matrices.

    Args:
      num_rows: how many rows and columns.
      batch_shape: the shape of the batch; none by default.
      dtype: of the elements, float32 by default.
      is_non_singular: always so.
      is_self_adjoint: always so.
      is_positive_definite: always so.
      is_square: always so.
      assert_proper_shapes: check shapes while the operator is used, where they are not known before.
      name: prefix of the names of nodes.

    Raises:
      TypeError: a size that is no integer, or a variable.
      ValueError: a negative size, or a hint that is never true.
    """

    def __init__(self, num_rows: Any, batch_shape: Any = None, dtype: Any = None, is_non_singular: bool | None = True,
                 is_self_adjoint: bool | None = True, is_positive_definite: bool | None = True,
                 is_square: bool | None = True, assert_proper_shapes: bool = False,
                 name: str = "LinearOperatorIdentity") -> None:
        parameters = {"num_rows": num_rows, "batch_shape": batch_shape, "dtype": dtype,
                      "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square,
                      "assert_proper_shapes": assert_proper_shapes, "name": name}
        for hint, word in ((is_self_adjoint, "self adjoint"), (is_non_singular, "non-singular"),
                           (is_positive_definite, "positive-definite"), (is_square, "square")):
            if not hint:
                raise ValueError(f"An identity operator is always {word}.")
        super().__init__(dtype or tf.float32, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name,
                         parameters)
        self._assert_proper_shapes = assert_proper_shapes
        self._num_rows = self._num_columns = size_argument(num_rows, "num_rows", assert_proper_shapes)
        self._given_batch = batch_argument(batch_shape, assert_proper_shapes)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._with_batch(self._checked(tools.adjoint(x) if adjoint_arg else x))

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._matmul(rhs, adjoint_arg=adjoint_arg)

    def _linop_adjoint(self) -> Any:
        return self

    def _linop_inverse(self) -> Any:
        return self

    def _linop_cholesky(self) -> Any:
        return LinearOperatorIdentity(self._num_rows, self._given_batch, self.dtype)

    def _linop_matmul(self, left_operator: Any, right_operator: Any) -> Any:
        return right_operator

    def _linop_solve(self, left_operator: Any, right_operator: Any) -> Any:
        return right_operator

    def _determinant(self) -> Any:
        return tf.ones(self._batch(), self.dtype)

    def _log_abs_determinant(self) -> Any:
        return tf.zeros(self._batch(), self.dtype)

    def _trace(self) -> Any:
        return tf.cast(self._size(), self.dtype) * tf.ones(self._batch(), self.dtype)

    def _diag_part(self) -> Any:
        return tf.ones(self._diagonal_shape(), self.dtype)

    def _eigvals(self) -> Any:
        return self._diag_part()

    def _cond(self) -> Any:
        return tf.ones(self._batch(), self.dtype)

    def add_to_tensor(self, x: Any, name: str = "add_to_tensor") -> Any:
        """The sum with a tensor, whose dtype it takes."""
        with self._scope(name):
            return self._add_to_tensor(tf.convert_to_tensor(x))

    def _add_to_tensor(self, x: Any) -> Any:
        return tf.linalg.set_diag(x, 1 + tf.linalg.diag_part(x))

    def _assert_non_singular(self) -> Any:
        return tf.no_op()

    def _assert_positive_definite(self) -> Any:
        return tf.no_op()

    def _assert_self_adjoint(self) -> Any:
        return tf.no_op()
