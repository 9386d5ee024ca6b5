"""Windows: weights that fade a stretch of a signal in and out."""
from __future__ import annotations

import math
from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from .activations import relu
from .arrays import concat, reverse
from .casting import cast
from .common import static_value
from .creation import ones
from .cumulative import cumsum
from .elementwise import exp, sqrt
from .ranges import range as range_op
from .special import bessel_i0e
from .trigonometry import cos, sin


def _length(window_length: Any, dtype: Any) -> tuple[Any, dtypes.DType]:
    """The length as an int32 tensor, and the dtype.

    Raises:
      ValueError: the dtype is no floating-point one, or the length is no scalar.
    """
    kind = dtypes.as_dtype(dtype)
    if not kind.is_floating:
        raise ValueError(f"dtype must be a floating point type. Found {kind!s}")
    length = convert_to_tensor(window_length, dtypes.int32)
    length.shape.assert_has_rank(0)
    return length, kind


def _is_one(length: Any) -> bool:
    known = static_value(length)
    return known is not None and int(known) == 1


def kaiser_window(window_length: Any, beta: Any = 12.0, dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """The Kaiser window: a Bessel function of half an ellipse.

    Args:
      window_length: a scalar.
      beta: how narrow it is.
      dtype: of the result, a floating-point one.
      name: makes no difference.

    Returns:
      Shape `[window_length]`.

    Raises:
      ValueError: another dtype, or the length is no scalar.
    """
    length, kind = _length(window_length, dtype)
    if _is_one(length):
        return ones([1], kind)
    half = (cast(length, dtypes.float32) - 1.0) / 2.0
    places = cast(range_op(-half, half + 0.1, dtype=dtypes.float32), kind)
    beta, half = cast(convert_to_tensor(beta), kind), cast(half, kind)
    ratio = places / half
    height = beta * sqrt(relu(1.0 - ratio * ratio))
    return exp(height - beta) * (bessel_i0e(height) / bessel_i0e(beta))


def kaiser_bessel_derived_window(window_length: Any, beta: Any = 12.0, dtype: Any = dtypes.float32,
                                 name: str | None = None) -> Any:
    """The window whose squares add up to one in overlapping halves, made of sums of `kaiser_window`.

    Raises:
      ValueError: `dtype` is no floating-point one, or the length is no scalar.
    """
    length, kind = _length(window_length, dtype)
    sums = cumsum(kaiser_window(length // 2 + 1, beta, kind))
    half = sqrt(sums[:-1] / sums[-1])
    return concat([half, reverse(half, [0])], 0)


def vorbis_window(window_length: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """The window of the Vorbis format: the sine of a squared sine.

    Raises:
      ValueError: `dtype` is no floating-point one, or the length is no scalar.
    """
    length, kind = _length(window_length, dtype)
    places = cast(range_op(length), kind) + 0.5
    inner = sin(math.pi / cast(length, kind) * places)
    return sin(math.pi / 2.0 * inner * inner)


def hann_window(window_length: Any, periodic: Any = True, dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """One period of a raised cosine, from zero to one and back.

    Args:
      window_length: a scalar.
      periodic: leave out the last zero, where the length is even, so that windows follow one another smoothly.
      dtype: of the result, a floating-point one.
      name: makes no difference.

    Returns:
      Shape `[window_length]`.

    Raises:
      ValueError: another dtype, or the length is no scalar.
    """
    return _raised_cosine(window_length, periodic, dtype, 0.5, 0.5)


def hamming_window(window_length: Any, periodic: Any = True, dtype: Any = dtypes.float32,
                   name: str | None = None) -> Any:
    """A raised cosine that starts at 0.08; see `hann_window`."""
    return _raised_cosine(window_length, periodic, dtype, 0.54, 0.46)


def _raised_cosine(window_length: Any, periodic: Any, dtype: Any, a: float, b: float) -> Any:
    from .comparison import select
    length, kind = _length(window_length, dtype)
    if _is_one(length):
        return ones([1], kind)
    known = static_value(length)
    if known is not None and isinstance(periodic, bool):
        period = cast(int(known) - (0 if periodic and known % 2 == 0 else 1), kind)
    else:
        wrap = cast(convert_to_tensor(periodic, dtypes.bool), dtypes.int32)
        period = cast(length + wrap * (1 - length % 2) - 1, kind)
    places = cast(range_op(length), kind)
    window = a - b * cos(convert_to_tensor(2.0 * math.pi, kind) * places / period)
    return window if known is not None else select(length == 1, cast(1.0, kind), window)
