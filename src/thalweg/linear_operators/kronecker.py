"""Kronecker products of operators."""
from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator
from .tools import adjoint as adjoint_of


class LinearOperatorKronecker(LinearOperator):
    """The operator of Kronecker products: each element of a factor stands for itself times the factors after it.

    Args:
      operators: the factors.
      is_non_singular: a hint; it is, if all factors are.
      is_self_adjoint: a hint; it is, if all factors are.
      is_positive_definite: a hint; it is, if all factors are.
      is_square: a hint.
      name: prefix of the names of nodes.

    Raises:
      TypeError: operators of several dtypes.
      ValueError: none, or a hint that contradicts the factors.
    """

    _parameter_ndims = {"operators": 0}

    def __init__(self, operators: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None, name: str | None = None) -> None:
        parameters = {"operators": operators, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        self._operators = tools.check_operators(operators)
        given = {"is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                 "is_positive_definite": is_positive_definite}
        words = {"is_non_singular": "non-singular", "is_self_adjoint": "self-adjoint",
                 "is_positive_definite": "positive-definite"}
        hints = {k: tools.all_hint(self._operators, k, v, f"The Kronecker product of {words[k]} operators is always "
                                   f"{words[k]}. Expected argument `{k}` to be True. Received: {v}.")
                 for k, v in given.items()}
        super().__init__(self._operators[0].dtype, None, is_square=is_square, parameters=parameters,
                         name=name or "_x_".join(op.name for op in self._operators), **hints)

    @property
    def operators(self) -> list[Any]:
        """The factors."""
        return self._operators

    def _shape(self) -> Any:
        rows = [op.range_dimension.value for op in self._operators]
        columns = [op.domain_dimension.value for op in self._operators]
        batch = tools.broadcast_static([op.batch_shape for op in self._operators])
        return batch.concatenate([None if None in sizes else prod(sizes) for sizes in (rows, columns)])

    def _shape_tensor(self) -> Any:
        batch = tools.broadcast_shapes([op.batch_shape_tensor() for op in self._operators])
        return tools.joined(batch, [prod(op._rows() for op in self._operators), prod(op._size() for op in self._operators)])

    def _through(self, x: Any, one: Callable[[Any, Any], Any]) -> Any:
        """Applies `one(operator, matrix)` for each factor to its share of the rows of a matrix.

        The rows are a grid with an axis a factor. The axis of one factor after the other is brought to the end, and the
        others are columns beside it meanwhile.
        """
        shape = tools.shape_of(x)
        columns = shape[-1]
        x = tf.linalg.matrix_transpose(x)  # [..., columns, rows]
        for op in reversed(self._operators):
            shape = tools.shape_of(x)
            size = op._size()
            x = one(op, tf.linalg.matrix_transpose(tf.reshape(x, tools.joined(shape[:-2], [-1, size]))))
            # The factor's axis goes before the others, where the next of them is last.
            x = tf.reshape(x, tools.joined(tools.shape_of(x)[:-1], [columns, -1]))
            rank = x.shape.rank
            x = tf.transpose(x, [*range(rank - 3), rank - 2, rank - 3, rank - 1])
            x = tf.reshape(x, tools.joined(tools.shape_of(x)[:-2], [-1]))
        return tf.linalg.matrix_transpose(x)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        whole = self._turned(adjoint)
        return whole._through(adjoint_of(x) if adjoint_arg else x, lambda op, y: op.matmul(y))

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        whole = self._turned(adjoint)
        return whole._through(adjoint_of(rhs) if adjoint_arg else rhs, lambda op, y: op.solve(y))

    def _turned(self, adjoint: bool) -> Any:
        return LinearOperatorKronecker([op.adjoint() for op in self._operators]) if adjoint else self

    def _linop_adjoint(self) -> Any:
        return LinearOperatorKronecker([op.adjoint() for op in self._operators], **self._hints())

    def _linop_inverse(self) -> Any:
        return LinearOperatorKronecker([op.inverse() for op in self._operators], **self._hints())

    def _linop_cholesky(self) -> Any:
        return LinearOperatorKronecker([op.cholesky() for op in self._operators], is_non_singular=True, is_square=True)

    def _share(self, op: Any, dtype: Any) -> Any:
        """How often a factor's determinant counts: the size of the others."""
        return tf.cast(self._size() // op._size(), dtype)

    def _determinant(self) -> Any:
        result: Any = 1.0
        for op in self._operators:
            value = op.determinant()
            result = value ** self._share(op, value.dtype) * result
        return result

    def _log_abs_determinant(self) -> Any:
        result: Any = 0.0
        for op in self._operators:
            value = op.log_abs_determinant()
            result = value * self._share(op, value.dtype) + result
        return result

    def _trace(self) -> Any:
        result = self._operators[0].trace()
        for op in self._operators[1:]:
            result = result * op.trace()
        return result

    def _vectors(self, vectors: list[Any]) -> Any:
        """The Kronecker product of vectors."""
        result = vectors[0]
        for v in vectors[1:]:
            result = result[..., :, None] * v[..., None, :]
            result = tf.reshape(result, tools.joined(tools.shape_of(result)[:-2], [-1]))
        return result

    def _diag_part(self) -> Any:
        if all(op.is_square for op in self._operators):
            return self._vectors([op.diag_part() for op in self._operators])
        return tf.linalg.diag_part(self.to_dense())

    def _eigvals(self) -> Any:
        return self._vectors([op.eigvals() for op in self._operators])

    def _to_dense(self) -> Any:
        result = self._operators[0].to_dense()
        for op in self._operators[1:]:
            result = result[..., :, None, :, None] * op.to_dense()[..., None, :, None, :]
            shape = tools.shape_of(result)
            result = tf.reshape(result, tools.joined(shape[:-4], [shape[-4] * shape[-3], shape[-2] * shape[-1]]))
        return result

    def _every_factor(self, method: str) -> Any:
        if not all(op.is_square for op in self._operators):
            raise tf.errors.InvalidArgumentError(None, None, "All Kronecker factors must be square for the product to be "
                                                 "invertible. Expected hint `is_square` to be True for every operator in "
                                                 "argument `operators`.")
        return tools.together([getattr(op, method)() for op in self._operators])

    def _assert_non_singular(self) -> Any:
        return self._every_factor("assert_non_singular")

    def _assert_self_adjoint(self) -> Any:
        return self._every_factor("assert_self_adjoint")
