"""The product of two operators, and one operator's inverse times another, where their classes know nothing better."""
from __future__ import annotations

from typing import Any

from . import tools


def _hints(left: Any, right: Any) -> dict[str, Any]:
    square = tools.square_product(left, right)
    if square is False:
        return {"is_non_singular": False, "is_self_adjoint": False, "is_positive_definite": False, "is_square": False}
    return {"is_non_singular": tools.non_singular_product(left, right) if square else None, "is_self_adjoint": None,
            "is_positive_definite": None, "is_square": square}


def product(left: Any, right: Any) -> Any:
    """`left right`.

    Raises:
      ValueError: the second is a zero operator and one of them is not square.
    """
    from .composition import LinearOperatorComposition
    from .identity import LinearOperatorIdentity
    from .zeros import LinearOperatorZeros
    if isinstance(right, LinearOperatorIdentity):
        return left
    if isinstance(right, LinearOperatorZeros):
        if not right.is_square or not left.is_square:
            raise ValueError("Matmul with non-square `LinearOperator`s or non-square `LinearOperatorZeros` not supported at "
                             "this time.")
        return right
    return LinearOperatorComposition([left, right], **_hints(left, right))


def quotient(left: Any, right: Any) -> Any:
    """`left^-1 right`."""
    from .composition import LinearOperatorComposition
    from .identity import LinearOperatorIdentity
    from .inversion import LinearOperatorInversion
    if isinstance(right, LinearOperatorIdentity):
        return left.inverse()
    return LinearOperatorComposition([LinearOperatorInversion(left), right], **_hints(left, right))
