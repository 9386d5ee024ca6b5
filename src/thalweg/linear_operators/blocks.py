"""What operators made of blocks share: arguments that may be given as one tensor a block."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator
from .tools import adjoint as adjoint_of


class BlockwiseOperator(LinearOperator):
    """Operators with blocks on the diagonal; a subclass sets `_diagonal` and defines `_multiply` and `_substitute`."""

    _diagonal: list[Any]

    def _sizes(self, rows: bool) -> list[int | None]:
        return [(op.range_dimension if rows else op.domain_dimension).value for op in self._diagonal]

    def _size_arguments(self, rows: bool) -> list[Any]:
        return [op._rows() if rows else op._size() for op in self._diagonal]

    def _static_sum(self, rows: bool) -> int | None:
        sizes = [n for n in self._sizes(rows) if n is not None]
        return sum(sizes) if len(sizes) == len(self._diagonal) else None

    def _parts(self, x: Any, rows: bool, axis: int) -> tuple[list[Any], bool]:
        """An argument as one tensor a block, and whether it was given so."""
        sizes = self._sizes(rows)
        if tools.is_blockwise(sizes, x, axis):
            parts = []
            for op, part in zip(self._diagonal, x, strict=True):
                part = tf.convert_to_tensor(part)
                parts.append(op._check_input(part, op.range_dimension if rows else op.domain_dimension, axis))
            return parts, True
        x = self._check_input(x, self.range_dimension if rows else self.domain_dimension, axis)
        return tf.split(x, self._size_arguments(rows), axis=axis), False

    def matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False, name: str = "matmul") -> Any:
        """The product with a matrix, with a list of matrices, one a block, which gives such a list, or with an operator."""
        if isinstance(x, LinearOperator):
            return super().matmul(x, adjoint, adjoint_arg, name)
        with self._scope(name):
            parts, blockwise = self._parts(x, adjoint, -1 if adjoint_arg else -2)
            parts = [adjoint_of(p) for p in parts] if adjoint_arg else parts
            return self._whole(self._multiply(parts, adjoint), blockwise)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self.matmul(x, adjoint, adjoint_arg)

    def solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False, name: str = "solve") -> Any:
        """The `x` with `A x = rhs`; for a list of matrices, one a block, such a list; for an operator an operator."""
        self._check_solvable()
        if isinstance(rhs, LinearOperator):
            return super().solve(rhs, adjoint, adjoint_arg, name)
        with self._scope(name):
            parts, blockwise = self._parts(rhs, not adjoint, -1 if adjoint_arg else -2)
            parts = [adjoint_of(p) for p in parts] if adjoint_arg else parts
            return self._whole(self._substitute(parts, adjoint), blockwise)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self.solve(rhs, adjoint, adjoint_arg)

    def matvec(self, x: Any, adjoint: bool = False, name: str = "matvec") -> Any:
        """The product with a vector, or with a list of vectors, one a block."""
        return self._on_vectors(self.matmul, x, adjoint, adjoint, name)

    def solvevec(self, rhs: Any, adjoint: bool = False, name: str = "solve") -> Any:
        """The vector `x` with `A x = rhs`; for a list of vectors, one a block, such a list."""
        return self._on_vectors(self.solve, rhs, adjoint, not adjoint, name)

    def _on_vectors(self, function: Callable[..., Any], x: Any, adjoint: bool, rows: bool, name: str) -> Any:
        with self._scope(name):
            parts, blockwise = self._parts(x, rows, -1)
            columns = [p[..., None] for p in parts] if blockwise else tf.convert_to_tensor(x)[..., None]
            out = function(columns, adjoint=adjoint)
            return [tf.squeeze(y, -1) for y in out] if blockwise else tf.squeeze(out, -1)

    def _multiply(self, parts: list[Any], adjoint: bool) -> list[Any]:
        raise NotImplementedError

    def _substitute(self, parts: list[Any], adjoint: bool) -> list[Any]:
        raise NotImplementedError

    @staticmethod
    def _whole(parts: list[Any], blockwise: bool) -> Any:
        return parts if blockwise else tf.concat(tools.broadcast_batches(parts), -2)

    def _of_diagonal(self, method: str) -> Any:
        """What each block of the diagonal says, one after the other."""
        columns = [getattr(op, method)()[..., None] for op in self._diagonal]
        return tf.squeeze(tf.concat(tools.broadcast_batches(columns), -2), -1)

    def _total(self, method: str, multiply: bool = False) -> Any:
        result = getattr(self._diagonal[0], method)()
        for op in self._diagonal[1:]:
            value = getattr(op, method)()
            result = result * value if multiply else result + value
        return result

    def _determinant(self) -> Any:
        return self._total("determinant", True)

    def _log_abs_determinant(self) -> Any:
        return self._total("log_abs_determinant")

    def _assert_non_singular(self) -> Any:
        return tools.together([op.assert_non_singular() for op in self._diagonal])
