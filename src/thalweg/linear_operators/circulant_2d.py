"""Circulant matrices over grids of two dimensions."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .circulant import BaseLinearOperatorCirculant


class LinearOperatorCirculant2D(BaseLinearOperatorCirculant):
    """The operator of convolutions over a grid of two dimensions that wraps around; a vector stands for the grid.

    Args:
      spectrum: the Fourier transform of the kernel, shape `[..., n0, n1]`.
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
                 is_square: bool | None = True, name: str = "LinearOperatorCirculant2D") -> None:
        parameters = {"spectrum": spectrum, "input_output_dtype": input_output_dtype,
                      "is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                      "is_positive_definite": is_positive_definite, "is_square": is_square, "name": name}
        super().__init__(spectrum, 2, input_output_dtype, is_non_singular, is_self_adjoint, is_positive_definite, is_square,
                         parameters, name)
