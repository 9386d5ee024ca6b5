"""Operators beside one another on the diagonal."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .blocks import BlockwiseOperator


class LinearOperatorBlockDiag(BlockwiseOperator):
    """The operator of matrices with blocks on the diagonal and zeros elsewhere.

    Args:
      operators: the blocks.
      is_non_singular: a hint; it is, if all blocks are.
      is_self_adjoint: a hint; it is, if all blocks are.
      is_positive_definite: a hint; it is, if all blocks are.
      is_square: a hint.
      name: prefix of the names of nodes.

    Raises:
      TypeError: operators of several dtypes.
      ValueError: none, or a hint that contradicts the blocks.
    """

    _parameter_ndims = {"operators": 0}

    def __init__(self, operators: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = True, name: str | None = None) -> None:
        parameters = {"operators": operators, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        self._operators = self._diagonal = tools.check_operators(operators)
        given = {"is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                 "is_positive_definite": is_positive_definite}
        words = {"is_non_singular": "non-singular", "is_self_adjoint": "self-adjoint",
                 "is_positive_definite": "positive definite"}
        hints = {k: tools.all_hint(self._operators, k, v, f"The direct sum of {words[k]} operators is always {words[k]}.")
                 for k, v in given.items()}
        super().__init__(self._operators[0].dtype, None, is_square=is_square, parameters=parameters,
                         name=name or "_ds_".join(op.name for op in self._operators), **hints)

    @property
    def operators(self) -> list[Any]:
        """The blocks."""
        return self._operators

    def _shape(self) -> Any:
        batch = tools.broadcast_static([op.batch_shape for op in self._operators])
        return batch.concatenate([self._static_sum(True), self._static_sum(False)])

    def _shape_tensor(self) -> Any:
        batch = tools.broadcast_shapes([op.batch_shape_tensor() for op in self._operators])
        return tools.joined(batch, [sum(self._size_arguments(True)), sum(self._size_arguments(False))])

    def _multiply(self, parts: list[Any], adjoint: bool) -> list[Any]:
        return [op.matmul(x, adjoint=adjoint) for op, x in zip(self._operators, parts, strict=True)]

    def _substitute(self, parts: list[Any], adjoint: bool) -> list[Any]:
        return [op.solve(x, adjoint=adjoint) for op, x in zip(self._operators, parts, strict=True)]

    def _check_blocks(self, left: Any, right: Any, message: str) -> None:
        if len(left.operators) != len(right.operators):
            raise ValueError(message)
        for a, b in zip(left.operators, right.operators, strict=True):
            columns, rows = a.domain_dimension.value, b.range_dimension.value
            if columns is not None and rows is not None and columns != rows:
                raise ValueError(f"Blocks are incompatible. Expected `x` to have dimension {columns} but got {rows}.")

    def _linop_matmul(self, left_operator: Any, right_operator: Any) -> Any:
        if not isinstance(right_operator, LinearOperatorBlockDiag):
            return super()._linop_matmul(left_operator, right_operator)
        self._check_blocks(left_operator, right_operator, "Can not efficiently multiply two `LinearOperatorBlockDiag`s "
                           "together when number of blocks differ.")
        pairs = zip(left_operator.operators, right_operator.operators, strict=True)
        return LinearOperatorBlockDiag([a.matmul(b) for a, b in pairs], is_square=True,
                                       is_non_singular=tools.non_singular_product(left_operator, right_operator))

    def _linop_solve(self, left_operator: Any, right_operator: Any) -> Any:
        if not isinstance(right_operator, LinearOperatorBlockDiag):
            return super()._linop_solve(left_operator, right_operator)
        self._check_blocks(left_operator, right_operator, "Can not efficiently solve `LinearOperatorBlockDiag` when number "
                           "of blocks differ.")
        pairs = zip(left_operator.operators, right_operator.operators, strict=True)
        return LinearOperatorBlockDiag([a.solve(b) for a, b in pairs], is_square=True,
                                       is_non_singular=tools.non_singular_product(left_operator, right_operator))

    def _linop_adjoint(self) -> Any:
        return LinearOperatorBlockDiag([op.adjoint() for op in self._operators], **self._hints())

    def _linop_inverse(self) -> Any:
        return LinearOperatorBlockDiag([op.inverse() for op in self._operators], **self._hints())

    def _linop_cholesky(self) -> Any:
        return LinearOperatorBlockDiag([op.cholesky() for op in self._operators], is_non_singular=True, is_square=True)

    def _check_square(self, method: str) -> None:
        if not all(op.is_square for op in self._operators):
            raise NotImplementedError(f"`{method}` not implemented for an operator whose blocks are not square.")

    def _diag_part(self) -> Any:
        self._check_square("diag_part")
        return self._of_diagonal("diag_part")

    def _trace(self) -> Any:
        self._check_square("trace")
        return self._total("trace")

    def _eigvals(self) -> Any:
        self._check_square("eigvals")
        return self._of_diagonal("eigvals")

    def _to_dense(self) -> Any:
        blocks = tools.broadcast_batches([op.to_dense() for op in self._operators])
        widths = self._size_arguments(False)
        rows = []
        for i, block in enumerate(blocks):
            margin = [[0, 0]] * (block.shape.rank - 1) + [[sum(widths[:i]), sum(widths[i + 1:])]]
            rows.append(tf.pad(block, margin))
        return tf.concat(rows, -2)

    def _assert_self_adjoint(self) -> Any:
        return tools.together([op.assert_self_adjoint() for op in self._operators])

    def _assert_positive_definite(self) -> Any:
        return tools.together([op.assert_positive_definite() for op in self._operators])
