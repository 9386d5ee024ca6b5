"""Matrices with equal elements along each diagonal."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator
from .circulant import LinearOperatorCirculant


class LinearOperatorToeplitz(LinearOperator):
    """The operator of matrices that are constant along their diagonals, multiplied by means of Fourier transforms.

    Args:
      col: the first columns, shape `[..., n]`.
      row: the first rows, shape `[..., n]`; their first elements are not read.
      is_non_singular: a hint.
      is_self_adjoint: a hint.
      is_positive_definite: a hint.
      is_square: always so.
      name: prefix of the names of nodes.

    Raises:
      ValueError: scalars, different lengths, or a hint that is never true.
    """

    _parameter_ndims = {"col": 1, "row": 1}

    def __init__(self, col: Any, row: Any, is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = None,
                 name: str = "LinearOperatorToeplitz") -> None:
        parameters = {"col": col, "row": row, "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        self._row, self._col = tools.keep(row), tools.keep(col)
        for word, tensor in (("row", self._row), ("col", self._col)):
            if tensor.shape.rank is not None and tensor.shape.rank < 1:
                raise ValueError(f"Argument {word} must have at least 1 dimension.  Found: {tensor!s}")
        if self._row.shape.rank is not None and self._col.shape.rank is not None:
            a, b = self._row.shape.as_list()[-1], self._col.shape.as_list()[-1]
            if a is not None and b is not None and a != b:
                raise ValueError("Expected square matrix, got row and col with mismatched dimensions.")
        if is_square is False:
            raise ValueError("Only square Toeplitz operators currently supported.")
        super().__init__(self._row.dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, True, name,
                         parameters)

    @property
    def col(self) -> Any:
        """The first columns."""
        return self._col

    @property
    def row(self) -> Any:
        """The first rows."""
        return self._row

    def _shape(self) -> Any:
        shape = tf.broadcast_static_shape(self._row.shape, self._col.shape)
        return shape.concatenate(shape[-1:])

    def _shape_tensor(self) -> Any:
        shape = tf.broadcast_dynamic_shape(tf.shape(self._row), tf.shape(self._col))
        return tf.concat([shape, shape[-1:]], 0)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        # A circulant matrix of twice the size has this one in its corner.
        x = tools.adjoint(x) if adjoint_arg else x
        col, row = self._both()
        around = tf.concat([col, tf.zeros_like(col[..., :1]), tf.reverse(row[..., 1:], [-1])], -1)
        wide = tf.complex128 if self.dtype in (tf.float64, tf.complex128) else tf.complex64
        circulant = LinearOperatorCirculant(tf.signal.fft(tf.cast(around, wide)), input_output_dtype=self.dtype)
        out = circulant.matmul(tf.concat([x, tf.zeros_like(x)], -2), adjoint=adjoint)
        return out[..., :self._size(), :]

    def _both(self) -> tuple[Any, Any]:
        """Columns and rows with their batches broadcast."""
        col, row = tf.convert_to_tensor(self._col), tf.convert_to_tensor(self._row)
        shape = tools.broadcast_shapes([tools.shape_of(col), tools.shape_of(row)])
        return tf.broadcast_to(col, shape), tf.broadcast_to(row, shape)

    def _trace(self) -> Any:
        return tf.cast(self._size(), self.dtype) * self._col[..., 0]

    def _diag_part(self) -> Any:
        n = self._size()
        return self._col[..., :1] * tf.ones([n], self.dtype)

    def _to_dense(self) -> Any:
        col, row = self._both()
        n = self._size()
        elements = tf.concat([tf.reverse(col, [-1]), row[..., 1:]], -1)
        return tf.gather(elements, tf.range(n) + tf.range(n - 1, -1, -1)[:, None], axis=-1)

    def _assert_self_adjoint(self) -> Any:
        return tools.require(tf.equal(self._row, self._col), "row and col are not the same, and so this operator is not "
                             "self-adjoint.", self._row, self._col)
