"""tf.signal: Fourier and cosine transforms, frames, windows, spectrograms."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.cosine": "dct idct",
    "ops.fourier_calls": "fft fft2d fft3d fftnd fftshift ifft ifft2d ifft3d ifftnd ifftshift irfft irfft2d irfft3d "
        "irfftnd rfft rfft2d rfft3d rfftnd",
    "ops.framing": "frame overlap_and_add",
    "ops.signal_windows": "hamming_window hann_window kaiser_bessel_derived_window kaiser_window vorbis_window",
    "ops.time_frequency": "inverse_mdct inverse_stft inverse_stft_window_fn linear_to_mel_weight_matrix mdct "
        "mfccs_from_log_mel_spectrograms stft",
})
