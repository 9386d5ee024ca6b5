"""Tridiagonal matrices."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator

_FORMATS = ("compact", "matrix", "sequence")


class LinearOperatorTridiag(LinearOperator):
    """The operator of matrices with elements on the main diagonal and its two neighbours.

    Args:
      diagonals: as `diagonals_format` says. The last element of the upper and the first of the lower diagonal are not read.
      diagonals_format: "compact" for shape `[..., 3, n]`, the upper diagonal first; "sequence" for a list of the three;
        "matrix" for whole matrices.
      is_non_singular: a hint.
      is_self_adjoint: a hint.
      is_positive_definite: a hint.
      is_square: a hint.
      name: prefix of the names of nodes.

    Raises:
      ValueError: another format.
    """

    def __init__(self, diagonals: Any, diagonals_format: str = "compact", is_non_singular: bool | None = None,
                 is_self_adjoint: bool | None = None, is_positive_definite: bool | None = None,
                 is_square: bool | None = None, name: str = "LinearOperatorTridiag") -> None:
        parameters = {"diagonals": diagonals, "diagonals_format": diagonals_format,
                      "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        if diagonals_format not in _FORMATS:
            raise ValueError("Argument `diagonals_format` must be one of compact, matrix, or sequence. "
                             f"Received : {diagonals_format}.")
        sequence = diagonals_format == "sequence"
        kept: Any = [tools.keep(d) for d in diagonals] if sequence else tools.keep(diagonals)
        self._diagonals = kept
        self._diagonals_format = diagonals_format
        dtype = kept[0].dtype if sequence else kept.dtype
        self._parameter_ndims = {"diagonals": 1 if sequence else 2}
        super().__init__(dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name, parameters)

    @property
    def diagonals(self) -> Any:
        """The diagonals as they were given."""
        return self._diagonals

    @property
    def diagonals_format(self) -> str:
        """How they were given."""
        return self._diagonals_format

    def _shape(self) -> Any:
        if self._diagonals_format == "matrix":
            return self._diagonals.shape
        if self._diagonals_format == "compact":
            shape = self._diagonals.shape
            shape = shape[:-2].concatenate(shape[-1:])
        else:
            batch = tools.broadcast_static([d.shape[:-1] for d in self._diagonals])
            shape = batch.concatenate(self._diagonals[1].shape[-1:])
        return shape.concatenate(shape[-1:])

    def _shape_tensor(self) -> Any:
        if self._diagonals_format == "matrix":
            return tf.shape(self._diagonals)
        if self._diagonals_format == "compact":
            shape = tf.shape(self._diagonals)
            return tf.concat([shape[:-2], shape[-1:], shape[-1:]], 0)
        batch = tools.broadcast_shapes([tf.shape(d)[:-1] for d in self._diagonals])
        n = tf.shape(self._diagonals[1])[-1:]
        return tf.concat([batch, n, n], 0)

    def _adjoint_diagonals(self) -> Any:
        if self._diagonals_format == "matrix":
            return tools.adjoint(self._diagonals)
        sequence = self._diagonals_format == "sequence"
        upper, main, lower = [tools.conj(tf.convert_to_tensor(d)) for d in
                              (self._diagonals if sequence else tf.unstack(self._diagonals, 3, axis=-2))]
        turned = [tf.roll(lower, -1, -1), main, tf.roll(upper, 1, -1)]
        return turned if sequence else tf.stack(turned, -2)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return tf.linalg.tridiagonal_matmul(self._adjoint_diagonals() if adjoint else self._diagonals,
                                            tools.adjoint(x) if adjoint_arg else x, diagonals_format=self._diagonals_format)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        diagonals = self._adjoint_diagonals() if adjoint else self._diagonals
        rhs = tools.adjoint(rhs) if adjoint_arg else rhs
        shape = tools.shape_of(rhs)
        batch, n = tools.broadcast_shapes([self._batch(), shape[:-2]]), self._size()
        rhs = tf.broadcast_to(rhs, tools.joined(batch, shape[-2:]))
        if self._diagonals_format == "sequence":
            diagonals = [tf.broadcast_to(d, tools.joined(batch, [n])) for d in diagonals]
        else:
            rows = n if self._diagonals_format == "matrix" else 3
            diagonals = tf.broadcast_to(diagonals, tools.joined(batch, [rows, n]))
        return tf.linalg.tridiagonal_solve(diagonals, rhs, diagonals_format=self._diagonals_format)

    def _diag_part(self) -> Any:
        if self._diagonals_format == "matrix":
            return tf.linalg.diag_part(self._diagonals)
        if self._diagonals_format == "sequence":
            return tf.broadcast_to(self._diagonals[1], self.shape_tensor()[:-1])
        return self._diagonals[..., 1, :]

    def _to_dense(self) -> Any:
        if self._diagonals_format == "matrix":
            return tf.convert_to_tensor(self._diagonals)
        rows = self._diagonals
        if self._diagonals_format == "sequence":
            shape = self.shape_tensor()[:-1]
            rows = tf.stack([tf.broadcast_to(d, shape) for d in self._diagonals], -2)
        return tf.linalg.diag(rows, k=(-1, 1), align="LEFT_RIGHT")

    def _assert_self_adjoint(self) -> Any:
        if self._diagonals_format == "matrix":
            return tools.require(tf.equal(self._diagonals, tools.adjoint(self._diagonals)),
                                 "Matrix was not equal to its adjoint.", self._diagonals)
        upper, main, lower = [tf.convert_to_tensor(d) for d in (
            self._diagonals if self._diagonals_format == "sequence" else tf.unstack(self._diagonals, 3, axis=-2))]
        return tools.together([
            tools.require_real(main, "This tridiagonal operator contained non-zero imaginary values on the diagonal."),
            tools.require(tf.equal(tools.conj(lower[..., 1:]), upper[..., :-1]), "This tridiagonal operator has "
                          "non-conjugate subdiagonal and superdiagonal.", upper, lower)])
