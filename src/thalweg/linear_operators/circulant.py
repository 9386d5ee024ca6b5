"""Circulant matrices, and matrices of blocks that are circulant in turn: convolutions with a kernel that wraps around."""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

import thalweg as tf

from . import tools
from .base import LinearOperator


class BaseLinearOperatorCirculant(LinearOperator):
    """What the circulant operators share. `block_depth` is how many of the spectrum's last dimensions make the rows."""

    def __init__(self, spectrum: Any, block_depth: int, input_output_dtype: Any = tf.complex64,
                 is_non_singular: bool | None = None, is_self_adjoint: bool | None = None,
                 is_positive_definite: bool | None = None, is_square: bool | None = True, parameters: Any = None,
                 name: str = "LinearOperatorCirculant") -> None:
        if block_depth not in (1, 2, 3):
            raise ValueError(f"Argument `block_depth` must be one of [1, 2, 3]. Received: {block_depth}.")
        self._block_depth = block_depth
        self._spectrum = tools.keep(spectrum)
        self._parameter_ndims = {"spectrum": block_depth}
        if self._spectrum.shape.rank is not None and self._spectrum.shape.rank < block_depth:
            raise ValueError(f"Argument `spectrum` must have at least {block_depth} dimensions. Received: {self._spectrum}.")
        if not self._spectrum.dtype.is_complex:
            if is_self_adjoint is False:
                raise ValueError("A real spectrum always corresponds to a self-adjoint operator. Expected argument "
                                 "`is_self_adjoint` to be True when `spectrum.dtype.is_complex` = True. "
                                 f"Received: {is_self_adjoint}.")
            is_self_adjoint = True
        if is_square is False:
            raise ValueError("A [[nested] block] circulant operator is always square. Expected argument `is_square` to be "
                             f"True. Received: {is_square}.")
        super().__init__(input_output_dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, True, name,
                         parameters)

    @property
    def block_depth(self) -> int:
        """How deep blocks of blocks are nested: 1, 2 or 3."""
        return self._block_depth

    @property
    def block_shape(self) -> Any:
        """The TensorShape of the grid that a vector stands for."""
        return self._spectrum.shape[-self._block_depth:]

    def block_shape_tensor(self) -> Any:
        """The shape of the grid as a tensor."""
        return tf.convert_to_tensor(self._block_sizes(), tf.int32)

    @property
    def spectrum(self) -> Any:
        """The transform of the kernel."""
        return self._spectrum

    def _block_sizes(self) -> Any:
        shape = self.block_shape
        return shape.as_list() if shape.is_fully_defined() else tf.shape(self._spectrum)[-self._block_depth:]

    def _shape(self) -> Any:
        sizes = self.block_shape
        n = prod(sizes.as_list()) if sizes.is_fully_defined() else None
        return self._spectrum.shape[:-self._block_depth].concatenate([n, n])

    def _shape_tensor(self) -> Any:
        shape = tf.shape(self._spectrum)
        n = tf.reduce_prod(shape[-self._block_depth:])
        return tf.concat([shape[:-self._block_depth], [n, n]], 0)

    def _axes(self) -> list[int]:
        return list(range(-self._block_depth, 0))

    def _complex_spectrum(self) -> Any:
        spectrum = tf.convert_to_tensor(self._spectrum)
        if spectrum.dtype.is_complex:
            return spectrum
        return tf.cast(spectrum, tf.complex128 if spectrum.dtype == tf.float64 else tf.complex64)

    def _fft(self, x: Any) -> Any:
        return {1: tf.signal.fft, 2: tf.signal.fft2d, 3: tf.signal.fft3d}[self._block_depth](x)

    def _ifft(self, x: Any) -> Any:
        return {1: tf.signal.ifft, 2: tf.signal.ifft2d, 3: tf.signal.ifft3d}[self._block_depth](x)

    def _filtered(self, x: Any, adjoint: bool, adjoint_arg: bool, divide: bool) -> Any:
        """Columns as grids, multiplied or divided by the spectrum."""
        spectrum = self._complex_spectrum()
        spectrum = tools.conj(spectrum) if adjoint else spectrum
        # The columns become the first of the grid's leading dimensions, so that they broadcast against the spectrum's.
        rows = tf.cast(tools.conj(x) if adjoint_arg else tf.linalg.matrix_transpose(x), spectrum.dtype)
        shape = tools.shape_of(rows)
        grids = tf.reshape(rows, tools.joined(shape[:-1], self._block_sizes()))
        sizes = tools.shape_of(spectrum)
        depth = self._block_depth
        lifted = tf.reshape(spectrum, tools.joined(sizes[:-depth], [1], sizes[-depth:]))
        moved = self._fft(grids)
        out = self._ifft(moved / lifted if divide else moved * lifted)
        out_shape = tools.shape_of(out)
        flat = tf.reshape(out, tools.joined(out_shape[:-depth], shape[-1:]))
        return tools.as_dtype(tf.linalg.matrix_transpose(flat), self.dtype)

    def _matmul(self, x: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._filtered(x, adjoint, adjoint_arg, False)

    def _solve(self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False) -> Any:
        return self._filtered(rhs, adjoint, adjoint_arg, True)

    def _same_kind(self, other: Any) -> bool:
        return isinstance(other, BaseLinearOperatorCirculant) and isinstance(self, type(other))

    def _made(self, spectrum: Any, **arguments: Any) -> Any:
        return type(self)(spectrum, **arguments)

    def _linop_adjoint(self) -> Any:
        return self._made(tools.conj(tf.convert_to_tensor(self._spectrum)), input_output_dtype=self.dtype, **self._hints())

    def _linop_inverse(self) -> Any:
        return self._made(1.0 / self._spectrum, input_output_dtype=self.dtype, **self._hints())

    def _linop_matmul(self, left_operator: Any, right_operator: Any) -> Any:
        if not left_operator._same_kind(right_operator):
            return super()._linop_matmul(left_operator, right_operator)
        return self._made(left_operator.spectrum * right_operator.spectrum, input_output_dtype=self.dtype,
                          **tools.commuting_hints(left_operator, right_operator))

    def _linop_solve(self, left_operator: Any, right_operator: Any) -> Any:
        if not left_operator._same_kind(right_operator):
            return super()._linop_solve(left_operator, right_operator)
        return self._made(right_operator.spectrum / left_operator.spectrum, input_output_dtype=self.dtype,
                          **tools.commuting_hints(left_operator, right_operator))

    def convolution_kernel(self, name: str = "convolution_kernel") -> Any:
        """The kernel, whose transform is the spectrum."""
        with self._scope(name):
            return tools.as_dtype(self._ifft(self._complex_spectrum()), self.dtype)

    def _determinant(self) -> Any:
        return tools.as_dtype(tf.reduce_prod(self._spectrum, self._axes()), self.dtype)

    def _log_abs_determinant(self) -> Any:
        return tf.cast(tf.reduce_sum(tf.math.log(tf.abs(self._spectrum)), self._axes()), self.dtype)

    def _trace(self) -> Any:
        return tools.as_dtype(tf.reduce_sum(self._spectrum, self._axes()), self.dtype)

    def _diag_part(self) -> Any:
        n = self._size()
        ones = tf.ones(tools.joined(self._batch(), [n]), self.dtype)
        return (self.trace() / tf.cast(n, self.dtype))[..., None] * ones

    def _flat_spectrum(self) -> Any:
        return tf.reshape(self._spectrum, tools.joined(self._batch(), [self._size()]))

    def _eigvals(self) -> Any:
        return self._flat_spectrum()

    def _cond(self) -> Any:
        sizes = tf.abs(self._flat_spectrum())
        return tf.reduce_max(sizes, -1) / tf.reduce_min(sizes, -1)

    def assert_hermitian_spectrum(self, name: str = "assert_hermitian_spectrum") -> Any:
        """Raises InvalidArgumentError unless the kernel is real up to precision; in a graph, the operation that does."""
        with self._scope(name):
            real = self.dtype.real_dtype
            most = float(np.finfo(real.as_numpy_dtype).eps) * tf.cast(self._size(), real)
            return tools.require(tf.abs(tf.math.imag(self.convolution_kernel())) < most, "Spectrum was not Hermitian")

    def _assert_non_singular(self) -> Any:
        return tools.require_no_zeros(tf.convert_to_tensor(self._spectrum),
                                      "Singular operator:  Spectrum contained zero values.")

    def _assert_positive_definite(self) -> Any:
        return tools.require(tf.math.real(self._spectrum) > 0,
                             "Not positive definite:  Real part of spectrum was not all positive.", self._spectrum)

    def _assert_self_adjoint(self) -> Any:
        return tools.require_real(tf.convert_to_tensor(self._spectrum),
                                  "Not self-adjoint:  The spectrum contained non-zero imaginary part.")


class LinearOperatorCirculant(BaseLinearOperatorCirculant):
    """The operator of circulant matrices: every column is the one before it, moved down by one and wrapped around.

    Args:
      spectrum: the Fourier transform of the first column, shape `[..., n]`.
      input_output_dtype: of what is multiplied and of products.
      is_non_singular: a hint.
      is_self_adjoint: a hint, which an operator with a real spectrum always is.
      is_positive_definite: a hint.
      is_square: always so.
      name: prefix of the names of nodes.

    Raises:
      ValueError: too few dimensions, or a hint that is never true.
    """

    def __init__(self, spectrum: Any, input_output_dtype: Any = tf.complex64, is_non_singular: bool | None = None,
                 is_self_adjoint: bool | None = None, is_positive_definite: bool | None = None,
                 is_square: bool | None = True, name: str = "LinearOperatorCirculant") -> None:
        parameters = {"spectrum": spectrum, "input_output_dtype": input_output_dtype,
                      "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        super().__init__(spectrum, 1, input_output_dtype, is_non_singular, is_self_adjoint, is_positive_definite, is_square,
                         parameters, name)
