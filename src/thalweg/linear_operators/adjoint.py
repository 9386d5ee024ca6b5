"""The adjoint of an operator."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator


class LinearOperatorAdjoint(LinearOperator):
    """The operator of another one's conjugate transposes.

    Args:
      operator: the other one.
      is_non_singular: a hint, beside the other operator's.
      is_self_adjoint: a hint.
      is_positive_definite: a hint.
      is_square: a hint.
      name: prefix of the names of nodes.

    Raises:
      ValueError: a hint that contradicts the other operator's.
    """

    _parameter_ndims = {"operator": 0}

    def __init__(self, operator: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None, name: str | None = None) -> None:
        parameters = {"operator": operator, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        self._operator = operator
        given = {"is_square": is_square, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                 "is_positive_definite": is_positive_definite}
        words = {"is_square": "square", "is_non_singular": "non-singular", "is_self_adjoint": "self-adjoint",
                 "is_positive_definite": "positive-definite"}
        hints = {k: tools.combine_hint(operator, k, v, f"An operator is {words[k]} if and only if its adjoint is {words[k]}.")
                 for k, v in given.items()}
        super().__init__(operator.dtype, None, name=name or f"{operator.name}_adjoint", parameters=parameters, **hints)

    @property
    def operator(self) -> Any:
        """The operator that this is the adjoint of."""
        return self._operator

    def _shape(self) -> Any:
        shape = self._operator.shape
        return shape if shape.rank is None else shape[:-2].concatenate([shape[-1], shape[-2]])

    def _shape_tensor(self) -> Any:
        shape = self._operator.shape_tensor()
        return tf.concat([shape[:-2], shape[-1:], shape[-2:-1]], 0)

    def _linop_adjoint(self) -> Any:
        return self._operator

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._operator.matmul(x, adjoint=not adjoint, adjoint_arg=adjoint_arg)

    def _matvec(self, x: Any, adjoint: bool = False) -> Any:
        return self._operator.matvec(x, adjoint=not adjoint)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._operator.solve(rhs, adjoint=not adjoint, adjoint_arg=adjoint_arg)

    def _solvevec(self, rhs: Any, adjoint: bool = False) -> Any:
        return self._operator.solvevec(rhs, adjoint=not adjoint)

    def _conj(self, value: Any) -> Any:
        return value if self.is_self_adjoint else tools.conj(value)

    def _determinant(self) -> Any:
        return self._conj(self._operator.determinant())

    def _log_abs_determinant(self) -> Any:
        return self._operator.log_abs_determinant()

    def _trace(self) -> Any:
        return self._conj(self._operator.trace())

    def _diag_part(self) -> Any:
        return self._conj(self._operator.diag_part())

    def _to_dense(self) -> Any:
        dense = self._operator.to_dense()
        return dense if self.is_self_adjoint else tools.adjoint(dense)

    def _eigvals(self) -> Any:
        values = self._operator.eigvals()
        return values if self._operator.is_self_adjoint else tools.conj(values)

    def _cond(self) -> Any:
        return self._operator.cond()

    def _assert_non_singular(self) -> Any:
        return self._operator.assert_non_singular()

    def _assert_positive_definite(self) -> Any:
        return self._operator.assert_positive_definite()

    def _assert_self_adjoint(self) -> Any:
        return self._operator.assert_self_adjoint()
