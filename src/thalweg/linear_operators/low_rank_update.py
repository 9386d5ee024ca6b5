"""An operator and a perturbation of low rank."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import tools
from .base import LinearOperator
from .diag import LinearOperatorDiag
from .identity import LinearOperatorIdentity


class LinearOperatorLowRankUpdate(LinearOperator):
    """The operator `L + U D V^H`, where `U` and `V` have few columns.

    Systems are solved by Woodbury's identity, determinants found by the matrix determinant lemma: both need those of `L`
    and a matrix of the few columns' size, the capacitance `D^-1 + V^H L^-1 U`.

    Args:
      base_operator: `L`.
      u: shape `[..., rows, k]`.
      diag_update: the diagonal of `D`, shape `[..., k]`; ones by default.
      v: shape `[..., columns, k]`; `u` by default.
      is_diag_update_positive: a hint.
      is_non_singular: a hint.
      is_self_adjoint: a hint.
      is_positive_definite: a hint.
      is_square: a hint.
      name: prefix of the names of nodes.

    Raises:
      ValueError: sizes that do not fit, or hints that contradict one another.
    """

    _parameter_ndims = {"base_operator": 0, "u": 2, "diag_update": 1, "v": 2}

    def __init__(self, base_operator: Any, u: Any, diag_update: Any = None, v: Any = None,
                 is_diag_update_positive: bool | None = None, is_non_singular: bool | None = None,
                 is_self_adjoint: bool | None = None, is_positive_definite: bool | None = None,
                 is_square: bool | None = None, name: str = "LinearOperatorLowRankUpdate") -> None:
        parameters = {"base_operator": base_operator, "u": u, "diag_update": diag_update, "v": v,
                      "is_diag_update_positive": is_diag_update_positive, "is_non_singular": is_non_singular,
                      "is_self_adjoint": is_self_adjoint, "is_positive_definite": is_positive_definite,
                      "is_square": is_square, "name": name}
        dtype = base_operator.dtype
        if diag_update is None:
            if is_diag_update_positive is False:
                raise ValueError("Default diagonal is the identity, which is positive.  However, user set "
                                 "'is_diag_update_positive' to False.")
            is_diag_update_positive = True
        self._use_cholesky = bool(base_operator.is_positive_definite and base_operator.is_self_adjoint
                                  and is_diag_update_positive and v is None)
        if base_operator.is_self_adjoint and v is None and not dtype.is_complex:
            if is_self_adjoint is False:
                raise ValueError("A = L + UDU^H, with L self-adjoint and D real diagonal.  Since UDU^H is self-adjoint, this "
                                 "must be a self-adjoint operator.")
            is_self_adjoint = True
        if self._use_cholesky:
            if is_positive_definite is False or is_self_adjoint is False or is_non_singular is False:
                raise ValueError("Arguments imply this is self-adjoint positive-definite operator.")
            is_positive_definite = is_self_adjoint = True
        self._base_operator = base_operator
        self._u = tools.keep(u)
        self._v = self._u if v is None else tools.keep(v)
        self._given_v = v is not None
        self._diag_update = tools.keep(diag_update)
        super().__init__(dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name, parameters)
        columns = self._u.shape.as_list()[-1] if self._u.shape.rank is not None else None
        self._diag_operator = \
            LinearOperatorDiag(self._diag_update, is_positive_definite=is_diag_update_positive) \
            if diag_update is not None else \
            LinearOperatorIdentity(tf.shape(self._u)[-1] if columns is None else columns, dtype=dtype)
        self._is_diag_update_positive = is_diag_update_positive
        self._check_shapes()

    def _check_shapes(self) -> None:
        both = tf.broadcast_static_shape(self._u.shape, self._v.shape)
        batch = tf.broadcast_static_shape(self._base_operator.batch_shape, both[:-2])
        if both.rank is not None:
            self._base_operator.domain_dimension.assert_is_compatible_with(both[-2])
        if self._diag_update is not None and self._diag_update.shape.rank is not None:
            if both.rank is not None and not both[-1:].is_compatible_with(self._diag_update.shape[-1:]):
                raise ValueError(f"Dimensions {both[-1]} and {self._diag_update.shape[-1]} are not compatible")
            tf.broadcast_static_shape(batch, self._diag_update.shape[:-1])

    @property
    def base_operator(self) -> Any:
        """`L`."""
        return self._base_operator

    @property
    def u(self) -> Any:
        """`U`."""
        return self._u

    @property
    def v(self) -> Any:
        """`V`."""
        return self._v

    @property
    def diag_update(self) -> Any:
        """The diagonal of `D`, or None."""
        return self._diag_update

    @property
    def diag_operator(self) -> Any:
        """`D`, as an operator."""
        return self._diag_operator

    @property
    def is_diag_update_positive(self) -> bool | None:
        """The hint."""
        return self._is_diag_update_positive

    def _split_parameters(self) -> tuple[dict[str, Any], dict[str, Any]]:
        tensors, others = super()._split_parameters()
        if not self._given_v:
            del tensors["v"]
            others["v"] = None
        return tensors, others

    def _shape(self) -> Any:
        batch = tools.broadcast_static([self._base_operator.batch_shape, self._diag_operator.batch_shape,
                                        self._u.shape[:-2], self._v.shape[:-2]])
        return batch.concatenate(self._base_operator.shape[-2:])

    def _shape_tensor(self) -> Any:
        batch = tools.broadcast_shapes([self._base_operator.batch_shape_tensor(), self._diag_operator.batch_shape_tensor(),
                                        tf.shape(self._u)[:-2], tf.shape(self._v)[:-2]])
        return tf.concat([batch, self._base_operator.shape_tensor()[-2:]], 0)

    def _both(self) -> tuple[Any, Any]:
        u = tf.convert_to_tensor(self._u)
        return u, u if self._v is self._u else tf.convert_to_tensor(self._v)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        u, v = reversed(self._both()) if adjoint else self._both()
        update = self._diag_operator.matmul(tf.matmul(v, x, adjoint_a=True, adjoint_b=adjoint_arg), adjoint=adjoint)
        return self._base_operator.matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg) + tf.matmul(u, update)

    def _capacitance(self) -> Any:
        u, v = self._both()
        inner = tf.matmul(v, self._base_operator.solve(u), adjoint_a=True)
        return self._diag_operator.inverse().add_to_tensor(inner)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        if self._base_operator.is_non_singular is False:
            raise ValueError("Solve not implemented unless this is a perturbation of a non-singular LinearOperator.")
        u, v = reversed(self._both()) if adjoint else self._both()
        base = self._base_operator
        plain = base.solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)
        inner = tf.matmul(v, plain, adjoint_a=True)
        if self._use_cholesky:
            factor, inner = tools.broadcast_batches([tf.linalg.cholesky(self._capacitance()), inner])
            inner = tf.linalg.cholesky_solve(factor, inner)
        else:
            inner = tools.solve(self._capacitance(), inner, adjoint=adjoint)
        return plain - base.solve(tf.matmul(u, inner), adjoint=adjoint)

    def _determinant(self) -> Any:
        if self.is_positive_definite:
            return tf.exp(self.log_abs_determinant())
        return tf.linalg.det(self._capacitance()) * self._diag_operator.determinant() * self._base_operator.determinant()

    def _log_abs_determinant(self) -> Any:
        rest = self._diag_operator.log_abs_determinant() + self._base_operator.log_abs_determinant()
        if self._use_cholesky:
            diagonal = tf.linalg.diag_part(tf.linalg.cholesky(self._capacitance()))
            return 2 * tf.reduce_sum(tf.math.log(diagonal), [-1]) + rest
        return tf.cast(tf.math.log(tf.abs(tf.linalg.det(self._capacitance()))), self.dtype) + rest

    def _diag_part(self) -> Any:
        u, v = self._both()
        product = u * tools.conj(v)
        if self._diag_update is not None:
            product = product * tf.convert_to_tensor(self._diag_update)[..., None, :]
        return tf.reduce_sum(product, -1) + self._base_operator.diag_part()

    def _assert_self_adjoint(self) -> Any:
        if self._u is self._v and self._diag_update is None:
            return self._base_operator.assert_self_adjoint()
        return super()._assert_self_adjoint()
