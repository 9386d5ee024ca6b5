"""Spectrograms of sound, and the cepstral coefficients (MFCC) that speech recognition makes of them."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import errors
from ..core.opdef import op
from ..core.shape import TensorShape
from .common import shape_text

_FLOOR = 1e-12
"""The least energy of a channel, so that every one has a logarithm."""


def _spectrogram_shape(call: Any) -> Any:
    audio = call.inputs[0].shape
    size, stride = call.attrs["window_size"], call.attrs["stride"]
    if audio.rank not in (None, 2):
        raise ValueError(f"Shape must be rank 2 but is rank {audio.rank}")
    if size <= 1:
        raise ValueError(f"window size must be > 1, got {size}")
    if stride <= 0:
        raise ValueError(f"stride must be strictly positive, got {stride}")
    samples, channels = audio.as_list() if audio.rank is not None else (None, None)
    frames = None if samples is None else _frames(samples, size, stride)
    return TensorShape([channels, frames, _transform_size(size) // 2 + 1])


def _frames(samples: int, size: int, stride: int) -> int:
    """How many windows fit."""
    return 0 if samples < size else (samples - size) // stride + 1


def _transform_size(size: int) -> int:
    """The next power of two."""
    return 1 << (size - 1).bit_length()


@op("AudioSpectrogram", "input: float -> spectrogram: float",
    attrs="window_size: int; stride: int; magnitude_squared: bool = false", infer=_spectrogram_shape)
def audio_spectrogram(xp: Any, input: Any, window_size: int, stride: int, magnitude_squared: bool = False) -> Any:
    """Magnitudes `[channels, frames, frequencies]` of the transforms of overlapping windows (periodic Hann's)."""
    if input.ndim != 2:
        raise errors.InvalidArgumentError(f"input must be 2-dimensional{shape_text(input.shape)}")
    if window_size <= 1 or stride <= 0:
        raise errors.InvalidArgumentError(
            f"Spectrogram initialization failed for window size {window_size} and stride {stride}")
    samples, channels = input.shape
    frames, size = _frames(samples, window_size, stride), _transform_size(window_size)
    if not frames or not channels:
        return xp.zeros((channels, frames, size // 2 + 1), np.float32)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window_size) / window_size)
    places = np.arange(frames)[:, None] * stride + np.arange(window_size)
    cut = xp.take(input.T.astype(np.float64), places, axis=1) * window
    spectrum = xp.fft.rfft(cut, size, axis=-1)
    power = spectrum.real * spectrum.real + spectrum.imag * spectrum.imag
    return (power if magnitude_squared else xp.sqrt(power)).astype(np.float32)


def _mel(frequency: Any) -> Any:
    return 1127.0 * np.log1p(frequency / 700.0)


def _filters(bins: int, rate: int, lower: float, upper: float, channels: int) -> tuple[slice, Any]:
    """The bins that count, and the weight of each of them in each channel: triangles that overlap by half, on the mel scale."""
    width = 0.5 * rate / (bins - 1)
    used = slice(int(1.5 + lower / width), int(upper / width) + 1)
    centers = _mel(lower) + (_mel(upper) - _mel(lower)) / (channels + 1) * np.arange(channels + 2)
    mels = _mel(np.arange(bins)[used] * width)
    above = np.searchsorted(centers[1:-1], mels)  # the channel whose triangle rises at the bin; the one before it falls
    falling = (centers[above + 1] - mels) / (centers[above + 1] - centers[above])
    weights = np.zeros((len(mels), channels + 2))
    rows = np.arange(len(mels))
    weights[rows, above] = falling
    weights[rows, above + 1] = 1.0 - falling
    return used, weights[:, 1:-1]


def _mfcc_shape(call: Any) -> Any:
    spectrogram, rate = call.inputs[0].shape, call.inputs[1].shape
    if spectrogram.rank not in (None, 3):
        raise ValueError(f"Shape must be rank 3 but is rank {spectrogram.rank}")
    if rate.rank not in (None, 0):
        raise ValueError(f"Shape must be rank 0 but is rank {rate.rank}")
    front = spectrogram.as_list()[:2] if spectrogram.rank is not None else [None, None]
    return TensorShape([*front, call.attrs.get("dct_coefficient_count", 13)])


@op("Mfcc", "spectrogram: float, sample_rate: int32 static -> output: float",
    attrs="upper_frequency_limit: float = 4000; lower_frequency_limit: float = 20; filterbank_channel_count: int = 40; "
    "dct_coefficient_count: int = 13", infer=_mfcc_shape)
def mfcc(xp: Any, spectrogram: Any, sample_rate: Any, upper_frequency_limit: float = 4000.0,
         lower_frequency_limit: float = 20.0, filterbank_channel_count: int = 40, dct_coefficient_count: int = 13) -> Any:
    """The cosine transform of the logarithm of the energy in channels on the mel scale, of a spectrogram of squares."""
    if spectrogram.ndim != 3:
        raise errors.InvalidArgumentError(f"spectrogram must be 3-dimensional{shape_text(spectrogram.shape)}")
    if np.ndim(sample_rate):
        raise errors.InvalidArgumentError(
            f"Input sample_rate should be a scalar tensor, got {shape_text(np.shape(sample_rate))} instead.")
    rate, bins, channels = int(sample_rate), spectrogram.shape[2], filterbank_channel_count
    if not (bins > 1 and rate > 0 and 0 <= lower_frequency_limit < upper_frequency_limit
            and 0 < dct_coefficient_count <= channels):
        raise errors.InvalidArgumentError(f"Mfcc initialization failed for channel count {bins}, sample rate {rate} and "
                                          f"filterbank_channel_count {channels}")
    if upper_frequency_limit * (bins - 1) / (0.5 * rate) >= bins:
        # The channels reach beyond the spectrogram: TensorFlow says so in its log, and gives nothing.
        return xp.zeros((*spectrogram.shape[:2], dct_coefficient_count), np.float32)
    used, weights = _filters(bins, rate, lower_frequency_limit, upper_frequency_limit, channels)
    energy = xp.matmul(xp.sqrt(spectrogram[:, :, used].astype(np.float64)), weights)
    logs = xp.log(xp.where(energy < _FLOOR, _FLOOR, energy))
    angles = np.outer((np.arange(channels) + 0.5) * np.pi / channels, np.arange(dct_coefficient_count))
    return xp.matmul(logs, np.sqrt(2.0 / channels) * np.cos(angles)).astype(np.float32)
