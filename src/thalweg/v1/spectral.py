"""tf.spectral: what is in tf.signal today."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.cosine": "dct idct",
    "ops.fourier_calls": "fft fft2d fft3d ifft ifft2d ifft3d irfft irfft2d irfft3d rfft rfft2d rfft3d",
})
