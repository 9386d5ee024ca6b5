"""`LinearOperator`: what every operator can do, by general methods that its class may replace."""
from __future__ import annotations

import abc
from typing import Any

import numpy as np

import thalweg as tf

from . import tools
from .described import DescribedOperator
from .tools import adjoint as adjoint_of


class LinearOperator(DescribedOperator):
    """A matrix, or a batch of matrices, known by what it does.

    A subclass defines `_shape`, `_shape_tensor` and `_matmul`, and whatever else it can do better than the general
    methods here: `_solve`, `_determinant`, `_log_abs_determinant`, `_to_dense`, `_diag_part`, `_trace`, `_eigvals`,
    `_cond`, `_add_to_tensor`, `_assert_...` and the `_linop_...` methods, which give operators.

    The hints `is_non_singular`, `is_self_adjoint`, `is_positive_definite` and `is_square` are promises, not checked: True
    and False say what the operator is, None says nothing.

    Args:
      dtype: of the elements.
      graph_parents: tensors that the operator is made of; without effect.
      is_non_singular: a hint.
      is_self_adjoint: a hint.
      is_positive_definite: a hint, that `x^H A x` has a positive real part for all other `x` than zero.
      is_square: a hint.
      name: prefix of the names of nodes.
      parameters: the arguments of the subclass's constructor.

    Raises:
      ValueError: hints that contradict one another.
    """

    # Products.

    @abc.abstractmethod
    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        """The product with a matrix."""

    def matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False, name: str = "matmul") -> Any:
        """The product with a matrix, or with another operator, which gives an operator.

        Args:
          x: shape `[..., columns, k]`, or an operator.
          adjoint: multiply by the adjoint of this operator.
          adjoint_arg: multiply by the adjoint of `x`.
          name: of the nodes.

        Raises:
          TypeError: another dtype.
          ValueError: sizes that do not fit.
        """
        if isinstance(x, LinearOperator):
            left, right = self._check_operator(x, "x", adjoint, adjoint_arg)
            with self._scope(name):
                return left._linop_matmul(left, right)
        with self._scope(name):
            x = self._check_input(x, self.range_dimension if adjoint else self.domain_dimension, -1 if adjoint_arg else -2)
            return self._matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def __matmul__(self, other: Any) -> Any:
        return self.matmul(other)

    def __rmatmul__(self, other: Any) -> Any:
        return adjoint_of(self.matmul(other, adjoint=True, adjoint_arg=True))

    def _linop_matmul(self, left_operator: Any, right_operator: Any) -> Any:
        from .products import product
        return product(left_operator, right_operator)

    def matvec(self, x: Any, adjoint: bool = False, name: str = "matvec") -> Any:
        """The product with a vector, shape `[..., columns]`; see `matmul`."""
        with self._scope(name):
            x = self._check_input(x, self.range_dimension if adjoint else self.domain_dimension, -1)
            return self._matvec(x, adjoint=adjoint)

    def _matvec(self, x: Any, adjoint: bool = False) -> Any:
        return tf.squeeze(self.matmul(x[..., None], adjoint=adjoint), -1)

    # Solving.

    def _can_use_cholesky(self) -> bool:
        return bool(self.is_self_adjoint and self.is_positive_definite)

    def _check_solvable(self) -> None:
        if self.is_non_singular is False:
            raise NotImplementedError("Exact solve not implemented for an operator that is expected to be singular.")
        if self.is_square is False:
            raise NotImplementedError("Exact solve not implemented for an operator that is expected to not be square.")

    def solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False, name: str = "solve") -> Any:
        """The `x` with `A x = rhs`; for another operator, an operator.

        Args:
          rhs: shape `[..., rows, k]`, or an operator.
          adjoint: solve with the adjoint of this operator.
          adjoint_arg: solve for the adjoint of `rhs`.
          name: of the nodes.

        Raises:
          NotImplementedError: the hints say that the operator is singular or not square.
          TypeError: another dtype.
          ValueError: sizes that do not fit.
        """
        self._check_solvable()
        if isinstance(rhs, LinearOperator):
            left, right = self._check_operator(rhs, "rhs", adjoint, adjoint_arg)
            with self._scope(name):
                return left._linop_solve(left, right)
        with self._scope(name):
            rhs = self._check_input(rhs, self.domain_dimension if adjoint else self.range_dimension,
                                    -1 if adjoint_arg else -2)
            return self._solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        if self._can_use_cholesky():
            factor, rhs = tools.broadcast_batches([tf.linalg.cholesky(self.to_dense()), rhs])
            return tf.linalg.cholesky_solve(factor, rhs)
        return tools.solve(self.to_dense(), rhs, adjoint=adjoint)

    def _linop_solve(self, left_operator: Any, right_operator: Any) -> Any:
        from .products import quotient
        return quotient(left_operator, right_operator)

    def solvevec(self, rhs: Any, adjoint: bool = False, name: str = "solve") -> Any:
        """The vector `x` with `A x = rhs`, shape `[..., rows]`; see `solve`."""
        with self._scope(name):
            rhs = self._check_input(rhs, self.domain_dimension if adjoint else self.range_dimension, -1)
            return self._solvevec(rhs, adjoint=adjoint)

    def _solvevec(self, rhs: Any, adjoint: bool = False) -> Any:
        return tf.squeeze(self.solve(rhs[..., None], adjoint=adjoint), -1)

    # Operators made of this one.

    def adjoint(self, name: str | None = "adjoint") -> Any:
        """The adjoint, as an operator; itself, where the hints say that it is self-adjoint."""
        if self.is_self_adjoint is True:
            return self
        with self._scope(name):
            return self._linop_adjoint()

    H = property(adjoint, None, None, "The adjoint, as an operator.")

    def _linop_adjoint(self) -> Any:
        from .adjoint import LinearOperatorAdjoint
        return LinearOperatorAdjoint(self, **{**self._hints(), "is_square": self.is_square})

    def inverse(self, name: str | None = "inverse") -> Any:
        """The inverse, as an operator.

        Raises:
          ValueError: the hints say that there is none.
        """
        if self.is_square is False:
            raise ValueError("Cannot take the Inverse: This operator represents a non square matrix.")
        if self.is_non_singular is False:
            raise ValueError("Cannot take the Inverse: This operator represents a singular matrix.")
        with self._scope(name):
            return self._linop_inverse()

    def _linop_inverse(self) -> Any:
        from .inversion import LinearOperatorInversion
        return LinearOperatorInversion(self, **{**self._hints(), "is_square": self.is_square})

    def cholesky(self, name: str | None = "cholesky") -> Any:
        """The Cholesky factor, as an operator.

        Raises:
          ValueError: the hints do not say that the operator is self-adjoint and positive definite.
        """
        if not self._can_use_cholesky():
            raise ValueError("Cannot take the Cholesky decomposition: Not a positive definite self adjoint matrix.")
        with self._scope(name):
            return self._linop_cholesky()

    def _linop_cholesky(self) -> Any:
        from .lower_triangular import LinearOperatorLowerTriangular
        return LinearOperatorLowerTriangular(tf.linalg.cholesky(self.to_dense()), is_non_singular=True,
                                             is_self_adjoint=False, is_square=True)

    # Numbers and matrices.

    def _check_determinant(self) -> None:
        if self.is_square is False:
            raise NotImplementedError("Determinant not implemented for an operator that is expected to not be square.")

    def determinant(self, name: str = "det") -> Any:
        """The determinants, of the batch's shape.

        Raises:
          NotImplementedError: the operator is not square.
        """
        self._check_determinant()
        with self._scope(name):
            return self._determinant()

    def _determinant(self) -> Any:
        return tf.exp(self.log_abs_determinant()) if self._can_use_cholesky() else tf.linalg.det(self.to_dense())

    def log_abs_determinant(self, name: str = "log_abs_det") -> Any:
        """The logarithms of the determinants' absolute values, of the batch's shape.

        Raises:
          NotImplementedError: the operator is not square.
        """
        self._check_determinant()
        with self._scope(name):
            return self._log_abs_determinant()

    def _log_abs_determinant(self) -> Any:
        if self._can_use_cholesky():
            factor = tf.linalg.cholesky(self.to_dense())
            return 2 * tf.reduce_sum(tf.math.log(tf.linalg.diag_part(factor)), [-1])
        return tf.linalg.slogdet(self.to_dense())[1]

    def to_dense(self, name: str = "to_dense") -> Any:
        """The matrices themselves."""
        with self._scope(name):
            return self._to_dense()

    def _to_dense(self) -> Any:
        return self.matmul(tf.eye(self._size(), batch_shape=self._batch(), dtype=self.dtype))

    def diag_part(self, name: str = "diag_part") -> Any:
        """The diagonals."""
        with self._scope(name):
            return self._diag_part()

    def _diag_part(self) -> Any:
        return tf.linalg.diag_part(self.to_dense())

    def trace(self, name: str = "trace") -> Any:
        """The sums of the diagonals."""
        with self._scope(name):
            return self._trace()

    def _trace(self) -> Any:
        return tf.reduce_sum(self.diag_part(), -1)

    def add_to_tensor(self, x: Any, name: str = "add_to_tensor") -> Any:
        """The sum with a tensor of the same dtype."""
        with self._scope(name):
            x = tf.convert_to_tensor(x)
            if x.dtype != self.dtype:
                raise TypeError(f"Expected argument to have dtype {self.dtype!s}.  Found: {x.dtype!s} in tensor {x!s}")
            return self._add_to_tensor(x)

    def _add_to_tensor(self, x: Any) -> Any:
        return self.to_dense() + x

    def eigvals(self, name: str = "eigvals") -> Any:
        """The eigenvalues of a self-adjoint operator.

        Raises:
          NotImplementedError: the hints do not say that it is self-adjoint.
        """
        if not self.is_self_adjoint:
            raise NotImplementedError("Only self-adjoint matrices are supported.")
        with self._scope(name):
            return self._eigvals()

    def _eigvals(self) -> Any:
        return tf.linalg.eigvalsh(self.to_dense())

    def cond(self, name: str = "cond") -> Any:
        """The condition numbers: the largest singular value over the smallest."""
        with self._scope(name):
            return self._cond()

    def _cond(self) -> Any:
        values = tf.abs(self._eigvals()) if self.is_self_adjoint else tf.linalg.svd(self.to_dense(), compute_uv=False)
        return tf.reduce_max(values, -1) / tf.reduce_min(values, -1)

    # Checks.

    def assert_non_singular(self, name: str = "assert_non_singular") -> Any:
        """Raises InvalidArgumentError if a matrix is singular up to precision; in a graph, the operation that does."""
        with self._scope(name):
            return self._assert_non_singular()

    def _assert_non_singular(self) -> Any:
        if self._can_use_cholesky():
            return self.assert_positive_definite()
        values = tf.linalg.svd(self.to_dense(), compute_uv=False)
        condition = tf.reduce_max(values, -1) / tf.reduce_min(values, -1)
        size = tf.reduce_max([100.0, tf.cast(self._rows(), tf.float32), tf.cast(self._size(), tf.float32)])
        most = 1.0 / (tf.cast(size, values.dtype) * float(np.finfo(self.dtype.as_numpy_dtype).eps))
        return tools.require(condition < most, "Singular matrix up to precision epsilon.", condition)

    def assert_positive_definite(self, name: str = "assert_positive_definite") -> Any:
        """Raises InvalidArgumentError if a matrix is not positive definite; in a graph, the operation that does."""
        with self._scope(name):
            return self._assert_positive_definite()

    def _assert_positive_definite(self) -> Any:
        if not self.is_self_adjoint:
            raise NotImplementedError("assert_positive_definite is not implemented.")
        diagonal = tf.linalg.diag_part(tf.linalg.cholesky(self.to_dense()))
        return tools.require(tf.math.real(diagonal) > 0, "Matrix was not positive definite.", diagonal)

    def assert_self_adjoint(self, name: str = "assert_self_adjoint") -> Any:
        """Raises InvalidArgumentError if a matrix differs from its adjoint; in a graph, the operation that does."""
        with self._scope(name):
            return self._assert_self_adjoint()

    def _assert_self_adjoint(self) -> Any:
        dense = self.to_dense()
        return tools.require(tf.equal(dense, adjoint_of(dense)), "Matrix was not equal to its adjoint.", dense)

    def _check_input(self, x: Any, size: Any, axis: int) -> Any:
        """An argument as a tensor.

        Raises:
          TypeError: its dtype is not that of the operator.
          ValueError: its size along an axis does not fit.
        """
        x = tf.convert_to_tensor(x)
        if x.dtype != self.dtype:
            raise TypeError(f"Expected argument to have dtype {self.dtype!s}.  Found: {x.dtype!s} in tensor {x!s}")
        if x.shape.rank is not None:
            size.assert_is_compatible_with(x.shape[axis])
        return x

    def _check_operator(self, other: Any, word: str, given: bool, adjoint_given: bool) -> tuple[Any, Any]:
        """This operator and one to multiply it with, or their adjoints.

        Raises:
          ValueError: their sizes do not fit.
        """
        left, right = self.adjoint() if given else self, other.adjoint() if adjoint_given else other
        columns, rows = left.domain_dimension, right.range_dimension
        if columns.value is not None and rows.value is not None and columns.value != rows.value:
            raise ValueError(f"Operators are incompatible. Expected `{word}` to have dimension {columns} but got {rows}.")
        return left, right
