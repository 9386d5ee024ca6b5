"""What functions of `tf.linalg` do with operators."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .base import LinearOperator
from .tools import adjoint as adjoint_of


def adjoint(matrix: Any, name: str | None = None) -> Any:
    """`tf.linalg.adjoint`."""
    return matrix.adjoint(name)


def cholesky(input: Any, name: str | None = None) -> Any:
    """`tf.linalg.cholesky`."""
    return input.cholesky(name)


def diag_part(input: Any, name: str = "diag_part", k: Any = 0, padding_value: Any = 0, align: str = "RIGHT_LEFT") -> Any:
    """`tf.linalg.diag_part`, of the main diagonal."""
    return input.diag_part(name)


def det(input: Any, name: str | None = None) -> Any:
    """`tf.linalg.det`."""
    return input.determinant(name)


def inv(input: Any, adjoint: bool = False, name: str | None = None) -> Any:
    """`tf.linalg.inv`."""
    inverse = input.inverse(name)
    return inverse.adjoint() if adjoint else inverse


def logdet(matrix: Any, name: str | None = None) -> Any:
    """`tf.linalg.logdet`.

    Raises:
      ValueError: the hints do not say that the operator is self-adjoint and positive definite.
    """
    if matrix.is_positive_definite and matrix.is_self_adjoint:
        return matrix.log_abs_determinant(name)
    raise ValueError("Expected matrix to be self-adjoint positive definite.")


def matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, adjoint_a: bool = False,
           adjoint_b: bool = False, a_is_sparse: bool = False, b_is_sparse: bool = False, output_type: Any = None,
           grad_a: bool = False, grad_b: bool = False, name: str | None = None) -> Any:
    """`tf.matmul`.

    Raises:
      ValueError: transposed or sparse arguments.
    """
    if transpose_a or transpose_b:
        raise ValueError("Transposing not supported at this time.")
    if a_is_sparse or b_is_sparse:
        raise ValueError("Sparse methods not supported at this time.")
    if isinstance(a, LinearOperator):
        return a.matmul(b, adjoint=adjoint_a, adjoint_arg=adjoint_b)
    return adjoint_of(b.matmul(a, adjoint=not adjoint_b, adjoint_arg=not adjoint_a))


def solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Any:
    """`tf.linalg.solve`.

    Raises:
      ValueError: only the right hand side is an operator.
    """
    if not isinstance(matrix, LinearOperator):
        raise ValueError("Passing in `matrix` as a Tensor and `rhs` as a LinearOperator is not supported.")
    return matrix.solve(rhs, adjoint=adjoint)


def trace(x: Any, name: str | None = None) -> Any:
    """`tf.linalg.trace`."""
    return x.trace(name)


FORMS: dict[str, Callable[..., Any]] = {
    "ops.decompositions.cholesky": cholesky,
    "ops.decompositions.det": det,
    "ops.decompositions.inv": inv,
    "ops.decompositions.logdet": logdet,
    "ops.diagonals.diag_part": diag_part,
    "ops.diagonals.trace": trace,
    "ops.linalg.adjoint": adjoint,
    "ops.linear_systems.solve": solve,
    "ops.matmul.matmul": matmul,
}
"""By what the core calls a public function; see `core.composite`."""
