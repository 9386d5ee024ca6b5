"""Matrices of zeros."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .sized import SizedOperator, batch_argument, size_argument


class LinearOperatorZeros(SizedOperator):
    """The operator of matrices of zeros.

    Args:
      num_rows: how many rows.
      num_columns: how many columns; as many by default.
      batch_shape: the shape of the batch; none by default.
      dtype: of the elements, float32 by default.
      is_non_singular: never so.
      is_self_adjoint: always so where it is square.
      is_positive_definite: never so.
      is_square: a hint.
      assert_proper_shapes: check shapes while the operator is used, where they are not known before.
      name: prefix of the names of nodes.

    Raises:
      TypeError: a size that is no integer, or a variable.
      ValueError: a negative size, or hints that are wrong.
    """

    def __init__(self, num_rows: Any, num_columns: Any = None, batch_shape: Any = None, dtype: Any = None,
                 is_non_singular: bool | None = False, is_self_adjoint: bool | None = True,
                 is_positive_definite: bool | None = False, is_square: bool | None = True,
                 assert_proper_shapes: bool = False, name: str = "LinearOperatorZeros") -> None:
        parameters = {"num_rows": num_rows, "num_columns": num_columns, "batch_shape": batch_shape, "dtype": dtype,
                      "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square,
                      "assert_proper_shapes": assert_proper_shapes, "name": name}
        if not is_self_adjoint and is_square:
            raise ValueError("A zero operator is always self adjoint.")
        if is_non_singular:
            raise ValueError("A zero operator is always singular.")
        if is_positive_definite:
            raise ValueError("A zero operator is always not positive-definite.")
        super().__init__(dtype or tf.float32, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name,
                         parameters)
        self._assert_proper_shapes = assert_proper_shapes
        self._num_rows = size_argument(num_rows, "num_rows", assert_proper_shapes)
        self._num_columns = self._num_rows if num_columns is None else \
            size_argument(num_columns, "num_columns", assert_proper_shapes)
        if is_square and isinstance(self._num_rows, int) and isinstance(self._num_columns, int) \
                and self._num_rows != self._num_columns:
            raise ValueError("LinearOperatorZeros initialized as is_square=True, but got "
                             f"num_rows({self._num_rows}) != num_columns({self._num_columns})")
        self._given_batch = batch_argument(batch_shape, assert_proper_shapes)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        if self._assert_proper_shapes:
            x, adjoint_arg = self._checked(tools.adjoint(x) if adjoint_arg else x), False
        shape = tools.shape_of(x)
        columns = shape[-2] if adjoint_arg else shape[-1]
        rows = self._num_columns if adjoint else self._num_rows
        return self._with_batch(tf.zeros(tools.joined(shape[:-2], [rows, columns]), x.dtype))

    def _linop_matmul(self, left_operator: Any, right_operator: Any) -> Any:
        if not left_operator.is_square or not right_operator.is_square:
            raise ValueError("Matmul with non-square `LinearOperator`s or non-square `LinearOperatorZeros` not supported at "
                             "this time.")
        return left_operator

    def _determinant(self) -> Any:
        return tf.zeros(self._batch(), self.dtype)

    def _trace(self) -> Any:
        return tf.zeros(self._batch(), self.dtype)

    def _diag_part(self) -> Any:
        return tf.zeros(self._diagonal_shape(), self.dtype)

    def _eigvals(self) -> Any:
        return self._diag_part()

    def _to_dense(self) -> Any:
        return tf.zeros(tools.joined(self._batch(), [self._num_rows, self._num_columns]), self.dtype)

    def add_to_tensor(self, x: Any, name: str = "add_to_tensor") -> Any:
        """A tensor of any dtype as it is."""
        with self._scope(name):
            return self._with_batch(tf.convert_to_tensor(x))

    def _assert_non_singular(self) -> Any:
        raise tf.errors.InvalidArgumentError(None, None, "Zero operators are always non-invertible.")

    def _assert_positive_definite(self) -> Any:
        raise tf.errors.InvalidArgumentError(None, None, "Zero operators are always non-positive definite.")

    def _assert_self_adjoint(self) -> Any:
        return tf.no_op()

    def _sliced(self, slices: tuple[Any, ...], batch: Any) -> Any:
        _, others = self._split_parameters()
        return LinearOperatorZeros(**{**others, "num_rows": self._num_rows, "num_columns": self._num_columns,
                                      **self._sliced_batch(slices, batch)})
