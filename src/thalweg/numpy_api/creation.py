"""New arrays: constants, ranges, matrices with a pattern, index grids."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from .promotion import array, asarray, at_least, default_float, dtype_of, result_type
from .static import dim_of, shape_of


def zeros(shape: Any, dtype: Any = float) -> Any:
    """Zeros, in float64 unless a dtype is given."""
    return tf.zeros(shape, result_type(dtype) if dtype else default_float())


def empty(shape: Any, dtype: Any = float) -> Any:
    """As `zeros`: no tensor is left without values."""
    return zeros(shape, dtype)


def zeros_like(a: Any, dtype: Any = None) -> Any:
    """Zeros in the shape of `a`, and in its dtype unless one is given."""
    return tf.zeros_like(a, dtype_of(a, dtype))


def empty_like(a: Any, dtype: Any = None) -> Any:
    """As `zeros_like`."""
    return zeros_like(a, dtype)


def ones(shape: Any, dtype: Any = float) -> Any:
    """Ones, in float64 unless a dtype is given."""
    return tf.ones(shape, result_type(dtype) if dtype else dtype)


def ones_like(a: Any, dtype: Any = None) -> Any:
    """Ones in the shape of `a`, and in its dtype unless one is given."""
    return tf.ones_like(a, dtype_of(a, dtype))


def full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """`fill_value`, a number or an array, broadcast to a shape."""
    if not isinstance(shape, tf.Tensor):
        shape = tf.convert_to_tensor(shape, dtype_hint=tf.int32)
    return tf.broadcast_to(asarray(fill_value, dtype), at_least(shape, 1))


def full_like(a: Any, fill_value: Any, dtype: Any = None, order: str = "K", subok: bool = True,
              shape: Any = None) -> Any:
    """`fill_value` broadcast to the shape of `a`, in its dtype unless one is given.

    Raises:
      ValueError: another `order`, `subok` or `shape` than the default.
    """
    if order != "K":
        raise ValueError("Non-standard orders are not supported.")
    if not subok:
        raise ValueError("subok being False is not supported.")
    if shape:
        raise ValueError("Overriding the shape is not supported.")
    a = asarray(a)
    out = tf.broadcast_to(asarray(fill_value, dtype or a.dtype), shape_of(a))
    out.set_shape(a.shape)
    return out


def eye(N: Any, M: Any = None, k: Any = 0, dtype: Any = float) -> Any:
    """A matrix of shape `[N, M]` with ones on its `k`-th diagonal."""
    dtype = result_type(dtype) if dtype else tf.float32
    rows, columns, k = int(N), int(M or N), int(k)
    length = min(rows + k, columns) if k < 0 else min(rows, columns - k)
    if length <= 0:
        return zeros([rows, columns], dtype)
    if not k:
        return tf.eye(rows, columns, dtype=dtype)
    return tf.linalg.diag(tf.ones([length], dtype), k=k, num_rows=rows, num_cols=columns)


def identity(n: Any, dtype: Any = float) -> Any:
    """The identity matrix of `n` rows."""
    return eye(n, n, dtype=dtype)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    """Numbers from `start` (0 if only one limit is given) up to `stop`, which is left out, `step` apart.

    The dtype is what the limits and the step promote to; the numbers themselves are counted in TensorFlow's dtype for
    them, so Python floats are float32 before they are cast.

    Raises:
      ValueError: the step is zero.
    """
    if not step:
        raise ValueError("step must be non-zero.")
    dtype = result_type(dtype) if dtype else result_type(start, step, *(() if stop is None else (stop,)))
    low, high = (0, start) if stop is None else (start, stop)
    if (step > 0 and low > high) or (step < 0 and low < high):
        return array([], dtype)
    return tf.cast(tf.range(start, limit=stop, delta=step), dtype)


def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = float,
             axis: int = 0) -> Any:
    """`num` numbers from `start` to `stop`, evenly spaced along a new `axis`.

    Args:
      start, stop: numbers or arrays.
      num: how many numbers.
      endpoint: whether `stop` is the last of them.
      retstep: whether the step between them is returned as well.
      dtype: None leaves the dtype to TensorFlow. Otherwise it is what `start` and `stop` promote to as floats, as in
        TensorFlow beside NumPy 2, whatever is given.
      axis: where the new axis is.

    Raises:
      ValueError: `num` is negative.
    """
    if dtype:
        dtype = result_type([start * 1.0, stop * 1.0])
    start, stop = array(start, dtype), array(stop, dtype)
    if num < 0:
        raise ValueError(f"Argument `num` (number of samples) must be a non-negative integer. Received: num={num}")
    step: Any = tf.constant(np.nan)
    if endpoint:
        out = tf.linspace(start, stop, num, axis=axis)
        step = (stop - start) / (num - 1) if num > 1 else step
    else:
        step = (stop - start) / num if num > 0 else step
        if num > 1:
            stop = tf.cast(stop, step.dtype) - step
            start = tf.cast(start, stop.dtype)
        out = tf.linspace(start, stop, num, axis=axis)
    if dtype:
        out = tf.cast(out, dtype)
    return (out, step) if retstep else out


def logspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None,
             axis: int = 0) -> Any:
    """`base` to the powers of `linspace(start, stop, num)`. As there, the limits decide the dtype."""
    dtype = result_type([start * 1.0, stop * 1.0])
    powers = linspace(start, stop, num, endpoint, dtype=dtype, axis=axis)
    return tf.cast(tf.pow(tf.cast(base, powers.dtype), powers), dtype)


def geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None,
              axis: int = 0) -> Any:
    """`num` numbers from `start` to `stop`, each the same multiple of the one before it."""
    from .elementwise import log10, real, sign
    from .shapes import moveaxis
    dtype = tf.as_dtype(dtype) if dtype else result_type(start, stop, float(num), default_float())
    working = np.promote_types(dtype.as_numpy_dtype, np.float32)
    start, stop = asarray(start, working), asarray(stop, working)
    # Two negative limits change their signs, and the numbers between them change theirs back.
    flip = 1 - (1 - sign(real(start))) * (1 - sign(real(stop))) // 2
    out = flip * logspace(log10(flip * start), log10(flip * stop), num, endpoint, base=10.0)
    return tf.cast(moveaxis(out, 0, axis) if axis else out, dtype)


def tri(N: Any, M: Any = None, k: int = 0, dtype: Any = None) -> Any:
    """A matrix of shape `[N, M]` with ones on and below its `k`-th diagonal."""
    columns = N if M is None else M
    dtype = result_type(dtype) if dtype is not None else tf.float64
    if k >= 0:
        whole = tf.ones([N, columns], dtype)
        return whole if k > columns else tf.linalg.band_part(whole, -1, k)
    if -k - 1 > N:
        return tf.zeros([N, columns], dtype)
    above = tf.linalg.band_part(tf.ones([N, columns], tf.bool), -k - 1, -1)
    return tf.cast(tf.logical_not(above), dtype)


def _triangle(name: str, m: Any, k: int, lower: bool) -> Any:
    m = asarray(m)
    if m.shape.rank is None:
        raise ValueError(f"Argument to {name} should have known rank")
    if m.shape.rank < 2:
        raise ValueError(f"Argument to {name} must have rank at least 2")
    rows, columns = m.shape.as_list()[-2:]
    if rows is None or columns is None:
        raise ValueError("Currently, the last two dimensions of the input array need to be known.")
    zero = tf.constant(0, m.dtype)
    mask = tf.broadcast_to(tri(rows, columns, k if lower else k - 1, bool), shape_of(m))
    return tf.where(mask, m, zero) if lower else tf.where(mask, zero, m)


def tril(m: Any, k: int = 0) -> Any:
    """The matrices with zeros above their `k`-th diagonals.

    Raises:
      ValueError: fewer than two dimensions, or the last two are not known.
    """
    return _triangle("tril", m, k, True)


def triu(m: Any, k: int = 0) -> Any:
    """The matrices with zeros below their `k`-th diagonals.

    Raises:
      ValueError: fewer than two dimensions, or the last two are not known.
    """
    return _triangle("triu", m, k, False)


def vander(x: Any, N: Any = None, increasing: bool = False) -> Any:
    """The matrix whose columns are powers of the vector `x`, the highest first unless they are increasing.

    Raises:
      ValueError: `x` is not a vector, or `N` is negative.
    """
    x = asarray(x)
    if x.shape.rank not in (None, 1):
        raise ValueError("x must be a one-dimensional array")
    count = dim_of(x, 0) if N is None else N
    known = tf.get_static_value(count) if isinstance(count, tf.Tensor) else count
    if known is not None:
        if known < 0:
            raise ValueError("N must be nonnegative")
        count = int(known)
    powers = tf.range(0, count, 1) if increasing else tf.range(count - 1, -1, -1)
    return tf.pow(tf.expand_dims(x, -1), tf.cast(powers, x.dtype))


def diag_indices(n: Any, ndim: int = 2) -> tuple[Any, ...]:
    """The indices of the main diagonal of an array with `ndim` axes of size `n`.

    Raises:
      ValueError: a negative argument.
    """
    for name, value in (("n", n), ("ndim", ndim)):
        if value < 0:
            raise ValueError(f"{name} argument to diag_indices must be nonnegative, got {value}")
    return (tf.range(n),) * ndim


def ix_(*args: Any) -> list[Any]:
    """Index vectors, or masks, shaped so that together they index a grid.

    Raises:
      ValueError: an argument is not a vector of integers or booleans.
    """
    from .selection import nonzero
    out = []
    for i, arg in enumerate(args):
        a = asarray(arg)
        if a.shape.rank is None:
            tf.debugging.Assert(tf.equal(tf.rank(a), 1), [tf.rank(a)])
        elif a.shape.rank != 1:
            raise ValueError(f"Arguments must be 1-d, got arg {i} of rank {a.shape.rank}")
        if a.dtype == tf.bool:
            a = nonzero(a)[0]
        elif not a.dtype.is_integer:
            raise ValueError(f"Only integer and bool dtypes are supported, got {a.dtype}")
        out.append(tf.reshape(a, [1] * i + [-1] + [1] * (len(args) - i - 1)))
    return out


def meshgrid(*xi: Any, **options: Any) -> Any:
    """The coordinates of a grid, one array an axis. `indexing` is "xy" or "ij".

    Raises:
      ValueError: `sparse=True` or `copy=False`, which TensorFlow does not have.
    """
    sparse, copy = options.get("sparse", False), options.get("copy", True)
    if sparse:
        raise ValueError(f"Function `meshgrid` does not support returning sparse arrays yet. Received: sparse={sparse}")
    if not copy:
        raise ValueError(f"Function `meshgrid` only supports copy=True. Received: copy={copy}")
    return tf.meshgrid(*[asarray(x) for x in xi], indexing=options.get("indexing", "xy"))
