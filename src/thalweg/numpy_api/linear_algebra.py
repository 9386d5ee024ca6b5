"""Products of matrices and vectors, and diagonals."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from .promotion import asarray, at_least, promote, result_type
from .shapes import moveaxis, ravel, reshape
from .static import broadcast, dim_of, rank_of, shape_of, when


def _product(a: tf.Tensor, b: tf.Tensor, contracted: Callable[[], Any]) -> Any:
    """`a * b` if one of them is a number, else their product as tensors."""
    ranks = rank_of(a), rank_of(b)
    number = 0 in ranks if all(isinstance(r, int) for r in ranks) else \
        tf.logical_or(tf.equal(ranks[0], 0), tf.equal(ranks[1], 0))
    return when(number, lambda: a * b, contracted)


def dot(a: Any, b: Any) -> Any:
    """The sum of products over the last axis of `a` and the last but one of `b`, or its only one."""
    a, b = promote(a, b)
    return _product(a, b, lambda: when(rank_of(b) == 1, lambda: tf.tensordot(a, b, [[-1], [-1]]),
                                       lambda: tf.tensordot(a, b, [[-1], [-2]])))


def inner(a: Any, b: Any) -> Any:
    """The sum of products over the last axes."""
    a, b = promote(a, b)
    return _product(a, b, lambda: tf.tensordot(a, b, [[-1], [-1]]))


def vdot(a: Any, b: Any) -> Any:
    """The inner product of the flattened arrays, the first one conjugated."""
    a, b = (ravel(x) for x in promote(a, b))
    return dot(tf.math.conj(a) if a.dtype.is_complex else a, b)


def outer(a: Any, b: Any) -> Any:
    """The products of every element of `a` with every element of `b`."""
    a, b = promote(a, b)
    return tf.reshape(a, [-1, 1]) * tf.reshape(b, [-1])


def matmul(x1: Any, x2: Any) -> Any:
    """The product of matrices; a vector is a row on the left and a column on the right.

    Raises:
      ValueError: the shapes do not fit.
    """
    x1, x2 = promote(x1, x2)

    def matrix() -> Any:
        return when(rank_of(x1) == 1, lambda: tf.tensordot(x1, x2, [[0], [-2]]), lambda: tf.matmul(x1, x2))
    try:
        return when(rank_of(x2) == 1, lambda: tf.tensordot(x1, x2, 1), matrix)
    except tf.errors.InvalidArgumentError as error:
        raise ValueError(str(error)) from error


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """The sum of products over several axes: how many at the end and the beginning, or which ones of each."""
    return tf.tensordot(*promote(a, b), axes)


def einsum(subscripts: str, *operands: Any, **options: Any) -> Any:
    """A sum of products that a formula describes, as `tf.einsum`.

    Args:
      subscripts: the formula.
      operands: its arrays.
      options: `casting`, "safe" for promotion or "no"; `optimize`, True, "greedy" or "optimal".

    Raises:
      ValueError: other options.
    """
    casting, optimize = options.get("casting", "safe"), options.get("optimize", False)
    if casting not in ("safe", "no"):
        raise ValueError("Invalid value for argument `casting`. Expected casting=\"safe\" or casting=\"no\". "
                         f"Received: casting={casting}")
    arrays = promote(*operands) if casting == "safe" else [asarray(x) for x in operands]
    if optimize not in (False, True, "greedy", "optimal"):
        raise ValueError("Invalid value for argument `optimize`. Expected one of {True, \"greedy\", \"optimal\"}. "
                         f"Received: optimize={optimize}")
    return tf.einsum(subscripts, *arrays, optimize="optimal" if optimize == "optimal" else "greedy")


def cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """The cross product of vectors with three components, or two, the third one being zero.

    Args:
      a, b: the vectors.
      axisa, axisb: the axes of their components.
      axisc: the axis of the result's. Two vectors of two components have one number as their product.
      axis: all three axes at once.
    """
    a, b = promote(a, b)
    if axis is not None:
        axisa = axisb = axisc = axis
    vectors = [moveaxis(a, axisa, -1), moveaxis(b, axisb, -1)]
    flat = [dim_of(x, -1) == 2 for x in vectors]

    def spatial(x: tf.Tensor, without_third: Any) -> Any:
        return when(without_third, lambda: tf.concat([x, tf.zeros_like(x[..., :1])], -1), lambda: x)
    c = tf.linalg.cross(*broadcast(*[spatial(x, f) for x, f in zip(vectors, flat, strict=True)]))
    plane = tf.logical_and(*flat) if any(isinstance(f, tf.Tensor) for f in flat) else all(flat)
    return when(plane, lambda: c[..., 2], lambda: moveaxis(c, -1, axisc))


def kron(a: Any, b: Any) -> Any:
    """The Kronecker product: `b` times every element of `a`, as blocks."""
    a, b = promote(a, b)
    rank = max(a.shape.rank, b.shape.rank)
    a, b = at_least(a, rank), at_least(b, rank)
    shapes = shape_of(a), shape_of(b)
    if all(isinstance(s, list) for s in shapes):
        left, right = ([d for pair in zip(*order, strict=True) for d in pair]
                       for order in ((shapes[0], [1] * rank), ([1] * rank, shapes[1])))
        whole: Any = [m * n for m, n in zip(*shapes, strict=True)]
    else:
        ones = [1] * rank
        left = tf.reshape(tf.stack([shapes[0], ones], 1), [-1])
        right = tf.reshape(tf.stack([ones, shapes[1]], 1), [-1])
        whole = tf.multiply(*shapes)
    return reshape(tf.reshape(a, left) * tf.reshape(b, right), whole)


def diag(v: Any, k: Any = 0) -> Any:
    """The matrix with a vector on its `k`-th diagonal; of a matrix that diagonal.

    Raises:
      ValueError, InvalidArgumentError: neither a vector nor a matrix.
    """
    v = asarray(v)
    rank = rank_of(v)
    v.shape.with_rank_at_most(2)
    if isinstance(rank, int):
        tf.debugging.Assert(rank in (1, 2), [rank])
    else:
        tf.debugging.Assert(tf.logical_or(tf.equal(rank, 1), tf.equal(rank, 2)), [rank])

    def matrix() -> Any:
        return when(tf.equal(tf.size(v), 0) if v.shape.num_elements() is None else v.shape.num_elements() == 0,
                    lambda: tf.zeros([abs(k), abs(k)], v.dtype), lambda: tf.linalg.diag(v, k=k))
    return when(rank == 1, matrix, lambda: _diagonal(v, k))


def _diagonal(a: tf.Tensor, k: Any) -> Any:
    """The `k`-th diagonal of the last two axes, which is empty if they do not reach so far."""
    rows, columns = dim_of(a, -2), dim_of(a, -1)
    known = all(isinstance(n, int) for n in (rows, columns, k))
    outside = k <= -rows or k >= columns if known else tf.logical_or(k <= -rows, k >= columns)

    def nothing() -> Any:
        return tf.zeros(tf.concat([tf.shape(a)[:-2], [0]], 0), a.dtype)
    return when(outside, nothing, lambda: tf.linalg.diag_part(a, k=k))


def diagonal(a: Any, offset: Any = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonals that two axes span; they become the last axis."""
    return _diagonal(moveaxis(asarray(a), (axis1, axis2), (-2, -1)), offset)


def diagflat(v: Any, k: Any = 0) -> Any:
    """The matrix with the flattened array on its `k`-th diagonal."""
    return diag(ravel(v), k)


def trace(a: Any, offset: Any = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    """The sums of the diagonals that two axes span."""
    from .reductions import sum as sum_of
    dtype = result_type(dtype) if dtype else None
    a = asarray(a, dtype)
    rank = a.shape.rank
    if offset == 0 and rank is not None and axis1 in (-2, rank - 2) and axis2 in (-1, rank - 1):
        return tf.linalg.trace(a)
    return sum_of(diagonal(a, offset, axis1, axis2), -1, dtype)
