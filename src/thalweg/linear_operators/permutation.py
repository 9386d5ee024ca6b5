"""Permutations of rows."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from . import tools
from .base import LinearOperator


class LinearOperatorPermutation(LinearOperator):
    """The operator of matrices with a single one in each row and column.

    Args:
      perm: integers, shape `[..., n]`: row `i` of a product is row `perm[i]` of what was multiplied.
      dtype: of the elements.
      is_non_singular: always so.
      is_self_adjoint: a hint.
      is_positive_definite: a hint.
      is_square: always so.
      name: prefix of the names of nodes.

    Raises:
      TypeError: no integers.
      ValueError: a scalar, values that are not those from zero to `n - 1`, or a hint that is never true.
    """

    _parameter_ndims = {"perm": 1}

    def __init__(self, perm: Any, dtype: Any = tf.float32, is_non_singular: bool | None = None,
                 is_self_adjoint: bool | None = None, is_positive_definite: bool | None = None,
                 is_square: bool | None = None, name: str = "LinearOperatorPermutation") -> None:
        parameters = {"perm": perm, "dtype": dtype, "is_non_singular": is_non_singular,
                      "is_self_adjoint": is_self_adjoint, "is_positive_definite": is_positive_definite,
                      "is_square": is_square, "name": name}
        self._perm = tools.keep(perm)
        if self._perm.shape.rank is not None and self._perm.shape.rank < 1:
            raise ValueError(f"Argument `perm` must have at least 1 dimension. Received: {self._perm}.")
        if not self._perm.dtype.is_integer:
            raise TypeError(f"Argument `perm` must be integer dtype. Received: {self._perm}.")
        known = None if isinstance(self._perm, tf.Variable) else tf.get_static_value(self._perm)
        if known is not None and np.any(np.sort(known, -1) != np.arange(known.shape[-1])):
            raise ValueError(f"Argument `perm` must be a vector of unique integers from 0 to {known.shape[-1] - 1}.")
        if is_non_singular is False:
            raise ValueError("A Permutation operator is always non-singular. Expected argument `is_non_singular` to be True. "
                             f"Received: {is_non_singular}.")
        if is_square is False:
            raise ValueError("A Permutation operator is always square. Expected argument `is_square` to be True. "
                             f"Received: {is_square}.")
        super().__init__(dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, True, name, parameters)

    @property
    def perm(self) -> Any:
        """Which row comes where."""
        return self._perm

    def _shape(self) -> Any:
        return self._perm.shape.concatenate(self._perm.shape[-1:])

    def _shape_tensor(self) -> Any:
        shape = tf.shape(self._perm)
        return tf.concat([shape, shape[-1:]], 0)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        perm = tf.convert_to_tensor(self._perm)
        if adjoint and not self.is_self_adjoint:
            perm = tf.argsort(perm, axis=-1)
        x = tools.adjoint(x) if adjoint_arg else x
        if perm.shape.rank == 1:
            return tf.gather(x, perm, axis=-2)
        x_shape, perm_shape = tools.shape_of(x), tools.shape_of(perm)
        rows = tools.broadcast_shapes([x_shape[:-1], perm_shape])
        whole = tools.joined(rows, x_shape[-1:])
        x, perm = tf.broadcast_to(x, whole), tf.broadcast_to(perm, rows)
        return tf.gather(x, perm, axis=-2, batch_dims=perm.shape.rank - 1)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._matmul(rhs, adjoint=not adjoint, adjoint_arg=adjoint_arg)

    def _log_abs_determinant(self) -> Any:
        return tf.zeros(self._batch(), self.dtype)

    def _places(self) -> Any:
        return tf.range(tf.cast(self._size(), self._perm.dtype))

    def _to_dense(self) -> Any:
        return tf.cast(tf.equal(self._places(), tf.convert_to_tensor(self._perm)[..., None]), self.dtype)

    def _diag_part(self) -> Any:
        return tf.cast(tf.equal(self._places(), self._perm), self.dtype)

    def _cond(self) -> Any:
        return tf.ones(self._batch(), self.dtype)

    def _assert_non_singular(self) -> Any:
        return tf.no_op()
