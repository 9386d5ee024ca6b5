"""Products of operators."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator


class LinearOperatorComposition(LinearOperator):
    """The operator of products of matrices, applied one after the other, the last first.

    Args:
      operators: the factors.
      is_non_singular: a hint; it is, if all factors are.
      is_self_adjoint: a hint; it is, if the product has the form `A B B^H A^H`.
      is_positive_definite: a hint; it is, if besides it is non-singular.
      is_square: a hint.
      name: prefix of the names of nodes.

    Raises:
      TypeError: operators of several dtypes.
      ValueError: none, sizes that do not fit, or a hint that contradicts the factors.
    """

    _parameter_ndims = {"operators": 0}

    def __init__(self, operators: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None, name: str | None = None) -> None:
        parameters = {"operators": operators, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        self._operators = tools.check_operators(operators)
        is_non_singular = tools.all_hint(self._operators, "is_non_singular", is_non_singular,
                                         "The composition of non-singular operators is always non-singular.")
        symmetric = tools.is_symmetric_product(self._operators)
        if symmetric or (len(self._operators) == 1 and self._operators[0].is_self_adjoint):
            if is_self_adjoint is False:
                raise ValueError("The composition was determined to be self-adjoint but user provided incorrect `False` "
                                 "hint.")
            is_self_adjoint = True
        if symmetric:
            if is_square is False:
                raise ValueError("The composition was determined have the form A @ A.H, hence it must be square. The user "
                                 "provided an incorrect `False` hint.")
            is_square = True
        if symmetric and is_non_singular:
            if is_positive_definite is False:
                raise ValueError("The composition was determined to be non-singular and have the form A @ A.H, hence it must "
                                 "be positive-definite. The user provided an incorrect `False` hint.")
            is_positive_definite = True
        super().__init__(self._operators[0].dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square,
                         name or "_o_".join(op.name for op in self._operators), parameters)

    @property
    def operators(self) -> list[Any]:
        """The factors."""
        return self._operators

    def _shape(self) -> Any:
        columns = self._operators[0].domain_dimension
        for op in self._operators[1:]:
            columns.assert_is_compatible_with(op.range_dimension)
            columns = op.domain_dimension
        batch = tools.broadcast_static([op.batch_shape for op in self._operators])
        return batch.concatenate(tf.TensorShape([self._operators[0].range_dimension.value, columns.value]))

    def _shape_tensor(self) -> Any:
        batch = tools.broadcast_shapes([op.batch_shape_tensor() for op in self._operators])
        return tools.joined(batch, [self._operators[0].range_dimension_tensor(),
                                    self._operators[-1].domain_dimension_tensor()])

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        for op in self._operators if adjoint else reversed(self._operators):
            x = op.matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)
            adjoint_arg = False
        return x

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        for op in reversed(self._operators) if adjoint else self._operators:
            rhs = op.solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)
            adjoint_arg = False
        return rhs

    def _linop_cholesky(self) -> Any:
        from .lower_triangular import LinearOperatorLowerTriangular
        first = self._operators[0]
        if len(self._operators) != 2 or not isinstance(first, LinearOperatorLowerTriangular) \
                or not tools.is_symmetric_product(self._operators):
            return super()._linop_cholesky()
        if first.is_positive_definite:
            return first
        # `L L^H` stays what it is when columns of L change their sign, and the factor has a positive diagonal.
        signs = tf.sign(first.diag_part())[..., None, :]
        return LinearOperatorLowerTriangular(first.tril / signs, is_non_singular=first.is_non_singular,
                                             is_self_adjoint=first.is_self_adjoint, is_square=True)

    def _determinant(self) -> Any:
        result = self._operators[0].determinant()
        for op in self._operators[1:]:
            result = result * op.determinant()
        return result

    def _log_abs_determinant(self) -> Any:
        result = self._operators[0].log_abs_determinant()
        for op in self._operators[1:]:
            result = result + op.log_abs_determinant()
        return result

    def _assert_non_singular(self) -> Any:
        if all(op.is_square for op in self._operators):
            return tools.together([op.assert_non_singular() for op in self._operators])
        return super()._assert_non_singular()
