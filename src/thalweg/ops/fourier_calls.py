"""The Fourier transforms that users call: `fft_length` is worked out and short signals are padded here."""
from __future__ import annotations

import math
from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from .arrays import pad, roll, stack
from .common import static_shape, static_value
from .creation import ints, zeros
from .dynamic import joined, product_of, rank_of, shape_tensor
from .fourier import (
    complex_transform,
    complex_transform_nd,
    inverse_real_transform,
    inverse_real_transform_nd,
    real_transform,
    real_transform_nd,
)


def fft(input: Any, name: str | None = None) -> Any:
    """The discrete Fourier transform of a complex64 or complex128 tensor along its last axis.

    Raises:
      InvalidArgumentError: a scalar, or another dtype.
    """
    return complex_transform(input, 1, False, name)


def ifft(input: Any, name: str | None = None) -> Any:
    """The inverse of `fft`, with the factor `1 / n`."""
    return complex_transform(input, 1, True, name)


def fft2d(input: Any, name: str | None = None) -> Any:
    """The transform of a complex tensor along its last two axes."""
    return complex_transform(input, 2, False, name)


def ifft2d(input: Any, name: str | None = None) -> Any:
    """The inverse of `fft2d`."""
    return complex_transform(input, 2, True, name)


def fft3d(input: Any, name: str | None = None) -> Any:
    """The transform of a complex tensor along its last three axes."""
    return complex_transform(input, 3, False, name)


def ifft3d(input: Any, name: str | None = None) -> Any:
    """The inverse of `fft3d`."""
    return complex_transform(input, 3, True, name)


def _lengths(fft_length: Any) -> Any:
    """The argument as a list of ints, or as a tensor where only the running graph knows it."""
    if isinstance(fft_length, (list, tuple)) and all(type(n) is int for n in fft_length):
        return list(fft_length)
    lengths = convert_to_tensor(fft_length, dtypes.int32)
    known = static_value(lengths)
    if known is None:
        return lengths
    if known.ndim != 1:
        raise TypeError("fft_length must be a vector of integers.")
    return known.tolist()


def _sizes(x: Any, axes: list[int]) -> Any:
    """The sizes along some axes."""
    dims = x.shape.as_list() if x.shape.rank is not None else None
    if dims is not None:
        found = [dims[a] for a in axes]
        if None not in found:
            return found
    whole = shape_tensor(x)
    return stack([whole[a] for a in axes])


def _doubled(lengths: Any) -> Any:
    """The length of the real signal that has so many frequencies, unless told otherwise: an even one."""
    if isinstance(lengths, list):
        return [*lengths[:-1], max(0, 2 * (lengths[-1] - 1))]
    from .arithmetic import maximum
    return joined(lengths[:-1], maximum(2 * (lengths[-1:] - 1), 0))


def _halved(lengths: Any) -> Any:
    if isinstance(lengths, list):
        return [*lengths[:-1], lengths[-1] // 2 + 1] if lengths else lengths
    return joined(lengths[:-1], lengths[-1:] // 2 + 1)


def _padded(x: Any, lengths: Any, axes: list[int]) -> Any:
    """Zeros behind a signal that is shorter than `lengths` along the axes; an empty one stays empty."""
    shape = static_shape(x)
    if shape is not None and 0 in shape:
        return x
    if isinstance(lengths, list) and shape is not None:
        paddings = [[0, 0] for _ in shape]
        if len(lengths) != len(axes):
            return x  # the op says it
        for n, a in zip(lengths, axes, strict=True):
            paddings[a][1] = max(0, n - shape[a])
        return pad(x, paddings) if any(after for _, after in paddings) else x
    from .arithmetic import maximum
    from .ranges import one_hot
    lengths, rank = convert_to_tensor(lengths, dtypes.int32), rank_of(x)
    whole = shape_tensor(x)
    places = convert_to_tensor([a if a >= 0 else rank + a for a in axes], dtypes.int32)
    missing = maximum(lengths - stack([whole[a] for a in axes]), 0)
    from .reductions import reduce_sum
    after = reduce_sum(one_hot(places, rank, dtype=dtypes.int32) * missing[:, None], 0)
    return pad(x, stack([zeros([rank], dtypes.int32), after], 1))


def _real(x: Any, rank: int) -> Any:
    x = convert_to_tensor(x, dtype_hint=dtypes.float32)
    if x.dtype not in (dtypes.float32, dtypes.float64):
        raise ValueError(f"RFFT requires tf.float32 or tf.float64 inputs, got: {x!s}")
    x.shape.with_rank_at_least(rank)
    return x


def _complex(x: Any, rank: int) -> Any:
    x = convert_to_tensor(x, dtype_hint=dtypes.complex64)
    x.shape.with_rank_at_least(rank)
    if x.dtype not in (dtypes.complex64, dtypes.complex128):
        raise ValueError(f"IRFFT requires tf.complex64 or tf.complex128 inputs, got: {x!s}")
    return x


def _forward(x: Any, rank: int, fft_length: Any, name: str) -> Any:
    x, axes = _real(x, rank), list(range(-rank, 0))
    lengths = _sizes(x, axes) if fft_length is None else _lengths(fft_length)
    return real_transform(_padded(x, lengths, axes), rank, lengths, name)


def _backward(x: Any, rank: int, fft_length: Any, name: str) -> Any:
    x, axes = _complex(x, rank), list(range(-rank, 0))
    lengths = _doubled(_sizes(x, axes)) if fft_length is None else _lengths(fft_length)
    return inverse_real_transform(_padded(x, _halved(lengths), axes), rank, lengths, name)


def rfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The transform of a real signal along its last axis: the frequencies `0` to `n // 2`.

    Args:
      input_tensor: float32 or float64.
      fft_length: `[n]`, the length that the signal is cropped or padded with zeros to; its own by default.
      name: of the node.

    Raises:
      ValueError: another dtype, or a scalar.
    """
    return _forward(input_tensor, 1, fft_length, name or "rfft")


def rfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The transform of a real signal along its last two axes, the last of which is halved; see `rfft`."""
    return _forward(input_tensor, 2, fft_length, name or "rfft2d")


def rfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The transform of a real signal along its last three axes, the last of which is halved; see `rfft`."""
    return _forward(input_tensor, 3, fft_length, name or "rfft3d")


def irfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The real signal whose `rfft` is given.

    Args:
      input_tensor: complex64 or complex128.
      fft_length: `[n]`, the length of the signal; twice the last frequency by default, so an odd one must be told.
      name: of the node.

    Raises:
      ValueError: another dtype, or a scalar.
    """
    return _backward(input_tensor, 1, fft_length, name or "irfft")


def irfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The real signal whose `rfft2d` is given; see `irfft`."""
    return _backward(input_tensor, 2, fft_length, name or "irfft2d")


def irfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The real signal whose `rfft3d` is given; see `irfft`."""
    return _backward(input_tensor, 3, fft_length, name or "irfft3d")


# Over any axes. These follow NumPy's functions of the same names.


def _axes(x: Any, axes: Any) -> list[int]:
    if axes is None:
        return list(range(x.shape.rank))
    known = static_value(axes if hasattr(axes, "dtype") else convert_to_tensor(axes, dtypes.int32))
    return ints(known)


def _norm(norm: str | None, x: Any, lengths: Any, inverse: bool) -> Any:
    """The signal times the factor by which a convention differs from the default, "backward"."""
    if norm in (None, "backward"):
        return x
    from .casting import cast
    from .elementwise import sqrt
    n = cast(math.prod(lengths) if isinstance(lengths, list) else product_of(lengths), x.dtype)
    factor = sqrt(n) if norm == "ortho" else n
    return x * factor if inverse else x / factor


def fftnd(input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: str | None = None,
          name: str | None = None) -> Any:
    """The transform of a complex tensor along some axes.

    Args:
      input_tensor: complex64 or complex128.
      fft_length: for each of the axes the length that the signal is cropped or padded to.
      axes: all of them by default.
      norm: "backward" (no factor here, `1 / n` on the way back), "forward" (the other way round) or "ortho"
        (`1 / sqrt(n)` both ways).
      name: of the node.
    """
    return _complex_nd(input_tensor, fft_length, axes, norm, False, name or "fftnd")


def ifftnd(input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: str | None = None,
           name: str | None = None) -> Any:
    """The inverse of `fftnd`."""
    return _complex_nd(input_tensor, fft_length, axes, norm, True, name or "ifftnd")


def _complex_nd(x: Any, fft_length: Any, axes: Any, norm: str | None, inverse: bool, name: str) -> Any:
    x = convert_to_tensor(x, dtype_hint=dtypes.complex64)
    along = _axes(x, axes)
    lengths = _sizes(x, along) if fft_length is None else _lengths(fft_length)
    x = _norm(norm, _padded(x, lengths, along), lengths, inverse)
    return complex_transform_nd(x, lengths, along, inverse, name)


def rfftnd(input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: str | None = None,
           name: str | None = None) -> Any:
    """The transform of a real tensor along some axes, the last of which is halved; see `fftnd`.

    Raises:
      ValueError: neither float32 nor float64.
    """
    x = _real(input_tensor, 1)
    along = _axes(x, axes)
    lengths = _sizes(x, along) if fft_length is None else _lengths(fft_length)
    x = _norm(norm, _padded(x, lengths, along), lengths, False)
    return real_transform_nd(x, lengths, along, name or "rfftnd")


def irfftnd(input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: str | None = None,
            name: str | None = None) -> Any:
    """The real tensor whose `rfftnd` is given; see `irfft` for the length of the last axis.

    Raises:
      ValueError: neither complex64 nor complex128.
    """
    x = _complex(input_tensor, 1)
    along = _axes(x, axes)
    lengths = _doubled(_sizes(x, along)) if fft_length is None else _lengths(fft_length)
    x = _norm(norm, _padded(x, _halved(lengths), along), lengths, True)
    return inverse_real_transform_nd(x, lengths, along, name or "irfftnd")


# Order of frequencies.


def _shifted(x: Any, axes: Any, sign: int, name: str | None) -> Any:
    x = convert_to_tensor(x)
    if isinstance(axes, int):
        return roll(x, sign * (shape_tensor(x)[axes] // 2), axes, name)
    along = list(range(x.shape.rank)) if axes is None else ints(static_value(axes))
    along = [a if a >= 0 else a + x.shape.rank for a in along]
    shape = static_shape(x)
    if shape is not None:
        return roll(x, [sign * (shape[a] // 2) for a in along], along, name)
    whole = shape_tensor(x)
    return roll(x, stack([sign * (whole[a] // 2) for a in along]), along, name)


def fftshift(x: Any, axes: Any = None, name: str | None = None) -> Any:
    """Turns the axes so that the frequency zero, which `fft` puts first, comes into the middle.

    Args:
      x: a tensor.
      axes: an axis or several; all of them by default.
      name: of the node.
    """
    return _shifted(x, axes, 1, name)


def ifftshift(x: Any, axes: Any = None, name: str | None = None) -> Any:
    """The inverse of `fftshift`."""
    return _shifted(x, axes, -1, name)
