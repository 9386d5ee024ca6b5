"""Discrete cosine transforms of the types I to IV, on the Fourier transforms of real signals."""
from __future__ import annotations

import math
from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from .arrays import concat, pad, reverse
from .casting import cast
from .complex_numbers import complex as complex_of
from .complex_numbers import real
from .elementwise import rsqrt, sqrt
from .fourier_calls import irfft, rfft
from .framing import size_along
from .ranges import range as range_op
from .trigonometry import cos, sin

_INVERSE = {1: 1, 2: 3, 3: 2, 4: 4}


def _check(x: Any, type: int, n: Any, axis: Any, norm: str | None) -> None:
    if axis != -1:
        raise NotImplementedError(f"axis must be -1. Got: {axis}")
    if n is not None and n < 1:
        raise ValueError("n should be a positive integer or None")
    if type not in _INVERSE:
        raise ValueError("Types I, II, III and IV (I)DCT are supported.")
    if type == 1:
        if norm == "ortho":
            raise ValueError("Normalization is not supported for the Type-I DCT.")
        last = x.shape.as_list()[-1] if x.shape.rank is not None else None
        if last is not None and last < 2:
            raise ValueError("Type-I DCT requires the dimension to be greater than one.")
    if norm not in (None, "ortho"):
        raise ValueError(f"Unknown normalization. Expected None or 'ortho', got: {norm}")


def dct(input: Any, type: int = 2, n: Any = None, axis: int = -1, norm: str | None = None,
        name: str | None = None) -> Any:
    """The discrete cosine transform along the last axis.

    Args:
      input: float32 or float64.
      type: 1, 2, 3 or 4.
      n: the length that the signal is cropped or padded with zeros to; its own by default.
      axis: -1.
      norm: "ortho" for an orthonormal transform; not with type 1.
      name: makes no difference.

    Raises:
      ValueError: another type or norm.
      NotImplementedError: another axis.
    """
    x = convert_to_tensor(input)
    _check(x, type, n, axis, norm)
    return _transform(x, type, n, norm)


def idct(input: Any, type: int = 2, n: Any = None, axis: int = -1, norm: str | None = None,
         name: str | None = None) -> Any:
    """The inverse of `dct` up to a factor: without `norm="ortho"` the result has to be divided by `2 n`.

    Raises:
      ValueError: another type or norm than `dct` has.
      NotImplementedError: another axis than -1.
    """
    x = convert_to_tensor(input)
    _check(x, type, n, axis, norm)
    return _transform(x, _INVERSE[type], n, norm)


def _resized(x: Any, n: Any) -> Any:
    """The first `n` elements, or zeros behind those there are."""
    size = size_along(x, -1)
    rank = x.shape.rank
    if isinstance(n, int) and isinstance(size, int):
        if n <= size:
            return x[..., :n]
        return pad(x, [[0, 0]] * (rank - 1) + [[0, n - size]])
    from .arithmetic import maximum
    return pad(x[..., :n], [[0, 0]] * (rank - 1) + [[0, maximum(n - size, 0)]])


def _turns(n: Any, sign: float, dtype: dtypes.DType) -> Any:
    """`2 exp(sign i pi k / (2 n))` for `k = 0, ..., n - 1`."""
    size = cast(n, dtype)
    angle = range_op(size) * (sign * math.pi * 0.5) / size
    return complex_of(2.0 * cos(angle), 2.0 * sin(angle))


def _first_other(first: Any, other: Any, n: Any) -> Any:
    """A vector of one value and `n - 1` times another."""
    from .creation import fill
    return concat([first[None], fill([n - 1] if isinstance(n, int) else (n - 1)[None], other)], 0)


def _transform(x: Any, type: int, n: Any, norm: str | None) -> Any:
    if n is not None:
        x = _resized(x, n)
    size = size_along(x, -1)
    if not x.dtype.is_floating:
        raise TypeError(f"Cannot convert 0.0 to EagerTensor of dtype {x.dtype.name}")
    dtype, count = x.dtype, cast(size, x.dtype)
    if type == 1:
        return real(rfft(concat([x, reverse(x[..., 1:-1], [-1])], -1)))
    if type == 2:
        out = real(rfft(x, [2 * size])[..., :size] * _turns(size, -1.0, dtype))
        if norm == "ortho":
            first = 0.5 * rsqrt(count)
            out = out * _first_other(first, first * math.sqrt(2.0), size)
        return out
    if type == 3:
        if norm == "ortho":
            first = sqrt(count)
            x = x * _first_other(first, first * math.sqrt(0.5), size)
        else:
            x = x * count
        return irfft(_turns(size, 1.0, dtype) * complex_of(x, x * 0), [2 * size])[..., :size]
    out = _transform(x, 2, 2 * size, None)[..., 1::2]
    return out * (math.sqrt(0.5) * rsqrt(count)) if norm == "ortho" else out
