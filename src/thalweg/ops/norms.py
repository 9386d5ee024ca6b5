"""Norms of vectors and matrices."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core.convert import convert_to_tensor
from ..core.scopes import scoped
from .arithmetic import pow
from .arrays import squeeze, transpose
from .common import conj
from .dynamic import joined, kept_shape, others, positive, rank_of
from .elementwise import abs, sqrt
from .reductions import reduce_max, reduce_sum

_MATRIX_NORMS = ["euclidean", "fro", 1, 2, np.inf]


def _check_matrix_norm(ord: Any, axis: Any) -> None:
    if not all(isinstance(a, (int, np.integer)) for a in axis) or axis[0] == axis[1]:
        raise ValueError(f"'axis' must be None, an integer, or a tuple of 2 unique integers, got {axis}")
    if ord not in _MATRIX_NORMS:
        raise ValueError(f"'ord' must be a supported matrix norm in {_MATRIX_NORMS}, got {ord}")


def _check_vector_norm(ord: Any, axis: Any) -> None:
    if axis is not None and not isinstance(axis, (int, np.integer)):
        raise ValueError(f"'axis' must be None, an integer, or a tuple of 2 unique integers, got {axis}")
    if ord != "euclidean" if isinstance(ord, str) else not ord > 0:
        raise ValueError(f"'ord' must be a supported vector norm, got {ord}")


def _spectral(x: Any, axes: tuple[int, int]) -> Any:
    """The largest singular value over two axes, which are kept."""
    from .arrays import reshape
    from .spectral import svd
    rank = x.shape.rank
    if rank is None:
        return _dynamic_spectral(x, axes)
    pair = [a % rank for a in axes]
    order = [i for i in range(rank) if i not in pair] + pair
    s = svd(transpose(x, order), compute_uv=False)
    largest = reduce_max(s, -1)
    known = x.shape.as_list()
    if None not in known:
        return reshape(largest, [1 if i in pair else d for i, d in enumerate(known)])
    from .arrays import expand_dims
    for a in sorted(pair):
        largest = expand_dims(largest, a)
    return largest


def _dynamic_spectral(x: Any, axes: tuple[int, int]) -> Any:
    """`_spectral` where only the running graph knows the rank."""
    from .arrays import reshape
    from .spectral import svd
    pair = positive(list(axes), rank_of(x))
    s = svd(transpose(x, joined(others(pair, rank_of(x)), pair)), compute_uv=False)
    return reshape(reduce_max(s, -1), kept_shape(x, pair))


@scoped("norm")
def norm(tensor: Any, ord: Any = "euclidean", axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """The norm of vectors or matrices.

    Args:
      tensor: floating-point or complex numbers.
      ord: for vectors "euclidean" or a positive number; for matrices "euclidean", "fro", 1, 2 or inf.
      axis: the axis of the vectors, a pair of axes of the matrices, or None for all elements as one vector.
      keepdims: keep the axes, with size 1.
      name: of the node.

    Raises:
      ValueError: another norm or axis.
    """
    is_matrix = isinstance(axis, (tuple, list)) and len(axis) == 2
    if is_matrix:
        axis = tuple(axis)
        _check_matrix_norm(ord, axis)
    else:
        _check_vector_norm(ord, axis)
        axis = None if axis is None else (int(axis),)
    x = convert_to_tensor(tensor)
    if is_matrix and ord == 2:
        result = _spectral(x, axis)
    elif ord in ("fro", "euclidean", 2):
        result = sqrt(reduce_sum(x * conj(x), axis, True))
    elif ord == 1:
        result = reduce_sum(abs(x), None if axis is None else axis[0], True)
        result = reduce_max(result, axis[1], True) if is_matrix else result
    elif ord == np.inf:
        result = reduce_sum(abs(x), axis[1], True) if is_matrix else abs(x)
        result = reduce_max(result, None if axis is None else axis[0], True)
    else:
        result = pow(reduce_sum(pow(abs(x), ord), axis, True), 1.0 / ord)
    return result if keepdims else squeeze(result, None if axis is None else list(axis))


def norm_v1(tensor: Any, ord: Any = "euclidean", axis: Any = None, keepdims: Any = None, name: str | None = None,
            keep_dims: Any = None) -> Any:
    """`norm`; `keep_dims` is an older name of `keepdims`."""
    return norm(tensor, ord, axis, keep_dims if keepdims is None else keepdims, name)


def normalize(tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The tensor over its norm, and the norm, see `norm`."""
    x = convert_to_tensor(tensor)
    length = norm(x, ord, axis, True)
    return x / length, length
