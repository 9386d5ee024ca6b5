"""The inverse of an operator."""
from __future__ import annotations

from typing import Any

from . import tools
from .base import LinearOperator


class LinearOperatorInversion(LinearOperator):
    """The operator of another one's inverses; a product is a solution of the other's system.

    Args:
      operator: the other one.
      is_non_singular: always so.
      is_self_adjoint: a hint, beside the other operator's.
      is_positive_definite: a hint.
      is_square: always so.
      name: prefix of the names of nodes.

    Raises:
      ValueError: the hints say that there is no inverse, or contradict the other operator's.
    """

    _parameter_ndims = {"operator": 0}

    def __init__(self, operator: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None, name: str | None = None) -> None:
        parameters = {"operator": operator, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        self._operator = operator
        for hint, given in (("is_non_singular", is_non_singular), ("is_square", is_square)):
            if getattr(operator, hint) is False or given is False:
                raise ValueError(f"Argument `{hint}` or argument `operator` must have supplied hint `{hint}` equal to `True` "
                                 f"or `None`. Found `operator.{hint}`: {getattr(operator, hint)}, `{hint}`: {given}.")
        given_hints = {"is_square": is_square, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                       "is_positive_definite": is_positive_definite}
        words = {"is_square": "square", "is_non_singular": "non-singular", "is_self_adjoint": "self-adjoint",
                 "is_positive_definite": "positive-definite"}
        hints = {k: tools.combine_hint(operator, k, v, f"An operator is {words[k]} if and only if its inverse is {words[k]}.")
                 for k, v in given_hints.items()}
        super().__init__(operator.dtype, None, name=name or f"{operator.name}_inv", parameters=parameters, **hints)

    @property
    def operator(self) -> Any:
        """The operator that this is the inverse of."""
        return self._operator

    def _shape(self) -> Any:
        return self._operator.shape

    def _shape_tensor(self) -> Any:
        return self._operator.shape_tensor()

    def _linop_inverse(self) -> Any:
        return self._operator

    def _linop_solve(self, left_operator: Any, right_operator: Any) -> Any:
        return left_operator.operator.matmul(right_operator)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._operator.solve(x, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._operator.matmul(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def _determinant(self) -> Any:
        return 1.0 / self._operator.determinant()

    def _log_abs_determinant(self) -> Any:
        return -self._operator.log_abs_determinant()

    def _eigvals(self) -> Any:
        return 1.0 / self._operator.eigvals()

    def _cond(self) -> Any:
        return self._operator.cond()

    def _assert_non_singular(self) -> Any:
        return self._operator.assert_non_singular()

    def _assert_positive_definite(self) -> Any:
        return self._operator.assert_positive_definite()

    def _assert_self_adjoint(self) -> Any:
        return self._operator.assert_self_adjoint()
