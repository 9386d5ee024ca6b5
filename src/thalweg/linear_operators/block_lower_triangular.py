"""Operators arranged in a lower triangle of blocks."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .blocks import BlockwiseOperator


class LinearOperatorBlockLowerTriangular(BlockwiseOperator):
    """The operator of matrices with blocks on and below the diagonal.

    Args:
      operators: a list of rows: the first of one block, the second of two, and so on.
      is_non_singular: a hint; it is what the blocks on the diagonal are.
      is_self_adjoint: a hint.
      is_positive_definite: a hint.
      is_square: always so, as the blocks on the diagonal are.
      name: prefix of the names of nodes.

    Raises:
      TypeError: operators of several dtypes.
      ValueError: rows of other lengths, sizes that do not fit, or a hint that contradicts the blocks.
    """

    _parameter_ndims = {"operators": 0}

    def __init__(self, operators: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None,
                 name: str = "LinearOperatorBlockLowerTriangular") -> None:
        parameters = {"operators": operators, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        self._operators = [list(row) for row in operators]
        if not self._operators:
            raise ValueError("Argument `operators` must be a list of >=1 operators. Received: [].")
        dtype = self._operators[0][0].dtype
        for i, row in enumerate(self._operators):
            if any(op.dtype != dtype for op in row):
                pairs = [str((op.name, op.dtype)) for op in row]
                raise TypeError(f"Expected all operators to have the same dtype.  Found {pairs} in row {i} and {dtype!s} in "
                                "row 0.")
            if len(row) != i + 1:
                raise ValueError(f"Argument `operators[{i}]` must contain `{i + 1}` blocks. Received: {len(row)} blocks.")
        self._diagonal = [row[-1] for row in self._operators]
        self._check_sizes()
        if is_square is False:
            raise ValueError("`LinearOperatorBlockLowerTriangular` must be square. Expected argument `is_square` to be True. "
                             f"Received: {is_square}.")
        for i, op in enumerate(self._diagonal):
            if op.is_square is False:
                raise ValueError("Matrices on the diagonal (the final elements of each row-partition in the `operators` "
                                 f"list) must be square. Expected argument `operators[{i}][-1].is_square` to be True. "
                                 f"Received: {op.is_square}.")
        super().__init__(dtype, None, self._non_singular(is_non_singular), is_self_adjoint, is_positive_definite, True, name,
                         parameters)

    def _check_sizes(self) -> None:
        rows = self._operators
        for i in range(1, len(rows)):
            for j in range(i):
                for axis, (k, m) in (("domain_dimension", (i - 1, j)), ("range_dimension", (i, j + 1))):
                    a, b = getattr(rows[i][j], axis).value, getattr(rows[k][m], axis).value
                    if a is not None and b is not None and a != b:
                        raise ValueError(f"Argument `operators[{i}][{j}].{axis}` ({a}) must be the same as "
                                         f"`operators[{k}][{m}].{axis}` ({b}).")

    def _non_singular(self, given: bool | None) -> bool | None:
        if all(op.is_non_singular for op in self._diagonal):
            if given is False:
                raise ValueError("A blockwise lower-triangular operator with non-singular operators on the main diagonal is "
                                 "always non-singular. Expected argument `is_non_singular` to be True. "
                                 f"Received: {given}.")
            return True
        if any(op.is_non_singular is False for op in self._diagonal):
            if given is True:
                raise ValueError("A blockwise lower-triangular operator with a singular operator on the main diagonal is "
                                 f"always singular. Expected argument `is_non_singular` to be True. Received: {given}.")
            return False
        return None

    @property
    def operators(self) -> list[list[Any]]:
        """The rows of blocks."""
        return self._operators

    def _blocks(self) -> list[Any]:
        return [op for row in self._operators for op in row]

    def _shape(self) -> Any:
        batch = tools.broadcast_static([op.batch_shape for op in self._blocks()])
        return batch.concatenate([self._static_sum(True), self._static_sum(False)])

    def _shape_tensor(self) -> Any:
        batch = tools.broadcast_shapes([op.batch_shape_tensor() for op in self._blocks()])
        return tools.joined(batch, [sum(self._size_arguments(True)), sum(self._size_arguments(False))])

    def _multiply(self, parts: list[Any], adjoint: bool) -> list[Any]:
        count = len(parts)
        out = []
        for i in range(count):
            terms = [(j, i) for j in range(i, count)] if adjoint else [(i, j) for j in range(i + 1)]
            values = [self._operators[a][b].matmul(parts[a if adjoint else b], adjoint=adjoint) for a, b in terms]
            out.append(values[0] if len(values) == 1 else sum(values[1:], values[0]))
        return out

    def _substitute(self, parts: list[Any], adjoint: bool) -> list[Any]:
        count = len(parts)
        found: dict[int, Any] = {}
        for i in reversed(range(count)) if adjoint else range(count):
            rest = parts[i]
            for j in range(i + 1, count) if adjoint else range(i):
                block = self._operators[j][i] if adjoint else self._operators[i][j]
                rest = rest - block.matmul(found[j], adjoint=adjoint)
            found[i] = self._diagonal[i].solve(rest, adjoint=adjoint)
        return [found[i] for i in range(count)]

    def _linop_inverse(self) -> Any:
        # By rows: below the inverse of all but the last row stands minus the last block's inverse, times the row, times it.
        from .full_matrix import LinearOperatorFullMatrix
        if len(self._operators) == 1:
            return LinearOperatorBlockLowerTriangular([[self._diagonal[0].inverse()]], **self._hints())
        above = LinearOperatorBlockLowerTriangular(self._operators[:-1]).inverse()
        row = self._operators[-1]
        last = row[-1].inverse()
        below = []
        for i in range(len(row) - 1):
            total = sum(row[j].matmul(above.operators[j][i].to_dense()) for j in range(i, len(row) - 1))
            below.append(LinearOperatorFullMatrix(-last.matmul(total)))
        return LinearOperatorBlockLowerTriangular([*above.operators, [*below, last]], **self._hints())

    def _determinant(self) -> Any:
        if all(op.is_positive_definite for op in self._diagonal):
            return tf.exp(self._log_abs_determinant())
        return super()._determinant()

    def _diag_part(self) -> Any:
        return self._of_diagonal("diag_part")

    def _trace(self) -> Any:
        return self._total("trace")

    def _eigvals(self) -> Any:
        return self._of_diagonal("eigvals")

    def _to_dense(self) -> Any:
        blocks = iter(tools.broadcast_batches([op.to_dense() for op in self._blocks()]))
        widths = self._size_arguments(False)
        rows = []
        for i in range(len(self._operators)):
            row = tf.concat([next(blocks) for _ in range(i + 1)], -1)
            rows.append(tf.pad(row, [[0, 0]] * (row.shape.rank - 1) + [[0, sum(widths[i + 1:])]]))
        return tf.concat(rows, -2)
