"""Samples of spectrograms of sound and their cepstral coefficients."""
from __future__ import annotations

from . import A, F, P, sample


def _spectrogram(**attrs):
    return lambda tf, x: tf.raw_ops.AudioSpectrogram(input=x, **attrs)


def _mfcc(rate=8000, **attrs):
    return lambda tf, x: tf.raw_ops.Mfcc(spectrogram=x, sample_rate=rate, **attrs)


SAMPLES = [
    *(sample("AudioSpectrogram", _spectrogram(**attrs), x, grad=False) for x, attrs in (
        (F(60, 2), {"window_size": 16, "stride": 4}),
        (F(61, 1), {"window_size": 10, "stride": 7, "magnitude_squared": True}),
        (F(9, 3), {"window_size": 2, "stride": 1}), (F(5, 1), {"window_size": 5, "stride": 9, "magnitude_squared": True}),
        (F(3, 2), {"window_size": 4, "stride": 1}), (F(0, 2), {"window_size": 4, "stride": 1}),
        (F(8, 0), {"window_size": 4, "stride": 1}),
        (A([[0.5], [float("nan")], [float("inf")]]), {"window_size": 3, "stride": 3}))),
    *(sample("Mfcc", _mfcc(**attrs), x, grad=False) for x, attrs in (
        (P(2, 3, 129), {}), (P(1, 2, 65), {"rate": 16000, "dct_coefficient_count": 40}),
        (P(1, 2, 33), {"upper_frequency_limit": 3000.0, "lower_frequency_limit": 0.0, "filterbank_channel_count": 6,
                       "dct_coefficient_count": 4}),
        (P(2, 1, 17), {"upper_frequency_limit": 1e6, "filterbank_channel_count": 5, "dct_coefficient_count": 5}),
        (P(1, 1, 2), {"filterbank_channel_count": 1, "dct_coefficient_count": 1}),
        (P(1, 2, 9), {"lower_frequency_limit": 3900.0, "filterbank_channel_count": 3, "dct_coefficient_count": 2}),
        (A([[[-1.0, 4.0, 0.0, 1e-30, 1e30]]]), {}), (P(2, 0, 9), {}), (P(0, 2, 9), {}))),
    sample("Mfcc AudioSpectrogram", lambda tf, x: tf.raw_ops.Mfcc(
        spectrogram=tf.raw_ops.AudioSpectrogram(input=x, window_size=64, stride=32, magnitude_squared=True),
        sample_rate=tf.constant(8000)), F(200, 1), grad=False),
]
