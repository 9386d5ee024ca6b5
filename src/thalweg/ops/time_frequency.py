"""What a signal holds at which time: short-time Fourier and modified cosine transforms, mel scale, cepstrum."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from .arithmetic import maximum, minimum, pow
from .arrays import concat, expand_dims, pad, reshape, reverse, split, tile
from .casting import cast
from .common import static_value
from .comparison import select
from .cosine import dct
from .creation import zeros_like
from .elementwise import ceil, log, rsqrt, square
from .fourier_calls import irfft, rfft
from .framing import extended, frame, overlap_and_add, scalar, size_along
from .ranges import linspace
from .reductions import reduce_sum
from .signal_windows import hann_window, vorbis_window

Window = Callable[..., Any]


def _enclosing_power_of_two(n: Any) -> Any:
    if isinstance(n, int):
        return int(2**math.ceil(math.log2(n)))
    exponent = ceil(log(cast(n, dtypes.float32)) / math.log(2.0))
    return cast(pow(2.0, exponent), dtypes.int32)


def stft(signals: Any, frame_length: Any, frame_step: Any, fft_length: Any = None, window_fn: Window | None = hann_window,
         pad_end: bool = False, name: str | None = None) -> Any:
    """The short-time Fourier transform: the transforms of overlapping frames of a real signal.

    Args:
      signals: float32 or float64, shape `[..., samples]`.
      frame_length: how many samples a frame has.
      frame_step: how far a frame begins after the one before it.
      fft_length: the length that frames are padded to; by default the next power of two.
      window_fn: called as `window_fn(frame_length, dtype=...)`, gives weights for a frame; None for none.
      pad_end: also begin frames that end beyond the signal.
      name: makes no difference.

    Returns:
      Complex, shape `[..., frames, fft_length // 2 + 1]`.

    Raises:
      ValueError: a scalar signal, or a length or step that is no scalar.
    """
    x = convert_to_tensor(signals)
    x.shape.with_rank_at_least(1)
    length, step = scalar(frame_length), scalar(frame_step)
    size = _enclosing_power_of_two(length) if fft_length is None else scalar(fft_length)
    frames = frame(x, length, step, pad_end)
    if window_fn is not None:
        frames = frames * window_fn(length, dtype=frames.dtype)
    return rfft(frames, [size])


def inverse_stft_window_fn(frame_step: Any, forward_window_fn: Window = hann_window, name: str | None = None) -> Window:
    """The window function with which `inverse_stft` undoes an `stft` with `forward_window_fn`.

    Its windows are those of the forward transform over the sum of their squares where they overlap (Griffin and Lim,
    "Signal estimation from modified short-time Fourier transform", 1984).

    Returns:
      A function `f(frame_length, dtype)`.
    """
    def window_fn(frame_length: Any, dtype: Any) -> Any:
        step, length = scalar(frame_step), scalar(frame_length)
        forward = forward_window_fn(length, dtype=dtype)
        count = -(-length // step)
        squares = reshape(pad(square(forward), [[0, count * step - length]]), [count, step])
        total = reshape(tile(reduce_sum(squares, 0, True), [count, 1]), [count * step])[:length]
        return select(total == 0.0, zeros_like(forward), forward / total)
    return window_fn


def inverse_stft(stfts: Any, frame_length: Any, frame_step: Any, fft_length: Any = None,
                 window_fn: Window | None = hann_window, name: str | None = None) -> Any:
    """The signal that short-time transforms add up to.

    Args:
      stfts: complex, shape `[..., frames, fft_length // 2 + 1]`.
      frame_length: as given to `stft`.
      frame_step: as given to `stft`.
      fft_length: as given to `stft`.
      window_fn: as in `stft`. The result is the signal again if it comes from `inverse_stft_window_fn`.
      name: makes no difference.

    Returns:
      Shape `[..., samples]`.

    Raises:
      ValueError: fewer than two axes, or a length or step that is no scalar.
    """
    x = convert_to_tensor(stfts)
    x.shape.with_rank_at_least(2)
    length, step = scalar(frame_length), scalar(frame_step)
    size = _enclosing_power_of_two(length) if fft_length is None else scalar(fft_length)
    frames = irfft(x, [size])
    real_size = size_along(frames, -1)
    if not isinstance(length, int) or not isinstance(real_size, int) or real_size != length:
        frames = _fitted(frames[..., :length], length)
    if window_fn is not None:
        frames = frames * window_fn(length, dtype=x.dtype.real_dtype)
    return overlap_and_add(frames, step)


def _fitted(x: Any, length: Any) -> Any:
    """Zeros at the end of the last axis up to a length."""

    return extended(x, length - size_along(x, -1), -1 if x.shape.rank is None else x.shape.rank - 1, 0)


def mdct(signals: Any, frame_length: Any, window_fn: Window | None = vorbis_window, pad_end: bool = False,
         norm: str | None = None, name: str | None = None) -> Any:
    """The modified discrete cosine transform of frames that overlap by half (Princen, Johnson and Bradley, 1987).

    Args:
      signals: float32 or float64, shape `[..., samples]`.
      frame_length: a multiple of 4.
      window_fn: as in `stft`; None stands for a constant window.
      pad_end: also begin a frame that ends beyond the signal.
      norm: "ortho" for orthonormal cosine transforms.
      name: makes no difference.

    Returns:
      Shape `[..., frames, frame_length // 2]`.

    Raises:
      ValueError: another frame length, or a scalar signal.
    """
    x = convert_to_tensor(signals)
    x.shape.with_rank_at_least(1)
    length = scalar(frame_length)
    if isinstance(length, int) and length % 4:
        raise ValueError("The frame length must be a multiple of 4.")
    frames = _windowed(frame(x, length, length // 2, pad_end), window_fn, length)
    a, b, c, d = split(frames, 4, axis=-1)
    return dct(concat([-reverse(c, [-1]) - d, a - reverse(b, [-1])], -1), type=4, norm=norm)


def _windowed(frames: Any, window_fn: Window | None, length: Any) -> Any:
    return frames * (1.0 / math.sqrt(2) if window_fn is None else window_fn(length, dtype=frames.dtype))


def inverse_mdct(mdcts: Any, window_fn: Window | None = vorbis_window, norm: str | None = None,
                 name: str | None = None) -> Any:
    """The signal with a given `mdct`, but for its first and last half frame.

    Args:
      mdcts: shape `[..., frames, frame_length // 2]`.
      window_fn: as given to `mdct`.
      norm: as given to `mdct`.
      name: makes no difference.

    Raises:
      ValueError: fewer than two axes, or a last axis whose size is not known.
    """
    x = convert_to_tensor(mdcts)
    x.shape.with_rank_at_least(2)
    half = x.shape.as_list()[-1] if x.shape.rank is not None else None
    if half is None:
        raise ValueError("None values not supported.")
    if norm not in (None, "ortho"):
        raise ValueError(f"Unknown normalization. Expected None or 'ortho', got: {norm}")
    values = dct(x, type=4, norm=norm)
    if norm is None:
        values = (0.5 / cast(half, x.dtype)) * values
    first, second = split(values, 2, axis=-1)
    frames = concat([second, -reverse(second, [-1]), -reverse(first, [-1]), -first], -1)
    return overlap_and_add(_windowed(frames, window_fn, 2 * half), half)


# The mel scale of pitch: O'Shaughnessy's formula, as the Hidden Markov Model Toolkit has it.

_BREAK_HERTZ = 700.0
_MEL_FACTOR = 1127.0


def _mel(hertz: Any) -> Any:
    return _MEL_FACTOR * log(1.0 + hertz / _BREAK_HERTZ)


def linear_to_mel_weight_matrix(num_mel_bins: int = 20, num_spectrogram_bins: Any = 129, sample_rate: Any = 8000,
                                lower_edge_hertz: float = 125.0, upper_edge_hertz: float = 3800.0,
                                dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """The matrix that sums a spectrogram up in triangular bands of equal width on the mel scale.

    Args:
      num_mel_bins: how many bands.
      num_spectrogram_bins: how many frequencies the spectrogram has, from zero to half the sample rate.
      sample_rate: samples a second.
      lower_edge_hertz: where the first band begins.
      upper_edge_hertz: where the last band ends.
      dtype: of the matrix, a floating-point one.
      name: of the node.

    Returns:
      Shape `[num_spectrogram_bins, num_mel_bins]`; multiply a spectrogram by it from the right.

    Raises:
      ValueError: an argument out of range.
    """
    kind = dtypes.as_dtype(dtype)
    known = static_value(sample_rate) if hasattr(sample_rate, "dtype") else sample_rate
    rate = sample_rate if known is None else known
    _check_mel(num_mel_bins, known, lower_edge_hertz, upper_edge_hertz, kind)
    zero = cast(0.0, kind)
    hertz = linspace(zero, cast(rate, kind) / 2.0, num_spectrogram_bins)[1:]
    bins = expand_dims(_mel(hertz), 1)
    edges = linspace(_mel(convert_to_tensor(lower_edge_hertz, kind)), _mel(convert_to_tensor(upper_edge_hertz, kind)),
                     num_mel_bins + 2)
    lower, center, upper = edges[None, :-2], edges[None, 1:-1], edges[None, 2:]
    rising, falling = (bins - lower) / (center - lower), (upper - bins) / (upper - center)
    return pad(maximum(zero, minimum(rising, falling)), [[1, 0], [0, 0]], name=name)


def _check_mel(bins: int, rate: Any, lower: float, upper: float, dtype: dtypes.DType) -> None:
    if bins <= 0:
        raise ValueError(f"num_mel_bins must be positive. Got: {bins}")
    if lower < 0.0:
        raise ValueError(f"lower_edge_hertz must be non-negative. Got: {lower}")
    if lower >= upper:
        raise ValueError(f"lower_edge_hertz {lower:.1f} >= upper_edge_hertz {upper:.1f}")
    if rate is not None:
        if rate <= 0.0:
            raise ValueError(f"sample_rate must be positive. Got: {rate}")
        if upper > rate / 2:
            raise ValueError("upper_edge_hertz must not be larger than the Nyquist frequency (sample_rate / 2). "
                             f"Got {upper} for sample_rate: {rate}")
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Got: {dtype!s}")


def mfccs_from_log_mel_spectrograms(log_mel_spectrograms: Any, name: str | None = None) -> Any:
    """The mel-frequency cepstral coefficients: the cosine transform of logarithms of mel spectrograms.

    Args:
      log_mel_spectrograms: shape `[..., num_mel_bins]`.
      name: makes no difference.

    Raises:
      ValueError: no mel bins.
    """
    x = convert_to_tensor(log_mel_spectrograms)
    bins = size_along(x, -1)
    if isinstance(bins, int) and bins == 0:
        raise ValueError(f"num_mel_bins must be positive. Got: {x!s}")
    out = dct(x, type=2)
    return out * rsqrt(cast(bins, out.dtype) * 2.0)
