"""Samples of Fourier and cosine transforms, frames, windows and spectrograms."""
from __future__ import annotations

import numpy as np

from . import BF, A, C, D, F, H, I, S, sample


def Z(*shape):
    """Normal complex128 values."""
    return lambda rng: rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


_DCT = (1e-5, 2e-6)
_WINDOW = (2e-5, 2e-6)


SAMPLES = [
    sample("FFT", lambda tf, x: tf.signal.fft(x), C(2, 8)),
    sample("FFT", lambda tf, x: tf.signal.fft(x), Z(7)),
    sample("FFT", lambda tf, x: tf.signal.fft(tf.complex(x, 2.0 * x)), D(3, 5)),
    sample("FFT", lambda tf, x: tf.signal.fft(x), C(0, 4)),
    sample("FFT", lambda tf, x: tf.signal.fft(x), C(2, 0)),
    sample("FFT", lambda tf, x: tf.signal.fft(x), A(np.array([1.0, np.nan, np.inf, 0.0], np.complex64)), grad=False),
    sample("IFFT", lambda tf, x: tf.signal.ifft(x), C(6)),
    sample("IFFT", lambda tf, x: tf.signal.ifft(tf.complex(x, x * x)), D(2, 3)),
    sample("FFT2D", lambda tf, x: tf.signal.fft2d(x), C(2, 3, 4)),
    sample("IFFT2D", lambda tf, x: tf.signal.ifft2d(tf.complex(x, 1.0 - x)), D(3, 4)),
    sample("FFT3D", lambda tf, x: tf.signal.fft3d(tf.complex(x, 1.0 - x)), D(2, 3, 4)),
    sample("IFFT3D", lambda tf, x: tf.signal.ifft3d(x), C(2, 2, 3)),
    sample("RFFT", lambda tf, x: tf.signal.rfft(x), F(2, 9)),
    sample("RFFT", lambda tf, x: tf.signal.rfft(x), D(2, 8)),
    sample("RFFT", lambda tf, x: tf.signal.rfft(x, fft_length=[12]), F(7)),
    sample("RFFT", lambda tf, x: tf.signal.rfft(x, fft_length=[4]), F(2, 7), grad=False),
    sample("RFFT", lambda tf, x: tf.signal.rfft(x), F(0, 4), grad=False),
    sample("RFFT", lambda tf, x: tf.signal.rfft(x), F(2, 0), grad=False),
    sample("RFFT", lambda tf, x: tf.raw_ops.RFFT(input=x, fft_length=[5], Tcomplex=tf.complex128), D(5)),
    sample("IRFFT", lambda tf, x: tf.signal.irfft(x), C(2, 5)),
    sample("IRFFT", lambda tf, x: tf.signal.irfft(x, fft_length=[7]), C(4)),
    sample("IRFFT", lambda tf, x: tf.signal.irfft(tf.complex(x, x * x), [10]), D(3, 4)),
    sample("IRFFT", lambda tf, x: tf.signal.irfft(x, [4]), C(2, 5), grad=False),
    sample("RFFT2D", lambda tf, x: tf.signal.rfft2d(x), F(4, 5)),
    sample("RFFT2D", lambda tf, x: tf.signal.rfft2d(x, [4, 8]), D(2, 3, 6)),
    sample("IRFFT2D", lambda tf, x: tf.signal.irfft2d(x), C(4, 3)),
    sample("IRFFT2D", lambda tf, x: tf.signal.irfft2d(tf.complex(x, x * x), [4, 5]), D(2, 4, 3)),
    sample("RFFT3D", lambda tf, x: tf.signal.rfft3d(x), F(2, 3, 4), grad=False, note="TensorFlow has no gradient"),
    sample("IRFFT3D", lambda tf, x: tf.signal.irfft3d(x), C(2, 3, 4), grad=False, note="TensorFlow has no gradient"),
    # TensorFlow registers no kernels for these on the CPU.
    sample("FFTND", lambda tf, x: tf.signal.fftnd(x, [3, 2], axes=[0, 2]), C(3, 2, 4), compare=False),
    sample("IFFTND", lambda tf, x: tf.signal.ifftnd(x), C(2, 3), compare=False),
    sample("RFFTND", lambda tf, x: tf.signal.rfftnd(x, [4, 5], axes=[2, 0]), F(3, 2, 4), compare=False),
    sample("IRFFTND", lambda tf, x: tf.signal.irfftnd(x, [3, 6], axes=[1, 0]), C(4, 3), compare=False),
    sample("Roll", lambda tf, x: tf.signal.fftshift(x), F(2, 5)),
    sample("Roll", lambda tf, x: tf.signal.fftshift(x, axes=(0, -1)), C(3, 2, 5)),
    sample("Roll", lambda tf, x: tf.signal.ifftshift(x, axes=1), I(0, 9, 2, 5)),
    sample("Roll", lambda tf, x: tf.signal.ifftshift(x), F(0, 3)),
    sample("RFFT", lambda tf, x: tf.signal.dct(x, type=1), F(2, 5), tol=_DCT),
    sample("RFFT", lambda tf, x: tf.signal.dct(x), D(2, 6)),
    sample("RFFT", lambda tf, x: tf.signal.dct(x, norm="ortho"), F(6), tol=_DCT),
    sample("RFFT", lambda tf, x: tf.signal.dct(x, n=4), D(2, 6)),
    sample("RFFT", lambda tf, x: tf.signal.dct(x, n=8, norm="ortho"), D(6)),
    sample("IRFFT", lambda tf, x: tf.signal.dct(x, type=3), D(5)),
    sample("IRFFT", lambda tf, x: tf.signal.dct(x, type=3, norm="ortho"), F(2, 5), tol=_DCT),
    sample("RFFT", lambda tf, x: tf.signal.dct(x, type=4), F(2, 4), tol=_DCT),
    sample("RFFT", lambda tf, x: tf.signal.dct(x, type=4, norm="ortho"), D(3)),
    sample("IRFFT", lambda tf, x: tf.signal.idct(x), D(2, 4)),
    sample("RFFT", lambda tf, x: tf.signal.idct(x, type=3, norm="ortho"), D(2, 4)),
    sample("RFFT", lambda tf, x: tf.signal.idct(x, type=1), D(4)),
    sample("RFFT2D", lambda tf, x: tf.signal.rfft2d(x), F(0, 4), grad=False),
    sample("BesselI0e", lambda tf, x: [tf.signal.kaiser_window(n, beta=5.0) + x for n in (1, 2, 7, 8)], F(1), tol=_WINDOW),
    sample("BesselI0e", lambda tf, b: tf.signal.kaiser_window(6, b, tf.float64), A(3.0, np.float64), tol=_WINDOW,
           grad=False),
    sample("Cumsum", lambda tf, x: tf.signal.kaiser_bessel_derived_window(8) + x, F(1), tol=_WINDOW),
    sample("Sin", lambda tf, x: [tf.signal.vorbis_window(n) + x for n in (1, 6, 7)], F(1)),
    sample("Cos", lambda tf, x: [tf.signal.hann_window(n, p) + x for n in (1, 2, 7, 8) for p in (True, False)], F(1)),
    sample("Cos", lambda tf, n: [tf.signal.hann_window(n), tf.signal.hamming_window(n, dtype=tf.float64)], A(6)),
    sample("Cos", lambda tf, x: tf.signal.hamming_window(9, periodic=False, dtype=tf.float64) + x, D(1)),
    sample("Cos", lambda tf, x: tf.signal.hann_window(5, dtype=tf.float16) + x, H(1), tol=(2e-3, 2e-3)),
    sample("Cos", lambda tf, x: tf.signal.hann_window(6, dtype=tf.bfloat16) + x, BF(1), tol=(2e-2, 2e-2)),
    sample("GatherV2", lambda tf, x: tf.signal.frame(x, 4, 2), F(2, 11)),
    sample("GatherV2", lambda tf, x: tf.signal.frame(x, 4, 3, pad_end=True, pad_value=1.0), F(11)),
    sample("GatherV2", lambda tf, x: tf.signal.frame(x, 2, 3, axis=0), F(7, 2)),
    sample("GatherV2", lambda tf, x: tf.signal.frame(x, 3, 1, pad_end=True, axis=1), I(0, 9, 2, 4, 3)),
    sample("GatherV2", lambda tf, x: tf.signal.frame(x, 5, 1), F(2, 3)),
    sample("GatherV2", lambda tf, x: tf.signal.frame(x, 2, 1), F(0, 5)),
    sample("GatherV2", lambda tf, x: tf.signal.frame(x, 2, 1), S("a", "b", "c")),
    sample("Sum", lambda tf, x: tf.signal.overlap_and_add(x, 2), F(2, 4, 5)),
    sample("Sum", lambda tf, x: tf.signal.overlap_and_add(x, 3), D(4, 3)),
    sample("Sum", lambda tf, x: tf.signal.overlap_and_add(x, 4), F(3, 2)),
    sample("Sum", lambda tf, x: tf.signal.overlap_and_add(x, 1), I(0, 9, 2, 3)),
    sample("Sum", lambda tf, x: tf.signal.overlap_and_add(x, 2), F(0, 3, 4)),
    sample("RFFT", lambda tf, x: tf.signal.stft(x, 8, 4), F(24)),
    sample("RFFT", lambda tf, x: tf.signal.stft(x, 6, 3, fft_length=8, window_fn=None), D(2, 15)),
    sample("RFFT", lambda tf, x: tf.signal.stft(x, 5, 3, pad_end=True, window_fn=tf.signal.hamming_window), D(13)),
    sample("RFFT", lambda tf, x: tf.signal.stft(x, 8, 4), F(3), grad=False),
    sample("IRFFT", lambda tf, x: tf.signal.inverse_stft(x, 8, 4), C(4, 5)),
    sample("IRFFT", lambda tf, x: tf.signal.inverse_stft(x, 6, 3), C(2, 3, 5)),
    sample("IRFFT", lambda tf, x: tf.signal.inverse_stft(x, 10, 5, fft_length=8, window_fn=None), C(3, 5)),
    sample("RFFT IRFFT", lambda tf, x: tf.signal.inverse_stft(
        tf.signal.stft(x, 8, 4), 8, 4, window_fn=tf.signal.inverse_stft_window_fn(4)), D(20)),
    sample("Sum", lambda tf, x: tf.signal.inverse_stft_window_fn(3)(8, tf.float32) + x, F(1)),
    sample("RFFT", lambda tf, x: tf.signal.mdct(x, 8), D(24)),
    sample("RFFT", lambda tf, x: tf.signal.mdct(x, 4, window_fn=None, pad_end=True, norm="ortho"), F(2, 9), tol=_DCT),
    sample("RFFT", lambda tf, x: tf.signal.inverse_mdct(x), D(4, 4)),
    sample("RFFT", lambda tf, x: tf.signal.inverse_mdct(
        x, window_fn=tf.signal.kaiser_bessel_derived_window, norm="ortho"), F(2, 3, 4), tol=_WINDOW),
    sample("RFFT", lambda tf, x: tf.signal.inverse_mdct(x, window_fn=None), F(3, 2), tol=_DCT),
    sample("LinSpace", lambda tf, x: tf.signal.linear_to_mel_weight_matrix(6, 9, 8000, 100.0, 3800.0) + x, F(1),
           tol=(1e-4, 1e-4)),
    sample("LinSpace", lambda tf, r: tf.signal.linear_to_mel_weight_matrix(sample_rate=r, dtype=tf.float64), A(16000)),
    sample("RFFT", lambda tf, x: tf.signal.mfccs_from_log_mel_spectrograms(x), F(2, 6), tol=_DCT),
]
